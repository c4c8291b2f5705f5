"""The conversation in view: its last page first, earlier ones as they are scrolled to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from forgeapp.ui.chat.beginning import Beginning
from forgeapp.ui.chat.queue_view import QueueView
from forgeapp.ui.controls import Busy, IconButton
from forgeapp.ui.controls.painting import draw_ring, fill_round
from forgeapp.ui.icons import pixmap
from forgeapp.ui.theme import color
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.chat.exchange_view import ExchangeView
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.chat import Chat, Exchange

COLUMN: Final = 760
_FIRST: Final = 10
"""Exchanges built when a conversation is opened, and each time its top is reached."""
_NEAR: Final = 240
_AT_END: Final = 32
_BY_KEYS: Final = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)


class Transcript(QScrollArea):
    """Shows the workbench's chat. It stays at the end while the user is there.

    `focus_left`: what had the focus is gone; `example_chosen`: a request to begin with stands in the composer.
    """

    focus_left = Signal()
    example_chosen = Signal()

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transcript")
        self.setAccessibleName(tr("Conversation"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._workbench = workbench
        self._chat: Chat = workbench.chat
        self._connected: Chat | None = None
        self._first = 0
        self._follows = True
        self._from_end: int | None = None
        self.views: list[ExchangeView] = []
        self._page = QWidget()
        self._page.setProperty("look", "surface")
        self._page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._column = QVBoxLayout(self._page)
        self._column.setSpacing(4)
        self.queue = QueueView(workbench.chat.queue, self._page)
        self.queue.focus_left.connect(self.focus_left)
        self._column.addWidget(self.queue)
        self._column.addStretch()
        self.setWidget(self._page)
        self.jump = _JumpButton(self)
        self.jump.clicked.connect(self.jump_to_end)
        self.jump.hide()
        self._ring = _Ring(self)
        self._beginning: Beginning | None = None
        self._waiting: QWidget | None = None
        bar = self.verticalScrollBar()
        bar.setSingleStep(40)
        bar.valueChanged.connect(self._on_scrolled)
        bar.rangeChanged.connect(self._on_range_changed)
        workbench.status.changed.connect(self._show_models)
        workbench.composer.changed.connect(self._show_models)
        self.show_chat()

    def show_chat(self) -> None:
        """The workbench's chat from its end, whatever was shown before."""
        chat = self._workbench.chat
        if self._connected is not chat:
            self._connect(chat)
        self._chat = chat
        for view in self.views:
            self._drop(view)
        self.views.clear()
        self._follows = True
        self._from_end = None
        self._first = len(chat.exchanges)
        self._build_earlier()
        self._show_emptiness()

    @property
    def is_at_end(self) -> bool:
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - _AT_END

    def jump_to_end(self) -> None:
        self._follows = True
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
        self._show_jump()

    def _connect(self, chat: Chat) -> None:
        if self._connected is not None:
            # It may come into view again while its turn goes on: nothing may be connected twice.
            self._connected.added.disconnect(self._on_added)
            self._connected.changed.disconnect(self._on_changed)
            self._connected.earlier_added.disconnect(self._on_earlier_added)
            self._connected.loaded.disconnect(self._on_loaded)
        self._connected = chat
        self.queue.show_queue(chat.queue)
        chat.added.connect(self._on_added)
        chat.changed.connect(self._on_changed)
        chat.earlier_added.connect(self._on_earlier_added)
        chat.loaded.connect(self._on_loaded)

    def _on_loaded(self) -> None:
        self.show_chat()

    def _on_added(self, exchange: Exchange) -> None:
        if self.views:
            self.views[-1].set_last(False)
        view = self._view_of(exchange)
        self.views.append(view)
        self._column.insertWidget(self._column.indexOf(self.queue), view)
        view.set_last(True)
        self._follows = True
        self._show_emptiness()
        self._offer_focus(view)

    def _on_changed(self, exchange: Exchange) -> None:
        view = next((view for view in self.views if view.exchange is exchange), None)
        if view is None:
            return
        view.refresh()
        view.set_models(self._models())
        view.set_last(view is self.views[-1])
        self._offer_focus(view)

    def _on_earlier_added(self, count: int) -> None:
        self._first += count
        self._build_earlier()

    def _view_of(self, exchange: Exchange) -> ExchangeView:
        # With it comes whatever draws a reply; the window is painted before.
        from forgeapp.ui.chat.exchange_view import ExchangeView

        view = ExchangeView(exchange, self._workbench, self._column_width, self._page)
        view.set_models(self._models())
        view.focus_left.connect(self.focus_left)
        return view

    @property
    def _column_width(self) -> int:
        margins = self._column.contentsMargins()
        return self.viewport().width() - margins.left() - margins.right()

    def _build_earlier(self) -> None:
        """The exchanges before those built so far, without moving what is read."""
        start = max(0, self._first - _FIRST)
        if start == self._first:
            return
        bar = self.verticalScrollBar()
        self._from_end = 0 if self._follows else bar.maximum() - bar.value()
        made = [self._view_of(exchange) for exchange in self._chat.exchanges[start : self._first]]
        for place, view in enumerate(made):
            self._column.insertWidget(place, view)
            view.show()
        self._first = start
        self.views[:0] = made
        if self.views:
            self.views[-1].set_last(True)
        for view in made[:-1] if len(made) == len(self.views) else made:
            view.set_last(False)

    def _build_if_near_top(self) -> None:
        if self.verticalScrollBar().value() > _NEAR or not self.views:
            return
        if self._first > 0:
            self._build_earlier()
        else:
            self._chat.load_earlier()

    def _drop(self, view: ExchangeView) -> None:
        self._column.removeWidget(view)
        view.hide()
        view.deleteLater()

    def _models(self) -> list[str]:
        return self._workbench.status.models(self._workbench.composer.request_mode)

    def _show_models(self) -> None:
        models = self._models()
        for view in self.views:
            view.set_models(models)

    def _offer_focus(self, view: ExchangeView) -> None:
        """A question takes the focus in the chat, where nothing is being typed."""
        focused = self.window().focusWidget()
        is_in_chat = focused is None or (self.parentWidget() or self).isAncestorOf(focused)
        if view.question is not None and not self._workbench.composer.text and is_in_chat:
            view.question.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_emptiness(self) -> None:
        is_empty = not self._chat.exchanges and self._chat.is_loaded
        if is_empty and self._beginning is None:
            self._beginning = Beginning(self._workbench, self._page)
            self._beginning.chosen.connect(self.example_chosen)
            self._column.insertWidget(0, _centred(self._beginning, self._page), 1)
        elif not is_empty and self._beginning is not None:
            holder = self._beginning.parentWidget()
            self._beginning = None
            assert holder is not None
            self._column.removeWidget(holder)
            holder.hide()
            holder.deleteLater()
        if not self._chat.is_loaded and self._waiting is None:
            chat = self._chat
            QTimer.singleShot(250, self, lambda: self._show_waiting(chat))
        elif self._chat.is_loaded and self._waiting is not None:
            self._column.removeWidget(self._waiting)
            self._waiting.deleteLater()
            self._waiting = None

    def _show_waiting(self, chat: Chat) -> None:
        if chat is self._chat and not chat.is_loaded and self._waiting is None:
            self._waiting = _centred(Busy(20), self._page)
            self._column.insertWidget(0, self._waiting, 1)

    def _on_scrolled(self, _value: int) -> None:
        if self._from_end is None:
            self._follows = self.is_at_end
        self._show_jump()
        self._build_if_near_top()

    def _on_range_changed(self, _minimum: int, maximum: int) -> None:
        bar = self.verticalScrollBar()
        if self._from_end is not None:
            from_end, self._from_end = self._from_end, None
            bar.setValue(maximum - from_end)
        elif self._follows:
            bar.setValue(maximum)
        self._show_jump()
        self._build_if_near_top()

    def _show_jump(self) -> None:
        bar = self.verticalScrollBar()
        self.jump.setVisible(bool(self.views) and bar.maximum() - bar.value() > 2 * _AT_END)
        self._place_jump()

    def _place_jump(self) -> None:
        self.jump.move((self.width() - self.jump.width()) // 2, self.height() - self.jump.height() - 8)
        self.jump.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        width = self.viewport().width()
        padding = 32 if width >= 520 else 20
        side = max(padding, (width - COLUMN) // 2)
        self._column.setContentsMargins(side, 24, side, 12)
        super().resizeEvent(event)
        if self._follows:
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
        self._place_jump()
        self._ring.setGeometry(self.viewport().geometry())
        self._ring.raise_()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        match event.key():
            case Qt.Key.Key_Home:
                bar.setValue(bar.minimum())
            case Qt.Key.Key_End:
                self.jump_to_end()
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._ring.setVisible(event.reason() in _BY_KEYS)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._ring.hide()


class _Ring(QWidget):
    """The focus ring of the whole page, above what is on it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        draw_ring(QPainter(self), self.rect(), 4)


class _JumpButton(IconButton):
    """The round button that leads to the end."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("arrow-down", tr("To the end"), side=32, parent=parent)
        self.setObjectName("jump_to_end")
        self.resize(32, 32)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill_round(painter, self.rect(), 16, color("hover" if self.is_hovered else "raised"), color("line"))
        painter.drawPixmap(8, 8, pixmap("arrow-down", "ink_2", 16, self.devicePixelRatioF()))
        if self.shows_focus:
            draw_ring(painter, self.rect(), 16)


def _centred(widget: QWidget, parent: QWidget) -> QWidget:
    holder = QWidget(parent)
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(widget, 1)
    if widget.maximumWidth() < COLUMN:
        row.insertStretch(0)
        row.addStretch()
        row.setStretch(1, 100)
    return holder
