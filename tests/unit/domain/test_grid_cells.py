from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.column_types import read_column
from forgeapp.domain.grid_cells import GridCells
from forgeapp.domain.workbook import Cell, Sheet

grids = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.tuples(*[st.sampled_from(["", "x", "12", "é"])] * width), min_size=1, max_size=6)
)


@given(grids)
def test_it_is_what_a_dict_of_its_cells_is(rows: list[tuple[str, ...]]) -> None:
    cells = {(r, c): Cell(text) for r, row in enumerate(rows) for c, text in enumerate(row) if text}
    grid = GridCells(rows)
    assert grid == cells
    assert list(grid) == list(cells)
    assert len(grid) == len(cells)
    assert bool(grid) == bool(cells)
    assert [(at, Cell(text, number, form)) for at, text, number, form in grid.entries()] == list(cells.items())
    known, plain = Sheet("S", grid), Sheet("S", cells)
    assert (known.row_count, known.column_count) == (plain.row_count, plain.column_count)


def test_cells_of_known_columns_have_their_numbers_and_formats() -> None:
    rows = [("Price", "Note"), ("$5.00", "a"), ("", "b"), ("–", "")]
    grid = GridCells(rows).typed({0: read_column(["$5.00", "", "–"], "Price")}, 1)
    assert grid[0, 0] == Cell("Price")
    assert grid[1, 0] == Cell("$5.00", 5.0, '"$"#,##0.00')
    assert grid[3, 0] == Cell("–")
    assert {at: Cell(*rest) for at, *rest in grid.entries()} == dict(grid)


def test_what_is_blank_or_outside_is_not_there() -> None:
    grid = GridCells([("a", ""), ("", "b")])
    assert [grid.get(at) for at in [(0, 1), (2, 0), (0, 2), (-1, 0), (0, -1)]] == [None] * 5
