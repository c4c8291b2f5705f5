"""How the window stood when it was closed: a small file, read before the first paint."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from forgeapp.domain.artifact import Format
from forgeapp.domain.export_request import FILES
from forgeapp.domain.request import Mode, Tier
from forgeapp.ui.workbench.composer import PASTE

FILE_NAME = "window.json"
_MODES = (PASTE, *(mode.value for mode in Mode))
_TIERS = tuple(tier.value for tier in Tier)
_FORMATS = (FILES, *(file_format.value for file_format in Format))


@dataclass(slots=True)
class WindowState:
    """`share`: the chat's share of the two panes. `geometry`: x, y, width, height of the window, None at first.

    `export_formats`: the format chosen last, by kind; `export_options`: what was chosen beside it, by 'kind.format'.
    `language`: the one translated into last.
    """

    geometry: tuple[int, int, int, int] | None = None
    is_maximized: bool = False
    share: float = 0.5
    is_sidebar_folded: bool = False
    is_artifact_folded: bool = False
    conversation: int | None = None
    tabs: list[int] = field(default_factory=list)
    active_tab: int | None = None
    project: str | None = None
    mode: str | None = None
    model: str | None = None
    tier: str | None = None
    export_folder: str | None = None
    export_formats: dict[str, str] = field(default_factory=dict)
    export_options: dict[str, dict[str, Any]] = field(default_factory=dict)
    language: str | None = None


def read_state(path: Path) -> WindowState:
    """What was written last; a file that cannot be read or makes no sense is as good as none."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return WindowState()
    except (OSError, ValueError, RecursionError) as error:
        logging.getLogger(__name__).warning("the window's state could not be read: %s", error)
        return WindowState()
    state = WindowState()
    if isinstance(data, dict):
        for known in fields(WindowState):
            if known.name in data and _fits(known.name, data[known.name]):
                value = data[known.name]
                setattr(state, known.name, tuple(value) if known.name == "geometry" and value else value)
    return state


def write_state(path: Path, state: WindowState) -> None:
    """Written beside and renamed; a disk that takes nothing costs no more than the window's place."""
    beside = path.with_suffix(".tmp")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(asdict(state), file)
        beside.replace(path)
    except OSError as error:
        logging.getLogger(__name__).warning("the window's state could not be kept: %s", error)


def _fits(name: str, value: Any) -> bool:
    match name:
        case "geometry":
            return value is None or (isinstance(value, list) and len(value) == 4 and all(map(_is_count, value)))
        case "share":
            return isinstance(value, float | int) and not isinstance(value, bool) and 0.1 <= value <= 0.9
        case "tabs":
            return isinstance(value, list) and all(map(_is_count, value))
        case "conversation" | "active_tab":
            return value is None or _is_count(value)
        case "export_formats":
            return isinstance(value, dict) and all(text in _FORMATS for text in value.values())
        case "export_options":
            return isinstance(value, dict) and all(isinstance(kept, dict) for kept in value.values())
        case "mode":
            return value is None or value in _MODES
        case "tier":
            return value is None or value in _TIERS
        case "project" | "model" | "export_folder" | "language":
            return value is None or isinstance(value, str)
        case _:
            return isinstance(value, bool)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31
