"""LibreOffice, told to compute everything anew, finds the values our files hold."""

from __future__ import annotations

import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils.datetime import to_excel

from forgeapp.domain.artifact import Kind
from forgeapp.domain.numbers import parse_number
from forgeapp.domain.publication import Publication
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, CellError, Position, Sheet, Value, Values, Workbook, position
from forgeapp.exporters.xlsx.exporter import EXPORTER
from forgeapp.services.exporting import publishing
from forgeapp.sheets.engine import evaluate
from forgeapp.sheets.grid import with_formats

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed"),
]

_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item>
</oor:items>
"""


def saved_again(path: Path, folder: Path) -> Path:
    """The file after LibreOffice opened it, computed everything and saved it again."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE)
    command = [str(SOFFICE), "--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", folder / "again", path], check=True, capture_output=True, timeout=180)
    return folder / "again" / path.name


def recalculated(path: Path, folder: Path) -> dict[str, dict[Position, Any]]:
    """The values by sheet that LibreOffice computes."""
    book = load_workbook(saved_again(path, folder), data_only=True)
    return {page.title: {(c.row - 1, c.column - 1): c.value for row in page for c in row} for page in book}


def typed(name: str, rows: list[list[str]]) -> Sheet:
    cells: dict[tuple[int, int], Cell] = {}
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            number = None if text.startswith("=") else parse_number(text)
            if text:
                cells[row, column] = Cell(text, number.value if number else None, number.format if number else None)
    return Sheet(name, cells)


def publication(workbook: Workbook, values: Values) -> Publication:
    return Publication("t", Kind.SPREADSHEET, workbook, workbook=workbook, values=values)


def is_same(value: Value, found: Any) -> bool:
    if isinstance(value, CellError):
        return bool(found == value.code)
    if isinstance(value, bool | str):
        return bool(found == value)
    if isinstance(found, datetime):
        found = to_excel(found)
    return isinstance(found, int | float) and found == pytest.approx(value, rel=1e-12, abs=1e-12)


BUDGET = typed(
    "Budget",
    [
        ["Item", "Unit price", "Qty", "Total", "Share %"],
        ["Rent", "$1,200.50", "1", "=B2*C2", "=D2/D$6"],
        ["Beans", "$12.75", "1,300", "=B3*C3", "=D3/D$6"],
        ["Cups", "$0.08", "25000", "=B4*C4", "=D4/D$6"],
        ["Wages", "$18", "640", "=ROUND(B5*C5*(1+12%),2)", "=IFERROR(D5/D$6,0)"],
        ["Total", "", "", "=SUM(D2:D5)", "=SUM(E2:E5)"],
        ["Mean", "=AVERAGE(B2:B5)", "=MEDIAN(C2:C5)", "=PMT(5%/12,360,-D6)", '=COUNTIF(D2:D5,">1000")'],
    ],
)
CHECKS = [
    "=Budget!D6*19%",
    "='It''s 100 %'!A1&\" ok\"",
    '=VLOOKUP("Beans",Budget!A2:D5,4,FALSE)',
    "=INDEX(Budget!A2:A5,MATCH(MAX(Budget!D2:D5),Budget!D2:D5,0))",
    "=SUMPRODUCT(Budget!B2:B5,Budget!C2:C5)",
    "=SUM(Budget!B2:B5*Budget!C2:C5)",
    '=SUMIF(Budget!A2:A5,"Cups",Budget!D2:D5)',
    "=1/0",
    "=NA()",
    '=IF(Budget!D6>1000,"over","under")',
    "=AND(TRUE,1=1)",
    "=DATE(2024,2,29)+365",
    "=EDATE(DATE(2024,1,31),1)",
    "=NETWORKDAYS(DATE(2024,1,1),DATE(2024,1,31))",
    '=TEXT(1234.5,"#,##0.00")',
    '=TEXTJOIN("-",TRUE,"a","","b")',
    '=IFS(1>2,"x",TRUE,"y")',
    '=SWITCH(3,1,"a",3,"c")',
    '=MAXIFS(Budget!D2:D5,Budget!C2:C5,">1")',
    "=STDEV.S(Budget!D2:D5)",
    '=CONCAT("a",1)',
    '=LEFT("forge",3)&MID("forge",2,2)',
    "=MOD(-3,2)",
    "=ROUND(2.5,0)+ROUND(-2.5,0)",
    "=2^0.5",
    "=SUM({1,2;3,4})",
    "=SUMPRODUCT((LEN(Budget!A2:A5)=5)*Budget!D2:D5)",
    "=SUMPRODUCT(--ISNUMBER(Budget!A2:B5))",
    "=NPV(0.1,100,200,300)",
]


def test_a_workbook_of_common_formulas_has_the_same_values(tmp_path: Path) -> None:
    checks = typed("Checks", [[formula] for formula in CHECKS])
    workbook = with_formats(Workbook("t", (BUDGET, checks, typed("It's 100 %", [["fine"]]))))
    values = evaluate(workbook)
    path = tmp_path / "book.xlsx"
    assert EXPORTER.write(publication(workbook, values), path, lambda share: None) == []
    shown = recalculated(path, tmp_path)
    sheets = {sheet.name: sheet for sheet in workbook.sheets}
    different = [
        (name, sheets[name].cells[at].text, value, shown[name][at])
        for name in ("Budget", "Checks")
        for at, value in values[name].items()
        if not is_same(value, shown[name][at])
    ]
    assert different == []


def test_spilled_values_are_the_same(tmp_path: Path) -> None:
    cells = {"A1": Cell("1", 1), "A2": Cell("2", 2), "A3": Cell("3", 3)}
    cells |= {"C1": Cell("=A1:A3*2"), "E1": Cell("={1,2;3,4}"), "H1": Cell("=SUM(A1:A3*A1:A3)")}
    cells |= {"J1": Cell("=LEN(A1:A3)"), "L1": Cell("=ROUND(A1:A3/7,2)")}
    sheet = Sheet("S", {position(at): cell for at, cell in cells.items()}, has_header=False)
    workbook = Workbook("t", (sheet,))
    values = evaluate(workbook)
    path = tmp_path / "spill.xlsx"
    EXPORTER.write(publication(workbook, values), path, lambda share: None)
    shown = recalculated(path, tmp_path)["S"]
    assert len(values["S"]) == 14
    assert [(at, value, shown[at]) for at, value in values["S"].items() if not is_same(value, shown[at])] == []


def test_recalculating_is_what_happens(tmp_path: Path) -> None:
    workbook = Workbook("t", (Sheet("S", {(0, 0): Cell("=1+1")}, has_header=False), Sheet("T")))
    path = tmp_path / "wrong.xlsx"
    EXPORTER.write(publication(workbook, {"S": {(0, 0): 3}}), path, lambda share: None)
    assert recalculated(path, tmp_path)["S"] == {(0, 0): 2}


COSTS = Table(
    "Costs 2024/25",
    ("Month", "Costs", "Paid on", "Share\nof all", "Site"),
    (
        ("January", "1,240.00 €", "2024-01-15", "56 %", "https://example.com/a?x=1&y=2#top"),
        ("February", "980.50 €", "2024-02-15", "44 %", "https://example.org/"),
        ("Total", "2,220.50 €", "", "100 %", ""),
    ),
)
MONTHS = Table("شهر", ("الشهر", "التكلفة"), (("يناير", "100"), ("فبراير", "x")))


@pytest.mark.parametrize("table", [COSTS, MONTHS], ids=["costs", "months"])
def test_tables_links_widths_and_pages_are_kept(tmp_path: Path, table: Table) -> None:
    path = tmp_path / "table.xlsx"
    EXPORTER.write(publishing.publication(table, str(table.title), {}), path, lambda share: None)
    ours, theirs = load_workbook(path).worksheets[0], load_workbook(saved_again(path, tmp_path)).worksheets[0]
    assert [[cell.value for cell in row] for row in theirs] == [[cell.value for cell in row] for row in ours]
    assert [[cell.is_date for cell in row] for row in theirs] == [[cell.is_date for cell in row] for row in ours]
    (mine,), (found,) = ours.tables.values(), theirs.tables.values()
    assert (found.displayName, found.ref) == (mine.displayName, mine.ref)
    assert [column.name for column in found.tableColumns] == [column.name for column in mine.tableColumns]
    assert bool(theirs.sheet_view.rightToLeft) == bool(ours.sheet_view.rightToLeft)
    assert theirs.print_title_rows == ours.print_title_rows == "$1:$1"
    assert theirs.page_setup.orientation == ours.page_setup.orientation
    assert theirs.oddFooter.right.text == ours.oddFooter.right.text
    assert theirs.column_dimensions["A"].width == pytest.approx(ours.column_dimensions["A"].width, abs=0.1)
    links = [cell.hyperlink.target for row in theirs for cell in row if cell.hyperlink]
    assert links == [cell.hyperlink.target for row in ours for cell in row if cell.hyperlink]


def test_the_filter_of_a_sheet_with_formulas_is_kept(tmp_path: Path) -> None:
    workbook = with_formats(Workbook("t", (BUDGET,)))
    path = tmp_path / "budget.xlsx"
    EXPORTER.write(publication(workbook, evaluate(workbook)), path, lambda share: None)
    assert load_workbook(path)["Budget"].auto_filter.ref == "A1:E7"
    assert load_workbook(saved_again(path, tmp_path))["Budget"].auto_filter.ref == "A1:E7"


def test_formulas_in_a_circle_are_an_error_there_and_harm_nothing_else(tmp_path: Path) -> None:
    cells = {(0, 0): Cell("=B1"), (0, 1): Cell("=A1+1"), (1, 0): Cell("=2*3")}
    workbook = Workbook("t", (Sheet("S", cells, has_header=False),))
    path = tmp_path / "circle.xlsx"
    (warning,) = EXPORTER.write(publication(workbook, evaluate(workbook)), path, lambda share: None)
    assert "A1, B1 go round in a circle" in warning
    shown = recalculated(path, tmp_path)["S"]
    assert shown[1, 0] == 6
    assert not isinstance(shown[0, 0], int | float)
