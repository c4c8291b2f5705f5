"""A file that was exported and is opened again as a version, through the command line."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.end_to_end.conftest import Run

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("ending", ["html", "docx", "md", "xlsx"])
def test_several_sheets_come_back_as_they_were(run_here: Run, tmp_path: Path, ending: str) -> None:
    book = openpyxl.Workbook()
    income = book.active
    assert income is not None
    income.title = "Income"
    for row in (["Month", "Twice"], [2, "=A2*2"]):
        income.append(row)
    other = book.create_sheet("Two")
    for row in (["a", "b"], [1, "=Income!B2"]):
        other.append(row)
    book.save(tmp_path / "w.xlsx")
    number = run_here("open", tmp_path / "w.xlsx", "--json").json["artifact"]["id"]
    run_here("export", number, "--to", tmp_path / f"out.{ending}")
    again = run_here("open", tmp_path / f"out.{ending}", "--as-version-of", number, "--json").json
    assert again["lost"] == ["Nothing differs from version 1."]


def test_words_around_a_table_that_cannot_come_along_are_told(run_here: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    (tmp_path / "n.md").write_text("# Notes\n\nWords.\n\n| a | b |\n|---|---|\n| 1 | 3 |\n")
    number = run_here("open", tmp_path / "t.csv", "--json").json["artifact"]["id"]
    again = run_here("open", tmp_path / "n.md", "--as-version-of", number, "--json").json
    assert again["lost"] == ["The words around its tables were left out."]
    assert run_here("artifacts", "show", number, "--json").json["rows"] == [["1", "3"]]
