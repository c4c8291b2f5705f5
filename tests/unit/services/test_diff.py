from __future__ import annotations

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
    assert (hunks == []) == (before.splitlines() == after.splitlines())
    kept_before = sum(len(hunk.before.splitlines() or [""]) if hunk.before else 0 for hunk in hunks)
    assert kept_before <= len(before.splitlines())
