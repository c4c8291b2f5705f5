"""Buttons: one primary a pane, plain ones, quiet ones, and icons that act."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from forgeapp.ui.controls.painting import PaintedButton, advance, draw_ring, fill_round
from forgeapp.ui.icons import pixmap
from forgeapp.ui.theme import BODY, LABEL, RADIUS, color, font

Look = Literal["plain", "primary", "quiet", "danger"]
_ICON: Final = 16
_GAP: Final = 6
FADED: Final = 0.6
"""How much of what is disabled is still seen."""
EDGES: Final[dict[str, int]] = {"plain": 12, "primary": 12, "quiet": 8, "danger": 12}


class Button(PaintedButton):
    """A button with words and perhaps an icon. `small` is for rows and notices: 24 high instead of 30."""

    def __init__(
        self,
        text: str,
        icon_name: str | None = None,
        kind: Look = "plain",
        small: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self._kind: Look = kind
        self._small = small
        self._is_left = False
        self.setText(text)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    @property
    def kind(self) -> Look:
        return self._kind

    def align_left(self) -> None:
        """The words begin at the edge, where the button is wider than they are."""
        self._is_left = True
        self.update()

    def set_kind(self, kind: Look) -> None:
        self._kind = kind
        self.updateGeometry()
        self.update()

    def set_icon(self, icon_name: str | None) -> None:
        self._icon_name = icon_name
        self.updateGeometry()
        self.update()

    def set_text(self, text: str) -> None:
        """The words, also for who cannot see them."""
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def _colours(self) -> tuple[QColor | None, QColor | None, str]:
        """Fill, hairline and the role of what stands on it."""
        down = self.isDown() or self.isChecked()
        if not self.isEnabled():
            if self._kind == "quiet":
                return None, None, "ink_3"
            return color("sunken"), color("line"), "ink_3"
        if self._kind == "primary":
            fill = color("accent")
            if down:
                fill = _towards(fill, color("ink"), 0.16)
            elif self.is_hovered:
                fill = _towards(fill, color("ink"), 0.08)
            return fill, None, "accent_ink"
        if self._kind == "danger":
            fill = color("bad_soft") if self.is_hovered or down else color("surface")
            return fill, _towards(color("line"), color("bad"), 0.4), "bad"
        lit = self.is_hovered or down
        if self._kind == "quiet":
            return (color("line" if self.isDown() else "hover") if lit else None), None, "ink" if lit else "ink_2"
        return color("line" if self.isDown() else "hover" if lit else "raised"), color("line"), "ink"

    def _text_font_size(self) -> int:
        return LABEL if self._small else BODY

    def _trailing(self) -> int:
        """Width kept free behind the words."""
        return 0

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(font(self._text_font_size(), 500))
        words = advance(metrics, self.text())
        mark = _ICON if self._icon_name else 0
        edge = EDGES[self._kind] - (2 if self._small else 0)
        width = edge * 2 + words + mark + (_GAP if mark and words else 0) + self._trailing()
        return QSize(width, max(24 if self._small else 30, round(metrics.height()) + 8))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill, line, role = self._colours()
        fill_round(painter, self.rect(), RADIUS, fill, line)
        self._paint_content(painter, role)
        if self.shows_focus:
            draw_ring(painter, self.rect(), RADIUS)
            if self._kind == "primary":  # on its own colour the ring is seen by the gap within
                draw_ring(painter, self.rect().adjusted(2, 2, -2, -2), RADIUS - 2, "accent_ink")

    def _paint_content(self, painter: QPainter, role: str) -> None:
        type_ = font(self._text_font_size(), 500)
        metrics = QFontMetricsF(type_)
        words = advance(metrics, self.text())
        mark = _ICON if self._icon_name else 0
        gap = _GAP if mark and words else 0
        edge = EDGES[self._kind] - (2 if self._small else 0)
        room = self.width() - edge * 2 - self._trailing()
        x = edge if self._is_left else edge + max(0, (room - words - mark - gap) // 2)
        if self._icon_name:
            side = 14 if self._small else _ICON
            drawn = pixmap(self._icon_name, role, side, self.devicePixelRatioF())
            if not self.isEnabled():
                painter.setOpacity(FADED)
            painter.drawPixmap(QPoint(x + (mark - side) // 2, (self.height() - side) // 2), drawn)
            painter.setOpacity(1)
        painter.setFont(type_)
        painter.setPen(color(role, 1.0 if self.isEnabled() else FADED))
        left = x + mark + gap
        text = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, room - mark - gap)
        painter.drawText(
            QRect(left, 0, self.width() - left, self.height()),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine,
            text,
        )


class IconButton(PaintedButton):
    """An icon that acts; its tooltip is also its accessible name, and may name the shortcut."""

    def __init__(
        self,
        icon_name: str,
        tooltip: str,
        shortcut: QKeySequence | str | None = None,
        side: int = 30,
        size: int = 16,
        role: str = "ink_2",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self._side = side
        self._size = size
        self._role = role
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_tooltip(tooltip, shortcut)

    def set_tooltip(self, tooltip: str, shortcut: QKeySequence | str | None = None) -> None:
        self.setAccessibleName(tooltip)
        keys = QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText) if shortcut else ""
        self.setToolTip(f"{tooltip}  {keys}".strip())

    def set_icon(self, icon_name: str) -> None:
        self._icon_name = icon_name
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        lit = self.is_hovered or self.isDown() or self.isChecked()
        if lit and self.isEnabled():
            fill_round(painter, self.rect(), RADIUS, color("line" if self.isDown() else "hover"))
        role = "ink_3" if not self.isEnabled() else "ink" if lit and self._role == "ink_2" else self._role
        drawn = pixmap(self._icon_name, role, self._size, self.devicePixelRatioF())
        painter.setOpacity(1 if self.isEnabled() else FADED)
        painter.drawPixmap(QPoint((self.width() - self._size) // 2, (self.height() - self._size) // 2), drawn)
        painter.setOpacity(1)
        if self.shows_focus:
            draw_ring(painter, self.rect(), RADIUS)


def _towards(first: QColor, second: QColor, share: float) -> QColor:
    """`first` with `share` of `second` mixed in."""
    return QColor(
        *(
            round(a * (1 - share) + b * share)
            for a, b in zip(first.getRgb()[:3], second.getRgb()[:3], strict=True)  # type: ignore[index]
        )
    )
