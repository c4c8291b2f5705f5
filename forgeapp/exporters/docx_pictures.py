"""Pictures from data: addresses: their bytes and their size in pixels, read without drawing them.

Sources: RFC 2397 (data:), PNG 11.2.2 (IHDR), ITU T.81 B.2.2 (JPEG frame header).
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

MAX_PICTURE_BYTES = 20_000_000
_DATA = re.compile(r"data:image/(?:png|jpe?g)(?:;[\w=+.-]+)*?(;base64)?,", re.IGNORECASE)
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class PictureFile:
    """`extension` 'png' or 'jpeg'; sizes in pixels."""

    data: bytes
    extension: str
    width: int
    height: int


def read_picture(source: str) -> PictureFile | None:
    """The PNG or JPEG in a data: address; None for anything else, also for damaged or too large ones."""
    match = _DATA.match(source[:200])
    if not match or len(source) > MAX_PICTURE_BYTES * 2:
        return None
    body = source[match.end() :]
    try:
        data = base64.b64decode(unquote_to_bytes(body), validate=False) if match[1] else unquote_to_bytes(body)
    except (binascii.Error, ValueError):
        return None
    if len(data) > MAX_PICTURE_BYTES:
        return None
    size = _png_size(data) or _jpeg_size(data)
    if not size or not all(0 < side <= 100_000 for side in size):
        return None
    return PictureFile(data, "png" if data.startswith(_PNG_SIGNATURE) else "jpeg", *size)


def _png_size(data: bytes) -> tuple[int, int] | None:
    if not data.startswith(_PNG_SIGNATURE) or data[12:16] != b"IHDR" or len(data) < 33:
        return None
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    if not data.startswith(b"\xff\xd8"):
        return None
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
    return None
