"""What is written down of a turn that nobody answered: a Markdown and a PDF file, for the user and for his client.

The task, names of models and the words of servers are untrusted: they go in as runs of text, which the Markdown writer
escapes, cut to a length, without keys.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from forgeapp import __version__
from forgeapp.domain.document import (
    Block,
    Document,
    Heading,
    Inline,
    LineBreak,
    ListBlock,
    ListItem,
    Paragraph,
    Quote,
    Run,
    TableBlock,
)
from forgeapp.domain.events import PassedOver, Report
from forgeapp.domain.money import usd_text
from forgeapp.domain.secret import redact
from forgeapp.domain.text import without_surrogates
from forgeapp.domain.usage import UsageSource
from forgeapp.errors import ContextTooLong, ForgeError, ProviderError, TargetNotWritable
from forgeapp.ledger import Ledger
from forgeapp.ledger.calls import CallRow, total_cost
from forgeapp.services.asking.failure_advice import passes_by_itself, recommendations

WritePdf = Callable[[Document, Path], object]
"""Writes and verifies the PDF of a document. Raises a ForgeError."""

_MAX_TASK_CHARS = 2_000
_MAX_TASK_LINES = 40
_MAX_ERROR_CHARS = 240
_MAX_NAME_CHARS = 80
_MAX_ROWS = 500
_MOST_LARGER = 5
_PADDING_CHARS = 1_000
"""Read beyond what is shown, so that no key is cut before it is recognised."""
_LINE_ENDS = re.compile(r"\r\n?|[\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_COLUMNS: Final = ("Time (UTC)", "Provider/model", "Attempt", "Took", "Error", "Tokens in/out", "Cost")
_ALIGNMENTS: Final = ("left", "left", "right", "right", "left", "right", "right")

_TO_CLIENT_PASSES: Final = (
    "Thank you for your patience. What you asked for is not finished yet: a service that our work depends on is not "
    "available at the moment.",
    "Nothing of what you sent is lost. We will go on as soon as the service is back, and will come back to you when "
    "the result is ready.",
)
_TO_CLIENT: Final = (
    "Thank you for your patience. What you asked for is not finished yet, because of a problem on our side that we "
    "have to solve first.",
    "Nothing of what you sent is lost. We will come back to you when the result is ready.",
)


class FailureReports:
    """Kept in the ledger, and as files in `folder`."""

    def __init__(self, ledger: Ledger, write_pdf: WritePdf, folder: Path) -> None:
        self._ledger = ledger
        self._write_pdf = write_pdf
        self._folder = folder

    def make(
        self,
        task: str,
        calls: Sequence[CallRow],
        passed_over: Sequence[PassedOver],
        conversation: int | None,
        message: int | None,
        error: ForgeError,
        started_at: datetime,
        elapsed_ms: int,
        errors: Sequence[ForgeError] = (),
    ) -> Report:
        """Writes the report of one turn; where the PDF fails, the Markdown stands alone.

        `errors`: those of single attempts, which say how long to wait. Raises StorageError.
        """
        blocks: list[Block] = [
            *_summary(calls, error, started_at, elapsed_ms),
            *_task(task),
            *_attempts(calls),
            *_not_asked(passed_over),
            *self._advice(calls, passed_over, [*errors, error], started_at + timedelta(milliseconds=elapsed_ms)),
        ]
        markdown = _markdown(blocks)
        number = self._ledger.reports.add(conversation, message, _cut(task, _MAX_TASK_CHARS), markdown)
        document = report_document(number, markdown)
        target = self._folder / f"{report_name(number)}.md"
        _write(target, document.markdown)
        pdf: Path | None = target.with_suffix(".pdf")
        try:
            self._write_pdf(document, target.with_suffix(".pdf"))
        except ForgeError:
            pdf = None
        return Report(number, target, pdf)

    def _advice(
        self, calls: Sequence[CallRow], passed_over: Sequence[PassedOver], errors: Sequence[ForgeError], ended: datetime
    ) -> Iterator[Block]:
        causes = _causes(calls, passed_over, errors[-1])
        larger = self._larger_models(calls) if ContextTooLong.key in causes else []
        waits = [e.retry_after_s for e in errors if isinstance(e, ProviderError) and e.retry_after_s is not None]
        when = _clock(ended + timedelta(seconds=min(waits))) if waits else ""
        yield _heading("What to do")
        yield _list(recommendations(causes, when, larger))
        yield _heading("A message you can send")
        yield _paragraph("In plain words, for a client who is waiting:")
        words = _TO_CLIENT_PASSES if passes_by_itself(causes) else _TO_CLIENT
        yield Quote(tuple(_paragraph(part) for part in ("Hello,", *words, "Kind regards")))

    def _larger_models(self, calls: Sequence[CallRow]) -> list[str]:
        """Models in use that hold more than those which said the request is too long, the smallest of them first."""
        refused = {(call.provider, call.model) for call in calls if call.error == ContextTooLong.key}
        rows = [(row, model) for row in self._ledger.providers.all() if row.is_enabled for model in row.models]
        needed = max((m.context_tokens or 0 for row, m in rows if (row.name, m.name) in refused), default=0)
        needed = max([needed, *(call.usage.input_tokens for call in calls)])
        fitting = [
            (model.context_tokens, f"{row.name}/{model.name}")
            for row, model in rows
            if model.is_usable and model.context_tokens is not None and model.context_tokens > needed
        ]
        return [_cut(name, _MAX_NAME_CHARS) for _, name in sorted(fitting)[:_MOST_LARGER]]


def report_name(number: int) -> str:
    """'FR-000012'."""
    return f"FR-{number:06d}"


def report_document(number: int, markdown: str) -> Document:
    """The whole report, of which the ledger keeps everything but the number that it gives."""
    title = f"Failure report {report_name(number)}"
    return Document(title, f"# {title}\n\n{markdown}\n")


def _summary(calls: Sequence[CallRow], error: ForgeError, started_at: datetime, elapsed_ms: int) -> Iterator[Block]:
    yield _paragraph(f"Nobody answered this request. {_cut(error.message, _MAX_ERROR_CHARS)}")
    usage = [call.usage for call in calls]
    estimated = " (in part estimated)" if any(one.source is UsageSource.ESTIMATED for one in usage) else ""
    tokens = f"{sum(one.input_tokens for one in usage):,} in, {sum(one.output_tokens for one in usage):,} out"
    facts = (
        ("Date", f"{started_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"),
        ("Program", f"ForgeApp {__version__}"),
        ("Attempts", _attempted(calls)),
        ("Time", _duration(elapsed_ms)),
        ("Tokens", tokens + estimated),
        ("Cost", _cost(calls)),
    )
    yield _table(("", "Total"), facts, ("left", "left"))


def _attempted(calls: Sequence[CallRow]) -> str:
    providers = len({call.provider for call in calls})
    return f"{len(calls)} at {providers} provider{'' if providers == 1 else 's'}" if calls else "none"


def _cost(calls: Sequence[CallRow]) -> str:
    total = total_cost(calls)
    known = [call.cost_nano_usd for call in calls if call.cost_nano_usd is not None]
    if total is not None or not known:
        return usd_text(total)
    return f"unknown; {usd_text(sum(known))} for {len(known)} of {len(calls)} attempts"


def _task(task: str) -> Iterator[Block]:
    yield _heading("The task")
    lines = [_one_line(line) for line in _LINE_ENDS.split(_cut(task, _MAX_TASK_CHARS))]
    lines = [line for line in lines if line]
    more = len(lines) - _MAX_TASK_LINES
    lines[_MAX_TASK_LINES:] = [f"... and {more} more lines"] if more > 0 else []
    inlines: list[Inline] = []
    for line in lines or ["(empty)"]:
        inlines += [Run(line), LineBreak()]
    yield Quote((Paragraph(tuple(inlines[:-1])),))


def _attempts(calls: Sequence[CallRow]) -> Iterator[Block]:
    yield _heading("Every attempt")
    if not calls:
        yield _paragraph("Nobody could be asked.")
        return
    rows = [
        (
            _stored_clock(call.started_at),
            _cut(f"{call.provider}/{call.model}", _MAX_NAME_CHARS),
            str(call.attempt),
            _duration(call.duration_ms),
            _cut(call.error_message or call.error or call.status.value, _MAX_ERROR_CHARS),
            f"{call.usage.input_tokens:,} / {call.usage.output_tokens:,}",
            usd_text(call.cost_nano_usd),
        )
        for call in calls[:_MAX_ROWS]
    ]
    yield _table(_COLUMNS, rows, _ALIGNMENTS)
    if len(calls) > _MAX_ROWS:
        yield _paragraph(f"{len(calls) - _MAX_ROWS} more are left out here; the ledger holds them all.")


def _not_asked(passed_over: Sequence[PassedOver]) -> Iterator[Block]:
    rows = [
        (_cut(f"{one.provider}/{one.model}", _MAX_NAME_CHARS), _cut(one.reason.message, _MAX_ERROR_CHARS))
        for one in passed_over
    ]
    rows = list(dict.fromkeys(rows))
    if rows:
        yield _heading("Not asked")
        yield _table(("Who", "Why"), rows[:_MAX_ROWS], ("left", "left"))


def _causes(calls: Sequence[CallRow], passed_over: Sequence[PassedOver], error: ForgeError) -> dict[str, list[str]]:
    """Who failed by the key of the error: what each one's last attempt failed of, and why others were not asked."""
    last: dict[str, str] = {}
    for call in calls:
        last[_cut(f"{call.provider}/{call.model}", _MAX_NAME_CHARS)] = call.error or call.status.value
    for one in passed_over:
        last.setdefault(_cut(f"{one.provider}/{one.model}", _MAX_NAME_CHARS), one.reason.key)
    causes: dict[str, list[str]] = {}
    for name, key in last.items():
        causes.setdefault(key, []).append(name)
    return causes or {error.key: []}


def _markdown(blocks: Sequence[Block]) -> str:
    from forgeapp.domain.markdown_blocks import blocks_markdown

    return blocks_markdown(blocks)


def _write(target: Path, text: str) -> None:
    """The whole file or none. Raises TargetNotWritable."""
    part = target.with_name(f".forgeapp-{secrets.token_hex(4)}.part")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with part.open("w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise TargetNotWritable(path=target, reason=error.strerror or str(error)) from error


def _cut(text: str, most: int) -> str:
    """Without keys, surrogates and what is longer than that; line ends stay."""
    text = redact(without_surrogates(text[: most + _PADDING_CHARS]))
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _one_line(text: str) -> str:
    """Blanks and controls as single spaces: what steers a terminal or the direction of a line is not taken over."""
    signs = (" " if sign.isspace() or unicodedata.category(sign) == "Cc" else sign for sign in text)
    return " ".join("".join(sign for sign in signs if not _is_override(sign)).split())


def _is_override(sign: str) -> bool:
    return "\u202a" <= sign <= "\u202e" or "\u2066" <= sign <= "\u2069"


def _heading(text: str) -> Heading:
    return Heading(2, (Run(text),))


def _paragraph(text: str) -> Paragraph:
    return Paragraph((Run(_one_line(text)),))


def _list(lines: Sequence[str]) -> ListBlock:
    return ListBlock(ordered=False, items=tuple(ListItem((_paragraph(line),)) for line in lines))


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], alignments: Sequence[str]) -> TableBlock:
    def cells(row: Sequence[str]) -> tuple[tuple[Inline, ...], ...]:
        return tuple((Run(_one_line(text)),) if text else () for text in row)

    return TableBlock(cells(header), tuple(cells(row) for row in rows), tuple(alignments))


def _duration(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.1f} s" if milliseconds < 60_000 else f"{milliseconds / 60_000:.1f} min"


def _stored_clock(at: str) -> str:
    """'10:42:10' of the ledger's '2026-11-21T10:42:10.123Z'."""
    with contextlib.suppress(ValueError):
        return f"{datetime.fromisoformat(at):%H:%M:%S}"
    return at[:_MAX_NAME_CHARS]


def _clock(at: datetime) -> str:
    return f"{at.astimezone(UTC):%H:%M:%S} UTC"
