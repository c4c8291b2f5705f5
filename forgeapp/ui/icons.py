"""Lucide's icons in the theme's colours, sharp at any pixel ratio."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from forgeapp.domain.artifact import Kind
from forgeapp.paths import resource
from forgeapp.ui.theme import roles

KIND_ICONS: Final[dict[Kind, str]] = {
    Kind.TABLE: "table-2",
    Kind.SPREADSHEET: "file-spreadsheet",
    Kind.DOCUMENT: "file-text",
    Kind.CODE: "file-code",
    Kind.IMAGE: "image",
}
APP_ICON: Final = "forgeapp"
_DISABLED_OPACITY: Final = 0.5


@lru_cache(maxsize=256)
def icon(name: str, role: str = "ink_2", size: int = 16, stroke: float = 1.75) -> QIcon:
    """The icon in the role's colour, read whenever it is painted. `size` is what `actualSize` answers, in pixels."""
    return QIcon(_Engine(name, role, size, stroke))


def pixmap(name: str, role: str = "ink_2", size: int = 16, ratio: float = 1.0, stroke: float = 1.75) -> QPixmap:
    """The icon in the role's present colour, `size` by `size` pixels at a device pixel ratio of `ratio`."""
    return _pixmap(name, getattr(roles(), role), round(size * ratio), ratio, stroke)


@lru_cache(maxsize=1)
def app_icon() -> QIcon:
    return QIcon(str(resource("icons", f"{APP_ICON}.svg")))


@lru_cache(maxsize=256)
def svg(name: str, colour: str, stroke: float = 1.75) -> str:
    """The drawing itself, in `colour` ('#rrggbb')."""
    text = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL).strip()
    return text.replace("currentColor", colour).replace('stroke-width="2"', f'stroke-width="{stroke}"')


@lru_cache(maxsize=512)
def _pixmap(name: str, colour: str, pixels: int, ratio: float, stroke: float) -> QPixmap:
    made = QPixmap(pixels, pixels)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    renderer = QSvgRenderer(QByteArray(svg(name, colour, stroke).encode()))
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


class _Engine(QIconEngine):
    def __init__(self, name: str, role: str, size: int, stroke: float) -> None:
        super().__init__()
        self._name = name
        self._role = role
        self._size = size
        self._stroke = stroke

    def _draw(self, size: QSize, mode: QIcon.Mode, ratio: float) -> QPixmap:
        side = min(size.width(), size.height())
        disabled = mode == QIcon.Mode.Disabled
        drawn = pixmap(self._name, "ink_3" if disabled else self._role, round(side / ratio), ratio, self._stroke)
        if not disabled:
            return drawn
        faded = QPixmap(drawn.size())
        faded.setDevicePixelRatio(ratio)
        faded.fill(Qt.GlobalColor.transparent)
        painter = QPainter(faded)
        painter.setOpacity(_DISABLED_OPACITY)
        painter.drawPixmap(0, 0, drawn)
        painter.end()
        return faded

    def actualSize(self, size: QSize, _mode: QIcon.Mode, _state: QIcon.State) -> QSize:
        return size

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._role, self._size, self._stroke)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        ratio = painter.device().devicePixelRatioF()
        side = min(rect.width(), rect.height())
        drawn = self._draw(QSize(round(side * ratio), round(side * ratio)), mode, ratio)
        where = QRect(0, 0, side, side)
        where.moveCenter(rect.center())
        painter.drawPixmap(where, drawn)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, _state: QIcon.State, scale: float) -> QPixmap:
        return self._draw(size, mode, scale)
