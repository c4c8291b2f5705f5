"""What helps to write a document: formats, outline, tables as grids, pictures, find and replace."""

from __future__ import annotations

import base64
import itertools
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image as pillow
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from forgeapp.domain.document import Paragraph, Picture
from forgeapp.errors import UnreadableFile
from forgeapp.reading.markdown import parse
from forgeapp.ui.artifact.text.find_bar import FindBar
from forgeapp.ui.artifact.text.inserted_pictures import MAX_SIDE, picture_paths, prepared_file, prepared_image
from forgeapp.ui.artifact.text.markdown_tables import table_at, tables_in, written
from forgeapp.ui.artifact.text.table_grid import TableGrid
from forgeapp.ui.richtext.table_box import TableBox
from forgeapp.ui.workbench import Workbench
from tests.ui.document_bench import Bench, Held, Key, make_maker, make_workbench  # noqa: F401 - fixtures

Make = Callable[..., Bench]
TABLE = """Above.

| Item | Price |
|------|------:|
| Meal \\| menu | 4.30 |
| Tea<br>or coffee | 2 |

Below.
"""


def undo(bench: Bench) -> None:
    bench.text.setFocus()
    bench.press(Key.Key_Z, Held.ControlModifier)


# Formats.


@pytest.mark.parametrize(
    ("before", "name", "after"),
    [
        ("one\ntwo", "bullets", "- one\n- two"),
        ("one\n\n  two", "numbers", "1. one\n\n  2. two"),
        ("- one\n- two", "numbers", "1. one\n2. two"),
        ("1. one\n2. two", "tasks", "- [ ] one\n- [ ] two"),
        ("one\ntwo", "quote", "> one\n> two"),
        ("one\n```\ntwo", "code_block", "````\none\n```\ntwo\n````"),
        ("one", "strike", "~~one~~"),
        ("one", "code", "`one`"),
        ("one", "heading_6", "###### one"),
    ],
)
def test_a_format_is_put_on_and_taken_off_as_one_step_each(make: Make, before: str, name: str, after: str) -> None:
    bench = make(before)
    action = next(action for action in bench.text.format_actions if action.objectName() == name)
    bench.text.selectAll()
    action.trigger()
    assert bench.markdown == after
    plain = re.sub(r"^(- |\d\. )", "", before, flags=re.MULTILINE)
    action.trigger()
    assert bench.markdown == plain
    undo(bench)
    undo(bench)
    assert bench.markdown == before


def test_each_format_has_a_key_that_works_in_the_text(make: Make) -> None:
    bench = make("word")
    bench.text.selectAll()
    bench.press(Key.Key_X, Held.ControlModifier, Held.ShiftModifier)
    assert bench.markdown == "~~word~~"
    bench.press(Key.Key_L, Held.ControlModifier, Held.ShiftModifier)
    assert bench.markdown == "- ~~word~~"
    assert all(not action.shortcut().isEmpty() for action in bench.text.format_actions)


def test_a_click_in_the_format_bar_formats_and_the_keyboard_stays_in_the_text(make: Make, qtbot: QtBot) -> None:
    bench = make("word", width=1200)
    bench.text.selectAll()
    bold = bench.editor.format_bar.findChild(QWidget, "format_bold")
    qtbot.mouseClick(bold, Qt.MouseButton.LeftButton)
    assert bench.markdown == "**word**"
    assert bench.text.hasFocus()


def test_what_the_narrow_bar_does_not_show_is_in_its_menu(make: Make, qtbot: QtBot) -> None:
    bench = make("word", width=1200)
    bar = bench.editor.format_bar
    whole = len(bar.buttons)
    assert bar.findChild(QWidget, "format_more").isHidden()
    bench.editor.resize(560, 480)
    qtbot.waitUntil(lambda: not bar.findChild(QWidget, "format_more").isHidden())
    assert len(bar.buttons) < whole
    assert all(bar.rect().contains(button.geometry()) for button in bar.buttons)
    qtbot.mouseClick(bar.findChild(QWidget, "format_more"), Qt.MouseButton.LeftButton)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    assert "Block of code" in [action.text() for action in menu.actions()]
    menu.close()


# Outline.

SECTIONS = "# Report\n\nIntro.\n\n" + "".join(
    f"## Part {number}\n\n" + "Some words.\n\n" * 20 + "### Detail\n\nMore.\n\n" for number in range(1, 6)
)


def test_the_outline_shows_the_headings_goes_there_and_marks_where_one_is(make: Make, qtbot: QtBot) -> None:
    bench = make(SECTIONS, width=1000)
    bench.wait_until_read()
    bench.press(Key.Key_O, Held.ControlModifier, Held.ShiftModifier)
    outline = bench.editor.outline.panel.outline
    assert outline.isVisible()
    assert outline.hasFocus()
    assert outline.model().index(0, 0).data() == "Report"
    line = next(h.line for h in outline.headings if h.words == "Part 4")
    outline.setCurrentIndex(outline.model().index(3, 0, outline.model().index(0, 0)))
    bench.press(Key.Key_Return)
    assert bench.text.textCursor().blockNumber() == line
    assert abs(bench.text.top_line() - line) < 1
    assert abs(bench.editor.view.top_line() - line) < 2
    assert bench.text.hasFocus()
    place = bench.markdown.index("## Part 2")
    bench.text.select(place + 40, place + 40)
    assert outline.currentIndex().data() == "Part 2"
    bench.press(Key.Key_O, Held.ControlModifier, Held.ShiftModifier)
    assert not outline.isVisible()


def test_the_outline_follows_what_is_typed(make: Make, qtbot: QtBot) -> None:
    bench = make("# One\n\nText\n", width=1000)
    bench.wait_until_read()
    bench.editor.outline.toggle()
    bench.text.setFocus()
    bench.press(Key.Key_End, Held.ControlModifier)
    bench.type("## Two")
    outline = bench.editor.outline.panel.outline
    qtbot.waitUntil(lambda: [(h.level, h.words) for h in outline.headings] == [(1, "One"), (2, "Two")])
    assert outline.model().index(0, 0, outline.model().index(0, 0)).data() == "Two"


def test_in_a_narrow_pane_the_outline_is_a_card_that_goes_when_something_was_chosen(make: Make, qtbot: QtBot) -> None:
    bench = make(SECTIONS, width=420)
    bench.wait_until_read()
    bench.press(Key.Key_O, Held.ControlModifier, Held.ShiftModifier)
    card = bench.editor.outline.card
    assert card is not None
    assert card.isVisible()
    outline = card.findChild(QWidget, "outline")
    outline.setCurrentIndex(outline.model().index(1, 0, outline.model().index(0, 0)))
    qtbot.keyClick(outline, Key.Key_Return)
    assert bench.text.textCursor().block().text() == "## Part 2"


# Tables.


def test_a_table_is_filled_in_a_grid_and_written_back_aligned_as_one_step(make: Make, qtbot: QtBot) -> None:
    bench = make(TABLE)
    bench.put_cursor("Meal")
    qtbot.waitUntil(lambda: bench.editor.tables.button.isVisible())
    qtbot.mouseClick(bench.editor.tables.button, Qt.MouseButton.LeftButton)
    grid = bench.editor.tables.grid
    assert grid is not None
    assert grid.rows == (("Item", "Price"), ("Meal | menu", "4.30"), ("Tea\nor coffee", "2"))
    cells = grid.cells
    assert (cells.currentRow(), cells.hasFocus()) == (1, True)
    qtbot.keyClicks(cells, "S")
    field = cells.findChild(QPlainTextEdit)
    qtbot.keyClicks(field, "oup|stew")
    qtbot.keyClick(field, Key.Key_Tab)
    assert grid.rows[1] == ("Soup|stew", "4.30")
    assert (cells.currentRow(), cells.currentColumn()) == (1, 1)
    for _ in range(3):
        qtbot.keyClick(cells, Key.Key_Tab)
    assert len(grid.rows) == 4
    qtbot.keyClick(cells, Key.Key_Return, Held.ControlModifier)
    assert not bench.editor.tables.is_open
    assert bench.markdown == (
        "Above.\n\n"
        "| Item             | Price |\n"
        "| ---------------- | ----: |\n"
        "| Soup\\|stew       |  4.30 |\n"
        "| Tea<br>or coffee |     2 |\n"
        "|                  |       |\n"
        "\nBelow.\n"
    )
    assert bench.text.hasFocus()
    undo(bench)
    assert bench.markdown == TABLE


def test_esc_leaves_the_text_as_it_was(make: Make, qtbot: QtBot) -> None:
    bench = make(TABLE)
    bench.put_cursor("Meal")
    bench.press(Key.Key_G, Held.ControlModifier, Held.ShiftModifier)
    grid = bench.editor.tables.grid
    assert grid is not None
    grid.add_row()
    qtbot.keyClick(grid.cells, Key.Key_Escape)
    assert not bench.editor.tables.is_open
    assert bench.markdown == TABLE
    assert not bench.artifact.undo_stack.canUndo()


def test_rows_and_columns_are_added_moved_aligned_taken_away_and_all_undone(make: Make) -> None:
    bench = make(TABLE)
    bench.put_cursor("Meal")
    bench.editor.tables.open_at_cursor()
    grid = bench.editor.tables.grid
    assert grid is not None
    before = grid.rows
    grid.move_row(1)
    assert [row[0] for row in grid.rows] == ["Item", "Tea\nor coffee", "Meal | menu"]
    grid.move_column(1)
    assert grid.rows[0] == ("Price", "Item")
    assert grid.alignments == ("right", None)
    grid.align("center")
    assert grid.alignments == ("right", "center")
    grid.add_column()
    assert grid.rows[0] == ("Price", "Item", "")
    grid.remove_row()
    assert len(grid.rows) == 2
    for _ in range(5):
        grid.undo()
    assert (grid.rows, grid.alignments) == (before, (None, "right"))
    grid.redo()
    assert grid.is_changed


def test_a_double_click_on_the_rendered_table_opens_that_one(make: Make, qtbot: QtBot) -> None:
    bench = make(TABLE + "\n```\n| no | table |\n|---|---|\n```\n\n" + TABLE.replace("Meal", "Second"))
    bench.wait_until_read()
    blocks = bench.editor.view.blocks
    box = [box for box in blocks.boxes if isinstance(box, TableBox)][1]
    at = blocks.rect_of(box).center()
    QTest.mouseDClick(blocks, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    grid = bench.editor.tables.grid
    assert grid is not None
    assert grid.rows[1][0] == "Second | menu"


def test_where_there_is_no_table_a_new_one_is_made_behind_the_paragraph(make: Make) -> None:
    bench = make("Above.\nGoes on.\n\nBelow.")
    bench.editor.tables.open_at_cursor()
    grid = bench.editor.tables.grid
    assert isinstance(grid, TableGrid)
    grid.cells.item(0, 0).setText("Name")
    grid.take()
    blocks = parse(bench.markdown)
    assert [type(block).__name__ for block in blocks] == ["Paragraph", "TableBlock", "Paragraph"]
    undo(bench)
    assert bench.markdown == "Above.\nGoes on.\n\nBelow."


@pytest.mark.parametrize(
    "text",
    [
        "| a | b |\n|---|---|\n| 1 | 2 | 3 |",
        "a | b\n--|--\n1 | 2",
        "> | a | b |\n> |:-:|--:|\n> | 1 \\| 2 | `x` |",
        "| 中文 | b |\n|---|---|\n| 1 | \\| |",
        "| a\\\\| b |\n|---|\n| x |",
    ],
)
def test_a_table_written_back_unchanged_says_the_same(text: str) -> None:
    lines = text.split("\n")
    table = table_at(lines, 0)
    assert table is not None
    again = written(table.lead, table.cells, table.alignments)
    second = table_at(again.split("\n"), 0)
    assert second is not None
    assert (second.cells, second.alignments) == (table.cells, table.alignments)
    assert written(table.lead, second.cells, second.alignments) == again


def test_text_around_pipes_is_no_table() -> None:
    lines = ["a | b", "", "```", "| a |", "|---|", "```", "", "- | - | -", "", "| a |", "|---|---|"]
    assert tables_in(lines, 0, len(lines)) == []


# Pictures.


def image(width: int, height: int) -> QImage:
    made = QImage(width, height, QImage.Format.Format_RGB32)
    made.fill(QColor("#2f5fd7"))
    return made


def data_of(source: str) -> bytes:
    return base64.b64decode(source.partition(",")[2])


def test_a_pasted_picture_stands_in_the_text_by_name_and_its_bytes_at_the_end(make: Make, qtbot: QtBot) -> None:
    bench = make("Before.\n\nAfter.\n")
    picture = image(1200, 900)
    for x in range(0, 1200, 2):
        for y in range(0, 900, 300):
            picture.setPixelColor(x, y, QColor(x % 256, y % 256, (x * y) % 256))
    bench.put_cursor("After")
    QGuiApplication.clipboard().setImage(picture)
    bench.press(Key.Key_V, Held.ControlModifier)
    qtbot.waitUntil(lambda: "image-1" in bench.markdown)
    assert bench.markdown.startswith("Before.\n\n![image][image-1]After.\n\n[image-1]: data:image/png;base64,")
    shown = bench.text.toPlainText()
    assert len(shown) < 200
    assert re.search(r"\[image-1\]: data:image/png;\d+KB,[0-9a-f]{16}\n$", shown)
    first = parse(bench.markdown)[1]
    assert isinstance(first, Paragraph)
    assert isinstance(first.inlines[0], Picture)
    assert QImage.fromData(data_of(first.inlines[0].source)).size() == picture.size()
    bench.wait_until_read()
    qtbot.waitUntil(lambda: any(getattr(box, "image", None) for box in bench.editor.view.blocks.boxes))
    undo(bench)
    assert bench.markdown == "Before.\n\nAfter.\n"
    bench.press(Key.Key_Z, Held.ControlModifier, Held.ShiftModifier)
    assert ";base64," in bench.markdown


def test_what_is_copied_has_its_pictures_and_is_folded_again_where_it_is_pasted(make: Make, qtbot: QtBot) -> None:
    source = "data:image/png;base64," + "QUJD" * 1_000
    bench = make(f"![a][image-1]\n\n[image-1]: {source}\n")
    assert source not in bench.text.toPlainText()
    bench.text.selectAll()
    bench.text.copy()
    assert source in QGuiApplication.clipboard().text()
    bench.press(Key.Key_Delete)
    assert bench.markdown == ""
    bench.press(Key.Key_V, Held.ControlModifier)
    assert source in bench.markdown
    assert len(bench.text.toPlainText()) < 200


def test_picture_files_dropped_on_the_text_stand_there_and_others_are_left_to_the_pane(
    make: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    bench = make("Text.\n")
    path = tmp_path / "the [shot].png"
    assert image(40, 30).save(str(path))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    assert bench.text.takes_files(mime)
    at = QPointF(bench.text.cursorRect().center())
    copy = Qt.DropAction.CopyAction
    drop = QDropEvent(at, copy, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    bench.text.dropEvent(drop)
    qtbot.waitUntil(lambda: "image-1" in bench.markdown)
    assert "![the shot][image-1]" in bench.markdown
    assert base64.b64encode(path.read_bytes()).decode() in bench.markdown
    mixed = QMimeData()
    mixed.setUrls([QUrl.fromLocalFile(str(path)), QUrl.fromLocalFile(str(tmp_path / "a.csv"))])
    assert picture_paths(mixed) == []
    assert not bench.text.takes_files(mixed)


def test_large_pictures_are_scaled_down_and_small_ones_kept_to_the_byte(qapp: QApplication, tmp_path: Path) -> None:
    small, large = tmp_path / "small.jpg", tmp_path / "large.png"
    assert image(300, 200).save(str(small))
    assert image(MAX_SIDE * 2, 500).save(str(large))
    assert data_of(prepared_file(small).source) == small.read_bytes()
    assert QImage.fromData(data_of(prepared_file(large).source)).size().toTuple() == (MAX_SIDE, 250)
    assert QImage.fromData(data_of(prepared_image(image(10, 4_000)).source)).height() == MAX_SIDE


@pytest.mark.security
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_put_into_a_document_does_not_tell_where_it_was_taken(kind: str, tmp_path: Path) -> None:
    exif = pillow.Exif()
    exif[0x010F] = "A camera"
    exif.get_ifd(0x8825)[1] = "N"
    path = tmp_path / f"photo.{kind.lower()}"
    pillow.new("RGB", (30, 20), "red").save(path, kind, exif=exif)
    assert b"A camera" in path.read_bytes()
    data = data_of(prepared_file(path).source)
    assert b"A camera" not in data
    assert QImage.fromData(data).size().toTuple() == (30, 20)


def test_what_is_no_picture_is_refused_with_a_way_on(qapp: QApplication, tmp_path: Path) -> None:
    path = tmp_path / "broken.png"
    path.write_bytes(b"\x89PNG nothing of the kind")
    with pytest.raises(UnreadableFile) as refused:
        prepared_file(path)
    assert "broken.png" in refused.value.message
    assert "PNG and JPEG" in refused.value.hint
    with pytest.raises(UnreadableFile):
        prepared_file(tmp_path / "missing.png")


def test_a_refused_picture_is_told_and_leaves_the_text(qtbot: QtBot, make: Make, workbench: Workbench) -> None:
    bench = make("Text.\n")
    told: list[object] = []
    workbench.failed.disconnect()
    workbench.failed.connect(told.append)
    bench.text.add_pictures([Path("/nowhere/at-all.png")])
    qtbot.waitUntil(lambda: bool(told))
    assert isinstance(told[0], UnreadableFile)
    assert bench.markdown == "Text.\n"


# Find and replace.


def find(bench: Bench, query: str, *toggles: str) -> FindBar:
    bar = bench.editor.find_bar
    bar.open(replacing=True)
    for name in toggles:
        bar.findChild(QWidget, name).click()
    bar.query.setText(query)
    return bar


def test_whole_words_and_regular_expressions_are_found(make: Make) -> None:
    bench = make("cat concat cat2 Cat\n12 345")
    assert len(find(bench, "cat", "find_whole").hits) == 2
    bar = find(bench, r"\d{2,}", "find_whole", "find_pattern")
    assert [bench.text.document().toPlainText()[a:b] for a, b in bar.hits] == ["12", "345"]


def test_groups_of_a_pattern_are_put_into_the_replacement_as_one_step(make: Make) -> None:
    bench = make("Ada Lovelace\nAlan Turing 😀")
    bar = find(bench, r"^(\w+) (\w+)", "find_pattern")
    bar.replacement.setText(r"\2, \1")
    bar.replace_all()
    assert bench.markdown == "Lovelace, Ada\nTuring, Alan 😀"
    undo(bench)
    assert bench.markdown == "Ada Lovelace\nAlan Turing 😀"
    bar.replacement.setText(r"\9")
    bar.replace_all()
    assert bench.markdown == "Ada Lovelace\nAlan Turing 😀"
    assert "group" in bar.count.text()


def test_a_broken_or_endless_pattern_says_so(make: Make) -> None:
    bench = make("a" * 60 + "!")
    assert find(bench, "(", "find_pattern").count.text() == "Not a pattern"
    bar = bench.editor.find_bar
    bar.query.setText("(a|aa)+$")
    assert bar.count.text() in ("Takes too long", "No hits")


def test_a_selection_of_chinese_counts_its_characters(make: Make, qtbot: QtBot) -> None:
    bench = make("项目报告 is here")
    bench.text.selectAll()
    qtbot.waitUntil(lambda: "6 words" in bench.editor.words.text())


def test_a_long_document_says_how_long_it_takes_to_read(make: Make, qtbot: QtBot) -> None:
    bench = make("word " * 1_000)
    qtbot.waitUntil(lambda: bench.editor.words.text().endswith("5 min to read"))


def test_the_view_never_jumps_while_it_is_scrolled_over_tables_pictures_and_code(make: Make, qtbot: QtBot) -> None:
    rich = "".join(
        f"## Part {number}\n\nWords.\n\n" + TABLE + "\n```python\n" + "print(1)\n" * 12 + "```\n\n![x][image-1]\n\n"
        for number in range(12)
    )
    picture = base64.b64encode(image_bytes(400, 300)).decode()
    bench = make(rich + f"[image-1]: data:image/png;base64,{picture}\n", width=1000)
    bench.wait_until_read()
    bar, view = bench.text.verticalScrollBar(), bench.editor.view.verticalScrollBar()
    shown = []
    for value in range(0, bar.maximum() + 1, 3):
        bar.setValue(value)
        shown.append(view.value())
    steps = [after - before for before, after in itertools.pairwise(shown)]
    assert min(steps) >= 0
    assert max(steps) < bench.editor.view.viewport().height()
    bar.setValue(bar.maximum())
    assert view.value() == view.maximum()
    view.triggerAction(view.SliderAction.SliderToMinimum)
    assert bar.value() == 0
    view.triggerAction(view.SliderAction.SliderToMaximum)
    assert bar.value() == bar.maximum()


def image_bytes(width: int, height: int) -> bytes:
    return data_of(prepared_image(image(width, height)).source)


def test_the_grid_button_stands_within_the_text(make: Make, qtbot: QtBot) -> None:
    bench = make(TABLE, width=400)
    bench.put_cursor("Meal")
    button = bench.editor.tables.button
    qtbot.waitUntil(button.isVisible)
    assert bench.text.viewport().rect().contains(button.geometry())
    bench.put_cursor("Below")
    qtbot.waitUntil(lambda: not button.isVisible())
    assert QPoint(0, 0) != button.pos()
