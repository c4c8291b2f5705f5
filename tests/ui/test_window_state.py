"""Where the window stood, written and read back; a file nobody can make sense of costs nothing but that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from forgeapp.domain.request import Mode
from forgeapp.ui.window_state import WindowState, read_state, write_state
from forgeapp.ui.workbench.composer import PASTE


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    state = WindowState(
        (1, 2, 900, 700), True, 0.4, tabs=[3, 4], active_tab=4, mode=PASTE, export_formats={"table": "xlsx"}
    )
    write_state(tmp_path / "window.json", state)
    assert read_state(tmp_path / "window.json") == state


@pytest.mark.parametrize("mode", [None, PASTE, *(mode.value for mode in Mode)])
def test_every_mode_there_is_comes_back(tmp_path: Path, mode: str | None) -> None:
    write_state(tmp_path / "window.json", WindowState(mode=mode))
    assert read_state(tmp_path / "window.json").mode == mode


@pytest.mark.parametrize(
    "damaged",
    [
        {"mode": "telepathy"},
        {"mode": ["local"]},
        {"mode": {}},
        {"export_formats": {"table": "clay"}},
        {"export_formats": {"table": []}},
        {"share": 7},
        {"geometry": [1, 2]},
        {"is_maximized": "yes"},
        {"tabs": [True]},
    ],
    ids=str,
)
def test_a_value_that_makes_no_sense_is_as_good_as_none(tmp_path: Path, damaged: dict[str, Any]) -> None:
    path = tmp_path / "window.json"
    path.write_text(json.dumps({**damaged, "project": "School"}))
    assert read_state(path) == WindowState(project="School")
