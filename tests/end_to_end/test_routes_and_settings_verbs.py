"""`forgeapp route`, `settings` and `reports` as other programs call them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Run
from tests.end_to_end.samples import add_provider
from tests.fakes.provider_server import FakeServer, Reply

pytestmark = pytest.mark.integration


@pytest.fixture
def run_here(run_here: Run) -> Run:
    return run_here


def test_routes_are_set_listed_and_removed(run_here: Run) -> None:
    assert run_here("route", "list", "--json").json == []
    large_tables = ("--kind", "table", "--size", "large")
    run_here("route", "set", *large_tables, "--tier", "premium", "--temperature", "0.2")
    (row,) = run_here("route", "set", *large_tables, "--tier", "cheap", "--stop", "END", "--json").json
    assert row == {
        "project": None,
        "conversation": None,
        "kind": "table",
        "size": "large",
        "tier": "cheap",
        "model": None,
        "temperature": None,
        "max_output_tokens": None,
        "stop": ["END"],
    }
    assert "cheap models" in run_here("route").out
    assert run_here("route", "remove", "--kind", "table", "--json").json == [row]
    assert run_here("route", "remove", *large_tables, "--json").json == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("set",),
        ("set", "--model", "acme"),
        ("set", "--model", "acme/m-9"),
        ("set", "--model", "nobody/m-1"),
        ("set", "--tier", "cheap", "--model", "acme/m-1"),
        ("set", "--tier", "cheap", "--conversation", "7"),
        ("set", "--tier", "cheap", "--conversation", "7", "--project", "P"),
        ("set", "--temperature", "2.1"),
        ("set", "--max-output", "0"),
        ("set", "--tier", "dear"),
    ],
)
def test_a_route_that_leads_nowhere_is_refused(run_here: Run, server: FakeServer, arguments: tuple[str, ...]) -> None:
    add_provider(run_here, server)
    ran = run_here("route", *arguments, "--json")
    assert (ran.code, ran.json["status"]) == (2, "failed")
    assert run_here("route", "list", "--json").json == []


def test_a_route_a_models_own_wish_and_the_message_say_how_it_is_asked(run_here: Run, server: FakeServer) -> None:
    add_provider(run_here, server)
    changes = ("--model", "m-2", "--tier", "m-2=premium", "--temperature", "m-2=0.1", "--max-output", "m-2=700")
    run_here("providers", "set", "acme", *changes)
    run_here("route", "set", "--tier", "premium", "--stop", "END")
    run_here("forge", "how are you?")
    asked = server.chats[-1].json
    assert (asked["model"], asked["temperature"], asked["stop"]) == ("m-2", 0.1, ["END"])
    run_here("forge", "and how are you now?", "--tier", "cheap")
    assert server.chats[-1].json["model"] == "m-1"
    run_here(
        "forge",
        "and now?",
        "--model",
        "acme/m-2",
        "--temperature",
        "0.9",
        "--max-output",
        "50",
        "--stop",
        "A",
        "--stop",
        "B",
    )
    asked = server.chats[-1].json
    assert (asked["model"], asked["temperature"], asked["stop"]) == ("m-2", 0.9, ["A", "B"])
    assert 50 in asked.values()


def test_settings_are_shown_changed_and_put_back(run_here: Run, home: Path) -> None:
    rows = {row["name"]: row for row in run_here("settings", "get", "--json").json}
    assert rows["attempts"] == {"name": "attempts", "value": 3, "default": 3}
    assert not home.exists()
    assert run_here("settings", "set", "retry_waits_s", "0.5,1", "--json").json[0]["value"] == [0.5, 1]
    assert run_here("settings", "set", "theme", "dark").code == 0
    assert json.loads((home / "settings.json").read_text()) == {"retry_waits_s": [0.5, 1], "theme": "dark"}
    shown = run_here("settings", "get", "theme").out
    assert "dark" in shown and "The window's colours: system, light or dark." in shown
    run_here("settings", "set", "theme", "default")
    assert json.loads((home / "settings.json").read_text()) == {"retry_waits_s": [0.5, 1]}


@pytest.mark.parametrize(
    "arguments",
    [("get", "colour"), ("set", "colour", "1"), ("set", "attempts", "0"), ("set", "attempts", "many"),
     ("set", "theme", "mauve"), ("set", "retry_waits_s", "1,x"), ("set", "ask_above_usd", "-1"), ("set", "attempts")],
)  # fmt: skip
def test_a_setting_that_cannot_be_is_refused_and_changes_nothing(
    run_here: Run, home: Path, arguments: tuple[str, ...]
) -> None:
    ran = run_here("settings", *arguments, "--json")
    assert (ran.code, ran.json["status"]) == (2, "failed")
    assert not (home / "settings.json").exists()


@pytest.mark.parametrize("server", [[Reply(status=503, body="<h1>down</h1>")]], indirect=True)
def test_a_report_of_a_failure_is_named_listed_shown_and_written(
    run_here: Run, server: FakeServer, impatient: None, tmp_path: Path
) -> None:
    assert run_here("reports", "list", "--json").json == []
    add_provider(run_here, server)
    ran = run_here("forge", "what is six times seven?", "--json")
    assert ran.code == 1
    assert Path(ran.json["report"]).read_text("utf-8").startswith("# Failure report FR-000001")
    (row,) = run_here("reports", "--json").json
    assert (row["id"], row["name"], row["task"]) == (1, "FR-000001", "what is six times seven?")
    shown = run_here("reports", "show", "fr-000001", "--json").json
    assert "acme/m-1" in shown["markdown"]
    assert run_here("reports", "show", "1").out.startswith("# Failure report")
    assert run_here("reports", "show", "1", "--to", tmp_path / "r.pdf", "--json").json["export"] == str(
        tmp_path / "r.pdf"
    )
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")
    for wrong in ("2", "FR-000002", "x"):
        assert run_here("reports", "show", wrong, "--json").code == 2
