"""Configuration by real keys and clicks: the providers, and the form for one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from forgeapp.domain.chat import ModelInfo
from forgeapp.domain.request import Tier
from forgeapp.errors import ProviderFailed
from forgeapp.providers.local_servers import FoundServer
from forgeapp.ui.control.models_model import Column
from forgeapp.ui.controls import Button, Label, MenuButton, Switch
from tests.fakes.fixtures import serve  # noqa: F401 - a fixture
from tests.fakes.provider_server import Reply
from tests.ui.control_desk import ControlDesk, MemoryKeyring, keys, make_desk  # noqa: F401 - fixtures
from tests.ui.providers_desk import Serve, cell, item, state


def act(desk: ControlDesk, name: str, action: str) -> None:
    """By the row's menu."""
    desk.click("provider_menu", item(desk, name))
    desk.choose("provider_actions", action)


def fill(desk: ControlDesk, **fields: str) -> None:
    for name, text in fields.items():
        desk.write(f"provider_{name}", text)


def saves(desk: ControlDesk) -> bool:
    """Whether Save can be pressed, once the address was looked at."""
    desk.qtbot.wait(160)
    desk.settle()
    return desk.find(Button, "save_provider").isEnabled()


def test_each_provider_tells_how_it_stands(desk: ControlDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WELL_API_KEY", "sk-of-nobody")
    monkeypatch.setenv("BAD_API_KEY", "sk-of-nobody")
    monkeypatch.setenv("SLOW_API_KEY", "sk-of-nobody")
    for name in ("well", "keyless", "bad", "slow", "off"):
        desk.add(name, "https://api.example.org/v1")
    desk.add("empty", models=())
    desk.app.ledger.providers.mark("bad", "key_rejected")
    desk.app.ledger.providers.change("off", is_enabled=False)
    for _ in range(3):
        desk.app.breakers.failed("slow", ProviderFailed(provider="slow", status=503))
    desk.open()
    assert state(desk, "well") == "ready"
    assert state(desk, "keyless") == "no key"
    assert state(desk, "bad") == "key rejected"
    assert state(desk, "slow").startswith("left out for ")
    assert state(desk, "off") == "off"
    assert state(desk, "empty") == "no model"
    assert "key from WELL_API_KEY" in item(desk, "well").accessibleDescription()
    assert "needs no key" in item(desk, "empty").accessibleDescription()
    assert item(desk, "bad").accessibleName() == "bad, key rejected"


def test_alt_up_and_alt_down_change_the_order_and_keep_the_keyboard_on_the_row(desk: ControlDesk) -> None:
    for name in ("one", "two", "three"):
        desk.add(name)
    desk.open()
    row = item(desk, "three")
    row.setFocus(Qt.FocusReason.TabFocusReason)
    desk.press(row, Qt.Key.Key_Up, alt=True)
    desk.press(row, Qt.Key.Key_Up, alt=True)
    assert desk.order() == ["three", "one", "two"]
    assert item(desk, "three").hasFocus()
    desk.press(item(desk, "three"), Qt.Key.Key_Up, alt=True)
    assert desk.order() == ["three", "one", "two"]
    desk.press(item(desk, "three"), Qt.Key.Key_Down, alt=True)
    assert desk.order() == ["one", "three", "two"]


def test_dragging_a_row_changes_the_order(desk: ControlDesk) -> None:
    for name in ("one", "two", "three"):
        desk.add(name)
    desk.open()
    row, last = item(desk, "one"), item(desk, "three")
    start = QPoint(12, row.height() // 2)
    end = row.mapFromGlobal(last.mapToGlobal(QPoint(12, last.height() - 3)))
    QTest.mousePress(row, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(row, QPoint(12, start.y() + 20))
    QTest.mouseMove(row, end)
    QTest.mouseRelease(row, Qt.MouseButton.LeftButton, pos=end)
    desk.settle()
    assert desk.order() == ["two", "three", "one"]


def test_up_and_down_move_among_the_rows_and_show_the_models_of_each(desk: ControlDesk) -> None:
    desk.add("one", models=("a",))
    desk.add("two", models=("b", "c"))
    desk.open()
    row = item(desk, "one")
    row.setFocus(Qt.FocusReason.TabFocusReason)
    desk.press(row, Qt.Key.Key_Down)
    assert item(desk, "two").hasFocus()
    assert cell(desk, 1, Column.NAME) == "c"


def test_the_switch_turns_a_provider_off_and_on(desk: ControlDesk) -> None:
    desk.add("acme")
    desk.open()
    switch = desk.find(Switch, "provider_switch")
    desk.click("provider_switch")
    assert not desk.row("acme").is_enabled
    assert state(desk, "acme") == "off"
    switch.setFocus()
    desk.press(switch, Qt.Key.Key_Space)
    assert desk.row("acme").is_enabled


def test_a_test_tells_latency_and_what_was_learned_and_can_be_closed(desk: ControlDesk, serve: Serve) -> None:  # noqa: F811
    server = serve(Reply("ready"))
    desk.add("acme", server.base_url, ("large",))
    desk.app.ledger.providers.mark("acme", "key_rejected")
    desk.open()
    act(desk, "acme", "Test the connection")
    desk.wait(lambda: desk.has("outcome_close"))
    told = desk.find(Label, "outcome_text").text()
    assert told.startswith("large answered in ")
    assert "first word came after" in told
    assert "It answers again" in desk.find(Label, "outcome_hint").text()
    assert state(desk, "acme") == "ready"
    desk.click("outcome_close")
    assert not desk.has("provider_outcome")


def test_a_test_that_succeeds_ends_the_time_out(desk: ControlDesk, serve: Serve) -> None:  # noqa: F811
    server = serve(Reply("ready"))
    desk.add("acme", server.base_url)
    for _ in range(3):
        desk.app.breakers.failed("acme", ProviderFailed(provider="acme", status=503))
    desk.open()
    assert state(desk, "acme").startswith("left out")
    desk.app.limits.pause("acme", 3600)
    act(desk, "acme", "Test the connection")
    desk.wait(lambda: state(desk, "acme") == "ready")
    assert desk.app.limits.take("acme", None, None, 1).wait_s == 0


def test_a_test_that_fails_says_so_in_the_row_with_its_remedy(
    desk: ControlDesk,
    serve: Serve,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ACME_API_KEY", "sk-of-nobody")
    server = serve(Reply(status=401, body={"error": {"message": "no such key"}}))
    desk.add("acme", server.base_url)
    desk.open()
    act(desk, "acme", "Test the connection")
    desk.wait(lambda: desk.has("outcome_close"))
    assert desk.find(Label, "outcome_text").text() == "acme rejected the key (status 401)."
    assert "Configuration page" in desk.find(Label, "outcome_hint").text()
    desk.wait(lambda: state(desk, "acme") == "key rejected")
    assert desk.window.notices.shown == []


def test_a_test_under_way_can_be_stopped(desk: ControlDesk, serve: Serve) -> None:  # noqa: F811
    server = serve(Reply("ready", stall_after=0))
    desk.add("acme", server.base_url)
    desk.open()
    desk.window.workbench.registry.test("acme")
    desk.wait(lambda: bool(server.requests))
    stop = desk.find(Button, "outcome_stop")
    QTest.mouseClick(stop, Qt.MouseButton.LeftButton)
    desk.wait(lambda: not desk.has("provider_outcome"))
    desk.settle()


def test_a_removed_provider_comes_back_where_and_as_it_stood(desk: ControlDesk) -> None:
    for name in ("one", "two", "three"):
        desk.add(name, models=("a", "b"))
    providers = desk.app.ledger.providers
    providers.take_models("two", [ModelInfo("a", 128_000, 8_000, True), ModelInfo("b")])
    providers.take_models("two", [ModelInfo("a", 128_000, 8_000, True)])
    providers.change_model("two", "b", tier=Tier.PREMIUM, is_enabled=False, temperature=0.4)
    providers.change("two", requests_per_minute=30, key_name="work", is_enabled=False)
    before = desk.row("two")
    desk.open()
    act(desk, "two", "Remove")
    assert desk.order() == ["one", "three"]
    desk.notice("Undo")
    assert desk.order() == ["one", "two", "three"]
    after = desk.row("two")
    assert (after.requests_per_minute, after.key_name, after.is_enabled) == (30, "work", False)
    assert [model.vanished_at is None for model in after.models] == [True, False]
    assert [replace(model, vanished_at=None) for model in after.models] == [
        replace(model, vanished_at=None) for model in before.models
    ]


def test_save_is_enabled_only_while_all_is_valid(desk: ControlDesk) -> None:
    desk.add("taken")
    desk.open()
    desk.click("add_provider")
    assert not saves(desk)
    fill(desk, name="acme", base_url="not an address")
    assert not saves(desk)
    assert "is no base URL" in desk.find(Label, "form_message").text()
    fill(desk, base_url="https://api.acme.example/v1")
    assert saves(desk)
    fill(desk, name="taken")
    assert not saves(desk)
    assert desk.find(Label, "form_message").text() == "There is a provider of that name already."
    fill(desk, name="acme", key="two words")
    assert not saves(desk)
    fill(desk, key="sk-good", requests="many")
    assert not saves(desk)
    fill(desk, requests="30")
    assert saves(desk)


def test_enter_saves_a_provider_keeps_its_key_and_asks_for_its_models(
    desk: ControlDesk,
    keys: MemoryKeyring,  # noqa: F811
    serve: Serve,  # noqa: F811
) -> None:
    server = serve(Reply("ready"))
    desk.open()
    desk.click("add_provider")
    fill(desk, name="acme", base_url=server.base_url, key="sk-secret-of-nobody", requests="30", tokens="100,000")
    assert saves(desk)
    assert desk.find(QLineEdit, "provider_key").echoMode() is QLineEdit.EchoMode.Password
    desk.press(desk.find(QLineEdit, "provider_tokens"), Qt.Key.Key_Return)
    desk.wait(lambda: bool(desk.row("acme").models))
    row = desk.row("acme")
    assert (row.dialect, row.requests_per_minute, row.tokens_per_minute) == ("openai-chat", 30, 100_000)
    assert "sk-secret-of-nobody" in keys.kept.values()
    assert not desk.has("provider_form")
    desk.wait(lambda: "key in the keyring" in item(desk, "acme").accessibleDescription())
    assert all("sk-secret" not in field.text() for field in desk.window.findChildren(QLineEdit))


def test_escape_leaves_the_form_and_stays_on_the_page(desk: ControlDesk) -> None:
    desk.open()
    desk.click("add_provider")
    fill(desk, name="acme", key="sk-x")
    desk.press(desk.find(QLineEdit, "provider_key"), Qt.Key.Key_Escape)
    assert not desk.has("provider_form")
    assert desk.window.is_control_open
    assert desk.order() == []
    desk.click("add_provider")
    assert desk.find(QLineEdit, "provider_key").text() == ""


def test_a_preset_fills_the_form(desk: ControlDesk) -> None:
    desk.open()
    desk.click("add_provider")
    desk.pick("preset", "Groq")
    assert desk.find(QLineEdit, "provider_base_url").text() == "https://api.groq.com/openai/v1"
    assert desk.find(QLineEdit, "provider_name").text() == "groq"
    assert desk.find(MenuButton, "provider_prices").value == "groq"
    assert saves(desk)


def test_every_preset_is_an_address_of_a_dialect_with_a_price_list_there_is() -> None:
    from forgeapp.providers.catalog import price_lists
    from forgeapp.providers.registry import make_provider
    from forgeapp.ui.control.presets import presets

    titles = [preset.title for preset in presets()]
    assert {"OpenRouter", "Groq", "Mistral", "DeepSeek", "vLLM", "llama.cpp", "LM Studio", "Ollama"} <= set(titles)
    for preset in presets():
        make_provider(preset.dialect, name=preset.name, base_url=preset.base_url)
        assert preset.prices in price_lists()


def test_without_a_keyring_the_key_can_be_kept_for_this_session_only(desk: ControlDesk) -> None:
    desk.open()
    desk.click("add_provider")
    fill(desk, name="acme", base_url="http://127.0.0.1:9/v1", key="sk-of-nobody")
    assert saves(desk)
    desk.click("save_provider")
    assert desk.order() == []
    assert "keyring" in desk.find(Label, "form_message").text()
    desk.click("hold_key")
    assert desk.order() == ["acme"]
    assert desk.app.credentials.source("acme") == "session"
    desk.wait(lambda: "key until ForgeApp ends" in item(desk, "acme").accessibleDescription())


def test_a_key_is_replaced_and_forgotten_without_being_shown(desk: ControlDesk, keys: MemoryKeyring) -> None:  # noqa: F811
    desk.add("acme", "https://api.example.org/v1")
    desk.app.credentials.set("acme", "sk-old-of-nobody")
    desk.open()
    act(desk, "acme", "Edit…")
    assert not desk.has("provider_key")
    assert not desk.find(QLineEdit, "provider_name").isEnabled()
    desk.click("replace_key")
    fill(desk, key="sk-new-of-nobody")
    assert saves(desk)
    desk.click("save_provider")
    assert "sk-new-of-nobody" in keys.kept.values()
    assert "sk-old-of-nobody" not in keys.kept.values()
    act(desk, "acme", "Edit…")
    desk.click("forget_key")
    assert desk.app.credentials.source("acme") is None


def test_a_named_key_is_kept_under_its_name_and_used(desk: ControlDesk, keys: MemoryKeyring) -> None:  # noqa: F811
    desk.add("acme", "https://api.example.org/v1")
    desk.open()
    act(desk, "acme", "Edit…")
    fill(desk, key_name="work", key="sk-work-of-nobody")
    assert saves(desk)
    desk.click("save_provider")
    assert desk.row("acme").key_name == "work"
    assert desk.app.credentials.source("acme", None, "work") == "keyring"
    desk.wait(lambda: state(desk, "acme") == "ready")


def test_a_server_that_runs_here_is_offered_and_added(desk: ControlDesk) -> None:
    desk.servers = [FoundServer("ollama", "ollama", "http://127.0.0.1:11434", ("qwen3:8b", "gemma3"))]
    desk.open()
    desk.find(QWidget, "found_server")
    desk.click("add_server")
    row = desk.row("ollama")
    assert row.prices == "local"
    assert [model.name for model in row.models] == ["qwen3:8b", "gemma3"]
    assert not desk.has("found_server")
