"""Column names or row numbers along a grid; whole rows and columns are dragged by them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetricsF, QHelpEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication, QHeaderView, QToolTip

from forgeapp.ui.artifact.grid.cell_editor import PADDING
from forgeapp.ui.artifact.grid.header_marks import (
    MARK_ROOM,
    TYPE_ROOM,
    Mark,
    mark_at,
    paint_marks,
    paint_type,
    shown_marks,
)
from forgeapp.ui.artifact.grid.model import HeaderMarks
from forgeapp.ui.theme import BODY, CAPTION, ROW, color, font, px
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.artifact.grid.view import GridView

_GRIP = 4
_HIDDEN = 1
_MAX_TIP_CHARS = 1_000
_MIN_SECTION = 40


class GridHeader(QHeaderView):
    """`names`: what it shows are names in the type of the cells, not letters or numbers in a quieter one.

    Signals: `dragged(first, count, to)`: whole sections were dropped so that the first stands at `to` afterwards;
    `opened(section)`: double click; `menu_requested(section, QPoint)`: section -1 beside them all;
    `sort_clicked(section)`, `filter_clicked(section)`: on the marks of a column whose model has some.
    """

    dragged = Signal(int, int, int)
    opened = Signal(int)
    menu_requested = Signal(int, QPoint)
    sort_clicked = Signal(int)
    filter_clicked = Signal(int)

    def __init__(self, orientation: Qt.Orientation, view: GridView, names: bool = False) -> None:
        super().__init__(orientation, view)
        self._view = view
        self.names = names
        self.is_draggable = False
        self._pressed: QPoint | None = None
        self._drag: tuple[int, int] | None = None
        self.drop_at: int | None = None
        self._lit = -1
        self._under_mouse: Mark | None = None
        self._pressed_mark: tuple[int, Mark] | None = None
        self.viewport().setMouseTracking(True)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(_MIN_SECTION if orientation is Qt.Orientation.Horizontal else 12)
        self.sectionDoubleClicked.connect(self.opened)
        self.fit_text()

    @property
    def is_horizontal(self) -> bool:
        return self.orientation() is Qt.Orientation.Horizontal

    def fit_text(self, *_: object) -> None:
        """Measures again, also after the text size changed."""
        if not self.is_horizontal:
            self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            self.setDefaultSectionSize(px(ROW))
            self.setFixedWidth(self._number_width())
        else:
            self.setFixedHeight(px(ROW))

    def _number_width(self) -> int:
        digits = len(str(max(self.count(), 99)))
        return max(round(self._metrics().horizontalAdvance("0" * digits)) + 16, 36)

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(font(BODY, 600) if self.names else font(CAPTION, 500))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        if not rect.isValid():
            return
        touched, whole = self._view.section_state(self.orientation(), section)
        painter.fillRect(rect, color("selected" if whole else "hover" if touched else "ground"))
        painter.setPen(color("line"))
        painter.drawLine(rect.topRight(), rect.bottomRight())
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        self._paint_hidden(painter, rect, section)
        model = self.model()
        text = str(model.headerData(section, self.orientation(), Qt.ItemDataRole.DisplayRole) or "")
        align = model.headerData(section, self.orientation(), Qt.ItemDataRole.TextAlignmentRole)
        tone = model.headerData(section, self.orientation(), Qt.ItemDataRole.UserRole)
        alignment = Qt.AlignmentFlag(align) if align is not None else Qt.AlignmentFlag.AlignCenter
        area = rect.adjusted(PADDING, 0, -PADDING - 1, 0) if self.names else rect.adjusted(2, 0, -2, 0)
        marks = self._marks(section)
        if marks is not None:
            area = self._paint_marks(painter, rect, area, section, marks)
        painter.setFont(font(BODY, 600) if self.names else font(CAPTION, 500))
        painter.setPen(color(tone or ("ink" if self.names or touched else "ink_3")))
        shown = self._metrics().elidedText(text[:300].replace("\n", " "), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, alignment | Qt.TextFlag.TextSingleLine, shown)
        if self.drop_at is not None and self.drop_at in (section, section + 1):
            self._paint_drop(painter, rect, self.drop_at == section)

    def _paint_hidden(self, painter: QPainter, rect: QRect, section: int) -> None:
        """A strong line where hidden sections lie before this one, and where they come behind it."""
        before, behind = section > 0 and self.isSectionHidden(section - 1), self.isSectionHidden(section + 1)
        width, height = (_HIDDEN, rect.height()) if self.is_horizontal else (rect.width(), _HIDDEN)
        if before:
            painter.fillRect(rect.left(), rect.top(), width, height, color("ink_3"))
        if behind:
            painter.fillRect(rect.right() - width + 1, rect.bottom() - height + 1, width, height, color("ink_3"))

    def _marks(self, section: int) -> HeaderMarks | None:
        is_name = self.is_horizontal and self.names and section >= 0
        return self._view.grid_model().header_marks(section) if is_name else None

    def _paint_marks(self, painter: QPainter, rect: QRect, area: QRect, section: int, marks: HeaderMarks) -> QRect:
        """Gives what is left for the name."""
        ratio, is_lit = self.devicePixelRatioF(), section == self._lit
        shown = shown_marks(rect, marks, is_lit)
        paint_type(painter, rect, area.left(), marks, ratio)
        paint_marks(painter, shown, marks, self._under_mouse if is_lit else None, ratio)
        right = min((each.left() - 2 for _, each in shown), default=area.right())
        return QRect(area.left() + TYPE_ROOM, area.top(), max(right - area.left() - TYPE_ROOM, 0), area.height())

    def _section_rect(self, section: int) -> QRect:
        return QRect(self.sectionViewportPosition(section), 0, self.sectionSize(section), self.height())

    def _mark_at(self, point: QPoint) -> tuple[int, Mark] | None:
        section = self.logicalIndexAt(point)
        marks = self._marks(section)
        mark = mark_at(self._section_rect(section), marks, point) if marks is not None else None
        return None if mark is None else (section, mark)

    def _light(self, section: int, mark: Mark | None) -> None:
        if (section, mark) != (self._lit, self._under_mouse):
            self._lit, self._under_mouse = section, mark
            self.viewport().update()

    def _paint_drop(self, painter: QPainter, rect: QRect, is_before: bool) -> None:
        """One pixel on this side of the border; the neighbour paints the other."""
        if self.is_horizontal:
            at = rect.left() if is_before else rect.right()
            painter.fillRect(QRect(at, rect.top(), 1, rect.height()), color("accent"))
        else:
            at = rect.top() if is_before else rect.bottom()
            painter.fillRect(QRect(rect.left(), at, rect.width(), 1), color("accent"))

    def sectionSizeFromContents(self, section: int) -> QSize:
        text = str(self.model().headerData(section, self.orientation(), Qt.ItemDataRole.DisplayRole) or "")
        width = round(self._metrics().horizontalAdvance(text[:300].replace("\n", " "))) + 2 * PADDING + 4
        marks = self._marks(section)
        if marks is not None:
            width += TYPE_ROOM + MARK_ROOM * (bool(marks.sort) + marks.is_filtered)
        return QSize(width, px(ROW))

    def sizeHint(self) -> QSize:
        return QSize(self._number_width() if not self.is_horizontal else 0, px(ROW))

    def _along(self, point: QPoint) -> int:
        return point.x() if self.is_horizontal else point.y()

    def _is_grip(self, point: QPoint) -> bool:
        """Where the mouse changes the width of a column."""
        section = self.logicalIndexAt(point)
        if not self.is_horizontal or section < 0:
            return False
        start = self.sectionViewportPosition(section)
        at = point.x()
        return at < start + _GRIP or at > start + self.sectionSize(section) - _GRIP - 1

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip:
            assert isinstance(event, QHelpEvent)
            QToolTip.showText(event.globalPos(), self._tip(event.pos()), self)
            return True
        if event.type() is QEvent.Type.Leave:
            self._light(-1, None)
        return super().viewportEvent(event)

    def _tip(self, point: QPoint) -> str:
        """What a mark does; else the name where it is cut, and the column's type."""
        section, mark = self.logicalIndexAt(point), self._mark_at(point)
        if section < 0:
            return ""
        if mark is not None:
            words = tr("Sort: up, down, as they are") if mark[1] == "sort" else tr("Filter")
            return f"<p>{escape(words)}</p>"
        is_cut = self.sectionSizeFromContents(section).width() > self.sectionSize(section) + 4
        text = str(self.model().headerData(section, self.orientation()) or "") if is_cut else ""
        marks = self._marks(section)
        lines = [text[:_MAX_TIP_CHARS], marks.tip if marks is not None else ""]
        return "".join(f"<p>{escape(line)}</p>" for line in lines if line)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        section = self.logicalIndexAt(point)
        self._pressed = None
        self._pressed_mark = self._mark_at(point) if event.button() is Qt.MouseButton.LeftButton else None
        if self._pressed_mark is not None:
            return
        is_plain = event.button() is Qt.MouseButton.LeftButton and not event.modifiers()
        if self.is_draggable and is_plain and not self._is_grip(point):
            span = self._view.whole_sections(self.orientation())
            if span is not None and span[0] <= section < span[0] + span[1]:
                self._pressed, self._drag = point, span
                return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if self._pressed is None:
            mark = self._mark_at(point)
            self._light(self.logicalIndexAt(point) if not event.buttons() else -1, mark[1] if mark else None)
            if self._pressed_mark is None:
                super().mouseMoveEvent(event)
            return
        far = abs(self._along(point) - self._along(self._pressed)) >= QApplication.startDragDistance()
        if self.drop_at is None and not far:
            return
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self._set_drop(self._boundary(point))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed_mark, self._pressed_mark = self._pressed_mark, None
        if pressed_mark is not None:
            if self._mark_at(event.position().toPoint()) == pressed_mark:
                section, mark = pressed_mark
                (self.sort_clicked if mark == "sort" else self.filter_clicked).emit(section)
            return
        if self._pressed is None:
            super().mouseReleaseEvent(event)
            return
        pressed, to, span = self._pressed, self.drop_at, self._drag
        self._pressed = None
        self.unsetCursor()
        self._set_drop(None)
        assert span is not None
        first, count = span
        if to is None:
            self.sectionPressed.emit(self.logicalIndexAt(pressed))
        elif to < first:
            self.dragged.emit(first, count, to)
        elif to > first + count:
            self.dragged.emit(first, count, to - count)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._mark_at(event.position().toPoint()) is None:
            super().mouseDoubleClickEvent(event)
        else:
            self.mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_requested.emit(self.logicalIndexAt(event.pos()), event.globalPos())

    def _boundary(self, point: QPoint) -> int:
        """The section before which a drop at `point` would put what is dragged."""
        at = self._along(point)
        rows, columns = self._view.used()
        end = columns if self.is_horizontal else rows
        if at < 0:
            return max(self.logicalIndexAt(QPoint(0, 0)), 0)
        section = self.logicalIndexAt(point)
        if section < 0:
            return end
        middle = self.sectionViewportPosition(section) + self.sectionSize(section) / 2
        return min(section + (at > middle), end)

    def _set_drop(self, at: int | None) -> None:
        if at != self.drop_at:
            self.drop_at = at
            self.viewport().update()
            self._view.viewport().update()
