from __future__ import annotations

from forgeapp.domain.workbook import Cell, Sheet, Workbook, address, position
from forgeapp.sheets.engine import evaluate
from forgeapp.sheets.error_sources import ErrorSource, Place, error_source
from tests.pace import assert_linear


def sheet(name: str, **cells: str | float) -> Sheet:
    return Sheet(
        name,
        {position(at): Cell(text) if isinstance(text, str) else Cell(str(text), text) for at, text in cells.items()},
    )


def source(at: str, *sheets: Sheet) -> ErrorSource:
    """Of a cell of the first sheet, after it was computed."""
    workbook = Workbook(None, sheets)
    found = error_source(workbook, evaluate(workbook), Place(sheets[0].name, position(at)))
    assert found is not None
    return found


def named(places: tuple[Place, ...]) -> list[str]:
    return [f"{place.sheet}!{address(place.at)}" for place in places]


def test_a_cell_without_an_error_has_no_source() -> None:
    workbook = Workbook(None, (sheet("S", A1="=1+1"),))
    assert error_source(workbook, evaluate(workbook), Place("S", (0, 0))) is None


def test_an_error_is_followed_to_the_cell_that_makes_it() -> None:
    found = source("A1", sheet("S", A1="=SUM(B1:B3)", B2="=T!A1*2"), sheet("T", A1="=5/A2", A2=0))
    assert found.source == Place("T", (0, 0))
    assert found.operand == Place("T", (1, 0))


def test_the_empty_divisor_and_the_text_among_numbers_are_named() -> None:
    assert source("A1", sheet("S", A1="=1/B7")).operand == Place("S", (6, 1))
    assert source("A1", sheet("S", A1="=B1*2+B2", B1=4, B2="n/a")).operand == Place("S", (1, 1))


def test_what_stands_in_the_way_of_a_spill_is_named() -> None:
    assert source("A1", sheet("S", A1="=SEQUENCE(3)", A3="x")).operand == Place("S", (2, 0))


def test_circles_are_named_in_their_order_also_through_sheets() -> None:
    assert named(source("A1", sheet("S", A1="=A1+1")).cycle) == ["S!A1"]
    assert named(source("A1", sheet("S", A1="=B1", B1="=A1")).cycle) == ["S!A1", "S!B1"]
    through = source("A1", sheet("S", A1="=T!A1+1"), sheet("T", A1="=SUM(S!A1:A3)"))
    assert named(through.cycle) == ["S!A1", "T!A1"]


def test_what_only_depends_on_a_circle_is_told_of_it() -> None:
    found = source("C1", sheet("S", A1="=B1", B1="=A1", C1="=A1*2"))
    assert named(found.cycle) == ["S!A1", "S!B1"]
    assert found.source == Place("S", (0, 0))


def test_a_lost_reference_is_no_circle() -> None:
    found = source("A1", sheet("S", A1="=B1+1", B1="=#REF!*2"))
    assert (found.cycle, found.source) == ((), Place("S", (0, 1)))


def test_long_chains_and_whole_columns_take_linear_time() -> None:
    from forgeapp.domain.workbook import CellError

    def make(size: int) -> Workbook:
        chain = {f"A{row}": f"=A{row + 1}" for row in range(1, size)}
        columns = {f"B{row}": "=SUM(A:A)+SUM(1:1048576)" for row in range(1, 300)}
        return Workbook(None, (sheet("S", **chain, **columns, **{f"A{size}": "=1/0"}),))

    def check(workbook: Workbook) -> None:
        for error in ("#DIV/0!", "#REF!"):
            values = {"S": {at: CellError(error) for at in workbook.sheets[0].cells}}
            for at in ("A1", "B1"):
                assert error_source(workbook, values, Place("S", position(at))) is not None

    assert_linear(check, make, 5_000)
