"""The recorded replies, read with the kind given, with the request only, and with neither."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.reading_score import MORE, REPLIES, WAYS, score


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("folder", [REPLIES, MORE], ids=lambda folder: folder.name)
def test_at_least_95_percent_of_the_recorded_replies_are_read_right(folder: Path, way: str) -> None:
    scored = score(folder)[way]
    assert scored["total"] >= 40
    assert scored["right"] >= 0.95 * scored["total"], scored["wrong"]
