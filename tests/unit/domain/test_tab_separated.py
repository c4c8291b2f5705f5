"""Cells as tab-separated text, and back."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from forgeapp.domain.tab_separated import from_tsv, to_tsv
from tests.pace import assert_linear, repeated

cells = st.text(alphabet='ab"\t\n ', max_size=6)
grids = st.integers(1, 3).flatmap(lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1))


@given(grids)
@example([[""]])
@example([["a"], [""]])
@example([[""], [""]])
def test_any_cells_come_back(rows: list[list[str]]) -> None:
    assert from_tsv(to_tsv(rows)) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", []),
        ("a\tb\r\nc\r\n", [["a", "b"], ["c", ""]]),
        ('"a\nb"\tc', [["a\nb", "c"]]),
        ('6" pipe\tc', [['6" pipe', "c"]]),
        ('"never closed\tc\nd', [['"never closed', "c"], ["d", ""]]),
        ('"closed" early\tc', [['"closed" early', "c"]]),
    ],
)
def test_what_other_programs_give_is_read(text: str, rows: list[list[str]]) -> None:
    assert from_tsv(text) == rows


@given(st.text(alphabet='a"\t\n\r', max_size=30))
def test_any_text_becomes_rows_of_one_width(text: str) -> None:
    assert len({len(row) for row in from_tsv(text)}) <= 1


@pytest.mark.security
@pytest.mark.parametrize("piece", ['"', '"a', '""', '"\t', '"\n', '"a"b\t'])
def test_quotes_that_do_not_fit_take_linear_time(piece: str) -> None:
    assert_linear(from_tsv, repeated(piece), 100_000)
