"""Hunks in a list: where each is, what it says, what was decided. Thousands of them are no matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from forgeapp.ui.artifact.changes.words import decided_text, one_line, texts_of, told, where_text
from forgeapp.ui.controls.painting import draw_ring, fill_round
from forgeapp.ui.icons import pixmap
from forgeapp.ui.theme import CAPTION, LABEL, RADIUS, color, font, px
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.services.comparing import Hunk

_HUNK = Qt.ItemDataRole.UserRole
_DECISION = Qt.ItemDataRole.UserRole + 1
_Index = QModelIndex | QPersistentModelIndex


class HunkList(QListView):
    """`reached(hunk)`: by arrow keys or the mouse."""

    reached = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("hunk_list")
        self.setAccessibleName(tr("Changes"))
        self.setProperty("look", "plain")
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._model = _Hunks(self)
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(self))

    def show_hunks(self, hunks: Sequence[Hunk], decisions: Mapping[int, bool] | None) -> None:
        self._model.show_hunks(hunks, decisions)

    def refresh(self) -> None:
        """What was decided has changed."""
        self.viewport().update()

    def show_hunk(self, hunk: int) -> None:
        self.blockSignals(True)
        self.setCurrentIndex(self._model.index(hunk))
        self.blockSignals(False)
        self.scrollTo(self.currentIndex())

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        super().currentChanged(current, previous)
        if current.isValid():
            self.reached.emit(current.row())

    def keyPressEvent(self, event: Any) -> None:
        if event.key() in (
            Qt.Key.Key_Return,
            Qt.Key.Key_Enter,
            Qt.Key.Key_A,
            Qt.Key.Key_R,
            Qt.Key.Key_Delete,
        ) or event.modifiers() & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier):
            event.ignore()
        else:
            super().keyPressEvent(event)


class _Hunks(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._hunks: Sequence[Hunk] = ()
        self._decisions: Mapping[int, bool] | None = None

    def show_hunks(self, hunks: Sequence[Hunk], decisions: Mapping[int, bool] | None) -> None:
        self.beginResetModel()
        self._hunks, self._decisions = hunks, decisions
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._hunks)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        hunk = self._hunks[index.row()]
        decision = (self._decisions or {}).get(index.row())
        if role == _HUNK:
            return hunk
        if role == _DECISION:
            return decision
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return told(hunk) if decision is None else f"{told(hunk)}, {decided_text(decision)}"
        return None


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return QSize(option.rect.width(), px(34) + 12)  # type: ignore[attr-defined]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        hunk, decision = index.data(_HUNK), index.data(_DECISION)
        painter.save()
        area: QRect = option.rect.adjusted(6, 1, -6, -1)  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        is_chosen = bool(state & QStyle.StateFlag.State_Selected)
        if is_chosen or state & QStyle.StateFlag.State_MouseOver:
            fill_round(painter, area, RADIUS, color("selected" if is_chosen else "hover"))
        if is_chosen and state & QStyle.StateFlag.State_HasFocus:
            draw_ring(painter, area, RADIUS)
        inner = area.adjusted(10, 5, -10, -5)
        upper = QRect(inner.left(), inner.top(), inner.width(), inner.height() // 2)
        lower = QRect(inner.left(), upper.bottom() + 1, inner.width(), inner.height() - upper.height())
        if decision is not None:
            mark = pixmap("check" if decision else "x", "good" if decision else "ink_3", 13, 1.0)
            painter.drawPixmap(upper.right() - 13, upper.center().y() - 6, mark)
        painter.setFont(font(LABEL, 500))
        painter.setPen(color("ink" if decision is None else "ink_3"))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        where = QFontMetricsF(font(LABEL, 500)).elidedText(
            where_text(hunk.where), Qt.TextElideMode.ElideRight, upper.width() - 18
        )
        painter.drawText(upper, flags, where)
        _paint_turns(painter, lower, hunk, decision)
        painter.restore()


def _paint_turns(painter: QPainter, area: QRect, hunk: Hunk, decision: bool | None) -> None:
    """What was there struck, then what comes."""
    type_ = font(CAPTION)
    x = area.left()
    parts = [(text, role) for text, role in zip(texts_of(hunk), ("bad", "good"), strict=True) if text]
    for place, (text, role) in enumerate(parts):
        room = area.right() - x
        if len(parts) == 2 and place == 0:
            room = room * 45 // 100
        type_.setStrikeOut(role == "bad")
        metrics = QFontMetricsF(type_)
        shown = metrics.elidedText(one_line(text), Qt.TextElideMode.ElideRight, max(room, 0))
        painter.setFont(type_)
        painter.setPen(color(role if decision is None else "ink_3"))
        painter.drawText(
            QRect(x, area.top(), max(room, 0), area.height()),
            Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine,
            shown,
        )
        x += round(metrics.horizontalAdvance(shown)) + 8
