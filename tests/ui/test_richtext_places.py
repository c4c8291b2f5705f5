"""Where things lead to and where they stand in rendered text: links to headings, tables from right to left."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from forgeapp.reading.markdown import parse
from forgeapp.ui.richtext import ReplyView
from forgeapp.ui.richtext.pieces import TablePiece
from forgeapp.ui.richtext.table_box import TableBox
from forgeapp.ui.theme import LIGHT
from tests.ui.richtext_bench import Show, _light, place_of, show

__all__ = ["_light", "show"]

LINKED = "# Terms\n\nSee [below](#terms) and [gone](#price-list).\n\n| [cell](#price-list) |\n|---|\n| [kept](#terms) |"
PRICES = "| السعر | المنتج | الرقم |\n|---|:-:|--:|\n| 40 | كرسي | 7 |\n| 90 | طاولة | 8 |"


def live(view: object) -> list[str]:
    return [target for box in view.boxes for _, _, target in box.links()]  # type: ignore[attr-defined]


def test_a_link_to_a_heading_that_is_not_there_is_plain_text_that_says_so(show: Show) -> None:
    view = show(LINKED)
    assert live(view) == ["#terms", "#terms"]
    for words in ("gone", "cell"):
        at = QPointF(place_of(view, words))
        assert view.link_at(at) is None
        assert view.hint_at(at) == "No heading here is called #price-list"
    at = place_of(view, "gone")
    QTest.mouseMove(view, at)
    assert view.toolTip() == "No heading here is called #price-list"
    assert view.cursor().shape() is Qt.CursorShape.IBeamCursor
    formats = {QColor(each.format.foreground().color()).name() for each in view.boxes[1].cell(0).layout.formats()}
    assert formats == {LIGHT.accent}
    assert view.hint_at(QPointF(place_of(view, "below"))) == ""


def test_the_link_lives_again_once_its_heading_is_written(show: Show, qtbot: QtBot) -> None:
    view = show(LINKED)
    view.show_blocks(parse(LINKED + "\n\n## Price list"))
    qtbot.waitUntil(lambda: not view.is_working)
    assert live(view) == ["#terms", "#price-list", "#price-list", "#terms"]


def test_links_of_a_reply_are_judged_once_all_of_it_is_there(qtbot: QtBot) -> None:
    view = ReplyView()
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.show()
    view.feed("See [the end](#end) and [gone](#gone).\n\n")
    qtbot.waitUntil(lambda: live(view) == ["#end", "#gone"])
    view.feed("# End\n")
    view.finish()
    qtbot.waitUntil(lambda: view.is_finished and live(view) == ["#end"])


def test_a_table_whose_header_runs_from_right_to_left_begins_at_the_right(show: Show) -> None:
    view = show(PRICES, width=560)
    (box,) = view.boxes
    assert isinstance(box, TableBox)
    first, second, third = (box.cell(column).x for column in range(3))
    assert first > second > third
    assert view.hit(QPointF(place_of(view, "كرسي")))[1] in range(box.starts[4], box.starts[5])
    assert place_of(view, "السعر").x() > place_of(view, "الرقم").x()
    assert box.origin.x() + box.content_width == box.width
    # Its third column stands at its end, which is the left.
    assert min(rect.left() for rect in box.cell(5).rects(0, 1)) == box.cell(5).x
    assert [box.texts[number] for number in range(3)] == ["السعر", "المنتج", "الرقم"]


def test_a_wide_table_from_right_to_left_is_first_seen_at_its_beginning(show: Show, qtbot: QtBot) -> None:
    names = [f"عمودكبيرجدا{number}" for number in range(14)]
    row = "|".join(names)
    view = show(f"|{row}|\n|{'---|' * 14}\n|{row}|", width=400)
    (box,) = view.boxes
    assert isinstance(box.piece, TablePiece)
    assert box.overflow > 0
    assert place_of(view, names[0]).x() < view.width()
    view.resize(360, 400)
    qtbot.waitUntil(lambda: not view.is_working)
    assert 0 < place_of(view, names[0]).x() < view.width()
