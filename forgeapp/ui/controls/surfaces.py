"""Surfaces and quiet marks: card, hairline, toolbar, meter, spinner, empty state, chip, search field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from forgeapp.ui.controls.buttons import Button
from forgeapp.ui.controls.labels import Label, plain_tooltip
from forgeapp.ui.controls.painting import PaintedButton, advance, draw_ring, fill_round
from forgeapp.ui.icons import icon, pixmap
from forgeapp.ui.theme import LABEL, TITLE, TOOLBAR, color, font
from forgeapp.ui.wording import tr

_LATE_MS: Final = 200


class Card(QFrame):
    """A raised surface with round corners and a hairline; lay it out as you need."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")


class HLine(QWidget):
    """A hairline."""

    def __init__(self, role: str = "line_2", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role
        self.setFixedHeight(1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), color(self._role))


class Toolbar(QWidget):
    """A row of controls, 40 high, with a hairline below. `row` is its layout."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("look", "toolbar")
        self.setMinimumHeight(TOOLBAR)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(12, 0, 12, 1)
        self.row.setSpacing(4)


class Meter(QWidget):
    """How much of something is used, 0 to 1, in the colour of a role."""

    def __init__(self, value: float = 0.0, role: str = "good", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value = value
        self._role = role
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def value(self) -> float:
        return self._value

    def set_value(self, value: float, role: str | None = None) -> None:
        self._value = min(max(value, 0.0), 1.0)
        self._role = role or self._role
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, 6)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        track = QRectF(0, (self.height() - 6) / 2, self.width(), 6)
        fill_round(painter, track, 3, color("line"))
        if self._value > 0:
            track.setWidth(max(6.0, track.width() * self._value))
            fill_round(painter, track, 3, color(self._role))


class Busy(QWidget):
    """A quiet spinner. It turns only while it is seen, and stands still where motion is reduced."""

    def __init__(self, size: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = size
        self._angle = 0
        self._timer = QTimer(self)
        self._timer.setInterval(50)
        self._timer.timeout.connect(self._turn)
        self.setAccessibleName(tr("Working"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def is_turning(self) -> bool:
        return self._timer.isActive()

    def _turn(self) -> None:
        self._angle = (self._angle + 20) % 360
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if has_motion(self):
            self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(0, 0, self._size, self._size).adjusted(2, 2, -2, -2)
        painter.setPen(QPen(color("line"), 1.75))
        painter.drawEllipse(area)
        pen = QPen(color("accent"), 1.75)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawArc(area, -self._angle * 16, 100 * 16)


def has_motion(widget: QWidget) -> bool:
    """False where the desktop asks for reduced motion."""
    from PySide6.QtWidgets import QStyle

    return bool(widget.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, widget))


class LateBusy(Busy):
    """Over a view, in its middle: seen only where what it waits for takes long."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(20, over)
        self.hide()
        self._over = over
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_LATE_MS)
        self._late.timeout.connect(self._on_late)

    def begin(self) -> None:
        self._late.start()

    def end(self) -> None:
        self._late.stop()
        self.hide()

    def _on_late(self) -> None:
        self.move((self._over.width() - self.width()) // 2, min(96, self._over.height() // 2))
        self.raise_()
        self.show()


class EmptyState(QWidget):
    """What a pane shows before there is anything: an icon, a title, one line, and what to do."""

    def __init__(
        self, icon_name: str, title: str, text: str = "", buttons: Sequence[Button] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 24, 32, 24)
        column.setSpacing(8)
        column.addStretch(2)
        self._mark = IconMark(icon_name)
        column.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(4)
        self.title = Label(title, TITLE, 600, wrap=True)
        self.title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.title)
        self.text = Label(text, role="ink_2", wrap=True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.text)
        # Only now that it has a parent: before, it would be shown as a window of its own.
        self.text.setVisible(bool(text))
        if buttons:
            column.addSpacing(8)
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addStretch()
            for button in buttons:
                row.addWidget(button)
            row.addStretch()
            column.addLayout(row)
        column.addStretch(3)


class IconMark(QWidget):
    """An icon on a small rounded tile, in the colours of two roles; `side` of the tile in pixels."""

    def __init__(
        self,
        icon_name: str,
        role: str = "ink_3",
        ground: str = "sunken",
        side: int = 44,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self._role = role
        self._ground = ground
        self.setFixedSize(side, side)

    def set_icon(self, icon_name: str, role: str | None = None, ground: str | None = None) -> None:
        self._icon_name = icon_name
        self._role = role or self._role
        self._ground = ground or self._ground
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = self.width()
        fill_round(painter, self.rect(), round(side * 0.23), color(self._ground))
        size = round(side / 2)
        drawn = pixmap(self._icon_name, self._role, size, self.devicePixelRatioF(), 1.5 if size > 18 else 1.75)
        painter.drawPixmap(QPoint((side - size) // 2, (side - size) // 2), drawn)


class Chip(PaintedButton):
    """A small pill of icon and words. With `removable` it has a cross; Delete and Backspace remove it, too."""

    removed = Signal()

    def __init__(
        self, text: str, icon_name: str | None = None, removable: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self._removable = removable
        self.setText(text)
        self.setAccessibleName(text)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(260)

    @property
    def cross(self) -> QRect:
        """Where the cross is, empty without one."""
        return QRect(self.width() - 24, 0, 24, self.height()) if self._removable else QRect()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(font(LABEL))
        width = advance(metrics, self.text()) + 18
        width += 20 if self._icon_name else 0
        width += 18 if self._removable else 0
        return QSize(width, max(24, round(metrics.height()) + 6))

    def minimumSizeHint(self) -> QSize:
        return QSize(64, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setToolTip(plain_tooltip(self.text()) if self.width() < self.sizeHint().width() else "")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.cross.contains(event.position().toPoint()):
            event.accept()
            return
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.cross.contains(event.position().toPoint()) and not self.isDown():
            self.removed.emit()
            return
        super().mouseReleaseEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._removable and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        radius = self.height() / 2
        fill_round(painter, self.rect(), radius, color("hover" if self.is_hovered else "sunken"), color("line"))
        x = 9
        ratio = self.devicePixelRatioF()
        if self._icon_name:
            painter.drawPixmap(QPoint(x, (self.height() - 14) // 2), pixmap(self._icon_name, "ink_2", 14, ratio))
            x += 20
        right = self.width() - (24 if self._removable else 8)
        painter.setFont(font(LABEL))
        painter.setPen(color("ink_2"))
        text = QFontMetricsF(font(LABEL)).elidedText(self.text(), Qt.TextElideMode.ElideMiddle, right - x)
        painter.drawText(QRect(x, 0, right - x, self.height()), Qt.AlignmentFlag.AlignVCenter, text)
        if self._removable:
            over = self.is_hovered and self.cross.contains(self.mapFromGlobal(self.cursor().pos()))
            painter.drawPixmap(
                QPoint(self.width() - 20, (self.height() - 12) // 2), pixmap("x", "ink" if over else "ink_3", 12, ratio)
            )
        if self.shows_focus:
            draw_ring(painter, self.rect(), radius)


class SearchField(QLineEdit):
    """A field with a magnifier and a cross to clear it; Esc clears, too."""

    def __init__(self, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "search")
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.addAction(icon("search", "ink_3"), QLineEdit.ActionPosition.LeadingPosition)
        self._clear = self.addAction(icon("x", "ink_3", 14), QLineEdit.ActionPosition.TrailingPosition)
        self._clear.setToolTip(tr("Clear"))
        self._clear.setVisible(False)
        self._clear.triggered.connect(self.clear)
        self.textChanged.connect(lambda text: self._clear.setVisible(bool(text)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self.update()
