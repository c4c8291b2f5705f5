"""`forgeapp open`: workbooks, what becomes of rows, files that come back, files that are refused."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.end_to_end.conftest import Run

pytestmark = pytest.mark.integration


def test_a_workbook_is_opened_and_what_is_lost_is_said(run_here: Run, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Item", "Price"])
    book.active.append(["Tea", 2.5])
    book.active["B3"] = "=B2*2"
    book.active.merge_cells("A5:B5")
    book.save(tmp_path / "shop.xlsx")
    opened = run_here("open", tmp_path / "shop.xlsx", "--json").json
    assert opened["artifact"]["kind"] == "spreadsheet"
    assert opened["lost"] == ["A block of merged cells is apart again; its text stands in the first cell."]
    shown = run_here("artifacts", "show", opened["artifact"]["id"], "--json").json
    assert shown["sheets"][0]["values"] == {"B2": 2.5, "B3": 5.0}
    ran = run_here("open", tmp_path / "shop.xlsx", "--as", "table", "--json")
    assert ran.json["artifact"]["kind"] == "table"


def test_a_table_exported_and_edited_elsewhere_comes_back_with_that_change_alone(run_here: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('Id,Amount,Share\n00123,"1,240.00 €",12 %\n00124,35.50 €,3 %\n', "utf-8")
    number = run_here("open", tmp_path / "t.csv", "--json").json["artifact"]["id"]
    run_here("export", number, "--to", tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    book.active["B3"] = 99.5
    book.save(tmp_path / "t.xlsx")
    opened = run_here("open", tmp_path / "t.xlsx", "--as-version-of", number, "--json").json
    assert opened == {"artifact": {"id": number, "kind": "table", "version": 2}, "lost": []}
    hunks = run_here("artifacts", "diff", number, 1, 2, "--json").json["hunks"]
    assert hunks == [{"where": "B3", "before": "35.50 €", "after": "99.50 €"}]


def test_kinds_that_do_not_match_and_an_option_too_many_are_refused(run_here: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    (tmp_path / "words.md").write_text("# Words\n\nOnly words.\n")
    number = run_here("open", tmp_path / "t.csv", "--json").json["artifact"]["id"]
    ran = run_here("open", tmp_path / "words.md", "--as-version-of", number, "--json")
    assert ran.code == 1
    assert "new artifact" in ran.json["error"]["hint"]
    ran = run_here("open", tmp_path / "t.csv", "--as-version-of", number, "--as", "table", "--json")
    assert ran.code == 2
    assert "--as" in ran.json["error"]["message"]


@pytest.mark.security
def test_a_bomb_is_refused_by_the_child_that_reads_it(run_here: Run, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", b" " * 30_000_000)
    ran = run_here("open", tmp_path / "bomb.xlsx", "--json")
    assert ran.code == 1
    assert ran.json["error"]["type"] == "too_large"


def test_code_comes_back_and_what_was_not_changed_makes_no_version(run_here: Run, tmp_path: Path) -> None:
    (tmp_path / "tool.py").write_text("a = 1\nprint(a)\n")
    opened = run_here("open", tmp_path / "tool.py", "--json").json["artifact"]
    assert opened["kind"] == "code"
    run_here("export", opened["id"], "--to", tmp_path / "tool.zip")
    again = run_here("open", tmp_path / "tool.zip", "--as-version-of", opened["id"], "--json").json
    assert again == {"artifact": opened, "lost": ["Nothing differs from version 1."]}
    (tmp_path / "tool.py").write_text("a = 2\nprint(a)\n")
    again = run_here("open", tmp_path / "tool.py", "--as-version-of", opened["id"], "--json").json
    assert again == {"artifact": {**opened, "version": 2}, "lost": []}
    hunks = run_here("artifacts", "diff", opened["id"], 1, 2, "--json").json["hunks"]
    assert hunks == [{"where": "tool.py line 1", "before": "a = 1", "after": "a = 2"}]
