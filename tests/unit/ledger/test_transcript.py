"""What a transcript is made of: pages of messages, their replies, cards and calls, and drafts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import Engine, event

from forgeapp.domain.artifact import Kind
from forgeapp.domain.chat import Role
from forgeapp.domain.document import Document
from forgeapp.domain.glance import glance
from forgeapp.domain.table import Table
from forgeapp.errors import UnknownArtifact, UsageError
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import NewVersion, Origin
from forgeapp.ledger.calls import CallStatus
from forgeapp.ledger.tables import calls, messages, versions
from forgeapp.ledger.turns import FinishedTurn
from tests.unit.ledger.test_repositories import disown, new_call, settlement

TABLE = Table("Planets", ("Name", "Moons"), (("Mars", "2"),))


def ask(ledger: Ledger, conversation: int, text: str) -> int:
    return ledger.conversations.add_message(conversation, Role.USER, text)


def answer(ledger: Ledger, conversation: int, message: int, text: str) -> int:
    return ledger.conversations.add_message(conversation, Role.ASSISTANT, text, model="acme/m", reply_to=message)


def test_a_conversation_is_read_backwards_page_by_page(ledger: Ledger) -> None:
    conversation = ledger.conversations.start("x")
    for number in range(5):
        answer(ledger, conversation, ask(ledger, conversation, f"q{number}"), f"a{number}")
    newest = ledger.conversations.messages(conversation, limit=4)
    assert [message.text for message in newest] == ["q3", "a3", "q4", "a4"]
    before = ledger.conversations.messages(conversation, before=newest[0].id, limit=3)
    assert [message.text for message in before] == ["a1", "q2", "a2"]
    assert len(ledger.conversations.messages(conversation)) == 10


def test_a_late_reply_stands_behind_the_message_it_answers(ledger: Ledger) -> None:
    conversation = ledger.conversations.start("x")
    first = ask(ledger, conversation, "q0")
    answer(ledger, conversation, first, "a0")
    second = ask(ledger, conversation, "q1")
    answer(ledger, conversation, second, "a1")
    late = answer(ledger, conversation, first, "a0 again")
    texts = [message.text for message in ledger.conversations.messages(conversation)]
    assert texts == ["q0", "a0", "a0 again", "q1", "a1"]
    page = ledger.conversations.messages(conversation, before=second, limit=2)
    assert [message.id for message in page] == [late - 3, late]


def test_the_history_has_each_message_with_its_newest_reply_only(ledger: Ledger) -> None:
    conversation = ledger.conversations.start("x")
    first, second = ask(ledger, conversation, "q0"), None
    answer(ledger, conversation, first, "a0")
    second = ask(ledger, conversation, "q1")
    answer(ledger, conversation, first, "a0 again")
    ask(ledger, conversation, "q2")
    history = ledger.conversations.history(conversation, None, 10)
    assert [message.text for message in history.messages] == ["q0", "a0 again", "q1", "q2"]
    assert history.earlier == 0
    assert [m.text for m in ledger.conversations.history(conversation, second, 10).messages] == ["q0", "a0 again"]
    cut = ledger.conversations.history(conversation, None, 1)
    assert ([message.text for message in cut.messages], cut.earlier) == (["q2"], 4)


def test_a_whole_reply_counts_in_the_history_before_a_newer_one_that_was_stopped(ledger: Ledger) -> None:
    conversation = ledger.conversations.start("x")
    first = ask(ledger, conversation, "q0")
    answer(ledger, conversation, first, "whole")
    second = ask(ledger, conversation, "q1")
    for text in ("Hm", "Hm let"):
        for message in (first, second):
            ledger.conversations.add_message(
                conversation, Role.ASSISTANT, text, model="acme/m", is_partial=True, reply_to=message
            )
    history = ledger.conversations.history(conversation, None, 10)
    assert [message.text for message in history.messages] == ["q0", "whole", "q1", "Hm let"]


@pytest.mark.load
def test_the_last_fifty_of_ten_thousand_messages_are_found_without_going_through_all(ledger: Ledger) -> None:
    conversation = ledger.conversations.start("x")
    rows = [
        {
            "id": number,
            "conversation_id": conversation,
            "role": "assistant" if number % 2 == 0 else "user",
            "text": "word " * 100,
            "created_at": "2026",
            "reply_to_id": number - 1 if number % 2 == 0 else None,
        }
        for number in range(1, 10_001)
    ]
    with ledger.database.writing() as connection:
        connection.execute(messages.insert(), rows)
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 100
        return 0

    with ledger.database.reading() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.set_progress_handler(count, 100)
    for before in (None, 5_000):
        steps = 0
        page = ledger.conversations.messages(conversation, before=before, limit=50)
        assert len(page) == 50
        assert page[-1].id == (before or 10_001) - (0 if before else 1)
        assert 0 < steps < 10_000  # of SQLite's machine; there are 10,000 messages, and each takes several
    steps = 0
    assert len(ledger.conversations.history(conversation, None, 200).messages) == 400
    assert 0 < steps < 60_000  # it looks at the place of each, and at few of their texts
    driver.set_progress_handler(None, 0)


def test_a_conversation_is_renamed_and_found_by_a_message(ledger: Ledger) -> None:
    conversation = ledger.conversations.start("x")
    message = ask(ledger, conversation, "hello")
    ledger.conversations.rename(conversation, "  A new\nname \ud83d ")
    assert ledger.conversations.get(conversation).title == "A new name \ufffd"
    ledger.conversations.rename(conversation, " ")
    assert ledger.conversations.get(conversation).title == "Untitled"
    assert ledger.conversations.message(message).conversation == conversation
    for act in (lambda: ledger.conversations.rename(99, "x"), lambda: ledger.conversations.message(99)):
        with pytest.raises(UsageError):
            act()


def test_versions_are_listed_with_their_glance_and_without_their_content(ledger: Ledger) -> None:
    first = ledger.artifacts.add(NewVersion(TABLE, Origin.GENERATED, "Planets", provenance={"model": "acme/m"}))
    text = Document("P", "# P\n\nMars has two.")
    ledger.artifacts.add(NewVersion(text, Origin.EDITED, "P", artifact=first.artifact, provenance={"base": 1}))
    newest, oldest = ledger.artifacts.versions(first.artifact)
    assert (newest.number, newest.kind, newest.origin, newest.title) == (2, Kind.DOCUMENT, Origin.EDITED, "P")
    assert (newest.provenance, newest.glance) == ({"base": 1}, glance(text))
    assert (oldest.number, oldest.kind, oldest.message, oldest.glance) == (1, Kind.TABLE, None, glance(TABLE))
    with pytest.raises(UnknownArtifact):
        ledger.artifacts.versions(99)


@pytest.mark.parametrize("damaged", ["{", "[]", '{"measures": {"rows": "x"}, "excerpt": []}', "[" * 100_000])
def test_a_damaged_glance_is_none_and_all_else_is_read(ledger: Ledger, damaged: str) -> None:
    first = ledger.artifacts.add(NewVersion(TABLE, Origin.GENERATED, "Planets"))
    ledger.artifacts.add(NewVersion(TABLE, Origin.EDITED, "Planets", artifact=first.artifact))
    with ledger.database.writing() as connection:
        connection.execute(versions.update().where(versions.c.number == 1).values(glance_json=damaged))
    assert [row.glance for row in ledger.artifacts.versions(first.artifact)] == [glance(TABLE), None]


def test_half_characters_from_a_text_field_are_stored_as_the_database_can(ledger: Ledger) -> None:
    version = ledger.artifacts.add(NewVersion(Document(None, "a \udcff"), Origin.EDITED, "a \ud800"))
    stored = ledger.artifacts.version(version.artifact)
    assert (stored.title, stored.content) == ("a \ufffd", Document(None, "a \ufffd"))


def test_cards_and_calls_are_found_under_the_messages_they_belong_to(ledger: Ledger) -> None:
    conversation, other = ledger.conversations.start("x"), ledger.conversations.start("y")
    asked: list[int] = []
    replies: list[int] = []
    for place in (conversation, other):
        message = ask(ledger, place, "planets")
        attempts = [ledger.calls.begin(new_call(conversation=place, message=message)) for _ in range(2)]
        ledger.calls.settle(attempts[0], settlement(None, CallStatus.FAILED, ""))
        turn = FinishedTurn(
            place,
            "Here.",
            message,
            "acme/m-1",
            versions=[NewVersion(TABLE, Origin.GENERATED, "Planets", conversation=place)] * 2,
            calls=attempts,
            settlement=settlement(7),
        )
        reply = ledger.turns.finish(turn).reply
        assert reply is not None
        asked.append(message)
        replies.append(reply)
    ledger.calls.begin(new_call(conversation=conversation, message=asked[0]))
    (message, rows), *more = ledger.calls.of_conversation(conversation).items()
    assert (message, more) == (asked[0], [])
    assert [(row.status, row.reply, row.cost_nano_usd) for row in rows] == [
        (CallStatus.FAILED, replies[0], None),
        (CallStatus.OK, replies[0], 7),
    ]
    brought = ledger.artifacts.brought_by(conversation)
    assert {reply: [row.message for row in cards] for reply, cards in brought.items()} == {replies[0]: [replies[0]] * 2}
    assert ledger.calls.of_conversation(other, since=asked[1] + 1) == {}
    assert ledger.artifacts.brought_by(other, since=replies[1] + 1) == {}
    stored = ledger.conversations.message(replies[0])
    assert (stored.reply_to, stored.model) == (asked[0], "acme/m-1")


def test_a_transcript_is_read_by_indexes_alone(ledger: Ledger) -> None:
    conversation = ledger.conversations.start("x")
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, sql: str, parameters: Any, *_: object) -> None:
        asked.append((sql, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        ledger.artifacts.brought_by(conversation, since=1)
        ledger.calls.of_conversation(conversation, since=1)
        ledger.conversations.messages(conversation, before=5, limit=5)
        ledger.conversations.history(conversation, 5, 5)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    queries = [entry for entry in asked if entry[0].startswith("SELECT")]
    assert len(queries) >= 4
    with ledger.database.reading() as connection:
        for sql, parameters in queries:
            plan = [str(row) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters)]
            assert plan
            assert not [step for step in plan if re.search("SCAN (messages|calls|versions)", step)], plan


def test_a_reply_cut_by_a_crash_is_tied_to_its_message_and_attempts(ledger: Ledger) -> None:
    conversation = ledger.conversations.start("x")
    message = ask(ledger, conversation, "dear sir")
    failed, running = (ledger.calls.begin(new_call(conversation=conversation, message=message)) for _ in range(2))
    ledger.calls.settle(failed, settlement(0, CallStatus.FAILED, ""))
    ledger.calls.append(running, "Dear S")
    disown(ledger, calls)
    assert ledger.calls.recover() == 1
    reply = ledger.conversations.messages(conversation)[-1]
    assert (reply.reply_to, reply.text, reply.model, reply.is_partial) == (message, "Dear S", "acme/m-1", True)
    rows = ledger.calls.of_conversation(conversation)[message]
    assert [(row.status, row.reply) for row in rows] == [
        (CallStatus.FAILED, reply.id),
        (CallStatus.INTERRUPTED, reply.id),
    ]


def test_a_draft_is_kept_for_each_conversation_and_for_one_not_begun(ledger: Ledger) -> None:
    conversation = ledger.conversations.start("x")
    assert ledger.drafts.get(None) == ledger.drafts.get(conversation) == ""
    ledger.drafts.save(None, "first")
    ledger.drafts.save(None, "first words \ud800")
    ledger.drafts.save(conversation, "second")
    assert (ledger.drafts.get(None), ledger.drafts.get(conversation)) == ("first words \ufffd", "second")
    ledger.drafts.save(None, "")
    assert (ledger.drafts.get(None), ledger.drafts.get(conversation)) == ("", "second")


def test_an_event_is_found_by_what_it_holds(ledger: Ledger) -> None:
    ledger.events.record("gatekeeper_corrected", message=3, answer="chat")
    assert ledger.events.has("gatekeeper_corrected", message=3, answer="chat")
    assert not ledger.events.has("gatekeeper_corrected", message=3, answer="confirmed")
    assert not ledger.events.has("artifact_created", message=3)
