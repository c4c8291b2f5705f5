"""The menu Chat: the composer and the reply under way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forgeapp.ui.commands.command import CHAT, Command
from forgeapp.ui.wording import noop, tr

if TYPE_CHECKING:
    from forgeapp.ui.main_window import MainWindow


def _needs_live_reply(window: MainWindow) -> str:
    return "" if window.workbench.chat.live is not None else tr("No reply is under way")


def _needs_last_reply(window: MainWindow) -> str:
    chat = window.workbench.chat
    if chat.live is not None:
        return tr("A reply is under way")
    return "" if chat.exchanges and chat.exchanges[-1].message is not None else tr("There is no reply yet")


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
        _needs_live_reply,
    ),
    Command(
        "turn.regenerate",
        noop("Regenerate the last reply"),
        _regenerate,
        ("Ctrl+Shift+R",),
        "rotate-cw",
        CHAT,
        _needs_last_reply,
    ),
)
