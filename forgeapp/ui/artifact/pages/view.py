"""The page view: the real PDF, made anew when the artifact has changed and rests; the pages before stay meanwhile."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from forgeapp.domain.cancel import CancelToken
from forgeapp.ui.artifact.derived import DerivedView, Work
from forgeapp.ui.artifact.pages.area import PageArea
from forgeapp.ui.jobs import Jobs, Lane

if TYPE_CHECKING:
    from forgeapp.domain.content import Content
    from forgeapp.services.exporting.pages import PageFile
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact

_AFTER_MS: Final = 700


class PagesView(DerivedView):
    """`told`: whether it is at work, what page and which zoom have changed."""

    told = Signal()

    def __init__(self, artifact: OpenArtifact, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(artifact, workbench, parent)
        self.setObjectName("pages_view")
        self._later.setInterval(_AFTER_MS)
        self.area = PageArea(workbench.jobs)
        self.area.moved.connect(self.told)
        self.area.zoomed.connect(self.told)
        self._file: PageFile | None = None
        self._made_of: tuple[Content, str] | None = None
        """What the pages are of, or are being made of."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.area)
        self.setFocusProxy(self.area)
        self._kept: list[PageFile] = []
        self.destroyed.connect(partial(_close, workbench.jobs, self._kept))

    @property
    def file(self) -> PageFile | None:
        return self._file

    @property
    def is_stale(self) -> bool:
        """Whether what is shown is older than the artifact."""
        return not self.is_current

    def work(self) -> Work:
        content, title, services = self.artifact.content, self.artifact.title, self.workbench.services
        self._made_of = (content, title)

        def make(cancel: CancelToken) -> PageFile | None:
            return None if services is None else services.pages.make(content, title, cancel)

        return make

    def show_result(self, result: PageFile | None) -> None:
        if result is None:
            return
        before, self._file = self._file, result
        self._kept[:] = [result]
        self.area.show_file(result)
        if before is not None:
            self.workbench.jobs.run(lambda _cancel: before.close(), lane=Lane.VIEWS)
        self.told.emit()

    def _on_changed(self, where: object = None) -> None:
        # Being stored as a version changes nothing on its pages.
        made_of = self._made_of
        if made_of is not None and made_of[0] is self.artifact.content and made_of[1] == self.artifact.title:
            return
        super()._on_changed(where)
        self.told.emit()

    def _run(self) -> None:
        super()._run()
        self.told.emit()

    def _end(self) -> None:
        super()._end()
        self.told.emit()


def _close(jobs: Jobs, files: list[PageFile], _gone: object = None) -> None:
    """Not by a method of the view, which is gone by then."""
    for file in files:
        jobs.run(lambda _cancel, file=file: file.close(), lane=Lane.VIEWS)  # type: ignore[misc]
