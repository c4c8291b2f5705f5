"""Pictures that lie beside a file come into it, and nothing else does."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from PIL import Image as pillow

from forgeapp.domain.document import Document, Picture
from forgeapp.exporters.pictures import read_picture
from forgeapp.reading.file_reading import FileReading
from forgeapp.reading.files import read_file
from forgeapp.reading.markdown import parse
from forgeapp.reading.neighbours import MAX_PICTURES, _pictures
from tests.pace import assert_linear


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "papers"
    (inside / "images").mkdir(parents=True)
    for name, size in (("chart.png", 2), ("my logo.png", 3), ("images/photo.jpg", 4), ("a(1).png", 5)):
        pillow.new("RGB", (size, size), "red").save(inside / name)
    pillow.new("RGB", (9, 9), "red").save(tmp_path / "above.png")
    return inside


def opened(folder: Path, text: str, name: str = "paper.md") -> FileReading:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_file(path)


def widths(reading: FileReading) -> list[int]:
    """Of the pictures that are in the document; 0 for one that is not."""
    assert isinstance(reading.content, Document)
    found = [read_picture(picture.source) for picture in _pictures(parse(reading.content.markdown))]
    return [picture.width if picture else 0 for picture in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('see ![chart](chart.png "Figure 1") here', [2]),
        ("![a](my%20logo.png) ![b](<my logo.png>)", [3, 3]),
        ("![a](./images/photo.jpg) and ![b](images/../chart.png)", [4, 2]),
        ("![a](a(1).png)", [5]),
        ("![a][c]\n\n[c]: chart.png 'title'", [2]),
        ("| x |\n|---|\n| ![c](chart.png) |", [2]),
        ("- ![c](chart.png)\n\n> ![c](chart.png)", [2, 2]),
        ('<p align="center"><img width="9" src="chart.png" alt="c"></p>', [2]),
        ("<table><tr><td><img src='chart.png'></td><td>x</td></tr></table>", [2]),
        ('<p>\n<img\n  alt="c"\n  src="chart.png"\n  width="9"\n>\n</p>', [2]),
        ("![a\nb](chart.png) ![c](\nchart.png)", [2, 2]),
        ("![a `code` b](chart.png)", [2]),
        ("![a][c]\n\n[c]:\nchart.png", [2]),
        ("x[^1]\n\n[^1]: ![a](chart.png)", [2]),
    ],
)
def test_pictures_beside_a_text_come_with_it(folder: Path, text: str, found: list[int]) -> None:
    reading = opened(folder, text)
    assert widths(reading) == found and reading.lost == ()


def test_nothing_but_addresses_of_pictures_is_changed(folder: Path) -> None:
    first = '# A\n\n![chart](chart.png "Figure 1") `![x](chart.png)`'
    text = f"{first}\n\n```\n![x](chart.png)\n```\n\n[file](chart.png)\\\nend"
    content = opened(folder, text).content
    assert isinstance(content, Document)
    before, after = text.split("(chart.png ", 1)
    assert content.markdown.startswith(f"{before}(data:image/png;base64,") and content.markdown.endswith(f" {after}")


def test_pictures_beside_a_page_come_with_it(folder: Path) -> None:
    reading = opened(folder, "<p>See <img src='images/photo.jpg' alt='p'> <img src='no.png' alt='gone'></p>", "a.html")
    assert widths(reading) == [4] and reading.lost == ("A picture is not there: no.png",)
    assert isinstance(reading.content, Document) and "gone" in reading.content.markdown


def test_what_does_not_come_is_told_by_name(folder: Path) -> None:
    (folder / "notes.png").write_text("no picture")
    with (folder / "big.png").open("wb") as file:
        file.truncate(6_000_000)
    names = ("no.png", "gone.png", "../above.png", "notes.png", "big.png", "https://example.com/x.png")
    reading = opened(folder, " ".join(f"![a]({name})" for name in names))
    assert reading.lost == (
        "2 pictures are not there: no.png, gone.png",
        "A picture outside the file's folder is not taken in: ../above.png",
        "A picture lies elsewhere, and nothing is loaded from there: https://example.com/x.png",
        "A picture is too large to be taken in: big.png",
        "A picture is damaged or of a sort that is not shown here: notes.png",
    )
    assert [p.source for p in _pictures(parse(reading.content.markdown))] == [*names]  # type: ignore[union-attr]


def test_a_picture_whose_address_is_not_found_is_told(folder: Path) -> None:
    reading = opened(folder, "![a [b [c]] d](chart.png)")
    assert widths(reading) == [0]
    assert reading.lost == ("A picture is not taken in, for its address is not found in the text: chart.png",)


@pytest.mark.parametrize("name", ["paper.md", "paper.html"])
def test_a_picture_that_stands_everywhere_makes_no_text_without_end(folder: Path, name: str) -> None:
    pillow.frombytes("RGB", (700, 700), os.urandom(700 * 700 * 3)).save(folder / "noise.png")
    text = '<p><img src="noise.png" alt="n"></p>\n\n' * 30
    reading = opened(folder, text, name)
    assert isinstance(reading.content, Document)
    assert 20_000_000 < len(reading.content.markdown) < 28_000_000
    told = "A picture is not taken in wherever it stands, for all of them are too large together: noise.png"
    assert reading.lost == (told,)


@pytest.mark.security
@pytest.mark.skipif(sys.platform == "win32", reason="links of the file system ask for leave there")
def test_nothing_above_the_folder_comes_by_any_way(folder: Path) -> None:
    above = folder.parent / "above.png"
    (folder / "link.png").symlink_to(above)
    (folder / "up").symlink_to(folder.parent)
    (folder / "ring.png").symlink_to(folder / "ring.png")
    os.mkfifo(folder / "pipe.png")
    ways = ["link.png", "up/above.png", "%2e%2e/above.png", str(above), above.as_uri(), f"//localhost{above}"]
    ways += ["ring.png", "pipe.png", "images", r"..\\above.png", "C:/above.png", "\\\\\\\\host/above.png", "a%00.png"]
    reading = opened(folder, "\n\n".join(f"![a](<{way}>)" for way in ways))
    assert widths(reading) == [0] * len(ways)
    page = opened(folder, "<p>x</p>" + "".join(f'<img src="{way}" alt="a">' for way in ways), "a.html")
    assert widths(page) == []


def test_there_is_an_end_to_how_many_come(folder: Path) -> None:
    for number in range(MAX_PICTURES + 2):
        pillow.new("L", (1, 1)).save(folder / f"{number}.png")
    reading = opened(folder, "\n\n".join(f"![a]({number}.png)" for number in range(MAX_PICTURES + 2)))
    assert widths(reading) == [1] * MAX_PICTURES + [0, 0]
    assert reading.lost == ("2 pictures are more than can be taken in: 200.png, 201.png",)


@pytest.mark.parametrize("text", ["![", "![a](", "![a]", "[a]: ", "<img ", "<img src='", "`", "![a](b" + "(", "\\"])
def test_what_only_looks_like_a_picture_takes_linear_time(folder: Path, text: str) -> None:
    def make(size: int) -> str:
        return f"![c](chart.png) ![n](no.png)\n\n{text * size}\n\n" + f"{text}\n" * (size // 5)

    assert_linear(lambda page: opened(folder, page), make, 20_000)


def test_a_picture_that_is_not_there_keeps_its_words() -> None:
    (paragraph,) = parse("a ![chart](nothere.png) b")
    assert Picture("nothere.png", "chart") in paragraph.inlines  # type: ignore[union-attr]
