"""Tests of the window press real keys and click real widgets, without a screen."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from pytestqt.qtbot import QtBot

if TYPE_CHECKING:
    from forgeapp.ui.workbench.open_artifact import OpenArtifact

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

PATIENCE_MS = 60_000
"""How long is waited, unless a test says otherwise, for what comes at once on a machine that does nothing else: where
it comes, waiting costs nothing."""

for _wait in (QtBot.waitUntil, QtBot.waitSignal):
    _wait.__kwdefaults__["timeout"] = PATIENCE_MS


@pytest.fixture(autouse=True)
def _end_undo_stacks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Python's collector may free a step before the stack in C++ that still lists it: they end with the test."""
    import shiboken6

    from forgeapp.ui.workbench import open_artifact

    opened: list[OpenArtifact] = []
    make = open_artifact.OpenArtifact.__init__

    def remember(self: OpenArtifact, *args: object) -> None:
        make(self, *args)  # type: ignore[arg-type]
        opened.append(self)

    monkeypatch.setattr(open_artifact.OpenArtifact, "__init__", remember)
    yield
    for artifact in opened:
        if shiboken6.isValid(artifact) and shiboken6.isValid(artifact.undo_stack):
            artifact.undo_stack.clear()


@pytest.fixture(autouse=True)
def _collect_garbage_here_only() -> Iterator[None]:
    """As the program does: in a worker thread the collector would take away objects that belong to this one."""
    gc.disable()
    yield
    gc.collect(1)
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _leave_no_clipboard() -> Iterator[None]:
    """What Python put on the clipboard must go before Python does: Qt would free it after the interpreter's end."""
    yield
    from PySide6.QtGui import QGuiApplication

    if QGuiApplication.instance() is not None:
        QGuiApplication.clipboard().clear()
