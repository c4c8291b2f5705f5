"""What the formulas of two workbooks come to, for the grids that show both."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from forgeapp.domain.content import Content
from forgeapp.domain.workbook import Values, Workbook
from forgeapp.ui.jobs import Job

if TYPE_CHECKING:
    from forgeapp.ui.artifact.changes.grids_view import GridsView
    from forgeapp.ui.workbench import Workbench


def follow_values(workbench: Workbench, view: GridsView, before: Content, after: Content) -> list[Job]:
    """Shows the values as soon as they are computed; a workbook that cannot be computed shows its formulas."""
    if not isinstance(before, Workbook) or not isinstance(after, Workbook):
        return []
    results: dict[bool, Values] = {}

    def take(is_after: bool, values: Values) -> None:
        results[is_after] = values
        view.show_values(results.get(False, {}), results.get(True, {}))

    view.show_values({}, {})
    return [
        workbench.artifacts.compute(workbook, partial(take, is_after), lambda _error: None)
        for is_after, workbook in ((False, before), (True, after))
    ]
