from __future__ import annotations

import pytest

from forgeapp.sheets.ranges import in_order, spills_over_itself


@pytest.mark.parametrize(
    ("formula", "turned"),
    [
        ("=SUM(B3:B$2)", "=SUM(B$2:B3)"),
        ("=SUM(S!$C$9:A1)", "=SUM(S!A1:$C$9)"),
        ("=SUM('It''s'!C3:$B$1)", "=SUM('It''s'!$B$1:C3)"),
        ('="B3:B2"&C3:B1', '="B3:B2"&B1:C3'),
        ("=SUM(C:A)+SUM(9:3)", "=SUM(A:C)+SUM(3:9)"),
        ("=SUM(B2:AA1)", "=SUM(B1:AA2)"),
        ("=SUM(A3:A1#)", "=SUM(A1:A3#)"),
        ("=SUM(A1:C3)", "=SUM(A1:C3)"),
        ('="9:3"', '="9:3"'),
        ("=A1", "=A1"),
    ],
)
def test_the_top_left_corner_of_a_range_comes_first(formula: str, turned: str) -> None:
    assert in_order(formula) == turned
    assert in_order(turned) == turned


@pytest.mark.parametrize(
    ("formula", "is_circle"),
    [
        ("=A2:B3", True),
        ("= A1:C3 ", True),
        ("=B2:C3", True),
        ("=C1:D2", False),
        ("=A3:B4", False),
        ("=Other!A1:C3", False),
        ("=SUM(A1:C3)", False),
        ("=A1:C3*2", False),
        ("=A1", False),
        ("=A:A", False),
    ],
)
def test_a_range_in_its_own_way_is_found(formula: str, is_circle: bool) -> None:
    assert spills_over_itself(formula, (0, 0)) is is_circle
