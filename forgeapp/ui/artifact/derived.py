"""What is computed from an artifact for the eye: in a job, anew after each change, and only while it is seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from forgeapp.domain.artifact import Kind
from forgeapp.domain.cancel import CancelToken
from forgeapp.errors import ForgeError
from forgeapp.ui.controls import EmptyState, LateBusy
from forgeapp.ui.jobs import Job, Lane, ignore_cancelled
from forgeapp.ui.wording import error_text

if TYPE_CHECKING:
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact

Work = Callable[[CancelToken], Any]

_AFTER_MS: Final = 250


class DerivedView(QWidget):
    """A view gives the `work` to be done and shows its result; results of an older content are dropped.

    Where there can be none, because the content is too large or broken, the reason stands in its place.
    """

    def __init__(self, artifact: OpenArtifact, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.artifact = artifact
        self.workbench = workbench
        self._is_stale = True
        self._job: Job | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_AFTER_MS)
        self._later.timeout.connect(self._run)
        self._busy = LateBusy(self)
        self.failure: EmptyState | None = None
        artifact.changed.connect(self._on_changed)
        artifact.stored.connect(self._on_changed)
        if artifact.kind is Kind.SPREADSHEET:
            # How its numbers look is a setting.
            workbench.settings_changed.connect(self.refresh)

    def work(self) -> Work:
        """What gives the result, in a thread: it may keep values, and touches no widget."""
        raise NotImplementedError

    def show_result(self, result: Any) -> None:
        raise NotImplementedError

    def refresh(self) -> None:
        """Computes it now, or when it is seen next."""
        self._is_stale = True
        self._later.stop()
        if self.isVisible():
            self._run()

    @property
    def is_current(self) -> bool:
        """Whether what is shown is of the content as it stands."""
        return not self._is_stale and self._job is None

    def _on_changed(self, _where: object = None) -> None:
        self._is_stale = True
        if self.isVisible():
            self._later.start()

    def _run(self) -> None:
        self._drop()
        self._is_stale = False
        self._busy.begin()
        self._job = self.workbench.jobs.run(self.work(), self._on_result, ignore_cancelled(self._on_failed), Lane.VIEWS)

    def _drop(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.drop()

    def _end(self) -> None:
        self._job = None
        self._busy.end()

    def _on_result(self, result: Any) -> None:
        self._end()
        self._show_failure(None)
        self.show_result(result)

    def _on_failed(self, error: Exception) -> None:
        self._end()
        if isinstance(error, ForgeError):
            self._show_failure(error)
        else:
            self.workbench.failed.emit(error)

    def _show_failure(self, error: ForgeError | None) -> None:
        """Over what was shown before; None takes it away."""
        if self.failure is not None:
            self.failure.hide()
            self.failure.deleteLater()
            self.failure = None
        if error is not None:
            words = error_text(error)
            self.failure = EmptyState("triangle-alert", words.message, words.hint, parent=self)
            self.failure.setObjectName("view_failure")
            self.failure.setAccessibleName(words.message)
            self.failure.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
            self.failure.setProperty("look", "ground")
            self.failure.setGeometry(self.rect())
            self.failure.show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self._run()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._later.stop()
        if self._job is not None:
            self._drop()
            self._end()
            self._is_stale = True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._busy.move((self.width() - 20) // 2, self._busy.y())
        if self.failure is not None:
            self.failure.setGeometry(self.rect())
