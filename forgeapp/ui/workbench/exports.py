"""The exports: what waits, what runs, what became of the others, and what was chosen last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, QObject, Signal

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.export_options import USUAL, Delimiter, ExportOptions, Paper
from forgeapp.domain.export_request import ArtifactSubject, ConversationSubject, ExportRequest
from forgeapp.domain.standing import Standing
from forgeapp.errors import Cancelled, ForgeError
from forgeapp.ui.jobs import Lane
from forgeapp.ui.workbench.export import QUEUED, Export
from forgeapp.ui.workbench.places import documents_folder, free_path, is_folder

if TYPE_CHECKING:
    from forgeapp.ledger.exports import ExportRow
    from forgeapp.services.exporting.exported import Exported
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact
    from forgeapp.ui.workbench.services import Services

_HISTORY: Final = 200
CONVERSATION: Final = "conversation"
"""Stands for the kind where a whole conversation is exported."""


class Exports(QObject):
    """`running` are those that wait or run, in their order; `ended_ones` the others, newest first.

    Signals: `started(Export)`, `ended(Export)`, `listed`: others than before are listed; `waiting(Export)`: a limit
    keeps the first one from beginning; `batch_ended(list of Export)`: nothing runs any more of what ran together;
    `conversation_wished(conversation, title)`: the user asks for all of it.
    """

    started = Signal(object)
    ended = Signal(object)
    listed = Signal()
    waiting = Signal(object)
    batch_ended = Signal(object)
    conversation_wished = Signal(int, str)

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench)
        self._workbench = workbench
        self.running: list[Export] = []
        self.ended_ones: list[Export] = []
        self.batch: list[Export] = []
        """All since nothing ran."""
        self.folder: Path | None = None
        """Where the last export went that was no quick one."""
        self.formats: dict[str, str] = {}
        """The format chosen last, by kind."""
        self.options: dict[str, ExportOptions] = {}
        """The options chosen last, by 'kind.format'."""

    @property
    def quick_folder(self) -> Path | None:
        """Where quick exports go, once the user has said so."""
        services = self._workbench.services
        chosen = services.settings.quick_export_folder if services is not None else ""
        return Path(chosen) if chosen else None

    def set_quick_folder(self, folder: Path | None) -> None:
        self._workbench.keep_setting("quick_export_folder", str(folder) if folder is not None else "")

    @property
    def targets(self) -> tuple[Path, ...]:
        """What is being written: nothing else may be proposed to go there."""
        return tuple(export.target for export in self.running)

    def options_for(self, kind: str, file_format: str) -> ExportOptions:
        """As they were chosen last for it, else as the user's country has them."""
        return self.options.get(f"{kind}.{file_format}") or usual_options()

    def remember(self, kind: str, file_format: str, options: ExportOptions) -> None:
        self.formats[kind] = file_format
        self.options[f"{kind}.{file_format}"] = options

    def propose(self, title: str, extension: str, show: Callable[[Path], None]) -> None:
        """A free, safe path in the folder used last; `extension` without the dot, '' for a folder."""
        folder, taken = self.folder, self.targets

        def find(_cancel: CancelToken) -> Path:
            place = folder if folder is not None and is_folder(folder) else documents_folder()
            return free_path(place, title, extension, taken)

        self._workbench.jobs.run(find, show, lane=Lane.VIEWS)

    def start(
        self,
        tab: OpenArtifact,
        target: Path,
        number: int | None = None,
        options: ExportOptions = USUAL,
        is_folder: bool = False,
        may_replace: Standing = (),
        is_quick: bool = False,
    ) -> Export:
        """Into `target`, in the format of its extension; hand edits are stored first.

        `number`: of an older version. `is_folder`: code's own files into this folder. `may_replace`: what the user was
        told stands there; anything else is left and told of as an error, or given way to where `is_quick`.
        """
        export = self._new(tab.title, target, is_folder)
        export.is_quick = is_quick

        def go() -> None:
            subject = ArtifactSubject(tab.id, number or tab.version)
            request = ExportRequest(
                subject, target, options, is_folder=is_folder, may_replace=may_replace, gives_way=is_quick
            )
            self._enqueue(export, request)

        self._workbench.artifacts.save(tab, go, partial(self._leave, export))
        return export

    def start_conversation(
        self,
        subject: ConversationSubject,
        title: str,
        target: Path,
        options: ExportOptions,
        may_replace: Standing = (),
    ) -> Export:
        """All of a conversation into one file. `may_replace`: see `start`."""
        export = self._new(title, target, is_folder=False)
        self._enqueue(export, ExportRequest(subject, target, options, may_replace=may_replace))
        return export

    def retry(self, export: Export) -> None:
        """Once more, as it was."""
        self._again(export, lambda services, number: services.exports.retry(number))

    def keep_anyway(self, export: Export) -> None:
        """Once more; the file is delivered although it differs."""
        self._again(export, lambda services, number: services.exports.keep_anyway(number))

    def stop(self, export: Export) -> None:
        if export.is_over or export.is_elsewhere:
            return
        export.is_stopped = True
        if export.job is not None:
            export.job.cancel()
        number = export.id
        if export.state == QUEUED and number is not None:
            # Its turn may be long in coming.
            self._workbench.call(
                lambda services: services.exports.cancel_queued(number),
                # One that has begun meanwhile ends by its job, perhaps well.
                lambda is_out: self._end(export, Cancelled()) if is_out else None,
                lambda _error: None,
            )

    def stop_all(self) -> None:
        for export in reversed(self.running):
            self.stop(export)

    def read(self) -> None:
        """Looks at what the ledger lists."""
        self._workbench.call(lambda services: services.exports.history(_HISTORY), self._show_rows)

    def resume(self) -> None:
        """What waited when the program ended goes on; what ran then is listed as broken off."""

        def go(rows: list[ExportRow]) -> None:
            for row in rows:
                export = self._new(row.title, row.request.target, row.request.is_folder)
                export.show_row(row)
                self._run(export)
            self.read()

        self._workbench.call(lambda services: services.exports.unfinished(), go)

    def clear(self) -> None:
        """Lists those that have ended no longer; their files stay."""
        self.ended_ones = [export for export in self.ended_ones if export.id is not None]
        self._workbench.call(lambda services: services.exports.clear_history(), lambda _: self.read())

    def _new(self, title: str, target: Path, is_folder: bool) -> Export:
        export = Export(title, target, is_folder, self)
        self.running.append(export)
        self.batch.append(export)
        self.started.emit(export)
        return export

    def _enqueue(self, export: Export, request: ExportRequest) -> None:
        export.request = request
        self._queue(export, lambda services: services.exports.enqueue(request))

    def _queue(self, export: Export, ask: Callable[[Services], int]) -> None:
        """`ask`: for its number. One that was stopped meanwhile does not stay in the queue."""

        def go(number: int) -> None:
            export.id = number
            if export.is_stopped:
                self.stop(export)
            self._run(export)

        self._workbench.call(ask, go, partial(self._end, export))

    def _again(self, export: Export, ask: Callable[[Services, int], int]) -> None:
        number = export.id
        if number is None:
            return
        again = self._new(export.title, export.target, export.is_folder)
        again.request = export.request
        self._queue(again, lambda services: ask(services, number))

    def _run(self, export: Export) -> None:
        services, number = self._workbench.services, export.id
        assert services is not None
        assert number is not None

        def work(cancel: CancelToken, report: Callable[[tuple[float, float]], None]) -> Exported:
            # A window that closes cancels its jobs: what has not begun stays in the queue for the next start.
            cancel.check()
            stop, waits = CancelToken(), False

            def on_cancel() -> None:
                if export.is_stopped or not waits:
                    stop.cancel()

            def on_progress(share: float) -> None:
                nonlocal waits
                waits = False
                if cancel.is_cancelled:
                    stop.cancel()
                report((share, 0.0))

            def on_waiting(seconds: float) -> None:
                nonlocal waits
                waits = True
                if cancel.is_cancelled and not export.is_stopped:
                    raise _WindowClosed()
                report((0.0, seconds))

            forget = cancel.on_cancel(on_cancel)
            try:
                report((0.0, 0.0))
                return services.exports.run(number, stop, on_progress, on_waiting)
            finally:
                forget()

        export.job = self._workbench.jobs.run_reporting(
            work,
            partial(self._on_step, export),
            partial(self._end, export),
            partial(self._end, export),
            Lane.FILES,
        )
        if export.is_stopped:
            export.job.cancel()

    def _on_step(self, export: Export, step: tuple[float, float]) -> None:
        if export.is_over:
            return
        was_waiting = any(other.waits_s for other in self.running)
        export.show_step(*step)
        if export.waits_s and not was_waiting:
            self.waiting.emit(export)

    def _end(self, export: Export, outcome: Exported | Exception) -> None:
        if export.is_over or isinstance(outcome, _WindowClosed):
            return
        if isinstance(outcome, Exception):
            export.show_error(outcome)
            if not isinstance(outcome, ForgeError):
                self._workbench.failed.emit(outcome)
        else:
            export.show_result(outcome)
            if not export.is_quick:
                self.folder = export.target.parent
        self._leave(export)

    def _leave(self, export: Export) -> None:
        self.running.remove(export)
        if export.is_over:
            self.ended_ones.insert(0, export)
        else:
            self.batch.remove(export)
        export.changed.emit()
        self.ended.emit(export)
        if not self.running:
            batch, self.batch = self.batch, []
            if batch:
                self.batch_ended.emit(batch)
            self.read()

    def _show_rows(self, rows: Sequence[ExportRow]) -> None:
        known = {export.id: export for export in self.ended_ones if export.id is not None}
        own = {export.id for export in self.running}
        # What could not even be stored is known here only.
        listed = [export for export in self.ended_ones if export.id is None]
        for row in rows:
            if row.id in own:
                continue
            export = known.pop(row.id, None) or Export(row.title, row.request.target, row.request.is_folder, self)
            listed.append(export)
            if export.is_over and not row.status.is_ended:
                # It ended here after the row was read.
                continue
            export.is_elsewhere = not row.status.is_ended
            export.show_row(row)
        for gone in known.values():
            gone.deleteLater()
        self.ended_ones = listed
        self.listed.emit()


class _WindowClosed(Exception):
    """While an export waited for a limit: it is left as it is in the queue, where being stopped would end it."""


def usual_options() -> ExportOptions:
    """Paper and delimiter as the user's country has them; what was opened from a CSV file keeps that file's."""
    locale = QLocale()
    paper = Paper.LETTER if locale.measurementSystem() is QLocale.MeasurementSystem.ImperialUSSystem else Paper.A4
    return ExportOptions(paper=paper, delimiter=usual_delimiter())


def usual_delimiter() -> Delimiter:
    """What spreadsheets of the user's country expect."""
    return Delimiter.SEMICOLON if QLocale().decimalPoint() == "," else Delimiter.COMMA
