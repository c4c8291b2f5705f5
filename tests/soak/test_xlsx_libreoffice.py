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
from forgeapp.domain.workbook import Cell, CellError, Position, Sheet, Value, Values, Workbook, position
from forgeapp.exporters.xlsx import EXPORTER
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


def recalculated(path: Path, folder: Path) -> dict[str, dict[Position, Any]]:
    """The values by sheet after LibreOffice opened the file, computed and saved it again."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE)
    command = [str(SOFFICE), "--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", folder / "again", path], check=True, capture_output=True, timeout=180)
    book = load_workbook(folder / "again" / path.name, data_only=True)
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
