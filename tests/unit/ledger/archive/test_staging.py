from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from forgeapp.ledger import Ledger, migrations
from forgeapp.ledger.archive import Archive, Staging
from forgeapp.ledger.archive.id_map import IdMap
from forgeapp.ledger.tables import exports

AT = "2026-11-21T17:00:00.000Z"


def test_rows_of_an_older_schema_go_through_the_migrations(ledger: Ledger, tmp_path: Path) -> None:
    """Before the sixth migration an export had no title of its own."""
    staging = Staging(tmp_path / "staging.db", 5)
    content = '{"kind":"document","title":"Offer","markdown":"x"}'
    with staging.filling() as filling:
        filling.add("chunks", {"id": 1, "text": content})
        filling.add("contents", {"id": 1, "chunks": [1], "size": len(content)})
        named = {"kind": "document", "title": "Offer", "created_at": AT}
        filling.add("artifacts", {"id": 1, "conversation_id": None, "updated_at": AT, **named})
        version = {"artifact_id": 1, "number": 1, "content_id": 1, "origin": "imported", "provenance_json": "{}"}
        filling.add("versions", {"id": 1, **version, **named})
        kept = {"artifact_id": 1, "version": 1, "format": "pdf", "path": "/x.pdf", "status": "completed"}
        filling.add("exports", {"id": 1, **kept, "warnings_json": "[]", "created_at": AT})
    staging.check()
    assert Archive(ledger.database).take(staging).added["exports"] == 1
    with ledger.database.reading() as connection:
        assert connection.execute(select(exports.c.title)).scalar_one() == "Offer"


@pytest.mark.parametrize("schema", [0, -1, migrations.NEWEST + 1])
def test_a_schema_that_is_not_known_is_refused(tmp_path: Path, schema: int) -> None:
    with pytest.raises(ValueError, match=f"1 to {migrations.NEWEST}"):
        Staging(tmp_path / "staging.db", schema)


def test_a_column_that_older_archives_lack_takes_its_default(ledger: Ledger, tmp_path: Path) -> None:
    staging = Staging(tmp_path / "staging.db", migrations.NEWEST)
    with staging.filling() as filling:
        filling.add("conversations", {"id": 7, "title": "T", "created_at": AT, "updated_at": AT})
        filling.add("messages", {"id": 3, "conversation_id": 7, "role": "user", "text": "hello", "created_at": AT})
    staging.check()
    Archive(ledger.database).take(staging)
    (message,) = ledger.conversations.messages(7)
    assert not message.is_partial


def test_ids_are_found_by_those_of_the_archive() -> None:
    ids = IdMap([(2, 20), (5, 7), (900, 1)])
    assert [ids.get(number) for number in (1, 2, 3, 5, 900, 901)] == [None, 20, None, 7, 1, None]
