"""What the chain does about money, limits, health and what a model can do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from forgeapp.domain.chat import (
    FinishReason,
    Message,
    ModelInfo,
    Picture,
    ReplyFinished,
    Role,
    StreamEvent,
    TextPiece,
    UsageReported,
)
from forgeapp.domain.request import Mode, Parameters
from forgeapp.domain.usage import Usage, UsageSource
from forgeapp.errors import (
    BudgetExceeded,
    ContextTooLong,
    ForgeError,
    KeyRejected,
    PriceUnknown,
    ProviderFailed,
    RateLimited,
)
from forgeapp.ledger import Ledger
from forgeapp.ledger.budgets import Cap
from forgeapp.ledger.calls import CallStatus
from forgeapp.services.asking.chain import Patience
from forgeapp.services.asking.routing import Candidate
from tests.unit.services.asking.chain_rig import FINE, Rig, Scripted


def down(provider: str = "a") -> ProviderFailed:
    return ProviderFailed(provider=provider, status=500)


def a_nano_a_token(_: Candidate, _messages: Sequence[Message], output_tokens: int) -> int:
    return 100 + output_tokens


# Replies that are kept


def test_the_very_same_question_is_answered_from_what_was_kept_at_no_cost(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted(FINE))
    rig.cache_days = 90
    first = rig.run()
    ledger.calls.settle(first.call, first.settlement)
    again = rig.run()
    assert again.is_cached
    assert again.text == first.text
    assert (again.settlement.cost_nano_usd, again.settlement.status) == (0, CallStatus.CACHED)
    assert len(rig.providers["a"].prompts) == 1  # type: ignore[union-attr]


def test_a_kept_reply_is_found_again_whatever_was_learned_of_the_model_meanwhile(ledger: Ledger) -> None:
    counted = UsageReported(Usage(input_tokens=1_500, output_tokens=10))
    rig = Rig(ledger, a=Scripted([TextPiece("Hello."), counted, ReplyFinished(FinishReason.STOP)]))
    ledger.providers.take_models("a", [ModelInfo("m", 4_000)])
    rig.prompt = replace(rig.prompt, max_output_tokens=16_000)
    rig.input_tokens, rig.cache_days = 1_400, 90
    first = rig.run()
    ledger.calls.settle(first.call, first.settlement)
    assert ledger.providers.get("a").model("m").token_factor > 1
    assert rig.run().is_cached


def test_another_question_model_or_parameter_is_asked_anew(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted(FINE, FINE, FINE))
    rig.cache_days = 90
    first = rig.run()
    ledger.calls.settle(first.call, first.settlement)
    rig.prompt = replace(rig.prompt, messages=(Message(Role.USER, "one two four"),))
    assert not rig.run().is_cached
    rig.prompt = replace(rig.prompt, messages=(Message(Role.USER, "one two three", (Picture("image/png", b"x"),)),))
    assert not rig.run().is_cached


def test_what_was_kept_is_not_used_where_it_is_not_wanted_or_too_old(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted(FINE, FINE, FINE))
    rig.cache_days = 90
    first = rig.run()
    ledger.calls.settle(first.call, first.settlement)
    rig.cache_days = 0
    assert not rig.run().is_cached
    rig.cache_days = -1
    assert not rig.run().is_cached


def test_a_reply_that_was_cut_is_not_kept(ledger: Ledger) -> None:
    cut = [TextPiece("Half"), ReplyFinished(FinishReason.LENGTH)]
    rig = Rig(ledger, a=Scripted(cut, FINE))
    rig.cache_days = 90
    first = rig.run()
    ledger.calls.settle(first.call, first.settlement)
    assert not rig.run().is_cached


# Money


def test_the_most_a_call_can_cost_is_reserved_until_it_is_settled(ledger: Ledger) -> None:
    ledger.budgets.set(5_000)
    rig = Rig(ledger, a=Scripted(FINE))
    rig.most_cost = a_nano_a_token
    reply = rig.run()
    assert ledger.budgets.all()[0].reserved_nano_usd == 1_100
    ledger.calls.settle(reply.call, reply.settlement)
    budget = ledger.budgets.all()[0]
    assert (budget.reserved_nano_usd, budget.settled_nano_usd) == (0, 7)


def test_a_reply_is_kept_as_short_as_the_budget_asks(ledger: Ledger) -> None:
    ledger.budgets.set(600)
    provider = Scripted(FINE)
    rig = Rig(ledger, a=provider)
    rig.most_cost = a_nano_a_token
    rig.run()
    assert provider.prompts[0].max_output_tokens == 500


def test_below_the_shortest_reply_the_call_is_blocked_and_leaves_no_row(ledger: Ledger) -> None:
    ledger.budgets.set(109)
    rig = Rig(ledger, a=Scripted(FINE))
    rig.most_cost = a_nano_a_token
    with pytest.raises(BudgetExceeded):
        rig.run()
    assert rig.calls == []
    assert rig.passed_over == [("a", "budget_exceeded")]


def test_a_local_model_goes_on_when_the_budget_is_spent(ledger: Ledger) -> None:
    ledger.budgets.set(0)
    rig = Rig(ledger, a=Scripted(FINE), b=Scripted(FINE))
    ledger.providers.change("b", prices="local")
    rig.most_cost = a_nano_a_token
    assert rig.run().candidate.name == "b/m"


def test_an_unknown_price_needs_a_price_or_consent_under_a_budget_only(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted(FINE, FINE))
    rig.most_cost = lambda *_: None
    rig.run()
    ledger.budgets.set(10**9)
    with pytest.raises(PriceUnknown):
        rig.run()
    ledger.providers.change_model("a", "m", allows_unknown_price=True)
    rig.run()


def test_consent_to_an_unknown_price_is_none_to_spend_the_money_of_whose_key_came_with_the_program(
    ledger: Ledger,
) -> None:
    rig = Rig(ledger, a=Scripted(FINE))
    rig.mode, rig.caps = Mode.APP_KEY, (Cap("a day", 10**9, "2026-01-01", "key of a"),)
    rig.most_cost = lambda *_: None
    ledger.providers.change_model("a", "m", allows_unknown_price=True)
    with pytest.raises(PriceUnknown):
        rig.run()
    assert rig.calls == []


def test_a_server_that_does_not_heed_how_long_a_reply_may_be_is_cut_off(ledger: Ledger) -> None:
    word: list[StreamEvent | ForgeError | Callable[[], None]] = [TextPiece("word ")]
    rig = Rig(ledger, a=Scripted(word * 10_000))
    rig.prompt = replace(rig.prompt, max_output_tokens=100)
    reply = rig.run()
    assert (reply.finish, reply.settlement.status) == (FinishReason.LENGTH, CallStatus.OK)
    assert 200 < reply.settlement.usage.output_tokens < 230
    assert reply.settlement.usage.source is UsageSource.ESTIMATED


def test_a_reply_that_came_in_one_piece_is_kept_whole_with_what_it_is_said_to_have_cost(ledger: Ledger) -> None:
    usage = UsageReported(Usage(input_tokens=3, output_tokens=10_000))
    rig = Rig(ledger, a=Scripted([TextPiece("word " * 10_000), usage, ReplyFinished(FinishReason.STOP)]))
    rig.prompt = replace(rig.prompt, max_output_tokens=100)
    reply = rig.run()
    assert (reply.finish, reply.settlement.usage.output_tokens) == (FinishReason.STOP, 10_000)


# Health


def test_a_rejected_key_that_came_with_the_program_says_nothing_of_the_user_s_own(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted([KeyRejected(provider="a", status=401)], FINE))
    rig.mode = Mode.APP_KEY
    with pytest.raises(KeyRejected):
        rig.run()
    rig.mode = Mode.PROVIDERS
    assert rig.run().text == "Hello there."
    assert rig.passed_over == []


def test_a_provider_that_failed_a_whole_turn_is_left_out_of_the_next_one(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted([down()], [down()], [down()]), b=Scripted(FINE, FINE))
    rig.run()
    rig.steps.clear()
    assert rig.run().candidate.name == "b/m"
    assert rig.passed_over == [("a", "provider_left_out")]


def test_who_is_left_out_is_asked_once_when_nobody_else_can(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted([down()], [down()], [down()], FINE))
    with pytest.raises(ProviderFailed):
        rig.run()
    assert rig.run().text == "Hello there."


def test_a_model_named_by_the_user_is_asked_whatever_its_health(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted([down()], [down()], [down()], FINE), b=Scripted(FINE))
    rig.run()
    assert rig.run(model="a/m").candidate.name == "a/m"


def test_a_rejected_key_marks_the_provider_and_a_success_clears_it(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted([KeyRejected(provider="a", status=401)], FINE), b=Scripted(FINE))
    rig.run()
    assert ledger.providers.get("a").mark == "key_rejected"
    rig.run(model="a/m")
    assert ledger.providers.get("a").mark is None


# Limits a minute


def test_limits_are_waited_for_visibly_and_not_run_into(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted(FINE, FINE))
    ledger.providers.change("a", requests_per_minute=600)
    for _ in range(600):
        rig.limits.take("a", 600, None, 1)
    rig.run()
    assert rig.waits == [("a", "requests")]


def test_a_wait_beyond_the_deadline_falls_over_instead(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted(FINE), b=Scripted(FINE))
    ledger.providers.change("a", requests_per_minute=1)
    rig.limits.take("a", 1, None, 1)
    rig.patience = Patience(3, (0.0,), 5.0)
    assert rig.run().candidate.name == "b/m"
    assert rig.calls == [("b", "running", None)]


def test_a_wait_named_by_the_server_holds_for_every_thread(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted([RateLimited(provider="a", retry_after_s=0.2)], FINE))
    rig.run()
    assert rig.limits.take("a", None, None, 1).wait_s == 0
    rig.limits.pause("a", 30)
    assert rig.limits.take("a", None, None, 1).limit == "server"


def test_what_a_reply_really_used_counts_against_the_tokens_a_minute(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted(FINE))
    ledger.providers.change("a", tokens_per_minute=200)
    rig.run()
    assert rig.limits.take("a", None, 200, 200).wait_s == pytest.approx(33.0, abs=1.0)


# What a model can


def test_a_reply_is_never_asked_to_be_longer_than_the_model_can(ledger: Ledger) -> None:
    provider = Scripted(FINE, FINE)
    rig = Rig(ledger, a=provider)
    ledger.providers.change_model("a", "m", max_output_tokens=400)
    rig.run()
    ledger.providers.change_model("a", "m", max_output_tokens=None, context_tokens=2_003)
    rig.input_tokens = 903
    rig.run()
    assert [prompt.max_output_tokens for prompt in provider.prompts] == [400, 1_000]


def test_the_user_s_own_parameters_of_a_model_are_sent(ledger: Ledger) -> None:
    provider = Scripted(FINE)
    rig = Rig(ledger, a=provider)
    ledger.providers.change_model("a", "m", temperature=0.3, output_tokens=50, stop=("END",))
    rig.run()
    sent = provider.prompts[0]
    assert Parameters(sent.temperature, sent.max_output_tokens, sent.stop) == Parameters(0.3, 50, ("END",))


def test_what_no_context_holds_is_not_sent_at_all(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted(FINE), b=Scripted(FINE))
    ledger.providers.change_model("a", "m", context_tokens=1_000)
    rig.input_tokens = 5_000
    assert rig.run().candidate.name == "b/m"
    with pytest.raises(ContextTooLong):
        rig.run(model="a/m")
    assert {call[0] for call in rig.calls} == {"b"}


def test_pictures_go_to_a_model_that_can_see(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted(FINE), b=Scripted(FINE))
    ledger.providers.change_model("a", "m", takes_pictures=False)
    rig.prompt = replace(rig.prompt, messages=(Message(Role.USER, "What is it?", (Picture("image/png", b"x"),)),))
    assert rig.run().candidate.name == "b/m"
    assert rig.passed_over == [("a", "pictures_not_taken")]


def test_estimates_follow_what_a_model_reports(ledger: Ledger) -> None:
    rig = Rig(ledger, a=Scripted(*[FINE] * 12))
    rig.input_tokens = 200
    for _ in range(12):
        rig.run()
    assert ledger.providers.get("a").model("m").token_factor == pytest.approx(0.5)
