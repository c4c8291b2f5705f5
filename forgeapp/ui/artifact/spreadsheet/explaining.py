"""What an error in the current cell means, found out in a thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forgeapp.domain.workbook import CellError, Position
from forgeapp.ui.jobs import Lane

if TYPE_CHECKING:
    from forgeapp.ui.artifact.spreadsheet.error_words import Explanation
    from forgeapp.ui.artifact.spreadsheet_editor import SpreadsheetEditor
    from forgeapp.ui.jobs import Job
    from forgeapp.ui.workbench import Workbench


class Explaining:
    """Of one editor, told in its strip `errors`."""

    def __init__(self, editor: SpreadsheetEditor, workbench: Workbench) -> None:
        self._editor = editor
        self._workbench = workbench
        self._job: Job | None = None

    def look_at(self, at: Position) -> None:
        editor = self._editor
        if self._job is not None:
            self._job.drop()
            self._job = None
        if not isinstance(editor.model.value(*at), CellError):
            editor.errors.explain(None)
            return
        workbook, values, sheet = editor.workbook, dict(editor.recalculation.all_values), editor.sheet.name

        def find(_cancel: object) -> tuple[Explanation | None, str]:
            from forgeapp.sheets.error_sources import Place
            from forgeapp.ui.artifact.spreadsheet.error_words import cell_name, explain

            here = Place(sheet, at)
            found = explain(workbook, values, here)
            return found, cell_name(found.goes_to, here) if found is not None and found.goes_to is not None else ""

        def land(found: tuple[Explanation | None, str]) -> None:
            self._job = None
            editor.errors.explain(*found)

        self._job = self._workbench.jobs.run(find, land, lane=Lane.VIEWS)
        editor.destroyed.connect(self._job.drop)
