from __future__ import annotations

import pickle
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.grid_cells import Entry
from forgeapp.domain.packed_cells import PackedCells, entries, packed, retyped
from forgeapp.domain.workbook import MAX_COLUMNS, MAX_ROWS, Cell, Sheet

NUMBERS = st.one_of(st.none(), st.integers(), st.floats(allow_nan=False, allow_infinity=False))
CELLS = st.dictionaries(
    st.tuples(st.integers(0, MAX_ROWS - 1), st.integers(0, MAX_COLUMNS - 1))
    | st.tuples(st.integers(0, 5), st.integers(0, 5)),
    st.builds(Cell, st.text(min_size=1, max_size=6), NUMBERS, st.sampled_from([None, "@", "0.00", "General"])),
    max_size=30,
)


@given(CELLS)
def test_packed_cells_are_the_cells_they_were(cells: dict[tuple[int, int], Cell]) -> None:
    found = PackedCells(cells)
    assert dict(found) == cells
    assert list(found) == sorted(cells)
    assert len(found) == len(cells)
    assert found == cells
    assert [*found.items()] == sorted(cells.items(), key=lambda item: item[0])
    assert [*found.values()] == [cell for _, cell in found.items()]
    assert Sheet("S", found).row_count == Sheet("S", cells).row_count
    assert Sheet("S", found).column_count == Sheet("S", cells).column_count
    assert all(at in found and found[at] == cell for at, cell in cells.items())
    assert [type(cell.number) for cell in found.values()] == [type(cells[at].number) for at in found]
    assert sorted(found.column_entries()) == [*found.entries()] == [*entries(found)]
    by_column = [at for at, *_ in found.column_entries()]
    assert by_column == sorted(by_column, key=lambda at: (at[1], at[0]))


@given(st.lists(CELLS, max_size=3))
def test_cells_come_in_any_order_and_the_last_at_a_place_stays(parts: list[dict[tuple[int, int], Cell]]) -> None:
    given_parts = [(at, cell.text, cell.number, cell.format) for part in parts for at, cell in part.items()]
    wanted = {at: cell for part in parts for at, cell in part.items()}
    assert PackedCells.of(given_parts) == wanted
    assert [*PackedCells.of(sorted(given_parts, key=lambda entry: entry[0]))] == sorted(wanted)


def test_cells_in_their_order_are_packed_as_they_come() -> None:
    def come() -> Iterator[Entry]:
        yield (0, 0), "a", None, None
        yield (0, 2), "2", 2, "0.00"
        yield (7, 1), "=A1", None, None

    assert [*PackedCells.of(come()).entries()] == [*come()]


@given(CELLS)
def test_a_sheet_comes_out_of_another_process_as_it_went_in(cells: dict[tuple[int, int], Cell]) -> None:
    sheet = Sheet("S", cells, False, 2, 1, {3: 12.5}, 70, 8)
    again = pickle.loads(pickle.dumps(sheet))
    assert again == sheet
    assert isinstance(again.cells, PackedCells)
    assert pickle.loads(pickle.dumps(again)) == sheet


@given(CELLS, st.data())
def test_other_numbers_and_formats_leave_the_texts_and_the_cells_before(
    cells: dict[tuple[int, int], Cell], data: st.DataObject
) -> None:
    chosen = data.draw(st.lists(st.sampled_from(sorted(cells)), unique=True)) if cells else []
    found = {at: (data.draw(NUMBERS), data.draw(st.sampled_from([None, "0", "yyyy"]))) for at in chosen}
    before = PackedCells(cells)
    wanted = {at: Cell(cell.text, *found[at]) if at in found else cell for at, cell in cells.items()}
    assert before.retyped(found) == wanted == retyped(cells, found)
    assert before == cells


@pytest.mark.parametrize("at", [(0, 1), (1, 0), (5, 5), (-1, 0), (0, 2**40), "A1", (0,), None])
def test_what_is_no_cell_is_not_there(at: object) -> None:
    cells = packed({(0, 0): Cell("x"), (2, 2): Cell("y")})
    assert at not in cells
    assert packed(cells) is cells
    with pytest.raises(KeyError):
        cells.retyped({(0, 1): (1, None)})
    assert cells.get((0, 1)) is None
