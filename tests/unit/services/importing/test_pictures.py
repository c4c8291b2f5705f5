"""Picture files as new images, and as versions of one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image as pillow

from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.image import Image
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Sheet, Workbook
from forgeapp.errors import UnreadableFile
from forgeapp.services.importing.job import ImportJob, import_task, imported, unpacked
from tests.fakes.drawn import drawn, file_of, image_of


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    path.write_bytes(file_of(drawn(), "JPEG"))
    return path


def test_an_image_comes_out_of_the_child_as_it_was_read(photo: Path) -> None:
    answer = json.loads(json.dumps(import_task(ImportJob(photo), lambda _share: None)))
    assert unpacked(answer).content == image_of(photo.read_bytes(), title=None)


def test_the_next_version_of_an_image_keeps_its_title_and_description(photo: Path) -> None:
    base = image_of(file_of(drawn(30, 30), "PNG"), title="Logo", alt="A hill")
    read = imported(ImportJob(photo, base))
    assert read.content == image_of(photo.read_bytes(), title="Logo", alt="A hill")


@pytest.mark.parametrize("name", ["PNG", "BMP"])
def test_an_image_that_was_only_coded_otherwise_is_the_same_image(name: str, photo: Path, tmp_path: Path) -> None:
    base = image_of(photo.read_bytes(), title="Logo", alt="A hill")
    with pillow.open(photo) as pixels:
        pixels.save(tmp_path / "again", name)
        pixels.putpixel((3, 3), (1, 2, 3))
        pixels.save(tmp_path / "other.png")
    (tmp_path / "again").rename(tmp_path / "again.png")
    assert imported(ImportJob(tmp_path / "again.png", base)).content == base
    assert imported(ImportJob(tmp_path / "other.png", base)).content != base


def test_pictures_of_more_than_eight_bits_a_colour_are_told_apart(tmp_path: Path) -> None:
    for name, level in (("dark", 60_000), ("bright", 65_000)):
        pillow.new("I;16", (4, 4), level).save(tmp_path / f"{name}.png")
    dark = imported(ImportJob(tmp_path / "dark.png")).content
    assert imported(ImportJob(tmp_path / "bright.png", dark)).content != dark


@pytest.mark.parametrize(
    "base",
    [
        Table("T", ("A",), (("1",),)),
        Document("D", "words"),
        Workbook("W", (Sheet("S"),)),
        Code("C", (CodeFile("a.py", "python", "1\n"),)),
    ],
)
def test_a_picture_is_no_version_of_anything_else(base: Content, photo: Path) -> None:
    with pytest.raises(UnreadableFile) as caught:
        imported(ImportJob(photo, base))
    assert caught.value.hint


@pytest.mark.parametrize(("name", "text"), [("t.csv", "a,b\n1,2\n"), ("d.md", "# Words\n")])
def test_nothing_else_is_a_version_of_an_image(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    base = image_of(file_of(drawn(), "PNG"))
    with pytest.raises(UnreadableFile, match="no picture") as caught:
        imported(ImportJob(tmp_path / name, base))
    assert "new artifact" in caught.value.hint


def test_a_json_file_of_an_image_is_one(tmp_path: Path) -> None:
    from forgeapp.domain.content import to_json

    image = image_of(file_of(drawn(), "PNG"), title="Logo")
    (tmp_path / "logo.json").write_text(json.dumps(to_json(image)))
    content = imported(ImportJob(tmp_path / "logo.json", image_of(file_of(drawn(9, 9), "PNG")))).content
    assert isinstance(content, Image)
    assert content.data == image.data
