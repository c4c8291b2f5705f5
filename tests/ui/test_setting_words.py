"""What is typed for a setting, read as the setting holds it."""

from __future__ import annotations

import pytest

from forgeapp.settings import Settings
from forgeapp.ui.control.setting_words import read_value


def test_nothing_is_taken_where_it_means_off_and_nowhere_else() -> None:
    assert read_value("0", Settings().exports_per_minute) == 0
    assert read_value("2", Settings().exports_per_minute) == 2
    with pytest.raises(ValueError, match="above 0"):
        read_value("0", Settings().attempts)


@pytest.mark.parametrize("text", ["-1", "1.5", "two", "9" * 10, "²"])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="whole number"):
        read_value(text, Settings().exports_per_minute)
