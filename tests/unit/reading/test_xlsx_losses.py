"""What of a workbook is told when it is opened, each made by openpyxl."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from forgeapp.domain import workbook as ours
from forgeapp.reading.files import read_file
from forgeapp.reading.xlsx_losses import says_something

LOOKS = "Colours, fonts, borders, alignment and heights of rows are not carried over."
RED = PatternFill("solid", fgColor="FF0000")


def lost(folder: Path, change: Callable[[Worksheet], object]) -> tuple[str, ...]:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (["Item", "Price"], ["Chair", 45.5], ["Table", 120]):
        sheet.append(row)
    change(sheet)
    book.save(folder / "a.xlsx")
    return read_file(folder / "a.xlsx").lost


def look(name: str, value: object, cell: str = "A2") -> Callable[[Worksheet], None]:
    return lambda sheet: setattr(sheet[cell], name, value)


def dimension(kind: str, key: object, name: str, value: object) -> Callable[[Worksheet], None]:
    return lambda sheet: setattr(getattr(sheet, kind)[key], name, value)


@pytest.mark.parametrize(
    "change",
    [
        look("fill", RED),
        look("fill", RED, "A1"),
        look("fill", RED, "F9"),
        look("font", Font(color="FF0000")),
        look("border", Border(bottom=Side("thin"))),
        look("alignment", Alignment(horizontal="center")),
        look("alignment", Alignment(textRotation=45)),
        dimension("row_dimensions", 3, "fill", RED),
        dimension("row_dimensions", 3, "height", 60),
        dimension("column_dimensions", "B", "fill", RED),
        lambda sheet: setattr(sheet.sheet_properties, "tabColor", "FF0000"),
    ],
)
def test_looks_are_told_wherever_they_stand(tmp_path: Path, change: Callable[[Worksheet], None]) -> None:
    assert lost(tmp_path, change) == (LOOKS,)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda sheet: setattr(sheet.oddFooter.left, "text", "Confidential"), "The header or footer of its pages"),
        (lambda sheet: setattr(sheet.protection, "sheet", True), "Its protection is not carried over"),
        (lambda sheet: setattr(sheet, "print_area", "A1:B2"), "A print area is not carried over"),
        (lambda sheet: sheet.row_dimensions.group(2, 3), "Groups of rows or columns no longer fold"),
        (lambda sheet: sheet.column_dimensions.group("A", "B"), "Groups of rows or columns no longer fold"),
        (lambda sheet: sheet.merge_cells("A2:A3"), "A block of merged cells is apart again"),
    ],
)
def test_what_else_a_sheet_had_is_told(tmp_path: Path, change: Callable[[Worksheet], None], told: str) -> None:
    (only,) = lost(tmp_path, change)
    assert only.startswith(told)


@pytest.mark.parametrize(
    "change",
    [
        lambda sheet: None,
        look("font", Font(bold=True), "A1"),
        look("alignment", Alignment(wrap_text=True)),
        dimension("column_dimensions", "A", "width", 40),
        lambda sheet: setattr(sheet, "freeze_panes", "A2"),
        lambda sheet: setattr(sheet.oddFooter.center, "text", "Page &P of &N"),
    ],
)
def test_what_is_kept_or_given_again_is_not_told(tmp_path: Path, change: Callable[[Worksheet], None]) -> None:
    assert lost(tmp_path, change) == ()


def test_raised_and_lowered_letters_of_a_cell_stay_so(tmp_path: Path) -> None:
    text = CellRichText(
        "20 m",
        TextBlock(InlineFont(vertAlign="superscript"), "2"),
        " of CO",
        TextBlock(InlineFont(vertAlign="subscript"), "2"),
    )
    lost(tmp_path, look("value", text))

    content = read_file(tmp_path / "a.xlsx").content

    assert isinstance(content, ours.Workbook)
    assert content.sheets[0].cells[1, 0].text == "20 m² of CO₂"


@pytest.mark.parametrize(
    ("margin", "says"),
    [
        ("&L&8&A&R&8&P / &N", False),
        ('&C&"Times New Roman,Regular"&12Page &P', False),
        ("&CSeite &P von &N", False),
        ("&LMiller Ltd&R&D", True),
        ("", False),
    ],
)
def test_only_margins_with_words_of_their_own_say_something(margin: str, says: bool) -> None:
    assert says_something(margin) is says
