"""The Configuration page, by real keys and clicks over a real ledger."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from forgeapp.domain.artifact import Kind
from forgeapp.domain.chat import FinishReason, ModelInfo
from forgeapp.domain.request import Tier
from forgeapp.domain.usage import Usage
from forgeapp.errors import ProviderFailed
from forgeapp.ledger.calls import CallStatus, NewCall, Purpose, Settlement
from forgeapp.providers.local_servers import FoundServer
from forgeapp.settings import load_settings
from forgeapp.ui.control.models_model import Column
from forgeapp.ui.control.models_table import ModelsTable
from forgeapp.ui.control.provider_row import ProviderItem
from forgeapp.ui.control.setting_words import describe
from forgeapp.ui.control.settings_card import SettingsCard
from forgeapp.ui.controls import Button, Label, MenuButton, Switch
from forgeapp.ui.theme import theme
from tests.fakes.fixtures import serve  # noqa: F401 - a fixture
from tests.fakes.provider_server import FakeServer, Reply
from tests.ui.control_desk import ControlDesk, MemoryKeyring, keys, make_desk  # noqa: F401 - fixtures

Serve = Callable[..., FakeServer]


def item(desk: ControlDesk, name: str) -> ProviderItem:
    return desk.find(ProviderItem, f"provider_{name}")


def state(desk: ControlDesk, name: str) -> str:
    return desk.find(Label, "provider_state", item(desk, name)).text()


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


def cell(desk: ControlDesk, model: int, column: Column) -> str:
    return str(desk.find(ModelsTable, "models_table").model().index(model, column).data())


def click_cell(desk: ControlDesk, model: int, column: Column) -> ModelsTable:
    table = desk.find(ModelsTable, "models_table")
    place = table.visualRect(table.model().index(model, column)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    desk.settle()
    return table


def write_cell(desk: ControlDesk, model: int, column: Column, text: str) -> None:
    """Enter, the text, Enter; the field closes."""
    field = type_into_cell(desk, model, column, text)
    QTest.keyClick(field, Qt.Key.Key_Return)
    desk.wait(lambda: not desk.has("model_field"))
    desk.settle()


def type_into_cell(desk: ControlDesk, model: int, column: Column, text: str) -> QLineEdit:
    table = click_cell(desk, model, Column.NAME)
    table.setCurrentIndex(table.model().index(model, column))
    QTest.keyClick(table, Qt.Key.Key_Return)
    field = desk.find(QLineEdit, "model_field")
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClicks(field, text)
    return field


# Providers


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


# The form


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


# Models


def test_a_click_switches_a_model_off_and_it_leaves_the_picker(desk: ControlDesk) -> None:
    desk.add("acme", models=("small", "large"))
    desk.open()
    click_cell(desk, 0, Column.ON)
    assert [model.is_enabled for model in desk.row("acme").models] == [False, True]
    picker = desk.window.findChild(MenuButton, "model_picker")
    assert picker is not None
    assert "acme/large" in picker.choices
    assert "acme/small" not in picker.choices


def test_a_chosen_model_that_was_switched_off_is_still_shown_as_such(desk: ControlDesk) -> None:
    desk.add("acme", models=("small", "large"))
    desk.window.workbench.composer.set_mode("local")
    desk.app.ledger.providers.change("acme", prices="local")
    desk.open()
    desk.window.workbench.composer.set_model("acme/small")
    click_cell(desk, 0, Column.ON)
    picker = desk.window.findChild(MenuButton, "model_picker")
    assert picker is not None
    assert picker.value == "acme/small"
    assert "(not in use)" in picker.accessibleName()


def test_the_picker_offers_a_tier_of_any_model(desk: ControlDesk) -> None:
    desk.add("acme", models=("small", "large"))
    desk.window.workbench.status.refresh()
    desk.settle()
    desk.pick("model_picker", "Cheap")
    assert desk.window.workbench.composer.request("x").tier is Tier.CHEAP
    assert desk.window.workbench.composer.request("x").model is None
    desk.pick("model_picker", "acme/large")
    assert desk.window.workbench.composer.request("x").tier is None
    assert desk.window.workbench.composer.request("x").model == "acme/large"


def test_a_tier_is_chosen_in_the_table(desk: ControlDesk) -> None:
    desk.add("acme", models=("small",))
    desk.open()
    click_cell(desk, 0, Column.TIER)
    desk.choose("tier_menu", "cheap")
    assert desk.row("acme").models[0].tier is Tier.CHEAP
    assert cell(desk, 0, Column.TIER) == "cheap"


def test_numbers_are_written_into_the_table_and_blank_takes_them_back(desk: ControlDesk) -> None:
    desk.add("acme", models=("small",))
    desk.open()
    assert cell(desk, 0, Column.PRICE) == "unknown"
    write_cell(desk, 0, Column.PRICE, "0.10 / 0,40")
    write_cell(desk, 0, Column.TEMPERATURE, "0.2")
    write_cell(desk, 0, Column.OUTPUT, "4096")
    model = desk.row("acme").models[0]
    assert (model.input_usd_per_million, model.output_usd_per_million) == ("0.10", "0.40")
    assert (model.parameters.temperature, model.parameters.max_output_tokens) == (0.2, 4096)
    assert cell(desk, 0, Column.PRICE) == "0.10 / 0.40"
    write_cell(desk, 0, Column.PRICE, "")
    write_cell(desk, 0, Column.OUTPUT, "")
    model = desk.row("acme").models[0]
    assert model.input_usd_per_million is None
    assert model.parameters.max_output_tokens is None
    assert cell(desk, 0, Column.PRICE) == "unknown"


def test_what_is_no_price_is_not_taken(desk: ControlDesk) -> None:
    desk.add("acme", models=("small",))
    desk.open()
    field = type_into_cell(desk, 0, Column.PRICE, "cheap 0.10")
    assert field.text().strip() == "0.10", "only what a price is made of can be typed"
    QTest.keyClick(field, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert field.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    desk.wait(lambda: not desk.has("model_field"))
    assert desk.window.is_control_open
    assert desk.row("acme").models[0].input_usd_per_million is None


def test_the_price_list_tells_what_a_model_costs(desk: ControlDesk) -> None:
    desk.app.ledger.providers.add("oa", "openai", "https://api.openai.com/v1", ("gpt-4.1-mini",), None, "openai")
    desk.open()
    desk.wait(lambda: cell(desk, 0, Column.PRICE) == "0.40 / 1.60")


def test_models_are_moved_removed_brought_back_and_added_by_name(desk: ControlDesk) -> None:
    desk.add("acme", models=("a", "b", "c"))
    desk.app.ledger.providers.change_model("acme", "c", tier=Tier.PREMIUM)
    desk.open()

    def names() -> list[str]:
        return [model.name for model in desk.row("acme").models]

    table = click_cell(desk, 2, Column.NAME)
    desk.press(table, Qt.Key.Key_Up, alt=True)
    assert names() == ["a", "c", "b"]
    desk.press(table, Qt.Key.Key_Delete)
    assert names() == ["a", "b"]
    desk.notice("Undo")
    assert names() == ["a", "c", "b"]
    assert desk.row("acme").models[1].tier is Tier.PREMIUM
    field = desk.write("new_model", "d")
    desk.press(field, Qt.Key.Key_Return)
    assert names() == ["a", "c", "b", "d"]


def test_a_refresh_marks_models_that_are_no_longer_listed(desk: ControlDesk, serve: Serve) -> None:  # noqa: F811
    server = serve(Reply("ready"))
    desk.add("acme", server.base_url, ())
    desk.open()
    desk.click("refresh_models")
    assert desk.find(Label, "outcome_text").text() == "2 new models."
    server.models = ["fake-small"]
    desk.click("refresh_models")
    assert desk.find(Label, "outcome_text").text() == "1 is no longer listed."
    assert state(desk, "acme") == "ready"
    table = desk.find(ModelsTable, "models_table")
    assert "no longer listed since" in str(table.model().index(0, Column.NAME).data(Qt.ItemDataRole.AccessibleTextRole))


def test_three_hundred_models_are_shown_at_once(desk: ControlDesk) -> None:
    desk.add("acme", models=tuple(f"vendor/model-{number}" for number in range(300)))
    desk.open()
    table = desk.find(ModelsTable, "models_table")
    assert table.model().rowCount() == 300
    assert table.height() < 400


# Routes, budgets, kept replies, settings


def test_a_route_is_set_and_taken_back(desk: ControlDesk) -> None:
    desk.add("acme", models=("small",))
    desk.open()
    desk.pick("route_table_small", "Cheap")
    desk.pick("route_code_large", "acme/small")
    routes = {(route.kind, route.size): (route.tier, route.model) for route in desk.app.ledger.routes.all()}
    assert routes == {(Kind.TABLE, "small"): (Tier.CHEAP, None), (Kind.CODE, "large"): (None, "acme/small")}
    desk.pick("route_table_small", "Automatic")
    assert [route.kind for route in desk.app.ledger.routes.all()] == [Kind.CODE]


def test_a_route_of_a_project_stands_beside_the_one_for_everywhere(desk: ControlDesk) -> None:
    desk.app.ledger.budgets.set(1_000_000_000, "Café")
    desk.app.ledger.conversations.start("x", "Café")
    desk.window.workbench.conversations.refresh()
    desk.open()
    desk.pick("route_table_small", "Cheap")
    desk.pick("routes_scope", "Café")
    assert desk.find(MenuButton, "route_table_small").text() == "Automatic"
    desk.pick("route_table_small", "Premium")
    routes = {route.project: route.tier for route in desk.app.ledger.routes.all()}
    assert routes == {None: Tier.CHEAP, "Café": Tier.PREMIUM}


def test_a_route_for_both_sizes_goes_on_holding_for_the_other(desk: ControlDesk) -> None:
    from forgeapp.ledger.routes import Route

    desk.app.ledger.routes.set(Route(kind=Kind.TABLE, tier=Tier.PREMIUM))
    desk.open()
    assert desk.find(MenuButton, "route_table_large").text() == "Premium"
    desk.pick("route_table_small", "Cheap")
    routes = {route.size: route.tier for route in desk.app.ledger.routes.all()}
    assert routes == {"small": Tier.CHEAP, "large": Tier.PREMIUM}


def spend(desk: ControlDesk, nano_usd: int) -> None:
    call = desk.app.ledger.calls.begin(NewCall(Purpose.GENERATE, "acme", "m", 1, (), "1"))
    desk.app.ledger.calls.settle(call, Settlement(CallStatus.OK, Usage(9, 9), nano_usd, None, 1, 1, "hi"))


def test_this_months_budget_is_set_shown_in_the_status_bar_and_taken_away(desk: ControlDesk) -> None:
    spend(desk, 7_610_000_000)
    desk.open()
    line = desk.find(QWidget, "budget_month")
    assert desk.find(Label, "budget_used", line).text() == "$ 7.61 spent"
    assert not desk.has("budget_share")
    field = desk.write("budget_amount", "20", line)
    desk.press(field, Qt.Key.Key_Return)
    assert desk.find(Label, "budget_used", line).text() == "$ 7.61 spent · $ 12.39 left"
    assert desk.find(Label, "budget_meter").text() == "$ 7.61 of 20.00"
    assert desk.has("budget_share")
    field = desk.write("budget_amount", "", line)
    desk.press(field, Qt.Key.Key_Return)
    assert desk.app.ledger.budgets.all() == []
    assert not desk.has("budget_share")


def test_what_is_no_amount_is_refused_in_words_and_escape_takes_it_back(desk: ControlDesk) -> None:
    desk.app.ledger.budgets.set(5_000_000_000)
    desk.open()
    line = desk.find(QWidget, "budget_month")
    field = desk.write("budget_amount", "much", line)
    desk.press(field, Qt.Key.Key_Return)
    assert desk.find(Label, "refusal", line).text() == "Write an amount like 20 or 7.50."
    desk.press(field, Qt.Key.Key_Escape)
    assert field.text() == "5.00"
    assert desk.window.is_control_open
    assert [row.amount_nano_usd for row in desk.app.ledger.budgets.all()] == [5_000_000_000]


def test_a_budget_for_a_kind_is_added_and_removed(desk: ControlDesk) -> None:
    desk.open()
    desk.click("add_budget")
    desk.choose("budget_scopes", "Document")
    line = desk.find(QWidget, "budget_document")
    field = desk.find(QLineEdit, "budget_amount", line)
    assert field.hasFocus()
    QTest.keyClicks(field, "2.50")
    desk.press(field, Qt.Key.Key_Return)
    assert [(row.kind, row.amount_nano_usd) for row in desk.app.ledger.budgets.all()] == [
        (Kind.DOCUMENT, 2_500_000_000)
    ]
    desk.click("remove_budget", line)
    assert desk.app.ledger.budgets.all() == []
    assert not desk.has("budget_document")


def test_kept_replies_are_cleared_after_a_question(desk: ControlDesk) -> None:
    calls = desk.app.ledger.calls
    call = calls.begin(NewCall(Purpose.GENERATE, "acme", "m", 1, (), "1", cache_key="k"))
    calls.settle(call, Settlement(CallStatus.OK, Usage(1, 1), 1, None, 1, 1, "hi", finish=FinishReason.STOP))
    desk.open()
    assert desk.find(Label, "kept_replies").text().startswith("1 reply, used 0 times")
    desk.click("clear_replies")
    assert calls.cache().replies == 1
    desk.click("clear_confirmed")
    assert calls.cache().replies == 0
    assert desk.find(Label, "kept_replies").text() == "None so far"
    assert not desk.find(Button, "clear_replies").isEnabled()


def test_settings_are_kept_on_disk_and_reset_to_their_defaults(desk: ControlDesk) -> None:
    desk.open()
    desk.click("all_settings")
    line = desk.find(QWidget, "setting_attempts")
    before = desk.app.forge
    field = desk.write("setting_value", "5", line)
    desk.press(field, Qt.Key.Key_Return)
    assert load_settings(desk.app.home.settings).attempts == 5
    assert desk.app.settings.attempts == 5
    assert desk.app.forge is not before
    desk.click("setting_reset", line)
    assert desk.app.settings.attempts == 3
    assert "attempts" not in json.loads(desk.app.home.settings.read_text())
    waits = desk.find(QWidget, "setting_retry_waits_s")
    field = desk.write("setting_value", "1, 2.5", waits)
    desk.press(field, Qt.Key.Key_Return)
    assert desk.app.settings.retry_waits_s == (1.0, 2.5)
    field = desk.write("setting_value", "soon", waits)
    desk.press(field, Qt.Key.Key_Return)
    assert desk.find(Label, "refusal", waits).text() == "Write a number."


def test_every_setting_is_on_the_page_with_words_of_its_own(desk: ControlDesk) -> None:
    import dataclasses

    from forgeapp.settings import Settings
    from forgeapp.ui.control.setting_words import OTHERWHERE

    desk.open()
    desk.click("all_settings")
    shown = set(desk.find(SettingsCard, "settings_card").lines)
    names = {field.name for field in dataclasses.fields(Settings)}
    assert shown | OTHERWHERE == names
    for name in names:
        assert describe(name).endswith("."), name


def test_the_theme_is_chosen_on_the_page(desk: ControlDesk) -> None:
    desk.open()
    segments = desk.find(QWidget, "theme_choice")
    QTest.keyClick(segments, Qt.Key.Key_End)
    desk.settle()
    assert theme().choice == "dark"
    assert desk.app.settings.theme == "dark"


def test_what_becomes_of_a_models_change_is_chosen_on_the_page(desk: ControlDesk) -> None:
    desk.open()
    assert desk.window.workbench.composer.request("x").reviews
    QTest.keyClick(desk.find(QWidget, "model_changes_choice"), Qt.Key.Key_End)
    desk.settle()
    assert desk.app.settings.model_changes == "take"
    assert not desk.window.workbench.composer.request("x").reviews


def test_the_status_bar_tells_who_is_left_out_and_leads_to_the_page(desk: ControlDesk) -> None:
    desk.add("acme")
    desk.add("slow")
    for _ in range(3):
        desk.app.breakers.failed("slow", ProviderFailed(provider="slow", status=503))
    desk.window.workbench.status.refresh()
    desk.settle()
    assert desk.find(Label, "who_answers").text() == "acme"
    assert desk.find(Label, "provider_troubles").text().startswith("slow: left out for ")
    desk.click("providers_button")
    assert desk.centre.page == "configuration"


def test_an_empty_conversation_without_a_provider_leads_to_the_page(desk: ControlDesk) -> None:
    desk.click("beginning_add_provider")
    assert desk.centre.page == "configuration"
    assert desk.has("no_providers")


def test_no_popup_is_left_open(desk: ControlDesk) -> None:
    desk.add("acme")
    desk.open()
    desk.click("provider_menu")
    popup = QApplication.activePopupWidget()
    assert popup is not None
    QTest.keyClick(popup, Qt.Key.Key_Escape)
    assert QApplication.activePopupWidget() is None
    assert desk.window.is_control_open
