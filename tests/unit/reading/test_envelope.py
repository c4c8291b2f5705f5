"""The envelope a model is asked for, as it is written and as it is read."""

from __future__ import annotations

import pytest

from forgeapp.domain.artifact import Kind
from forgeapp.domain.code import Code
from forgeapp.domain.document import Document
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Workbook
from forgeapp.reading import Reader, Reading
from forgeapp.reading.envelope import instructions


def read(text: str, kind: Kind | None = None, request: str = "") -> Reading:
    reader = Reader(kind, request)
    reader.feed(text)
    return reader.finish()


def test_each_kind_is_read_from_its_envelope() -> None:
    reading = read(
        "All four.\n\n"
        '<artifact kind="table" title="Teas">\n| Tea | Min |\n|---|---|\n| Assam | 4 |\n</artifact>\n\n'
        '<artifact kind="document" title="Memo">\n# Memo\n\nCould you all park elsewhere?\n</artifact>\n\n'
        '<artifact kind="spreadsheet" title="Budget">\n'
        '{"sheets":[\n{"name":"B","rows":[\n["a",1],\n["b","=B1"]\n]}\n]}\n</artifact>\n\n'
        '<artifact kind="code" title="Tool">\n'
        '```python file=main.py\nprint("x")\n```\n```sh file=run.sh\nx\n```\n</artifact>\n\nEnjoy.'
    )
    table, document, workbook, code = reading.artifacts
    assert isinstance(table, Table) and table.rows == (("Assam", "4"),)
    assert isinstance(document, Document) and document.markdown == "# Memo\n\nCould you all park elsewhere?"
    assert isinstance(workbook, Workbook) and workbook.sheets[0].name == "B"
    assert isinstance(code, Code) and [file.name for file in code.files] == ["main.py", "run.sh"]
    assert [artifact.title for artifact in reading.artifacts] == ["Teas", "Memo", "Budget", "Tool"]
    assert reading.chat_text == "All four.\n\nEnjoy."
    assert reading.warnings == ()


def test_an_envelope_that_is_never_closed_keeps_what_arrived() -> None:
    reading = read('Here.\n\n<artifact kind="document" title="Memo">\n# Memo\n\nTo all')
    assert reading.artifacts == (Document("Memo", "# Memo\n\nTo all"),)
    assert len(reading.warnings) == 1


@pytest.mark.parametrize("kind", [Kind.TABLE, Kind.SPREADSHEET, Kind.DOCUMENT, Kind.CODE])
def test_an_empty_envelope_holds_nothing(kind: Kind) -> None:
    assert read(f'<artifact kind="{kind}" title="x">\n</artifact>').artifacts == ()


def test_a_fence_around_the_whole_envelope_goes() -> None:
    reading = read('```xml\n<artifact kind="table" title="T">\n| a | b |\n|---|---|\n| 1 | 2 |\n</artifact>\n```\nBye.')
    assert reading.artifacts == (Table("T", ("a", "b"), (("1", "2"),)),)
    assert reading.chat_text == "Bye."


def test_a_fence_inside_the_envelope_is_read_too() -> None:
    reading = read(
        '<artifact kind="spreadsheet">\n```json\n{"sheets":[{"name":"S","rows":[["a","=B1"]]}]}\n```\n</artifact>'
    )
    assert reading.kind is Kind.SPREADSHEET


def test_a_closing_tag_within_code_does_not_close() -> None:
    text = '<artifact kind="code">\n```xml file=a.xml\n<artifact>\n</artifact>\n```\n</artifact>\nBye.'
    reading = read(text)
    assert reading.artifacts[0].files[0].text == "<artifact>\n</artifact>"  # type: ignore[union-attr]
    assert reading.chat_text == "Bye."


def test_an_unknown_kind_is_told_by_the_content() -> None:
    assert read('<artifact kind="grid">\n| a | b |\n|---|---|\n| 1 | 2 |\n</artifact>').kind is Kind.TABLE


def test_the_instructions_name_the_tag_and_the_kind() -> None:
    for kind in (Kind.TABLE, Kind.SPREADSHEET, Kind.DOCUMENT, Kind.CODE):
        told = instructions(kind)
        assert f'<artifact kind="{kind}" title=' in told and "</artifact>" in told
    everything = instructions(None)
    assert all(word in everything for word in ("table", "document", "spreadsheet", "code"))


def test_the_example_in_the_instructions_is_itself_readable() -> None:
    told = instructions(Kind.SPREADSHEET)
    example = told[told.index('{"sheets"') : told.index("Numbers are")]
    reading = read(f'<artifact kind="spreadsheet" title="t">\n{example}</artifact>')
    assert isinstance(reading.artifacts[0], Workbook)
    assert reading.artifacts[0].sheets[0].cells[2, 1].text == "=SUM(B2:B2)"
