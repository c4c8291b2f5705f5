from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, event

from forgeapp.domain.chat import FinishReason, Message, Role
from forgeapp.ledger import Ledger
from forgeapp.ledger.calls import CallStatus
from forgeapp.ledger.kept_replies import KeptReply, KeptTotals
from forgeapp.ledger.tables import calls
from forgeapp.ledger.turns import FinishedTurn
from tests.unit.ledger.test_repositories import new_call, settlement

EVER = "2000"


def answer(ledger: Ledger, key: str | None = "k", **changes: object) -> int:
    """A call with a whole reply, unless `changes` of its settlement say otherwise."""
    call = ledger.calls.begin(new_call(cache_key=key))
    done = replace(settlement(5, reply="| a |"), finish=FinishReason.STOP)
    ledger.calls.settle(call, replace(done, **changes))  # type: ignore[arg-type]
    return call


def test_a_whole_reply_answers_the_same_prompt_again_the_newest_first(ledger: Ledger) -> None:
    answer(ledger)
    newest = answer(ledger, reply="| b |")
    answer(ledger, "another")
    assert ledger.kept_replies.find("k", EVER) == KeptReply(newest, "acme", "m-1", "| b |", FinishReason.STOP)
    assert ledger.kept_replies.find("unheard of", EVER) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"status": CallStatus.CANCELLED},
        {"status": CallStatus.FAILED},
        {"finish": FinishReason.LENGTH},
        {"finish": FinishReason.REFUSED},
        {"finish": None},
        {"reply": " \n\t"},
    ],
)
def test_a_reply_that_is_not_whole_is_never_given_again(ledger: Ledger, changes: dict[str, object]) -> None:
    answer(ledger, **changes)
    assert ledger.kept_replies.find("k", EVER) is None
    assert ledger.kept_replies.totals() == KeptTotals(0, 0)


def test_a_reply_still_arriving_or_interrupted_is_not_given_again(ledger: Ledger) -> None:
    ledger.calls.begin(new_call(cache_key="k"))
    assert ledger.kept_replies.find("k", EVER) is None
    with ledger.database.writing() as connection:
        connection.execute(calls.update().values(owner=None))
    assert ledger.calls.recover() == 1
    assert ledger.kept_replies.find("k", EVER) is None


def test_a_reply_settled_with_its_turn_is_kept(ledger: Ledger) -> None:
    conversation = ledger.conversations.start("x")
    call = ledger.calls.begin(new_call(cache_key="k", conversation=conversation))
    done = replace(settlement(5, reply="hello"), finish=FinishReason.STOP)
    ledger.turns.finish(FinishedTurn(conversation, "hello", calls=[call], settlement=done))
    kept = ledger.kept_replies.find("k", EVER)
    assert kept is not None
    assert (kept.call, kept.text) == (call, "hello")


def test_replies_older_than_the_moment_named_are_not_given_again(ledger: Ledger) -> None:
    answer(ledger)
    with ledger.database.writing() as connection:
        connection.execute(calls.update().values(started_at="2026-08-01T10:00:00.000Z"))
    assert ledger.kept_replies.find("k", "2026-08-01T10:00:00.001Z") is None
    assert ledger.kept_replies.find("k", "2026-08-01T10:00:00.000Z") is not None


def test_forgetting_keeps_the_calls_and_gives_none_of_them_again(ledger: Ledger) -> None:
    for key in ("a", "b", None):
        answer(ledger, key)
    assert ledger.kept_replies.totals() == KeptTotals(replies=2, uses=0)
    assert ledger.kept_replies.forget() == 2
    assert ledger.kept_replies.forget() == 0
    assert ledger.kept_replies.find("a", EVER) is None
    assert len(ledger.calls.recent(9)) == 3
    assert ledger.calls.totals("model")[1].cost_nano_usd == 15


def test_what_was_given_again_is_counted_and_is_no_reply_of_its_own(ledger: Ledger) -> None:
    answer(ledger)
    answer(ledger, status=CallStatus.CACHED, cost_nano_usd=0)
    assert ledger.kept_replies.totals() == KeptTotals(replies=1, uses=1)


def test_a_kept_reply_is_looked_up_in_its_index(ledger: Ledger) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, sql: str, parameters: Any, *_: object) -> None:
        asked.append((sql, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        ledger.kept_replies.find("k", EVER)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    sql, parameters = asked[-1]
    with ledger.database.reading() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters).all()
    assert "USING INDEX ix_calls_cache_key (cache_key=? AND status=?)" in str(plan)


def test_half_characters_in_prompt_and_reply_are_stored_as_the_database_can(ledger: Ledger) -> None:
    call = ledger.calls.begin(new_call(messages=(Message(Role.USER, "a\ud800b"),), cache_key="k"))
    ledger.calls.append(call, "c\udfff")
    done = replace(settlement(1, reply="d\ud800"), finish=FinishReason.STOP, error_message="e\udc00")
    assert ledger.calls.settle(call, done).error_message == "e\ufffd"
    kept = ledger.kept_replies.find("k", EVER)
    assert kept is not None
    assert kept.text == "d\ufffd"
