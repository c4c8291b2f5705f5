"""The document editor, by real keys and clicks."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QTextDocument, QTextOption, QWheelEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from forgeapp.domain.artifact import Kind
from forgeapp.domain.document import Blocks, Document
from forgeapp.ledger.artifacts import Origin, StoredVersion
from forgeapp.reading.definitions import lift_definitions
from forgeapp.reading.markdown import parse
from forgeapp.ui.artifact.text.headings import HeadingLine, heading_lines
from forgeapp.ui.artifact.text.highlighter import Highlighter
from forgeapp.ui.artifact.text.live_blocks import with_notes_last
from forgeapp.ui.artifact.text.markdown_lines import lex_markdown
from forgeapp.ui.artifact.text.sections import read, sections
from forgeapp.ui.theme import theme
from forgeapp.ui.workbench import Workbench
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
    qtbot.waitUntil(lambda: bool(shown), timeout=10_000)
    qtbot.waitUntil(lambda: bench.editor._blocks._job is None, timeout=10_000)
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
    qtbot.waitUntil(lambda: workbench.jobs.count == 0, timeout=10_000)
    assert bench.markdown == "Another"


def test_the_wheel_over_the_rendering_scrolls_the_text(make: Callable[..., Bench], qtbot: QtBot) -> None:
    bench = make("".join(f"Paragraph {number} of many.\n\n" for number in range(300)))
    view = bench.editor.view
    qtbot.waitUntil(lambda: not view.blocks.is_working and view.verticalScrollBar().maximum() > 2_000, timeout=10_000)
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


def test_colours_follow_the_theme(make: Callable[..., Bench], qtbot: QtBot) -> None:
    bench = make()
    highlighter = bench.editor._highlighter
    qtbot.waitUntil(lambda: highlighter.is_settled)

    def colour() -> str:
        found = bench.text.document().firstBlock().layout().formats()[0]
        style = found.format
        return style.foreground().color().name()

    light = colour()
    theme().choose("dark")
    qtbot.waitUntil(lambda: colour() != light)
    theme().choose("light")


@pytest.mark.parametrize(
    ("line", "styles"),
    [
        ("# Title with `code`", ["mark", "heading", "code"]),
        ("**bold** and *soft* and ***both***", ["mark", "strong", "emphasis", "strong_emphasis"]),
        ("[words](https://x.org) ~~gone~~", ["mark", "link", "address", "struck"]),
        ("- [x] task", ["bullet"]),
        ("> said", ["mark", "quote"]),
        ("| a | b |", ["mark"]),
        ("$x^2$ and 5 $ or 6 $", ["math"]),
        ("snake_case_name and 2 * 3 * 4", []),
    ],
)
def test_markdown_is_styled_by_line(line: str, styles: list[str]) -> None:
    found = next(lex_markdown([line])).spans
    assert {style for _, _, style in found} == set(styles)
    assert all(length > 0 and start + length <= len(line) for start, length, _ in found)


def test_a_fence_reaches_over_lines(qtbot: QtBot) -> None:
    lines = list(lex_markdown(["```py", "# no heading", "", "```", "# heading"]))
    assert [line.is_open for line in lines] == [True, True, True, False, False]
    assert lines[1].spans == ((0, 12, "code_line"),)
    assert lines[4].spans[1][2] == "heading"


def test_hostile_lines_are_styled_in_little_time() -> None:
    began = time.process_time()
    hostile = (
        "[" * 4_000,
        "*" * 4_000,
        "`" * 3_999,
        "~" * 4_000 + "`",
        " " * 4_000 + "x",
        "**a" * 1_300,
        "[a](" * 1_000,
    )
    for text in hostile:
        list(lex_markdown([text, "$" + "a" * 3_000, "| " * 2_000]))
    assert time.process_time() - began < 2.0


def _shown(highlighter: Highlighter, document: QTextDocument) -> list[tuple[tuple[int, int, str], ...]]:
    return [highlighter.spans(line) for line in range(document.blockCount())]


def test_colours_after_edits_are_those_of_the_whole_text(make: Callable[..., Bench], qtbot: QtBot) -> None:
    bench = make("\n".join(["Intro *one* 😀", "", *(f"- item **{n}**" for n in range(300)), "", "End"]))
    highlighter, document = bench.editor._highlighter, bench.text.document()
    edits: list[Callable[[], None]] = [
        lambda: bench.put_cursor("item **150"),
        lambda: bench.type("```\n"),
        lambda: bench.press(Key.Key_Z, Held.ControlModifier),
        lambda: bench.put_cursor("End"),
        lambda: bench.type("# "),
        lambda: bench.press(Key.Key_A, Held.ControlModifier),
        lambda: bench.type("fresh\n```\nx\n```\n"),
        lambda: bench.artifact.replace(Document("Quote", "*a*\n\n" + "b `c`\n" * 50), "Change by the model"),
    ]
    for edit in edits:
        edit()
        qtbot.waitUntil(lambda: highlighter.is_settled)
        lines = document.toPlainText().split("\n")
        assert _shown(highlighter, document) == [line.spans for line in lex_markdown(lines)]


def test_sections_read_one_by_one_are_the_whole_document() -> None:
    folder = Path(__file__).parents[1] / "data"
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.md"))[:25]]
    tricky = (
        "Text\n\n```\ncode\n\nText within\n```\n\nText\n\n- item\n\n  Text in it\n\nText\n\n$$\na\n\nText\n$$\n\n"
        "Text\n\n> quote\n\nText\n\n1. one\n\n2. two\n\n    code\n\nText\n\n| a |\n|---|\n| b |\n\n"
        "Title\n=====\n\nText\n\n"
    )
    texts.append(tricky * 12)
    cut = 0
    for text in texts:
        parts = sections(text)
        cut += len(parts) > 1
        lifted = lift_definitions(text)
        assert "\n".join(section.text for section in parts) in (text, lifted and lifted.body)
        found, _ = with_notes_last(text, list(read(text, {}, parse)))
        assert tuple(block for _, blocks in found for block in blocks) == parse(text)
    assert cut > 3


def test_sections_take_along_what_is_defined_elsewhere() -> None:
    prose = "Words [here][a] and ![there][image-1] with a note[^n].\n\n" + "Other words go on and on. " * 12 + "\n\n"
    ends = (
        "[a]: https://example.org\n[image-1]: data:image/png;base64,AAAA\n\n[^n]: A note,\nof two lines.\n\n"
        "    And a second paragraph.\n\n[^m]: Never marked.\n"
    )
    fence = "```\n[a]: https://wrong.example\n```\n\n"
    for text in (fence + prose * 8 + ends, ends + "\n" + prose * 8, prose * 4 + ends + "\n" + prose * 4):
        found = list(read(text, {}, parse))
        assert len(found) > 6
        whole, _ = with_notes_last(text, found)
        assert tuple(block for _, blocks in whole for block in blocks) == parse(text)


def test_a_change_in_a_long_text_with_footnotes_reads_only_what_has_changed() -> None:
    text = "".join(f"Paragraph {number} has a note[^{number % 7}] and goes on. " * 6 + "\n\n" for number in range(60))
    text += "".join(f"[^{number}]: Note {number}.\n" for number in range(7))
    known = {section.needs + section.text: blocks for section, blocks in read(text, {}, parse)}
    parsed: list[str] = []

    def counted(part: str) -> Blocks:
        parsed.append(part)
        return parse(part)

    list(read(text.replace("Paragraph 30 has", "Paragraph 30 had"), known, counted))
    assert len(parsed) == 1 and "Paragraph 30" in parsed[0]


def test_headings_are_found_by_line_and_none_in_code() -> None:
    text = (
        "# One *two*\n\n```\n# no\n```\n\nTitle\n=====\n\n- # in a list\n\n## `code` and [link](https://e.de)\n\n#no\n"
    )
    assert heading_lines(text, parse, {}) == (
        HeadingLine(0, 1, "One two"),
        HeadingLine(6, 1, "Title"),
        HeadingLine(11, 2, "code and link"),
    )


def test_typing_into_a_megabyte_does_not_wait_for_its_reading(make: Callable[..., Bench], qtbot: QtBot) -> None:
    text = "".join(f"Paragraph {n} with *words* and `code` in it, as prose goes on.\n\n" for n in range(15_500))
    bench = make(text)
    assert len(text) > 1_000_000
    slowest = 0.0
    for sign in "typed at once":
        began = time.perf_counter()
        bench.type(sign)
        QApplication.processEvents()
        slowest = max(slowest, time.perf_counter() - began)
    assert bench.markdown.startswith("typed at once")
    assert slowest < 1.0


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
    QGuiApplication.clipboard().setText("a" * 100_000)
    started = time.process_time()
    bench.press(Key.Key_V, Held.ControlModifier)
    bench.type("b")
    bench.text.viewport().grab()
    assert time.process_time() - started < 0.5
    assert bench.text.wordWrapMode() == modes.WrapAnywhere
    bench.text.selectAll()
    bench.type("Thank you.")
    bench.qtbot.waitUntil(lambda: bench.text.wordWrapMode() == modes.WrapAtWordBoundaryOrAnywhere)
    assert make("a" * 20_000).text.wordWrapMode() == modes.WrapAnywhere
