"""Contents of every kind for hypothesis: small, and changed in the ways people and models change them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, Sheet, Workbook, valid_sheet_name
from forgeapp.domain.workbook_edits import moved_cell

titles = st.sampled_from([None, "", "Budget", "Plan"])
lines = st.sampled_from(["one", "two", "", "# head", "- item", "\r", "\u2028", "今天天气"])
texts = st.builds(lambda found, end: "\n".join(found) + end, st.lists(lines, max_size=9), st.sampled_from(["", "\n"]))
documents = st.builds(Document, titles, texts)
files = st.builds(CodeFile, st.sampled_from(["a.py", "b.py", "c.txt"]), st.sampled_from(["python", "", "text"]), texts)
codes = st.builds(Code, titles, st.lists(files, max_size=4).map(tuple))

_words = st.sampled_from(["", "Rent", "Wage", "1", "2", "300"])


@st.composite
def tables(draw: st.DrawFn) -> Table:
    width = draw(st.integers(0, 5))
    columns = draw(st.tuples(*[st.sampled_from(["Name", "Town", "Price", "VAT", ""])] * width))
    row = st.tuples(*[_words] * width)
    return Table(draw(titles), columns, tuple(draw(st.lists(row, max_size=7))))


_formulas = st.sampled_from(
    [
        "=A1",
        "=B2*C3",
        "=SUM(B1:B4)",
        "=$C$2+D5",
        "=SUM(A:B)",
        "=SUM(2:3)",
        "=Year!B2",
        "='My plan'!A1:C3",
        "=A1#",
        "=X",
        "=#REF!",
    ]
)
_cells = st.one_of(
    st.builds(Cell, st.sampled_from(["Rent", "Wage", "Total", "x"])),
    st.builds(
        lambda number, code: Cell(str(number), number, code), st.integers(1, 4), st.sampled_from([None, "0.00", "0%"])
    ),
    st.builds(Cell, _formulas, st.none(), st.sampled_from([None, "0.00", "@"])),
)


@st.composite
def sheets(draw: st.DrawFn, name: str) -> Sheet:
    places = st.tuples(st.integers(0, 6), st.integers(0, 4))
    return Sheet(
        name,
        draw(st.dictionaries(places, _cells, max_size=14)),
        has_header=draw(st.booleans()),
        frozen_rows=draw(st.integers(0, 2)),
        frozen_columns=draw(st.integers(0, 1)),
        widths=draw(st.dictionaries(st.integers(0, 7), st.sampled_from([8.0, 12.5]), max_size=3)),
        row_count=draw(st.integers(0, 8)),
        column_count=draw(st.integers(0, 6)),
    )


@st.composite
def workbooks(draw: st.DrawFn) -> Workbook:
    names = draw(st.lists(st.sampled_from(["Year", "year", "My plan", "S1"]), max_size=3, unique_by=str.casefold))
    return Workbook(draw(titles), tuple(draw(sheets(name)) for name in names))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Content, Content]:
    """Two of one kind, the second often made of the first."""
    made = draw(st.sampled_from([documents, codes, tables(), workbooks()]))
    before, other = draw(made), draw(made)
    return before, draw(changed(before, other)) if draw(st.booleans()) else other


@st.composite
def changed(draw: st.DrawFn, before: Content, other: Content) -> Content:
    """`before` with parts taken out, doubled, moved or taken from `other`."""
    match before, other:
        case Document(), Document():
            old, new = before.markdown.splitlines(keepends=True), other.markdown.splitlines(keepends=True)
            return Document(other.title, "".join(draw(_mixed(old, new))))
        case Code(), Code():
            return Code(before.title, tuple(draw(_mixed(list(before.files), list(other.files)))))
        case Table(), Table():
            order = draw(_mixed(list(range(len(before.columns))), []))
            rows = draw(_mixed(list(before.rows), []))
            words = iter(draw(st.lists(_words, min_size=4, max_size=4)))
            made = [
                tuple(next(words, row[at]) if draw(st.integers(0, 9)) == 0 else row[at] for at in order) for row in rows
            ]
            return Table(other.title, tuple(before.columns[at] for at in order), tuple(made))
        case Workbook(), Workbook():
            made_sheets: list[Sheet] = []
            for sheet in draw(_mixed(list(before.sheets), list(other.sheets))):
                name = valid_sheet_name(sheet.name, tuple(each.name for each in made_sheets))
                made_sheets.append(draw(_changed_sheet(sheet, name)))
            return Workbook(before.title, tuple(made_sheets))
    return other


@st.composite
def _changed_sheet(draw: st.DrawFn, sheet: Sheet, name: str) -> Sheet:
    rows = draw(_mixed(list(range(sheet.row_count)), []))
    columns = draw(_mixed(list(range(sheet.column_count)), []))
    follow = draw(st.booleans())
    cells = {
        (to_row, to_column): moved_cell(sheet.cells[row, column], to_row - row if follow else 0, 0)
        for to_row, row in enumerate(rows)
        for to_column, column in enumerate(columns)
        if (row, column) in sheet.cells
    }
    cells |= draw(st.dictionaries(st.tuples(st.integers(0, 6), st.integers(0, 4)), _cells, max_size=2))
    return Sheet(
        name, cells, sheet.has_header, sheet.frozen_rows, sheet.frozen_columns, sheet.widths, len(rows), len(columns)
    )


@st.composite
def _mixed(draw: st.DrawFn, old: list[Any], new: list[Any]) -> list[Any]:
    found = list(old)
    if draw(st.integers(0, 3)) == 0:
        found = list(draw(st.permutations(found)))
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(found)))
        match draw(st.sampled_from(["out", "double", "new", "move"])):
            case "out":
                del found[at : at + 1]
            case "double":
                found[at:at] = found[max(at - 1, 0) : at]
            case "move":
                found[at:at] = [found.pop(draw(st.integers(0, len(found) - 1)))] if found else []
            case "new":
                found[at:at] = new[:1]
    return found
