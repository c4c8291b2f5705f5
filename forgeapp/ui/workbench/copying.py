"""The active artifact, or what is selected of it, on the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication

from forgeapp.domain.artifact import Kind
from forgeapp.domain.cancel import CancelToken
from forgeapp.ui.jobs import Job, Lane, ignore_cancelled
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.services.exporting.copying import Copied, CopyForm
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact

TABULAR: Final = (Kind.TABLE, Kind.SPREADSHEET, Kind.DOCUMENT)
"""Kinds whose cells can be copied."""


class Copying(QObject):
    """`copied(str)`: what stands on the clipboard now, in words."""

    copied = Signal(str)

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench)
        self._workbench = workbench
        self._job: Job | None = None

    def copy(self, tab: OpenArtifact, form: CopyForm) -> None:
        """Of several at once only the last one comes."""
        if self._job is not None:
            self._job.drop()
        self._workbench.when_ready(lambda: self._copy(tab, form))

    def _copy(self, tab: OpenArtifact, form: CopyForm) -> None:
        content, title, services = tab.content, tab.title, self._workbench.services
        assert services is not None

        def make(cancel: CancelToken) -> Copied:
            from forgeapp.services.exporting.copying import copied
            from forgeapp.services.exporting.publishing import formulas_of

            workbook = formulas_of(content)
            values = services.calculation.values(workbook, cancel) if workbook is not None else {}
            return copied(content, title, values, form)

        def show(result: Copied) -> None:
            self._job = None
            mime = QMimeData()
            mime.setText(result.text)
            if result.html is not None:
                mime.setHtml(result.html)
            QGuiApplication.clipboard().setMimeData(mime)
            self.copied.emit(_words(title, form))

        self._job = self._workbench.jobs.run(make, show, ignore_cancelled(self._workbench.failed.emit), Lane.VIEWS)


def _words(title: str, form: CopyForm) -> str:
    match form:
        case "rich":
            return tr("{title} is on the clipboard as rich text.", title=title)
        case "markdown":
            return tr("{title} is on the clipboard as Markdown.", title=title)
        case "tsv":
            return tr("{title} is on the clipboard as a table.", title=title)
