"""XLSX through XlsxWriter: typed cells, formulas with their computed values, formats, fitted widths, frozen header.

Rows go to disk as they are written, so a large sheet takes no memory; texts therefore stand in the cells themselves and
not in a shared table. Formulas are spelled for the file by `domain.formulas` and checked there.
"""

from __future__ import annotations

import tempfile
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, cast

from xlsxwriter import Workbook as Book
from xlsxwriter.exceptions import FileCreateError

from forgeapp.domain.artifact import Format
from forgeapp.domain.formulas import file_formula
from forgeapp.domain.publication import Progress, Publication
from forgeapp.domain.workbook import Cell, Position, Sheet, Value, address
from forgeapp.exporters.xlsx_cells import (
    MAX_TEXT_UNITS,
    cached,
    in_rows,
    is_formula,
    sheets_of,
    spilled,
    take_spill,
    writable,
)
from forgeapp.exporters.xlsx_page import Page, style_of
from forgeapp.exporters.xlsx_verify import differences

MIN_WIDTH, MAX_WIDTH = 8, 60
"""Of a column, in characters."""
_PORTRAIT_CHARACTERS = 95
"""About what fits across a portrait page; wider sheets are printed in landscape, all on the width of one page."""
_REPORT_EVERY_ROWS = 500
_HEADER = {"bold": True, "bg_color": "#E8EEF7", "bottom": 1, "bottom_color": "#9AA8BD", "valign": "vcenter"}


class XlsxExporter:
    format = Format.XLSX

    def write(self, publication: Publication, target: Path, progress: Progress) -> list[str]:
        """Writes the workbook. Warns of cut texts, unreadable formulas and missing values; raises as `sheets_of`."""
        sheets = sheets_of(publication, target)
        with tempfile.TemporaryDirectory() as folder:
            options = {"constant_memory": True, "tmpdir": folder, "strings_to_urls": False}
            book = Book(target, {**options, "strings_to_formulas": False, "strings_to_numbers": False})
            book.use_zip64()
            book.set_properties({"title": publication.title, **_properties(publication.properties)})
            writer = _Writer(book, publication, progress, sum(sheet.row_count for sheet in sheets))
            try:
                for sheet in sheets:
                    writer.write(sheet)
            except BaseException:
                _close(book)
                raise
            try:
                book.close()
            except FileCreateError as error:
                raise (error.args[0] if isinstance(error.args[0], OSError) else OSError(str(error))) from error
        return writer.warnings

    def verify(self, publication: Publication, path: Path) -> list[str]:
        """Reads the file with openpyxl and names every cell, value, format and sheet that is not as it should be."""
        return differences(publication, path)


EXPORTER = XlsxExporter()


def _close(book: Book) -> None:
    """Lets go of the files of rows not yet packed."""
    for page in book.worksheets():
        file: IO[str] | None = page.row_data_fh
        if file is not None:
            file.close()


def _properties(properties: Mapping[str, str]) -> dict[str, str]:
    return {key: properties[key] for key in ("author", "subject") if key in properties}


class _Writer:
    def __init__(self, book: Book, publication: Publication, progress: Progress, rows: int) -> None:
        self._book = book
        self._publication = publication
        self._progress = progress
        self._rows = max(rows, 1)
        self._rows_done = 0
        self._styles: dict[tuple[str | None, bool, bool], str] = {(None, False, False): ""}
        self.warnings: list[str] = []

    def write(self, sheet: Sheet) -> None:
        page = cast(Page, self._book.add_worksheet(sheet.name, worksheet_class=Page))
        values = self._publication.values.get(sheet.name, {})
        members = spilled(sheet, values) if values else {}
        free = set(members)
        page.span(*_extent(sheet, members))
        widths: dict[int, int] = {}
        header_row = 0 if sheet.has_header else -1
        is_spreadsheet = self._publication.kind.value == "spreadsheet"
        next_report = 0
        cut: list[str] = []
        unread: list[str] = []
        for at, cell in in_rows(sheet, members):
            row, column = at
            if row >= next_report:
                self._progress((self._rows_done + row) / self._rows)
                next_report = row + _REPORT_EVERY_ROWS
            if cell is None:
                self._write_value(page, at, cached(members[at]))
                continue
            text, number = cell.text, cell.number
            width = len(text)
            if number is not None:
                page.put_number(row, column, number, self._style(cell.format, row == header_row, False))
            elif text[0] == "=" and is_formula(cell, self._publication):
                style = self._style(cell.format, row == header_row, False)
                value = cached(values.get(at))
                self._write_formula(page, at, text, style, value, free)
                width = _shown_width(value, cell.format)
                if value == "" and at not in values:
                    unread.append(address(at))
            elif is_spreadsheet and text in ("TRUE", "FALSE"):
                page.put_boolean(row, column, text == "TRUE", self._style(cell.format, row == header_row, False))
            else:
                if not (text.isascii() and width <= MAX_TEXT_UNITS and text.isprintable()):
                    text, width = writable(text), _text_width(text)
                    if len(cell.text) > MAX_TEXT_UNITS // 2 and _units(cell.text) > MAX_TEXT_UNITS:
                        cut.append(address(at))
                is_wrapped = width > MAX_WIDTH or (width < len(text) and "\n" in text)
                if text:
                    page.put_text(row, column, text, self._style(cell.format, row == header_row, is_wrapped))
                if is_spreadsheet and cell.is_formula:
                    self._warn_unreadable(sheet, at, cell)
            if width > widths.get(column, 0):
                widths[column] = width
        self._rows_done += sheet.row_count
        self._progress(self._rows_done / self._rows)
        self._lay_out(page, sheet, widths)
        if cut:
            self.warnings.append(
                f"{sheet.name}: {_listed(cut)} cut to {MAX_TEXT_UNITS:,} characters, the most a cell can hold."
            )
        if unread:
            self.warnings.append(f"{sheet.name}: {_listed(unread)} get their values only when the file is opened.")

    def _warn_unreadable(self, sheet: Sheet, at: Position, cell: Cell) -> None:
        from forgeapp.domain.formulas import fault

        self.warnings.append(f"{sheet.name}!{address(at)} is written as text, not as a formula: {fault(cell.text)}.")

    def _write_formula(
        self,
        page: Page,
        at: Position,
        formula: str,
        style: str,
        value: float | int | str | bool,
        free: set[Position],
    ) -> None:
        spelled = file_formula(writable(formula))
        last = take_spill(formula, at, free)
        if spelled.is_dynamic or last != at:
            page.put_array_formula(*at, last, spelled.text, style, value)
        else:
            page.put_formula(*at, spelled.text, style, value)

    def _write_value(self, page: Page, at: Position, value: float | int | str | bool) -> None:
        if isinstance(value, bool):
            page.put_boolean(*at, value, "")
        elif not isinstance(value, str):
            page.put_number(*at, value, "")
        elif value:
            page.put_text(*at, value, "")

    def _style(self, format_code: str | None, is_header: bool, is_wrapped: bool) -> str:
        key = (format_code, is_header, is_wrapped)
        if key in self._styles:
            return self._styles[key]
        wanted: dict[str, Any] = dict(_HEADER) if is_header else {}
        if format_code:
            wanted["num_format"] = format_code
        if is_wrapped:
            wanted |= {"text_wrap": True, "valign": "top"}
        style = self._styles[key] = style_of(self._book.add_format(wanted))
        return style

    def _lay_out(self, page: Page, sheet: Sheet, widths: Mapping[int, int]) -> None:
        for column in {*widths, *sheet.widths}:
            width = sheet.widths.get(column, min(max(widths.get(column, 0) + 1, MIN_WIDTH), MAX_WIDTH))
            page.set_column(column, column, min(max(width, 1), 255))
        frozen_rows = sheet.frozen_rows or (1 if sheet.has_header and sheet.row_count > 1 else 0)
        if frozen_rows or sheet.frozen_columns:
            page.freeze_panes(frozen_rows, sheet.frozen_columns)
        page.fit_to_pages(1, 0)
        if sum(min(max(width + 1, MIN_WIDTH), MAX_WIDTH) for width in widths.values()) > _PORTRAIT_CHARACTERS:
            page.set_landscape()
        if frozen_rows:
            page.repeat_rows(0, frozen_rows - 1)
        page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})


def _extent(sheet: Sheet, members: Mapping[Position, Value]) -> Position:
    """Rows and columns, with what is spilled into."""
    rows = max([sheet.row_count, *(row + 1 for row, _ in members)])
    return rows, max([sheet.column_count, *(column + 1 for _, column in members)])


def _listed(addresses: list[str]) -> str:
    shown = ", ".join(addresses[:5])
    return shown if len(addresses) <= 5 else f"{shown} and {len(addresses) - 5:,} more"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _text_width(text: str) -> int:
    """Characters of the widest line, those of East Asia counted twice."""
    widest = 0
    for line in text[:4_000].split("\n"):
        wide = 0 if line.isascii() else sum(unicodedata.east_asian_width(character) in "WF" for character in line)
        widest = max(widest, len(line) + wide)
    return widest


def _shown_width(value: float | int | str | bool, format_code: str | None) -> int:
    """About as many characters as a computed value is shown with."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _text_width(value) if isinstance(value, str) else 5
    if format_code is None:
        return min(len(f"{value}"), 11)
    literals = sum(len(part) for part in format_code.split('"')[1::2])
    return (
        max(len(f"{value:,.2f}") if abs(value) < 1e15 else 11, len(format_code) if "y" in format_code else 0) + literals
    )
