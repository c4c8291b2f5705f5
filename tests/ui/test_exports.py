"""The queue of exports in the window: its chip, its list, its notices, its keyboard. By real keys and clicks."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from forgeapp.app import build
from forgeapp.domain.export_options import USUAL
from forgeapp.domain.export_request import ArtifactSubject, ExportRequest
from forgeapp.domain.publication import Share
from forgeapp.domain.table import Table
from forgeapp.errors import ExportDiffers, TargetNotWritable
from forgeapp.ledger.exports import ExportStatus
from forgeapp.ui.controls import Button
from forgeapp.ui.exports import row as row_module
from forgeapp.ui.exports.chip import ExportsChip
from forgeapp.ui.palette import Palette
from tests.ui.export_desk import CREW, ExportDesk, HeldExports, desk

__all__ = ["desk"]


def hold(desk: ExportDesk, monkeypatch: pytest.MonkeyPatch) -> HeldExports:
    held = HeldExports(desk.app)
    monkeypatch.setattr(desk.app.exports, "run", held)
    return held


def test_the_status_bar_says_how_many_run_and_how_far_they_are(
    desk: ExportDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = hold(desk, monkeypatch)
    tab = desk.open(CREW)
    chip = desk.window.status_bar.exports
    assert not chip.isVisible()
    for number in range(5):
        desk.exports.start(tab, tmp_path / f"{number}.csv")
    desk.wait(lambda: chip.text() == "1 of 5 · 16 %")
    assert chip.isVisible() and chip.accessibleName() == "Exports: 1 of 5 · 16 %"
    assert len(held.begun) == 2
    held.is_open = True
    desk.wait(lambda: not desk.exports.running)
    desk.wait(lambda: chip.text() == "")
    assert chip.isVisible()


def test_the_list_shows_each_export_and_stops_one(
    desk: ExportDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = hold(desk, monkeypatch)
    tab = desk.open(CREW)
    for name in ("a.csv", "b.csv", "c.csv", "d.csv"):
        desk.exports.start(tab, tmp_path / name)
    desk.wait(lambda: len(held.begun) == 2 and desk.window.status_bar.exports.isVisible())
    desk.click(desk.find(ExportsChip, "exports_chip"))
    desk.wait(lambda: desk.row("a.csv").state.text() == "40 %")
    assert desk.row("a.csv").meter is not None and desk.row("a.csv").meter.isVisible()
    assert desk.row("d.csv").state.text() == "waits for its turn"
    desk.click(desk.find(Button, "export_stop", desk.row("d.csv")))
    desk.click(desk.find(Button, "export_stop", desk.row("a.csv")))
    desk.wait(lambda: len(desk.exports.ended_ones) == 2)
    held.is_open = True
    desk.wait(lambda: not desk.exports.running)
    desk.wait(lambda: {row.status for row in desk.app.exports.history()} >= {ExportStatus.CANCELLED})
    assert [export.state for export in desk.exports.ended_ones].count("cancelled") == 2
    assert desk.row("d.csv").state.text().startswith("stopped; nothing was written")
    assert len(held.begun) == 3, "the one stopped while it waited has never begun"


def test_a_failed_export_says_why_and_is_written_again_by_retry(desk: ExportDesk, tmp_path: Path) -> None:
    folder = tmp_path / "later"
    tab = desk.open(CREW)
    desk.exports.start(tab, folder / "crew.csv")
    desk.wait(lambda: desk.exports.ended_ones and not desk.exports.running)
    shown = desk.open_list()
    desk.wait(lambda: shown.rows)
    row = desk.row("crew.csv")
    assert row.reason is not None
    assert "its folder does not exist" in row.reason.text() and "Choose a folder" in row.reason.text()
    folder.mkdir()
    row.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(row, Qt.Key.Key_Return)
    desk.wait(lambda: (folder / "crew.csv").exists() and not desk.exports.running)
    desk.wait(lambda: [export.state for export in desk.exports.ended_ones] == ["completed", "failed"])
    newest = shown.rows[0]
    QTest.keyClick(newest, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is shown.rows[1]
    shown.close()


def test_a_retry_that_is_stopped_before_it_is_queued_does_not_stay_in_the_queue(
    desk: ExportDesk, tmp_path: Path
) -> None:
    folder = tmp_path / "later"
    desk.exports.start(desk.open(CREW), folder / "crew.csv")
    desk.wait(lambda: desk.exports.ended_ones and not desk.exports.running)
    folder.mkdir()
    desk.exports.retry(desk.exports.ended_ones[0])
    desk.exports.stop(desk.exports.running[0])
    desk.wait(lambda: not desk.exports.running and desk.window.workbench.jobs.count == 0)
    assert [row.status for row in desk.app.exports.history()] == [ExportStatus.CANCELLED, ExportStatus.FAILED]
    assert list(folder.iterdir()) == []


def test_the_notice_of_a_failure_offers_retry(desk: ExportDesk, tmp_path: Path) -> None:
    folder = tmp_path / "later"
    desk.exports.start(desk.open(CREW), folder / "crew.csv")
    desk.wait(lambda: any("cannot be written" in text for text in desk.notices))
    folder.mkdir()
    (retry,) = [each for each in desk.window.notices.findChildren(Button, "notice_action") if each.text() == "Retry"]
    desk.click(retry)
    desk.wait(lambda: any(text.startswith("crew.csv saved · ") for text in desk.notices))
    assert (folder / "crew.csv").exists()


def test_a_file_that_differs_is_kept_only_when_the_user_says_so(
    desk: ExportDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = desk.app.ledger.exports
    tab = desk.open(CREW)
    subject = ArtifactSubject(tab.id, 1)
    number = ledger.enqueue(ExportRequest(subject, tmp_path / "crew.csv"), "Crew")
    ledger.claim(number)
    lost = ("row 2 is missing", "row 3 is missing")
    error = ExportDiffers(path=tmp_path / "crew.csv", reason=lost[0], differences=lost)
    ledger.fail(number, ExportStatus.FAILED, error.key, error.message, lost)
    desk.exports.read()
    shown = desk.open_list()
    desk.wait(lambda: shown.rows)
    row = shown.rows[0]
    desk.click(desk.find(Button, "export_details", row))
    assert row.details is not None
    assert row.details.text() == "• row 2 is missing\n• row 3 is missing"
    desk.click(desk.find(Button, "export_keep", row))
    desk.wait(lambda: (tmp_path / "crew.csv").exists() and not desk.exports.running)
    assert desk.app.exports.history()[0].request.keeps_differing
    opened: list[Path] = []
    monkeypatch.setattr(row_module, "open_path", opened.append)
    desk.wait(lambda: [each.isVisible() for each in shown.rows[0].findChildren(Button, "export_open")] == [True])
    desk.click(desk.find(Button, "export_open", shown.rows[0]))
    assert opened == [tmp_path / "crew.csv"]
    assert not shown.isVisible()


def test_code_is_not_opened_by_the_system(desk: ExportDesk, tmp_path: Path) -> None:
    from forgeapp.domain.code import Code, CodeFile

    desk.exports.start(desk.open(Code("Run", (CodeFile("run.py", "python", "1\n"),))), tmp_path / "run.py")
    desk.wait(lambda: any(text.startswith("run.py saved") for text in desk.notices))
    words = [each.text() for each in desk.window.notices.findChildren(Button, "notice_action")]
    assert words == ["Show in folder"]


def test_what_another_process_exports_is_listed_and_left_to_it(desk: ExportDesk, tmp_path: Path) -> None:
    ledger = desk.app.ledger.exports
    subject = ArtifactSubject(desk.open(CREW).id, 1)
    for name in ("writes.csv", "waits.csv"):
        number = ledger.enqueue(ExportRequest(subject, tmp_path / name), "Crew")
        if name == "writes.csv":
            ledger.claim(number)
            written = number
    shown = desk.open_list()
    desk.wait(lambda: len(shown.rows) == 2)
    assert desk.row("writes.csv").state.text() == "another process of the program writes it"
    assert desk.row("waits.csv").state.text() == "waits in another process of the program"
    assert [button for row in shown.rows for button in row.findChildren(Button) if button.isVisible()] == []
    ledger.complete(written, 12, 1, ())
    desk.wait(lambda: desk.row("writes.csv").state.text().startswith("12 "))


def test_an_export_that_has_ended_is_not_shown_as_running_by_an_older_look_at_the_ledger(
    desk: ExportDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.exports.start(desk.open(CREW), tmp_path / "crew.csv")
    desk.wait(lambda: not desk.exports.running and desk.window.workbench.jobs.count == 0)
    (row,) = desk.app.exports.history()
    monkeypatch.setattr(desk.app.exports, "history", lambda _limit: [replace(row, status=ExportStatus.RUNNING)])
    listed: list[None] = []
    desk.exports.listed.connect(lambda: listed.append(None))
    desk.exports.read()
    desk.wait(lambda: listed)
    assert [(export.state, export.is_elsewhere) for export in desk.exports.ended_ones] == [("completed", False)]


def test_a_running_export_tells_the_row_it_is_at(
    desk: ExportDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = hold(desk, monkeypatch)
    held.share = Share(0.4, "row", 40_000, 100_000)
    desk.exports.start(desk.open(CREW), tmp_path / "crew.csv")
    desk.wait(lambda: held.begun)
    chip = desk.window.status_bar.exports
    desk.wait(lambda: chip.accessibleName() == "Exports: row 40,000 of 100,000 · 40 %")
    assert chip.text() == "40 %"
    desk.open_list()
    desk.wait(lambda: desk.row("crew.csv").state.text() == "row 40,000 of 100,000 · 40 %")
    assert desk.row("crew.csv").accessibleName() == "crew.csv, Crew · row 40,000 of 100,000 · 40 %"
    held.is_open = True
    desk.wait(lambda: not desk.exports.running)


def test_a_narrow_row_cuts_the_title_and_keeps_how_it_ended_and_when(desk: ExportDesk, tmp_path: Path) -> None:
    title = "A very long title of a table that no row of this width can hold"
    desk.exports.start(desk.open(CREW, title), tmp_path / f"{title}.csv")
    desk.wait(lambda: desk.exports.ended_ones and not desk.exports.running)
    desk.window.resize(460, 700)
    shown = desk.open_list()
    desk.wait(lambda: shown.rows and shown.rows[0].state.text().count(" · ") == 1)
    row = shown.rows[0]
    desk.wait(lambda: row.subject.is_cut)
    assert not row.state.is_cut
    assert row.state.geometry().right() < row.width()


@pytest.mark.parametrize("words", ["It failed.", "Nothing was written. " * 4, "Nothing was written. " * 9])
def test_what_a_failed_one_says_covers_nothing_of_its_row(desk: ExportDesk, tmp_path: Path, words: str) -> None:
    tab, ledger = desk.open(CREW), desk.app.ledger.exports
    shown = desk.open_list()
    for name in ("a.csv", "b.csv"):
        number = ledger.enqueue(ExportRequest(ArtifactSubject(tab.id, 1), tmp_path / name), "Crew")
        ledger.claim(number)
        ledger.fail(number, ExportStatus.FAILED, "target_not_writable", words)
    desk.exports.read()
    desk.wait(lambda: len(shown.rows) == 2 and all(row.isVisible() for row in shown.rows))
    desk.wait(lambda: all(row.height() == row.heightForWidth(row.width()) for row in shown.rows))
    for row in shown.rows:
        assert row.reason is not None
        lines = [row.name, row.subject, row.reason]
        for upper, lower in pairwise(lines):
            assert upper.geometry().bottom() < lower.geometry().top()
        assert all(line.height() >= line.sizeHint().height() for line in lines[:2])
        assert row.reason.height() == row.reason.heightForWidth(row.reason.width())
    shown.close()


def test_many_at_once_are_told_of_together_and_clearing_leaves_the_files(
    desk: ExportDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = hold(desk, monkeypatch)
    held.is_open = True
    tab = desk.open(CREW)
    held.ends_with[3] = TargetNotWritable(path=tmp_path / "2.csv", reason="the disk is full")
    for number in range(50):
        desk.exports.start(tab, tmp_path / f"{number}.csv")
    desk.wait(lambda: not desk.exports.running)
    desk.wait(lambda: desk.notices == ["49 files saved, 1 failed"])
    chip = desk.window.status_bar.exports
    assert chip.has_failed and chip.accessibleName() == "Exports: one has failed"
    shown = desk.open_list()
    desk.wait(lambda: len(shown.rows) == 50)
    assert not chip.has_failed
    held_ids = {export.id for export in desk.exports.ended_ones}
    assert held_ids == set(range(1, 51))


def test_an_empty_list_says_what_will_stand_in_it(desk: ExportDesk, tmp_path: Path) -> None:
    desk.exports.start(desk.open(CREW), tmp_path / "crew.csv")
    desk.wait(lambda: (tmp_path / "crew.csv").exists() and not desk.exports.running)
    shown = desk.open_list()
    desk.wait(lambda: shown.rows)
    desk.click(shown.clear)
    desk.wait(lambda: not shown.rows and shown.empty.isVisible())
    assert (tmp_path / "crew.csv").exists()
    QTest.keyClick(shown, Qt.Key.Key_Escape)
    assert not shown.isVisible()


def test_what_waited_goes_on_after_a_restart(desk: ExportDesk, tmp_path: Path) -> None:
    tab = desk.open(CREW)
    number = desk.app.exports.enqueue(ExportRequest(ArtifactSubject(tab.id, 1), tmp_path / "later.csv", USUAL))
    with desk.app.ledger.exports._database.writing() as connection:
        connection.exec_driver_sql("UPDATE exports SET owner = NULL WHERE id = ?", (number,))
    desk.reopen()
    desk.wait(lambda: (tmp_path / "later.csv").exists() and not desk.exports.running)
    desk.wait(lambda: [export.state for export in desk.exports.ended_ones] == ["completed"])


def test_what_had_not_begun_when_the_window_closed_still_waits(
    desk: ExportDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = hold(desk, monkeypatch)
    tab = desk.open(CREW)
    for number in range(4):
        desk.exports.start(tab, tmp_path / f"{number}.csv")
    desk.wait(lambda: len(held.begun) == 2)
    desk.window.close()
    assert len(held.begun) == 2
    waiting = [row for row in build(desk.home).exports.history() if row.status is ExportStatus.QUEUED]
    assert {Path(row.path).name for row in waiting} >= {"2.csv", "3.csv"}


def test_a_limit_a_minute_is_waited_for_in_sight(desk: ExportDesk, tmp_path: Path) -> None:
    desk.app.use_settings(replace(desk.app.settings, exports_per_minute=1))
    tab = desk.open(CREW)
    desk.exports.start(tab, tmp_path / "first.csv")
    desk.wait(lambda: (tmp_path / "first.csv").exists() and not desk.exports.running)
    desk.exports.start(tab, tmp_path / "second.csv")
    desk.wait(lambda: any(text.startswith("second.csv waits") for text in desk.notices))
    chip = desk.window.status_bar.exports
    desk.wait(lambda: chip.text().startswith("waits "))
    assert 30 <= int(chip.text().split()[1]) <= 60
    desk.open_list()
    desk.wait(lambda: "for the limit a minute" in desk.row("second.csv").state.text())
    desk.window.close()
    rows = build(desk.home).exports.history()
    assert [row.status for row in rows] == [ExportStatus.QUEUED, ExportStatus.COMPLETED], "it waits for the next start"


def test_the_keyboard_is_where_one_works(desk: ExportDesk, tmp_path: Path) -> None:
    window = desk.window
    assert window.chat_pane.isAncestorOf(QApplication.focusWidget())
    desk.exports.folder = tmp_path
    tab = desk.open(CREW)
    window.workbench.artifacts.close(tab)
    desk.wait(lambda: window.artifact_pane.page is None)
    window.focus_composer()
    window.workbench.artifacts.refresh_recent()
    desk.wait(lambda: window.workbench.artifacts.rows)
    desk.press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier)
    palette = desk.find(Palette, "palette")
    QTest.keyClicks(palette.field, "Crew")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    desk.wait(lambda: window.artifact_pane.page is not None)
    desk.wait(lambda: window.artifact_pane.isAncestorOf(window.focusWidget() or window))
    before = window.focusWidget()
    # By its command: without a window manager nobody makes the window active again after the palette.
    window.findChild(QAction, "artifact.export").trigger()
    panel = window.artifact_pane.panel
    desk.wait(lambda: panel.isVisible() and panel.target is not None)
    QTest.keyClick(panel.name, Qt.Key.Key_Return)
    desk.wait(lambda: not panel.isVisible() and not desk.exports.running)
    assert window.focusWidget() is before


def test_a_name_typed_in_the_card_is_where_a_big_table_goes_while_the_window_answers(
    desk: ExportDesk, tmp_path: Path
) -> None:
    rows = tuple((f"{number}", "words") for number in range(20_000))
    desk.exports.folder = tmp_path
    desk.open(Table("Many", ("Number", "Words"), rows))
    desk.press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    panel = desk.window.artifact_pane.panel
    desk.wait(lambda: panel.isVisible() and panel.target is not None)
    desk.wait(lambda: panel.preview.is_current)
    assert panel.preview.state.text() == "The first rows"
    assert panel.preview.grid.table.model().rowCount() == 60
    field = desk.find(QLineEdit, "export_name", panel)
    field.selectAll()
    QTest.keyClicks(field, "all.csv")
    QTest.keyClick(field, Qt.Key.Key_Return)
    desk.wait(lambda: (tmp_path / "all.csv").exists() and not desk.exports.running)
    assert len((tmp_path / "all.csv").read_text("utf-8-sig").splitlines()) == 20_001
