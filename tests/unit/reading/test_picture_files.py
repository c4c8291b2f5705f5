"""Pictures attached: known by their bytes, bounded, and refused in words."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from forgeapp.errors import TooLarge, UnreadableFile
from forgeapp.reading import picture_files
from forgeapp.reading.picture_files import media_type_of, read_picture_file


def saved(kind: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (3, 2), "red").save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("GIF", "image/gif"), ("WEBP", "image/webp")],
)
def test_a_picture_is_known_by_its_bytes_whatever_its_name(tmp_path: Path, kind: str, media_type: str) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(saved(kind))
    picture = read_picture_file(path)
    assert picture is not None
    assert (picture.media_type, picture.data) == (media_type, saved(kind))


@pytest.mark.security
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_no_model_is_told_where_a_picture_was_taken(tmp_path: Path, kind: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "A camera"
    exif.get_ifd(0x8825)[1] = "N"
    file = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(file, kind, exif=exif)
    (tmp_path / "photo").write_bytes(file.getvalue())
    picture = read_picture_file(tmp_path / "photo")
    assert picture is not None
    assert b"A camera" not in picture.data
    assert media_type_of(picture.data) == picture.media_type
    with Image.open(io.BytesIO(picture.data)) as shown:
        assert shown.size == ((30, 20) if orientation == 1 else (20, 30))
        assert not shown.getexif()


@pytest.mark.parametrize("content", [b"", b"BMW and Audi", b"GIF8", b"RIFF and raff", b"%PDF-1.7", b"<svg/>"])
def test_what_is_no_picture_is_left_to_others(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(content)
    assert read_picture_file(path) is None


@pytest.mark.parametrize("kind", ["BMP", "TIFF"])
def test_a_picture_models_do_not_take_is_told_with_what_they_take(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "scan"
    path.write_bytes(saved(kind))
    with pytest.raises(UnreadableFile) as raised:
        read_picture_file(path)
    assert "PNG, JPEG, WebP or GIF" in raised.value.hint


@pytest.mark.security
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_damaged_picture_is_told(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(saved(kind)[:18])
    with pytest.raises(UnreadableFile, match="damaged"):
        read_picture_file(path)


def test_a_picture_that_is_too_large_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(saved("PNG"))
    monkeypatch.setattr(picture_files, "MAX_PICTURE_BYTES", len(saved("PNG")))
    assert read_picture_file(path) is not None
    monkeypatch.setattr(picture_files, "MAX_PICTURE_BYTES", len(saved("PNG")) - 1)
    with pytest.raises(TooLarge):
        read_picture_file(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        read_picture_file(tmp_path / "nowhere.png")
    assert read_picture_file(tmp_path) is None


@pytest.mark.security
@given(
    head=st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBP"]),
    rest=st.binary(max_size=200),
)
def test_whatever_follows_the_first_bytes_is_taken_or_refused(
    tmp_path_factory: pytest.TempPathFactory, head: bytes, rest: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "hostile"
    path.write_bytes(head + rest)
    assert media_type_of(head) is not None
    try:
        picture = read_picture_file(path)
    except UnreadableFile:
        return
    assert picture is not None
    assert picture.data == head + rest
