"""The artifacts that are open, each in a tab, and the draft a turn under way is writing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from forgeapp.ui.jobs import Job, Lane, ignore_cancelled
from forgeapp.ui.wording import tr
from forgeapp.ui.workbench.saving import Saving

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

_RECENT = 8
_Found = tuple["StoredVersion", "int | None"]
"""A version, and the conversation its artifact was made in."""


class Artifacts(QObject):
    """`tabs` in their order, `active` the one in view, `draft` the turn whose artifact grows before their eyes.

    `opened(OpenArtifact)`, `closed(int)`, `activated()` (also when a draft comes or goes), `versioned(OpenArtifact)`:
    its list of versions grew; `recent_changed()`; `arrived()`: a turn brought an artifact, the pane should be seen;
    `wished()`: the user asked for one; `overtaken(OpenArtifact, base)`: a model's change was made from version `base`,
    hand edits came since; `arrived_aside(artifact, title)`: a turn brought one while the user was at another;
    `version_wished(number)` of the active one, to be looked at; `export_opened(path, artifact, title)`: a file is to be
    opened that was exported from this artifact, the user says what it is to become.
    """

    opened = Signal(object)
    closed = Signal(int)
    activated = Signal()
    versioned = Signal(object)
    recent_changed = Signal()
    arrived = Signal()
    wished = Signal()
    overtaken = Signal(object, int)
    arrived_aside = Signal(int, str)
    version_wished = Signal(int)
    export_opened = Signal(object, int, str)

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench)
        self._workbench = workbench
        self.tabs: list[OpenArtifact] = []
        self.active: OpenArtifact | None = None
        self.draft: LiveTurn | None = None
        self.is_draft_in_view = False
        """Whether the draft is what is looked at; a tab chosen meanwhile takes its place."""
        self.recent: list[ArtifactRow] = []
        self.rows: list[ArtifactRow] = []
        """All there are, the one changed last first."""
        self._announced: LiveTurn | None = None
        self._saving = Saving(workbench)
        self._saving.stored.connect(self.versioned)
        workbench.chat_opened.connect(self._on_chat_opened)

    def find(self, artifact: int) -> OpenArtifact | None:
        return next((tab for tab in self.tabs if tab.id == artifact), None)

    def open(self, artifact: int, activate: bool = True, is_quiet: bool = False) -> None:
        """Its newest version in a tab. `is_quiet`: not by the user; one that is no longer there is nothing to tell."""
        tab = self.find(artifact)
        if tab is not None:
            if activate:
                self.activate(tab)
                if not is_quiet:
                    self.wished.emit()
            return

        def show(found: _Found) -> None:
            self._show(*found, activate=activate)
            if activate and not is_quiet:
                self.wished.emit()

        self._workbench.call(_finder(artifact), show, (lambda _error: None) if is_quiet else None)

    def review(self, artifact: int) -> None:
        """The artifact in its editor, where a change that waits for the user is looked at."""

        def look() -> None:
            tab = self.find(artifact)
            if tab is not None:
                tab.view = "edit"
                self.activate(tab)

        self.open(artifact)
        self._workbench.call(lambda _services: None, lambda _: look())

    def open_version(self, artifact: int, number: int) -> None:
        """The artifact; an older version of it is shown in its history."""

        def look() -> None:
            tab = self.find(artifact)
            if tab is not None and self.active is tab and number < tab.version:
                self.version_wished.emit(number)

        self.open(artifact)
        self._workbench.call(lambda _services: None, lambda _: look())

    def open_of_conversation(self, conversation: int) -> None:
        """What was worked on last in a conversation that comes into view."""

        def go(row: ArtifactRow | None) -> None:
            if row is not None and self._workbench.chat.conversation == conversation:
                self.open(row.id, is_quiet=True)

        self._workbench.call(lambda services: services.ledger.artifacts.latest_of(conversation), go)

    def activate(self, tab: OpenArtifact) -> None:
        if self.active is not None and self.active is not tab:
            self.save(self.active)
        is_another = tab is not self.active
        self.active, self.is_draft_in_view = tab, False
        if is_another or self._workbench.composer.selection is None:
            self._workbench.composer.set_uses_artifact(None)
        self.activated.emit()

    def close(self, tab: OpenArtifact) -> None:
        """Hand edits are stored first; where they cannot be, the tab stays."""

        def go() -> None:
            if tab not in self.tabs:
                return
            if not tab.is_saved:
                self.save(tab, go)
                return
            place = self.tabs.index(tab)
            self.tabs.remove(tab)
            if self.active is tab:
                self.active = self.tabs[min(place, len(self.tabs) - 1)] if self.tabs else None
            self.closed.emit(tab.id)
            self.activated.emit()
            tab.undo_stack.clear()
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

    def open_file(self, path: Path, as_version_of: int | None = None, asks: bool = True) -> None:
        """A file as a new artifact, or as the next version of one; what could not be carried over is told.

        `asks`: `export_opened` comes instead where the file was exported from an artifact.
        """

        def find(services: Services) -> ArtifactRow | None:
            artifact = services.ledger.exports.artifact_of(path)
            return services.ledger.artifacts.get(artifact) if artifact is not None else None

        def look(row: ArtifactRow | None) -> None:
            if row is not None:
                self.export_opened.emit(path, row.id, row.title)
            else:
                self._open_file(path, None)

        if as_version_of is None and asks:
            self._workbench.call(find, look)
        else:
            self._workbench.when_ready(lambda: self._open_file(path, as_version_of))

    def _open_file(self, path: Path, as_version_of: int | None) -> None:
        services = self._workbench.services
        assert services is not None

        def show(opened: Opened) -> None:
            self.put(opened.version, tr("Import of {name}", name=path.name))
            self._show_made(opened.version, opened.conversation)
            self._workbench.file_opened.emit(path, opened.lost)

        def go() -> None:
            self._workbench.jobs.run(
                lambda cancel: services.files.open(path, as_version_of, cancel), show, lane=Lane.FILES
            )

        tab = self.find(as_version_of) if as_version_of is not None else None
        if tab is not None:
            self.save(tab, go)
        else:
            go()

    def put(self, version: StoredVersion, label: str) -> None:
        """A version stored elsewhere into its tab, where it has one: above what was edited there meanwhile."""
        tab = self.find(version.artifact)
        if tab is None:
            return
        if not tab.is_saved or tab.version > version.number:
            self.save(tab, lambda: self._restore(tab, version.number, lambda found: self.put(found[0], label)))
            return
        tab.take_version(version, label)
        self.versioned.emit(tab)

    def save(
        self,
        tab: OpenArtifact,
        then: Callable[[], None] | None = None,
        on_error: Callable[[], None] | None = None,
    ) -> None:
        """Stores hand edits as a version, see `Saving.save`."""
        self._saving.save(tab, then, on_error)

    def save_all(self) -> None:
        for tab in self.tabs:
            self.save(tab)

    def rename(self, tab: OpenArtifact, title: str) -> None:
        title = title.strip()
        if title and title != tab.title:
            tab.rename(title)
            self.save(tab, self.refresh_recent)

    def restore(self, tab: OpenArtifact, number: int) -> None:
        """An older version becomes the newest; what was there is a version too, and one Undo away."""

        def go() -> None:
            self._workbench.call(lambda services: services.handwork.restore(tab.id, number), take)

        def take(version: StoredVersion) -> None:
            tab.take_version(version, tr("Restore version {number}", number=number))
            self.versioned.emit(tab)

        self.save(tab, go)

    def label(self, tab: OpenArtifact, number: int, label: str) -> None:
        """The user's own name for a version; '' takes it away."""
        self._workbench.call(
            lambda services: services.ledger.artifacts.label(tab.id, number, label or None),
            lambda _: self.versioned.emit(tab),
        )

    def save_version_as(self, tab: OpenArtifact, number: int) -> None:
        """A version as an artifact of its own, which comes into view."""

        def save(services: Services) -> StoredVersion:
            return services.handwork.save_as(services.ledger.artifacts.version(tab.id, number))

        self._make(save)

    def list_versions(self, tab: OpenArtifact, show: Callable[[list[VersionRow]], None]) -> None:
        """Newest first."""
        self._workbench.call(lambda services: services.ledger.artifacts.versions(tab.id), show)

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

    def take(self, chat: Chat, named: Version, live: LiveTurn | None = None) -> None:
        """A turn has stored a version: into its tab as one step, or into a new tab.

        Hand edits made meanwhile become a version of their own before the model's comes to stand above them.
        """
        base = live.base if live is not None else None

        def show(found: _Found) -> None:
            version, conversation = found
            is_here = chat is self._workbench.chat
            tab = self.find(version.artifact)
            comes_forward = is_here and self._may_come_forward(live)
            if tab is None:
                self._show(version, conversation, activate=comes_forward)
            elif not tab.is_saved or tab.version > version.number:
                self.save(tab, lambda: self._restore(tab, version.number, show))
                return
            else:
                was_edited = base is not None and version.number - base[1] > 1 and base[0] == tab.id
                tab.take_version(version, tr("Change by the model"))
                self.versioned.emit(tab)
                if was_edited and base is not None:
                    self.overtaken.emit(tab, base[1])
                if comes_forward:
                    self.activate(tab)
            if comes_forward:
                self._announce(live)
            elif is_here and self.active is not None and self.active.id != version.artifact:
                self.arrived_aside.emit(version.artifact, version.title)

        self._workbench.call(_finder(named.artifact, named.number), show)

    def bring(self, chat: Chat, artifact: int, live: LiveTurn | None, then: Callable[[], None]) -> None:
        """A turn has something to say of an artifact: it comes into view unless the user is at another; then `then`."""

        def show(found: _Found) -> None:
            version, conversation = found
            is_here = chat is self._workbench.chat
            comes_forward = is_here and self._may_come_forward(live)
            tab = self.find(artifact)
            if tab is None:
                self._show(version, conversation, activate=comes_forward)
            elif comes_forward:
                self.activate(tab)
            if comes_forward:
                self._announce(live)
            elif is_here and self.active is not None and self.active.id != artifact:
                self.arrived_aside.emit(artifact, version.title)
            then()

        self._workbench.call(_finder(artifact), show)

    def show_draft(self, chat: Chat, live: LiveTurn) -> None:
        if self.draft is not live and chat is self._workbench.chat:
            self.draft = live
            self.is_draft_in_view = not self._is_being_edited
            self.activated.emit()
            if self.is_draft_in_view:
                self._announce(live)

    def look_at_draft(self) -> None:
        """The user chose its tab."""
        self.is_draft_in_view = self.draft is not None
        self.activated.emit()

    def end_draft(self, live: LiveTurn) -> None:
        if self.draft is live:
            self.draft = None
            self.activated.emit()

    def _on_chat_opened(self) -> None:
        """A draft is shown beside its own conversation only."""
        live = self._workbench.chat.live
        draft = live if live is not None and live.has_artifact else None
        if draft is not self.draft:
            self.draft = draft
            self.is_draft_in_view = draft is not None
            self.activated.emit()

    @property
    def _is_being_edited(self) -> bool:
        """Whether the user is in the midst of an edit of what is in view."""
        return self.active is not None and not self.active.is_saved

    def _may_come_forward(self, live: LiveTurn | None) -> bool:
        """What a turn brings must not take the place, and the keys, of what the user has turned to meanwhile."""
        if live is not None and live.has_artifact:
            return self.is_draft_in_view
        return not self._is_being_edited

    def _announce(self, live: LiveTurn | None) -> None:
        """Once for each turn, so that a pane folded meanwhile stays folded."""
        if live is None or live is not self._announced:
            self._announced = live
            self.arrived.emit()

    def _restore(self, tab: OpenArtifact, number: int, then: Callable[[_Found], None]) -> None:
        def restore(services: Services) -> _Found:
            version = services.handwork.restore(tab.id, number)
            tab.base = version.number
            return version, tab.conversation

        self._workbench.call(restore, then)

    def refresh_recent(self) -> None:
        def show(rows: list[ArtifactRow]) -> None:
            self.rows, self.recent = rows, rows[:_RECENT]
            self.recent_changed.emit()

        self._workbench.call(lambda services: services.ledger.artifacts.all(), show)

    def _make(self, make: Callable[[Services], StoredVersion]) -> None:
        def made(services: Services) -> _Found:
            version = make(services)
            return version, services.ledger.artifacts.get(version.artifact).conversation

        self._workbench.call(made, lambda found: self._show_made(*found))

    def _show_made(self, version: StoredVersion, conversation: int | None) -> None:
        """What the user made by hand: its conversation comes into view where an empty new one was."""
        if conversation is not None:
            self._workbench.conversations.adopt(conversation)
        self._show(version, conversation)
        self.wished.emit()

    def _show(self, version: StoredVersion, conversation: int | None, activate: bool = True) -> None:
        tab = self.find(version.artifact)
        if tab is None:
            from forgeapp.ui.workbench.open_artifact import open_artifact

            tab = open_artifact(version, self)
            tab.conversation = conversation
            self._saving.watch(tab)
            self.tabs.append(tab)
            self.opened.emit(tab)
        if activate:
            self.activate(tab)
        self.refresh_recent()


def _finder(artifact: int, number: int | None = None) -> Callable[[Services], _Found]:
    """Reads a version and the conversation of its artifact."""

    def find(services: Services) -> _Found:
        artifacts = services.ledger.artifacts
        return artifacts.version(artifact, number), artifacts.get(artifact).conversation

    return find
