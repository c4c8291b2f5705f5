"""Faults planted in an XLSX file, as an exporter gone wrong would leave them: verifying names each."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from forgeapp.domain.document import Document
from forgeapp.domain.formulas import FileFormula
from forgeapp.domain.publication import Publication
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, Hidden, Sheet, Values, Workbook, position
from forgeapp.exporters.xlsx import exporter as xlsx
from forgeapp.exporters.xlsx import sheets as xlsx_sheets
from forgeapp.exporters.xlsx.exporter import EXPORTER
from forgeapp.exporters.xlsx.page import Page
from forgeapp.services.exporting.publishing import publication

SHEET = "xl/worksheets/sheet1.xml"
COSTS = Table(
    "Costs",
    ("Month", "Costs", "Paid on", "Site"),
    (
        ("January", "1,240.00 €", "2024-01-15", "https://example.com/a?x=1&y=2#top"),
        ("February", "980.50 €", "2024-02-15", "https://example.org/"),
        ("Total", "2,220.50 €", "", ""),
    ),
)
PLAN = Sheet(
    "Plan",
    {
        position(at): cell
        for at, cell in {
            "A1": Cell("Item"),
            "B1": Cell("Cost"),
            "C1": Cell("Share"),
            "A2": Cell("Rent"),
            "B2": Cell("$1,200.50", 1200.5, '"$"#,##0.00'),
            "C2": Cell("=B2/SUM(B2:B3)", None, "0%"),
            "A3": Cell("Power"),
            "B3": Cell("$80.00", 80, '"$"#,##0.00'),
            "C3": Cell("=TEXTJOIN(A3,TRUE,A2:A3)"),
        }.items()
    },
    widths={0: 20.0},
)
SPILL = Sheet("Spill", {(0, 0): Cell("=SEQUENCE(2,2)"), (3, 0): Cell("TRUE")}, has_header=False)
VALUES: Values = {
    "Plan": {position("C2"): 0.9375, position("C3"): "RentPowerPower"},
    "Spill": {(0, 0): 1, (0, 1): 2, (1, 0): 3, (1, 1): 4},
}
BOOK = Workbook("Plan", (PLAN, SPILL))
REPORT = Document("Report", "# R\n\n## One\n\n| a | b |\n|---|---|\n| x | 1 |\n\n## Two\n\n| c |\n|---|\n| y |\n")

table, book, report = (
    publication(COSTS, "Costs", {}),
    publication(BOOK, "Plan", VALUES),
    publication(REPORT, "Report", {}),
)


def faults(source: Publication, folder: Path, part: str, before: str, after: str) -> list[str]:
    """What verifying says after `before` was replaced in a part of a file that it had nothing to say about."""
    path, changed = folder / "x.xlsx", folder / "y.xlsx"
    EXPORTER.write(source, path, lambda share: None)
    assert EXPORTER.verify(source, path) == []
    with zipfile.ZipFile(path) as package, zipfile.ZipFile(changed, "w") as again:
        for name in package.namelist():
            text = package.read(name)
            if name == part:
                found = re.sub(before, after, text.decode(), count=1, flags=re.DOTALL)
                assert found.encode() != text, f"{before} is not in {part}"
                text = found.encode()
            again.writestr(name, text)
    return EXPORTER.verify(source, changed)


@pytest.mark.parametrize(
    ("part", "before", "after", "words"),
    [
        (SHEET, ">January<", ">Januar<", "A2 is 'Januar', not 'January'"),
        (SHEET, '<row r="3".*?</row>', "", "A3 is empty"),
        (SHEET, '<c r="B3".*?</c>', "", "B3 is empty"),
        (SHEET, "<v>1240.0</v>", "<v>1240.01</v>", "B2 is 1240.01, not 1240.0"),
        (SHEET, "<v>45306</v>", "<v>45307</v>", "C2 is 45307, not 45306"),
        (SHEET, r'<c r="B2"[^>]*><v>1240.0</v>', '<c r="B2" t="str"><v>1240.0</v>', "B2 is '1240.0', not 1240"),
        (SHEET, r'<c r="B2"( s="\d")', '<c r="B2"', "B2 has the format General"),
        ("xl/styles.xml", "yyyy-mm-dd", "dd.mm.yyyy", "C2 has the format dd.mm.yyyy"),
        ("xl/sharedStrings.xml", ">Month<", ">Monat<", "A1 is 'Monat'"),
        ("xl/sharedStrings.xml", "<si><t>Month</t></si>(<si>.*?</si>)", r"\1<si><t>Month</t></si>", "A1 is 'Costs'"),
        ("xl/tables/table1.xml", ' name="Month"', ' name="Monat"', "the table's columns are ['Monat'"),
        ("xl/tables/table1.xml", 'ref="A1:D3"', 'ref="A1:D4"', "the table is A1:D4, not A1:D3"),
        ("xl/tables/table1.xml", '<autoFilter ref="A1:D3"/>', "", "the table is A1:D3, not"),
        ("xl/tables/table1.xml", 'displayName="Table1_Costs"', 'displayName="Q1"', "the table is called 'Q1'"),
        (SHEET, "<tableParts.*?</tableParts>", "", "there are 0 tables"),
        ("xl/worksheets/_rels/sheet1.xml.rels", "table1.xml", "table2.xml", "cannot be read again"),
        ("xl/worksheets/_rels/sheet1.xml.rels", "example.org", "example.net", "D3 leads to https://example.net/"),
        (SHEET, 'location="top"', 'location="end"', "D2 leads to https://example.com/a?x=1&y=2#end"),
        (SHEET, '<hyperlink ref="D3"[^>]*/>', "", "D3 leads to None"),
        (SHEET, '<hyperlink ref="D3"', '<hyperlink ref="A3"', "A3 leads to https://example.org/, not to None"),
        (SHEET, "<pane[^>]*/>", "", "0 rows and 0 columns are frozen, not 1 and 0"),
        (SHEET, 'ySplit="1"', 'ySplit="2"', "2 rows and 0 columns are frozen"),
        (SHEET, "<sheetView ", '<sheetView rightToLeft="1" ', "it runs the other way"),
        (SHEET, '<col min="1"[^>]*/>', "", "column A is 0.00 wide"),
        (SHEET, r'(<col min="1" max="1" width=")[\d.]+', r"\g<1>50", "column A is 50.00 wide"),
        (SHEET, '<col min="2"', '<col hidden="1" min="2"', "column B is hidden"),
        (SHEET, '<row r="2"', '<row hidden="1" r="2"', "row 2 is hidden"),
        ("xl/workbook.xml", 'name="Costs"', 'name="Costs" state="hidden"', "Costs is hidden"),
        (SHEET, "&amp;N", "", "its pages have no numbers"),
        (SHEET, 'paperSize="9"', 'paperSize="1"', "it is not printed on a4"),
        (SHEET, 'fitToHeight="0"', "", "it is not printed on the width of a page"),
        ("xl/workbook.xml", r"\$1:\$1", "$1:$2", "is not repeated on its pages"),
        ("xl/workbook.xml", 'name="Costs"', 'name="Cost"', "the sheets are ['Cost'], not ['Costs']"),
        (SHEET, ' fitToPage="1"', "", "it is not printed on the width of a page"),
        (
            "xl/styles.xml",
            'horizontal="right" vertical="center"',
            'vertical="center"',
            "B1 does not stand above its numbers",
        ),
        ("[Content_Types].xml", '<Override PartName="/xl/worksheets/sheet1.xml"[^>]*/>', "", "has no content type"),
        (SHEET, "<v>1240.0</v>", "<v>many</v>", "cannot be read again"),
        (SHEET, 't="s"><v>0</v>', 't="s"><v>99</v>', "cannot be read again"),
        ("docProps/core.xml", ">Costs<", ">Cost<", "the title is 'Cost', not 'Costs'"),
    ],
)
def test_a_fault_in_the_file_of_a_table_is_named(
    tmp_path: Path, part: str, before: str, after: str, words: str
) -> None:
    assert words in "; ".join(faults(table, tmp_path, part, before, after))


HIDING = Workbook(
    "Plan",
    (
        Sheet("Secret", {(0, 0): Cell("x")}, has_header=False, hidden=Hidden(sheet=True)),
        replace(PLAN, hidden=Hidden(False, frozenset({1, 7}), frozenset({1, 5})), row_count=9, filter=(0, 0, 2, 1)),
    ),
)


@pytest.mark.parametrize(
    ("part", "before", "after", "words"),
    [
        ("xl/workbook.xml", ' state="hidden"', "", "Secret is not hidden"),
        ("xl/worksheets/sheet2.xml", '<row r="2" hidden="1"', '<row r="2"', "row 2 is not hidden"),
        ("xl/worksheets/sheet2.xml", '<row r="8" hidden="1"/>', "", "row 8 is not hidden"),
        ("xl/worksheets/sheet2.xml", '(<col min="2"[^>]*?) hidden="1"', r"\1", "column B is not hidden"),
        ("xl/worksheets/sheet2.xml", '<col min="6"[^>]*/>', "", "column F is not hidden"),
        ("xl/worksheets/sheet2.xml", '<autoFilter ref="A1:B3"/>', "", "the filter is over None, not A1:B3"),
    ],
)
def test_what_comes_to_light_is_named(tmp_path: Path, part: str, before: str, after: str, words: str) -> None:
    source = publication(HIDING, "Plan", VALUES)
    assert words in "; ".join(faults(source, tmp_path, part, before, after))


@pytest.mark.parametrize(
    ("part", "before", "after", "words"),
    [
        (SHEET, r"SUM\(B2:B3\)", "SUM(B2:B4)", "C2 is '=B2/SUM(B2:B4)', not the formula"),
        (SHEET, "_xlfn.TEXTJOIN", "TEXTJOIN", "C3 is '=TEXTJOIN(A3,TRUE,A2:A3)', not the formula"),
        (SHEET, r"<f>B2/SUM\(B2:B3\)</f>", "", "C2 is 0.9375, not the formula"),
        (SHEET, "<v>0.9375</v>", "<v>0.5</v>", "C2 has the computed value 0.5, not 0.9375"),
        (SHEET, "<v>0.9375</v>", "", "C2 has no computed value"),
        (SHEET, "RentPowerPower", "Rent", "C3 has the computed value 'Rent'"),
        (SHEET, "<v>80</v>", "<f>40+40</f><v>80</v>", "B3 is '=40+40', not 80"),
        ("xl/worksheets/sheet2.xml", '<c r="B2".*?</c>', "", "B2 is empty, not 4"),
        ("xl/worksheets/sheet2.xml", "<v>4</v>", "<v>5</v>", "B2 is 5, not 4"),
        ("xl/worksheets/sheet2.xml", 't="b"', "", "A4 is 1, not True"),
        ("xl/worksheets/sheet2.xml", 'ref="A1:B2"', 'ref="A1:B3"', "A1 fills A1:B3, not A1:B2"),
        (SHEET, 'autoFilter ref="A1:C3"', 'autoFilter ref="A1:B3"', "the filter is over A1:B3, not A1:C3"),
        (SHEET, "<autoFilter[^>]*/>", "", "the filter is over None"),
        (SHEET, r'(<col min="1" max="1" width=")[\d.]+', r"\g<1>10", "column A is 10.00 wide, not 20.00"),
        ("xl/workbook.xml", '(<sheet name="Plan"[^>]*/>)(<sheet name="Spill"[^>]*/>)', r"\2\1", "the sheets are"),
    ],
)
def test_a_fault_in_the_file_of_a_spreadsheet_is_named(
    tmp_path: Path, part: str, before: str, after: str, words: str
) -> None:
    assert words in "; ".join(faults(book, tmp_path, part, before, after))


def test_tables_of_a_document_that_changed_places_are_named(tmp_path: Path) -> None:
    swapped = faults(
        report, tmp_path, "xl/_rels/workbook.xml.rels", "sheet1.xml(.*?)sheet2.xml", r"sheet2.xml\1sheet1.xml"
    )
    assert any(difference.startswith("One!A1") for difference in swapped)


def _without_last_row(page: Page, row: int, column: int, text: str, style: str) -> None:
    if row < 2:
        page.put_heading(row, column, text, style)


@pytest.mark.parametrize(
    ("name", "broken", "words"),
    [
        ("put_text", _without_last_row, "A3 is empty"),
        (
            "put_number",
            lambda page, row, column, number, style: Page.put_blank(page, row, column, style),
            "B2 is empty",
        ),
        ("link", lambda page, row, column, target: None, "leads to None"),
        ("make_table", lambda page, table: None, "there are 0 tables"),
        ("freeze_panes", lambda page, *where: None, "are frozen"),
        ("set_column", lambda page, *width: None, "wide"),
    ],
)
def test_a_fault_in_the_exporter_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, broken: Callable[..., None], words: str
) -> None:
    monkeypatch.setattr(Page, name, broken)
    EXPORTER.write(table, tmp_path / "x.xlsx", lambda share: None)
    assert words in "; ".join(EXPORTER.verify(table, tmp_path / "x.xlsx"))


def test_formulas_spelled_wrong_by_the_exporter_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def plain(formula: str) -> FileFormula:
        return FileFormula(formula, False)

    monkeypatch.setattr(xlsx, "file_formula", plain)
    EXPORTER.write(book, tmp_path / "x.xlsx", lambda share: None)
    assert any("C3 is '=TEXTJOIN" in difference for difference in EXPORTER.verify(book, tmp_path / "x.xlsx"))


def test_another_plan_of_the_same_content_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    EXPORTER.write(table, tmp_path / "x.xlsx", lambda share: None)
    plans = xlsx_sheets.planned(table, tmp_path)
    other = tuple(replace(plan, filter=None, is_right_to_left=True) for plan in plans)
    monkeypatch.setattr("forgeapp.exporters.xlsx.verify.planned", lambda *_: other)
    found = "; ".join(EXPORTER.verify(table, tmp_path / "x.xlsx"))
    assert "there are 1 tables" in found
    assert "it runs the other way" in found
