"""Changes of open artifacts that wait for the user: looked at hunk by hunk, taken or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from forgeapp.domain.cancel import CancelToken
from forgeapp.errors import BaseMoved, ProposalGone
from forgeapp.ui.jobs import Lane
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ledger.artifacts import StoredVersion
    from forgeapp.services.comparing import Hunk
    from forgeapp.services.revising.reviews import Review
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.chat import Chat
    from forgeapp.ui.workbench.live_turn import LiveTurn
    from forgeapp.ui.workbench.open_artifact import OpenArtifact
    from forgeapp.ui.workbench.services import Services


class OpenReview(QObject):
    """A proposal in view. `decisions`: by place of the hunk, True taken, False not; the others are still open.

    `decided(place)` follows each decision, None: of several.
    """

    decided = Signal(object)

    def __init__(self, review: Review, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.review = review
        self.decisions: dict[int, bool] = {}
        """In the order they were made."""
        self.is_closing = False
        """Whether what was decided is being stored."""

    @property
    def hunks(self) -> tuple[Hunk, ...]:
        return self.review.comparison.hunks

    @property
    def undecided(self) -> list[int]:
        return [place for place in range(len(self.hunks)) if place not in self.decisions]

    @property
    def taken(self) -> list[int]:
        return [place for place, is_taken in sorted(self.decisions.items()) if is_taken]


class Reviews(QObject):
    """`changed(OpenArtifact)`: its review has come or gone, or its base has moved. `fitted(OpenArtifact, hunks)`: of
    a change that was fitted to a newer version these hunks had no place there any more."""

    changed = Signal(object)
    fitted = Signal(object, object)

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench)
        self._workbench = workbench
        self._open: dict[int, OpenReview] = {}
        artifacts = workbench.artifacts
        artifacts.opened.connect(self._look)
        artifacts.versioned.connect(self._on_versioned)
        artifacts.closed.connect(self._on_closed)

    def of(self, tab: OpenArtifact | None) -> OpenReview | None:
        return self._open.get(tab.id) if tab is not None else None

    def is_outdated(self, tab: OpenArtifact) -> bool:
        """Whether what waits was made for an older version."""
        found = self.of(tab)
        return found is not None and found.review.is_outdated

    def take(self, chat: Chat, artifact: int, live: LiveTurn | None) -> None:
        """A turn brought a proposal: its artifact comes into view, its hand edits are stored before it is compared."""

        def look() -> None:
            tab = self._workbench.artifacts.find(artifact)
            if tab is not None:
                self._workbench.artifacts.save(tab, lambda: self._look(tab), lambda: self._look(tab))

        self._workbench.artifacts.bring(chat, artifact, live, look)

    def decide(self, tab: OpenArtifact, place: int, is_taken: bool) -> None:
        """One hunk taken or not; the last one ends the review."""
        found = self.of(tab)
        if found is None or found.is_closing or found.review.is_outdated:
            return
        found.decisions.pop(place, None)
        found.decisions[place] = is_taken
        found.decided.emit(place)
        if not found.undecided:
            self._close(tab, found)

    def reopen(self, tab: OpenArtifact, place: int) -> None:
        """A hunk that was decided on is open again."""
        found = self.of(tab)
        if found is not None and not found.is_closing and found.decisions.pop(place, None) is not None:
            found.decided.emit(place)

    def undo(self, tab: OpenArtifact) -> None:
        """The hunk that was decided on last is open again."""
        found = self.of(tab)
        if found is not None and found.decisions:
            self.reopen(tab, next(reversed(found.decisions)))

    def decide_rest(self, tab: OpenArtifact, is_taken: bool) -> None:
        """Every hunk that is still open, which ends the review."""
        found = self.of(tab)
        if found is None or found.is_closing or (is_taken and found.review.is_outdated):
            return
        found.decisions.update(dict.fromkeys(found.undecided, is_taken))
        found.decided.emit(None)
        self._close(tab, found)

    def fit(self, tab: OpenArtifact) -> None:
        """Makes the same changes to the artifact as it is now: what has no place there any more is told."""
        found = self.of(tab)
        if found is None or found.is_closing:
            return
        found.is_closing = True

        def show(result: tuple[Review | None, tuple[Hunk, ...]]) -> None:
            review, unplaced = result
            found.is_closing = False
            if review is not None:
                self._put(tab, review)
            self.fitted.emit(tab, unplaced)

        self._run(tab, found, lambda services: services.reviews.fit(found.review), show)

    def keep_apart(self, tab: OpenArtifact) -> None:
        """What is proposed becomes an artifact of its own."""
        found = self.of(tab)
        if found is None or found.is_closing:
            return
        found.is_closing = True

        def show(version: StoredVersion) -> None:
            self._put(tab, None)
            self._workbench.artifacts.open(version.artifact)

        self._run(tab, found, lambda services: services.reviews.keep_apart(found.review), show)

    def _close(self, tab: OpenArtifact, found: OpenReview) -> None:
        found.is_closing = True
        chosen = found.taken

        def show(version: StoredVersion | None) -> None:
            self._put(tab, None)
            if version is not None:
                tab.take_version(version, tr("Change by the model"))
                self._workbench.artifacts.versioned.emit(tab)

        def store() -> None:
            self._run(tab, found, lambda services: services.reviews.accept(found.review, chosen), show)

        self._workbench.artifacts.save(tab, store, lambda: self._reset(tab, found))

    def _run(
        self,
        tab: OpenArtifact,
        found: OpenReview,
        work: Callable[[Services], object],
        show: Callable[..., None],
    ) -> None:
        def failed(error: Exception) -> None:
            self._reset(tab, found)
            if isinstance(error, BaseMoved | ProposalGone):
                self._look(tab)
            if not isinstance(error, BaseMoved):
                self._workbench.failed.emit(error)

        self._workbench.call(work, show, failed)

    def _reset(self, tab: OpenArtifact, found: OpenReview) -> None:
        found.is_closing = False
        found.decisions.clear()
        found.decided.emit(None)
        self.changed.emit(tab)

    def _look(self, tab: OpenArtifact) -> None:
        """Reads what waits for the user, and compares it with its base."""
        services = self._workbench.services
        if services is None:
            return

        def find(_cancel: CancelToken) -> Review | None:
            assert services is not None
            return services.reviews.waiting(tab.id)

        def show(review: Review | None) -> None:
            if self._workbench.artifacts.find(tab.id) is tab:
                self._put(tab, review)

        self._workbench.jobs.run(find, show, None, Lane.VIEWS)

    def _put(self, tab: OpenArtifact, review: Review | None) -> None:
        before = self._open.pop(tab.id, None)
        if review is not None:
            self._open[tab.id] = OpenReview(review, self)
        if before is not None:
            before.deleteLater()
        if before is not None or review is not None:
            self.changed.emit(tab)

    def _on_versioned(self, tab: OpenArtifact) -> None:
        """A version came beside the review, by hand or by another turn: its base has moved."""
        found = self.of(tab)
        if found is not None and not found.is_closing and found.review.newest != tab.version:
            self._look(tab)

    def _on_closed(self, artifact: int) -> None:
        found = self._open.pop(artifact, None)
        if found is not None:
            found.deleteLater()
