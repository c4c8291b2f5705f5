from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from forgeapp.errors import UnreadableFile
from forgeapp.settings import Settings, load_settings


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "settings.json") == Settings()


def test_what_stands_in_the_file_wins_and_the_rest_keeps_its_default(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"attempts": 5, "retry_waits_s": [0.5]}')
    changed = dataclasses.replace(Settings(), attempts=5, retry_waits_s=(0.5,))
    assert load_settings(tmp_path / "settings.json") == changed


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnreadableFile, match="UTF-8"):
        load_settings(tmp_path / "settings.json")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not a JSON object"),
        ('{"colour": 1}', "no setting 'colour'"),
        ('{"attempts": 0}', "above 0"),
        ('{"attempts": true}', "above 0"),
        ('{"attempts": 1.5}', "above 0"),
        ('{"turn_deadline_s": -1}', "above 0"),
        ('{"retry_waits_s": ["x"]}', "list of numbers"),
    ],
)
def test_a_wrong_file_is_told_and_left_alone(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "settings.json").write_text(text)
    with pytest.raises(UnreadableFile, match=reason):
        load_settings(tmp_path / "settings.json")
    assert (tmp_path / "settings.json").read_text() == text


def test_every_setting_says_what_it_does() -> None:
    source = Path(__file__).parents[2].joinpath("forgeapp", "settings.py").read_text()
    for field in dataclasses.fields(Settings):
        after = source.split(f"    {field.name}: ")[1]
        assert after.splitlines()[1].strip().startswith('"""')
