"""A sheet whose hidden rows and columns a file left out, as pages do: set aside while it is read, and put back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from forgeapp.domain.workbook import Cell, Hidden, Position, Sheet, Value
from forgeapp.services.exporting.hidden import seen_lines

Texts = Sequence[Sequence[str]]


def leaves_out_hidden(sheet: Sheet, shown: Texts, read: Texts) -> bool:
    """Whether a file whose rows are `read` was made of what can be seen of the sheet; `shown` are all its texts."""
    hidden = sheet.hidden
    if not (hidden.rows or hidden.columns) or not shown:
        return False
    if hidden.columns:
        return max(map(len, read), default=0) < len(shown[0])
    rows = {tuple(row) for row in read}
    return not any(tuple(shown[row]) in rows for row in hidden.rows if row < len(shown) and any(shown[row]))


@dataclass(frozen=True, slots=True)
class SeenPart:
    """What can be seen of `whole`, as a sheet of its own. `rows`, `columns`: where its lines stand in the whole."""

    whole: Sheet
    sheet: Sheet
    shown: Texts
    values: Mapping[Position, Value]
    rows: Sequence[int]
    columns: Sequence[int]

    def put_back(self, made: Sheet) -> Sheet:
        """The whole with `made` in place of what could be seen: what is hidden stays where it is."""
        hidden = self.whole.hidden
        cells: dict[Position, Cell] = {
            at: cell for at, cell in self.whole.cells.items() if at[0] in hidden.rows or at[1] in hidden.columns
        }
        for (row, column), cell in made.cells.items():
            cells[_place(self.rows, row), _place(self.columns, column)] = cell
        more_rows, more_columns = made.row_count - self.sheet.row_count, made.column_count - self.sheet.column_count
        return replace(
            self.whole,
            cells=cells,
            row_count=max(self.whole.row_count + more_rows, 0),
            column_count=max(self.whole.column_count + more_columns, 0),
        )


def seen_part(sheet: Sheet, shown: Texts, values: Mapping[Position, Value]) -> SeenPart:
    hidden = sheet.hidden
    rows = [row for row in range(max(sheet.row_count, len(shown))) if row not in hidden.rows]
    width = max(sheet.column_count, len(shown[0]) if shown else 0)
    columns = [column for column in range(width) if column not in hidden.columns]
    row_now, column_now = ({was: now for now, was in enumerate(lines)} for lines in (rows, columns))
    seen = replace(
        sheet,
        cells={
            (row_now[row], column_now[column]): cell
            for (row, column), cell in sheet.cells.items()
            if row in row_now and column in column_now
        },
        widths={},
        row_count=len(rows),
        column_count=len(columns),
        hidden=Hidden(),
        filter=None,
    )
    known = {
        (row_now[row], column_now[column]): value
        for (row, column), value in values.items()
        if row in row_now and column in column_now
    }
    return SeenPart(sheet, seen, seen_lines(shown, hidden), known, rows, columns)


def _place(lines: Sequence[int], number: int) -> int:
    """What is appended comes behind the last line, the hidden ones among them."""
    return lines[number] if number < len(lines) else number - len(lines) + (lines[-1] + 1 if lines else 0)
