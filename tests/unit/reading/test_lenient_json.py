"""JSON as models write it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forgeapp.reading.lenient_json import Numeral, decode


def plain(value: Any) -> Any:
    match value:
        case Numeral():
            return value.number
        case dict():
            return {key: plain(item) for key, item in value.items()}
        case list():
            return [plain(item) for item in value]
        case _:
            return value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, 2.50, -3e2], "b": null}', {"a": [1, 2.5, -300.0], "b": None}),
        ("{'a': 'it is', b: True, c: None,}", {"a": "it is", "b": True, "c": None}),
        ("[1, // one\n 2, /* two */ # three\n]", [1, 2]),
        ('["a "quoted" word", 1]', ['a "quoted" word', 1]),
        ('["two\nlines"]', ["two\nlines"]),
        ("[“curly”, 1]", ["curly", 1]),
        ('["=IF(A1="x",1,0)"]', ['=IF(A1="x",1,0)']),
    ],
)
def test_sloppy_json_is_understood(text: str, value: object) -> None:
    decoded = decode(text)
    assert decoded is not None and decoded.complete
    assert plain(decoded.value) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('[{"a": 1}, {"a": 2', [{"a": 1}, {}]),
        ('[["x", "yy', [["x", "yy"]]),
        ('[["x", "=B2*', [["x"]]),
        ('{"a": [1, 2], "b', {"a": [1, 2]}),
        ("[[1, 2],\n", [[1, 2]]),
    ],
)
def test_json_that_breaks_off_keeps_what_is_whole(text: str, value: object) -> None:
    decoded = decode(text)
    assert decoded is not None and not decoded.complete
    assert plain(decoded.value) == value


def test_numbers_keep_how_they_were_written() -> None:
    decoded = decode("[12.50, 1e3]")
    assert decoded is not None
    assert [str(item) for item in decoded.value] == ["12.50", "1e3"]


@pytest.mark.parametrize("text", ["", "x", "[" * 100_000, '{"a":' * 100_000])
def test_no_value_and_bottomless_nesting_are_none(text: str) -> None:
    assert decode(text) is None


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)
@given(st.lists(values, max_size=5))
def test_valid_json_means_what_it_says(value: list[Any]) -> None:
    decoded = decode(json.dumps(value))
    assert decoded is not None and decoded.complete
    assert plain(decoded.value) == value


@settings(max_examples=300, deadline=None)
@given(st.text("[]{}\",:'\\=( )ab1\n/", max_size=120))
def test_whatever_json_can_read_is_read_the_same(text: str) -> None:
    decoded = decode(text)
    try:
        value = json.loads(text)
    except ValueError:
        return
    if isinstance(value, dict | list):
        assert decoded is not None
        assert plain(decoded.value) == value
