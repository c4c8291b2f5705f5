"""The recorded replies, read with the kind given, with the request only, and with neither."""

from __future__ import annotations

import pytest

from tests.bench.reading_score import WAYS, score


@pytest.mark.parametrize("way", WAYS)
def test_at_least_95_percent_of_the_recorded_replies_are_read_right(way: str) -> None:
    scored = score()[way]
    assert scored["right"] >= 0.95 * scored["total"], scored["wrong"]
