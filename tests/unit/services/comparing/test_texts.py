from __future__ import annotations

import pytest

from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.document import Document
from forgeapp.services.comparing import FileChange, Hunk, LinesChange, OrderChange, Span, compare, fitted
from tests.pace import assert_linear


def told(before: str, after: str) -> list[tuple[str, str, str]]:
    hunks = compare(Document(None, before), Document(None, after)).hunks
    return [(hunk.where, hunk.before, hunk.after) for hunk in hunks]


def test_texts_are_compared_by_line() -> None:
    before, after = "# D\n\none\ntwo\nthree\n", "# D\n\none\n2\nthree\nfour\n"
    first, second = compare(Document("D", before), Document("D", after)).hunks
    assert first == Hunk("line 4", "two", "2", LinesChange(None, Span(3, 4), Span(3, 4)))
    assert second == Hunk("line 6", "", "four", LinesChange(None, Span(5, 5), Span(5, 6)))
    assert first.to_json() == {"where": "line 4", "before": "two", "after": "2"}


@pytest.mark.parametrize(
    ("before", "after", "hunk"),
    [
        ("a\nb\n", "a\nb", ("line 2", "b\n", "b")),
        ("a\nb", "a\nb\nc", ("line 2", "b", "b\nc")),
        ("a\r\nb\n", "a\nb\n", ("line 1", "a\r", "a")),
        ("a\u2028b\n", "a\nb\n", ("line 1", "a\u2028b", "a\nb")),
        ("a\nb\n", "a\n\nb\n", ("line 2", "", "\n")),
        ("a\nx\nb\n", "a\n\nb\n", ("line 2", "x\n", "\n")),
        ("a\nx\ny\nb\n", "a\nb\n", ("lines 2-3", "x\ny", "")),
    ],
)
def test_ends_of_lines_and_blank_lines_are_changes_too(before: str, after: str, hunk: tuple[str, str, str]) -> None:
    assert told(before, after) == [hunk]


def test_lines_of_a_text_are_taken_one_hunk_at_a_time() -> None:
    comparison = compare(Document("D", "a\nb\nc\nd\n"), Document("E", "A\nb\nc\nD\ne\n"))
    assert [hunk.where for hunk in comparison.hunks] == ["title", "line 1", "line 4"]
    assert comparison.accepted([1]) == Document("D", "A\nb\nc\nd\n")
    assert comparison.accepted([0, 2]) == Document("E", "a\nb\nc\nD\ne\n")


def test_one_changed_line_in_a_long_text_is_one_hunk() -> None:
    lines = [f"line {number}\n" for number in range(50_000)]
    changed = [*lines[:25_000], "changed\n", *lines[25_001:]]
    assert told("".join(lines), "".join(changed)) == [("line 25001", "line 25000", "changed")]


@pytest.mark.load
def test_long_texts_that_share_half_are_compared_in_linear_time() -> None:
    def make(size: int) -> tuple[str, str]:
        numbered = "".join(f"x {number}\n" for number in range(size))
        return numbered, "".join(f"{'x' if number % 2 else 'y'} {number}\n" for number in range(size + 1))

    assert_linear(lambda texts: told(*texts), make, 40_000)
    assert len(told(*make(40_000))) == 20_001


@pytest.mark.load
def test_long_texts_that_repeat_themselves_are_compared_in_linear_time() -> None:
    def make(size: int) -> tuple[str, str]:
        bits = [str(int(number**0.5) % 2) for number in range(size)]
        return "\n".join(bits), "\n".join(reversed(bits))

    assert_linear(lambda texts: told(*texts), make, 100_000)
    assert told(*make(100_000))


def test_files_of_code_are_compared_by_name() -> None:
    before = Code("C", (CodeFile("a.py", "python", "x = 1\n"), CodeFile("b.py", "python", "y\n")))
    after = Code("C", (CodeFile("a.py", "python", "x = 2\n"), CodeFile("c.txt", "text", "")))
    comparison = compare(before, after)
    assert comparison.hunks == (
        Hunk("a.py line 1", "x = 1", "x = 2", LinesChange("a.py", Span(0, 1), Span(0, 1))),
        Hunk('file "b.py"', "y\n", "", FileChange("b.py", None)),
        Hunk('file "c.txt"', "", "", FileChange(None, "c.txt")),
    )
    assert [file.name for file in comparison.accepted([2]).files] == ["a.py", "c.txt", "b.py"]  # type: ignore[union-attr]


def test_files_of_one_name_are_all_compared() -> None:
    before = Code("C", (CodeFile("a.py", "python", "one\n"), CodeFile("a.py", "python", "two\n")))
    after = Code("C", (CodeFile("a.py", "python", "1\n"), CodeFile("a.py", "python", "2\n")))
    hunks = compare(before, after).hunks
    assert [(hunk.where, hunk.after) for hunk in hunks] == [("a.py line 1", "1"), ("a.py (2) line 1", "2")]


def test_a_renamed_file_and_its_changed_lines_are_separate_hunks() -> None:
    text = "import os\n\nx = 1\ny = 2\n"
    before = Code("C", (CodeFile("old.py", "python", text),))
    after = Code("C", (CodeFile("new.py", "python", text.replace("1", "3")),))
    comparison = compare(before, after)
    assert [hunk.where for hunk in comparison.hunks] == ['file "old.py"', "new.py line 3"]
    assert comparison.hunks[0].change == FileChange("old.py", "new.py")
    assert comparison.accepted([1]) == Code("C", (CodeFile("old.py", "python", text.replace("1", "3")),))


def test_files_in_another_order_are_one_hunk() -> None:
    one, two, three = (CodeFile(name, "", f"{name}\n") for name in ("one", "two", "three"))
    comparison = compare(Code("C", (one, two, three)), Code("C", (three, one, two)))
    (hunk,) = comparison.hunks
    assert hunk.where == "order of the files"
    assert hunk.change == OrderChange(("one", "two", "three"), ("three", "one", "two"))


BASE = Document("D", "one\ntwo\nthree\nfour\nfive\n")


def test_changes_of_different_lines_both_survive() -> None:
    model = compare(BASE, Document("D", "one\ntwo\nthree\n4\nfive\nsix\n"))
    result = fitted(model, Document("Mine", "zero\none\n2\nthree\nfour\nfive\n"))
    assert result.content == Document("Mine", "zero\none\n2\nthree\n4\nfive\nsix\n")
    assert result.unplaced == ()


def test_a_line_changed_by_both_stays_as_the_user_has_it_and_is_told() -> None:
    model = compare(BASE, Document("Theirs", "one\nTWO\nthree\nfour\n5\n"))
    result = fitted(model, Document("Mine", "one\n2\nthree\nfour\nfive\n"))
    assert result.content == Document("Mine", "one\n2\nthree\nfour\n5\n")
    assert [hunk.where for hunk in result.unplaced] == ["title", "line 2"]
    assert [hunk.where for hunk in result.placed] == ["line 5"]


def test_what_both_changed_alike_is_placed_once() -> None:
    after = Document("D", "one\n2\nthree\nfour\nfive\nsix\n")
    result = fitted(compare(BASE, after), after)
    assert result.content == after
    assert result.unplaced == ()


def test_lines_put_in_at_one_place_by_both_are_not_mixed() -> None:
    model = compare(BASE, Document("D", BASE.markdown + "six\n"))
    result = fitted(model, Document("D", BASE.markdown + "SIX\n"))
    assert result.content == Document("D", BASE.markdown + "SIX\n")
    assert [hunk.after for hunk in result.unplaced] == ["six"]


def test_a_line_appended_to_one_that_lost_its_end_stays_a_line() -> None:
    model = compare(Document(None, "a\nb\n"), Document(None, "a\nb\nc"))
    assert fitted(model, Document(None, "a\nB")).content == Document(None, "a\nB\nc")


def test_a_file_the_user_changed_is_not_removed_and_one_he_removed_stays_away() -> None:
    kept, gone = CodeFile("kept.py", "python", "a\nb\n"), CodeFile("gone.py", "python", "c\n")
    model = compare(Code("C", (kept, gone)), Code("C", (CodeFile("gone.py", "python", "C\n"),)))
    mine = Code("C", (CodeFile("kept.py", "python", "a\nB\n"),))
    result = fitted(model, mine)
    assert result.content == mine
    assert len(result.unplaced) == 2
