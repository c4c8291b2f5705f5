"""A window with the control centre over a home of its own; a test module imports the fixture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import keyring
import keyring.backend
import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from forgeapp.app import App, build
from forgeapp.domain.cancel import CancelToken
from forgeapp.ledger.providers import ProviderRow
from forgeapp.providers.local_servers import FoundServer
from forgeapp.ui.control.centre import ControlCentre
from forgeapp.ui.main_window import MainWindow
from forgeapp.ui.theme import theme

W = TypeVar("W", bound=QWidget)


class MemoryKeyring(keyring.backend.KeyringBackend):
    """Keeps keys as a real one does, for as long as the test runs."""

    priority = 5  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class ControlDesk:
    """The window, and the hands that use it. `servers`: what is found running on this machine."""

    def __init__(self, qtbot: QtBot, home: Path) -> None:
        self.qtbot = qtbot
        theme().choose("light")
        self.app: App = build(home)
        for row in self.app.ledger.providers.all():
            self.app.ledger.providers.remove(row.name)
        self.servers: list[FoundServer] = []
        self.app.registry.find_local = self._find_local  # type: ignore[method-assign]
        self.window: MainWindow = self.app.window()
        self.window.resize(1440, 900)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.settle()

    def _find_local(self, _cancel: CancelToken) -> list[FoundServer]:
        return list(self.servers)

    @property
    def centre(self) -> ControlCentre:
        found = self.window.findChild(ControlCentre)
        assert found is not None
        return found

    def add(self, name: str, base_url: str = "http://127.0.0.1:9/v1", models: tuple[str, ...] = ("m",)) -> None:
        self.app.ledger.providers.add(name, "openai-chat", base_url, models, None, "none")

    def row(self, name: str) -> ProviderRow:
        return self.app.ledger.providers.get(name)

    def order(self) -> list[str]:
        return [row.name for row in self.app.ledger.providers.all()]

    def open(self, page: str = "configuration") -> None:
        self.window.actions_by_id[f"{page}.open"].trigger()
        self.settle()

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: self.window.workbench.jobs.count == 0)

    def wait(self, is_so: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(is_so)

    def find(self, kind: type[W], name: str, within: QWidget | None = None) -> W:
        """The one widget of that name that is in view."""
        inside = within or self.window
        self.wait(lambda: any(one.isVisible() for one in inside.findChildren(kind, name)))
        found = [one for one in inside.findChildren(kind, name) if one.isVisible()]
        assert len(found) == 1, f"{len(found)} of {name}"
        return found[0]

    def has(self, name: str, within: QWidget | None = None) -> bool:
        return any(one.isVisible() for one in (within or self.window).findChildren(QWidget, name))

    def click(self, name: str, within: QWidget | None = None) -> None:
        QTest.mouseClick(self.find(QWidget, name, within), Qt.MouseButton.LeftButton)
        self.settle()

    def press(self, widget: QWidget, key: Qt.Key, alt: bool = False) -> None:
        modifier = Qt.KeyboardModifier.AltModifier if alt else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(widget, key, modifier)
        self.settle()

    def write(self, name: str, text: str, within: QWidget | None = None) -> QLineEdit:
        """Replaces what stands in a field by real keys."""
        field = self.find(QLineEdit, name, within)
        field.setFocus()
        field.selectAll()
        QTest.keyClick(field, Qt.Key.Key_Delete)
        QTest.keyClicks(field, text)
        return field

    def choose(self, menu_name: str, text: str) -> None:
        """An entry of the menu that is open."""
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu), menu
        assert menu.objectName() == menu_name or not menu_name
        action = next(one for one in menu.actions() if one.text() == text)
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
        self.settle()

    def pick(self, button_name: str, text: str, within: QWidget | None = None) -> None:
        """Opens a menu button and takes one of its choices."""
        self.click(button_name, within)
        self.choose("", text)

    def notice(self, text: str) -> None:
        """Presses the button of that name in the newest message."""
        from forgeapp.ui.controls import Button

        buttons = [one for one in self.window.notices.findChildren(Button) if one.isVisible() and one.text() == text]
        assert buttons, [notice.text for notice in self.window.notices.shown]
        QTest.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
        self.settle()

    def close(self) -> None:
        self.window.close()
        assert self.window.is_over
        shiboken6.delete(self.window)
        theme().choose("light")


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> MemoryKeyring:
    made = MemoryKeyring()
    monkeypatch.setattr(keyring, "get_keyring", lambda: made)
    return made


@pytest.fixture(name="desk")
def make_desk(qtbot: QtBot, home: Path) -> Iterator[ControlDesk]:
    made = ControlDesk(qtbot, home)
    yield made
    made.close()
