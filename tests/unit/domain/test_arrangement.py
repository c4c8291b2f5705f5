"""Rows as they are shown: sorted and filtered, the table as it was."""

from __future__ import annotations

import pytest

from forgeapp.domain.arrangement import Arrangement, Blanks, ColumnFilter, arranged_rows, common_values
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.columns import TableColumns
from forgeapp.domain.table import Table
from forgeapp.errors import Cancelled

ORDERS = Table(
    "Orders",
    ("City", "Amount", "Day"),
    (
        ("Köln", "$1,200.00", "2024-03-01"),
        ("Berlin", "$85.50", "2024-01-15"),
        ("", "n/a", "2024-02-10"),
        ("Bern", "$300.00", ""),
    ),
)


def rows(wanted: Arrangement) -> list[int]:
    return arranged_rows(TableColumns(ORDERS), wanted)


@pytest.mark.parametrize(
    ("wanted", "seen"),
    [
        (Arrangement(), [0, 1, 2, 3]),
        (Arrangement((1, False)), [1, 3, 0, 2]),
        (Arrangement((1, True)), [0, 3, 1, 2]),
        (Arrangement((2, False)), [1, 2, 0, 3]),
        (Arrangement(filters={0: ColumnFilter(contains="BER")}), [1, 3]),
        (Arrangement(filters={0: ColumnFilter(contains="koln")}), [0]),
        (Arrangement(filters={0: ColumnFilter(among=frozenset(("Bern", "")))}), [2, 3]),
        (Arrangement(filters={1: ColumnFilter(least=100)}), [0, 3]),
        (Arrangement(filters={1: ColumnFilter(most=300)}), [1, 3]),
        (Arrangement(filters={2: ColumnFilter(least=45306, most=45332)}), [1, 2]),
        (Arrangement(filters={0: ColumnFilter(least=1)}), []),
        (Arrangement(filters={1: ColumnFilter(blanks=Blanks.HIDDEN)}), [0, 1, 3]),
        (Arrangement(filters={1: ColumnFilter(blanks=Blanks.ONLY)}), [2]),
        (Arrangement((0, True), {0: ColumnFilter(contains="er"), 1: ColumnFilter(least=86)}), [3]),
    ],
)
def test_rows_are_sorted_and_filtered_by_value(wanted: Arrangement, seen: list[int]) -> None:
    assert rows(wanted) == seen


def test_filters_are_put_in_taken_away_and_follow_their_columns() -> None:
    first = Arrangement((1, True)).with_filter(0, ColumnFilter(contains="b"))
    assert first.with_filter(0, ColumnFilter()) == Arrangement((1, True))
    assert first.moved({0: 2, 1: 0}) == Arrangement((0, True), {2: ColumnFilter(contains="b")})
    assert first.moved({2: 0}).is_idle


def test_a_column_tells_its_values_and_how_often_each_occurs() -> None:
    table = Table(None, ("N",), tuple((text,) for text in ("10", "9", "10", "", "10", "9")))
    assert common_values(TableColumns(table), 0, 5) == ([("9", 2), ("10", 3), ("", 1)], 3)
    assert common_values(TableColumns(table), 0, 1) == ([("10", 3)], 3)


def test_work_on_many_rows_can_be_stopped() -> None:
    table = Table(None, ("N",), tuple((str(number),) for number in range(30_000)))
    stopped = CancelToken()
    stopped.cancel()
    for wanted in (Arrangement((0, False)), Arrangement(filters={0: ColumnFilter(contains="7")})):
        with pytest.raises(Cancelled):
            arranged_rows(TableColumns(table), wanted, stopped)
