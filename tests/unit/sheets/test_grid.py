from __future__ import annotations

import pytest

from forgeapp.domain.number_look import ENGLISH, LOOKS, NumberLook
from forgeapp.domain.numbers import parse_number
from forgeapp.domain.workbook import Cell, CellError, Sheet, Workbook, position
from forgeapp.errors import TooLarge
from forgeapp.sheets.engine import evaluate
from forgeapp.sheets.grid import cell_text, rendered, with_formats


def workbook(rows: list[list[str]]) -> Workbook:
    """A workbook typed as a person would type it."""
    decimal_comma = any(",5" in text for row in rows for text in row)
    cells: dict[tuple[int, int], Cell] = {}
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            number = parse_number(text, decimal_comma)
            if text:
                cells[row, column] = Cell(text, number.value if number else None, number.format if number else None)
    return Workbook(None, (Sheet("S", cells),))


def shown(rows: list[list[str]], look: NumberLook = ENGLISH) -> list[list[str]]:
    formatted = with_formats(workbook(rows))
    return rendered(formatted, evaluate(formatted), look)[0]


def format_of(formula: str, *rows: list[str]) -> str | None:
    """The format a formula takes in row 9, column A, below the typed rows."""
    typed = workbook([*rows])
    sheet = typed.sheets[0]
    cells = {**sheet.cells, (8, 0): Cell(formula)}
    return with_formats(Workbook(None, (Sheet("S", cells),))).sheets[0].cells[8, 0].format


def test_an_invoice_is_shown_as_a_person_would_write_it() -> None:
    assert shown(
        [
            ["Item", "Qty", "Price", "Total", "Margin %", "Due"],
            ["Beans", "2", "$10.50", "=B2*C2", "=(D2-C2)/D2", "2024-01-15"],
            ["Cups", "1,300", "$1,200", "=B3*C3", "=IFERROR((D3-C3)/D3,0)", "=F2+30"],
            ["Total", "=SUM(B2:B3)", "", "=SUM(D2:D3)", "=AVERAGE(E2:E3)", "=F3-F2"],
            ["VAT", "=COUNT(D2:D3)", "", "=D4*0.19", "", "=TODAY()>0"],
        ]
    ) == [
        ["Item", "Qty", "Price", "Total", "Margin %", "Due"],
        ["Beans", "2", "$10.50", "$21.00", "50.0%", "2024-01-15"],
        ["Cups", "1,300", "$1,200", "$1,560,000.00", "99.9%", "2024-02-14"],
        ["Total", "1,302", "", "$1,560,021.00", "75.0%", "30"],
        ["VAT", "2", "", "$296,403.99", "", "TRUE"],
    ]


def test_computed_and_typed_cells_have_one_look() -> None:
    rows = [
        ["Posten", "Betrag"],
        ["Miete", "1.200,50 €"],
        ["Strom", "85,55 €"],
        ["Summe", "=SUM(B2:B3)"],
        ["x", "=1/8"],
    ]
    assert [row[1] for row in shown(rows, LOOKS["comma"])] == [
        "Betrag",
        "1.200,50 €",
        "85,55 €",
        "1.286,05 €",
        "0,13 €",
    ]


MONEY = ["$5.00", "$10"]


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("=SUM(A2:B2)", '"$"#,##0.00'),
        ("=B2*12", '"$"#,##0.00'),
        ("=AVERAGE(B2:B2)", '"$"#,##0.00'),
        ("=B2+1", '"$"#,##0'),
        ("=SUM(S!A2:B2)", '"$"#,##0.00'),
        ("=SUMIF(A1:A9,1,A2:A2)", '"$"#,##0.00'),
        ("=COUNT(A2:B2)", None),
        ("=IF(COUNTA(A2:B2)>1,5,6)", '"$"#,##0.00'),
        ("=A2/B2", None),
        ("=100/A2", None),
        ('=A2&"!"', None),
        ("=TODAY()", "yyyy-mm-dd"),
        ("=EDATE(TODAY(),1)", "yyyy-mm-dd"),
        ("=NOW()", "yyyy-mm-dd hh:mm"),
        ("=IRR(A2:B2)", "0.0%"),
    ],
)
def test_a_formula_takes_the_format_of_what_it_computes_with(formula: str, code: str | None) -> None:
    assert format_of(formula, ["x", "y"], MONEY) == code


def test_different_currencies_are_not_added_up_under_one_sign() -> None:
    assert format_of("=A2+B2", ["a", "b"], ["$5.00", "€6.00"]) is None


def test_a_format_that_is_there_is_kept() -> None:
    cells = {(0, 0): Cell("$5.00", 5, '"$"0.00'), (1, 0): Cell("=A1", None, "0.000")}
    assert with_formats(Workbook(None, (Sheet("S", cells),))).sheets[0].cells[1, 0].format == "0.000"


def test_typed_iso_dates_become_dates() -> None:
    cell = with_formats(workbook([["Day"], ["2024-01-15"]])).sheets[0].cells[1, 0]
    assert cell == Cell("2024-01-15", 45_306, "yyyy-mm-dd")


def test_blank_edges_are_left_out_and_errors_shown() -> None:
    cells = {(1, 1): Cell("=1/0"), (0, 0): Cell("a"), (2, 2): Cell('=""')}
    book = Workbook(None, (Sheet("S", cells, row_count=50, column_count=20), Sheet("Empty", row_count=3)))
    values = {"S": {(1, 1): CellError("#DIV/0!"), (2, 2): ""}}
    assert rendered(book, values, ENGLISH) == [[["a", ""], ["", "#DIV/0!"]], []]


def test_spilled_values_are_shown() -> None:
    book = Workbook(None, (Sheet("S", {(0, 0): Cell("=SEQUENCE(2,2)")}),))
    assert rendered(book, evaluate(book), ENGLISH) == [[["1", "2"], ["3", "4"]]]


@pytest.mark.security
def test_a_cell_at_the_far_corner_is_refused_instead_of_filling_the_memory() -> None:
    book = Workbook(None, (Sheet("S", {position("XFD1048576"): Cell("x")}),))
    with pytest.raises(TooLarge, match="16,384 columns"):
        rendered(book, {}, ENGLISH)


@pytest.mark.security
def test_formulas_in_a_circle_and_over_whole_columns_get_no_format() -> None:
    cells = {(row, 0): Cell(f"=A{(row + 1) % 50 + 1}+SUM(B:XFD)") for row in range(50)}
    book = Workbook(None, (Sheet("S", cells),))
    assert with_formats(book) == book


def test_a_typed_number_shows_the_format_it_was_given_and_else_stays_as_typed() -> None:
    cells = {
        (0, 0): Cell("7800", 7800, "#,##0.00"),
        (1, 0): Cell("$1,200.00", 1200, '"$"#,##0.00'),
        (2, 0): Cell("12 %", 0.12, "0%"),
        (3, 0): Cell("7800", 7800),
    }
    (grid,) = rendered(Workbook(None, (Sheet("S", cells),)), {}, ENGLISH)
    assert [row[0] for row in grid] == ["7,800.00", "$1,200.00", "12 %", "7800"]


def test_a_total_of_grouped_and_small_amounts_is_grouped() -> None:
    cells = {(0, 0): Cell("1,450.00", 1450, "#,##0.00"), (1, 0): Cell("620.00", 620, "0.00"), (2, 0): Cell("=A1+A2")}
    formatted = with_formats(Workbook("W", (Sheet("S", cells, has_header=False),)))
    assert formatted.sheets[0].cells[2, 0].format == "#,##0.00"


def test_what_is_rounded_to_whole_numbers_shows_no_decimals() -> None:
    cells = {
        (0, 0): Cell("4.50", 4.5, "0.00"),
        (0, 1): Cell("$4.50", 4.5, '"$"#,##0.00'),
        (1, 0): Cell("=ROUND(A1*100,0)"),
        (1, 1): Cell("=ROUND(B1,0)"),
    }
    formatted = with_formats(Workbook("W", (Sheet("S", cells, has_header=False),)))
    assert formatted.sheets[0].cells[1, 0].format is None
    assert formatted.sheets[0].cells[1, 1].format == '"$"#,##0'


def test_one_cell_is_displayed_as_in_the_whole_sheet() -> None:
    cells = {(0, 0): Cell("1.234,50 €", 1234.5, '#,##0.00 "€"'), (0, 1): Cell("=A1*2", None, "0.0"), (1, 0): Cell("x")}
    workbook = Workbook("W", (Sheet("S", cells),))
    values = {"S": {(0, 1): 2469, (1, 1): 0.5}}
    look = LOOKS["comma"]
    grid = rendered(workbook, values, look)[0]
    for row, texts in enumerate(grid):
        for column, text in enumerate(texts):
            at = row, column
            assert cell_text(cells.get(at), values["S"].get(at), look) == text


def test_a_sheet_shows_all_its_numbers_in_one_look_however_they_were_typed() -> None:
    cells = {
        (0, 0): Cell("1,240.50", 1240.5, "#,##0.00"),
        (1, 0): Cell("1.240,50 €", 1240.5, '#,##0.00 "€"'),
        (2, 0): Cell("1234.5", 1234.5),
        (3, 0): Cell("1234", 1234),
        (4, 0): Cell("=A1", None, "#,##0.0"),
        (5, 0): Cell("12.5%", 0.125, "0.0%"),
        (6, 0): Cell("v1.5, 1,000 words"),
        (7, 0): Cell("123456789012.5", 123456789012.5, "General"),
    }
    book = Workbook(None, (Sheet("S", cells),))
    values = {"S": {(4, 0): 1240.5}}

    def column(look: NumberLook) -> list[str]:
        return [row[0] for row in rendered(book, values, look)[0]]

    words = "v1.5, 1,000 words"
    assert column(LOOKS["comma"]) == [
        *("1.240,50", "1.240,50 €", "1234,5", "1234", "1.240,5", "12,5%", words, "1,23457E+11")
    ]
    assert column(LOOKS["point"]) == [
        *("1,240.50", "1,240.50 €", "1234.5", "1234", "1,240.5", "12.5%", words, "1.23457E+11")
    ]
    assert column(LOOKS["space"])[:2] == ["1\u00a0240,50", "1\u00a0240,50 €"]
    assert column(LOOKS["apostrophe"])[:2] == ["1’240.50", "1’240.50 €"]
