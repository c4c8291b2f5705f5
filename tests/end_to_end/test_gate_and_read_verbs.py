"""`forgeapp gate`, `read` and `templates`: they need no home."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Run
from tests.end_to_end.samples import SHEET_REPLY

pytestmark = pytest.mark.integration


def test_gate_answers_in_one_line_and_in_batches(run_here: Run, tmp_path: Path) -> None:
    one = run_here("gate", "make a table of planets", "--json").json
    assert one.keys() == {"intent", "kind", "format", "confidence", "reasons"}
    assert (one["intent"], one["kind"]) == ("create", "table")
    (tmp_path / "b.jsonl").write_text(
        '{"text": "save it as pdf", "open": "document", "type": "x"}\n{"text": "hello", "open": null}\n'
    )
    lines = [json.loads(line) for line in run_here("gate", "--batch", tmp_path / "b.jsonl").out.splitlines()]
    assert [line["intent"] for line in lines] == ["export", "chat"]
    assert lines[0]["format"] == "pdf"


def test_gate_needs_neither_window_nor_database() -> None:
    script = (
        "import sys; from forgeapp.cli import main; main(['gate', 'hello']);"
        "print(sorted({'PySide6', 'sqlalchemy', 'httpx', 'openpyxl'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_read_shows_the_artifacts_of_a_reply_and_stores_nothing(run_here: Run, tmp_path: Path, home: Path) -> None:
    (tmp_path / "reply.md").write_text(SHEET_REPLY)
    result = run_here("read", tmp_path / "reply.md", "--json").json
    assert result.keys() == {"kind", "title", "chat_text", "artifacts", "warnings"}
    assert result["artifacts"][0]["sheets"][0]["values"]["D2"] == 42
    assert "Totals are formulas." in result["chat_text"]
    nothing = run_here("read", "-", "--json", stdin="I cannot do that. Which months do you mean?").json
    assert nothing["artifacts"] == []
    assert not home.exists()


def test_templates_are_listed_and_shown(run_here: Run) -> None:
    assert {row["id"] for row in run_here("templates", "list", "--json").json} >= {
        "budget",
        "comparison",
        "minutes",
        "script",
    }
    shown = run_here("templates", "show", "minutes", "--json").json
    assert [slot["name"] for slot in shown["slots"] if slot["required"]] == ["date", "present"]
    unknown = run_here("templates", "show", "novel", "--json")
    assert unknown.code == 2
    assert unknown.json["error"]["type"] == "unknown_template"


def test_a_batch_holds_one_message_a_line_whatever_ends_of_lines_stand_in_it(run_here: Run, tmp_path: Path) -> None:
    messages = ["make a table\u2028of planets", "hello\x85there", "hi\x0b\x0c\x1c"]
    lines = [json.dumps({"text": text}, ensure_ascii=False) for text in messages]
    lines[2] = lines[2].replace("\\u000b", "\u2029")
    file = tmp_path / "batch.jsonl"
    file.write_bytes("\r\n".join(lines).encode())
    ran = run_here("gate", "--batch", file)
    assert ran.code == 0
    assert len(ran.out.split("\n")) == len(messages) + 1


@pytest.mark.security
def test_a_line_nested_too_deeply_is_named(run_here: Run, tmp_path: Path) -> None:
    file = tmp_path / "batch.jsonl"
    file.write_text('{"text": "hello"}\n' + "[" * 200_000 + "\n")
    ran = run_here("gate", "--batch", file, "--json")
    assert ran.code == 1
    assert "Line 2" in ran.err
    assert "nested too deeply" in ran.err
