"""Files in and out by the command line: opened, compared, exported, refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Run

pytestmark = pytest.mark.integration


def test_opening_a_file_and_a_newer_one_gives_two_versions(run_here: Run, tmp_path: Path) -> None:
    (tmp_path / "staff.csv").write_text("name,town\nAnna,Ulm\n")
    opened = run_here("open", tmp_path / "staff.csv", "--json").json
    assert opened["artifact"]["kind"] == "table"
    (tmp_path / "staff.csv").write_text("name,town\nAnna,Bonn\n")
    again = run_here("open", tmp_path / "staff.csv", "--as-version-of", opened["artifact"]["id"], "--json").json
    assert again["artifact"]["version"] == 2
    hunks = run_here("artifacts", "diff", opened["artifact"]["id"], 1, 2, "--json").json["hunks"]
    assert hunks == [{"where": "B2", "before": "Ulm", "after": "Bonn"}]


@pytest.mark.parametrize("extension", ["xlsx", "csv", "pdf", "docx", "md", "html", "json"])
def test_a_table_goes_into_every_format_of_its_kind(run_here: Run, tmp_path: Path, extension: str) -> None:
    (tmp_path / "t.csv").write_text("name,amount\nAnna,12.50\nBen,7\n")
    run_here("open", tmp_path / "t.csv", "--json")
    ran = run_here("export", 1, "--to", tmp_path / f"t.{extension}", "--json")
    assert ran.code == 0, ran.err
    (export,) = ran.json["exports"]
    assert export["verified"] is True
    assert export["bytes"] == (tmp_path / f"t.{extension}").stat().st_size
    assert not list(tmp_path.glob("*.part*"))


def test_an_exported_json_file_opens_as_the_same_artifact(run_here: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("name,amount\nAnna,12.50\n")
    run_here("open", tmp_path / "t.csv")
    run_here("export", 1, "--to", tmp_path / "t.json")
    run_here("open", tmp_path / "t.json")
    assert run_here("artifacts", "show", 1, "--json").json == run_here("artifacts", "show", 2, "--json").json


def test_a_name_that_is_too_long_is_told(run_here: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("name\nAnna\n")
    run_here("open", tmp_path / "t.csv")
    ran = run_here("export", 1, "--to", "x" * 300 + ".md", "--json")
    assert (ran.code, ran.json["error"]["type"]) == (1, "name_too_long")


def test_an_export_that_cannot_be_is_refused_and_leaves_the_old_file(run_here: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("name\nAnna\n")
    run_here("open", tmp_path / "t.csv")
    (tmp_path / "old.pptx").write_text("old")
    ran = run_here("export", 1, "--to", tmp_path / "old.pptx", "--json")
    assert ran.code == 2
    assert "xlsx" in ran.json["error"]["hint"]
    assert (tmp_path / "old.pptx").read_text() == "old"
    assert (
        run_here("export", 1, "--to", tmp_path / "nowhere" / "t.pdf", "--json").json["error"]["type"]
        == "target_not_writable"
    )


@pytest.mark.security
def test_a_formula_that_reaches_out_is_blocked(run_here: Run, tmp_path: Path) -> None:
    (tmp_path / "w.json").write_text(
        json.dumps(
            {"kind": "spreadsheet", "title": "W", "sheets": [{"name": "S", "cells": {"A1": '=WEBSERVICE("http://x")'}}]}
        )
    )
    assert run_here("open", tmp_path / "w.json").code == 0
    ran = run_here("export", 1, "--to", tmp_path / "w.xlsx", "--json")
    assert ran.code == 3
    assert ran.json["status"] == "blocked"
    assert ran.json["error"]["type"] == "unsafe_content"
    assert not (tmp_path / "w.xlsx").exists()


def test_a_file_that_fails_keeps_no_other_from_its_turn_and_those_made_are_told(run_here: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("name\nAnna\n")
    run_here("open", tmp_path / "t.csv")
    ran = run_here("export", 1, "--to", "good.csv", "nowhere/bad.csv", "good.md", "--json")
    assert ran.code == 1
    assert ran.json["error"]["type"] == "target_not_writable"
    assert [Path(item["path"]).name for item in ran.json["exports"]] == ["good.csv", "good.md"]
    told = run_here("export", 1, "--to", "good.csv", "nowhere/bad.csv", "else/where.md")
    assert [line.partition(" (")[0] for line in told.out.splitlines()] == [f"Saved: {tmp_path / 'work' / 'good.csv'}"]
    assert all(word in told.err for word in ("bad.csv cannot be written", "where.md cannot be written"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("good.png", "No table can be written as png"),
        ("plain", "without an extension"),
        ("", "Name a file"),
        ("-", "nothing is written to standard output"),
        ("folder", "folder is a folder: name a file in it, such as folder/NAME.xlsx"),
        ("new/", "new/ is a folder"),
    ],
)
def test_a_name_that_says_no_file_is_told_before_anything_is_written(
    run_here: Run, tmp_path: Path, name: str, words: str
) -> None:
    (tmp_path / "t.csv").write_text("name\nAnna\n")
    run_here("open", tmp_path / "t.csv")
    (tmp_path / "work" / "folder").mkdir()
    ran = run_here("export", 1, "--to", "good.csv", name, "--json")
    assert (ran.code, ran.json["status"]) == (2, "failed")
    assert words in ran.json["error"]["message"]
    assert not (tmp_path / "work" / "good.csv").exists()
    assert run_here("exports", "--json").json == []


@pytest.mark.security
def test_files_in_the_users_folder_are_never_taken_for_libraries(run_here: Run, tmp_path: Path) -> None:
    for name in ("docx.py", "openpyxl.py", "csv.py", "xlsxwriter.py", "forgeapp.py"):
        (tmp_path / "work" / name).write_text("raise RuntimeError('shadow')")
    program = [sys.executable, "-P", "-m", "forgeapp"]
    request = ["forge", "budget for a cafe", "--kind", "spreadsheet", "--yes", "--to", "a.docx", "a.xlsx", "a.csv"]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([*program, *request], cwd=tmp_path / "work", env=env, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_code_goes_into_a_folder_file_by_file_and_replaces_only_when_told(run_here: Run, tmp_path: Path) -> None:
    reply = "**main.py**\n```python\nimport util\n```\n\n**src/util.py**\n```python\nx = 1\n```\n"
    (tmp_path / "reply.md").write_text(reply)
    pasted = run_here("paste", tmp_path / "reply.md", "--request", "write code: a Python module in two files", "--json")
    number = pasted.json["artifact"]["id"]
    ran = run_here("export", number, "--to", f"{tmp_path / 'out'}/", "--json")
    assert ran.code == 0, ran.err
    assert [Path(each["path"]).relative_to(tmp_path / "out").as_posix() for each in ran.json["exports"]] == [
        "main.py",
        "src/util.py",
    ]
    assert all(each["verified"] and each["differences"] == [] for each in ran.json["exports"])
    (tmp_path / "out" / "main.py").write_text("mine")
    refused = run_here("export", number, "--to", tmp_path / "out", "--json")
    assert (refused.code, refused.json["error"]["type"]) == (1, "would_replace")
    assert (tmp_path / "out" / "main.py").read_text() == "mine"
    assert run_here("export", number, "--to", tmp_path / "out", "--yes", "--json").code == 0
    assert (tmp_path / "out" / "main.py").read_text().startswith("import util")
