"""`forgeapp doctor`: is everything here that the program needs, and if not, what to do."""

from __future__ import annotations

import argparse

from forgeapp.cli.options import home_of
from forgeapp.cli.output import Output
from forgeapp.services.doctor import Check, examine


def configure(parser: argparse.ArgumentParser) -> None:
    del parser


def run(arguments: argparse.Namespace, output: Output) -> int:
    checks = [*examine(home_of(arguments)), _window()]
    output.result(
        [{"name": check.name, "ok": check.is_ok, "detail": check.detail, "hint": check.hint} for check in checks],
        [line for check in checks for line in _lines(check)],
    )
    return 0 if all(check.is_ok for check in checks) else 1


def _lines(check: Check) -> list[str]:
    """What was found; below it, what to do."""
    found = f"{'ok  ' if check.is_ok else 'MEND'}  {check.name}: {check.detail}"
    return [found, f"      {check.hint}"] if check.hint else [found]


def _window() -> Check:
    """Whether the window can be opened; the verbs work without."""
    try:
        from PySide6 import QtSvg, QtWidgets
    except ImportError as error:
        hint = "Install the system's libraries for Qt, on Debian and Ubuntu: apt install libegl1 libgl1 libxkbcommon0."
        return Check("window", False, f"Qt cannot be loaded: {error}", hint)
    del QtSvg, QtWidgets
    from PySide6.QtCore import qVersion

    from forgeapp.ui.program import has_screen

    if not has_screen():
        return Check("window", True, f"Qt {qVersion()}, no screen here", "'forgeapp tour' works without one.")
    return Check("window", True, f"Qt {qVersion()}")
