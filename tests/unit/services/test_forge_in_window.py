"""What a window asks of a turn: modes, answers to questions, Regenerate, Stop at any moment, several turns at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from forgeapp.domain.artifact import Kind
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.chat import FinishReason, Prompt, ReplyFinished, Role, StreamEvent, TextPiece
from forgeapp.domain.decision import Decision, Intent
from forgeapp.domain.events import (
    ArtifactReady,
    ChatGrew,
    CostGrew,
    Finished,
    Hop,
    MessageStored,
    PromptReady,
    Source,
    Status,
)
from forgeapp.domain.request import ForgeRequest, Mode
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Workbook
from forgeapp.errors import StorageError, StreamBroken, UnknownArtifact, UsageError
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import NewVersion, Origin
from forgeapp.ledger.calls import CallStatus
from forgeapp.ledger.tables import calls
from forgeapp.reading import Reader
from forgeapp.services.asking.chain import Patience
from forgeapp.services.forge import Forge
from tests.unit.ledger.test_repositories import disown
from tests.unit.services.asking.chain_rig import Scripted, make_forge
from tests.unit.services.test_forge import GRID, LETTER, Rig, create, says

TWO_TRIES = Patience(2, (30.0,), 60.0)
HALF_GRID = GRID[:-14]


def patient(rig: Rig, provider: Scripted) -> Forge:
    """As the rig's forge, but trying twice with a long wait between."""
    return make_forge(rig.ledger, lambda *_: create(Kind.TABLE), lambda _: provider, TWO_TRIES)


def prompt_of(rig: Rig) -> list[str]:
    return [m.text for step in rig.steps if isinstance(step, PromptReady) for m in step.messages[1:]]


# Who may answer


def test_in_mode_templates_no_provider_is_asked(ledger: Ledger) -> None:
    rig = Rig(ledger, create(Kind.TABLE), Scripted())
    finished = rig.run("compare tea and coffee", mode=Mode.TEMPLATES, model="acme/m")
    assert (finished.status, finished.source, finished.template) == (Status.DONE, Source.OFFLINE, "comparison")
    assert finished.calls == ()
    assert not any("provider" in warning for warning in finished.summary.warnings)
    reply = ledger.conversations.message(finished.reply or 0)
    assert (reply.role, reply.model) == (Role.ASSISTANT, None)


@pytest.mark.parametrize(
    "decision", [create(Kind.DOCUMENT), Decision(Intent.CHAT), Decision(Intent.REVISE, Kind.TABLE)]
)
def test_in_mode_templates_what_no_template_fits_is_said(ledger: Ledger, decision: Decision) -> None:
    finished = Rig(ledger, decision, Scripted()).run("compare tea and coffee, or a letter", mode=Mode.TEMPLATES)
    assert finished.status is Status.FAILED
    assert finished.error is not None
    assert finished.error.key == "nothing_fits"
    assert finished.calls == ()


def test_in_mode_local_only_providers_called_local_by_the_user_are_asked(ledger: Ledger) -> None:
    rig = Rig(ledger, create(Kind.TABLE), Scripted(says(GRID)))
    ledger.providers.add("home", "openai-chat", "http://localhost", ("small",), None, "local")
    assert rig.run(mode=Mode.LOCAL).calls[0]["provider"] == "home"
    with pytest.raises(UsageError, match="acme/m is not a local model"):
        rig.run(mode=Mode.LOCAL, model="acme/m")
    assert len(ledger.conversations.all()) == 1
    preview = rig.forge.preview(ForgeRequest("towns", mode=Mode.LOCAL))
    assert [(item.provider, item.model) for item in preview.estimates] == [("home", "small")]
    assert rig.forge.preview(ForgeRequest("towns", mode=Mode.TEMPLATES)).estimates == ()


def test_in_mode_local_without_a_local_provider_nobody_is_asked(ledger: Ledger) -> None:
    rig = Rig(ledger, Decision(Intent.CHAT), Scripted())
    finished = rig.run(mode=Mode.LOCAL)
    assert finished.error is not None
    assert finished.error.key == "no_provider"


# What it is about


def test_chat_only_makes_no_artifact_whatever_the_words_say(ledger: Ledger) -> None:
    rig = Rig(ledger, create(Kind.TABLE), Scripted(says(GRID)))
    finished = rig.run(chat_only=True, kind=Kind.TABLE)
    assert finished.status is Status.CHAT
    assert finished.decision.intent is Intent.CHAT
    assert ledger.artifacts.all() == []


def test_the_artifact_that_is_open_is_the_one_revised(ledger: Ledger) -> None:
    table = Table("Lakes", ("Lake",), (("Como",),))
    conversation = ledger.conversations.start("x")
    opened, _ = (
        ledger.artifacts.add(NewVersion(table, Origin.EDITED, name, conversation=conversation)) for name in ("a", "b")
    )
    rig = Rig(ledger, Decision(Intent.REVISE, Kind.TABLE), Scripted(says(GRID), says(GRID)))
    revised = rig.run(conversation=conversation, artifact=opened.artifact)
    assert [(item.artifact, item.number) for item in revised.artifacts] == [(opened.artifact, 2)]
    fresh = rig.run(conversation=conversation, without_artifact=True)
    assert rig.seen_kinds == [Kind.TABLE, None]
    assert [(item.artifact, item.number) for item in fresh.artifacts] == [(3, 1)]
    with pytest.raises(UnknownArtifact):
        rig.run(artifact=99)
    assert len(ledger.conversations.all()) == 1


# Answering again


def test_the_first_step_names_the_stored_message_and_the_last_one_the_reply(ledger: Ledger) -> None:
    rig = Rig(ledger, create(Kind.TABLE), Scripted(says("Here.\n\n", GRID)))
    finished = rig.run("towns")
    question, reply = ledger.conversations.messages(finished.conversation)
    assert rig.steps[0] == MessageStored(finished.conversation, question.id)
    assert (finished.reply, reply.reply_to) == (reply.id, question.id)
    (call,) = ledger.calls.of_conversation(finished.conversation)[question.id]
    assert call.reply == reply.id
    assert [row.number for row in ledger.artifacts.brought_by(finished.conversation)[reply.id]] == [1]


def test_regenerate_answers_the_stored_words_again_and_forgets_what_came_after(ledger: Ledger) -> None:
    rig = Rig(ledger, Decision(Intent.CHAT), Scripted(*(says(f"answer {number}") for number in range(5))))
    first = rig.run("one")
    first_message = rig.steps[0]
    assert isinstance(first_message, MessageStored)
    rig.run("two", conversation=first.conversation)
    again = rig.run("", answers=first_message.message, use_cache=False)
    assert rig.steps[0] == first_message
    assert prompt_of(rig) == ["one"]
    assert again.conversation == first.conversation
    rig.run("three", conversation=first.conversation)
    assert prompt_of(rig) == ["one", "answer 2", "two", "answer 1", "three"]
    texts = [message.text for message in ledger.conversations.messages(first.conversation)]
    assert texts == ["one", "answer 0", "answer 2", "two", "answer 1", "three", "answer 3"]


def test_only_a_message_of_the_user_in_that_conversation_is_answered_again(ledger: Ledger) -> None:
    rig = Rig(ledger, Decision(Intent.CHAT), Scripted(says("a"), says("b")))
    first, other = rig.run("one"), rig.run("two")
    message = ledger.conversations.messages(first.conversation)[0].id
    for request in (
        {"answers": first.reply},
        {"answers": 99},
        {"answers": message, "conversation": other.conversation},
    ):
        with pytest.raises(UsageError):
            rig.run("one", **request)
    assert len(ledger.conversations.messages(first.conversation)) == 2


@pytest.mark.parametrize(("answer", "word"), [({"confirmed": True}, "confirmed"), ({"chat_only": True}, "chat")])
def test_the_answer_to_a_doubtful_decision_is_remembered_once(
    ledger: Ledger, answer: dict[str, bool], word: str
) -> None:
    rig = Rig(ledger, create(Kind.TABLE, confidence=0.7), Scripted(says(GRID), says(GRID)))
    asked = rig.run("towns")
    assert (asked.status, asked.reply) == (Status.NEEDS_CONFIRMATION, None)
    message = ledger.conversations.messages(asked.conversation)[0].id
    for _ in range(2):
        rig.run(answers=message, **answer)
    (event,) = ledger.events.all("gatekeeper_corrected")
    assert (event.data["message"], event.data["answer"], event.data["kind"]) == (message, word, "table")
    assert len([m for m in ledger.conversations.messages(asked.conversation) if m.role is Role.USER]) == 1


def test_an_answer_nobody_asked_for_is_no_correction(ledger: Ledger) -> None:
    rig = Rig(ledger, create(Kind.TABLE), Scripted(says(GRID), says(GRID)))
    first = rig.run("towns")
    rig.run(answers=ledger.conversations.messages(first.conversation)[0].id, confirmed=True)
    Rig(ledger, create(Kind.TABLE, confidence=0.7)).run("towns", confirmed=True, mode=Mode.TEMPLATES)
    assert ledger.events.all("gatekeeper_corrected") == []


def test_a_template_asks_for_what_is_missing_and_takes_it_from_a_form(ledger: Ledger) -> None:
    rig = Rig(ledger, create(Kind.TABLE), Scripted([StreamBroken(provider="acme", detail="reset")]))
    asked = rig.run("a comparison please")
    assert asked.status is Status.NEEDS_SLOTS
    (missing,) = asked.missing_slots
    assert (missing.name, missing.label, missing.example) == ("items", "What is compared", "Slack, Teams and Zulip")
    message = ledger.conversations.messages(asked.conversation)[0].id
    filled = rig.run(answers=message, slots={"items": "Tea, coffee and mate", "criteria": "price, taste"})
    assert (filled.status, filled.calls) == (Status.DONE, ())
    content = ledger.artifacts.version(filled.artifacts[0].artifact).content
    assert isinstance(content, Table)
    assert content.columns == ("", "Price", "Taste")
    assert [row[0] for row in content.rows] == ["Tea", "coffee", "mate"]
    assert ledger.conversations.message(filled.reply or 0).reply_to == message


def test_an_amount_given_in_a_form_stands_in_the_spreadsheet(ledger: Ledger) -> None:
    rig = Rig(ledger, create(Kind.SPREADSHEET))
    filled = rig.run("a budget", slots={"income": "sales 9800, tips", "expenses": "=HYPERLINK rent 1,140"})
    content = ledger.artifacts.version(filled.artifacts[0].artifact).content
    assert isinstance(content, Workbook)
    cells = content.sheets[0].cells
    assert [(cells[2, 0].text, cells[2, 1].number), cells[3, 0].text] == [("Sales", 9800), "Tips"]
    assert not any(cell.is_formula for (_, column), cell in cells.items() if column == 0)


# Stop, at any moment


def test_stop_between_two_attempts_keeps_the_partial_and_what_it_held(ledger: Ledger) -> None:
    cancel = CancelToken()
    provider = Scripted([TextPiece(HALF_GRID), StreamBroken(provider="acme", detail="reset")])
    rig = Rig(ledger, create(Kind.TABLE), provider)
    steps = []
    for step in patient(rig, provider).run(ForgeRequest("towns"), cancel):
        steps.append(step)
        if isinstance(step, Hop):
            assert step.wait_s is not None
            cancel.cancel()
    finished = steps[-1]
    assert isinstance(finished, Finished)
    assert finished.error is not None
    assert (finished.status, finished.error.key) == (Status.FAILED, "cancelled")
    assert sum(isinstance(step, ArtifactReady) for step in steps) == 1
    version = ledger.artifacts.version(finished.artifacts[0].artifact)
    assert isinstance(version.content, Table)
    assert version.content.rows == (("Ulm", "1"),)
    assert version.provenance["partial"] is True
    assert rig.texts(finished.conversation)[-1] == (Role.ASSISTANT, HALF_GRID, True)
    (call,) = ledger.calls.of_conversation(finished.conversation)[1]
    assert (call.status, call.error, call.reply) == (CallStatus.FAILED, "stream_broken", finished.reply)


def test_stop_before_the_second_attempt_says_anything_keeps_the_first_ones_words(ledger: Ledger) -> None:
    cancel = CancelToken()
    provider = Scripted(
        [TextPiece(HALF_GRID), StreamBroken(provider="acme", detail="reset")], [cancel.cancel, TextPiece("x")]
    )
    rig = Rig(ledger, create(Kind.TABLE), provider)
    rig.forge = make_forge(ledger, lambda *_: create(Kind.TABLE), lambda _: provider, Patience(2, (0.0,), 60.0))
    finished = rig.run(cancel=cancel)
    assert [call["status"] for call in finished.calls] == ["failed", "cancelled"]
    assert rig.texts(finished.conversation)[-1] == (Role.ASSISTANT, HALF_GRID, True)
    version = ledger.artifacts.version(finished.artifacts[0].artifact)
    assert version.provenance["call"] == ledger.calls.of_conversation(finished.conversation)[1][0].id
    assert {call.reply for call in ledger.calls.of_conversation(finished.conversation)[1]} == {finished.reply}


def test_stop_before_anything_was_asked_leaves_the_question_alone(ledger: Ledger) -> None:
    cancel = CancelToken()
    cancel.cancel()
    rig = Rig(ledger, create(Kind.TABLE), Scripted())
    finished = rig.run(cancel=cancel)
    assert finished.error is not None
    assert (finished.error.key, finished.calls, finished.reply, finished.source) == ("cancelled", (), None, None)
    assert [role for role, _, _ in rig.texts(finished.conversation)] == [Role.USER]


def test_a_revision_stopped_while_it_wrote_the_whole_anew_leaves_the_artifact_as_it_is(ledger: Ledger) -> None:
    first = Rig(ledger, create(Kind.TABLE), Scripted(says(GRID))).run()
    ledger.providers.remove("acme")
    cancel = CancelToken()
    other = HALF_GRID.replace("Ulm", "Bonn")
    provider = Scripted([TextPiece(other), cancel.cancel, TextPiece("x")])
    rig = Rig(ledger, Decision(Intent.REVISE, Kind.TABLE), provider)
    stopped = rig.run(cancel=cancel, conversation=first.conversation)
    assert (stopped.artifacts, stopped.summary.content) == ((), other)
    assert len(ledger.artifacts.versions(1)) == 1


def test_a_window_that_goes_away_in_mid_stream_keeps_words_and_cost(ledger: Ledger) -> None:
    rig = Rig(ledger, Decision(Intent.CHAT), Scripted([TextPiece("Once "), TextPiece("upon"), TextPiece(" a time")]))
    steps = rig.forge.run(ForgeRequest("a story"), CancelToken())
    seen = (step for step in steps if isinstance(step, ChatGrew))
    assert [next(seen), next(seen)] == [ChatGrew("Once "), ChatGrew("upon")]
    steps.close()  # type: ignore[attr-defined]
    question, reply = ledger.conversations.messages(1)
    assert (reply.text, reply.is_partial, reply.reply_to, reply.model) == ("Once upon", True, question.id, "acme/m")
    (call,) = ledger.calls.recent(1)
    assert (call.status, call.cost_nano_usd, call.reply) == (CallStatus.CANCELLED, 5, reply.id)


def test_a_window_that_goes_away_while_waiting_leaves_nothing_running(ledger: Ledger) -> None:
    provider = Scripted([TextPiece("Once"), StreamBroken(provider="acme", detail="reset")])
    rig = Rig(ledger, create(Kind.TABLE), provider)
    steps = patient(rig, provider).run(ForgeRequest("a story"), CancelToken())
    next(step for step in steps if isinstance(step, Hop))
    steps.close()  # type: ignore[attr-defined]
    assert [message.text for message in ledger.conversations.messages(1)] == ["a story", "Once"]
    assert [call.status for call in ledger.calls.recent(9)] == [CallStatus.FAILED]


# Mishaps


def test_an_empty_second_reply_does_not_cost_the_words_of_the_first(ledger: Ledger) -> None:
    provider = Scripted([TextPiece("Once"), StreamBroken(provider="acme", detail="reset")], says(" "))
    rig = Rig(ledger, Decision(Intent.CHAT), provider)
    rig.forge = make_forge(ledger, lambda *_: Decision(Intent.CHAT), lambda _: provider, Patience(2, (0.0,), 60.0))
    finished = rig.run()
    assert finished.error is not None
    assert (finished.error.key, finished.summary.content) == ("empty_reply", "Once")
    assert rig.texts(finished.conversation)[1:] == [(Role.ASSISTANT, "Once", True)]


def test_a_fault_after_the_reply_is_stored_does_not_store_it_again(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = Rig(ledger, create(Kind.TABLE), Scripted(says(GRID)))
    record = ledger.events.record

    def fail(name: str, **data: str | int | float | bool | None) -> None:
        if name == "artifact_created":
            raise StorageError(path="x", reason="disk full", remedy="Free some space.")
        record(name, **data)

    monkeypatch.setattr(ledger.events, "record", fail)
    assert rig.run().status is Status.FAILED
    assert [text for _, text, _ in rig.texts(1)] == ["do it", GRID]


def test_a_mistake_of_ours_in_mid_stream_loses_no_words_and_settles_the_call(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Reader, "feed", lambda self, text: 1 / 0)
    rig = Rig(ledger, create(Kind.TABLE), Scripted(says(GRID)))
    with pytest.raises(ZeroDivisionError):
        rig.run()
    assert rig.texts(1)[-1] == (Role.ASSISTANT, GRID, True)
    assert [call.status for call in ledger.calls.recent(9)] == [CallStatus.CANCELLED]


def test_a_mistake_of_ours_in_reading_a_paid_reply_loses_neither_it_nor_its_cost(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Reader, "finish", lambda self: 1 / 0)
    rig = Rig(ledger, create(Kind.TABLE), Scripted(says(GRID)))
    with pytest.raises(ZeroDivisionError):
        rig.run()
    assert rig.texts(1)[-1][1] == GRID
    assert [(call.status, call.cost_nano_usd) for call in ledger.calls.recent(9)] == [(CallStatus.OK, 5)]


def test_a_full_disk_ends_a_failing_turn_with_its_words_handed_over(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(turn: object) -> None:
        raise StorageError(path="x", reason="disk full", remedy="Free some space.")

    monkeypatch.setattr(ledger.turns, "finish", fail)
    provider = Scripted([TextPiece("Once upon"), StreamBroken(provider="acme", detail="reset")])
    finished = Rig(ledger, Decision(Intent.CHAT), provider).run()
    assert (finished.status, finished.summary.content, finished.reply) == (Status.FAILED, "Once upon", None)


@pytest.mark.parametrize(("table", "method", "kept"), [("events", "record", ""), ("calls", "settle", "Once upon")])
def test_a_disk_that_is_full_at_any_step_ends_the_turn_as_any_other_with_what_had_come(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, table: str, method: str, kept: str
) -> None:
    def fail(*_: object, **_data: object) -> None:
        raise StorageError(path="x", reason="disk full", remedy="Free some space.")

    monkeypatch.setattr(getattr(ledger, table), method, fail)
    provider = Scripted([TextPiece("Once upon"), StreamBroken(provider="acme", detail="reset")])
    finished = Rig(ledger, Decision(Intent.CHAT), provider).run()
    assert finished.error is not None
    assert (finished.status, finished.error.key, finished.summary.content) == (Status.FAILED, "storage", kept)


def test_a_window_that_goes_away_over_a_full_disk_leaves_words_that_recovery_does_not_store_again(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forgeapp.services.asking.attempt.JOURNAL_EVERY_S", 0.0)
    rig = Rig(ledger, Decision(Intent.CHAT), Scripted([TextPiece("Once "), TextPiece("upon")]))
    steps = rig.forge.run(ForgeRequest("a story"), CancelToken())
    next(step for step in steps if isinstance(step, ChatGrew))

    def fail(*_: object) -> None:
        raise StorageError(path="x", reason="disk full", remedy="Free some space.")

    monkeypatch.setattr(ledger.calls, "settle", fail)
    steps.close()  # type: ignore[attr-defined]
    assert [message.text for message in ledger.conversations.messages(1)] == ["a story", "Once "]
    disown(ledger, calls)
    assert ledger.calls.recover() == 1
    assert [message.text for message in ledger.conversations.messages(1)] == ["a story", "Once "]
    assert ledger.calls.recent(1)[0].status is CallStatus.INTERRUPTED


def test_a_journal_that_cannot_be_written_does_not_end_the_reply(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StorageError(path="x", reason="disk full", remedy="Free some space.")

    monkeypatch.setattr(ledger.calls, "append", fail)
    monkeypatch.setattr("forgeapp.services.asking.attempt.JOURNAL_EVERY_S", 0.0)
    finished = Rig(ledger, Decision(Intent.CHAT), Scripted(says("Once ", "upon"))).run()
    assert (finished.status, finished.summary.content) == (Status.CHAT, "Once upon")


class Endless:
    """Says a word again and again until it is stopped; waits for all its streams before the second word."""

    def __init__(self, streams: int) -> None:
        self._all_there = threading.Barrier(streams)

    def stream(self, prompt: Prompt, cancel: CancelToken) -> Iterator[StreamEvent]:
        word = prompt.messages[-1].text
        yield TextPiece(f"{word} ")
        self._all_there.wait(10)
        while True:
            cancel.wait(0.001)
            yield TextPiece(f"{word} ")
            if word == "last":
                yield ReplyFinished(FinishReason.STOP)
                return

    def list_models(self) -> list[str]:
        return []


@pytest.mark.load
def test_turns_in_several_conversations_run_side_by_side_and_are_stopped_one_by_one(ledger: Ledger) -> None:
    words = ["one", "two", "three", "last"]
    rig = Rig(ledger, Decision(Intent.CHAT), Endless(len(words)))  # type: ignore[arg-type]
    finished: dict[str, Finished] = {}
    tokens = {word: CancelToken() for word in words}

    def take(word: str) -> None:
        for step in rig.forge.run(ForgeRequest(word), tokens[word]):
            if isinstance(step, Finished):
                finished[word] = step

    threads = {word: threading.Thread(target=take, args=(word,)) for word in words}
    for thread in threads.values():
        thread.start()
    threads["last"].join(10)
    for word in words[:-1]:
        assert threads[word].is_alive()
        tokens[word].cancel()
        threads[word].join(10)
    assert {word: item.status for word, item in finished.items()} == {
        "last": Status.CHAT,
        **dict.fromkeys(words[:-1], Status.FAILED),
    }
    for word, item in finished.items():
        assert set(item.summary.content.split()) == {word}
        question, reply = ledger.conversations.messages(item.conversation)
        assert (question.text, reply.text) == (word, item.summary.content)


def test_a_running_attempt_tells_what_it_has_cost_so_far(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forgeapp.services.asking.metering.EVERY_S", 0.0)
    rig = Rig(ledger, create(Kind.DOCUMENT), Scripted(says("Here you are.\n\n", LETTER)))
    rig.run()
    assert [step.output_tokens for step in rig.steps if isinstance(step, CostGrew)] == [15, 15 + len(LETTER)]


def test_a_pasted_reply_answers_the_message_it_was_pasted_for(ledger: Ledger) -> None:
    rig = Rig(ledger, create(Kind.TABLE))
    finished = rig.forge.paste(ForgeRequest("towns please"), GRID, None)
    question, reply = ledger.conversations.messages(finished.conversation)
    assert (finished.reply, reply.reply_to) == (reply.id, question.id)
