"""The values of a workbook, computed in a child process."""

from __future__ import annotations

import math
from typing import Any

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.publication import Progress
from forgeapp.domain.workbook import CellError, Value, Values, Workbook
from forgeapp.services.workers import Limits, Workers


class Calculation:
    def __init__(self, workers: Workers, limits: Limits) -> None:
        self._workers = workers
        self._limits = limits

    def values(self, workbook: Workbook, cancel: CancelToken) -> Values:
        """Computed values; an empty mapping, without a child, where there is no formula. Raises WorkerFailed."""
        if not any(cell.is_formula for sheet in workbook.sheets for cell in sheet.cells.values()):
            return {}
        answer = self._workers.run("evaluate", workbook, self._limits, cancel)
        return {name: {(row, column): _value(value) for row, column, value in cells} for name, cells in answer.items()}


def evaluate_task(workbook: Workbook, progress: Progress) -> dict[str, list[list[Any]]]:
    from forgeapp.sheets.engine import evaluate

    del progress
    return {
        name: [
            [row, column, {"error": value.code} if isinstance(value, CellError) else value]
            for (row, column), value in cells.items()
        ]
        for name, cells in evaluate(workbook).items()
    }


def _value(value: Any) -> Value:
    if isinstance(value, dict):
        return CellError(str(value["error"]))
    assert isinstance(value, str | bool | int | float)
    return CellError("#NUM!") if isinstance(value, float) and not math.isfinite(value) else value
