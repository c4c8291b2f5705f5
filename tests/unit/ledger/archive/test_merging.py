from __future__ import annotations

from pathlib import Path

import pytest

from forgeapp.domain.chat import Role
from forgeapp.errors import Cancelled
from forgeapp.ledger import Ledger, migrations
from forgeapp.ledger.archive import Archive, Staging
from tests.unit.ledger.archive.homes import fill, rows_of

AT = "2026-11-21T17:00:00.000Z"


def staged(path: Path, *conversations: tuple[str, str, tuple[str, ...]]) -> Staging:
    """Conversations by title, beginning and what was said in them."""
    staging = Staging(path, migrations.NEWEST)
    said = 0
    with staging.filling() as filling:
        for number, (title, at, texts) in enumerate(conversations, 1):
            filling.add("conversations", {"id": number, "title": title, "created_at": at, "updated_at": at})
            for text in texts:
                said += 1
                message = {"conversation_id": number, "role": "user", "text": text, "created_at": at}
                filling.add("messages", {"id": said, **message})
    staging.check()
    return staging


@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.99])
def test_stopped_on_the_way_nothing_is_changed_and_it_can_be_done_again(
    ledger: Ledger, tmp_path: Path, share: float
) -> None:
    fill(ledger)
    before = rows_of(ledger)
    staging = staged(tmp_path / "staging.db", ("New", AT, ("hello",)))

    def stop(done: float) -> None:
        if done >= share:
            raise Cancelled()

    with pytest.raises(Cancelled):
        Archive(ledger.database).take(staging, stop)
    assert rows_of(ledger) == before
    assert Archive(ledger.database).take(staging).added["messages"] == 1
    assert Archive(ledger.database).take(staging).added["messages"] == 0


def test_conversations_begun_at_the_same_moment_are_told_apart(ledger: Ledger, tmp_path: Path) -> None:
    archive = Archive(ledger.database)
    archive.take(staged(tmp_path / "1.db", ("Empty", AT, ()), ("Talk", AT, ("hello",))))
    again = archive.take(staged(tmp_path / "2.db", ("Empty", AT, ()), ("Talk", AT, ("hello",)), ("Other", AT, ("hi",))))
    assert (again.present["conversations"], again.added["conversations"]) == (2, 1)
    assert sorted(row.title for row in ledger.conversations.all()) == ["Empty", "Other", "Talk"]


def test_new_rows_stand_behind_ours_and_an_empty_table_keeps_their_numbers(ledger: Ledger, tmp_path: Path) -> None:
    archive = Archive(ledger.database)
    archive.take(staged(tmp_path / "1.db", ("A", AT, ("one", "two"))))
    assert [message.id for message in ledger.conversations.messages(1)] == [1, 2]
    own = ledger.conversations.add_message(1, Role.USER, "three")
    archive.take(staged(tmp_path / "2.db", ("B", AT, ("four",))))
    assert [message.id for message in ledger.conversations.messages(2)] == [own + 1]


def test_what_is_written_meanwhile_is_not_in_a_snapshot(ledger: Ledger) -> None:
    ledger.conversations.start("Before")
    with Archive(ledger.database).snapshot() as snapshot:
        assert snapshot.counts()["conversations"] == 1
        ledger.conversations.start("Meanwhile")
        assert [row["title"] for row in snapshot.rows("conversations")] == ["Before"]


def test_events_of_one_moment_are_told_apart_by_what_they_tell(ledger: Ledger, tmp_path: Path) -> None:
    def staging(name: str, *told: str) -> Staging:
        made = Staging(tmp_path / name, migrations.NEWEST)
        with made.filling() as filling:
            for number, data in enumerate(told, 1):
                filling.add("events", {"id": number, "name": "artifact_created", "data_json": data, "created_at": AT})
        made.check()
        return made

    archive = Archive(ledger.database)
    archive.take(staging("1.db", '{"artifact": 7, "kind": "table"}'))
    taken = archive.take(staging("2.db", '{"artifact": 9, "kind": "table"}', '{"artifact": 9, "kind": "code"}'))
    assert (taken.present["events"], taken.added["events"]) == (1, 1)
