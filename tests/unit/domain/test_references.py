from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.references import (
    Move,
    sheet_reference,
    shifted,
    with_cells_moved,
    with_sheet_renamed,
    without_sheet,
)
from tests.pace import assert_linear, repeated


@pytest.mark.parametrize(
    ("formula", "rows", "columns", "moved"),
    [
        ("=SUM(B2:B6)*$C$1", 1, 1, "=SUM(C3:C7)*$C$1"),
        ("=$A1+A$1", 2, 3, "=$A3+D$1"),
        ("=SUM(A:A)+SUM($A:B)", 5, 1, "=SUM(B:B)+SUM($A:C)"),
        ("=SUM(1:3)+SUM($1:$3)", 2, 9, "=SUM(3:5)+SUM($1:$3)"),
        ("='It''s'!B2:C4+Data!A1", 1, 0, "='It''s'!B3:C5+Data!A2"),
        ("=LOG10(A1)*2.5", 1, 0, "=LOG10(A2)*2.5"),
        ('="A1"&x1y', 1, 1, '="A1"&x1y'),
        ("=A1#", 1, 0, "=A2#"),
        ("=A1", -1, 0, "=#REF!"),
        ("=SUM(Data!A1:B2)+B9", 0, -1, "=SUM(#REF!)+A9"),
        ("=XFD1", 0, 1, "=#REF!"),
        ("=A1048576", 1, 0, "=#REF!"),
        ("=ABC9999999", 1, 0, "=ABC9999999"),
    ],
)
def test_relative_references_move_with_their_formula(formula: str, rows: int, columns: int, moved: str) -> None:
    assert shifted(formula, rows, columns) == moved


@given(
    st.sampled_from(["=SUM(C5:D9)", "=$C5*C$5-Data!E7", "=SUM(C:D)/SUM(5:6)", '=IF(C5>1,"C5",E5#)']),
    st.integers(0, 900),
    st.integers(0, 900),
)
def test_moving_there_and_back_gives_the_same_formula(formula: str, rows: int, columns: int) -> None:
    assert shifted(shifted(formula, rows, columns), -rows, -columns) == formula


@given(st.text(max_size=60))
def test_any_text_can_be_moved_and_renamed_in(text: str) -> None:
    formula = f"={text}"
    assert shifted(formula, 3, 3).startswith("=")
    assert with_sheet_renamed(formula, "no such sheet at all", "x") == formula
    assert without_sheet(formula, "no such sheet at all") == formula


@pytest.mark.parametrize(
    ("formula", "renamed"),
    [
        ("=Year!A1+year!B2", "='Next year'!A1+'Next year'!B2"),
        ("='Year'!A1&\"Year!A1\"", "='Next year'!A1&\"Year!A1\""),
        ("=SUM(Year:Last!A1)", "=SUM('Next year':Last!A1)"),
        ("=YEAR(A1)+Years!A1", "=YEAR(A1)+Years!A1"),
    ],
)
def test_references_follow_a_renamed_sheet(formula: str, renamed: str) -> None:
    assert with_sheet_renamed(formula, "Year", "Next year") == renamed


@pytest.mark.parametrize(
    ("formula", "left"),
    [
        ("=Year!A1+B2", "=#REF!+B2"),
        ("=SUM('Year'!A1:B2)*Other!C3", "=SUM(#REF!)*Other!C3"),
        ("=SUM(Year!A:A)+SUM(Year!1:3)+Year!A1#", "=SUM(#REF!)+SUM(#REF!)+#REF!"),
        ('="Year!A1"', '="Year!A1"'),
    ],
)
def test_references_to_a_deleted_sheet_are_lost(formula: str, left: str) -> None:
    assert without_sheet(formula, "YEAR") == left


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("Data", "Data"),
        ("Café", "Café"),
        ("Plan 2027", "'Plan 2027'"),
        ("It's", "'It''s'"),
        ("B2", "'B2'"),
        ("R1C1", "'R1C1'"),
        ("2027", "'2027'"),
        ("a-b", "'a-b'"),
        ("TRUE", "'TRUE'"),
    ],
)
def test_sheet_names_are_quoted_where_formulas_need_it(name: str, spelled: str) -> None:
    assert sheet_reference(name) == spelled


@pytest.mark.security
def test_long_formulas_take_linear_time() -> None:
    assert_linear(lambda formula: shifted(formula, 1, 1), repeated("A1:B2+", "=", "1"), 30_000)


DOWN = Move("S", 1, 1, 2, 1, "S", 4, 2)
"""B2:B3 to D6:D7."""
AWAY = Move("S", 1, 1, 2, 1, "Other one", 0, 0)


@pytest.mark.parametrize(
    ("move", "formula", "moved"),
    [
        (DOWN, "=SUM(B2:B3)", "=SUM(D6:D7)"),
        (DOWN, "=$B$2+B3*B4", "=$D$6+D7*B4"),
        (DOWN, "=SUM(B1:B9)+SUM(A2:C3)", "=SUM(B1:B9)+SUM(A2:C3)"),
        (DOWN, "=S!B2+'s'!B3+Else!B2", "=S!D6+'s'!D7+Else!B2"),
        (DOWN, "=D6+SUM(D6:D7)+D8", "=#REF!+SUM(#REF!)+D8"),
        (DOWN, '="B2"&B2#', '="B2"&D6#'),
        (DOWN, "=SUM(B:B)+SUM(2:3)", "=SUM(B:B)+SUM(2:3)"),
        (DOWN, "=SUM(Else:S!B2)", "=SUM(Else:S!B2)"),
        (Move("S", 2, 1, 2, 1, "S", 3, 0), "=SUM(B2:B3)", "=SUM(B2:B6)"),
        (Move("S", 1, 1, 1, 1, "S", -1, 0), "=SUM(B2:$B$3)", "=SUM(B1:$B$3)"),
        (Move("S", 1, 1, 1, 1, "S", 0, 3), "=SUM(B2:B3)", "=SUM(B2:B3)"),
        (AWAY, "=B2+SUM(B2:B3)+B4", "='Other one'!B2+SUM('Other one'!B2:B3)+B4"),
        (AWAY, "=S!B2+'Other one'!B3", "='Other one'!B2+#REF!"),
    ],
)
def test_references_follow_moved_cells(move: Move, formula: str, moved: str) -> None:
    assert with_cells_moved(formula, move, "S") == moved


def test_a_formula_that_moves_to_another_sheet_still_means_the_same_cells() -> None:
    assert with_cells_moved("=A1+B3*'Other one'!C1", AWAY, "S", "Other one") == "=S!A1+B3*'Other one'!C1"


@given(st.text(alphabet="AB123$:!'S+(,)# ", max_size=40))
def test_moving_there_and_back_leaves_any_formula_that_lost_nothing(text: str) -> None:
    formula = f"={text}"
    there = with_cells_moved(formula, DOWN, "S")
    back = with_cells_moved(there, Move("S", 5, 3, 6, 3, "S", -4, -2), "S")
    assert back == formula or "#REF!" in there
