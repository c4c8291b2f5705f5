"""A parent whose child says which process it is and then waits: for tests that kill one of the two."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.publication import Progress
from forgeapp.services import workers


def wait_task(note: str, progress: Progress) -> None:
    Path(note).write_text(str(os.getpid()))
    progress(0.5)
    time.sleep(600)


def be_child() -> None:
    workers._TASKS["check"] = (__name__, "wait_task")
    workers.serve()


def be_parent(note: str) -> None:
    workers._command = lambda: [sys.executable, "-c", f"from {__name__} import be_child; be_child()"]
    workers.Workers().run("check", note, workers.Limits(1500, 600), CancelToken())
