"""The pictures of a view, decoded off the UI thread once they are in sight."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from shiboken6 import isValid

from forgeapp.ui.jobs import Job, Jobs, Lane
from forgeapp.ui.richtext.picture_box import PictureBox, read_image

if TYPE_CHECKING:
    from forgeapp.ui.richtext.blocks_view import BlocksView

MAX_KEPT: Final = 12
"""Images, at most 10 MB each; those in sight are kept in any case."""


class Pictures:
    """`jobs`: where they are decoded, if not in those of the window's workbench; without any it is done at once."""

    def __init__(self, view: BlocksView) -> None:
        self.jobs: Jobs | None = None
        self._view = view
        self._kept: dict[PictureBox, Job | None] = {}

    def ask(self, box: PictureBox) -> None:
        """While it is painted: its image comes later."""
        if box.awaits_image:
            box.is_asked = True
            self._kept[box] = None
            QTimer.singleShot(0, self._view, partial(self._decode, box))

    def forget(self, box: PictureBox) -> None:
        job = self._kept.pop(box, None)
        if job is not None:
            job.drop()

    def _decode(self, box: PictureBox) -> None:
        if box not in self._kept:
            return
        jobs = self.jobs or getattr(getattr(self._view.window(), "workbench", None), "jobs", None)
        source = box.piece.picture.source
        if jobs is None:
            self._on_decoded(box, read_image(source))
        else:
            self._kept[box] = jobs.run(
                lambda _cancel: read_image(source), partial(self._on_decoded, box), lane=Lane.VIEWS
            )
        self._drop_some()

    def _on_decoded(self, box: PictureBox, image: QImage | None) -> None:
        if isValid(self._view):  # else it was closed before the picture came
            self._kept[box] = None
            self._view.take_image(box, image)

    def _drop_some(self) -> None:
        """The oldest out of sight; they are decoded again when they come back."""
        seen = self._view.visibleRegion().boundingRect()
        for box in list(self._kept):
            if len(self._kept) <= MAX_KEPT:
                return
            if not seen.intersects(self._view.rect_of(box)):
                self.forget(box)
                box.image = None
                box.is_asked = False
