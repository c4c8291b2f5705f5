"""Files without what a sheet hides come back: what was hidden is still there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from forgeapp.domain.artifact import Format
from forgeapp.domain.export_options import ExportOptions
from forgeapp.domain.workbook import Cell, Hidden, Sheet, Workbook
from forgeapp.exporters.registry import exporter_for
from forgeapp.exporters.saving import save
from forgeapp.services.exporting.publishing import publication
from forgeapp.services.importing.job import ImportJob, imported
from forgeapp.sheets.engine import evaluate

ROWS = (
    ("Item", "Cost", "Margin"),
    ("Tea", "2", "90"),
    ("Gin", "9", "70"),
    ("Rum", "8", "60"),
    ("All", "=SUM(B2:B4)", "7"),
)
SHEET = Sheet(
    "Prices",
    {
        (row, column): Cell(text, int(text) if text.isdigit() else None)
        for row, texts in enumerate(ROWS)
        for column, text in enumerate(texts)
    },
)
SECRET = Sheet("Secret", {(0, 0): Cell("x"), (1, 0): Cell("y")}, hidden=Hidden(sheet=True))


def exported(book: Workbook, file_format: Format, folder: Path, options: ExportOptions) -> Path:
    path = folder / f"x.{file_format.value}"
    laid_out = publication(book, "B", evaluate(book), options=options, for_format=file_format)
    save(exporter_for(file_format), laid_out, path, lambda share: None)
    return path


@pytest.mark.parametrize("file_format", [Format.MD, Format.HTML, Format.CSV, Format.XLSX])
@pytest.mark.parametrize("as_shown", [False, True])
@pytest.mark.parametrize(
    "hidden",
    [Hidden(rows=frozenset({2})), Hidden(columns=frozenset({2})), Hidden(False, frozenset({1, 3}), frozenset({0}))],
)
def test_what_nobody_changed_comes_back_with_what_is_hidden(
    tmp_path: Path, file_format: Format, as_shown: bool, hidden: Hidden
) -> None:
    book = Workbook("B", (SECRET, replace(SHEET, hidden=hidden)))
    path = exported(book, file_format, tmp_path, ExportOptions(as_shown=as_shown))
    found = imported(ImportJob(path, book, evaluate(book))).content
    assert found == book


def test_a_change_beside_what_is_hidden_is_taken(tmp_path: Path) -> None:
    book = Workbook("B", (replace(SHEET, hidden=Hidden(False, frozenset({2}), frozenset({2}))),))
    path = exported(book, Format.MD, tmp_path, ExportOptions())
    text = path.read_text(encoding="utf-8").replace("| Rum | 8 |", "| Rum | 11 |").rstrip() + "\n| New | 1 |\n"
    path.write_text(text, encoding="utf-8")
    found = imported(ImportJob(path, book, evaluate(book))).content
    assert isinstance(found, Workbook)
    cells = found.sheets[0].cells
    assert (cells[3, 1].number, cells[5, 0].text, cells[5, 1].number) == (11, "New", 1)
    assert [cells[row, 2].text for row in range(5)] == ["Margin", "90", "70", "60", "7"]
    assert [cells[2, column].text for column in range(3)] == ["Gin", "9", "70"]
