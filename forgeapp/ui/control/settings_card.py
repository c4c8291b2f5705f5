"""The settings: theme, look of numbers, the price above which Send asks, the folder of quick exports; behind a button
all others."""

from __future__ import annotations

import dataclasses
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from forgeapp.domain.number_look import LOOKS
from forgeapp.settings import Settings
from forgeapp.ui.control.fields import EntryField, FieldWithUnit
from forgeapp.ui.control.page import Section
from forgeapp.ui.control.setting_words import OTHERWHERE, default_of, describe, read_value, unit_of, value_text
from forgeapp.ui.controls import Button, ElidedLabel, HLine, IconButton, Label, MenuButton, SegmentedControl
from forgeapp.ui.theme import LABEL, theme
from forgeapp.ui.wording import tr
from forgeapp.ui.workbench.places import shown_folder

if TYPE_CHECKING:
    from forgeapp.ui.main_window import MainWindow


_UNIT_WIDTH = 40


class SettingsCard(Section):
    def __init__(self, window: MainWindow, parent: QWidget) -> None:
        super().__init__(tr("General"), parent=parent)
        self.setObjectName("settings_card")
        self._window = window
        self._workbench = window.workbench
        self.theme = SegmentedControl([("system", tr("System")), ("light", tr("Light")), ("dark", tr("Dark"))])
        self.theme.setObjectName("theme_choice")
        self.theme.setAccessibleName(tr("Theme"))
        self.theme.selected.connect(window.choose_theme)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Label(tr("Theme")), 1)
        row.addWidget(self.theme)
        self.content.addLayout(row)
        self.changes = SegmentedControl([("review", tr("Review")), ("take", tr("Take at once"))])
        self.changes.setObjectName("model_changes_choice")
        self.changes.setAccessibleName(tr("A model's changes to open files"))
        self.changes.selected.connect(partial(self._workbench.keep_setting, "model_changes"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Label(tr("A model's changes to open files")), 1)
        row.addWidget(self.changes)
        self.content.addLayout(row)
        self.numbers = MenuButton(tr("As their language has it"))
        self.numbers.setObjectName("number_look_choice")
        self.numbers.setAccessibleDescription(tr("Numbers and dates look"))
        self.numbers.setToolTip(describe("number_look"))
        languages, system = tr("As their language has it"), tr("As the system has it")
        samples = [(name, look.marked("1,234.56"), None) for name, look in LOOKS.items()]
        self.numbers.set_choices([("content", languages, None), ("system", system, None), None, *samples], "content")
        self.numbers.chosen.connect(partial(self._workbench.keep_setting, "number_look"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Label(tr("Numbers and dates look")), 1)
        row.addWidget(self.numbers)
        self.content.addLayout(row)
        self.lines: dict[str, SettingLine] = {}
        self._add("ask_above_usd", self.content)
        self.quick_folder = FolderLine("quick_export_folder")
        self.quick_folder.change.clicked.connect(lambda: window.exporting.choose_quick_folder())
        self.quick_folder.clear.clicked.connect(lambda: self._workbench.exports.set_quick_folder(None))
        self.content.addWidget(self.quick_folder)
        self.more = Button(tr("All settings"), "chevron-down", "quiet")
        self.more.setObjectName("all_settings")
        self.more.clicked.connect(self._on_more_clicked)
        folded = QHBoxLayout()
        folded.addWidget(self.more)
        folded.addStretch(1)
        self.content.addLayout(folded)
        self._rest: QWidget | None = None
        self._workbench.settings_changed.connect(self.refresh)
        theme().changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        self.theme.set_value(theme().choice)
        services = self._workbench.services
        if services is not None:
            self.changes.set_value(services.settings.model_changes)
            self.numbers.set_value(services.settings.number_look)
            self.quick_folder.show_folder(self._workbench.exports.quick_folder)
            for name, line in self.lines.items():
                line.show_value(getattr(services.settings, name))

    def _add(self, name: str, column: QVBoxLayout, unit: int = 0) -> None:
        line = self.lines[name] = SettingLine(name, unit)
        line.field.entered.connect(partial(self._workbench.keep_setting, name))
        line.reset.clicked.connect(lambda: self._workbench.keep_setting(name, default_of(name)))
        column.addWidget(line)

    def _make_rest(self) -> QWidget:
        rest = QWidget(self)
        column = QVBoxLayout(rest)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        words = tr("They hold from the next message on; those for memory, exports and formulas from the next start.")
        column.addWidget(Label(words, LABEL, role="ink_2", wrap=True))
        for field in dataclasses.fields(Settings):
            if field.name not in OTHERWHERE:
                column.addWidget(HLine())
                self._add(field.name, column, _UNIT_WIDTH)
        rest.hide()
        self.content.addWidget(rest)
        self.refresh()
        return rest

    def _on_more_clicked(self) -> None:
        if self._rest is None:
            self._rest = self._make_rest()
        is_open = self._rest.isHidden()
        self._rest.setVisible(is_open)
        self.more.set_icon("chevron-up" if is_open else "chevron-down")


class SettingLine(QWidget):
    """What a setting does, its number, and the way back to the default where it is another.

    `unit`: the least width of what stands behind the number, so that the numbers stand below each other.
    """

    def __init__(self, name: str, unit: int = 0) -> None:
        super().__init__()
        self.setObjectName(f"setting_{name}")
        self._name = name
        self._default = default_of(name)
        words = describe(name)
        before, behind = unit_of(name)
        self.field = EntryField(words, lambda text: read_value(text, self._default))
        self.field.setObjectName("setting_value")
        self.reset = IconButton(
            "undo-2", tr("Back to the default: {value}", value=value_text(name, self._default)), side=24, size=14
        )
        self.reset.setObjectName("setting_reset")
        keeps_place = self.reset.sizePolicy()
        keeps_place.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(keeps_place)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Label(words, LABEL, role="ink_2", wrap=True), 1)
        row.addWidget(self.reset)
        row.addWidget(FieldWithUnit(self.field, before, behind, 72, unit))

    def show_value(self, value: object) -> None:
        self.field.show_text(value_text(self._name, value))
        self.reset.setVisible(value != self._default)


class FolderLine(QWidget):
    """What a folder is for, above it where it is, and the way to another one or to none."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(f"setting_{name}")
        words = describe(name)
        self.folder = ElidedLabel("", mode=Qt.TextElideMode.ElideMiddle)
        self.folder.setObjectName("setting_folder")
        self.folder.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.clear = IconButton("x", tr("No folder"), side=24, size=14)
        self.clear.setObjectName("setting_clear")
        self.change = Button(tr("Choose…"), small=True)
        self.change.setObjectName("setting_choose")
        self.change.setAccessibleName(tr("Choose: {what}", what=words))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.folder, 1)
        row.addWidget(self.clear)
        row.addWidget(self.change)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Label(words, LABEL, role="ink_2", wrap=True))
        column.addLayout(row)

    def show_folder(self, folder: Path | None) -> None:
        self.folder.setText(shown_folder(folder) if folder is not None else tr("None yet"))
        self.folder.set_role("ink" if folder is not None else "ink_3")
        self.clear.setVisible(folder is not None)
