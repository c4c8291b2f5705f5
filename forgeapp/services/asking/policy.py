"""What follows from a failure: the one table that says which errors are tried again, which fall over, which stop.

| what failed | the same provider again | the next provider | besides |
|---|---|---|---|
| RateLimited, ProviderFailed (5xx), ProviderTimeout, ProviderUnreachable, StreamBroken, UnreadableReply | yes | yes | counts against it |
| KeyRejected (401, 403), QuotaExhausted, DailyQuotaUsed | no | yes | the provider is marked: only the user can mend it |
| KeyMissing, ModelNotFound, ModelTooLarge, PicturesNotTaken, CertificateNotTrusted, BudgetExceeded, PriceUnknown | no | yes | |
| everything else: RequestRejected (400), ContextTooLong, ContentRefused, EmptyReply ... | no | no | goes to the user |

A stream that broke after its first text is kept as an attempt of its own, and gets one more try only. A model the user
named is tried again, but nobody takes over from it.
"""  # noqa: E501 - a table

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from forgeapp.errors import (
    BudgetExceeded,
    CertificateNotTrusted,
    ForgeError,
    KeyMissing,
    KeyRejected,
    ModelNotFound,
    ModelTooLarge,
    PicturesNotTaken,
    PriceUnknown,
    ProviderFailed,
    ProviderTimeout,
    ProviderUnreachable,
    QuotaExhausted,
    RateLimited,
    StreamBroken,
    UnreadableReply,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """`retries`: the same provider is worth another attempt. `falls_over`: the next one takes over.

    `counts`: it speaks against the provider's health. `marks`: only the user can mend it, and is told so.
    """

    retries: bool = False
    falls_over: bool = False
    counts: bool = False
    marks: bool = False


STOPS: Final = Rule()
_PASSES: Final = Rule(retries=True, falls_over=True, counts=True)
_NEEDS_THE_USER: Final = Rule(falls_over=True, marks=True)
_NOT_THIS_ONE: Final = Rule(falls_over=True)

POLICY: Final[Mapping[type[ForgeError], Rule]] = {
    RateLimited: _PASSES,
    ProviderFailed: _PASSES,
    ProviderTimeout: _PASSES,
    ProviderUnreachable: _PASSES,
    CertificateNotTrusted: _NOT_THIS_ONE,
    StreamBroken: _PASSES,
    UnreadableReply: _PASSES,
    KeyRejected: _NEEDS_THE_USER,
    QuotaExhausted: _NEEDS_THE_USER,
    KeyMissing: _NOT_THIS_ONE,
    ModelNotFound: _NOT_THIS_ONE,
    ModelTooLarge: _NOT_THIS_ONE,
    PicturesNotTaken: _NOT_THIS_ONE,
    BudgetExceeded: _NOT_THIS_ONE,
    PriceUnknown: _NOT_THIS_ONE,
}


def rule_for(error: ForgeError) -> Rule:
    """The rule of the error's class, or of the nearest class above it; an error that is not in the table stops."""
    for kind in type(error).__mro__:
        if kind in POLICY:
            return POLICY[kind]
    return STOPS
