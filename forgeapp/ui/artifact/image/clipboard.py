"""A picture on the clipboard: as a picture, and as the very file, for programs that take one."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from forgeapp.domain.image import Image


def picture_data(image: Image, shown: QImage) -> QMimeData:
    """`shown`: the image, unpacked."""
    data = QMimeData()
    data.setImageData(shown)
    data.setData(image.media_type, image.data)
    return data
