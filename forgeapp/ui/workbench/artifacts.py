"""The artifacts that are open, each in a tab, and the draft a turn under way is writing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from forgeapp.ui.jobs import Job, Lane, ignore_cancelled
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.domain.artifact import Kind, Version
    from forgeapp.domain.workbook import Values, Workbook
    from forgeapp.ledger.artifacts import ArtifactRow, StoredVersion, VersionRow
    from forgeapp.services.files import Opened
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.chat import Chat
    from forgeapp.ui.workbench.live_turn import LiveTurn
    from forgeapp.ui.workbench.open_artifact import OpenArtifact
    from forgeapp.ui.workbench.services import Services

SAVE_AFTER_MS = 2_000
_SAVE_AT_LATEST_MS = 20_000
_RECENT = 8


class Artifacts(QObject):
    """`tabs` in their order, `active` the one in view, `draft` the turn whose artifact grows before their eyes.

    `opened(OpenArtifact)`, `closed(int)`, `activated()` (also when a draft comes or goes), `versioned(OpenArtifact)`:
    its list of versions grew; `recent_changed()`; `arrived()`: a turn brought an artifact, the pane should be seen.
    """

    opened = Signal(object)
    closed = Signal(int)
    activated = Signal()
    versioned = Signal(object)
    recent_changed = Signal()
    arrived = Signal()

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench)
        self._workbench = workbench
        self.tabs: list[OpenArtifact] = []
        self.active: OpenArtifact | None = None
        self.draft: LiveTurn | None = None
        self.recent: list[ArtifactRow] = []
        self._timers: dict[int, QTimer] = {}
        self._edited_at_latest: dict[int, QTimer] = {}
        self._saving: set[int] = set()

    def find(self, artifact: int) -> OpenArtifact | None:
        return next((tab for tab in self.tabs if tab.id == artifact), None)

    def open(self, artifact: int, activate: bool = True, is_quiet: bool = False) -> None:
        """Its newest version in a tab. `is_quiet`: one that is no longer there is nothing to tell."""
        tab = self.find(artifact)
        if tab is not None:
            if activate:
                self.activate(tab)
            return
        self._workbench.call(
            lambda services: services.ledger.artifacts.version(artifact),
            lambda version: self._show(version, activate=activate),
            (lambda _error: None) if is_quiet else None,
        )

    def activate(self, tab: OpenArtifact) -> None:
        if self.active is not None and self.active is not tab:
            self.save(self.active)
        self.active = tab
        self._workbench.composer.uses_artifact = True
        self._workbench.composer.changed.emit()
        self.activated.emit()

    def close(self, tab: OpenArtifact) -> None:
        """Hand edits are stored first."""

        def go() -> None:
            if tab not in self.tabs:
                return
            place = self.tabs.index(tab)
            self.tabs.remove(tab)
            self._stop_timers(tab)
            if self.active is tab:
                self.active = self.tabs[min(place, len(self.tabs) - 1)] if self.tabs else None
            self.closed.emit(tab.id)
            self.activated.emit()
            tab.deleteLater()

        self.save(tab, go)

    def move(self, tab: OpenArtifact, place: int) -> None:
        """The user dragged a tab."""
        self.tabs.remove(tab)
        self.tabs.insert(place, tab)

    def make_blank(self, kind: Kind) -> None:
        conversation = self._workbench.chat.conversation
        self._make(lambda services: services.handwork.blank(kind, conversation))

    def make_from_template(self, template: str) -> None:
        conversation = self._workbench.chat.conversation
        self._make(lambda services: services.handwork.from_template(template, conversation))

    def open_file(self, path: Path, as_version_of: int | None = None) -> None:
        """A file of the user's as a new artifact; what could not be carried over is told."""

        def show(opened: Opened) -> None:
            self._show(opened.version)
            self._workbench.file_opened.emit(path, opened.lost)
            self._workbench.conversations.refresh()

        services = self._workbench.services
        assert services is not None
        self._workbench.jobs.run(lambda _cancel: services.files.open(path, as_version_of), show, lane=Lane.FILES)

    def save(self, tab: OpenArtifact, then: Callable[[], None] | None = None) -> None:
        """Stores hand edits as a version, then calls `then`: at once where there is nothing to store."""
        self._stop_timers(tab)
        if tab.is_saved or tab.id in self._saving:
            if then is not None and tab.id not in self._saving:
                then()
            elif then is not None:
                # What is being stored comes first; the ledger's jobs keep their order.
                self._workbench.call(lambda _services: None, lambda _: self.save(tab, then))
            return
        content, title, base = tab.content, tab.title, tab.version
        self._saving.add(tab.id)

        def stored(version: StoredVersion) -> None:
            self._saving.discard(tab.id)
            tab.mark_stored(version.number, version.title, content)
            self.versioned.emit(tab)
            if then is not None:
                then()
            elif not tab.is_saved:
                self._start_timer(tab)

        def failed(error: Exception) -> None:
            self._saving.discard(tab.id)
            self._workbench.failed.emit(error)

        self._workbench.call(lambda services: services.handwork.save(tab.id, base, content, title), stored, failed)

    def save_all(self) -> None:
        for tab in self.tabs:
            self.save(tab)

    def rename(self, tab: OpenArtifact, title: str) -> None:
        """A title by hand is stored with the content."""
        title = title.strip()
        if not title or title == tab.title:
            return
        content, base = tab.content, tab.version

        def stored(version: StoredVersion) -> None:
            tab.mark_stored(version.number, version.title, content)
            self.versioned.emit(tab)
            self.refresh_recent()

        self._workbench.call(lambda services: services.handwork.save(tab.id, base, content, title), stored)

    def restore(self, tab: OpenArtifact, number: int) -> None:
        """An older version becomes the newest; what was there is a version too, and one Undo away."""

        def go() -> None:
            self._workbench.call(lambda services: services.handwork.restore(tab.id, number), take)

        def take(version: StoredVersion) -> None:
            tab.take_version(version, tr("Restore version {number}", number=number))
            self.versioned.emit(tab)

        self.save(tab, go)

    def list_versions(self, tab: OpenArtifact, show: Callable[[list[VersionRow]], None]) -> None:
        """Newest first."""
        self._workbench.call(lambda services: services.ledger.artifacts.versions(tab.id), show)

    def read_version(self, tab: OpenArtifact, number: int, show: Callable[[StoredVersion], None]) -> None:
        self._workbench.call(lambda services: services.ledger.artifacts.version(tab.id, number), show)

    def compute(
        self, workbook: Workbook, show: Callable[[Values], None], on_error: Callable[[Exception], None] | None = None
    ) -> Job:
        """The values of a workbook's formulas, in a child process."""
        services = self._workbench.services
        assert services is not None
        return self._workbench.jobs.run(
            lambda cancel: services.calculation.values(workbook, cancel),
            show,
            ignore_cancelled(on_error or self._workbench.failed.emit),
            Lane.FORMULAS,
        )

    def take(self, chat: Chat, named: Version) -> None:
        """A turn has stored a version: into its tab as one step, or into a new tab."""
        is_here = chat is self._workbench.chat

        def show(version: StoredVersion) -> None:
            tab = self.find(version.artifact)
            if tab is None:
                self._show(version, activate=is_here)
            else:
                tab.take_version(version, tr("Change by the model"))
                self.versioned.emit(tab)
                if is_here:
                    self.activate(tab)
            if is_here:
                self.arrived.emit()

        self._workbench.call(lambda services: services.ledger.artifacts.version(named.artifact, named.number), show)

    def show_draft(self, chat: Chat, live: LiveTurn) -> None:
        if self.draft is not live and chat is self._workbench.chat:
            self.draft = live
            self.activated.emit()
            self.arrived.emit()

    def end_draft(self, live: LiveTurn) -> None:
        if self.draft is live:
            self.draft = None
            self.activated.emit()

    def refresh_recent(self) -> None:
        def show(rows: list[ArtifactRow]) -> None:
            self.recent = rows[:_RECENT]
            self.recent_changed.emit()

        self._workbench.call(lambda services: services.ledger.artifacts.all(), show)

    def _make(self, make: Callable[[Services], StoredVersion]) -> None:
        def show(version: StoredVersion) -> None:
            self._show(version)
            self._workbench.conversations.refresh()
            self._workbench.conversations.open_of_artifact(version.artifact)

        self._workbench.call(make, show)

    def _show(self, version: StoredVersion, activate: bool = True) -> None:
        tab = self.find(version.artifact)
        if tab is None:
            from forgeapp.ui.workbench.open_artifact import open_artifact

            tab = open_artifact(version, self)
            tab.changed.connect(partial(self._on_changed, tab))
            self.tabs.append(tab)
            self.opened.emit(tab)
        if activate or self.active is None:
            self.activate(tab)
        self.refresh_recent()

    def _on_changed(self, tab: OpenArtifact, _where: object) -> None:
        self._start_timer(tab)

    def _start_timer(self, tab: OpenArtifact) -> None:
        idle = self._timers.get(tab.id) or self._timer(self._timers, tab, SAVE_AFTER_MS)
        idle.start()
        latest = self._edited_at_latest.get(tab.id) or self._timer(self._edited_at_latest, tab, _SAVE_AT_LATEST_MS)
        if not latest.isActive():
            latest.start()

    def _timer(self, timers: dict[int, QTimer], tab: OpenArtifact, after_ms: int) -> QTimer:
        timer = timers[tab.id] = QTimer(tab)
        timer.setSingleShot(True)
        timer.setInterval(after_ms)
        timer.timeout.connect(partial(self.save, tab))
        return timer

    def _stop_timers(self, tab: OpenArtifact) -> None:
        for timers in (self._timers, self._edited_at_latest):
            if tab.id in timers:
                timers[tab.id].stop()
