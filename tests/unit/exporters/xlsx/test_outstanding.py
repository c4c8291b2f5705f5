"""Rows that stand out in a sheet do so in its file."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from forgeapp.domain.artifact import Kind
from forgeapp.domain.publication import Publication
from forgeapp.domain.workbook import Cell, Sheet, Workbook
from forgeapp.exporters.xlsx.exporter import EXPORTER


def test_sums_results_and_sections_are_bold(tmp_path: Path) -> None:
    texts = [
        ("Item", "Planned"),
        ("Income", ""),
        ("a", "1"),
        ("b", "2"),
        ("Sum of it", "=SUM(B3:B4)"),
        ("Result", "=B5-B5"),
    ]
    cells = {(row, column): Cell(text) for row, pair in enumerate(texts) for column, text in enumerate(pair) if text}
    workbook = Workbook("T", (Sheet("S", cells),))
    content = Publication("T", Kind.SPREADSHEET, workbook, workbook=workbook, values={"S": {(4, 1): 3, (5, 1): 0}})
    path = tmp_path / "a.xlsx"
    EXPORTER.write(content, path, lambda _share: None)
    assert EXPORTER.verify(content, path) == []
    rows = openpyxl.load_workbook(path)["S"].iter_rows()
    assert [all(cell.font.b for cell in row if cell.value is not None) for row in rows] == [
        True,
        True,
        False,
        False,
        True,
        True,
    ]
