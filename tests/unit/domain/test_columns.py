"""What the texts of a column say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from forgeapp.domain import columns as columns_module
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.column_types import ColumnType, TypedColumn, read_column
from forgeapp.domain.columns import TableColumns, sorted_order, tally, writes_decimal_comma
from forgeapp.domain.table import Table
from forgeapp.errors import Cancelled
from tests.pace import assert_linear


def test_a_column_is_sorted_by_value_then_words_with_blanks_last() -> None:
    texts = ["10", "", "9.5", "zebra", "Éclair", "apple", "€ 1,200", "-3"]
    assert [texts[at] for at in sorted_order(texts)] == ["-3", "9.5", "10", "€ 1,200", "apple", "Éclair", "zebra", ""]
    down = ["zebra", "Éclair", "apple", "€ 1,200", "10", "9.5", "-3", ""]
    assert [texts[at] for at in sorted_order(texts, descending=True)] == down


def test_equal_cells_keep_their_order_in_both_directions() -> None:
    texts = ["b", "a", "B", "A"]
    assert sorted_order(texts) == [1, 3, 0, 2]
    assert sorted_order(texts, descending=True) == [0, 2, 1, 3]


@pytest.mark.parametrize(
    "texts",
    [
        ["1.2", "1.9", "1.10", "1.10.1"],
        ["item 2", "item 10", "item 10b"],
        ["00123", "00456", "1234567890123456"],
        ["2023-12-31", "2024-01-02"],
        ["28 Feb 2024", "1 March 2024"],
        ["31.01.2024", "01.02.2024"],
        ["5 %", "12 %", "n/a"],
        ["(45.00)", "-3.00", "1,200.50", "–"],
        ["9,5", "10,25", "1.200,00"],
    ],
)
def test_a_column_is_sorted_as_people_read_it(texts: list[str]) -> None:
    mixed = texts[1::2] + texts[::2]
    assert [mixed[at] for at in sorted_order(mixed)] == texts


def test_some_rows_are_sorted_and_a_long_sort_can_be_stopped() -> None:
    assert sorted_order(["3", "2", "1"], rows=[0, 2]) == [2, 0]
    texts = [str(number * 7919 % 100_003) for number in range(30_000)]
    assert sorted_order(texts, cancel=CancelToken()) == sorted_order(texts)
    stopped = CancelToken()
    stopped.cancel()
    with pytest.raises(Cancelled):
        sorted_order(texts, cancel=stopped)


def test_columns_are_taken_once_and_kept_where_another_table_has_the_same() -> None:
    table = Table(None, ("Name", "Price"), (("Acme", "12"), ("Bolt", "3.50")))
    columns = TableColumns(table)
    assert columns.texts(1) is columns.texts(1)
    assert columns.typed(1).type is columns.type_of(1) is ColumnType.DECIMAL
    after = TableColumns(replace(table, rows=(("Core", "12"), ("Bolt", "3.50"))), columns, changed=[0])
    assert after.typed(1) is columns.typed(1)
    assert after.texts(0) == ("Core", "Bolt")


def test_the_type_of_a_long_column_is_known_by_a_few_cells_from_all_over_it(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = []

    def read(texts: Sequence[str], name: str, comma: bool) -> TypedColumn:
        looked_at.append(len(texts))
        return read_column(texts, name, comma)

    monkeypatch.setattr(columns_module, "read_column", read)
    rows = tuple((str(number) if number < 50_000 else f"no. {number}",) for number in range(100_000))
    columns = TableColumns(Table(None, ("N",), rows))
    assert columns.type_of(0) is ColumnType.TEXT
    assert looked_at == [200]


def test_a_tally_adds_numbers_as_they_are_written() -> None:
    found = tally(["1,512.40", "588.15", "rent", "", "$ 2"])
    assert (found.cells, found.numbers, found.decimals, found.is_percent) == (4, 3, 2, False)
    assert found.total == pytest.approx(2102.55)
    assert found.average == pytest.approx(700.85)


def test_a_tally_reads_decimal_commas_where_only_they_make_sense() -> None:
    assert writes_decimal_comma(["1.240", "18,50"])
    assert not writes_decimal_comma(["1,240", "18.50"])
    assert tally(["1.240", "18,50"]).total == pytest.approx(1258.5)
    assert tally(["1,240", "18.50"]).total == pytest.approx(1258.5)


def test_percentages_stay_percentages_and_nothing_has_no_average() -> None:
    found = tally(["12 %", "7.5 %"])
    assert found.is_percent
    assert found.total == pytest.approx(0.195)
    assert found.decimals == 1
    assert tally(["a"]).average == 0.0


def test_tallies_of_parts_come_to_the_tally_of_the_whole() -> None:
    texts = ["1,512.40", "588.15", "rent", "", "$ 2", "7 %"]
    for place in range(len(texts) + 1):
        both, whole = tally(texts[:place]) + tally(texts[place:]), tally(texts)
        assert both.total == pytest.approx(whole.total)
        assert replace(both, total=whole.total) == whole
    assert (tally(["5 %"]) + tally(["7 %", "x"])).is_percent


@pytest.mark.parametrize("piece", ["1", "1,", "(", "9"])
def test_hostile_cells_are_read_in_linear_time(piece: str) -> None:
    def read(texts: list[str]) -> None:
        assert tally(texts).numbers == 0
        assert len(sorted_order(texts)) == len(texts)

    assert_linear(read, lambda size: [piece * (size // len(piece)) + "x"] * 50, 50_000)
