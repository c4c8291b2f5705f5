from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from forgeapp.exporters.pictures import MAX_PIXELS, PictureFile, picture_size, read_picture


def source(image: Image.Image, kind: str, **settings: Any) -> str:
    buffer = BytesIO()
    image.save(buffer, kind.upper(), **settings)
    return f"data:image/{kind};base64,{base64.b64encode(buffer.getvalue()).decode()}"


def opened(picture: PictureFile | None) -> Image.Image:
    assert picture is not None
    image = Image.open(BytesIO(picture.data))
    image.load()
    assert image.format == picture.extension.upper()
    assert image.size == (picture.width, picture.height)
    return image


def two_colours(mode: str = "RGB") -> Image.Image:
    """Red above, blue below."""
    image = Image.new("RGB", (20, 40), "#ff0000")
    image.paste("#0000ff", (0, 20, 20, 40))
    return image.convert(mode)


@pytest.mark.parametrize("kind", ["png", "jpeg"])
def test_what_every_reader_shows_alike_is_kept_byte_for_byte(kind: str) -> None:
    uri = source(two_colours(), kind)
    picture = read_picture(uri)
    assert picture is not None
    assert picture.data == base64.b64decode(uri.partition(",")[2])


@pytest.mark.parametrize("kind", ["gif", "webp"])
def test_other_kinds_become_a_png_that_looks_the_same(kind: str) -> None:
    settings = {"lossless": True} if kind == "webp" else {}
    image = opened(read_picture(source(two_colours(), kind, **settings))).convert("RGB")
    assert image.getpixel((5, 5)) == (255, 0, 0)
    assert image.getpixel((5, 35)) == (0, 0, 255)


def test_of_a_moving_picture_the_first_frame_is_shown() -> None:
    frames = [Image.new("RGB", (8, 8), color) for color in ("#00ff00", "#ff0000")]
    image = opened(read_picture(source(frames[0], "gif", save_all=True, append_images=frames[1:])))
    assert image.convert("RGB").getpixel((4, 4)) == (0, 255, 0)


@pytest.mark.parametrize("turned", [1, 3, 6, 8])
def test_the_head_of_a_picture_tells_the_size_it_is_read_with(turned: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = turned
    uri = source(two_colours(), "jpeg", exif=exif.tobytes())
    picture = read_picture(uri)
    assert picture is not None
    assert picture_size(uri) == (picture.width, picture.height)


@pytest.mark.parametrize("uri", ["data:image/png;base64,AAAA", "data:image/png;base64,A", "https://example.com/a.png"])
def test_what_is_no_picture_has_no_size(uri: str) -> None:
    assert picture_size(uri) is None


def test_transparency_of_a_gif_stays() -> None:
    image = Image.new("P", (8, 8), 0)
    image.putpalette([255, 0, 0] * 256)
    shown = opened(read_picture(source(image, "gif", transparency=0)))
    assert shown.mode == "RGBA"
    assert shown.getpixel((4, 4))[3] == 0


def test_a_photograph_stands_as_its_camera_was_held() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    image = opened(read_picture(source(two_colours(), "jpeg", exif=exif.tobytes())))
    assert image.size == (40, 20)
    red, _, blue = image.getpixel((35, 10))
    assert red > 200 > blue
    assert image.getexif().get(0x0112, 1) == 1


@pytest.mark.security
@pytest.mark.parametrize("kind", ["png", "jpeg"])
def test_a_client_is_not_told_where_a_picture_was_taken(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    exif.get_ifd(0x8825)[1] = "N"
    plain, told = (read_picture(source(two_colours(), kind, **options)) for options in ({}, {"exif": exif.tobytes()}))
    assert plain is not None
    assert told == plain


def test_a_picture_in_printing_colours_becomes_one_for_the_screen() -> None:
    image = opened(read_picture(source(two_colours("CMYK"), "jpeg")))
    assert image.mode == "RGB"
    red, _, blue = image.getpixel((5, 5))
    assert red > 200 > blue


def test_sixteen_bits_of_grey_keep_their_lightness() -> None:
    deep = Image.new("I;16", (4, 4), 40_000)
    image = opened(read_picture(source(deep, "png")))
    assert image.mode == "L"
    assert image.getpixel((1, 1)) == pytest.approx(40_000 / 257, abs=1)


@pytest.mark.security
@pytest.mark.parametrize(
    "uri",
    [
        "https://example.org/a.png",
        "file:///etc/passwd",
        "data:image/svg+xml;base64,PHN2Zz4=",
        "data:image/png;base64,AAAA",
        "data:image/webp;base64,UklGRgAAAABXRUJQ",
        "data:image/gif;base64,R0lGODlh",
        "data:image/png;base64,",
        "data:image/png;base64," + "A" * 30_000_000,
    ],
)
def test_what_is_no_picture_within_bounds_is_none(uri: str) -> None:
    assert read_picture(uri) is None


@pytest.mark.security
def test_a_picture_of_too_many_pixels_is_none() -> None:
    assert read_picture(source(Image.new("1", (MAX_PIXELS // 100 + 1, 100)), "png")) is None
