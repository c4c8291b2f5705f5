"""Pictures inside a publication: only those whose bytes it carries itself, within bounds, as files every format shows.

PNG and JPEG keep every byte of the picture where every reader shows them alike; what stands beside it, such as where it
was taken, goes. What some turn, darken or do not know (EXIF rotation, CMYK, 16 bits, GIF, WebP) is made a PNG or JPEG
that looks as it should.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from forgeapp.domain.document import Picture
from forgeapp.domain.image_files import read_facts, without_metadata

MAX_BYTES = 20_000_000
MAX_PIXELS = 50_000_000
_DATA_URI = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,([A-Za-z0-9+/=\s]+)", re.IGNORECASE)
_KEPT_MODES = {"PNG": ("1", "L", "LA", "P", "RGB", "RGBA"), "JPEG": ("L", "RGB")}
_ORIENTATION = 0x0112
"""The EXIF tag that tells how to turn a picture; 1: not at all."""
_LYING = (5, 6, 7, 8)
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
_DAMAGES = (
    OSError,
    ValueError,
    SyntaxError,
    binascii.Error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
_QUALITY = 92
"""Of a JPEG that is written anew."""
_GAMUT_16 = 257
"""Steps of 16 bits for one of 8."""


@dataclass(frozen=True, slots=True)
class PictureFile:
    """`width` and `height` in pixels."""

    data: bytes
    width: int
    height: int

    @property
    def extension(self) -> str:
        return "png" if self.data.startswith(b"\x89PNG") else "jpeg"


def is_inside(source: str) -> bool:
    """Whether the picture's bytes stand in its source, so that it may be drawn."""
    return source.lstrip()[:5].lower() == "data:"


def description(picture: Picture) -> str:
    """What stands in place of a picture that is not drawn."""
    return picture.alt if picture.alt.strip() else "Picture not included"


def read_picture(source: str) -> PictureFile | None:
    """The picture in a data: URI (RFC 2397) as PNG or JPEG; None for anything else, also for damaged or too large ones.

    Of a moving picture it is the first frame.
    """
    try:
        data = _bytes_of(source)
        if data is None:
            return None
        with Image.open(BytesIO(data), formats=_FORMATS) as image:
            if not 0 < image.width * image.height <= MAX_PIXELS:
                return None
            image.load()
            if _is_kept(image):
                return PictureFile(_untold(data), image.width, image.height)
            return _anew(image, image.format == "JPEG" or _is_photo(image, data))
    except _DAMAGES:
        return None


def picture_size(source: str) -> tuple[int, int] | None:
    """Width and height, in pixels, of what `read_picture` gives, told by the picture's head alone: damage behind it
    does not count."""
    try:
        data = _bytes_of(source)
        if data is None:
            return None
        with Image.open(BytesIO(data), formats=_FORMATS) as image:
            if not 0 < image.width * image.height <= MAX_PIXELS:
                return None
            is_lying = image.getexif().get(_ORIENTATION, 1) in _LYING
            return (image.height, image.width) if is_lying else (image.width, image.height)
    except _DAMAGES:
        return None


def _bytes_of(source: str) -> bytes | None:
    """Of a data: URI of a picture. Raises ValueError for what is no base64."""
    if len(source) > MAX_BYTES * 4 // 3 + 100:
        return None
    match = _DATA_URI.fullmatch(source.strip())
    return base64.b64decode(match[1]) if match else None


def _is_kept(image: Image.Image) -> bool:
    is_moving = getattr(image, "is_animated", False)
    if image.mode not in _KEPT_MODES.get(image.format or "", ()) or is_moving:
        return False
    return bool(image.getexif().get(_ORIENTATION, 1) == 1)


def _untold(data: bytes) -> bytes:
    """Without what a camera wrote beside the picture, such as the place; as it is where its parts cannot be told."""
    try:
        return without_metadata(data)
    except ValueError:
        return data


def _is_photo(image: Image.Image, data: bytes) -> bool:
    """A WebP picture of which every pixel counts, or that is seen through, is none."""
    return image.format == "WEBP" and image.mode == "RGB" and not read_facts(data).is_lossless


def _anew(image: Image.Image, is_photo: bool) -> PictureFile:
    """A photograph becomes a JPEG, so that it stays small."""
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith(("I", "F")):
        upright = upright.convert("I").point(lambda value: value / _GAMUT_16).convert("L")
    elif "A" in upright.getbands() or "transparency" in upright.info:
        upright = upright.convert("RGBA")
    elif upright.mode not in ("L", "RGB"):
        upright = upright.convert("RGB")
    out = BytesIO()
    upright.info.pop("exif", None)
    if is_photo:
        upright.save(out, "JPEG", quality=_QUALITY)
    else:
        upright.save(out, "PNG")
    return PictureFile(out.getvalue(), upright.width, upright.height)
