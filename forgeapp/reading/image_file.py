"""Picture files opened as images: checked, turned upright, freed of what they tell about who, where and when.

PNG, JPEG and WebP keep their bytes wherever they can; GIF (its first frame), BMP and TIFF (its first page) become PNG.
Which it is, the first bytes say and not the name.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from io import BytesIO
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from forgeapp.domain.image import MAX_BYTES, MAX_PIXELS, MEDIA_TYPES, Image
from forgeapp.domain.image_files import PictureFacts, read_facts, without_metadata
from forgeapp.domain.wording import Text
from forgeapp.errors import TooLarge, UnreadableFile
from forgeapp.reading.file_heads import read_head
from forgeapp.reading.file_reading import FileReading

if TYPE_CHECKING:
    from PIL.Image import Image as Pixels

FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
"""As Pillow names them."""
_ORIENTATION: Final = 0x0112
"""The EXIF tag that says how the camera was held (CIPA DC-008 4.6.5)."""
_QUALITY: Final = 95
_KEPT_MODES: Final = ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")
_LARGEST_16, _LARGEST_8 = 0xFFFF, 0xFF
_SMALLER: Final = "Make it smaller in a picture program and open that file."
_AGAIN: Final = "Copy or download it again, or save it as PNG in a picture program and open that file."


@dataclass(frozen=True, slots=True)
class _Made:
    data: bytes
    media_type: str
    lost: tuple[Text, ...] = ()


def read_image_file(path: Path, _max_bytes: int = MAX_BYTES) -> FileReading:
    """Raises TooLarge above MAX_BYTES or MAX_PIXELS, UnreadableFile for a damaged file or one that is no picture."""
    return read_image(read_head(path, MAX_BYTES + 1), path.name)


def read_image(data: bytes, source: str) -> FileReading:
    """The picture of a file whose name is `source`. Raises as `read_image_file`."""
    if len(data) > MAX_BYTES:
        reason = f"a picture has at most {MAX_BYTES // 1_000_000} MB"
        raise TooLarge(source=source, reason=reason, remedy=_SMALLER)
    try:
        made = _made(data, source)
        facts = read_facts(made.data)
    except (UnreadableFile, TooLarge):
        raise
    except Exception as error:
        # Decoders raise whatever a damaged file leads them to.
        raise UnreadableFile(source=source, reason="the picture is damaged", remedy=_AGAIN) from error
    if len(made.data) > MAX_BYTES:
        reason = f"as {made.media_type[6:].upper()} it has more than {MAX_BYTES // 1_000_000} MB"
        raise TooLarge(source=source, reason=reason, remedy=_SMALLER)
    return FileReading(Image(None, made.media_type, made.data, facts.width, facts.height), made.lost)


def without_remarks(data: bytes) -> bytes:
    """A PNG, JPEG or WebP file upright and without what it tells of who, where and when.

    As it is where it tells nothing of that, moves, or is no such file, and where it cannot be read.
    """
    try:
        facts = read_facts(data)
        if not facts.metadata or facts.is_animated or facts.width * facts.height > MAX_PIXELS:
            return data
        from PIL import Image as pillow

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with pillow.open(BytesIO(data), formats=FORMATS) as pixels:
                return without_metadata(data) if _is_upright(pixels) else _anew(pixels, facts).data
    except Exception:  # noqa: BLE001 - decoders raise whatever a damaged file leads them to
        return data


def _made(data: bytes, name: str) -> _Made:
    from PIL import Image as pillow
    from PIL import UnidentifiedImageError

    with warnings.catch_warnings():
        # Damaged metadata is of no matter, and how large a picture may be is our own to say.
        warnings.simplefilter("ignore")
        try:
            opened = pillow.open(BytesIO(data), formats=FORMATS)
        except UnidentifiedImageError as error:
            remedy = "Save it as PNG or JPEG in a picture program and open that file."
            raise UnreadableFile(
                source=name, reason="it is no picture of a sort that is read, or damaged", remedy=remedy
            ) from error
        except pillow.DecompressionBombError as error:
            raise _too_many_pixels(name) from error
        with opened as pixels:
            if pixels.width * pixels.height > MAX_PIXELS:
                raise _too_many_pixels(name)
            pixels.load()
            return _kept(data, pixels)


def _too_many_pixels(name: str) -> TooLarge:
    reason = f"a picture has at most {MAX_PIXELS // 1_000_000} million pixels"
    return TooLarge(source=name, reason=reason, remedy=_SMALLER)


def _kept(data: bytes, pixels: Pixels) -> _Made:
    """The file's own bytes without metadata, where that is the picture as it is seen; else coded anew."""
    facts = read_facts(data) if pixels.format in ("PNG", "JPEG", "WEBP", "MPO") else None
    lost = list(_losses(facts, pixels))
    # What follows the picture in the file, such as a second one for depth, goes without a word.
    is_upright = _is_upright(pixels)
    is_foreign = pixels.mode not in _KEPT_MODES and not _has_16_bits(pixels)
    if facts is not None and is_upright and not is_foreign and not facts.is_animated:
        clean = without_metadata(data)
        return _Made(clean, facts.media_type, tuple(lost))
    if is_foreign:
        lost.append(
            Text(
                "image_colours",
                "Its colours ({mode}) are not those of a screen; they were made such.",
                mode=pixels.mode,
            )
        )
    if facts is not None and not is_upright and not facts.is_lossless:
        lost.append(Text("image_turned", "It was turned upright, and coded anew for that."))
    return replace(_anew(pixels, facts), lost=tuple(lost))


def _is_upright(pixels: Pixels) -> bool:
    return pixels.getexif().get(_ORIENTATION, 1) in (0, 1)


def _has_16_bits(pixels: Pixels) -> bool:
    """Whether it is of whole numbers that 16 bits hold, though it has room for larger ones."""
    if pixels.mode != "I":
        return False
    lowest, highest = pixels.getextrema()
    return bool(lowest >= 0 and highest <= _LARGEST_16)  # type: ignore[operator]


def _anew(pixels: Pixels, facts: PictureFacts | None) -> _Made:
    """Coded once more as it is seen: a photograph as JPEG, anything else without a loss."""
    shown = _upright(pixels)
    if facts is None or facts.is_lossless or shown.has_transparency_data:
        return _Made(_coded(shown, "PNG"), MEDIA_TYPES[0])
    return _Made(_coded(shown, "JPEG", quality=_QUALITY, subsampling=0), MEDIA_TYPES[1])


def _losses(facts: PictureFacts | None, pixels: Pixels) -> list[Text]:
    lost: list[Text] = []
    count = getattr(pixels, "n_frames", 1)
    is_series = facts is None or facts.is_animated
    if count > 1 and is_series:
        lost.append(Text("image_frames", "Only the first of its {count} pictures was kept.", count=count))
    has_told = facts.metadata if facts is not None else tuple(pixels.getexif()) and pixels.format != "TIFF"
    if has_told:
        lost.append(
            Text("image_metadata", "What the file told beside the picture (camera, place, time, remarks) was left out.")
        )
    return lost


def _upright(pixels: Pixels) -> Pixels:
    """Turned as the camera was held, in colours of a screen, without anything else."""
    from PIL import ImageOps

    profile = pixels.info.get("icc_profile")
    turned = ImageOps.exif_transpose(pixels)
    if _has_16_bits(turned):
        turned = turned.convert("I;16")
    if turned.mode not in _KEPT_MODES:
        turned, profile = _for_screen(turned, profile), None
    told, turned = turned.info, turned.copy()
    turned.info = {name: told[name] for name in ("transparency",) if name in told}
    if profile:
        turned.info["icc_profile"] = profile
    return turned


def _for_screen(pixels: Pixels, profile: bytes | None) -> Pixels:
    """CMYK and the like as RGB, by the file's own profile where it has a sound one; measured values as greys."""
    from PIL import ImageCms

    if pixels.mode in ("I", "F"):
        return _as_greys(pixels)
    if pixels.mode == "CMYK" and profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(pixels, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            converted = None
        if converted is not None:
            return converted
    return pixels.convert("RGBA" if pixels.has_transparency_data else "RGB")


def _as_greys(pixels: Pixels) -> Pixels:
    """From the lowest value, black, to the highest, white."""
    lowest, highest = (float(value) for value in pixels.getextrema())  # type: ignore[arg-type]
    if not (isfinite(lowest) and isfinite(highest - lowest) and highest > lowest):
        return pixels.convert("L")
    step = _LARGEST_8 / (highest - lowest)
    return pixels.convert("F").point(lambda value: value * step - lowest * step).convert("L")


def _coded(pixels: Pixels, name: str, **options: Any) -> bytes:
    file = BytesIO()
    pixels.save(file, name, **options, icc_profile=pixels.info.get("icc_profile"))
    return file.getvalue()
