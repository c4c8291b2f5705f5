"""A chat pane over a home of its own, with a fake server that answers; a test module imports the fixture."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from forgeapp.app import App, build
from forgeapp.paths import find_home
from forgeapp.ui.chat import ChatPane
from forgeapp.ui.sidebar import Sidebar
from forgeapp.ui.theme import theme
from forgeapp.ui.workbench import Workbench
from forgeapp.ui.workbench.chat import Exchange
from tests.fakes.fixtures import ServeReplies
from tests.fakes.provider_server import FakeServer, Reply

W = TypeVar("W", bound=QWidget)
WAIT_S = 0.4
MODELS = ("gpt-4.1-mini", "gpt-4.1")
TABLE = """Here are the planets.

| Planet | Moons |
|---|---|
| Mars | 2 |
| Jupiter | 95 |
"""


class ChatRoom:
    """A window with conversation list and chat, as little as there can be around them."""

    def __init__(self, qtbot: QtBot, home: Path) -> None:
        self.qtbot = qtbot
        self.home = home
        self.failures: list[Exception] = []
        self.windows: list[QWidget] = []
        self.fake: FakeServer | None = None
        theme().choose("light")
        home.mkdir(exist_ok=True)
        find_home(home).settings.write_text(json.dumps({"retry_waits_s": [WAIT_S]}))
        self.app: App = build(home)
        self.workbench = Workbench()
        self.workbench.failed.connect(self.failures.append)
        self.open_window()

    def open_window(self) -> None:
        """A new window over the same workbench; there may have been one before."""
        self.window = QWidget()
        self.windows.append(self.window)
        row = QHBoxLayout(self.window)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.sidebar = Sidebar(self.workbench)
        self.sidebar.setFixedWidth(232)
        self.pane = ChatPane(self.workbench)
        row.addWidget(self.sidebar)
        row.addWidget(self.pane, 1)
        self.window.resize(932, 800)
        self.window.show()
        self.window.activateWindow()
        self.qtbot.waitUntil(self.window.isActiveWindow)

    def add_provider(self, fake: FakeServer, name: str = "openai", prices: str = "openai") -> None:
        self.app.ledger.providers.add(name, "openai-chat", fake.base_url, MODELS, "CHAT_ROOM_KEY", prices)

    def start(self) -> None:
        with self.qtbot.waitSignal(self.workbench.status.changed):
            self.workbench.start(lambda: self.app)

    @property
    def composer(self) -> QPlainTextEdit:
        return self.find(QPlainTextEdit, "composer")

    def find(self, kind: type[W], name: str) -> W:
        """The one widget of that name that is in view."""
        self.wait(lambda: self.has(name))
        found = [widget for widget in self.window.findChildren(kind, name) if widget.isVisible()]
        assert len(found) == 1, f"{len(found)} of {name}"
        return found[0]

    def has(self, name: str) -> bool:
        return any(widget.isVisible() for widget in self.window.findChildren(QWidget, name))

    def click(self, name: str) -> None:
        self.qtbot.waitUntil(lambda: self.has(name))
        QTest.mouseClick(self.find(QWidget, name), Qt.MouseButton.LeftButton)

    def type(self, text: str) -> None:
        self.composer.setFocus()
        QTest.keyClicks(self.composer, text)

    def press(self, key: Qt.Key, widget: QWidget | None = None, shift: bool = False) -> None:
        modifiers = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(widget or self.composer, key, modifiers)

    def send(self, text: str) -> Exchange:
        """Types and presses Enter; the turn has begun."""
        before = len(self.workbench.chat.exchanges)
        self.type(text)
        self.press(Qt.Key.Key_Return)
        self.qtbot.waitUntil(lambda: len(self.workbench.chat.exchanges) > before)
        return self.workbench.chat.exchanges[-1]

    def ask(self, text: str) -> Exchange:
        """Sends, and waits for the end of the turn."""
        exchange = self.send(text)
        self.wait_for_end()
        return exchange

    def wait_for_end(self) -> None:
        self.wait(lambda: self.workbench.chat.live is None)

    def wait(self, until: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(until)

    def texts(self) -> list[str]:
        """The replies in view, as they can be read."""
        from forgeapp.ui.richtext import BlocksView

        return [
            view.selection.text_of_all(10_000)
            for view in self.pane.findChildren(BlocksView, "reply_text")
            if view.isVisible()
        ]

    def close(self) -> None:
        is_over = self.workbench.close()
        # Here and now: left to the garbage collector, timers might be taken away by another thread.
        for window in self.windows:
            shiboken6.delete(window)
        shiboken6.delete(self.workbench)
        assert is_over
        assert self.failures == []


@pytest.fixture(name="room")
def make_room(
    qtbot: QtBot, home: Path, monkeypatch: pytest.MonkeyPatch, serve: ServeReplies
) -> Iterator[Callable[..., ChatRoom]]:
    """`room(Reply(...), ...)`: a chat whose provider gives these replies; without any there is no provider."""
    monkeypatch.setenv("CHAT_ROOM_KEY", "sk-of-nobody")
    rooms: list[ChatRoom] = []

    def make(*replies: Reply, prices: str = "openai") -> ChatRoom:
        made = ChatRoom(qtbot, home)
        rooms.append(made)
        if replies:
            made.fake = serve(*replies)
            made.add_provider(made.fake, prices=prices)
        made.start()
        return made

    yield make
    for made in rooms:
        made.close()
