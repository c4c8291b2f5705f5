"""The small widgets every pane is made of. They paint themselves from the theme's roles."""

from forgeapp.ui.controls.buttons import Button, IconButton
from forgeapp.ui.controls.labels import ElidedLabel, Label, ShortcutHint, plain_tooltip
from forgeapp.ui.controls.menus import Menu, MenuButton, tell_obstacle
from forgeapp.ui.controls.popover import Popover
from forgeapp.ui.controls.segmented import SegmentedControl
from forgeapp.ui.controls.surfaces import (
    Busy,
    Card,
    Chip,
    EmptyState,
    HLine,
    IconMark,
    LateBusy,
    Meter,
    SearchField,
    Toolbar,
)
from forgeapp.ui.controls.switch import Switch

__all__ = [
    "Busy",
    "Button",
    "Card",
    "Chip",
    "ElidedLabel",
    "EmptyState",
    "HLine",
    "IconButton",
    "IconMark",
    "Label",
    "LateBusy",
    "Menu",
    "MenuButton",
    "Meter",
    "Popover",
    "SearchField",
    "SegmentedControl",
    "ShortcutHint",
    "Switch",
    "Toolbar",
    "plain_tooltip",
    "tell_obstacle",
]
