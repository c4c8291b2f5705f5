"""JSON holds every kind, whatever stands in it; faults planted in the file are named."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forgeapp import __version__
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content, kind_of, to_json
from forgeapp.domain.document import Document
from forgeapp.domain.packed_cells import PackedCells
from forgeapp.domain.publication import Publication
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, CellError, Sheet, Values, Workbook
from forgeapp.exporters.json import EXPORTER

BUDGET = Workbook(
    "Budget",
    (
        Sheet("S", {(0, 0): Cell("1,240", 1240, "#,##0"), (1, 0): Cell("=A1/0"), (2, 0): Cell("=A1*2")}, frozen_rows=1),
        Sheet("T", {(0, 0): Cell("x")}, has_header=False, widths={0: 12.5}),
    ),
)
VALUES: Values = {"S": {(1, 0): CellError("#DIV/0!"), (2, 0): 2480, (3, 0): True, (4, 0): "spilled"}}


def _publication(content: Content, values: Values | None = None) -> Publication:
    return Publication("T", kind_of(content), content, values=values or {})


def _written(path: Path, content: Publication) -> list[str]:
    path.unlink(missing_ok=True)
    EXPORTER.write(content, path, lambda share: None)
    return EXPORTER.verify(content, path)


_TEXT = st.text(st.characters(), max_size=8)
_NUMBERS = st.none() | st.integers() | st.floats(width=64) | st.sampled_from((10**30, -(2**63), 2**53 + 1, 5e-324))
_CELLS = st.dictionaries(
    st.tuples(st.integers(0, 30), st.integers(0, 30)),
    st.builds(Cell, _TEXT.filter(bool), _NUMBERS, st.sampled_from((None, "0.00", "@"))),
    max_size=5,
)
_CONTENTS: st.SearchStrategy[Content] = st.one_of(
    st.builds(Document, st.none() | _TEXT, _TEXT),
    st.builds(Code, st.none() | _TEXT, st.lists(st.builds(CodeFile, _TEXT, _TEXT, _TEXT), max_size=3).map(tuple)),
    st.lists(_TEXT, min_size=1, max_size=3).flatmap(
        lambda columns: st.builds(
            Table,
            st.none() | _TEXT,
            st.just(tuple(columns)),
            st.lists(st.tuples(*(_TEXT for _ in columns)), max_size=3).map(tuple),
        )
    ),
    st.builds(lambda cells, frozen: Workbook("W", (Sheet("S", cells, frozen_rows=frozen),)), _CELLS, st.integers(0, 2)),
)
_VALUES = st.dictionaries(
    st.tuples(st.integers(0, 30), st.integers(0, 30)),
    st.booleans() | st.integers() | st.floats(width=64) | _TEXT | st.just(CellError("#N/A")),
    max_size=4,
).map(lambda values: {"S": values})


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=_CONTENTS, values=_VALUES)
def test_every_kind_is_written_without_a_difference_as_json_that_every_reader_takes(
    content: Content, values: Values, tmp_path: Path
) -> None:
    path = tmp_path / "a.json"
    assert _written(path, _publication(content, values)) == []
    usual = json.dumps({"forgeapp": __version__, **to_json(content, values)}, ensure_ascii=False, indent=2)
    assert path.read_bytes() == f"{usual}\n".encode(errors="backslashreplace")

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON (RFC 8259)")

    json.loads(path.read_bytes().decode(), parse_constant=refuse)


def _change(*keys: str | int, to: Any) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        for key in keys[:-1]:
            data = data[key]
        if to is None:
            del data[keys[-1]]
        else:
            data[keys[-1]] = to

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_change("title", to="Other"), "the spreadsheet read back is another one"),
        (_change("sheets", 1, to=None), "another one"),
        (_change("sheets", 0, "name", to="Z"), "another one"),
        (_change("sheets", 0, "cells", "A1", to="1,241"), "another one"),
        (_change("sheets", 0, "cells", "A2", to=None), "another one"),
        (_change("sheets", 0, "cells", "B9", to="new"), "another one"),
        (_change("sheets", 0, "formats", "A1", to="0.00"), "another one"),
        (_change("sheets", 0, "frozen", to=[2, 0]), "another one"),
        (_change("sheets", 1, "widths", "0", to=3.0), "another one"),
        (_change("sheets", 1, "has_header", to=None), "another one"),
        (_change("sheets", 0, "values", "A1", to=1241), "S!A1 is 1241 instead of 1240"),
        (_change("sheets", 0, "values", "A3", to=2481), "S!A3 is 2481 instead of 2480"),
        (_change("sheets", 0, "values", "A3", to=None), "S!A3 is None instead of 2480"),
        (_change("sheets", 0, "values", "A9", to=1), "S!A9 is 1 instead of None"),
        (_change("sheets", 0, "errors", "A2", to="#REF!"), "S!A2 is '#REF!' instead of '#DIV/0!'"),
        (_change("sheets", 0, "booleans", "A4", to=False), "S!A4 is False instead of True"),
        (_change("sheets", 0, "cells", to=[]), "cannot be read again"),
        (_change("forgeapp", to=None), "the file does not say which version wrote it"),
    ],
)
def test_a_changed_file_is_found_out(tmp_path: Path, change: Callable[[Any], None], said: str) -> None:
    path, content = tmp_path / "a.json", _publication(BUDGET, VALUES)
    assert _written(path, content) == []
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data))
    found = EXPORTER.verify(content, path)
    assert any(said in difference for difference in found), found


@pytest.mark.parametrize(
    ("content", "change"),
    [
        (Table("T", ("a", "b"), (("1", "2"), ("3", "4"))), _change("rows", 1, to=None)),
        (Table("T", ("a", "b"), (("1", "2"), ("3", "4"))), _change("rows", 0, 1, to="20")),
        (Table("T", ("a", "b"), (("1", "2"),)), _change("columns", 0, to="A")),
        (Document("D", "# D\n"), _change("markdown", to="# D")),
        (Code("C", (CodeFile("a.py", "python", "x\n"),)), _change("files", 0, "text", to="x")),
        (Code("C", (CodeFile("a.py", "python", "x\n"),)), _change("files", 0, "language", to="")),
    ],
)
def test_a_change_of_any_kind_is_found_out(tmp_path: Path, content: Content, change: Callable[[Any], None]) -> None:
    path, laid_out = tmp_path / "a.json", _publication(content)
    assert _written(path, laid_out) == []
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data))
    assert EXPORTER.verify(laid_out, path) == [f"the {laid_out.kind} read back is another one"]


@pytest.mark.security
@pytest.mark.parametrize("data", [b"", b"\xff", b"[" * 100_000, b'{"kind": 1}', b"1e999", b"9" * 5_000])
def test_what_is_no_artifact_is_told_and_does_not_raise(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(data)
    (difference,) = EXPORTER.verify(_publication(BUDGET), path)
    assert "cannot be read again" in difference


def test_a_large_sheet_is_written_and_compared_without_ever_being_held(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    cells = PackedCells({(row, column): Cell(f"{row}", row, "0.00") for row in range(1_000) for column in range(8)})
    content = _publication(Workbook("W", (Sheet("S", cells),)))
    assert _written(path, content) == []
    tracemalloc.start()
    assert _written(path, content) == []
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # Its objects would take ten times as much.
    assert used < 2 * path.stat().st_size


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('"A1": 1240,', '"A1": 1240,\n        "A1": 1240,'),
        lambda text: text + "{}",
        lambda text: text.replace("1240", "1240.5"),
        lambda text: text[:-20],
    ],
)
def test_what_another_reader_takes_for_something_else_is_looked_at_again(
    tmp_path: Path, change: Callable[[str], str]
) -> None:
    path, content = tmp_path / "a.json", _publication(BUDGET, VALUES)
    assert _written(path, content) == []
    text = path.read_text()
    assert change(text) != text
    path.write_text(change(text))
    # A key that stands twice means the same.
    assert bool(EXPORTER.verify(content, path)) is (change(text).count('"A1": 1240,') != 2)
