"""The row below the panes: what was spent, and who could answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from forgeapp.domain.usage import Usage
from forgeapp.ledger.calls import CallStatus, NewCall, Purpose, Settlement
from forgeapp.ui.controls import Label
from forgeapp.ui.status_bar import StatusBar
from tests.fakes.fixtures import serve  # noqa: F401 - used by the fixture `room`
from tests.ui.chat_room import ChatRoom, make_room  # noqa: F401 - a fixture

Room = Callable[..., ChatRoom]


def bar_of(chat: ChatRoom) -> StatusBar:
    bar = StatusBar(chat.workbench)
    bar.setParent(chat.window)
    bar.resize(chat.window.width(), 28)
    bar.show()
    return bar


def add(chat: ChatRoom, name: str, base_url: str) -> None:
    chat.app.ledger.providers.add(name, "openai-chat", base_url, ("m",), f"{name.upper()}_KEY_OF_TEST", "none")


def said(bar: StatusBar, name: str) -> str:
    label = bar.findChild(Label, name)
    assert label is not None
    return label.text() if label.isVisible() else ""


def test_a_provider_without_a_key_is_not_among_those_who_answer(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    chat = room()
    bar = bar_of(chat)
    assert said(bar, "who_answers").startswith("No provider set up")
    add(chat, "acme", "https://acme.example/v1")
    chat.workbench.status.refresh()
    chat.wait(lambda: said(bar, "keyless_providers") == "acme: no key")
    assert said(bar, "who_answers") == ""
    add(chat, "home", "http://127.0.0.1:9/v1")
    chat.workbench.status.refresh()
    chat.wait(lambda: said(bar, "who_answers") == "home")
    assert [row.name for row in chat.workbench.status.askable] == ["home"]
    monkeypatch.setenv("ACME_KEY_OF_TEST", "sk-of-nobody")
    chat.workbench.status.refresh()
    chat.wait(lambda: said(bar, "who_answers") == "acme, home")
    assert said(bar, "keyless_providers") == ""


def test_what_this_month_cost_is_told_after_each_reading(room: Room) -> None:
    chat = room()
    bar = bar_of(chat)
    assert said(bar, "budget_meter") == "$ 0.00"
    call = chat.app.ledger.calls.begin(NewCall(Purpose.GENERATE, "acme", "m", 1, (), "1"))
    chat.app.ledger.calls.settle(call, Settlement(CallStatus.OK, Usage(9, 9), 2_000_000_000, None, 1, 1, "hi"))
    chat.workbench.status.refresh()
    chat.wait(lambda: said(bar, "budget_meter") == "$ 2.00")
