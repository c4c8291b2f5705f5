from __future__ import annotations

import struct
import threading
import time
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QScrollBar
from pytestqt.qtbot import QtBot

from forgeapp.domain.document import Blocks, Paragraph, Picture, Run, TableBlock
from forgeapp.reading.markdown import parse
from forgeapp.ui.jobs import Jobs
from forgeapp.ui.richtext import BlocksView, ReplyView
from forgeapp.ui.richtext.box import Box
from forgeapp.ui.richtext.code_box import CodeBox
from forgeapp.ui.richtext.copy_button import CopyButton
from forgeapp.ui.richtext.highlighting import Highlighter
from forgeapp.ui.richtext.look import Style
from forgeapp.ui.richtext.picture_box import PictureBox, read_image
from forgeapp.ui.richtext.pieces import pieces_of
from forgeapp.ui.richtext.table_box import TableBox
from forgeapp.ui.richtext.text_box import TextBox
from forgeapp.ui.theme import LIGHT, Theme, theme

REPLIES = [path.read_text(encoding="utf-8") for path in sorted(Path("tests/data/replies").glob("*.md"))]
Show = Callable[..., BlocksView]


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> Iterator[None]:
    theme().choose("light")
    yield
    theme().choose("system")


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    """A view of this Markdown, drawn to its end."""

    def make(markdown: str | Blocks, width: int = 560, style: Style = "chat") -> BlocksView:
        view = BlocksView(style)
        qtbot.addWidget(view)
        view.resize(width, 400)
        view.show()
        view.show_blocks(parse(markdown) if isinstance(markdown, str) else markdown)
        qtbot.waitUntil(lambda: not view.is_working)
        return view

    return make


def box_of(view: BlocksView, kind: type[Box]) -> Box:
    return next(box for box in view.boxes if isinstance(box, kind))


def place_of(view: BlocksView, text: str) -> QPoint:
    """The middle of the first letter of `text`."""
    for number, box in enumerate(view.boxes):
        for at, cell_text in zip(box.starts, box.texts, strict=True):
            if text in cell_text:
                start = at + cell_text.index(text)
                left, right = view.caret_rect((number, start)), view.caret_rect((number, start + 1))
                return QPoint((left.left() + right.left()) // 2, left.center().y())
    raise AssertionError(text)


def drag(view: BlocksView, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(view, (start + end) / 2)
    QTest.mouseMove(view, end)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)


def clipboard() -> tuple[str, str]:
    data = QGuiApplication.clipboard().mimeData()
    return data.text(), data.html()


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


def test_dragging_over_a_link_selects_and_does_not_follow_it(show: Show, qtbot: QtBot) -> None:
    view = show("See [the long name of the site](https://example.com/a) now.")
    with qtbot.assertNotEmitted(view.link_activated):
        drag(view, place_of(view, "long"), place_of(view, "site"))
    assert "name" in view.selected_text()


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


def png(width: int, height: int) -> str:
    """A picture by its header; its bytes are missing where it claims to be huge."""
    if width * height < 1_000_000:
        image = QImage(width, height, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.red)
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")
        return "data:image/png;base64," + bytes(data.toBase64().data()).decode()

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000_000)
    body = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return "data:image/png;base64," + b64encode(body).decode()


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


def test_a_long_text_is_drawn_in_slices_the_first_at_once(qtbot: QtBot) -> None:
    view = BlocksView()
    qtbot.addWidget(view)
    view.resize(560, 400)
    view.show()
    blocks = parse("\n\n".join(REPLIES * 3)[:100_000])
    view.show_blocks(blocks)
    assert view.is_working
    # How far the first slice reaches is the machine's matter.
    assert view.sizeHint().height() > 0
    heights = [view.sizeHint().height()]
    view.grown.connect(lambda: heights.append(view.sizeHint().height()))
    qtbot.waitUntil(lambda: not view.is_working, timeout=60_000)
    assert len(heights) > 3
    assert all(lower < higher for lower, higher in pairwise(heights))


def test_what_stays_the_same_is_not_drawn_again(show: Show, qtbot: QtBot) -> None:
    view = show("# Title\n\nfirst\n\nsecond\n\n- item\n\nlast")
    before = list(view.boxes)
    view.show_blocks(parse("# Title\n\nfirst\n\nsecond, changed\n\nand new\n\n- item\n\nlast"))
    qtbot.waitUntil(lambda: not view.is_working)
    after = list(view.boxes)
    assert after[:3] == before[:3]
    assert after[-2:] == before[-2:]
    assert [box.texts[0] for box in after] == ["Title", "first", "second, changed", "and new", "item", "last"]
    tops = [box.y for box in after]
    assert tops == sorted(tops)
    view.append_blocks(parse("appended"))
    assert list(view.boxes)[:6] == after
    assert view.boxes[-1].texts[0] == "appended"


@pytest.mark.parametrize("style", ["chat", "page"])
def test_all_replies_are_drawn_and_copied(show: Show, style: Style) -> None:
    for reply in REPLIES:
        view = show(reply, style=style)
        view.select_all()
        view.copy()
        assert len(clipboard()[0]) > len(reply) / 3
        assert all(box.height > 0 for box in view.boxes)
        view.grab()


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


def feed(qtbot: QtBot, view: ReplyView, text: str, size: int) -> None:
    for at in range(0, len(text), size):
        view.feed(text[at : at + size])
        QApplication.processEvents()
    view.finish()
    qtbot.waitUntil(lambda: view.is_finished and not view.is_working)


@pytest.fixture
def reply_view(qtbot: QtBot) -> ReplyView:
    view = ReplyView()
    qtbot.addWidget(view)
    view.resize(560, 400)
    view.show()
    return view


@pytest.mark.parametrize("number", range(0, len(REPLIES), 5))
def test_a_reply_that_came_in_pieces_stands_as_if_it_had_come_whole(
    qtbot: QtBot, show: Show, reply_view: ReplyView, number: int
) -> None:
    feed(qtbot, reply_view, REPLIES[number], 23)
    whole = show(REPLIES[number])
    assert [box.piece for box in reply_view.boxes] == pieces_of(parse(REPLIES[number]))
    assert reply_view.sizeHint().height() == whole.sizeHint().height()
    assert reply_view.text == REPLIES[number]
    assert reply_view.blocks == parse(REPLIES[number])


def test_a_reply_grows_and_never_shrinks_while_plain_paragraphs_come(qtbot: QtBot, reply_view: ReplyView) -> None:
    heights: list[int] = []
    reply_view.grown.connect(lambda: heights.append(reply_view.sizeHint().height()))
    for _ in range(4):
        reply_view.feed("A paragraph of **some** words that go on for more than one line of this view, as they do.\n\n")
        count = len(heights)
        qtbot.waitUntil(lambda count=count: len(heights) > count)
    assert heights == sorted(heights)
    first = reply_view.boxes[0]
    reply_view.feed("- and\n- a list\n")
    reply_view.finish()
    qtbot.waitUntil(lambda: reply_view.is_finished)
    assert reply_view.boxes[0] is first


def test_a_reply_may_be_looked_at_after_each_letter(qtbot: QtBot, reply_view: ReplyView) -> None:
    text = "1. **One** of `these`\n   - under\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nf()\n```\n\nEnd"
    lowest = 0
    for letter in text:
        reply_view.feed(letter)
        reply_view._on_frame()
        reply_view.grab()
        assert reply_view.sizeHint().height() >= lowest
        lowest = reply_view.sizeHint().height()
    reply_view.finish()
    qtbot.waitUntil(lambda: reply_view.is_finished)


def test_many_pieces_make_one_repaint(qtbot: QtBot, reply_view: ReplyView, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[int] = []
    real = reply_view._show
    monkeypatch.setattr(reply_view, "_show", lambda *blocks: (shown.append(1), real(*blocks)))
    for number in range(500):
        reply_view.feed(f"word{number} ")
    qtbot.waitUntil(lambda: bool(reply_view.boxes))
    assert len(shown) == 1


def test_a_growing_table_and_growing_code_keep_their_boxes(qtbot: QtBot, reply_view: ReplyView) -> None:
    reply_view.feed("| a | b |\n|---|--:|\n| 1 | 2 |\n")
    qtbot.waitUntil(lambda: len(reply_view.boxes) == 1)
    table = reply_view.boxes[0]
    reply_view.feed("| 3 | 4 |\n| 5 | 6 |\n")
    qtbot.waitUntil(lambda: len(reply_view.boxes[0].texts) == 8)
    assert reply_view.boxes[0] is table
    reply_view.feed("\n```python\nx = 1\n")
    qtbot.waitUntil(lambda: len(reply_view.boxes) == 2)
    code = reply_view.boxes[1]
    reply_view.feed("y = 2\n")
    qtbot.waitUntil(lambda: reply_view.boxes[1].texts[-1] == "y = 2")
    assert reply_view.boxes[1] is code
    reply_view.finish()
    qtbot.waitUntil(lambda: reply_view.is_finished)


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


def test_a_link_defined_at_the_end_becomes_one_in_what_stood_already(qtbot: QtBot, reply_view: ReplyView) -> None:
    reply_view.feed("See [this][a].\n\nMore.\n\n")
    qtbot.waitUntil(lambda: len(reply_view.boxes) == 2)
    assert not reply_view.boxes[0].links()
    reply_view.feed("[a]: https://example.com/\n")
    reply_view.finish()
    qtbot.waitUntil(lambda: reply_view.is_finished and not reply_view.is_working)
    assert [link[2] for link in reply_view.boxes[0].links()] == ["https://example.com/"]


CODE = {
    "python": 'import os\n\n\n@decorator\ndef f(x: int):\n    """Doc\n    more"""\n    return f"{x!r} {1.5}"  # why\n',
    "json": '{\n  "a": [1, 2.5, true, null],\n  "b": "text"\n}\n',
    "sql": "SELECT a, COUNT(*) /* two\nlines */ FROM t -- all\nWHERE b = 'x''y'\nGROUP BY a;\n",
    "bash": 'for f in *.md; do\n  echo "$f/*" | sed "s/a/b/" # each\ndone\n',
    "css": "body { color: #fff; /* white\n  as snow */ }\n@media print { a { display: none } }\n",
    "go": 'package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Println(`raw\n/* text`, 1) /* a\n\n b */\n}\n',
    "javascript": "/**\n * What it does\n * @param a\n */\nexport const f = (a) => `src/*${a}\n` + '/*' // so\n",
    "java": '/**\n * What it is.\n */\npublic class A {\n  int a = 1; /* one */ String s = "/*";\n}\n',
    "c": '#include <a.h>\n/* a\n b */\nint main(void) {\n  return printf("%d/*", 1); // ok\n}\n',
    "yaml": "# all\nname: 'x'\nlist:\n  - 1\n  - key: value\n",
    "html": '<!-- a\n b -->\n<p class="x">text &amp; more</p>\n<style>a { color: red; }</style>\n',
    "php": '<?php\n/* a\n b */\nfunction f($x) { return "$x /*"; }\n?>\n',
}


@pytest.mark.parametrize("language", CODE)
def test_code_coloured_as_it_grows_has_the_colours_of_the_whole(language: str) -> None:
    text = CODE[language] * 3
    grown = Highlighter(language)
    for end in (*range(0, len(text), 7), len(text)):
        while not grown.is_done(text[:end]):
            grown.advance(text[:end], 10)
    whole = Highlighter(language)
    while not whole.is_done(text):
        whole.advance(text, 100_000)
    assert grown.lines == whole.lines
    assert len(whole.lines) == text.count("\n")
    assert sum(map(len, whole.lines)) > 5


def test_a_comment_is_one_from_its_first_line_on() -> None:
    code = Highlighter("javascript")
    code.advance("/**\n * What it does\n", 1000)
    assert [[(start, length) for start, length, _ in line] for line in code.lines] == [[(0, 3)], [(0, 15)]]
    assert {colour[0] for line in code.lines for _, _, colour in line} == {"ink_3"}
    assert code.last_line(" * still")[0][2][0] == "ink_3"


def test_code_of_unknown_languages_is_plain() -> None:
    for language in ("", "nonsense", "../../etc/passwd"):
        plain = Highlighter(language)
        plain.advance("x = 1\n", 100)
        assert plain.is_done("x = 1\n")
        assert not plain.lines


def test_a_table_without_columns_shows_nothing(show: Show, qtbot: QtBot) -> None:
    view = show((TableBlock((), ((), ()), ()), Paragraph((Run("below"),))))
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(20, 4))
    view.select_all()
    assert view.selected_text() == "below"


def test_what_has_no_height_yet_is_not_stacked_again_with_each_slice(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Box] = []

    def is_laid_out(box: Box) -> bool:
        asked.append(box)
        return box.width >= 0

    monkeypatch.setattr("forgeapp.ui.richtext.blocks_view.SLICE_S", 0.0)
    monkeypatch.setattr(Box, "is_laid_out", property(is_laid_out))
    view = BlocksView()
    qtbot.addWidget(view)
    view.resize(500, 0)  # out of sight: painting asks, too
    view.show_blocks(tuple(Paragraph((Run(f"Paragraph {number}"),)) for number in range(300)))
    qtbot.waitUntil(lambda: not view.is_working)
    assert len(asked) < 20 * 300
    tops = [view.top_of(number) for number in range(300)]
    assert tops == sorted(set(tops)) == [box.y for box in view.boxes]


def test_what_stands_between_two_changes_is_not_laid_out_again(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    view = show("")
    words = [f"Paragraph {number}" for number in range(300)]
    view.show_blocks(tuple(Paragraph((Run(text),)) for text in words))
    view.select_all()  # Lays out all of them.
    stood = list(view.boxes)
    laid_out: list[Box] = []
    arrange = TextBox.arrange

    def count(box: TextBox) -> int:
        laid_out.append(box)
        return arrange(box)

    monkeypatch.setattr(TextBox, "arrange", count)
    words = ["New", *words[:100], "Changed", *words[101:299], "The end"]
    view.show_blocks(tuple(Paragraph((Run(text),)) for text in words))
    assert list(view.boxes)[1:101] == stood[:100]
    assert list(view.boxes)[102:300] == stood[101:299]
    assert len(laid_out) == 3
    assert [box.texts[0] for box in laid_out] == ["New", "Changed", "The end"]


def test_boxes_stand_one_below_the_other_whichever_come_go_and_stay(show: Show, qtbot: QtBot) -> None:
    view = show("")
    for words in ("a b c d", "x a b c d y", "c d y", "c q r s t u d y", "y", "", "a b c y d"):
        view.show_blocks(tuple(Paragraph((Run(word),)) for word in words.split()))
        qtbot.waitUntil(lambda: not view.is_working)
        below = 0
        for number, box in enumerate(view.boxes):
            assert view.top_of(number) == box.y >= below
            below = box.y + box.height
        assert view.sizeHint().height() == below


def test_a_very_long_word_is_laid_out_in_linear_time(show: Show) -> None:
    started = time.process_time()
    view = show("a" * 200_000)
    assert time.process_time() - started < 2.0
    view.select_all()
    assert view.selected_text() == "a" * 200_000


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs(pytest.fail)
    yield made
    assert made.close()


def test_a_picture_is_decoded_in_a_job_and_has_its_size_before(
    qtbot: QtBot, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []
    may_go = threading.Event()

    def decode(source: str) -> QImage | None:
        threads.append(threading.current_thread())
        assert may_go.wait(5)
        return read_image(source)

    monkeypatch.setattr("forgeapp.ui.richtext.pictures.read_image", decode)
    view = BlocksView()
    qtbot.addWidget(view)
    view.pictures.jobs = jobs
    view.resize(560, 400)
    view.show()
    broken = png(80, 70)[:-60]
    view.show_blocks(parse(f"![a]({png(90, 60)})\n\n![b]({broken})\n\nbelow"))
    qtbot.waitUntil(lambda: len(threads) == 2)
    first, second, below = view.boxes
    assert isinstance(first, PictureBox) and isinstance(second, PictureBox)
    assert (first.height, second.height) == (60, 70)
    assert first.image is None
    before = below.y
    monkeypatch.setattr("forgeapp.ui.richtext.pictures.read_image", pytest.fail)
    view.show_blocks((*view.blocks, Paragraph((Run("more"),))))
    view.grab()
    may_go.set()
    qtbot.waitUntil(lambda: first.image is not None and second.height != 70)
    assert threading.main_thread() not in threads
    assert below.y == before - 70 + second.height


def test_of_many_pictures_those_last_seen_are_kept_and_others_come_back(
    qtbot: QtBot, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forgeapp.ui.richtext.pictures.MAX_KEPT", 3)
    area = QScrollArea()
    area.setWidgetResizable(True)
    qtbot.addWidget(area)
    view = BlocksView()
    view.pictures.jobs = jobs
    area.setWidget(view)
    area.resize(400, 250)
    area.show()
    view.show_blocks(parse("\n\n".join(f"![a]({png(90, 100 + number)})" for number in range(12))))
    boxes = [box for box in view.boxes if isinstance(box, PictureBox)]
    bar = area.verticalScrollBar()
    qtbot.waitUntil(lambda: boxes[0].image is not None and bar.maximum() > 0)
    assert boxes[-1].image is None
    for value in (*range(0, bar.maximum() + 1, 100), bar.maximum()):
        bar.setValue(value)
        seen = [box for box in boxes if box.y < value + 250 and box.y + box.height > value]
        qtbot.waitUntil(lambda seen=seen: all(box.image is not None for box in seen))
        assert sum(box.image is not None for box in boxes) <= 5
    assert boxes[0].image is None
    bar.setValue(0)
    qtbot.waitUntil(lambda: boxes[0].image is not None)
