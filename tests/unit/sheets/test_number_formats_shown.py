"""Numbers under number formats as they are shown, beside what LibreOffice 7.4 shows of the same file.

A line of the samples: format code, value, text; a fourth is what LibreOffice shows where it goes its own way: it cuts
times where Excel rounds them, shows General in full, and no sign before what is rounded to zero.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.number_look import LOOKS
from forgeapp.sheets.display import display

_SAMPLES = Path(__file__).parents[2] / "data" / "number_formats.jsonl"
SAMPLES = [json.loads(line) for line in _SAMPLES.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: f"{sample[0]} {sample[1]}")
def test_a_value_is_shown_as_spreadsheets_show_it(sample: list[float | str]) -> None:
    code, value, text = sample[:3]
    assert display(value, str(code)) == text


def test_most_of_what_is_shown_is_what_libreoffice_shows() -> None:
    assert len(SAMPLES) > 200
    assert sum(len(sample) > 3 for sample in SAMPLES) <= 24


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["# ?/?", "# ??/??", "?/8", "0 0/0", "#/###"]))
def test_any_number_is_shown_as_a_fraction_near_it(number: float, code: str) -> None:
    text = display(number, code)
    parts = [part.partition("/") for part in text.replace("-", " ").split()]
    shown = sum(Decimal(top) / Decimal(bottom or 1) for top, _, bottom in parts)
    assert abs(shown - abs(Decimal(number))) <= Decimal(1) / 6 + abs(Decimal(number)) * Decimal("1e-14")


def test_a_decimal_comma_groups_the_whole_of_a_fraction_with_points() -> None:
    assert display(12345.5, "#,##0 ?/?", LOOKS["comma"]) == "12.345 1/2"
