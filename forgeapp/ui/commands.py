"""Everything the user can tell the window, once each: menus, tooltips, palette and shortcut sheet derive from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from forgeapp.domain.artifact import Kind
from forgeapp.ui.wording import noop

if TYPE_CHECKING:
    from forgeapp.ui.main_window import MainWindow

Act = Callable[["MainWindow"], object]
When = Callable[["MainWindow"], bool]


@dataclass(frozen=True, slots=True)
class Command:
    """`id` is 'noun.verb', `title` an English text for `tr`, `menu` where it stands; of `keys` the first one is shown.

    `when` says whether it can be done now; `is_checked`, for what is on or off.
    """

    id: str
    title: str
    act: Act
    keys: tuple[str, ...] = ()
    icon: str | None = None
    menu: str = ""
    when: When = lambda _window: True
    is_checked: When | None = None


def _has_tab(window: MainWindow) -> bool:
    return window.workbench.artifacts.active is not None


def _has_words(window: MainWindow) -> bool:
    """Whether what is open can be changed in words; a picture cannot."""
    active = window.workbench.artifacts.active
    return active is not None and active.kind is not Kind.IMAGE


def _sees_tab(window: MainWindow) -> bool:
    return _has_tab(window) and not window.is_control_open


def _is_live(window: MainWindow) -> bool:
    return window.workbench.chat.live is not None


def _can_regenerate(window: MainWindow) -> bool:
    chat = window.workbench.chat
    return chat.live is None and bool(chat.exchanges) and chat.exchanges[-1].message is not None


def _regenerate(window: MainWindow) -> None:
    window.workbench.regenerate(window.workbench.chat.exchanges[-1])


def _stop(window: MainWindow) -> None:
    window.workbench.chat.stop()


def _focus_notices(window: MainWindow) -> None:
    window.notices.focus_newest()


def _has_notices(window: MainWindow) -> bool:
    return bool(window.notices.shown)


def _make(kind: Kind) -> Act:
    return lambda window: window.workbench.artifacts.make_blank(kind)


def _view(view: str) -> Act:
    return lambda window: window.show_view(view)


def _theme(choice: str) -> Act:
    return lambda window: window.choose_theme(choice)


def _has_theme(choice: str) -> When:
    return lambda window: window.theme_choice == choice


FILE = noop("File")
EDIT = noop("Edit")
VIEW = noop("View")
CHAT = noop("Chat")
HELP = noop("Help")
MENUS = (FILE, EDIT, VIEW, CHAT, HELP)

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
        _has_tab,
    ),
    Command(
        "artifact.quick_export",
        noop("Quick export"),
        lambda window: window.exporting.quick_export(),
        ("F12",),
        "zap",
        FILE,
        _has_tab,
    ),
    Command(
        "artifact.save_as",
        noop("Save as…"),
        lambda window: window.save_artifact_as(),
        ("Ctrl+Shift+E",),
        "save",
        FILE,
        _has_tab,
    ),
    Command(
        "artifact.import",
        noop("Import as next version…"),
        lambda window: window.import_version(),
        (),
        "upload",
        FILE,
        _has_tab,
    ),
    Command(
        "artifact.close",
        noop("Close the tab"),
        lambda window: window.close_tab(),
        ("Ctrl+W",),
        "x",
        FILE,
        _sees_tab,
    ),
    Command(
        "exports.conversation",
        noop("Export all of this conversation…"),
        lambda window: window.exporting.export_conversation(),
        (),
        "package",
        FILE,
        lambda window: window.exporting.has_conversation,
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
        lambda window: window.exporting.archiving.can_begin,
    ),
    Command(
        "archive.import",
        noop("Import an archive…"),
        lambda window: window.exporting.archiving.import_file(),
        (),
        "archive-restore",
        FILE,
        lambda window: window.exporting.archiving.can_begin,
    ),
    Command(
        "window.close",
        noop("Quit"),
        lambda window: window.close(),
        ("Ctrl+Q",),
        None,
        FILE,
    ),
    Command(
        "edit.undo",
        noop("Undo"),
        lambda window: window.undo(),
        ("Ctrl+Z",),
        "undo-2",
        EDIT,
        lambda window: _sees_tab(window) and window.undo_stack.canUndo(),
    ),
    Command(
        "edit.redo",
        noop("Redo"),
        lambda window: window.redo(),
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        "redo-2",
        EDIT,
        lambda window: _sees_tab(window) and window.undo_stack.canRedo(),
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
        _has_tab,
    ),
    Command(
        "copy.rich",
        noop("Copy as rich text"),
        lambda window: window.exporting.copy("rich"),
        (),
        "copy",
        EDIT,
        _has_tab,
    ),
    Command(
        "copy.markdown",
        noop("Copy as Markdown"),
        lambda window: window.exporting.copy("markdown"),
        (),
        "copy",
        EDIT,
        _has_tab,
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
    Command("view.edit", noop("Edit"), _view("edit"), ("Alt+1",), "pencil", VIEW, _has_tab),
    Command("view.preview", noop("Preview"), _view("preview"), ("Alt+2",), "eye", VIEW, _has_tab),
    Command("view.source", noop("Source"), _view("source"), ("Alt+3",), "code-xml", VIEW, _has_tab),
    Command(
        "view.history",
        noop("History"),
        _view("history"),
        ("Alt+4",),
        "history",
        VIEW,
        _has_tab,
    ),
    Command(
        "view.provenance",
        noop("Provenance"),
        _view("provenance"),
        ("Alt+5",),
        "waypoints",
        VIEW,
        _has_tab,
    ),
    Command(
        "tab.next",
        noop("Next tab"),
        lambda window: window.step_tab(1),
        ("Ctrl+Tab",),
        "arrow-right",
        VIEW,
        _has_tab,
    ),
    Command(
        "tab.previous",
        noop("Previous tab"),
        lambda window: window.step_tab(-1),
        ("Ctrl+Shift+Tab",),
        "arrow-left",
        VIEW,
        _has_tab,
    ),
    Command(
        "sidebar.fold",
        noop("Show the conversations"),
        lambda window: window.fold_sidebar(),
        ("F9",),
        "panel-left",
        VIEW,
        is_checked=lambda window: window.is_sidebar_shown,
    ),
    Command(
        "artifact.fold",
        noop("Show the artifact pane"),
        lambda window: window.fold_artifact(),
        ("F8",),
        "panel-right",
        VIEW,
        is_checked=lambda window: window.is_artifact_shown,
    ),
    Command(
        "configuration.open",
        noop("Configuration"),
        lambda window: window.open_control("configuration"),
        ("Ctrl+,",),
        "settings",
        VIEW,
    ),
    Command(
        "activity.open",
        noop("Activity"),
        lambda window: window.open_control("activity"),
        (),
        "scroll-text",
        VIEW,
    ),
    Command(
        "theme.system",
        noop("Theme: as the system"),
        _theme("system"),
        (),
        "monitor",
        VIEW,
        is_checked=_has_theme("system"),
    ),
    Command(
        "theme.light",
        noop("Theme: light"),
        _theme("light"),
        (),
        "sun",
        VIEW,
        is_checked=_has_theme("light"),
    ),
    Command(
        "theme.dark",
        noop("Theme: dark"),
        _theme("dark"),
        (),
        "moon",
        VIEW,
        is_checked=_has_theme("dark"),
    ),
    Command(
        "composer.focus",
        noop("Write a message"),
        lambda window: window.focus_composer(),
        ("Ctrl+L",),
        "message-square",
        CHAT,
    ),
    Command(
        "turn.stop",
        noop("Stop the reply"),
        _stop,
        ("Ctrl+.",),
        "circle-stop",
        CHAT,
        _is_live,
    ),
    Command(
        "turn.regenerate",
        noop("Regenerate the last reply"),
        _regenerate,
        ("Ctrl+Shift+R",),
        "rotate-cw",
        CHAT,
        _can_regenerate,
    ),
    Command(
        "notices.focus",
        noop("Go to the messages"),
        _focus_notices,
        ("F6",),
        "info",
        HELP,
        _has_notices,
    ),
    Command(
        "palette.open",
        noop("Search or run a command"),
        lambda window: window.open_palette(),
        ("Ctrl+Shift+P",),
        "search",
        HELP,
    ),
    Command(
        "shortcuts.show",
        noop("Keyboard shortcuts"),
        lambda window: window.show_shortcuts(),
        ("F1", "Ctrl+/"),
        "keyboard",
        HELP,
    ),
)


def keys_of(command: str) -> str:
    """The first keys of a command, as a tooltip names them; '' where it has none. Raises KeyError for another id."""
    found = next((each for each in COMMANDS if each.id == command), None)
    if found is None:
        raise KeyError(command)
    return found.keys[0] if found.keys else ""
