from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.chat import (
    FinishReason,
    ModelInfo,
    Prompt,
    ReasoningPiece,
    ReplyFinished,
    StreamEvent,
    TextPiece,
    UsageReported,
)
from forgeapp.domain.events import AttemptStarted, Hop
from forgeapp.domain.usage import Usage
from forgeapp.errors import (
    Cancelled,
    ForgeError,
    KeyMissing,
    KeyRejected,
    NoProvider,
    ProviderFailed,
    ProviderTimeout,
    RateLimited,
    RequestRejected,
    StorageError,
    StreamBroken,
    UsageError,
)
from forgeapp.ledger import Ledger
from forgeapp.ledger.calls import CallStatus
from forgeapp.services.asking import attempt as attempt_module
from forgeapp.services.asking.chain import Patience
from tests.unit.services.asking.chain_rig import FINE, Rig, Scripted


def failed(provider: str = "a") -> ProviderFailed:
    return ProviderFailed(provider=provider, status=500)


def test_a_reply_comes_with_its_reported_usage_and_cost(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted(FINE))
    reply = rig.run()
    assert reply.text == "Hello there."
    assert reply.finish is FinishReason.STOP
    assert reply.settlement.status is CallStatus.OK
    assert (reply.settlement.usage.input_tokens, reply.settlement.cost_nano_usd) == (100, 7)
    assert ledger.calls.get(reply.call).status is CallStatus.RUNNING


@pytest.mark.availability
def test_a_busy_provider_is_asked_again_and_then_left(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted([failed()], [failed()], [failed()]), b=Scripted(FINE))
    assert rig.run().candidate.provider.name == "b"
    assert rig.hops == [
        ("a", "provider_failed", True),
        ("a", "provider_failed", True),
        ("a", "provider_failed", False),
    ]
    assert rig.calls[:3] == [("a", "failed", "provider_failed")] * 3
    assert [step.attempt for step in rig.steps if isinstance(step, AttemptStarted)] == [1, 2, 3, 1]


@pytest.mark.availability
def test_a_rejected_key_is_not_tried_again_and_the_next_takes_over(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted([KeyRejected(provider="a", status=401)]), b=Scripted(FINE))
    assert rig.run().candidate.provider.name == "b"
    assert rig.hops == [("a", "key_rejected", False)]


@pytest.mark.availability
def test_a_request_that_is_wrong_stops_and_asks_nobody_else(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted([RequestRejected(provider="a", status=400)]), b=Scripted(FINE))
    with pytest.raises(RequestRejected):
        rig.run()
    assert rig.calls == [("a", "failed", "request_rejected")]


@pytest.mark.availability
def test_a_stream_that_broke_later_gets_one_more_try_and_its_part_is_kept(ledger: Ledger) -> None:
    broken: list[StreamEvent | ForgeError] = [TextPiece("Dear "), StreamBroken(provider="a", detail="reset")]
    rig = Rig(ledger, a=Scripted(list(broken), list(broken), FINE), b=Scripted(FINE))
    assert rig.run().candidate.provider.name == "b"
    assert rig.calls == [("a", "failed", "stream_broken")] * 2 + [("b", "running", None)]
    with ledger.database.reading() as connection:
        kept = connection.exec_driver_sql("SELECT reply, usage_source, output_tokens FROM calls LIMIT 1").one()
    assert tuple(kept) == ("Dear ", "estimated", 1)


def test_an_attempt_that_never_began_costs_nothing(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted([failed()], [failed()], [failed()]))
    with pytest.raises(ProviderFailed):
        rig.run()
    assert [call.cost_nano_usd for call in ledger.calls.recent(3)] == [0, 0, 0]


def test_retry_after_wins_over_our_own_waits(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted([RateLimited(provider="a", retry_after_s=0.01)], FINE))
    rig.run()
    (hop,) = [step for step in rig.steps if isinstance(step, Hop)]
    assert hop.wait_s == 0.01


def test_a_wait_beyond_the_deadline_is_not_begun(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted([RateLimited(provider="a", retry_after_s=3600)]), b=Scripted(FINE))
    assert rig.run().candidate.provider.name == "b"


def test_a_reply_that_outlasts_the_deadline_is_a_timeout_and_nobody_else_is_asked(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted(FINE), b=Scripted(FINE))
    rig.patience = Patience(1, (), -1.0)
    with pytest.raises(ProviderTimeout):
        rig.run()
    assert rig.calls == [("a", "failed", "provider_timeout")]


def test_a_reply_that_is_whole_when_the_deadline_passes_is_kept(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted([ReplyFinished(FinishReason.STOP), UsageReported(Usage(input_tokens=1))]))
    rig.patience = Patience(1, (), 0.0)
    assert rig.run().settlement.usage.input_tokens == 1


class Humming:
    """Keeps the line busy and says nothing, until it is stopped; before that what it is told to."""

    def __init__(self, *said: StreamEvent) -> None:
        self._said = said

    def stream(self, prompt: Prompt, cancel: CancelToken) -> Iterator[StreamEvent]:
        yield from self._said
        cancel.wait(120)
        raise AssertionError("nobody stopped it")

    def list_models(self, cancel: CancelToken) -> list[ModelInfo]:
        return []


@pytest.mark.availability
def test_a_server_that_keeps_the_line_busy_and_says_nothing_is_a_timeout(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempt_module, "END_WITHIN_S", 0.0)
    rig = Rig(ledger, a=Humming(TextPiece("Once")))
    rig.patience = Patience(3, (0.0, 0.0), 0.05)
    with pytest.raises(ProviderTimeout):
        rig.run()
    assert rig.calls == [("a", "failed", "provider_timeout")]


def test_a_whole_reply_is_one_though_its_connection_is_not_closed(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempt_module, "END_WITHIN_S", 0.0)
    rig = Rig(ledger, a=Humming(TextPiece("Once"), ReplyFinished(FinishReason.STOP)))
    rig.patience = Patience(1, (), 1.0)
    reply = rig.run()
    assert (reply.text, reply.settlement.status) == ("Once", CallStatus.OK)


def test_who_stops_listening_before_anything_is_sent_leaves_a_call_that_is_over_and_cost_nothing(
    ledger: Ledger,
) -> None:
    rig = Rig(ledger, a=Scripted(FINE, FINE))
    steps = rig.steps_of()
    assert isinstance(next(steps), AttemptStarted)
    steps.close()
    (call,) = ledger.calls.recent(9)
    assert (call.status, call.cost_nano_usd) == (CallStatus.CANCELLED, 0)

    rig.cache_days = 90
    first = rig.run()
    ledger.calls.settle(first.call, first.settlement)
    steps = rig.steps_of()
    assert next(steps).is_cached
    steps.close()
    assert ledger.calls.recent(1)[0].status is CallStatus.CANCELLED


def test_stop_before_anything_is_sent_costs_nothing(ledger: Ledger) -> None:
    cancel = CancelToken()
    steps = Rig(ledger, a=Scripted(FINE)).steps_of(cancel)
    next(steps)
    cancel.cancel()
    with pytest.raises(StopIteration) as stopped:
        next(steps)
    settlement = stopped.value.value.settlement
    assert (settlement.status, settlement.cost_nano_usd) == (CallStatus.CANCELLED, 0)


@pytest.mark.parametrize("note", ["learn_tokens", "mark"])
def test_what_cannot_be_noted_of_a_provider_does_not_cost_the_reply(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, note: str
) -> None:
    rig = Rig(ledger, a=Scripted([KeyRejected(provider="a", status=401)]), b=Scripted(FINE))
    ledger.providers.mark("b", "key_rejected")

    def fail(*_: object) -> None:
        raise StorageError(path="x", reason="disk full", remedy="Free some space.")

    monkeypatch.setattr(ledger.providers, note, fail)
    assert rig.run().text == "Hello there."


def test_what_was_thought_before_stop_is_estimated_and_priced(ledger: Ledger) -> None:
    cancel = CancelToken()
    rig = Rig(ledger, a=Scripted([ReasoningPiece("let me see"), cancel.cancel, TextPiece("x")]))
    settlement = rig.run(cancel).settlement
    assert (settlement.usage.input_tokens, settlement.usage.reasoning_tokens) == (3, 3)
    assert settlement.cost_nano_usd == 7


def test_a_request_that_was_taken_and_never_answered_may_have_cost_something(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted(*[[ProviderTimeout(provider="a")]] * 3))
    with pytest.raises(ProviderTimeout):
        rig.run()
    assert [call.cost_nano_usd for call in ledger.calls.recent(3)] == [7, 7, 7]


def test_a_missing_key_does_not_hide_why_the_other_provider_failed(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted([failed()], [failed()], [failed()]), b=KeyMissing(provider="b", variable="B"))
    with pytest.raises(ProviderFailed):
        rig.run()
    late = Rig(
        ledger, c=Scripted([failed("c")] * 1, [failed("c")], [failed("c")]), d=Scripted([KeyMissing(provider="d")])
    )
    ledger.providers.remove("a")
    ledger.providers.remove("b")
    with pytest.raises(ProviderFailed):
        late.run()


def test_the_ledger_knows_which_key_was_used(ledger: Ledger) -> None:
    Rig(ledger, a=Scripted(FINE)).run()
    rows, _ = ledger.calls.totals("key")
    assert rows == []
    rig = Rig(ledger, b=Scripted([failed("b")], [failed("b")], [failed("b")]))
    ledger.providers.remove("a")
    with pytest.raises(ProviderFailed):
        rig.run()
    rows, _ = ledger.calls.totals("key")
    assert [row.key for row in rows] == ["key of b"]


def test_providers_without_a_key_are_passed_over_without_a_trace(ledger: Ledger) -> None:
    rig = Rig(ledger, a=KeyMissing(provider="a", variable="A_KEY"), b=Scripted(FINE))
    assert rig.run().candidate.provider.name == "b"
    assert [call[0] for call in rig.calls] == ["b"]


def test_nobody_set_up_is_its_own_error(ledger: Ledger) -> None:
    missing = KeyMissing(provider="a", variable="A_KEY")
    with pytest.raises(NoProvider):
        Rig(ledger, a=missing, b=missing).run()
    with pytest.raises(KeyMissing):
        Rig(ledger, c=missing).run(model="c/m")


def test_a_named_model_never_falls_over_to_another(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted([failed()], [failed()], [failed()]), b=Scripted(FINE))
    with pytest.raises(ProviderFailed):
        rig.run(model="a/m")
    assert {call[0] for call in rig.calls} == {"a"}
    with pytest.raises(UsageError):
        rig.run(model="just-a-model")


def test_disabled_providers_are_not_asked(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted(FINE), b=Scripted(FINE))
    ledger.providers.change("a", is_enabled=False)
    assert rig.run().candidate.provider.name == "b"


def test_stop_keeps_the_partial_reply_and_notes_the_cost(ledger: Ledger) -> None:
    cancel = CancelToken()
    rig = Rig(ledger, a=Scripted([TextPiece("Once upon "), cancel.cancel, TextPiece("never seen")]))
    reply = rig.run(cancel)
    assert reply.text == "Once upon "
    assert reply.settlement.status is CallStatus.CANCELLED
    assert reply.settlement.usage.source.value == "estimated"


def test_stop_ends_a_wait_at_once(ledger: Ledger) -> None:
    cancel = CancelToken()
    rig = Rig(ledger, a=Scripted([RateLimited(provider="a", retry_after_s=30)]))
    threading.Timer(0.1, cancel.cancel).start()
    with pytest.raises(Cancelled):
        rig.run(cancel)
    assert rig.calls == [("a", "failed", "rate_limited")]


def test_a_listener_that_leaves_leaves_a_settled_call(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted(FINE))
    steps = rig.steps_of()
    next(steps)
    next(steps)
    steps.close()
    assert rig.calls == [("a", "cancelled", "cancelled")]


def test_a_call_in_which_we_make_a_mistake_is_over_all_the_same(ledger: Ledger) -> None:
    def stumble() -> None:
        raise ZeroDivisionError

    rig = Rig(ledger, a=Scripted([TextPiece("Hel"), stumble]))
    with pytest.raises(ZeroDivisionError):
        rig.run()
    assert rig.calls == [("a", "failed", "crashed")]


def test_what_arrives_is_journalled_within_a_second(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempt_module, "JOURNAL_EVERY_S", 0.0)
    seen: list[str | None] = []

    def look() -> None:
        with ledger.database.reading() as connection:
            seen.append(connection.exec_driver_sql("SELECT text FROM journal").scalar())

    Rig(ledger, a=Scripted([TextPiece("One "), look, TextPiece("two"), look, ReplyFinished(FinishReason.STOP)])).run()
    assert seen == ["One ", "One two"]
