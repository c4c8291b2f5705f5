"""CSV as RFC 4180 has it, in UTF-8 with a byte order mark, for without one Excel takes it for an old code page.

A CSV file holds one sheet: the first that holds anything. Formulas are written as their values and numbers of a
spreadsheet in full, with a point and nothing around them, so that other programs can compute with them; the cells of a
table stand as they are displayed. A text that a spreadsheet would run as a formula gets an apostrophe before it (S2).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import zip_longest
from pathlib import Path

from forgeapp.domain.artifact import Format, Kind
from forgeapp.domain.formulas import fault, refusal
from forgeapp.domain.numbers import parse_number
from forgeapp.domain.publication import Progress, Publication
from forgeapp.domain.workbook import Cell, CellError, Position, Sheet, Value, address
from forgeapp.errors import ExportFailed, TooLarge, UnsafeContent

ENCODING = "utf-8-sig"
MAX_CELLS = 20_000_000
"""The most cells, blank ones among them, that are written."""
MAX_DIFFERENCES = 20
_REPORT_EVERY_ROWS = 1_000
_LONGEST_FIELD = 2**31 - 1

_RUNS = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_HARMLESS = re.compile(r"[+\-]?[\d\s().,/–-]*|[-–—+]+")
"""Numbers, phone numbers, dashes that mean 'none'."""
_DATE_CODE = re.compile(r"[yd]|(?<!\[\$)\bh", re.IGNORECASE)


class CsvExporter:
    format = Format.CSV

    def write(self, publication: Publication, target: Path, progress: Progress) -> list[str]:
        """Writes one sheet. Warns of the sheets left out; raises ExportFailed where there is none, TooLarge,
        UnsafeContent for a refused formula."""
        sheet, warnings = _sheet_of(publication, target)
        count = max(sheet.row_count, 1)
        with target.open("w", encoding=ENCODING, errors="replace", newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            for number, row in enumerate(_rows(publication, sheet)):
                writer.writerow(row)
                if number % _REPORT_EVERY_ROWS == 0:
                    progress(number / count)
        progress(1.0)
        return warnings

    def verify(self, publication: Publication, path: Path) -> list[str]:
        """Reads the file and names every field and row that is not as it should be."""
        sheet, _ = _sheet_of(publication, path)
        limit = csv.field_size_limit(_LONGEST_FIELD)
        try:
            with path.open(encoding=ENCODING, newline="") as file:
                return list(_differences(_rows(publication, sheet), csv.reader(file, strict=True)))
        except (UnicodeDecodeError, csv.Error) as error:
            return [f"the file cannot be read again: {error}"]
        finally:
            csv.field_size_limit(limit)


EXPORTER = CsvExporter()


def _sheet_of(publication: Publication, path: Path) -> tuple[Sheet, list[str]]:
    sheets = publication.workbook.sheets if publication.workbook else ()
    if not sheets:
        raise ExportFailed(path=path, reason="there is no table in it", remedy="Export it in another format.")
    filled = [sheet for sheet in sheets if sheet.cells]
    sheet = filled[0] if filled else sheets[0]
    if sheet.row_count * sheet.column_count > MAX_CELLS:
        raise TooLarge(
            source=f"Sheet {sheet.name}", reason=f"it spans {sheet.row_count:,} rows by {sheet.column_count:,} columns"
        )
    if publication.kind is Kind.SPREADSHEET:
        for at, cell in sheet.cells.items():
            if cell.is_formula and (reason := refusal(cell.text)):
                raise UnsafeContent(where=f"{sheet.name}!{address(at)}", reason=reason)
    others = [other.name for other in filled if other is not sheet]
    if not others:
        return sheet, []
    return sheet, [f"CSV holds one sheet: {sheet.name} is in it, {', '.join(others)} left out. XLSX holds all."]


def _rows(publication: Publication, sheet: Sheet) -> Iterator[list[str]]:
    values = publication.values.get(sheet.name, {})
    is_spreadsheet = publication.kind is Kind.SPREADSHEET
    cells = sheet.cells
    rows = max([sheet.row_count, *(row + 1 for row, _ in values)])
    columns = max([sheet.column_count, *(column + 1 for _, column in values)])
    for row in range(rows):
        fields: list[str] = []
        for column in range(columns):
            cell = cells.get((row, column))
            if is_spreadsheet:
                fields.append(_field(cell, values.get((row, column))))
            else:
                fields.append(guarded(cell.text) if cell else "")
        yield fields


def _field(cell: Cell | None, value: Value | None) -> str:
    format_code = cell.format if cell else None
    if cell is not None and not cell.is_formula:
        if cell.number is None or _is_date(format_code):
            return guarded(cell.text)
        return plain(cell.number)
    if value is None or (cell is not None and fault(cell.text)):
        return guarded(cell.text) if cell else ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, CellError):
        return value.code
    if isinstance(value, str):
        return guarded(value)
    return _moment(value) if _is_date(format_code) else plain(value)


def guarded(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it; '-15', '+44 20 7946 0000' and '-' stay.

    Control characters are left out, and a lone surrogate becomes '?', as no UTF-8 holds it.
    """
    text = text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    if _RUNS.match(text) and not _HARMLESS.fullmatch(text) and parse_number(text) is None:
        return "'" + text
    return text


def plain(number: float | int) -> str:
    """Full precision without an exponent where that is short: 1234.5, 0.1, 1e+300."""
    if isinstance(number, float) and number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return repr(number)


def _is_date(format_code: str | None) -> bool:
    if not format_code:
        return False
    return bool(_DATE_CODE.search(re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", format_code)))


def _moment(serial: float | int) -> str:
    """45306.75 -> '2024-01-15 18:00:00', without the time where it is midnight, without the date below 1."""
    if not 0 <= serial < 2_958_466:
        return plain(serial)
    moment = datetime(1899, 12, 30) + timedelta(seconds=round(serial * 86_400))
    if serial < 1:
        return f"{moment:%H:%M:%S}"
    return f"{moment:%Y-%m-%d}" if moment.hour == moment.minute == moment.second == 0 else f"{moment:%Y-%m-%d %H:%M:%S}"


def _differences(expected: Iterator[list[str]], found: Iterator[list[str]]) -> Iterator[str]:
    count = 0
    for number, (wanted, row) in enumerate(zip_longest(expected, found)):
        if wanted == row:
            continue
        for difference in _row_differences(number, wanted, row):
            yield difference
            count += 1
            if count == MAX_DIFFERENCES:
                return


def _row_differences(number: int, wanted: list[str] | None, row: list[str] | None) -> Iterator[str]:
    if wanted is None:
        yield f"row {number + 1} should not be there"
    elif row is None:
        yield f"row {number + 1} is missing"
    elif len(wanted) != len(row):
        yield f"row {number + 1} has {len(row)} fields, not {len(wanted)}"
    else:
        for column, (want, have) in enumerate(zip(wanted, row, strict=True)):
            if want != have:
                at: Position = (number, column)
                yield f"{address(at)} is {have[:80]!r}, not {want[:80]!r}"
