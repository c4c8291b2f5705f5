"""Picture files a model can look at, known by their first bytes and never by their name."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Final

from forgeapp.domain.chat import Picture
from forgeapp.errors import TooLarge, UnreadableFile
from forgeapp.reading.image_file import without_remarks

MAX_PICTURE_BYTES: Final = 20 * 1024 * 1024
"""What the services take at most, those that take the most."""
_HEAD_BYTES: Final = 16
_REMEDY: Final = "Save it as PNG, JPEG, WebP or GIF."


def read_picture_file(path: Path) -> Picture | None:
    """The picture, upright and without what a camera wrote beside it; None for a file that is none.

    Raises TooLarge above 20 MB, UnreadableFile for one that is damaged or of a sort that models do not take.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return None
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
            media_type = media_type_of(head)
            if media_type is None and not _is_other_picture(head):
                return None
            data = head + file.read(MAX_PICTURE_BYTES + 1 - len(head))
    except OSError as error:
        raise UnreadableFile(
            source=path, reason=error.strerror or "it cannot be opened", remedy="Check the path and its permissions."
        ) from error
    if media_type is None:
        raise UnreadableFile(source=path, reason="models do not take pictures of this sort", remedy=_REMEDY)
    if len(data) > MAX_PICTURE_BYTES:
        raise TooLarge(source=path, reason=f"a picture has at most {MAX_PICTURE_BYTES // (1024 * 1024)} MB")
    _require_whole(data, path)
    # Who took it where and when is no model's business.
    shown = without_remarks(data)
    return Picture(media_type_of(shown) or media_type, shown)


def media_type_of(head: bytes) -> str | None:
    """Of a PNG, JPEG, GIF or WebP file by its first 16 bytes (W3C PNG 5.2, T.81 B.1.1, GIF89a 17, RFC 9649 2.4)."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    return None


def _is_other_picture(head: bytes) -> bool:
    """TIFF, BMP (whose reserved bytes are 0), HEIC, AVIF."""
    is_bitmap = head.startswith(b"BM") and head[6:10] == bytes(4)
    is_coded = head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis")
    return is_bitmap or is_coded or head.startswith((b"II*\0", b"MM\0*"))


def _require_whole(data: bytes, path: Path) -> None:
    """Raises UnreadableFile where not even its size can be read."""
    import io
    import warnings

    from PIL import Image

    try:
        with warnings.catch_warnings():
            # It is measured, not unpacked.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "GIF", "WEBP")) as picture:
                picture.verify()
    except Exception as error:
        # Decoders raise whatever a damaged file leads them to.
        raise UnreadableFile(source=path, reason="the picture is damaged", remedy=_REMEDY) from error
