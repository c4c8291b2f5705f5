"""Patches on the contents they were made for: what comes of them, and what is said of steps without a place."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forgeapp.domain.artifact import Kind
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content, kind_of
from forgeapp.domain.document import Document
from forgeapp.domain.patch import (
    FileRemoved,
    FileRenamed,
    FileWritten,
    Patch,
    RowsMoved,
    Step,
    TextHunk,
)
from forgeapp.domain.request import Selection
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, Sheet, Workbook, address
from forgeapp.reading.patches import read_patch
from forgeapp.services.revising.applying import Applied, applied
from tests.pace import assert_linear

DOCUMENT = Document("Plan", "# Plan\n\nFirst point.\n\nSame line.\n\nSecond point.\n\nSame line.\n")
CODE = Code("C", (CodeFile("src/a.py", "python", "x = 1\ny = 2\n"), CodeFile("b.py", "python", "z = 3\n")))
TABLE = Table("T", ("Name", "Net"), (("Anna", "1,50"), ("Ben", "2,50"), ("Carl", "0,50")))
WORKBOOK = Workbook(
    "W",
    (
        Sheet(
            "Data",
            {
                (0, 0): Cell("Name"),
                (0, 1): Cell("Net"),
                (1, 0): Cell("Anna"),
                (1, 1): Cell("30", 30, "#,##0.00"),
                (2, 0): Cell("Ben"),
                (2, 1): Cell("10", 10, "#,##0.00"),
                (3, 0): Cell("Carl"),
                (3, 1): Cell("20", 20, "#,##0.00"),
                (4, 0): Cell("Sum"),
                (4, 1): Cell("=SUM(B2:B4)"),
            },
        ),
        Sheet("Other", {(0, 0): Cell("=Data!B5*2")}),
    ),
)


def take(base: Content, *steps: Step, selection: Selection | None = None) -> Applied:
    return applied(Patch(steps), base, selection)


def operate(base: Content, *operations: dict[str, object]) -> Applied:
    reading = read_patch(json.dumps({"operations": operations}), kind_of(base))
    assert reading is not None
    return applied(reading.patch, base)


def cells(content: Content, sheet: int = 0) -> dict[str, str]:
    assert isinstance(content, Workbook)
    return {address(at): cell.text for at, cell in content.sheets[sheet].cells.items()}


# Documents


def test_equal_lines_are_told_apart_by_the_selection() -> None:
    result = take(DOCUMENT, TextHunk("Same line.", "Other."), selection=Selection("Same line.", "line 9"))
    assert result.content == replace(
        DOCUMENT, markdown=DOCUMENT.markdown[::-1].replace(".enil emaS", ".rehtO", 1)[::-1]
    )


def test_a_selection_is_found_where_lines_before_it_came_since() -> None:
    before = "New.\n\nSame line.\n\nNew too.\n\n"
    base = replace(DOCUMENT, markdown=before + DOCUMENT.markdown)
    result = take(base, TextHunk("Same line.", "Other."), selection=Selection("Same line.\n", "line 12"))
    assert result.content == replace(base, markdown=before + DOCUMENT.markdown.replace("Same line.", "Other.", 1))


def test_lines_that_end_with_cr_and_lf_go_on_doing_so() -> None:
    code = Code("C", (CodeFile("a.py", "python", "def f():\r\n    x = 1\r\n    return x\r\n"),))
    result = take(code, TextHunk("    x = 1\n    return x", "    x = 2\n    y = 3\n    return x"))
    assert result.content == Code(
        "C", (CodeFile("a.py", "python", "def f():\r\n    x = 2\r\n    y = 3\r\n    return x\r\n"),)
    )
    assert take(Document("D", "a\r\nb\r\nc"), TextHunk("b", "")).content == Document("D", "a\r\nc")


def test_equal_lines_are_told_apart_by_the_change_before() -> None:
    result = take(
        DOCUMENT, TextHunk("Second point.", "2nd."), TextHunk("Second point.", "x"), TextHunk("Same line.", "Z")
    )
    assert isinstance(result.content, Document)
    assert result.content.markdown.count("Same line.") == 1
    assert [str(text) for text in result.failed] == ['Not found: "Second point.".']
    assert result.count == 2


def test_equal_lines_that_nothing_tells_apart_are_left() -> None:
    result = take(DOCUMENT, TextHunk("Same line.", "Other."))
    assert result.content == DOCUMENT
    assert [text.key for text in result.failed] == ["revise_ambiguous"]
    assert 'Stands at 2 places, so that it is not clear which is meant: "Same line.".' in result.failed


def test_a_line_a_diff_names_tells_equal_ones_apart() -> None:
    result = take(DOCUMENT, TextHunk("Same line.", "Other.", None, 5))
    assert isinstance(result.content, Document)
    assert result.content.markdown.index("Other.") < result.content.markdown.index("Second")


def test_a_title_that_is_the_heading_follows_it() -> None:
    result = take(DOCUMENT, TextHunk("# Plan", "# New plan"))
    assert isinstance(result.content, Document)
    assert result.content.title == "New plan"


def test_text_for_no_place_goes_to_the_end() -> None:
    result = take(DOCUMENT, TextHunk("", "The end."))
    assert isinstance(result.content, Document)
    assert result.content.markdown.endswith("Same line.\n\nThe end.")


def test_a_picture_keeps_its_bytes() -> None:
    source = "data:image/png;base64," + "A" * 300
    base = Document("D", f"# D\n\n![logo]({source})\n\ntext\n")
    result = take(base, TextHunk("![logo](picture:1)", "![our logo](picture:1)"))
    assert result.content == Document("D", f"# D\n\n![our logo]({source})\n\ntext\n")


def test_the_same_hunk_twice_is_one() -> None:
    hunk = TextHunk("First point.", "1st.")
    assert take(DOCUMENT, hunk, hunk) == replace(take(DOCUMENT, hunk))


def test_steps_for_cells_have_no_place_in_a_document() -> None:
    result = take(DOCUMENT, RowsMoved((2, 2), 3), TextHunk("First point.", "1st."))
    assert (len(result.failed), result.count) == (1, 1)


# Code


FUNCTIONS = "".join(f"def part_{number}():\n    x = {number}\n    y = 0\n    return y\n\n\n" for number in range(4))


@pytest.mark.parametrize("first", ["def part_2():", "def part_two():"])
def test_what_follows_lines_left_out_is_the_next_of_its_kind(first: str) -> None:
    code = Code("C", (CodeFile("a.py", "python", FUNCTIONS),))
    result = take(code, TextHunk("def part_2():\n    ...\n    return y", f"{first}\n    ...\n    return y + 1"))
    before, found, after = FUNCTIONS.partition("def part_2():")
    changed = before + found.replace("def part_2():", first) + after.replace("return y\n", "return y + 1\n", 1)
    assert result.content == Code("C", (CodeFile("a.py", "python", changed),))


def test_a_hunk_below_a_line_is_the_first_one_there() -> None:
    reading = read_patch("*** Begin Patch\n@@ def part_2():\n-    y = 0\n+    y = 1\n*** End Patch\n", Kind.CODE)
    assert reading is not None
    code = Code("C", (CodeFile("a.py", "python", FUNCTIONS),))
    before, found, after = FUNCTIONS.partition("def part_2():")
    changed = before + found + after.replace("y = 0", "y = 1", 1)
    assert applied(reading.patch, code).content == Code("C", (CodeFile("a.py", "python", changed),))


def test_files_are_found_by_the_end_of_their_path() -> None:
    result = take(CODE, TextHunk("x = 1", "x = 5", "a.py"))
    assert isinstance(result.content, Code)
    assert result.content.files[0].text == "x = 5\ny = 2\n"


def test_a_hunk_without_a_file_is_looked_for_in_all() -> None:
    result = take(CODE, TextHunk("z = 3", "z = 4"))
    assert isinstance(result.content, Code)
    assert result.content.files[1].text == "z = 4\n"


def test_a_new_file_gets_its_language_and_a_safe_name() -> None:
    result = take(CODE, FileWritten("../../etc/run.sh", "echo\n"))
    assert isinstance(result.content, Code)
    assert result.content.files[2] == CodeFile("etc/run.sh", "bash", "echo\n")


def test_files_are_removed_and_renamed() -> None:
    result = take(CODE, FileRemoved("b.py"), FileRenamed("a.py", "src/a.ts"), FileRemoved("src/a.ts"), FileRemoved("q"))
    assert isinstance(result.content, Code)
    assert [(file.name, file.language) for file in result.content.files] == [("src/a.ts", "typescript")]
    assert [text.key for text in result.failed] == ["revise_last_file", "revise_no_such_file"]


def test_a_file_is_not_renamed_to_one_there_is() -> None:
    assert [text.key for text in take(CODE, FileRenamed("b.py", "src/a.py")).failed] == ["revise_name_taken"]


# Tables


def test_operations_on_a_table_each_mean_what_those_before_left() -> None:
    result = operate(
        TABLE,
        {"op": "insert_rows", "at": 2, "rows": [["Zoe", "9,00"]]},
        {"op": "set", "cells": {"B3": "1,75"}},
        {"op": "insert_columns", "at": "B", "columns": [{"name": "Town", "values": ["Ulm"]}]},
        {"op": "set", "cells": {"C1": "Gross"}},
    )
    assert result.content == Table(
        "T",
        ("Name", "Town", "Gross"),
        (("Zoe", "Ulm", "9,00"), ("Anna", "", "1,75"), ("Ben", "", "2,50"), ("Carl", "", "0,50")),
    )
    assert (result.failed, result.count) == ((), 4)


def test_a_plain_number_takes_the_decimal_mark_of_its_column() -> None:
    result = operate(TABLE, {"op": "set", "cells": {"B2": 7.25}})
    assert isinstance(result.content, Table)
    assert result.content.rows[0] == ("Anna", "7,25")


def test_a_formula_in_a_table_stays_text() -> None:
    result = operate(TABLE, {"op": "set", "range": "B2:B4", "value": "=A2"})
    assert isinstance(result.content, Table)
    assert [row[1] for row in result.content.rows] == ["=A2"] * 3


@pytest.mark.parametrize(
    ("operation", "rows"),
    [
        ({"op": "move_rows", "rows": "2:2", "before": 4}, "Ben Anna Carl"),
        ({"op": "move_rows", "rows": "2:2", "to": 4}, "Ben Carl Anna"),
        ({"op": "move_rows", "rows": "4", "before": 2}, "Carl Anna Ben"),
        ({"op": "sort", "column": "Net"}, "Carl Anna Ben"),
        ({"op": "sort", "column": "B", "descending": True, "rows": "3:4"}, "Anna Ben Carl"),
        ({"op": "delete_rows", "rows": [2, 4]}, "Ben"),
    ],
)
def test_rows_of_a_table_are_moved_sorted_and_deleted(operation: dict[str, object], rows: str) -> None:
    result = operate(TABLE, operation)
    assert isinstance(result.content, Table)
    assert " ".join(row[0] for row in result.content.rows) == rows
    assert result.failed == ()


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "set", "cells": {"D2": "x"}},
        {"op": "set", "cells": {"A9": "x"}},
        {"op": "set", "cells": {"A2:ZZ9999999": "x"}},
        {"op": "set", "at": "B4", "values": [["a", "b"]]},
        {"op": "insert_rows", "at": 1, "rows": [["x"]]},
        {"op": "insert_rows", "at": 9, "rows": [["x"]]},
        {"op": "insert_rows", "rows": [["a", "b", "c"]]},
        {"op": "insert_rows", "rows": [{"Nobody": "x"}]},
        {"op": "delete_rows", "rows": "1:2"},
        {"op": "delete_rows", "rows": [99]},
        {"op": "move_rows", "rows": "2:3", "before": 77},
        {"op": "delete_columns", "columns": ["A", "B"]},
        {"op": "delete_columns", "columns": "Nobody"},
        {"op": "rename_column", "column": "XFD", "name": "x"},
        {"op": "insert_columns", "columns": [{"name": "x", "values": ["a"] * 9}]},
        {"op": "sort", "column": "Q"},
        {"op": "add_sheet", "name": "x"},
    ],
)
def test_what_has_no_place_in_a_table_is_told_and_changes_nothing(operation: dict[str, object]) -> None:
    result = operate(TABLE, operation)
    assert (result.content, len(result.failed), result.count) == (TABLE, 1, 0)
    assert result.failed[0].endswith(".")


# Workbooks


def test_formulas_follow_what_is_inserted_and_moved() -> None:
    result = operate(
        WORKBOOK,
        {"op": "insert_columns", "sheet": "Data", "at": "B", "columns": [{"name": "Tax", "fill": "=C2*0.1"}]},
        {"op": "insert_rows", "sheet": "Data", "at": 3, "rows": [["Zoe", None, 5]]},
        {"op": "move_rows", "sheet": "Data", "rows": "5", "before": 2},
    )
    found = cells(result.content)
    assert [found[f"A{row}"] for row in range(1, 7)] == ["Name", "Carl", "Anna", "Zoe", "Ben", "Sum"]
    assert found["C6"] == "=SUM(C2:C5)" or found["C6"] == "=SUM(C3:C5)"
    assert [found.get(f"B{row}") for row in range(1, 7)] == ["Tax", "=C2*0.1", "=C3*0.1", None, "=C5*0.1", "=C6*0.1"]
    assert cells(result.content, 1)["A1"] == "=Data!C6*2"


def test_new_numbers_take_over_the_format_of_their_column() -> None:
    result = operate(WORKBOOK, {"op": "insert_rows", "sheet": "Data", "at": 4, "rows": [["Zoe", 1234.5]]})
    assert isinstance(result.content, Workbook)
    assert result.content.sheets[0].cells[3, 1] == Cell("1234.5", 1234.5, "#,##0.00")


def test_sorting_a_sheet_leaves_its_total_below() -> None:
    result = operate(WORKBOOK, {"op": "sort", "sheet": "Data", "column": "Net"})
    found = cells(result.content)
    assert [found[f"A{row}"] for row in range(2, 6)] == ["Ben", "Carl", "Anna", "Sum"]
    assert found["B5"] == "=SUM(B2:B4)"


def test_a_column_of_formulas_is_not_sorted_by() -> None:
    result = operate(WORKBOOK, {"op": "sort", "sheet": "Data", "column": "B", "rows": "2:5"})
    assert [text.key for text in result.failed] == ["revise_sort_by_formula"]


def test_columns_of_a_sheet_are_moved_with_their_references() -> None:
    result = operate(WORKBOOK, {"op": "move_columns", "sheet": "Data", "columns": "B", "before": "A"})
    assert cells(result.content)["A5"] == "=SUM(A2:A4)"
    assert cells(result.content, 1)["A1"] == "=Data!A5*2"


def test_a_formula_for_a_range_follows_along() -> None:
    result = operate(WORKBOOK, {"op": "set", "sheet": "Data", "cells": {"C2:D3": "=$B2+A$1"}})
    found = cells(result.content)
    assert [found[at] for at in ("C2", "D2", "C3", "D3")] == ["=$B2+A$1", "=$B2+B$1", "=$B3+A$1", "=$B3+B$1"]


def test_the_sheet_goes_without_saying_where_there_is_one_or_the_selection_names_it() -> None:
    reading = read_patch('{"operations":[{"op":"set","cells":{"A1":1}}]}', kind_of(WORKBOOK))
    assert reading is not None
    assert [text.key for text in applied(reading.patch, WORKBOOK).failed] == ["revise_no_sheet_named"]
    chosen = applied(reading.patch, WORKBOOK, Selection("x", "Other!A1:A1")).content
    assert cells(chosen, 1)["A1"] == "1"


def test_numbers_are_typed_as_by_hand() -> None:
    result = operate(WORKBOOK, {"op": "set", "sheet": "Other", "cells": {"B1": "12 %", "B2": "00123", "B3": "'=x"}})
    assert isinstance(result.content, Workbook)
    found = result.content.sheets[1].cells
    assert (found[0, 1].number, found[1, 1].number) == (0.12, None)
    assert not found[2, 1].is_formula


def test_a_format_as_text_leaves_formulas_formulas() -> None:
    result = operate(WORKBOOK, {"op": "format", "sheet": "Data", "range": "B2:B5", "format": "@"})
    assert isinstance(result.content, Workbook)
    assert result.content.sheets[0].cells[4, 1].is_formula


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "set", "sheet": "Nobody", "cells": {"A1": 1}},
        {"op": "set", "sheet": "Data", "cells": {"A1:XFD1048576": 1}},
        {"op": "set", "sheet": "Data", "cells": {"XFE1": 1}},
        {"op": "set", "sheet": "Data", "cells": {"A1": "=" + "1+" * 5_000 + "1"}},
        {"op": "insert_rows", "sheet": "Data", "at": 2, "count": 1_048_576},
        {"op": "insert_columns", "sheet": "Data", "at": "A", "count": 16_384},
        {"op": "delete_rows", "sheet": "Data", "rows": "90:91"},
        {"op": "move_rows", "sheet": "Data", "rows": "90", "before": 2},
        {"op": "move_rows", "sheet": "Data", "rows": "2:3", "before": 1_048_576},
        {"op": "insert_rows", "sheet": "Data", "at": 1_048_576, "rows": [["x"], ["y"]]},
        {"op": "insert_columns", "sheet": "Data", "at": "XFD", "columns": ["x", "y"]},
        {"op": "delete_columns", "sheet": "Data", "columns": "Gross"},
        {"op": "delete_sheet", "name": "Nobody"},
        {"op": "rename_sheet", "sheet": "Data", "name": "Other"},
        {"op": "add_sheet", "name": "data"},
        {"op": "format", "sheet": "Data", "range": "A1", "format": '"open'},
    ],
)
def test_what_has_no_place_in_a_workbook_is_told_and_changes_nothing(operation: dict[str, object]) -> None:
    result = operate(WORKBOOK, operation)
    assert (result.content, len(result.failed), result.count) == (WORKBOOK, 1, 0)


def test_what_could_not_be_read_is_among_what_failed() -> None:
    result = operate(WORKBOOK, {"op": "explode"}, {"op": "freeze", "sheet": "Data", "rows": 1})
    assert len(result.failed) == 1
    assert isinstance(result.content, Workbook)
    assert result.content.sheets[0].frozen_rows == 1


# Whatever a patch holds


NAMES = st.sampled_from(
    ("A", "B", "C:D", "Name", "Data", "Nobody", "B2", "B2:C9", "A:A", "[Net]3", "XFD9", "1:2", "", "2")
)
NUMBERS = st.one_of(st.integers(-2, 9), st.just(1_048_576))
FIELDS = st.dictionaries(
    st.sampled_from(
        ("cells", "range", "value", "rows", "columns", "column", "at", "before", "after", "to", "name", "count")
    ),
    st.one_of(
        NAMES, NUMBERS, st.lists(st.one_of(NAMES, NUMBERS), max_size=3), st.dictionaries(NAMES, NAMES, max_size=2)
    ),
    max_size=4,
)
ACTIONS = st.sampled_from(
    (
        *(
            "set",
            "clear",
            "insert_rows",
            "delete_rows",
            "move_rows",
            "insert_columns",
            "delete_columns",
            "move_columns",
        ),
        *("rename_column", "sort", "add_sheet", "delete_sheet", "rename_sheet", "format", "freeze", "width"),
    )
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(ACTIONS, FIELDS), min_size=1, max_size=4), st.sampled_from((TABLE, WORKBOOK, DOCUMENT)))
def test_no_operation_fails_in_another_way_than_in_words(
    made: list[tuple[str, dict[str, object]]], base: Content
) -> None:
    operations = [{"op": name, "sheet": "Data", **fields} for name, fields in made]
    reading = read_patch(json.dumps({"operations": operations}), kind_of(TABLE))
    if reading is not None:
        result = applied(reading.patch, base)
        assert type(result.content) is type(base)
        assert result.count or result.content == base


TEXTS = st.text("ab \n", max_size=12)
FILES = st.one_of(st.none(), st.sampled_from(("src/a.py", "b.py", "c.py", "../x", "")))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.builds(TextHunk, TEXTS, TEXTS, FILES, st.one_of(st.none(), st.integers(0, 99))),
            st.builds(FileWritten, FILES.map(str), TEXTS),
            st.builds(FileRemoved, FILES.map(str)),
            st.builds(FileRenamed, FILES.map(str), FILES.map(str)),
        ),
        max_size=5,
    ),
    st.sampled_from((CODE, DOCUMENT, TABLE, WORKBOOK)),
)
def test_no_hunk_fails_in_another_way_than_in_words(made: list[Step], base: Content) -> None:
    result = take(base, *made)
    if isinstance(result.content, Code):
        assert len({file.name for file in result.content.files}) == len(result.content.files) >= 1


@pytest.mark.security
def test_many_hunks_without_a_place_in_a_long_document_take_linear_time() -> None:
    text = "\n".join(f"This is line {number} of a rather long document about nothing." for number in range(2_000))

    def make(size: int) -> list[TextHunk]:
        return [TextHunk(f"That was row {number} in a short paper\nand more", "x") for number in range(size)]

    def check(hunks: list[TextHunk]) -> None:
        assert len(take(Document(None, text), *hunks).failed) == len(hunks)

    assert_linear(check, make, 1_000)


def test_many_cells_in_a_large_sheet_are_set_in_linear_time() -> None:
    def make(size: int) -> Workbook:
        return Workbook("W", (Sheet("S", {(row, column): Cell("x") for row in range(size) for column in range(10)}),))

    def check(workbook: Workbook) -> None:
        size = len(workbook.sheets[0].cells) // 10
        result = operate(workbook, {"op": "set", "cells": {f"K{row}": row for row in range(1, size + 1)}})
        assert cells(result.content)[f"K{size}"] == str(size)

    assert_linear(check, make, 2_000)
