"""Picture files read part by part, and freed of what is not the picture."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as pillow
from PIL.PngImagePlugin import PngInfo

from forgeapp.domain.image_files import read_facts, without_metadata
from tests.fakes.drawn import drawn, file_of


def exif() -> pillow.Exif:
    made = pillow.Exif()
    made[0x010F] = "A camera"
    made.get_ifd(0x8825)[1] = "N"
    return made


def talkative() -> dict[str, bytes]:
    """A file of each format with all that may stand beside a picture."""
    text = PngInfo()
    text.add_text("Author", "Somebody")
    text.add_itxt("Comment", "Somewhere")
    return {
        "PNG": file_of(drawn(), "PNG", exif=exif(), pnginfo=text),
        "JPEG": file_of(drawn(), "JPEG", exif=exif(), comment=b"Somewhere", xmp=b"<x/>") + b"a second picture",
        "WEBP": file_of(drawn(), "WEBP", exif=exif(), xmp=b"<x/>", quality=80),
    }


def pixels(data: bytes) -> bytes:
    with pillow.open(BytesIO(data)) as picture:
        return picture.convert("RGBA").tobytes()


@pytest.mark.parametrize("name", ["PNG", "JPEG", "WEBP"])
def test_a_file_tells_its_size_and_what_stands_beside_the_picture(name: str) -> None:
    facts = read_facts(talkative()[name])
    assert (facts.media_type, facts.width, facts.height) == (f"image/{name.lower()}", 96, 64)
    assert "EXIF" in facts.metadata
    assert len(facts.metadata) > 1
    assert facts.is_lossless == (name == "PNG")


@pytest.mark.parametrize("name", ["PNG", "JPEG", "WEBP"])
def test_without_metadata_it_is_the_same_picture_to_the_last_bit(name: str) -> None:
    before = talkative()[name]
    after = without_metadata(before)
    assert read_facts(after).metadata == ()
    assert pixels(after) == pixels(before)
    for words in (b"A camera", b"Somebody", b"Somewhere", b"<x/>", b"a second picture"):
        assert words not in after
    assert without_metadata(after) == after


@pytest.mark.parametrize("lossless", [True, False])
def test_webp_says_whether_it_keeps_every_pixel(lossless: bool) -> None:
    data = file_of(drawn(mode="RGBA"), "WEBP", lossless=lossless)
    facts = read_facts(data)
    assert facts.is_lossless is lossless
    assert (facts.width, facts.height) == (96, 64)


@pytest.mark.parametrize("name", ["PNG", "WEBP"])
def test_a_picture_that_moves_is_known(name: str) -> None:
    data = file_of(drawn(), name, save_all=True, append_images=[drawn().rotate(180)])
    assert read_facts(data).is_animated


def test_colours_stay_what_they_mean() -> None:
    profile = b"\0" * 16 + b"RGB " + b"\0" * 108
    for name in ("PNG", "JPEG", "WEBP"):
        data = without_metadata(file_of(drawn(), name, icc_profile=profile, exif=exif()))
        with pillow.open(BytesIO(data)) as picture:
            assert picture.info["icc_profile"] == profile


@pytest.mark.parametrize("name", ["PNG", "JPEG", "WEBP"])
def test_a_file_that_is_cut_short_is_told(name: str) -> None:
    data = file_of(drawn(), name)
    for length in (13, 40, len(data) // 2, len(data) - 5):
        with pytest.raises(ValueError, match=r"short|begin|holds|neither"):
            read_facts(data[:length])


def test_a_part_with_a_wrong_checksum_is_told() -> None:
    data = bytearray(file_of(drawn(), "PNG"))
    data[data.index(b"IDAT") + 10] ^= 1
    with pytest.raises(ValueError, match="checksum of its part IDAT"):
        read_facts(bytes(data))


def test_a_png_without_a_picture_is_told() -> None:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 5, 5, 8, 2, 0, 0, 0))
    with pytest.raises(ValueError, match="holds no picture"):
        read_facts(b"\x89PNG\r\n\x1a\n" + head + chunk(b"IEND", b""))


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\xff\xd8", b"RIFF\0\0\0\0WEBP", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_told(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"short|neither|holds"):
        read_facts(data)
    with pytest.raises(ValueError, match=r"short|neither|holds"):
        without_metadata(data)


@given(st.sampled_from(["PNG", "JPEG", "WEBP"]), st.data())
def test_no_damage_does_more_than_be_told(name: str, choose: st.DataObject) -> None:
    data = bytearray(_WHOLE[name])
    for _ in range(choose.draw(st.integers(1, 6))):
        data[choose.draw(st.integers(0, len(data) - 1))] = choose.draw(st.integers(0, 255))
    damaged = bytes(data[: choose.draw(st.integers(0, len(data)))])
    try:
        facts = read_facts(damaged)
    except ValueError as error:
        assert str(error), "what is wrong is said"
    else:
        assert facts.media_type == f"image/{name.lower()}"
        assert facts.width > 0
        assert facts.height > 0
    try:
        freed = without_metadata(damaged)
    except ValueError as error:
        assert str(error), "what is wrong is said"
    else:
        assert len(freed) <= len(damaged)
        assert without_metadata(freed) == freed


_WHOLE = {name: file_of(drawn(24, 16), name) for name in ("PNG", "JPEG", "WEBP")}
