"""Versions by real keys and clicks: looked through, compared, restored, and taken back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextBlock, QTextDocument, QTextFragment
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from forgeapp.domain.artifact import Kind
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.document import Document
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, Sheet, Workbook
from forgeapp.ledger.artifacts import Origin, VersionRow
from forgeapp.ui.artifact.changes.document_view import DocumentView
from forgeapp.ui.artifact.changes.grids_view import GridsView
from forgeapp.ui.artifact.changes.lines import CodeLine
from forgeapp.ui.artifact.changes.lines_view import LinesView
from forgeapp.ui.artifact.changes.list_view import ChangesList
from forgeapp.ui.artifact.changes.words import where_text
from forgeapp.ui.artifact.export.panel import ExportPanel
from forgeapp.ui.artifact.history import HistoryView
from forgeapp.ui.artifact.history.version_list import VersionList
from forgeapp.ui.artifact.versions import origin_text
from forgeapp.ui.controls import Button, IconButton, Menu, MenuButton, SegmentedControl
from forgeapp.ui.theme import theme
from tests.ui.pane_bench import CREW, PaneBench, bench

__all__ = ["bench"]


def open_history(bench: PaneBench) -> HistoryView:
    bench.show_view("history")
    history = bench.find(HistoryView, "history")
    bench.wait(lambda: history.is_settled)
    return history


def shown(bench: PaneBench) -> str:
    return bench.find(ChangesList, "history_changes").toPlainText()


def compare_with(bench: PaneBench, choice: str) -> None:
    """By the menu: 'before', 'newest' or the number of a version."""
    other = bench.find(MenuButton, "history_compared")
    other.menu.actions()[[*other.choices].index(choice) + (choice.isdigit())].trigger()


def show_as(bench: PaneBench, mode: str) -> None:
    modes = bench.find(SegmentedControl, "history_modes")
    bench.click(modes.findChild(QWidget, f"segment_{mode}"))
    history = bench.find(HistoryView, "history")
    bench.wait(lambda: history.is_settled)


def menu_of(bench: PaneBench, history: HistoryView) -> Menu:
    """What can be done with the version in view."""
    bench.click(bench.find(IconButton, "version_more"))
    bench.wait(lambda: [menu for menu in history.findChildren(Menu, "version_actions") if menu.isVisible()])
    return next(menu for menu in history.findChildren(Menu, "version_actions") if menu.isVisible())


def test_arrow_keys_choose_a_version_and_its_changes_show(bench: PaneBench) -> None:
    tab = bench.open(CREW)
    bench.rename_first(tab, "Eve")
    bench.rename_first(tab, "Zoe")
    history = open_history(bench)
    assert history.number == 3
    assert "A2" in shown(bench) and "Eve" in shown(bench) and "Zoe" in shown(bench)
    versions = bench.find(VersionList, "history_list")
    versions.setFocus()
    QTest.keyClick(versions, Qt.Key.Key_Down)
    bench.wait(lambda: history.is_settled and "Ada" in shown(bench))
    assert history.number == 2
    assert "Zoe" not in shown(bench)
    compare_with(bench, "newest")
    bench.wait(lambda: history.is_settled and "Zoe" in shown(bench))
    assert "Ada" not in shown(bench)


def test_the_first_version_shows_what_came_since(bench: PaneBench) -> None:
    tab = bench.open(CREW)
    bench.rename_first(tab, "Eve")
    history = open_history(bench)
    QTest.keyClick(history, Qt.Key.Key_End)
    bench.wait(lambda: history.number == 1 and history.is_settled)
    assert bench.find(MenuButton, "history_compared").text() == "With version 2"
    assert "Ada" in shown(bench) and "Eve" in shown(bench)


def test_one_version_alone_says_so_and_cannot_be_restored(bench: PaneBench) -> None:
    bench.open(CREW)
    open_history(bench)
    assert "first version" in shown(bench)
    assert not bench.find(Button, "restore_version").isEnabled()


def test_a_version_is_restored_and_one_undo_takes_it_back(bench: PaneBench) -> None:
    tab = bench.open(CREW)
    bench.rename_first(tab, "Eve")
    edited = tab.content
    history = open_history(bench)
    QTest.keyClick(history, Qt.Key.Key_Down)
    bench.wait(lambda: history.number == 1 and history.is_settled)
    restore = bench.find(Button, "restore_version")
    restore.setFocus()
    QTest.keyClick(restore, Qt.Key.Key_Return)
    bench.wait(lambda: tab.version == 3)
    assert tab.content == CREW
    bench.wait(lambda: history.is_settled and history.number == 3)
    assert [row.number for row in bench.app.ledger.artifacts.versions(tab.id)] == [3, 2, 1]
    bench.click(bench.pane.toolbar.undo)
    assert tab.content == edited
    bench.wait(lambda: tab.version == 4 and history.number == 4)
    assert len(bench.app.ledger.artifacts.versions(tab.id)) == 4


def test_hand_edits_are_stored_before_the_versions_are_read(bench: PaneBench) -> None:
    tab = bench.open(CREW)
    tab.replace(replace(CREW, columns=("Who", "Trade")), "Rename the column")
    history = open_history(bench)
    assert history.number == 2
    assert "Who" in shown(bench)


def test_a_version_stored_meanwhile_joins_the_list(bench: PaneBench) -> None:
    tab = bench.open(CREW)
    history = open_history(bench)
    bench.rename_first(tab, "Eve")
    bench.wait(lambda: history.number == 2 and history.is_settled)
    assert "Eve" in shown(bench)


def test_text_shows_struck_and_new_lines_in_both_themes(bench: PaneBench) -> None:
    letter = Document("Letter", "# Letter\n\nDear crew,\n\nfirst <b>line</b>\n")
    tab = bench.open(letter)
    bench.edit(tab, replace(letter, markdown=letter.markdown.replace("first", "second")))
    open_history(bench)
    assert shown(bench).split("\n")[0] == "Line 5"
    assert "first <b>line</b>" in shown(bench) and "second <b>line</b>" in shown(bench)
    theme().choose("dark")
    assert "first <b>line</b>" in shown(bench)
    theme().choose("light")


def test_cells_of_an_only_sheet_are_named_without_it(bench: PaneBench) -> None:
    sheet = Sheet("Year", {(6, 1): Cell("1,200", 1200)})
    tab = bench.open(Workbook("Sums", (sheet,)))
    bench.edit(tab, Workbook("Sums", (replace(sheet, cells={(6, 1): Cell("1,240", 1240)}),)))
    open_history(bench)
    assert [line for line in shown(bench).split("\n") if line] == ["B7", "1,200", "1,240"]


def test_any_two_versions_are_compared_by_a_click_with_ctrl(bench: PaneBench) -> None:
    tab = bench.open(CREW)
    for name in ("Eve", "Zoe", "Mia"):
        bench.rename_first(tab, name)
    history = open_history(bench)
    versions = bench.find(VersionList, "history_list")
    place = versions.visualItemRect(versions.item(2)).center()
    QTest.mouseClick(versions.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, place)
    bench.wait(lambda: history.is_settled and "Eve" in shown(bench))
    assert (history.number, versions.second) == (4, 2)
    assert "Mia" in shown(bench) and "Zoe" not in shown(bench)
    assert bench.find(MenuButton, "history_compared").text() == "With version 2"


def test_words_that_stay_are_not_struck_in_the_list(bench: PaneBench) -> None:
    letter = Document("Letter", "Dear crew of the ship,\n")
    tab = bench.open(letter)
    bench.edit(tab, Document("Letter", "Dear crew of the boat,\n"))
    open_history(bench)
    document = bench.find(ChangesList, "history_changes").document()
    struck = [
        fragment.text()
        for block in _blocks(document)
        for fragment in _fragments(block)
        if fragment.charFormat().fontStrikeOut()
    ]
    assert struck == ["ship"]


def _blocks(document: QTextDocument) -> list[QTextBlock]:
    return [document.findBlockByNumber(number) for number in range(document.blockCount())]


def _fragments(block: QTextBlock) -> list[QTextFragment]:
    found = []
    fragments = block.begin()
    while not fragments.atEnd():
        found.append(fragments.fragment())
        fragments += 1
    return found


def test_two_documents_stand_side_by_side_or_in_one(bench: PaneBench) -> None:
    letter = Document("Letter", "# Letter\n\nDear crew,\n\nthe first line stays\n")
    tab = bench.open(letter)
    bench.edit(tab, Document("Letter", letter.markdown.replace("first", "second")))
    history = open_history(bench)
    show_as(bench, "sides")
    view = bench.find(DocumentView, "history_sides")
    bench.wait(lambda: "the second line stays" in texts(view))
    left, right = [text for text in texts(view) if "line stays" in text]
    assert ("first" in left, "second" in left) == (True, False)
    assert ("first" in right, "second" in right) == (False, True)
    show_as(bench, "inline")
    inline = bench.find(DocumentView, "history_inline")
    bench.wait(lambda: "the firstsecond line stays" in texts(inline))
    QTest.keyClick(history, Qt.Key.Key_Down)
    bench.wait(lambda: history.number == 1 and history.is_settled)
    show_as(bench, "whole")
    whole = bench.find(DocumentView, "history_whole")
    bench.wait(lambda: any("the first line stays" in text for text in texts(whole)))


def texts(view: DocumentView) -> list[str]:
    from forgeapp.ui.richtext import BlocksView

    return [each.accessibleDescription() for each in view.findChildren(BlocksView) if each.isVisible()]


def test_two_tables_stand_side_by_side_row_by_row_and_scroll_together(bench: PaneBench) -> None:
    rows = tuple((f"Person {number}", "Cook") for number in range(200))
    table = Table("Crew", ("Name", "Trade"), rows)
    tab = bench.open(table)
    bench.edit(tab, replace(table, rows=(*rows[:50], ("Somebody new", "Pilot"), *rows[50:])))
    open_history(bench)
    show_as(bench, "sides")
    left, right = bench.find(GridsView, "history_sides").grids
    assert left.model_of.rowCount() == right.model_of.rowCount() == 202
    assert left.model_of.change(51, 0).text == ""
    assert right.model_of.change(51, 0).text == "Somebody new"
    assert left.model_of.change(150, 0).text == right.model_of.change(150, 0).text == "Person 148"
    left.verticalScrollBar().setValue(left.verticalScrollBar().maximum())
    assert right.verticalScrollBar().value() == left.verticalScrollBar().value() > 0


def test_an_older_version_of_code_is_shown_as_it_was(bench: PaneBench) -> None:
    code = Code("Counter", (CodeFile("main.py", "python", "one\ntwo\nthree\n"),))
    tab = bench.open(code)
    bench.edit(tab, Code("Counter", (CodeFile("main.py", "python", "one\n2\nthree\n"),)))
    history = open_history(bench)
    QTest.keyClick(history, Qt.Key.Key_Down)
    bench.wait(lambda: history.number == 1 and history.is_settled)
    show_as(bench, "whole")
    rows = bench.find(LinesView, "history_whole").rows
    assert [row.text for row in rows if isinstance(row, CodeLine)] == ["one", "two", "three"]


def test_a_version_is_given_a_name_and_those_with_one_are_found(bench: PaneBench) -> None:
    tab = bench.open(CREW)
    bench.rename_first(tab, "Eve")
    bench.rename_first(tab, "Zoe")
    history = open_history(bench)
    versions = bench.find(VersionList, "history_list")
    versions.setFocus()
    QTest.keyClick(versions, Qt.Key.Key_Down)
    bench.wait(lambda: history.is_settled and history.number == 2)
    QTest.keyClick(versions, Qt.Key.Key_F2)
    field = bench.find(QLineEdit, "version_label")
    QTest.keyClicks(field, "As sent")
    QTest.keyClick(field, Qt.Key.Key_Return)
    bench.wait(lambda: bench.app.ledger.artifacts.versions(tab.id)[1].label == "As sent")
    bench.wait(lambda: versions.item(1).data(Qt.ItemDataRole.AccessibleTextRole).startswith("Version 2 · As sent"))
    assert history.number == 2
    bench.click(bench.find(QCheckBox, "named_only"))
    bench.wait(lambda: versions.count() == 1)
    assert history.number == 2


def test_a_version_is_saved_as_an_artifact_of_its_own(bench: PaneBench) -> None:
    tab = bench.open(CREW)
    bench.rename_first(tab, "Eve")
    history = open_history(bench)
    QTest.keyClick(history, Qt.Key.Key_Down)
    bench.wait(lambda: history.number == 1 and history.is_settled)
    menu = menu_of(bench, history)
    next(action for action in menu.actions() if action.text() == "Save as a new artifact").trigger()
    bench.wait(lambda: bench.workbench.artifacts.active is not tab)
    made = bench.workbench.artifacts.active
    assert made is not None
    assert made.content == CREW


def test_an_older_version_is_exported(bench: PaneBench, tmp_path: Path) -> None:
    tab = bench.open(CREW)
    bench.rename_first(tab, "Eve")
    history = open_history(bench)
    QTest.keyClick(history, Qt.Key.Key_Down)
    bench.wait(lambda: history.number == 1 and history.is_settled)
    bench.workbench.exports.folder = tmp_path
    menu = menu_of(bench, history)
    next(action for action in menu.actions() if action.text() == "Export this version…").trigger()
    bench.wait(lambda: bench.pane.panel.isVisible())
    panel: ExportPanel = bench.pane.panel
    panel.formats.choose(next(choice for choice in panel.formats.offered if choice.key == "csv"))
    panel.formats.chosen.emit()
    bench.wait(lambda: panel.target == tmp_path / "Crew.csv" and panel.start.isEnabled())
    panel.export()
    bench.wait(lambda: not bench.workbench.exports.running and (tmp_path / "Crew.csv").exists())
    text = (tmp_path / "Crew.csv").read_text("utf-8")
    assert "Ada" in text and "Eve" not in text


def test_list_and_changes_stand_below_each_other_in_a_narrow_pane(bench: PaneBench) -> None:
    bench.open(CREW)
    history = open_history(bench)
    assert history.view.mapTo(history, history.view.rect().topLeft()).x() > history.versions.width() - 2
    bench.pane.resize(420, 640)
    bench.wait(lambda: history.versions.width() == history.width())
    assert history.view.mapTo(history, history.view.rect().topLeft()).y() > history.versions.height()


def test_places_and_origins_are_worded() -> None:
    assert where_text("lines 3-5") == "Lines 3–5"
    assert where_text("main.py line 7") == "main.py · Line 7"
    assert where_text("Outline 3!B7") == "Outline 3!B7"
    assert where_text("title") == "Title"
    assert where_text('column C "VAT"') == "Column C · VAT"
    assert where_text("Year!rows 3-5") == "Year · Rows 3–5"
    assert where_text("row 7 moved") == "Row 7 · moved"
    assert where_text('sheet "Year" freeze') == "Sheet Year · frozen part"
    assert where_text('sheet "Year" order of the rows') == "Year · Order of the rows"
    assert where_text('file "a b.py"') == "File a b.py"

    def words(origin: Origin, **provenance: object) -> str:
        return origin_text(VersionRow(1, 1, Kind.TABLE, "t", origin, "2026-01-01", provenance, None, None))

    assert words(Origin.REVISED, model="openai/gpt-4.1") == "Changed by openai/gpt-4.1"
    assert words(Origin.GENERATED, model="m", partial=True) == "Made by m, stopped early"
    assert words(Origin.IMPORTED, file="crew.csv") == "Opened from crew.csv"
    assert words(Origin.RESTORED, restored_from=2) == "Restored from version 2"
    assert words(Origin.EDITED, blank=True) == "Started by hand"
