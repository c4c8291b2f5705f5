"""Large archives: how much memory they need, and that one killed at any moment changes nothing."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from forgeapp.domain.chat import Role
from forgeapp.domain.document import Document
from forgeapp.domain.table import Table
from forgeapp.errors import UnreadableFile
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import NewVersion, Origin
from forgeapp.ledger.conversations import insert_message
from forgeapp.ledger.database import insert_row, utc_now
from forgeapp.ledger.tables import calls, conversations
from forgeapp.services.provenance import provenance_blocks, provenance_of
from tests.unit.ledger.archive.homes import fill, rows_of
from tests.unit.services.archive.files import archive_of, take, write

pytestmark = pytest.mark.soak

CHILD = """
import sys
from pathlib import Path
from forgeapp.exporters.standing import standing_at
from forgeapp.services.archive.job import ExportAllJob, ImportJob, export_all_task, import_archive_task
what, database, file, aside = sys.argv[1], *map(Path, sys.argv[2:])
place = database, database.parent / "backups", file, aside
job = ExportAllJob(*place, standing_at(file)) if what == "export" else ImportJob(*place)
(export_all_task if what == "export" else import_archive_task)(job, lambda _share: None)
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024)
"""
MOST_MB = 100


def child(what: str, ledger: Ledger, file: Path, aside: Path) -> subprocess.Popen[str]:
    arguments = [what, str(ledger.database.path), str(file), str(aside)]
    return subprocess.Popen([sys.executable, "-c", CHILD, *arguments], stdout=subprocess.PIPE, text=True)


def fill_largely(ledger: Ledger, count: int) -> None:
    """So many conversations of 20 messages and 10 calls, every other with an artifact of 10 versions."""
    chance = random.Random(1)
    vocabulary = [f"word{number}" for number in range(5_000)]

    def words(number: int) -> str:
        return " ".join(chance.choices(vocabulary, k=number))

    for place in range(count):
        with ledger.database.writing() as connection:
            now = utc_now()
            titled = {"title": words(4), "created_at": now, "updated_at": now}
            conversation = insert_row(connection, conversations, **titled)
            for _ in range(10):
                asked = insert_message(connection, conversation, Role.USER, words(30), None, False, None)
                reply = insert_message(connection, conversation, Role.ASSISTANT, words(250), "m", False, asked)
                insert_row(
                    connection,
                    calls,
                    purpose="generate",
                    os_user="user",
                    prompt_version="1",
                    provider="acme",
                    model="m",
                    conversation_id=conversation,
                    attempt=1,
                    cost_nano_usd=1_000,
                    status="ok",
                    prompt_json=json.dumps([{"role": "user", "text": words(300)}]),
                    reply=words(250),
                    started_at=now,
                    message_id=asked,
                    reply_id=reply,
                )
        if place % 2 == 0:
            lines, artifact = [words(12) for _ in range(300)], None
            for _ in range(10):
                lines[chance.randrange(300)] = words(12)
                table = Table("T", ("a", "b"), tuple((line[:40], line[40:]) for line in lines))
                content = table if place % 4 else Document("D", "\n\n".join(lines))
                new = NewVersion(content, Origin.GENERATED, "Made", artifact, conversation)
                artifact = ledger.artifacts.add(new).artifact


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    yield from _opened(tmp_path / "home")


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Ledger]:
    yield from _opened(tmp_path / "other")


def _opened(folder: Path) -> Iterator[Ledger]:
    folder.mkdir()
    ledger = Ledger(folder / "forgeapp.db", folder / "backups")
    yield ledger
    ledger.close()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell the peak of memory")
def test_a_thousand_conversations_go_out_and_in_with_little_memory(
    ledger: Ledger, other: Ledger, tmp_path: Path
) -> None:
    fill_largely(ledger, 1_000)
    for what, at, aside in (("export", ledger, "part.json"), ("import", other, "staging.db")):
        started = time.monotonic()
        done = child(what, at, tmp_path / "all.json", tmp_path / aside)
        said, _ = done.communicate(timeout=600)
        assert done.returncode == 0
        print(f"{what}: {time.monotonic() - started:.1f} s, {int(said)} MB")
        assert int(said) < MOST_MB
    assert (tmp_path / "all.json").stat().st_size > 100_000_000
    assert rows_of(other) == rows_of(ledger)


def test_killed_at_any_moment_an_import_has_changed_nothing_or_all(
    ledger: Ledger, other: Ledger, tmp_path: Path
) -> None:
    fill_largely(ledger, 60)
    path = archive_of(ledger, tmp_path / "all.json")
    whole = rows_of(ledger)
    none = rows_of(other)
    chance = random.Random(2)
    kills = 0
    for attempt in range(12):
        staging = tmp_path / f"{attempt}.db"
        importing = child("import", other, path, staging)
        try:
            importing.wait(chance.uniform(0.3, 3.0))
        except subprocess.TimeoutExpired:
            importing.kill()
            kills += 1
        importing.communicate()
        # Pieces of contents may have come already: nobody sees them.
        found = rows_of(other) | {"chunks": []}
        assert found in (none | {"chunks": []}, whole | {"chunks": []})
        assert other.database.check() == []
        staging.unlink(missing_ok=True)
    assert kills
    take(other, path)
    assert rows_of(other) == whole


def test_killed_at_any_moment_an_export_leaves_what_stood_there(ledger: Ledger, tmp_path: Path) -> None:
    fill_largely(ledger, 60)
    target = tmp_path / "all.json"
    target.write_text("as it was")
    kills = 0
    for attempt in range(8):
        part = tmp_path / f"{attempt}.part.json"
        exporting = child("export", ledger, target, part)
        try:
            exporting.wait(0.4 + attempt / 10)
        except subprocess.TimeoutExpired:
            exporting.kill()
            kills += 1
        exporting.communicate()
        part.unlink(missing_ok=True)
        text = target.read_text("utf-8")
        assert text == "as it was" or len(json.loads(text)["sections"]["conversations"]) == 2
    assert kills


HOSTILE = (
    None,
    "",
    0,
    -1,
    1,
    2,
    5,
    7.5,
    True,
    "x",
    "a" * 1_000,
    2**40,
    2**62,
    "running",
    "ok",
    "2026-11-21T17:00:00.000Z",
)
HOSTILE_JSON = (
    "[]",
    "{}",
    "7",
    '{"base": "x"}',
    '{"earlier_replies": 5}',
    '{"earlier_replies": [{}, null, "x", 1e400]}',
    '{"taken": "x", "of": [1]}',
    '{"model": 5, "request": {}, "file": [], "call": "x", "message": true}',
    '["x", 1, {}]',
    '[{"role": 5, "content": []}]',
    '{"measures": 5, "excerpt": [[5]]}',
    '{"paper": 7, "cover": "x", "unknown": null}',
)


def test_whatever_is_taken_over_can_be_read(tmp_path: Path) -> None:
    """One value of a whole archive after the other is changed: it is refused, or all that shows it goes on working."""
    chance = random.Random(3)
    rich = Ledger(tmp_path / "rich.db", tmp_path / "backups")
    fill(rich)
    text = archive_of(rich, tmp_path / "all.json").read_text("utf-8")
    rich.close()
    taken = 0
    for number in range(400):
        document = json.loads(text)
        names = [
            name for name, rows in document.items() if isinstance(rows, list) and name not in ("chunks", "contents")
        ]
        row = chance.choice(document[chance.choice(names)])
        column = chance.choice([name for name in row if name != "id"])
        row[column] = chance.choice(HOSTILE_JSON if column.endswith("_json") else HOSTILE)
        folder = tmp_path / str(number)
        folder.mkdir()
        ledger = Ledger(folder / "forgeapp.db", folder / "backups")
        try:
            take(ledger, write(tmp_path / "x.json", document))
        except UnreadableFile:
            continue
        else:
            taken += 1
            read_all(ledger)
        finally:
            ledger.close()
            shutil.rmtree(folder)
    assert 50 < taken < 350


def read_all(ledger: Ledger) -> None:
    """What the window and the command line ask for."""
    for conversation in ledger.conversations.all():
        ledger.conversations.messages(conversation.id)
        ledger.conversations.history(conversation.id, None, 50)
        ledger.artifacts.brought_by(conversation.id)
        ledger.proposals.brought_by(conversation.id)
        ledger.drafts.get(conversation.id)
        ledger.calls.of_conversation(conversation.id)
        ledger.routes.applying(conversation.id, None)
        ledger.budgets.room(conversation.id, None, None)
    for artifact in ledger.artifacts.all():
        for version in ledger.artifacts.versions(artifact.id):
            ledger.artifacts.version(artifact.id, version.number)
            provenance_blocks(provenance_of(ledger, artifact.id, version.number))
        ledger.proposals.pending(artifact.id)
    for by in ("day", "month", "provider", "model", "kind", "project"):
        ledger.calls.totals(by)
    for call in ledger.calls.recent(50):
        ledger.replies.prompt(call.id)
    ledger.sources.all()
    ledger.budgets.all()
    ledger.routes.all()
    ledger.reports.all()
    ledger.events.all()
    ledger.exports.all(50)
    assert ledger.database.check() == []
