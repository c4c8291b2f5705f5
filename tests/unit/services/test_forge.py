from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from forgeapp.domain.artifact import Format, Kind
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.chat import FinishReason, ReplyFinished, Role, StreamEvent, TextPiece
from forgeapp.domain.decision import Decision, Intent
from forgeapp.domain.document import Document
from forgeapp.domain.events import (
    ArtifactGrew,
    ArtifactReady,
    AttemptStarted,
    ChatGrew,
    CostGrew,
    Decided,
    Event,
    Finished,
    MessageStored,
    PromptReady,
    Source,
    Status,
)
from forgeapp.domain.request import ForgeRequest
from forgeapp.domain.table import Table
from forgeapp.errors import (
    ContentRefused,
    ContextTooLong,
    ForgeError,
    KeyMissing,
    ProviderFailed,
    RequestRejected,
    StorageError,
    StreamBroken,
    TooLongToRevise,
    UsageError,
)
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import NewVersion, Origin
from forgeapp.services.handwork import Handwork
from tests.unit.services.asking.chain_rig import Scripted, make_forge

LETTER = '<artifact kind="document" title="Letter">\n# Letter\n\nDear Ann,\n</artifact>\n'
GRID = '<artifact kind="table" title="Towns">\n| Town | Size |\n|---|---|\n| Ulm | 1 |\n</artifact>\n'


def says(*texts: str, finish: FinishReason = FinishReason.STOP) -> list[StreamEvent | ForgeError | Callable[[], None]]:
    return [*(TextPiece(text) for text in texts), ReplyFinished(finish)]


class Rig:
    """A forge whose gatekeeper always decides the same, over one scripted provider, or none."""

    def __init__(self, ledger: Ledger, decision: Decision, provider: Scripted | ForgeError | None = None) -> None:
        self.ledger = ledger
        if provider is not None:
            ledger.providers.add("acme", "openai-chat", "http://x", ("m",), None, "none")
        self.steps: list[Event] = []
        self.seen_kinds: list[Kind | None] = []

        def decide(text: str, open_kind: Kind | None) -> Decision:
            self.seen_kinds.append(open_kind)
            return decision

        def connect(row: Any) -> Any:
            if isinstance(provider, ForgeError):
                raise provider
            return provider

        self.forge = make_forge(ledger, decide, connect)

    def run(self, text: str = "do it", cancel: CancelToken | None = None, **request: Any) -> Finished:
        self.steps = list(self.forge.run(ForgeRequest(text, **request), cancel or CancelToken()))
        finished = self.steps[-1]
        assert isinstance(finished, Finished)
        assert sum(isinstance(step, Finished) for step in self.steps) == 1
        return finished

    def texts(self, conversation: int) -> list[tuple[Role, str, bool]]:
        return [(item.role, item.text, item.is_partial) for item in self.ledger.conversations.messages(conversation)]


def create(kind: Kind, **values: Any) -> Decision:
    return Decision(Intent.CREATE, kind, **values)


def test_the_steps_of_a_turn_come_in_their_order(ledger: Ledger) -> None:
    rig = Rig(ledger, create(Kind.DOCUMENT), Scripted(says("Here you are.\n\n", LETTER)))
    finished = rig.run()
    kinds = list(dict.fromkeys(type(step) for step in rig.steps))
    assert kinds[:5] == [MessageStored, Decided, PromptReady, AttemptStarted, CostGrew]
    assert kinds[5:] == [ChatGrew, ArtifactGrew, ArtifactReady, Finished]
    assert (finished.status, finished.source, finished.cost_nano_usd) == (Status.DONE, Source.PROVIDER, 5)
    assert finished.summary.summary == "Here you are."
    assert ledger.artifacts.version(1).content == Document("Letter", "# Letter\n\nDear Ann,")


def test_the_users_words_are_stored_before_anything_else_can_fail(ledger: Ledger) -> None:
    rig = Rig(ledger, create(Kind.DOCUMENT), Scripted([ProviderFailed(provider="acme", status=500)]))
    finished = rig.run("a letter to my aunt")
    assert finished.status is Status.FAILED
    assert rig.texts(finished.conversation) == [(Role.USER, "a letter to my aunt", False)]


def test_stop_keeps_the_partial_reply_and_what_it_held(ledger: Ledger) -> None:
    cancel = CancelToken()
    rig = Rig(ledger, create(Kind.TABLE), Scripted([TextPiece(GRID[:-14]), cancel.cancel, TextPiece("x")]))
    finished = rig.run(cancel=cancel)
    assert finished.status is Status.FAILED
    assert finished.error is not None
    assert finished.error.key == "cancelled"
    assert rig.texts(finished.conversation)[-1] == (Role.ASSISTANT, GRID[:-14], True)
    assert finished.calls[0]["status"] == "cancelled"
    assert finished.artifacts


def test_a_doubtful_decision_is_asked_about_and_costs_nothing(ledger: Ledger) -> None:
    rig = Rig(ledger, create(Kind.TABLE, confidence=0.7), Scripted(says(GRID)))
    finished = rig.run()
    assert finished.status is Status.NEEDS_CONFIRMATION
    assert finished.summary.summary == "Make a table? Yes / No, just chat"
    assert finished.calls == ()
    confirmed = rig.run(confirmed=True, conversation=finished.conversation)
    assert confirmed.status is Status.DONE


def test_a_decision_below_the_threshold_is_chat(ledger: Ledger) -> None:
    rig = Rig(ledger, create(Kind.TABLE, confidence=0.5), Scripted(says(GRID)))
    finished = rig.run()
    assert finished.status is Status.CHAT
    assert finished.summary.content == GRID
    assert ledger.artifacts.all() == []


def test_a_kind_we_do_not_make_is_said_and_remembered(ledger: Ledger) -> None:
    rig = Rig(ledger, create(Kind.DOCUMENT, unsupported="slides"))
    finished = rig.run()
    assert finished.status is Status.NEEDS_CONFIRMATION
    assert "does not make slides" in finished.summary.summary
    assert [event.data for event in ledger.events.all("other_requested")] == [{"wish": "slides"}]


def test_a_chosen_kind_wins_over_the_gatekeeper(ledger: Ledger) -> None:
    rig = Rig(ledger, Decision(Intent.CHAT), Scripted(says(GRID)))
    assert rig.run(kind=Kind.TABLE).artifacts[0].kind is Kind.TABLE


def test_several_artifacts_of_one_reply_are_stored_each(ledger: Ledger) -> None:
    rig = Rig(ledger, create(Kind.TABLE), Scripted(says(GRID, "\n", GRID.replace("Towns", "Rivers"))))
    assert [version.title for version in rig.run().artifacts] == ["Towns", "Rivers"]


def test_a_reply_without_an_artifact_is_an_answer(ledger: Ledger) -> None:
    rig = Rig(ledger, create(Kind.TABLE), Scripted(says("Which towns do you mean?")))
    finished = rig.run()
    assert finished.status is Status.CHAT
    assert finished.summary.content.strip() == "Which towns do you mean?"
    assert finished.summary.next_actions == ("Which towns do you mean?",)


def test_a_reply_at_its_greatest_length_is_kept_and_marked(ledger: Ledger) -> None:
    rig = Rig(ledger, create(Kind.TABLE), Scripted(says(GRID, finish=FinishReason.LENGTH)))
    finished = rig.run()
    assert any("cut" in warning for warning in finished.summary.warnings)
    assert rig.texts(finished.conversation)[-1][2] is True


def test_a_revision_of_the_open_kind_is_its_next_version_and_another_kind_a_new_artifact(ledger: Ledger) -> None:
    first = Rig(ledger, create(Kind.TABLE), Scripted(says(GRID))).run()
    ledger.providers.remove("acme")
    rig = Rig(ledger, Decision(Intent.REVISE, Kind.TABLE), Scripted(says(GRID.replace("Ulm", "Bonn"), LETTER)))
    revised = rig.run(conversation=first.conversation)
    assert rig.seen_kinds == [Kind.TABLE]
    assert [(item.artifact, item.number) for item in revised.artifacts] == [(1, 2), (2, 1)]
    content = ledger.artifacts.version(1).content
    assert isinstance(content, Table)
    assert content.rows == (("Bonn", "1"),)
    prompt = next(step for step in rig.steps if isinstance(step, PromptReady))
    assert "Ulm" in prompt.messages[-1].text


def test_an_export_names_the_open_artifact_and_asks_nobody(ledger: Ledger) -> None:
    first = Rig(ledger, create(Kind.TABLE), Scripted(says(GRID))).run()
    ledger.providers.remove("acme")
    finished = Rig(ledger, Decision(Intent.EXPORT, Kind.TABLE, Format.PDF)).run(conversation=first.conversation)
    assert (finished.status, finished.export_to) == (Status.DONE, Format.PDF)
    assert finished.artifacts == first.artifacts
    assert finished.calls == ()


def test_a_failing_provider_leads_to_a_template_that_says_so(ledger: Ledger) -> None:
    rig = Rig(ledger, create(Kind.TABLE), Scripted([StreamBroken(provider="acme", detail="reset")]))
    finished = rig.run("compare tea and coffee")
    assert (finished.status, finished.source, finished.template) == (Status.DONE, Source.OFFLINE, "comparison")
    assert any("No provider answered" in warning for warning in finished.summary.warnings)
    assert finished.calls[0]["error"] == "stream_broken"
    assert ledger.events.all("template_used")


def test_a_named_model_that_fails_is_not_replaced_by_a_template(ledger: Ledger) -> None:
    rig = Rig(ledger, create(Kind.TABLE), Scripted([StreamBroken(provider="acme", detail="reset")]))
    finished = rig.run("compare tea and coffee", model="acme/m")
    assert finished.status is Status.FAILED
    assert isinstance(finished.error, StreamBroken)


@pytest.mark.parametrize(
    ("decision", "error"),
    [
        (create(Kind.IMAGE), "images_not_made"),
        (create(Kind.DOCUMENT), "nothing_fits"),
        (Decision(Intent.EXPORT, Kind.TABLE), "nothing_to_export"),
    ],
)
def test_what_cannot_be_done_is_said_plainly_and_asks_nobody(ledger: Ledger, decision: Decision, error: str) -> None:
    finished = Rig(ledger, decision).run("a poster for the fair")
    assert finished.status is Status.FAILED
    assert finished.error is not None
    assert finished.error.key == error
    assert finished.calls == ()


def test_a_single_provider_without_its_key_does_not_stand_in_the_way_of_a_template(ledger: Ledger) -> None:
    rig = Rig(ledger, create(Kind.TABLE), KeyMissing(provider="acme", variable="ACME_API_KEY"))
    finished = rig.run("compare tea and coffee")
    assert (finished.status, finished.source) == (Status.DONE, Source.OFFLINE)
    assert any("No key is set for acme" in warning for warning in finished.summary.warnings)
    named = rig.run("compare tea and coffee", model="acme/m")
    assert named.error is not None
    assert named.error.key == "key_missing"


@pytest.mark.parametrize(
    "error",
    [
        ContentRefused(provider="acme", detail="no"),
        RequestRejected(provider="acme", status=400, detail="bad"),
        ContextTooLong(provider="acme", model="m"),
    ],
)
def test_a_request_that_is_turned_down_goes_to_the_user_and_not_to_a_template(
    ledger: Ledger, error: ForgeError
) -> None:
    finished = Rig(ledger, create(Kind.TABLE), Scripted([error])).run("compare tea and coffee")
    assert finished.status is Status.FAILED
    assert finished.error is error


def test_a_reply_that_broke_off_is_kept_where_nothing_better_came(ledger: Ledger) -> None:
    rig = Rig(ledger, Decision(Intent.CHAT), Scripted([TextPiece("Once upon"), StreamBroken(provider="acme")]))
    finished = rig.run()
    assert finished.status is Status.FAILED
    assert finished.summary.content == "Once upon"
    assert rig.texts(finished.conversation)[-1] == (Role.ASSISTANT, "Once upon", True)


def test_an_empty_reply_is_a_failure_and_no_message(ledger: Ledger) -> None:
    rig = Rig(ledger, create(Kind.TABLE), Scripted(says("")))
    finished = rig.run()
    assert finished.error is not None
    assert finished.error.key == "empty_reply"
    assert finished.calls[0]["status"] == "ok"
    assert [role for role, _, _ in rig.texts(finished.conversation)] == [Role.USER]


def test_an_empty_request_is_refused_before_anything_is_stored(ledger: Ledger) -> None:
    rig = Rig(ledger, Decision(Intent.CHAT), Scripted())
    with pytest.raises(UsageError, match="empty"):
        rig.run("  \n")
    assert ledger.conversations.all() == []


def test_half_characters_of_a_request_stop_nothing(ledger: Ledger) -> None:
    rig = Rig(ledger, Decision(Intent.CHAT), Scripted(says("fine")))
    finished = rig.run("budget \udcff sheet \ud83d\ude00")
    assert finished.status is Status.CHAT
    assert rig.texts(finished.conversation)[0][1] == "budget \ufffd sheet \U0001f600"


def test_a_paid_reply_that_cannot_be_stored_is_handed_over(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(turn: object) -> None:
        raise StorageError(path="x", reason="disk full", remedy="Free some space.")

    monkeypatch.setattr(ledger.turns, "finish", fail)
    finished = Rig(ledger, create(Kind.TABLE), Scripted(says(GRID))).run()
    assert finished.status is Status.FAILED
    assert finished.summary.content == GRID
    assert finished.calls[0]["status"] == "ok"
    assert finished.cost_nano_usd == 5


def test_confirming_in_the_same_conversation_does_not_say_it_twice(ledger: Ledger) -> None:
    rig = Rig(ledger, create(Kind.TABLE, confidence=0.7), Scripted(says(GRID)))
    asked = rig.run("towns")
    rig.run("towns", conversation=asked.conversation, confirmed=True)
    prompt = next(step for step in rig.steps if isinstance(step, PromptReady))
    assert [message.text for message in prompt.messages[1:]] == ["towns"]


def test_a_wrong_conversation_or_model_stores_nothing(ledger: Ledger) -> None:
    rig = Rig(ledger, create(Kind.TABLE), Scripted())
    for request in ({"conversation": 99}, {"model": "acme/other"}, {"model": "nobody/m"}):
        with pytest.raises(UsageError):
            rig.run(**request)
    assert ledger.conversations.all() == []


def test_every_decision_is_an_event_without_long_user_text(ledger: Ledger) -> None:
    Rig(ledger, Decision(Intent.CHAT)).run("secret " * 30)
    (event,) = ledger.events.all("gatekeeper_decision")
    assert event.data["intent"] == "chat"
    assert "secret" not in event.data["text"]


def test_a_pasted_reply_names_the_model_the_user_says(ledger: Ledger) -> None:
    rig = Rig(ledger, create(Kind.TABLE))
    finished = rig.forge.paste(ForgeRequest("towns please"), GRID, "some model")
    version = ledger.artifacts.version(finished.artifacts[0].artifact)
    assert version.provenance == {"request": "towns please", "model": "some model", "pasted": True}
    assert ledger.conversations.messages(finished.conversation)[-1].model == "some model"


def test_a_pasted_reply_is_read_even_where_the_request_sounds_like_chat(ledger: Ledger) -> None:
    rig = Rig(ledger, Decision(Intent.CHAT))
    assert rig.forge.paste(ForgeRequest("hm"), GRID, None).artifacts


def test_a_question_about_an_artifact_that_was_edited_since_carries_it_as_it_is_now(ledger: Ledger) -> None:
    made = Rig(ledger, create(Kind.TABLE), Scripted(says(GRID))).run("make a table")
    artifact = made.artifacts[0]
    chat = Decision(Intent.CHAT)
    ask = ForgeRequest("which town is the largest?", conversation=made.conversation, artifact=artifact.artifact)
    rig = Rig(ledger, chat)
    assert "<data" not in rig.forge.preview(ask).prompt.messages[-1].text
    edited = Table("Towns", ("Town", "Size"), (("Ulm", "4321"),))
    Handwork(ledger).save(artifact.artifact, 1, edited, "Towns")
    assert "4321" in rig.forge.preview(ask).prompt.messages[-1].text
    assert "4321" not in rig.forge.preview(replace(ask, without_artifact=True)).prompt.messages[-1].text


def test_only_models_that_could_be_asked_are_estimated(ledger: Ledger) -> None:
    ledger.providers.add("keyless", "openai-chat", "https://x", ("big",), None, "none")
    rig = Rig(ledger, Decision(Intent.CHAT), Scripted())
    preview = rig.forge.preview(ForgeRequest("hello"))
    assert [(item.provider, item.model) for item in preview.estimates] == [("acme", "m")]


def test_an_artifact_longer_than_is_sent_is_refused_with_a_way_on_and_nobody_is_asked(ledger: Ledger) -> None:
    long = Table("Rows", ("Row",), tuple((f"row {number}",) for number in range(10_000)))
    opened = ledger.artifacts.add(NewVersion(long, Origin.EDITED, "Rows", conversation=ledger.conversations.start("x")))
    rig = Rig(ledger, Decision(Intent.REVISE, Kind.TABLE), Scripted())
    finished = rig.run("sort it", artifact=opened.artifact)
    assert (finished.status, finished.calls) == (Status.FAILED, ())
    assert isinstance(finished.error, TooLongToRevise)
    assert finished.error.message == "'Rows' is too long for a model to change: it has more than 32,000 tokens."
    assert "by hand" in finished.error.hint
    with pytest.raises(TooLongToRevise):
        rig.forge.preview(ForgeRequest("sort it", artifact=opened.artifact))


def test_of_a_long_artifact_a_question_carries_the_beginning_and_says_so(ledger: Ledger) -> None:
    long = Table("Rows", ("Row",), tuple((f"row {number}",) for number in range(10_000)))
    opened = ledger.artifacts.add(NewVersion(long, Origin.EDITED, "Rows", conversation=ledger.conversations.start("x")))
    rig = Rig(ledger, Decision(Intent.CHAT), Scripted(says("Many.")))
    finished = rig.run("how many?", artifact=opened.artifact)
    (ready,) = (step for step in rig.steps if isinstance(step, PromptReady))
    assert 45_000 < ready.input_tokens < 52_000
    assert "\n102\trow 100\n" in ready.messages[-1].text
    assert ready.cut[0].startswith("the rest of Rows (")
    assert "Left out of the prompt: the rest of Rows" in str(finished.summary.warnings[0])


def test_a_preview_stores_nothing(ledger: Ledger) -> None:
    rig = Rig(ledger, create(Kind.TABLE), Scripted())
    preview = rig.forge.preview(ForgeRequest("towns"))
    assert preview.prompt.messages[-1].text == "towns"
    assert [(item.provider, item.model) for item in preview.estimates] == [("acme", "m")]
    assert ledger.conversations.all() == []
