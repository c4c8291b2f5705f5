"""Which columns stand at the right: those most of whose cells are figures, in every format alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from forgeapp.domain.column_types import ColumnType, Doubt, decimal_marks, doubt_of, has_digit, is_blank, read_column
from forgeapp.domain.number_formats import kind_of
from forgeapp.domain.numbers import parse_number
from forgeapp.domain.workbook import Cell, Position, Sheet, Value

_MAX_ROWS = 200
"""As many are looked at, fewer of a sheet so wide that this would be more than _MAX_CELLS."""
_MAX_CELLS = 200_000


@lru_cache(maxsize=1024)
def is_dated(format_code: str | None) -> bool:
    """Whether numbers under the format are shown as dates or times of day."""
    return kind_of(format_code) in ("date", "time")


def is_figure(cell: Cell | None, value: Value | None) -> bool:
    """Whether the cell shows a number at its right: no date, which stands at the left as words do. `value`: the
    computed one, also of a cell spilled into."""
    number = cell.number if cell is not None and not cell.is_formula else value
    is_number = isinstance(number, int | float) and not isinstance(number, bool)
    return is_number and not is_dated(cell.format if cell is not None else None)


def figure_columns(sheet: Sheet, values: Mapping[Position, Value]) -> frozenset[int]:
    """Of a sheet, its header aside."""
    most = min(_MAX_ROWS, _MAX_CELLS // max(sheet.column_count, 1))
    rows = range(int(sheet.has_header), min(sheet.row_count, most + 1))
    return frozenset(
        column
        for column in range(sheet.column_count)
        if _most(
            is_figure(cell, values.get(at))
            for row in rows
            if (cell := sheet.cells.get(at := (row, column))) is not None
            and not (cell.is_formula and values.get(at) in (None, ""))
        )
    )


def are_figures(texts: Sequence[str], name: str, comma_habit: bool) -> bool:
    """Of a table's column, by its texts: also where units differ, or a word or a date stands among them; ids and codes
    are none."""
    kind = read_column(texts, name, comma_habit).type
    if kind is not ColumnType.TEXT:
        return kind.is_number
    filled = [text for text in texts[:_MAX_ROWS] if not is_blank(text)]
    doubt = doubt_of(filled, name, comma_habit)
    if doubt is not None and doubt[0] is Doubt.CODES:
        return False
    commas, points = decimal_marks(filled)
    has_comma = commas > points if commas or points else comma_habit
    return _most(has_digit(text) and parse_number(text, has_comma) is not None for text in filled)


def _most(kinds: Iterable[bool]) -> bool:
    found = list(kinds)
    return sum(found) * 2 > len(found)
