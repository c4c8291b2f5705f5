"""The menu Chat: the composer and the reply under way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forgeapp.ui.commands.command import CHAT, Command
from forgeapp.ui.wording import noop

if TYPE_CHECKING:
    from forgeapp.ui.main_window import MainWindow


def _is_live(window: MainWindow) -> bool:
    return window.workbench.chat.live is not None


def _can_regenerate(window: MainWindow) -> bool:
    chat = window.workbench.chat
    return chat.live is None and bool(chat.exchanges) and chat.exchanges[-1].message is not None


def _regenerate(window: MainWindow) -> None:
    window.workbench.regenerate(window.workbench.chat.exchanges[-1])


def _stop(window: MainWindow) -> None:
    window.workbench.chat.stop()


COMMANDS: tuple[Command, ...] = (
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
)
