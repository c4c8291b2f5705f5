"""CSV as RFC 4180 has it, in UTF-8 with a byte order mark, for without one Excel takes it for an old code page.

A CSV file holds one sheet: the first in sight that holds anything. Formulas are written as their values and numbers of
a spreadsheet in full, with nothing around them, so that other programs can compute with them: with a point, but with a
comma between semicolons, for programs that expect those would take 1.5 for the first of May. With `as_shown` they are
written as they are displayed, as the cells of a table are, but for its decimal points between semicolons (`decimals`),
which `as_shown` keeps, too. A text that a spreadsheet would run as a formula gets an apostrophe before it (S2).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from forgeapp.domain.artifact import Format, Kind
from forgeapp.domain.document import Heading, TableBlock, plain_text
from forgeapp.domain.export_options import Delimiter
from forgeapp.domain.formulas import fault, refusal
from forgeapp.domain.grid_cells import GridCells
from forgeapp.domain.guarding import guarded as guarded
from forgeapp.domain.packed_cells import entries
from forgeapp.domain.publication import Progress, Publication, Share
from forgeapp.domain.wording import Text
from forgeapp.domain.workbook import Cell, CellError, Sheet, Value, address, is_formula
from forgeapp.errors import ExportFailed, TooLarge, UnsafeContent
from forgeapp.exporters.csv.decimals import with_decimal_commas
from forgeapp.exporters.csv.verify import ENCODING, differences

MAX_CELLS = 20_000_000
"""The most cells, blank ones among them, that are written."""
_REPORT_EVERY_ROWS = 1_000
_NAMED = 10
"""So many sheets that are left out are named."""
_DATE_CODE = re.compile(r"[yd]|(?<!\[\$)\bh", re.IGNORECASE)


class CsvExporter:
    format = Format.CSV

    def write(self, publication: Publication, target: Path, progress: Progress) -> list[str]:
        """Writes one sheet. Warns of the sheets left out; raises ExportFailed where there is none, TooLarge,
        UnsafeContent for a refused formula."""
        sheet, warnings = _sheet_of(publication, target)
        count = max(sheet.row_count, 1)
        with target.open("w", encoding=ENCODING, errors="replace", newline="") as file:
            # The mark of the encoding, also where there is no row.
            file.write("")
            writer = csv.writer(file, delimiter=publication.options.delimiter.value, lineterminator="\r\n")
            for number, row in enumerate(_rows(publication, sheet)):
                writer.writerow(row)
                if number % _REPORT_EVERY_ROWS == 0:
                    progress(Share(min(number / count, 1.0), "row", number, count))
        progress(1.0)
        return warnings

    def verify(self, publication: Publication, path: Path) -> list[str]:
        """Reads the file and names every field and row that is not as it should be."""
        sheet, _ = _sheet_of(publication, path)
        return differences(_rows(publication, sheet), publication.options.delimiter, path)


EXPORTER = CsvExporter()


def _sheet_of(publication: Publication, path: Path) -> tuple[Sheet, list[str]]:
    sheet = publication.workbook.main_sheet if publication.workbook else None
    if publication.workbook is None or sheet is None:
        raise ExportFailed(path=path, reason="there is no table in it", remedy="Export it in another format.")
    if sheet.row_count * sheet.column_count > MAX_CELLS:
        raise TooLarge(
            source=f"Sheet {sheet.name}", reason=f"it spans {sheet.row_count:,} rows by {sheet.column_count:,} columns"
        )
    if publication.kind is Kind.SPREADSHEET:
        for at, text, number, format_code in entries(sheet.cells):
            if is_formula(text, number, format_code) and (reason := refusal(text)):
                raise UnsafeContent(where=f"{sheet.name}!{address(at)}", reason=reason)
    others = [other.name for other in publication.workbook.sheets if other.cells and other is not sheet]
    if not others:
        return sheet, []
    template = "CSV holds one sheet: {sheet} is in it, {others} left out. XLSX holds all."
    named = ", ".join(others[:_NAMED]) + (f" and {len(others) - _NAMED} more" if len(others) > _NAMED else "")
    return sheet, [Text("csv_one_sheet", template, sheet=sheet.name, others=named)]


def _rows(publication: Publication, sheet: Sheet) -> Iterator[list[str]]:
    if isinstance(sheet.cells, GridCells):
        # A row without a field cannot be told from one with an empty field.
        filled = [row for row in sheet.cells.rows if row]
        options = publication.options
        is_rewritten = bool(filled) and options.delimiter is Delimiter.SEMICOLON and not options.as_shown
        yield from ([*map(guarded, row)] for row in (with_decimal_commas(filled) if is_rewritten else filled))
        return
    if publication.kind is Kind.SPREADSHEET and publication.options.as_shown:
        yield from _shown(publication, sheet)
        return
    values = publication.values.get(sheet.name, {})
    is_spreadsheet = publication.kind is Kind.SPREADSHEET
    decimal = "," if publication.options.delimiter is Delimiter.SEMICOLON else "."
    cells = sheet.cells
    rows = max([sheet.row_count, *(row + 1 for row, _ in values)])
    columns = max([sheet.column_count, *(column + 1 for _, column in values)])
    for row in range(rows):
        fields: list[str] = []
        for column in range(columns):
            cell = cells.get((row, column))
            if is_spreadsheet:
                fields.append(_field(cell, values.get((row, column)), decimal))
            else:
                fields.append(guarded(cell.text) if cell else "")
        yield fields


def _shown(publication: Publication, sheet: Sheet) -> Iterator[list[str]]:
    """As the blocks have it: the table beneath the sheet's name, or the only one."""
    assert publication.workbook is not None
    is_named = len(publication.workbook.sheets) > 1
    name = None
    for block in publication.blocks:
        match block:
            case Heading(level=2, inlines=inlines):
                name = plain_text(inlines)
            case TableBlock(header=header, rows=rows) if name == sheet.name or not is_named:
                for row in (header, *rows):
                    yield [guarded(plain_text(cell)) for cell in row]
                return
            case _:
                pass


def _field(cell: Cell | None, value: Value | None, decimal: str) -> str:
    format_code = cell.format if cell else None
    if cell is not None and not cell.is_formula:
        if cell.number is None or _is_date(format_code):
            return guarded(cell.text)
        return plain(cell.number, decimal)
    if value is None or (cell is not None and fault(cell.text)):
        return guarded(cell.text) if cell else ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, CellError):
        return value.code
    if isinstance(value, str):
        return guarded(value)
    # What was computed is exact to 15 digits; more of them would show 644.525 as 644.5250000000001.
    return _moment(value, decimal) if _is_date(format_code) else plain(float(f"{value:.15g}"), decimal)


def plain(number: float | int, decimal: str = ".") -> str:
    """Full precision without an exponent where that is short: 1234.5, 0.1, 1e+300."""
    if isinstance(number, float) and number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return repr(number).replace(".", decimal)


def _is_date(format_code: str | None) -> bool:
    if not format_code:
        return False
    return bool(_DATE_CODE.search(re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", format_code)))


def _moment(serial: float | int, decimal: str) -> str:
    """45306.75 -> '2024-01-15 18:00:00', without the time where it is midnight, without the date below 1."""
    if not 0 <= serial < 2_958_466:
        return plain(serial, decimal)
    moment = datetime(1899, 12, 30) + timedelta(seconds=round(serial * 86_400))
    if serial < 1:
        return f"{moment:%H:%M:%S}"
    return f"{moment:%Y-%m-%d}" if moment.hour == moment.minute == moment.second == 0 else f"{moment:%Y-%m-%d %H:%M:%S}"
