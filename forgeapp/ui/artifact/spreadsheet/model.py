"""One sheet of an open workbook as the grid shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt

from forgeapp.domain.workbook import (
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    CellError,
    Sheet,
    Value,
    column_letters,
)
from forgeapp.domain.workbook_edits import edit_text
from forgeapp.ui.artifact.grid import CellLook, GridModel
from forgeapp.ui.artifact.grid.model import Index
from forgeapp.ui.artifact.spreadsheet.error_words import error_words
from forgeapp.ui.artifact.spreadsheet.recalculation import Recalculation

BLANK_ROWS = 50
BLANK_COLUMNS = 12
_NOTHING = CellLook("")
_HEADER = CellLook("", weight=600, fill="sunken")


class SheetModel(GridModel):
    """`on_typed(row, column, text)` is told what the user wrote into a cell.

    The grid is larger than what is used, by BLANK_ROWS and BLANK_COLUMNS at first, and grows with `grow`.
    """

    def __init__(
        self,
        sheet: Sheet,
        recalculation: Recalculation,
        on_typed: Callable[[int, int, str], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._recalculation = recalculation
        self._on_typed = on_typed
        self._sheet = sheet
        self._used = self._measure()
        self._rows, self._columns = self._wanted_size()

    @property
    def sheet(self) -> Sheet:
        return self._sheet

    @property
    def recalculation(self) -> Recalculation:
        return self._recalculation

    def show_sheet(self, sheet: Sheet) -> None:
        """Another sheet, or one of which anything may have changed."""
        self.beginResetModel()
        self._sheet = sheet
        self._used = self._measure()
        self._rows, self._columns = self._wanted_size()
        self.endResetModel()

    def update_sheet(self, sheet: Sheet) -> None:
        """The same sheet with other cells."""
        self._sheet = sheet
        self.refresh()

    def refresh(self) -> None:
        """Values, texts or looks are others."""
        self._used = self._measure()
        rows, columns = self._wanted_size()
        self.grow(rows - self._rows, columns - self._columns)
        self.dataChanged.emit(self.index(0, 0), self.index(self._rows - 1, self._columns - 1))

    def grow(self, rows: int, columns: int) -> None:
        """More blank rows and columns behind the last ones, as far as a sheet can reach."""
        rows, columns = min(rows, MAX_ROWS - self._rows), min(columns, MAX_COLUMNS - self._columns)
        if rows > 0:
            self.beginInsertRows(QModelIndex(), self._rows, self._rows + rows - 1)
            self._rows += rows
            self.endInsertRows()
        if columns > 0:
            self.beginInsertColumns(QModelIndex(), self._columns, self._columns + columns - 1)
            self._columns += columns
            self.endInsertColumns()

    def cell(self, row: int, column: int) -> Cell | None:
        return self._sheet.cells.get((row, column))

    def value(self, row: int, column: int) -> Value | None:
        """The computed value, of a formula or a cell spilled into; none of a cell that was typed over since."""
        at = row, column
        cell = self._sheet.cells.get(at)
        return None if cell is not None and not cell.is_formula else self._recalculation.value(self._sheet.name, at)

    def text(self, row: int, column: int) -> str:
        """What is displayed, as exports show it."""
        from forgeapp.sheets.grid import cell_text

        cell, value = self.cell(row, column), self.value(row, column)
        if cell is not None and cell.is_formula and cell.format is None:
            code = self._recalculation.formats.get(self._sheet.name, {}).get((row, column))
            cell = Cell(cell.text, None, code) if code else cell
        return cell_text(cell, value, self._recalculation.look)

    def tip(self, row: int, column: int) -> str:
        """What is wrong where an error is shown, else ''."""
        value = self.value(row, column)
        if not isinstance(value, CellError):
            return ""
        cell = self.cell(row, column)
        return error_words(value.code, cell.text if cell is not None else None)

    def look(self, row: int, column: int) -> CellLook:
        is_header = row == 0 and self._sheet.has_header
        blank = _HEADER if is_header else _NOTHING
        cell, value = self.cell(row, column), self.value(row, column)
        if cell is None and value is None:
            return blank
        if cell is not None and cell.is_formula and value is None:
            # No value yet, or none to be had: then the formula itself is what there is to see.
            has_failed = self._recalculation.failure is not None
            return blank._replace(text=cell.text if has_failed else "", tone="formula")
        look = blank._replace(text=self.text(row, column))
        if isinstance(value, CellError):
            return look._replace(tone="bad", align="center")
        shown = value if value is not None else cell.number if cell is not None else None
        if isinstance(shown, bool) or (cell is not None and cell.text in ("TRUE", "FALSE")):
            look = look._replace(align="center")
        elif isinstance(shown, int | float):
            look = look._replace(align="right")
        return look._replace(tone="ink_2") if value is not None and self._recalculation.is_late else look

    def edit_text(self, row: int, column: int) -> str:
        return edit_text(self.cell(row, column), self._recalculation.look)

    def write(self, row: int, column: int, text: str) -> None:
        self._on_typed(row, column, text)

    def has_text(self, row: int, column: int) -> bool:
        return (row, column) in self._sheet.cells or self.value(row, column) is not None

    def used(self) -> tuple[int, int]:
        return self._used

    def _measure(self) -> tuple[int, int]:
        rows, columns = self._sheet.row_count, self._sheet.column_count
        for row, column in self._recalculation.values(self._sheet.name):
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        return rows, columns

    def _wanted_size(self) -> tuple[int, int]:
        rows, columns = self._used
        return min(rows + BLANK_ROWS, MAX_ROWS), min(columns + BLANK_COLUMNS, MAX_COLUMNS)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._rows

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._columns

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return column_letters(section) if orientation is Qt.Orientation.Horizontal else str(section + 1)
