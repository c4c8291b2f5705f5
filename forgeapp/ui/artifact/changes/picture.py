"""A comparison as what its kind's view paints, made off the UI thread; and the views."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from forgeapp.domain.artifact import Kind
from forgeapp.domain.content import kind_of
from forgeapp.domain.image import Image
from forgeapp.domain.number_look import NumberLooks
from forgeapp.domain.workbook import Workbook
from forgeapp.ui.artifact.changes.words import told

if TYPE_CHECKING:
    from forgeapp.services.comparing import Comparison
    from forgeapp.ui.artifact.changes.document_view import DocumentView
    from forgeapp.ui.artifact.changes.grids_view import GridsView
    from forgeapp.ui.artifact.changes.image_view import ImageView
    from forgeapp.ui.artifact.changes.lines_view import LinesView
    from forgeapp.ui.jobs import Jobs

    ChangesView = DocumentView | LinesView | GridsView | ImageView

Mode = Literal["review", "inline", "sides", "whole"]
"""'review': hunks can be decided on; 'whole': one content alone, nothing folded."""


@dataclass(frozen=True, slots=True)
class Picture:
    """`shown`: what the view of the kind takes; `told`: each hunk in words; `others`: hunks that are nowhere in it."""

    kind: Kind
    shown: Any
    told: tuple[str, ...]
    others: tuple[int, ...]


def picture_of(comparison: Comparison, mode: Mode, looks: NumberLooks) -> Picture:
    """Both contents are of one kind. `looks`: of a workbook's numbers."""
    kind = kind_of(comparison.after)
    names = tuple(told(hunk) for hunk in comparison.hunks)
    match kind:
        case Kind.DOCUMENT:
            from forgeapp.ui.artifact.changes.passages import document_picture

            document = document_picture(comparison)
            return Picture(kind, document, names, document.others)
        case Kind.CODE:
            from forgeapp.ui.artifact.changes.lines import lines_picture

            if mode == "whole":
                code = replace(lines_picture(comparison, "inline", folds=False), is_alone=True)
            else:
                code = lines_picture(comparison, mode)
            return Picture(kind, code, names, code.others)
        case Kind.IMAGE:
            from forgeapp.ui.artifact.changes.image_view import image_pair

            before, after = comparison.before, comparison.after
            assert isinstance(before, Image)
            assert isinstance(after, Image)
            return Picture(kind, image_pair(before, after, is_alone=mode == "whole"), names, ())
        case _:
            from forgeapp.ui.artifact.changes.grids import sheet_pictures, table_picture

            is_book = isinstance(comparison.after, Workbook)
            grids = sheet_pictures(comparison, looks) if is_book else (table_picture(comparison),)
            seen = {hunk for grid in grids for hunk in grid.places}
            others = tuple(hunk for hunk in range(len(comparison.hunks)) if hunk not in seen)
            return Picture(kind, grids, names, others)


def make_view(kind: Kind, jobs: Jobs, is_sided: bool = False) -> ChangesView:
    match kind:
        case Kind.DOCUMENT:
            from forgeapp.ui.artifact.changes.document_view import DocumentView

            return DocumentView(jobs, is_sided)
        case Kind.CODE:
            from forgeapp.ui.artifact.changes.lines_view import LinesView

            return LinesView()
        case Kind.IMAGE:
            from forgeapp.ui.artifact.changes.image_view import ImageView

            return ImageView(is_sided)
        case _:
            from forgeapp.ui.artifact.changes.grids_view import GridsView

            return GridsView(is_sided)
