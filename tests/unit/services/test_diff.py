from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.document import Document
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, Sheet, Workbook
from forgeapp.services.diff import Hunk, diff


def test_tables_are_compared_by_cell() -> None:
    before = Table("T", ("Name", "Town"), (("Anna", "Ulm"), ("Ben", "Bonn")))
    after = Table("T", ("Name", "Town"), (("Anna", "Kiel"),))
    assert diff(before, after) == [Hunk("B2", "Ulm", "Kiel"), Hunk("A3", "Ben", ""), Hunk("B3", "Bonn", "")]


def test_workbooks_are_compared_by_sheet_and_formula() -> None:
    before = Workbook("W", (Sheet("A", {(0, 0): Cell("=1+1")}), Sheet("Old", {(0, 0): Cell("x")})))
    after = Workbook("W", (Sheet("A", {(0, 0): Cell("=1+2")}), Sheet("New", {})))
    assert diff(before, after) == [
        Hunk("A!A1", "=1+1", "=1+2"),
        Hunk("sheet", "Old", ""),
        Hunk("Old!A1", "x", ""),
        Hunk("sheet", "", "New"),
    ]


def test_texts_are_compared_by_line() -> None:
    before = Document("D", "# D\n\none\ntwo\nthree\n")
    after = Document("D", "# D\n\none\n2\nthree\nfour\n")
    assert diff(before, after) == [Hunk("line 4", "two", "2"), Hunk("line 6", "", "four")]


def test_files_of_code_are_compared_by_name() -> None:
    before = Code("C", (CodeFile("a.py", "python", "x = 1\n"), CodeFile("b.py", "python", "y\n")))
    after = Code("C", (CodeFile("a.py", "python", "x = 2\n"),))
    assert diff(before, after) == [Hunk("a.py line 1", "x = 1", "x = 2"), Hunk("b.py line 1", "y", "")]


def test_a_change_of_kind_and_title_is_told() -> None:
    assert diff(Document("A", "x"), Table("B", ("x",))) == [Hunk("title", "A", "B"), Hunk("kind", "document", "table")]


texts = st.lists(st.sampled_from(["one", "two", "", "# head", "- item"]), max_size=12).map("\n".join)


@given(texts, texts)
def test_the_hunks_lead_from_the_one_text_to_the_other(before: str, after: str) -> None:
    hunks = diff(Document(None, before), Document(None, after))
    assert (hunks == []) == (before == after)
    kept_before = sum(len(hunk.before.splitlines() or [""]) if hunk.before else 0 for hunk in hunks)
    assert kept_before <= len(before.splitlines())


@pytest.mark.parametrize(
    ("before", "after", "hunk"),
    [
        ("a\nb\n", "a\nb", Hunk("line 2", "b\n", "b")),
        ("a\nb", "a\nb\nc", Hunk("lines 2-2", "b", "b\nc")),
        ("a\r\nb\n", "a\nb\n", Hunk("line 1", "a\r", "a")),
        ("a\u2028b\n", "a\nb\n", Hunk("line 1", "a\u2028b", "a\nb")),
        ("a\nb\n", "a\n\nb\n", Hunk("line 2", "", "\n")),
        ("a\nx\nb\n", "a\n\nb\n", Hunk("line 2", "x\n", "\n")),
    ],
)
def test_ends_of_lines_and_blank_lines_are_changes_too(before: str, after: str, hunk: Hunk) -> None:
    (found,) = diff(Document(None, before), Document(None, after))
    assert (found.before, found.after) == (hunk.before, hunk.after)
    assert diff(Document(None, before), Document(None, before)) == []


def test_files_of_one_name_are_all_compared() -> None:
    before = Code("C", (CodeFile("a.py", "python", "one\n"), CodeFile("a.py", "python", "two\n")))
    after = Code("C", (CodeFile("a.py", "python", "1\n"), CodeFile("a.py", "python", "2\n")))
    assert diff(before, after) == [Hunk("a.py line 1", "one", "1"), Hunk("a.py (2) line 1", "two", "2")]


def test_an_empty_file_that_comes_or_goes_is_told() -> None:
    none, one = Code("C", ()), Code("C", (CodeFile("a.py", "python", ""),))
    assert diff(none, one) == [Hunk("file", "", "a.py")]
    assert diff(one, none) == [Hunk("file", "a.py", "")]


def test_one_changed_line_in_a_long_text_is_one_hunk() -> None:
    lines = [f"line {number}\n" for number in range(50_000)]
    changed = [*lines[:25_000], "changed\n", *lines[25_001:]]
    assert diff(Document(None, "".join(lines)), Document(None, "".join(changed))) == [
        Hunk("line 25001", "line 25000", "changed")
    ]


@pytest.mark.load
def test_two_long_texts_that_share_little_are_compared_in_little_memory() -> None:
    before = "".join(f"x {number}\n" for number in range(40_000))
    after = "".join(f"{'x' if number % 2 else 'y'} {number}\n" for number in range(40_001))
    (hunk,) = diff(Document(None, "head\n" + before), Document(None, "head\n" + after))
    assert (hunk.where, hunk.before + "\n", hunk.after + "\n") == ("lines 2-40001", before, after)
