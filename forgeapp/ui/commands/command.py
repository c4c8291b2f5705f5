"""A command as data, the menus there are, and when commands about what is open can be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

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


FILE = noop("File")
EDIT = noop("Edit")
VIEW = noop("View")
CHAT = noop("Chat")
HELP = noop("Help")
MENUS = (FILE, EDIT, VIEW, CHAT, HELP)


def has_tab(window: MainWindow) -> bool:
    return window.workbench.artifacts.active is not None


def sees_tab(window: MainWindow) -> bool:
    return has_tab(window) and not window.is_control_open
