"""One export as the window shows it: waiting, under way, or how it ended."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from forgeapp.domain.artifact import Format
from forgeapp.domain.export_request import ExportRequest
from forgeapp.errors import Cancelled, ExportDiffers, ForgeError
from forgeapp.ui.wording import error_text, text_below, tr

if TYPE_CHECKING:
    from forgeapp.ledger.exports import ExportRow
    from forgeapp.services.exporting.exported import Exported
    from forgeapp.ui.jobs import Job

QUEUED: Final = "queued"
RUNNING: Final = "running"
COMPLETED: Final = "completed"
FAILED: Final = "failed"
CANCELLED: Final = "cancelled"
"""The ledger's words for where an export stands."""
INTERRUPTED: Final = "interrupted"
"""The ledger's word for an export whose process ended before it did."""


class Export(QObject):
    """`changed` follows each step.

    `id`: in the ledger, None until it is stored there. `progress` 0..1; `waits_s`: seconds until a limit lets it begin.
    `result` or `error` once it has ended in this run of the program. `message`, `hint`: why it failed, and the remedy.
    `is_quick`: it leaves the folder that is proposed next as it is, and gives way to what somebody wrote there.
    `is_elsewhere`: another process over the same home, such as the command line, waits with it or writes it.
    """

    changed = Signal()

    def __init__(self, title: str, target: Path, is_folder: bool, parent: QObject) -> None:
        super().__init__(parent)
        self.id: int | None = None
        self.request: ExportRequest | None = None
        self.title = title
        self.target = target
        self.is_folder = is_folder
        self.state = QUEUED
        self.progress = 0.0
        self.waits_s = 0.0
        self.result: Exported | None = None
        self.error: Exception | None = None
        self.bytes: int | None = None
        self.ended_at = ""
        self.warnings: tuple[str, ...] = ()
        self.differences: tuple[str, ...] = ()
        self.message = ""
        self.hint = ""
        self.job: Job | None = None
        self.is_stopped = False
        self.is_quick = False
        self.is_elsewhere = False
        self._error_type: str | None = None

    @property
    def is_over(self) -> bool:
        return self.state not in (QUEUED, RUNNING)

    @property
    def can_be_kept(self) -> bool:
        """Whether all that speaks against the file are differences, which the user may accept."""
        return self.state == FAILED and self._error_type == ExportDiffers.key

    @property
    def is_safe_to_open(self) -> bool:
        """Whether it is in a format of ours: any other is code, which the system might run."""
        return not self.is_folder and Format.named(self.target.suffix.lstrip(".").casefold()) is not None

    def show_step(self, share: float, waits_s: float = 0.0) -> None:
        self.state = QUEUED if waits_s else RUNNING
        self.progress, self.waits_s = share, waits_s
        self.changed.emit()

    def show_result(self, result: Exported) -> None:
        self.result, self.state = result, COMPLETED
        self.target = result.path
        self.bytes = result.bytes
        self.warnings = tuple(map(text_below, result.warnings))
        self.differences = tuple(map(text_below, result.differences))

    def show_error(self, error: Exception) -> None:
        self.error = error
        if isinstance(error, Cancelled):
            self.state = CANCELLED
            return
        self.state, self.message = FAILED, tr("The export failed.")
        if isinstance(error, ForgeError):
            words = error_text(error)
            self.message, self.hint, self._error_type = words.message, words.hint, error.key
            self.differences = tuple(map(text_below, error.params.get("differences", ())))

    def show_row(self, row: ExportRow) -> None:
        """As the ledger has it; what this run of the program knows better stays."""
        self.id, self.request = row.id, row.request
        self.title, self.target, self.is_folder = row.title, row.request.target, row.request.is_folder
        self.state, self.bytes = row.status.value, row.bytes
        self.ended_at = row.completed_at or row.created_at
        self.warnings = self.warnings or row.warnings
        self.differences = self.differences or row.differences
        self._error_type = row.error_type
        if self.state == FAILED and not self.message:
            self.message = row.error_message or tr("The export failed.")
            if row.error_type == INTERRUPTED:
                # It may have ended between the file's taking its place and the note of it.
                self.message = tr(
                    "The program ended before the export did. There stands the file of before, or the whole new one."
                )
                self.hint = tr("Look at it, or try again.")
        self.changed.emit()
