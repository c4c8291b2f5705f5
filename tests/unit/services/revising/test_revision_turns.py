"""A turn that changes the open artifact: by a patch, by the whole, reviewed or taken, against a base that may move."""

from __future__ import annotations

from typing import Any

import pytest

from forgeapp.domain.artifact import Kind
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.chat import FinishReason, ReplyFinished, Role, TextPiece
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content
from forgeapp.domain.decision import Decision, Intent
from forgeapp.domain.document import Document
from forgeapp.domain.events import ArtifactGrew, ChatGrew, Finished, PromptReady, ProposalReady, Status
from forgeapp.domain.request import Selection
from forgeapp.domain.table import Table
from forgeapp.errors import BaseMoved, NothingToRevise, ProposalGone, RequestRejected
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import NewVersion, Origin, StoredVersion
from forgeapp.services.provenance import provenance_of
from forgeapp.services.revising.reviews import Review, Reviews
from tests.unit.services.asking.chain_rig import Scripted
from tests.unit.services.test_forge import Rig, says

TEXT = "# Quote\n\nPlease find attached our quote.\n\nIt covers 340 meals a day.\n\nKind regards"
WARMER = """Warmer now.

<<<<<<< SEARCH
Please find attached our quote.
=======
Thank you for the tour on Tuesday.
>>>>>>> REPLACE

<<<<<<< SEARCH
Kind regards
=======
With best wishes
>>>>>>> REPLACE
"""
MORE = """<<<<<<< SEARCH
It covers 340 meals a day.
=======
It covers 350 meals a day.
>>>>>>> REPLACE
"""
ASTRAY = """<<<<<<< SEARCH
A line that was never there, nor anything like it.
=======
x
>>>>>>> REPLACE
"""
OPERATIONS = """Done.

```json
{"operations":[
{"op":"insert_columns","at":"C","columns":[{"name":"VAT","values":["1.90","3.80"]}]},
{"op":"set","cells":{"B3":"21"}}
]}
```
"""
WHOLE = '<artifact kind="document" title="Quote">\n# Quote\n\nAll new.\n</artifact>\n'
REVISE = Decision(Intent.REVISE, Kind.DOCUMENT)


@pytest.fixture
def quote(ledger: Ledger) -> StoredVersion:
    conversation = ledger.conversations.start("a quote")
    new = NewVersion(Document("Quote", TEXT), Origin.GENERATED, "Quote", conversation=conversation)
    return ledger.artifacts.add(new)


def ask(ledger: Ledger, *replies: str, decision: Decision = REVISE, **request: Any) -> Rig:
    for row in ledger.providers.all():
        ledger.providers.remove(row.name)
    rig = Rig(ledger, decision, Scripted(*(says(reply) for reply in replies)))
    request.setdefault("artifact", 1)
    rig.finished = rig.run("warmer please", **request)  # type: ignore[attr-defined]
    return rig


def waiting(ledger: Ledger, artifact: int = 1) -> Review:
    review = Reviews(ledger).waiting(artifact)
    assert review is not None
    return review


def edit(ledger: Ledger, content: Content, artifact: int = 1) -> StoredVersion:
    return ledger.artifacts.add(NewVersion(content, Origin.EDITED, "Quote", artifact=artifact))


def text_of(version: StoredVersion) -> str:
    assert isinstance(version.content, Document)
    return version.content.markdown


@pytest.mark.usefixtures("quote")
def test_a_patch_makes_the_next_version_and_leaves_the_rest_to_the_letter(ledger: Ledger) -> None:
    rig = ask(ledger, WARMER)
    finished = rig.finished  # type: ignore[attr-defined]
    assert (finished.status, finished.artifacts[0].number) == (Status.DONE, 2)
    assert finished.summary.content == "Warmer now."
    version = ledger.artifacts.version(1)
    changed = TEXT.replace("Please find attached our quote.", "Thank you for the tour on Tuesday.")
    assert text_of(version) == changed.replace("Kind regards", "With best wishes")
    assert (version.origin, version.provenance["base"], version.provenance["patch"]) == (Origin.REVISED, 1, 2)


@pytest.mark.usefixtures("quote")
def test_a_patch_is_not_shown_as_talk_nor_as_an_artifact_while_it_arrives(ledger: Ledger) -> None:
    rig = Rig(ledger, REVISE, Scripted([TextPiece(WARMER[at : at + 7]) for at in range(0, len(WARMER), 7)]))
    rig.run("warmer", artifact=1)
    assert "".join(step.text for step in rig.steps if isinstance(step, ChatGrew)).strip() == "Warmer now."
    assert not any(isinstance(step, ArtifactGrew) for step in rig.steps)


@pytest.mark.usefixtures("quote")
def test_the_model_is_shown_the_artifact_the_selection_and_how_to_answer(ledger: Ledger) -> None:
    selection = Selection("Kind regards", "line 7")
    rig = ask(ledger, WARMER, selection=selection)
    (ready,) = (step for step in rig.steps if isinstance(step, PromptReady))
    system, user = ready.messages[0].text, ready.messages[-1].text
    assert "<<<<<<< SEARCH" in system
    assert f"<current>\n{TEXT}" in user
    assert "<selection>\nline 7:\nKind regards\n</selection>" in user
    assert ledger.artifacts.version(1).provenance["selection"] == "line 7"


@pytest.mark.usefixtures("quote")
def test_the_whole_artifact_is_taken_where_the_model_gives_that(ledger: Ledger) -> None:
    ask(ledger, WHOLE)
    version = ledger.artifacts.version(1)
    assert text_of(version) == "# Quote\n\nAll new."
    assert "patch" not in version.provenance


@pytest.mark.usefixtures("quote")
def test_a_patch_with_no_place_is_followed_by_the_whole_and_both_are_paid(ledger: Ledger) -> None:
    rig = ask(ledger, ASTRAY, WHOLE)
    finished = rig.finished  # type: ignore[attr-defined]
    first, second = [step for step in rig.steps if isinstance(step, PromptReady)]
    assert "<<<<<<< SEARCH" in first.messages[0].text
    assert "<<<<<<< SEARCH" not in second.messages[0].text
    assert "Give the whole artifact again" in second.messages[0].text
    assert text_of(ledger.artifacts.version(1)) == "# Quote\n\nAll new."
    assert [call["status"] for call in finished.calls] == ["ok", "ok"]
    assert finished.cost_nano_usd == 10
    assert [role for role, _, _ in rig.texts(finished.conversation)] == [Role.USER, Role.ASSISTANT]


@pytest.mark.parametrize(
    "piece", ["```markdown\nIt covers 350 meals.\n```\n", '{"edits":[{"old":"340","new":"350"}]}\n']
)
def test_a_piece_of_a_long_artifact_does_not_take_its_place(ledger: Ledger, piece: str) -> None:
    long = TEXT + "\n\nAnd so on." * 200
    conversation = ledger.conversations.start("a quote")
    ledger.artifacts.add(NewVersion(Document("Quote", long), Origin.GENERATED, "Quote", conversation=conversation))
    rig = ask(ledger, piece, WHOLE)
    assert len(rig.finished.calls) == 2  # type: ignore[attr-defined]
    assert text_of(ledger.artifacts.version(1)) == "# Quote\n\nAll new."


@pytest.mark.usefixtures("quote")
def test_a_patch_in_place_of_the_whole_is_still_a_patch(ledger: Ledger) -> None:
    ask(ledger, ASTRAY, MORE)
    assert text_of(ledger.artifacts.version(1)) == TEXT.replace("340", "350")


@pytest.mark.usefixtures("quote")
def test_two_patches_with_no_place_leave_the_artifact_as_it_is(ledger: Ledger) -> None:
    rig = ask(ledger, ASTRAY, ASTRAY)
    finished = rig.finished  # type: ignore[attr-defined]
    assert (ledger.artifacts.get(1).versions, len(finished.calls)) == (1, 2)
    assert "A line that was never there" in str(finished.summary.warnings[0])


@pytest.mark.usefixtures("quote")
def test_where_the_whole_cannot_be_had_the_reply_that_was_paid_for_is_kept(ledger: Ledger) -> None:
    for row in ledger.providers.all():
        ledger.providers.remove(row.name)
    rig = Rig(ledger, REVISE, Scripted(says(ASTRAY), [RequestRejected(provider="acme", status=400)]))
    finished = rig.run("warmer please", artifact=1)
    assert finished.status is Status.FAILED
    assert rig.texts(finished.conversation)[-1] == (Role.ASSISTANT, ASTRAY, True)
    assert [call["status"] for call in finished.calls] == ["ok", "failed"]


@pytest.mark.usefixtures("quote")
def test_what_had_no_place_beside_what_had_one_is_told(ledger: Ledger) -> None:
    rig = ask(ledger, WARMER + "\n" + ASTRAY)
    finished = rig.finished  # type: ignore[attr-defined]
    assert ledger.artifacts.version(1).provenance["unplaced"] == 1
    assert any("A line that was never there" in str(warning) for warning in finished.summary.warnings)


@pytest.mark.usefixtures("quote")
def test_a_reply_that_changes_nothing_is_no_version(ledger: Ledger) -> None:
    rig = ask(ledger, f'<artifact kind="document" title="Quote">\n{TEXT}\n</artifact>\n')
    finished = rig.finished  # type: ignore[attr-defined]
    assert ledger.artifacts.get(1).versions == 1
    assert finished.status is Status.CHAT
    assert "stays as it was" in str(finished.summary.warnings[0])


@pytest.mark.usefixtures("quote")
def test_a_change_for_review_waits_and_is_taken_piece_by_piece(ledger: Ledger) -> None:
    rig = ask(ledger, WARMER, reviews=True)
    finished = rig.finished  # type: ignore[attr-defined]
    (ready,) = (step for step in rig.steps if isinstance(step, ProposalReady))
    assert (finished.status, finished.artifacts, finished.proposal) == (Status.DONE, (), ready.proposal)
    assert ledger.artifacts.get(1).versions == 1
    review = waiting(ledger)
    assert [hunk.where for hunk in review.comparison.hunks] == ["line 3", "line 7"]
    assert not review.is_outdated
    version = Reviews(ledger).accept(review, [1])
    assert version is not None
    assert text_of(version) == TEXT.replace("Kind regards", "With best wishes")
    assert (version.provenance["taken"], version.provenance["of"], version.message) == (1, 2, finished.reply)
    assert Reviews(ledger).waiting(1) is None


@pytest.mark.usefixtures("quote")
def test_nothing_taken_is_a_rejection_and_no_version(ledger: Ledger) -> None:
    ask(ledger, WARMER, reviews=True)
    assert Reviews(ledger).accept(waiting(ledger), []) is None
    assert ledger.artifacts.get(1).versions == 1
    with pytest.raises(AssertionError):
        waiting(ledger)


@pytest.mark.usefixtures("quote")
def test_several_requests_before_a_review_build_on_each_other_and_are_reviewed_together(ledger: Ledger) -> None:
    ask(ledger, WARMER, reviews=True)
    rig = ask(ledger, MORE, reviews=True)
    (ready,) = (step for step in rig.steps if isinstance(step, PromptReady))
    assert "With best wishes" in ready.messages[-1].text
    review = waiting(ledger)
    assert (review.proposal.base, len(review.comparison.hunks)) == (1, 3)


@pytest.mark.usefixtures("quote")
def test_asked_again_a_message_starts_from_the_version_not_from_what_came_of_it(ledger: Ledger) -> None:
    first = ask(ledger, WARMER, reviews=True)
    message = ledger.conversations.messages(first.finished.conversation)[0].id  # type: ignore[attr-defined]
    rig = ask(ledger, WARMER, reviews=True, answers=message, use_cache=False)
    (ready,) = (step for step in rig.steps if isinstance(step, PromptReady))
    assert "Please find attached our quote." in ready.messages[-1].text
    assert len(waiting(ledger).comparison.hunks) == 2


@pytest.mark.usefixtures("quote")
def test_asked_again_a_message_keeps_what_other_requests_before_it_brought(ledger: Ledger) -> None:
    ask(ledger, WARMER, reviews=True)
    rig = ask(ledger, MORE, reviews=True)
    stored = ledger.conversations.messages(rig.finished.conversation)  # type: ignore[attr-defined]
    (message,) = [item.id for item in stored if item.role is Role.USER][-1:]
    for _ in range(2):
        rig = ask(ledger, MORE, reviews=True, answers=message, use_cache=False)
        (ready,) = (step for step in rig.steps if isinstance(step, PromptReady))
        assert "With best wishes" in ready.messages[-1].text
        assert "350" not in ready.messages[-1].text
        assert len(waiting(ledger).comparison.hunks) == 3


@pytest.mark.usefixtures("quote")
def test_a_version_of_several_requests_names_and_counts_them_all(ledger: Ledger) -> None:
    ask(ledger, WARMER, reviews=True)
    ask(ledger, MORE, reviews=True)
    Reviews(ledger).accept(waiting(ledger), range(3))
    provenance = provenance_of(ledger, 1)
    assert (len(provenance.steps[-1].calls), provenance.cost_nano_usd) == (2, 10)
    assert provenance.maker.request == "warmer please\nwarmer please"


def changed_meanwhile(ledger: Ledger, text: str) -> Finished:
    for row in ledger.providers.all():
        ledger.providers.remove(row.name)
    reply = [TextPiece(WARMER), lambda: edit(ledger, Document("Quote", text)), ReplyFinished(FinishReason.STOP)]
    return Rig(ledger, REVISE, Scripted(reply)).run("warmer please", artifact=1)


@pytest.mark.usefixtures("quote")
def test_what_came_while_the_model_wrote_stays_in_what_it_changes(ledger: Ledger) -> None:
    finished = changed_meanwhile(ledger, TEXT.replace("340", "400"))
    assert finished.artifacts[0].number == 3
    version = ledger.artifacts.version(1)
    assert "400 meals" in text_of(version)
    assert "Thank you for the tour" in text_of(version)
    assert version.provenance["base"] == 2


@pytest.mark.usefixtures("quote")
def test_a_change_that_does_not_fit_what_came_meanwhile_waits_for_the_user(ledger: Ledger) -> None:
    finished = changed_meanwhile(ledger, TEXT.replace("Kind regards", "Yours"))
    assert (finished.status, finished.artifacts) == (Status.DONE, ())
    assert text_of(ledger.artifacts.version(1)).endswith("Yours")
    assert waiting(ledger).is_outdated


@pytest.mark.usefixtures("quote")
def test_a_change_that_was_but_shown_leaves_what_waited_before(ledger: Ledger) -> None:
    ask(ledger, WARMER, reviews=True)
    before = waiting(ledger).proposal
    ask(ledger, MORE, reviews=True)
    shown = Reviews(ledger).withdraw(waiting(ledger))
    assert [hunk.after for hunk in shown] == ["It covers 350 meals a day."]
    assert waiting(ledger).proposal == before
    Reviews(ledger).withdraw(waiting(ledger))
    assert Reviews(ledger).waiting(1) is None


@pytest.mark.usefixtures("quote")
def test_a_moved_base_refuses_and_the_change_can_be_fitted(ledger: Ledger) -> None:
    ask(ledger, WARMER, reviews=True)
    review = waiting(ledger)
    edit(ledger, Document("Quote", TEXT.replace("340", "400")))
    with pytest.raises(BaseMoved):
        Reviews(ledger).accept(review, [0, 1])
    outdated = waiting(ledger)
    assert (outdated.is_outdated, outdated.newest) == (True, 2)
    fitted, unplaced = Reviews(ledger).fit(outdated)
    assert fitted is not None
    assert (fitted.is_outdated, list(unplaced)) == (False, [])
    version = Reviews(ledger).accept(fitted, [0, 1])
    assert version is not None
    assert "400 meals" in text_of(version)
    assert "Thank you for the tour" in text_of(version)


@pytest.mark.usefixtures("quote")
def test_where_both_changed_the_same_place_the_users_stays_and_is_told(ledger: Ledger) -> None:
    ask(ledger, WARMER, reviews=True)
    edit(ledger, Document("Quote", TEXT.replace("Kind regards", "Yours")))
    fitted, unplaced = Reviews(ledger).fit(waiting(ledger))
    assert fitted is not None
    assert [hunk.after for hunk in unplaced] == ["With best wishes"]
    version = Reviews(ledger).accept(fitted, range(len(fitted.comparison.hunks)))
    assert version is not None
    assert "Yours" in text_of(version)
    assert "Thank you for the tour" in text_of(version)


@pytest.mark.usefixtures("quote")
def test_a_change_that_fits_nowhere_stays_and_can_be_kept_apart(ledger: Ledger) -> None:
    ask(ledger, WARMER, reviews=True)
    edit(ledger, Document("Quote", "# Something else\n"))
    nothing, unplaced = Reviews(ledger).fit(waiting(ledger))
    assert (nothing, len(unplaced)) == (None, 2)
    apart = Reviews(ledger).keep_apart(waiting(ledger))
    assert apart.artifact != 1
    assert "Thank you for the tour" in text_of(apart)
    assert apart.provenance["from_artifact"] == 1
    assert Reviews(ledger).waiting(1) is None
    assert text_of(ledger.artifacts.version(1)) == "# Something else\n"


@pytest.mark.usefixtures("quote")
def test_a_review_that_was_decided_elsewhere_is_said_to_be(ledger: Ledger) -> None:
    ask(ledger, WARMER, reviews=True)
    review = waiting(ledger)
    Reviews(ledger).reject(review)
    with pytest.raises(ProposalGone):
        Reviews(ledger).accept(review, [0])


@pytest.mark.usefixtures("quote")
def test_a_change_asked_for_by_choice_needs_no_gatekeeper(ledger: Ledger) -> None:
    rig = ask(ledger, WARMER, decision=Decision(Intent.CHAT), is_revision=True)
    assert rig.finished.status is Status.DONE  # type: ignore[attr-defined]
    with pytest.raises(NothingToRevise):
        rig.run("warmer", is_revision=True)


def test_a_table_is_patched_by_operations(ledger: Ledger) -> None:
    table = Table("Prices", ("Item", "Net"), (("Tea", "10"), ("Milk", "20")))
    ledger.artifacts.add(NewVersion(table, Origin.GENERATED, "Prices", conversation=ledger.conversations.start("x")))
    ask(ledger, OPERATIONS, decision=Decision(Intent.REVISE, Kind.TABLE), reviews=True)
    review = waiting(ledger)
    assert sorted(hunk.where for hunk in review.comparison.hunks) == ["B3", 'column C "VAT"']
    version = Reviews(ledger).accept(review, range(2))
    assert version is not None
    assert version.content == Table("Prices", ("Item", "Net", "VAT"), (("Tea", "10", "1.90"), ("Milk", "21", "3.80")))


@pytest.mark.usefixtures("quote")
def test_a_question_about_the_artifact_carries_the_selection(ledger: Ledger) -> None:
    rig = ask(ledger, "It means us.", decision=Decision(Intent.CHAT), selection=Selection("Kind regards", "line 7"))
    (ready,) = (step for step in rig.steps if isinstance(step, PromptReady))
    assert "<selection>\nline 7:\nKind regards\n</selection>" in ready.messages[-1].text
    assert rig.finished.status is Status.CHAT  # type: ignore[attr-defined]


@pytest.mark.usefixtures("quote")
def test_a_reply_that_is_only_the_new_text_of_the_selection_replaces_that_alone(ledger: Ledger) -> None:
    reply = '<artifact kind="document" title="Quote">\nWith best wishes\n</artifact>\n'
    ask(ledger, reply, selection=Selection("Kind regards", "line 7"))
    assert text_of(ledger.artifacts.version(1)) == TEXT.replace("Kind regards", "With best wishes")


@pytest.mark.parametrize("given", ["    total = 10", "total = 10"])
def test_the_new_text_of_whole_selected_lines_stays_on_lines_of_its_own(ledger: Ledger, given: str) -> None:
    lines = "".join(f"def part_{number}():\n    total = {number}\n    return total\n\n\n" for number in range(1, 4))
    code = Code("Parts", (CodeFile("parts.py", "python", lines),))
    ledger.artifacts.add(NewVersion(code, Origin.GENERATED, "Parts", conversation=ledger.conversations.start("x")))
    selection = Selection("    total = 1\n", "parts.py line 2")
    ask(ledger, f"```python\n{given}\n```\n", decision=Decision(Intent.REVISE, Kind.CODE), selection=selection)
    content = ledger.artifacts.version(1).content
    assert isinstance(content, Code)
    assert content.files[0].text == lines.replace("total = 1\n", "total = 10\n")


@pytest.mark.usefixtures("quote")
def test_a_patch_that_changes_nothing_is_not_asked_for_again(ledger: Ledger) -> None:
    same = "<<<<<<< SEARCH\nKind regards\n=======\nKind regards\n>>>>>>> REPLACE\n"
    rig = ask(ledger, same)
    finished = rig.finished  # type: ignore[attr-defined]
    assert len(finished.calls) == 1
    assert "stays as it was" in str(finished.summary.warnings[0])
    assert ledger.artifacts.get(1).versions == 1


@pytest.mark.usefixtures("quote")
@pytest.mark.parametrize("reviews", [False, True])
@pytest.mark.parametrize("arrived", ["War", WARMER[:40], WARMER[: WARMER.index(">>>")], WHOLE[:70]])
def test_stopped_before_a_change_was_whole_it_changes_nothing_and_keeps_the_words(
    ledger: Ledger, arrived: str, reviews: bool
) -> None:
    finished = stop_after(ledger, arrived, reviews=reviews)
    assert (finished.artifacts, finished.proposal, finished.summary.warnings) == ((), None, ())
    assert finished.summary.content == arrived
    assert len(ledger.artifacts.versions(1)) == 1


@pytest.mark.usefixtures("quote")
def test_stopped_in_the_second_change_the_first_is_made_and_said_to_be_part_of_it(ledger: Ledger) -> None:
    stop_after(ledger, WARMER[: WARMER.index("With best")])
    version = ledger.artifacts.version(1)
    assert text_of(version) == TEXT.replace("Please find attached our quote.", "Thank you for the tour on Tuesday.")
    assert (version.provenance["patch"], version.provenance["partial"]) == (1, True)


def stop_after(ledger: Ledger, arrived: str, **request: Any) -> Finished:
    cancel = CancelToken()
    rig = Rig(ledger, REVISE, Scripted([TextPiece(arrived), cancel.cancel, TextPiece("x")]))
    return rig.run("warmer please", cancel=cancel, artifact=1, **request)


@pytest.mark.usefixtures("quote")
def test_a_whole_that_is_cut_at_its_greatest_length_leaves_the_artifact_as_it_is(ledger: Ledger) -> None:
    rig = Rig(ledger, REVISE, Scripted(says(WHOLE[:70], finish=FinishReason.LENGTH)))
    finished = rig.run("warmer", artifact=1)
    assert ledger.artifacts.get(1).versions == 1
    assert finished.status is Status.CHAT
    assert any("greatest length" in str(warning) for warning in finished.summary.warnings)
    assert rig.texts(finished.conversation)[-1] == (Role.ASSISTANT, WHOLE[:70], True)
