"""Words as they stand, to be read and selected: plain text in a widget as high as its lines."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import (
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget

from forgeapp.ui.controls import Button
from forgeapp.ui.theme import BODY, color, font
from forgeapp.ui.wording import tr

_LINE_HEIGHT = 140.0
_FOLD_CHARS = 1_600
_FOLD_LINES = 16
_SHARE = 0.78
_RADIUS, _CORNER = 12.0, 4.0
_PAD_X, _PAD_Y = 14, 9
_DASHES = (4.0, 3.0)
_SINK = 2
"""A tall line's extra room is below its letters: so much lower they look centred."""


class PlainText(QTextEdit):
    """Selectable text that neither scrolls nor takes the wheel; `fit` says how wide and high it must be."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "plain")
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.viewport().setAutoFillBackground(False)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        self._whole = text
        self.setDocument(_laid_out(text, self))
        self.updateGeometry()

    def fit(self, width: int) -> QSize:
        """What the text needs where it may be `width` wide."""
        document = self.document()
        before = document.textWidth()
        document.setTextWidth(width)
        needed = QSize(min(width, int(document.idealWidth()) + 2), int(document.size().height() + 0.99))
        document.setTextWidth(before)
        return needed

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self.fit(width).height()

    def sizeHint(self) -> QSize:
        return QSize(320, self.heightForWidth(max(self.width(), 320)))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 16)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and self.document().defaultFont() != font(BODY):
            self.set_text(self._whole)


class Bubble(QWidget):
    """The user's words at the right edge, as wide as they need and never the whole width. Very long ones are folded.

    `is_waiting`: they have not been sent, and only an outline is around them.
    """

    def __init__(self, text: str, parent: QWidget | None = None, is_waiting: bool = False) -> None:
        super().__init__(parent)
        self._is_waiting = is_waiting
        self._text = text
        self._is_folded = _is_long(text)
        self._needed: dict[int, QSize] = {}
        self.words = PlainText(_folded(text) if self._is_folded else text, self)
        self.words.setObjectName("message_text")
        self.words.setAccessibleName(tr("Your message"))
        self._more: Button | None = None
        if self._is_folded:
            self._more = Button(tr("Show all"), kind="quiet", small=True, parent=self)
            self._more.setObjectName("message_unfold")
            self._more.clicked.connect(self._on_unfolded)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def text(self) -> str:
        return self._text

    def _on_unfolded(self) -> None:
        assert self._more is not None
        self._is_folded = not self._is_folded
        self._more.set_text(tr("Show all") if self._is_folded else tr("Show less"))
        self.words.set_text(_folded(self._text) if self._is_folded else self._text)
        self._needed.clear()
        self.updateGeometry()
        self._place()

    def _fit(self, width: int) -> QSize:
        """The size of the bubble itself in a row `width` wide."""
        if width not in self._needed:
            if len(self._needed) > 8:
                self._needed.clear()
            words = self.words.fit(max(40, int(width * _SHARE) - 2 * _PAD_X))
            more = self._more.sizeHint() if self._more is not None else QSize(0, 0)
            self._needed[width] = QSize(
                max(words.width(), more.width()) + 2 * _PAD_X,
                words.height() + 2 * _PAD_Y + (more.height() + 4 if self._more is not None else 0),
            )
        return self._needed[width]

    def _place(self) -> None:
        size = self._fit(self.width())
        left = self.width() - size.width()
        more = self._more.sizeHint().height() + 4 if self._more is not None else 0
        self.words.setGeometry(
            left + _PAD_X, _PAD_Y + _SINK, size.width() - 2 * _PAD_X, size.height() - 2 * _PAD_Y - more
        )
        if self._more is not None:
            self._more.move(left + _PAD_X - 6, size.height() - _PAD_Y - more + 4)
            self._more.resize(self._more.sizeHint())
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._fit(width).height()

    def sizeHint(self) -> QSize:
        width = max(self.width(), 320)
        return QSize(width, self._fit(width).height())

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 20)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._needed.clear()
            self.updateGeometry()
            self._place()

    def paintEvent(self, _event: QPaintEvent) -> None:
        size = self._fit(self.width())
        area = QRectF(self.width() - size.width(), 0, size.width(), size.height())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._is_waiting:
            pen = QPen(color("ink_3", 0.6), 1, Qt.PenStyle.CustomDashLine)
            pen.setDashPattern(_DASHES)
            painter.strokePath(_speech(area.adjusted(0.5, 0.5, -0.5, -0.5)), pen)
        else:
            painter.fillPath(_speech(area), color("accent_soft"))


def _speech(area: QRectF) -> QPainterPath:
    """A rounded rectangle with the small corner at the bottom right, where the words come from."""
    path = QPainterPath()
    path.addRoundedRect(area, _RADIUS, _RADIUS)
    corner = QPainterPath()
    corner.addRoundedRect(
        QRectF(area.right() - 2 * _RADIUS, area.bottom() - 2 * _RADIUS, 2 * _RADIUS, 2 * _RADIUS), _CORNER, _CORNER
    )
    return path.united(corner)


def _laid_out(text: str, parent: QTextEdit) -> QTextDocument:
    document = QTextDocument(parent)
    document.setDocumentMargin(0)
    document.setDefaultFont(font(BODY))
    document.setUndoRedoEnabled(False)
    document.setPlainText(text)
    lines = QTextBlockFormat()
    lines.setLineHeight(_LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    cursor = QTextCursor(document)
    cursor.select(QTextCursor.SelectionType.Document)
    cursor.mergeBlockFormat(lines)
    return document


def _is_long(text: str) -> bool:
    return len(text) > _FOLD_CHARS or text.count("\n") >= _FOLD_LINES + 4


def _folded(text: str) -> str:
    lines = text[:_FOLD_CHARS].split("\n")[:_FOLD_LINES]
    return "\n".join(lines).rstrip() + " …"
