"""`forgeapp providers` as other programs call it: what is set up, and that a refusal changes and shows nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.end_to_end.conftest import Ran, Run
from tests.end_to_end.samples import add_provider
from tests.fakes.provider_server import FakeServer, Reply

KEY = "sk-live-0123456789abcdef"


@pytest.fixture
def run_here(run_here: Run) -> Run:
    return run_here


def add(run_here: Run, *options: object, base_url: str = "http://127.0.0.1:9/v1") -> Ran:
    return run_here("providers", "add", "acme", "--dialect", "openai-chat", "--base-url", base_url, "--json", *options)


def listed(run_here: Run, *arguments: object, env: dict[str, str] | None = None) -> dict[str, dict[str, Any]]:
    """The rows of `providers list`, or of another verb that gives them, by name."""
    ran = run_here("providers", *(arguments or ("list",)), "--json", env=env)
    assert ran.code == 0, ran.err
    return {row["name"]: row for row in ran.json}


def acme(run_here: Run) -> dict[str, Any]:
    return listed(run_here)["acme"]


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
def test_a_place_that_may_hold_a_key_is_refused_and_not_repeated(run_here: Run, options: tuple[str, str]) -> None:
    assert add(run_here).code == 0
    before = acme(run_here)
    for ran in (
        run_here("providers", "set", "acme", *options, "--json"),
        run_here(*_added_as("other"), *options, "--json"),
    ):
        assert ran.code == 2
        assert ran.json["error"]["type"] == "usage"
        assert KEY not in ran.out + ran.err
    assert acme(run_here) == before


def _added_as(name: str) -> tuple[str, ...]:
    return ("providers", "add", name, "--dialect", "openai-chat", "--base-url", "http://127.0.0.1:9/v1")


def test_an_unknown_price_list_is_refused_with_the_names_of_those_there_are(run_here: Run) -> None:
    ran = add(run_here, "--prices", "opanai")
    assert ran.code == 2
    for name in ("opanai", "local", "none", "openai", "anthropic", "google"):
        assert name in ran.json["error"]["message"]
    add(run_here, "--prices", "openai")
    assert acme(run_here)["prices"] == "openai"
    assert run_here("providers", "set", "acme", "--prices", "nobody", "--json").code == 2
    assert listed(run_here, "set", "acme", "--prices", "local")["acme"]["prices"] == "local"


@pytest.mark.parametrize(
    "wrong",
    [
        ("--price", "m-9=1/1"),
        ("--price", "m-1=dear"),
        ("--price", "m-1=9999999/1"),
        ("--prices", "nobody"),
        ("--key-env", "NOT A NAME"),
        ("--base-url", "nonsense"),
        ("--dialect", "smoke"),
        ("--tier", "m-1=dear"),
        ("--tier", "m-9=cheap"),
        ("--temperature", "m-1=hot"),
        ("--max-output", "m-1=0"),
        ("--requests-per-minute", "0"),
        ("--key", "two words"),
        ("--disable-model", "m-9"),
        ("--remove-model", "m-9"),
        ("--allow-unknown-price", "m-9"),
    ],
)
def test_a_change_with_one_wrong_part_changes_nothing(run_here: Run, wrong: tuple[str, str]) -> None:
    add(run_here, "--model", "m-1")
    before = acme(run_here)
    ran = run_here("providers", "set", "acme", "--model", "m-2", "--price", "m-1=1/2", "--disable", *wrong, "--json")
    assert ran.code == 2
    assert acme(run_here) == before
    models = run_here("providers", "models", "acme", "--json").json
    assert [(model["name"], model["input_usd_per_million"]) for model in models] == [("m-1", None)]


def test_a_new_model_and_its_price_are_set_at_once(run_here: Run) -> None:
    add(run_here, "--model", "m-1")
    assert (
        run_here("providers", "set", "acme", "--model", "m-2", "--price", "m-2=0.5/2", "--key-env", "MY_KEY").code == 0
    )
    models = run_here("providers", "models", "acme", "--json").json
    assert models[1]["name"] == "m-2"
    assert (models[1]["input_usd_per_million"], models[1]["output_usd_per_million"]) == ("0.5", "2")


def test_limits_a_key_and_how_each_model_is_asked_are_set_and_taken_back(run_here: Run) -> None:
    options = (
        *("--model", "m=1", "--model", "m-2", "--tier", "m=1=premium", "--temperature", "m=1=0.2"),
        *("--max-output", "m=1=500", "--allow-unknown-price", "m-2", "--disable-model", "m-2"),
        *("--requests-per-minute", "60", "--tokens-per-minute", "90000", "--key", "work"),
    )
    assert add(run_here, *options).code == 0
    row = acme(run_here)
    assert (row["requests_per_minute"], row["tokens_per_minute"], row["key_name"]) == (60, 90_000, "work")
    assert row["models"] == ["m=1", "m-2"]
    first, second = row["model_details"]
    assert (first["tier"], first["temperature"], first["output_tokens"]) == ("premium", 0.2, 500)
    assert (first["enabled"], first["allows_unknown_price"]) == (True, False)
    assert (second["enabled"], second["allows_unknown_price"]) == (False, True)
    back = ("--tier", "m=1=none", "--temperature", "m=1=none", "--max-output", "m=1=none", "--enable-model", "m-2")
    row = listed(run_here, "set", "acme", *back, "--requests-per-minute", "none", "--key", "none")["acme"]
    assert (row["requests_per_minute"], row["tokens_per_minute"], row["key_name"]) == (None, 90_000, None)
    first, second = row["model_details"]
    assert (first["tier"], first["temperature"], first["output_tokens"], second["enabled"]) == (None, None, None, True)
    assert listed(run_here, "set", "acme", "--remove-model", "m=1")["acme"]["models"] == ["m-2"]
    assert listed(run_here, "set", "acme", "--dialect", "ollama")["acme"]["dialect"] == "ollama"


def test_a_server_of_ones_own_that_speaks_ollamas_protocol_costs_nothing(run_here: Run) -> None:
    run_here("providers", "add", "here", "--dialect", "ollama", "--base-url", "http://127.0.0.1:9")
    run_here("providers", "add", "there", "--dialect", "ollama", "--base-url", "https://models.example.com")
    rows = listed(run_here)
    assert (rows["here"]["prices"], rows["there"]["prices"]) == ("local", "local")


def test_a_fresh_home_knows_vendors_that_only_want_a_key(run_here: Run) -> None:
    rows = listed(run_here)
    assert {name: row["key"] for name, row in rows.items()} == {"gemini": None, "openai": None, "anthropic": None}
    assert listed(run_here, env={"GEMINI_API_KEY": KEY})["gemini"]["key"] == "environment:GEMINI_API_KEY"
    own = ("--dialect", "openai-chat", "--base-url", "http://127.0.0.1:9/v1", "--model", "m-1")
    assert listed(run_here, "add", "openai", *own)["openai"]["models"] == ["m-1"]


@pytest.mark.parametrize("server", [[Reply("ready", piece_delay_s=0.01)]], indirect=True)
def test_a_test_tells_the_latency_and_what_was_learned(run_here: Run, server: FakeServer) -> None:
    add(run_here, "--model", "m-1", "--model", "m-2", base_url=server.base_url)
    result = run_here("providers", "test", "acme", "--model", "m-2", "--json").json
    assert (result["model"], result["status"]) == ("m-2", "ok")
    assert 0 < result["first_token_ms"] <= result["ms"]
    assert result["learned"] == ["It lists 2 models."]
    shown = run_here("providers", "test", "acme").out
    assert "acme/m-1 answered in" in shown
    assert run_here("providers", "test", "acme", "--model", "m-9", "--json").code == 2


@pytest.mark.parametrize("server", [[Reply(status=401, body={"error": {"message": "bad"}})]], indirect=True)
def test_a_rejected_key_marks_the_provider(run_here: Run, server: FakeServer) -> None:
    add(run_here, "--model", "m-1", base_url=server.base_url)
    env = {"ACME_API_KEY": KEY}
    ran = run_here("providers", "test", "acme", "--json", env=env)
    assert (ran.code, ran.json["error"]["type"]) == (1, "key_rejected")
    assert acme(run_here)["mark"] == "key_rejected"
    assert "key rejected" in run_here("providers", "list").out
    server.replies = [Reply("ready")]
    assert "It answers again" in " ".join(run_here("providers", "test", "acme", "--json", env=env).json["learned"])
    assert acme(run_here)["mark"] is None


def test_a_refresh_tells_which_models_are_new_gone_and_back(run_here: Run, server: FakeServer) -> None:
    add(run_here, "--model", "old", base_url=server.base_url)

    def refresh() -> dict[str, str]:
        rows = run_here("providers", "models", "acme", "--refresh", "--json").json
        return {row["name"]: row["change"] for row in rows if row["change"]}

    assert refresh() == {"old": "vanished", "fake-large": "added", "fake-small": "added"}
    assert "no longer listed" in run_here("providers", "models", "acme").out
    server.models = ["old", "fake-small"]
    assert refresh() == {"old": "returned", "fake-large": "vanished"}
    assert refresh() == {}


def test_usage_can_be_told_by_the_key_a_test_was_made_with(run_here: Run, server: FakeServer) -> None:
    add(run_here, "--model", "m-1", "--key-env", "MY_KEY", base_url=server.base_url)
    assert run_here("providers", "test", "acme", "--json", env={"MY_KEY": KEY}).code == 0
    rows = run_here("usage", "--by", "key", "--json").json["rows"]
    assert [(row["key"], row["calls"]) for row in rows] == [("environment:MY_KEY", 1)]


@pytest.mark.parametrize("server", [[Reply("ready")]], indirect=True)
def test_providers_are_added_changed_tested_ordered_and_removed(run_here: Run, server: FakeServer) -> None:
    add_provider(run_here, server)
    add_provider(run_here, server, "spare")
    rows = run_here("providers", "order", "spare", "acme", "--json").json
    assert [row["name"] for row in rows] == ["spare", "acme", "gemini", "openai", "anthropic"]
    assert rows[0].keys() >= {"name", "dialect", "base_url", "models", "enabled", "position", "prices", "key"}
    assert run_here("providers", "test", "acme", "--json").json["status"] == "ok"
    assert run_here("providers", "set", "spare", "--disable", "--json").json[0]["enabled"] is False
    refreshed = run_here("providers", "models", "acme", "--refresh", "--json").json
    assert "m-1" in [row["name"] for row in refreshed]
    assert "spare" not in listed(run_here, "remove", "spare")
    assert run_here("providers", "remove", "spare", "--json").code == 2
    wrong = run_here("providers", "add", "x", "--dialect", "smoke", "--base-url", "http://127.0.0.1", "--json")
    assert wrong.code == 2
    assert "openai-chat" in wrong.json["error"]["message"]
