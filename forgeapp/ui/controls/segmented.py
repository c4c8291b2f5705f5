"""The segmented control: a few views, one of them shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from forgeapp.ui.controls.painting import PaintedButton, advance, draw_ring, fill_round
from forgeapp.ui.icons import pixmap
from forgeapp.ui.theme import LABEL, color, font

_ICON = 16
_ICON_WIDTH = 34


class SegmentedControl(QWidget):
    """Segments of (key, text); `selected(key)` tells of the user's choice. Arrow keys move, Home and End jump."""

    selected = Signal(str)

    def __init__(self, segments: Sequence[tuple[str, str]], value: str | None = None, parent: QWidget | None = None):
        super().__init__(parent)
        self._segments: dict[str, _Segment] = {}
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        for key, text in segments:
            segment = _Segment(text, self)
            segment.setObjectName(f"segment_{key}")
            self._group.addButton(segment)
            row.addWidget(segment)
            self._segments[key] = segment
            segment.clicked.connect(lambda _checked=False, key=key: self._choose(key))
        self._value = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_value(value if value is not None else segments[0][0])

    @property
    def value(self) -> str:
        return self._value

    def set_value(self, value: str) -> None:
        """Shows this segment as chosen, without a signal."""
        self._value = value
        for key, segment in self._segments.items():
            segment.setChecked(key == value)
            segment.setFocusPolicy(Qt.FocusPolicy.StrongFocus if key == value else Qt.FocusPolicy.ClickFocus)

    def set_enabled(self, key: str, enabled: bool) -> None:
        self._segments[key].setEnabled(enabled)

    def set_icons(self, icons: Mapping[str, str]) -> None:
        """What segments show instead of their words while the control is compact and they are not chosen."""
        for key, name in icons.items():
            self._segments[key].icon_name = name

    def set_compact(self, is_compact: bool) -> None:
        """Only the chosen segment says its words; the others are icons with a tooltip."""
        for segment in self._segments.values():
            segment.set_compact(is_compact)
        self.updateGeometry()

    def set_hidden(self, key: str, hidden: bool) -> None:
        self._segments[key].setHidden(hidden)

    def step(self, by: int) -> None:
        """Moves the choice by so many segments that can be chosen, stopping at the ends."""
        open_ = [key for key, segment in self._segments.items() if segment.isEnabled() and not segment.isHidden()]
        if self._value not in open_:
            return
        target = open_[min(max(open_.index(self._value) + by, 0), len(open_) - 1)]
        if target != self._value:
            self._choose(target)
            self._segments[target].setFocus(Qt.FocusReason.TabFocusReason)

    def _choose(self, key: str) -> None:
        if key == self._value:
            return
        self.set_value(key)
        self.selected.emit(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -99, Qt.Key.Key_End: 99}
        by = steps.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
            return
        self.step(by if self.layoutDirection() is Qt.LayoutDirection.LeftToRight or abs(by) > 1 else -by)

    def paintEvent(self, _event: QPaintEvent) -> None:
        fill_round(QPainter(self), self.rect(), 7, color("sunken"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self.update()


class _Segment(PaintedButton):
    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setText(text)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

        self.icon_name: str | None = None
        self._is_compact = False
        self.toggled.connect(self._on_toggled)

    def set_compact(self, is_compact: bool) -> None:
        if is_compact != self._is_compact:
            self._is_compact = is_compact
            self.setToolTip(self.text() if is_compact else "")
            self.updateGeometry()
            self.update()

    def _on_toggled(self, _checked: bool) -> None:
        if self._is_compact:
            self.updateGeometry()

    @property
    def _shows_icon(self) -> bool:
        return self._is_compact and self.icon_name is not None and not self.isChecked()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(font(LABEL, 500))
        height = max(24, round(metrics.height()) + 6)
        return QSize(_ICON_WIDTH if self._shows_icon else advance(metrics, self.text()) + 20, height)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End):
            event.ignore()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.isChecked():
            fill_round(painter, self.rect(), 5, color("raised"), color("line"))
        role = "ink" if self.isChecked() or self.is_hovered else "ink_2" if self.isEnabled() else "ink_3"
        if self._shows_icon:
            drawn = pixmap(str(self.icon_name), role, _ICON, self.devicePixelRatioF())
            painter.drawPixmap((self.width() - _ICON) // 2, (self.height() - _ICON) // 2, drawn)
            if self.shows_focus:
                draw_ring(painter, self.rect(), 5)
            return
        painter.setFont(font(LABEL, 500))
        painter.setPen(color(role))
        painter.drawText(QRect(0, 0, self.width(), self.height()), Qt.AlignmentFlag.AlignCenter, self.text())
        if self.shows_focus:
            draw_ring(painter, self.rect(), 5)
