"""Exports under way: each in a child process, with progress and Stop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from forgeapp.domain.artifact import Format
from forgeapp.domain.export_options import ExportOptions
from forgeapp.ui.jobs import Job, Lane
from forgeapp.ui.workbench.open_artifact import OpenArtifact

if TYPE_CHECKING:
    from forgeapp.domain.cancel import CancelToken
    from forgeapp.domain.publication import Progress
    from forgeapp.ledger.artifacts import StoredVersion
    from forgeapp.services.exporting.exports import Exported
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.services import Services

    _Write = Callable[[Services, StoredVersion, CancelToken, Progress], Exported]


class Export(QObject):
    """One export. `progress` 0..1; `result` or `error` once `ended`. `progressed` follows each step."""

    progressed = Signal()

    def __init__(self, target: Path, parent: QObject) -> None:
        super().__init__(parent)
        self.target = target
        self.progress = 0.0
        self.result: Exported | None = None
        self.error: Exception | None = None
        self.job: Job | None = None
        self.is_stopped = False

    def stop(self) -> None:
        self.is_stopped = True
        if self.job is not None:
            self.job.cancel()


class Exports(QObject):
    """`started(Export)`, `ended(Export)`; `running` those between."""

    started = Signal(object)
    ended = Signal(object)

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench)
        self._workbench = workbench
        self.running: list[Export] = []
        self.folder: Path | None = None
        """Where the last export went."""
        self.formats: dict[str, str] = {}
        """The format chosen last, by kind."""
        self.with_provenance: set[str] = set()
        """The kinds whose last export had a page on where it comes from."""

    def propose(self, tab: OpenArtifact, file_format: Format | None, show: Callable[[Path], None]) -> None:
        """A free, safe path for an artifact, in the folder used last."""
        folder = self.folder or _documents_folder()

        def propose(services: object) -> Path:
            from forgeapp.services.exporting.exports import proposed_path

            return proposed_path(services.ledger.artifacts.version(tab.id), file_format, folder)  # type: ignore[attr-defined]

        self._workbench.call(propose, show)

    def start(self, tab: OpenArtifact, target: Path, number: int | None = None, has_provenance: bool = False) -> Export:
        """Writes `target` in the format of its extension; hand edits are stored first.

        `number`: of an older version. `has_provenance`: with a page on where it comes from, in formats that have room.
        """

        def write(services: Services, version: StoredVersion, cancel: CancelToken, report: Progress) -> Exported:
            return services.exports.export(version, target, cancel, report, ExportOptions(provenance=has_provenance))

        return self._start(tab, target, write, number)

    def save_files(self, tab: OpenArtifact, folder: Path, replaces: bool, number: int | None = None) -> Export:
        """Code's files into `folder`; `replaces`: those that are there, else they are left and told of as an error."""

        def write(services: Services, version: StoredVersion, cancel: CancelToken, report: Progress) -> Exported:
            return services.saving_files.save_all(version, folder, cancel, replaces, report)

        return self._start(tab, folder, write, number)

    def _start(self, tab: OpenArtifact, target: Path, write: _Write, number: int | None) -> Export:
        export = Export(target, self)
        self.running.append(export)
        self.folder = target.parent
        self.started.emit(export)
        self._workbench.artifacts.save(
            tab, lambda: self._write(tab, export, write, number or tab.version), lambda: self._end(export)
        )
        return export

    def _write(self, tab: OpenArtifact, export: Export, write: _Write, number: int) -> None:
        services = self._workbench.services
        assert services is not None
        artifact = tab.id

        def on_progress(share: float) -> None:
            export.progress = share
            export.progressed.emit()

        def done(result: Exported) -> None:
            export.result = result
            self._end(export)

        def failed(error: Exception) -> None:
            export.error = error
            self._end(export)

        export.job = self._workbench.jobs.run_reporting(
            lambda cancel, report: write(services, services.ledger.artifacts.version(artifact, number), cancel, report),
            on_progress,
            done,
            failed,
            Lane.FILES,
        )
        if export.is_stopped:
            export.job.cancel()

    def _end(self, export: Export) -> None:
        self.running.remove(export)
        self.ended.emit(export)


def _documents_folder() -> Path:
    from PySide6.QtCore import QStandardPaths

    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(folder) if folder and Path(folder).is_dir() else Path.home()
