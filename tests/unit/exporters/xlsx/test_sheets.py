"""What becomes an Excel table, what gets a filter, and how a sheet is laid out for a screen and for paper."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from forgeapp.domain.artifact import Format
from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.export_options import ExportOptions, Paper
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, CellError, Sheet, Values, Workbook, position
from forgeapp.exporters.saving import save
from forgeapp.exporters.xlsx import cells as xlsx_cells
from forgeapp.exporters.xlsx import exporter as xlsx
from forgeapp.exporters.xlsx import verify_layout as xlsx_verify_layout
from forgeapp.exporters.xlsx.exporter import EXPORTER
from forgeapp.services.exporting.publishing import publication
from forgeapp.sheets.engine import evaluate


def opened(content: Content, folder: Path, values: Values | None = None, **options: Any) -> tuple[Any, list[str]]:
    """The verified file as openpyxl has it, and the warnings."""
    source = publication(content, content.title or "x", values or {}, options=ExportOptions(**options))
    path = folder / "x.xlsx"
    path.unlink(missing_ok=True)
    warnings = EXPORTER.write(source, path, lambda share: None)
    assert EXPORTER.verify(source, path) == []
    return load_workbook(path), warnings


def table(header: tuple[str, ...], *rows: tuple[str, ...], title: str = "T") -> Table:
    return Table(title, header, rows)


def sheet(rows: list[list[str]], **more: Any) -> Workbook:
    cells: dict[tuple[int, int], Cell] = {}
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            if text:
                cells[row, column] = Cell(text, int(text)) if text.isdecimal() else Cell(text)
    return Workbook("W", (Sheet("S", cells, **more),))


def test_a_table_becomes_an_excel_table_with_its_own_names(tmp_path: Path) -> None:
    book, warnings = opened(
        table(("Month", "Costs"), ("January", "5"), ("March", "6"), title="Costs 2024/25"), tmp_path
    )
    page = book.worksheets[0]
    (found,) = page.tables.values()
    assert warnings == []
    assert (found.displayName, found.ref, found.autoFilter.ref) == ("Table1_Costs_2024_25", "A1:B3", "A1:B3")
    assert [column.name for column in found.tableColumns] == ["Month", "Costs"]
    assert found.tableStyleInfo.showRowStripes
    assert page.auto_filter.ref is None


def test_the_tables_of_a_document_have_names_of_their_own(tmp_path: Path) -> None:
    text = "## A1\n\n| a |\n|---|\n| 1 |\n\n## A1\n\n| a |\n|---|\n| 1 |\n\n## Ünïcode & Söhne\n\n| a |\n|---|\n| 1 |\n"
    book, _ = opened(Document("D", text), tmp_path)
    names = [next(iter(page.tables)) for page in book.worksheets]
    assert book.sheetnames == ["A1", "A1 (2)", "Ünïcode & Söhne"]
    assert names == ["Table1_A1", "Table2_A1_2", "Table3_Ünïcode_Söhne"]


@pytest.mark.parametrize(
    "header",
    [
        ("Name", "name"),
        ("Name", " NAME "),
        ("Name", ""),
        ("Name", "x" * 256),
        ("Name", "<r>x</r>"),
        ("Name", "_x0041_"),
        ("Name", "tab\tbed"),
    ],
)
def test_a_header_that_excel_takes_for_no_table_keeps_its_words_and_gets_a_filter(
    tmp_path: Path, header: tuple[str, ...]
) -> None:
    book, _ = opened(table(header, ("a", "b")), tmp_path)
    page = book.worksheets[0]
    assert page.tables == {}
    assert page.auto_filter.ref == "A1:B2"
    assert page["B1"].fill.fgColor.rgb == "FFE8EEF7"


def test_a_header_of_two_lines_is_the_name_of_its_column(tmp_path: Path) -> None:
    book, _ = opened(table(("Share\nof all", "b"), ("1", "2")), tmp_path)
    (found,) = book.worksheets[0].tables.values()
    assert found.tableColumns[0].name == book.worksheets[0]["A1"].value == "Share\nof all"
    assert book.worksheets[0].row_dimensions[1].height == 30


@pytest.mark.parametrize("word", ["Total", "Summe:", "**Total**", "合计", "Grand total"])
def test_a_total_at_the_end_stays_outside_and_stands_out(tmp_path: Path, word: str) -> None:
    book, _ = opened(table(("Item", "Cost", "Note"), ("Rent", "5", "x"), ("Tea", "6", "y"), (word, "11", "")), tmp_path)
    page = book.worksheets[0]
    assert next(iter(page.tables.values())).ref == "A1:C3"
    assert page["A4"].font.bold
    assert page["B4"].value == 11
    assert page["C4"].border.top.style == "thin"
    assert not page["A3"].font.bold


def test_a_table_of_nothing_but_names_is_none(tmp_path: Path) -> None:
    book, _ = opened(table(("Item", "Cost")), tmp_path)
    assert book.worksheets[0].tables == {}
    assert book.worksheets[0].auto_filter.ref is None


def test_a_sheet_of_rows_becomes_a_table_and_one_of_formulas_gets_a_filter(tmp_path: Path) -> None:
    plain, _ = opened(sheet([["Item", "Cost"], ["a", "5"], ["b", "6"]]), tmp_path)
    assert [found.ref for found in plain["S"].tables.values()] == ["A1:B3"]
    formulas = sheet([["Item", "Cost"], ["a", "5"], ["b", "=B2*2"]])
    book, _ = opened(formulas, tmp_path, evaluate(formulas))
    assert book["S"].tables == {}
    assert book["S"].auto_filter.ref == "A1:B3"


@pytest.mark.parametrize(
    "rows",
    [
        [["Item", ""], ["a", "=1+1"]],
        [["Item", "Cost"], ["a", "=1+1"], ["", ""], ["b", "6"]],
        [["Item", "Cost", "Note"], ["a", "=1+1"]],
        [["Item", "Cost"], ["=SEQUENCE(2)", "5"]],
    ],
    ids=["a column without a name", "a blank row", "a blank column", "spilled"],
)
def test_a_sheet_that_is_no_plain_block_gets_no_filter(tmp_path: Path, rows: list[list[str]]) -> None:
    book, _ = opened(sheet(rows), tmp_path, evaluate(sheet(rows)))
    assert book["S"].auto_filter.ref is None
    assert book["S"].tables == {}


def test_a_year_in_the_header_of_a_sheet_is_a_number_and_no_name_of_a_column(tmp_path: Path) -> None:
    book, _ = opened(sheet([["Item", "2024"], ["a", "5"]]), tmp_path)
    assert book["S"]["B1"].value == 2024
    assert (book["S"].tables, book["S"].auto_filter.ref) == ({}, "A1:B2")


def test_a_cell_that_is_one_web_address_leads_there(tmp_path: Path) -> None:
    texts = {
        "https://example.com/a?x=1&y=%20#top": "https://example.com/a?x=1&y=%20",
        "http://example.org": "http://example.org",
        "https://例え.example/ä": "https://xn",
        "see https://example.org": None,
        "https://example.org and more": None,
        "https://user@example.org": None,
        "file:///etc/passwd": None,
        "javascript:alert(1)": None,
        "https://": None,
        "https://example.org/" + "x" * 2_080: None,
        "https://[bad": None,
        "https://a:b/": None,
    }
    book, _ = opened(table(("https://header.example", "b"), *((text, "y") for text in texts)), tmp_path)
    page = book.worksheets[0]
    assert page["A1"].hyperlink is None
    for row, (text, target) in enumerate(texts.items(), 2):
        cell = page.cell(row, 1)
        assert cell.value == text
        if target is None:
            assert cell.hyperlink is None, text
        elif text.isascii():
            assert cell.hyperlink.target == target
            assert cell.font.underline
    assert page["A2"].hyperlink.location == "top"


def test_more_addresses_than_a_sheet_holds_are_text_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (xlsx, xlsx_cells, xlsx_verify_layout):
        monkeypatch.setattr(module, "MAX_LINKS", 2)
    book, warnings = opened(table(("Site",), *((f"https://example.org/{n}",) for n in range(5))), tmp_path)
    assert warnings == ["T: 3 addresses are text only: a sheet holds 2."]
    assert [cell.hyperlink is not None for cell in book.worksheets[0]["A"]] == [False, True, True, False, False, False]


def test_a_table_of_arabic_runs_from_right_to_left(tmp_path: Path) -> None:
    book, _ = opened(table(("الشهر", "التكلفة"), ("يناير", "100"), ("فبراير", "x")), tmp_path)
    assert book.worksheets[0].sheet_view.rightToLeft
    book, _ = opened(table(("Month", "שם"), ("January", "a")), tmp_path)
    assert not book.worksheets[0].sheet_view.rightToLeft


def test_names_of_columns_stand_where_their_cells_do_and_dates_touch_nothing(tmp_path: Path) -> None:
    content = table(("Item", "Cost", "Due"), ("Rent", "$1,200.50", "2024-01-15"), ("Light", "$80.00", "2024-02-15"))
    page = opened(content, tmp_path)[0].worksheets[0]
    aligned = {at: (page[at].alignment.horizontal, page[at].alignment.indent) for at in ("A1", "B1", "C1", "B2", "C2")}
    assert aligned == {
        "A1": (None, 0),
        "B1": ("right", 2),
        "C1": (None, 0),
        "B2": ("right", 1),
        "C2": ("left", 0),
    }
    unnamed = opened(sheet([["5", "x"], ["6", "y"]], has_header=False), tmp_path)[0].worksheets[0]
    assert unnamed["A1"].alignment.horizontal is None


def test_what_formulas_give_counts_for_where_a_name_stands(tmp_path: Path) -> None:
    book = sheet([["Item", "Price", "Twice", "Word"], ["a", "5", "=B2*2", '="x"'], ["b", "6", "=B3*2", '="y"']])
    page = opened(book, tmp_path, evaluate(book))[0].worksheets[0]
    assert [page.cell(1, column).alignment.horizontal for column in range(1, 5)] == [None, "right", "right", None]


def test_a_sheet_from_right_to_left_aligns_as_it_runs(tmp_path: Path) -> None:
    content = table(("البند", "المبلغ", "التاريخ"), ("إيجار", "1200", "2024-01-15"), ("كهرباء", "80", "2024-02-15"))
    page = opened(content, tmp_path)[0].worksheets[0]
    assert page.sheet_view.rightToLeft
    assert {cell.alignment.horizontal for row in page["A1:C3"] for cell in row} == {None}


def test_a_sheet_too_wide_for_one_page_is_printed_on_several_with_its_first_column_again(tmp_path: Path) -> None:
    content = table(tuple(f"Region number {number}" for number in range(40)), tuple("x" * 40))
    page = opened(content, tmp_path)[0].worksheets[0]
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight, page.page_setup.orientation) == (4, 0, "landscape")
    assert (page.print_title_cols, page.print_title_rows) == ("$A:$A", "$1:$1")


@pytest.mark.parametrize(("paper", "code"), [(Paper.A4, 9), (Paper.LETTER, 1)])
def test_pages_have_the_header_again_a_number_and_the_width_of_the_sheet(
    tmp_path: Path, paper: Paper, code: int
) -> None:
    book, _ = opened(table(("a", "b", "c"), ("x" * 50, "y" * 50, "z")), tmp_path, paper=paper)
    page = book.worksheets[0]
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (code, "landscape")
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.page_setup.fitToHeight == 0
    assert page.print_title_rows == "$1:$1"
    assert (page.oddFooter.left.text, page.oddFooter.right.text) == ("&A", "&P / &N")


def test_long_texts_are_wrapped_in_rows_high_enough(tmp_path: Path) -> None:
    book, _ = opened(table(("a", "b"), ("x " * 100, "1"), ("1\n2\n3", "2"), ("short", "3")), tmp_path)
    page = book.worksheets[0]
    assert [page.row_dimensions[row].height for row in (2, 3, 4)] == [60, 45, None]
    assert page["A2"].alignment.wrap_text
    assert page["B2"].alignment.vertical == "top"


def test_a_name_of_a_column_has_room_beside_the_button_of_its_filter(tmp_path: Path) -> None:
    book, _ = opened(table(("A rather long name", "b"), ("x", "y")), tmp_path)
    assert book.worksheets[0].column_dimensions["A"].width >= len("A rather long name") + 3


def test_formulas_in_a_circle_have_no_value_and_are_told(tmp_path: Path) -> None:
    cells = {
        "A1": "=B1",
        "B1": "=A1+1",
        "C1": "=A1*2",
        "A2": "=INDEX(D1:D2,9)",
        "B2": "=A2",
        "C2": "=SUM(A:A)",
        "D1": "x",
    }
    book = Workbook("W", (Sheet("S", {position(at): Cell(text) for at, text in cells.items()}, has_header=False),))
    values = evaluate(book)
    assert values["S"][position("A1")] == CellError("#REF!") == values["S"][position("A2")]
    _, warnings = opened(book, tmp_path, values)
    assert warnings == ["S: A1, B1, C1, C2 go round in a circle and are written without a value."]
    page = load_workbook(tmp_path / "x.xlsx", data_only=True)["S"]
    assert [page[at].value for at in ("A1", "B1", "C1", "C2", "A2", "B2")] == [None] * 4 + ["#REF!"] * 2


def test_a_long_circle_is_found_in_time(tmp_path: Path) -> None:
    count = 1_000
    cells = {(row, 0): Cell(f"=A{(row + 1) % count + 1}+SUM(A1:A{count})") for row in range(count)}
    values: Values = {"S": dict.fromkeys(cells, CellError("#REF!"))}
    _, warnings = opened(Workbook("W", (Sheet("S", cells, has_header=False),)), tmp_path, values)
    assert warnings[0].startswith("S: A1, A2, A3, A4, A5 and 995 more go round in a circle")


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("0 kg", '0 "kg"'),
        ('0 "kg"', '0 "kg"'),
        ("#,##0.00 €", "#,##0.00 €"),
        ("[Red]-0.0;0.0", "[Red]-0.0;0.0"),
        ("yyyy-mm-dd hh:mm AM/PM", "yyyy-mm-dd hh:mm AM/PM"),
        ("0.00E+00", "0.00E+00"),
        ("General", "General"),
        ("d. mmmm yyyy", "d. mmmm yyyy"),
        ("0 件", '0 "件"'),
    ],
)
def test_number_formats_are_spelled_as_files_spell_them(tmp_path: Path, code: str, written: str) -> None:
    book, warnings = opened(Workbook("W", (Sheet("S", {(0, 0): Cell("5", 5, code)}),)), tmp_path)
    assert book["S"]["A1"].number_format == written
    assert warnings == []


@pytest.mark.security
@pytest.mark.parametrize("code", ['0"x', "0" * 300, "0\x00", "[Red", "0;0;0;0;0", "\ud800"])
def test_a_number_format_that_would_damage_the_file_is_left_out_and_told(tmp_path: Path, code: str) -> None:
    book, warnings = opened(Workbook("W", (Sheet("S", {(0, 0): Cell("5", 5, code)}),)), tmp_path)
    assert book["S"]["A1"].number_format == "General"
    assert len(warnings) == 1
    assert "cannot be read and was left out" in warnings[0]


def test_a_formula_too_long_in_its_spelling_is_text(tmp_path: Path) -> None:
    formula = "=" + "+".join(["XOR(A1,B1)"] * 700)
    assert len(formula) < 8_192
    book, warnings = opened(Workbook("W", (Sheet("S", {(5, 5): Cell(formula)}),)), tmp_path)
    assert book["S"]["F6"].data_type == "s"
    assert warnings == ["S!F6 is written as text, not as a formula: it is too long as files spell it."]


def test_every_sheet_and_cell_is_there_to_be_seen(tmp_path: Path) -> None:
    book, _ = opened(replace(sheet([["b", "a"], ["1", "2"]]), title="W"), tmp_path)
    assert [page.sheet_state for page in book.worksheets] == ["visible"]
    with zipfile.ZipFile(tmp_path / "x.xlsx") as package:
        assert b"hidden" not in package.read("xl/worksheets/sheet1.xml")


def test_amounts_of_several_currencies_are_numbers_each_under_its_own(tmp_path: Path) -> None:
    book, _ = opened(table(("Paid",), ("€1,200.50",), ("$5.00",), ("12 £",), ("2,473.30",)), tmp_path)
    found = [(cell.value, cell.number_format) for cell in book.active["A"][1:]]
    assert found == [(1200.5, '"€"#,##0.00'), (5, '"$"#,##0.00'), (12, '#,##0 "£"'), (2473.3, "#,##0.00")]
    assert book.active["A1"].alignment.horizontal == "right"


REPORT = """# Places

| What | Where |
|------|-------|
| [Site](https://example.com/a?x=1) | [42](https://example.org/) |
| see [Site](https://example.com/) and [more](https://example.net/) | $x^2$[^1] |
| [bad](ftp://example.com/) | ![Map](data:image/png;base64,AAAA) |

[^1]: A note.
"""


def test_a_cell_that_is_just_a_link_leads_there_and_what_no_cell_holds_is_told(tmp_path: Path) -> None:
    source = publication(Document("R", REPORT), "R", {}, for_format=Format.XLSX)
    path = tmp_path / "x.xlsx"
    saved = save(EXPORTER, source, path, lambda share: None)
    page = load_workbook(path).active
    assert {cell.coordinate: cell.hyperlink.target for row in page for cell in row if cell.hyperlink} == {
        "A2": "https://example.com/a?x=1",
        "B2": "https://example.org/",
    }
    assert (page["A2"].value, page["A3"].value) == ("Site", "see Site and more")
    assert saved.warnings == (
        "Only the tables of the document are in the file, not what stands around them.",
        "Cells that are more than one link do not say where it leads: 1.",
        "Formulas in cells are written as TeX: 1.",
        "Footnote marks in cells are left out: 1.",
        "Pictures in cells became their words: 1.",
    )
    without = replace(source, links={})
    assert "A2 leads to https://example.com/a?x=1, not to None" in "; ".join(EXPORTER.verify(without, path))


def test_a_csv_file_tells_that_its_links_lead_nowhere(tmp_path: Path) -> None:
    source = publication(Document("R", REPORT), "R", {}, for_format=Format.CSV)
    assert "Where links in cells lead is not in a CSV file: 3." in source.warnings
