"""Pictures that are pasted or dropped into a text: bounded, re-coded only where they must be, as Markdown.

The text names a picture where it stands, `![name][image-1]`, and carries its bytes at its end.
"""

from __future__ import annotations

import base64
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QSize, Qt
from PySide6.QtGui import QImage, QImageIOHandler, QImageReader

from forgeapp.domain.image_files import without_metadata
from forgeapp.errors import UnreadableFile
from forgeapp.ui.wording import tr

MAX_SIDE: Final = 2_000
MAX_FILE_BYTES: Final = 30_000_000
MAX_BYTES: Final = 6_000_000
"""Of one picture as it is kept; photographs of that many pixels have less."""
MAX_PIXELS: Final = 100_000_000
_AS_JPEG_FROM: Final = 1_500_000
_SUFFIXES: Final = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp")
_KEPT: Final = {b"png": "png", b"jpeg": "jpeg", b"jpg": "jpeg"}
_NUMBER: Final = re.compile(r"^ {0,3}\[image-(\d{1,6})\]:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Prepared:
    """`source`: a data: address."""

    name: str
    source: str


def picture_paths(mime: QMimeData) -> list[Path]:
    """The files of pictures it holds; none where it holds others, too."""
    urls = mime.urls()
    paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    is_pictures = bool(paths) and len(paths) == len(urls) and all(p.suffix.lower() in _SUFFIXES for p in paths)
    return paths if is_pictures else []


def pasted_image(mime: QMimeData) -> QImage | None:
    """A picture that was copied as such; where there are words beside it, they are what is meant."""
    if not mime.hasImage() or mime.hasText():
        return None
    image = mime.imageData()
    return image if isinstance(image, QImage) and not image.isNull() else None


def prepared_file(path: Path) -> Prepared:
    """PNG and JPEG as they are where they are small enough, without what a camera wrote beside the picture.

    Raises UnreadableFile. Slow: for a job.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise _refused(path.name, tr("it has more than {mb} MB", mb=MAX_FILE_BYTES // 1_000_000))
        data = path.read_bytes()
    except OSError as error:
        raise _refused(path.name, error.strerror or str(error)) from error
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    reader.setDecideFormatFromContent(True)
    size, kind = reader.size(), bytes(reader.format().data())
    if size.width() * size.height() > MAX_PIXELS:
        raise _refused(path.name, tr("it has too many pixels"))
    is_upright = reader.transformation() == QImageIOHandler.Transformation.TransformationNone
    if kind in _KEPT and is_upright and max(size.width(), size.height()) <= MAX_SIDE and len(data) <= MAX_BYTES:
        # Parts that cannot be told apart are drawn anew.
        with suppress(ValueError):
            return Prepared(_name(path.stem), _source(_KEPT[kind], without_metadata(data)))
    image = reader.read()
    if image.isNull():
        raise _refused(path.name, tr("it is no picture that can be shown"))
    return Prepared(_name(path.stem), _encoded(image, path.name))


def prepared_image(image: QImage) -> Prepared:
    """Raises UnreadableFile. Slow: for a job."""
    return Prepared("image", _encoded(image, tr("The picture")))


def markdown_for(text: str, pictures: list[Prepared]) -> tuple[str, str]:
    """What stands where the pictures are put, and what is added at the end of `text`."""
    number = max((int(found) for found in _NUMBER.findall(text)), default=0)
    marks, definitions = [], []
    for picture in pictures:
        number += 1
        marks.append(f"![{picture.name}][image-{number}]")
        definitions.append(f"[image-{number}]: {picture.source}")
    last = text.rstrip("\n").rsplit("\n", 1)[-1]
    gap = "\n" if text.endswith("\n") else "\n\n"
    if _NUMBER.match(last):
        gap = "" if text.endswith("\n") else "\n"
    return "\n\n".join(marks), gap + "\n".join(definitions) + "\n"


def _encoded(image: QImage, name: str) -> str:
    if max(image.width(), image.height()) > MAX_SIDE:
        bound = QSize(MAX_SIDE, MAX_SIDE)
        image = image.scaled(bound, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    data = _saved(image, "PNG", -1)
    if len(data) > _AS_JPEG_FROM and not image.hasAlphaChannel():
        smaller = _saved(image, "JPEG", 88)
        if len(smaller) < len(data):
            return _checked(_source("jpeg", smaller), len(smaller), name)
    return _checked(_source("png", data), len(data), name)


def _checked(source: str, size: int, name: str) -> str:
    if size > MAX_BYTES:
        raise _refused(name, tr("it has more than {mb} MB, even when scaled down", mb=MAX_BYTES // 1_000_000))
    return source


def _saved(image: QImage, kind: str, quality: int) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, kind, quality)  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def _source(kind: str, data: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def _name(stem: str) -> str:
    """What may stand between brackets."""
    return re.sub(r"[\[\]\\\s`*_<>]+", " ", stem).strip()[:80] or "image"


def _refused(name: str, reason: str) -> UnreadableFile:
    remedy = tr("Take a smaller picture, or another format: PNG and JPEG fit every export.")
    return UnreadableFile(source=name, reason=reason, remedy=remedy)
