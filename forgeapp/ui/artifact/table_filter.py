"""The card that filters a table by one of its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QWidget

from forgeapp.domain.arrangement import Blanks, ColumnFilter, common_values
from forgeapp.domain.column_types import ColumnType, bound_of
from forgeapp.domain.columns import folded
from forgeapp.domain.dates import date_of
from forgeapp.ui.artifact.table_values import ValueList
from forgeapp.ui.artifact.table_words import sort_words
from forgeapp.ui.controls import Button, HLine, Label, Popover, SearchField, SegmentedControl
from forgeapp.ui.jobs import Lane, ignore_cancelled
from forgeapp.ui.theme import BODY, LABEL, px
from forgeapp.ui.wording import number_text, tr

if TYPE_CHECKING:
    from forgeapp.domain.columns import TableColumns
    from forgeapp.ui.workbench import Workbench

_MAX_VALUES = 500
_AT_ONCE = 2_000
_WIDTH = 300


class FilterPopover(Popover):
    """`filtered(ColumnFilter)` by Enter or its button, an idle one to see all again; `sort_chosen(is_descending)`."""

    filtered = Signal(object)
    sort_chosen = Signal(bool)

    def __init__(
        self, columns: TableColumns, column: int, now: ColumnFilter, workbench: Workbench, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._columns = columns
        self._column = column
        self._now = now
        self.setObjectName("filter_popover")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        name = columns.table.columns[column] or tr("No name")
        self.setAccessibleName(tr("Filter {name}", name=name))
        self.content.addWidget(Label(self.accessibleName(), BODY, weight=600))
        self._add_sorts(columns.type_of(column))
        self._contains = _field(tr("Contains"), "filter_contains", now.contains)
        self.content.addWidget(self._contains)
        self._bounds: tuple[QLineEdit, QLineEdit] | None = None
        self._fault = Label("", LABEL, role="bad")
        self._fault.setWordWrap(True)
        self._fault.hide()
        if columns.type_of(column) is not ColumnType.TEXT:
            self._add_bounds(now)
        self._add_blanks(now.blanks)
        self._values = ValueList(now.among or frozenset())
        self._search = SearchField(tr("Search values"))
        self._search.setObjectName("filter_search")
        self._search.textChanged.connect(lambda words: self._values.show_only(folded(words)))
        self._note = Label("", LABEL, role="ink_3")
        self._note.hide()
        for widget in (self._search, self._values, self._note):
            self.content.addWidget(widget)
        self._add_buttons()
        self.setFixedWidth(px(_WIDTH) + self.content.contentsMargins().left() + self.content.contentsMargins().right())
        self._look_at_values(workbench)

    def _add_sorts(self, kind: ColumnType) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        for is_descending, icon_name in ((False, "arrow-up"), (True, "arrow-down")):
            button = Button(sort_words(kind, is_descending), icon_name, small=True)
            button.setObjectName("sort_down" if is_descending else "sort_up")
            button.clicked.connect(lambda _checked=False, down=is_descending: self._sort(down))
            row.addWidget(button, 1)
        self.content.addLayout(row)
        self.content.addWidget(HLine())

    def _add_bounds(self, now: ColumnFilter) -> None:
        grid = QGridLayout()
        grid.setSpacing(8)
        least = _field(tr("From"), "filter_from", self._worded(now.least))
        most = _field(tr("To"), "filter_to", self._worded(now.most))
        self._bounds = least, most
        for place, each in enumerate(self._bounds):
            grid.addWidget(each, 0, place)
        self.content.addLayout(grid)
        self.content.addWidget(self._fault)

    def _worded(self, bound: float | None) -> str:
        if bound is None:
            return ""
        kind = self._columns.type_of(self._column)
        if kind is ColumnType.DATE:
            return date_of(int(bound)).isoformat()
        return f"{round(bound * 100, 6):g} %" if kind is ColumnType.PERCENT else f"{bound:.12g}"

    def _add_blanks(self, now: Blanks) -> None:
        words = ((Blanks.ANY, tr("All")), (Blanks.HIDDEN, tr("Not blank")), (Blanks.ONLY, tr("Blank")))
        self._blanks = SegmentedControl([(key.value, text) for key, text in words], now.value)
        self._blanks.setObjectName("filter_blanks")
        self._blanks.setAccessibleName(tr("Blank cells"))
        self.content.addWidget(self._blanks)

    def _add_buttons(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        clear = Button(tr("Clear filter"), kind="quiet")
        clear.setObjectName("filter_clear")
        clear.setEnabled(not self._now.is_idle)
        clear.clicked.connect(lambda: self._end(ColumnFilter()))
        take = Button(tr("Filter"), kind="primary")
        take.setObjectName("filter_take")
        take.clicked.connect(self._take)
        row.addWidget(clear)
        row.addStretch(1)
        row.addWidget(take)
        self.content.addLayout(row)

    def _look_at_values(self, workbench: Workbench) -> None:
        columns, column = self._columns, self._column
        if len(columns.table.rows) <= _AT_ONCE:
            self._show_values(*common_values(columns, column, _MAX_VALUES))
            return
        self._tell(tr("Looking through the rows …"))

        def look(_cancel: object) -> tuple[list[tuple[str, int]], int]:
            columns.typed(column)  # so that what is written into the fields can be read at once
            return common_values(columns, column, _MAX_VALUES)

        job = workbench.jobs.run(
            look,
            lambda found: self._show_values(*found),
            ignore_cancelled(workbench.failed.emit),
            Lane.VIEWS,
        )
        self.closed.connect(job.drop)

    def _show_values(self, values: list[tuple[str, int]], count: int) -> None:
        self._values.show_values(values)
        most, all_values = number_text(len(values)), number_text(count)
        if count > len(values):
            self._tell(tr("The {most} most frequent of {count} values", most=most, count=all_values))
        else:
            self._note.hide()

    def _tell(self, words: str) -> None:
        self._note.setText(words)
        self._note.show()

    def _take(self) -> None:
        least = most = None
        if self._bounds is not None:
            typed = self._columns.typed(self._column)
            found: list[float | None] = []
            for field in self._bounds:
                text = field.text().strip()
                bound = bound_of(text, typed) if text else None
                if text and bound is None:
                    self._refuse(field, typed.type)
                    return
                found.append(bound)
            least, most = found
        among = self._values.ticked() or None
        self._end(ColumnFilter(self._contains.text().strip(), among, least, most, Blanks(self._blanks.value)))

    def _refuse(self, field: QLineEdit, kind: ColumnType) -> None:
        is_date = kind is ColumnType.DATE
        self._fault.setText(tr("Write a date such as 2026-01-31.") if is_date else tr("Write a number such as 12.50."))
        self._fault.show()
        self.adjustSize()
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        field.selectAll()

    def _sort(self, is_descending: bool) -> None:
        self.sort_chosen.emit(is_descending)
        self.close()

    def _end(self, wanted: ColumnFilter) -> None:
        self.filtered.emit(wanted)
        self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
            return
        super().keyPressEvent(event)


def _field(words: str, name: str, text: str) -> QLineEdit:
    field = QLineEdit(text)
    field.setPlaceholderText(words)
    field.setAccessibleName(words)
    field.setObjectName(name)
    return field
