from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from forgeapp.app import build
from forgeapp.ui.commands import COMMANDS
from forgeapp.ui.controls import Button
from forgeapp.ui.notices import Notice
from tests.ui.export_desk import CREW, ExportDesk, desk

__all__ = ["desk"]


def choose(monkeypatch: pytest.MonkeyPatch, save: Path | str = "", load: Path | str = "") -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(save), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(load), ""))


def told(desk: ExportDesk) -> list[Notice]:
    return desk.window.notices.shown


def wait_for_end(desk: ExportDesk) -> Notice:
    desk.wait(lambda: told(desk) and not desk.window.workbench.archives.is_running, 60_000)
    desk.wait(lambda: desk.window.workbench.jobs.count == 0, 60_000)
    return told(desk)[-1]


def titles(desk: ExportDesk) -> list[str]:
    return [row.title for row in desk.window.workbench.conversations.all_rows]


def test_everything_is_exported_with_edits_and_words_not_stored_yet(
    desk: ExportDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = desk.open(CREW)
    tab.rename("Renamed crew")
    desk.window.focus_composer()
    QTest.keyClicks(desk.window.focusWidget(), "half a thought")
    choose(monkeypatch, save=tmp_path / "all")
    desk.window.actions_by_id["archive.export"].trigger()
    notice = wait_for_end(desk)
    assert notice.text.startswith("all.json saved")
    assert "Conversations 1, artifacts 1, versions 2." in notice.hint
    document = json.loads((tmp_path / "all.json").read_text("utf-8"))
    assert [row["title"] for row in document["versions"]][-1] == "Renamed crew"
    assert [row["text"] for row in document["drafts"]] == ["half a thought"]


def test_an_ending_the_dialog_did_not_ask_about_replaces_nothing(
    desk: ExportDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "all.json").write_text("older")
    choose(monkeypatch, save=tmp_path / "all")
    desk.window.actions_by_id["archive.export"].trigger()
    assert wait_for_end(desk).text.startswith("all (2).json saved")
    assert (tmp_path / "all.json").read_text() == "older"
    choose(monkeypatch, save=tmp_path / "all.json.gz")
    desk.window.actions_by_id["archive.export"].trigger()
    desk.wait(lambda: any(each.text.startswith("all.json.gz saved") for each in told(desk)), 60_000)
    assert (tmp_path / "all.json.gz").read_bytes().startswith(b"\x1f\x8b")


def test_an_archive_comes_into_the_lists_and_what_is_open_stays(
    desk: ExportDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with build(tmp_path / "elsewhere") as other:
        other.ledger.conversations.start("From elsewhere")
        other.archives.export_all(tmp_path / "other.json")
    tab = desk.open(CREW)
    choose(monkeypatch, load=tmp_path / "other.json")
    desk.window.actions_by_id["archive.import"].trigger()
    notice = wait_for_end(desk)
    assert notice.text == "other.json has been imported."
    assert notice.hint == "Added: conversations 1, artifacts 0, versions 0."
    assert sorted(titles(desk)) == ["From elsewhere", "Voyage"]
    assert desk.window.workbench.artifacts.active is tab
    desk.window.actions_by_id["archive.import"].trigger()
    desk.wait(lambda: any("here already" in each.text for each in told(desk)), 60_000)
    assert sorted(titles(desk)) == ["From elsewhere", "Voyage"]


def test_what_is_no_archive_is_told_with_what_to_do(
    desk: ExportDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "chats.json"
    path.write_text('[{"title": "x", "mapping": {}}]')
    choose(monkeypatch, load=path)
    desk.window.actions_by_id["archive.import"].trigger()
    notice = wait_for_end(desk)
    assert notice.tone == "bad"
    assert "conversations of ChatGPT" in notice.text
    assert notice.hint
    assert titles(desk) == ["Voyage"]


def test_stop_leaves_no_file(desk: ExportDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(monkeypatch, save=tmp_path / "all.json")
    desk.window.actions_by_id["archive.export"].trigger()
    desk.wait(lambda: told(desk))
    QTest.mouseClick(desk.find(Button, "notice_stop"), Qt.MouseButton.LeftButton)
    notice = wait_for_end(desk)
    assert notice.text == "The export of everything was stopped; nothing was written."
    assert list(tmp_path.glob("*.json")) == list(tmp_path.glob(".forgeapp-*")) == []


def test_a_dialog_that_is_closed_begins_nothing(desk: ExportDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(monkeypatch)
    desk.window.actions_by_id["archive.export"].trigger()
    desk.window.actions_by_id["archive.import"].trigger()
    assert not told(desk)
    assert not desk.window.workbench.archives.is_running


def test_both_stand_in_the_file_menu() -> None:
    titles = {command.id: command.title for command in COMMANDS if command.menu == "File"}
    assert titles["archive.export"] == "Export everything…"
    assert titles["archive.import"] == "Import an archive…"
