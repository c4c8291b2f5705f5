"""Images decoded and coded with Pillow, as files of their own."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from forgeapp.domain.artifact import Format
from forgeapp.domain.image import MAX_PIXELS, Image
from forgeapp.domain.image_files import read_facts
from forgeapp.domain.wording import Text
from forgeapp.errors import ExportFailed

if TYPE_CHECKING:
    from PIL.Image import Image as Pixels

MEDIA_TYPES: Final = {Format.PNG: "image/png", Format.JPEG: "image/jpeg", Format.WEBP: "image/webp"}
JPEG_QUALITY: Final = 92
WEBP_QUALITY: Final = 90
_MOST_PIXELS_A_SIDE: Final = {Format.JPEG: 65_535, Format.WEBP: 16_383}
"""What the formats can hold: T.81 B.2.2, RFC 9649 2.7."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A picture file. `warnings`: what could not be carried over."""

    data: bytes
    warnings: tuple[Text, ...] = ()


def coded(image: Image, file_format: Format) -> Coded:
    """The image in a picture format: its own bytes where it is of that format already.

    JPEG at quality 92 with a colour for each pixel; WebP lossless where the image is, else at quality 90. Raises
    ExportFailed for one that is too large for the format, or damaged.
    """
    if image.media_type == MEDIA_TYPES[file_format]:
        return Coded(image.data)
    name = f"{image.title or 'image'}.{file_format.value}"
    most = _MOST_PIXELS_A_SIDE.get(file_format)
    if most is not None and max(image.width, image.height) > most:
        raise ExportFailed(
            path=name,
            reason=f"{file_format.name} holds at most {most:,} pixels a side, the picture has "
            f"{image.width:,} x {image.height:,}",
            remedy="Choose PNG.",
        )
    try:
        with decoded(image.data) as pixels:
            return _coded(pixels, file_format, read_facts(image.data).is_lossless)
    except ValueError as error:
        raise ExportFailed(
            path=name, reason=f"the picture is damaged: {error}", remedy="Restore a version before it in History."
        ) from error


def _coded(pixels: Pixels, file_format: Format, is_lossless: bool) -> Coded:
    profile = pixels.info.get("icc_profile")
    match file_format:
        case Format.JPEG:
            is_clear = is_transparent(pixels)
            data = _saved(on_white(pixels), "JPEG", profile, quality=JPEG_QUALITY, subsampling=0)
            note = Text("image_on_white", "JPEG knows no transparency: the picture stands on white.")
            return Coded(data, (note,) if is_clear else ())
        case Format.WEBP:
            shown = in_mode(pixels, "RGBA" if is_transparent(pixels) else "RGB")
            how = {"lossless": True, "exact": True} if is_lossless else {"quality": WEBP_QUALITY}
            return Coded(_saved(shown, "WEBP", profile, **how))
        case _:
            return Coded(_saved(pixels, "PNG", profile))


@contextmanager
def decoded(data: bytes) -> Iterator[Pixels]:
    """The pixels of a PNG, JPEG or WebP file, of 8 bits a colour.

    Raises ValueError for one that is damaged, or of more than MAX_PIXELS.
    """
    from PIL import Image as pillow

    with warnings.catch_warnings():
        # Damaged metadata is of no matter, and how large a picture may be is our own to say.
        warnings.simplefilter("ignore")
        try:
            pixels: Pixels = pillow.open(BytesIO(data), formats=("PNG", "JPEG", "WEBP"))
            if pixels.width * pixels.height > MAX_PIXELS:
                raise ValueError(f"it has more than {MAX_PIXELS:,} pixels")
            pixels.load()
        except Exception as error:
            # Decoders raise whatever a damaged file leads them to.
            raise ValueError(str(error)) from error
    with pixels:
        yield _eight_bit(pixels) if pixels.mode in ("I;16", "I") else pixels


def _eight_bit(pixels: Pixels) -> Pixels:
    """Greys of 16 bits as 8 bits: Pillow would cut all that is brighter than the darkest."""
    made = pixels.convert("I").point(lambda grey: grey / 257).convert("L")
    made.info = {}
    return made


def is_transparent(pixels: Pixels) -> bool:
    """Whether anything of it is seen through."""
    if not pixels.has_transparency_data:
        return False
    low, _ = (pixels if pixels.mode in ("RGBA", "LA") else pixels.convert("RGBA")).getchannel("A").getextrema()
    return low < 255  # type: ignore[operator]


def on_white(pixels: Pixels) -> Pixels:
    """Grey or RGB pixels, as it looks on white paper."""
    from PIL import Image as pillow

    if is_transparent(pixels):
        clear = pixels.convert("RGBA")
        paper = pillow.new("RGBA", clear.size, "white")
        paper.alpha_composite(clear)
        return paper.convert("RGB")
    return in_mode(pixels, "L" if pixels.mode in ("1", "L", "LA") else "RGB")


def in_mode(pixels: Pixels, mode: str) -> Pixels:
    """As Pillow's `convert`, without a copy of what is of that mode."""
    return pixels if pixels.mode == mode else pixels.convert(mode)


def _saved(pixels: Pixels, name: str, profile: bytes | None = None, **options: Any) -> bytes:
    """`profile`: what its colours mean (ICC); kept where it is one for colours of this sort."""
    file = BytesIO()
    # Nothing but the picture: what came along with the file stays out of the new one.
    pixels.info = {key: value for key, value in pixels.info.items() if key == "transparency"}
    space = b"GRAY" if pixels.mode in ("1", "L", "LA") else b"RGB "
    if profile and profile[16:20] == space:
        options["icc_profile"] = profile
    pixels.save(file, name, **options)
    return file.getvalue()
