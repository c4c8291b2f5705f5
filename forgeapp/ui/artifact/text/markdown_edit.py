"""The text of a document: Markdown, with the keys that format it and the pictures that are put into it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QImage, QKeyEvent, QTextCursor

from forgeapp.domain.cancel import CancelToken
from forgeapp.ui.artifact.text.inserted_pictures import (
    Prepared,
    markdown_for,
    pasted_image,
    picture_paths,
    prepared_file,
    prepared_image,
)
from forgeapp.ui.artifact.text.markdown_keys import MarkdownKeys
from forgeapp.ui.artifact.text.positions import units
from forgeapp.ui.artifact.text.text_edit import TextEdit
from forgeapp.ui.carried_text import folded, raw_text
from forgeapp.ui.controls import Menu
from forgeapp.ui.icons import icon
from forgeapp.ui.jobs import Lane
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenText

MAX_DROPPED: Final = 10
"""Pictures at once."""


class MarkdownEdit(TextEdit):
    """The text, wrapped. `grid_asked`: edit the table at the cursor as a grid, or make one."""

    grid_asked = Signal()

    def __init__(self, artifact: OpenText, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(artifact, parent)
        self._workbench = workbench
        self.setObjectName("document_text")
        self.setAccessibleName(tr("Markdown text"))
        self.set_placeholder(tr("Write here. Markdown makes headings, lists and tables."))
        self.keys = MarkdownKeys(self)
        self._make_actions()

    @property
    def format_actions(self) -> list[QAction]:
        """All of them, headings one by one."""
        return [
            *self.heading_actions,
            *(action for group in self._groups for action, _ in group[:] if not action.menu()),
        ]

    @property
    def bar_groups(self) -> list[list[tuple[QAction, str]]]:
        """What a format bar shows: actions with their icons."""
        return [list(group) for group in self._groups]

    def _make_actions(self) -> None:
        keys = self.keys

        def action(name: str, text: str, shortcut: str, act: Callable[[], object], icon_name: str) -> QAction:
            made = self.new_action(text, shortcut, act, icon_name)
            made.setObjectName(name)
            return made

        self.heading_actions = [
            action(
                f"heading_{level}",
                tr("Heading {level}", level=level),
                f"Ctrl+{level}",
                lambda level=level: keys.set_heading(level),  # type: ignore[misc]
                f"heading-{level}",
            )
            for level in range(1, 7)
        ]
        headings = QAction(icon("heading"), tr("Heading"), self)
        headings.setObjectName("heading")
        menu = Menu(self)
        menu.addActions(self.heading_actions)
        headings.setMenu(menu)
        rows = (
            (
                ("bold", tr("Bold"), "Ctrl+B", lambda: keys.toggle("**"), "bold"),
                ("italic", tr("Italic"), "Ctrl+I", lambda: keys.toggle("*"), "italic"),
                ("strike", tr("Struck through"), "Ctrl+Shift+X", lambda: keys.toggle("~~"), "strikethrough"),
                ("code", tr("Code"), "Ctrl+`", lambda: keys.toggle("`"), "code"),
                ("link", tr("Link"), "Ctrl+K", keys.add_link, "link"),
            ),
            (
                ("bullets", tr("List"), "Ctrl+Shift+L", lambda: keys.set_list("bullets"), "list"),
                ("numbers", tr("Numbered list"), "Ctrl+Shift+N", lambda: keys.set_list("numbers"), "list-ordered"),
                ("tasks", tr("Tasks"), "Ctrl+Shift+K", lambda: keys.set_list("tasks"), "list-todo"),
            ),
            (
                ("quote", tr("Quotation"), "Ctrl+Shift+Q", keys.toggle_quote, "text-quote"),
                ("code_block", tr("Block of code"), "Ctrl+Shift+B", keys.toggle_code_block, "square-code"),
                ("table", tr("Table as a grid"), "Ctrl+Shift+G", self.grid_asked.emit, "table"),
            ),
        )
        made = [[(action(*row), row[4]) for row in group] for group in rows]
        self._groups = [[(headings, "heading"), *made[0]], *made[1:]]

    def on_key(self, event: QKeyEvent) -> bool:
        if self.keys.on_key(event):
            return True
        # Where there is no list item to move, Tab goes to the next control.
        is_tab = event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        return is_tab and self.leave(event.key() == Qt.Key.Key_Tab)

    # Pictures.

    def takes_files(self, mime: QMimeData) -> bool:
        """Whether what is dropped is to stand in the text."""
        return not self.isReadOnly() and bool(picture_paths(mime))

    def add_pictures(self, paths: list[Path]) -> None:
        """Where the cursor is, once they are read; those that cannot be are told."""
        self._prepare([lambda path=path: prepared_file(path) for path in paths[:MAX_DROPPED]])  # type: ignore[misc]

    def add_image(self, image: QImage) -> None:
        self._prepare([lambda: prepared_image(image)])

    def _prepare(self, makers: list[Callable[[], Prepared]]) -> None:
        cursor = QTextCursor(self.textCursor())
        cursor.setKeepPositionOnInsert(False)

        def work(token: CancelToken) -> list[Prepared | Exception]:
            made: list[Prepared | Exception] = []
            for make in makers:
                token.check()
                try:
                    made.append(make())
                except Exception as error:  # noqa: BLE001 - one that fails does not keep the others out
                    made.append(error)
            return made

        def take(made: list[Prepared | Exception]) -> None:
            for error in (item for item in made if isinstance(item, Exception)):
                self._workbench.failed.emit(error)
            self._put(cursor, [item for item in made if isinstance(item, Prepared)])

        self._workbench.jobs.run(work, take, lane=Lane.FILES)

    def _put(self, cursor: QTextCursor, pictures: list[Prepared]) -> None:
        if not pictures or self.isReadOnly():
            return
        marks, definitions = markdown_for(raw_text(self.document()), pictures)
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        self.begin_step()
        whole = QTextCursor(self.document())
        whole.beginEditBlock()
        whole.movePosition(QTextCursor.MoveOperation.End)
        is_at_end = end == whole.position()
        if not is_at_end:
            whole.insertText(folded(definitions))
        whole.setPosition(start)
        whole.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        whole.insertText(marks)
        if is_at_end:
            whole.insertText(folded("\n\n" + definitions.lstrip("\n")))
        whole.endEditBlock()
        place = start + units(marks)
        self.select(place, place)
        self.ensureCursorVisible()
        self.begin_step()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return bool(picture_paths(source)) or source.hasImage() or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        paths = picture_paths(source)
        image = None if paths else pasted_image(source)
        if self.isReadOnly():
            return
        if paths:
            self.add_pictures(paths)
        elif image is not None:
            self.add_image(image)
        elif source.hasText():
            folding = QMimeData()
            folding.setText(folded(source.text()))
            super().insertFromMimeData(folding)

    def new_menu(self) -> Menu:
        menu = super().new_menu()
        held = QGuiApplication.clipboard().mimeData()
        if held is not None and self.canInsertFromMimeData(held):
            for action in menu.actions():
                if action.text() == tr("Paste"):
                    action.setEnabled(not self.isReadOnly())
        return menu
