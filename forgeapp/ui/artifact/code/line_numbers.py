"""Line numbers beside a text edit, with marks at lines in which something is not right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QToolTip, QWidget

from forgeapp.domain.finding import Severity
from forgeapp.ui.artifact.code.findings import Placed
from forgeapp.ui.artifact.code.severity import draw_severity, told
from forgeapp.ui.controls import plain_tooltip
from forgeapp.ui.controls.painting import advance
from forgeapp.ui.theme import LABEL, color, font

_EDGE = 12
_MIN_DIGITS = 3
_MARK = 8
_MARK_EDGE = 6
_ORDER = tuple(Severity)
_WITHIN_MARGIN = 8
"""So far the numbers reach into the margin of the text."""


class LineNumbers(QWidget):
    """Keeps room for itself left of the text. A click selects the line, dragging selects lines."""

    def __init__(self, edit: QPlainTextEdit) -> None:
        super().__init__(edit)
        self._edit = edit
        self._width = 0
        self._anchor = 0
        self.numbers: Sequence[int] | None = None
        """What each line is called where that is not its place; 0 is not shown."""
        self.placed: Sequence[Placed] = ()
        """What is not right, marked beside its lines; the worst of a line's."""
        self.setCursor(Qt.CursorShape.ArrowCursor)
        edit.installEventFilter(self)
        edit.blockCountChanged.connect(self._on_block_count_changed)
        edit.updateRequest.connect(self._on_update_request)
        edit.cursorPositionChanged.connect(self.update)
        self.fit()

    def fit(self) -> None:
        """Takes the width the longest number needs."""
        digits = max(_MIN_DIGITS, len(str(max(1, self._edit.blockCount()))))
        width = advance(QFontMetricsF(font(LABEL, mono=True)), "9" * digits) + _EDGE + _MARK + 2 * _MARK_EDGE
        if width != self._width:
            self._width = width
            self._edit.setViewportMargins(width - _WITHIN_MARGIN, 0, 0, 0)
        area = self._edit.contentsRect()
        self.setGeometry(QRect(area.left(), area.top(), width, area.height()))

    def _on_block_count_changed(self, _count: int) -> None:
        self.fit()

    def _on_update_request(self, area: QRect, by: int) -> None:
        if by:
            self.scroll(0, by)
        else:
            self.update(0, area.y(), self.width(), area.height())

    @property
    def count(self) -> int:
        """The number of the last line."""
        return self._edit.blockCount() if self.numbers is None else max(self.numbers, default=1)

    def place_of(self, number: int) -> int:
        """Where the line of that number is shown, from 0; the last one where there are fewer."""
        number = min(max(number, 1), self.count)
        return number - 1 if self.numbers is None else self.numbers.index(number)

    def name_of(self, place: int) -> str:
        """What the line shown there, counted from 0, is called; '' where the one above goes on."""
        if self.numbers is None:
            return str(place + 1)
        return str(self.numbers[place] or "") if place < len(self.numbers) else ""

    def _select(self, y: float, is_drag: bool) -> None:
        cursor = self._edit.cursorForPosition(QPoint(0, round(y)))
        block = cursor.block()
        if not is_drag:
            self._anchor = block.position()
        end = block.position() + block.length()
        selection = self._edit.textCursor()
        if block.position() >= self._anchor:
            selection.setPosition(self._anchor)
            selection.setPosition(min(end, self._edit.document().characterCount() - 1), QTextCursor.MoveMode.KeepAnchor)
        else:
            anchored = self._edit.document().findBlock(self._anchor)
            selection.setPosition(min(self._anchor + anchored.length(), self._edit.document().characterCount() - 1))
            selection.setPosition(block.position(), QTextCursor.MoveMode.KeepAnchor)
        self._edit.setTextCursor(selection)
        self._edit.setFocus(Qt.FocusReason.MouseFocusReason)

    def _worst(self) -> dict[int, Severity]:
        worst: dict[int, Severity] = {}
        for each in self.placed:
            severity = each.finding.severity
            worst[each.line] = min(worst.get(each.line, severity), severity, key=_ORDER.index)
        return worst

    def sizeHint(self) -> QSize:
        return QSize(self._width, 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.FontChange):
            self.fit()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            line = self._edit.cursorForPosition(QPoint(0, event.pos().y())).blockNumber()
            words = told(each.finding for each in self.placed if each.line == line)
            QToolTip.showText(event.globalPos(), plain_tooltip(words), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._select(event.position().y(), is_drag=False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._select(event.position().y(), is_drag=True)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        edit = self._edit
        painter.fillRect(event.rect(), color("surface"))
        painter.setFont(font(LABEL, mono=True))
        current = edit.textCursor().blockNumber()
        block = edit.firstVisibleBlock()
        offset = edit.contentOffset()
        line_height = QFontMetricsF(edit.font()).height()
        worst = self._worst()
        while block.isValid():
            area = edit.blockBoundingGeometry(block).translated(offset)
            if area.top() > event.rect().bottom():
                break
            if block.isVisible() and area.bottom() >= event.rect().top():
                is_current = block.blockNumber() == current
                painter.setPen(color("ink_2" if is_current else "ink_3", 1.0 if is_current else 0.75))
                painter.drawText(
                    QRect(0, round(area.top()), self.width() - _EDGE, round(line_height)),
                    Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                    self.name_of(block.blockNumber()),
                )
                if block.blockNumber() in worst:
                    top = area.top() + (line_height - _MARK) / 2
                    draw_severity(painter, QRectF(_MARK_EDGE, top, _MARK, _MARK), worst[block.blockNumber()])
            block = block.next()
