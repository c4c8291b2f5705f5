"""Providers, keys and gate through the real process: what is refused, and that a refusal changes and shows nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import TIMEOUT_S, Ran
from tests.fakes.provider_server import FakeServer

Run = Callable[..., Ran]
KEY = "sk-live-0123456789abcdef"


def add(run: Run, *options: object, base_url: str = "http://127.0.0.1:9/v1") -> Ran:
    return run("providers", "add", "acme", "--dialect", "openai-chat", "--base-url", base_url, "--json", *options)


def acme(run: Run) -> dict[str, Any]:
    (row,) = run("providers", "list", "--json").json
    return dict(row)


@pytest.mark.security
@pytest.mark.parametrize(
    "options",
    [
        ("--key-env", KEY),
        ("--key-env", ""),
        ("--key-env", "SCHLÜSSEL"),
        ("--base-url", f"https://me:{KEY}@api.example.com/v1"),
        ("--base-url", f"https://api.example.com/v1?key={KEY}"),
        ("--base-url", f"me:{KEY}@api.example.com"),
        ("--base-url", ""),
    ],
)
def test_a_place_that_may_hold_a_key_is_refused_and_not_repeated(run: Run, options: tuple[str, str]) -> None:
    assert add(run).code == 0
    before = acme(run)
    for ran in (run("providers", "set", "acme", *options, "--json"), run(*_added_as("other"), *options, "--json")):
        assert ran.code == 2
        assert ran.json["error"]["type"] == "usage"
        assert KEY not in ran.out + ran.err
    assert acme(run) == before


def _added_as(name: str) -> tuple[str, ...]:
    return ("providers", "add", name, "--dialect", "openai-chat", "--base-url", "http://127.0.0.1:9/v1")


def test_an_unknown_price_list_is_refused_with_the_names_of_those_there_are(run: Run) -> None:
    ran = add(run, "--prices", "opanai")
    assert ran.code == 2
    for name in ("opanai", "local", "none", "openai", "anthropic", "google"):
        assert name in ran.json["error"]["message"]
    assert add(run, "--prices", "openai").json[0]["prices"] == "openai"
    assert run("providers", "set", "acme", "--prices", "nobody", "--json").code == 2
    assert run("providers", "set", "acme", "--prices", "local", "--json").json[0]["prices"] == "local"


@pytest.mark.parametrize(
    "wrong",
    [
        ("--price", "m-9=1/1"),
        ("--price", "m-1=dear"),
        ("--price", "m-1=9999999/1"),
        ("--prices", "nobody"),
        ("--key-env", "NOT A NAME"),
        ("--base-url", "nonsense"),
    ],
)
def test_a_change_with_one_wrong_part_changes_nothing(run: Run, wrong: tuple[str, str]) -> None:
    add(run, "--model", "m-1")
    before = acme(run)
    ran = run("providers", "set", "acme", "--model", "m-2", "--price", "m-1=1/2", "--disable", *wrong, "--json")
    assert ran.code == 2
    assert acme(run) == before
    models = run("providers", "models", "acme", "--json").json
    assert [(model["name"], model["input_usd_per_million"]) for model in models] == [("m-1", None)]


def test_a_new_model_and_its_price_are_set_at_once(run: Run) -> None:
    add(run, "--model", "m-1")
    assert run("providers", "set", "acme", "--model", "m-2", "--price", "m-2=0.5/2", "--key-env", "MY_KEY").code == 0
    models = run("providers", "models", "acme", "--json").json
    assert models[1] == {"name": "m-2", "input_usd_per_million": "0.5", "output_usd_per_million": "2"}


def test_usage_can_be_told_by_the_key_a_test_was_made_with(run: Run, server: FakeServer) -> None:
    add(run, "--model", "m-1", "--key-env", "MY_KEY", base_url=server.base_url)
    assert run("providers", "test", "acme", "--json", env={"MY_KEY": KEY}).code == 0
    rows = run("usage", "--by", "key", "--json").json["rows"]
    assert [(row["key"], row["calls"]) for row in rows] == [("environment:MY_KEY", 1)]


def test_a_batch_holds_one_message_a_line_whatever_ends_of_lines_stand_in_it(run: Run, tmp_path: Path) -> None:
    messages = ["make a table\u2028of planets", "hello\x85there", "hi\x0b\x0c\x1c"]
    lines = [json.dumps({"text": text}, ensure_ascii=False) for text in messages]
    lines[2] = lines[2].replace("\\u000b", "\u2029")
    file = tmp_path / "batch.jsonl"
    file.write_bytes("\r\n".join(lines).encode())
    ran = run("gate", "--batch", file)
    assert ran.code == 0
    assert len(ran.out.split("\n")) == len(messages) + 1


@pytest.mark.security
def test_a_line_nested_too_deeply_is_named(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "batch.jsonl"
    file.write_text('{"text": "hello"}\n' + "[" * 200_000 + "\n")
    ran = run("gate", "--batch", file, "--json")
    assert ran.code == 1
    assert "Line 2" in ran.err
    assert "nested too deeply" in ran.err


@pytest.mark.parametrize("arguments", [("gate", "-"), ("gate", "--batch", "-"), ("keys", "set", "acme")])
def test_a_closed_standard_input_is_told(arguments: tuple[str, ...], tmp_path: Path) -> None:
    command = ["sh", "-c", 'exec "$@" <&-', "sh", sys.executable, "-m", "forgeapp", *arguments, "--json"]
    root = Path(__file__).parents[2]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, cwd=root, check=False)
    assert ran.returncode in (1, 2)
    error = json.loads(ran.stdout)["error"]
    assert error["type"] in ("usage", "unreadable_file")
    assert "closed" in error["message"]


def test_a_key_that_is_no_text_is_refused(run: Run) -> None:
    ran = run("keys", "set", "acme", "--json", stdin=b"\xff\xfe\xfd\n", env={"PYTHONUTF8": "1"})
    assert ran.code in (1, 2)
    assert ran.json["error"]["type"] in ("usage", "keyring_missing")
