"""The menu Edit: steps back and forth, what is selected, copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forgeapp.domain.artifact import Kind
from forgeapp.ui.commands.command import EDIT, Command, has_tab, sees_tab
from forgeapp.ui.wording import noop

if TYPE_CHECKING:
    from forgeapp.ui.main_window import MainWindow


def _has_words(window: MainWindow) -> bool:
    """Whether what is open can be changed in words; a picture cannot."""
    active = window.workbench.artifacts.active
    return active is not None and active.kind is not Kind.IMAGE


COMMANDS: tuple[Command, ...] = (
    Command(
        "edit.undo",
        noop("Undo"),
        lambda window: window.undo(),
        ("Ctrl+Z",),
        "undo-2",
        EDIT,
        lambda window: sees_tab(window) and window.undo_stack.canUndo(),
    ),
    Command(
        "edit.redo",
        noop("Redo"),
        lambda window: window.redo(),
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        "redo-2",
        EDIT,
        lambda window: sees_tab(window) and window.undo_stack.canRedo(),
    ),
    Command(
        "selection.change",
        noop("Change by the model…"),
        lambda window: window.open_quick_actions(),
        ("Ctrl+J",),
        "sparkles",
        EDIT,
        _has_words,
    ),
    Command(
        "selection.ask",
        noop("Ask about this…"),
        lambda window: window.ask_about_selection(),
        ("Ctrl+Shift+A",),
        "message-circle",
        EDIT,
        has_tab,
    ),
    Command(
        "copy.rich",
        noop("Copy as rich text"),
        lambda window: window.exporting.copy("rich"),
        (),
        "copy",
        EDIT,
        has_tab,
    ),
    Command(
        "copy.markdown",
        noop("Copy as Markdown"),
        lambda window: window.exporting.copy("markdown"),
        (),
        "copy",
        EDIT,
        has_tab,
    ),
    Command(
        "copy.table",
        noop("Copy as table (TSV)"),
        lambda window: window.exporting.copy("tsv"),
        (),
        "table-2",
        EDIT,
        lambda window: window.exporting.can_copy_table,
    ),
)
