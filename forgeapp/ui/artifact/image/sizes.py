"""A picture in several sizes, each half the one before, so that drawing it small is quick and smooth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from forgeapp.domain.image import MAX_PIXELS, Image

_SMALLEST: Final = 400
"""Pixels of the longer side below which no smaller size is worth it."""
_MEGABYTES: Final = 512
"""What Qt may take to unpack one; of MAX_PIXELS it takes 200, and as much again for some formats."""


@dataclass(frozen=True, slots=True)
class DecodedPicture:
    """`sizes`: the picture as it is, then smaller ones. `is_transparent`: something of it may be seen through."""

    sizes: tuple[QImage, ...]
    is_transparent: bool

    @property
    def whole(self) -> QImage:
        return self.sizes[0]

    def nearest(self, width: float) -> QImage:
        """The smallest one at least so wide."""
        return next((image for image in reversed(self.sizes) if image.width() >= width), self.sizes[0])


def decode(image: Image) -> DecodedPicture | None:
    """None for what cannot be shown. Slow: for a job."""
    whole = _read(image.data, None)
    if whole is None:
        return None
    is_transparent = whole.hasAlphaChannel()
    shape = QImage.Format.Format_ARGB32_Premultiplied if is_transparent else QImage.Format.Format_RGB32
    sizes = [whole.convertToFormat(shape)]
    while max(sizes[-1].width(), sizes[-1].height()) > 2 * _SMALLEST:
        sizes.append(_scaled(sizes[-1], sizes[-1].size() / 2))
    return DecodedPicture(tuple(sizes), is_transparent)


def decode_small(image: Image, side: int) -> QImage | None:
    """At most `side` pixels wide and high, None for what cannot be shown. Slow: for a job."""
    size = QSize(image.width, image.height)
    if max(image.width, image.height) <= side:
        return _read(image.data, None)
    bounds = size.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
    # Decoders that can give a smaller picture at once are asked for twice the size, which is then smoothed.
    found = _read(image.data, bounds * 2)
    return None if found is None else _scaled(found, bounds)


def _read(data: bytes, size: QSize | None) -> QImage | None:
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    QImageReader.setAllocationLimit(_MEGABYTES)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    natural = reader.size()
    if natural.isEmpty() or natural.width() * natural.height() > MAX_PIXELS:
        return None
    if size is not None:
        reader.setScaledSize(size)
    found = reader.read()
    return None if found.isNull() else found


def _scaled(image: QImage, size: QSize) -> QImage:
    return image.scaled(
        size.expandedTo(QSize(1, 1)), Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
