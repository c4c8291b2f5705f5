"""Replies made to do harm: linear time, bounded results, no exception."""

from __future__ import annotations

import time

import pytest

from forgeapp.domain.artifact import Kind
from forgeapp.domain.table import Table
from forgeapp.reading import Reader, Reading
from forgeapp.reading.cells import MAX_CELLS
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
    "an open fence of blank lines": "```csv\na,b\n" + "\n" * 100_000,
    "broken JSON lines": "```json\n" + '{"a":1,}\n' * 50_000,
    "many columns, short rows": "| a " * 512 + "|\n" + "|---" * 512 + "|\n" + "| x\n" * 20_000,
}


UNCLOSED = {
    opening + mark: opening + mark * 10_000
    for opening in ("", "Here it is:\n\n")
    for mark in (
        *("```", "```\n", "~~~", "~~~\n", "<artifact ", '<artifact kind="table">\n', "<think ", "<think>", "<think>\n"),
        *(
            "◁think▷",
            "[THINK]\n",
            "<|channel|>analysis<|message|>",
            "<|im_end|>",
            "</think>",
            "<answer>",
            "**",
            "[",
            "(",
        ),
        *(
            "{",
            "{\n",
            "|",
            "|\n",
            "<table ",
            "<table>",
            "<tr><td>",
            "<!--",
            "$$",
            "$$\n",
            "\\(",
            "\\[",
            "`",
            "<",
            "[x](",
        ),
        *("![](", "> ", "- ", "1. ", "+--", "┌──", "｜", "'a ", '"a ', '{"a":', "\u200f"),
    )
}
DEEP = {"lists": "[" * 100_000, "objects": '{"a":[' * 50_000, "closed lists": "[" * 100_000 + "]" * 100_000}
LONG_LINES = {
    before + unit: before + unit * (2_000_000 // len(unit))
    for before in ("", "| a | b |\n|---|---|\n| ", "```csv\na,b\n", '```json\n[{"a": "')
    for unit in (
        "x",
        " ",
        "|",
        "`",
        "<",
        "=",
        "#",
        "(",
        ",",
        '"',
        "\\",
        "漢",
        "word ",
        "<td>x",
        "=SUM(A1,",
        '{"a":1},',
        "**a** ",
        "{'a':1},",
        "[^1]",
    )
}
ROWS = {
    "Markdown": "| a | b | c |\n|---|---|---|\n" + "| 1 | **x** | 2.5 |\n" * 100_000,
    "CSV": "```csv\na,b,c\n" + "1,x,2.5\n" * 100_000 + "```",
    "JSON": "```json\n[" + '{"a":1,"b":"x","c":2.5},\n' * 100_000 + "]\n```",
    "HTML": "<table><tr><th>a<th>b<th>c</tr>" + "<tr><td>1</td><td>x</td><td>2.5</td></tr>\n" * 100_000 + "</table>",
    "a drawn table": "┌─┬─┐\n│a│b│\n├─┼─┤\n" + "│1│2│\n" * 100_000 + "└─┴─┘",
}


def seconds_to_read(text: str, kind: Kind | None = None) -> tuple[float, Reading]:
    """Of the processor's time."""
    started = time.process_time()
    reader = Reader(kind)
    reader.feed(text)
    reading = reader.finish()
    return time.process_time() - started, reading


@pytest.mark.parametrize(
    "cases", [UNCLOSED, DEEP, dict(list(LONG_LINES.items())[::4])], ids=["unclosed marks", "deep JSON", "lines of 2 MB"]
)
def test_no_sort_of_hostile_reply_takes_long(cases: dict[str, str]) -> None:
    for name, text in cases.items():
        seconds, reading = seconds_to_read(text)
        assert seconds < SECONDS, name
        assert len(reading.artifacts) <= 1, name


@pytest.mark.parametrize("form", ROWS)
def test_a_hundred_thousand_rows_are_read_in_any_form(form: str) -> None:
    seconds, reading = seconds_to_read(ROWS[form])
    assert seconds < SECONDS
    (table,) = reading.artifacts
    assert isinstance(table, Table)
    assert len(table.rows) == 100_000
    assert table.rows[-1][:2] == ("1", "2" if form.startswith("a ") else "x")


@pytest.mark.parametrize(
    "text",
    [
        "```json\n[" + "".join(f'{{"k{number}":1}},' for number in range(10_000)),
        '```json\n{"columns":[' + "1," * 9_999 + '1],"rows":[' + '{"1":2},' * 10_000 + "{}]}",
    ],
    ids=["a key a row", "a column a row"],
)
def test_a_table_of_hardly_anything_but_blanks_stays_within_bounds(text: str) -> None:
    seconds, reading = seconds_to_read(text)
    assert seconds < SECONDS
    (table,) = reading.artifacts
    assert isinstance(table, Table)
    assert len(table.columns) == 10_000
    assert 0 < len(table.rows) * len(table.columns) <= MAX_CELLS


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
        "http://a" * 250_000,
    ],
    ids=range(15),
)
def test_no_markdown_takes_long_to_parse(text: str) -> None:
    started = time.process_time()
    parse(text)
    assert time.process_time() - started < SECONDS
