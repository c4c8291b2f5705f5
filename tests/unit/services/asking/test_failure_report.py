from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forgeapp import __version__
from forgeapp.domain.document import Document, Heading, ListBlock, Paragraph, Quote, TableBlock, plain_text, walk
from forgeapp.domain.events import PassedOver, Report
from forgeapp.domain.usage import Usage, UsageSource
from forgeapp.errors import (
    BudgetExceeded,
    ContextTooLong,
    ForgeError,
    KeyMissing,
    KeyRejected,
    NoProvider,
    ProviderFailed,
    ProviderLeftOut,
    ProviderTimeout,
    ProviderUnreachable,
    QuotaExhausted,
    RateLimited,
    TargetNotWritable,
    WorkerFailed,
)
from forgeapp.ledger import Ledger
from forgeapp.ledger.calls import CallRow, CallStatus
from forgeapp.ledger.providers import ModelRow, ProviderRow
from forgeapp.reading.markdown import parse
from forgeapp.services.asking.failure_report import FailureReports, report_document, report_name
from forgeapp.services.exporting.exports import Exports
from forgeapp.services.workers import Limits, Workers
from tests.pace import assert_linear, repeated

STARTED = datetime(2026, 11, 21, 10, 41, 30, tzinfo=UTC)
LIMITS = Limits(600, 60.0)


def call(
    provider: str = "acme",
    model: str = "small",
    attempt: int = 1,
    error: ForgeError | None = None,
    cost: int | None = 0,
    message: str | None = None,
    tokens: tuple[int, int] = (1_200, 0),
) -> CallRow:
    error = error or ProviderFailed(provider=provider, status=500)
    return CallRow(
        id=attempt,
        provider=provider,
        model=model,
        status=CallStatus.FAILED,
        error=error.key,
        attempt=attempt,
        usage=Usage(*tokens, source=UsageSource.REPORTED),
        cost_nano_usd=cost,
        duration_ms=1_840,
        started_at="2026-11-21T10:41:31.123Z",
        error_message=error.message if message is None else message,
    )


class Rig:
    """Reports of one ledger; no PDF unless `write_pdf` makes one."""

    def __init__(self, ledger: Ledger, folder: Path, *, with_pdf: bool = False) -> None:
        self.ledger = ledger
        workers = Workers()
        exports = Exports(ledger, workers, LIMITS, LIMITS)
        self.reports = FailureReports(ledger, exports.write_document if with_pdf else _no_pdf, folder)
        self.report: Report

    def make(
        self,
        calls: Sequence[CallRow] = (),
        error: ForgeError | None = None,
        task: str = "a budget for the choir",
        passed_over: Sequence[PassedOver] = (),
        errors: Sequence[ForgeError] = (),
    ) -> str:
        error = error or ProviderFailed(provider="acme", status=500)
        self.report = self.reports.make(task, calls, passed_over, None, None, error, STARTED, 40_000, errors)
        return self.report.markdown.read_text("utf-8")


@pytest.fixture
def rig(ledger: Ledger, tmp_path: Path) -> Rig:
    return Rig(ledger, tmp_path / "reports")


def _no_pdf(_document: Document, _target: Path) -> None:
    raise WorkerFailed(task="export", reason="none in this test")


def section(text: str, heading: str) -> str:
    return text.partition(f"## {heading}\n")[2].partition("\n## ")[0].strip()


def headings(text: str) -> list[str]:
    return [plain_text(block.inlines) for block in walk(parse(text)) if isinstance(block, Heading)]


def rows_of(text: str, table: int) -> list[list[str]]:
    tables = [block for block in walk(parse(text)) if isinstance(block, TableBlock)]
    return [[plain_text(cell) for cell in row] for row in tables[table].rows]


def test_a_report_tells_what_was_tried_when_and_for_how_much(rig: Rig) -> None:
    calls = [
        call(attempt=1, cost=3_000_000),
        call(attempt=2, cost=None, tokens=(1_200, 40)),
        call("other", "large", error=ProviderTimeout(provider="other"), cost=1_000_000),
    ]
    text = rig.make(calls, ProviderTimeout(provider="other"))
    assert text.startswith("# Failure report FR-000001\n")
    facts = dict(rows_of(text, 0))
    assert facts["Date"] == "2026-11-21 10:41:30 UTC"
    assert facts["Program"] == f"ForgeApp {__version__}"
    assert facts["Attempts"] == "3 at 2 providers"
    assert facts["Time"] == "40.0 s"
    assert facts["Tokens"] == "3,600 in, 40 out"
    assert facts["Cost"] == "unknown; $ 0.0040 for 2 of 3 attempts"
    assert section(text, "The task") == "> a budget for the choir"
    attempts = rows_of(text, 1)
    assert attempts[1][:4] == ["10:41:31", "acme/small", "2", "1.8 s"]
    assert attempts[1][4:] == ["acme has a problem of its own (status 500).", "1,200 / 40", "unknown"]
    assert [row[1] for row in attempts] == ["acme/small", "acme/small", "other/large"]


def test_a_report_is_kept_and_has_the_number_the_ledger_gave(rig: Rig, ledger: Ledger) -> None:
    first, second = rig.make([call()]), rig.make([call()])
    assert second.startswith("# Failure report FR-000002\n")
    assert rig.report.id == 2
    assert rig.report.markdown.name == "FR-000002.md"
    kept = ledger.reports.get(1)
    assert report_document(1, kept.markdown).markdown == first
    assert kept.task == "a budget for the choir"
    assert report_name(12) == "FR-000012"


def test_a_report_reads_back_from_its_pdf(ledger: Ledger, tmp_path: Path) -> None:
    import pypdfium2

    rig = Rig(ledger, tmp_path / "reports", with_pdf=True)
    rig.make([call(error=KeyRejected(provider="acme", status=401))], KeyRejected(provider="acme", status=401))
    assert rig.report.pdf == tmp_path / "reports" / "FR-000001.pdf"
    pdf = pypdfium2.PdfDocument(rig.report.pdf)
    try:
        text = " ".join("".join(page.get_textpage().get_text_range() for page in pdf).split())
    finally:
        pdf.close()
    for words in ("Failure report FR-000001", "a budget for the choir", "rejected the key", "forgeapp keys set NAME"):
        assert words in text


def test_a_report_of_sixty_attempts_has_them_all_in_markdown_and_pdf(ledger: Ledger, tmp_path: Path) -> None:
    import pypdfium2

    rig = Rig(ledger, tmp_path / "reports", with_pdf=True)
    text = rig.make([call(f"provider-{number // 3}", attempt=number % 3 + 1) for number in range(60)])
    assert len(rows_of(text, 1)) == 60
    assert dict(rows_of(text, 0))["Attempts"] == "60 at 20 providers"
    assert rig.report.pdf is not None
    pdf = pypdfium2.PdfDocument(rig.report.pdf)
    try:
        pages = [" ".join(page.get_textpage().get_text_range().split()) for page in pdf]
    finally:
        pdf.close()
    assert len(pages) > 1
    assert "Provider/model" in pages[1]


def test_the_markdown_stands_where_the_pdf_fails(rig: Rig) -> None:
    assert rig.make([call()])
    assert rig.report.pdf is None


def test_a_folder_that_cannot_be_written_is_told(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("a file")
    with pytest.raises(TargetNotWritable):
        Rig(ledger, tmp_path / "reports").make([call()])


HOSTILE = (
    "# Heading\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n<script>alert(1)</script> <b>x</b> ![p](http://x/p.png)\n"
    "[link](javascript:alert(1))\r\n> quote\n```\nfence\n```\n1. one\n- two\n***\n---\n\\ ` * _ ~ $x$ [^1] &amp;\n"
    "\x1b[31mred\x00 \u202ereversed\u202c \ud800 end\u2028here\n[^1]: note\n    code\n=====\nterm | pipe"
)


def test_a_hostile_task_or_error_adds_no_structure(rig: Rig) -> None:
    plain = rig.make([call(message="text")], task="text")
    text = rig.make(
        [call(HOSTILE[:40], HOSTILE[40:100], message=HOSTILE)],
        task=HOSTILE,
        passed_over=[PassedOver("other", HOSTILE, ProviderLeftOut(provider="x", wait="1 s", cause=HOSTILE))],
    )
    expected = headings(plain)[1:]
    expected.insert(expected.index("What to do"), "Not asked")
    assert headings(text)[1:] == expected
    kinds = {type(block) for block in walk(parse(text))}
    assert kinds == {Heading, Paragraph, Quote, ListBlock, TableBlock}
    assert all(len(row) == 7 for row in rows_of(text, 1))
    assert "javascript:alert(1)" in section(text, "The task")
    assert not re.search("[\x00-\x09\x0b-\x1f\u2028\u202e]", text)


def test_a_hostile_report_still_becomes_a_pdf(ledger: Ledger, tmp_path: Path) -> None:
    rig = Rig(ledger, tmp_path / "reports", with_pdf=True)
    rig.make([call(message=HOSTILE)], task=HOSTILE + "漢字 שלום \U0001f389")
    assert rig.report.pdf is not None


@pytest.mark.parametrize("piece", ["x", "|", "\n", "`", "word ", "\\*", "<!--", "[", "sk-"])
def test_long_texts_are_cut_and_take_linear_time(rig: Rig, piece: str) -> None:
    def check(long: str) -> None:
        assert len(rig.make([call(message=long)], task=long)) < 12_000

    assert_linear(check, repeated(piece), 100_000)


def test_a_task_of_many_lines_is_cut_and_says_so(rig: Rig) -> None:
    text = rig.make(task="\n".join(f"line {number}" for number in range(100)))
    assert "line 39" in text
    assert "line 40" not in text
    assert "... and 60 more lines" in text


KEY = "sk-proj-Abc123_def456-ghi789*jkl"


@pytest.mark.security
def test_no_key_stands_in_a_report(rig: Rig, ledger: Ledger) -> None:
    at_the_cut = "x" * 1_990 + " " + KEY
    text = rig.make(
        [call(message=f"Incorrect key {KEY}"), call(message="y" * 230 + " " + KEY)],
        ProviderFailed(provider="acme", status=f"500 Bearer {KEY}"),
        task=f"use {KEY} {at_the_cut}",
        passed_over=[PassedOver("acme", "m", ProviderLeftOut(provider="acme", wait="1 s", cause=f"?key={KEY}"))],
    )
    everything = text + ledger.reports.get(rig.report.id).task
    bare = everything.replace("\\", "")
    for part in (KEY, KEY[3:], "Abc123", "proj-A", "ghi789"):
        assert part not in bare
    assert "hidden" in text


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (KeyRejected(provider="acme", status=401), "No provider accepted its key."),
        (RateLimited(provider="acme"), "Everybody was asked too often"),
        (ProviderUnreachable(provider="acme", url="http://x", detail="d"), "HTTPS_PROXY"),
        (QuotaExhausted(provider="acme"), "no credit left"),
        (ProviderTimeout(provider="acme"), "Nobody answered in time."),
        (ProviderFailed(provider="acme", status=500), "problems of their own"),
        (ContextTooLong(provider="acme", model="small"), "Shorten it or attach less."),
    ],
)
def test_what_to_do_follows_from_what_failed_everywhere(rig: Rig, error: ForgeError, advice: str) -> None:
    text = rig.make([call(error=error), call("other", error=error)], error)
    assert advice in section(text, "What to do").replace("\\", "")


def test_after_rate_limits_the_report_says_when_to_try_again(rig: Rig) -> None:
    errors = [RateLimited(provider="acme", retry_after_s=90), RateLimited(provider="other", retry_after_s=20)]
    text = rig.make([call(error=errors[0]), call("other", error=errors[1])], errors[1], errors=errors)
    assert "again after 10:42:30 UTC" in text


def test_a_request_that_is_too_long_names_the_models_that_hold_more(
    rig: Rig, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = (
        ModelRow("small", context_tokens=8_000),
        ModelRow("huge", context_tokens=1_000_000),
        ModelRow("large", context_tokens=200_000),
        ModelRow("off", context_tokens=300_000, is_enabled=False),
        ModelRow("unknown"),
    )
    row = ProviderRow(1, "acme", "openai-chat", "http://x", None, "none", True, 0, models)
    monkeypatch.setattr(ledger.providers, "all", lambda: [row])
    error = ContextTooLong(provider="acme", model="small")
    text = rig.make([call(error=error, tokens=(9_000, 0))], error)
    assert "holds more: acme/large, acme/huge." in text


def test_a_mixture_is_told_cause_by_cause(rig: Rig) -> None:
    unreachable = ProviderUnreachable(provider="local", url="http://127.0.0.1:1", detail="refused")
    text = rig.make(
        [
            call(error=RateLimited(provider="acme")),
            call(error=KeyRejected(provider="acme", status=401)),
            call("local", "tiny", error=unreachable),
        ],
        unreachable,
        passed_over=[
            PassedOver("third", "big", BudgetExceeded(budget="The budget", left="0", amount="1", most="2")),
            PassedOver("third", "big", BudgetExceeded(budget="The budget", left="0", amount="1", most="2")),
            PassedOver("fourth", "f", KeyMissing(provider="fourth", variable="X")),
        ],
    )
    advice = section(text, "What to do")
    assert "acme/small, fourth/f: set a valid key" in advice
    assert "local/tiny: not reached" in advice
    assert "third/big: the budget" in advice
    assert "asked too often" not in advice
    assert [row[0] for row in rows_of(text, 2)] == ["third/big", "fourth/f"]


def test_with_nothing_set_up_the_report_says_how_to_set_something_up(rig: Rig) -> None:
    text = rig.make([], NoProvider())
    assert "Nobody could be asked." in text
    assert dict(rows_of(text, 0))["Attempts"] == "none"
    assert dict(rows_of(text, 0))["Cost"] == "$ 0.00"
    assert "No provider is set up" in section(text, "What to do")


@pytest.mark.parametrize("error", [KeyRejected(provider="acme", status=401), ProviderTimeout(provider="acme")])
def test_the_message_for_a_client_is_polite_and_names_nothing_technical(rig: Rig, error: ForgeError) -> None:
    text = section(rig.make([call(error=error)], error), "A message you can send")
    assert "> Hello," in text
    assert "> Kind regards" in text
    quoted = " ".join(line[1:] for line in text.splitlines() if line.startswith(">"))
    for word in ("acme", "API", "key", "token", "provider", "model", "timeout", "status", "error", "HTTP", "ForgeApp"):
        assert not re.search(rf"(?i)\b{word}", quoted)
    assert not re.search(r"\d", quoted)


def test_a_cancelled_attempt_is_told_as_such(rig: Rig) -> None:
    stopped = replace(call(), status=CallStatus.CANCELLED, error=None, error_message=None)
    assert rows_of(rig.make([stopped]), 1)[0][4] == "cancelled"
