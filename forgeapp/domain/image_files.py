"""Picture files as a row of parts: read without unpacking a pixel, checked, and freed of what is not the picture.

PNG: W3C PNG 5.3 (chunks, CRC). JPEG: ITU-T T.81 B.1 (segments). WebP: RFC 9649 2.3-2.7 (RIFF chunks).
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT: Final = (b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"pHYs", b"bKGD")
"""Chunks that say how the picture looks, beside the critical IHDR, IDAT and IEND; all others go."""
_WEBP_KEPT: Final = (b"VP8 ", b"VP8L", b"ALPH", b"ICCP")
_WEBP_HAS_EXIF, _WEBP_HAS_XMP = 0x08, 0x04
_STANDALONE: Final = frozenset((0x01, *range(0xD0, 0xD8)))
"""JPEG markers without a length: TEM and RST0-7."""
_FRAMES: Final = frozenset((*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)))
"""JPEG markers SOF0-15 without DHT, JPG and DAC."""
_ENDS_SCAN: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""A marker that is neither a stuffed zero nor a restart."""


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What the parts of a picture file say. `metadata`: names of parts that are not the picture, such as 'EXIF'."""

    media_type: str
    width: int
    height: int
    is_lossless: bool
    is_animated: bool
    metadata: tuple[str, ...] = ()


def read_facts(data: bytes) -> PictureFacts:
    """Of a PNG, JPEG or WebP file. Raises ValueError, saying what is wrong, for anything else, broken or cut short."""
    if data.startswith(_PNG):
        return _png_facts(data)
    if data.startswith(b"\xff\xd8"):
        return _jpeg_facts(data)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _webp_facts(data)
    raise ValueError("it is neither PNG, JPEG nor WebP")


def without_metadata(data: bytes) -> bytes:
    """The same picture to the last bit without EXIF, XMP, comments, thumbnails, and whatever follows its end.

    Raises ValueError as `read_facts`.
    """
    if data.startswith(_PNG):
        kept = [part for name, part in _png_chunks(data) if name in _PNG_KEPT or name in (b"IHDR", b"IDAT", b"IEND")]
        return b"".join((_PNG, *kept))
    if data.startswith(b"\xff\xd8"):
        kept = [part for marker, part in _jpeg_segments(data) if not _jpeg_metadata(marker, part)]
        return b"".join((b"\xff\xd8", *kept, b"\xff\xd9"))
    _webp_facts(data)
    body = b"".join(_webp_kept(name, payload) for name, payload in _webp_chunks(data))
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


# PNG


def _png_facts(data: bytes) -> PictureFacts:
    width = height = 0
    names: list[bytes] = []
    for name, part in _png_chunks(data):
        if not names:
            if name != b"IHDR" or len(part) != 25:
                raise ValueError("it does not begin with its size")
            width, height = struct.unpack(">II", part[8:16])
        names.append(name)
    if b"IDAT" not in names:
        raise ValueError("it holds no picture")
    critical = (b"IHDR", b"IDAT", b"IEND", b"acTL", b"fcTL", b"fdAT")
    others = dict.fromkeys(name for name in names if name not in _PNG_KEPT and name not in critical)
    told = tuple("EXIF" if name == b"eXIf" else name.decode("ascii", "replace") for name in others)
    return PictureFacts("image/png", width, height, True, b"acTL" in names, told)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and whole chunk up to IEND. Raises ValueError where one is not of the checksum it carries."""
    at = len(_PNG)
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        end = at + 12 + length
        name = data[at + 4 : at + 8]
        if end > len(data) or not name.isalpha():
            break
        (checksum,) = struct.unpack_from(">I", data, end - 4)
        if zlib.crc32(memoryview(data)[at + 4 : end - 4]) != checksum:
            raise ValueError(f"the checksum of its part {name.decode('ascii')} is wrong")
        yield name, data[at:end]
        if name == b"IEND":
            return
        at = end
    raise ValueError("it is cut short")


# JPEG


def _jpeg_facts(data: bytes) -> PictureFacts:
    size: tuple[int, int] | None = None
    told: dict[str, None] = {}
    has_scan = False
    for marker, part in _jpeg_segments(data):
        if marker in _FRAMES and len(part) >= 9:
            height, width = struct.unpack_from(">HH", part, 5)
            size = (width, height)
        has_scan |= marker == 0xDA
        what = _jpeg_metadata(marker, part)
        if what:
            told[what] = None
    if size is None or not has_scan:
        raise ValueError("it holds no picture")
    return PictureFacts("image/jpeg", *size, is_lossless=False, is_animated=False, metadata=tuple(told))


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and bytes of each segment after SOI up to EOI; a scan is one with what is coded after its header."""
    at = 2
    while at + 2 <= len(data):
        if data[at] != 0xFF:
            break
        marker = data[at + 1]
        if marker == 0xFF:  # any number of them may fill up
            at += 1
            continue
        if marker == 0xD9:
            return
        if marker in _STANDALONE:
            yield marker, data[at : at + 2]
            at += 2
            continue
        if at + 4 > len(data):
            break
        (length,) = struct.unpack_from(">H", data, at + 2)
        end = at + 2 + length
        if length < 2 or end > len(data):
            break
        if marker == 0xDA:
            end = _end_of_scan(data, end)
        yield marker, data[at:end]
        at = end
    raise ValueError("it is cut short")


def _end_of_scan(data: bytes, at: int) -> int:
    marker = _ENDS_SCAN.search(data, at)
    if marker is None:
        raise ValueError("it is cut short")
    return marker.start()


def _jpeg_metadata(marker: int, part: bytes) -> str:
    """What a segment is that is not the picture; '' for one that it needs: JFIF, its colours (ICC, Adobe), its data."""
    if marker == 0xFE:
        return "comment"
    if not 0xE0 <= marker <= 0xEF:
        return ""
    body = part[4:]
    is_needed = (
        (marker == 0xE0 and body.startswith(b"JFIF\0") and len(body) == 14)
        or (marker == 0xE2 and body.startswith(b"ICC_PROFILE\0"))
        or (marker == 0xEE and body.startswith(b"Adobe") and len(body) == 12)
    )
    if is_needed:
        return ""
    if marker == 0xE1:
        return "EXIF" if body.startswith(b"Exif\0") else "XMP"
    return "IPTC" if marker == 0xED else f"APP{marker - 0xE0}"


# WebP


def _webp_facts(data: bytes) -> PictureFacts:
    size: tuple[int, int] | None = None
    told: list[str] = []
    is_lossless = is_animated = False
    for name, payload in _webp_chunks(data):
        match name:
            case b"VP8X" if len(payload) >= 10:
                size = (1 + int.from_bytes(payload[4:7], "little"), 1 + int.from_bytes(payload[7:10], "little"))
            case b"VP8L" if len(payload) >= 5:
                is_lossless = True
                bits = int.from_bytes(payload[1:5], "little")
                size = size or ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
            case b"VP8 " if len(payload) >= 10:
                width, height = struct.unpack_from("<HH", payload, 6)
                size = size or (width & 0x3FFF, height & 0x3FFF)
            case b"ANIM" | b"ANMF":
                is_animated = True
            case b"ALPH" | b"ICCP":
                pass
            case _:
                told.append(name.decode("ascii", "replace").strip())
    if size is None:
        raise ValueError("it holds no picture")
    return PictureFacts("image/webp", *size, is_lossless, is_animated, tuple(dict.fromkeys(told)))


def _webp_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    (size,) = struct.unpack_from("<I", data, 4) if len(data) >= 12 else (0,)
    end = size + 8
    if end > len(data) or size < 4:
        raise ValueError("it is cut short")
    at = 12
    while at + 8 <= end:
        name, (length,) = data[at : at + 4], struct.unpack_from("<I", data, at + 4)
        if at + 8 + length > end:
            raise ValueError("it is cut short")
        yield name, data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _webp_kept(name: bytes, payload: bytes) -> bytes:
    if name == b"VP8X":
        payload = bytes((payload[0] & ~(_WEBP_HAS_EXIF | _WEBP_HAS_XMP),)) + payload[1:]
    elif name not in _WEBP_KEPT:
        return b""
    return name + struct.pack("<I", len(payload)) + payload + b"\0" * (len(payload) % 2)
