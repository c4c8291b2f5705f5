"""Everything the user can tell the window, once each: menus, tooltips, palette and shortcut sheet derive from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP

from forgeapp.domain.artifact import Kind

if TYPE_CHECKING:
    from forgeapp.ui.main_window import MainWindow

Act = Callable[["MainWindow"], None]
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


def _is_live(window: MainWindow) -> bool:
    return window.workbench.chat.live is not None


def _can_regenerate(window: MainWindow) -> bool:
    chat = window.workbench.chat
    return chat.live is None and bool(chat.exchanges) and chat.exchanges[-1].message is not None


def _regenerate(window: MainWindow) -> None:
    window.workbench.regenerate(window.workbench.chat.exchanges[-1])


def _make(kind: Kind) -> Act:
    return lambda window: window.workbench.artifacts.make_blank(kind)


def _view(view: str) -> Act:
    return lambda window: window.show_view(view)


def _theme(choice: str) -> Act:
    return lambda window: window.choose_theme(choice)


def _has_theme(choice: str) -> When:
    return lambda window: window.theme_choice == choice


FILE = QT_TRANSLATE_NOOP("forgeapp", "File")
EDIT = QT_TRANSLATE_NOOP("forgeapp", "Edit")
VIEW = QT_TRANSLATE_NOOP("forgeapp", "View")
CHAT = QT_TRANSLATE_NOOP("forgeapp", "Chat")
HELP = QT_TRANSLATE_NOOP("forgeapp", "Help")
MENUS = (FILE, EDIT, VIEW, CHAT, HELP)

COMMANDS: tuple[Command, ...] = (
    Command(
        "conversation.new",
        QT_TRANSLATE_NOOP("forgeapp", "New conversation"),
        lambda window: window.new_conversation(),
        ("Ctrl+N",),
        "plus",
        FILE,
    ),
    Command(
        "table.new", QT_TRANSLATE_NOOP("forgeapp", "New table"), _make(Kind.TABLE), ("Ctrl+Alt+T",), "table-2", FILE
    ),
    Command(
        "document.new",
        QT_TRANSLATE_NOOP("forgeapp", "New document"),
        _make(Kind.DOCUMENT),
        ("Ctrl+Alt+D",),
        "file-text",
        FILE,
    ),
    Command(
        "spreadsheet.new",
        QT_TRANSLATE_NOOP("forgeapp", "New spreadsheet"),
        _make(Kind.SPREADSHEET),
        ("Ctrl+Alt+S",),
        "file-spreadsheet",
        FILE,
    ),
    Command(
        "code.new", QT_TRANSLATE_NOOP("forgeapp", "New code"), _make(Kind.CODE), ("Ctrl+Alt+C",), "file-code", FILE
    ),
    Command(
        "file.open",
        QT_TRANSLATE_NOOP("forgeapp", "Open a file…"),
        lambda window: window.open_file(),
        ("Ctrl+O",),
        "folder-open",
        FILE,
    ),
    Command(
        "artifact.export",
        QT_TRANSLATE_NOOP("forgeapp", "Export…"),
        lambda window: window.export(),
        ("Ctrl+E",),
        "download",
        FILE,
        _has_tab,
    ),
    Command(
        "artifact.close",
        QT_TRANSLATE_NOOP("forgeapp", "Close the tab"),
        lambda window: window.close_tab(),
        ("Ctrl+W",),
        "x",
        FILE,
        _has_tab,
    ),
    Command(
        "window.close",
        QT_TRANSLATE_NOOP("forgeapp", "Quit"),
        lambda window: window.close() and None,
        ("Ctrl+Q",),
        None,
        FILE,
    ),
    Command(
        "edit.undo",
        QT_TRANSLATE_NOOP("forgeapp", "Undo"),
        lambda window: window.undo(),
        ("Ctrl+Z",),
        "undo-2",
        EDIT,
        lambda window: _has_tab(window) and window.undo_stack.canUndo(),
    ),
    Command(
        "edit.redo",
        QT_TRANSLATE_NOOP("forgeapp", "Redo"),
        lambda window: window.redo(),
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        "redo-2",
        EDIT,
        lambda window: _has_tab(window) and window.undo_stack.canRedo(),
    ),
    Command("view.edit", QT_TRANSLATE_NOOP("forgeapp", "Edit"), _view("edit"), ("Alt+1",), "pencil", VIEW, _has_tab),
    Command(
        "view.preview", QT_TRANSLATE_NOOP("forgeapp", "Preview"), _view("preview"), ("Alt+2",), "eye", VIEW, _has_tab
    ),
    Command(
        "view.source", QT_TRANSLATE_NOOP("forgeapp", "Source"), _view("source"), ("Alt+3",), "code-xml", VIEW, _has_tab
    ),
    Command(
        "view.history",
        QT_TRANSLATE_NOOP("forgeapp", "History"),
        _view("history"),
        ("Alt+4",),
        "history",
        VIEW,
        _has_tab,
    ),
    Command(
        "tab.next",
        QT_TRANSLATE_NOOP("forgeapp", "Next tab"),
        lambda window: window.step_tab(1),
        ("Ctrl+Tab",),
        "arrow-right",
        VIEW,
        _has_tab,
    ),
    Command(
        "tab.previous",
        QT_TRANSLATE_NOOP("forgeapp", "Previous tab"),
        lambda window: window.step_tab(-1),
        ("Ctrl+Shift+Tab",),
        "arrow-left",
        VIEW,
        _has_tab,
    ),
    Command(
        "sidebar.fold",
        QT_TRANSLATE_NOOP("forgeapp", "Show the conversations"),
        lambda window: window.fold_sidebar(),
        ("F9",),
        "panel-left",
        VIEW,
        is_checked=lambda window: window.is_sidebar_shown,
    ),
    Command(
        "artifact.fold",
        QT_TRANSLATE_NOOP("forgeapp", "Show the artifact pane"),
        lambda window: window.fold_artifact(),
        ("F8",),
        "panel-right",
        VIEW,
        is_checked=lambda window: window.is_artifact_shown,
    ),
    Command(
        "theme.system",
        QT_TRANSLATE_NOOP("forgeapp", "Theme: as the system"),
        _theme("system"),
        (),
        "monitor",
        VIEW,
        is_checked=_has_theme("system"),
    ),
    Command(
        "theme.light",
        QT_TRANSLATE_NOOP("forgeapp", "Theme: light"),
        _theme("light"),
        (),
        "sun",
        VIEW,
        is_checked=_has_theme("light"),
    ),
    Command(
        "theme.dark",
        QT_TRANSLATE_NOOP("forgeapp", "Theme: dark"),
        _theme("dark"),
        (),
        "moon",
        VIEW,
        is_checked=_has_theme("dark"),
    ),
    Command(
        "composer.focus",
        QT_TRANSLATE_NOOP("forgeapp", "Write a message"),
        lambda window: window.focus_composer(),
        ("Ctrl+L",),
        "message-square",
        CHAT,
    ),
    Command(
        "turn.stop",
        QT_TRANSLATE_NOOP("forgeapp", "Stop the reply"),
        lambda window: window.workbench.chat.stop(),
        ("Ctrl+.",),
        "circle-stop",
        CHAT,
        _is_live,
    ),
    Command(
        "turn.regenerate",
        QT_TRANSLATE_NOOP("forgeapp", "Regenerate the last reply"),
        _regenerate,
        ("Ctrl+Shift+R",),
        "rotate-cw",
        CHAT,
        _can_regenerate,
    ),
    Command(
        "palette.open",
        QT_TRANSLATE_NOOP("forgeapp", "Search or run a command"),
        lambda window: window.open_palette(),
        ("Ctrl+Shift+P",),
        "search",
        HELP,
    ),
    Command(
        "shortcuts.show",
        QT_TRANSLATE_NOOP("forgeapp", "Keyboard shortcuts"),
        lambda window: window.show_shortcuts(),
        ("F1", "Ctrl+/"),
        "keyboard",
        HELP,
    ),
)
