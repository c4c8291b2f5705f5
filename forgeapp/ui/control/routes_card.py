"""Which model for what: a tier or a model for each kind and size of task, everywhere or in a project."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QGridLayout, QWidget

from forgeapp.domain.artifact import Kind
from forgeapp.domain.request import Tier
from forgeapp.ui.chat.captions import kind_text
from forgeapp.ui.control.fields import ChoiceField
from forgeapp.ui.control.page import Section
from forgeapp.ui.controls import Label, MenuButton
from forgeapp.ui.theme import LABEL
from forgeapp.ui.wording import tr
from forgeapp.ui.workbench.routes import SIZES, SMALL

if TYPE_CHECKING:
    from forgeapp.ledger.routes import Route
    from forgeapp.ui.workbench import Workbench

_EVERYWHERE: Final = ""
_AUTOMATIC: Final = ""
_TIER: Final = "tier:"
_MODEL: Final = "model:"
_KINDS: Final = (Kind.TABLE, Kind.DOCUMENT, Kind.SPREADSHEET, Kind.CODE, None)
_MODELS_LISTED: Final = 60
"""A menu of hundreds could not be read; the others are routed to by the command line."""


class RoutesCard(Section):
    def __init__(self, workbench: Workbench, parent: QWidget) -> None:
        super().__init__(
            tr("Which model for what"),
            tr(
                "Automatic takes the cheap tier, and for large spreadsheets and code the premium one, where models "
                "have a tier. A model chosen below a message wins."
            ),
            parent=parent,
        )
        self.setObjectName("routes_card")
        self._workbench = workbench
        self.scope = MenuButton(tr("Everywhere"), "folder", "plain")
        self.scope.setObjectName("routes_scope")
        self.scope.setAccessibleName(tr("Where this holds"))
        self.scope.chosen.connect(lambda key: workbench.routes.choose_project(key or None))
        self.head.addWidget(self.scope)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        for place, size in enumerate(SIZES):
            words = tr("Small tasks") if size == SMALL else tr("Large tasks")
            grid.addWidget(Label(words, LABEL, 500, "ink_2"), 0, place + 1)
        self._shown: object = None
        self._choices: dict[tuple[Kind | None, str], MenuButton] = {}
        for line, kind in enumerate(_KINDS, start=1):
            name = kind_text(kind) if kind else tr("Anything else")
            grid.addWidget(Label(name), line, 0)
            for place, size in enumerate(SIZES):
                choice = ChoiceField(tr("Automatic"))
                choice.setObjectName(f"route_{kind.value if kind else 'any'}_{size}")
                choice.chosen.connect(partial(self._on_chosen, kind, size))
                grid.addWidget(choice, line, place + 1)
                self._choices[kind, size] = choice
        self.content.addLayout(grid)
        workbench.routes.changed.connect(self.refresh)
        workbench.registry.changed.connect(self.refresh)
        workbench.conversations.listed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        routes, projects = self._workbench.routes, self._workbench.conversations.projects
        names = sorted({*projects, *(row.project for row in routes.rows if row.project)})
        self.scope.set_choices(
            [(_EVERYWHERE, tr("Everywhere"), None), *((name, name, "folder") for name in names)],
            routes.project or _EVERYWHERE,
        )
        self.scope.setVisible(bool(names))
        models = [
            f"{row.name}/{model.name}"
            for row in self._workbench.registry.rows
            if row.is_enabled
            for model in row.models
            if model.is_usable
        ]
        wanted = (models, list(routes.rows), routes.project)
        if wanted == self._shown:
            return
        self._shown = wanted
        for (kind, size), choice in self._choices.items():
            key = _key_of(routes.holding(kind, size))
            listed = list(
                dict.fromkeys(
                    [*models[:_MODELS_LISTED], *([key.removeprefix(_MODEL)] if key.startswith(_MODEL) else [])]
                )
            )
            choice.set_choices(
                [
                    (_AUTOMATIC, tr("Automatic"), None),
                    (_TIER + Tier.CHEAP.value, tr("Cheap"), None),
                    (_TIER + Tier.PREMIUM.value, tr("Premium"), None),
                    *([None] if listed else []),
                    *((_MODEL + model, model, None) for model in listed),
                ],
                key,
            )
            name = kind_text(kind) if kind else tr("Anything else")
            words = tr("Small tasks") if size == SMALL else tr("Large tasks")
            choice.setAccessibleName(f"{name}, {words}: {choice.text()}")
            choice.setToolTip(choice.text())

    def _on_chosen(self, kind: Kind | None, size: str, key: str) -> None:
        tier = Tier(key.removeprefix(_TIER)) if key.startswith(_TIER) else None
        model = key.removeprefix(_MODEL) if key.startswith(_MODEL) else None
        self._workbench.routes.choose(kind, size, tier, model)


def _key_of(route: Route | None) -> str:
    if route is None:
        return _AUTOMATIC
    if route.model is not None:
        return _MODEL + route.model
    return _TIER + route.tier.value if route.tier is not None else _AUTOMATIC
