"""The key that came with the program: offered first where there is one, with what is left of its day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel

from forgeapp.domain.money import NANO_PER_USD
from forgeapp.domain.request import Mode
from forgeapp.ui.controls import Menu, MenuButton
from tests.fakes.fixtures import serve  # noqa: F401 - used by the fixture `room`
from tests.fakes.provider_server import Reply
from tests.ui.chat_room import ChatRoom, make_room  # noqa: F401 - a fixture
from tests.ui.control_desk import ControlDesk, make_desk  # noqa: F401 - a fixture
from tests.ui.test_composer import choose

Room = Callable[..., ChatRoom]
KEY = "sk-of-the-distributor"


@pytest.fixture
def app_key(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("FORGEAPP_APP_KEY_OPENAI", KEY)
    return KEY


def modes(chat: ChatRoom) -> list[str]:
    return [action.text() for action in chat.find(MenuButton, "mode_picker").menu.actions()]


def test_without_an_app_key_none_is_offered(room: Room) -> None:
    chat = room(Reply("Hello."))
    assert modes(chat) == ["My key", "Local model", "Copy/paste", "Templates only"]


@pytest.mark.usefixtures("app_key")
def test_an_app_key_is_the_first_mode_and_answers(room: Room) -> None:
    chat = room(Reply("Hello."))
    assert modes(chat)[0] == "App key, $ 1.00 left today"
    assert chat.workbench.composer.mode == Mode.APP_KEY
    chat.ask("Hello there")
    assert chat.texts() == ["Hello."]
    assert chat.fake is not None
    assert chat.fake.chats[0].headers["authorization"] == f"Bearer {KEY}"
    reply = chat.workbench.chat.exchanges[0].reply
    assert reply is not None and reply.call is not None
    call = reply.call
    assert chat.app.ledger.calls.totals("key")[0][0].key == "app"
    chat.app.use_settings(replace(chat.app.settings, app_key_usd_a_day=0.05))
    chat.workbench.status.refresh()
    assert call.cost_nano_usd is not None
    left = (0.05 * NANO_PER_USD - call.cost_nano_usd) / NANO_PER_USD
    chat.wait(lambda: modes(chat)[0] == f"App key, $ {left:.4f} left today")


@pytest.mark.usefixtures("app_key")
def test_the_users_own_key_is_used_where_he_chooses_it(room: Room) -> None:
    chat = room(Reply("Hello."))
    choose(chat, "mode_picker", "My key")
    chat.ask("Hello there")
    assert chat.fake is not None
    assert chat.fake.chats[0].headers["authorization"] == "Bearer sk-of-nobody"
    assert modes(chat)[0] == "App key, $ 1.00 left today"


@pytest.mark.usefixtures("app_key")
def test_only_models_of_its_providers_are_offered_with_it(room: Room) -> None:
    chat = room(Reply("Hello."))
    assert chat.fake is not None
    chat.add_provider(chat.fake, "other")
    chat.workbench.status.refresh()
    chat.ask("Hello there")
    offered = [action.text() for action in chat.find(MenuButton, "model_picker").menu.actions()]
    assert "openai/gpt-4.1" in offered
    assert "other/gpt-4.1" not in offered
    chat.click("regenerate")
    menu = chat.find(Menu, "regenerate_menu")
    assert "other/gpt-4.1" not in [action.text() for action in menu.actions()]
    menu.close()
    choose(chat, "mode_picker", "My key")
    assert "other/gpt-4.1" in [action.text() for action in chat.find(MenuButton, "model_picker").menu.actions()]


@pytest.mark.usefixtures("app_key")
def test_a_spent_allowance_sends_nothing_and_says_so(room: Room) -> None:
    chat = room(Reply("Hello."))
    chat.app.use_settings(replace(chat.app.settings, app_key_usd_a_day=0.000001))
    chat.ask("Hello there")
    assert chat.fake is not None and chat.fake.chats == []
    assert any("allowance a day of the key that came with ForgeApp" in label.text() for label in shown_labels(chat))


@pytest.mark.usefixtures("app_key")
def test_what_costs_more_than_goes_unasked_is_asked_about_with_an_app_key_too(room: Room) -> None:
    chat = room(Reply("Hello."))
    chat.app.settings = replace(chat.app.settings, ask_above_usd=0.0001)
    chat.type("Tell me about the planets")
    chat.click("send")
    chat.wait(lambda: chat.has("ask_above"))
    assert chat.fake is not None and chat.fake.chats == []


@pytest.mark.usefixtures("app_key")
def test_an_app_key_goes_with_its_provider(room: Room) -> None:
    chat = room(Reply("Hello."))
    assert chat.workbench.composer.mode == Mode.APP_KEY
    chat.app.ledger.providers.change("openai", is_enabled=False)
    chat.workbench.status.refresh()
    chat.wait(lambda: modes(chat)[0] == "My key")
    assert chat.find(MenuButton, "mode_picker").text() == "Templates only"


def test_with_nothing_but_an_app_key_nobody_is_sent_to_add_a_provider(
    desk: ControlDesk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk.app.ledger.providers.add("acme", "openai-chat", "https://api.acme.example/v1", ("m",), None, "none")
    monkeypatch.setenv("FORGEAPP_APP_KEY_ACME", KEY)
    desk.window.workbench.status.refresh()
    desk.settle()
    assert not desk.has("beginning_add_provider")
    assert desk.find(QLabel, "who_answers").text() == "acme"
    assert not desk.has("keyless_providers")


def test_the_configuration_page_says_what_it_may_spend_and_what_is_left(
    desk: ControlDesk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk.add("acme")
    desk.open()
    assert not desk.has("app_key_cap")
    monkeypatch.setenv("FORGEAPP_APP_KEY_ACME", KEY)
    desk.window.workbench.status.refresh()
    desk.settle()
    assert "(acme) is used for $ 1.00 a day at most, $ 1.00 left today" in desk.find(QLabel, "app_key_cap").text()
    desk.window.workbench.keep_setting("app_key_usd_a_day", 0.5)
    desk.wait(lambda: "$ 0.50 left today" in desk.find(QLabel, "app_key_cap").text())


def shown_labels(chat: ChatRoom) -> list[QLabel]:
    return [label for label in chat.pane.findChildren(QLabel) if label.isVisible()]
