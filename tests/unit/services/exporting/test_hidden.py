"""What is hidden in a workbook: left out of pages, kept in files that can hide, and told for both."""

from __future__ import annotations

from pathlib import Path

import pytest

from forgeapp.domain.artifact import Format
from forgeapp.domain.document import Heading, TableBlock, plain_text
from forgeapp.domain.export_options import ExportOptions
from forgeapp.domain.workbook import Cell, Hidden, Sheet, Workbook
from forgeapp.exporters.registry import exporter_for
from forgeapp.exporters.saving import save
from forgeapp.services.exporting.publishing import publication

ROWS = [["Item", "Cost", "Margin"], ["Tea", "2", "90"], ["Gin", "9", "70"]]


def sheet(name: str, hidden: Hidden) -> Sheet:
    cells = {
        (row, column): Cell(text, int(text) if text.isdigit() else None)
        for row, texts in enumerate(ROWS)
        for column, text in enumerate(texts)
    }
    return Sheet(name, cells, hidden=hidden)


BOOK = Workbook(
    "Prices",
    (
        sheet("Secret", Hidden(sheet=True)),
        sheet("Shown", Hidden(False, frozenset({1}), frozenset({2}))),
    ),
)


def test_pages_leave_out_what_is_hidden() -> None:
    laid_out = publication(BOOK, "Prices", {}, for_format=Format.PDF)
    assert [plain_text(block.inlines) for block in laid_out.blocks if isinstance(block, Heading)] == ["Prices", "Shown"]
    (table,) = (block for block in laid_out.blocks if isinstance(block, TableBlock))
    assert [[plain_text(cell) for cell in row] for row in (table.header, *table.rows)] == [
        ["Item", "Cost"],
        ["Gin", "9"],
    ]
    assert table.alignments == (None, "right")


@pytest.mark.parametrize("file_format", [Format.PDF, Format.DOCX, Format.HTML, Format.MD])
def test_pages_tell_what_they_leave_out(tmp_path: Path, file_format: Format) -> None:
    laid_out = publication(BOOK, "Prices", {}, for_format=file_format)
    saved = save(exporter_for(file_format), laid_out, tmp_path / f"x.{file_format.value}", lambda share: None)
    assert saved.warnings[:2] == (
        "Hidden sheets are left out: Secret.",
        "Shown: what is hidden is left out: row 2, column C.",
    )


@pytest.mark.parametrize("file_format", [Format.XLSX, Format.JSON])
def test_files_that_can_hide_tell_what_anybody_can_show(tmp_path: Path, file_format: Format) -> None:
    laid_out = publication(BOOK, "Prices", {}, for_format=file_format)
    saved = save(exporter_for(file_format), laid_out, tmp_path / f"x.{file_format.value}", lambda share: None)
    assert saved.warnings == (
        "Hidden sheets are in the file, where anybody can show them: Secret.",
        "Shown: what is hidden is in the file, where anybody can see it: row 2, column C.",
    )


def test_an_opened_xlsx_file_hides_the_same_again(tmp_path: Path) -> None:
    from forgeapp.reading.files import read_file

    laid_out = publication(BOOK, "Prices", {}, for_format=Format.XLSX)
    save(exporter_for(Format.XLSX), laid_out, tmp_path / "x.xlsx", lambda share: None)
    content = read_file(tmp_path / "x.xlsx").content
    assert isinstance(content, Workbook)
    assert [each.hidden for each in content.sheets] == [each.hidden for each in BOOK.sheets]


def test_a_csv_file_holds_a_sheet_that_can_be_seen(tmp_path: Path) -> None:
    laid_out = publication(BOOK, "Prices", {}, for_format=Format.CSV)
    saved = save(exporter_for(Format.CSV), laid_out, tmp_path / "x.csv", lambda share: None)
    assert saved.warnings == (
        "Shown: what is hidden is in the file, where anybody can see it: row 2, column C.",
        "CSV holds one sheet: Shown is in it, Secret left out. XLSX holds all.",
    )
    options = ExportOptions(as_shown=True)
    laid_out = publication(BOOK, "Prices", {}, options=options, for_format=Format.CSV)
    saved = save(exporter_for(Format.CSV), laid_out, tmp_path / "y.csv", lambda share: None)
    assert "Shown: what is hidden is left out: row 2, column C." in saved.warnings
    assert (tmp_path / "y.csv").read_text(encoding="utf-8-sig") == "Item,Cost\nGin,9\n"


def test_where_all_is_hidden_all_is_seen(tmp_path: Path) -> None:
    book = Workbook("Prices", (sheet("Secret", Hidden(sheet=True)),))
    for file_format in (Format.PDF, Format.XLSX):
        laid_out = publication(book, "Prices", {}, for_format=file_format)
        save(exporter_for(file_format), laid_out, tmp_path / f"x.{file_format.value}", lambda share: None)
        assert laid_out.warnings == ()


def test_long_lists_of_hidden_lines_are_cut() -> None:
    book = Workbook("P", (sheet("S", Hidden(rows=frozenset({*range(0, 40, 2), 3}))),))
    (warning,) = publication(book, "P", {}, for_format=Format.PDF).warnings
    assert warning == "S: what is hidden is left out: row 1, rows 3-5, row 7, row 9, row 11, and 14 rows more."


def test_of_a_csv_file_only_what_is_in_it_is_told() -> None:
    hidden = Hidden(False, frozenset({1}))
    book = Workbook("Prices", (sheet("Shown", Hidden()), sheet("Other", hidden)))
    assert publication(book, "Prices", {}, for_format=Format.CSV).warnings == ()
    only = Workbook("Prices", (Sheet("Blank"), sheet("Secret", Hidden(sheet=True))))
    assert publication(only, "Prices", {}, for_format=Format.CSV).warnings == (
        "Hidden sheets are in the file, where anybody can show them: Secret.",
    )
