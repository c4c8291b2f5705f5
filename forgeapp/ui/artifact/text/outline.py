"""A document's headings as a tree: a click goes there, and the section one is in is marked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QTreeView, QVBoxLayout, QWidget

from forgeapp.ui.artifact.text.headings import HeadingLine
from forgeapp.ui.controls import IconButton, Label
from forgeapp.ui.controls.painting import draw_ring
from forgeapp.ui.icons import pixmap
from forgeapp.ui.theme import LABEL, RADIUS, font
from forgeapp.ui.wording import tr

PANEL_WIDTH: Final = 208
_INDENT: Final = 18
_LINE = Qt.ItemDataRole.UserRole + 1


class Outline(QTreeView):
    """`chosen(line)`: go there. `left`: Esc, back to the text."""

    chosen = Signal(int)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("outline")
        self.setAccessibleName(tr("Outline"))
        self.setProperty("look", "plain")
        self.setHeaderHidden(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setIndentation(_INDENT)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setUniformRowHeights(True)
        self.setExpandsOnDoubleClick(False)
        self._model = QStandardItemModel(self)
        self.setModel(self._model)
        self._headings: tuple[HeadingLine, ...] = ()
        self._items: list[QStandardItem] = []
        self._folded: set[tuple[int, str]] = set()
        self.clicked.connect(self._on_chosen)
        self.collapsed.connect(lambda index: self._folded.add(self._name(index)))
        self.expanded.connect(lambda index: self._folded.discard(self._name(index)))

    @property
    def headings(self) -> tuple[HeadingLine, ...]:
        return self._headings

    def show_headings(self, headings: Sequence[HeadingLine]) -> None:
        """Where only lines have moved the tree stays as it is; what was folded stays folded."""
        fresh = tuple(headings)
        if [(h.level, h.words) for h in fresh] == [(h.level, h.words) for h in self._headings]:
            for item, heading in zip(self._items, fresh, strict=True):
                item.setData(heading.line, _LINE)
            self._headings = fresh
            return
        self._headings = fresh
        self._model.clear()
        self._items = []
        above: list[tuple[int, QStandardItem]] = []
        for heading in fresh:
            item = QStandardItem(heading.words or "…")
            item.setData(heading.line, _LINE)
            item.setData(heading.level, _LINE + 1)
            item.setToolTip(heading.words)
            item.setFont(font(LABEL, 600 if heading.level == 1 else 400))
            while above and above[-1][0] >= heading.level:
                above.pop()
            (above[-1][1] if above else self._model.invisibleRootItem()).appendRow(item)
            above.append((heading.level, item))
            self._items.append(item)
        self.expandAll()
        for item, heading in zip(self._items, fresh, strict=True):
            if (heading.level, heading.words) in self._folded:
                self.collapse(item.index())
        self.viewport().update()

    def mark_line(self, line: float) -> None:
        """The heading above this line is the one that holds."""
        if self.hasFocus():
            return
        number = bisect_right(self._headings, line, key=lambda heading: heading.line) - 1
        index = self._items[number].index() if number >= 0 else QModelIndex()
        if index != self.currentIndex():
            self.setCurrentIndex(index)

    def _name(self, index: QModelIndex) -> tuple[int, str]:
        return index.data(_LINE + 1), index.data()

    def _on_chosen(self, index: QModelIndex) -> None:
        self.chosen.emit(index.data(_LINE))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self.currentIndex().isValid():
                self._on_chosen(self.currentIndex())
            case Qt.Key.Key_Escape:
                self.left.emit()
            case _:
                super().keyPressEvent(event)

    def drawBranches(self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex) -> None:
        if self._model.hasChildren(index):
            name = "chevron-down" if self.isExpanded(index) else "chevron-right"
            mark = pixmap(name, "ink_3", 12, self.devicePixelRatioF())
            painter.drawPixmap(QPoint(rect.right() - 13, rect.center().y() - 5), mark)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            draw_ring(QPainter(self.viewport()), self.viewport().rect(), RADIUS)

    def sizeHint(self) -> QSize:
        return QSize(PANEL_WIDTH, 320)


class OutlinePanel(QWidget):
    """The outline with its title, and words where there is none. `closed`: its cross was pressed."""

    closed = Signal()

    def __init__(self, outline: Outline, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("outline_panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("look", "surface")
        self.outline = outline
        self._blank = Label(tr("Headings show here: lines that begin with #."), LABEL, role="ink_3")
        self._blank.setWordWrap(True)
        title = Label(tr("Outline"), LABEL, role="ink_2")
        close = IconButton("x", tr("Close the outline"), "Ctrl+Shift+O", side=24, size=14)
        close.setObjectName("outline_close")
        close.clicked.connect(self.closed)
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(12, 6, 8, 4)
        row.addWidget(title, 1)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self._blank)
        column.addWidget(outline, 1)
        self._blank.setContentsMargins(12, 4, 12, 4)

    def show_headings(self, headings: Sequence[HeadingLine]) -> None:
        self.outline.show_headings(headings)
        self._blank.setVisible(not headings)
        self.outline.setVisible(bool(headings))
