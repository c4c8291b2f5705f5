"""From a provider that lacks something to one that answers, by what its row says and offers."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from forgeapp.ui.control.provider_row import ProviderItem
from forgeapp.ui.controls import Button, Label
from tests.fakes.fixtures import serve  # noqa: F401 - a fixture
from tests.fakes.provider_server import FakeServer, Reply
from tests.ui.control_desk import ControlDesk, MemoryKeyring, keys, make_desk  # noqa: F401 - fixtures

Serve = Callable[..., FakeServer]
FAR = "https://api.example.org/v1"


def item(desk: ControlDesk, name: str) -> ProviderItem:
    return desk.find(ProviderItem, f"provider_{name}")


def act(desk: ControlDesk, name: str, action: str) -> None:
    desk.click("provider_menu", item(desk, name))
    desk.choose("provider_actions", action)


def save(desk: ControlDesk) -> None:
    button = desk.find(Button, "save_provider")
    desk.wait(button.isEnabled)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    desk.settle()


def test_who_lacks_only_a_key_has_a_button_that_leads_to_its_field(desk: ControlDesk, keys: MemoryKeyring) -> None:  # noqa: F811
    desk.add("acme", FAR)
    desk.open()
    button = desk.find(Button, "give_key", item(desk, "acme"))
    assert button.accessibleName() == "Add its key: acme"
    desk.press(button, Qt.Key.Key_Space)
    assert desk.find(QLineEdit, "provider_key").hasFocus()
    assert desk.find(QLineEdit, "provider_name").text() == "acme"


def test_a_key_that_was_rejected_is_replaced_by_the_same_button(desk: ControlDesk, keys: MemoryKeyring) -> None:  # noqa: F811
    desk.app.credentials.set("acme", "sk-old")
    desk.add("acme", FAR)
    desk.app.ledger.providers.mark("acme", "key_rejected")
    desk.open()
    button = desk.find(Button, "give_key", item(desk, "acme"))
    assert button.text() == "Replace its key"
    desk.click("give_key", item(desk, "acme"))
    assert desk.find(QLineEdit, "provider_key").hasFocus()


def test_a_mark_stays_until_what_it_is_for_is_changed(
    desk: ControlDesk,
    keys: MemoryKeyring,  # noqa: F811
) -> None:
    desk.app.credentials.set("acme", "sk-old")
    desk.add("acme", FAR)
    desk.app.ledger.providers.learn_quirks("acme", ("no_temperature",))
    desk.app.ledger.providers.mark("acme", "key_rejected")
    desk.open()
    act(desk, "acme", "Edit…")
    desk.write("provider_requests", "30")
    save(desk)
    row = desk.row("acme")
    assert (row.requests_per_minute, row.mark, row.quirks) == (30, "key_rejected", ("no_temperature",))
    desk.window.workbench.registry.refresh_models = lambda _name: None  # type: ignore[method-assign]
    desk.click("give_key", item(desk, "acme"))
    desk.write("provider_key", "sk-new")
    save(desk)
    row = desk.row("acme")
    assert (row.mark, row.quirks) == (None, ("no_temperature",))


def test_without_credit_no_key_is_asked_for(desk: ControlDesk) -> None:
    desk.add("acme")
    desk.app.ledger.providers.mark("acme", "quota_exhausted")
    desk.open()
    assert not desk.has("give_key")


def test_who_needs_no_key_or_is_off_has_no_such_button(desk: ControlDesk) -> None:
    desk.add("home")
    desk.add("off", FAR)
    desk.app.ledger.providers.change("off", is_enabled=False)
    desk.open()
    assert not desk.has("give_key")


def test_a_new_key_is_tried_at_once(desk: ControlDesk, keys: MemoryKeyring, serve: Serve) -> None:  # noqa: F811
    server = serve(Reply("ready"))
    desk.add("acme", server.base_url)
    desk.open()
    act(desk, "acme", "Edit…")
    desk.write("provider_key", "sk-good")
    save(desk)
    desk.wait(lambda: any(request.path.endswith("/models") for request in server.requests))
    assert server.requests[-1].headers["authorization"] == "Bearer sk-good"
    desk.wait(lambda: desk.find(Label, "outcome_text").text().startswith("2 new models"))


def test_models_come_once_the_address_is_right(desk: ControlDesk, serve: Serve) -> None:  # noqa: F811
    server = serve(Reply("ready"))
    desk.add("acme", models=())
    desk.open()
    act(desk, "acme", "Edit…")
    desk.write("provider_base_url", server.base_url)
    save(desk)
    desk.wait(lambda: len(desk.row("acme").models) == 2)


def test_other_changes_ask_nobody(desk: ControlDesk, serve: Serve) -> None:  # noqa: F811
    server = serve(Reply("ready"))
    desk.add("acme", server.base_url)
    desk.open()
    act(desk, "acme", "Edit…")
    desk.write("provider_requests", "30")
    save(desk)
    assert desk.row("acme").requests_per_minute == 30
    assert server.requests == []


def test_a_test_without_a_model_says_how_to_get_one(desk: ControlDesk) -> None:
    desk.add("acme", models=())
    desk.open()
    act(desk, "acme", "Test the connection")
    desk.wait(lambda: desk.has("outcome_close"))
    assert desk.find(Label, "outcome_text").text() == "acme has no model that could be asked."
    assert desk.find(Label, "outcome_hint").text() == (
        "Refresh its models, or add one by its name in the list of models."
    )
