"""The command line as a whole, as a real process: wrong usage, help, homes that cannot be used, crashes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.conftest import TIMEOUT_S, Run

pytestmark = pytest.mark.integration


@pytest.mark.parametrize(
    "arguments",
    [
        ("export", "1"),
        ("forge",),
        ("gate",),
        ("artifacts", "show", "x"),
        ("forge", "hello", "--kind", "song"),
        ("artifacts", "show", "99"),
        ("forge", "hello", "--model", "nobody/m"),
        ("forge", "hello", "--conversation", "7"),
        ("sing",),
        ("forge", "  "),
        ("preview", "hello", "--conversation", "7"),
        ("artifacts", "show", "99999999999999999999"),
        ("forge", "hello", "--conversation", "0"),
    ],
)
def test_wrong_usage_is_exit_2_with_an_error_object(run_here: Run, arguments: tuple[str, ...]) -> None:
    ran = run_here(*arguments, "--json")
    assert ran.code == 2
    assert ran.json["status"] == "failed"
    assert ran.json["error"]["message"]
    assert ran.err


def test_wrong_usage_is_the_exit_code_of_the_process(run: Run) -> None:
    ran = run("export", "1", "--json")
    assert (ran.code, ran.json["status"]) == (2, "failed")


def test_help_names_every_verb(run: Run) -> None:
    text = run("--help").out
    verbs = (
        "forge preview paste gate read open artifacts export providers keys route budget usage cache reports settings"
    )
    for verb in (*verbs.split(), "doctor"):
        assert f"\n  {verb} " in text


def test_help_of_open_names_what_it_opens(run: Run) -> None:
    words = "Make an artifact of a file: DOCX, XLSX, CSV, Markdown, HTML, JSON, pictures, code."
    assert words in run("open", "--help").out


def test_help_of_export_names_the_formats_of_each_kind_and_option(run_here: Run) -> None:
    told = run_here("export", "--help").out
    assert "image         PNG, JPG, WEBP, PDF, DOCX" in told
    assert "conversation  PDF, DOCX, HTML, MD, ZIP, JSON" in told
    assert "a table of contents: PDF, DOCX, HTML" in told


def test_help_of_an_action_says_what_it_does(run_here: Run) -> None:
    assert "Take one that waits out of the queue." in run_here("exports", "cancel", "--help").out


@pytest.mark.availability
def test_a_damaged_database_is_told_and_left_alone(run: Run, home: Path) -> None:
    home.mkdir(parents=True)
    (home / "forgeapp.db").write_bytes(b"not a database " * 1000)
    ran = run("artifacts", "--json")
    assert ran.code == 1
    assert ran.json["error"]["type"] == "database_damaged"
    assert str(home / "backups") in ran.json["error"]["hint"]


@pytest.mark.availability
def test_a_home_that_cannot_be_written_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ran = run("artifacts", "--home", tmp_path / "file" / "home", "--json")
    assert ran.code == 1
    assert ran.json["error"]["type"] == "home_not_writable"


def test_a_crash_is_logged_in_the_home_it_happened_in(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (
        "import sys; from forgeapp import cli; import forgeapp.cli.templates as verb;"
        "verb.run = lambda *_: 1 / 0; sys.exit(cli.main(sys.argv[1:]))"
    )
    home = tmp_path / "other home"
    done = subprocess.run(
        [sys.executable, "-c", script, "templates", "--home", str(home), "--json"], capture_output=True, check=False
    )
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]["type"] == "crashed"
    assert b"Traceback" not in done.stderr
    (log,) = (home / "logs").iterdir()
    assert "ZeroDivisionError" in log.read_text()


@pytest.mark.parametrize("arguments", [("gate", "-"), ("gate", "--batch", "-"), ("keys", "set", "acme")])
def test_a_closed_standard_input_is_told(arguments: tuple[str, ...], tmp_path: Path) -> None:
    command = ["sh", "-c", 'exec "$@" <&-', "sh", sys.executable, "-m", "forgeapp", *arguments, "--json"]
    root = Path(__file__).parents[2]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, cwd=root, check=False)
    assert ran.returncode in (1, 2)
    error = json.loads(ran.stdout)["error"]
    assert error["type"] in ("usage", "unreadable_file")
    assert "closed" in error["message"]
