"""Dates and times as people type them."""

from __future__ import annotations

import pytest

from forgeapp.domain.dates import moment_of


@pytest.mark.parametrize(
    ("text", "serial"),
    [
        ("2024-01-15 18:00:00", 45306.75),
        ("2024-01-15T06:00", 45306.25),
        ("18:00", 0.75),
        ("0:00:00", 0.0),
        ("23:59:60", None),
        ("24:00", None),
        ("2024-02-30 10:00", None),
        ("1900-01-01 10:00", None),
        ("2024-01-15", None),
        ("10", None),
        ("", None),
    ],
)
def test_a_time_is_a_share_of_a_day(text: str, serial: float | None) -> None:
    assert moment_of(text) == serial
