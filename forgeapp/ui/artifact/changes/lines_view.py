"""Lines of two codes, one below the other or side by side. Only what is in sight is painted."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from forgeapp.ui.artifact.changes.deciding import DecisionRow
from forgeapp.ui.artifact.changes.lines import CodeLine, FileRow, FoldRow, HunkRow, LinesPicture, PairRow, Row, hunk_of
from forgeapp.ui.richtext.marked import TURN_ROLES
from forgeapp.ui.theme import BODY, LABEL, color, font, px
from forgeapp.ui.wording import number_text, tr

_LINE: Final = 20
_FILE: Final = 34
_FOLD: Final = 26
_HUNK: Final = 40
_PAD: Final = 12
_EDGE: Final = 3


class LinesView(QAbstractScrollArea):
    """`show_hunk` brings one into view; Enter on a fold, or a click, opens it.

    Signals: `decided(hunk, is_taken)`, `reopened(hunk)`, `reached(hunk)`: the user has clicked it.
    """

    decided = Signal(int, bool)
    reopened = Signal(int)
    reached = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("changes_lines")
        self.setAccessibleName(tr("Changes"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAutoFillBackground(False)
        self._rows: list[Row] = []
        self._tops: list[int] = [0]
        self._told: Sequence[str] = ()
        self._decisions: Mapping[int, bool] | None = None
        self._widgets: dict[int, DecisionRow] = {}
        self._current: int | None = None
        self._longest = 0
        self._is_alone = False
        self._digits = 2

    @property
    def current(self) -> int | None:
        return self._current

    @property
    def rows(self) -> Sequence[Row]:
        return self._rows

    def show_picture(self, picture: LinesPicture, told: Sequence[str], decisions: Mapping[int, bool] | None) -> None:
        self._drop_widgets()
        self._rows, self._told, self._decisions = list(picture.rows), told, decisions
        self._longest, self._current, self._is_alone = picture.longest, None, picture.is_alone
        last = max((_number(row) for row in self._rows), default=0)
        self._digits = max(2, len(str(last)))
        self._describe()
        self._measure()

    def show_decisions(self, hunks: Sequence[int] | None) -> None:
        for hunk, widget in self._widgets.items():
            if hunks is None or hunk in hunks:
                widget.show_decision((self._decisions or {}).get(hunk))
        self.viewport().update()

    def show_hunk(self, hunk: int) -> None:
        self._current = hunk
        places = [at for at, row in enumerate(self._rows) if hunk_of(row) == hunk]
        if places:
            top, bottom = self._tops[places[0]], self._tops[places[-1] + 1]
            bar = self.verticalScrollBar()
            if top < bar.value() or bottom > bar.value() + self.viewport().height():
                bar.setValue(max(0, min(top - px(60), max(top - px(60), bottom - self.viewport().height() + 8))))
        self.viewport().update()

    def _describe(self) -> None:
        """For who cannot see it."""
        lines = [row for row in self._rows if isinstance(row, CodeLine) and row.turn][:40]
        words = {"added": "+", "removed": "-"}
        self.setAccessibleDescription("\n".join(f"{words[line.turn]} {line.text}" for line in lines if line.turn))

    def _measure(self) -> None:
        heights = {FileRow: px(_FILE), FoldRow: px(_FOLD), HunkRow: px(_HUNK)}
        self._tops = [0, *accumulate(heights.get(type(row), px(_LINE)) for row in self._rows)]
        self._fit_bars()
        self._place_widgets()
        self.viewport().update()

    @property
    def _is_sided(self) -> bool:
        return any(isinstance(row, PairRow) for row in self._rows)

    def _advance(self) -> float:
        return QFontMetricsF(font(LABEL, mono=True)).horizontalAdvance("0")

    def _gutter(self, is_sided: bool) -> int:
        numbers = 1 if is_sided or self._is_alone else 2
        return round(self._advance() * self._digits + px(10)) * numbers + px(_PAD) + _EDGE

    def _fit_bars(self) -> None:
        bar, area = self.verticalScrollBar(), self.viewport().size()
        bar.setPageStep(area.height())
        bar.setSingleStep(px(_LINE))
        bar.setRange(0, max(0, self._tops[-1] + px(8) - area.height()))
        room = (area.width() // 2 if self._is_sided else area.width()) - self._gutter(self._is_sided)
        across = self.horizontalScrollBar()
        across.setPageStep(max(room, 1))
        across.setSingleStep(px(_LINE))
        across.setRange(0, max(0, round(self._longest * self._advance()) + px(24) - room))

    def _drop_widgets(self) -> None:
        for widget in self._widgets.values():
            widget.hide()
            widget.deleteLater()
        self._widgets.clear()

    def _place_widgets(self) -> None:
        """Buttons stand in the rows that are in sight, and only there."""
        if self._decisions is None:
            return
        seen: set[int] = set()
        top = self.verticalScrollBar().value()
        for at in self._in_sight(top, top + self.viewport().height()):
            row = self._rows[at]
            if not isinstance(row, HunkRow):
                continue
            seen.add(row.hunk)
            widget = self._widgets.get(row.hunk) or self._make_widget(row)
            height = self._tops[at + 1] - self._tops[at]
            left = self._gutter(False) - 8
            widget.setGeometry(left, self._tops[at] - top, max(self.viewport().width() - left, 60), height)
            widget.show()
        for hunk in [hunk for hunk in self._widgets if hunk not in seen]:
            widget = self._widgets.pop(hunk)
            if widget.isAncestorOf(self.focusWidget() or self):
                self.setFocus(Qt.FocusReason.OtherFocusReason)
            widget.hide()
            widget.deleteLater()

    def _make_widget(self, row: HunkRow) -> DecisionRow:
        told = self._told[row.hunk] if row.hunk < len(self._told) else ""
        widget = DecisionRow(row.hunk, told, row.words, self.viewport())
        widget.show_decision((self._decisions or {}).get(row.hunk))
        widget.decided.connect(lambda is_taken, hunk=row.hunk: self.decided.emit(hunk, is_taken))
        widget.reopened.connect(lambda hunk=row.hunk: self.reopened.emit(hunk))
        self._widgets[row.hunk] = widget
        return widget

    def _in_sight(self, top: int, bottom: int) -> range:
        first = max(0, bisect_right(self._tops, top) - 1)
        return range(first, min(len(self._rows), bisect_right(self._tops, bottom)))

    def _row_at(self, y: int) -> int | None:
        at = bisect_right(self._tops, y + self.verticalScrollBar().value()) - 1
        return at if 0 <= at < len(self._rows) else None

    def open_fold(self, at: int) -> None:
        """Shows the lines a fold stands for."""
        row = self._rows[at]
        if isinstance(row, FoldRow):
            lines: list[Row] = list(row.lines)
            self._rows[at : at + 1] = [PairRow(line, line) for line in row.lines] if self._is_sided else lines
            self._measure()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), color("surface"))
        top, width = self.verticalScrollBar().value(), self.viewport().width()
        for at in self._in_sight(top + event.rect().top(), top + event.rect().bottom() + 1):
            area = QRect(0, self._tops[at] - top, width, self._tops[at + 1] - self._tops[at])
            match self._rows[at]:
                case FileRow() as row:
                    self._paint_file(painter, area, row)
                case FoldRow() as row:
                    self._paint_fold(painter, area, row)
                case CodeLine() as row:
                    numbers = (row.after,) if self._is_alone else (row.before, row.after)
                    self._paint_line(painter, area, row, numbers)
                case PairRow(left=left, right=right):
                    half = width // 2
                    sides = QRect(0, area.top(), half, area.height()), area.adjusted(half + 1, 0, 0, 0)
                    self._paint_side(painter, sides[0], left, is_after=False)
                    self._paint_side(painter, sides[1], right, is_after=True)
                    painter.fillRect(half, area.top(), 1, area.height(), color("line"))
                case HunkRow(hunk=hunk):
                    self._paint_edge(painter, area, hunk)
        if self.hasFocus():
            painter.setPen(color("accent", 0.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))

    def _paint_file(self, painter: QPainter, area: QRect, row: FileRow) -> None:
        painter.fillRect(area, color("ground"))
        painter.fillRect(area.left(), area.bottom(), area.width(), 1, color("line_2"))
        turns = {"added": tr("New file"), "removed": tr("Removed")}
        inner = area.adjusted(px(_PAD), 0, -px(_PAD), 0)
        note = turns.get(row.turn, "")
        painter.setFont(font(LABEL))
        room = round(QFontMetricsF(font(LABEL)).horizontalAdvance(note)) + 12 if note else 0
        if note:
            painter.setPen(color(TURN_ROLES[row.turn]))
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, note)
        painter.setFont(font(BODY, 600))
        painter.setPen(color("ink"))
        name = QFontMetricsF(font(BODY, 600)).elidedText(row.name, Qt.TextElideMode.ElideMiddle, inner.width() - room)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, name)

    def _paint_fold(self, painter: QPainter, area: QRect, row: FoldRow) -> None:
        painter.fillRect(area, color("sunken"))
        painter.setFont(font(LABEL))
        painter.setPen(color("ink_3"))
        count = len(row.lines)
        words = tr("… 1 line") if count == 1 else tr("… {count} lines", count=number_text(count))
        painter.drawText(area.adjusted(self._gutter(False), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_side(self, painter: QPainter, area: QRect, line: CodeLine | None, is_after: bool) -> None:
        if line is None:
            painter.fillRect(area, color("ground"))
        else:
            self._paint_line(painter, area, line, (line.after if is_after else line.before,))

    def _paint_line(self, painter: QPainter, area: QRect, line: CodeLine, numbers: tuple[int | None, ...]) -> None:
        is_taken = (self._decisions or {}).get(line.hunk) if line.hunk is not None else None
        # What was decided against is quiet, what stays looks like all else.
        is_over = is_taken is not None
        stays = is_over and (line.turn == "added") is is_taken
        role = TURN_ROLES.get(line.turn, "")
        if line.turn and not is_over:
            painter.fillRect(area, color(f"{role}_soft"))
        if line.hunk is not None:
            self._paint_edge(painter, area, line.hunk)
        advance = self._advance()
        painter.setFont(font(LABEL, mono=True))
        x = _EDGE
        width = round(advance * self._digits + px(10))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.setPen(color(role if line.turn and not is_over else "ink_3"))
        for number in numbers:
            if number is not None:
                painter.drawText(QRect(area.left() + x, area.top(), width - px(4), area.height()), flags, str(number))
            x += width
        inner = area.adjusted(x + px(_PAD) - 4, 0, 0, 0)
        painter.save()
        painter.setClipRect(inner, Qt.ClipOperation.IntersectClip)
        at = QPointF(inner.left() + 2 - self.horizontalScrollBar().value(), 0)
        self._paint_words(painter, at, area, line, is_over, stays)
        painter.restore()

    def _paint_words(
        self, painter: QPainter, at: QPointF, area: QRect, line: CodeLine, is_over: bool, stays: bool
    ) -> None:
        type_ = font(LABEL, mono=True)
        metrics = QFontMetricsF(type_)
        role = TURN_ROLES.get(line.turn, "")
        tone = "ink" if not line.turn or stays else "ink_3" if is_over else role
        baseline = area.top() + (area.height() + metrics.ascent() - metrics.descent()) / 2
        x = at.x()
        words = line.words or ((line.text, False),)
        blank = len(words[0][0]) - len(words[0][0].lstrip())
        if blank:
            # A line through blanks would be the first thing seen.
            words = ((words[0][0][:blank], False), (words[0][0][blank:], words[0][1]), *words[1:])
        for text, is_changed in words:
            width = metrics.horizontalAdvance(text)
            if is_changed and not is_over and text.strip():
                painter.fillRect(QRectF(x, area.top() + 1, width, area.height() - 2), color(role, 0.24))
            is_gone = is_over or (line.turn == "removed" and is_changed)
            type_.setStrikeOut(bool(line.turn) and not stays and is_gone and not text.isspace())
            painter.setFont(type_)
            painter.setPen(color(tone))
            painter.drawText(QPointF(x, baseline), text)
            x += width

    def _paint_edge(self, painter: QPainter, area: QRect, hunk: int) -> None:
        if self._decisions is None:
            return
        is_open = hunk not in self._decisions
        shown = color("accent") if hunk == self._current else color("accent", 0.4) if is_open else color("line")
        painter.fillRect(area.left(), area.top(), _EDGE, area.height(), shown)

    # What Qt calls.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._row_at(event.position().toPoint().y())
        if at is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        row = self._rows[at]
        if isinstance(row, FoldRow):
            self.open_fold(at)
        hunk = hunk_of(row)
        if hunk is not None:
            self._current = hunk
            self.viewport().update()
            self.reached.emit(hunk)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        match event.key():
            case Qt.Key.Key_Home:
                bar.setValue(0)
            case Qt.Key.Key_End:
                bar.setValue(bar.maximum())
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_A | Qt.Key.Key_R | Qt.Key.Key_Delete:
                event.ignore()
            case _ if event.modifiers() & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier):
                event.ignore()
            case _:
                super().keyPressEvent(event)

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self._place_widgets()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_bars()
        self._place_widgets()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "_rows"):
            self._measure()

    def sizeHint(self) -> QSize:
        return QSize(480, 320)


def _number(row: Row) -> int:
    match row:
        case CodeLine(before=before, after=after):
            return max(before or 0, after or 0)
        case PairRow(left=left, right=right):
            return max(_number(line) for line in (left, right) if line is not None)
        case FoldRow(lines=lines):
            return max((_number(line) for line in lines[-1:]), default=0)
    return 0
