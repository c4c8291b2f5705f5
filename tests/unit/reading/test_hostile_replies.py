"""Replies made to do harm: linear time, bounded results, no exception."""

from __future__ import annotations

import time

import pytest

from forgeapp.domain.artifact import Kind
from forgeapp.reading import Reader
from forgeapp.reading.markdown import parse

SECONDS = 6
"""Generous, for machines that do other things as well; alone each takes a third of it at most."""

HOSTILE = {
    "fences": "```\n" * 10_000,
    "markdown fences": "```markdown\n# x\n" * 10_000,
    "envelopes": '<artifact kind="code">\n```\n' * 10_000,
    "tables": "<table>\n" * 20_000,
    "comments": "<table>" + "<!--" * 100_000,
    "thoughts": "<think>\n" * 20_000,
    "stars": "**" * 100_000,
    "brackets": "[" * 100_000,
    "deep lists": "```json\n" + "[" * 100_000,
    "deep objects": '{"a":' * 100_000,
    "json quotes": '```json\n["' + '"x' * 100_000,
    "csv quotes": "```csv\n" + '"' * 200_000,
    "csv formulas": "```csv\n" + "=(," * 100_000,
    "one line": "x" * 2_000_000,
    "one row": "| a | b |\n|---|---|\n" + "|" * 1_000_000,
    "spaces": " " * 1_000_000,
    "headings": "# x\n" * 30_000,
    "pairs": "| a | b |\n|---|---|\n| c | d |\n\n" * 5_000,
    "spans": "<table>" + "<tr><td rowspan=9999 colspan=512>x</td></tr>" * 1_000,
    "files": "```py\nx\n```\n\n" * 10_000,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("kind", [None, Kind.SPREADSHEET, Kind.CODE])
def test_no_reply_takes_long(name: str, kind: Kind | None) -> None:
    text = HOSTILE[name]
    step = max(1, len(text) // 1_000)
    started = time.process_time()
    reader = Reader(kind)
    for at in range(0, len(text), step):
        reader.feed(text[at : at + step])
    reading = reader.finish()
    assert time.process_time() - started < SECONDS
    assert len(reading.artifacts) <= 500


def test_a_long_reply_in_ten_thousand_pieces_is_read_in_seconds() -> None:
    text = "Here are the sales.\n\n| Day | Sales |\n|---|---|\n" + "| **Monday** | 1,240.50 |\n" * 76_000
    started = time.process_time()
    reader = Reader()
    for at in range(0, len(text), 200):
        reader.feed(text[at : at + 200])
    reading = reader.finish()
    assert time.process_time() - started < 2 * SECONDS
    assert len(reading.artifacts[0].rows) == 76_000  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 50_000,
        "\\(" * 20_000,
        "*a " * 50_000,
        "`" * 50_000,
        "> " * 20_000,
        "- " * 20_000,
        "![](" * 20_000,
        "<" * 50_000,
        "$" * 50_000,
        "".join("  " * depth + "- x\n" for depth in range(500)),
        "x" * 1_000_000,
        "[^1]" * 20_000,
        "| a |\n|---|\n" + "| `" * 20_000,
        "<div>" * 20_000 + "<script>" * 20_000,
    ],
    ids=range(14),
)
def test_no_markdown_takes_long_to_parse(text: str) -> None:
    started = time.process_time()
    parse(text)
    assert time.process_time() - started < SECONDS
