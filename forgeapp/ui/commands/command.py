"""A command as data, the menus there are, and why commands about what is open cannot be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from forgeapp.ui.wording import noop, tr

if TYPE_CHECKING:
    from forgeapp.ui.main_window import MainWindow

Act = Callable[["MainWindow"], object]
When = Callable[["MainWindow"], bool]
Obstacle = Callable[["MainWindow"], str]
"""Why something cannot be done now, in one line for people; '' where it can."""


@dataclass(frozen=True, slots=True)
class Command:
    """`id` is 'noun.verb', `title` an English text for `tr`, `menu` where it stands; of `keys` the first one is shown.

    `obstacle` says why it cannot be done now; `is_checked`, for what is on or off.
    """

    id: str
    title: str
    act: Act
    keys: tuple[str, ...] = ()
    icon: str | None = None
    menu: str = ""
    obstacle: Obstacle = lambda _window: ""
    is_checked: When | None = None


FILE = noop("File")
EDIT = noop("Edit")
VIEW = noop("View")
CHAT = noop("Chat")
HELP = noop("Help")
MENUS = (FILE, EDIT, VIEW, CHAT, HELP)


def needs_tab(window: MainWindow) -> str:
    return "" if window.workbench.artifacts.active is not None else tr("No artifact is open")


def needs_tab_in_view(window: MainWindow) -> str:
    return needs_tab(window) or (tr("The control centre is in view") if window.is_control_open else "")
