"""Everything written to one file, or taken over from one: what runs, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from forgeapp.ui.jobs import Job, Lane

if TYPE_CHECKING:
    from forgeapp.services.archive.archives import ExportedArchive, ImportedArchive
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.services import Services


class Archives(QObject):
    """One at a time.

    Signals: `started(path, is_import)`, `progressed(float)`, `exported(ExportedArchive)`, `imported(path,
    ImportedArchive)`, `failed(Exception)`, be it a Cancelled.
    """

    started = Signal(object, bool)
    progressed = Signal(float)
    exported = Signal(object)
    imported = Signal(object, object)
    failed = Signal(object)

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench)
        self._workbench = workbench
        self._job: Job | None = None
        self._is_stopped = False
        self.is_running = False

    def export_all(self, target: Path) -> None:
        """With hand edits and what stands in the composer, which are stored first."""
        self._workbench.composer.save_draft()
        self._workbench.artifacts.save_all()
        self._run(target, False, lambda services, *how: services.archives.export_all(target, *how), self._on_exported)

    def import_file(self, source: Path) -> None:
        def show(taken: ImportedArchive) -> None:
            self.is_running = False
            self._workbench.conversations.refresh()
            self._workbench.artifacts.refresh_recent()
            self._workbench.status.refresh()
            self.imported.emit(source, taken)

        self._run(source, True, lambda services, *how: services.archives.import_file(source, *how), show)

    def stop(self) -> None:
        self._is_stopped = True
        if self._job is not None:
            self._job.cancel()

    def _run(
        self,
        path: Path,
        is_import: bool,
        work: Callable[..., ExportedArchive | ImportedArchive],
        show: Callable[..., None],
    ) -> None:
        if self.is_running:
            return
        self.is_running = True
        self._job, self._is_stopped = None, False
        self.started.emit(path, is_import)

        def go(services: Services) -> None:
            self._job = self._workbench.jobs.run_reporting(
                lambda cancel, report: work(services, cancel, report),
                self.progressed.emit,
                show,
                self._on_failed,
                Lane.FILES,
            )
            if self._is_stopped:
                self._job.cancel()

        # Behind what is being stored.
        self._workbench.call(lambda services: services, go, self._on_failed)

    def _on_exported(self, written: ExportedArchive) -> None:
        self.is_running = False
        self.exported.emit(written)

    def _on_failed(self, error: Exception) -> None:
        self.is_running = False
        self.failed.emit(error)
