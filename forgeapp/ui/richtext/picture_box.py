"""Pictures whose bytes the text itself carries, within bounds; all others show what they are called."""

from __future__ import annotations

import base64
import binascii
import re
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter, QPainterPath

from forgeapp.ui.richtext.box import Box
from forgeapp.ui.richtext.pieces import PicturePiece
from forgeapp.ui.theme import LABEL, RADIUS, color, font, px
from forgeapp.ui.wording import tr

MAX_SOURCE_CHARS = 12_000_000
MAX_PIXELS = 24_000_000
MAX_SHOWN_SIDE = 1_600
_MAX_HEIGHT = 560
_DATA = re.compile(r"data:image/(?:png|jpe?g|gif|webp|bmp)(?P<base64>;base64)?,", re.IGNORECASE)
_FORMATS = (b"png", b"jpeg", b"jpg", b"gif", b"webp", b"bmp")


class PictureBox(Box):
    piece: PicturePiece

    def arrange(self) -> int:
        self._image = read_image(self.piece.picture.source)
        self.set_texts((self.piece.picture.alt,))
        if self._image is None:
            self._shown = QSize(self.room, px(32))
        else:
            natural = self._image.size()
            bound = QSize(min(self.room, natural.width()), min(px(_MAX_HEIGHT), natural.height()))
            self._shown = natural.scaled(bound, Qt.AspectRatioMode.KeepAspectRatio)
        return max(1, self._shown.height())

    def position_at(self, point: QPointF) -> int:
        return 0 if point.y() < self.height / 2 else self.length

    def caret(self, position: int) -> QRectF:  # noqa: ARG002
        return QRectF(self.indent, 0, 1, self.height)

    def line_ends(self, position: int) -> tuple[int, int]:  # noqa: ARG002
        return 0, self.length

    def paint(self, painter: QPainter, clip: QRectF, selection: tuple[int, int] | None) -> None:  # noqa: ARG002
        frame = QRectF(self.indent, 0, self._shown.width(), self._shown.height())
        if self._image is None:
            painter.setPen(color("line"))
            painter.setBrush(color("ground"))
            painter.drawRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
            painter.setPen(color("ink_3"))
            painter.setFont(font(LABEL))
            text = self.piece.picture.alt or tr("A picture that cannot be shown")
            painter.drawText(frame.adjusted(px(10), 0, -px(10), 0), Qt.AlignmentFlag.AlignVCenter, text)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            shape = QPainterPath()
            shape.addRoundedRect(frame, RADIUS, RADIUS)
            painter.save()
            painter.setClipPath(shape, Qt.ClipOperation.IntersectClip)
            painter.drawImage(frame, self._image)
            painter.restore()
        if selection and selection[1] > selection[0]:
            painter.fillRect(frame, color("accent", 0.25))


@lru_cache(maxsize=8)
def read_image(source: str) -> QImage | None:
    """The picture of a data: source, scaled down to at most MAX_SHOWN_SIDE; None for all else."""
    match = _DATA.match(source, 0, 40)
    if not match or len(source) > MAX_SOURCE_CHARS:
        return None
    try:
        body = source[match.end() :]
        data = base64.b64decode(unquote_to_bytes(body)) if match["base64"] else unquote_to_bytes(body)
    except (binascii.Error, ValueError):
        return None
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    size = reader.size()
    if bytes(reader.format().data()) not in _FORMATS or size.isEmpty() or size.width() * size.height() > MAX_PIXELS:
        return None
    if max(size.width(), size.height()) > MAX_SHOWN_SIDE:
        reader.setScaledSize(size.scaled(MAX_SHOWN_SIDE, MAX_SHOWN_SIDE, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return None if image.isNull() else image
