"""The menu File: what begins, opens, leaves and is exported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forgeapp.domain.artifact import Kind
from forgeapp.ui.commands.command import FILE, Act, Command, needs_tab, needs_tab_in_view
from forgeapp.ui.wording import noop, tr

if TYPE_CHECKING:
    from forgeapp.ui.main_window import MainWindow


def _make(kind: Kind) -> Act:
    return lambda window: window.workbench.artifacts.make_blank(kind)


def _needs_conversation(window: MainWindow) -> str:
    return "" if window.exporting.conversation is not None else tr("No conversation is open")


COMMANDS: tuple[Command, ...] = (
    Command(
        "conversation.new",
        noop("New conversation"),
        lambda window: window.new_conversation(),
        ("Ctrl+N",),
        "plus",
        FILE,
    ),
    Command("table.new", noop("New table"), _make(Kind.TABLE), ("Ctrl+Shift+T",), "table-2", FILE),
    Command(
        "document.new",
        noop("New document"),
        _make(Kind.DOCUMENT),
        ("Ctrl+Shift+D",),
        "file-text",
        FILE,
    ),
    Command(
        "spreadsheet.new",
        noop("New spreadsheet"),
        _make(Kind.SPREADSHEET),
        ("Ctrl+Shift+S",),
        "file-spreadsheet",
        FILE,
    ),
    Command("code.new", noop("New code"), _make(Kind.CODE), ("Ctrl+Shift+C",), "file-code", FILE),
    Command(
        "file.open",
        noop("Open a file…"),
        lambda window: window.open_file(),
        ("Ctrl+O",),
        "folder-open",
        FILE,
    ),
    Command(
        "artifact.export",
        noop("Export…"),
        lambda window: window.export(),
        ("Ctrl+E",),
        "download",
        FILE,
        needs_tab,
    ),
    Command(
        "artifact.quick_export",
        noop("Quick export"),
        lambda window: window.exporting.quick_export(),
        ("F12",),
        "zap",
        FILE,
        needs_tab,
    ),
    Command(
        "artifact.save_as",
        noop("Save as…"),
        lambda window: window.save_artifact_as(),
        ("Ctrl+Shift+E",),
        "save",
        FILE,
        needs_tab,
    ),
    Command(
        "artifact.import",
        noop("Import as next version…"),
        lambda window: window.import_version(),
        (),
        "upload",
        FILE,
        needs_tab,
    ),
    Command(
        "artifact.close",
        noop("Close the tab"),
        lambda window: window.close_tab(),
        ("Ctrl+W",),
        "x",
        FILE,
        needs_tab_in_view,
    ),
    Command(
        "exports.conversation",
        noop("Export all of this conversation…"),
        lambda window: window.exporting.export_conversation(),
        (),
        "package",
        FILE,
        _needs_conversation,
    ),
    Command(
        "exports.folder",
        noop("Folder for quick exports…"),
        lambda window: window.exporting.choose_quick_folder(),
        (),
        "folder",
        FILE,
    ),
    Command(
        "exports.show",
        noop("Show the exports"),
        lambda window: window.exporting.show_list(),
        ("Ctrl+Shift+J",),
        "list",
        FILE,
    ),
    Command(
        "archive.export",
        noop("Export everything…"),
        lambda window: window.exporting.archiving.export_all(),
        (),
        "archive",
        FILE,
        lambda window: window.exporting.archiving.obstacle,
    ),
    Command(
        "archive.import",
        noop("Import an archive…"),
        lambda window: window.exporting.archiving.import_file(),
        (),
        "archive-restore",
        FILE,
        lambda window: window.exporting.archiving.obstacle,
    ),
    Command(
        "window.close",
        noop("Quit"),
        lambda window: window.close(),
        ("Ctrl+Q",),
        None,
        FILE,
    ),
)
