"""Edits of a table: each does what it says, and its counterpart gives the table there was before."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forgeapp.domain.table import Table
from forgeapp.domain.table_edits import (
    Column,
    TableEdit,
    clear_rows,
    delete_columns,
    delete_rows,
    insert_columns,
    insert_rows,
    keep_rows,
    move_columns,
    move_rows,
    rename_columns,
    set_cells,
    set_rows,
)

VENDORS = Table("Vendors", ("Name", "Price"), (("Acme", "12"), ("Bolt", "3"), ("Corp", "")))


def columns_of(table: Table) -> list[tuple[str, ...]]:
    return [(name, *(row[place] for row in table.rows)) for place, name in enumerate(table.columns)]


def after(edit: TableEdit, table: Table = VENDORS) -> Table:
    """The table the edit makes, once its counterpart has been seen to give `table` again."""
    done = edit.forward(table)
    assert edit.backward(done) == table
    assert edit.forward(edit.backward(done)) == done
    return done


def test_cells_are_set_here_and_there() -> None:
    done = after(set_cells(VENDORS, {(0, 1): "14", (2, 0): "Core", (2, 1): "8"}))
    assert done.rows == (("Acme", "14"), ("Bolt", "3"), ("Core", "8"))


def test_texts_are_set_into_rows_that_lie_apart_and_cleared() -> None:
    done = after(set_rows(VENDORS, [2, 0], 0, [["B", "4"], ["C", "5"]]))
    assert done.rows == (("C", "5"), ("Bolt", "3"), ("B", "4"))
    assert after(clear_rows(VENDORS, range(2), 1, 1)).rows == (("Acme", ""), ("Bolt", ""), ("Corp", ""))
    assert after(clear_rows(VENDORS, [0], 0, 2)).rows[0] == ("", "")


def test_texts_past_the_end_make_rows_and_unnamed_columns() -> None:
    done = after(set_rows(VENDORS, [2], 1, [["8", "EU"], ["9", "US"]]))
    assert done.columns == ("Name", "Price", "")
    assert done.rows == (("Acme", "12", ""), ("Bolt", "3", ""), ("Corp", "8", "EU"), ("", "9", "US"))


def test_columns_are_renamed() -> None:
    assert after(rename_columns(VENDORS, {1: "Euro"})).columns == ("Name", "Euro")


def test_rows_come_go_and_move() -> None:
    assert after(insert_rows(VENDORS, 1, 2)).rows[1:3] == (("", ""), ("", ""))
    assert after(insert_rows(VENDORS, 3, rows=[("D", "4")])).rows[3] == ("D", "4")
    assert after(delete_rows(VENDORS, [0, 2])).rows == (("Bolt", "3"),)
    assert [row[0] for row in after(move_rows(VENDORS, 0, 2, 1)).rows] == ["Corp", "Acme", "Bolt"]
    assert [row[0] for row in after(move_rows(VENDORS, 2, 1, 0)).rows] == ["Corp", "Acme", "Bolt"]


def test_columns_come_go_and_move() -> None:
    assert after(insert_columns(VENDORS, 1)).columns == ("Name", "", "Price")
    done = after(insert_columns(VENDORS, 2, columns=[Column("Rank", ("1", "2", "3"))]))
    assert columns_of(done)[2] == ("Rank", "1", "2", "3")
    assert after(delete_columns(VENDORS, [0])).rows == (("12",), ("3",), ("",))
    wide = after(insert_columns(VENDORS, 1))
    assert after(delete_columns(wide, [0, 2]), wide).columns == ("",)
    assert after(delete_columns(VENDORS, [0, 1])) == Table("Vendors", (), ((), (), ()))
    assert columns_of(after(move_columns(VENDORS, 1, 1, 0))) == [columns_of(VENDORS)[1], columns_of(VENDORS)[0]]


def test_rows_are_kept_in_an_order_and_the_others_go() -> None:
    assert [row[0] for row in after(keep_rows(VENDORS, [2, 0])).rows] == ["Corp", "Acme"]
    assert after(keep_rows(VENDORS, [])).rows == ()


@pytest.mark.parametrize(
    "make",
    [
        lambda: set_cells(VENDORS, {(3, 0): "x"}),
        lambda: set_cells(VENDORS, {(0, 2): "x"}),
        lambda: set_rows(VENDORS, [3], 0, [["1"]]),
        lambda: rename_columns(VENDORS, {2: "x"}),
        lambda: insert_rows(VENDORS, 4),
        lambda: delete_rows(VENDORS, [3]),
        lambda: move_rows(VENDORS, 1, 3, 0),
        lambda: insert_columns(VENDORS, -1),
        lambda: insert_columns(VENDORS, 0, columns=[Column("x", ("1",))]),
        lambda: delete_columns(VENDORS, [2]),
        lambda: move_columns(VENDORS, 0, 1, 2),
        lambda: keep_rows(VENDORS, (0, 0, 1)),
    ],
)
def test_an_edit_outside_the_table_is_refused_when_it_is_made(make: Callable[[], TableEdit]) -> None:
    with pytest.raises((IndexError, ValueError)):
        make()


cells = st.sampled_from(["", "a", "b", "7", "1,200.50", "12 %", "é"])
grids = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.tuples(*[cells] * width), max_size=5).map(
        lambda rows: Table("T", tuple(f"c{n}" for n in range(width)), tuple(rows))
    )
)


def edits_of(table: Table) -> st.SearchStrategy[TableEdit]:
    """Any edit of this very table."""
    height, width = len(table.rows), len(table.columns)
    texts = st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=3)
    made = [
        st.builds(insert_rows, st.just(table), st.integers(0, height), st.integers(1, 3)),
        st.builds(insert_columns, st.just(table), st.integers(0, width), st.integers(1, 2)),
        st.builds(
            set_rows,
            st.just(table),
            st.lists(st.sampled_from(range(height)), unique=True) if height else st.just([]),
            st.integers(0, width),
            texts,
        ),
    ]
    if width:
        places = st.integers(0, width - 1)
        made += [
            st.builds(rename_columns, st.just(table), st.dictionaries(places, cells)),
            st.builds(delete_columns, st.just(table), st.sets(places)),
            st.tuples(places, places).map(lambda p: move_columns(table, p[0], width - max(p), p[1])),
        ]
    if height:
        places = st.integers(0, height - 1)
        made += [
            st.builds(delete_rows, st.just(table), st.sets(places)),
            st.lists(places, unique=True).map(lambda order: keep_rows(table, order)),
            st.tuples(places, places).map(lambda p: move_rows(table, p[0], height - max(p), p[1])),
        ]
    if height and width:
        at = st.tuples(st.integers(0, height - 1), st.integers(0, width - 1))
        made += [
            st.builds(set_cells, st.just(table), st.dictionaries(at, cells)),
            at.map(lambda p: clear_rows(table, range(p[0], height), p[1], width - p[1])),
        ]
    return st.one_of(made)


@settings(max_examples=50)
@given(st.data(), grids, st.integers(1, 12))
def test_any_edits_undone_give_the_first_table_and_redone_the_last(
    data: st.DataObject, first: Table, count: int
) -> None:
    states, taken = [first], []
    for _ in range(count):
        taken.append(data.draw(edits_of(states[-1])))
        states.append(taken[-1].forward(states[-1]))
    table = states[-1]
    for edit, state in zip(reversed(taken), reversed(states[:-1]), strict=True):
        table = edit.backward(table)
        assert table == state
    for edit, state in zip(taken, states[1:], strict=True):
        table = edit.forward(table)
        assert table == state


@given(grids, st.data())
def test_two_edits_as_one_are_undone_together(first: Table, data: st.DataObject) -> None:
    one = data.draw(edits_of(first))
    middle = one.forward(first)
    two = data.draw(edits_of(middle))
    both = one.then(two)
    assert both.forward(first) == two.forward(middle)
    assert both.backward(two.forward(middle)) == first
