"""What can be known and made of versions from the command line: names, origins, copies, sources."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.end_to_end.conftest import Run

pytestmark = pytest.mark.integration


@pytest.fixture
def staff(run_here: Run, tmp_path: Path) -> int:
    """A table of two versions, opened from files."""
    (tmp_path / "staff.csv").write_text("name,town\nAnna,Ulm\n")
    number = int(run_here("open", tmp_path / "staff.csv", "--json").json["artifact"]["id"])
    (tmp_path / "staff.csv").write_text("name,town\nAnna,Bonn\n")
    run_here("open", tmp_path / "staff.csv", "--as-version-of", number)
    return number


def test_a_version_is_given_a_name_and_listed_with_it(run_here: Run, staff: int) -> None:
    assert run_here("artifacts", "label", staff, 1, "as sent", "--json").json["label"] == "as sent"
    rows = run_here("artifacts", "versions", staff, "--json").json
    assert [(row["version"], row["origin"], row["label"]) for row in rows] == [
        (2, "imported", None),
        (1, "imported", "as sent"),
    ]
    run_here("artifacts", "label", staff, 1, "")
    assert run_here("artifacts", "versions", staff, "--json").json[1]["label"] is None
    assert run_here("artifacts", "label", staff, 9, "x", "--json").json["error"]["type"] == "unknown_version"


def test_provenance_tells_the_steps_to_a_version(run_here: Run, staff: int) -> None:
    run_here("artifacts", "restore", staff, 1)
    found = run_here("artifacts", "provenance", staff, "--json").json
    assert (found["version"], found["cost_nano_usd"]) == (3, 0)
    assert [(step["version"], step["origin"]) for step in found["steps"]] == [
        (1, "imported"),
        (2, "imported"),
        (3, "restored"),
    ]
    assert (found["steps"][0]["file"], found["steps"][2]["restored_from"]) == ("staff.csv", 1)
    told = run_here("artifacts", "provenance", staff, "--version", 1).out
    assert "opened from a file" in told
    assert "File: staff.csv" in told


@pytest.mark.parametrize("extension", ["pdf", "docx", "html", "md", "xlsx"])
def test_the_page_on_where_it_comes_from_is_exported_with_it(
    run_here: Run, staff: int, tmp_path: Path, extension: str
) -> None:
    ran = run_here("export", staff, "--provenance", "--to", tmp_path / f"staff.{extension}", "--json")
    (export,) = ran.json["exports"]
    assert (export["verified"], export["differences"]) == (True, [])
    path = tmp_path / f"staff.{extension}"
    if extension == "xlsx":
        book = openpyxl.load_workbook(path)
        assert book.sheetnames[1:] == ["Provenance", "Versions"]
        assert "staff.csv" in [cell.value for row in book["Provenance"].iter_rows() for cell in row]
    elif extension in ("html", "md"):
        assert "Provenance" in path.read_text("utf-8")
        assert "staff.csv" in path.read_text("utf-8")


def test_a_version_is_saved_as_a_new_artifact_and_as_a_version_of_another(run_here: Run, staff: int) -> None:
    made = run_here("artifacts", "save-as", staff, "--version", 1, "--title", "Copy", "--json").json["artifact"]
    assert (made["kind"], made["version"]) == ("table", 1)
    assert run_here("artifacts", "show", made["id"], "--json").json["rows"] == [["Anna", "Ulm"]]
    again = run_here("artifacts", "save-as", staff, "--as-version-of", made["id"], "--json").json["artifact"]
    assert again == {"id": made["id"], "kind": "table", "version": 2}
    shown = run_here("artifacts", "show", made["id"], "--json").json
    assert (shown["title"], shown["rows"]) == ("Copy", [["Anna", "Bonn"]])
    steps = run_here("artifacts", "provenance", made["id"], "--json").json["steps"]
    assert [step["origin"] for step in steps] == ["copied", "copied"]


def test_a_table_is_no_version_of_a_document(run_here: Run, staff: int, tmp_path: Path) -> None:
    (tmp_path / "letter.md").write_text("# Letter\n\nDear all\n")
    letter = run_here("open", tmp_path / "letter.md", "--json").json["artifact"]["id"]
    ran = run_here("artifacts", "save-as", staff, "--as-version-of", letter, "--json")
    assert ran.code == 2
    assert "cannot be a version of a document" in ran.json["error"]["message"]


def test_sources_come_from_files_and_from_artifacts(run_here: Run, staff: int, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Beans cost 18.50")
    first = run_here("sources", "add", tmp_path / "notes.txt", "--project", "Cafe", "--json").json["source"]
    second = run_here("artifacts", "save-as", staff, "--as-source", "--json").json["source"]
    rows = run_here("sources", "--json").json
    assert [row["id"] for row in rows] == [second["id"], first["id"]]
    assert (rows[0]["origin"], rows[1]["origin"]) == ({"artifact": staff, "version": 2}, {"file": "notes.txt"})
    assert rows[1]["project"] == "Cafe"


def test_a_source_goes_into_the_prompt_as_data(run_here: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Beans cost 18.50")
    source = run_here("sources", "add", tmp_path / "notes.txt", "--json").json["source"]["id"]
    preview = run_here("preview", "make a table of the prices", "--source", source, "--json").json
    sent = preview["messages"][-1]["content"]
    assert '<data name="notes.txt">\nBeans cost 18.50\n</data>' in sent
    assert run_here("preview", "x", "--source", 99, "--json").json["error"]["type"] == "unknown_source"


def test_every_line_of_a_difference_has_its_mark_and_a_cell_of_two_lines_stays_in_its_row(
    run_here: Run, tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_text('Text,Cost\n"EDF\nRef 00123",84.50\n')
    table = run_here("open", tmp_path / "t.csv", "--json").json["artifact"]["id"]
    assert run_here("artifacts", "show", table).out == "Text           Cost\nEDF\u21b5Ref 00123  84.50\n"
    (tmp_path / "t.csv").write_text('Text,Cost\n"EDF\nRef 00124",84.50\n')
    run_here("open", tmp_path / "t.csv", "--as-version-of", table)
    out = run_here("artifacts", "diff", table, 1, 2).out
    assert out == "A2:\n- EDF\n- Ref 00123\n+ EDF\n+ Ref 00124\n"
