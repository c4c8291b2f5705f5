"""Which columns stand at the right: by what most of their cells are."""

from __future__ import annotations

import pytest

from forgeapp.domain.alignment import are_figures, figure_columns, is_figure
from forgeapp.domain.workbook import Cell, Sheet, Value


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (("1", "20"), ""),
        (("$5", "€5", "£2.50"), "Amount"),
        (("1,200.50", "980", "2026-07-01"), "Amount"),
        (("5", "6", "7", "about 8"), "Amount"),
        (("12 %", "5", "-"), "Share"),
        (("1.240,00", "18,50", "n. a."), ""),
    ],
)
def test_columns_of_mostly_figures_stand_at_the_right(texts: tuple[str, ...], name: str) -> None:
    assert are_figures(texts, name, comma_habit=False)


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        ((), ""),
        (("", "-"), ""),
        (("a", "b", "3"), ""),
        (("2026-07-01", "2026-07-02"), ""),
        (("2026-07-01", "2026-07-02", "5"), ""),
        (("00123", "45678", "98765"), ""),
        (("1E5", "1E6", "7"), ""),
        (("10115", "20095"), "PLZ"),
        (("1.9", "1.10", "2.0"), "Python"),
        (("5", "words"), ""),
    ],
)
def test_words_dates_and_codes_stand_at_the_left(texts: tuple[str, ...], name: str) -> None:
    assert not are_figures(texts, name, comma_habit=False)


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        (Cell("5", 5), None, True),
        (Cell("2026-07-01", 46204, "yyyy-mm-dd"), None, False),
        (Cell("=A1"), 5.5, True),
        (Cell("=A1"), True, False),
        (Cell("=A1", None, "hh:mm"), 0.5, False),
        (Cell("=A1"), "words", False),
        (None, 4, True),
    ],
)
def test_a_cell_is_a_figure_by_what_it_shows(cell: Cell | None, value: Value | None, expected: bool) -> None:
    assert is_figure(cell, value) is expected


def test_a_sheet_counts_what_its_formulas_give_and_not_its_header() -> None:
    cells = {
        (0, 0): Cell("2026", 2026),
        (1, 0): Cell("words"),
        (0, 1): Cell("Cost"),
        (1, 1): Cell("$5", 5, '"$"#,##0'),
        (2, 1): Cell("=B2*2"),
        (3, 1): Cell("2026-07-01", 46204, "yyyy-mm-dd"),
    }
    assert figure_columns(Sheet("S", cells), {(2, 1): 10}) == {1}
    assert figure_columns(Sheet("S", {(0, 0): Cell("7", 7)}, has_header=False), {}) == {0}


def test_formulas_that_show_nothing_do_not_count() -> None:
    cells = {(row, 0): Cell(f"=B{row + 1}") for row in range(5)}
    assert figure_columns(Sheet("S", cells, has_header=False), {(4, 0): 7.5, (3, 0): ""}) == {0}
