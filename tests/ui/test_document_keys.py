"""Keys and buttons that write Markdown, find and replace in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.document_bench import QUOTE, Bench, Held, Key, make_maker, make_workbench  # noqa: F401 - fixtures


@pytest.mark.parametrize(
    ("key", "after"),
    [(Key.Key_B, "see **our** terms"), (Key.Key_I, "see *our* terms"), (Key.Key_1, "# see our terms")],
)
def test_formatting_keys_work_both_ways(make: Callable[..., Bench], key: Qt.Key, after: str) -> None:
    bench = make("see our terms")
    bench.put_cursor("our")
    bench.press(key, Held.ControlModifier)
    assert bench.markdown == after
    bench.press(key, Held.ControlModifier)
    assert bench.markdown == "see our terms"
    bench.press(Key.Key_Z, Held.ControlModifier)
    assert bench.markdown == after


def test_bold_and_italic_do_not_take_each_other_away(make: Callable[..., Bench]) -> None:
    bench = make("our")
    bench.select("our")
    bench.press(Key.Key_B, Held.ControlModifier)
    bench.press(Key.Key_I, Held.ControlModifier)
    assert bench.markdown == "***our***"
    bench.press(Key.Key_B, Held.ControlModifier)
    assert bench.markdown == "*our*"


def test_a_heading_of_another_level_replaces_the_one_there_is(make: Callable[..., Bench]) -> None:
    bench = make("## Title")
    bench.press(Key.Key_3, Held.ControlModifier)
    assert bench.markdown == "### Title"


def test_a_link_asks_for_its_address_and_an_address_for_its_words(make: Callable[..., Bench]) -> None:
    bench = make("see terms")
    bench.select("terms")
    bench.press(Key.Key_K, Held.ControlModifier)
    bench.type("https://a.example")
    assert bench.markdown == "see [terms](https://a.example)"
    bench = make("https://b.example/x")
    bench.press(Key.Key_A, Held.ControlModifier)
    bench.press(Key.Key_K, Held.ControlModifier)
    bench.type("here")
    assert bench.markdown == "[here](https://b.example/x)"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- one", "- one\n- two"),
        ("9. one", "9. one\n10. two"),
        ("  * one", "  * one\n  * two"),
        ("- [x] one", "- [x] one\n- [ ] two"),
        ("> one", "> one\n> two"),
        ("one", "one\ntwo"),
    ],
)
def test_enter_continues_lists_and_quotes(make: Callable[..., Bench], before: str, after: str) -> None:
    bench = make(before)
    bench.press(Key.Key_End)
    bench.press(Key.Key_Return)
    bench.type("two")
    assert bench.markdown == after


def test_enter_in_an_empty_item_ends_the_list(make: Callable[..., Bench]) -> None:
    bench = make("- one")
    bench.press(Key.Key_End)
    bench.press(Key.Key_Return)
    bench.press(Key.Key_Return)
    bench.type("after")
    assert bench.markdown == "- one\nafter"


def test_tab_nests_a_list_item_and_shift_tab_takes_it_back(make: Callable[..., Bench]) -> None:
    bench = make("1. one\n2. two")
    bench.put_cursor("two")
    bench.press(Key.Key_Tab)
    assert bench.markdown == "1. one\n   2. two"
    assert bench.text.textCursor().positionInBlock() == 6
    bench.press(Key.Key_Backtab, Held.ShiftModifier)
    assert bench.markdown == "1. one\n2. two"


def test_tab_in_plain_text_goes_to_the_next_control(make: Callable[..., Bench]) -> None:
    bench = make("plain")
    bench.press(Key.Key_Tab)
    assert bench.markdown == "plain"
    assert not bench.text.hasFocus()


def test_find_counts_steps_and_gives_the_focus_back(make: Callable[..., Bench], qtbot: QtBot) -> None:
    bench = make("Rent 😀 rent\nRENT\nparent")
    bench.press(Key.Key_F, Held.ControlModifier)
    bench.type("rent")
    bar = bench.editor.find_bar
    assert bar.count.text() == "1 of 4"
    bench.press(Key.Key_Return)
    assert bar.count.text() == "2 of 4"
    assert bench.text.textCursor().selectedText() == "rent"
    bench.press(Key.Key_Return, Held.ShiftModifier)
    bench.press(Key.Key_Return, Held.ShiftModifier)
    assert bar.count.text() == "4 of 4"
    qtbot.mouseClick(bar.findChild(QWidget, "find_case"), Qt.MouseButton.LeftButton)
    assert bar.count.text().endswith("of 2")
    bench.press(Key.Key_Escape)
    assert not bar.isVisible()
    assert bench.text.hasFocus()
    assert not bench.text.extraSelections()


def test_find_says_when_there_is_nothing(make: Callable[..., Bench]) -> None:
    bench = make()
    bench.press(Key.Key_F, Held.ControlModifier)
    bench.type("nowhere")
    assert bench.editor.find_bar.count.text() == "No hits"
    assert not bench.editor.find_bar.findChild(QWidget, "find_next").isEnabled()


def test_replace_all_is_one_step(make: Callable[..., Bench], qtbot: QtBot) -> None:
    bench = make("Rent 😀 rent\nRENT")
    bench.press(Key.Key_H, Held.ControlModifier)
    bar = bench.editor.find_bar
    bar.query.setFocus()
    bench.type("rent")
    bar.replacement.setFocus()
    bench.type(r"\1 lease")
    qtbot.mouseClick(bar.findChild(QWidget, "replace_all"), Qt.MouseButton.LeftButton)
    assert bench.markdown == "\\1 lease 😀 \\1 lease\n\\1 lease"
    bench.artifact.undo_stack.undo()
    assert bench.markdown == "Rent 😀 rent\nRENT"


def test_replace_one_goes_on_to_the_next(make: Callable[..., Bench]) -> None:
    bench = make("a b a")
    bench.press(Key.Key_H, Held.ControlModifier)
    bench.editor.find_bar.query.setFocus()
    bench.type("a")
    bench.editor.find_bar.replacement.setFocus()
    bench.type("x")
    bench.press(Key.Key_Return)
    assert bench.markdown == "x b a"
    bench.press(Key.Key_Return)
    assert bench.markdown == "x b x"


def test_copying_finding_and_replacing_leave_a_space_that_does_not_break(make: Callable[..., Bench]) -> None:
    bench = make("10\u00a0000 men, 10\u00a0000 men\n")
    bench.text.selectAll()
    bench.press(Key.Key_C, Held.ControlModifier)
    assert QGuiApplication.clipboard().text() == "10\u00a0000 men, 10\u00a0000 men\n"
    bench.text.select(0, 0)
    bench.press(Key.Key_H, Held.ControlModifier)
    bench.editor.find_bar.query.setText("10 000")
    assert len(bench.editor.find_bar.hits) == 2
    bench.editor.find_bar.query.setText("men")
    bench.editor.find_bar.replacement.setText("women")
    bench.editor.find_bar.replace_all()
    assert bench.markdown == "10\u00a0000 women, 10\u00a0000 women\n"


def test_shift_enter_ends_a_line_as_enter_does(make: Callable[..., Bench]) -> None:
    bench = make("one\r\n")
    bench.put_cursor("one")
    bench.type("zero")
    bench.press(Key.Key_Return, Held.ShiftModifier)
    assert bench.markdown == "zero\r\none\r\n"
