"""The form a provider is added or edited by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from forgeapp.domain.secret import Secret, variable_for
from forgeapp.errors import ForgeError, KeyringMissing
from forgeapp.ui.control.fields import ChoiceField, labelled, read_count
from forgeapp.ui.control.presets import Preset, presets
from forgeapp.ui.control.provider_words import dialect_text, key_text, prices_text
from forgeapp.ui.controls import Button, Label
from forgeapp.ui.jobs import Job, Lane
from forgeapp.ui.theme import LABEL
from forgeapp.ui.wording import error_text, tr
from forgeapp.ui.workbench.registry import Draft

if TYPE_CHECKING:
    from forgeapp.ledger.providers import ProviderRow
    from forgeapp.ui.workbench import Workbench

_OTHER: Final = ""
_CHECK_AFTER_MS: Final = 120
_MAX_NAME: Final = 40
_TWO_COLUMNS_FROM: Final = 520


class ProviderForm(QFrame):
    """Save is enabled only while all is valid; Enter saves, Esc leaves. `left` follows both, `saved(name, asks)` the
    first alone: whether it is to be asked for its models, for it is new, has a new key, or had none."""

    left = Signal()
    saved = Signal(str, bool)

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("provider_form")
        self.setProperty("look", "card")
        self._workbench = workbench
        self._row: ProviderRow | None = None
        self._address_fault: str | None = None
        self._check: Job | None = None
        self._is_saving = False
        self._check_timer = QTimer(self)
        self._check_timer.setSingleShot(True)
        self._check_timer.setInterval(_CHECK_AFTER_MS)
        self._check_timer.timeout.connect(self._check_address)
        self._build()

    def _build(self) -> None:
        self.heading = Label("", weight=600)
        self.preset = _choice("preset")
        self.preset.setAccessibleName(tr("Service"))
        self.preset.set_choices(
            [*((one.title, one.title, None) for one in presets()), None, (_OTHER, tr("Another"), None)]
        )
        self.preset.chosen.connect(self._on_preset_chosen)
        self.name = _line("provider_name", tr("Name"))
        self.name.setMaxLength(_MAX_NAME)
        self.dialect = _choice("provider_dialect")
        self.dialect.chosen.connect(self._on_edited)
        self.base_url = _line("provider_base_url", tr("Address"))
        self.key = _line("provider_key", tr("Key"))
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.replace = Button(tr("Replace…"))
        self.replace.setObjectName("replace_key")
        self.replace.clicked.connect(self.ask_for_key)
        self.forget = Button(tr("Forget it"), kind="quiet")
        self.forget.setObjectName("forget_key")
        self.forget.clicked.connect(self._on_forget_clicked)
        self._key_state = Label("", LABEL, role="ink_2")
        self.key_name = _line("provider_key_name", tr("Name of the key"))
        self.key_env = _line("provider_key_env", tr("Environment variable"))
        self.prices = _choice("provider_prices")
        self.requests = _line("provider_requests", tr("Requests a minute"))
        self.tokens = _line("provider_tokens", tr("Tokens a minute"))
        for field in (self.requests, self.tokens):
            field.setPlaceholderText(tr("no limit"))
        for field in self._fields:
            field.textEdited.connect(self._on_edited)
        key_row = QHBoxLayout()
        key_row.setSpacing(8)
        key_row.addWidget(self.key, 1)
        key_row.addWidget(self._key_state, 1)
        key_row.addWidget(self.replace)
        key_row.addWidget(self.forget)
        key = QVBoxLayout()
        key.setSpacing(4)
        key.addWidget(Label(tr("Key"), LABEL, 500, "ink_2"))
        key.addLayout(key_row)
        self.message = Label("", LABEL, role="bad", wrap=True)
        self.message.setObjectName("form_message")
        self.save = Button(tr("Save"), "check", "primary")
        self.save.setObjectName("save_provider")
        self.save.clicked.connect(self._on_save_clicked)
        self.hold = Button(tr("Keep the key for this session only"))
        self.hold.setObjectName("hold_key")
        self.hold.clicked.connect(self._on_hold_clicked)
        self.leave = Button(tr("Cancel"), kind="quiet")
        self.leave.setObjectName("leave_form")
        self.leave.clicked.connect(self.left)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.message, 1)
        foot.addWidget(self.leave)
        foot.addWidget(self.hold)
        foot.addWidget(self.save)
        self._pairs: list[QBoxLayout] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(12)
        column.addWidget(self.heading)
        self._service = QWidget()
        service = labelled(tr("Service"), self.preset)
        self._service.setLayout(service)
        service.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._pair(self._service, labelled(tr("Name"), self.name)))
        column.addLayout(self._pair(labelled(tr("Protocol"), self.dialect), labelled(tr("Address"), self.base_url)))
        column.addLayout(key)
        column.addLayout(
            self._pair(
                labelled(tr("Or from the variable"), self.key_env), labelled(tr("Name of the key"), self.key_name)
            )
        )
        column.addLayout(self._pair(labelled(tr("Price list"), self.prices), QWidget()))
        column.addLayout(
            self._pair(labelled(tr("Requests a minute"), self.requests), labelled(tr("Tokens a minute"), self.tokens))
        )
        column.addLayout(foot)

    def open_new(self, preset: Preset | None = None) -> None:
        """An empty form, or one filled by a preset."""
        self._row = None
        self.heading.setText(tr("Add a provider"))
        self._service.show()
        self.name.setEnabled(True)
        for field in self._fields:
            field.clear()
        self.preset.set_value(preset.title if preset else _OTHER)
        self._fill(preset.dialect if preset else "openai-chat", preset.prices if preset else "none")
        if preset is not None:
            self._take_preset(preset)
        self._show_key_field(True)
        self._open(self.preset)

    def open_for(self, row: ProviderRow) -> None:
        """The form for one that is there; its name belongs to its key and stays."""
        self._row = row
        self.heading.setText(tr("Edit {provider}", provider=row.name))
        self._service.hide()
        self.name.setText(row.name)
        self.name.setEnabled(False)
        self.base_url.setText(row.base_url)
        self.key.clear()
        self.key_name.setText(row.key_name or "")
        self.key_env.setText(row.key_env or "")
        self.requests.setText(str(row.requests_per_minute or ""))
        self.tokens.setText(str(row.tokens_per_minute or ""))
        self._fill(row.dialect, row.prices)
        source = self._workbench.registry.key_sources.get(row.name)
        self._key_state.setText(key_text(row, source, True))
        self._show_key_field(source not in ("keyring", "session"))
        self._open(self.base_url)

    @property
    def draft(self) -> Draft:
        """What the form says; limits that cannot be read are none."""
        key = self.key.text().strip()
        return Draft(
            name=self.name.text().strip(),
            dialect=self.dialect.value or "",
            base_url=self.base_url.text().strip(),
            prices=self.prices.value or "none",
            key=key if key and not self.key.isHidden() else None,
            key_name=self.key_name.text().strip() or None,
            key_env=self.key_env.text().strip() or None,
            requests_per_minute=_count(self.requests),
            tokens_per_minute=_count(self.tokens),
        )

    @property
    def fault(self) -> str:
        """What speaks against saving, '' for nothing."""
        draft = self.draft
        if self._row is None:
            if self._workbench.registry.find(draft.name) is not None and not self._is_untouched_seed(draft.name):
                return tr("There is a provider of that name already.")
            if any(sign in draft.name for sign in "/\\:"):
                return tr("A name holds no slash and no colon.")
        if draft.key is not None and not Secret(draft.key).is_sendable:
            return tr("A key holds no spaces and no signs beyond ASCII.")
        for field in (self.requests, self.tokens):
            try:
                read_count(field.text())
            except ValueError:
                return tr("A limit is a whole number above 0, or nothing.")
        return self._address_fault or ""

    @property
    def is_valid(self) -> bool:
        return bool(self.draft.name and self.draft.base_url and not self.fault) and self._address_fault is not None

    @property
    def _fields(self) -> tuple[QLineEdit, ...]:
        return (self.name, self.base_url, self.key, self.key_name, self.key_env, self.requests, self.tokens)

    def _is_untouched_seed(self, name: str) -> bool:
        row = self._workbench.registry.find(name)
        return row is not None and row.is_seed

    def _pair(self, first: QWidget | QVBoxLayout, second: QWidget | QVBoxLayout) -> QBoxLayout:
        """Two fields side by side, one above the other where there is little room."""
        pair = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        pair.setSpacing(12)
        for part in (first, second):
            if isinstance(part, QWidget):
                pair.addWidget(part, 1)
            else:
                pair.addLayout(part, 1)
        self._pairs.append(pair)
        return pair

    def _fill(self, dialect: str, prices: str) -> None:
        """The choices that are known at once; the others are read aside."""
        self._show_choices((dialect,), (prices, "local", "none"), dialect, prices)
        services = self._workbench.services
        if services is not None:
            self._workbench.jobs.run(lambda _cancel: _known(), self._take_known, lane=Lane.ASIDE)

    def _take_known(self, known: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
        self._show_choices(*known, self.dialect.value or "", self.prices.value or "none")

    def _show_choices(self, dialects: tuple[str, ...], prices: tuple[str, ...], dialect: str, price: str) -> None:
        named = dict.fromkeys((*dialects, dialect))
        self.dialect.set_choices([(one, dialect_text(one), None) for one in named if one], dialect)
        listed = [one for one in dict.fromkeys((*prices, price)) if one not in ("local", "none")]
        self.prices.set_choices(
            [
                ("local", prices_text("local"), None),
                ("none", prices_text("none"), None),
                None,
                *((one, prices_text(one), None) for one in listed),
            ],
            price,
        )

    def _on_preset_chosen(self, title: str) -> None:
        preset = next((one for one in presets() if one.title == title), None)
        if preset is not None:
            self._take_preset(preset)
            self.key.setFocus(Qt.FocusReason.TabFocusReason)
        self._on_edited()

    def _take_preset(self, preset: Preset) -> None:
        self.name.setText(preset.name)
        self.base_url.setText(preset.base_url)
        self.key_env.setText(preset.key_env or "")
        self._show_choices(
            (*self.dialect.choices, preset.dialect),
            (*self.prices.choices, preset.prices),
            preset.dialect,
            preset.prices,
        )

    def _show_key_field(self, is_shown: bool) -> None:
        self.key.setVisible(is_shown)
        self._key_state.setHidden(is_shown)
        self.replace.setHidden(is_shown)
        self.forget.setHidden(is_shown)
        source = self._workbench.registry.key_sources.get(self._row.name) if self._row else None
        if source and source.startswith("environment:"):
            self.key.setPlaceholderText(tr("{variable} holds one", variable=source.partition(":")[2]))
        else:
            self.key.setPlaceholderText(tr("kept in the system's keyring, never shown again"))

    def ask_for_key(self) -> None:
        """A new one, in place of the one there is."""
        self._show_key_field(True)
        self.key.setFocus(Qt.FocusReason.TabFocusReason)

    def _on_forget_clicked(self) -> None:
        if self._row is not None:
            self._workbench.registry.forget_key(self._row.name, self._row.key_name)
            self.ask_for_key()

    def _on_edited(self, *_: object) -> None:
        self.key_env.setPlaceholderText(variable_for(self.name.text()) if self.name.text().strip() else "")
        self.hold.hide()
        self._address_fault = None
        self._check_timer.start()
        self._show_validity()

    def _open(self, first: QWidget) -> None:
        self._is_saving = False
        self.hold.hide()
        self._on_edited()
        self.show()
        first.setFocus(Qt.FocusReason.TabFocusReason)

    def _check_address(self) -> None:
        draft = self.draft
        if self._check is not None:
            self._check.drop()
        if draft.base_url:
            self._check = self._workbench.registry.check(draft.dialect, draft.base_url, self._take_check)

    def _take_check(self, error: ForgeError | None) -> None:
        self._address_fault = "" if error is None else error_text(error).message
        self._show_validity()

    def _show_validity(self) -> None:
        self.message.setText(self.fault)
        self.save.setEnabled(self.is_valid and not self._is_saving)

    def _on_save_clicked(self) -> None:
        if self.save.isEnabled():
            self._begin_saving()
            registry = self._workbench.registry
            registry.save(self.draft, self._row is None, self._on_saved, self._on_refused)

    def _on_hold_clicked(self) -> None:
        self._begin_saving()
        self._workbench.registry.hold_key(self.draft, self._row is None, self._on_saved, self._on_refused)

    def _begin_saving(self) -> None:
        self._is_saving = True
        self.save.setEnabled(False)

    def _on_saved(self) -> None:
        draft, row = self.draft, self._row
        self.key.clear()
        self.left.emit()
        self.saved.emit(draft.name, row is None or not row.models or draft.key is not None)

    def _on_refused(self, error: Exception) -> None:
        self._is_saving = False
        self._show_validity()
        if not isinstance(error, ForgeError):
            self._workbench.failed.emit(error)
            return
        self.message.setText(error_text(error).message)
        self.hold.setVisible(isinstance(error, KeyringMissing))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= _TWO_COLUMNS_FROM
        for pair in self._pairs:
            pair.setDirection(QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.key.clear()
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_save_clicked()
        else:
            super().keyPressEvent(event)


def _line(object_name: str, name: str) -> QLineEdit:
    line = QLineEdit()
    line.setObjectName(object_name)
    line.setAccessibleName(name)
    return line


def _choice(object_name: str) -> ChoiceField:
    field = ChoiceField(tr("Choose"))
    field.setObjectName(object_name)
    return field


def _count(field: QLineEdit) -> int | None:
    try:
        return read_count(field.text())
    except ValueError:
        return None


def _known() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The dialects and the price lists there are; both bring much along."""
    from forgeapp.providers.catalog import price_lists
    from forgeapp.providers.registry import DIALECTS

    return tuple(DIALECTS), price_lists()
