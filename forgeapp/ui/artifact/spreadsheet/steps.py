"""Changes of a workbook as steps to undo, and which part of one comes into view."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from forgeapp.domain.content import Content
from forgeapp.domain.workbook import Workbook
from forgeapp.domain.workbook_edits import CellsChange, Change, Changes

if TYPE_CHECKING:
    from forgeapp.ui.workbench.open_artifact import Edit


def cells_to_show(changes: Changes, place: int) -> CellsChange | None:
    """Of several that are all of cells the one on the sheet at `place`, else the first."""
    parts = [part for part in changes.parts if isinstance(part, CellsChange)]
    if not parts or len(parts) < len(changes.parts):
        return None
    return next((part for part in parts if part.sheet == place), parts[0])


def applied(change: Change, is_forward: bool) -> Edit:
    """The change, or what takes it back, as an edit of the artifact's content."""

    def apply(content: Content) -> Content:
        workbook = cast(Workbook, content)
        return change.forward(workbook) if is_forward else change.backward(workbook)

    return apply
