from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine

from forgeapp.domain.artifact import Kind
from forgeapp.domain.content import to_json
from forgeapp.domain.document import Document
from forgeapp.domain.table import Table
from forgeapp.ledger import Ledger, migrations
from forgeapp.ledger.artifacts import NewVersion, Origin

TABLE = Table("Towns", ("Town", "Size"), (("Ulm", "1"),))
TEXT = Document("Towns", "# Towns")


def at(second: int) -> str:
    return f"2026-11-21T03:10:{second:02}.000Z"


def insert(connection: Connection, table: str, **values: object) -> None:
    names = ", ".join(values)
    marks = ", ".join("?" for _ in values)
    connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))


@pytest.fixture
def first_schema(tmp_path: Path) -> Iterator[Path]:
    """A database of the first schema: a conversation of two questions, with replies, calls, and two versions."""
    path = tmp_path / "forgeapp.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        migrations.upgrade(connection, to=1)
        for conversation in (1, 2):
            insert(
                connection,
                "conversations",
                id=conversation,
                title="Towns",
                created_at=at(0),
                updated_at=at(conversation),
            )
        said = (
            (1, 1, "user", "towns please", None, 1),
            (2, 2, "user", "elsewhere", None, 2),
            (3, 1, "assistant", "Here they are.", "acme/m", 5),
            (4, 1, "user", "as a text", None, 10),
            (5, 1, "assistant", "Half of i", "acme/m", 15),
        )
        for number, conversation, role, text, model, second in said:
            insert(
                connection,
                "messages",
                id=number,
                conversation_id=conversation,
                role=role,
                text=text,
                model=model,
                is_partial=number == 5,
                created_at=at(second),
            )
        for number, status, second in ((1, "failed", 2), (2, "ok", 3), (3, "interrupted", 11)):
            insert(
                connection,
                "calls",
                id=number,
                purpose="generate",
                os_user="ann",
                prompt_version="1",
                provider="acme",
                model="m",
                conversation_id=1,
                attempt=1,
                status=status,
                prompt_json="[]",
                started_at=at(second),
            )
        insert(
            connection,
            "calls",
            id=4,
            purpose="test",
            os_user="ann",
            prompt_version="test",
            provider="acme",
            model="m",
            attempt=1,
            status="ok",
            prompt_json="[]",
            started_at=at(20),
        )
        insert(
            connection,
            "artifacts",
            id=1,
            conversation_id=1,
            kind="document",
            title="Towns",
            created_at=at(5),
            updated_at=at(15),
        )
        for number, content, message in ((1, TABLE, 3), (2, TEXT, 5)):
            insert(
                connection,
                "versions",
                artifact_id=1,
                number=number,
                title="Towns",
                content_json=json.dumps(to_json(content)),
                origin="generated",
                message_id=message,
                provenance_json="{}",
                created_at=at(15),
            )
    engine.dispose()
    return path


@pytest.fixture
def ledger(first_schema: Path) -> Iterator[Ledger]:
    ledger = Ledger(first_schema, first_schema.parent / "backups")
    yield ledger
    ledger.close()


def test_replies_of_the_first_schema_are_tied_to_what_they_answer(ledger: Ledger) -> None:
    assert [(message.id, message.reply_to) for message in ledger.conversations.messages(1)] == [
        (1, None),
        (3, 1),
        (4, None),
        (5, 4),
    ]
    assert [message.reply_to for message in ledger.conversations.messages(2)] == [None]


def test_calls_of_the_first_schema_are_tied_to_message_and_reply(ledger: Ledger) -> None:
    found = ledger.calls.of_conversation(1)
    assert {message: [(call.id, call.reply) for call in calls] for message, calls in found.items()} == {
        1: [(1, 3), (2, 3)],
        4: [(3, 5)],
    }
    assert ledger.calls.get(4).message is None


def test_versions_of_the_first_schema_have_their_kind_and_no_glance(ledger: Ledger) -> None:
    assert [(row.number, row.kind, row.glance) for row in ledger.artifacts.versions(1)] == [
        (2, Kind.DOCUMENT, None),
        (1, Kind.TABLE, None),
    ]
    assert ledger.artifacts.version(1, 1).content == TABLE
    assert list(ledger.artifacts.brought_by(1)) == [3, 5]


def test_a_migrated_file_is_sound_and_goes_on(ledger: Ledger) -> None:
    assert ledger.database.check() == []
    with ledger.database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    assert ledger.artifacts.add(NewVersion(TABLE, Origin.EDITED, "Towns", artifact=1)).number == 3
    assert ledger.artifacts.versions(1)[0].glance is not None
    ledger.drafts.save(1, "and rivers")
    assert ledger.drafts.get(1) == "and rivers"


def test_the_backup_made_before_is_of_the_first_schema(ledger: Ledger, tmp_path: Path) -> None:
    (backup,) = (tmp_path / "backups").iterdir()
    engine = create_engine(f"sqlite:///{backup}")
    with engine.connect() as connection:
        assert migrations.version_of(connection) == 1
        assert connection.exec_driver_sql("SELECT count(*) FROM messages").scalar() == 5
    engine.dispose()
