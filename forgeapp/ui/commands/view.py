"""The menu View: what is in view, and how it looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forgeapp.ui.commands.command import VIEW, Act, Command, When, needs_tab
from forgeapp.ui.wording import noop

if TYPE_CHECKING:
    pass


def _view(view: str) -> Act:
    return lambda window: window.show_view(view)


def _theme(choice: str) -> Act:
    return lambda window: window.choose_theme(choice)


def _has_theme(choice: str) -> When:
    return lambda window: window.theme_choice == choice


COMMANDS: tuple[Command, ...] = (
    Command("view.edit", noop("Edit"), _view("edit"), ("Alt+1",), "pencil", VIEW, needs_tab),
    Command("view.preview", noop("Preview"), _view("preview"), ("Alt+2",), "eye", VIEW, needs_tab),
    Command("view.source", noop("Source"), _view("source"), ("Alt+3",), "code-xml", VIEW, needs_tab),
    Command(
        "view.history",
        noop("History"),
        _view("history"),
        ("Alt+4",),
        "history",
        VIEW,
        needs_tab,
    ),
    Command(
        "view.provenance",
        noop("Provenance"),
        _view("provenance"),
        ("Alt+5",),
        "waypoints",
        VIEW,
        needs_tab,
    ),
    Command(
        "tab.next",
        noop("Next tab"),
        lambda window: window.step_tab(1),
        ("Ctrl+Tab",),
        "arrow-right",
        VIEW,
        needs_tab,
    ),
    Command(
        "tab.previous",
        noop("Previous tab"),
        lambda window: window.step_tab(-1),
        ("Ctrl+Shift+Tab",),
        "arrow-left",
        VIEW,
        needs_tab,
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
)
