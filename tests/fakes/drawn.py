"""Pictures drawn for tests, and their files."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image as pillow

from forgeapp.domain.image import Image
from forgeapp.domain.image_files import read_facts


def drawn(width: int = 96, height: int = 64, mode: str = "RGB") -> pillow.Image:
    """Another colour everywhere; RGBA: seen through at its edges."""
    across = pillow.linear_gradient("L").rotate(90).resize((width, height))
    down = pillow.linear_gradient("L").resize((width, height))
    # A mark, so that it looks different turned or mirrored.
    blue = pillow.new("L", (width, height), 40)
    blue.paste(220, (0, 0, width // 3, height // 3))
    picture = pillow.merge("RGB", (across, down, blue))
    if mode == "RGBA":
        picture.putalpha(pillow.radial_gradient("L").resize((width, height)).point(lambda level: 255 - level))
        return picture
    return picture.convert(mode)


def file_of(picture: pillow.Image, name: str, **options: Any) -> bytes:
    """`name` as Pillow has it: 'PNG', 'JPEG', 'WEBP', 'GIF', ..."""
    file = BytesIO()
    picture.save(file, name, **options)
    return file.getvalue()


def image_of(data: bytes, title: str | None = "Sketch", alt: str = "") -> Image:
    facts = read_facts(data)
    return Image(title, facts.media_type, data, facts.width, facts.height, alt)


def sketch(alt: str = "", width: int = 96, height: int = 64, mode: str = "RGB") -> Image:
    """A PNG."""
    return image_of(file_of(drawn(width, height, mode), "PNG"), alt=alt)
