"""An image: the bytes of one picture as they go into files, and what it shows in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MAX_BYTES: Final = 20_000_000
MAX_PIXELS: Final = 50_000_000
MAX_ALT_CHARS: Final = 10_000

MEDIA_TYPES: Final = ("image/png", "image/jpeg", "image/webp")
"""What an image is kept as; other pictures become PNG when they are opened."""


@dataclass(frozen=True, slots=True)
class Image:
    """`data`: a whole file of `media_type`, one of MEDIA_TYPES, upright and without metadata on who, where and when.

    `width` and `height` in pixels. `alt`: what the picture shows, for who cannot see it; its caption in files.
    """

    title: str | None
    media_type: str
    data: bytes
    width: int
    height: int
    alt: str = ""

    @property
    def format_name(self) -> str:
        """'PNG', 'JPEG' or 'WebP'."""
        return {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WebP"}[self.media_type]
