from __future__ import annotations

import time

import pytest

from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.table import Table
from forgeapp.services.comparing import CellChange, ColumnsChange, Hunk, RowsChange, Span, compare, fitted

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
        (with_rows(*ROWS, ("Lamp", "40", "e")), with_rows(*ROWS, ("Chair", "90", "f"))),
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


@pytest.mark.load
def test_large_tables_are_compared_in_two_seconds() -> None:
    columns = tuple(f"c{number}" for number in range(20))
    rows = [tuple(f"{row * 37 % 9973}-{column}" for column in range(20)) for row in range(50_000)]
    changed = [list(row) for row in rows]
    for number in range(50):
        changed[number * 900][number % 20] = "changed"
    changed.insert(7_777, ["new"] * 20)
    after = tuple((*row[:5], "19 %", *row[5:]) for row in changed)
    begun_at = time.process_time()
    comparison = compare(Table("T", columns, tuple(rows)), Table("T", (*columns[:5], "VAT", *columns[5:]), after))
    taken_s = time.process_time() - begun_at
    assert len(comparison.hunks) == 52
    assert comparison.accepted(range(52)) == comparison.after
    assert taken_s < 4


@pytest.mark.load
def test_tables_that_share_little_are_never_compared_row_by_row() -> None:
    def letters(count: int) -> Table:
        bits = [str(int(number**0.5) % 2) for number in range(count + 4)]
        return Table("T", ("a", "b", "c", "d"), tuple(tuple(bits[row : row + 4]) for row in range(count)))

    begun_at = time.process_time()
    comparison = compare(letters(30_000), Table("T", ("a", "b", "c", "d"), letters(29_990).rows[::-1]))
    assert comparison.hunks
    assert time.process_time() - begun_at < 5
