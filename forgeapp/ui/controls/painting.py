"""What the painted controls share: rounded rectangles on whole pixels, the focus ring, and who sees it."""

from __future__ import annotations

from functools import lru_cache
from math import ceil
from typing import Final

from PySide6.QtCore import QEvent, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QFontMetricsF, QKeyEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QWidget

from forgeapp.ui.theme import color, roles

RING: Final = 2
_FALL: Final = 2
_SHADOW_LIGHT: Final = 0.075
_SHADOW_DARK: Final = 0.32
"""How dark a shadow is where it begins."""
_BY_MOUSE = (
    Qt.FocusReason.MouseFocusReason,
    Qt.FocusReason.PopupFocusReason,
    Qt.FocusReason.ActiveWindowFocusReason,
)


def fill_round(
    painter: QPainter, rect: QRect | QRectF, radius: float, fill: QColor | None, line: QColor | None = None
) -> None:
    """A rounded rectangle that fills `rect`, with a hairline of one pixel inside its edge."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    area = QRectF(rect)
    if line is not None:
        area = area.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.setPen(QPen(line, 1) if line is not None else Qt.PenStyle.NoPen)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area, radius, radius)


def draw_ring(painter: QPainter, rect: QRect | QRectF, radius: float, role: str = "accent") -> None:
    """The focus ring, two pixels wide, inside the edge of `rect`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color(role), RING))
    painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), radius - 0.5, radius - 0.5)


def draw_shadow(painter: QPainter, rect: QRect | QRectF, radius: float, depth: int) -> None:
    """A soft shadow `depth` pixels wide around `rect`, falling a little downwards. Draw what casts it afterwards."""
    ratio = painter.device().devicePixelRatioF()
    reach = depth + ceil(radius) + _FALL
    tile = _shadow_tile(radius, depth, roles().is_dark, ratio)
    area = QRectF(rect).adjusted(-depth, -depth, depth, depth)
    if area.width() < 2 * reach or area.height() < 2 * reach:
        return
    # Corners keep their size, edges are stretched from the one pixel in the middle of the tile.
    across = (
        (area.left(), reach, 0),
        (area.left() + reach, area.width() - 2 * reach, reach),
        (area.right() - reach, reach, reach + 1),
    )
    down = (
        (area.top(), reach, 0),
        (area.top() + reach, area.height() - 2 * reach, reach),
        (area.bottom() - reach, reach, reach + 1),
    )
    for row, (y, height, from_y) in enumerate(down):
        for column, (x, width, from_x) in enumerate(across):
            if (row, column) == (1, 1):
                continue
            source = QRectF(from_x, from_y, 1 if column == 1 else reach, 1 if row == 1 else reach)
            scaled = QRectF(source.topLeft() * ratio, source.size() * ratio)
            painter.drawPixmap(QRectF(x, y, width, height), tile, scaled)


@lru_cache(maxsize=16)
def _shadow_tile(radius: float, depth: int, is_dark: bool, ratio: float) -> QPixmap:
    """The shadow of the smallest card: four corners around one pixel."""
    side = 2 * (depth + ceil(radius) + _FALL) + 1
    tile = QPixmap(round(side * ratio), round(side * ratio))
    tile.setDevicePixelRatio(ratio)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    peak = _SHADOW_DARK if is_dark else _SHADOW_LIGHT
    card = QRectF(depth, depth, side - 2 * depth, side - 2 * depth).adjusted(0.5, 0.5, -0.5, -0.5)
    for away in range(1 - _FALL, depth - _FALL + 1):
        share = 1 - (away + _FALL) / (depth + 1)
        painter.setPen(QPen(color("shadow", peak * share * share), 1.4))
        ring = card.translated(0, _FALL).adjusted(-away, -away, away, away)
        painter.drawRoundedRect(ring, radius + away, radius + away)
    painter.end()
    return tile


def advance(metrics: QFontMetricsF, text: str) -> int:
    """The whole pixels `text` needs, so that it is never cut for a fraction of one."""
    return ceil(metrics.horizontalAdvance(text)) + 1


class PaintedButton(QAbstractButton):
    """A button that paints itself; `shows_focus` only when the focus came by the keyboard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._by_keyboard = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @property
    def shows_focus(self) -> bool:
        return self.hasFocus() and self._by_keyboard

    @property
    def is_hovered(self) -> bool:
        return self.isEnabled() and self.underMouse()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._by_keyboard = event.reason() not in _BY_MOUSE or (
            event.reason() is Qt.FocusReason.ActiveWindowFocusReason and self._by_keyboard
        )
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        if not self._by_keyboard:
            self._by_keyboard = True
            self.update()
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange, QEvent.Type.EnabledChange):
            self.updateGeometry()
            self.update()
