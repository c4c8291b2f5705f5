from __future__ import annotations

import inspect

import pytest

from forgeapp import errors
from forgeapp.errors import (
    Cancelled,
    ContentRefused,
    ContextTooLong,
    EmptyReply,
    ForgeError,
    KeyRejected,
    KeyUnusable,
    ProviderError,
    QuotaExhausted,
    RateLimited,
    RequestRejected,
    StreamBroken,
)
from forgeapp.services.asking import policy
from forgeapp.services.asking.policy import POLICY, STOPS, rule_for


@pytest.mark.parametrize("kind", [RateLimited, errors.ProviderFailed, errors.ProviderTimeout, StreamBroken])
def test_what_passes_is_tried_again_and_then_falls_over(kind: type[ForgeError]) -> None:
    rule = rule_for(kind(provider="a"))
    assert (rule.retries, rule.falls_over, rule.marks) == (True, True, False)


@pytest.mark.parametrize("kind", [KeyRejected, KeyUnusable, QuotaExhausted])
def test_what_needs_the_user_falls_over_at_once_and_marks_the_provider(kind: type[ForgeError]) -> None:
    rule = rule_for(kind(provider="a"))
    assert (rule.retries, rule.falls_over, rule.marks) == (False, True, True)


@pytest.mark.parametrize("kind", [RequestRejected, ContentRefused, ContextTooLong, EmptyReply, Cancelled])
def test_what_the_user_must_change_stops(kind: type[ForgeError]) -> None:
    assert rule_for(kind(provider="a")) == STOPS


def test_every_error_of_a_provider_has_been_decided_on_in_the_documented_table() -> None:
    documented = inspect.getdoc(policy) or ""
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, ProviderError)]
    for kind in kinds:
        if kind is not ProviderError and rule_for(kind(provider="a")) == STOPS:
            assert kind.__name__ in documented, f"{kind.__name__} stops without being named"
    for kind in POLICY:
        assert kind.__name__ in documented
