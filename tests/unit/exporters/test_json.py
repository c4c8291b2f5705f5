from __future__ import annotations

import json
from pathlib import Path

import pytest

from forgeapp import __version__
from forgeapp.domain.artifact import Kind
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content, kind_of
from forgeapp.domain.document import Document
from forgeapp.domain.publication import Publication
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, CellError, Sheet, Values, Workbook
from forgeapp.exporters.json import EXPORTER

_WORKBOOK = Workbook("W", (Sheet("S", {(0, 0): Cell("1,240", 1240, "#,##0"), (1, 0): Cell("=A1/0")}, frozen_rows=1),))
_VALUES: Values = {"S": {(1, 0): CellError("#DIV/0!")}}
_CONTENTS: list[Content] = [
    Table(None, ("a", "b"), (("1", "ü"), ("", "\ud800"))),
    Document("D", "# D\n\r\n日本\x00"),
    Code("C", (CodeFile("a/b.py", "python", "x = '\\ud800'\n"),)),
    _WORKBOOK,
]


def _publication(content: Content, values: Values | None = None) -> Publication:
    return Publication("T", kind_of(content), content, values=values or {})


@pytest.mark.parametrize("content", _CONTENTS, ids=lambda content: type(content).__name__)
def test_every_kind_reads_back_the_same(tmp_path: Path, content: Content) -> None:
    path = tmp_path / "x.json"
    assert EXPORTER.write(_publication(content, _VALUES), path, lambda share: None) == []
    assert EXPORTER.verify(_publication(content, _VALUES), path) == []


def test_the_file_is_pretty_utf8_with_the_programs_version_and_computed_values(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    EXPORTER.write(_publication(_WORKBOOK, _VALUES), path, lambda share: None)
    data = json.loads(path.read_bytes())
    assert data["forgeapp"] == __version__
    assert data["sheets"][0]["values"] == {"A1": 1240}
    assert data["sheets"][0]["errors"] == {"A2": "#DIV/0!"}
    assert path.read_text().startswith('{\n  "forgeapp"')
    assert path.read_text().endswith("}\n")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("1,240", "1,241", "the spreadsheet read back is another one"),
        ("#DIV/0!", "#REF!", "S!A2 is '#REF!' instead of '#DIV/0!'"),
        ('"cells"', '"sells"', "cannot be read again"),
        ("}\n", "", "cannot be read again"),
    ],
)
def test_a_fault_in_the_file_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "x.json"
    EXPORTER.write(_publication(_WORKBOOK, _VALUES), path, lambda share: None)
    path.write_text(path.read_text().replace(old, new))
    assert any(said in difference for difference in EXPORTER.verify(_publication(_WORKBOOK, _VALUES), path))


def test_no_file_of_another_kind_passes(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    EXPORTER.write(_publication(_CONTENTS[0]), path, lambda share: None)
    publication = Publication("T", Kind.DOCUMENT, _CONTENTS[1])
    assert EXPORTER.verify(publication, path) == ["the document read back is another one"]
