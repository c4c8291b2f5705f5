"""Picture files opened as images."""

from __future__ import annotations

import base64
import json
import struct
import zlib
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image as pillow
from PIL import ImageChops

from forgeapp.domain import image as bounds
from forgeapp.domain.content import to_json
from forgeapp.domain.image import Image
from forgeapp.domain.image_files import read_facts
from forgeapp.errors import ForgeError, TooLarge, UnreadableFile
from forgeapp.reading import image_file
from forgeapp.reading.file_reading import FileReading
from forgeapp.reading.files import read_file
from forgeapp.reading.image_file import without_remarks
from forgeapp.reading.kept_pictures import KeptPictures
from tests.fakes.drawn import drawn, file_of


def read(folder: Path, data: bytes, name: str = "picture.png") -> FileReading:
    (folder / name).write_bytes(data)
    return read_file(folder / name)


def image(reading: FileReading) -> Image:
    assert isinstance(reading.content, Image)
    return reading.content


def pixels(data: bytes, mode: str = "RGBA") -> pillow.Image:
    with pillow.open(BytesIO(data)) as picture:
        return picture.convert(mode)


def keys(reading: FileReading) -> list[str]:
    return [getattr(text, "key", "") for text in reading.lost]


def exif(orientation: int | None = None) -> pillow.Exif:
    made = pillow.Exif()
    made[0x010F] = "A camera"
    made.get_ifd(0x8825)[1] = "N"
    if orientation:
        made[0x0112] = orientation
    return made


@pytest.mark.parametrize(("name", "ending"), [("PNG", ".png"), ("JPEG", ".jpg"), ("JPEG", ".jpeg"), ("WEBP", ".webp")])
def test_a_clean_picture_keeps_its_bytes(name: str, ending: str, tmp_path: Path) -> None:
    data = file_of(drawn(), name)
    found = read(tmp_path, data, f"picture{ending}")
    assert image(found) == Image(None, f"image/{name.lower()}", data, 96, 64)
    assert found.lost == ()


@pytest.mark.parametrize(
    ("name", "ending", "options"),
    [("GIF", ".gif", {}), ("BMP", ".bmp", {}), ("TIFF", ".tif", {}), ("TIFF", ".tiff", {"compression": "tiff_lzw"})],
)
def test_other_pictures_become_png_with_every_pixel(
    name: str, ending: str, options: dict[str, Any], tmp_path: Path
) -> None:
    data = file_of(drawn(mode="P") if name == "GIF" else drawn(), name, **options)
    found = read(tmp_path, data, f"picture{ending}")
    assert image(found).media_type == "image/png"
    assert pixels(image(found).data).tobytes() == pixels(data).tobytes()
    assert found.lost == ()


@pytest.mark.parametrize("name", ["PNG", "JPEG", "WEBP"])
def test_what_a_file_tells_of_camera_and_place_goes_and_that_is_said(name: str, tmp_path: Path) -> None:
    data = file_of(drawn(), name, exif=exif())
    assert b"A camera" in data
    found = read(tmp_path, data)
    assert b"A camera" not in image(found).data
    assert read_facts(image(found).data).metadata == ()
    assert pixels(image(found).data).tobytes() == pixels(data).tobytes()
    assert keys(found) == ["image_metadata"]


@pytest.mark.security
@pytest.mark.parametrize("name", ["PNG", "JPEG", "WEBP"])
def test_a_picture_within_a_document_tells_no_more_than_one_by_itself(name: str) -> None:
    source = KeptPictures().source_of(file_of(drawn(), name, exif=exif(6)))
    assert source is not None
    kind, _, text = source.partition(";base64,")
    kept = base64.b64decode(text)
    facts = read_facts(kept)
    assert (facts.metadata, facts.width, facts.height) == ((), 64, 96)
    assert kind == f"data:{facts.media_type}"


@pytest.mark.parametrize("data", [b"", b"no picture", file_of(drawn(), "GIF"), file_of(drawn(), "PNG")[:80]])
def test_what_tells_nothing_or_cannot_be_read_stays_as_it_is(data: bytes) -> None:
    assert without_remarks(data) == data


def test_a_picture_that_moves_goes_on_moving() -> None:
    data = file_of(drawn(), "PNG", save_all=True, append_images=[drawn().rotate(180)], exif=exif())
    assert without_remarks(data) == data


@pytest.mark.security
@pytest.mark.parametrize("name", ["PNG", "JPEG", "WEBP"])
def test_an_image_in_json_is_looked_at_as_a_picture_file_is(name: str, tmp_path: Path) -> None:
    told = Image("A view", f"image/{name.lower()}", file_of(drawn(), name, exif=exif()), 7, 7, "Hills")
    found = read(tmp_path, json.dumps(to_json(told)).encode(), "view.json")
    shown = image(found)
    assert (shown.title, shown.alt, shown.width, shown.height) == ("A view", "Hills", 96, 64)
    assert b"A camera" not in shown.data
    assert keys(found) == ["image_metadata"]
    junk = replace(told, data=b"not a picture")
    with pytest.raises(UnreadableFile, match="no picture"):
        read(tmp_path, json.dumps(to_json(junk)).encode(), "view.json")


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_a_picture_is_shown_as_the_camera_was_held(name: str, orientation: int, tmp_path: Path) -> None:
    upright = drawn()
    turns = {
        2: pillow.Transpose.FLIP_LEFT_RIGHT,
        3: pillow.Transpose.ROTATE_180,
        4: pillow.Transpose.FLIP_TOP_BOTTOM,
        5: pillow.Transpose.TRANSPOSE,
        # Stored as the inverse of how it is to be turned.
        6: pillow.Transpose.ROTATE_90,
        7: pillow.Transpose.TRANSVERSE,
        8: pillow.Transpose.ROTATE_270,
    }
    stored = upright.transpose(turns[orientation]) if orientation in turns else upright
    found = read(tmp_path, file_of(stored, name, exif=exif(orientation)), f"picture.{name.lower()}")
    shown = image(found)
    assert (shown.width, shown.height) == upright.size
    difference = ImageChops.difference(pixels(shown.data, "RGB").reduce(8), upright.reduce(8))
    assert max(high for _, high in difference.getextrema()) < 12  # type: ignore[misc]
    assert b"A camera" not in shown.data
    assert ("image_turned" in keys(found)) == (orientation > 1 and name in ("JPEG", "WEBP"))


@pytest.mark.parametrize("name", ["GIF", "PNG", "WEBP", "TIFF"])
def test_of_several_pictures_the_first_is_kept_and_that_is_said(name: str, tmp_path: Path) -> None:
    first, second = drawn(), drawn().rotate(180)
    data = file_of(first, name, save_all=True, append_images=[second, second.rotate(10)])
    found = read(tmp_path, data, f"picture.{name.lower()}")
    facts = read_facts(image(found).data)
    assert not facts.is_animated
    difference = ImageChops.difference(pixels(image(found).data, "RGB").reduce(8), first.reduce(8))
    assert max(high for _, high in difference.getextrema()) < 40  # type: ignore[misc]
    assert "image_frames" in keys(found)


@pytest.mark.parametrize(("name", "media_type"), [("JPEG", "image/jpeg"), ("TIFF", "image/png")])
def test_colours_for_printing_become_those_of_a_screen(name: str, media_type: str, tmp_path: Path) -> None:
    found = read(tmp_path, file_of(drawn(mode="CMYK"), name))
    assert image(found).media_type == media_type
    assert pixels(image(found).data, "RGB").getpixel((5, 5)) != (0, 0, 0)
    with pillow.open(BytesIO(image(found).data)) as picture:
        assert picture.mode == "RGB"
    assert keys(found) == ["image_colours"]


def test_sixteen_bits_a_colour_stay(tmp_path: Path) -> None:
    grey = pillow.new("I", (4, 4), 40_000)
    found = read(tmp_path, file_of(grey, "TIFF"), "scan.tif")
    with pillow.open(BytesIO(image(found).data)) as picture:
        assert picture.getpixel((1, 1)) == 40_000
    assert found.lost == ()


@pytest.mark.parametrize(("mode", "low", "high"), [("F", 0.0, 1.0), ("I", -5, 900_000), ("F", 1.0, float("inf"))])
def test_measured_values_become_greys_and_that_is_said(mode: str, low: float, high: float, tmp_path: Path) -> None:
    values = pillow.new(mode, (4, 4), low)
    values.putpixel((2, 2), high)
    found = read(tmp_path, file_of(values, "TIFF"), "measured.tif")
    shown = pixels(image(found).data, "L")
    assert keys(found) == ["image_colours"]
    assert high == float("inf") or (shown.getpixel((0, 0)), shown.getpixel((2, 2))) == (0, 255)


def test_the_first_bytes_say_what_it_is_and_not_its_name(tmp_path: Path) -> None:
    assert image(read(tmp_path, file_of(drawn(), "JPEG"), "picture.png")).media_type == "image/jpeg"


@pytest.mark.parametrize("name", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_a_file_cut_short_is_told(name: str, share: float, tmp_path: Path) -> None:
    data = file_of(drawn(), name)
    with pytest.raises(UnreadableFile) as caught:
        read(tmp_path, data[: int(len(data) * share)], f"picture.{name.lower()}")
    assert caught.value.hint


@pytest.mark.parametrize("data", [b"no picture at all", b"\x89PNG\r\n\x1a\n", b"BM", b"<svg xmlns='x'></svg>"])
def test_what_is_no_picture_is_told(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(tmp_path, data)
    assert "PNG" in caught.value.hint


def test_a_file_of_too_many_bytes_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_file, "MAX_BYTES", 100)
    with pytest.raises(TooLarge) as caught:
        read(tmp_path, file_of(drawn(), "PNG"))
    assert "smaller" in caught.value.hint


@pytest.mark.security
def test_a_small_file_of_endless_pixels_is_refused_unpacked(tmp_path: Path) -> None:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    for side in (8_000, 100_000, 2_000_000_000):
        head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
        bomb = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1_000))) + chunk(b"IEND", b"")
        with pytest.raises(TooLarge, match="50 million pixels"):
            read(tmp_path, bomb)
    assert bounds.MAX_PIXELS == 50_000_000


@pytest.mark.security
@pytest.mark.parametrize("name", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choose=st.data())
def test_no_damage_does_more_than_be_told(name: str, choose: st.DataObject, tmp_path: Path) -> None:
    data = bytearray(_WHOLE[name])
    for _ in range(choose.draw(st.integers(1, 8))):
        data[choose.draw(st.integers(0, len(data) - 1))] = choose.draw(st.integers(0, 255))
    file_name = f"picture.{name.lower()}"
    try:
        found = image(read(tmp_path, bytes(data), file_name))
    except ForgeError as error:
        assert isinstance(error, UnreadableFile | TooLarge)
        assert file_name in str(error)
        assert error.hint
    else:
        facts = read_facts(found.data)
        assert (facts.width, facts.height, facts.metadata) == (found.width, found.height, ())
    assert (tmp_path / file_name).read_bytes() == bytes(data), "what is read stays as it is"


_WHOLE = {name: file_of(drawn(24, 16), name) for name in ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")}
