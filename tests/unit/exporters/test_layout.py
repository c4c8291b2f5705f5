from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.exporters.layout import fit_columns

_WIDTHS = st.floats(min_value=0.5, max_value=5000)


def test_columns_with_room_keep_their_natural_width() -> None:
    assert fit_columns([30, 50], [10, 10], 100) == [30, 50]


def test_a_long_column_gives_way_before_short_ones() -> None:
    short, long = fit_columns([40, 900], [20, 50], 400)
    assert short == pytest.approx(40, abs=0.1)
    assert long == pytest.approx(360, abs=0.1)


def test_of_two_long_columns_the_longer_stays_wider() -> None:
    one, other = fit_columns([400, 1600], [20, 20], 300)
    assert one == pytest.approx(100, abs=0.1)
    assert other == pytest.approx(200, abs=0.1)


def test_columns_too_wide_for_their_words_shrink_alike() -> None:
    assert fit_columns([100, 200], [100, 200], 150) == [50, 100]


@given(st.lists(st.tuples(_WIDTHS, _WIDTHS), min_size=1, max_size=12), st.floats(min_value=10, max_value=3000))
def test_columns_never_take_more_than_there_is(columns: list[tuple[float, float]], total: float) -> None:
    natural = [max(pair) for pair in columns]
    smallest = [min(pair) for pair in columns]
    widths = fit_columns(natural, smallest, total)
    assert sum(widths) <= total + 0.01
    assert all(0 < width <= wide + 0.01 for width, wide in zip(widths, natural, strict=True))
    if sum(smallest) <= total:
        assert all(width >= small - 0.01 for width, small in zip(widths, smallest, strict=True))
