from __future__ import annotations

import pytest

from forgeapp.domain.chat import Role
from forgeapp.domain.document import Document
from forgeapp.errors import BaseMoved, ProposalGone, UnknownSource, UnknownVersion
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import NewVersion, Origin, StoredVersion
from forgeapp.ledger.proposals import NewProposal, ProposalState, StoredProposal
from forgeapp.ledger.turns import FinishedTurn

BEFORE, AFTER = Document("Letter", "Dear all"), Document("Letter", "Dear friends")


@pytest.fixture
def base(ledger: Ledger) -> StoredVersion:
    conversation = ledger.conversations.start("a letter")
    return ledger.artifacts.add(NewVersion(BEFORE, Origin.GENERATED, "Letter", conversation=conversation))


def propose(ledger: Ledger, base: StoredVersion, content: Document = AFTER) -> StoredProposal:
    new = NewProposal(base.artifact, base.number, content, "Letter", provenance={"request": "warmer"})
    conversation = ledger.artifacts.get(base.artifact).conversation
    assert conversation is not None
    asked = ledger.conversations.add_message(conversation, Role.USER, "warmer")
    ledger.turns.finish(FinishedTurn(conversation, "Done.", asked, proposals=[new]))
    pending = ledger.proposals.pending(base.artifact)
    assert pending is not None
    return pending


def states(ledger: Ledger, base: StoredVersion) -> list[ProposalState]:
    conversation = ledger.artifacts.get(base.artifact).conversation
    assert conversation is not None
    return [row.state for rows in ledger.proposals.brought_by(conversation).values() for row in rows]


def test_a_proposal_waits_with_its_reply(ledger: Ledger, base: StoredVersion) -> None:
    pending = propose(ledger, base)
    assert (pending.base, pending.content, pending.provenance) == (1, AFTER, {"request": "warmer"})
    assert pending.message is not None
    assert ledger.artifacts.get(base.artifact).version == 1


def test_accepted_it_is_the_next_version(ledger: Ledger, base: StoredVersion) -> None:
    pending = propose(ledger, base)
    version = ledger.proposals.accept(pending, AFTER, 1, 1)
    assert (version.number, version.content, version.origin) == (2, AFTER, Origin.REVISED)
    assert version.message == pending.message
    assert version.provenance == {"request": "warmer", "base": 1, "taken": 1, "of": 1}
    assert ledger.proposals.pending(base.artifact) is None
    assert states(ledger, base) == [ProposalState.ACCEPTED]


def test_a_proposal_whose_base_moved_is_refused_and_stays(ledger: Ledger, base: StoredVersion) -> None:
    pending = propose(ledger, base)
    ledger.artifacts.add(NewVersion(Document("Letter", "Hello"), Origin.EDITED, "Letter", artifact=base.artifact))
    with pytest.raises(BaseMoved, match="version 2 by now; the change was made for version 1"):
        ledger.proposals.accept(pending, AFTER, 1, 1)
    assert ledger.proposals.pending(base.artifact) == pending
    assert ledger.artifacts.get(base.artifact).version == 2


def test_a_proposal_can_be_moved_to_another_base(ledger: Ledger, base: StoredVersion) -> None:
    pending = propose(ledger, base)
    edited = ledger.artifacts.add(
        NewVersion(Document("Letter", "Dear all\nbye"), Origin.EDITED, "Letter", artifact=base.artifact)
    )
    moved = ledger.proposals.move(pending, edited.number, Document("Letter", "Dear friends\nbye"))
    assert ledger.proposals.pending(base.artifact) == moved
    assert ledger.proposals.accept(moved, moved.content, 1, 1).number == 3


def test_a_proposal_is_decided_on_once(ledger: Ledger, base: StoredVersion) -> None:
    pending = propose(ledger, base)
    ledger.proposals.reject(pending)
    assert states(ledger, base) == [ProposalState.REJECTED]
    with pytest.raises(ProposalGone):
        ledger.proposals.reject(pending)
    with pytest.raises(ProposalGone):
        ledger.proposals.accept(pending, AFTER, 1, 1)
    with pytest.raises(ProposalGone):
        ledger.proposals.move(pending, 1, AFTER)
    assert ledger.artifacts.get(base.artifact).version == 1


def test_a_later_proposal_stands_in_place_of_the_one_that_waited(ledger: Ledger, base: StoredVersion) -> None:
    first = propose(ledger, base)
    second = propose(ledger, base, Document("Letter", "Dear good friends"))
    assert ledger.proposals.pending(base.artifact) == second
    assert states(ledger, base) == [ProposalState.SUPERSEDED, ProposalState.PENDING]
    with pytest.raises(ProposalGone):
        ledger.proposals.reject(first)


def test_some_of_the_changes_taken_is_noted(ledger: Ledger, base: StoredVersion) -> None:
    version = ledger.proposals.accept(propose(ledger, base), AFTER, 1, 3)
    assert (version.provenance["taken"], version.provenance["of"]) == (1, 3)
    assert states(ledger, base) == [ProposalState.PARTLY]


def test_a_version_can_be_given_a_name_and_lose_it(ledger: Ledger, base: StoredVersion) -> None:
    ledger.artifacts.label(base.artifact, 1, "  sent to the printer ")
    assert [row.label for row in ledger.artifacts.versions(base.artifact)] == ["sent to the printer"]
    ledger.artifacts.label(base.artifact, 1, None)
    assert [row.label for row in ledger.artifacts.versions(base.artifact)] == [None]
    with pytest.raises(UnknownVersion):
        ledger.artifacts.label(base.artifact, 7, "no")


def test_sources_are_kept_with_where_they_come_from(ledger: Ledger) -> None:
    first = ledger.sources.add("Prices", "Beans 18.50", {"file": "prices.txt"}, project="Cafe")
    second = ledger.sources.add("Letter", "Dear all", {"artifact": 1, "version": 2})
    assert ledger.sources.all() == [second, first]
    assert (first.project, first.origin) == ("Cafe", {"file": "prices.txt"})
    assert ledger.sources.get(second.id).text == "Dear all"
    with pytest.raises(UnknownSource):
        ledger.sources.get(99)
