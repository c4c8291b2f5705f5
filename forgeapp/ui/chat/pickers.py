"""The choices below a message: what is to be made, who may answer, which model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSizePolicy, QWidget

from forgeapp.domain.artifact import Kind
from forgeapp.domain.money import usd_text
from forgeapp.domain.request import Mode, Tier
from forgeapp.ui.chat.captions import kind_text
from forgeapp.ui.controls import MenuButton
from forgeapp.ui.icons import KIND_ICONS, icon
from forgeapp.ui.wording import tr
from forgeapp.ui.workbench.composer import AUTO, CHAT_ONLY, PASTE

if TYPE_CHECKING:
    from forgeapp.ui.workbench import Workbench

_ANY = ""
_TIER = "\0tier:"
_CHEAP, _PREMIUM = _TIER + Tier.CHEAP.value, _TIER + Tier.PREMIUM.value
Choice = tuple[str, str, str | None] | None
_KINDS = (Kind.TABLE, Kind.DOCUMENT, Kind.SPREADSHEET, Kind.CODE)


class Picker(MenuButton):
    """A menu button that shrinks to its icon where there is little room."""

    def __init__(self, label: str, icon_name: str, parent: QWidget | None = None) -> None:
        super().__init__(label, icon_name, parent=parent)
        self._is_compact = False
        self._name = label
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    @property
    def is_compact(self) -> bool:
        return self._is_compact

    def set_compact(self, is_compact: bool) -> None:
        if is_compact != self._is_compact:
            self._is_compact = is_compact
            self.updateGeometry()
            self.update()

    def tell(self) -> None:
        """Says what is chosen to those who cannot see it, and where only the icon is left."""
        chosen = super().text()
        self.setAccessibleName(f"{self._name}: {chosen}")
        self.setToolTip(f"{self._name}: {chosen}")

    def text(self) -> str:
        return "" if self._is_compact else super().text()

    @property
    def full_width(self) -> int:
        """How wide it is with its words."""
        is_compact, self._is_compact = self._is_compact, False
        width = super().sizeHint().width()
        self._is_compact = is_compact
        return width

    def minimumSizeHint(self) -> QSize:
        """A narrow pane may make it small: it shrinks to its icon then."""
        hint = self.sizeHint()
        return QSize(min(hint.width(), 48), hint.height())


class KindPicker(Picker):
    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(tr("What to make"), "sparkles", parent)
        self.setObjectName("kind_picker")
        self._workbench = workbench
        kinds = [(kind.value, kind_text(kind), KIND_ICONS[kind]) for kind in _KINDS]
        self.set_choices(
            [(AUTO, tr("Auto"), "sparkles"), None, *kinds, None, (CHAT_ONLY, tr("Chat only"), "message-circle")]
        )
        self.chosen.connect(workbench.composer.set_kind)
        workbench.composer.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        self.set_value(self._workbench.composer.kind)
        self.tell()


class ModePicker(Picker):
    """The key that came with the program is offered only where there is one."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(tr("Who answers"), "key-round", parent)
        self.setObjectName("mode_picker")
        self._workbench = workbench
        self._offered: list[Choice] = []
        self.chosen.connect(workbench.composer.set_mode)
        workbench.composer.changed.connect(self.refresh)
        workbench.status.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        offered: list[Choice] = [
            *self._app_key(),
            (Mode.PROVIDERS.value, tr("My key"), "key-round"),
            (Mode.LOCAL.value, tr("Local model"), "hard-drive"),
            (PASTE, tr("Copy/paste"), "clipboard-paste"),
            (Mode.TEMPLATES.value, tr("Templates only"), "layout-template"),
        ]
        if offered != self._offered:
            self._offered = offered
            self.set_choices(offered)
        self.set_value(self._workbench.composer.mode)
        self.tell()

    def _app_key(self) -> list[Choice]:
        status = self._workbench.status
        if status.app_key is None or not status.app_askable:
            return []
        left = tr("App key, {left} left today", left=usd_text(status.app_key.left_nano_usd))
        return [(Mode.APP_KEY.value, left, "package")]


class ModelPicker(Picker):
    """Any model, any of a tier, or one of those in use; only there where a model is asked and there is a choice."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(tr("Model"), "bot", parent)
        self.setObjectName("model_picker")
        self._workbench = workbench
        self._models: list[str] | None = None
        self._anew = QAction(icon("rotate-cw"), tr("Ask anew, no kept reply"), self)
        self._anew.setCheckable(True)
        self._anew.triggered.connect(workbench.composer.set_asks_anew)
        self.chosen.connect(self._on_chosen)
        workbench.composer.changed.connect(self.refresh)
        workbench.status.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        composer = self._workbench.composer
        listed = [] if composer.is_paste else self._workbench.status.models(composer.request_mode)
        gone = [composer.model] if listed and composer.model and composer.model not in listed else []
        if (models := [*listed, *gone]) != self._models:
            self._models = models
            tiers: list[Choice] = [
                (_CHEAP, tr("Cheap"), "coins"),
                (_PREMIUM, tr("Premium"), "gem"),
            ]
            choices: list[Choice] = [(_ANY, tr("Any model"), None), *tiers]
            if models:
                choices.append(None)
            choices.extend((model, model, None) for model in listed)
            # What was chosen stays in view, so that it is seen why sending says it cannot be asked.
            choices.extend((model, tr("{model} (not in use)", model=model), None) for model in gone)
            self.set_choices(choices)
            self._offer_anew()
        self._anew.setChecked(composer.asks_anew)
        self.set_value(composer.model or (_TIER + composer.tier.value if composer.tier else _ANY))
        self.setVisible(bool(models))
        self.tell()

    def _on_chosen(self, key: str) -> None:
        if key.startswith(_TIER):
            self._workbench.composer.set_tier(Tier(key.removeprefix(_TIER)))
        else:
            self._workbench.composer.set_model(key or None)

    def _offer_anew(self) -> None:
        """Before the models, of which there may be many."""
        line = next((action for action in self.menu.actions() if action.isSeparator()), None)
        if line is not None:
            self.menu.insertSeparator(line)
            self.menu.insertAction(line, self._anew)
