"""To whom the tour gives its keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from forgeapp.app import build
from forgeapp.ui.tour import _Guide


def test_keys_go_to_the_window_that_no_window_manager_made_active(
    qtbot: QtBot, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = build(home).window()
    window.show()
    qtbot.waitUntil(lambda: window.workbench.services is not None and window.workbench.jobs.count == 0)
    monkeypatch.setattr(QApplication, "focusWidget", lambda: None)
    guide = _Guide(window, tmp_path, lambda _words: None)
    guide.press("Ctrl+L")
    assert guide.focused is window.chat_pane.composer_box.field
    guide.write("tea")
    assert window.workbench.composer.text == "tea"
    window.close()
    window.deleteLater()
