"""Much from the clipboard, read off the UI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from forgeapp.domain.cell_block import Block
from forgeapp.errors import BlockedError
from forgeapp.ui.artifact.grid.clipboard import Taken
from forgeapp.ui.artifact.grid.view import GridView
from forgeapp.ui.jobs import Lane
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.jobs import Job
    from forgeapp.ui.workbench import Workbench


class LatePaste(QObject):
    """Lands where it was to go; given up, and told, where other rows came into view meanwhile."""

    def __init__(self, grid: GridView, workbench: Workbench) -> None:
        super().__init__(grid)
        self._grid = grid
        self._workbench = workbench
        self._job: Job | None = None
        grid.much_taken.connect(self._read)
        grid.model().modelReset.connect(self._give_up)
        grid.model().layoutChanged.connect(self._give_up)

    @property
    def is_idle(self) -> bool:
        return self._job is None

    def _read(self, taken: Taken, block: Block) -> None:
        self._drop()

        def land(rows: list[list[str]]) -> None:
            self._job = None
            if rows:
                self._grid.pasted.emit(rows, block)

        self._job = self._workbench.jobs.run(lambda _cancel: taken.rows(), land, lane=Lane.FILES)
        self.destroyed.connect(self._job.drop)

    def _drop(self) -> None:
        if self._job is not None:
            self._job.drop()
            self._job = None

    def _give_up(self) -> None:
        if self._job is not None:
            self._drop()
            reason = tr("Nothing was pasted: other rows came into view while it was being read.")
            self._workbench.failed.emit(BlockedError(reason=reason, remedy=tr("Paste it again.")))
