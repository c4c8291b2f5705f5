"""Patches in replies: their forms, what is left as talk, and that nothing a reply holds does harm."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forgeapp.domain.artifact import Kind
from forgeapp.domain.patch import (
    CellsWritten,
    ColumnsAdded,
    ColumnsMoved,
    ColumnsRemoved,
    Entry,
    FileRemoved,
    FileRenamed,
    Frozen,
    NumberFormatted,
    RowsAdded,
    RowsMoved,
    RowsRemoved,
    RowsSorted,
    SheetRenamed,
    Step,
    TextHunk,
    Widened,
    Written,
)
from forgeapp.reading.patches import read_patch
from tests.pace import assert_linear, repeated

KINDS = (Kind.DOCUMENT, Kind.CODE, Kind.TABLE, Kind.SPREADSHEET)


def steps(reply: str, kind: Kind) -> tuple[Step, ...]:
    reading = read_patch(reply, kind)
    assert reading is not None
    return reading.patch.steps


def hunks(reply: str, kind: Kind = Kind.CODE) -> list[tuple[str | None, str, str]]:
    return [(step.file, step.search, step.replacement) for step in steps(reply, kind) if isinstance(step, TextHunk)]


def operation(text: str) -> Step:
    (step,) = steps('{"operations":[' + text + "]}", Kind.SPREADSHEET)
    return step


@pytest.mark.parametrize(
    "reply",
    [
        "Just talk about <<<<<<< and >>>>>>>.",
        "",
        "# A document\n\nwith `=======` and a rule\n\n---\n",
        '{"sheets":[{"name":"A","rows":[["x",1]]}]}',
        '[{"Item":"Rent","Amount":850}]',
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "```python\nprint('hello')\n```",
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_patch_is_left_to_be_read_as_a_whole(reply: str, kind: Kind) -> None:
    assert read_patch(reply, kind) is None


def test_pictures_have_no_patches() -> None:
    assert read_patch("<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE", Kind.IMAGE) is None


@pytest.mark.parametrize("name", ["src/app.py", "**src/app.py**", "`src/app.py`", "### src/app.py", "File: src/app.py"])
def test_the_line_above_a_block_names_its_file(name: str) -> None:
    assert hunks(f"{name}\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE") == [("src/app.py", "a", "b")]


@pytest.mark.parametrize("info", ["python file=app.py", "python:app.py", "python app.py", "app.py"])
def test_a_fence_names_the_file_of_its_block(info: str) -> None:
    assert hunks(f"```{info}\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n```") == [("app.py", "a", "b")]


def test_a_name_above_the_fence_does_not_pass_on_to_the_next_block() -> None:
    block = "```\n<<<<<<< SEARCH\n{}\n=======\n{}\n>>>>>>> REPLACE\n```\n\n"
    reply = "a.py\n" + block.format("a", "b") + block.format("c", "d")
    assert hunks(reply) == [("a.py", "a", "b"), (None, "c", "d")]


def test_an_underlined_heading_is_no_divider() -> None:
    reply = "<<<<<<< SEARCH\nTitle\n=====\n\ntext\n=======\nOther\n=====\n\nnew\n>>>>>>> REPLACE"
    assert hunks(reply, Kind.DOCUMENT) == [(None, "Title\n=====\n\ntext", "Other\n=====\n\nnew")]


def test_an_underlined_heading_as_long_as_the_divider_is_none_either() -> None:
    reply = "<<<<<<< SEARCH\nTitle A\n=======\n\ntext\n=======\nTitle B\n=======\n\nnew\n>>>>>>> REPLACE"
    assert hunks(reply, Kind.DOCUMENT) == [(None, "Title A\n=======\n\ntext", "Title B\n=======\n\nnew")]


def test_a_block_without_a_divider_is_told_and_the_next_one_read() -> None:
    reading = read_patch(
        "<<<<<<< SEARCH\nlost\n>>>>>>> REPLACE\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE", Kind.DOCUMENT
    )
    assert reading is not None
    assert [str(text) for text in reading.patch.unread] == ['A change could not be read: "lost".']
    assert len(reading.patch.steps) == 1


def test_marks_within_a_block_belong_to_the_text_it_is_about() -> None:
    conflict = "<<<<<<< HEAD\nmine\n=======\ntheirs\n>>>>>>> branch"
    (hunk,) = steps(f"<<<<<<< SEARCH\n{conflict}\n=======\nmine\n>>>>>>> REPLACE\n", Kind.CODE)
    assert hunk == TextHunk(conflict, "mine")
    other = conflict.replace("theirs", "ours")
    (hunk,) = steps(f"<<<<<<< SEARCH\n{conflict}\n=======\n{other}\n>>>>>>> REPLACE\n", Kind.DOCUMENT)
    assert hunk == TextHunk(conflict, other)


def test_operations_in_a_cell_of_a_table_given_whole_are_none() -> None:
    cell = '{"operations":[{"op":"delete_rows","rows":"2:3"}]}'
    assert read_patch(f"Done.\n\n| A | B |\n|---|---|\n| {cell} | 9 |\n", Kind.TABLE) is None
    assert read_patch(f"<table><tr><td>{cell}</td></tr></table>\n", Kind.TABLE) is None


def test_a_document_about_merge_conflicts_given_whole_is_no_patch() -> None:
    reply = (
        '<artifact kind="document">\n# Conflicts\n\nGit writes\n\n```\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n```\n'
        "</artifact>"
    )
    assert read_patch(reply, Kind.DOCUMENT) is None


def test_files_are_deleted_and_renamed_by_tags() -> None:
    reply = '<delete name="a.py"/>\n<rename name="b.py" to="c.py"/>\n<delete_file path="d.py"></delete_file>'
    assert steps(reply, Kind.CODE) == (FileRemoved("a.py"), FileRenamed("b.py", "c.py"), FileRemoved("d.py"))


def test_a_diff_that_deletes_and_renames_says_so() -> None:
    reply = (
        "```diff\ndiff --git a/old.py b/new.py\nrename from old.py\nrename to new.py\n"
        "diff --git a/x.py b/x.py\n--- a/x.py\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n```"
    )
    assert steps(reply, Kind.CODE) == (FileRenamed("old.py", "new.py"), FileRemoved("x.py"))


def test_a_diff_s_lost_blanks_are_context() -> None:
    reply = "```diff\n@@ -1,3 +1,3 @@\nfirst\n-second\n+2nd\nthird\n```"
    assert hunks(reply) == [(None, "first\nsecond\nthird", "first\n2nd\nthird")]


def test_talk_below_a_bare_diff_is_no_part_of_it() -> None:
    reading = read_patch("--- a.py\n+++ a.py\n@@ -1 +1 @@\n-a\n+b\n\nThat is all.", Kind.CODE)
    assert reading is not None
    assert reading.patch.steps == (TextHunk("a", "b", "a.py", 1),)
    assert reading.chat_text == "That is all."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"op":"set","cell":"B7","value":12}', CellsWritten((Written("B7", ((Entry("12", True),),)),))),
        ('{"op":"set_cells","cells":{"$B$7":"x"}}', CellsWritten((Written("B7", ((Entry("x"),),)),))),
        (
            '{"type":"updateCell","address":"\'My Sheet\'!B7","formula":"=A1"}',
            CellsWritten((Written("B7", ((Entry("=A1"),),)),), "My Sheet"),
        ),
        (
            '{"op":"set","at":"B2","cells":[["a",1],["b",2]]}',
            CellsWritten((Written("B2", ((Entry("a"), Entry("1", True)), (Entry("b"), Entry("2", True)))),)),
        ),
        ('{"op":"clear","range":"B2:B9"}', CellsWritten((Written("B2:B9", ((Entry(""),),)),))),
        ('{"op":"set","row":3,"column":"Amount","value":null}', CellsWritten((Written("[Amount]3", ((Entry(""),),)),))),
        ('{"set":{"B2":true}}', CellsWritten((Written("B2", ((Entry("TRUE"),),)),))),
        ('{"op":"insert_rows","at":5,"count":3}', RowsAdded(5, (), 3)),
        ('{"op":"insertRow","after":4,"values":["a"]}', RowsAdded(5, ((Entry("a"),),), 1)),
        ('{"op":"append_rows","rows":[["a"],["b"]]}', RowsAdded(None, ((Entry("a"),), (Entry("b"),)), 2)),
        ('{"op":"insert_rows","position":"before row 3","rows":[["a"]]}', RowsAdded(3, ((Entry("a"),),), 1)),
        ('{"op":"delete_rows","rows":"3:4"}', RowsRemoved(((3, 4),))),
        ('{"op":"removeRow","row":"7"}', RowsRemoved(((7, 7),))),
        ('{"op":"delete_rows","rows":[3,5,8]}', RowsRemoved(((3, 3), (5, 5), (8, 8)))),
        ('{"op":"delete_rows","from":3,"to":5}', RowsRemoved(((3, 5),))),
        ('{"op":"delete_rows","at":3,"count":2}', RowsRemoved(((3, 4),))),
        ('{"op":"move_rows","rows":"8:9","before":3}', RowsMoved((8, 9), 3)),
        ('{"op":"move_row","from":3,"to":6}', RowsMoved((3, 3), 7)),
        ('{"op":"move_row","from":6,"to":3}', RowsMoved((6, 6), 3)),
        ('{"op":"delete_column","column":3}', ColumnsRemoved(("C",))),
        ('{"op":"delete_columns","columns":"C:E"}', ColumnsRemoved(("C:E",))),
        ('{"op":"move_column","column":"B","to":"D"}', ColumnsMoved("B", "D", True)),
        ('{"op":"sort","by":"Amount","order":"desc"}', RowsSorted("Amount", True)),
        ('{"op":"sort_rows","column":"B","ascending":false}', RowsSorted("B", True)),
        ('{"op":"sort","column":"B","range":"A2:C9"}', RowsSorted("B", False, (2, 9))),
        ('{"op":"renameSheet","sheet":"A","newName":"B"}', SheetRenamed("A", "B")),
        ('{"op":"format","range":"B2:B9","number_format":"percent"}', NumberFormatted(("B2:B9",), "0.0%")),
        ('{"op":"freeze_panes","cell":"B2"}', Frozen(1, 1)),
        ('{"op":"freeze","rows":1}', Frozen(1, None)),
        ('{"op":"set_width","columns":["A","B"],"width":18.5}', Widened(("A", "B"), 18.5)),
    ],
)
def test_operations_go_by_their_usual_names(text: str, expected: Step) -> None:
    assert operation(text) == expected


def test_rows_are_named_by_their_ends_in_either_order() -> None:
    (step,) = steps('{"op":"move_rows","rows":[20,3],"before":40}', Kind.TABLE)
    assert step == RowsMoved((3, 20), 40)


def test_a_new_column_s_values_may_begin_with_its_name() -> None:
    step = operation('{"op":"insert_column","at":"C","values":["VAT","=B2*0.19"]}')
    assert isinstance(step, ColumnsAdded)
    assert (step.columns[0].name, step.columns[0].entries) == ("VAT", (Entry("=B2*0.19"),))


def test_what_an_operation_lacks_is_told() -> None:
    reading = read_patch('{"operations":[{"op":"set","cells":{"B2":1}},{"op":"delete_rows"}]}', Kind.TABLE)
    assert reading is not None
    assert len(reading.patch.steps) == 1
    assert "delete_rows" in reading.patch.unread[0]


HOSTILE = {
    "open marks": repeated("<<<<<<< SEARCH\n"),
    "open and divided": repeated("<<<<<<< SEARCH\na\n=======\n"),
    "bare marks in fences": repeated("```\n<<<<<<<\n=======\n```\n"),
    "dividers": repeated("=======\n", "<<<<<<< SEARCH\n"),
    "ends": repeated(">>>>>>> REPLACE\n"),
    "fences": repeated("```diff\n"),
    "hunk heads": repeated("@@ -1,1 +1,1 @@\n"),
    "file heads": repeated("--- a\n+++ b\n"),
    "diff lines": repeated("-a\n+b\n", "```diff\n"),
    "file tags": repeated('<file name="a.py">\n'),
    "file ends": repeated('<file name="a.py">\n</file>\n'),
    "patches": repeated("*** Begin Patch\n*** Update File: a\n"),
    "one mark": repeated("<"),
    "one line": repeated(" ", "<<<<<<< SEARCH "),
    "braces": repeated("{"),
    "brace lines": repeated('{"\n'),
    "list lines": repeated("[{\n"),
    "operations": repeated('{"operations":['),
    "quotes": repeated('"x', '{"operations":[{"op":"set","cells":{"B2":"'),
    "many operations": repeated('{"op":"set","cells":{"B2":1}},', '{"operations":['),
    "comments": repeated('{"operations":[//\n'),
    "thoughts": repeated("<think>\n"),
    "envelopes": repeated('<artifact kind="code">\n<<<<<<< SEARCH\n'),
    "blanks": repeated(" \n"),
}


@pytest.mark.security
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_patches_are_read_in_linear_time(name: str) -> None:
    def check(text: str) -> None:
        reading = read_patch(text, Kind.SPREADSHEET if text[0] in "{[" else Kind.CODE)
        if reading is not None:
            assert len(reading.patch.steps) <= 2_000
            assert len(reading.patch.unread) <= 51

    assert_linear(check, HOSTILE[name], 200_000)


PIECES = (
    "<<<<<<< SEARCH", "=======", ">>>>>>> REPLACE", "```", "```diff", "--- a/x.py", "+++ b/x.py", "@@ -1,2 +3 @@", "-a",
    "+b", " c", "*** Begin Patch", "*** Update File: x.py", '<file name="x.py">', "</file>", '<delete name="x.py"/>',
    '{"operations":[', '{"op":"set","cells":{"B2":1}},', '{"op":"insert_rows","at":-3,"rows":{}}', "]}",
    "<think>", "x.py", "</think>", '<artifact kind="code">', "</artifact>",
    "", "text", '{"op":"sort"}', '"', "{", "[", '{"op":[]}',
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(
    st.one_of(st.text(max_size=400), st.lists(st.sampled_from(PIECES), max_size=30).map("\n".join)),
    st.sampled_from(KINDS),
)
def test_no_reply_makes_the_reader_fail(reply: str, kind: Kind) -> None:
    found = read_patch(reply, kind)
    if found is not None:
        assert found.patch.steps or found.patch.unread
        assert set(found.chat_text.split()) <= set(reply.split())


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8), st.just("B2:C9")
)
LISTS = st.lists(SCALARS, max_size=3)
VALUES = st.one_of(
    SCALARS, LISTS, st.lists(LISTS, max_size=3), st.dictionaries(st.text(max_size=6), SCALARS, max_size=3)
)
OPERATIONS = (
    "set", "clear", "insert_rows", "delete_rows", "move_rows", "insert_columns", "delete_columns", "move_columns",
    "fill", "rename_column", "sort", "add_sheet", "delete_sheet", "rename_sheet", "format", "freeze", "width",
    "move_sheet",
)  # fmt: skip
FIELDS = (
    "cells", "range", "value", "values", "rows", "columns", "column", "at", "after", "before", "to", "name",
    "count", "fill", "sheet", "width", "widths", "format", "position", "order", "by", "from", "row",
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@example("width", {"range": {}})
@example("width", {"widths": {}})
@given(st.sampled_from(OPERATIONS), st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=4))
def test_no_operation_makes_the_reader_fail(name: str, fields: dict[str, object]) -> None:
    import json

    found = read_patch(json.dumps({"operations": [{"op": name, **fields}]}), Kind.SPREADSHEET)
    assert found is not None
    assert len(found.patch.steps) + len(found.patch.unread) >= 1
