"""Replies made to do harm: linear time, bounded results, no exception."""

from __future__ import annotations

from collections.abc import Callable
from math import isqrt

import pytest

from forgeapp.domain.artifact import Kind
from forgeapp.domain.table import Table
from forgeapp.reading import Reader, Reading
from forgeapp.reading.cells import MAX_CELLS
from forgeapp.reading.markdown import parse
from tests.pace import assert_linear, repeated

SIZE = 50_000
"""Characters."""

HOSTILE = {
    "fences": repeated("```\n"),
    "markdown fences": repeated("```markdown\n# x\n"),
    "envelopes": repeated('<artifact kind="code">\n```\n'),
    "tables": repeated("<table>\n"),
    "comments": repeated("<!--", "<table>"),
    "thoughts": repeated("<think>\n"),
    "stars": repeated("**"),
    "brackets": repeated("["),
    "deep lists": repeated("[", "```json\n"),
    "deep objects": repeated('{"a":'),
    "json quotes": repeated('"x', '```json\n["'),
    "csv quotes": repeated('"', "```csv\n"),
    "csv formulas": repeated("=(,", "```csv\n"),
    "one line": repeated("x"),
    "one row": repeated("|", "| a | b |\n|---|---|\n"),
    "spaces": repeated(" "),
    "headings": repeated("# x\n"),
    "pairs": repeated("| a | b |\n|---|---|\n| c | d |\n\n"),
    "spans": repeated("<tr><td rowspan=9999 colspan=512>x</td></tr>", "<table>"),
    "files": repeated("```py\nx\n```\n\n"),
    "an open fence of blank lines": repeated("\n", "```csv\na,b\n"),
    "broken JSON lines": repeated('{"a":1,}\n', "```json\n"),
    "many columns, short rows": repeated("| x\n", "| a " * 512 + "|\n" + "|---" * 512 + "|\n"),
}


UNCLOSED = {
    opening + mark: repeated(mark, opening)
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
DEEP = {
    "lists": repeated("["),
    "objects": repeated('{"a":['),
    "closed lists": lambda size: "[" * (size // 2) + "]" * (size // 2),
}
LONG_LINES = {
    before + unit: repeated(unit, before)
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
    "Markdown": repeated("| 1 | **x** | 2.5 |\n", "| a | b | c |\n|---|---|---|\n"),
    "CSV": repeated("1,x,2.5\n", "```csv\na,b,c\n", "```"),
    "JSON": repeated('{"a":1,"b":"x","c":2.5},\n', "```json\n[", "]\n```"),
    "HTML": repeated("<tr><td>1</td><td>x</td><td>2.5</td></tr>\n", "<table><tr><th>a<th>b<th>c</tr>", "</table>"),
    "a drawn table": repeated("│1│2│\n", "┌─┬─┐\n│a│b│\n├─┼─┤\n", "└─┴─┘"),
}
PIECE = 100
"""Of a reply, in characters, as it comes."""


def read(text: str, kind: Kind | None = None, piece: int | None = None) -> Reading:
    reader = Reader(kind)
    step = piece or len(text)
    for at in range(0, len(text), step):
        reader.feed(text[at : at + step])
    return reader.finish()


@pytest.mark.parametrize("cases", [UNCLOSED, DEEP, LONG_LINES], ids=["unclosed marks", "deep JSON", "long lines"])
def test_every_sort_of_hostile_reply_takes_linear_time(cases: dict[str, Callable[[int], str]]) -> None:
    def check(text: str) -> None:
        assert len(read(text).artifacts) <= 1

    for make in cases.values():
        assert_linear(check, make, SIZE // 4)


@pytest.mark.parametrize("form", ROWS)
def test_rows_in_any_form_are_read_in_linear_time(form: str) -> None:
    def check(text: str) -> None:
        (table,) = read(text).artifacts
        assert isinstance(table, Table)
        assert len(table.rows) > len(text) // 50
        assert table.rows[-1][:2] == ("1", "2" if form.startswith("a ") else "x")

    assert_linear(check, ROWS[form], 4 * SIZE)


@pytest.mark.parametrize(
    "text",
    [
        "```json\n[" + "".join(f'{{"k{number}":1}},' for number in range(1_600)),
        '```json\n{"columns":[' + "1," * 1_599 + '1],"rows":[' + '{"1":2},' * 1_600 + "{}]}",
    ],
    ids=["a key a row", "a column a row"],
)
def test_a_table_of_hardly_anything_but_blanks_stays_within_bounds(text: str) -> None:
    (table,) = read(text).artifacts
    assert isinstance(table, Table)
    assert len(table.columns) == 1_600
    assert 0 < len(table.rows) * len(table.columns) <= MAX_CELLS < 1_600 * 1_600


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("kind", [None, Kind.SPREADSHEET, Kind.CODE])
def test_hostile_replies_in_pieces_take_linear_time(name: str, kind: Kind | None) -> None:
    def check(text: str) -> None:
        assert len(read(text, kind, PIECE).artifacts) <= 500

    assert_linear(check, HOSTILE[name], SIZE)


def test_a_long_reply_in_thousands_of_pieces_is_read_in_linear_time() -> None:
    row = "| **Monday** | 1,240.50 |\n"

    def check(text: str) -> None:
        (table,) = read(text, None, 2 * PIECE).artifacts
        assert isinstance(table, Table)
        assert len(table.rows) == text.count(row)

    assert_linear(check, repeated(row, "Here are the sales.\n\n| Day | Sales |\n|---|---|\n"), 4 * SIZE)


@pytest.mark.parametrize(
    "make",
    [
        *map(repeated, ("[", "\\(", "*a ", "`", "> ", "- ", "![](", "<", "$", "x", "[^1]", "http://a")),
        lambda size: "".join("  " * depth + "- x\n" for depth in range(isqrt(size))),
        repeated("| `", "| a |\n|---|\n"),
        lambda size: repeated("<div>")(size) + repeated("<script>")(size),
    ],
    ids=range(15),
)
def test_hostile_markdown_is_parsed_in_linear_time(make: Callable[[int], str]) -> None:
    assert_linear(parse, make, SIZE)
