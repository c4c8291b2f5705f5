from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.formula_typing import Call, call_at, can_take_reference, spans, with_dollars_turned, word_at


def at(marked: str) -> tuple[str, int]:
    """The text without its '|', and where that stood."""
    return marked.replace("|", "", 1), marked.index("|")


@pytest.mark.parametrize(
    ("marked", "word"),
    [
        ("=SU|", "SU"),
        ("=SUM(A1, VLO|)", "VLO"),
        ("=1+per|", "per"),
        ("=SUM(|", None),
        ('="SU|', None),
        ('="a"&SU|', "SU"),
        ("=A1|", "A1"),
        ("=12|", None),
        ("=$A|", None),
        ("=Sheet!A|", None),
        ("SU|", None),
        ("=SUM('Per 1|", "Per 1"),
    ],
)
def test_the_word_at_the_cursor_is_found(marked: str, word: str | None) -> None:
    found = word_at(*at(marked))
    assert (found.text if found else None) == word


def test_a_word_in_the_middle_is_replaced_as_a_whole() -> None:
    found = word_at(*at("=SU|MIF(A1)"))
    assert found is not None
    assert (found.start, found.end) == (1, 6)


@pytest.mark.parametrize(
    ("marked", "call"),
    [
        ("=SUM(|", Call("SUM", 0)),
        ("=SUM(A1,|", Call("SUM", 1)),
        ("=IF(A1>0,ROUND(B1,|2),3)", Call("ROUND", 1)),
        ("=IF(A1>0,ROUND(B1,2),|3)", Call("IF", 2)),
        ("=IF((A1+|1)>0,1)", Call("IF", 0)),
        ("=IF({1,2|},1)", Call("IF", 0)),
        ('=TEXT("a,b",|', Call("TEXT", 1)),
        ("=SUM(A1)|", None),
        ("=(1+|", None),
    ],
)
def test_the_call_around_the_cursor_is_found(marked: str, call: Call | None) -> None:
    assert call_at(*at(marked)) == call


@pytest.mark.parametrize(
    ("marked", "can"),
    [
        ("=|", True),
        ("=A1+|", True),
        ("=SUM(|", True),
        ("=SUM(|)", True),
        ("=SUM(A1,|)", True),
        ("=A1|", False),
        ("=5%|", False),
        ('="a|', False),
        ("=SUM(|A1)", False),
        ("5+|", False),
    ],
)
def test_a_reference_goes_where_a_value_belongs(marked: str, can: bool) -> None:
    assert can_take_reference(*at(marked)) is can


def test_spans_are_the_references_with_the_cells_they_mean() -> None:
    found = spans("=B2+SUM('My Sheet'!$A$1:C3)*LOG10(D:D)")
    assert [(span.sheet, span.top, span.left, span.bottom, span.right) for span in found] == [
        (None, 1, 1, 1, 1),
        ("My Sheet", 0, 0, 2, 2),
        (None, 0, 3, 1_048_575, 3),
    ]
    assert found[1].end - found[1].start == len("'My Sheet'!$A$1:C3")


def test_dollars_turn_through_four_forms_and_back() -> None:
    text, cursor, seen = "=SUM(B2:C3)", 6, []
    for _ in range(4):
        turned = with_dollars_turned(text, cursor)
        assert turned is not None
        text, cursor = turned
        seen.append(text)
    assert seen == ["=SUM($B$2:$C$3)", "=SUM(B$2:C$3)", "=SUM($B2:$C3)", "=SUM(B2:C3)"]
    assert with_dollars_turned("=SUM(1)", 6) is None
    assert with_dollars_turned("=SUM(A:B)", 5) == ("=SUM($A:$B)", 10)


@given(st.text("=SUM(A1:B2,'\"!$#{};%& x", max_size=40), st.integers(0, 40))
def test_whatever_is_typed_is_looked_at_without_a_fault(text: str, cursor: int) -> None:
    text = "=" + text
    cursor = min(cursor, len(text))
    word_at(text, cursor)
    call_at(text, cursor)
    can_take_reference(text, cursor)
    turned = with_dollars_turned(text, cursor)
    assert turned is None or turned[1] <= len(turned[0])
    assert all(0 < span.start < span.end <= len(text) for span in spans(text))
