"""One line below a grid: what the selected cells come to, or how large the whole is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.column_types import decimal_marks
from forgeapp.domain.columns import Tally, tally, writes_decimal_comma
from forgeapp.domain.number_look import LOOKS, NumberLook
from forgeapp.ui.artifact.grid.summary_label import SummaryLabel
from forgeapp.ui.jobs import Lane, ignore_cancelled
from forgeapp.ui.wording import number_text, tr

if TYPE_CHECKING:
    from forgeapp.ui.artifact.grid import Block, GridView
    from forgeapp.ui.jobs import Job
    from forgeapp.ui.workbench import Workbench

_AT_ONCE = 1_000
_MOST = 200_000
_MAX_DECIMALS = 6
_SAMPLE = 1_000
_PIECE = 500
_REST_S = 0.001


class SelectionSummary(SummaryLabel):
    """`counted` says the size of the whole."""

    def __init__(self, grid: GridView, counted: Callable[[], str], workbench: Workbench) -> None:
        super().__init__()
        self._grid = grid
        self._counted = counted
        self._workbench = workbench
        self._job: Job | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._show)
        grid.selection_changed.connect(self.refresh)
        self._show()

    def refresh(self) -> None:
        """Looks again, once for all that happens in one go."""
        self._soon.start()

    def _show(self) -> None:
        if self._job is not None:
            self._job.drop()
            self._job = None
        blocks = self._grid.used_blocks()
        size = sum(block.size for block in blocks)
        if size <= 1:
            self.setText(self._counted())
        elif size <= _AT_ONCE:
            texts = list(self._texts(blocks))
            self._tell(size, tally(texts), _look_of(texts))
        else:
            self.setText(_cells(size))
            if size <= _MOST:
                self._count_elsewhere(blocks, size)

    def _count_elsewhere(self, blocks: list[Block], size: int) -> None:
        model = self._grid.grid_model()
        # Taken here: the model may show another table while the thread reads.
        parts = [model.copy_rows(block) for block in blocks]
        texts = (text for part in parts for row in part for text in row)

        def work(cancel: CancelToken) -> tuple[Tally, NumberLook | None]:
            taken = list(islice(texts, _SAMPLE))
            comma, look, found = writes_decimal_comma(taken), _look_of(taken), Tally(0, 0, 0.0)
            while taken:
                found += tally(taken, comma)
                cancel.wait(_REST_S)  # lets the window go on: both threads share one interpreter
                taken = list(islice(texts, _PIECE))
            return found, look

        def show(done: tuple[Tally, NumberLook | None]) -> None:
            self._job = None
            self._tell(size, *done)

        self._job = self._workbench.jobs.run(work, show, ignore_cancelled(self._workbench.failed.emit), lane=Lane.FILES)

    def _texts(self, blocks: list[Block]) -> Iterator[str]:
        model = self._grid.grid_model()
        return (text for block in blocks for row in model.copy_rows(block) for text in row)

    def _tell(self, size: int, found: Tally, look: NumberLook | None) -> None:
        if not found.numbers:
            self.setText(_cells(size))
            return
        total = _number(found, found.total, look)
        if found.numbers == 1:
            self.setText(tr("Sum {sum} · {cells}", sum=total, cells=_cells(size)))
            return
        average = _number(found, found.average, look, max(2 - found.decimals, 0))
        self.setText(tr("Sum {sum} · Average {average} · {cells}", sum=total, average=average, cells=_cells(size)))


def _cells(size: int) -> str:
    return tr("{count} cells", count=number_text(size))


def _look_of(texts: Sequence[str]) -> NumberLook | None:
    """That of the cells, where their decimal marks say it."""
    commas, points = decimal_marks(texts)
    return None if commas == points else LOOKS["comma"] if commas > points else LOOKS["point"]


def _number(found: Tally, value: float, look: NumberLook | None, more: int = 0) -> str:
    """With as many decimals as the cells have, and up to `more` beyond where they are not zero; in the `look`, else in
    the system's."""
    decimals = min(found.decimals, _MAX_DECIMALS)
    shown = value * 100 if found.is_percent else value
    while more and round(shown, decimals) != round(shown, decimals + more):
        decimals, more = decimals + 1, more - 1
    text = number_text(shown, decimals) if look is None else look.marked(f"{shown:,.{decimals}f}")
    return tr("{number} %", number=text) if found.is_percent else text
