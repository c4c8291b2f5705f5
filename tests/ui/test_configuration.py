"""Configuration by real keys and clicks: routes, budgets, kept replies, settings, and the ways to the page."""

from __future__ import annotations

import json

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from forgeapp.domain.artifact import Kind
from forgeapp.domain.chat import FinishReason
from forgeapp.domain.number_look import NumberLook
from forgeapp.domain.request import Tier
from forgeapp.domain.usage import Usage
from forgeapp.errors import ProviderFailed
from forgeapp.ledger.calls import CallStatus, NewCall, Purpose, Settlement
from forgeapp.settings import CHOICES, load_settings
from forgeapp.ui.control.setting_words import describe
from forgeapp.ui.control.settings_card import SettingsCard
from forgeapp.ui.controls import Button, Label, MenuButton
from forgeapp.ui.theme import theme
from tests.fakes.fixtures import serve  # noqa: F401 - a fixture
from tests.ui.control_desk import ControlDesk, MemoryKeyring, keys, make_desk  # noqa: F401 - fixtures


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
    assert desk.app.ledger.kept_replies.totals().replies == 1
    desk.click("clear_confirmed")
    assert desk.app.ledger.kept_replies.totals().replies == 0
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


def test_how_numbers_look_is_chosen_on_the_page(desk: ControlDesk) -> None:
    desk.open()
    choice = desk.find(MenuButton, "number_look_choice")
    assert choice.choices == CHOICES["number_look"]
    assert choice.value == "content"
    desk.pick("number_look_choice", "1.234,56")
    assert desk.app.settings.number_look == "comma"
    assert desk.app.number_looks.chosen == NumberLook(",", ".", "d.m.y")
    assert load_settings(desk.app.home.settings).number_look == "comma"


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
