"""Formulas and footnotes where documents are read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from forgeapp.reading.markdown import parse
from forgeapp.ui.richtext.blocks_view import BlocksView
from forgeapp.ui.richtext.math_box import MathBox
from forgeapp.ui.richtext.text_box import TextBox
from forgeapp.ui.theme import roles, theme

Show = Callable[[str], BlocksView]


@pytest.fixture(name="show")
def make_show(qtbot: QtBot) -> Show:
    theme().choose("light")

    def shown(markdown: str) -> BlocksView:
        view = BlocksView("page")
        qtbot.addWidget(view)
        view.resize(600, 400)
        view.show()
        view.show_blocks(parse(markdown))
        qtbot.waitUntil(lambda: not view.is_working and not view.formulas.is_working)
        return view

    return shown


def has_colour(image: QImage, name: str) -> bool:
    wanted = QColor(name).rgb()
    return any(image.pixel(x, y) == wanted for x in range(image.width()) for y in range(image.height()))


def test_a_formula_on_a_line_of_its_own_is_drawn_in_the_inks_colour_of_the_theme(show: Show, qtbot: QtBot) -> None:
    view = show("Text\n\n$$\n\\frac{a}{b} + \\sum_{i=1}^{n} x_i\n$$")
    box = view.boxes[1]
    assert isinstance(box, MathBox)
    assert box.formula is not None
    assert box.height > 40
    assert has_colour(view.grab(view.rect_of(box)).toImage(), roles().ink)
    theme().choose("dark")
    qtbot.waitUntil(lambda: has_colour(view.grab(view.rect_of(box)).toImage(), roles().ink))
    theme().choose("light")


def test_a_formula_in_a_line_stands_as_wide_and_high_as_it_is_and_is_copied_as_tex(show: Show) -> None:
    view = show("See $\\frac{\\frac{a}{b}}{\\frac{c}{d}}$ there.\n\nPlain.")
    first, second = view.boxes
    assert isinstance(first, TextBox)
    assert first.height > second.height + 4
    assert first.styled.text == "See x there."
    view.select_all()
    assert view.selected_text() == "See \\frac{\\frac{a}{b}}{\\frac{c}{d}} there.\n\nPlain."
    assert "<code>" in _html(view)


def _html(view: BlocksView) -> str:
    from PySide6.QtGui import QGuiApplication

    view.copy()
    mime = QGuiApplication.clipboard().mimeData()
    assert mime is not None
    return mime.html()


def test_a_broken_formula_shows_its_tex_and_says_why(show: Show) -> None:
    view = show("Here $\\nosuchcommand{x}$.\n\n$$\n\\frac{\n$$")
    text, block = view.boxes
    assert isinstance(text, TextBox)
    assert "\\nosuchcommand{x}" in text.styled.text
    span = next(span for span in text.styled.spans if span.inline == text.styled.chips[0].inline)
    at = next(iter(text._cell.rects(span.start, span.end))).center()
    assert "\\nosuchcommand" in view.hint_at(at + text.origin + view.rect_of(text).topLeft())
    assert isinstance(block, MathBox)
    assert block.formula is None
    assert view.hint_at(view.rect_of(block).center().toPointF())


NOTES = (
    "First[^zeta], second[^alpha], first again[^zeta].\n\n"
    + "Words.\n\n" * 40
    + "[^alpha]: Note A.\n[^zeta]: Note Z.\n"
)


def test_footnotes_are_numbered_in_the_order_of_their_marks(show: Show) -> None:
    view = show(NOTES)
    assert view.boxes[0].texts == ["First1, second2, first again1."] or view.boxes[0].texts == (
        "First1, second2, first again1.",
    )
    labels = [box.piece.place.marker.label for box in view.boxes if box.piece.place.marker]
    assert labels == ["1", "2"]


def test_a_click_on_a_mark_leads_to_its_footnote_and_one_on_its_number_back(show: Show, qtbot: QtBot) -> None:
    view = show(NOTES)
    seen: list[QRect] = []
    view.caret_moved.connect(seen.append)
    text = view.boxes[0]
    assert isinstance(text, TextBox)
    mark = text.styled.links[1]
    at = next(iter(text._cell.rects(mark.start, mark.end))).center() + text.origin + view.rect_of(text).topLeft()
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at.toPoint())
    assert view.selected_text() == "[2] Note A."
    note = next(box for box in view.boxes if box.piece.place.marker and box.piece.place.marker.note == "alpha")
    assert view.rect_of(note).intersects(seen[-1])
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.rect_of(note).topLeft() + QPoint(10, 10))
    assert view.selected_text() == "[2]"
    assert view.rect_of(text).intersects(seen[-1])


def test_marks_and_the_way_back_are_reached_by_the_keys(show: Show, qtbot: QtBot) -> None:
    view = show(NOTES)
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert view.selected_text() == "[1] Note Z."
    for _ in range(3):
        qtbot.keyClick(view, Qt.Key.Key_Tab)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert view.selected_text() == "[1]"
