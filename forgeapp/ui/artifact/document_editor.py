"""A document: its Markdown on the left, how it reads on the right, both at the same place."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from forgeapp.domain.document import Document
from forgeapp.domain.word_count import count_words, read_text
from forgeapp.ui.artifact.asking import Asking
from forgeapp.ui.artifact.selections import selected_lines
from forgeapp.ui.artifact.text.find_bar import FindBar
from forgeapp.ui.artifact.text.format_bar import FormatBar
from forgeapp.ui.artifact.text.highlighter import Highlighter
from forgeapp.ui.artifact.text.live_blocks import LiveBlocks, Reading
from forgeapp.ui.artifact.text.markdown_edit import MarkdownEdit
from forgeapp.ui.artifact.text.markdown_lines import lex_markdown
from forgeapp.ui.artifact.text.outline_side import OutlineSide
from forgeapp.ui.artifact.text.reading_pane import ReadingPane
from forgeapp.ui.artifact.text.table_side import TableSide
from forgeapp.ui.controls import ElidedLabel, HLine, SegmentedControl
from forgeapp.ui.divider import Panes
from forgeapp.ui.theme import LABEL
from forgeapp.ui.wording import number_text, tr

if TYPE_CHECKING:
    from forgeapp.domain.request import Selection
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact, OpenText

BOTH_FROM: Final = 560
"""Below this width one of text and rendering is shown."""
WORDS_A_MINUTE: Final = 220
"""Read silently, in running text."""
_TIME_FROM: Final = 440
_MIN_PANE: Final = 260
_COUNT_AFTER_MS: Final = 120


class DocumentEditor(QWidget):
    """Edits an OpenText that is a document. Both sides scroll together; a narrow pane shows one at a time."""

    def __init__(self, artifact: OpenArtifact, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.artifact: OpenText = artifact  # type: ignore[assignment]
        self.setObjectName("document_editor")
        document = self.artifact.documents[0]
        self.text = MarkdownEdit(self.artifact, workbench)
        self.text.show_document(document)
        self.view = ReadingPane()
        self.view.blocks.pictures.jobs = workbench.jobs
        self.view.setObjectName("document_view")
        self.view.setAccessibleName(tr("How the document reads"))
        self.asking = Asking(self, self.text, artifact, workbench)
        self.find_bar = FindBar(self.text)
        self._find = self.text.new_action(tr("Find"), "Ctrl+F", self._open_find, "search")
        self._replace = self.text.new_action(tr("Replace"), "Ctrl+H", lambda: self._open_find(True), "replace")
        self.outline = OutlineSide(self)
        self.outline.chosen.connect(self.go_to_line)
        self.tables = TableSide(self.text, self)
        self._highlighter = Highlighter(self.text)
        self._highlighter.show(document, lex_markdown)
        self._blocks = LiveBlocks(workbench, document, self)
        self._is_following = False
        self._is_wide = True
        self._counted: Reading | None = None
        self._count_late = QTimer(self)
        self._count_late.setSingleShot(True)
        self._count_late.setInterval(_COUNT_AFTER_MS)
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.text)
        self._blocks.read_now()

    def finish_editing(self) -> None:
        """With each key the text is part of the artifact; a table that is open as a grid is taken."""
        self.tables.take()

    def selection_for_asking(self, is_chosen: bool = False) -> Selection | None:
        """What is selected of the text; `is_chosen`: where nothing is, the line of the cursor."""
        return selected_lines(self.text, is_chosen=is_chosen)

    def selection_for_copying(self) -> Document | None:
        """The selected text; None for all of it."""
        selected = selected_lines(self.text)
        return Document(None, selected.text) if selected is not None else None

    def actions_for_menu(self) -> list[QAction]:
        """What a menu may show of what this editor does."""
        return [*self.text.format_actions, self.outline.action, self._find, self._replace]

    def go_to_line(self, line: int) -> None:
        """Both sides show it at the top; the cursor stands at its beginning."""
        block = self.text.document().findBlockByNumber(line)
        self.text.select(block.position(), block.position())
        self._is_following = True
        self.text.show_line(line)
        self.view.show_line(line)
        self._is_following = False
        if self.text.isVisible():
            self.text.setFocus(Qt.FocusReason.OtherFocusReason)
        self._mark_section()

    def _lay_out(self) -> None:
        writing = QWidget()
        column = QVBoxLayout(writing)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.format_bar = FormatBar([[(self.outline.action, "list-tree")], *self.text.bar_groups])
        column.addWidget(self.format_bar)
        column.addWidget(HLine("line_2"))
        column.addWidget(self.text, 1)
        self._writing = writing
        self._reading = QStackedWidget()
        self._reading.addWidget(self.view)
        self._reading.addWidget(self.tables)
        self.panes = Panes(writing, self._reading, words=tr("Divider between text and rendering"), min_pane=_MIN_PANE)
        self.panes.setObjectName("document_panes")
        self.switch = SegmentedControl([("write", tr("Write")), ("read", tr("Read"))])
        self.switch.setObjectName("document_switch")
        self.switch.setAccessibleName(tr("Write or read"))
        self.words = ElidedLabel("", LABEL, role="ink_3")
        self.words.setObjectName("word_count")
        foot = QWidget()
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        foot.setProperty("look", "surface")
        foot.setMinimumHeight(36)
        row = QHBoxLayout(foot)
        row.setContentsMargins(12, 4, 16, 4)
        row.setSpacing(8)
        row.addWidget(self.switch)
        row.addStretch(1)
        row.addWidget(self.words)
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.outline)
        middle.addWidget(self.panes, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.find_bar)
        whole.addLayout(middle, 1)
        whole.addWidget(HLine("line"))
        whole.addWidget(foot)
        self._foot = foot
        self._show_sides()

    def _connect(self) -> None:
        self._blocks.read.connect(self._on_read)
        self._count_late.timeout.connect(self._tell_words)
        self.text.selectionChanged.connect(self._count_late.start)
        self.text.scrolled.connect(self._on_text_scrolled)
        self.text.restyled.connect(self._on_restyled)
        self.text.cursorPositionChanged.connect(self._mark_section)
        self.text.grid_asked.connect(self.tables.open_at_cursor)
        self.view.scrolled.connect(self._on_view_scrolled)
        self.view.table_asked.connect(self.tables.open_in)
        self.tables.opened.connect(self._on_grid_opened)
        self.tables.closed.connect(self._on_grid_closed)
        self.switch.selected.connect(self._on_side_selected)
        self.destroyed.connect(self._blocks.close)

    def _show_sides(self) -> None:
        has_grid = self.tables.is_open
        self.switch.setVisible(not self._is_wide and not has_grid)
        self._writing.setVisible(self._is_wide or (self.switch.value == "write" and not has_grid))
        self._reading.setVisible(self._is_wide or self.switch.value == "read" or has_grid)
        self._reading.setCurrentWidget(self.tables if has_grid else self.view)
        if self._is_wide:
            self.panes.set_share(self.panes.share)

    def _open_find(self, replacing: bool = False) -> None:
        self.find_bar.open(replacing)

    def _follow_text(self) -> None:
        """The rendering shows what the text does."""
        if not self.view.isVisible():
            return
        bar = self.text.verticalScrollBar()
        self._is_following = True
        is_at_end = bar.maximum() > 0 and bar.value() >= bar.maximum()
        self.view.show_line(self.text.top_line() if not is_at_end else float("inf"))
        self._is_following = False

    def _mark_section(self) -> None:
        """The outline marks the section of the cursor where one writes, else the one at the top."""
        if not self.outline.isVisible():
            return
        is_writing = self.text.isVisible() and (self.text.hasFocus() or self.text.cursor_is_in_sight)
        line = self.text.textCursor().blockNumber() if is_writing else self.view.top_line() + 0.5
        self.outline.mark_line(line)

    def _tell_words(self) -> None:
        selected = self.text.textCursor().selectedText()
        if selected:
            words, characters = count_words(selected), len(read_text(selected))
            counts = _counts(words, characters)
            if words == 1:
                told = tr("1 word, {characters} characters selected", **counts)
            else:
                told = tr("{words} words, {characters} characters selected", **counts)
            self.words.setText(tr("1 character selected") if characters == 1 else told)
        elif self._counted is not None:
            words, characters = self._counted.words, self._counted.characters
            told = (
                tr("{words} words, {characters} characters", **_counts(words, characters))
                if words != 1
                else tr("1 word, {characters} characters", **_counts(words, characters))
            )
            minutes = ceil(words / WORDS_A_MINUTE)
            if minutes > 1 and self.width() >= _TIME_FROM:
                told += " · " + tr("{minutes} min to read", minutes=number_text(minutes))
            self.words.setText(told)

    def _on_read(self, reading: Reading) -> None:
        self.view.show_reading(reading)
        if not reading.is_whole:
            return
        self._counted = reading
        self.outline.show_headings(reading.headings)
        self._mark_section()
        self._tell_words()
        if self.text.hasFocus() or not self.view.has_focus:
            self._follow_text()

    def _on_text_scrolled(self) -> None:
        if not self._is_following:
            self._follow_text()
            self._mark_section()

    def _on_view_scrolled(self) -> None:
        if not self._is_following and self._is_wide:
            self._is_following = True
            self.text.show_line(self.view.top_line())
            self._is_following = False
        self._mark_section()

    def _on_restyled(self) -> None:
        self._highlighter.restyle(self.text.firstVisibleBlock().blockNumber())

    def _on_side_selected(self, side: str) -> None:
        line = self.text.top_line() if side == "read" else self.view.top_line()
        self._show_sides()
        self._is_following = True
        if side == "read":
            self.view.show_line(line)
        else:
            self.text.show_line(line)
            self.text.setFocus()
        self._is_following = False

    def _on_grid_opened(self) -> None:
        self._show_sides()
        self.tables.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_grid_closed(self) -> None:
        self._show_sides()
        (self.text if self.text.isVisible() else self.view).setFocus(Qt.FocusReason.OtherFocusReason)
        self._follow_text()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.outline.fit(self.width(), BOTH_FROM)
        is_wide = self.width() - self.outline.taken_width >= BOTH_FROM
        if is_wide != self._is_wide:
            self._is_wide = is_wide
            self._show_sides()
        self._tell_words()


def _counts(words: int, characters: int) -> dict[str, str]:
    return {"words": number_text(words), "characters": number_text(characters)}
