"""Two tables, or sheets, as one grid to look at: what each cell held and what it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from PySide6.QtCore import Qt

from forgeapp.domain.numbers import parse_number
from forgeapp.domain.workbook import Cell, Sheet, Value, Values
from forgeapp.ui.artifact.changes.grids import GridPicture
from forgeapp.ui.artifact.grid import CellLook, GridModel
from forgeapp.ui.artifact.grid.model import Index
from forgeapp.ui.richtext.marked import TURN_ROLES, Turn

Side = Literal["both", "before", "after"]


class ChangeLook(NamedTuple):
    """What a cell shows: `old` struck through where it held something else, or `turn` where it came or went.

    `is_over`: what was decided on it shows quietly. `is_formula` and `right` are how it is set.
    """

    text: str
    old: str | None = None
    turn: Turn = ""
    hunk: int | None = None
    is_over: bool = False
    is_formula: bool = False
    is_right: bool = False
    is_header: bool = False
    is_moved: bool = False


class ChangesModel(GridModel):
    """`side`: both in one, or one of the two; `values`: computed ones before and after, as soon as they are known."""

    def __init__(self, side: Side = "both") -> None:
        super().__init__()
        self._side: Side = side
        self._picture = GridPicture("", (), (), {}, {}, None, None)
        self._decisions: Mapping[int, bool] | None = None
        self._values: tuple[Values, Values] = ({}, {})

    @property
    def picture(self) -> GridPicture:
        return self._picture

    @property
    def side(self) -> Side:
        return self._side

    def show_picture(self, picture: GridPicture, decisions: Mapping[int, bool] | None) -> None:
        self.beginResetModel()
        self._picture, self._decisions = picture, decisions
        self.endResetModel()

    def show_values(self, before: Values, after: Values) -> None:
        self._values = before, after
        self.refresh()

    def refresh(self) -> None:
        if self.rowCount() and self.columnCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))

    def hunk_at(self, row: int, column: int) -> int | None:
        """The cell's own, else that of its row or column."""
        picture = self._picture
        if not (0 <= row < len(picture.rows) and 0 <= column < len(picture.columns)):
            return None
        own = picture.cells.get((row, column))
        across = picture.columns[column].hunk
        return own if own is not None else picture.rows[row].hunk if picture.rows[row].hunk is not None else across

    def change(self, row: int, column: int) -> ChangeLook:
        picture = self._picture
        line, across = picture.rows[row], picture.columns[column]
        turn: Turn = line.turn or across.turn
        hunk = self.hunk_at(row, column)
        is_taken = (self._decisions or {}).get(hunk) if hunk is not None else None
        before, after = self._text(row, column, is_after=False), self._text(row, column, is_after=True)
        is_after = turn == "added" or (not turn and self._side != "before")
        shown = after if is_after else before
        header = row == 0 and self._has_header
        if self._side != "both" and turn and turn != ("removed" if self._side == "before" else "added"):
            return ChangeLook("", is_header=header)
        old: str | None = None
        if not turn and (row, column) in picture.cells:
            if is_taken is None and self._side == "both":
                old = before[0]
            elif is_taken is False:
                shown = before
            if self._side != "both":
                turn = "removed" if self._side == "before" else "added"
        is_moved = line.is_moved or across.is_moved
        return ChangeLook(shown[0], old, turn, hunk, is_taken is not None, *shown[1:], header, is_moved)

    @property
    def _has_header(self) -> bool:
        shown = self._picture.after if self._picture.after is not None else self._picture.before
        return shown.has_header if isinstance(shown, Sheet) else True

    def _text(self, row: int, column: int, is_after: bool) -> tuple[str, bool, bool]:
        """Text, whether it is a formula's, whether it stands to the right."""
        cell = self._picture.cell(row, column, is_after)
        if cell is None or isinstance(cell, str):
            return (cell or ""), False, bool(cell) and row > 0 and parse_number(cell or "") is not None
        return self._cell_text(cell, row, column, is_after)

    def _cell_text(self, cell: Cell, row: int, column: int, is_after: bool) -> tuple[str, bool, bool]:
        from forgeapp.sheets.grid import cell_text

        is_changed = (row, column) in self._picture.cells
        if cell.is_formula:
            value = None if is_changed else self._value(row, column, is_after)
            if value is None:
                return cell.text, True, False
            return cell_text(cell, value, self._picture.look), False, isinstance(value, int | float)
        return cell_text(cell, None, self._picture.look), False, cell.number is not None

    def _value(self, row: int, column: int, is_after: bool) -> Value | None:
        line, across = self._picture.rows[row], self._picture.columns[column]
        at = (line.after, across.after) if is_after else (line.before, across.before)
        sheet = self._picture.after if is_after else self._picture.before
        if at[0] is None or at[1] is None or not isinstance(sheet, Sheet):
            return None
        return self._values[is_after].get(sheet.name, {}).get((at[0], at[1]))

    # What a grid asks of its model.

    def look(self, row: int, column: int) -> CellLook:
        change = self.change(row, column)
        text = f"{change.old} → {change.text}" if change.old is not None else change.text
        return CellLook(text, "right" if change.is_right else "left", weight=600 if change.is_header else 400)

    def edit_text(self, row: int, column: int) -> str:
        return self.change(row, column).text

    def copy_text(self, row: int, column: int) -> str:
        return self.change(row, column).text

    def write(self, row: int, column: int, text: str) -> None:
        raise AssertionError(f"{text!r} into {row}, {column}: a grid of changes is only looked at")

    def is_editable(self, row: int, column: int) -> bool:  # noqa: ARG002
        return False

    def used(self) -> tuple[int, int]:
        return self.rowCount(), self.columnCount()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._picture.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._picture.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        lines: Sequence[Any] = self._picture.columns if orientation is Qt.Orientation.Horizontal else self._picture.rows
        if not 0 <= section < len(lines):
            return None
        line = lines[section]
        if role == Qt.ItemDataRole.UserRole:
            return "accent" if line.is_moved else TURN_ROLES.get(line.turn)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if self._side != "both" and line.turn and line.turn != ("removed" if self._side == "before" else "added"):
            return ""
        if orientation is Qt.Orientation.Horizontal:
            return self._picture.letters(section)
        number = line.before if self._side == "before" or line.after is None else line.after
        return str((number or 0) + 1)
