"""Token estimates for one model: our own count, corrected by what the model's tokenizer was found to count.

The ledger learns the correction from calls whose usage was reported (`ledger.providers.learn_tokens`); whoever settles
a call asks `is_lesson` whether it teaches anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

from forgeapp.domain.chat import Message
from forgeapp.domain.usage import Usage, UsageSource
from forgeapp.ledger.providers import ModelRow
from forgeapp.providers.tokens import estimate_picture


def estimate_for(model: ModelRow, tokens: int) -> int:
    """How many tokens the model makes of a text that has `tokens` by our own count; rounded up."""
    return ceil(tokens * model.token_factor)


def estimate_pictures(messages: Iterable[Message]) -> int:
    """Tokens of all pictures of a prompt. They are not corrected by model: no text teaches anything about them."""
    return sum(estimate_picture(picture) for message in messages for picture in message.pictures)


def is_lesson(messages: Iterable[Message], usage: Usage) -> bool:
    """Whether the input reported says how the model counts text: only text was sent, and nothing came from a cache."""
    return (
        usage.source is UsageSource.REPORTED
        and usage.input_tokens > 0
        and not usage.cache_read_tokens
        and not any(message.pictures for message in messages)
    )
