"""What a preview shows beside pages: the rows of a sheet, a text, the names of files, a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QPlainTextEdit,
    QTabBar,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from forgeapp.domain.workbook import Position, column_letters
from forgeapp.ui.controls.painting import advance
from forgeapp.ui.theme import LABEL, color, font, px
from forgeapp.ui.wording import size_text, tr

if TYPE_CHECKING:
    from forgeapp.services.exporting.previews import Grid

_MIN_COLUMN: Final = 56
_MAX_COLUMN: Final = 220
_MEASURED_ROWS: Final = 30
_MAX_CELL_CHARS: Final = 200
Index = QModelIndex | QPersistentModelIndex


class GridLook(QWidget):
    """The first rows of each sheet, the way a spreadsheet program shows them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grids: tuple[Grid, ...] = ()
        self.table = QTableView(self)
        self.table.setObjectName("preview_grid")
        self.table.setAccessibleName(tr("The first rows"))
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.setWordWrap(False)
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.verticalHeader().setHighlightSections(False)
        self.table.setTabKeyNavigation(False)
        self._model = _GridModel(self)
        self.table.setModel(self._model)
        self.sheets = QTabBar(self)
        self.sheets.setObjectName("preview_sheets")
        self.sheets.setAccessibleName(tr("Sheets"))
        self.sheets.setExpanding(False)
        self.sheets.setDrawBase(False)
        self.sheets.setShape(QTabBar.Shape.RoundedSouth)
        self.sheets.setUsesScrollButtons(True)
        self.sheets.currentChanged.connect(self._on_sheet_chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        column.addWidget(self.sheets)

    def show_grids(self, grids: tuple[Grid, ...]) -> None:
        before = self.sheets.currentIndex()
        self._grids = grids
        self.sheets.blockSignals(True)
        while self.sheets.count():
            self.sheets.removeTab(0)
        for grid in grids:
            self.sheets.addTab(grid.name.replace("&", "&&"))
        self.sheets.setVisible(len(grids) > 1)
        at = before if 0 <= before < len(grids) else 0
        self.sheets.setCurrentIndex(at)
        self.sheets.blockSignals(False)
        self._on_sheet_chosen(at)

    def _on_sheet_chosen(self, place: int) -> None:
        if not 0 <= place < len(self._grids):
            return
        rows = self._grids[place].rows
        hidden = self._grids[place].hidden
        self._model.show_grid(rows, self._grids[place].at_right)
        for row in range(self._model.rowCount()):
            self.table.setRowHidden(row, row in hidden.rows)
        for column in range(self._model.columnCount()):
            self.table.setColumnHidden(column, column in hidden.columns)
        metrics, bold = QFontMetricsF(font(LABEL)), QFontMetricsF(font(LABEL, 600))
        for column in range(self._model.columnCount()):
            texts = [row[column][:_MAX_CELL_CHARS] for row in rows[:_MEASURED_ROWS]]
            widths = [advance(metrics if place else bold, text) for place, text in enumerate(texts)]
            width = max(widths, default=0) + 24
            self.table.setColumnWidth(column, min(max(width, px(_MIN_COLUMN)), px(_MAX_COLUMN)))
        height = max(24, round(metrics.height()) + 8)
        self.table.verticalHeader().setDefaultSectionSize(height)


class _GridModel(QAbstractTableModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[str, ...], ...] = ()
        self._at_right: frozenset[Position] = frozenset()

    def show_grid(self, rows: tuple[tuple[str, ...], ...], at_right: frozenset[Position]) -> None:
        self.beginResetModel()
        self._rows, self._at_right = rows, at_right
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() or not self._rows else len(self._rows[0])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        text = self._rows[index.row()][index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return text[:_MAX_CELL_CHARS].replace("\n", " ")
            case Qt.ItemDataRole.FontRole:
                return font(LABEL, 600 if index.row() == 0 else 400)
            case Qt.ItemDataRole.TextAlignmentRole:
                is_right = (index.row(), index.column()) in self._at_right
                side = Qt.AlignmentFlag.AlignRight if is_right else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return column_letters(section) if orientation is Qt.Orientation.Horizontal else str(section + 1)
        return None


class TextLook(QPlainTextEdit):
    """The first lines of a file, as they stand in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preview_text")
        self.setAccessibleName(tr("The first lines"))
        self.setProperty("look", "plain")
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.document().setDocumentMargin(12)

    def show_text(self, text: str, wraps: bool) -> None:
        self.setFont(font(LABEL, mono=True))
        self.setLineWrapMode(self.LineWrapMode.WidgetWidth if wraps else self.LineWrapMode.NoWrap)
        lines = (line if len(line) <= _MAX_LINE else line[:_MAX_LINE] + "…" for line in text.split("\n")[:_MAX_LINES])
        self.setPlainText("\n".join(lines))


_MAX_LINE: Final = 400
_MAX_LINES: Final = 400
"""What is looked at; more would be laid out for nothing."""


def files_text(files: tuple[tuple[str, int], ...]) -> str:
    """A line a file, name and size."""
    width = min(max((len(name) for name, _ in files), default=0), 48)
    return "\n".join(f"{name:<{width}}  {size_text(size)}" for name, size in files)


class PictureLook(QWidget):
    """A picture as large as there is room, at most as it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preview_picture")
        self.setAccessibleName(tr("The picture"))
        self._image = QImage()

    def show_image(self, image: QImage) -> None:
        self._image = image
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 240)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("sunken"))
        if self._image.isNull():
            return
        room = QRectF(self.rect()).adjusted(16, 16, -16, -16)
        size = self._image.size().toSizeF() / self._image.devicePixelRatioF()
        if size.width() > room.width() or size.height() > room.height():
            size = size.scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        area = QRectF(
            room.center().x() - size.width() / 2, room.center().y() - size.height() / 2, size.width(), size.height()
        )
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(area, Qt.GlobalColor.white)
        painter.drawImage(area, self._image)
        painter.setPen(color("line"))
        painter.drawRect(area.adjusted(-0.5, -0.5, 0.5, 0.5))
