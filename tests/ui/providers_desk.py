"""Rows of the providers and cells of their models, for tests of the Configuration page."""

from __future__ import annotations

from collections.abc import Callable

from forgeapp.ui.control.models_model import Column
from forgeapp.ui.control.models_table import ModelsTable
from forgeapp.ui.control.provider_row import ProviderItem
from forgeapp.ui.controls import Label
from tests.fakes.fixtures import serve  # noqa: F401 - a fixture
from tests.fakes.provider_server import FakeServer
from tests.ui.control_desk import ControlDesk, MemoryKeyring, keys, make_desk  # noqa: F401 - fixtures

Serve = Callable[..., FakeServer]


def item(desk: ControlDesk, name: str) -> ProviderItem:
    return desk.find(ProviderItem, f"provider_{name}")


def state(desk: ControlDesk, name: str) -> str:
    return desk.find(Label, "provider_state", item(desk, name)).text()


def cell(desk: ControlDesk, model: int, column: Column) -> str:
    return str(desk.find(ModelsTable, "models_table").model().index(model, column).data())
