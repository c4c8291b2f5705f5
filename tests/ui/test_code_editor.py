"""The code editor, by real keys and clicks."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from forgeapp.domain.code import Code, CodeFile
from forgeapp.ui.artifact.text.indentation import indent_unit, next_indent, outdented
from forgeapp.ui.artifact.text.lexing import load_lexer
from forgeapp.ui.workbench import Workbench
from tests.pace import assert_linear, repeated
from tests.ui.code_bench import FILES, PYTHON, Bench, Held, Key, make, python, workbench

__all__ = ["make", "workbench"]


def test_what_is_typed_is_the_content_and_can_all_be_undone_and_done_again(make: Callable[..., Bench]) -> None:
    bench = make()
    bench.put_cursor("4.30", behind=True)
    bench.type("\nprint(1)")
    bench.press(Key.Key_Backspace)
    whole = bench.files
    assert whole[0].text.endswith("return meals * 4.30\nprint(1\n")
    bench.undo_all()
    assert bench.files == FILES
    assert bench.artifact.is_saved
    while bench.artifact.undo_stack.canRedo():
        bench.press(Key.Key_Z, Held.ControlModifier, Held.ShiftModifier)
    assert bench.files == whole


def test_a_change_by_the_model_to_several_files_is_one_step(make: Callable[..., Bench]) -> None:
    bench = make()
    bench.type("# mine\n")
    mine = bench.files
    theirs = tuple(CodeFile(file.name, file.language, "changed 😀\n") for file in FILES)
    bench.artifact.replace(Code("Totals", theirs), "Change by the model")
    bench.press(Key.Key_End, Held.ControlModifier)
    bench.type("x")
    assert bench.files[0].text == "changed 😀\nx"
    bench.press(Key.Key_Z, Held.ControlModifier)
    assert bench.files == theirs
    bench.press(Key.Key_Z, Held.ControlModifier)
    assert bench.files == mine
    bench.undo_all()
    assert bench.files == FILES


def test_each_file_is_chosen_by_a_click_or_by_keys_and_keeps_its_place(make: Callable[..., Bench]) -> None:
    bench = make()
    bench.put_cursor("return")
    bench.click_file(1)
    assert bench.shown == "<p>Hello</p>\n"
    assert bench.editor.language.text() == "HTML"
    bench.editor.files.setFocus()
    bench.press(Key.Key_Right)
    assert bench.shown == "select 1;\n"
    bench.press(Key.Key_Home)
    assert bench.shown == PYTHON
    assert bench.text.textCursor().position() == PYTHON.index("return")


def test_typing_in_one_file_and_then_another_is_undone_in_that_order(make: Callable[..., Bench]) -> None:
    bench = make()
    bench.type("a")
    bench.click_file(1)
    bench.text.setFocus()
    bench.type("b")
    bench.click_file(0)
    bench.text.setFocus()
    bench.type("c")
    assert [file.text[:2] for file in bench.files[:2]] == ["ac", "b<"]
    bench.press(Key.Key_Z, Held.ControlModifier)
    assert [file.text[:2] for file in bench.files[:2]] == ['a"', "b<"]
    bench.press(Key.Key_Z, Held.ControlModifier)
    assert [file.text[:2] for file in bench.files[:2]] == ['a"', "<p"]
    assert bench.editor.place == 1


def test_a_file_is_added_named_and_filled_and_all_of_it_undone(make: Callable[..., Bench]) -> None:
    bench = make()
    bench.qtbot.mouseClick(bench.editor.add_button, Qt.MouseButton.LeftButton)
    field = bench.editor.files.findChild(QLineEdit, "file_name")
    assert field.hasFocus()
    bench.press(Key.Key_A, Held.ControlModifier)
    bench.type("src:style.css")
    bench.press(Key.Key_Return)
    assert bench.names == ["totals.py", "index.html", "query.sql", "src style.css"]
    assert bench.editor.language.text() == "CSS"
    bench.text.setFocus()
    bench.type("p {}")
    assert bench.files[3] == CodeFile("src style.css", "css", "p {}")
    bench.undo_all()
    assert bench.files == FILES
    assert bench.names == [file.name for file in FILES]
    while bench.artifact.undo_stack.canRedo():
        bench.artifact.undo_stack.redo()
    assert bench.files[3] == CodeFile("src style.css", "css", "p {}")


def test_a_file_is_renamed_by_f2_and_escape_leaves_its_name(make: Callable[..., Bench]) -> None:
    bench = make()
    bench.editor.files.setFocus()
    bench.press(Key.Key_F2)
    bench.type("sums")
    bench.press(Key.Key_Return)
    assert bench.files[0] == CodeFile("sums.py", "python", PYTHON)
    bench.press(Key.Key_F2)
    bench.type("nothing")
    bench.press(Key.Key_Escape)
    assert bench.names[0] == "sums.py"
    bench.artifact.undo_stack.undo()
    assert bench.names[0] == "totals.py"
    assert not bench.artifact.undo_stack.canUndo()


def test_two_files_never_have_one_name(make: Callable[..., Bench]) -> None:
    bench = make()
    bench.editor.files.setFocus()
    bench.press(Key.Key_F2)
    bench.press(Key.Key_A, Held.ControlModifier)
    bench.type("index.html")
    bench.press(Key.Key_Return)
    assert bench.names == ["index2.html", "index.html", "query.sql"]
    assert bench.files[0].language == "html"


def test_a_deleted_file_comes_back_with_its_own_history(make: Callable[..., Bench]) -> None:
    bench = make()
    bench.click_file(1)
    bench.text.setFocus()
    bench.type("typed")
    bench.editor.files.setFocus()
    bench.press(Key.Key_Delete)
    assert bench.names == ["totals.py", "query.sql"]
    bench.text.setFocus()
    bench.press(Key.Key_Z, Held.ControlModifier)
    assert bench.files[1].text == "typed<p>Hello</p>\n"
    bench.press(Key.Key_Z, Held.ControlModifier)
    assert bench.files == FILES
    assert not bench.artifact.undo_stack.canUndo()


def test_the_last_file_cannot_be_deleted(make: Callable[..., Bench]) -> None:
    bench = make(python("x = 1"))
    bench.editor.files.setFocus()
    bench.press(Key.Key_Delete)
    bench.editor.delete_file()
    assert bench.names == ["main.py"]
    menu = bench.editor.files.new_menu(0)
    said = "Delete file\tIt is the only file"
    assert not next(action for action in menu.actions() if action.text() == said).isEnabled()


def test_another_language_is_a_step_and_recolours(make: Callable[..., Bench]) -> None:
    bench = make(python("select x from y"))
    bench.settle()
    before = bench.text.highlighter.spans(0)
    bench.qtbot.mouseClick(bench.editor.language, Qt.MouseButton.LeftButton)
    menu = bench.editor.language.menu
    next(action for action in menu.actions() if action.text() == "SQL").trigger()
    menu.close()
    assert bench.files[0].language == "sql"
    bench.settle()
    assert bench.text.highlighter.spans(0) != before
    bench.artifact.undo_stack.undo()
    assert bench.files[0].language == "python"
    assert bench.editor.language.text() == "Python"
    bench.settle()
    assert bench.text.highlighter.spans(0) == before


def test_an_unknown_language_stays_plain_and_is_named(make: Callable[..., Bench]) -> None:
    bench = make(CodeFile("a.bw", "brainwave", "++ --"))
    bench.settle()
    assert bench.editor.language.text() == "brainwave"
    assert bench.text.highlighter.spans(0) == ()


def test_an_editor_that_is_closed_before_its_colours_came_leaves_nothing_behind(
    make: Callable[..., Bench], qtbot: QtBot, workbench: Workbench
) -> None:
    bench = make(CodeFile("a.rs", "rust", "fn main() {}"))
    bench.type("x")
    shiboken6.delete(bench.editor)
    qtbot.waitUntil(lambda: workbench.jobs.count == 0)
    QApplication.processEvents()
    bench.artifact.undo_stack.undo()
    assert bench.artifact.is_saved


@pytest.mark.parametrize(
    ("text", "typed", "after"),
    [
        ("def f():", "\nreturn 1\nx", "def f():\n    return 1\nx"),
        ("if a:\n  b\nif c:", "\nd", "if a:\n  b\nif c:\n  d"),
        ("class A:\n\tx = 1\n\ty = 2\nclass B:", "\nz", "class A:\n\tx = 1\n\ty = 2\nclass B:\n\tz"),
        ("x = [", "\n1,", "x = [\n    1,"),
    ],
)
def test_enter_indents_as_the_file_does(make: Callable[..., Bench], text: str, typed: str, after: str) -> None:
    bench = make(python(text))
    bench.press(Key.Key_End, Held.ControlModifier)
    bench.type(typed)
    assert bench.shown == after


def test_enter_between_brackets_opens_them(make: Callable[..., Bench]) -> None:
    bench = make(CodeFile("a.js", "javascript", "f(() => {})"))
    bench.put_cursor("{", behind=True)
    bench.type("\nx")
    assert bench.shown == "f(() => {\n  x\n})"


def test_a_closing_bracket_goes_back_to_the_line_of_its_opening_one(make: Callable[..., Bench]) -> None:
    bench = make(CodeFile("a.js", "javascript", "if (a) {\n  b();"))
    bench.press(Key.Key_End, Held.ControlModifier)
    bench.type("\n}")
    assert bench.shown == "if (a) {\n  b();\n}"


def test_tab_goes_to_the_next_stop_and_backspace_takes_it_back(make: Callable[..., Bench]) -> None:
    bench = make(python("def f():\n    pass\nab"))
    bench.press(Key.Key_End, Held.ControlModifier)
    bench.press(Key.Key_Tab)
    bench.type("c")
    assert bench.shown.endswith("\nab  c")
    bench.press(Key.Key_Return)
    bench.press(Key.Key_Tab)
    bench.press(Key.Key_Backspace)
    assert bench.shown.endswith("\nab  c\n")


def test_lines_of_a_selection_move_in_and_out_as_one_step_each(make: Callable[..., Bench]) -> None:
    bench = make(python("def f():\n    a\n\n    b\nc"))
    bench.press(Key.Key_A, Held.ControlModifier)
    bench.press(Key.Key_Tab)
    assert bench.shown == "    def f():\n        a\n\n        b\n    c"
    bench.press(Key.Key_Backtab, Held.ShiftModifier)
    assert bench.shown == "def f():\n    a\n\n    b\nc"
    assert bench.artifact.undo_stack.count() == 2
    bench.press(Key.Key_Z, Held.ControlModifier)
    bench.press(Key.Key_Z, Held.ControlModifier)
    assert bench.files[0].text == "def f():\n    a\n\n    b\nc"


def test_escape_then_tab_leaves_the_text(make: Callable[..., Bench]) -> None:
    bench = make()
    bench.press(Key.Key_Escape)
    bench.press(Key.Key_Tab)
    assert not bench.text.hasFocus()
    assert bench.files == FILES


def test_home_goes_to_the_first_sign_and_then_to_the_begin(make: Callable[..., Bench]) -> None:
    bench = make(python("    word"))
    bench.press(Key.Key_End)
    bench.press(Key.Key_Home)
    assert bench.text.textCursor().positionInBlock() == 4
    bench.press(Key.Key_Home)
    assert bench.text.textCursor().positionInBlock() == 0


def test_the_bracket_that_belongs_to_the_one_at_the_cursor_is_marked(make: Callable[..., Bench]) -> None:
    bench = make(python('x = f("(", [1,\n  2])  # )'))
    bench.settle()
    bench.put_cursor("f", behind=True)
    bench.press(Key.Key_Right)

    def marked() -> list[int]:
        found = []
        for selection in bench.text.extraSelections():
            cursor = selection.cursor
            if cursor.hasSelection():
                found.append(cursor.selectionStart())
        return sorted(found)

    assert marked() == [5, 19]
    bench.press(Key.Key_End, Held.ControlModifier)
    assert marked() == []


def test_line_numbers_select_lines(make: Callable[..., Bench], qtbot: QtBot) -> None:
    bench = make()
    numbers = bench.text.line_numbers
    height = bench.text.fontMetrics().height()
    qtbot.mouseClick(numbers, Qt.MouseButton.LeftButton, pos=QPoint(4, 16 + round(2.5 * height)))
    assert bench.text.textCursor().selectedText().startswith("def total")
    assert bench.text.textCursor().selectedText().endswith("\u2029")
    assert numbers.width() >= bench.text.fontMetrics().horizontalAdvance("999")


def test_find_works_over_long_lines_without_wrapping(make: Callable[..., Bench]) -> None:
    bench = make(python("x = 1  # " + "far " * 200 + "needle\n" + "y = 2\n" * 30))
    bench.press(Key.Key_F, Held.ControlModifier)
    bench.type("needle")
    assert bench.editor.find_bar.count.text() == "1 of 1"
    assert bench.text.horizontalScrollBar().value() > 0


def test_every_part_has_a_name_for_who_cannot_see_it(make: Callable[..., Bench]) -> None:
    editor = make().editor
    assert editor.text.objectName() == "code_text"
    assert editor.files.objectName() == "code_files"
    assert editor.language.objectName() == "language_picker"
    for widget in (editor.text, editor.files, editor.language, editor.add_button):
        assert widget.accessibleName()
    assert {action.text() for action in editor.actions_for_menu()} >= {"Add a file", "Indent", "Find"}


def expected(language: str, text: str) -> list[tuple[tuple[int, int, str], ...]]:
    lexer = load_lexer(language)
    assert lexer is not None
    return [line.spans for line in lexer(text.split("\n"))]


@pytest.mark.parametrize("language", ["python", "javascript", "html", "c"])
def test_colours_after_edits_are_those_of_the_whole_text(make: Callable[..., Bench], language: str) -> None:
    unit = {
        "python": 'def f(x):\n    """Says 😀\n\n    more."""\n    return "a" + x  # note\n\n\n',
        "javascript": "/* a\n   b */\nfunction f(x) {\n  return `one\n two ${x}`; // note\n}\n\n",
        "html": "<p class='a'>text</p>\n<script>\nconst x = 1; // note\n</script>\n<!-- a\nb -->\n",
        "c": "/* a\n\n b */\nint f(int x) {\n  return x + 1; // note\n}\n\n",
    }[language]
    bench = make(CodeFile("a", language, unit * 60))
    bench.settle()
    document = bench.text.document()
    quote = {"python": '"""', "javascript": "/*", "html": "<!--", "c": "/*"}[language]
    middle = len(unit) * 30
    edits: list[Callable[[], object]] = [
        lambda: bench.text.select(middle, middle),
        lambda: bench.type(quote),
        lambda: bench.press(Key.Key_Z, Held.ControlModifier),
        lambda: bench.type("x = 1\n\n"),
        lambda: bench.text.select(middle - 400, middle + 400),
        lambda: bench.press(Key.Key_Delete),
        lambda: bench.press(Key.Key_Z, Held.ControlModifier),
        lambda: bench.text.select(0, 0),
        lambda: bench.type(quote),
    ]
    for edit in edits:
        edit()
        bench.settle()
        shown = [bench.text.highlighter.spans(line) for line in range(document.blockCount())]
        assert shown == expected(language, document.toPlainText())


def test_a_megabyte_of_code_is_typed_into_without_waiting(make: Callable[..., Bench]) -> None:
    unit = 'def f(x):\n    """Says\n    more."""\n    return "a" + x  # note\n\n\n'
    bench = make(python(unit * 17_000))
    assert len(bench.shown) > 1_000_000
    slowest_s = 0.0
    bench.text.select(500_000, 500_000)
    for sign in "typed":
        began = time.thread_time()
        bench.type(sign)
        QApplication.processEvents()
        slowest_s = max(slowest_s, time.thread_time() - began)
    began = time.thread_time()
    expected("python", unit * 4_000)
    assert slowest_s < time.thread_time() - began, "a key takes less than a quarter of the text takes to be coloured"


@pytest.mark.parametrize(
    ("text", "language", "unit"),
    [
        ("a\n  b\n    c\n  d\n    e", "", "  "),
        ("a\n\tb", "", "\t"),
        ("", "go", "\t"),
        ("", "json", "  "),
        ("a\nb", "python", "    "),
    ],
)
def test_the_step_of_indentation_is_that_of_the_file(text: str, language: str, unit: str) -> None:
    assert indent_unit(text.split("\n"), language) == unit


def test_indentation_of_odd_lines() -> None:
    assert outdented("      x", "    ") == "    x"
    assert outdented("  x", "    ") == "x"
    assert outdented("\tx", "    ") == "x"
    assert next_indent("    return x", "", "    ", "python") == ""
    assert next_indent("    return x", "", "    ", "javascript") == "    "
    assert next_indent("key:", "", "  ", "yaml") == "  "


def test_code_without_files_has_one_to_write_in_and_is_as_it_was_until_then(qtbot: QtBot, workbench: Workbench) -> None:
    bench = Bench(qtbot, workbench, ())
    assert bench.names == ["main.txt"]
    assert bench.artifact.is_saved
    bench.type("x = 1")
    assert bench.files == (CodeFile("main.txt", "", "x = 1"),)
    bench.artifact.undo_stack.undo()
    assert bench.files == ()
    bench.editor.add_file()
    bench.press(Key.Key_Escape)
    assert len(bench.names) == len(bench.files) == 2


def test_a_file_with_windows_line_ends_keeps_them_and_its_history_when_it_is_renamed(
    make: Callable[..., Bench],
) -> None:
    bench = make(CodeFile("a.py", "python", "one\r\ntwo\nthree\r\n"), CodeFile("b.py", "python", "four\n"))
    bench.type("x")
    bench.editor.files.renamed.emit(0, "c.py")
    assert bench.files == (
        CodeFile("c.py", "python", "xone\r\ntwo\r\nthree\r\n"),
        CodeFile("b.py", "python", "four\n"),
    )
    bench.artifact.undo_stack.undo()
    bench.artifact.undo_stack.undo()
    assert bench.files[0] == CodeFile("a.py", "python", "one\r\ntwo\nthree\r\n")
    assert bench.artifact.is_saved


def test_files_without_room_are_shortened_and_reached_by_our_own_arrows(make: Callable[..., Bench]) -> None:
    bench = make(*(CodeFile(f"a_long_name_of_{number}.py", "python", "") for number in range(6)))
    bench.editor.resize(420, 300)
    tabs = bench.editor.files
    arrows = [button for button in tabs.findChildren(QToolButton) if button.isVisible()]
    assert [button.accessibleName() for button in arrows] == ["Files to the left", "Files to the right"]
    assert all(button.arrowType() is Qt.ArrowType.NoArrow and not button.icon().isNull() for button in arrows)
    for place in range(6):
        bench.editor.show_file(place)
        seen = tabs.tabRect(place)
        assert seen.left() >= 0 and seen.right() < arrows[0].x()
        assert tabs.tabToolTip(place) == f"a_long_name_of_{place}.py"


LONG = '{"name": "Ada", "crew": [1, 2, 3]}, ' * 3_000


def test_a_very_long_line_is_shown_in_pieces_and_copied_whole(make: Callable[..., Bench]) -> None:
    bench = make(CodeFile("data.json", "json", f"[\n{LONG}\n]\n"), CodeFile("b.py", "python", "x = 1\n"))
    assert bench.text.isReadOnly()
    assert max(len(line) for line in bench.shown.split("\n")) <= 1_000
    assert bench.shown.replace("\n", "") == f"[{LONG}]"
    assert bench.editor.foot.isVisible()
    assert "108,000 characters" in bench.editor.foot.text()
    numbers = bench.text.line_numbers.numbers
    assert numbers is not None
    assert [number for number in numbers if number] == [1, 2, 3, 4]
    bench.text.selectAll()
    bench.press(Key.Key_C, Held.ControlModifier)
    assert QApplication.clipboard().text() == f"[\n{LONG}\n]\n"
    for key in (Key.Key_X, Key.Key_V, Key.Key_BracketRight):
        bench.press(key, Held.ControlModifier)
    bench.type("typed")
    bench.press(Key.Key_Backspace)
    assert bench.artifact.is_saved
    assert not bench.artifact.undo_stack.canUndo()
    bench.press(Key.Key_Tab)
    assert not bench.text.hasFocus()
    bench.click_file(1)
    assert not bench.text.isReadOnly()
    assert not bench.editor.foot.isVisible()
    assert bench.text.line_numbers.numbers is None
    bench.text.setFocus()
    bench.type("y")
    assert bench.files[1].text == "yx = 1\n"


def test_a_line_that_becomes_very_long_or_short_again_is_shown_as_it_is_then(make: Callable[..., Bench]) -> None:
    bench = make(CodeFile("data.json", "json", "[\n]\n"))
    bench.put_cursor("]")
    QApplication.clipboard().setText(LONG)
    bench.press(Key.Key_V, Held.ControlModifier)
    bench.qtbot.waitUntil(bench.text.isReadOnly)
    assert bench.files[0].text == f"[\n{LONG}]\n"
    bench.press(Key.Key_Z, Held.ControlModifier)
    bench.qtbot.waitUntil(lambda: not bench.text.isReadOnly())
    assert bench.shown == "[\n]\n"
    bench.press(Key.Key_Z, Held.ControlModifier | Held.ShiftModifier)
    bench.qtbot.waitUntil(bench.text.isReadOnly)
    bench.artifact.replace(Code("Totals", (CodeFile("data.json", "json", f"{LONG}!"),)), "Change by the model")
    bench.qtbot.waitUntil(lambda: bench.shown.endswith("!"))


def test_three_megabytes_in_one_line_hold_nothing_up(make: Callable[..., Bench]) -> None:
    def look(text: str) -> None:
        bench = make(CodeFile("data.json", "json", text))
        for _ in range(5):
            bench.press(Key.Key_End, Held.ControlModifier)
            bench.press(Key.Key_Up)
        bench.text.viewport().grab()

    assert_linear(look, repeated(LONG), len(LONG) * 32)
