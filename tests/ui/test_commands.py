"""A command that cannot be done now says why: in its menu, in the palette, and where its keys are pressed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from forgeapp.domain.artifact import Kind
from forgeapp.ui.commands import COMMANDS
from forgeapp.ui.main_window import MainWindow
from forgeapp.ui.palette import Palette
from tests.ui.test_window import Opened, open_window, press

__all__ = ["open_window"]

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def texts_in_menus(window: MainWindow) -> dict[str, tuple[str, bool]]:
    """By the command's id: what its line says while its menu is open, and whether it can be chosen."""
    said = {}
    for top in window.top_bar.menu_bar.actions():
        menu = top.menu()
        assert isinstance(menu, QMenu)
        menu.aboutToShow.emit()
        said.update({action.objectName(): (action.text(), action.isEnabled()) for action in menu.actions()})
        menu.aboutToHide.emit()
    return said


def test_menus_palette_and_keys_say_why_a_command_cannot_be_done(qtbot: QtBot, open_window: Opened) -> None:
    window = open_window()
    said = texts_in_menus(window)
    assert said["artifact.export"] == ("Export…\tNo artifact is open", False)
    assert said["turn.stop"] == ("Stop the reply\tNo reply is under way", False)
    assert said["document.new"] == ("New document", True)
    assert window.actions_by_id["artifact.export"].text() == "Export…"

    press(qtbot, window, Qt.Key.Key_E, CTRL)
    assert [notice.text for notice in window.notices.shown] == ["Export: No artifact is open"]
    press(qtbot, window, Qt.Key.Key_E, CTRL)
    assert len(window.notices.shown) == 1

    window.open_palette()
    palette = window.findChild(Palette, "palette")
    assert palette is not None
    qtbot.keyClicks(palette.field, "quick export")
    hit = palette._model.hits[0]
    assert (hit.title, hit.note, hit.is_enabled) == ("Quick export", "No artifact is open", False)
    spoken = palette._model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.endswith("No artifact is open")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible()
    palette.close()

    window.workbench.artifacts.make_blank(Kind.CODE)
    qtbot.waitUntil(lambda: window.workbench.artifacts.active is not None)
    said = texts_in_menus(window)
    assert said["artifact.export"] == ("Export…", True)
    assert said["copy.table"] == ("Copy as table (TSV)\tWhat is open has no cells", False)
    assert said["edit.undo"] == ("Undo\tThere is nothing to undo", False)
    window.open_control("configuration")
    assert texts_in_menus(window)["edit.undo"][0] == "Undo\tThe control centre is in view"


def test_every_reason_is_one_short_line(open_window: Opened) -> None:
    window = open_window()
    reasons = {command.id: command.obstacle(window) for command in COMMANDS}
    assert all("\n" not in reason and len(reason) < 40 for reason in reasons.values())
    assert {"artifact.close", "view.history", "copy.rich", "selection.change", "exports.conversation"} <= {
        name for name, reason in reasons.items() if reason
    }
    assert reasons["archive.export"] == ""
