"""A document written as Markdown: steps, both sides, and what a model changes meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import shiboken6
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QTextOption, QWheelEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from forgeapp.domain.artifact import Kind
from forgeapp.domain.document import Document
from forgeapp.ledger.artifacts import Origin, StoredVersion
from forgeapp.ui.theme import theme
from forgeapp.ui.workbench import Workbench
from tests.pace import assert_linear, repeated
from tests.ui.document_bench import QUOTE, Bench, Held, Key, make_maker, make_workbench  # noqa: F401 - fixtures


def test_what_is_typed_is_the_content_and_can_all_be_undone_and_done_again(make: Callable[..., Bench]) -> None:
    bench = make()
    assert not bench.artifact.undo_stack.canUndo()
    bench.press(Key.Key_End)
    bench.type(" for you")
    bench.press(Key.Key_Down)
    bench.type("Hello.")
    bench.press(Key.Key_Return)
    bench.type("Bye.")
    whole = bench.markdown
    assert whole.startswith("# Quote for you\nHello.\nBye.\n")
    steps = 0
    while bench.artifact.undo_stack.canUndo():
        bench.press(Key.Key_Z, Held.ControlModifier)
        steps += 1
    assert bench.markdown == QUOTE
    assert bench.artifact.is_saved
    assert steps > 1
    for _ in range(steps):
        bench.press(Key.Key_Z, Held.ControlModifier, Held.ShiftModifier)
    assert bench.markdown == whole


def test_a_change_by_the_model_is_one_step_between_typed_ones(make: Callable[..., Bench]) -> None:
    bench = make("One.")
    bench.press(Key.Key_End)
    bench.type(" Two.")
    bench.artifact.replace(Document("Quote", "Eins.\n\nZwei."), "Change by the model")
    bench.press(Key.Key_End, Held.ControlModifier)
    bench.type("!")
    assert bench.text.toPlainText() == "Eins.\n\nZwei.!"
    seen = []
    for _ in range(3):
        bench.press(Key.Key_Z, Held.ControlModifier)
        seen.append(bench.markdown)
    assert seen == ["Eins.\n\nZwei.", "One. Two.", "One."]
    assert bench.artifact.is_saved
    for _ in range(3):
        bench.press(Key.Key_Y, Held.ControlModifier)
    assert bench.markdown == "Eins.\n\nZwei.!"


def test_typing_after_undo_is_a_new_step_and_leaves_nothing_to_redo(make: Callable[..., Bench]) -> None:
    bench = make("")
    bench.type("one")
    bench.press(Key.Key_Return)
    bench.type("two")
    bench.press(Key.Key_Z, Held.ControlModifier)
    first = bench.markdown
    bench.type("x")
    assert not bench.artifact.undo_stack.canRedo()
    bench.press(Key.Key_Z, Held.ControlModifier)
    assert bench.markdown == first


def test_undo_goes_to_where_it_acts(make: Callable[..., Bench]) -> None:
    bench = make("\n".join(f"Line {number}" for number in range(300)))
    bench.press(Key.Key_End)
    bench.type(" changed")
    bench.press(Key.Key_End, Held.ControlModifier)
    assert bench.text.firstVisibleBlock().blockNumber() > 200
    bench.press(Key.Key_Z, Held.ControlModifier)
    assert bench.text.textCursor().blockNumber() == 0
    assert bench.text.firstVisibleBlock().blockNumber() == 0


def test_the_rendering_follows_the_text(make: Callable[..., Bench], qtbot: QtBot) -> None:
    bench = make()
    qtbot.waitUntil(lambda: "Thank you for the tour." in bench.read_words)
    bench.put_cursor("tour")
    bench.type("grand ")
    qtbot.waitUntil(lambda: "Thank you for the grand tour." in bench.read_words)
    bench.press(Key.Key_Z, Held.ControlModifier)
    qtbot.waitUntil(lambda: "Thank you for the tour." in bench.read_words)
    assert bench.editor.words.text() == "15 words, 116 characters"


def test_a_late_reading_of_an_older_text_is_never_shown(make: Callable[..., Bench], qtbot: QtBot) -> None:
    bench = make("".join(f"Paragraph {number} of many.\n\n" for number in range(2_000)))
    shown: list[str] = []
    bench.editor._blocks.read.connect(lambda reading: shown.append(reading.sections[0][0].text[:6]))
    bench.type("A")
    bench.editor._blocks.read_now()
    bench.type("B")
    bench.editor._blocks.read_now()
    qtbot.waitUntil(lambda: bool(shown))
    qtbot.waitUntil(lambda: bench.editor._blocks._job is None)
    assert set(shown) == {"ABPara"}


def test_both_sides_scroll_together(make: Callable[..., Bench], qtbot: QtBot) -> None:
    text = "".join(f"## Heading {number}\n\n" + "Words that fill a line or two. " * 8 + "\n\n" for number in range(60))
    bench = make(text)
    view = bench.editor.view
    bench.wait_until_read()
    assert view.verticalScrollBar().maximum() > 2_000
    bench.text.verticalScrollBar().setValue(bench.text.verticalScrollBar().maximum())
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()
    bench.text.show_line(120)
    number = int(view.top_line())
    assert abs(number - 120) <= 3
    view.verticalScrollBar().triggerAction(view.verticalScrollBar().SliderAction.SliderToMinimum)
    assert bench.text.verticalScrollBar().value() == 0


def test_a_narrow_pane_shows_one_side_and_a_switch(make: Callable[..., Bench], qtbot: QtBot) -> None:
    bench = make(width=540)
    editor = bench.editor
    assert editor.text.isVisible()
    assert not editor.view.isVisible()
    read = editor.switch.findChild(QWidget, "segment_read")
    qtbot.mouseClick(read, Qt.MouseButton.LeftButton)
    assert editor.view.isVisible()
    assert not editor.text.isVisible()
    qtbot.waitUntil(lambda: "Thank you" in bench.read_words)
    bench.editor.resize(900, 480)
    assert editor.view.isVisible()
    assert editor.text.isVisible()
    assert not editor.switch.isVisible()


def test_the_divider_moves_by_keys(make: Callable[..., Bench]) -> None:
    bench = make()
    handle = bench.editor.panes.handle(1)
    handle.setFocus()
    before = bench.text.width()
    bench.press(Key.Key_Right)
    assert bench.text.width() == before + 16
    assert handle.accessibleName() == "Divider between text and rendering"


def test_words_of_a_selection_are_counted(make: Callable[..., Bench], qtbot: QtBot) -> None:
    bench = make("one two 三四")
    qtbot.waitUntil(lambda: bench.editor.words.text() == "4 words, 10 characters")
    bench.select("two 三")
    qtbot.waitUntil(lambda: bench.editor.words.text() == "2 words, 5 characters selected")


def test_what_is_pasted_is_plain_text_and_one_step(make: Callable[..., Bench]) -> None:
    bench = make("")
    QGuiApplication.clipboard().setText("one\r\ntwo\0")
    bench.type("a")
    bench.press(Key.Key_V, Held.ControlModifier)
    bench.type("b")
    assert bench.markdown == "aone\ntwob"
    bench.press(Key.Key_Z, Held.ControlModifier)
    bench.press(Key.Key_Z, Held.ControlModifier)
    assert bench.markdown == "a"


def test_an_editor_that_is_closed_while_its_text_is_read_leaves_nothing_behind(
    make: Callable[..., Bench], qtbot: QtBot, workbench: Workbench
) -> None:
    bench = make("".join(f"Paragraph {number} of many.\n\n" for number in range(3_000)))
    bench.type("x")
    bench.editor._blocks.read_now()
    shiboken6.delete(bench.editor)
    bench.artifact.undo_stack.undo()
    bench.artifact.replace(Document("Quote", "Another"), "Change by the model")
    qtbot.waitUntil(lambda: workbench.jobs.count == 0)
    assert bench.markdown == "Another"


def test_the_wheel_over_the_rendering_scrolls_the_text(make: Callable[..., Bench], qtbot: QtBot) -> None:
    bench = make("".join(f"Paragraph {number} of many.\n\n" for number in range(300)))
    view = bench.editor.view
    qtbot.waitUntil(lambda: not view.blocks.is_working and view.verticalScrollBar().maximum() > 2_000)
    at = QPointF(view.viewport().rect().center())
    for _ in range(6):
        turn = QWheelEvent(
            at, QPointF(view.viewport().mapToGlobal(at.toPoint())), QPoint(), QPoint(0, -240),
            Qt.MouseButton.NoButton, Held.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(view.viewport(), turn)
    assert view.verticalScrollBar().value() > 0
    assert bench.text.firstVisibleBlock().blockNumber() > 0


def test_the_menu_undoes_on_the_artifacts_stack(make: Callable[..., Bench]) -> None:
    bench = make("x")
    bench.type("y")
    menu = bench.text.new_menu()
    names = [action.text() for action in menu.actions() if action.text()]
    assert names[:6] == ["Undo", "Redo", "Cut", "Copy", "Paste", "Select all"]
    menu.actions()[0].trigger()
    assert bench.markdown == "x"
    assert not bench.artifact.undo_stack.canUndo()
    menu.close()


def test_the_editors_keys_come_before_the_windows_and_the_windows_before_qts(
    make: Callable[..., Bench], qtbot: QtBot
) -> None:
    bench = make("word")
    window = QMainWindow()
    qtbot.addWidget(window)
    done: list[str] = []
    for keys in ("Ctrl+K", "Ctrl+E", "Ctrl+Z"):
        action = QAction(window)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _checked=False, keys=keys: done.append(keys))
        window.addAction(action)
    window.setCentralWidget(bench.editor)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    bench.text.setFocus()
    for key in (Key.Key_K, Key.Key_E, Key.Key_Z):
        bench.press(key, Held.ControlModifier)
    assert done == ["Ctrl+E", "Ctrl+Z"]
    assert bench.markdown == "[word](https://)"


def test_every_part_has_a_name_for_who_cannot_see_it(make: Callable[..., Bench]) -> None:
    bench = make()
    assert bench.text.objectName() == "document_text"
    assert bench.editor.view.objectName() == "document_view"
    for widget in (bench.text, bench.editor.view, bench.editor.switch, bench.editor.find_bar.query):
        assert widget.accessibleName()
    assert {action.text() for action in bench.editor.actions_for_menu()} >= {"Bold", "Link", "Heading 1", "Find"}


EXACT = {
    "10\u00a0000\u202f€\n": "x10\u00a0000\u202f€\n",
    "one\u2028two": "xone\u2028two",
    "one\r\ntwo\r\n": "xone\r\ntwo\r\n",
    "one\rtwo": "xone\rtwo",
    "one\r\ntwo\nthree": "xone\r\ntwo\r\nthree",
    "one\ntwo\r\nthree\n": "xone\ntwo\nthree\n",
    "one\u2029two": "xone\ntwo",
}


@pytest.mark.parametrize("text", EXACT)
def test_a_text_is_as_it_was_until_it_is_edited_and_again_when_all_is_undone(
    make: Callable[..., Bench], text: str
) -> None:
    told: list[object] = []
    bench = make(text)
    bench.artifact.changed.connect(told.append)
    theme().scale_text(1.25)
    theme().scale_text(1.0)
    assert bench.markdown == text
    assert bench.artifact.is_saved
    assert not told
    bench.type("x")
    assert bench.markdown == EXACT[text]
    bench.artifact.undo_stack.undo()
    assert bench.markdown == text
    assert bench.artifact.is_saved
    bench.artifact.undo_stack.redo()
    assert bench.markdown == EXACT[text]


def test_a_models_change_is_taken_to_the_letter_with_its_title_and_line_ends(make: Callable[..., Bench]) -> None:
    bench = make("one\r\ntwo\nthree")
    before = bench.artifact.content
    after = Document("Another quote", "one\ntwo\r\nfour\u00a0\n")
    version = StoredVersion(1, 2, Kind.DOCUMENT, "Quote", after, Origin.EDITED, {}, "2026-11-20T10:00:00")
    bench.artifact.take_version(version, "Change by the model")
    assert bench.artifact.content == after
    assert bench.artifact.is_saved
    assert bench.artifact.undo_stack.count() == 1
    bench.type("x")
    assert bench.artifact.content == Document("Another quote", "xone\ntwo\nfour\u00a0\n")
    assert bench.artifact.undo_stack.count() == 2
    bench.artifact.undo_stack.undo()
    assert bench.artifact.content == after
    bench.artifact.undo_stack.undo()
    assert bench.artifact.content == before
    bench.artifact.undo_stack.redo()
    assert bench.artifact.content == after


@pytest.mark.parametrize("after", [Document("Another quote", QUOTE), Document("Quote", QUOTE.replace("\n", "\r\n"))])
def test_a_change_of_only_the_title_or_the_line_ends_is_a_step(make: Callable[..., Bench], after: Document) -> None:
    bench = make()
    before = bench.artifact.content
    bench.type("x")
    bench.artifact.undo_stack.undo()
    bench.artifact.replace(after, "Change by the model")
    assert bench.artifact.content == after
    bench.type("y")
    bench.artifact.undo_stack.undo()
    assert bench.artifact.content == after
    bench.artifact.undo_stack.undo()
    assert bench.artifact.content == before
    assert not bench.artifact.undo_stack.canUndo()


def test_the_foot_has_room_for_large_text_in_a_narrow_pane(
    make: Callable[..., Bench], request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(lambda: theme().scale_text(1.0))
    theme().scale_text(1.5)
    bench = make("word " * 5_000, 420)
    bench.qtbot.waitUntil(lambda: bench.editor.words.text().startswith("5,000"))
    assert bench.editor.width() == 420 >= bench.editor.minimumSizeHint().width()
    for shown in (bench.editor.switch, bench.editor.words):
        assert shown.isVisible()
        assert shown.height() >= shown.sizeHint().height()
        assert bench.editor._foot.rect().contains(shown.geometry())


def test_a_very_long_word_is_broken_anywhere_as_long_as_it_is_there(make: Callable[..., Bench]) -> None:
    bench = make("Thank you.\n")
    modes = QTextOption.WrapMode
    assert bench.text.wordWrapMode() == modes.WrapAtWordBoundaryOrAnywhere

    def paste(text: str) -> None:
        bench.text.selectAll()
        QGuiApplication.clipboard().setText(text)
        bench.press(Key.Key_V, Held.ControlModifier)
        bench.type("b")
        bench.text.viewport().grab()

    assert_linear(paste, repeated("a"), 100_000)
    assert bench.text.wordWrapMode() == modes.WrapAnywhere
    bench.text.selectAll()
    bench.type("Thank you.")
    bench.qtbot.waitUntil(lambda: bench.text.wordWrapMode() == modes.WrapAtWordBoundaryOrAnywhere)
    assert make("a" * 20_000).text.wordWrapMode() == modes.WrapAnywhere
