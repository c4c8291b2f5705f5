"""The whole window over a home of its own, with a fake server that answers; a test module imports the fixture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from forgeapp.app import App, build
from forgeapp.domain.content import Content
from forgeapp.ledger.artifacts import NewVersion, Origin
from forgeapp.ui.chat.texts import Bubble
from forgeapp.ui.main_window import MainWindow
from forgeapp.ui.theme import theme
from forgeapp.ui.workbench.open_artifact import OpenArtifact
from tests.fakes.fixtures import ServeReplies
from tests.fakes.provider_server import FakeServer, Reply

if TYPE_CHECKING:
    from forgeapp.ui.artifact.editors import Editor

W = TypeVar("W", bound=QWidget)
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class AskingDesk:
    """`failures`: what was told to the user as gone wrong."""

    def __init__(self, qtbot: QtBot, home: Path, fake: FakeServer | None) -> None:
        self.qtbot = qtbot
        self.fake = fake
        theme().choose("light")
        self.app: App = build(home)
        if fake is not None:
            self.app.ledger.providers.add(
                "openai", "openai-chat", fake.base_url, ("gpt-4.1-mini", "gpt-4.1"), "ASKING_KEY", "openai"
            )
        self.window: MainWindow = self.app.window()
        self.workbench = self.window.workbench
        self.failures: list[Exception] = []
        self.workbench.failed.connect(self.failures.append)
        self.window.resize(1440, 900)
        self.window.show()
        self.window.activateWindow()
        self.wait(self.window.isActiveWindow)
        self.wait(lambda: self.workbench.jobs.count == 0)

    def open(self, content: Content, title: str) -> OpenArtifact:
        """In a conversation of its own, both in view."""
        ledger = self.app.ledger
        conversation = ledger.conversations.start(title)
        made = ledger.artifacts.add(NewVersion(content, Origin.GENERATED, title, None, conversation))
        self.workbench.conversations.open(conversation)
        self.workbench.artifacts.open(made.artifact)
        self.wait(lambda: self.workbench.artifacts.find(made.artifact) is not None)
        self.wait(lambda: self.workbench.jobs.count == 0)
        tab = self.workbench.artifacts.find(made.artifact)
        assert tab is not None
        return tab

    @property
    def editor(self) -> Editor:
        page = self.window.artifact_pane.page
        assert page is not None
        assert page.editor is not None
        return page.editor

    @property
    def composer(self) -> QPlainTextEdit:
        return self.find(QPlainTextEdit, "composer")

    def go_to_composer(self) -> None:
        """By a click, as people do."""
        QTest.mouseClick(self.composer.viewport(), Qt.MouseButton.LeftButton)
        self.wait(self.composer.hasFocus)

    def find(self, kind: type[W], name: str) -> W:
        """The one widget of that name that is in view."""
        self.wait(lambda: self.has(name))
        found = [widget for widget in self.window.findChildren(kind, name) if widget.isVisible()]
        assert len(found) == 1, f"{len(found)} of {name}"
        return found[0]

    def has(self, name: str) -> bool:
        return any(widget.isVisible() for widget in self.window.findChildren(QWidget, name))

    def click(self, name: str) -> None:
        QTest.mouseClick(self.find(QWidget, name), Qt.MouseButton.LeftButton)

    def wait(self, until: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(until()))

    def wait_for_end(self) -> None:
        self.wait(lambda: self.workbench.chat.exchanges and self.workbench.chat.live is None)
        self.wait(lambda: self.workbench.jobs.count == 0)

    def bubbles(self) -> list[str]:
        """The messages in view, as they can be read."""
        return [bubble.text for bubble in self.window.findChildren(Bubble) if bubble.isVisible()]

    def notices(self) -> list[str]:
        return [notice.text for notice in self.window.notices.shown]

    def answer_notice(self, words: str) -> None:
        """Presses the button of these words on the newest notice."""
        actions = dict(self.window.notices.shown[0].actions)
        actions[words]()

    def close(self) -> None:
        self.window.close()
        assert self.window.is_over
        shiboken6.delete(self.window)
        assert self.failures == []


@pytest.fixture(name="desk")
def make_desk(
    qtbot: QtBot, home: Path, monkeypatch: pytest.MonkeyPatch, serve: ServeReplies
) -> Iterator[Callable[..., AskingDesk]]:
    """`desk(Reply(...), ...)`: a window whose provider gives these replies; without any there is no provider."""
    monkeypatch.setenv("ASKING_KEY", "sk-of-nobody")
    made: list[AskingDesk] = []

    def make(*replies: Reply) -> AskingDesk:
        made.append(AskingDesk(qtbot, home, serve(*replies) if replies else None))
        return made[-1]

    yield make
    for each in made:
        each.close()
