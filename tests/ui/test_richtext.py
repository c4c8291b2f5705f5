"""Blocks of a document as widgets: their size, their links, code, tables and pictures."""

from __future__ import annotations

from base64 import b64encode

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QScrollBar
from pytestqt.qtbot import QtBot

from forgeapp.domain.document import Paragraph, Picture, Run
from forgeapp.reading.markdown import parse
from forgeapp.ui.richtext import BlocksView
from forgeapp.ui.richtext.box import Box
from forgeapp.ui.richtext.code_box import CodeBox
from forgeapp.ui.richtext.copy_button import CopyButton
from forgeapp.ui.richtext.picture_box import PictureBox, read_image
from forgeapp.ui.richtext.table_box import TableBox
from forgeapp.ui.richtext.text_box import TextBox
from forgeapp.ui.theme import LIGHT, Theme, theme
from tests.ui.richtext_bench import Show, _light, clipboard, place_of, png, show

__all__ = ["_light", "show"]


def box_of(view: BlocksView, kind: type[Box]) -> Box:
    return next(box for box in view.boxes if isinstance(box, kind))


def test_the_height_follows_the_width(show: Show, qtbot: QtBot) -> None:
    view = show("A paragraph of a good many words that must be broken into lines. " * 8, width=600)
    wide = view.sizeHint().height()
    assert view.height() == wide
    with qtbot.waitSignal(view.grown):
        view.resize(200, view.height())
    assert view.sizeHint().height() > 2 * wide
    view.resize(600, view.height())
    assert view.sizeHint().height() == wide


def test_less_text_takes_less_room(show: Show, qtbot: QtBot) -> None:
    view = show("One.\n\nTwo.\n\nThree.\n\n```\ncode\n```")
    tall = view.sizeHint().height()
    view.show_blocks(parse("Only one."))
    qtbot.waitUntil(lambda: not view.is_working)
    assert 0 < view.sizeHint().height() < tall / 3
    view.show_blocks(())
    assert view.sizeHint().height() == 0
    assert view.selected_text() == ""
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(3, 3))
    view.select_all()
    qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)


def test_in_a_scroll_area_it_takes_the_height_it_needs(qtbot: QtBot) -> None:
    area = QScrollArea()
    area.setWidgetResizable(True)
    view = BlocksView()
    area.setWidget(view)
    qtbot.addWidget(area)
    area.resize(400, 300)
    area.show()
    view.show_blocks(parse("A paragraph.\n\n" * 60))
    qtbot.waitUntil(lambda: view.height() == view.sizeHint().height() > 1000)
    assert area.verticalScrollBar().maximum() == view.height() - area.viewport().height()


def test_a_click_on_a_link_tells_its_address(show: Show, qtbot: QtBot) -> None:
    view = show("See [the site](https://example.com/a), or [run](javascript:alert(1)) and [file](file:///etc/passwd).")
    with qtbot.waitSignal(view.link_activated) as told:
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place_of(view, "site"))
    assert told.args == ["https://example.com/a"]
    with qtbot.assertNotEmitted(view.link_activated):
        for word in ("run", "file", "See"):
            QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place_of(view, word))


def test_links_of_any_other_kind_are_text_even_where_the_blocks_carry_them(show: Show, qtbot: QtBot) -> None:
    view = show((Paragraph((Run("press me", link="javascript:alert(1)"),)),))
    assert view.link_at(QPointF(place_of(view, "press"))) is None
    with qtbot.assertNotEmitted(view.link_activated):
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place_of(view, "press"))


def test_links_are_reached_by_tab_and_followed_by_enter(show: Show, qtbot: QtBot) -> None:
    view = show("[one](https://example.com/1)\n\n| a |\n|---|\n| [two](mailto:two@example.com) |\n")
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    addresses: list[str] = []
    view.link_activated.connect(addresses.append)
    for _ in range(2):
        qtbot.keyClick(view, Qt.Key.Key_Tab)
        qtbot.keyClick(view, Qt.Key.Key_Return)
    qtbot.keyClick(view, Qt.Key.Key_Backtab)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert addresses == ["https://example.com/1", "mailto:two@example.com", "https://example.com/1"]


def test_a_link_within_the_text_leads_to_its_heading(show: Show, qtbot: QtBot) -> None:
    view = show("# Top\n\nGo [down](#end-1) or [nowhere](#gone).\n\n" + "Words.\n\n" * 30 + "## End\n\n> ## End\n\nx")
    with qtbot.assertNotEmitted(view.link_activated):
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place_of(view, "nowhere"))
        assert view.selected_text() == ""
        with qtbot.waitSignal(view.caret_moved) as moved:
            QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place_of(view, "down"))
    assert view.selected_text() == "End"
    last = [box for box in view.boxes if isinstance(box, TextBox) and box.piece.level == 2][-1]
    assert abs(moved.args[0].center().y() - last.y) < last.height + 1


def test_code_is_copied_by_its_button(show: Show, qtbot: QtBot) -> None:
    view = show("```python\nprint(1)\n\nprint(2)\n```")
    button = view.findChild(CopyButton)
    assert button is not None and button.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert clipboard()[0] == "print(1)\n\nprint(2)"
    assert button.text() == "Copied"
    view.show_blocks(parse("No code any more."))
    qtbot.waitUntil(lambda: not view.findChildren(CopyButton))


def test_wide_tables_and_long_lines_of_code_scroll_sideways(show: Show, qtbot: QtBot) -> None:
    columns = "|" + " a column of words |" * 14
    view = show(f"{columns}\n{'|---' * 14}|\n{columns}\n\n```\n{'long ' * 80}\n```", width=400)
    assert view.width() == 400
    bars = [bar for bar in view.findChildren(QScrollBar) if bar.isVisible()]
    assert len(bars) == 2
    table = box_of(view, TableBox)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert table.scroll_x == 40
    place = QPointF(view.rect_of(table).center())
    turned = QWheelEvent(
        place,
        QPointF(view.mapToGlobal(place.toPoint())),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ShiftModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, turned)
    assert table.scroll_x == 100
    assert turned.isAccepted()


def test_a_plain_turn_of_the_wheel_is_left_to_the_scroll_area(show: Show) -> None:
    view = show("Words.")
    place = QPointF(5, 5)
    turned = QWheelEvent(
        place,
        place,
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, turned)
    assert not turned.isAccepted()


def test_numbers_stand_to_the_right_and_words_to_the_left(show: Show) -> None:
    view = show("| Item | Price |\n|---|---|\n| Beans | 1,450.00 |\n| Milk and dairy | 620.00 |\n", style="page")
    table = box_of(view, TableBox)
    rights = [max(rect.right() for rect in table.cell(number).rects(0, 9)) for number in (1, 3, 5)]
    lefts = [min(rect.left() for rect in table.cell(number).rects(0, 9)) for number in (0, 2, 4)]
    assert max(rights) - min(rights) < 1.5
    assert max(lefts) == min(lefts)
    assert table.content_width == view.width()


def test_of_a_big_table_two_hundred_rows_are_drawn(show: Show) -> None:
    view = show("| n | square |\n|---|---|\n" + "".join(f"| {n} | {n * n} |\n" for n in range(1234)))
    table = box_of(view, TableBox)
    assert isinstance(table, TableBox)
    assert len(table.shown_rows) == 201
    assert table.hidden_rows == 1034


def test_right_to_left_paragraphs_and_their_marks_stand_right(show: Show) -> None:
    view = show("هذا نص باللغة العربية.\n\n- عنصر أول\n\nLeft again.")
    first, item, last = (box for box in view.boxes if isinstance(box, TextBox))
    for box in (first, item):
        edge = max(rect.right() for rect in box.cell(0).rects(0, box.length)) + box.origin.x()
        assert edge == pytest.approx(view.width() - box.indent, abs=2)
    assert min(rect.left() for rect in last.cell(0).rects(0, last.length)) == 0


def test_another_theme_draws_it_in_other_colours(show: Show, qtbot: QtBot) -> None:
    view = show("Words\n\n```python\nprint(1)\n```")
    code = view.rect_of(box_of(view, CodeBox))
    light = view.grab().toImage().pixelColor(code.center().x(), code.top() + 4).name()
    assert light == LIGHT.sunken
    theme().choose("dark")
    qtbot.waitUntil(lambda: not view.is_working)
    image = view.grab().toImage()
    assert image.pixelColor(code.center().x(), code.top() + 4).lightness() < 60


def test_larger_text_takes_more_room(show: Show, qtbot: QtBot) -> None:
    view = show("Words\n\n- item\n\n```\ncode\n```")
    before = view.sizeHint().height()
    look: Theme = theme()
    look.scale_text(1.5)
    try:
        qtbot.waitUntil(lambda: view.sizeHint().height() > before * 1.3)
    finally:
        look.scale_text(1.0)
    qtbot.waitUntil(lambda: view.sizeHint().height() == before)


def test_pictures_that_the_text_carries_are_shown(show: Show, qtbot: QtBot) -> None:
    view = show(f"Before ![a square]({png(90, 60)}) after.")
    box = box_of(view, PictureBox)
    assert (box.content_rect.height(), box.height) == (60, 60)
    assert isinstance(box, PictureBox)
    qtbot.waitUntil(lambda: box.image is not None)
    shown = view.grab().toImage().pixelColor(view.rect_of(box).left() + 40, view.rect_of(box).center().y())
    assert shown.name() == "#ff0000"


@pytest.mark.security
@pytest.mark.parametrize(
    "source",
    [
        png(30_000, 30_000),
        "https://example.com/a.png",
        "file:///usr/share/pixmaps/debian-logo.png",
        "data:image/png;base64,AAAA",
        "data:image/svg+xml;base64," + b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>").decode(),
        "data:image/png;base64," + b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>").decode(),
        "data:text/html,<b>x</b>",
    ],
)
def test_other_pictures_show_what_they_are_called(show: Show, source: str) -> None:
    assert read_image(source) is None
    view = show((Paragraph((Picture(source, "a name"),)),))
    view.select_all()
    assert view.selected_text() == "a name"
    assert not view.grab().isNull()


@pytest.mark.security
@pytest.mark.parametrize(
    "text",
    [
        "".join("  " * depth + f"- level {depth}\n" for depth in range(80)),
        "> " * 60 + "deep",
        "x" * 60_000,
        "word " * 12_000,
        "```\n" + "x" * 100_000 + "\n```",
        "```python\n" + "(" * 30_000 + "\n```",
        "```json\n" + '{"a":' * 8_000 + "\n```",
        "|" + " a |" * 600 + "\n|" + "---|" * 600 + "\n" + ("|" + " b |" * 600 + "\n") * 40,
        "\u202e reversed \u2066 \u0000 \ud800 text",
        "👩‍👩‍👧" * 400,
        "$" + "x" * 5_000 + "$",
    ],
)
def test_hostile_text_is_drawn_like_any_other(show: Show, text: str) -> None:
    view = show(text, width=300)
    view.select_all()
    view.copy()
    view.grab()
    assert view.width() == 300
