"""`forgeapp revise`: a change of one artifact, taken or only shown, with its hunks."""

from __future__ import annotations

from pathlib import Path

import pytest

from forgeapp.app import build
from forgeapp.domain.document import Document
from forgeapp.ledger.proposals import NewProposal
from forgeapp.ledger.turns import FinishedTurn
from tests.end_to_end.conftest import Run
from tests.end_to_end.samples import USAGE, add_provider
from tests.end_to_end.test_forge_verb import FORGE_KEYS
from tests.fakes.provider_server import FakeServer, Reply

pytestmark = pytest.mark.integration

LETTER = "# Quote\n\nPlease find attached our quote.\n\nKind regards\n"
WARMER = """Warmer now.

<<<<<<< SEARCH
Please find attached our quote.
=======
Thank you for the tour on Tuesday.
>>>>>>> REPLACE
"""
OPERATIONS = """```json
{"operations":[{"op":"insert_columns","at":"C","columns":[{"name":"VAT","fill":"=B2*0.19"}]}]}
```
"""


@pytest.fixture
def letter(run_here: Run, tmp_path: Path) -> int:
    (tmp_path / "quote.md").write_text(LETTER)
    return int(run_here("open", tmp_path / "quote.md", "--json").json["artifact"]["id"])


@pytest.mark.parametrize("server", [[Reply(WARMER, usage=USAGE)]], indirect=True)
def test_a_change_is_taken_and_told_by_its_hunks(run_here: Run, server: FakeServer, letter: int) -> None:
    add_provider(run_here, server)
    ran = run_here("revise", letter, "make it warmer", "--json")
    assert ran.code == 0, ran.err
    assert ran.json.keys() == FORGE_KEYS | {"hunks"}
    assert (ran.json["status"], ran.json["intent"]) == ("done", "revise")
    assert ran.json["artifact"] == {"id": letter, "kind": "document", "version": 2}
    assert ran.json["hunks"] == [
        {
            "where": "line 3",
            "before": "Please find attached our quote.",
            "after": "Thank you for the tour on Tuesday.",
        }
    ]
    assert ran.json["cost_nano_usd"] == 900_000
    shown = run_here("artifacts", "show", letter, "--json").json["markdown"]
    assert shown == LETTER.rstrip("\n").replace("Please find attached our quote.", "Thank you for the tour on Tuesday.")


@pytest.mark.parametrize("server", [[Reply(WARMER, usage=USAGE)]], indirect=True)
def test_with_accept_none_the_change_is_shown_and_nothing_is_made_of_it(
    run_here: Run, server: FakeServer, letter: int
) -> None:
    add_provider(run_here, server)
    ran = run_here("revise", letter, "make it warmer", "--accept", "none", "--json")
    assert (ran.json["status"], ran.json["artifact"], len(ran.json["hunks"])) == ("done", None, 1)
    assert [row["version"] for row in run_here("artifacts", "versions", letter, "--json").json] == [1]
    told = run_here("revise", letter, "make it warmer", "--accept", "none")
    assert "+ Thank you for the tour on Tuesday." in told.out
    assert "Nothing was taken" in told.out


@pytest.mark.parametrize("server", [[Reply(WARMER, usage=USAGE)]], indirect=True)
def test_a_change_that_waits_in_the_window_outlives_one_that_is_but_shown(
    run_here: Run, server: FakeServer, letter: int
) -> None:
    add_provider(run_here, server)
    waiting = NewProposal(letter, 1, Document("Quote", LETTER.replace("Kind", "Warm")), "Quote")
    with build() as app:
        app.ledger.turns.finish(FinishedTurn(1, "Done.", proposals=[waiting]))
    ran = run_here("revise", letter, "make it warmer", "--accept", "none", "--json")
    assert [hunk["after"] for hunk in ran.json["hunks"]] == ["Thank you for the tour on Tuesday."]
    with build() as app:
        proposal = app.ledger.proposals.pending(letter)
        assert proposal is not None
        assert proposal.content == waiting.content


@pytest.mark.parametrize("server", [[Reply(WARMER, usage=USAGE)]], indirect=True)
def test_a_selection_goes_along_and_must_stand_there(run_here: Run, server: FakeServer, letter: int) -> None:
    add_provider(run_here, server)
    ran = run_here("revise", letter, "warmer", "--selection", "attached our quote", "--json")
    assert ran.code == 0, ran.err
    sent = server.requests[-1].json["messages"][-1]["content"]
    assert "<selection>\nline 3:\nattached our quote\n</selection>" in sent
    refused = run_here("revise", letter, "warmer", "--selection", "no such words", "--json")
    assert (refused.code, refused.json["error"]["type"]) == (2, "selection_not_found")


@pytest.mark.parametrize("server", [[Reply(OPERATIONS, usage=USAGE)]], indirect=True)
def test_cells_are_selected_by_address_and_a_workbook_is_changed_by_operations(
    run_here: Run, server: FakeServer, tmp_path: Path
) -> None:
    (tmp_path / "prices.csv").write_text("Item,Net,Gross\nTea,10,=B2*1.19\nMilk,20,=B3*1.19\n")
    number = run_here("open", tmp_path / "prices.csv", "--json").json["artifact"]["id"]
    add_provider(run_here, server)
    ran = run_here("revise", number, "add a VAT column", "--selection", "B2:C3", "--json")
    assert [hunk["where"].partition("!")[2] for hunk in ran.json["hunks"]] == ['column C "VAT"']
    cells = run_here("artifacts", "show", number, "--json").json["sheets"][0]["cells"]
    assert (cells["C3"], cells["D3"]) == ("=B3*0.19", "=B3*1.19")
    assert "B2:C3:\n10\t=B2*1.19\n20\t=B3*1.19" in server.requests[-1].json["messages"][-1]["content"]


def test_without_a_provider_a_change_says_what_to_set_up(run_here: Run, letter: int) -> None:
    ran = run_here("revise", letter, "make it warmer", "--json")
    assert (ran.code, ran.json["status"], ran.json["error"]["type"]) == (1, "failed", "no_provider")
    assert run_here("revise", 99, "make it warmer", "--json").json["error"]["type"] == "unknown_artifact"
