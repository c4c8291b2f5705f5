"""The one door for messages: cards at the bottom right of the window that shift nothing.

A message stays until it is closed where it tells of trouble or of work under way; others go by themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from typing import Any, Final, Literal

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from forgeapp.ui.controls import Busy, Button, IconButton, Label, Meter
from forgeapp.ui.controls.painting import draw_shadow, fill_round
from forgeapp.ui.icons import pixmap
from forgeapp.ui.theme import CARD_RADIUS, LABEL, color, px
from forgeapp.ui.wording import tr

Tone = Literal["info", "good", "warn", "bad"]

SHOWN_AT_ONCE: Final = 3
GOES_AFTER_MS: Final = 8_000
_HELD_MS: Final = 1_000
_WAITING_AT_MOST: Final = 20
_WIDTH: Final = 380
_SHADOW: Final = 12
_GAP: Final = 8
_ICONS: Final[dict[str, str]] = {
    "info": "info",
    "good": "circle-check",
    "warn": "triangle-alert",
    "bad": "circle-alert",
}
_ROLES: Final[dict[str, str]] = {"info": "accent", "good": "good", "warn": "warn", "bad": "bad"}


@dataclass(frozen=True, slots=True)
class Notice:
    """One message. `progress` 0..1 tells of work under way, which `on_cancel` stops.

    `timeout_ms` None leaves it to the tone: info and good go after 8 s, warn and bad stay; 0 stays in any case.
    An action closes the message after it was called.
    """

    text: str
    tone: Tone = "info"
    hint: str = ""
    actions: tuple[tuple[str, Callable[[], object]], ...] = ()
    progress: float | None = None
    on_cancel: Callable[[], object] | None = None
    timeout_ms: int | None = None

    @property
    def goes_after_ms(self) -> int:
        """0 for one that stays."""
        if self.progress is not None:
            return 0
        if self.timeout_ms is not None:
            return self.timeout_ms
        return GOES_AFTER_MS if self.tone in ("info", "good") else 0


class NoticeBar(QWidget):
    """Lies over the bottom right corner of its parent, `bottom` pixels above its edge; newest message on top.

    At most three are shown. Of those pushed out, the ones that stay wait and come back when there is room.
    """

    closed = Signal(int)

    def __init__(self, parent: QWidget, bottom: int = 28) -> None:
        super().__init__(parent)
        self.setObjectName("notice_bar")
        self.setAccessibleName(tr("Messages"))
        self._bottom = bottom
        self._ids = count(1)
        self._cards: dict[int, _Card] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(_SHADOW, _SHADOW, _SHADOW, _SHADOW)
        self._column.setSpacing(_GAP)
        self.setVisible(False)
        parent.installEventFilter(self)

    @property
    def shown(self) -> list[Notice]:
        """The messages that can be seen, newest first."""
        return [card.notice for card in reversed(self._cards.values()) if not card.isHidden()]

    def show_notice(self, notice: Notice) -> int:
        """Shows it, and gives the id to update or close it by. The same message again takes the place of the first."""
        for key, card in list(self._cards.items()):
            if notice.progress is None and (card.notice.text, card.notice.hint) == (notice.text, notice.hint):
                self.close_notice(key)
        key = next(self._ids)
        card = _Card(notice, self)
        card.close_asked.connect(partial(self.close_notice, key))
        self._cards[key] = card
        self._column.insertWidget(0, card)
        self._rearrange()
        card.announce()
        return key

    def update_notice(self, key: int, **changes: Any) -> None:
        """Changes fields of a message that is still there; nothing where it was closed meanwhile."""
        card = self._cards.get(key)
        if card is None:
            return
        before = card.notice
        card.set_notice(replace(before, **changes))
        self._rearrange()
        if (before.text, before.tone) != (card.notice.text, card.notice.tone):
            card.announce()

    def close_notice(self, key: int) -> None:
        card = self._cards.pop(key, None)
        if card is None:
            return
        had_focus = card.has_focus_within
        self._column.removeWidget(card)
        card.hide()
        card.deleteLater()
        self._rearrange()
        if had_focus and self.isVisible():
            self.focus_newest()
        self.closed.emit(key)

    def close_all(self) -> None:
        for key in list(self._cards):
            self.close_notice(key)

    def focus_newest(self) -> bool:
        """Moves the keyboard to the newest message; False where there is none."""
        for card in reversed(self._cards.values()):
            if not card.isHidden():
                card.focus()
                return True
        return False

    def _rearrange(self) -> None:
        newest = list(reversed(self._cards.items()))
        gone = [key for key, card in newest[SHOWN_AT_ONCE:] if card.notice.goes_after_ms]
        waiting = [key for key, card in newest[SHOWN_AT_ONCE:] if not card.notice.goes_after_ms]
        # Work under way is never dropped: its Stop button is the only one there is.
        finished = [key for key in waiting if self._cards[key].notice.progress is None]
        for key in gone + finished[_WAITING_AT_MOST:]:
            self.close_notice(key)
        for place, card in enumerate(reversed(self._cards.values())):
            card.setVisible(place < SHOWN_AT_ONCE)
        self.setVisible(bool(self._cards))
        if self._cards:
            self.raise_()
            self._place()

    def _place(self) -> None:
        host = self.parentWidget()
        if host is None:
            return
        width = min(px(_WIDTH), host.width() - 2 * 8) + 2 * _SHADOW
        layout = self._column
        height = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
        size = QSize(width, height)
        corner = QPoint(host.width() - size.width() - 4, host.height() - self._bottom - size.height())
        self.setGeometry(QRect(corner, size))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and watched is self.parentWidget():
            self._place()
        return False

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self._place()
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        for card in self._cards.values():
            if not card.isHidden():
                draw_shadow(painter, card.geometry(), CARD_RADIUS, _SHADOW)


class _Card(QFrame):
    close_asked = Signal()

    def __init__(self, notice: Notice, parent: QWidget) -> None:
        super().__init__(parent)
        self.notice = notice
        self.setObjectName("notice")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 8, 10)
        row.setSpacing(10)
        self._mark = _Mark(self)
        self._busy = Busy(parent=self)
        for mark in (self._mark, self._busy):
            row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setContentsMargins(0, 1, 0, 1)
        column.setSpacing(2)
        self._text = Label(weight=500, wrap=True)
        self._text.setObjectName("notice_text")
        self._hint = Label(size=LABEL, role="ink_2", wrap=True)
        self._hint.setObjectName("notice_hint")
        self._meter = Meter(role="accent")
        self._meter.setObjectName("notice_progress")
        self._meter_row = QWidget(self)
        meter_row = QVBoxLayout(self._meter_row)
        meter_row.setContentsMargins(0, 6, 0, 4)
        meter_row.addWidget(self._meter)
        self._actions = QWidget(self)
        self._action_row = QHBoxLayout(self._actions)
        self._action_row.setContentsMargins(0, 4, 0, 0)
        self._action_row.setSpacing(4)
        for part in (self._text, self._hint, self._meter_row, self._actions):
            column.addWidget(part)
        row.addLayout(column, 1)
        self._close = IconButton("x", tr("Close this message"), side=22, size=14)
        self._close.setObjectName("notice_close")
        self._close.clicked.connect(self.close_asked)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time_over)
        self._made_for: object = None
        self.set_notice(notice)

    @property
    def has_focus_within(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and (focused is self or self.isAncestorOf(focused))

    def set_notice(self, notice: Notice) -> None:
        self.notice = notice
        self._text.setText(notice.text)
        self._hint.setText(notice.hint)
        self._hint.setVisible(bool(notice.hint))
        works = notice.progress is not None
        self._mark.show_tone(notice.tone)
        self._mark.setVisible(not works)
        self._busy.setVisible(works)
        self._meter_row.setVisible(works)
        self._meter.set_value(notice.progress or 0.0)
        self._close.setVisible(not works)
        self._make_actions(notice)
        self.setAccessibleName(notice.text)
        self.setAccessibleDescription(notice.hint)
        if notice.goes_after_ms:
            self._timer.start(notice.goes_after_ms)
        else:
            self._timer.stop()
        self.update()

    def _make_actions(self, notice: Notice) -> None:
        works = notice.progress is not None
        wanted = (notice.actions, notice.on_cancel if works else None)
        if wanted == self._made_for:
            return
        self._made_for = wanted
        while (item := self._action_row.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for text, act in notice.actions:
            button = Button(text, small=True)
            button.setObjectName("notice_action")
            button.clicked.connect(partial(self._on_action, act))
            self._action_row.addWidget(button)
        if works and notice.on_cancel is not None:
            stop = Button(tr("Stop"), "circle-stop", small=True)
            stop.setObjectName("notice_stop")
            stop.clicked.connect(partial(self._on_stop, stop))
            self._action_row.addWidget(stop)
        self._action_row.addStretch()
        self._actions.setVisible(self._action_row.count() > 1)

    def _on_action(self, act: Callable[[], object], _checked: bool = False) -> None:
        self.close_asked.emit()
        act()

    def _on_stop(self, button: Button, _checked: bool = False) -> None:
        button.setEnabled(False)
        button.set_text(tr("Stopping"))
        if self.notice.on_cancel is not None:
            self.notice.on_cancel()

    def _on_time_over(self) -> None:
        if self.underMouse() or self.has_focus_within:
            self._timer.start(_HELD_MS)
            return
        self.close_asked.emit()

    def focus(self) -> None:
        targets = [button for button in self._actions.findChildren(Button) if button.isEnabled()]
        (targets[0] if targets else self._close).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def announce(self) -> None:
        """Tells who listens to the screen instead of looking at it."""
        if not QAccessible.isActive():
            return
        event = QAccessibleAnnouncementEvent(self, f"{self.notice.text} {self.notice.hint}".strip())
        if self.notice.tone == "bad":
            event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.notice.progress is None:
            self.close_asked.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        fill_round(QPainter(self), self.rect(), CARD_RADIUS, color("raised"), color("line"))


class _Mark(QWidget):
    """The tone, by form and by colour."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._tone: Tone = "info"
        self.setFixedSize(16, 20)

    def show_tone(self, tone: Tone) -> None:
        self._tone = tone
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        drawn = pixmap(_ICONS[self._tone], _ROLES[self._tone], 16, self.devicePixelRatioF())
        QPainter(self).drawPixmap(QPoint(0, 2), drawn)
