"""Under the grid, while something of its sheet is hidden: what, and the way to show it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from forgeapp.domain.workbook import Hidden
from forgeapp.ui.controls import Button, ElidedLabel
from forgeapp.ui.theme import LABEL, color
from forgeapp.ui.wording import number_text, tr


class HiddenStrip(QWidget):
    """`show_asked()`: it is to be shown, here and in what is exported."""

    show_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("hidden_strip")
        self._words = ElidedLabel("", LABEL, role="ink_2")
        self._words.setObjectName("hidden_words")
        self._show = Button(tr("Show"), kind="quiet", small=True)
        self._show.setObjectName("show_hidden")
        self._show.setToolTip(tr("Shows it here and in exports; Undo hides it again"))
        self._show.clicked.connect(self.show_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 8, 2)
        row.setSpacing(8)
        row.addWidget(self._words, 1)
        row.addWidget(self._show)
        self.hide()

    @property
    def words(self) -> str:
        """All that is told, '' for nothing."""
        return "" if self.isHidden() else self._words.text()

    @property
    def reached(self) -> list[QWidget]:
        """What Tab comes to."""
        return [self._show]

    def tell(self, hidden: Hidden, is_sheet: bool) -> None:
        """`is_sheet`: the sheet in view is a hidden one."""
        words = _words(hidden, is_sheet)
        self._words.setText(words)
        self._show.setAccessibleName(tr("Show: {words}", words=words))
        self.setVisible(bool(words))

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), color("sunken"))


def _words(hidden: Hidden, is_sheet: bool) -> str:
    """What it is, as the export card says it: pages leave it out, XLSX keeps it hidden."""
    if is_sheet:
        return tr("This sheet is hidden, not on pages")
    rows, columns = len(hidden.rows), len(hidden.columns)
    row_words = tr("1 hidden row") if rows == 1 else tr("{count} hidden rows", count=number_text(rows))
    column_words = tr("1 hidden column") if columns == 1 else tr("{count} hidden columns", count=number_text(columns))
    if rows and columns:
        return tr("{rows} and {columns}, not on pages", rows=row_words, columns=column_words)
    return tr("{lines}, not on pages", lines=row_words if rows else column_words) if rows or columns else ""
