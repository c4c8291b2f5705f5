"""Configuration by real keys and clicks: the models of a provider."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from forgeapp.domain.request import Tier
from forgeapp.ui.control.models_model import Column
from forgeapp.ui.control.models_table import ModelsTable
from forgeapp.ui.controls import Label, MenuButton
from tests.fakes.fixtures import serve  # noqa: F401 - a fixture
from tests.fakes.provider_server import Reply
from tests.ui.control_desk import ControlDesk, MemoryKeyring, keys, make_desk  # noqa: F401 - fixtures
from tests.ui.providers_desk import Serve, cell, state


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
