"""A model's change before the user: hunk by hunk, taken, fitted to what he has edited since, or kept apart."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import NewVersion, Origin, StoredVersion
from forgeapp.ledger.proposals import StoredProposal
from forgeapp.services.comparing import Comparison, Hunk, compare, fitted


@dataclass(frozen=True, slots=True)
class Review:
    """A proposal beside the version it was made for. `newest`: the number of the artifact's newest version."""

    proposal: StoredProposal
    comparison: Comparison
    newest: int

    @property
    def is_outdated(self) -> bool:
        """Whether the artifact changed since: then it can be fitted, kept apart or rejected, not accepted."""
        return self.newest != self.proposal.base


class Reviews:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def waiting(self, artifact: int) -> Review | None:
        """What waits for the user, None where nothing does."""
        proposal = self._ledger.proposals.pending(artifact)
        return self._review(proposal) if proposal is not None else None

    def accept(self, review: Review, chosen: Collection[int]) -> StoredVersion | None:
        """The next version with the hunks of these places; None where there are none, and all of it is rejected.

        Raises BaseMoved, ProposalGone.
        """
        if not chosen:
            self.reject(review)
            return None
        hunks = len(review.comparison.hunks)
        content = review.comparison.accepted(chosen)
        version = self._ledger.proposals.accept(review.proposal, content, len(set(chosen)), hunks)
        self._ledger.events.record("proposal_decided", artifact=version.artifact, taken=len(set(chosen)), of=hunks)
        return version

    def reject(self, review: Review) -> None:
        """Raises ProposalGone."""
        self._ledger.proposals.reject(review.proposal)
        of = len(review.comparison.hunks)
        self._ledger.events.record("proposal_decided", artifact=review.proposal.artifact, taken=0, of=of)

    def fit(self, review: Review) -> tuple[Review | None, Sequence[Hunk]]:
        """The same changes made to the artifact as it is now, and those that have no place there any more.

        None where none has: then nothing is changed. Raises ProposalGone.
        """
        newest = self._ledger.artifacts.version(review.proposal.artifact)
        result = fitted(review.comparison, newest.content)
        if result.content == newest.content:
            return None, result.unplaced
        moved = self._ledger.proposals.move(review.proposal, newest.number, result.content)
        return self._review(moved), result.unplaced

    def keep_apart(self, review: Review) -> StoredVersion:
        """The proposed content as an artifact of its own; the proposal is decided by that. Raises ProposalGone."""
        proposal = review.proposal
        row = self._ledger.artifacts.get(proposal.artifact)
        provenance = {**proposal.provenance, "from_artifact": proposal.artifact, "from_version": proposal.base}
        apart = NewVersion(
            proposal.content, Origin.REVISED, proposal.title, conversation=row.conversation, provenance=provenance
        )
        return self._ledger.proposals.keep_apart(proposal, apart)

    def withdraw(self, review: Review) -> Sequence[Hunk]:
        """Takes a proposal back that was but to be shown: what it was built on waits again. Gives its own changes.

        Raises ProposalGone.
        """
        before = self._ledger.proposals.withdraw(review.proposal)
        return review.comparison.hunks if before is None else compare(before.content, review.proposal.content).hunks

    def _review(self, proposal: StoredProposal) -> Review:
        base = self._ledger.artifacts.version(proposal.artifact, proposal.base)
        newest = self._ledger.artifacts.get(proposal.artifact).version
        return Review(proposal, compare(base.content, proposal.content), newest)
