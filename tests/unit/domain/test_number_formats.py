from __future__ import annotations

import pytest

from forgeapp.domain.number_formats import currency, fault_of, kind_of, set_formats, with_decimals
from forgeapp.domain.workbook import Cell, Sheet, Workbook


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (None, "general"),
        ("General", "general"),
        ("#,##0.00", "number"),
        ("0", "number"),
        ("0.0%", "percent"),
        ('"$"#,##0.00', "currency"),
        ('#,##0.00 "€"', "currency"),
        ("[$€-407] #,##0.00", "currency"),
        ("yyyy-mm-dd", "date"),
        ("hh:mm", "time"),
        ("0.00E+00", "scientific"),
        ("@", "text"),
        ('0 "kg";-0', "custom"),
    ],
)
def test_a_code_is_told_by_its_kind(code: str | None, kind: str) -> None:
    assert kind_of(code) == kind


@pytest.mark.parametrize(
    ("code", "shown", "by", "after"),
    [
        ("#,##0.00", 1.0, 1, "#,##0.000"),
        ("#,##0.0", 1.0, -1, "#,##0"),
        ("#,##0", 1.0, 1, "#,##0.0"),
        ("#,##0", 1.0, -1, None),
        (None, 1.25, 1, "0.000"),
        (None, 1.25, -1, "0.0"),
        (None, 3, -1, None),
        ("0%", 0.5, 1, "0.0%"),
        ('#,##0 "0.5 l"', 2.0, 1, '#,##0.0 "0.5 l"'),
        ("0.0;-0.0", 1.0, 1, "0.00;-0.00"),
        ("0.0E+00", 1.0, 1, "0.00E+00"),
        ("yyyy-mm-dd", 45306, 1, None),
    ],
)
def test_decimals_come_and_go(code: str | None, shown: float, by: int, after: str | None) -> None:
    assert with_decimals(code, shown, by) == after


def test_decimals_have_a_bound() -> None:
    code: str | None = "0"
    for _ in range(15):
        code = with_decimals(code, 1, 1)
        assert code is not None
    assert with_decimals(code, 1, 1) is None


def test_money_stands_before_or_behind_the_number() -> None:
    assert (currency("$"), currency("€", True)) == ('"$"#,##0.00', '#,##0.00 "€"')


@pytest.mark.parametrize("code", ["", " ", '0 "kg', "[red 0", "0;0;0;0;0", "0" * 256])
def test_codes_that_cannot_be_used_are_told(code: str) -> None:
    assert fault_of(code)


@pytest.mark.parametrize("code", ["0.00", '0 "a;b";-0', "[Red]0", "yyyy\\-mm"])
def test_codes_that_can_be_used_are_taken(code: str) -> None:
    assert fault_of(code) is None


def test_formats_are_for_numbers_and_formulas_and_undone_exactly() -> None:
    before = Workbook(None, (Sheet("S", {(0, 0): Cell("Rent"), (1, 0): Cell("5", 5), (2, 0): Cell("=A2")}),))
    change = set_formats(before, 0, {(row, 0): "0.0" for row in range(5)})
    assert change is not None
    after = change.forward(before)
    assert [cell.format for cell in after.sheets[0].cells.values()] == [None, "0.0", "0.0"]
    assert change.backward(after) == before
    assert set_formats(after, 0, {(1, 0): "0.0"}) is None
