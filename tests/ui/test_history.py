"""Versions by real keys and clicks: looked through, compared, restored, and taken back."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from forgeapp.domain.artifact import Kind
from forgeapp.domain.document import Document
from forgeapp.domain.workbook import Cell, Sheet, Workbook
from forgeapp.ledger.artifacts import Origin, VersionRow
from forgeapp.ui.artifact.changes import ChangesView, where_text
from forgeapp.ui.artifact.history import HistoryView
from forgeapp.ui.artifact.version_list import VersionList
from forgeapp.ui.artifact.versions import origin_text
from forgeapp.ui.controls import Button, SegmentedControl
from forgeapp.ui.theme import theme
from tests.ui.pane_bench import CREW, PaneBench, bench

__all__ = ["bench"]


def open_history(bench: PaneBench) -> HistoryView:
    bench.show_view("history")
    history = bench.find(HistoryView, "history")
    bench.wait(lambda: history.is_settled)
    return history


def shown(bench: PaneBench) -> str:
    return bench.find(ChangesView, "history_changes").toPlainText()


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
    bench.click(bench.find(SegmentedControl, "history_compared").findChild(QWidget, "segment_since"))
    bench.wait(lambda: history.is_settled and "Zoe" in shown(bench))
    assert "Ada" not in shown(bench)


def test_the_first_version_shows_what_came_since(bench: PaneBench) -> None:
    tab = bench.open(CREW)
    bench.rename_first(tab, "Eve")
    history = open_history(bench)
    QTest.keyClick(history, Qt.Key.Key_End)
    bench.wait(lambda: history.number == 1 and history.is_settled)
    assert bench.find(SegmentedControl, "history_compared").value == "since"
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


def test_list_and_changes_stand_below_each_other_in_a_narrow_pane(bench: PaneBench) -> None:
    bench.open(CREW)
    history = open_history(bench)
    assert history.changes.mapTo(history, history.changes.rect().topLeft()).x() > history.versions.width() - 2
    bench.pane.resize(420, 640)
    bench.wait(lambda: history.versions.width() == history.width())
    assert history.changes.mapTo(history, history.changes.rect().topLeft()).y() > history.versions.height()


def test_places_and_origins_are_worded() -> None:
    assert where_text("lines 3-5") == "Lines 3–5"
    assert where_text("main.py line 7") == "main.py · Line 7"
    assert where_text("Outline 3!B7") == "Outline 3!B7"
    assert where_text("title") == "Title"

    def words(origin: Origin, **provenance: object) -> str:
        return origin_text(VersionRow(1, 1, Kind.TABLE, "t", origin, "2026-01-01", provenance, None, None))

    assert words(Origin.REVISED, model="openai/gpt-4.1") == "Changed by openai/gpt-4.1"
    assert words(Origin.GENERATED, model="m", partial=True) == "Made by m, stopped early"
    assert words(Origin.IMPORTED, file="crew.csv") == "Opened from crew.csv"
    assert words(Origin.RESTORED, restored_from=2) == "Restored from version 2"
    assert words(Origin.EDITED, blank=True) == "Started by hand"
