"""What the selected numbers add up to, at the right below the grid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QFontMetricsF, QResizeEvent

from forgeapp.domain.workbook import ALL_SEEN, Hidden, Position, Sheet, Value
from forgeapp.ui.artifact.grid import Block
from forgeapp.ui.artifact.grid.summary_label import SummaryLabel
from forgeapp.ui.controls.painting import advance
from forgeapp.ui.jobs import Lane
from forgeapp.ui.theme import px
from forgeapp.ui.wording import number_text, tr

if TYPE_CHECKING:
    from forgeapp.ui.artifact.spreadsheet.grid import SheetGrid
    from forgeapp.ui.artifact.spreadsheet.recalculation import Recalculation
    from forgeapp.ui.jobs import Job
    from forgeapp.ui.workbench import Workbench

_AT_ONCE_CELLS = 5_000
_MAX_KEPT_WIDTH = 240
"""Many sheets must not take the room of what is summed up."""


@dataclass(frozen=True, slots=True)
class Tally:
    """`count` numbers and their `total`, None where it is beyond every number; `format`: the one they share."""

    count: int
    total: float | None
    format: str | None

    @property
    def average(self) -> float | None:
        return None if self.total is None or not self.count else self.total / self.count


class SheetSummary(SummaryLabel):
    """Looks again, once for all that happens in one go, with each `refresh`."""

    def __init__(self, grid: SheetGrid, recalculation: Recalculation, workbench: Workbench) -> None:
        super().__init__()
        self._grid = grid
        self._recalculation = recalculation
        self._workbench = workbench
        self._job: Job | None = None
        self._whole = self._short = ""
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._show)
        grid.selection_changed.connect(self.refresh)
        recalculation.computed.connect(self.refresh)

    def refresh(self) -> None:
        self._soon.start()

    def _show(self) -> None:
        if self._job is not None:
            self._job.drop()
            self._job = None
        blocks = self._grid.used_blocks()
        unseen = self._grid.lines.unseen
        size = sum(_seen_size(block, unseen) for block in blocks)
        if size <= 1:
            self._say("")
            return
        sheet = self._grid.sheet_model().sheet
        values = self._recalculation.values(sheet.name)
        formats = self._recalculation.formats.get(sheet.name, {})
        if size <= _AT_ONCE_CELLS:
            self._tell(tally(sheet, values, formats, blocks, unseen), size)
            return
        self._job = self._workbench.jobs.run(
            lambda _cancel: tally(sheet, values, formats, blocks, unseen),
            lambda found: self._tell(found, size),
            lane=Lane.FILES,
        )
        # A label that has gone must not be told.
        self.destroyed.connect(self._job.drop)

    def _tell(self, found: Tally, size: int) -> None:
        from forgeapp.sheets.display import display, is_date_format

        if not found.count:
            self._say(tr("{count} cells", count=number_text(size)))
            return
        if found.count == size:
            count = tr("{count} cells", count=number_text(found.count))
        else:
            count = tr("{count} numbers", count=number_text(found.count))
        if found.total is None or found.average is None or is_date_format(found.format):
            self._say(count)
            return
        look = self._recalculation.look
        total = display(found.total, found.format or "#,##0.######", look).rstrip(".,")
        average = display(found.average, found.format or "#,##0.00####", look)
        self._say(
            tr("Sum {sum} · Average {average} · {cells}", sum=total, average=average, cells=count),
            tr("Sum {sum} · {cells}", sum=total, cells=count),
        )

    def _say(self, whole: str, short: str | None = None) -> None:
        """`short` where the whole has no room."""
        self._whole, self._short = whole, whole if short is None else short
        self.updateGeometry()
        self._choose()

    def _choose(self) -> None:
        has_room = advance(QFontMetricsF(self.font()), self._whole) <= self.contentsRect().width()
        text = self._whole if has_room or not self.isVisible() else self._short
        if text != self.text():
            self.setText(text)

    def sizeHint(self) -> QSize:
        return QSize(self._needed(self._whole), super().sizeHint().height())

    def _needed(self, text: str) -> int:
        margins = self.contentsMargins()
        return advance(QFontMetricsF(self.font()), text) + margins.left() + margins.right()

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self._needed(self._short), px(_MAX_KEPT_WIDTH)), super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose()


def tally(
    sheet: Sheet,
    values: Mapping[Position, Value],
    formats: Mapping[Position, str],
    blocks: Iterable[Block],
    unseen: Hidden = ALL_SEEN,
) -> Tally:
    """The numbers, typed and computed, of the cells in `blocks` that can be seen."""
    numbers: list[float | int] = []
    codes: set[str | None] = set()
    for block in blocks:
        for at in _filled(sheet, values, block):
            if unseen.covers(at):
                continue
            cell, value = sheet.cells.get(at), values.get(at)
            number = cell.number if cell is not None and not cell.is_formula else value
            if isinstance(number, int | float) and not isinstance(number, bool):
                numbers.append(number)
                codes.add((cell.format if cell else None) or formats.get(at))
    try:
        total = fsum(numbers)
    except OverflowError:
        total = None
    return Tally(len(numbers), total, _shared(codes))


def _seen_size(block: Block, unseen: Hidden) -> int:
    rows = sum(block.top <= row <= block.bottom for row in unseen.rows)
    columns = sum(block.left <= column <= block.right for column in unseen.columns)
    return (block.height - rows) * (block.width - columns)


def _filled(sheet: Sheet, values: Mapping[Position, Value], block: Block) -> Iterable[Position]:
    if block.size <= len(sheet.cells) + len(values):
        return block.cells()
    found = {at for at in sheet.cells if block.holds(*at)}
    return found | {at for at in values if block.holds(*at)}


def _shared(codes: set[str | None]) -> str | None:
    """The one format; of several that differ in their decimals alone the one with most of them."""
    from forgeapp.sheets.formats import merged

    return merged({code for code in codes if code})
