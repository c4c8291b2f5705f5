"""Pictures whose bytes the text itself carries, within bounds; all others show what they are called."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter, QPainterPath

from forgeapp.ui.carried_text import unfolded
from forgeapp.ui.richtext.box import Box
from forgeapp.ui.richtext.pieces import PicturePiece
from forgeapp.ui.theme import LABEL, RADIUS, color, font, px
from forgeapp.ui.wording import tr

MAX_SOURCE_CHARS = 12_000_000
MAX_PIXELS = 24_000_000
MAX_SHOWN_SIDE = 1_600
_MAX_HEIGHT = 560
_BEGINNING = 120_000
"""Characters; of base64 a multiple of four."""
_DATA = re.compile(r"data:image/(?:png|jpe?g|gif|webp|bmp)(?P<base64>;base64)?,", re.IGNORECASE)
_FORMATS = (b"png", b"jpeg", b"jpg", b"gif", b"webp", b"bmp")


class PictureBox(Box):
    """Has the size of its picture from the first on; `image` comes when it is decoded, which is slow."""

    piece: PicturePiece
    image: QImage | None = None
    is_asked = False
    """Whether its image was asked for."""
    _natural: QSize | None = None

    @property
    def awaits_image(self) -> bool:
        """Whether it has one that is still to be asked for."""
        return self._natural is not None and not self.is_asked

    def take_image(self, image: QImage | None) -> None:
        """None: it cannot be shown, and is laid out anew as such."""
        self.image = image
        if image is None:
            self._natural = None
            self.lay_out(self.width)

    def arrange(self) -> int:
        if not self.is_asked:
            self._natural = picture_size(self.piece.picture.source)
        self.set_texts((self.piece.picture.alt,))
        if self._natural is None:
            self._shown = QSize(self.room, px(32))
        else:
            natural = self._natural
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
        if self.image is None:
            painter.setPen(color("line"))
            painter.setBrush(color("ground"))
            painter.drawRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        if self._natural is None:
            painter.setPen(color("ink_3"))
            painter.setFont(font(LABEL))
            text = self.piece.picture.alt or tr("A picture that cannot be shown")
            painter.drawText(frame.adjusted(px(10), 0, -px(10), 0), Qt.AlignmentFlag.AlignVCenter, text)
        elif self.image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            shape = QPainterPath()
            shape.addRoundedRect(frame, RADIUS, RADIUS)
            painter.save()
            painter.setClipPath(shape, Qt.ClipOperation.IntersectClip)
            painter.drawImage(frame, self.image)
            painter.restore()
        if selection and selection[1] > selection[0]:
            painter.fillRect(frame, color("accent", 0.25))


def picture_size(source: str) -> QSize | None:
    """How large the picture of a data: source is shown at most; None where it cannot be. Reads its beginning only."""
    source = unfolded(source)
    match = _matched(source)
    if match is None:
        return None
    begin = _decoded(source[match.end() : match.end() + _BEGINNING], match)
    size = _shown_size(_Reader(begin)) if begin else None
    if size is None and len(source) > _BEGINNING:
        # Some carry much before they tell their size.
        whole = _decoded(source[match.end() :], match)
        size = _shown_size(_Reader(whole)) if whole else None
    return size


def read_image(source: str) -> QImage | None:
    """The picture of a data: source, scaled down to at most MAX_SHOWN_SIDE; None for all else. Slow."""
    source = unfolded(source)
    match = _matched(source)
    data = _decoded(source[match.end() :], match) if match else None
    if not data:
        return None
    reader = _Reader(data)
    size = _shown_size(reader)
    if size is None:
        return None
    if size != reader.size():
        reader.setScaledSize(size)
    image = reader.read()
    return None if image.isNull() else image


def _matched(source: str) -> re.Match[str] | None:
    return _DATA.match(source, 0, 40) if len(source) <= MAX_SOURCE_CHARS else None


def _decoded(body: str, match: re.Match[str]) -> bytes | None:
    data = unquote_to_bytes(body)
    try:
        return base64.b64decode(data) if match["base64"] else data
    except (binascii.Error, ValueError):
        return None


class _Reader(QImageReader):
    """Of bytes; the buffer lives as long as it reads from it."""

    def __init__(self, data: bytes) -> None:
        self._buffer = QBuffer()
        self._buffer.setData(QByteArray(data))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        super().__init__(self._buffer)
        self.setDecideFormatFromContent(True)


def _shown_size(reader: QImageReader) -> QSize | None:
    size = reader.size()
    if bytes(reader.format().data()) not in _FORMATS or size.isEmpty() or size.width() * size.height() > MAX_PIXELS:
        return None
    if max(size.width(), size.height()) > MAX_SHOWN_SIDE:
        return size.scaled(MAX_SHOWN_SIDE, MAX_SHOWN_SIDE, Qt.AspectRatioMode.KeepAspectRatio)
    return size
