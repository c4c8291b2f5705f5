"""The menu Help: messages, palette and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forgeapp.ui.commands.command import HELP, Command
from forgeapp.ui.wording import noop

if TYPE_CHECKING:
    from forgeapp.ui.main_window import MainWindow


def _focus_notices(window: MainWindow) -> None:
    window.notices.focus_newest()


def _has_notices(window: MainWindow) -> bool:
    return bool(window.notices.shown)


COMMANDS: tuple[Command, ...] = (
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
