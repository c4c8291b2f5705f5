"""Tables of a document as grids: what asks for one, where it stands, and what it writes back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from forgeapp.ui.artifact.text.highlighter import Highlighter
from forgeapp.ui.artifact.text.markdown_edit import MarkdownEdit
from forgeapp.ui.artifact.text.markdown_tables import TextTable, table_at, tables_in
from forgeapp.ui.artifact.text.table_grid import TableGrid
from forgeapp.ui.carried_text import raw_text
from forgeapp.ui.controls import Button
from forgeapp.ui.wording import tr

_LATE_MS = 60
_NEAR_LINES = 1_002


class TableSide(QWidget):
    """Holds the grid of one table at a time, and the button beside the table that the cursor is in.

    `opened` and `closed` tell of the grid. What it gives is one step of the text's undo.
    """

    opened = Signal()
    closed = Signal()

    def __init__(self, text: MarkdownEdit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self.grid: TableGrid | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.button = Button(tr("Edit as grid"), "table", small=True, parent=text.viewport())
        self.button.setObjectName("edit_as_grid")
        self.button.setToolTip(tr("Edit as grid") + "  Ctrl+Shift+G")
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button.setCursor(Qt.CursorShape.ArrowCursor)
        self.button.hide()
        self.button.clicked.connect(self.open_at_cursor)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_LATE_MS)
        self._late.timeout.connect(self._show_button)
        text.cursorPositionChanged.connect(self._late.start)
        text.textChanged.connect(self._late.start)
        text.scrolled.connect(self._show_button)
        text.viewport().installEventFilter(self)

    @property
    def is_open(self) -> bool:
        return self.grid is not None

    def open_at_cursor(self) -> None:
        """The table at the cursor; where there is none, a new one."""
        lines = raw_text(self._text.document()).split("\n")
        number = self._text.textCursor().blockNumber()
        for table in tables_in(lines, 0, len(lines)):
            if table.first <= number <= table.last:
                self._open(table, max(number - table.first - 1, 0))
                return
        self._open(_new_table(lines, number))

    def open_in(self, first: int, lines: int, number: int) -> None:
        """The table with this number, from 0, among those in `lines` lines of the text from `first` on."""
        text = raw_text(self._text.document()).split("\n")
        tables = tables_in(text, first, first + lines)
        if number < len(tables):
            self._open(tables[number])

    def take(self) -> None:
        """What is open is written into the text."""
        if self.grid is not None:
            self.grid.take()

    def _open(self, table: TextTable, row: int = 0) -> None:
        if self._text.isReadOnly():
            return
        self.take()
        self._before = self._lines_of(table)
        self.grid = TableGrid(table)
        self.grid.cells.setCurrentCell(row, 0)
        self.grid.taken.connect(self._on_taken)
        self.grid.left.connect(self._close)
        self._column.addWidget(self.grid)
        self.setFocusProxy(self.grid)
        self.button.hide()
        self.opened.emit()

    def _lines_of(self, table: TextTable) -> str:
        lines = raw_text(self._text.document()).split("\n")
        return "\n".join(lines[table.first : table.last + 1])

    def _on_taken(self, markdown: str) -> None:
        assert self.grid is not None
        table = self.grid.table
        document = self._text.document()
        if table.last < table.first:
            block = document.findBlockByNumber(table.first)
            before = "" if not block.previous().isValid() or not block.previous().text().strip() else "\n"
            after = "" if not block.text().strip() and not block.next().text().strip() else "\n"
            start = block.position()
            self._text.edit_text(start, start, before + markdown + after + ("\n" if block.text().strip() else ""))
        elif self._lines_of(table) == self._before:
            # Had the text changed there meanwhile, by a model's step, that would be written over.
            last = document.findBlockByNumber(table.last)
            start = document.findBlockByNumber(table.first).position()
            self._text.edit_text(start, last.position() + last.length() - 1, markdown)
            self._text.select(start, start)
        self._close()

    def _close(self) -> None:
        grid, self.grid = self.grid, None
        if grid is not None:
            self.setFocusProxy(None)  # type: ignore[arg-type]
            self._column.removeWidget(grid)
            grid.hide()
            grid.deleteLater()
            self.closed.emit()
            self._late.start()

    def _show_button(self) -> None:
        """At the right edge, above the table's first line that is in sight."""
        table = None if self.is_open or self._text.isReadOnly() else self._near_table()
        if table is None:
            self.button.hide()
            return
        text = self._text
        block = text.document().findBlockByNumber(table.first)
        area = text.blockBoundingGeometry(block).translated(text.contentOffset())
        last = text.document().findBlockByNumber(table.last)
        end = text.blockBoundingGeometry(last).translated(text.contentOffset()).bottom()
        size = self.button.sizeHint()
        top = max(round(area.top()) - size.height(), 4)
        if end < 4 or top > text.viewport().height():
            self.button.hide()
            return
        self.button.setGeometry(text.viewport().width() - size.width() - 8, top, size.width(), size.height())
        self.button.show()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and not self._late.isActive():
            self._late.start()
        return False

    def _near_table(self) -> TextTable | None:
        """The one the cursor is in, looked for in the lines around it only."""
        block = self._text.textCursor().block()
        number = block.blockNumber()
        if "|" not in block.text() or self._is_code(number):
            return None
        first = block
        while first.previous().isValid() and "|" in first.text() and number - first.blockNumber() < _NEAR_LINES:
            first = first.previous()
        lines: list[str] = []
        at = first
        while at.isValid() and ("|" in at.text() or at.blockNumber() <= number) and len(lines) < 2 * _NEAR_LINES:
            lines.append(at.text())
            at = at.next()
        table = table_at(lines, number - first.blockNumber())
        if table is None:
            return None
        begin = first.blockNumber()
        return TextTable(table.first + begin, table.last + begin, table.lead, table.cells, table.alignments)

    def _is_code(self, line: int) -> bool:
        highlighter = self._text.findChild(Highlighter)
        return highlighter is not None and any(style == "code_line" for _, _, style in highlighter.spans(line))


def _new_table(lines: list[str], number: int) -> TextTable:
    """One that stands nowhere yet: its last line is above its first. Put behind the paragraph at the cursor."""
    while number < len(lines) and lines[number].strip():
        number += 1
    cells = (("", "", ""),) * 3
    return TextTable(min(number, len(lines) - 1), min(number, len(lines) - 1) - 1, "", cells, (None,) * 3)
