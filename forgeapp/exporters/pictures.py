"""Pictures inside a publication: only those whose bytes it carries itself, as PNG or JPEG, within bounds."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

MAX_BYTES = 20_000_000
MAX_PIXELS = 40_000_000
_DATA_URI = re.compile(r"data:image/(?:png|jpe?g);base64,([A-Za-z0-9+/=\s]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PictureFile:
    """`width` and `height` in pixels."""

    data: bytes
    width: int
    height: int

    @property
    def extension(self) -> str:
        return "png" if self.data.startswith(b"\x89PNG") else "jpeg"


def read_picture(source: str) -> PictureFile | None:
    """The PNG or JPEG in a data: URI (RFC 2397); None for anything else, also for damaged or too large ones."""
    if len(source) > MAX_BYTES * 4 // 3 + 100:
        return None
    match = _DATA_URI.fullmatch(source.strip())
    if not match:
        return None
    try:
        data = base64.b64decode(match[1])
        with Image.open(BytesIO(data), formats=["PNG", "JPEG"]) as image:
            width, height = image.size
            if not 0 < width * height <= MAX_PIXELS:
                return None
            image.load()
    except (
        OSError,
        ValueError,
        SyntaxError,
        binascii.Error,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ):
        return None
    return PictureFile(data, width, height)
