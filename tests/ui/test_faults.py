"""What the chat and the notices offer when a turn goes wrong: by real keys and clicks over real HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from forgeapp.app import App, build
from forgeapp.settings import Settings, save_settings
from forgeapp.ui.main_window import MainWindow
from forgeapp.ui.theme import theme
from tests.fakes.fixtures import ServeReplies, serve
from tests.fakes.provider_server import FakeServer
from tests.fakes.reply import Reply

__all__ = ["serve"]

REJECTED = Reply(status=401, body={"error": {"message": "Incorrect API key provided", "code": "invalid_api_key"}})
DOWN = Reply(status=503)
TOO_LONG = Reply(status=400, body={"error": {"message": "too long", "code": "context_length_exceeded"}})


class Desk:
    """The whole window over a home of its own."""

    def __init__(self, qtbot: QtBot, home: Path) -> None:
        self.qtbot = qtbot
        home.mkdir(exist_ok=True)
        save_settings(home / "settings.json", Settings(retry_waits_s=(0.01,), attempts=2))
        self.app: App = build(home)
        self.window: MainWindow = self.app.window()
        self.window.resize(1440, 900)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.wait(lambda: self.window.workbench.services is not None)

    def add(self, name: str, server: FakeServer, model: str = "m") -> None:
        self.app.ledger.providers.add(name, "openai-chat", server.base_url, (model,), None, "local")

    def ask(self, text: str) -> None:
        workbench = self.window.workbench
        workbench.status.refresh()
        self.wait(lambda: any(not row.is_seed for row in workbench.status.askable))
        composer = self.window.findChild(QPlainTextEdit, "composer")
        assert composer is not None
        composer.setFocus()
        QTest.keyClicks(composer, text)
        before = len(workbench.chat.exchanges)
        QTest.keyClick(composer, Qt.Key.Key_Return)
        self.wait(lambda: len(workbench.chat.exchanges) > before)
        self.wait_for_end()

    def wait_for_end(self) -> None:
        chat = self.window.workbench.chat
        self.wait(lambda: chat.live is None and chat.exchanges[-1].ending is not None)

    def find(self, name: str) -> QWidget:
        def seen() -> list[QWidget]:
            return [widget for widget in self.window.findChildren(QWidget, name) if widget.isVisible()]

        self.wait(lambda: len(seen()) == 1)
        return seen()[0]

    def click(self, name: str) -> None:
        QTest.mouseClick(self.find(name), Qt.MouseButton.LeftButton)

    def wait(self, holds: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(holds)

    @property
    def notices(self) -> list[str]:
        return [f"{notice.text} {notice.hint}" for notice in self.window.notices.shown]

    @property
    def reply(self) -> str:
        reply = self.window.workbench.chat.exchanges[-1].reply
        return reply.text if reply is not None else ""


@pytest.fixture
def desk(qtbot: QtBot, home: Path) -> Iterator[Desk]:
    made = Desk(qtbot, home)
    yield made
    made.window.close()
    made.window.deleteLater()
    theme().choose("light")


@pytest.mark.availability
def test_a_rejected_key_is_told_with_its_remedy_while_the_next_provider_answers(
    desk: Desk, serve: ServeReplies
) -> None:
    desk.add("north", serve(REJECTED))
    desk.app.credentials.set_for_session("north", "sk-north-000000000000")
    desk.add("south", serve(Reply("From the south.")))
    desk.ask("What is the tallest mountain?")
    assert desk.reply == "From the south."
    told = next(notice for notice in desk.notices if "north" in notice)
    assert "rejected the key" in told
    assert "Configuration" in told


@pytest.mark.availability
def test_when_nobody_answers_the_report_is_written_listed_and_opened(
    desk: Desk, serve: ServeReplies, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("forgeapp.ui.links.QDesktopServices.openUrl", lambda url: opened.append(url.toLocalFile()))
    desk.add("north", serve(DOWN))
    desk.ask("What is the tallest mountain?")
    assert any("No provider answered" in notice for notice in desk.notices)
    desk.app.ledger.providers.add("well", "openai-chat", serve(Reply("Hello.")).base_url, ("m",), None, "local")
    desk.window.workbench.status.refresh()
    desk.ask("Hello there")
    assert not any("No provider answered" in notice for notice in desk.notices)
    desk.click("open_report")
    assert len(opened) == 1
    assert Path(opened[0]).read_bytes().startswith(b"%PDF")
    assert len(desk.app.ledger.reports.all()) == 1


def test_what_is_too_long_can_be_asked_of_a_model_that_holds_it(desk: Desk, serve: ServeReplies) -> None:
    desk.add("north", serve(TOO_LONG))
    desk.add("south", serve(Reply("It fits here.")), "roomy")
    desk.app.ledger.providers.change_model("south", "roomy", context_tokens=1_000_000)
    desk.ask("What is the tallest mountain?")
    desk.click("ask_larger")
    desk.wait(lambda: desk.reply == "It fits here.")


def test_an_unknown_price_under_a_budget_is_allowed_by_one_click(desk: Desk, serve: ServeReplies) -> None:
    desk.add("north", serve(Reply("Everest.")))
    desk.app.ledger.providers.change("north", prices="none")
    desk.app.ledger.budgets.set(10**9)
    desk.ask("What is the tallest mountain?")
    assert desk.window.workbench.chat.exchanges[-1].reply is None
    desk.click("allow_price")
    desk.wait(lambda: desk.reply == "Everest.")


def test_a_spent_budget_leads_to_the_configuration_page(desk: Desk, serve: ServeReplies) -> None:
    desk.add("north", serve(Reply("Everest.")), "gpt-4o")
    desk.app.ledger.providers.change("north", prices="openai")
    desk.app.ledger.budgets.set(1)
    desk.ask("What is the tallest mountain?")
    desk.click("configure")
    desk.wait(lambda: desk.window.is_control_open)


def test_the_same_question_in_a_new_conversation_gets_the_kept_reply_for_nothing(
    desk: Desk, serve: ServeReplies
) -> None:
    server = serve(Reply("Everest."))
    desk.add("north", server)
    desk.ask("What is the tallest mountain?")
    desk.window.new_conversation()
    desk.ask("What is the tallest mountain?")
    assert desk.reply == "Everest."
    assert len(server.chats) == 1
    assert [call.status.value for call in desk.app.ledger.calls.recent(2)] == ["cached", "ok"]
