"""Where the marks of a column's header lie, and how they are drawn: type at the left, sort and filter at the right."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QPainter

from forgeapp.ui.artifact.grid.model import HeaderMarks
from forgeapp.ui.controls.painting import fill_round
from forgeapp.ui.icons import pixmap
from forgeapp.ui.theme import RADIUS, color

TYPE_ROOM = 20
"""What the icon of the type takes, with the gap behind it."""
MARK_ROOM = 22
"""What a mark for sort or filter takes."""
_TYPE_SIDE = 13
_SIDE = 14
_EDGE = 6
_SORT_ICONS = {"": "arrow-up", "up": "arrow-up", "down": "arrow-down"}

Mark = Literal["sort", "filter"]
_ORDER: tuple[Mark, ...] = ("sort", "filter")


def shown_marks(rect: QRect, marks: HeaderMarks, is_lit: bool) -> list[tuple[Mark, QRect]]:
    """From the right: those that say something and, where the header is `is_lit`, those that could be clicked."""
    speaking: list[Mark] = [name for name in _ORDER if _is_on(marks, name)]
    for names in (["sort", "filter"], ["sort"]) if is_lit else ():
        offered: list[Mark] = [name for name in _ORDER if name in speaking or name in names]
        # What is only offered leaves the name's half to be clicked and dragged.
        if len(offered) * MARK_ROOM + _EDGE <= rect.width() / 2:
            return _placed(rect, offered)
    return _placed(rect, speaking)


def _is_on(marks: HeaderMarks, name: Mark) -> bool:
    return bool(marks.sort) if name == "sort" else marks.is_filtered


def _placed(rect: QRect, names: list[Mark]) -> list[tuple[Mark, QRect]]:
    top, right = rect.top() + (rect.height() - MARK_ROOM) // 2, rect.right() - _EDGE + 2
    return [
        (name, QRect(right - (place + 1) * MARK_ROOM, top, MARK_ROOM, MARK_ROOM)) for place, name in enumerate(names)
    ]


def mark_at(rect: QRect, marks: HeaderMarks, point: QPoint) -> Mark | None:
    """The mark under the mouse, which lights the header it is in."""
    return next((name for name, area in shown_marks(rect, marks, is_lit=True) if area.contains(point)), None)


def paint_type(painter: QPainter, rect: QRect, left: int, marks: HeaderMarks, ratio: float) -> None:
    at = QPoint(left, rect.top() + (rect.height() - _TYPE_SIDE) // 2)
    painter.drawPixmap(at, pixmap(marks.icon, "ink_3", _TYPE_SIDE, ratio))


def paint_marks(
    painter: QPainter, shown: list[tuple[Mark, QRect]], marks: HeaderMarks, under_mouse: Mark | None, ratio: float
) -> None:
    for name, area in shown:
        is_on = _is_on(marks, name)
        if under_mouse == name:
            fill_round(painter, area.adjusted(1, 1, -1, -1), RADIUS - 2, color("line"))
        elif is_on:
            fill_round(painter, area.adjusted(1, 1, -1, -1), RADIUS - 2, color("accent_soft"))
        drawn = pixmap(
            _SORT_ICONS[marks.sort] if name == "sort" else "funnel", "accent" if is_on else "ink_3", _SIDE, ratio
        )
        painter.drawPixmap(area.topLeft() + QPoint((MARK_ROOM - _SIDE) // 2, (MARK_ROOM - _SIDE) // 2), drawn)
