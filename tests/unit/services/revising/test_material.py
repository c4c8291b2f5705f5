"""How an artifact is shown to a model, and what the model is told."""

from __future__ import annotations

import pytest

from forgeapp.domain.artifact import Kind
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.document import Document
from forgeapp.domain.request import Selection
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, CellError, Sheet, Workbook
from forgeapp.reading.patches import read_patch
from forgeapp.services.revising.material import instructions, shown, shown_selection


def test_a_table_is_shown_with_row_numbers_and_column_letters() -> None:
    table = Table("T", ("Name", "Note"), (("Anna", "two\nlines"), ("Ben", "a\ttab")))
    assert shown(table) == "\tA\tB\n1\tName\tNote\n2\tAnna\ttwo\\nlines\n3\tBen\ta\\ttab"


def test_a_workbook_is_shown_by_address_with_values_beside_its_formulas() -> None:
    cells = {
        (0, 0): Cell("Net"),
        (1, 0): Cell("10", 10, "0.00"),
        (2, 0): Cell("20", 20, "0.00"),
        (3, 0): Cell("=A2+A3", None, "0.00"),
        (3, 2): Cell("=1/0"),
    }
    workbook = Workbook("W", (Sheet("One", cells, frozen_rows=1), Sheet("Two")))
    values = {"One": {(3, 0): 30.0, (3, 2): CellError("#DIV/0!")}}
    assert shown(workbook, values) == (
        '<sheet name="One" frozen_rows="1">\nA1: Net\nA2: 10\nA3: 20\nA4: =A2+A3 → 30\tC4: =1/0 → #DIV/0!\n'
        'formats: A2:A4 0.00\n</sheet>\n<sheet name="Two">\n</sheet>'
    )


def test_code_is_shown_file_by_file() -> None:
    code = Code("C", (CodeFile("a.py", "python", "x = 1"), CodeFile("b.py", "python", "")))
    assert shown(code) == '<file name="a.py">\nx = 1\n</file>\n<file name="b.py">\n</file>'


def test_a_document_is_shown_as_it_is_but_for_the_bytes_of_its_pictures() -> None:
    picture = "data:image/png;base64," + "A" * 300
    document = Document("D", f"# D\n\n![a]({picture}) and ![b]({picture})\n")
    assert shown(document) == "# D\n\n![a](picture:1) and ![b](picture:1)\n"
    assert shown_selection(document, Selection(f"![b]({picture})", "line 3")) == "line 3:\n![b](picture:1)"


def test_a_selection_of_unknown_place_is_its_text() -> None:
    assert shown_selection(Document("D", "abc"), Selection("b")) == "b"
    assert shown_selection(Table("T", ("A",)), Selection("A\tB", "A1:B1")) == "A1:B1:\nA\tB"


@pytest.mark.parametrize("kind", [Kind.DOCUMENT, Kind.CODE, Kind.TABLE, Kind.SPREADSHEET])
def test_the_example_in_the_instructions_is_a_patch_that_is_read_in_whole(kind: Kind) -> None:
    patch_part = instructions(kind, False).partition("\nBeside that")[0]
    reading = read_patch(patch_part, kind)
    assert reading is not None
    assert reading.patch.unread == ()
    assert len(reading.patch.steps) == {Kind.DOCUMENT: 1, Kind.CODE: 1, Kind.TABLE: 9, Kind.SPREADSHEET: 14}[kind]


def test_a_selection_is_spoken_of_only_where_there_is_one() -> None:
    assert "<selection>" in instructions(Kind.DOCUMENT, True)
    assert "<selection>" not in instructions(Kind.DOCUMENT, False)
