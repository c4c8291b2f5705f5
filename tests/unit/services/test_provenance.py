from __future__ import annotations

from dataclasses import replace

import pytest

from forgeapp.domain.artifact import Kind
from forgeapp.domain.decision import Decision, Intent
from forgeapp.domain.document import Document, TableBlock, plain_text
from forgeapp.domain.request import Attachment
from forgeapp.errors import UnknownVersion
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import NewVersion, Origin
from forgeapp.services.handwork import Handwork
from forgeapp.services.provenance import Provenance, provenance_blocks, provenance_of
from forgeapp.services.revising.reviews import Reviews
from tests.unit.services.asking.chain_rig import Scripted
from tests.unit.services.test_forge import Rig, says

LETTER = '<artifact kind="document" title="Letter">\n# Letter\n\nDear Ann,\n\nsee you\n</artifact>\n'
PATCH = """<<<<<<< SEARCH
Dear Ann,
=======
Dear Bob,
>>>>>>> REPLACE
<<<<<<< SEARCH
see you
=======
bye
>>>>>>> REPLACE
"""


@pytest.fixture
def history(ledger: Ledger) -> Provenance:
    """A letter: written by a model with a note at hand, changed by one of two proposed changes, edited, restored."""
    rig = Rig(ledger, Decision(Intent.CREATE, Kind.DOCUMENT), Scripted(says(LETTER)))
    made = rig.run("a letter to Ann", attachments=(Attachment("note.txt", "she moved"),))
    ledger.providers.remove("acme")
    rig = Rig(ledger, Decision(Intent.REVISE, Kind.DOCUMENT), Scripted(says(PATCH)))
    rig.run("to Bob instead", artifact=1, conversation=made.conversation, reviews=True)
    review = Reviews(ledger).waiting(1)
    assert review is not None
    Reviews(ledger).accept(review, [0])
    newest = ledger.artifacts.version(1)
    assert isinstance(newest.content, Document)
    edited = replace(newest.content, markdown=newest.content.markdown + "\n\nPS: call me")
    Handwork(ledger).save(1, newest.number, edited, "Letter")
    ledger.artifacts.label(1, 3, "as sent")
    return provenance_of(ledger, 1)


def test_each_step_says_who_asked_for_what_and_who_answered(history: Provenance) -> None:
    first, second, third = history.steps
    assert (first.origin, first.request, first.model) == (Origin.GENERATED, "a letter to Ann", "acme/m")
    assert first.sources == ("note.txt",)
    assert first.prompt[-1][0] == "user"
    assert "she moved" in first.prompt[-1][1]
    assert (second.origin, second.request, second.taken, second.base) == (Origin.REVISED, "to Bob instead", (1, 2), 1)
    assert (third.origin, third.label, third.calls) == (Origin.EDITED, "as sent", ())


def test_the_cost_is_that_of_all_calls_on_the_way(history: Provenance) -> None:
    assert [step.cost_nano_usd for step in history.steps] == [5, 5, 0]
    assert history.cost_nano_usd == 10
    assert history.to_json()["cost_nano_usd"] == 10


def test_edits_are_counted_since_the_model(history: Provenance) -> None:
    assert (history.maker.number, history.edits) == (2, 1)


def test_the_page_tells_it_in_tables(history: Provenance) -> None:
    facts, versions, calls = (block for block in provenance_blocks(history) if isinstance(block, TableBlock))
    told = {plain_text(row[0]): plain_text(row[1]) for row in facts.rows}
    assert told["Request"] == "to Bob instead"
    assert told["Changes taken"] == "1 of 2"
    assert told["Edits by hand since"] == "1"
    assert "Template" not in told
    assert [plain_text(row[2]) for row in versions.rows] == [
        "written by a model",
        "changed by a model",
        "edited by hand (as sent)",
    ]
    assert len(calls.rows) == 2


def test_an_older_version_knows_nothing_of_later_ones(ledger: Ledger, history: Provenance) -> None:
    assert len(history.steps) == 3
    assert [step.number for step in provenance_of(ledger, 1, 1).steps] == [1]
    with pytest.raises(UnknownVersion):
        provenance_of(ledger, 1, 9)


def test_what_has_no_provenance_at_all_is_still_told(ledger: Ledger) -> None:
    ledger.artifacts.add(NewVersion(Document(None, "x"), Origin.EDITED, "Blank"))
    found = provenance_of(ledger, 1)
    assert (found.maker.origin, found.edits, found.cost_nano_usd) == (Origin.EDITED, 0, 0)
    assert provenance_blocks(found)


def test_damaged_provenance_is_passed_over(ledger: Ledger) -> None:
    damaged = {"request": 7, "attachments": None, "taken": "all", "restored_from": "x", "model": []}
    ledger.artifacts.add(NewVersion(Document(None, "x"), Origin.GENERATED, "Odd", provenance=damaged))
    (step,) = provenance_of(ledger, 1).steps
    assert (step.request, step.model, step.sources, step.taken, step.restored_from) == (None, None, (), None, None)


def test_a_reply_is_kept_as_a_document_and_as_a_source(ledger: Ledger) -> None:
    rig = Rig(ledger, Decision(Intent.CHAT), Scripted(says("Three lines are over plan.")))
    finished = rig.run("which lines?")
    assert finished.reply is not None
    hand = Handwork(ledger)
    document = hand.make_of_reply(finished.reply, "Over plan")
    assert document.content == Document("Over plan", "Three lines are over plan.")
    assert document.provenance == {"message": finished.reply, "model": "acme/m"}
    again = hand.make_of_reply(finished.reply, "", artifact=document.artifact)
    assert (again.number, again.title) == (2, "Over plan")
    source = hand.keep_reply(finished.reply, "Over plan")
    assert (source.text, source.origin) == ("Three lines are over plan.", {"message": finished.reply})
