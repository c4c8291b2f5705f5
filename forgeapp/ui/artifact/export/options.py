"""What can be chosen for a file beside its format: only what that format honours is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from forgeapp.domain.export_options import USUAL, Delimiter, ExportOptions, Paper
from forgeapp.ui.controls import Label, SegmentedControl
from forgeapp.ui.theme import LABEL
from forgeapp.ui.wording import noop, tr
from forgeapp.ui.workbench.exports import usual_delimiter

_OWN: Final = "own"
_DELIMITERS: Final = {
    "comma": Delimiter.COMMA,
    "semicolon": Delimiter.SEMICOLON,
    "tab": Delimiter.TAB,
}
_SWITCHES: Final = {
    "cover": noop("Cover page"),
    "contents": noop("Table of contents"),
    "line_numbers": noop("Line numbers before code"),
    "as_shown": noop("Numbers as they are shown"),
    "provenance": noop("Where it comes from, at the end"),
    "costs": noop("What each reply cost"),
}

_HINTS: Final = {
    "as_shown": noop(
        "As the cells show them, 1.10 and 19 %. Otherwise as other programs read them, 1.1 and 0.19; between "
        "semicolons with a decimal comma, as Excel expects it there."
    ),
}


class OptionsBox(QWidget):
    """`options` as chosen; `changed` follows each choice of the user's."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("export_options")
        self._options = USUAL
        self.paper = SegmentedControl([(Paper.A4.value, tr("A4")), (Paper.LETTER.value, tr("Letter"))])
        self.paper.setObjectName("export_paper")
        self.paper.setAccessibleName(tr("Paper"))
        self.paper.selected.connect(self._on_changed)
        self.delimiter = SegmentedControl(
            [(_OWN, tr("Usual")), ("comma", tr("Comma")), ("semicolon", tr("Semicolon")), ("tab", tr("Tab"))]
        )
        self.delimiter.setObjectName("export_delimiter")
        self.delimiter.setAccessibleName(tr("Between fields"))
        words = tr("Usual: as the CSV file that was opened has it, else as programs of your country expect it.")
        self.delimiter.setToolTip(words)
        self.delimiter.setAccessibleDescription(words)
        self.delimiter.selected.connect(self._on_changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._rows = {
            "paper": _row(tr("Paper"), self.paper),
            "delimiter": _row(tr("Between fields"), self.delimiter),
        }
        self.boxes: dict[str, QCheckBox] = {}
        for name, words in _SWITCHES.items():
            box = self.boxes[name] = QCheckBox(tr(words))
            box.setObjectName(f"export_{name}")
            box.setAccessibleName(tr(words))
            if name in _HINTS:
                box.setToolTip(tr(_HINTS[name]))
                box.setAccessibleDescription(tr(_HINTS[name]))
            box.clicked.connect(self._on_changed)
            self._rows[name] = box
        for widget in self._rows.values():
            column.addWidget(widget)

    @property
    def options(self) -> ExportOptions:
        return self._options

    def show_options(self, options: ExportOptions, names: Sequence[str]) -> None:
        """`names`: of those that can be chosen now."""
        self._options = options
        self.paper.set_value(options.paper.value)
        chosen = (key for key, value in _DELIMITERS.items() if value is options.delimiter)
        self.delimiter.set_value(_OWN if options.keeps_delimiter else next(chosen, _OWN))
        for name, box in self.boxes.items():
            box.setChecked(getattr(options, name))
        for name, widget in self._rows.items():
            widget.setVisible(name in names)
        self.setVisible(bool(names))

    def _on_changed(self, _value: object = None) -> None:
        self._options = replace(
            self._options,
            paper=Paper(self.paper.value),
            delimiter=_DELIMITERS.get(self.delimiter.value, usual_delimiter()),
            keeps_delimiter=self.delimiter.value == _OWN,
            **{name: box.isChecked() for name, box in self.boxes.items()},
        )
        self.changed.emit()


def _row(words: str, control: QWidget) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 4)
    row.setSpacing(8)
    row.addWidget(Label(words, LABEL, role="ink_2"), 1)
    row.addWidget(control)
    return holder
