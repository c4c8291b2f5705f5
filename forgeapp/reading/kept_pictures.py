"""Pictures of a file as data: URIs: only kinds the window draws, and no more of them than a document can carry.

What a camera wrote beside one, such as the place, goes.
"""

from __future__ import annotations

import base64
import hashlib

from forgeapp.reading.document_losses import Loss
from forgeapp.reading.image_file import without_remarks

MAX_PICTURE_BYTES = 5_000_000
MAX_ALL_BYTES = 20_000_000
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
)


class KeptPictures:
    """Counts what has been kept; a picture that comes again counts again, for it stands in the text again."""

    def __init__(self) -> None:
        self._bytes = 0
        self._known: dict[bytes, str] = {}

    def source_of(self, data: bytes | None) -> str | None:
        """None for what is no picture, too large, or one too many."""
        kind = _kind_of(data) if data else None
        if data is None or kind is None or len(data) > MAX_PICTURE_BYTES or self._bytes + len(data) > MAX_ALL_BYTES:
            return None
        self._bytes += len(data)
        name = hashlib.sha256(data).digest()
        if name not in self._known:
            kept = without_remarks(data)
            self._known[name] = f"data:image/{_kind_of(kept)};base64,{base64.b64encode(kept).decode()}"
        return self._known[name]

    def loss(self, data: bytes | None) -> Loss:
        """Why a picture was not kept."""
        return Loss.LARGE_PICTURES if data and _kind_of(data) else Loss.PICTURES


def _kind_of(data: bytes) -> str | None:
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    return next((kind for signature, kind in _SIGNATURES if data.startswith(signature)), None)
