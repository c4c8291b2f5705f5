"""The menu Help: messages, palette and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forgeapp.ui.commands.command import HELP, Command
from forgeapp.ui.wording import noop, tr

if TYPE_CHECKING:
    from forgeapp.ui.main_window import MainWindow


def _focus_notices(window: MainWindow) -> None:
    window.notices.focus_newest()


def _needs_notices(window: MainWindow) -> str:
    return "" if window.notices.shown else tr("There are no messages")


COMMANDS: tuple[Command, ...] = (
    Command(
        "notices.focus",
        noop("Go to the messages"),
        _focus_notices,
        ("F6",),
        "info",
        HELP,
        _needs_notices,
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
