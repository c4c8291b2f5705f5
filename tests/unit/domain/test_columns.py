"""What the texts of a column say."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from forgeapp.domain.columns import is_numeric, sorted_order, tally, writes_decimal_comma


@pytest.mark.parametrize(
    ("texts", "is_one"),
    [
        (["1", "2.50", "", "–"], True),
        (["€ 1.200,00", "18,50 €"], True),
        (["12 %", "5 %", "n/a"], True),
        (["1", "2", "3", "4", "total"], True),
        (["1", "two", "3"], False),
        (["007", "008"], False),
        (["2024-01-15"], False),
        (["", ""], False),
        ([], False),
    ],
)
def test_a_column_of_mostly_numbers_is_numeric(texts: list[str], is_one: bool) -> None:
    assert is_numeric(texts) is is_one


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


def test_hostile_cells_are_read_in_linear_time() -> None:
    began = time.process_time()
    texts = ["1" * 50_000, "1," * 25_000, "(" * 50_000, "9" * 40 + "x"] * 50
    assert tally(texts).numbers == 0
    assert len(sorted_order(texts)) == len(texts)
    assert time.process_time() - began < 2
