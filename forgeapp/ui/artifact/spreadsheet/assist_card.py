"""What can be typed next in a formula, or the arguments of the function being typed, on a card under the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from forgeapp.ui.controls.painting import advance, draw_shadow, fill_round
from forgeapp.ui.theme import BODY, CARD_RADIUS, LABEL, RADIUS, color, font, px
from forgeapp.ui.wording import tr

_SHADOW = 10
_EDGE = 12
_MAX_ROWS = 7
_WIDTH = 360
_ROW = 26


class Offer(NamedTuple):
    """A name that can be typed, what it is for, and the characters it puts in."""

    name: str
    purpose: str
    inserted: str


class Signature(NamedTuple):
    """`current` is the place of the argument the cursor is in."""

    name: str
    arguments: Sequence[str]
    current: int
    purpose: str


class AssistCard(QWidget):
    """Never takes the focus: keys go to the field it helps. `picked(Offer)`: by a click."""

    picked = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("formula_assist")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self._offers: list[Offer] = []
        self._signature: Signature | None = None
        self._chosen = 0
        self._first = 0
        self.hide()

    @property
    def offers(self) -> list[Offer]:
        """What is listed; [] while it shows a signature, or nothing."""
        return self._offers if not self.isHidden() else []

    @property
    def chosen(self) -> Offer:
        """The one a key takes."""
        return self._offers[self._chosen]

    @property
    def signature(self) -> Signature | None:
        return self._signature if not self.isHidden() else None

    def show_offers(self, offers: Sequence[Offer], caret: QRect) -> None:
        self._offers, self._signature = list(offers), None
        self._chosen = self._first = 0
        self._show(caret)
        self._tell()

    def show_signature(self, signature: Signature, caret: QRect) -> None:
        self._offers, self._signature = [], signature
        self._show(caret)
        words = f"{signature.name}({', '.join(signature.arguments)})"
        self.setAccessibleName(tr("Arguments: {words}", words=words))

    def step(self, by: int) -> None:
        """To another of what is listed, around its ends."""
        self._chosen = (self._chosen + by) % len(self._offers)
        self._first = min(max(self._first, self._chosen - _MAX_ROWS + 1), self._chosen)
        self._tell()
        self.update()

    def _tell(self) -> None:
        self.setAccessibleName(tr("Proposal: {name}. {purpose}", name=self.chosen.name, purpose=self.chosen.purpose))

    def _show(self, caret: QRect) -> None:
        """Under the caret, above it where there is no room; within the parent."""
        parent = self.parentWidget()
        assert parent is not None
        size = self._wanted(parent.width())
        x = min(max(caret.left() - _SHADOW - _EDGE, -_SHADOW), parent.width() - size.width() + _SHADOW)
        y = caret.bottom() + 6 - _SHADOW
        if y + size.height() - _SHADOW > parent.height():
            y = caret.top() - 6 - size.height() + _SHADOW
        self.setGeometry(QRect(QPoint(x, y), size))
        self.show()
        self.raise_()
        self.update()

    def _wanted(self, room: int) -> QSize:
        inner = min(px(_WIDTH), room - 2 * _EDGE)
        if self._signature is None:
            rows = min(len(self._offers), _MAX_ROWS)
            height = rows * px(_ROW) + 12
        else:
            inner = min(max(self._signature_width() + 2 * _EDGE, px(200)), room - 2 * _EDGE)
            height = self._lay_out_signature(None, inner) + 16
        return QSize(inner + 2 * _SHADOW, height + 2 * _SHADOW)

    def _card(self) -> QRect:
        return self.rect().adjusted(_SHADOW, _SHADOW, -_SHADOW, -_SHADOW)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        card = self._card()
        draw_shadow(painter, card, CARD_RADIUS, _SHADOW)
        fill_round(painter, card, CARD_RADIUS, color("raised"), color("line"))
        if self._signature is not None:
            self._lay_out_signature(painter, card.width())
            return
        shown = self._offers[self._first : self._first + _MAX_ROWS]
        for line, offer in enumerate(shown):
            self._paint_offer(painter, offer, self._row(line), line + self._first == self._chosen)

    def _row(self, line: int) -> QRect:
        card = self._card()
        return QRect(card.left() + 6, card.top() + 6 + line * px(_ROW), card.width() - 12, px(_ROW))

    def _paint_offer(self, painter: QPainter, offer: Offer, area: QRect, is_chosen: bool) -> None:
        if is_chosen:
            fill_round(painter, area, RADIUS, color("selected"))
        inner = area.adjusted(8, 0, -8, 0)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        name_font = font(LABEL, 600 if is_chosen else 500, mono=True)
        painter.setFont(name_font)
        painter.setPen(color("ink"))
        metrics = QFontMetricsF(name_font)
        name = metrics.elidedText(offer.name, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, flags, name)
        used = advance(metrics, name) + 12
        room = inner.adjusted(used, 0, 0, 0)
        if room.width() > px(40):
            painter.setFont(font(LABEL))
            painter.setPen(color("ink_2" if is_chosen else "ink_3"))
            words = QFontMetricsF(font(LABEL)).elidedText(offer.purpose, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, flags, words)

    def _pieces(self) -> list[tuple[str, bool]]:
        """The signature's words, and whether each is the current argument."""
        signature = self._signature
        assert signature is not None
        pieces = [(f"{signature.name}(", False)]
        for place, argument in enumerate(signature.arguments):
            end = ", " if place < len(signature.arguments) - 1 else ")"
            pieces.append((argument + end, place == signature.current))
        return pieces if signature.arguments else [(f"{signature.name}()", False)]

    def _signature_width(self) -> int:
        assert self._signature is not None
        words = sum(advance(_metrics(is_current), text) for text, is_current in self._pieces())
        return max(words, advance(QFontMetricsF(font(LABEL)), self._signature.purpose)) + 4

    def _lay_out_signature(self, painter: QPainter | None, width: int) -> int:
        """Draws it where there is a painter; gives the height it needs in a card so wide."""
        assert self._signature is not None
        left = top = 0
        if painter is not None:
            card = self._card()
            left, top = card.left(), card.top() + 8
        line_height = round(_metrics(True).height()) + 2
        x, y, right = left + _EDGE, top, left + width - _EDGE
        for text, is_current in self._pieces():
            extent = advance(_metrics(is_current), text)
            if x + extent > right and x > left + _EDGE:
                x, y = left + _EDGE + 16, y + line_height
            if painter is not None:
                painter.setFont(_type(is_current))
                painter.setPen(color("ink" if is_current else "ink_2"))
                area = QRect(x, y, extent + 4, line_height)
                painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)
            x += extent
        y += line_height + 2
        purpose = QRect(left + _EDGE, y, width - 2 * _EDGE, 10_000)
        flags = Qt.TextFlag.TextWordWrap
        bounds = QFontMetricsF(font(LABEL)).boundingRect(purpose, flags, self._signature.purpose)
        if painter is not None:
            painter.setFont(font(LABEL))
            painter.setPen(color("ink_3"))
            painter.drawText(purpose, flags, self._signature.purpose)
        return round(y - top + bounds.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for line, offer in enumerate(self._offers[self._first : self._first + _MAX_ROWS]):
            if self._row(line).contains(event.position().toPoint()):
                self.picked.emit(offer)
                return

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        for line in range(min(len(self._offers) - self._first, _MAX_ROWS)):
            if self._row(line).contains(event.position().toPoint()) and self._chosen != self._first + line:
                self._chosen = self._first + line
                self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._offers:
            by = -1 if event.angleDelta().y() > 0 else 1
            self._chosen = min(max(self._chosen + by, 0), len(self._offers) - 1)
            self._first = min(max(self._first, self._chosen - _MAX_ROWS + 1), self._chosen)
            self.update()
        event.accept()


def _type(is_current: bool) -> QFont:
    return font(BODY, 700 if is_current else 400)


def _metrics(is_current: bool) -> QFontMetricsF:
    return QFontMetricsF(_type(is_current))
