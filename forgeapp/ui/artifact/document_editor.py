"""The document editor: Markdown, and beside it how it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from forgeapp.ui.artifact.text.find_bar import FindBar
from forgeapp.ui.artifact.text.highlighter import Highlighter
from forgeapp.ui.artifact.text.live_blocks import LiveBlocks, Reading, count_words
from forgeapp.ui.artifact.text.markdown_keys import MarkdownKeys
from forgeapp.ui.artifact.text.markdown_lines import lex_markdown
from forgeapp.ui.artifact.text.reading_pane import ReadingPane
from forgeapp.ui.artifact.text.text_edit import TextEdit
from forgeapp.ui.controls import ElidedLabel, HLine, SegmentedControl
from forgeapp.ui.divider import Panes
from forgeapp.ui.theme import LABEL
from forgeapp.ui.wording import number_text, tr

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact, OpenText

BOTH_FROM: Final = 560
"""Below this width one of text and rendering is shown."""
_MIN_PANE: Final = 260
_COUNT_AFTER_MS: Final = 120


class MarkdownEdit(TextEdit):
    """The text, wrapped, with the keys of Markdown."""

    def __init__(self, artifact: OpenText, parent: QWidget | None = None) -> None:
        super().__init__(artifact, parent)
        self.setObjectName("document_text")
        self.setAccessibleName(tr("Markdown text"))
        self.set_placeholder(tr("Write here. Markdown makes headings, lists and tables."))
        self.keys = MarkdownKeys(self)
        keys = self.keys
        self.format_actions = [
            self.new_action(tr("Bold"), "Ctrl+B", lambda: keys.toggle("**"), "bold"),
            self.new_action(tr("Italic"), "Ctrl+I", lambda: keys.toggle("*"), "italic"),
            self.new_action(tr("Link"), "Ctrl+K", keys.add_link, "link"),
            self.new_action(tr("Heading 1"), "Ctrl+1", lambda: keys.set_heading(1), "heading-1"),
            self.new_action(tr("Heading 2"), "Ctrl+2", lambda: keys.set_heading(2), "heading-2"),
            self.new_action(tr("Heading 3"), "Ctrl+3", lambda: keys.set_heading(3), "heading-3"),
        ]

    def on_key(self, event: QKeyEvent) -> bool:
        if self.keys.on_key(event):
            return True
        # Where there is no list item to move, Tab goes to the next control.
        is_tab = event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        return is_tab and self.leave(event.key() == Qt.Key.Key_Tab)


class DocumentEditor(QWidget):
    """Edits an OpenText that is a document. Both sides scroll together; a narrow pane shows one at a time."""

    def __init__(self, artifact: OpenArtifact, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.artifact: OpenText = artifact  # type: ignore[assignment]
        self.setObjectName("document_editor")
        document = self.artifact.documents[0]
        self.text = MarkdownEdit(self.artifact)
        self.text.show_document(document)
        self.view = ReadingPane()
        self.view.blocks.pictures.jobs = workbench.jobs
        self.view.setObjectName("document_view")
        self.view.setAccessibleName(tr("How the document reads"))
        self.find_bar = FindBar(self.text)
        self._find = self.text.new_action(tr("Find"), "Ctrl+F", self._open_find, "search")
        self._replace = self.text.new_action(tr("Replace"), "Ctrl+H", lambda: self._open_find(True), "replace")
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
        """Nothing waits here: with each key the text is part of the artifact."""

    def actions_for_menu(self) -> list[QAction]:
        """What a menu may show of what this editor does."""
        return [*self.text.format_actions, self._find, self._replace]

    def _lay_out(self) -> None:
        writing = QWidget()
        column = QVBoxLayout(writing)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.find_bar)
        column.addWidget(self.text, 1)
        self._writing = writing
        self.panes = Panes(writing, self.view, words=tr("Divider between text and rendering"), min_pane=_MIN_PANE)
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
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.panes, 1)
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
        self.view.scrolled.connect(self._on_view_scrolled)
        self.switch.selected.connect(self._on_side_selected)
        self.destroyed.connect(self._blocks.close)

    def _show_sides(self) -> None:
        self.switch.setVisible(not self._is_wide)
        self._writing.setVisible(self._is_wide or self.switch.value == "write")
        self.view.setVisible(self._is_wide or self.switch.value == "read")
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

    def _tell_words(self) -> None:
        selected = self.text.textCursor().selectedText()
        if selected:
            words, characters = count_words(selected), len(selected)
            self.words.setText(
                tr("{words} words, {characters} characters selected", **_counts(words, characters))
                if words != 1
                else tr("1 word, {characters} characters selected", **_counts(words, characters))
            )
        elif self._counted is not None:
            words, characters = self._counted.words, self._counted.characters
            self.words.setText(
                tr("{words} words, {characters} characters", **_counts(words, characters))
                if words != 1
                else tr("1 word, {characters} characters", **_counts(words, characters))
            )

    def _on_read(self, reading: Reading) -> None:
        self._counted = reading
        self.view.show_reading(reading)
        self._tell_words()
        if self.text.hasFocus() or not self.view.has_focus:
            self._follow_text()

    def _on_text_scrolled(self) -> None:
        if not self._is_following:
            self._follow_text()

    def _on_view_scrolled(self) -> None:
        if self._is_following or not self._is_wide:
            return
        self._is_following = True
        self.text.show_line(self.view.top_line())
        self._is_following = False

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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= BOTH_FROM
        if is_wide != self._is_wide:
            self._is_wide = is_wide
            self._show_sides()


def _counts(words: int, characters: int) -> dict[str, str]:
    return {"words": number_text(words), "characters": number_text(characters)}
