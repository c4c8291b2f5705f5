"""Everything the user can tell the window, once each: menus, tooltips, palette and shortcut sheet derive from it."""

from __future__ import annotations

from forgeapp.ui.commands import chat, edit, file, help, view
from forgeapp.ui.commands.command import EDIT, MENUS, Command

__all__ = ["COMMANDS", "EDIT", "MENUS", "Command", "keys_of"]

COMMANDS: tuple[Command, ...] = (
    *file.COMMANDS,
    *edit.COMMANDS,
    *view.COMMANDS,
    *chat.COMMANDS,
    *help.COMMANDS,
)


def keys_of(command: str) -> str:
    """The first keys of a command, as a tooltip names them; '' where it has none. Raises KeyError for another id."""
    found = next((each for each in COMMANDS if each.id == command), None)
    if found is None:
        raise KeyError(command)
    return found.keys[0] if found.keys else ""
