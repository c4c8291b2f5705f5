from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content, from_json, kind_of, to_json
from forgeapp.domain.document import Document
from forgeapp.domain.packed_cells import PackedCells
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, CellError, Hidden, Sheet, Values, Workbook, valid_sheet_name

_TEXT = st.text(max_size=12)
_TITLES = st.none() | _TEXT


@st.composite
def _tables(draw: st.DrawFn) -> Table:
    width = draw(st.integers(0, 4))
    row = st.lists(_TEXT, min_size=width, max_size=width).map(tuple)
    return Table(draw(_TITLES), draw(row), tuple(draw(st.lists(row, max_size=4))))


_NUMBERS = st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False)
_FORMATS = st.none() | st.sampled_from(("0.00", "#,##0"))
_CELLS = st.builds(Cell, st.text(min_size=1, max_size=8).filter(lambda t: not t.startswith("=")), _NUMBERS, _FORMATS)
_FORMULAS = st.builds(Cell, st.sampled_from(("=A1", "=SUM(A1:B2)")), st.none(), _FORMATS)
_TEXTS = st.builds(Cell, st.text(min_size=1, max_size=8), st.none(), _FORMATS)
_LINES = st.frozensets(st.integers(0, 9))


@st.composite
def _sheets(draw: st.DrawFn) -> Sheet:
    return Sheet(
        name="",
        cells=draw(
            st.dictionaries(st.tuples(st.integers(0, 40), st.integers(0, 800)), _CELLS | _FORMULAS | _TEXTS, max_size=6)
        ),
        has_header=draw(st.booleans()),
        frozen_rows=draw(st.integers(0, 3)),
        frozen_columns=draw(st.integers(0, 3)),
        widths=draw(st.dictionaries(st.integers(0, 20), st.floats(1, 80), max_size=3)),
        row_count=draw(st.integers(0, 50)),
        column_count=draw(st.integers(0, 50)),
        hidden=draw(st.builds(Hidden, st.booleans(), _LINES, _LINES)),
        filter=draw(st.none() | st.just((0, 2, 40, 700))),
    )


@st.composite
def _workbooks(draw: st.DrawFn) -> Workbook:
    import dataclasses

    sheets: list[Sheet] = []
    for sheet in draw(st.lists(_sheets(), max_size=3)):
        name = valid_sheet_name(draw(_TEXT), tuple(other.name for other in sheets))
        sheets.append(dataclasses.replace(sheet, name=name))
    return Workbook(draw(_TITLES), tuple(sheets))


_CODES = st.builds(Code, _TITLES, st.lists(st.builds(CodeFile, _TEXT, _TEXT, _TEXT), max_size=3).map(tuple))
_CONTENTS: st.SearchStrategy[Content] = st.one_of(_tables(), st.builds(Document, _TITLES, _TEXT), _CODES, _workbooks())


@given(_CONTENTS)
def test_content_comes_back_from_json_the_same(content: Content) -> None:
    data = json.loads(json.dumps(to_json(content)))
    assert data["kind"] == kind_of(content).value
    assert from_json(data) == content
    packed = from_json(data, packs=True)
    assert packed == content
    if isinstance(packed, Workbook):
        assert all(isinstance(sheet.cells, PackedCells) for sheet in packed.sheets)
        assert to_json(packed) == data


def test_what_a_formula_gives_where_a_number_was_typed_stands_at_the_place_of_the_number() -> None:
    sheet = Sheet("S", {(0, 0): Cell("1", 1), (0, 1): Cell("2", 2), (0, 2): Cell("3", 3)})
    values: Values = {"S": {(0, 0): "spilled", (0, 1): CellError("#N/A"), (0, 2): True, (5, 0): 9}}
    (data,) = to_json(Workbook("W", (sheet,)), values)["sheets"]
    assert [*data["values"].items()] == [("A1", "spilled"), ("B1", 2), ("C1", 3), ("A6", 9)]
    assert (data["errors"], data["booleans"]) == ({"B1": "#N/A"}, {"C1": True})


def test_computed_values_stand_beside_typed_ones() -> None:
    sheet = Sheet("S", {(0, 0): Cell("3", 3), (1, 0): Cell("=A1/0"), (2, 0): Cell("=A1>2")})
    data = to_json(Workbook(None, (sheet,)), {"S": {(1, 0): CellError("#DIV/0!"), (2, 0): True}})
    assert data["sheets"][0]["values"] == {"A1": 3}
    assert data["sheets"][0]["errors"] == {"A2": "#DIV/0!"}
    assert data["sheets"][0]["booleans"] == {"A3": True}


def test_values_are_finite_numbers_and_the_texts_of_formulas() -> None:
    cells = {(row, 0): Cell(text) for row, text in enumerate(("=1+1", '="yes"', "=1/0", "=9^999", "=0*1"))}
    sheet = Sheet("S", cells | {(5, 0): Cell("inf", float("inf"))})
    computed = {(0, 0): 2, (1, 0): "yes", (2, 0): float("inf"), (3, 0): 10**400, (4, 0): float("nan")}
    (data,) = to_json(Workbook(None, (sheet,)), {"S": computed})["sheets"]
    assert data["values"] == {"A1": 2, "A2": "yes"}
    assert data["errors"] == {"A3": "#NUM!", "A4": "#NUM!", "A5": "#NUM!"}
    assert "booleans" not in data
    json.dumps(data, allow_nan=False)


def test_what_formulas_gave_is_not_read_back() -> None:
    workbook = Workbook(None, (Sheet("S", {(0, 0): Cell("=A2"), (1, 0): Cell("=1/0"), (2, 0): Cell("=TRUE")}),))
    values = {"S": {(0, 0): "yes", (1, 0): CellError("#DIV/0!"), (2, 0): True}}
    assert from_json(to_json(workbook, values)) == workbook


def test_halves_of_characters_are_replaced_wherever_they_stand() -> None:
    half, whole = "a\ud83d", "a\ufffd"
    assert from_json({"kind": "document", "title": half, "markdown": half}) == Document(whole, whole)
    assert from_json({"kind": "table", "title": None, "columns": [half], "rows": [[half]]}) == Table(
        None, (whole,), ((whole,),)
    )
    code = {"kind": "code", "files": [{"name": half, "language": half, "text": half}]}
    assert from_json(code) == Code(None, (CodeFile(whole, whole, whole),))
    sheet = {"name": half, "cells": {"A1": half}, "formats": {"A1": half}}
    assert from_json({"kind": "spreadsheet", "sheets": [sheet]}) == Workbook(
        None, (Sheet(whole, {(0, 0): Cell(whole, None, whole)}),)
    )


@pytest.mark.parametrize("number", ["Infinity", "-Infinity", "NaN", "1e999", "1" + "0" * 400])
def test_numbers_no_spreadsheet_can_hold_are_refused(number: str) -> None:
    for rest in (
        f'"cells": {{"A1": "x"}}, "values": {{"A1": {number}}}',
        f'"cells": {{}}, "widths": {{"0": {number}}}',
    ):
        with pytest.raises(ValueError, match="is a number"):
            from_json(json.loads(f'{{"kind": "spreadsheet", "sheets": [{{"name": "S", {rest}}}]}}'))


_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
_KEYS = (
    "title",
    "columns",
    "rows",
    "markdown",
    "files",
    "sheets",
    "name",
    "cells",
    "values",
    "formats",
    "frozen",
    "widths",
)


@given(
    _JSON
    | st.fixed_dictionaries({"kind": st.sampled_from(("table", "document", "code", "spreadsheet"))}).flatmap(
        lambda head: st.dictionaries(st.sampled_from(_KEYS), _JSON, max_size=6).map(lambda rest: head | rest)
    )
)
def test_any_other_json_is_refused_with_a_reason(data: Any) -> None:
    try:
        content = from_json(data)
    except ValueError as error:
        assert str(error)
    else:
        assert from_json(to_json(content)) == content


@given(
    st.dictionaries(
        st.sampled_from(
            ("name", "cells", "values", "formats", "frozen", "widths", "rows", "columns", "hidden", "filter")
        ),
        _JSON,
    )
)
def test_any_sheet_is_read_or_refused_with_a_reason(sheet: dict[str, Any]) -> None:
    try:
        from_json({"kind": "spreadsheet", "sheets": [sheet]})
    except ValueError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "an artifact is a JSON object"),
        ({"kind": "film"}, "'film' is not a kind of artifact"),
        ({"kind": "table", "title": 3}, "'title'"),
        ({"kind": "table", "columns": ["a"], "rows": [["1", "2"]]}, "2 cells in a table of 1"),
        ({"kind": "document"}, "'markdown' is text"),
        ({"kind": "spreadsheet", "sheets": [{"name": "S", "cells": {"A0": "x"}}]}, "not a cell address"),
        ({"kind": "spreadsheet", "sheets": [{"name": "S", "cells": {"A1": "x"}, "values": {"A1": "y"}}]}, "a number"),
        ({"kind": "spreadsheet", "sheets": [{"name": "S", "cells": {}, "frozen": [10**18, 0]}]}, "'frozen' is a count"),
        ({"kind": "spreadsheet", "sheets": [{"name": "S", "cells": {}, "widths": {"16384": 9}}]}, "'widths'"),
        ({"kind": "spreadsheet", "sheets": [{"name": "S", "cells": {}, "hidden": {"rows": [[0, 9], [9, 9]]}}]}, "runs"),
        ({"kind": "spreadsheet", "sheets": [{"name": "S", "cells": {}, "filter": "B2:A9"}]}, "'filter'"),
        ({"kind": "spreadsheet", "sheets": [{"name": "S", "cells": {}, "widths": {"9" * 5000: 9}}]}, "'widths'"),
    ],
)
def test_what_is_wrong_is_named(data: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        from_json(data)
