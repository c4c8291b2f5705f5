"""Images in small, painted: in a square beside a title, and across a card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from forgeapp.ui.theme import RADIUS, color, px
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.workbench.thumbnails import Thumbnails

_HEIGHT: Final = 148
_PAD: Final = 10


def paint_square(painter: QPainter, area: QRect, image: QImage, radius: float = 3) -> None:
    """The middle of the image, filling the square."""
    side = min(image.width(), image.height())
    source = QRectF((image.width() - side) / 2, (image.height() - side) / 2, side, side)
    _paint(painter, QRectF(area), image, source, radius)


def _paint(painter: QPainter, area: QRectF, image: QImage, source: QRectF, radius: float) -> None:
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    shape = QPainterPath()
    shape.addRoundedRect(area, radius, radius)
    painter.setClipPath(shape)
    painter.drawImage(area, image, source)
    painter.setClipping(False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color("line"), 1))
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    painter.restore()


class CardPicture(QWidget):
    """All of an image, in the middle of a card's width; its place is there before it is."""

    def __init__(
        self, thumbnails: Thumbnails, artifact: int, version: int, words: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("card_picture")
        self.setAccessibleName(words or tr("Picture"))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._thumbnails = thumbnails
        self._key = (artifact, version)
        thumbnails.made.connect(self._on_made)

    @property
    def image(self) -> QImage | None:
        return self._thumbnails.of(*self._key)

    def _on_made(self, artifact: int, version: int) -> None:
        if (artifact, version) == self._key:
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, px(_HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        image = self.image
        if image is None:
            return
        room = self.rect().adjusted(_PAD, _PAD, -_PAD, -_PAD)
        ratio = self.devicePixelRatioF()
        size = QSize(round(image.width() / ratio), round(image.height() / ratio))
        if size.width() > room.width() or size.height() > room.height():
            size = size.scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        size = size.expandedTo(QSize(1, 1))
        area = QRectF(
            room.x() + (room.width() - size.width()) / 2,
            room.y() + (room.height() - size.height()) / 2,
            size.width(),
            size.height(),
        )
        _paint(QPainter(self), area, image, QRectF(image.rect()), RADIUS)
