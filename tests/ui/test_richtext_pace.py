"""Blocks laid out in little time, whichever come, go and stay; pictures in jobs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from forgeapp.domain.document import Paragraph, Run, TableBlock
from forgeapp.reading.markdown import parse
from forgeapp.ui.jobs import Jobs
from forgeapp.ui.richtext import BlocksView
from forgeapp.ui.richtext.box import Box
from forgeapp.ui.richtext.picture_box import PictureBox, read_image
from forgeapp.ui.richtext.text_box import TextBox
from tests.pace import assert_linear, repeated
from tests.ui.richtext_bench import REPLIES, Show, _light, png, show

__all__ = ["_light", "show"]


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
    assert_linear(show, repeated("a"), 25_000)
    view = show("a" * 100_000)
    view.select_all()
    assert view.selected_text() == "a" * 100_000


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
        assert may_go.wait(60)
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
