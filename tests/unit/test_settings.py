from __future__ import annotations

import dataclasses
import json
import stat
from pathlib import Path

import pytest

from forgeapp.errors import HomeNotWritable, UnreadableFile, UsageError
from forgeapp.settings import Settings, explanations, load_settings, save_settings


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
        ('{"exports_per_minute": -1}', "exports_per_minute is a whole number, 0 or more"),
        ('{"attempts": 1.5}', "above 0"),
        ('{"turn_deadline_s": -1}', "above 0"),
        ('{"retry_waits_s": ["x"]}', "list of numbers"),
        ('{"theme": "mauve"}', "theme is one of system, light, dark"),
        ('{"theme": ["dark"]}', "theme is one of"),
        ('{"ask_above_usd": "x"}', "above 0"),
        ('{"quick_export_folder": "exports"}', "quick_export_folder is the whole path of a folder"),
        ('{"quick_export_folder": 7}', "quick_export_folder is the whole path of a folder"),
    ],
)
def test_a_wrong_file_is_told_and_left_alone(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "settings.json").write_text(text)
    with pytest.raises(UnreadableFile, match=reason):
        load_settings(tmp_path / "settings.json")
    assert (tmp_path / "settings.json").read_text() == text


def test_what_is_off_by_default_can_be_set_and_be_off_again(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    save_settings(path, dataclasses.replace(Settings(), exports_per_minute=2))
    assert load_settings(path).exports_per_minute == 2
    path.write_text('{"exports_per_minute": 0}')
    assert load_settings(path) == Settings()


def test_a_folder_is_kept_and_can_be_none_again(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    save_settings(path, dataclasses.replace(Settings(), quick_export_folder=str(tmp_path)))
    assert load_settings(path).quick_export_folder == str(tmp_path)
    save_settings(path, Settings())
    assert load_settings(path) == Settings()


def test_only_what_differs_from_the_defaults_is_written_and_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    changed = dataclasses.replace(Settings(), theme="dark", retry_waits_s=(0.5, 1.0), ask_above_usd=0.5)
    save_settings(path, changed)
    assert json.loads(path.read_text()) == {"theme": "dark", "retry_waits_s": [0.5, 1.0], "ask_above_usd": 0.5}
    assert load_settings(path) == changed
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    save_settings(path, Settings())
    assert json.loads(path.read_text()) == {}
    assert [item.name for item in tmp_path.iterdir()] == ["settings.json"]


def test_a_setting_that_could_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    save_settings(path, dataclasses.replace(Settings(), theme="dark"))
    with pytest.raises(UsageError, match="system, light, dark"):
        save_settings(path, dataclasses.replace(Settings(), theme="mauve"))
    assert load_settings(path).theme == "dark"


@pytest.mark.parametrize("fault", ["open", "replace"])
def test_a_failed_save_leaves_the_settings_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    path = tmp_path / "settings.json"
    save_settings(path, dataclasses.replace(Settings(), theme="dark"))

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(*{"open": ("os.open", fail), "replace": (Path, "replace", fail)}[fault])  # type: ignore[arg-type]
        with pytest.raises(HomeNotWritable, match="No space left"):
            save_settings(path, dataclasses.replace(Settings(), theme="light"))
    assert load_settings(path).theme == "dark"
    assert [item.name for item in tmp_path.iterdir()] == ["settings.json"]


def test_every_setting_says_what_it_does() -> None:
    source = Path(__file__).parents[2].joinpath("forgeapp", "settings.py").read_text()
    for field in dataclasses.fields(Settings):
        after = source.split(f"    {field.name}: ")[1]
        assert after.splitlines()[1].strip().startswith('"""')


def test_each_setting_says_what_it_does() -> None:
    told = explanations()
    assert list(told) == [field.name for field in dataclasses.fields(Settings)]
    assert told["attempts"] == "Attempts at one provider before the next takes over."
