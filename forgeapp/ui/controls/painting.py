"""What the painted controls share: rounded rectangles on whole pixels, the focus ring, and who sees it."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QEvent, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QFontMetricsF, QKeyEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from forgeapp.ui.theme import color

RING: int = 2
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
    """A soft shadow `depth` pixels wide around `rect`, falling a little downwards."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    strength = 0.030 if color("ground").lightness() > 128 else 0.085
    inner = QPainterPath()
    inner.addRoundedRect(QRectF(rect), radius, radius)
    for step in range(depth, 0, -1):
        ring = QPainterPath()
        ring.addRoundedRect(
            QRectF(rect).adjusted(-step, -step * 0.5, step, step).translated(0, step * 0.25),
            radius + step,
            radius + step,
        )
        share = strength * (1 - step / (depth + 1))
        painter.fillPath(ring.subtracted(inner), color("shadow", share))


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
