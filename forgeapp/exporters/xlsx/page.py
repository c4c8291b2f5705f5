"""XlsxWriter's worksheet with rows and cells of our own markup; the package around them is XlsxWriter's.

Its own cuts the closing brace off ={1,2}, spells functions inside strings, takes the text '<r>..</r>' for markup,
stores the texts 'nan' and '1' that an array formula computes as numbers, and rounds numbers to 16 digits where 17 are
needed to read the same number again. This one also takes half the time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from xlsxwriter.worksheet import Worksheet

from forgeapp.domain.workbook import MAX_ROWS, Position, address, column_letters
from forgeapp.exporters.xlsx.cells import is_error
from forgeapp.exporters.xlsx.sheets import Filter

TABLE_STYLE = "TableStyleLight1"
"""Bands of light grey; the header has its own look, for not every program draws the styles of tables."""

_SPECIAL = re.compile(r"[&<>\n]|_x|^\s|\s$")
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9a-fA-F]{4}_)")
_LINE_POINTS, _MAX_POINTS = 15, 409
_letters = lru_cache(maxsize=None)(column_letters)


class Page(Worksheet):
    """A sheet of a book in constant-memory mode. Cells are put in row by row, from left to right.

    `style` is the attribute `style_of` gives for a format.
    """

    def __init__(self) -> None:
        super().__init__()
        self._cells: list[str] = []
        self._links: list[tuple[str, str]] = []
        self._lines = 1
        self._hidden: list[int] = []

    def hide_rows(self, rows: Iterable[int]) -> None:
        """Says, before the first cell, which rows are out of sight."""
        self._hidden = sorted(rows, reverse=True)

    def span(self, rows: int, columns: int) -> None:
        """Says, before the first cell, how large the sheet is."""
        if rows and columns:
            self._check_dimensions(0, 0)
            self._check_dimensions(rows - 1, columns - 1)

    def put_number(self, row: int, column: int, number: float | int, style: str) -> None:
        self._put(row, f'<c r="{_letters(column)}{row + 1}"{style}><v>{number!r}</v></c>')

    def put_boolean(self, row: int, column: int, value: bool, style: str) -> None:
        self._put(row, f'<c r="{_letters(column)}{row + 1}"{style} t="b"><v>{int(value)}</v></c>')

    def put_text(self, row: int, column: int, text: str, style: str) -> None:
        space = ""
        if _SPECIAL.search(text):
            text, space = _escaped(text), ' xml:space="preserve"'
        where = f'<c r="{_letters(column)}{row + 1}"{style} t="inlineStr">'
        self._put(row, f"{where}<is><t{space}>{text}</t></is></c>")

    def put_blank(self, row: int, column: int, style: str) -> None:
        self._put(row, f'<c r="{_letters(column)}{row + 1}"{style}/>')

    def raise_row(self, lines: int) -> None:
        """Makes room for so many lines in the row of the cell put in last: not every program finds out by itself."""
        self._lines = max(self._lines, lines)

    def put_heading(self, row: int, column: int, text: str, style: str) -> None:
        """A text in the shared table, where Excel itself has the names of a table's columns."""
        strings: Any = self.str_table
        index = strings._get_shared_string_index(text)
        self._put(row, f'<c r="{_letters(column)}{row + 1}"{style} t="s"><v>{index}</v></c>')

    def link(self, row: int, column: int, target: str) -> None:
        """Makes a cell lead to a web address in ASCII."""
        self._links.append((f"{_letters(column)}{row + 1}", target))

    def put_formula(self, row: int, column: int, formula: str, style: str, value: float | int | str | bool) -> None:
        where = f'<c r="{_letters(column)}{row + 1}"{style}{_value_type(value)}>'
        self._put(row, f"{where}<f>{_marked_up(formula[1:])}</f>{_value(value)}</c>")

    def put_array_formula(
        self, row: int, column: int, last: Position, formula: str, style: str, value: float | int | str | bool
    ) -> None:
        """A dynamic array formula that fills the block down to `last`."""
        first = f"{_letters(column)}{row + 1}"
        block = first if last == (row, column) else f"{first}:{address(last)}"
        where = f'<c r="{first}"{style}{_value_type(value)} cm="1"><f t="array" ref="{block}">'
        self._put(row, f"{where}{_marked_up(formula[1:])}</f>{_value(value)}</c>")
        self.has_dynamic_arrays = True

    def make_table(self, table: Filter) -> None:
        """As `add_table`, which keeps every cell in memory and refuses books in constant-memory mode."""
        self.tables.append(
            {
                "name": table.table,
                "range": table.reference,
                "autofilter": table.reference,
                "header_row_count": 1,
                "totals_row_shown": False,
                "columns": [{"id": number, "name": name} for number, name in enumerate(table.columns, 1)],
                "style": TABLE_STYLE,
                "show_first_col": False,
                "show_last_col": False,
                "show_row_stripes": True,
                "show_col_stripes": False,
            }
        )

    def _write_hyperlinks(self) -> None:
        if not self._links:
            return
        self._xml_start_tag("hyperlinks")
        for where, target in self._links:
            self.rel_count += 1
            address, _, location = target.partition("#")
            attributes = [("ref", where), ("r:id", f"rId{self.rel_count}")]
            self._xml_empty_tag("hyperlink", attributes + ([("location", location)] if location else []))
            self.external_hyper_links.append(["/hyperlink", address, "External"])
        self._xml_end_tag("hyperlinks")

    def _put(self, row: int, markup: str) -> None:
        if row > self.previous_row:
            self._write_single_row(row)
        self._cells.append(markup)

    def _write_single_row(self, current_row_num: int = 0) -> None:
        row, self.previous_row = self.previous_row, current_row_num
        file: Any = self.fh
        self._write_hidden(row)
        is_hidden = bool(self._hidden) and self._hidden[-1] == row
        if is_hidden:
            self._hidden.pop()
        if self._cells:
            height = f' ht="{min(self._lines * _LINE_POINTS, _MAX_POINTS):g}"' if self._lines > 1 else ""
            hidden = ' hidden="1"' if is_hidden else ""
            file.write(f'<row r="{row + 1}"{height}{hidden}>{"".join(self._cells)}</row>')
            self._cells.clear()
            self._lines = 1
        elif is_hidden:
            file.write(f'<row r="{row + 1}" hidden="1"/>')
        if not current_row_num:
            self._write_hidden(MAX_ROWS)

    def _write_hidden(self, end: int) -> None:
        """Hidden rows before `end` in which nothing stands."""
        file: Any = self.fh
        while self._hidden and self._hidden[-1] < end:
            file.write(f'<row r="{self._hidden.pop() + 1}" hidden="1"/>')


def style_of(style: Any) -> str:
    """The attribute of cells with this format of XlsxWriter's."""
    return f' s="{style._get_xf_index()}"'


def _value_type(value: float | int | str | bool) -> str:
    if isinstance(value, bool):
        return ' t="b"'
    if isinstance(value, str) and value:
        return ' t="e"' if is_error(value) else ' t="str"'
    return ""


def _value(value: float | int | str | bool) -> str:
    if isinstance(value, bool):
        return f"<v>{int(value)}</v>"
    return f"<v>{_escaped(value) if isinstance(value, str) else repr(value)}</v>"


def _escaped(text: str) -> str:
    """Text as XML, with what would be read as an escape of Excel's ('_x0041_') escaped itself."""
    return _ESCAPE_LIKE.sub("_x005F_", _marked_up(text))


def _marked_up(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
