"""What the empty pane offers: tiles that begin something, and rows that open something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from forgeapp.domain.artifact import Kind
from forgeapp.ui.artifact.image.thumbnail import paint_square
from forgeapp.ui.chat.captions import kind_text
from forgeapp.ui.controls.painting import PaintedButton, draw_ring, fill_round
from forgeapp.ui.icons import KIND_ICONS, pixmap
from forgeapp.ui.theme import BODY, CAPTION, CARD_RADIUS, LABEL, RADIUS, ROW, color, font, px
from forgeapp.ui.wording import tr, when

if TYPE_CHECKING:
    from forgeapp.ledger.artifacts import ArtifactRow
    from forgeapp.ui.workbench.thumbnails import Thumbnails

_PAD: Final = 12
_SIDE: Final = 28
_TINTS: Final[dict[Kind, tuple[str, str]]] = {
    Kind.TABLE: ("accent", "accent_soft"),
    Kind.DOCUMENT: ("warn", "warn_soft"),
    Kind.SPREADSHEET: ("good", "good_soft"),
    Kind.CODE: ("formula", "sunken"),
    Kind.IMAGE: ("ink_2", "sunken"),
}


class Tile(PaintedButton):
    """An icon on its tint, and a name."""

    def __init__(self, kind: Kind, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = kind
        self.setText(name)
        self.setAccessibleName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(120, max(48, px(20) + 28))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill = color("hover" if self.isDown() else "raised")
        edge = color("ink_3", 0.55) if self.is_hovered else color("line")
        fill_round(painter, self.rect(), CARD_RADIUS, fill, edge)
        role, ground = _TINTS[self._kind]
        top = (self.height() - _SIDE) // 2
        fill_round(painter, QRect(_PAD, top, _SIDE, _SIDE), 7, color(ground))
        drawn = pixmap(KIND_ICONS[self._kind], role, 16, self.devicePixelRatioF())
        painter.drawPixmap(QPoint(_PAD + 6, top + 6), drawn)
        left = _PAD + _SIDE + 10
        room = self.width() - left - _PAD
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.setFont(font(BODY, 500))
        painter.setPen(color("ink"))
        shown = _elided(self.text(), font(BODY, 500), room)
        painter.drawText(QRect(left, 0, room, self.height()), flags, shown)
        if self.shows_focus:
            draw_ring(painter, self.rect(), CARD_RADIUS)


class RecentRow(PaintedButton):
    """An artifact that was worked on: its kind, its title, when."""

    def __init__(self, row: ArtifactRow, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = row
        self._thumbnails = thumbnails
        if row.kind is Kind.IMAGE:
            thumbnails.made.connect(self._on_made)
        self.setText(row.title)
        self.setAccessibleName(f"{row.title}, {kind_text(row.kind)}, {when(row.updated_at)}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def _on_made(self, _artifact: int, _version: int) -> None:
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, max(ROW + 4, px(20) + 10))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.is_hovered or self.isDown():
            fill_round(painter, self.rect(), RADIUS, color("line" if self.isDown() else "hover"))
        mark = QRect(8, (self.height() - 16) // 2, 16, 16)
        row = self._row
        thumbnail = self._thumbnails.of(row.id, row.version) if row.kind is Kind.IMAGE else None
        if thumbnail is not None:
            paint_square(painter, mark, thumbnail)
        else:
            role = _TINTS[row.kind][0]
            painter.drawPixmap(mark.topLeft(), pixmap(KIND_ICONS[row.kind], role, 16, self.devicePixelRatioF()))
        at = tr("version {number}", number=self._row.version) + " · " + when(self._row.updated_at)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.setFont(font(CAPTION))
        painter.setPen(color("ink_3"))
        inner = self.rect().adjusted(34, 0, -8, 0)
        painter.drawText(inner, flags | Qt.AlignmentFlag.AlignRight, at)
        room = inner.width() - round(QFontMetricsF(font(CAPTION)).horizontalAdvance(at)) - 12
        painter.setFont(font(BODY))
        painter.setPen(color("ink"))
        painter.drawText(inner, flags, _elided(self._row.title, font(BODY), room))
        if self.shows_focus:
            draw_ring(painter, self.rect(), RADIUS)


class DropMark(QWidget):
    """Lies over the pane while a file is held above it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("drop_mark")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("surface", 0.75))
        area = self.rect().adjusted(12, 12, -12, -12)
        fill_round(painter, area, CARD_RADIUS, color("accent_soft", 0.85))
        draw_ring(painter, area, CARD_RADIUS)
        middle = area.center()
        drawn = pixmap("file-down", "accent", 24, self.devicePixelRatioF())
        painter.drawPixmap(QPoint(middle.x() - 12, middle.y() - 30), drawn)
        painter.setFont(font(BODY, 500))
        painter.setPen(color("accent"))
        words = QRect(area.left(), middle.y(), area.width(), px(24))
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, tr("Drop it to open it here"))
        painter.setFont(font(LABEL))
        painter.setPen(color("ink_2"))
        more = words.translated(0, px(22))
        painter.drawText(
            more, Qt.AlignmentFlag.AlignCenter, tr("XLSX, CSV, DOCX, HTML, Markdown, JSON, text, code, pictures")
        )


def _elided(text: str, type_: object, width: int) -> str:
    return QFontMetricsF(type_).elidedText(text, Qt.TextElideMode.ElideRight, width)  # type: ignore[call-overload]
