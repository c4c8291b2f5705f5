"""CSV files with formulas: what becomes a number in them, and what stays the text it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from forgeapp.domain.workbook import Cell, Workbook
from forgeapp.reading.files import read_file


def opened(folder: Path, text: str) -> tuple[dict[str, Cell], tuple[str, ...]]:
    from forgeapp.domain.workbook import address

    path = folder / "f.csv"
    path.write_text(text, encoding="utf-8")
    reading = read_file(path)
    assert isinstance(reading.content, Workbook)
    return {address(at): cell for at, cell in reading.content.sheets[0].cells.items()}, reading.lost


def test_one_formula_does_not_make_numbers_of_codes(tmp_path: Path) -> None:
    cells, lost = opened(tmp_path, "code;ver;amount\n1E5;1.10;12,50\n00123;2.2;1.234,00\n3-4;1/2;=B2\n")
    assert [cells[at] for at in ("A2", "A3", "B2")] == [Cell("1E5", None, "@"), Cell("00123"), Cell("1.10", None, "@")]
    assert (cells["C2"].number, cells["C3"].number) == (12.5, 1234.0)
    assert lost == (
        "Column code stays text, for there are codes in it, such as 1E5.",
        "Column ver stays text: 1.10 can be read in two ways.",
    )


def test_points_beside_decimal_commas_are_not_taken_for_decimal_points(tmp_path: Path) -> None:
    cells, lost = opened(tmp_path, "part;size;price\na;7.25;3,50\nb;8.75;4,25\n;;=SUM(C2:C3)\n")
    assert cells["B2"] == Cell("7.25", None, "@")
    assert cells["C2"].number == 3.5
    assert lost == ("Column size stays text: 7.25 can be read in two ways.",)


def test_a_column_with_both_decimal_marks_stays_text(tmp_path: Path) -> None:
    cells, lost = opened(tmp_path, "price;twice\n12.50;=A2\n12,50;=A3\n")
    assert (cells["A2"], cells["A3"]) == (Cell("12.50", None, "@"), Cell("12,50", None, "@"))
    assert lost == ("Column price stays text: 12.50 can be read in two ways.",)


def test_dates_written_in_two_ways_stay_text_and_that_is_told(tmp_path: Path) -> None:
    cells, lost = opened(tmp_path, "due,paid,n\n2026-07-01,01.07.2026,=1+1\n31.12.2026,02.07.2026,2\n")
    assert (cells["A2"], cells["A3"]) == (Cell("2026-07-01", None, "@"), Cell("31.12.2026"))
    assert cells["B2"] == Cell("01.07.2026", 46204, "dd.mm.yyyy")
    assert lost == ("Column due stays text: its dates are not all written like 2026-07-01.",)


def test_figures_of_several_units_are_numbers_each_in_its_own(tmp_path: Path) -> None:
    cells, lost = opened(tmp_path, "what,value\nprice,$20.00\ngrowth,5 %\nunits,300\nall,=B2*B3*B4\n")
    assert [cells[at].number for at in ("B2", "B3", "B4")] == [20.0, 0.05, 300]
    assert lost == ()


def test_what_formulas_add_up_are_figures(tmp_path: Path) -> None:
    cells, lost = opened(tmp_path, "what,price\na,1.5\nb,12.50\nSum,=SUM(B2:B3)\n")
    assert [cells[at].number for at in ("B2", "B3")] == [1.5, 12.5]
    assert lost == ()


def test_the_mark_of_a_column_counts_for_all_of_it(tmp_path: Path) -> None:
    cells, _ = opened(tmp_path, 'a,b\n"12,50",=1+1\n"1,250",=A2\n')
    assert [cells[at].number for at in ("A2", "A3")] == [12.5, 1.25]


@pytest.mark.parametrize("text", ["a,b\n=1+1,2026-13-45\n", "a,b\n=A:A,1e999\n", "=1\n", "a;a\n=SUM(A:XFD);9e9\n"])
def test_odd_files_are_read(tmp_path: Path, text: str) -> None:
    cells, _ = opened(tmp_path, text)
    assert cells
