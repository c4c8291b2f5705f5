"""Cells of a sheet on the clipboard: their displayed texts for other programs, themselves for us."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from forgeapp.domain.number_look import NumberLook
from forgeapp.domain.workbook import ALL_SEEN, Cell, Hidden, Position, Sheet, Value
from forgeapp.ui.artifact.grid import Block
from forgeapp.ui.artifact.grid.clipboard import put_rows
from forgeapp.ui.artifact.grid.selected import spanned
from forgeapp.ui.artifact.spreadsheet.clip import MIME, Clip, clip_of, from_bytes, to_bytes
from forgeapp.ui.artifact.spreadsheet.hidden_lines import hides_within
from forgeapp.ui.jobs import Lane

if TYPE_CHECKING:
    from forgeapp.ui.artifact.spreadsheet.recalculation import Recalculation
    from forgeapp.ui.jobs import Job

_MARK = "application/x-forgeapp-copy"
_AT_ONCE_CELLS = 2_000


@dataclass(frozen=True, slots=True)
class Copied:
    """What is copied of `sheet`: `blocks` but for what is `unseen`, with cells where `at` says. `token` tells it from
    any other copy."""

    sheet: Sheet
    blocks: tuple[Block, ...]
    at: tuple[Position, ...]
    token: str
    is_cut: bool
    unseen: Hidden

    @property
    def is_whole_block(self) -> bool:
        """Cells that lie apart, or had hidden ones between, are pasted as texts."""
        return len(self.blocks) == 1 and not hides_within(self.unseen, self.blocks)

    @property
    def has_formulas(self) -> bool:
        return any(cell.is_formula for at in self.at if (cell := self.sheet.cells.get(at)) is not None)


class Copying(QObject):
    """Puts cells on the clipboard: at once for ourselves, their texts as soon as their values are there.

    `changed()`: `is_under_way`, while other programs would not get the texts yet.
    """

    changed = Signal()

    def __init__(self, recalculation: Recalculation, parent: QObject) -> None:
        super().__init__(parent)
        self._recalculation = recalculation
        self._copied: Copied | None = None
        self._latest: Copied | None = None
        self._job: Job | None = None
        recalculation.computed.connect(self._on_values)
        recalculation.state_changed.connect(self._on_values)

    @property
    def is_under_way(self) -> bool:
        return self._copied is not None

    def put(
        self,
        sheet: Sheet,
        blocks: Sequence[Block],
        at: Sequence[Position],
        is_cut: bool = False,
        unseen: Hidden = ALL_SEEN,
    ) -> Copied:
        """`at`: where in the blocks of the sheet there are cells."""
        self._end()
        copied = Copied(sheet, tuple(blocks), tuple(at), uuid4().hex, is_cut, unseen)
        awaits = self._recalculation.is_waiting and copied.has_formulas
        is_small = len(at) + len(self._recalculation.values(sheet.name)) <= _AT_ONCE_CELLS
        self._latest = copied
        if is_small:
            _put(copied, self._work(copied)(), _own(copied))
        else:
            _put(copied, [[""]], {})
        if awaits or not is_small:
            self._copied = copied
            self.changed.emit()
        if awaits:
            self._recalculation.hurry()
        elif not is_small:
            self._render()
        return copied

    def _work(self, copied: Copied) -> Callable[[], list[list[str]]]:
        """What gives the texts, with the values of now: another thread may ask for them."""
        source, name = self._recalculation, copied.sheet.name
        values, formats = source.values(name), source.formats.get(name, {})
        return partial(texts_of, copied, values, formats, source.look, source.failure is not None)

    def _on_values(self) -> None:
        if self._copied is not None and self._job is None and not self._recalculation.is_waiting:
            self._render()

    def _render(self) -> None:
        copied = self._copied
        if copied is None:
            return
        work = self._work(copied)
        self._job = self._recalculation.jobs.run(
            lambda _cancel: (work(), _own(copied)), partial(self._on_rendered, copied), lane=Lane.FILES
        )
        self.destroyed.connect(self._job.drop)

    def _on_rendered(self, copied: Copied, done: tuple[list[list[str]], dict[str, bytes]]) -> None:
        if _mark() == copied.token:
            _put(copied, *done)
        self._end()

    def take(self) -> Clip | None:
        """Our own cells that the clipboard holds, here or from another editor."""
        latest = self._latest
        if latest is not None and _mark() == latest.token:
            return _clip(latest) if latest.is_whole_block else None
        data = QGuiApplication.clipboard().mimeData()
        return from_bytes(bytes(data.data(MIME).data())) if data is not None and data.hasFormat(MIME) else None

    def _end(self) -> None:
        if self._job is not None:
            self._job.drop()
        is_other = self._copied is not None
        self._job = self._copied = None
        if is_other:
            self.changed.emit()


def filled_cells(sheet: Sheet, values: Mapping[Position, Value], blocks: Sequence[Block]) -> tuple[Position, ...]:
    """Where anything stands in the blocks, typed or computed."""
    if sum(block.size for block in blocks) <= len(sheet.cells) + len(values):
        return tuple(at for block in blocks for at in block.cells() if at in sheet.cells or at in values)
    found = {at for at in sheet.cells if any(block.holds(*at) for block in blocks)}
    found.update(at for at in values if any(block.holds(*at) for block in blocks))
    return tuple(found)


def texts_of(
    copied: Copied,
    values: Mapping[Position, Value],
    formats: Mapping[Position, str],
    look: NumberLook,
    has_failed: bool,
) -> list[list[str]]:
    """The displayed texts by row and column, what another program would run guarded as in CSV."""
    from forgeapp.exporters.csv.exporter import guarded
    from forgeapp.sheets.grid import cell_text

    rows, columns = spanned(copied.blocks)
    unseen = copied.unseen
    rows = [row for row in rows if row not in unseen.rows]
    columns = [column for column in columns if column not in unseen.columns]
    blank = [""] * len(columns)
    lines = dict.fromkeys(rows, blank)
    places = {column: place for place, column in enumerate(columns)}
    for at in filled_cells(copied.sheet, values, copied.blocks):
        if unseen.covers(at):
            continue
        cell, value = copied.sheet.cells.get(at), values.get(at)
        if cell is not None and cell.is_formula:
            if value is None:
                text = guarded(cell.text) if has_failed else ""
            else:
                text = cell_text(cell if cell.format else Cell(cell.text, None, formats.get(at)), value, look)
        else:
            value = None if cell is not None else value
            text = cell_text(cell, value, look)
        is_words = isinstance(value, str) or (value is None and cell is not None and cell.number is None)
        if lines[at[0]] is blank:
            lines[at[0]] = blank.copy()
        lines[at[0]][places[at[1]]] = guarded(text) if is_words else text
    return list(lines.values())


def _clip(copied: Copied) -> Clip:
    return clip_of(copied.sheet, copied.blocks[0], copied.at, copied.token if copied.is_cut else None)


def _own(copied: Copied) -> dict[str, bytes]:
    return {MIME: to_bytes(_clip(copied))} if copied.is_whole_block else {}


def _mark() -> str | None:
    data = QGuiApplication.clipboard().mimeData()
    return bytes(data.data(_MARK).data()).decode(errors="replace") if data is not None else None


def _put(copied: Copied, rows: list[list[str]], own: dict[str, bytes]) -> None:
    put_rows(rows, {**own, _MARK: copied.token.encode()})
