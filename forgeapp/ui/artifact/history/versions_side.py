"""The list of versions, with the choice to see only those that have a name."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from forgeapp.ui.artifact.history.version_list import VersionList
from forgeapp.ui.theme import LABEL, font
from forgeapp.ui.wording import tr


class VersionsSide(QWidget):
    """`filtered()`: the user wants to see other ones."""

    filtered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = VersionList()
        self._named = QCheckBox(tr("Only those with a name"))
        self._named.setObjectName("named_only")
        self._named.setAccessibleName(tr("Only versions with a name"))
        self._named.setFont(font(LABEL))
        self._named.toggled.connect(lambda _on: self.filtered.emit())
        self._head = QWidget()
        row = QHBoxLayout(self._head)
        row.setContentsMargins(16, 6, 12, 2)
        row.addWidget(self._named)
        self._head.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.list, 1)

    @property
    def is_filtered(self) -> bool:
        return self._named.isChecked()

    def offer_filter(self, has_names: bool) -> None:
        """Where no version has a name there is nothing to choose."""
        if not has_names and self._named.isChecked():
            self._named.blockSignals(True)
            self._named.setChecked(False)
            self._named.blockSignals(False)
        self._head.setVisible(has_names)
