"""The bar above a table whose rows are sorted or filtered."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from forgeapp.domain.arrangement import Arrangement
from forgeapp.domain.table import Table
from forgeapp.ui.controls import Button, ElidedLabel, HLine, IconMark
from forgeapp.ui.theme import LABEL
from forgeapp.ui.wording import number_text, tr


class ViewBar(QWidget):
    """`cleared()`: show all rows as they are; `applied()`: make what is seen the table."""

    cleared = Signal()
    applied = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("view_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("look", "surface")
        self._words = ElidedLabel("", LABEL, role="ink_2")
        self._words.setObjectName("view_words")
        clear = Button(tr("Clear"), None, "quiet", small=True)
        clear.setObjectName("view_clear")
        clear.setToolTip(tr("Show all rows as they are"))
        clear.clicked.connect(self.cleared)
        self._apply = Button(tr("Apply to the data"), small=True)
        self._apply.setObjectName("view_apply")
        self._apply.setToolTip(tr("The table keeps these rows in this order; Undo brings the others back"))
        self._apply.clicked.connect(self.applied)
        row = QHBoxLayout()
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(8)
        row.addWidget(IconMark("funnel", "accent", "accent_soft", 22))
        row.addWidget(self._words, 1)
        row.addWidget(clear)
        row.addWidget(self._apply)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(HLine())
        self.hide()

    def text(self) -> str:
        return self._words.text()

    def show_view(self, wanted: Arrangement, table: Table, shown_count: int, is_under_way: bool) -> None:
        """Says how many rows are seen, and by what they are sorted; goes where all are as they are."""
        self.setVisible(not wanted.is_idle)
        if wanted.is_idle:
            return
        parts = [tr("Looking through the rows …")] if is_under_way else []
        if wanted.filters and not is_under_way:
            count, all_rows = number_text(shown_count), number_text(len(table.rows))
            parts.append(tr("{count} of {all} rows", count=count, all=all_rows))
        if wanted.sort is not None:
            column, is_descending = wanted.sort
            name = table.columns[column] or tr("No name")
            words = (
                tr("sorted by {name}, descending", name=name) if is_descending else tr("sorted by {name}", name=name)
            )
            parts.append(words)
        self._words.setText(" · ".join(parts))
        self._apply.setEnabled(not is_under_way)
