"""Whole lines, files and languages in the code editor, by real keys and clicks; all of it undone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from forgeapp.domain.code import CodeFile
from forgeapp.ui.artifact.code.comments import comment_marks, toggle_comments
from forgeapp.ui.artifact.code.languages import all_languages
from tests.ui.code_bench import FILES, Bench, Held, Key, make, python, workbench

__all__ = ["make", "workbench"]

LINES = "one = 1\ntwo = 2\nthree = 3"


def test_every_key_that_changes_lines_is_undone_to_the_first_state(make: Callable[..., Bench]) -> None:
    bench = make(python(LINES))
    first = bench.files
    bench.put_cursor("two")
    bench.press(Key.Key_D, Held.ControlModifier)
    assert bench.shown == "one = 1\ntwo = 2\ntwo = 2\nthree = 3"
    bench.press(Key.Key_Down, Held.AltModifier)
    assert bench.shown == "one = 1\ntwo = 2\nthree = 3\ntwo = 2"
    bench.press(Key.Key_Up, Held.AltModifier)
    bench.press(Key.Key_Up, Held.AltModifier)
    bench.press(Key.Key_Up, Held.AltModifier)
    assert bench.shown == "two = 2\none = 1\ntwo = 2\nthree = 3"
    bench.press(Key.Key_Up, Held.AltModifier)
    bench.press(Key.Key_K, Held.ControlModifier)
    assert bench.shown == "# two = 2\none = 1\ntwo = 2\nthree = 3"
    bench.press(Key.Key_A, Held.ControlModifier)
    bench.press(Key.Key_K, Held.ControlModifier)
    assert bench.shown == "# # two = 2\n# one = 1\n# two = 2\n# three = 3"
    bench.press(Key.Key_K, Held.ControlModifier)
    bench.press(Key.Key_Tab)
    bench.press(Key.Key_BracketLeft, Held.ControlModifier)
    bench.type("x")
    bench.undo_all()
    assert bench.files == first
    assert bench.artifact.is_saved


def test_a_selection_goes_with_its_lines_and_is_duplicated_as_a_whole(make: Callable[..., Bench]) -> None:
    bench = make(python(LINES))
    bench.text.select(2, LINES.index("2"))
    bench.press(Key.Key_Down, Held.AltModifier)
    assert bench.shown == "three = 3\none = 1\ntwo = 2"
    assert bench.text.textCursor().selectedText() == "e = 1\u2029two = "
    bench.press(Key.Key_D, Held.ControlModifier)
    assert bench.shown == "three = 3\none = 1\ntwo = 2\none = 1\ntwo = 2"
    assert bench.text.textCursor().selectionStart() == len("three = 3\none = 1\ntwo = 2\non")
    bench.press(Key.Key_Down, Held.AltModifier)
    assert bench.shown.endswith("one = 1\ntwo = 2")


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("python", ["  a", "", "    b"], ["  # a", "", "  #   b"]),
        ("html", ["<p>"], ["<!-- <p> -->"]),
        ("css", ["a {"], ["/* a { */"]),
        ("sql", ["select 1"], ["-- select 1"]),
        ("rust", ["let a;"], ["// let a;"]),
    ],
)
def test_comments_are_in_the_marks_of_the_language_and_come_off_again(
    language: str, before: list[str], after: list[str]
) -> None:
    assert toggle_comments(before, language) == after
    assert toggle_comments(after, language) == before


def test_a_comment_written_without_a_space_comes_off_and_json_has_none() -> None:
    assert toggle_comments(["#a", "# b"], "python") == ["a", "b"]
    assert toggle_comments(["{"], "json") == ["{"]
    assert comment_marks("") is None


def test_go_to_line_follows_the_number_and_esc_goes_back(make: Callable[..., Bench]) -> None:
    bench = make(python("\n".join(f"line_{number} = {number}" for number in range(1, 301))))
    bench.press(Key.Key_G, Held.ControlModifier)
    bar = bench.editor.go_to_line
    assert (bar.line.text(), bar.count.text()) == ("1", "of 300")
    bench.type("250:6")
    assert bench.text.textCursor().blockNumber() == 249
    assert bench.text.textCursor().positionInBlock() == 5
    bench.press(Key.Key_Escape)
    assert not bar.isVisible()
    assert bench.text.hasFocus()
    assert bench.text.textCursor().position() == 0
    bench.press(Key.Key_G, Held.ControlModifier)
    bench.type("9999")
    bench.press(Key.Key_Return)
    assert bench.text.hasFocus()
    assert bench.text.textCursor().blockNumber() == 299
    bench.press(Key.Key_G, Held.ControlModifier)
    bench.press(Key.Key_F, Held.ControlModifier)
    bench.text.setFocus()
    bench.press(Key.Key_F, Held.ControlModifier)
    assert bench.editor.find_bar.isVisible()
    assert not bar.isVisible()


def test_go_to_line_in_a_text_cut_into_pieces_means_its_own_lines(make: Callable[..., Bench]) -> None:
    bench = make(CodeFile("data.json", "json", "[\n" + '"abc", ' * 10_000 + "\n]\n"))
    bench.press(Key.Key_G, Held.ControlModifier)
    assert bench.editor.go_to_line.count.text() == "of 4"
    bench.type("3")
    assert bench.text.textCursor().block().text() == "]"


def test_any_language_is_found_by_typing_and_kept_with_the_file(make: Callable[..., Bench], qtbot: QtBot) -> None:
    bench = make()
    qtbot.mouseClick(bench.editor.language, Qt.MouseButton.LeftButton)
    menu = bench.editor.language.menu
    row = next(action for action in menu.actions() if action.text() == "All languages…")
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(row).center())
    assert bench.editor.language.text() == "Python"
    search = bench.editor._search
    assert search is not None
    qtbot.waitUntil(lambda: search.list.count() > 400)
    qtbot.keyClicks(search.query, "erla")
    assert search.list.item(0).text() == "Erlang"
    qtbot.keyClick(search.query, Key.Key_Return)
    assert not search.isVisible()
    assert bench.files[0].language == "erlang"
    bench.settle()
    bench.text.setFocus()
    bench.undo_all()
    assert bench.files == FILES


def test_a_language_nobody_knows_is_told_to_be_none(make: Callable[..., Bench], qtbot: QtBot) -> None:
    bench = make()
    bench.editor._open_language_search()
    search = bench.editor._search
    assert search is not None
    qtbot.waitUntil(lambda: search.list.count() > 400)
    qtbot.keyClicks(search.query, "klingon")
    assert search.nothing.isVisible()
    qtbot.keyClick(search.query, Key.Key_Return)
    assert search.isVisible()
    qtbot.keyClick(search.query, Key.Key_Escape)
    qtbot.keyClick(search.query, Key.Key_Escape)
    assert not search.isVisible()
    assert bench.files == FILES
    assert ("abap", "ABAP", "abap abap") in all_languages()


def test_files_are_copied_moved_added_and_deleted_by_keys_and_all_undone(make: Callable[..., Bench]) -> None:
    bench = make()
    bench.editor.files.setFocus()
    bench.press(Key.Key_D, Held.ControlModifier)
    assert bench.names == ["totals.py", "totals2.py", "index.html", "query.sql"]
    assert bench.editor.place == 1
    bench.press(Key.Key_Right, Held.AltModifier)
    assert bench.names == ["totals.py", "index.html", "totals2.py", "query.sql"]
    assert bench.editor.place == 2
    assert bench.shown == FILES[0].text
    bench.press(Key.Key_Left, Held.AltModifier)
    bench.press(Key.Key_Left, Held.AltModifier)
    bench.press(Key.Key_Left, Held.AltModifier)
    assert bench.names == ["totals2.py", "totals.py", "index.html", "query.sql"]
    bench.press(Key.Key_Delete)
    assert bench.files == FILES
    bench.press(Key.Key_Insert)
    bench.press(Key.Key_Return)
    assert len(bench.files) == 4
    bench.text.setFocus()
    bench.undo_all()
    assert bench.files == FILES
    assert bench.artifact.is_saved


def test_a_file_is_dragged_to_another_place(make: Callable[..., Bench], qtbot: QtBot) -> None:
    bench = make()
    tabs = bench.editor.files
    start, end = tabs.tabRect(0).center(), tabs.tabRect(2).center() + QPoint(10, 0)
    qtbot.mousePress(tabs, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(tabs, start + QPoint(20, 0))
    qtbot.mouseMove(tabs, end)
    qtbot.mouseRelease(tabs, Qt.MouseButton.LeftButton, pos=end)
    assert bench.names == ["index.html", "query.sql", "totals.py"]
    assert bench.editor.place == 2
    bench.click_file(0)
    assert bench.names == ["index.html", "query.sql", "totals.py"]


def test_code_is_copied_with_its_colours_when_that_is_asked_for(make: Callable[..., Bench]) -> None:
    bench = make(python("def f():\n    return '<😀>'  # note\n"))
    bench.settle()
    bench.press(Key.Key_A, Held.ControlModifier)
    bench.text.copy_action.trigger()
    data = QApplication.clipboard().mimeData()
    assert data.text() == "def f():\n    return '<😀>'  # note\n"
    assert "&lt;😀&gt;" in data.html()
    assert data.html().count("color: #") >= 4
    bench.press(Key.Key_C, Held.ControlModifier)
    assert not QApplication.clipboard().mimeData().hasHtml()


def test_the_menu_of_the_files_offers_to_save_them(make: Callable[..., Bench], qtbot: QtBot) -> None:
    bench = make()
    wished: list[int] = []
    bench.editor._workbench.export_wished.connect(lambda artifact, _format: wished.append(artifact))
    qtbot.mouseClick(bench.editor.more_button, Qt.MouseButton.LeftButton)
    menu = bench.editor.findChild(QMenu, "code_menu")
    assert menu is not None
    save = next(action for action in menu.actions() if action.text() == "Save as files…")
    assert isinstance(save, QAction)
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(save).center())
    assert wished == [1]
    assert bench.editor._workbench.exports.formats["code"] == "files"
