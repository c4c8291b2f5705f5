"""Garbage is collected on the UI thread only.

Python's collector runs in whichever thread makes the next object. In a worker it would take away Qt objects that belong
to the UI thread, timers still running among them, which ends the process.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 500
_THRESHOLDS = (20_000, 20, 20)
"""New objects, and collections of each generation, after which the next one is collected; the heap is large."""


class Collector(QObject):
    """Takes the collector's place while it lives; `end` gives it back."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._collected = [0, 0]
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._on_timeout)
        gc.disable()
        self._timer.start()

    def freeze(self) -> None:
        """What is there now stays: a full collection over everything imported would hold the window."""
        gc.freeze()

    def end(self) -> None:
        self._timer.stop()
        gc.enable()

    def _on_timeout(self) -> None:
        if gc.get_count()[0] < _THRESHOLDS[0]:
            return
        generation = 0
        while generation < 2 and self._collected[generation] >= _THRESHOLDS[generation + 1]:
            self._collected[generation] = 0
            generation += 1
        gc.collect(generation)
        if generation < 2:
            self._collected[generation] += 1
