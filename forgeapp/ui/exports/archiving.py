"""Export of everything and import of an archive, from the file dialog to the message that tells what came of it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from forgeapp.errors import Cancelled, ForgeError
from forgeapp.ui.links import open_path
from forgeapp.ui.notices import Notice
from forgeapp.ui.wording import error_text, number_text, size_text, tr
from forgeapp.ui.workbench.places import documents_folder, free_path

if TYPE_CHECKING:
    from forgeapp.services.archive.archives import ExportedArchive, ImportedArchive
    from forgeapp.ui.main_window import MainWindow

_TOLD_FOR_MS: Final = 20_000


class Archiving(QObject):
    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._archives = window.workbench.archives
        self._notices = window.notices
        self._shown: int | None = None
        """The message with the progress."""
        self._is_import = False
        self._archives.started.connect(self._on_started)
        self._archives.progressed.connect(self._on_progressed)
        self._archives.exported.connect(self._on_exported)
        self._archives.imported.connect(self._on_imported)
        self._archives.failed.connect(self._on_failed)

    @property
    def obstacle(self) -> str:
        """Why none can be begun now, '' where one can."""
        return tr("An archive is under way") if self._archives.is_running else ""

    def export_all(self) -> None:
        from forgeapp.services.archive.packing import PACKED, PLAIN, is_archive_name

        folder = self._window.workbench.exports.folder or documents_folder()
        proposed = folder / f"ForgeApp {datetime.now(UTC).astimezone():%Y-%m-%d}{PLAIN}"
        packed = f"{tr('Packed archive')} (*{PACKED})"
        names = f"{tr('Archive')} (*{PLAIN});;{packed}"
        chosen, kind = QFileDialog.getSaveFileName(self._window, tr("Export everything"), str(proposed), names)
        if not chosen:
            return
        target = Path(chosen)
        if not is_archive_name(target.name):
            # The dialog asked whether to replace another name than this one.
            ending = PACKED if kind == packed else PLAIN
            target = free_path(target.parent, target.name, ending.removeprefix("."))
        self._window.artifact_pane.finish_editing()
        self._archives.export_all(target)

    def import_file(self) -> None:
        folder = self._window.workbench.exports.folder or documents_folder()
        from forgeapp.services.archive.packing import PACKED, PLAIN

        names = f"{tr('Archive')} (*{PLAIN} *{PACKED});;{tr('All files')} (*)"
        chosen, _ = QFileDialog.getOpenFileName(self._window, tr("Import an archive"), str(folder), names)
        if chosen:
            self._archives.import_file(Path(chosen))

    def _on_started(self, path: Path, is_import: bool) -> None:
        self._is_import = is_import
        text = tr("{name} is being imported", name=path.name) if is_import else tr("Everything is being exported")
        hint = tr("What is here already stays as it is.") if is_import else path.name
        self._shown = self._notices.show_notice(Notice(text, hint=hint, progress=0.0, on_cancel=self._archives.stop))

    def _on_progressed(self, share: float) -> None:
        if self._shown is not None:
            self._notices.update_notice(self._shown, progress=share)

    def _on_exported(self, written: ExportedArchive) -> None:
        rows = written.rows
        text = tr("{name} saved · {size}", name=written.path.name, size=size_text(written.bytes))
        hint = tr(
            "Conversations {conversations}, artifacts {artifacts}, versions {versions}. Keys, providers and "
            "settings are not in it.",
            conversations=number_text(rows["conversations"]),
            artifacts=number_text(rows["artifacts"]),
            versions=number_text(rows["versions"]),
        )
        action = (tr("Show in folder"), partial(open_path, written.path.parent))
        self._end(Notice(text, "good", hint, (action,)))

    def _on_imported(self, source: Path, taken: ImportedArchive) -> None:
        added, present = taken.added, taken.present
        text = tr("{name} has been imported.", name=source.name)
        told: list[str] = []
        if any(added.values()):
            told.append(
                tr(
                    "Added: conversations {conversations}, artifacts {artifacts}, versions {versions}.",
                    conversations=number_text(added["conversations"]),
                    artifacts=number_text(added["artifacts"]),
                    versions=number_text(added["versions"]),
                )
            )
        else:
            text = tr("All that {name} holds is here already.", name=source.name)
        if present["conversations"] or present["artifacts"]:
            told.append(
                tr(
                    "Here already, and left as they are: conversations {conversations}, artifacts {artifacts}.",
                    conversations=number_text(present["conversations"]),
                    artifacts=number_text(present["artifacts"]),
                )
            )
        self._end(Notice(text, "good", "\n".join(told), timeout_ms=_TOLD_FOR_MS))

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, Cancelled):
            told = (
                tr("The import was stopped; nothing was changed.")
                if self._is_import
                else tr("The export of everything was stopped; nothing was written.")
            )
            self._end(Notice(told))
        elif isinstance(error, ForgeError):
            words = error_text(error)
            self._end(Notice(words.message, "bad", words.hint))
        else:
            self._end(None)
            sys.excepthook(type(error), error, error.__traceback__)

    def _end(self, notice: Notice | None) -> None:
        if self._shown is not None:
            self._notices.close_notice(self._shown)
            self._shown = None
        if notice is not None:
            self._notices.show_notice(notice)
