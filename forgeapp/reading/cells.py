"""Rows of text into a table, or into a sheet of cells with numbers, formats and formulas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from forgeapp.domain.localised_formulas import FormulaDialect, dialect_of
from forgeapp.domain.numbers import parse_number
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import MAX_COLUMNS, MAX_ROWS, Cell, Position, Sheet, column_letters
from forgeapp.errors import TooLarge
from forgeapp.reading.displayed import is_clean, shown
from forgeapp.reading.formulas import is_formula
from forgeapp.reading.lenient_json import Numeral

MAX_CELLS = 2_000_000
MAX_SAMPLED = 20_000
"""So many cells tell which mark is the decimal one, and so many formulas the language they are typed in."""
_COMMA = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:[.  '’]\d{3})+,\d+|\d+,(?:\d{1,2}|\d{4,})|0,\d+)(?![\d,.])")
_POINT = re.compile(
    r"(?<![\d.,])(?:\d{1,3}(?:[,  '’]\d{3})+\.\d+|\d+\.(?:\d{1,2}|\d{4,})|0\.\d+|\d{1,3}(?:,\d{3}){2,})(?![\d,.])"
)
_SEMICOLON_ARGUMENTS = re.compile(r"\([^()\"]*;[^()\"]*\)")
_AMOUNT = re.compile(r"[^\d(+−-]{0,4}[(+−-]?\s*[\d.,'’  ]+\s*[^\d]{0,4}")
_CORNERS = frozenset({"row", "rows", "row #", "zeile", "ligne", "fila", "linha", "riga", "строка"})
"""What stands above row numbers drawn around a sheet, where it is not blank."""
_NARROWED = str.maketrans("，．％－＋（）￥＄￡　٫٬٪", ",.%-+()¥$£ .,%")

ROWS_AT_ONCE = 1_000
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of displayed text, header first, ragged; a JSON number is a Numeral; () is a blank row.

    `name`: what names it where it stands. `start`, `end`: its lines in the reply. `is_cut`: it broke off.
    """

    rows: tuple[tuple[str, ...], ...]
    name: str | None = None
    start: int = 0
    end: int = 0
    is_cut: bool = False
    positions: dict[Position, str] | None = None

    @property
    def as_rows(self) -> Grid:
        """With cells given by their addresses laid out in rows."""
        if self.rows or not self.positions:
            return self
        height = max(row for row, _ in self.positions) + 1
        width = max(column for _, column in self.positions) + 1
        if height * width > MAX_CELLS:
            return self
        laid = [[""] * width for _ in range(height)]
        for (row, column), text in self.positions.items():
            laid[row][column] = text
        return replace(self, rows=tuple(map(tuple, laid)), positions=None)

    @property
    def has_formulas(self) -> bool:
        return any(is_formula(cell) for row in self.rows if "=" in "".join(row) for cell in row)

    @property
    def formulas(self) -> list[str]:
        return list(self.each_formula())

    def each_formula(self) -> Iterator[str]:
        texts = (cell for row in self.rows for cell in row)
        return filter(is_formula, chain(texts, (self.positions or {}).values()))

    @property
    def has_numbers(self) -> bool:
        return any(cell[:1].isdigit() for row in self.rows for cell in row if cell)


def table_of(grid: Grid, title: str | None) -> tuple[Table, int]:
    """The table, and how many surplus cells it could not hold. The header's width counts; blank rows go."""
    if not grid.rows:
        return Table(title, ()), 0
    rows = [row for row in grid.rows if row]
    header, body = rows[0], rows[1:]
    width = len(header)
    lost = sum(1 for row in body if len(row) > width for cell in row[width:] if cell)
    columns = tuple(shown(str(cell)) for cell in header)
    return Table(title, columns, tuple(_shaped(body[: MAX_CELLS // (width or 1)], width))), lost


def _shaped(rows: Sequence[Row], width: int) -> Iterator[Row]:
    """Rows of that width, their texts as shown. Most need nothing done, which is asked for many of them at once."""
    for start in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[start : start + ROWS_AT_ONCE]
        texts = list(chain.from_iterable(some))
        if not is_clean(texts):
            some = [tuple(shown(str(text)) for text in row) for row in some]
        elif Numeral in map(type, texts):
            some = [tuple(map(str, row)) for row in some]
        for row in some:
            yield row if len(row) == width else row[:width] + ("",) * (width - len(row))


def decimal_comma(cells: Iterable[str], prose_comma: bool) -> bool:
    """Whether ',' is the decimal mark of these cells: by what only one reading allows, else by the prose's language."""
    commas = points = 0
    for cell in cells:
        if isinstance(cell, Numeral) or len(cell) > 40:
            continue
        if cell.startswith("="):
            commas += bool(_SEMICOLON_ARGUMENTS.search(cell))
            points += bool(re.search(r"\d\.\d", cell))
            continue
        if not _AMOUNT.fullmatch(cell):
            continue
        commas += bool(_COMMA.search(cell))
        points += bool(_POINT.search(cell))
    if commas or points:
        return commas > points
    return prose_comma


def require_room(grid: Grid, source: str) -> None:
    """Raises TooLarge for a file's rows that a table or a sheet would hold in part only."""
    width = len(grid.rows[0]) if grid.rows else 0
    if max((len(grid.rows) - 1) * width, sum(map(len, grid.rows)) - width) > MAX_CELLS:
        raise TooLarge(source=source, reason=f"at most {MAX_CELLS:,} cells are read")


def sheet_of(
    grid: Grid,
    name: str,
    prose_comma: bool = False,
    dialect: FormulaDialect | None = None,
    *,
    is_framed: bool = True,
) -> Sheet:
    """A sheet with every row where the grid has it, so that formulas refer to what they mean.

    Formulas typed for another language (`dialect`, by default that of the grid) are put into the form of files.
    `is_framed`: letters and numbers of columns and rows may be drawn around it, as replies do.
    """
    dialect = dialect or dialect_of(islice(grid.each_formula(), MAX_SAMPLED))
    rows = without_margins(grid.rows) if is_framed else grid.rows
    comma = decimal_comma(islice((cell for row in rows for cell in row), MAX_SAMPLED), prose_comma)
    cells: dict[Position, Cell] = {}
    for number, row in enumerate(rows[:MAX_ROWS]):
        for column, text in enumerate(row[:MAX_COLUMNS]):
            if (text := _shown(text)) and len(cells) < MAX_CELLS:
                cells[number, column] = cell_of(text, comma, dialect)
    for at, text in (grid.positions or {}).items():
        if text := _shown(text):
            cells[at] = cell_of(text, comma, dialect)
    return Sheet(
        name=name,
        cells=cells,
        has_header=bool(rows) and _is_header(rows[0]) and grid.positions is None,
        row_count=len(rows),
        column_count=min(max((len(row) for row in rows), default=0), MAX_COLUMNS),
    )


def cell_of(text: str, comma: bool = False, dialect: FormulaDialect | None = None) -> Cell:
    """A cell as written, with the number it means; ids, dates and formulas have none."""
    if isinstance(text, Numeral):
        return Cell(str(text), text.number)
    if text.startswith("=") and len(text) > 1:
        return Cell(dialect.english(text) if dialect and is_formula(text) else text)
    number = parse_number(text, comma) if text.isascii() else parse_number(*_narrow(text, comma))
    return Cell(text, number.value, number.format) if number else Cell(text)


def _shown(text: str) -> str:
    return text if isinstance(text, Numeral) else shown(text)


def _narrow(text: str, comma: bool) -> tuple[str, bool]:
    """With the usual signs for full-width ones and Arabic separators, and whether ',' is then the decimal mark."""
    return text.translate(_NARROWED), comma and "٫" not in text


def _is_header(row: Sequence[str]) -> bool:
    filled = [cell for cell in row if cell]
    return bool(filled) and not any(isinstance(cell, Numeral) or cell[:1] in "=0123456789" for cell in filled)


def without_margins(rows: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """Without the column letters and row numbers some replies draw around a sheet."""
    if not rows or not rows[0]:
        return rows
    header = [cell.strip() for cell in rows[0]]
    numbered = [row[0].strip() for row in rows[1:] if row]
    is_corner = len(header[0]) <= 1 or header[0].casefold() in _CORNERS
    has_numbers = (
        is_corner and len(header) > 1 and bool(numbered) and numbered == [str(n) for n in range(1, len(numbered) + 1)]
    )
    letters = header[1:] if has_numbers else header
    if letters != [column_letters(number) for number in range(len(letters))]:
        return rows
    if has_numbers or (len(letters) > 1 and any(is_formula(cell) for row in rows for cell in row)):
        return tuple(row[1:] if has_numbers else row for row in rows[1:])
    return rows
