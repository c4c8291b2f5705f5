"""`export` with its options, and `exports`: the list, and what to do about what is on it."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from forgeapp.app import build
from forgeapp.domain.events import Finished
from forgeapp.domain.export_request import ArtifactSubject, ExportRequest
from forgeapp.ledger.database import utc_after
from forgeapp.services import workers
from forgeapp.services.forge import Forge
from tests.end_to_end.conftest import Run
from tests.unit.ledger.test_export_rows import age

pytestmark = pytest.mark.integration


@pytest.fixture
def artifact(run_here: Run, tmp_path: Path) -> int:
    """A table with one row."""
    (tmp_path / "staff.csv").write_text("name,amount\nAnna,12.50\n")
    return int(run_here("open", tmp_path / "staff.csv", "--json").json["artifact"]["id"])


def test_exports_are_listed_the_newest_first_with_all_that_was_asked_for(
    run_here: Run, artifact: int, tmp_path: Path
) -> None:
    assert run_here("exports").out.strip() == "No exports yet."
    assert run_here("export", artifact, "--to", tmp_path / "a.csv", "--delimiter", "semicolon").code == 0
    assert run_here("export", artifact, "--to", tmp_path / "no" / "b.md").code == 1
    failed, completed = run_here("exports", "--json").json
    assert (completed["status"], completed["path"], completed["options"]) == (
        "completed",
        str(tmp_path / "a.csv"),
        {"delimiter": ";", "keeps_delimiter": False},
    )
    assert (failed["status"], failed["error_type"], failed["bytes"]) == ("failed", "target_not_writable", None)
    assert (failed["artifact"], failed["version"], failed["conversation"]) == (artifact, 1, None)
    assert "failed: target_not_writable" in run_here("exports").out
    assert [row["id"] for row in run_here("exports", "--last", 1, "--json").json] == [failed["id"]]


def test_an_option_that_changes_nothing_is_said_and_no_error(run_here: Run, artifact: int, tmp_path: Path) -> None:
    ran = run_here("export", artifact, "--to", tmp_path / "a.md", "--cover", "--paper", "letter", "--json")
    assert (ran.code, ran.json["exports"][0]["verified"]) == (0, True)
    assert f"Without effect in {tmp_path / 'a.md'}: --cover, --paper." in ran.err
    assert "Without effect" not in run_here("export", artifact, "--to", tmp_path / "b.md").err


def test_what_failed_is_done_again_and_the_list_is_cleared(run_here: Run, artifact: int, tmp_path: Path) -> None:
    target = tmp_path / "later" / "a.md"
    run_here("export", artifact, "--to", target)
    target.parent.mkdir()
    ran = run_here("exports", "retry", 1, "--json")
    assert (ran.code, ran.json["exports"][0]["path"]) == (0, str(target))
    assert target.exists()
    refused = run_here("exports", "retry", 1, "--keep-differing", "--json")
    assert (refused.code, refused.json["error"]["type"]) == (2, "usage")
    assert run_here("exports", "retry", 77, "--json").json["error"]["type"] == "unknown_export"
    assert run_here("exports", "clear", "--json").json == {"cleared": 2}
    assert run_here("exports", "--json").json == []
    assert target.exists()


@pytest.fixture
def json_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of every JSON file a row is missing."""
    script = (
        "from forgeapp.exporters import json; json.EXPORTER.verify = lambda *_: ['row 2 is missing'];"
        "from forgeapp.services.workers import serve; serve()"
    )
    monkeypatch.setattr(workers, "_command", lambda: [sys.executable, "-c", script])


@pytest.mark.usefixtures("json_differs")
def test_of_a_turns_files_one_that_fails_keeps_no_other_from_its_turn(run_here: Run, tmp_path: Path) -> None:
    (tmp_path / "reply.md").write_text("| Town | Size |\n|---|---|\n| Ulm | 1 |\n")
    ran = run_here("paste", tmp_path / "reply.md", "--request", "a table", "--to", "a.json", "b.md", "--json")
    assert (ran.code, ran.json["status"], ran.json["error"]["type"]) == (1, "failed", "export_differs")
    assert [Path(path).name for path in ran.json["exports"]] == ["b.md"]
    assert ran.json["artifact"]["id"] == 1
    assert "'forgeapp exports retry NUMBER --keep-differing' keeps it" in ran.err


@pytest.mark.usefixtures("json_differs")
def test_a_file_that_differs_is_refused_and_kept_when_told(run_here: Run, artifact: int, tmp_path: Path) -> None:
    refused = run_here("export", artifact, "--to", tmp_path / "a.json", "--json")
    assert (refused.code, refused.json["error"]["type"], refused.json["exports"]) == (1, "export_differs", [])
    assert "row 2 is missing" in refused.json["error"]["message"]
    assert "--keep-differing" in refused.err
    assert not (tmp_path / "a.json").exists()
    (kept,) = run_here("exports", "retry", 1, "--keep-differing", "--json").json["exports"]
    assert (kept["verified"], kept["differences"]) == (False, ["row 2 is missing"])
    assert (tmp_path / "a.json").exists()
    ran = run_here("export", artifact, "--to", tmp_path / "b.json", "--keep-differing")
    assert (ran.code, "Differs: row 2 is missing" in ran.out) == (0, True)
    assert "completed, differs" in run_here("exports").out


def test_what_a_program_left_waiting_is_taken_out_or_run(
    run_here: Run, artifact: int, tmp_path: Path, home: Path
) -> None:
    from tests.unit.services.exporting.desk import disown

    with build(home) as app:
        for name in ("a.md", "b.md"):
            app.exports.enqueue(ExportRequest(ArtifactSubject(artifact, 1), tmp_path / name))
        disown(app.ledger)
    assert run_here("exports", "cancel", 1, "--json").json == {"cancelled": 1}
    assert run_here("exports", "cancel", 1, "--json").json["error"]["type"] == "export_not_waiting"
    resumed = run_here("exports", "resume", "--json").json["exports"]
    assert [Path(each["path"]).name for each in resumed] == ["b.md"]
    assert [row["status"] for row in run_here("exports", "--json").json] == ["completed", "cancelled"]
    assert not (tmp_path / "a.md").exists()


def test_of_those_left_waiting_one_that_fails_keeps_no_other_from_its_turn(
    run_here: Run, artifact: int, tmp_path: Path, home: Path
) -> None:
    from tests.unit.services.exporting.desk import disown

    with build(home) as app:
        for name in ("gone/a.md", "b.md"):
            app.exports.enqueue(ExportRequest(ArtifactSubject(artifact, 1), tmp_path / name))
        disown(app.ledger)
    resumed = run_here("exports", "resume", "--json")
    assert (resumed.code, resumed.json["error"]["type"]) == (1, "target_not_writable")
    assert [Path(each["path"]).name for each in resumed.json["exports"]] == ["b.md"]
    assert [row["status"] for row in run_here("exports", "--json").json] == ["completed", "failed"]


def test_a_limit_is_waited_for_and_said(run_here: Run, artifact: int, tmp_path: Path, home: Path) -> None:
    run_here("settings", "set", "exports_per_minute", 1)
    run_here("export", artifact, "--to", tmp_path / "a.md")
    with build(home) as app:
        age(app.ledger, 1, utc_after(-59))
    ran = run_here("export", artifact, "--to", tmp_path / "b.md")
    assert ran.code == 0
    assert "1 exports a minute are allowed: this one begins in 1 s." in ran.err
    assert (tmp_path / "b.md").exists()


def test_a_conversation_is_exported_as_a_document_and_as_an_archive(
    run_here: Run, artifact: int, tmp_path: Path
) -> None:
    reply = tmp_path / "reply.md"
    reply.write_text("Here it is.\n\n| Town | Size |\n|---|---|\n| Ulm | 1 |\n")
    number = run_here("paste", reply, "--request", "make a table of towns", "--json").json["conversation"]
    ran = run_here("export", "--conversation", number, "--to", tmp_path / "talk.md", tmp_path / "talk.zip", "--json")
    assert (ran.code, [each["verified"] for each in ran.json["exports"]]) == (0, [True, True])
    assert "make a table of towns" in (tmp_path / "talk.md").read_text()
    assert "chat.html" in zipfile.ZipFile(tmp_path / "talk.zip").namelist()
    assert run_here("exports", "--json").json[0]["conversation"] == number


@pytest.mark.parametrize(
    "arguments",
    [
        ("export", "--to", "a.md"),
        ("export", "1", "--conversation", "1", "--to", "a.md"),
        ("export", "--conversation", "1", "--version", "1", "--to", "a.md"),
        ("export", "--conversation", "77", "--to", "a.md"),
        ("export", "1", "--to", "a.csv", "--delimiter", "colon"),
        ("exports", "retry"),
    ],
)
def test_wrong_usage_is_told(run_here: Run, arguments: tuple[str, ...]) -> None:
    assert run_here(*arguments).code == 2


def test_the_list_takes_its_length_before_and_behind(run_here: Run, artifact: int, tmp_path: Path) -> None:
    assert run_here("export", artifact, "--to", tmp_path / "a.csv", tmp_path / "b.csv").code == 0
    assert len(run_here("exports", "list", "--last", 1, "--json").json) == 1
    assert len(run_here("exports", "--last", 1, "list", "--json").json) == 1
    assert len(run_here("exports", "list", "--json").json) == 2


def test_a_file_named_twice_is_written_once_and_one_that_is_replaced_is_told_of(
    run_here: Run, artifact: int, tmp_path: Path
) -> None:
    target = tmp_path / "a.md"
    ran = run_here("export", artifact, "--to", target, tmp_path / "." / "a.md", f"{tmp_path}//a.md", "--json")
    assert (ran.code, len(ran.json["exports"])) == (0, 1)
    assert "Named twice, written once" in ran.err and "replaced" not in ran.err
    again = run_here("export", artifact, "--to", target)
    assert again.code == 0
    assert f"A file stands at {target}: it will be replaced." in again.err


def test_a_name_that_is_too_long_is_told_as_that(run_here: Run, artifact: int, tmp_path: Path) -> None:
    ran = run_here("export", artifact, "--to", tmp_path / f"{'x' * 300}.md", "--json")
    assert (ran.code, ran.json["error"]["type"]) == (1, "name_too_long")
    assert "shorter name" in ran.json["error"]["hint"]


def test_a_target_of_forge_named_twice_is_written_once_and_one_changed_meanwhile_stays(
    run_here: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "old.csv").write_text("old")
    reply = "| A | B |\n|---|---|\n| 1 | 2 |\n"
    paste = ["paste", "-", "--request", "a table", "--kind", "table", "--json", "--to"]
    ran = run_here(*paste, tmp_path / "new.csv", tmp_path / "." / "new.csv", stdin=reply)
    assert len(ran.json["exports"]) == 1
    assert "Named twice, written once" in ran.err

    made = Forge.paste

    def make_while_somebody_writes(*asked: Any) -> Finished:
        (tmp_path / "old.csv").write_text("written meanwhile")
        return made(*asked)

    monkeypatch.setattr(Forge, "paste", make_while_somebody_writes)
    ran = run_here(*paste, tmp_path / "old.csv", stdin=reply)
    assert (ran.code, ran.json["error"]["type"], ran.json["exports"]) == (1, "target_changed", [])
    assert ran.json["artifact"] is not None
    assert (tmp_path / "old.csv").read_text() == "written meanwhile"
