"""A switch: on or off, at once."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from forgeapp.ui.controls.painting import PaintedButton, draw_ring, fill_round
from forgeapp.ui.theme import color

_WIDTH: Final = 28
_HEIGHT: Final = 16
_RING_ROOM: Final = 4


class Switch(PaintedButton):
    """`name` says what it switches to those who cannot see it; `toggled(bool)` follows each change."""

    def __init__(self, name: str, is_on: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setChecked(is_on)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH + 2 * _RING_ROOM, _HEIGHT + 2 * _RING_ROOM)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_switch(painter, self.rect(), self.isChecked(), self.isEnabled(), self.is_hovered)
        if self.shows_focus:
            draw_ring(painter, self.rect(), self.height() / 2)


def paint_switch(painter: QPainter, area: QRect, is_on: bool, is_enabled: bool = True, is_lit: bool = False) -> None:
    """A switch in the middle of `area`."""
    track = QRectF(0, 0, _WIDTH, _HEIGHT)
    track.moveCenter(QRectF(area).center())
    painter.setOpacity(1.0 if is_enabled else 0.5)
    ground = color("accent") if is_on else color("line" if is_lit else "sunken")
    fill_round(painter, track, _HEIGHT / 2, ground, None if is_on else color("ink_3"))
    knob = QRectF(0, 0, _HEIGHT - 6, _HEIGHT - 6)
    knob.moveCenter(track.center())
    knob.moveLeft(track.right() - knob.width() - 3 if is_on else track.left() + 3)
    fill_round(painter, knob, knob.width() / 2, color("accent_ink" if is_on else "ink_3"))
    painter.setOpacity(1.0)
