"""What exporters tell while they write."""

from __future__ import annotations

from pathlib import Path

import pytest

from forgeapp.domain.artifact import Format
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.document import Document
from forgeapp.domain.publication import Share
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, Sheet, Workbook
from forgeapp.exporters.registry import exporter_for
from forgeapp.services.exporting.publishing import publication

_ROWS = tuple((str(number), "some words of a cell") for number in range(2_500))


def test_an_archive_tells_the_file_it_is_at(tmp_path: Path) -> None:
    shares: list[float] = []
    code = Code("Site", (CodeFile("a.html", "html", "a"), CodeFile("b.css", "css", "b")))
    exporter_for(Format.ZIP).write(publication(code, "Site", {}), tmp_path / "site.zip", shares.append)
    places = [(share.unit, share.number, share.count) for share in shares if isinstance(share, Share)]
    assert places == [("file", 1, 2), ("file", 2, 2)]


def told(file_format: Format, folder: Path, rows: int) -> list[Share]:
    shares: list[float] = []
    laid_out = publication(Table("T", ("No", "Words"), _ROWS[:rows]), "T", {}, for_format=file_format)
    exporter_for(file_format).write(laid_out, folder / f"t.{file_format.value}", shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    return [share for share in shares if isinstance(share, Share)]


@pytest.mark.parametrize(
    ("file_format", "count"),
    [
        (Format.XLSX, 2_501),
        (Format.CSV, 2_501),
        (Format.JSON, 2_500),
        (Format.MD, 2_502),
        (Format.HTML, 2_502),
        (Format.DOCX, 2_502),
    ],
)
def test_tables_tell_the_row_they_are_at(file_format: Format, count: int, tmp_path: Path) -> None:
    shares = told(file_format, tmp_path, 2_500)
    assert {(share.unit, share.count) for share in shares} == {("row", count)}
    assert any(1_000 <= share.number <= 2_000 for share in shares)
    assert len(shares) < 300


@pytest.mark.parametrize("file_format", [Format.HTML, Format.DOCX])
def test_texts_tell_the_part_they_are_at(file_format: Format, tmp_path: Path) -> None:
    text = "\n\n".join(["# T", "| A |\n|---|\n| 1 |", *(f"Words {number}" for number in range(60))])
    shares: list[float] = []
    laid_out = publication(Document("T", text), "T", {}, for_format=file_format)
    exporter_for(file_format).write(laid_out, tmp_path / "t", shares.append)
    parts = [share for share in shares if isinstance(share, Share)]
    assert {(share.unit, share.count) for share in parts} == {("part", 63)}
    assert parts[-1].number == 63
    assert shares == sorted(shares)


def test_json_of_a_workbook_tells_the_cell_it_is_at(tmp_path: Path) -> None:
    shares: list[float] = []
    sheets = tuple(Sheet(name, {(row, 0): Cell("1") for row in range(20)}) for name in ("A", "B"))
    exporter_for(Format.JSON).write(publication(Workbook("W", sheets), "W", {}), tmp_path / "w", shares.append)
    cells = [(share.unit, share.number, share.count) for share in shares if isinstance(share, Share)]
    assert cells == [("cell", number, 40) for number in range(1, 41)]


def test_pdf_tells_each_page_of_a_long_table(tmp_path: Path) -> None:
    shares = told(Format.PDF, tmp_path, 150)
    pages = [share.number for share in shares if share.unit == "page"]
    assert set(pages) == set(range(1, max(pages) + 1))
    assert max(pages) > 2
