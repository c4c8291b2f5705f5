"""Faults planted in picture files and in what writes them: each must be named."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image as pillow
from PIL import ImageChops, ImageEnhance, ImageOps

from forgeapp.domain.artifact import Format
from forgeapp.domain.image import Image
from forgeapp.errors import ExportDiffers
from forgeapp.exporters.image import coding as image_coding
from forgeapp.exporters.registry import exporter_for
from forgeapp.exporters.saving import save
from forgeapp.services.exporting.publishing import publication
from tests.fakes.drawn import drawn, file_of, image_of

PICTURES = (Format.PNG, Format.JPEG, Format.WEBP)
NAMES = {Format.PNG: "PNG", Format.JPEG: "JPEG", Format.WEBP: "WEBP"}
GENTLE = {Format.PNG: {}, Format.JPEG: {"quality": 92, "subsampling": 0}, Format.WEBP: {"quality": 90}}
Fault = Callable[[pillow.Image], pillow.Image]


def source_for(file_format: Format) -> Image:
    """Of another format than the file's, so that it is coded anew."""
    return image_of(file_of(drawn(), "JPEG", quality=95) if file_format is not Format.JPEG else file_of(drawn(), "PNG"))


def differences(image: Image, file_format: Format, data: bytes, folder: Path) -> list[str]:
    path = folder / f"picture.{file_format.value}"
    path.write_bytes(data)
    return exporter_for(file_format).verify(publication(image, "Sketch", {}), path)


def pixels_of(image: Image) -> pillow.Image:
    with pillow.open(BytesIO(image.data)) as picture:
        return picture.convert("RGB")


def _with_a_spot(picture: pillow.Image) -> pillow.Image:
    picture = picture.copy()
    picture.paste((255, 255, 255), (40, 30, 48, 38))
    return picture


FAULTS: dict[str, Fault] = {
    "another picture": lambda picture: pillow.new("RGB", picture.size, (90, 90, 90)),
    "mirrored": ImageOps.mirror,
    "upside down": lambda picture: picture.rotate(180),
    "negative": ImageOps.invert,
    "moved": lambda picture: ImageChops.offset(picture, 24, 0),
    "darker": lambda picture: ImageEnhance.Brightness(picture).enhance(0.8),
    "without colour": lambda picture: picture.convert("L").convert("RGB"),
    "red and blue swapped": lambda picture: pillow.merge("RGB", picture.split()[::-1]),
    "a spot in it": _with_a_spot,
    "its lower rows lost": lambda picture: picture.crop((0, 0, 96, 48)).resize((96, 64)),
    "smaller": lambda picture: picture.resize((48, 32)),
    "cut": lambda picture: picture.crop((0, 0, 95, 64)),
    "turned": lambda picture: picture.transpose(pillow.Transpose.ROTATE_90),
}


@pytest.mark.parametrize("file_format", PICTURES)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_of_another_picture_is_told(fault: str, file_format: Format, tmp_path: Path) -> None:
    image = source_for(file_format)
    changed = FAULTS[fault](pixels_of(image))
    data = file_of(changed, NAMES[file_format], **GENTLE[file_format])
    assert differences(image, file_format, data, tmp_path)


@pytest.mark.parametrize("file_format", PICTURES)
def test_a_file_of_the_very_picture_is_not(file_format: Format, tmp_path: Path) -> None:
    image = source_for(file_format)
    data = file_of(pixels_of(image), NAMES[file_format], **GENTLE[file_format])
    assert differences(image, file_format, data, tmp_path) == []


@pytest.mark.parametrize("channel", range(4))
def test_one_pixel_changed_in_a_lossless_file_is_told(channel: int, tmp_path: Path) -> None:
    image = image_of(file_of(drawn(mode="RGBA"), "WEBP", lossless=True, exact=True))
    with pillow.open(BytesIO(image.data)) as picture:
        changed = picture.copy()
    values = list(changed.getpixel((50, 30)))  # type: ignore[arg-type]
    values[channel] ^= 1
    changed.putpixel((50, 30), tuple(values))
    assert differences(image, Format.PNG, file_of(changed, "PNG"), tmp_path) == ["pixels of the picture changed"]


def test_transparency_lost_is_told(tmp_path: Path) -> None:
    image = image_of(file_of(drawn(mode="RGBA"), "PNG"))
    with pillow.open(BytesIO(image.data)) as picture:
        flat = picture.convert("RGB")
    assert differences(image, Format.WEBP, file_of(flat, "WEBP", lossless=True), tmp_path)
    faint = image_of(file_of(drawn(mode="RGBA"), "WEBP", quality=80))
    assert differences(faint, Format.PNG, file_of(flat, "PNG"), tmp_path)


def test_what_is_seen_through_on_black_is_told(tmp_path: Path) -> None:
    image = image_of(file_of(drawn(mode="RGBA"), "PNG"))
    with pillow.open(BytesIO(image.data)) as picture:
        black = pillow.new("RGBA", picture.size, "black")
        black.alpha_composite(picture)
    found = differences(image, Format.JPEG, file_of(black.convert("RGB"), "JPEG", quality=92), tmp_path)
    assert "looks different" in found[0]


@pytest.mark.parametrize("file_format", PICTURES)
def test_a_place_or_a_camera_told_in_the_file_is_told(file_format: Format, tmp_path: Path) -> None:
    image, exif = source_for(file_format), pillow.Exif()
    exif[0x010F] = "A camera"
    data = file_of(pixels_of(image), NAMES[file_format], exif=exif, **GENTLE[file_format])
    assert differences(image, file_format, data, tmp_path) == ["the file holds more than the picture: EXIF"]


@pytest.mark.parametrize("file_format", PICTURES)
def test_a_file_of_another_format_is_told(file_format: Format, tmp_path: Path) -> None:
    image = source_for(file_format)
    other = Format.WEBP if file_format is not Format.WEBP else Format.PNG
    data = file_of(pixels_of(image), NAMES[other])
    assert any("not image/" in words for words in differences(image, file_format, data, tmp_path))


@pytest.mark.parametrize("file_format", [Format.PNG, Format.WEBP])
def test_a_picture_that_moves_is_told(file_format: Format, tmp_path: Path) -> None:
    image = source_for(file_format)
    first = pixels_of(image)
    data = file_of(first, NAMES[file_format], save_all=True, append_images=[ImageOps.invert(first)])
    assert "the picture moves" in differences(image, file_format, data, tmp_path)


@pytest.mark.parametrize("file_format", PICTURES)
@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_a_file_cut_short_is_told(file_format: Format, share: float, tmp_path: Path) -> None:
    image = source_for(file_format)
    data = file_of(pixels_of(image), NAMES[file_format], **GENTLE[file_format])
    found = differences(image, file_format, data[: int(len(data) * share)], tmp_path)
    assert found
    assert "damaged" in found[0]


@pytest.mark.parametrize("file_format", PICTURES)
def test_a_copy_of_which_one_byte_changed_is_told(file_format: Format, tmp_path: Path) -> None:
    image = image_of(file_of(drawn(), NAMES[file_format]))
    changed = bytearray(image.data)
    changed[len(changed) // 2] ^= 1
    assert differences(image, file_format, bytes(changed), tmp_path) == ["the file is not the picture to the last byte"]


def test_an_image_that_is_damaged_itself_does_not_pass_as_a_copy(tmp_path: Path) -> None:
    whole = image_of(file_of(drawn(), "PNG"))
    broken = Image("Sketch", "image/png", whole.data[:-20], 96, 64)
    assert "damaged" in differences(broken, Format.PNG, broken.data, tmp_path)[0]
    other_size = Image("Sketch", "image/png", whole.data, 64, 96)
    assert "instead of 64 x 96" in differences(other_size, Format.PNG, whole.data, tmp_path)[0]


@pytest.mark.parametrize(
    ("file_format", "fault"),
    [
        (Format.JPEG, lambda pixels: ImageOps.mirror(pixels.convert("RGB"))),
        (Format.JPEG, lambda pixels: pillow.new("RGB", pixels.size)),
    ],
)
def test_a_fault_of_the_writer_leaves_no_file(
    file_format: Format, fault: Fault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image_coding, "on_white", fault)
    target = tmp_path / f"picture.{file_format.value}"
    laid_out = publication(source_for(file_format), "Sketch", {})
    with pytest.raises(ExportDiffers, match="looks different"):
        save(exporter_for(file_format), laid_out, target, lambda _share: None)
    assert list(tmp_path.iterdir()) == []


def test_a_quality_that_shows_is_told(tmp_path: Path) -> None:
    image = source_for(Format.JPEG)
    assert differences(image, Format.JPEG, file_of(pixels_of(image), "JPEG", quality=1), tmp_path)
