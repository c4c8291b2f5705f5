"""Words that stand still: labels in a role's colour, elided ones, keys of the keyboard."""

from __future__ import annotations

from html import escape
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from forgeapp.ui.controls.painting import advance, fill_round
from forgeapp.ui.theme import BODY, CAPTION, color, font

_TOOLTIP_CHARS: Final = 800
_LINE: Final = 1.45
"""From one line to the next, in sizes of the text."""
_MEASURE: Final = 32
"""The width a text asks for at most, in sizes of the text; it takes what it is given."""


def plain_tooltip(text: str) -> str:
    """`text` for a tooltip, which would read what looks like HTML as such; cut where it is very long."""
    if len(text) > _TOOLTIP_CHARS:
        text = text[: _TOOLTIP_CHARS - 1] + "…"
    if "<" not in text and "&" not in text:
        return text
    return f"<p style='white-space: pre-wrap'>{escape(text)}</p>"


class Label(QLabel):
    """Plain text in one of the type sizes and the colour of a role. Never reads its text as HTML.

    With `wrap` its lines stand apart as the type scale asks for, one and a half times their size from each other.
    """

    def __init__(
        self,
        text: str = "",
        size: int = BODY,
        weight: int = 400,
        role: str = "ink",
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._type = (size, weight)
        self._role = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self.setFont(font(size, weight))
        self.set_role(role)

    def set_role(self, role: str) -> None:
        if role == self._role:
            return
        self._role = role
        self.setProperty("tone", role)
        self.style().unpolish(self)
        self.style().polish(self)

    @property
    def _line_height(self) -> int:
        return round(self.font().pixelSize() * _LINE)

    @property
    def _paints_lines(self) -> bool:
        """Text that can be selected is left to Qt, which knows where its characters are."""
        return self.wordWrap() and not self.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse

    def _lay_out(self, width: int) -> QTextLayout:
        layout = QTextLayout(self.text().replace("\n", "\u2028"), self.font())
        option = QTextOption(self.alignment())
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        y = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(width, 1))
            line.setPosition(QPointF(0, y + max(0.0, (self._line_height - line.height()) / 2)))
            y += self._line_height
        layout.endLayout()
        return layout

    def heightForWidth(self, width: int) -> int:
        if not self._paints_lines:
            return super().heightForWidth(width)
        margins = self.contentsMargins()
        lines = self._lay_out(width - margins.left() - margins.right()).lineCount()
        return max(lines, 1) * self._line_height + margins.top() + margins.bottom()

    def sizeHint(self) -> QSize:
        if not self._paints_lines:
            return super().sizeHint()
        metrics = QFontMetricsF(self.font())
        natural = max((advance(metrics, line) for line in self.text().split("\n")), default=0)
        margins = self.contentsMargins()
        width = min(natural, self.font().pixelSize() * _MEASURE) + margins.left() + margins.right()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        if not self._paints_lines:
            return super().minimumSizeHint()
        width = min(self.sizeHint().width(), self.font().pixelSize() * 6)
        return QSize(width, self._line_height)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._paints_lines:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(color(self._role if self.isEnabled() else "ink_3"))
        area = self.contentsRect()
        layout = self._lay_out(area.width())
        height = layout.lineCount() * self._line_height
        top = area.top()
        if self.alignment() & Qt.AlignmentFlag.AlignVCenter:
            top += max(0, (area.height() - height) // 2)
        layout.draw(painter, QPointF(area.left(), top))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and self.font() != font(*self._type):
            self.setFont(font(*self._type))


class ElidedLabel(Label):
    """One line, cut with an ellipsis where it does not fit; the tooltip then holds the whole."""

    def __init__(
        self,
        text: str = "",
        size: int = BODY,
        weight: int = 400,
        role: str = "ink",
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, size, weight, role, parent=parent)
        self._mode = mode
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        super().setText(text)
        self._tell_whole()

    @property
    def is_cut(self) -> bool:
        return advance(QFontMetricsF(self.font()), self.text()) > self.contentsRect().width()

    def _tell_whole(self) -> None:
        self.setToolTip(plain_tooltip(self.text()) if self.is_cut else "")

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self.font())
        return QSize(advance(metrics, self.text()), round(metrics.height()) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_whole()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(color(self._role if self.isEnabled() else "ink_3"))
        area = self.contentsRect()
        text = QFontMetricsF(self.font()).elidedText(self.text().replace("\n", " "), self._mode, area.width())
        painter.drawText(area, self.alignment() | Qt.TextFlag.TextSingleLine, text)


class ShortcutHint(QWidget):
    """Keys as they are printed on a keyboard: 'Ctrl Shift P'."""

    def __init__(self, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = keys.replace("+", " ")
        self.setAccessibleName(keys)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def text(self) -> str:
        return self._text

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(font(CAPTION, 500))
        return QSize(advance(metrics, self._text) + 10, round(metrics.height()) + 3)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill_round(painter, self.rect(), 4, color("surface"), color("line"))
        painter.setFont(font(CAPTION, 500))
        painter.setPen(color("ink_3"))
        painter.drawText(QRect(0, 0, self.width(), self.height()), Qt.AlignmentFlag.AlignCenter, self._text)
