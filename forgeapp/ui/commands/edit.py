"""The menu Edit: steps back and forth, what is selected, copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forgeapp.domain.artifact import Kind
from forgeapp.ui.commands.command import EDIT, Command, needs_tab, needs_tab_in_view
from forgeapp.ui.wording import noop, tr

if TYPE_CHECKING:
    from forgeapp.ui.main_window import MainWindow


def _needs_words(window: MainWindow) -> str:
    active = window.workbench.artifacts.active
    is_image = active is not None and active.kind is Kind.IMAGE
    return tr("A picture is not changed in words") if is_image else needs_tab(window)


def _needs_cells(window: MainWindow) -> str:
    return needs_tab(window) or ("" if window.exporting.can_copy_table else tr("What is open has no cells"))


def _needs_undo(window: MainWindow) -> str:
    return needs_tab_in_view(window) or ("" if window.undo_stack.canUndo() else tr("There is nothing to undo"))


def _needs_redo(window: MainWindow) -> str:
    return needs_tab_in_view(window) or ("" if window.undo_stack.canRedo() else tr("There is nothing to redo"))


COMMANDS: tuple[Command, ...] = (
    Command(
        "edit.undo",
        noop("Undo"),
        lambda window: window.undo(),
        ("Ctrl+Z",),
        "undo-2",
        EDIT,
        _needs_undo,
    ),
    Command(
        "edit.redo",
        noop("Redo"),
        lambda window: window.redo(),
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        "redo-2",
        EDIT,
        _needs_redo,
    ),
    Command(
        "selection.change",
        noop("Change by the model…"),
        lambda window: window.open_quick_actions(),
        ("Ctrl+J",),
        "sparkles",
        EDIT,
        _needs_words,
    ),
    Command(
        "selection.ask",
        noop("Ask about this…"),
        lambda window: window.ask_about_selection(),
        ("Ctrl+Shift+A",),
        "message-circle",
        EDIT,
        needs_tab,
    ),
    Command(
        "copy.rich",
        noop("Copy as rich text"),
        lambda window: window.exporting.copy("rich"),
        (),
        "copy",
        EDIT,
        needs_tab,
    ),
    Command(
        "copy.markdown",
        noop("Copy as Markdown"),
        lambda window: window.exporting.copy("markdown"),
        (),
        "copy",
        EDIT,
        needs_tab,
    ),
    Command(
        "copy.table",
        noop("Copy as table (TSV)"),
        lambda window: window.exporting.copy("tsv"),
        (),
        "table-2",
        EDIT,
        _needs_cells,
    ),
)
