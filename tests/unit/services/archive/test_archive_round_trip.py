from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from forgeapp.domain.chat import Role
from forgeapp.domain.document import Document
from forgeapp.domain.export_request import ConversationSubject
from forgeapp.domain.table import Table
from forgeapp.ledger import Ledger
from forgeapp.ledger.archive import LEFT_OUT, SECTIONS
from forgeapp.ledger.artifacts import NewVersion, Origin
from forgeapp.ledger.tables import metadata
from tests.unit.ledger.archive.homes import NO_BREAK, TELLING, fill, rows_of
from tests.unit.services.archive.files import archive_of, take


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Ledger]:
    """Another home."""
    folder = tmp_path / "other"
    folder.mkdir()
    ledger = Ledger(folder / "forgeapp.db", folder / "backups")
    yield ledger
    ledger.close()


def test_an_empty_home_gets_every_row_of_every_table_as_it_was(ledger: Ledger, other: Ledger, tmp_path: Path) -> None:
    fill(ledger)
    before = rows_of(ledger)
    assert all(before[table.name] for table in SECTIONS), "the rich home has rows in every table"
    taken = take(other, archive_of(ledger, tmp_path / "all.json"))
    assert rows_of(other) == before
    assert taken["added"] == {name: len(rows) for name, rows in before.items()}
    assert not any(taken["present"].values())
    assert rows_of(ledger) == before


def test_what_came_back_gives_the_same_archive_again(ledger: Ledger, other: Ledger, tmp_path: Path) -> None:
    fill(ledger)
    first = json.loads(archive_of(ledger, tmp_path / "1.json").read_text("utf-8"))
    take(other, tmp_path / "1.json")
    second = json.loads(archive_of(other, tmp_path / "2.json").read_text("utf-8"))
    for section in (table.name for table in SECTIONS if table.name != "exports"):
        assert second[section] == first[section]
    assert second["sections"].keys() == first["sections"].keys()


def test_contents_come_back_to_the_letter(ledger: Ledger, other: Ledger, tmp_path: Path) -> None:
    fill(ledger)
    take(other, archive_of(ledger, tmp_path / "all.json"))
    rows = ledger.artifacts.all()
    assert len(rows) >= 7
    for row in rows:
        for version in ledger.artifacts.versions(row.id):
            assert other.artifacts.version(row.id, version.number) == ledger.artifacts.version(row.id, version.number)
    assert any(
        other.artifacts.version(row.id).content == Document("Long", NO_BREAK) for row in rows if row.title == "Long"
    )


def test_into_a_home_that_has_things_they_come_beside_them(ledger: Ledger, other: Ledger, tmp_path: Path) -> None:
    fill(ledger)
    fill(other, "Other")
    before = rows_of(other)
    take(other, archive_of(ledger, tmp_path / "all.json"))
    after = rows_of(other)
    for name, rows in before.items():
        assert [row for row in after[name] if row in rows] == rows, f"{name}: nothing that was here is changed"
    assert len(after["conversations"]) == len(before["conversations"]) + len(rows_of(ledger)["conversations"])
    assert _story(other) == _story(ledger) | _story_of(before)


def test_ids_within_provenance_origins_and_events_follow(ledger: Ledger, other: Ledger, tmp_path: Path) -> None:
    fill(ledger)
    for number in range(3):
        other.conversations.add_message(other.conversations.start(f"{number}"), Role.USER, "hello")
    fill(other, "Other")
    take(other, archive_of(ledger, tmp_path / "all.json"))
    asked = {row["id"] for row in rows_of(other)["messages"] if row["text"] == TELLING and row["role"] == "user"}
    offers = {row["id"]: row for row in rows_of(other)["versions"] if '"call"' in row["provenance_json"]}
    calls = {row["id"]: row for row in rows_of(other)["calls"]}
    assert len(offers) == 4
    assert len({json.loads(row["provenance_json"])["call"] for row in offers.values()}) == 4
    for row in offers.values():
        noted = json.loads(row["provenance_json"])
        assert calls[noted["call"]]["reply_id"] == row["message_id"]
        assert set(noted["earlier_replies"]) <= asked
    copies = [row for row in rows_of(other)["versions"] if "from_artifact" in row["provenance_json"]]
    for copy in copies:
        original = other.artifacts.version(json.loads(copy["provenance_json"])["from_artifact"], 1)
        assert original.title == "Offer"
    assert {json.loads(row["origin_json"]).get("message") for row in rows_of(other)["sources"]} - {None} <= asked
    noted_messages = {json.loads(row["data_json"]).get("message") for row in rows_of(other)["events"]} - {None}
    assert noted_messages == asked


def test_the_same_archive_twice_adds_nothing(ledger: Ledger, other: Ledger, tmp_path: Path) -> None:
    fill(ledger)
    fill(other, "Other")
    path = archive_of(ledger, tmp_path / "all.json")
    added = take(other, path)["added"]
    once = rows_of(other)
    again = take(other, path)
    assert rows_of(other) == once
    assert not any(again["added"].values())
    assert again["present"]["conversations"] == added["conversations"]


def test_into_the_home_it_comes_from_it_adds_nothing(ledger: Ledger, tmp_path: Path) -> None:
    fill(ledger)
    before = rows_of(ledger)
    assert not any(take(ledger, archive_of(ledger, tmp_path / "all.json"))["added"].values())
    assert rows_of(ledger) == before


def test_a_conversation_that_went_on_here_is_not_brought_again(ledger: Ledger, tmp_path: Path) -> None:
    fill(ledger)
    path = archive_of(ledger, tmp_path / "all.json")
    conversation = ledger.conversations.all()[-1].id
    ledger.conversations.add_message(conversation, Role.USER, "and further")
    ledger.conversations.rename(conversation, "Renamed")
    before = rows_of(ledger)
    take(ledger, path)
    assert rows_of(ledger) == before


def test_a_conversation_that_went_on_there_comes_whole_beside_the_older_one(
    ledger: Ledger, other: Ledger, tmp_path: Path
) -> None:
    fill(ledger)
    take(other, archive_of(ledger, tmp_path / "1.json"))
    conversation = next(row.id for row in ledger.conversations.all() if row.project == "ACME")
    ledger.conversations.add_message(conversation, Role.USER, "and further")
    older = rows_of(other)
    taken = take(other, archive_of(ledger, tmp_path / "2.json"))
    newer = rows_of(other)
    assert taken["added"]["conversations"] == 1
    assert taken["added"]["calls"] == 0, "money is counted once"
    assert taken["added"]["contents"] == 0
    assert [row for row in newer["messages"] if row in older["messages"]] == older["messages"]
    copy = max(row.id for row in other.conversations.all())
    assert [message.text for message in other.conversations.messages(copy)] == [
        message.text for message in ledger.conversations.messages(conversation)
    ]
    assert len(newer["artifacts"]) - len(older["artifacts"]) == len(
        [row for row in rows_of(ledger)["artifacts"] if row["conversation_id"] == conversation]
    )
    for name in ("1.json", "2.json"):
        assert not any(take(other, tmp_path / name)["added"].values())


def test_budgets_routes_and_drafts_that_are_here_stay(ledger: Ledger, other: Ledger, tmp_path: Path) -> None:
    fill(ledger)
    other.budgets.set(7)
    other.drafts.save(None, "my own")
    take(other, archive_of(ledger, tmp_path / "all.json"))
    assert other.drafts.get(None) == "my own"
    assert [row.amount_nano_usd for row in other.budgets.all() if row.project is None and row.kind is None] == [7]
    assert len(other.budgets.all()) == 2


def test_what_runs_waits_or_is_of_one_machine_stays_there(ledger: Ledger, other: Ledger, tmp_path: Path) -> None:
    fill(ledger)
    ledger.providers.add("acme", "openai", "https://acme.example/v1", ("m",), "ACME_KEY", "none")
    text = archive_of(ledger, tmp_path / "all.json").read_text("utf-8")
    assert "acme.example" not in text
    assert "ACME_KEY" not in text
    document = json.loads(text)
    assert not LEFT_OUT.keys() & document.keys()
    assert {row["status"] for row in document["calls"]} == {"ok", "failed"}
    assert {row["status"] for row in document["exports"]} == {"completed", "failed"}
    take(other, tmp_path / "all.json")
    with other.database.reading() as connection:
        assert connection.execute(select(metadata.tables["journal"])).all() == []
        assert connection.execute(select(metadata.tables["providers"])).all() == []
    assert other.exports.adopt() == []


def test_exports_of_another_machine_are_kept_but_not_listed(ledger: Ledger, other: Ledger, tmp_path: Path) -> None:
    fill(ledger)
    take(other, archive_of(ledger, tmp_path / "all.json"))
    with other.database.reading() as connection:
        rows = connection.execute(select(metadata.tables["exports"])).all()
    assert len(rows) == 2
    assert all(row.is_cleared for row in rows)


def test_the_replies_an_export_showed_are_the_same_ones_there(ledger: Ledger, other: Ledger, tmp_path: Path) -> None:
    fill(ledger)
    other.conversations.add_message(other.conversations.start("Before"), Role.USER, "Before")
    take(other, archive_of(ledger, tmp_path / "all.json"))
    texts = []
    for each in (ledger, other):
        with each.database.reading() as connection:
            numbers = connection.execute(select(metadata.tables["exports"].c.id)).scalars().all()
        subjects = [each.exports.get(number).subject for number in numbers]
        (shown,) = [subject.shown for subject in subjects if isinstance(subject, ConversationSubject)]
        texts.append([each.conversations.message(number).text for number in shown])
    assert texts[0] == texts[1] != []


_TEXTS = st.text(st.characters(codec="utf-8"), max_size=40)


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    talks=st.lists(st.tuples(_TEXTS, st.lists(_TEXTS, max_size=3)), max_size=4),
    cells=st.lists(st.tuples(_TEXTS, _TEXTS), max_size=4),
)
def test_any_words_come_back(
    tmp_path_factory: pytest.TempPathFactory, talks: list[tuple[str, list[str]]], cells: list[tuple[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("homes")
    one, two = (Ledger(folder / f"{name}.db", folder / "backups") for name in ("one", "two"))
    try:
        for asked, replies in talks:
            conversation = one.conversations.start(asked)
            question = one.conversations.add_message(conversation, Role.USER, asked)
            for reply in replies:
                one.conversations.add_message(conversation, Role.ASSISTANT, reply, reply_to=question)
                one.artifacts.add(
                    NewVersion(Table(reply, ("a", "b"), tuple(cells)), Origin.GENERATED, asked, None, conversation)
                )
        path = archive_of(one, folder / "all.json")
        take(two, path)
        assert rows_of(two) == rows_of(one)
        assert not any(take(two, path)["added"].values())
    finally:
        one.close()
        two.close()


Story = set[tuple[str, ...]]


def _story(ledger: Ledger) -> Story:
    return _story_of(rows_of(ledger))


def _story_of(rows: dict[str, list[dict[str, object]]]) -> Story:
    """What was said and made, by names and not by ids."""
    titles = {row["id"]: str(row["title"]) for row in rows["conversations"]}
    texts = {row["id"]: str(row["text"]) for row in rows["messages"]}
    artifacts = {row["id"]: (titles.get(row["conversation_id"], ""), str(row["title"])) for row in rows["artifacts"]}
    digests = {row["id"]: str(row["digest"]) for row in rows["contents"]}
    said = {
        (titles[row["conversation_id"]], str(row["text"]), texts.get(row["reply_to_id"], ""), str(row["created_at"]))
        for row in rows["messages"]
    }
    made = {
        (
            *artifacts[row["artifact_id"]],
            str(row["number"]),
            digests[row["content_id"]],
            texts.get(row["message_id"], ""),
        )
        for row in rows["versions"]
    }
    paid = {
        (str(row["started_at"]), titles.get(row["conversation_id"], ""), str(row["cost_nano_usd"]))
        for row in rows["calls"]
    }
    return said | made | paid
