"""A queue of exports over a ledger of the test's own, its children played in this process or slow on purpose."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.content import Content
from forgeapp.domain.export_request import ArtifactSubject, ExportRequest
from forgeapp.domain.publication import Progress
from forgeapp.domain.table import Table
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import NewVersion, Origin
from forgeapp.ledger.tables import exports
from forgeapp.services import workers as workers_module
from forgeapp.services.exporting.exports import Exports
from forgeapp.services.workers import Limits, Workers

LIMITS = Limits(memory_mb=1500, timeout_s=60)
TABLE = Table("Planets", ("Name", "Moons"), (("Mars", "2"), ("Earth", "1")))
HEADER = "Name,Moons"
"""Its first line as CSV."""


class WorkersHere(Workers):
    """Does what a child would do, here; `most` is how many did at once."""

    def __init__(self, pause_s: float = 0.0) -> None:
        super().__init__()
        self._pause_s = pause_s
        self._lock = threading.Lock()
        self._now = 0
        self.most = 0

    def run(
        self,
        task: str,
        argument: Any,
        limits: Limits,
        cancel: CancelToken,
        on_progress: Progress = lambda _share: None,
    ) -> Any:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        try:
            time.sleep(self._pause_s)
            module, function = workers_module._TASKS[task]
            return getattr(import_module(module), function)(argument, on_progress)
        finally:
            with self._lock:
                self._now -= 1


def exports_over(ledger: Ledger, workers: Workers | None = None, per_minute: int = 0) -> Exports:
    workers = workers or WorkersHere()
    return Exports(ledger, workers, LIMITS, LIMITS, lambda: per_minute)


def asked(ledger: Ledger, target: Path, content: Content = TABLE, **choices: Any) -> ExportRequest:
    """A request for the first version of a new artifact."""
    artifact = ledger.artifacts.add(NewVersion(content, Origin.GENERATED, "Planets")).artifact
    return ExportRequest(ArtifactSubject(artifact, 1), target, **choices)


def disown(ledger: Ledger) -> None:
    """As if the process that holds all exports had died."""
    with ledger.database.writing() as connection:
        connection.execute(exports.update().values(owner=f"{2**22 + 1}:1"))


def command(function: str) -> list[str]:
    """A child that does something else than it should."""
    return [sys.executable, "-c", f"from {__name__} import {function}; {function}()"]


def be_stuck_child() -> None:
    """Writes half a file and then stays."""
    from forgeapp.exporters.csv import exporter as csv

    def write(_publication: object, target: Path, progress: Progress) -> list[str]:
        target.write_text("half")
        progress(0.5)
        time.sleep(600)
        return []

    csv.EXPORTER.write = write  # type: ignore[method-assign]
    workers_module.serve()


def be_child_of_stuck_formulas() -> None:
    """Has its formulas computed by a child of its own, which never ends by itself."""
    workers_module._command = lambda: command("be_stuck_formulas")
    workers_module.serve()


def be_stuck_formulas() -> None:
    from forgeapp.sheets import engine

    engine.evaluate = lambda _workbook: time.sleep(600)  # type: ignore[assignment]
    workers_module.serve()


def be_child_on_a_full_disk() -> None:
    _fill_the_disk()
    workers_module.serve()


def _fill_the_disk() -> None:
    """No file of more than 20 bytes can be written."""
    import resource

    # Python keeps what it could write of a compiled module, and breaks at that ever after.
    sys.dont_write_bytecode = True
    resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20))


def write_on_a_full_disk(folder: str) -> None:
    """Tries every format of a table's, and prints what each told."""
    from forgeapp.domain.artifact import FORMATS, Kind
    from forgeapp.errors import ForgeError
    from forgeapp.services.exporting.job import ExportJob, export_task

    _fill_the_disk()
    for each in FORMATS[Kind.TABLE]:
        try:
            export_task(ExportJob(TABLE, "Planets", {}, Path(folder, f"a.{each.value}"), each), lambda _share: None)
            print(each.value, "was written")
        except ForgeError as error:
            print(each.value, error.key, error.params.get("reason"))


def be_stuck_program(home: str, target: str) -> None:
    """A program with one export half done and one waiting; says so by writing half a file."""
    from forgeapp.app import build

    workers_module._command = lambda: command("be_stuck_child")
    with build(Path(home)) as app:
        request = asked(app.ledger, Path(target))
        export = app.exports.enqueue(request)
        app.exports.enqueue(ExportRequest(request.subject, Path(f"{target}.md")))
        app.exports.run(export, CancelToken())


def run_program(home: str, export: str) -> None:
    """A program that runs one export of the home's and prints how that ended."""
    from forgeapp.app import build
    from forgeapp.errors import ForgeError

    with build(Path(home)) as app:
        app.exports._writing._workers = WorkersHere(0.2)
        sys.stdin.readline()
        try:
            print("completed", app.exports.run(int(export), CancelToken()).bytes)
        except ForgeError as error:
            print(error.key, error.params.get("status"))


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def names(folder: Path) -> set[str]:
    """What stands in a folder but the home's own files."""
    return {path.name for path in folder.iterdir() if not path.name.startswith(("forgeapp.db", "backups", "home"))}
