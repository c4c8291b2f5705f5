from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine

from forgeapp.domain.artifact import Kind
from forgeapp.domain.content import to_json
from forgeapp.domain.document import Document
from forgeapp.domain.export_request import ArtifactSubject, ConversationSubject, ExportRequest
from forgeapp.domain.request import Tier
from forgeapp.domain.table import Table
from forgeapp.ledger import Ledger, migrations
from forgeapp.ledger.artifacts import NewVersion, Origin
from forgeapp.ledger.calls import Reservation
from forgeapp.ledger.exports import ExportStatus
from forgeapp.ledger.kept_replies import KeptTotals
from forgeapp.ledger.providers import ModelRow, ProviderRow, SeedProvider
from forgeapp.ledger.routes import Route
from forgeapp.ledger.totals import Spending
from tests.unit.ledger.test_repositories import new_call

TABLE = Table("Towns", ("Town", "Size"), (("Ulm", "1"),))
TEXT = Document("Towns", "# Towns")


def at(second: int) -> str:
    return f"2026-11-21T03:10:{second:02}.000Z"


def insert(connection: Connection, table: str, **values: object) -> None:
    names = ", ".join(values)
    marks = ", ".join("?" for _ in values)
    connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))


@pytest.fixture(params=range(1, migrations.NEWEST), ids=lambda version: f"schema {version}")
def older(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def older_file(tmp_path: Path, older: int) -> Path:
    """A database that was begun under the first schema and last opened under an older one.

    A conversation of two questions, with replies, calls, two versions, and an export of each; a provider with two
    models.
    """
    path = tmp_path / "forgeapp.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        migrations.upgrade(connection, to=1)
        insert(connection, "projects", id=1, name="Cafe", created_at=at(0))
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
                cost_nano_usd=number * 100,
                project_id=1 if number == 2 else None,
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
        insert(
            connection,
            "providers",
            id=7,
            name="acme",
            dialect="openai-chat",
            base_url="http://acme/v1",
            prices="none",
            is_enabled=False,
            position=3,
            created_at=at(0),
        )
        for number, model, price in ((1, "m", "0.5"), (2, "n", None)):
            insert(connection, "models", provider_id=7, name=model, position=number, input_usd_per_million=price)
        for number, path_name, status in ((1, "/t/a.pdf", "completed"), (2, "/t/b.csv", "running")):
            insert(
                connection,
                "exports",
                artifact_id=1,
                version=number,
                format=path_name[-3:],
                path=path_name,
                status=status,
                bytes=12 if number == 1 else None,
                warnings_json='["no glyph"]' if number == 1 else "[]",
                created_at=at(30 + number),
                completed_at=at(40) if number == 1 else None,
                owner=None if number == 1 else "4194305:1",
            )
        migrations.upgrade(connection, to=older)
    engine.dispose()
    return path


@pytest.fixture
def ledger(older_file: Path) -> Iterator[Ledger]:
    ledger = Ledger(older_file, older_file.parent / "backups")
    yield ledger
    ledger.close()


def test_replies_of_an_older_schema_are_tied_to_what_they_answer(ledger: Ledger) -> None:
    assert [(message.id, message.reply_to) for message in ledger.conversations.messages(1)] == [
        (1, None),
        (3, 1),
        (4, None),
        (5, 4),
    ]
    assert [message.reply_to for message in ledger.conversations.messages(2)] == [None]


def test_calls_of_an_older_schema_are_tied_to_message_and_reply(ledger: Ledger) -> None:
    found = ledger.calls.of_conversation(1)
    assert {message: [(call.id, call.reply) for call in calls] for message, calls in found.items()} == {
        1: [(1, 3), (2, 3)],
        4: [(3, 5)],
    }
    assert ledger.calls.get(4).message is None


def test_versions_of_an_older_schema_have_their_kind_and_no_glance(ledger: Ledger) -> None:
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


def test_the_backup_made_before_is_of_the_older_schema(ledger: Ledger, older: int, tmp_path: Path) -> None:
    (backup,) = (tmp_path / "backups").iterdir()
    engine = create_engine(f"sqlite:///{backup}")
    with engine.connect() as connection:
        assert migrations.version_of(connection) == older
        assert connection.exec_driver_sql("SELECT count(*) FROM messages").scalar() == 5
    engine.dispose()


def test_providers_and_models_of_an_older_schema_are_as_the_user_left_them(ledger: Ledger) -> None:
    assert ledger.providers.all() == [
        ProviderRow(
            7, "acme", "openai-chat", "http://acme/v1", None, "none", False, 3, (ModelRow("m", "0.5"), ModelRow("n"))
        )
    ]


def test_what_was_spent_under_an_older_schema_counts(ledger: Ledger) -> None:
    assert ledger.calls.spending("2026-11") == Spending(calls=4, cost_nano_usd=600, unknown_cost_calls=1)
    rows, _ = ledger.calls.totals("project")
    assert [(row.key, row.cost_nano_usd) for row in rows] == [(None, 400), ("Cafe", 200)]
    ledger.budgets.set(1_000)
    ledger.budgets.set(300, "Cafe")
    ledger.calls.begin(new_call(project="Cafe"), Reservation(90, 10))
    with ledger.database.reading() as connection:
        reserved = connection.exec_driver_sql("SELECT sum(reserved_nano_usd), count(finish) FROM calls").one()
    assert tuple(reserved) == (90, 0)
    assert ledger.calls.recover() == 0
    assert ledger.kept_replies.totals() == KeptTotals(0, 0)


def test_exports_of_an_older_schema_are_listed_under_their_title(ledger: Ledger) -> None:
    running, completed = ledger.exports.all()
    assert completed.request == ExportRequest(ArtifactSubject(1, 1), Path("/t/a.pdf"))
    assert (completed.title, completed.format, completed.status) == ("Towns", "pdf", ExportStatus.COMPLETED)
    assert (completed.bytes, completed.warnings, completed.differences) == (12, ("no glyph",), ())
    assert (completed.created_at, completed.started_at, completed.completed_at) == (at(31), at(31), at(40))
    assert [row.id for row in ledger.exports.recover()] == [running.id]
    assert ledger.exports.get(running.id).error_type == "interrupted"
    assert ledger.exports.artifact_of(Path("/t/a.pdf")) == 1


def test_a_migrated_file_takes_what_is_new(ledger: Ledger) -> None:
    ledger.routes.set(Route("Cafe", tier=Tier.CHEAP))
    ledger.providers.seed([SeedProvider("acme", "openai", "https://other", None, "openai")])
    report = ledger.reports.add(1, 1, "towns", "# Nobody answered")
    assert ledger.routes.applying(None, "Cafe") == [Route("Cafe", tier=Tier.CHEAP)]
    assert [row.base_url for row in ledger.providers.all()] == ["http://acme/v1"]
    assert ledger.reports.get(report).conversation == 1
    export = ledger.exports.enqueue(ExportRequest(ConversationSubject(1, (5,)), Path("/t/talk.pdf")), "Towns")
    assert ledger.exports.claim(export, per_minute=5) == 0
    assert ledger.exports.get(export).subject == ConversationSubject(1, (5,))


def test_files_of_code_that_were_not_to_be_replaced_still_are_not(tmp_path: Path) -> None:
    path = tmp_path / "forgeapp.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        migrations.upgrade(connection, to=6)
        insert(connection, "conversations", id=1, title="Tool", created_at=at(0), updated_at=at(0))
        insert(
            connection,
            "artifacts",
            id=1,
            conversation_id=1,
            kind="code",
            title="Tool",
            created_at=at(0),
            updated_at=at(0),
        )
        for number, is_folder, replaces in ((1, True, False), (2, True, True), (3, False, False)):
            insert(
                connection,
                "exports",
                id=number,
                artifact_id=1,
                version=1,
                title="Tool",
                format="files",
                path="/t/out",
                is_folder=is_folder,
                replaces=replaces,
                status="queued",
                created_at=at(1),
            )
    engine.dispose()
    ledger = Ledger(path, tmp_path / "backups")
    assert [ledger.exports.get(number).request.may_replace for number in (1, 2, 3)] == [(), None, None]
    assert not ledger.exports.get(1).request.gives_way
    ledger.close()
