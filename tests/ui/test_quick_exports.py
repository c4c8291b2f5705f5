"""Quick export: asked for its folder once, then by key alone, beside what somebody else wrote."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from forgeapp.domain.export_options import USUAL, Delimiter, ExportOptions
from forgeapp.domain.table import Table
from tests.ui.export_desk import CREW, ExportDesk, desk

__all__ = ["desk"]


def test_a_quick_export_asks_once_for_its_folder_and_then_goes_there_again(
    desk: ExportDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def choose(*_: object) -> str:
        asked.append("folder")
        return str(tmp_path)

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", choose)
    tab = desk.open(CREW)
    desk.exports.remember("table", "csv", ExportOptions(provenance=True))
    desk.press(Qt.Key.Key_F12)
    desk.wait(lambda: (tmp_path / "Crew.csv").exists() and not desk.exports.running)
    before = desk.exports.folder
    tab.replace(replace(CREW, rows=(("Cy", "Mate"),)), "Edit")
    desk.press(Qt.Key.Key_F12)
    desk.wait(lambda: "Cy" in (tmp_path / "Crew.csv").read_text("utf-8-sig") and not desk.exports.running)
    assert asked == ["folder"]
    assert names_in(tmp_path) == ["Crew.csv"]
    assert desk.exports.folder == before, "the card proposes the folder it proposed"
    desk.reopen()
    assert desk.exports.quick_folder == tmp_path
    assert desk.app.settings.quick_export_folder == str(tmp_path)
    assert desk.exports.formats == {"table": "csv"}
    assert desk.exports.options["table.csv"].provenance


def test_a_quick_export_repeats_the_last_one_of_the_artifact(desk: ExportDesk, tmp_path: Path) -> None:
    mine, quick = tmp_path / "mine", tmp_path / "quick"
    mine.mkdir()
    quick.mkdir()
    desk.exports.set_quick_folder(quick)
    desk.wait(lambda: desk.exports.quick_folder == quick)
    tab = desk.open(CREW)
    desk.exports.start(tab, mine / "for Ada.csv", options=ExportOptions(delimiter=Delimiter.TAB))
    desk.wait(lambda: not desk.exports.running)
    tab.replace(replace(CREW, rows=(("Cy", "Mate"),)), "Edit")
    desk.press(Qt.Key.Key_F12)
    desk.wait(lambda: "Cy\tMate" in (mine / "for Ada.csv").read_text("utf-8-sig") and not desk.exports.running)
    (mine / "for Ada.csv").write_text("Ada's own notes", encoding="utf-8")
    desk.press(Qt.Key.Key_F12)
    desk.wait(lambda: (mine / "for Ada (2).csv").exists() and not desk.exports.running)
    assert (mine / "for Ada.csv").read_text("utf-8") == "Ada's own notes"
    desk.press(Qt.Key.Key_F12)
    desk.wait(lambda: len(desk.app.exports.history()) == 4 and not desk.exports.running)
    assert names_in(mine) == ["for Ada (2).csv", "for Ada.csv"]
    assert names_in(quick) == []


def test_repeated_at_once_beside_what_somebody_wrote_exports_are_files_of_their_own(
    desk: ExportDesk, tmp_path: Path
) -> None:
    desk.exports.start(desk.open(CREW), tmp_path / "crew.csv")
    desk.wait(lambda: not desk.exports.running)
    (tmp_path / "crew.csv").write_text("Ada's own notes", encoding="utf-8")
    desk.press(Qt.Key.Key_F12)
    desk.press(Qt.Key.Key_F12)
    names = ["crew (2).csv", "crew (3).csv", "crew.csv"]
    desk.wait(lambda: sorted(path.name for path in tmp_path.glob("*.csv")) == names and not desk.exports.running)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def test_quick_exports_of_one_name_begun_at_once_are_files_of_their_own(
    desk: ExportDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.exports.set_quick_folder(tmp_path)
    desk.wait(lambda: desk.exports.quick_folder == tmp_path)
    desk.exports.remember("table", "csv", USUAL)
    desk.open(CREW)
    desk.press(Qt.Key.Key_F12)
    desk.press(Qt.Key.Key_F12)
    desk.open(Table("Crew", ("Name",), (("Cy",),)))
    desk.press(Qt.Key.Key_F12)
    names = ["Crew (2).csv", "Crew (3).csv", "Crew.csv"]
    desk.wait(lambda: sorted(path.name for path in tmp_path.glob("*.csv")) == names and not desk.exports.running)
    texts = [(tmp_path / name).read_text("utf-8-sig") for name in names]
    assert sum("Cy" in text for text in texts) == 1


def test_a_quick_export_asks_again_where_its_folder_has_gone(
    desk: ExportDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.exports.set_quick_folder(tmp_path / "gone")
    desk.wait(lambda: desk.exports.quick_folder is not None)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    desk.exports.remember("table", "csv", USUAL)
    desk.open(CREW)
    desk.press(Qt.Key.Key_F12)
    desk.wait(lambda: (tmp_path / "Crew.csv").exists() and not desk.exports.running)
    desk.wait(lambda: desk.exports.quick_folder == tmp_path)


def test_no_folder_no_quick_export(desk: ExportDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    desk.open(CREW)
    desk.press(Qt.Key.Key_F12)
    assert desk.exports.quick_folder is None
    assert not desk.exports.running
