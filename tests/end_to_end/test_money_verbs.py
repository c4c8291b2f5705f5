"""`forgeapp usage`, `budget` and `cache` as other programs call them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import Run
from tests.end_to_end.samples import USAGE, add_provider
from tests.fakes.provider_server import FakeServer, Reply

pytestmark = pytest.mark.integration


@pytest.fixture
def run_here(run_here: Run) -> Run:
    return run_here


def test_usage_of_known_and_unknown_cost_is_shown_and_written_as_a_file(run_here: Run, tmp_path: Path) -> None:
    assert run_here("usage", "--json").json["rows"] == []
    with FakeServer(Reply("fine", usage=USAGE)) as server:
        add_provider(run_here, server)
        run_here("forge", "how are you?")
        run_here("providers", "set", "acme", "--model", "m-2")
        run_here("forge", "how are you?", "--model", "acme/m-2")
    shown = run_here("usage", "--by", "model", "--to", tmp_path / "u.csv").out.splitlines()
    assert "$ 0.0009" in shown[1]
    assert "unknown" in shown[2]
    assert "at least $ 0.0009" in shown[3]
    lines = (tmp_path / "u.csv").read_text("utf-8-sig").splitlines()
    assert lines[0] == "Model,Calls,Input tokens,Output tokens,Cost (USD),Calls of unknown cost"
    assert lines[1] == "m-1,1,1000,200,0.000900000,0"
    assert lines[2] == "m-2,1,1000,200,unknown,1"
    assert lines[3] == "Total,2,2000,400,0.000900000,1"


def budgets(run_here: Run) -> dict[tuple[str | None, str | None], dict[str, Any]]:
    return {(row["project"], row["kind"]): row for row in run_here("budget", "show", "--json").json["rows"]}


def test_budgets_are_set_shown_and_taken_away(run_here: Run) -> None:
    assert run_here("budget", "show", "--json").json == {"rows": []}
    assert "forgeapp budget set" in run_here("budget").out
    for arguments in (("12.50",), ("3", "--project", "Cafe"), ("0.000000001", "--project", "Cafe", "--kind", "table")):
        assert run_here("budget", "set", *arguments).code == 0
    assert {scope: row["budget_nano_usd"] for scope, row in budgets(run_here).items()} == {
        (None, None): 12_500_000_000,
        ("Cafe", None): 3_000_000_000,
        ("Cafe", "table"): 1,
    }
    assert budgets(run_here)[None, None].keys() == {
        "project", "kind", "budget_nano_usd", "settled_nano_usd", "reserved_nano_usd", "left_nano_usd",
        "unknown_cost_calls",
    }  # fmt: skip
    assert "$ 12.50" in run_here("budget", "show").out
    run_here("budget", "set", "none", "--project", "Cafe")
    assert set(budgets(run_here)) == {(None, None), ("Cafe", "table")}


def test_a_spent_budget_sends_nothing_and_says_who_was_not_asked_and_what_to_do(run_here: Run) -> None:
    with FakeServer(Reply("fine", usage=USAGE)) as server:
        add_provider(run_here, server)
        run_here("budget", "set", "0.000001")
        ran = run_here("forge", "how are you?")
        assert server.chats == []
    assert ran.code == 3
    assert "Not asking acme. The monthly budget does not allow this" in ran.err
    assert "Raise the budget with 'forgeapp budget set'" in ran.err


@pytest.mark.parametrize("amount", ["", "-1", "1e400", "nan", "1e9", "12,50", "0.0000000001", "9" * 30, "x"])
def test_what_is_no_amount_is_refused(run_here: Run, amount: str) -> None:
    ran = run_here("budget", "set", "--json", "--", amount)
    assert ran.code == 2
    assert ran.json["error"]["type"] == "usage"


def test_a_call_that_may_cost_more_than_is_left_is_blocked_and_costs_nothing(run_here: Run) -> None:
    with FakeServer(Reply("fine", usage=USAGE)) as server:
        add_provider(run_here, server)
        run_here("budget", "set", "0.00001")
        ran = run_here("forge", "how are you?", "--model", "acme/m-1", "--json")
        assert server.chats == []
        assert (ran.code, ran.json["status"], ran.json["error"]["type"]) == (3, "blocked", "budget_exceeded")
        run_here("budget", "set", "5")
        assert run_here("forge", "how are you?", "--json").json["cost_nano_usd"] == 900_000
    row = budgets(run_here)[None, None]
    assert (row["settled_nano_usd"], row["reserved_nano_usd"], row["left_nano_usd"]) == (900_000, 0, 4_999_100_000)


def test_under_a_budget_a_call_of_unknown_price_needs_consent(run_here: Run) -> None:
    with FakeServer(Reply("fine")) as server:
        add_provider(run_here, server)
        run_here("providers", "set", "acme", "--model", "m-2")
        run_here("budget", "set", "5")
        request = ("forge", "how are you?", "--model", "acme/m-2", "--json")
        refused = run_here(*request)
        assert (refused.code, refused.json["error"]["type"]) == (3, "price_unknown")
        assert "--allow-unknown-price m-2" in refused.json["error"]["hint"]
        assert server.chats == []
        run_here("providers", "set", "acme", "--allow-unknown-price", "m-2")
        allowed = run_here(*request)
        assert (allowed.code, allowed.json["cost_nano_usd"]) == (0, None)
    assert budgets(run_here)[None, None]["unknown_cost_calls"] == 1


def test_the_same_question_is_answered_from_what_was_kept(run_here: Run) -> None:
    with FakeServer(Reply("It is 42.", usage=USAGE), Reply("It is 43.")) as server:
        add_provider(run_here, server)
        asked = ("forge", "what is six times seven?", "--json")
        assert run_here(*asked).json["from"] == "provider"
        again = run_here(*asked).json
        assert (again["from"], again["content"], again["cost_nano_usd"]) == ("cache", "It is 42.", 0)
        assert [call["status"] for call in again["calls"]] == ["cached"]
        assert run_here("cache", "show", "--json").json == {"replies": 1, "uses": 1, "days": 90}
        assert run_here(*asked, "--no-cache").json["content"] == "It is 43."
        assert run_here("cache", "clear", "--json").json["forgotten"] == 2
        run_here(*asked)
        assert len(server.chats) == 3
