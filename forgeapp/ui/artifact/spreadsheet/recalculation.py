"""The computed side of an open workbook: values of its formulas, and how they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from forgeapp.domain.number_look import ENGLISH, NumberLook, NumberLooks
from forgeapp.domain.references import Lines
from forgeapp.domain.workbook import Position, Value, Workbook
from forgeapp.ui.jobs import Lane

if TYPE_CHECKING:
    from forgeapp.domain.workbook import Values
    from forgeapp.ui.jobs import Job, Jobs
    from forgeapp.ui.workbench import Workbench

T = TypeVar("T")
AFTER_MS = 150
LATE_MS = 400
_AT_ONCE_CELLS = 2_000
"""So many cells are looked through in a millisecond or two; more in a worker thread."""


class Recalculation(QObject):
    """Follows a workbook: a short while after each change its formulas are computed in a child process.

    Until then the values before stay. `formats`: what formulas without a format are shown under, by sheet and position;
    `failure`: why there are no newer values; `is_late`: they have been awaited for longer than LATE_MS.
    `look`: that of all its numbers.
    Signals: `computed()`: values, formats or look are new; `state_changed()`: `is_late` or `failure`.
    """

    computed = Signal()
    state_changed = Signal()

    def __init__(self, workbench: Workbench, parent: QObject) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._workbook: Workbook | None = None
        self._values: dict[str, Mapping[Position, Value]] = {}
        self._jobs: list[Job] = []
        self.formats: Mapping[str, Mapping[Position, str]] = {}
        self.look = ENGLISH
        self._looks: NumberLooks | None = None
        self.failure: Exception | None = None
        self.is_late = False
        self._soon = _timer(self, AFTER_MS, self._start)
        self._late = _timer(self, LATE_MS, self._on_late)
        self.destroyed.connect(partial(_drop, self._jobs))
        workbench.settings_changed.connect(self._on_settings_changed)

    def value(self, sheet: str, at: Position) -> Value | None:
        return self._values.get(sheet, {}).get(at)

    def values(self, sheet: str) -> Mapping[Position, Value]:
        return self._values.get(sheet, {})

    @property
    def is_waiting(self) -> bool:
        return self._soon.isActive() or bool(self._jobs)

    @property
    def jobs(self) -> Jobs:
        return self._workbench.jobs

    def hurry(self) -> None:
        """Begins at once with what it would wait a short while for."""
        if self._soon.isActive():
            self._soon.stop()
            self._start()

    def follow(self, workbook: Workbook, at_once: bool = False) -> None:
        """Values of an older workbook are no longer taken. `at_once`: without waiting for further changes."""
        self._workbook = workbook
        _drop(self._jobs)
        if not self._late.isActive() and not self.is_late:
            self._late.start()
        if not at_once:
            if not self._soon.isActive():
                self._soon.start(AFTER_MS)
            return
        is_small = sum(len(sheet.cells) for sheet in workbook.sheets) <= _AT_ONCE_CELLS
        if is_small:
            self._take_shown(*_shown(workbook, self._current_looks()))
        # What a worker thread does with a large workbook must not slow down the first painting of it.
        self._soon.start(0 if is_small else AFTER_MS)
        self._workbench.when_ready(self._on_ready)

    def rename(self, old: str, new: str) -> None:
        """A sheet has another name: its values stay shown meanwhile."""
        if old in self._values and new not in self._values:
            self._values[new] = self._values.pop(old)

    def move_lines(self, name: str, lines: Lines, is_insertion: bool) -> None:
        """Rows or columns came or went: what is shown meanwhile moves with its cells."""
        self._values[name] = _moved(self._values.get(name, {}), lines, is_insertion)
        self.formats = {**self.formats, name: _moved(self.formats.get(name, {}), lines, is_insertion)}

    @property
    def all_values(self) -> Mapping[str, Mapping[Position, Value]]:
        """By sheet name and position."""
        return self._values

    def _on_ready(self) -> None:
        if not self._soon.isActive():
            self._start()

    def _start(self) -> None:
        workbook = self._workbook
        if workbook is None or self._workbench.services is None:
            return
        _drop(self._jobs)
        looks = self._current_looks()
        shown = self._workbench.jobs.run(
            lambda _cancel: _shown(workbook, looks), lambda found: self._take_shown(*found), lane=Lane.FORMULAS
        )
        computed = self._workbench.artifacts.compute(workbook, self._on_computed, self._on_failed)
        self._jobs += [shown, computed]

    def _current_looks(self) -> NumberLooks:
        from forgeapp.services.number_looks import looks_of

        services = self._workbench.services
        self._looks = looks_of(services.settings.number_look if services is not None else "content")
        return self._looks

    def _on_settings_changed(self) -> None:
        if self._workbook is not None and self._looks not in (None, self._current_looks()):
            self._start()

    def _take_shown(self, formats: Mapping[str, Mapping[Position, str]], look: NumberLook) -> None:
        if (formats, look) != (self.formats, self.look):
            self.formats, self.look = formats, look
            self.computed.emit()

    def _on_computed(self, values: Values) -> None:
        self._values = dict(values)
        self._end(None)
        self.computed.emit()

    def _on_failed(self, error: Exception) -> None:
        self._end(error)

    def _end(self, failure: Exception | None) -> None:
        self._jobs.clear()
        self._late.stop()
        is_other = self.is_late or failure is not self.failure
        self.is_late, self.failure = False, failure
        if is_other:
            self.state_changed.emit()

    def _on_late(self) -> None:
        self.is_late = True
        self.state_changed.emit()


def _moved(cells: Mapping[Position, T], lines: Lines, is_insertion: bool) -> dict[Position, T]:
    """What stands by cells, after `lines` came or went."""
    axis, by = (0 if lines.are_rows else 1), (lines.count if is_insertion else -lines.count)
    edge = lines.first if is_insertion else lines.end
    moved: dict[Position, T] = {}
    for at, each in cells.items():
        if at[axis] < lines.first:
            moved[at] = each
        elif at[axis] >= edge:
            moved[(at[0] + by, at[1]) if lines.are_rows else (at[0], at[1] + by)] = each
    return moved


def _shown(workbook: Workbook, looks: NumberLooks) -> tuple[dict[str, dict[Position, str]], NumberLook]:
    """The formats formulas take from what they are computed from, and the look of the workbook's numbers."""
    from forgeapp.services.number_looks import look_of
    from forgeapp.sheets.grid import with_formats

    formats: dict[str, dict[Position, str]] = {}
    for before, after in zip(workbook.sheets, with_formats(workbook).sheets, strict=True):
        if after.cells is not before.cells:
            formats[after.name] = {
                at: cell.format for at, cell in after.cells.items() if cell.format and cell is not before.cells[at]
            }
    return formats, look_of(workbook, looks)


def _timer(parent: QObject, after_ms: int, then: object) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(after_ms)
    timer.timeout.connect(then)
    return timer


def _drop(jobs: list[Job], *_: object) -> None:
    for job in jobs:
        job.drop()
    jobs.clear()
