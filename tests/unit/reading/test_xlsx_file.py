"""XLSX files: cells, formulas, formats, and what of a file is said to be lost."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from forgeapp.domain.workbook import Cell, CellError, Hidden, Sheet, Workbook
from forgeapp.errors import ForgeError, TooLarge, UnreadableFile
from forgeapp.reading.file_reading import FileReading
from forgeapp.reading.files import read_file
from forgeapp.reading.xlsx_formulas import written_formula
from forgeapp.reading.xlsx_styles import Style, is_date_code, written_number

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def saved(folder: Path, book: Any, name: str = "a.xlsx") -> FileReading:
    book.save(folder / name)
    return read_file(folder / name)


def with_rows(folder: Path, rows: str, others: str = "", **parts: str) -> FileReading:
    """A workbook whose one sheet has these rows in markup; `parts` replace members of the package."""
    path, made = folder / "made.xlsx", folder / "plain.xlsx"
    openpyxl.Workbook().save(made)
    sheet = f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData>{others}</worksheet>'
    replaced = {"xl/worksheets/sheet1.xml": sheet, **parts}
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, replaced.get(name, source.read(name)))
    return read_file(path)


def sheets(reading: FileReading) -> tuple[Sheet, ...]:
    assert isinstance(reading.content, Workbook)
    return reading.content.sheets


def test_a_formula_that_reaches_out_is_told_when_it_is_opened(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append([1, '=WEBSERVICE("http://x")', "=A1*2"])
    reading = saved(tmp_path, book)
    assert sheets(reading)[0].cells[0, 1].text == '=WEBSERVICE("http://x")'
    assert reading.lost == (
        "A formula that reaches out of the workbook is not computed; it has to be replaced before exporting.",
    )


def test_cells_have_the_values_formats_and_formulas_of_the_file(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Budget"
    page.append(["Item", "Price", "When", "Ok"])
    page.append(["Tea", 2.5, datetime.date(2026, 3, 1), True])
    page.append(["00123", 0.125, datetime.datetime(2026, 3, 1, 18), False])
    page["B2"].number_format, page["B3"].number_format = '#,##0.00 "€"', "0.0%"
    page["B4"], page["A5"] = "=SUM(B2:B3)", "#N/A"
    page.freeze_panes = "B2"
    page.column_dimensions["A"].width = 22
    (sheet,) = sheets(saved(tmp_path, book))
    assert dict(sheet.cells) == {
        (0, 0): Cell("Item"),
        (0, 1): Cell("Price"),
        (0, 2): Cell("When"),
        (0, 3): Cell("Ok"),
        (1, 0): Cell("Tea"),
        (1, 1): Cell("2.5", 2.5, '#,##0.00 "€"'),
        (1, 2): Cell("2026-03-01", 46082, "yyyy-mm-dd"),
        (1, 3): Cell("TRUE"),
        (2, 0): Cell("00123"),
        (2, 1): Cell("12.5%", 0.125, "0.0%"),
        (2, 2): Cell("2026-03-01 18:00:00", 46082.75, "yyyy-mm-dd h:mm:ss"),
        (2, 3): Cell("FALSE"),
        (3, 1): Cell("=SUM(B2:B3)", None, "General"),
        (4, 0): Cell("#N/A"),
    }
    assert (sheet.name, sheet.has_header, sheet.frozen_rows, sheet.frozen_columns) == ("Budget", True, 1, 1)
    assert sheet.widths[0] == pytest.approx(22 - 5 / 7, abs=0.01)


def test_cells_keep_the_format_they_have_and_texts_stay_texts(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append(["2026-07-01", "n/a", True, 12345678901234567000, 0.123456789012, 42])
    page.append(["2026-07-01", "=A1"])
    page["A2"].number_format, page["B1"].number_format, page["C1"].number_format = "yyyy-mm-dd", "0.00", "0"
    page["B2"].number_format = "@"
    (sheet,) = sheets(saved(tmp_path, book))
    assert dict(sheet.cells) == {
        (0, 0): Cell("2026-07-01", None, "General"),
        (0, 1): Cell("n/a", None, "0.00"),
        (0, 2): Cell("TRUE", None, "0"),
        (0, 3): Cell("1.234567890123457e+19", 1.234567890123457e19, "General"),
        (0, 4): Cell("0.123456789012", 0.123456789012, "General"),
        (0, 5): Cell("42", 42),
        (1, 0): Cell("2026-07-01", None, "@"),
        (1, 1): Cell("=A1", None, "General"),
    }


def test_text_that_begins_with_an_equals_sign_stays_text(tmp_path: Path) -> None:
    (sheet,) = sheets(with_rows(tmp_path, '<row><c t="inlineStr"><is><t>=A1</t></is></c><c><v>1</v></c></row>'))
    assert not sheet.cells[0, 0].is_formula
    assert sheet.cells[0, 0].text == "=A1"
    assert sheet.cells[0, 1] == Cell("1", 1)


def test_shared_and_array_formulas_are_written_out_and_what_they_gave_is_kept(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f t="shared" ref="B1:B3" si="0">A1*$A$1</f><v>1</v></c></row>'
        '<row r="2"><c r="A2"><v>2</v></c><c r="B2"><f t="shared" si="0"/><v>2</v></c></row>'
        '<row r="3"><c r="A3"><v>3</v></c><c r="B3"><f t="shared" si="0"/><v>3</v></c></row>'
        '<row r="4"><c r="A4"><f t="array" ref="A4:B4">_xlfn._xlws.SORT(A1:A2)</f><v>1</v></c>'
        '<c r="B4"><v>2</v></c></row>'
        '<row r="5"><c r="A5" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="B5" t="str"><f>"a"&amp;"b"</f><v>ab</v></c></row>'
    )
    reading = with_rows(tmp_path, rows)
    (sheet,) = sheets(reading)
    assert [sheet.cells[row, 1].text for row in range(3)] == ["=A1*$A$1", "=A2*$A$1", "=A3*$A$1"]
    assert sheet.cells[3, 0].text == "=SORT(A1:A2)"
    assert (3, 1) not in sheet.cells, "what a formula spills into is no cell of its own"
    assert reading.values["Sheet"] == {
        (0, 1): 1,
        (1, 1): 2,
        (2, 1): 3,
        (3, 0): 1,
        (3, 1): 2,
        (4, 0): CellError("#DIV/0!"),
        (4, 1): "ab",
    }


def test_formulas_that_reach_out_become_their_last_value_and_that_is_said(tmp_path: Path) -> None:
    reading = with_rows(
        tmp_path, "<row><c><f>[1]Other!A1*2</f><v>7</v></c><c><f>'[2]My Sheet'!B2</f><v>8</v></c></row>"
    )
    (sheet,) = sheets(reading)
    assert [cell.number for cell in sheet.cells.values()] == [7, 8]
    assert reading.lost == ("2 formulas that refer to other files became their last values.",)


def test_what_cannot_be_carried_over_is_said_once_each(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append(["Item", "Price"])
    page.append(["Tea", 2.5])
    page["A3"] = "red"
    page["A3"].fill = PatternFill("solid", fgColor="FF0000")
    page["A2"].comment, page["A3"].comment = Comment("so so", "me"), Comment("well", "me")
    page.merge_cells("A5:B5")
    chart = BarChart()
    chart.add_data(Reference(page, min_col=2, min_row=1, max_row=2))
    page.add_chart(chart, "H2")
    page.conditional_formatting.add("B2:B9", CellIsRule(operator="lessThan", formula=["1"]))
    rule = DataValidation(type="list", formula1='"a,b"')
    page.add_data_validation(rule)
    rule.add("D2")
    page.auto_filter.ref = "A1:B2"
    page.auto_filter.add_filter_column(0, ["x"])
    page.row_dimensions[2].hidden = True
    page.column_dimensions["B"].hidden = True
    hidden = book.create_sheet("Rates")
    hidden.sheet_state = "hidden"
    hidden["A1"] = "=Price*2"
    book.defined_names["Price"] = DefinedName("Price", attr_text="Sheet!$B$2")
    reading = saved(tmp_path, book)
    assert [sheet.name for sheet in sheets(reading)] == ["Sheet", "Rates"]
    assert sheets(reading)[1].cells[0, 0].text == "=Sheet!$B$2*2"
    assert [sheet.hidden for sheet in sheets(reading)] == [Hidden(False, frozenset({1}), frozenset({1})), Hidden(True)]
    assert [sheet.filter for sheet in sheets(reading)] == [(0, 0, 1, 1), None]
    assert reading.lost == (
        "A chart is not carried over.",
        "2 comments are not carried over.",
        "A conditional format is not carried over.",
        "A rule for what may be entered is not carried over.",
        "A block of merged cells is apart again; its text stands in the first cell.",
        "What a filter chose is not carried over; the rows it left out are hidden ones.",
        "A hidden sheet is hidden here, too, and in XLSX files; pages leave it out.",
        "A hidden row is hidden here, too, and in XLSX files; pages leave it out.",
        "A hidden column is hidden here, too, and in XLSX files; pages leave it out.",
        "A name for cells is not carried over; formulas say the cells instead.",
        "Colours, fonts, borders, alignment and heights of rows are not carried over.",
    )


def test_an_excel_table_keeps_its_filter_and_formulas_that_name_it_their_values(tmp_path: Path) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(tmp_path / "t.xlsx")
    page = book.add_worksheet("Tab")
    columns = [{"header": name} for name in ("a", "b", "c")]
    page.add_table("B3:D5", {"name": "Sales", "data": [[1, 2, 3], [4, 5, 6]], "columns": columns})
    page.write_formula("F3", "=SUM(Sales[b])", None, 7)
    page.write_formula("F4", "=F3*2", None, 14)
    book.close()
    reading = read_file(tmp_path / "t.xlsx")
    (sheet,) = sheets(reading)
    assert (sheet.cells[2, 5], sheet.cells[3, 5].text) == (Cell("7", 7), "=F3*2")
    assert sheet.filter == (2, 1, 4, 3)
    assert reading.lost == (
        "An Excel table keeps its cells and its filter, but not its name and its bands.",
        "A formula that names a table became its last value.",
    )


def test_macros_are_left_out_and_said(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = 1
    book.save(tmp_path / "a.xlsm")
    with zipfile.ZipFile(tmp_path / "a.xlsm", "a") as package:
        package.writestr("xl/vbaProject.bin", b"code")
    assert read_file(tmp_path / "a.xlsm").lost == ("Its macros are not carried over, and were not run.",)


def test_days_counted_from_1904_are_the_same_days(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active["A1"] = datetime.date(2026, 3, 1)
    (sheet,) = sheets(saved(tmp_path, book))
    assert sheet.cells[0, 0] == Cell("2026-03-01", 46082, "yyyy-mm-dd")


def test_runs_of_a_text_are_one_text_and_escapes_are_undone(tmp_path: Path) -> None:
    rows = (
        '<row><c t="inlineStr"><is><r><t>bold</t></r><r><t xml:space="preserve"> and not</t></r>'
        "<rPh><t>x</t></rPh></is></c>"
        '<c t="inlineStr"><is><t>a_x000A_b _x005F_x0041_</t></is></c></row>'
    )
    (sheet,) = sheets(with_rows(tmp_path, rows))
    assert [cell.text for cell in sheet.cells.values()] == ["bold and not", "a\nb _x0041_"]


@pytest.mark.parametrize(
    ("name", "data", "reason", "remedy"),
    [
        ("a.xlsx", b"Name,City\nAnn,Rome\n", "plain text", ".csv"),
        ("a.xlsx", b"<html><table></table></html>", "web page", ".html"),
        ("a.xls", b"<html><table></table></html>", "web page", ".html"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "not read", "XLSX"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Office", "XLSX"),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "password",
            "without a password",
        ),
        ("a.ods", b"PK\x03\x04", "not read", "XLSX"),
        ("a.pdf", b"%PDF-1.7", "not read", "DOCX"),
        ("a.docx", b"%PDF-1.7", "a PDF", "DOCX"),
        ("a.xlsx", b"", "empty", "holds something"),
        ("a.xlsx", b"PK\x03\x04broken", "damaged", "again"),
        ("a.xlsx", b"\0\1\2\3", "damaged", "again"),
        ("a.csv", b"PK\x03\x04\0\0", "packed", ".xlsx"),
        ("a.exe", b"MZ", "not known", ".xlsx"),
    ],
)
def test_what_is_no_workbook_says_what_it_is_and_what_to_do(
    tmp_path: Path, name: str, data: bytes, reason: str, remedy: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UnreadableFile) as caught:
        read_file(tmp_path / name)
    assert reason in caught.value.message
    assert remedy in caught.value.hint


def test_an_empty_workbook_and_a_text_document_are_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="empty"):
        saved(tmp_path, openpyxl.Workbook())
    import docx

    docx.Document().save(str(tmp_path / "b.xlsx"))
    with pytest.raises(UnreadableFile, match="text document"):
        read_file(tmp_path / "b.xlsx")


@pytest.mark.security
@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ('<row r="1048577"><c r="A1048577"><v>1</v></c></row>', TooLarge),
        ('<row r="1"><c r="XFE1"><v>1</v></c></row>', TooLarge),
        ('<row r="1"><c r="12"><v>1</v></c></row>', TooLarge),
        ("<row><c><v>1</v></c>", UnreadableFile),
        ("&b;", UnreadableFile),
    ],
)
def test_rows_beyond_the_grid_and_broken_markup_are_typed_errors(
    tmp_path: Path, rows: str, error: type[ForgeError]
) -> None:
    with pytest.raises(error):
        with_rows(tmp_path, rows)


@pytest.mark.security
def test_many_cells_of_one_long_text_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forgeapp.reading.xlsx_sheets.MAX_TEXT_CHARS", 10_000)
    cells = '<c><f t="shared" si="0"/></c>' * 20
    long = "+".join(["A1"] * 500)
    with pytest.raises(TooLarge, match="characters"):
        with_rows(tmp_path, f'<row><c><f t="shared" ref="A1:Z1" si="0">{long}</f></c>{cells}</row>')


@pytest.mark.security
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["n", "s", "b", "e", "str", "inlineStr", "d", "x"]),
            st.text(st.characters(codec="utf-8", exclude_characters="<&"), max_size=12),
            st.sampled_from(
                ["", "<f>A1</f>", '<f t="shared" si="0"/>', '<f t="array" ref="?">1</f>', '<f t="dataTable"/>']
            ),
            st.sampled_from(["0", "1", "99", "x", "-1"]),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_stands_in_cells_is_read_or_refused(tmp_path: Path, cells: list[tuple[str, str, str, str]]) -> None:
    text = "".join(f'<c t="{kind}" s="{style}">{formula}<v>{value}</v></c>' for kind, value, formula, style in cells)
    try:
        reading = with_rows(tmp_path, f"<row>{text}</row>")
    except (UnreadableFile, TooLarge):
        return
    assert all(cell.text for sheet in sheets(reading) for cell in sheet.cells.values())


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("SUM(A1:A3)", "=SUM(A1:A3)"),
        ("_xlfn.STDEV.S(A1:A3)", "=STDEV.S(A1:A3)"),
        ("_xlfn._xlws.FILTER(A1:A3,A1:A3>1)", "=FILTER(A1:A3,A1:A3>1)"),
        ("_xlfn.LET(_xlpm.x,A1,_xlpm.x*2)", "=LET(x,A1,x*2)"),
        ("SUM(_xlfn.ANCHORARRAY(Data!A1))*2", "=SUM(Data!A1#)*2"),
        ("_xlfn.SINGLE(A1:A3)+(1)", "=@A1:A3+(1)"),
        ('"_xlfn.no"&A1', '="_xlfn.no"&A1'),
    ],
)
def test_formulas_are_spelled_as_people_write_them(text: str, formula: str) -> None:
    assert written_formula(text) == formula


def test_names_give_way_to_what_they_stand_for_only_where_they_are_names() -> None:
    names = {"rate": "Data!$B$2"}
    assert written_formula('Rate*rate(1)+Rate!A1+"Rate"', names) == '=Data!$B$2*rate(1)+Rate!A1+"Rate"'


@pytest.mark.parametrize("code", ["yyyy-mm-dd", "d. mmm yy", "hh:mm", "[h]:mm:ss", "mmm", "[$-407]d/m/yyyy;@", "m/d"])
def test_formats_of_dates_and_times_are_known(code: str) -> None:
    assert is_date_code(code)


@pytest.mark.parametrize(
    "code", ["0.00", '#,##0 "days"', "[Red]0", "0%", "@", r"0\d", "#,##0.00_);(#,##0.00)", "0.0,,_m"]
)
def test_formats_of_figures_are_not_taken_for_dates(code: str) -> None:
    assert not is_date_code(code)


def test_numbers_are_written_as_they_would_be_typed() -> None:
    assert written_number(0.1 + 0.2, Style("0.00")) == "0.30000000000000004"
    assert written_number(0.07, Style("0%")) == "7%"
    assert written_number(1234.0, Style("#,##0")) == "1234"
    assert written_number(0.5, Style("hh:mm", is_date=True)) == "12:00:00"
    assert written_number(1.5, Style("[h]:mm", is_date=True)) == "1.5"
    assert written_number(-3, Style("yyyy-mm-dd", is_date=True)) == "-3"
