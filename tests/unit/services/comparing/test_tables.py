from __future__ import annotations

import pytest

from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.table import Table
from forgeapp.services.comparing import (
    CellChange,
    ColumnsChange,
    ColumnsOrderChange,
    Fitted,
    Hunk,
    RowsChange,
    RowsOrderChange,
    Span,
    compare,
    fitted,
)
from tests.pace import assert_linear

HEAD = ("Item", "Net", "Note")
ROWS = (("Rent", "100", "a"), ("Pens", "5", "b"), ("Ink", "7", "c"), ("Desk", "300", "d"))
BASE = Table("T", HEAD, ROWS)


def wheres(before: Content, after: Content) -> list[str]:
    return [hunk.where for hunk in compare(before, after).hunks]


def with_rows(*rows: tuple[str, ...], columns: tuple[str, ...] = HEAD) -> Table:
    return Table("T", columns, rows)


def test_a_changed_cell_is_a_hunk() -> None:
    after = with_rows(ROWS[0], ("Pens", "6", "b"), *ROWS[2:])
    assert compare(BASE, after).hunks == (Hunk("B3", "5", "6", CellChange(None, (2, 1), (2, 1))),)


def test_rows_that_follow_each_other_come_as_one_hunk() -> None:
    after = with_rows(*ROWS[:2], ("Lamp", "40", "e"), ("Chair", "90", "f"), *ROWS[2:])
    (hunk,) = compare(BASE, after).hunks
    assert hunk == Hunk("rows 4-5", "", "Lamp\t40\te\nChair\t90\tf", RowsChange(None, Span(3, 3), Span(3, 5)))


def test_a_row_that_went_is_one_hunk_and_a_change_below_it_keeps_its_own() -> None:
    comparison = compare(BASE, with_rows(ROWS[0], ROWS[2], ("Desk", "310", "d")))
    assert [hunk.where for hunk in comparison.hunks] == ["row 3", "B4"]
    assert comparison.hunks[0].change == RowsChange(None, Span(2, 3), Span(2, 2))
    assert comparison.hunks[1].change == CellChange(None, (4, 1), (3, 1))
    assert comparison.accepted([1]) == with_rows(*ROWS[:3], ("Desk", "310", "d"))


def test_a_column_that_came_is_one_hunk_beside_a_row_that_came() -> None:
    rows = [(*row[:2], f"{index}%", row[2]) for index, row in enumerate((*ROWS[:1], ("Ink", "1", "z"), *ROWS[1:]))]
    comparison = compare(BASE, with_rows(*rows, columns=("Item", "Net", "VAT", "Note")))
    assert [hunk.where for hunk in comparison.hunks] == ['column C "VAT"', "row 3"]
    assert comparison.hunks[0].change == ColumnsChange(None, Span(2, 2), Span(2, 3))
    assert comparison.hunks[0].after == "VAT\n0%\n1%\n2%\n3%\n4%"
    assert comparison.accepted([1]) == with_rows(ROWS[0], ("Ink", "1", "z"), *ROWS[1:])
    assert comparison.accepted([0]) == with_rows(
        *((*row[:2], percent, row[2]) for row, percent in zip(ROWS, ("0%", "2%", "3%", "4%"), strict=True)),
        columns=("Item", "Net", "VAT", "Note"),
    )


def test_a_column_that_went_is_one_hunk() -> None:
    (hunk,) = compare(BASE, with_rows(*(row[:1] + row[2:] for row in ROWS), columns=("Item", "Note"))).hunks
    assert (hunk.where, hunk.before, hunk.after) == ('column B "Net"', "Net\n100\n5\n7\n300", "")


def test_a_row_kept_where_a_column_went_has_a_blank_where_a_row_came() -> None:
    after = with_rows(*(row[:1] + row[2:] for row in ROWS), ("Lamp", "e"), columns=("Item", "Note"))
    assert compare(BASE, after).accepted([1]) == with_rows(*ROWS, ("Lamp", "", "e"))


def test_a_column_with_another_name_and_the_same_content_is_a_changed_cell() -> None:
    assert wheres(BASE, with_rows(*ROWS, columns=("Item", "Price", "Note"))) == ["B1"]


def test_a_column_or_row_that_changed_where_it_stands_stays_a_matter_of_cells() -> None:
    doubled = tuple((row[0], str(2 * int(row[1])), row[2]) for row in ROWS)
    assert wheres(BASE, with_rows(*doubled)) == ["B2", "B3", "B4", "B5"]
    assert wheres(BASE, with_rows(ROWS[0], ("Paper", "9", "b"), *ROWS[2:])) == ["A3", "B3"]


def test_rows_are_known_again_by_what_tells_them_apart_though_every_price_changed() -> None:
    raised = [(name, f"{int(net) * 3}", note) for name, net, note in ROWS]
    after = with_rows(raised[0], ("Lamp", "40", "e"), *raised[1:3])
    assert wheres(BASE, after) == ["B2", "row 3", "B4", "B5", "row 5"]


def test_another_kind_is_one_hunk() -> None:
    comparison = compare(Document("A", "x"), Table("B", ("x",)))
    assert [(hunk.where, hunk.before, hunk.after) for hunk in comparison.hunks] == [
        ("title", "A", "B"),
        ("kind", "document", "table"),
    ]
    assert comparison.accepted([1]) == Table("A", ("x",))
    assert fitted(comparison, Document("C", "x")).content == Table("C", ("x",))
    moved = fitted(comparison, Document("A", "y"))
    assert (moved.content, len(moved.unplaced)) == (Document("B", "y"), 1)


def test_changes_at_different_places_both_survive() -> None:
    model = compare(BASE, with_rows(("Rent", "120", "a"), *ROWS[1:3], ("Lamp", "40", "e"), ROWS[3]))
    mine = Table("T", ("Item", "Town", "Net", "Note"), tuple((r[0], "Ulm", *r[1:]) for r in (*ROWS[:1], *ROWS[2:])))
    result = fitted(model, mine)
    assert result.unplaced == ()
    assert result.content == Table(
        "T",
        ("Item", "Town", "Net", "Note"),
        (
            ("Rent", "Ulm", "120", "a"),
            ("Ink", "Ulm", "7", "c"),
            ("Lamp", "", "40", "e"),
            ("Desk", "Ulm", "300", "d"),
        ),
    )


def test_a_cell_changed_by_both_stays_as_the_user_has_it_and_is_told() -> None:
    model = compare(BASE, with_rows(("Rent", "120", "a"), ("Pens", "6", "b"), *ROWS[2:]))
    result = fitted(model, with_rows(("Rent", "130", "a"), *ROWS[1:]))
    assert result.content == with_rows(("Rent", "130", "a"), ("Pens", "6", "b"), *ROWS[2:])
    assert [hunk.where for hunk in result.unplaced] == ["B2"]
    assert [hunk.where for hunk in result.placed] == ["B3"]


@pytest.mark.parametrize(
    ("model", "mine"),
    [
        # A row that one took out and the other changed.
        (with_rows(*ROWS[:1], *ROWS[2:]), with_rows(ROWS[0], ("Pens", "6", "b"), *ROWS[2:])),
        (with_rows(ROWS[0], ("Pens", "6", "b"), *ROWS[2:]), with_rows(*ROWS[:1], *ROWS[2:])),
        # Rows put in at one place.
        (with_rows(ROWS[0], ("Lamp", "40", "e"), *ROWS[1:]), with_rows(ROWS[0], ("Chair", "90", "f"), *ROWS[1:])),
        # Another order each.
        (with_rows(*ROWS[::-1]), with_rows(ROWS[2], ROWS[0], ROWS[3], ROWS[1])),
        # A column that one took out and the other changed.
        (
            with_rows(*(row[:1] + row[2:] for row in ROWS), columns=("Item", "Note")),
            with_rows(ROWS[0], ("Pens", "6", "b"), *ROWS[2:]),
        ),
    ],
)
def test_where_both_touch_the_same_the_user_s_stays(model: Table, mine: Table) -> None:
    result = fitted(compare(BASE, model), mine)
    assert result.content == mine
    assert len(result.unplaced) == 1


def test_a_sorted_table_is_one_hunk_and_a_cell_that_changed_beside_it_another() -> None:
    after = with_rows(("Pens", "5", "b"), ("Ink", "8", "c"), ("Rent", "100", "a"), ("Desk", "300", "d"))
    comparison = compare(BASE, after)
    order, cell = comparison.hunks
    assert (order.where, order.before, order.after) == ("row 2 moved", "row 2", "row 4")
    assert cell == Hunk("B3", "7", "8", CellChange(None, (3, 1), (2, 1)))
    assert comparison.accepted([0]) == with_rows(ROWS[1], ROWS[2], ROWS[0], ROWS[3])
    assert comparison.accepted([1]) == with_rows(*ROWS[:2], ("Ink", "8", "c"), ROWS[3])


def test_the_order_of_rows_is_told_by_the_rows() -> None:
    (hunk,) = compare(BASE, with_rows(*ROWS[::-1])).hunks
    assert hunk == Hunk(
        "order of the rows",
        "Rent\t100\ta\nPens\t5\tb\nInk\t7\tc\nDesk\t300\td",
        "Desk\t300\td\nInk\t7\tc\nPens\t5\tb\nRent\t100\ta",
        RowsOrderChange(None, Span(1, 5), Span(1, 5), is_move=False),
    )


def test_rows_moved_together_are_one_hunk_that_says_where_they_went() -> None:
    many = tuple((f"Item {number}", str(number), "x") for number in range(9))
    moved = (*many[:2], *many[6:8], *many[2:6], many[8])
    (hunk,) = compare(with_rows(*many), with_rows(*moved)).hunks
    change = RowsOrderChange(None, Span(7, 9), Span(3, 5), is_move=True)
    assert hunk == Hunk("rows 8-9 moved", "rows 8-9", "rows 4-5", change)


def test_a_column_that_moved_is_one_hunk_and_rows_that_came_fit_either_order() -> None:
    after = Table(
        "T", ("Note", "Item", "Net"), tuple((c, a, b) for a, b, c in (*ROWS[:2], ("Cup", "3", "z"), *ROWS[2:]))
    )
    comparison = compare(BASE, after)
    assert [hunk.where for hunk in comparison.hunks] == ['column C "Note" moved', "row 4"]
    assert comparison.hunks[0].change == ColumnsOrderChange(None, Span(2, 3), Span(0, 1), is_move=True)
    assert (comparison.hunks[0].before, comparison.hunks[0].after) == ("column C", "column A")
    assert comparison.accepted([1]) == with_rows(*ROWS[:2], ("Cup", "3", "z"), *ROWS[2:])
    assert comparison.accepted([0]) == Table("T", after.columns, tuple((c, a, b) for a, b, c in ROWS))


def test_columns_in_another_order_are_told_by_their_names() -> None:
    (hunk,) = compare(BASE, Table("T", HEAD[::-1], tuple(row[::-1] for row in ROWS))).hunks
    assert (hunk.where, hunk.before, hunk.after) == ("order of the columns", "Item, Net, Note", "Note, Net, Item")


def test_a_row_that_came_and_one_that_went_stand_by_their_neighbours_in_either_order() -> None:
    comparison = compare(BASE, with_rows(ROWS[3], ("Lamp", "40", "e"), ROWS[2], ROWS[0]))
    assert [hunk.where for hunk in comparison.hunks] == ["order of the rows", "row 3", "row 3"]
    came = next(n for n, hunk in enumerate(comparison.hunks) if hunk.after.startswith("Lamp"))
    assert comparison.accepted([came]) == with_rows(*ROWS, ("Lamp", "40", "e"))


def test_a_sort_fits_cells_and_rows_the_user_changed_meanwhile() -> None:
    model = compare(BASE, with_rows(*ROWS[::-1]))
    mine = with_rows(("Rent", "120", "a"), *ROWS[1:3], ("Lamp", "40", "e"), ROWS[3])
    result = fitted(model, mine)
    assert result.unplaced == ()
    assert result.content == with_rows(ROWS[3], ROWS[2], ("Lamp", "40", "e"), ROWS[1], ("Rent", "120", "a"))


def test_changes_fit_a_table_the_user_sorted_meanwhile() -> None:
    model = compare(BASE, with_rows(("Rent", "120", "a"), *ROWS[1:3], ("Lamp", "40", "e"), ROWS[3]))
    result = fitted(model, with_rows(*ROWS[::-1]))
    assert result.unplaced == ()
    assert result.content == with_rows(ROWS[3], ROWS[2], ("Lamp", "40", "e"), ROWS[1], ("Rent", "120", "a"))


def test_what_both_append_stands_there_both_and_the_same_row_once() -> None:
    model = compare(BASE, with_rows(*ROWS, ("Lamp", "40", "e")))
    result = fitted(model, with_rows(*ROWS, ("Chair", "90", "f")))
    assert (result.content, result.unplaced) == (with_rows(*ROWS, ("Chair", "90", "f"), ("Lamp", "40", "e")), ())
    changed = with_rows(("Rent", "1", "a"), *ROWS[1:], ("Lamp", "40", "e"))
    assert fitted(model, changed) == Fitted(changed, model.hunks, ())


@pytest.mark.load
def test_a_large_table_in_another_order_is_compared_in_linear_time() -> None:
    def make(size: int) -> tuple[Table, Table]:
        rows = [tuple(f"{row * 37 % 9973}-{row}-{column}" for column in range(20)) for row in range(size)]
        columns = tuple(f"c{number}" for number in range(20))
        return Table("T", columns, tuple(rows)), Table("T", columns, tuple(sorted(rows)))

    def check(tables: tuple[Table, Table]) -> None:
        before, after = tables
        comparison = compare(before, after)
        assert len(comparison.hunks) == 1
        assert comparison.accepted([0]) == after
        assert comparison.accepted([]) == before

    assert_linear(check, make, 10_000)


@pytest.mark.load
def test_large_tables_are_compared_in_linear_time() -> None:
    columns = tuple(f"c{number}" for number in range(20))

    def make(size: int) -> tuple[Table, Table]:
        rows = [tuple(f"{row * 37 % 9973}-{column}" for column in range(20)) for row in range(size)]
        changed = [list(row) for row in rows]
        for number in range(50):
            changed[number * size // 50][number % 20] = "changed"
        changed.insert(size // 7, ["new"] * 20)
        after = tuple((*row[:5], "19 %", *row[5:]) for row in changed)
        return Table("T", columns, tuple(rows)), Table("T", (*columns[:5], "VAT", *columns[5:]), after)

    def check(tables: tuple[Table, Table]) -> None:
        comparison = compare(*tables)
        assert len(comparison.hunks) == 52
        assert comparison.accepted(range(52)) == comparison.after

    assert_linear(check, make, 20_000)


@pytest.mark.load
def test_tables_that_share_little_are_never_compared_row_by_row() -> None:
    def letters(count: int) -> Table:
        bits = [str(int(number**0.5) % 2) for number in range(count + 4)]
        return Table("T", ("a", "b", "c", "d"), tuple(tuple(bits[row : row + 4]) for row in range(count)))

    def make(size: int) -> tuple[Table, Table]:
        return letters(size), Table("T", ("a", "b", "c", "d"), letters(size - 10).rows[::-1])

    def check(tables: tuple[Table, Table]) -> None:
        assert compare(*tables).hunks

    assert_linear(check, make, 30_000)
