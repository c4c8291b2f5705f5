"""Sums, what is made of them and names of sections stand out; other rows do not."""

from __future__ import annotations

from forgeapp.domain.totals import rows_that_stand_out
from forgeapp.domain.workbook import Cell, Sheet


def outstanding(*rows: tuple[str, ...]) -> list[int]:
    cells = {(row, column): Cell(text) for row, texts in enumerate(rows) for column, text in enumerate(texts) if text}
    return sorted(rows_that_stand_out(Sheet("S", cells)))


def test_a_budget_has_its_sections_totals_and_result_stand_out() -> None:
    rows = (
        ("Item", "Planned"),
        ("Income", ""),
        ("Drinks", "7800"),
        ("Food", "5400"),
        ("Total income", "=SUM(B3:B4)"),
        ("", ""),
        ("Expenses", ""),
        ("Rent", "2100"),
        ("Wages", "5600"),
        ("Total expenses", "=sum($B$8:$B$9)"),
        ("", ""),
        ("Result", "=B5-B10"),
        ("A note on it", ""),
    )
    assert outstanding(*rows) == [1, 4, 6, 9, 11]


def test_a_total_below_a_blank_row_stands_out() -> None:
    assert outstanding(("Item", "Sum"), ("a", "1"), ("b", "2"), ("", ""), ("Total", "=SUM(B2:B3)")) == [4]


def test_a_total_with_the_tax_above_it_added_stands_out() -> None:
    rows = (
        ("Item", "Sum"),
        ("a", "1"),
        ("b", "2"),
        ("Subtotal", "=SUM(B2:B3)"),
        ("Tax", "=ROUND(B4*0.2,2)"),
        ("Total", "=SUM(B4:B4)+B5"),
    )
    assert outstanding(*rows) == [3, 5]
    assert outstanding(*rows[:-1], ("Other", "=SUM(B4:B4)+B2")) == [3]


def test_the_names_of_columns_above_what_is_summed_stand_out() -> None:
    rows = (("Invoice", "7"), ("To", "Weber"), ("", ""), ("Position", "Amount"), ("Tea", "50"), ("Sum", "=SUM(B5:B5)"))
    assert outstanding(*rows) == [3, 5]
    assert outstanding(*rows[:3], ("Coffee", "60"), *rows[4:]) == [5]


def test_sums_across_of_other_columns_and_from_afar_do_not() -> None:
    rows = [("Item", "A", "B", "Sum"), ("a", "1", "2", "=SUM(B2:C2)"), ("b", "1", "2", "=SUM(B2:B3)")]
    assert outstanding(*rows) == []
    assert outstanding(("Item", "A"), ("a", "1"), ("b", "2"), *[("c", "3")] * 5, ("d", "=SUM(B2:B3)")) == []


def test_what_is_computed_of_other_cells_does_not() -> None:
    rows = (("Item", "A"), ("a", "1"), ("b", "2"), ("Total", "=SUM(B2:B3)"), ("Twice", "=B4+B2"), ("Half", "=B4/2"))
    assert outstanding(*rows) == [3]


def test_a_sheet_without_sums_has_no_sections() -> None:
    assert outstanding(("Item", "A"), ("Income", ""), ("a", "1")) == []


def test_text_that_reads_like_a_sum_is_none() -> None:
    cells = {(0, 0): Cell("A"), (1, 0): Cell("1"), (2, 0): Cell("2"), (3, 0): Cell("=SUM(A2:A3)", format="@")}
    assert rows_that_stand_out(Sheet("S", cells)) == frozenset()
