"""Estimates per model: learned from what was reported, never from what teaches nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.chat import Message, Picture, Role
from forgeapp.domain.usage import Usage, UsageSource
from forgeapp.ledger import Ledger
from forgeapp.ledger.providers import ModelRow
from forgeapp.providers.tokens import estimate
from forgeapp.services.asking.estimating import estimate_for, estimate_pictures, is_lesson

TEXT = (Message(Role.USER, "hello"),)
WORDS = ("table", "of", "monthly", "costs,", "1,250.00", "heating;", "def", "total(rows):", "return", "合計を計算する")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "forgeapp.db", tmp_path / "backups")
    yield ledger
    ledger.close()


def their_count(text: str) -> int:
    """A tokenizer that makes 1.4 times as many tokens of a text as ours."""
    return round(estimate(text) * 1.4)


def test_the_estimate_is_within_a_tenth_after_a_few_calls_of_another_tokenizer(ledger: Ledger) -> None:
    ledger.providers.add("acme", "openai-chat", "http://127.0.0.1:1/v1", ("m-1", "m-2"), None, "none")
    chance = random.Random(4)
    for _ in range(4):
        text = " ".join(chance.choices(WORDS, k=400))
        ledger.providers.learn_tokens(
            "acme", "m-1", estimate(text), round(their_count(text) * chance.uniform(0.96, 1.04))
        )
    row = ledger.providers.get("acme")
    fresh = " ".join(chance.choices(WORDS, k=1_000))
    assert abs(estimate_for(row.model("m-1"), estimate(fresh)) / their_count(fresh) - 1) < 0.1
    assert estimate_for(row.model("m-2"), 1_000) == 1_000


def test_a_model_whose_tokenizer_changes_is_learned_anew(ledger: Ledger) -> None:
    ledger.providers.add("acme", "openai-chat", "http://127.0.0.1:1/v1", ("m-1",), None, "none")
    for _ in range(20):
        ledger.providers.learn_tokens("acme", "m-1", 1_000, 1_400)
    for _ in range(30):
        ledger.providers.learn_tokens("acme", "m-1", 1_000, 900)
    assert 900 <= estimate_for(ledger.providers.get("acme").model("m-1"), 1_000) <= 990


@given(tokens=st.integers(0, 10**7), factor=st.floats(0.25, 4))
def test_an_estimate_is_never_less_than_the_factor_says(tokens: int, factor: float) -> None:
    estimated = estimate_for(ModelRow("m", token_factor=factor), tokens)
    assert tokens * factor <= estimated < tokens * factor + 1


def test_pictures_count_apart_from_the_text() -> None:
    png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (1_000).to_bytes(4) + (1_000).to_bytes(4)
    picture = Picture("image/png", png)
    assert estimate_pictures(TEXT) == 0
    assert estimate_pictures((*TEXT, Message(Role.USER, "Look", (picture, picture)))) == 2 * 1_334


def test_only_reported_text_that_came_from_no_cache_is_a_lesson() -> None:
    assert is_lesson(TEXT, Usage(10, 2))
    assert not is_lesson(TEXT, Usage(10, 2, source=UsageSource.ESTIMATED))
    assert not is_lesson(TEXT, Usage(10, 2, cache_read_tokens=8))
    assert not is_lesson(TEXT, Usage(0, 2))
    assert not is_lesson((Message(Role.USER, "Look", (Picture("image/png", b""),)),), Usage(10, 2))
