"""Text of blocks selected by mouse and keys, and copied."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from forgeapp.ui.richtext import BlocksView, ReplyView
from forgeapp.ui.richtext.look import Style
from tests.ui.richtext_bench import REPLIES, Show, _light, clipboard, place_of, reply_view, show

__all__ = ["_light", "reply_view", "show"]


def drag(view: BlocksView, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(view, (start + end) / 2)
    QTest.mouseMove(view, end)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)


def test_text_is_selected_by_the_mouse_across_blocks_and_copied_as_text_and_html(show: Show, qtbot: QtBot) -> None:
    view = show("# Title\n\nFirst **bold** words.\n\n- one\n- two\n\n| A | B |\n|---|--:|\n| x | 1 |\n\nThe end here.")
    drag(view, place_of(view, "First") - QPoint(8, 0), place_of(view, "end") - QPoint(4, 0))
    assert view.selected_text() == "First bold words.\n\n• one\n• two\n\nA\tB\nx\t1\n\nThe "
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    text, html = clipboard()
    assert text == view.selected_text()
    assert "<p>First <b>bold</b> words.</p><ul><li>one</li><li>two</li></ul>" in html
    assert "<table><tr><th>A</th><th>B</th></tr><tr><td>x</td><td>1</td></tr></table><p>The </p>" in html
    assert "color" not in html


def test_a_double_click_selects_a_word_and_a_third_click_the_paragraph(show: Show) -> None:
    view = show("Some plain words.\n\nAnother paragraph.")
    place = place_of(view, "plain")
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert view.selected_text() == "plain"
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert view.selected_text() == "Some plain words."


def test_text_is_selected_by_keys(show: Show, qtbot: QtBot) -> None:
    view = show("Grüße 🎉 und mehr.\n\nZweiter Absatz.")
    shift, control = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
    for _ in range(7):
        qtbot.keyClick(view, Qt.Key.Key_Right, shift)
    assert view.selected_text() == "Grüße 🎉"
    qtbot.keyClick(view, Qt.Key.Key_Left, shift)
    assert view.selected_text() == "Grüße "
    qtbot.keyClick(view, Qt.Key.Key_End, shift)
    assert view.selected_text() == "Grüße 🎉 und mehr."
    qtbot.keyClick(view, Qt.Key.Key_Down, shift)
    assert view.selected_text().startswith("Grüße 🎉 und mehr.\n\nZweiter")
    qtbot.keyClick(view, Qt.Key.Key_A, control)
    assert view.selected_text() == "Grüße 🎉 und mehr.\n\nZweiter Absatz."
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.selected_text() == ""


def test_ordered_nested_and_task_items_are_copied_with_their_marks(show: Show) -> None:
    view = show("3. three\n   - under\n4. four\n\n- [x] done\n- [ ] open\n\n> quoted\n\nA note[^a].\n\n[^a]: Its text.")
    view.select_all()
    assert view.selected_text() == (
        "3. three\n  • under\n4. four\n\n☑ done\n☐ open\n\nquoted\n\nA note[1].\n\n---\n\n[1] Its text."
    )
    view.copy()
    _, html = clipboard()
    assert "<ol><li>three<ul><li>under</li></ul></li><li>four</li></ol>" in html
    assert "<blockquote><p>quoted</p></blockquote>" in html


def test_dragging_over_a_link_selects_and_does_not_follow_it(show: Show, qtbot: QtBot) -> None:
    view = show("See [the long name of the site](https://example.com/a) now.")
    with qtbot.assertNotEmitted(view.link_activated):
        drag(view, place_of(view, "long"), place_of(view, "site"))
    assert "name" in view.selected_text()


@pytest.mark.parametrize("style", ["chat", "page"])
def test_all_replies_are_drawn_and_copied(show: Show, style: Style) -> None:
    for reply in REPLIES:
        view = show(reply, style=style)
        view.select_all()
        view.copy()
        assert len(clipboard()[0]) > len(reply) / 3
        assert all(box.height > 0 for box in view.boxes)
        view.grab()


def test_a_selection_in_what_is_finished_stays_while_more_comes(qtbot: QtBot, reply_view: ReplyView) -> None:
    reply_view.feed("The first paragraph.\n\nThe second")
    qtbot.waitUntil(lambda: len(reply_view.boxes) == 2)
    drag(reply_view, place_of(reply_view, "first"), place_of(reply_view, "paragraph"))
    chosen = reply_view.selected_text()
    assert chosen
    reply_view.feed(" one.\n\nA third.\n\n")
    qtbot.waitUntil(lambda: len(reply_view.boxes) == 3)
    assert reply_view.selected_text() == chosen
    reply_view.finish()
    qtbot.waitUntil(lambda: reply_view.is_finished)
