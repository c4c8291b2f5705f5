"""Turns in a conversation whose open artifact is a picture."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forgeapp.domain.artifact import Kind
from forgeapp.domain.decision import Decision, Intent
from forgeapp.domain.events import PromptReady, Status
from forgeapp.domain.request import ForgeRequest
from forgeapp.errors import PictureNotRevised, SelectionNotFound
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import NewVersion, Origin
from forgeapp.services.handwork import Handwork
from forgeapp.services.revising.material import shown
from forgeapp.services.revising.selecting import selection_of
from tests.fakes.drawn import sketch
from tests.unit.services.asking.chain_rig import Scripted
from tests.unit.services.test_forge import LETTER, Rig, says

REVISE = Decision(Intent.REVISE, Kind.IMAGE)
CHAT = Decision(Intent.CHAT)


@pytest.fixture
def conversation(ledger: Ledger) -> int:
    """With an image of two hills."""
    number = ledger.conversations.start("picture")
    ledger.artifacts.add(NewVersion(sketch("Two hills"), Origin.IMPORTED, "Sketch", conversation=number))
    return number


def test_a_change_in_words_is_refused_with_what_to_do_and_asks_nobody(ledger: Ledger, conversation: int) -> None:
    finished = Rig(ledger, REVISE, Scripted(says(LETTER))).run("brighter", conversation=conversation)
    assert finished.status is Status.FAILED
    assert isinstance(finished.error, PictureNotRevised)
    assert "'Sketch'" in finished.error.message
    assert "next version" in finished.error.hint
    assert finished.calls == ()
    assert len(ledger.artifacts.versions(1)) == 1


def test_a_preview_of_such_a_change_is_refused_alike(ledger: Ledger, conversation: int) -> None:
    with pytest.raises(PictureNotRevised):
        Rig(ledger, REVISE).forge.preview(ForgeRequest("brighter", conversation=conversation))


def test_a_pasted_reply_beside_a_picture_is_an_artifact_of_its_own(ledger: Ledger, conversation: int) -> None:
    finished = Rig(ledger, REVISE).forge.paste(ForgeRequest("a letter", conversation=conversation), LETTER, None)
    assert [(item.artifact, item.kind) for item in finished.artifacts] == [(2, Kind.DOCUMENT)]


def test_talking_about_a_picture_sends_what_is_known_of_it_and_no_bytes(ledger: Ledger, conversation: int) -> None:
    rig = Rig(ledger, CHAT, Scripted(says("Two hills, it seems.")))
    rig.run("what does it show?", conversation=conversation)
    prompt = next(step for step in rig.steps if isinstance(step, PromptReady))
    sent = "\n".join(message.text for message in prompt.messages)
    assert "PNG, 96 x 64 pixels" in sent
    assert "Two hills" in sent
    assert "iVBOR" not in sent


def test_a_picture_without_a_description_says_so_by_saying_nothing() -> None:
    assert shown(sketch()) == "A picture (PNG, 96 x 64 pixels), which is not shown here."


def test_nothing_of_a_picture_can_be_selected() -> None:
    with pytest.raises(SelectionNotFound):
        selection_of(sketch("Two hills"), "Sketch", "hills")


def test_a_picture_is_kept_as_an_artifact_of_its_own_and_as_a_source_in_words(
    ledger: Ledger, conversation: int
) -> None:
    handwork, version = Handwork(ledger), ledger.artifacts.version(1)
    copied = handwork.save_as(version, title="Another")
    assert copied.content == replace(sketch("Two hills"), title="Another")
    source = handwork.save_as_source(version)
    assert "Two hills" in source.text


def test_versions_of_a_picture_come_back_to_the_last_byte(ledger: Ledger, conversation: int) -> None:
    wide = sketch("Wider", width=1_200, height=900)
    ledger.artifacts.add(NewVersion(wide, Origin.EDITED, "Sketch", artifact=1))
    assert ledger.artifacts.version(1).content == wide
    assert ledger.artifacts.version(1, 1).content == sketch("Two hills")
    assert ledger.artifacts.restore(1, 1).content == sketch("Two hills")
