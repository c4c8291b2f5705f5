"""What helps to write a document: formats, outline, find and replace, counts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from forgeapp.ui.artifact.text.find_bar import FindBar
from tests.ui.document_bench import TABLE, Bench, Held, Key, make_maker, make_workbench  # noqa: F401 - fixtures

Make = Callable[..., Bench]


@pytest.mark.parametrize(
    ("before", "name", "after"),
    [
        ("one\ntwo", "bullets", "- one\n- two"),
        ("one\n\n  two", "numbers", "1. one\n\n  2. two"),
        ("- one\n- two", "numbers", "1. one\n2. two"),
        ("1. one\n2. two", "tasks", "- [ ] one\n- [ ] two"),
        ("one\ntwo", "quote", "> one\n> two"),
        ("one\n```\ntwo", "code_block", "````\none\n```\ntwo\n````"),
        ("one", "strike", "~~one~~"),
        ("one", "code", "`one`"),
        ("one", "heading_6", "###### one"),
    ],
)
def test_a_format_is_put_on_and_taken_off_as_one_step_each(make: Make, before: str, name: str, after: str) -> None:
    bench = make(before)
    action = next(action for action in bench.text.format_actions if action.objectName() == name)
    bench.text.selectAll()
    action.trigger()
    assert bench.markdown == after
    plain = re.sub(r"^(- |\d\. )", "", before, flags=re.MULTILINE)
    action.trigger()
    assert bench.markdown == plain
    bench.undo()
    bench.undo()
    assert bench.markdown == before


def test_each_format_has_a_key_that_works_in_the_text(make: Make) -> None:
    bench = make("word")
    bench.text.selectAll()
    bench.press(Key.Key_X, Held.ControlModifier, Held.ShiftModifier)
    assert bench.markdown == "~~word~~"
    bench.press(Key.Key_L, Held.ControlModifier, Held.ShiftModifier)
    assert bench.markdown == "- ~~word~~"
    assert all(not action.shortcut().isEmpty() for action in bench.text.format_actions)


def test_a_click_in_the_format_bar_formats_and_the_keyboard_stays_in_the_text(make: Make, qtbot: QtBot) -> None:
    bench = make("word", width=1200)
    bench.text.selectAll()
    bold = bench.editor.format_bar.findChild(QWidget, "format_bold")
    qtbot.mouseClick(bold, Qt.MouseButton.LeftButton)
    assert bench.markdown == "**word**"
    assert bench.text.hasFocus()


def test_what_the_narrow_bar_does_not_show_is_in_its_menu(make: Make, qtbot: QtBot) -> None:
    bench = make("word", width=1200)
    bar = bench.editor.format_bar
    whole = len(bar.buttons)
    assert bar.findChild(QWidget, "format_more").isHidden()
    bench.editor.resize(560, 480)
    qtbot.waitUntil(lambda: not bar.findChild(QWidget, "format_more").isHidden())
    assert len(bar.buttons) < whole
    assert all(bar.rect().contains(button.geometry()) for button in bar.buttons)
    qtbot.mouseClick(bar.findChild(QWidget, "format_more"), Qt.MouseButton.LeftButton)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    assert "Block of code" in [action.text() for action in menu.actions()]
    menu.close()


SECTIONS = "# Report\n\nIntro.\n\n" + "".join(
    f"## Part {number}\n\n" + "Some words.\n\n" * 20 + "### Detail\n\nMore.\n\n" for number in range(1, 6)
)


def test_the_outline_shows_the_headings_goes_there_and_marks_where_one_is(make: Make, qtbot: QtBot) -> None:
    bench = make(SECTIONS, width=1000)
    bench.wait_until_read()
    bench.press(Key.Key_O, Held.ControlModifier, Held.ShiftModifier)
    outline = bench.editor.outline.panel.outline
    assert outline.isVisible()
    assert outline.hasFocus()
    assert outline.model().index(0, 0).data() == "Report"
    line = next(h.line for h in outline.headings if h.words == "Part 4")
    outline.setCurrentIndex(outline.model().index(3, 0, outline.model().index(0, 0)))
    bench.press(Key.Key_Return)
    assert bench.text.textCursor().blockNumber() == line
    assert abs(bench.text.top_line() - line) < 1
    assert abs(bench.editor.view.top_line() - line) < 2
    assert bench.text.hasFocus()
    place = bench.markdown.index("## Part 2")
    bench.text.select(place + 40, place + 40)
    assert outline.currentIndex().data() == "Part 2"
    bench.press(Key.Key_O, Held.ControlModifier, Held.ShiftModifier)
    assert not outline.isVisible()


def test_the_outline_follows_what_is_typed(make: Make, qtbot: QtBot) -> None:
    bench = make("# One\n\nText\n", width=1000)
    bench.wait_until_read()
    bench.editor.outline.toggle()
    bench.text.setFocus()
    bench.press(Key.Key_End, Held.ControlModifier)
    bench.type("## Two")
    outline = bench.editor.outline.panel.outline
    qtbot.waitUntil(lambda: [(h.level, h.words) for h in outline.headings] == [(1, "One"), (2, "Two")])
    assert outline.model().index(0, 0, outline.model().index(0, 0)).data() == "Two"


def test_in_a_narrow_pane_the_outline_is_a_card_that_goes_when_something_was_chosen(make: Make, qtbot: QtBot) -> None:
    bench = make(SECTIONS, width=420)
    bench.wait_until_read()
    bench.press(Key.Key_O, Held.ControlModifier, Held.ShiftModifier)
    card = bench.editor.outline.card
    assert card is not None
    assert card.isVisible()
    outline = card.findChild(QWidget, "outline")
    outline.setCurrentIndex(outline.model().index(1, 0, outline.model().index(0, 0)))
    qtbot.keyClick(outline, Key.Key_Return)
    assert bench.text.textCursor().block().text() == "## Part 2"


def find(bench: Bench, query: str, *toggles: str) -> FindBar:
    bar = bench.editor.find_bar
    bar.open(replacing=True)
    for name in toggles:
        bar.findChild(QWidget, name).click()
    bar.query.setText(query)
    return bar


def test_whole_words_and_regular_expressions_are_found(make: Make) -> None:
    bench = make("cat concat cat2 Cat\n12 345")
    assert len(find(bench, "cat", "find_whole").hits) == 2
    bar = find(bench, r"\d{2,}", "find_whole", "find_pattern")
    assert [bench.text.document().toPlainText()[a:b] for a, b in bar.hits] == ["12", "345"]


def test_groups_of_a_pattern_are_put_into_the_replacement_as_one_step(make: Make) -> None:
    bench = make("Ada Lovelace\nAlan Turing 😀")
    bar = find(bench, r"^(\w+) (\w+)", "find_pattern")
    bar.replacement.setText(r"\2, \1")
    bar.replace_all()
    assert bench.markdown == "Lovelace, Ada\nTuring, Alan 😀"
    bench.undo()
    assert bench.markdown == "Ada Lovelace\nAlan Turing 😀"
    bar.replacement.setText(r"\9")
    bar.replace_all()
    assert bench.markdown == "Ada Lovelace\nAlan Turing 😀"
    assert "group" in bar.count.text()


def test_a_broken_or_endless_pattern_says_so(make: Make) -> None:
    bench = make("a" * 60 + "!")
    assert find(bench, "(", "find_pattern").count.text() == "Not a pattern"
    bar = bench.editor.find_bar
    bar.query.setText("(a|aa)+$")
    assert bar.count.text() in ("Takes too long", "No hits")


def test_a_selection_of_chinese_counts_its_characters(make: Make, qtbot: QtBot) -> None:
    bench = make("项目报告 is here")
    bench.text.selectAll()
    qtbot.waitUntil(lambda: "6 words" in bench.editor.words.text())


def test_a_long_document_says_how_long_it_takes_to_read(make: Make, qtbot: QtBot) -> None:
    bench = make("word " * 1_000)
    qtbot.waitUntil(lambda: bench.editor.words.text().endswith("5 min to read"))
