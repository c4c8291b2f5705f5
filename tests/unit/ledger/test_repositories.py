from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import Engine, event

from forgeapp.domain.artifact import Kind
from forgeapp.domain.chat import Message, Role
from forgeapp.domain.document import Document
from forgeapp.domain.table import Table
from forgeapp.domain.usage import Usage, UsageSource
from forgeapp.errors import UnknownArtifact, UnknownModel, UnknownProvider, UnknownVersion, UsageError
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import NewVersion, Origin
from forgeapp.ledger.calls import CallStatus, Charge, NewCall, Purpose, Settlement, total_cost
from forgeapp.ledger.providers import ModelRow
from forgeapp.ledger.tables import calls
from forgeapp.ledger.totals import Spending
from forgeapp.ledger.turns import FinishedTurn
from forgeapp.processes import current_owner, is_alive

TABLE = Table("Planets", ("Name", "Moons"), (("Mars", "2"),))


def new_call(**changes: object) -> NewCall:
    values: dict[str, object] = {
        "purpose": Purpose.GENERATE,
        "provider": "acme",
        "model": "m-1",
        "attempt": 1,
        "messages": (Message(Role.USER, "hello"),),
        "prompt_version": "1",
    }
    return NewCall(**(values | changes))  # type: ignore[arg-type]


def disown(ledger: Ledger, table: sqlalchemy.Table) -> None:
    """As if the process that runs what is in this table had died."""
    with ledger.database.writing() as connection:
        connection.execute(table.update().values(owner=f"{2**22 + 1}:1"))


def settlement(cost: int | None, status: CallStatus = CallStatus.OK, reply: str = "hi") -> Settlement:
    return Settlement(
        status=status,
        usage=Usage(input_tokens=10, output_tokens=5),
        cost_nano_usd=cost,
        price_version="test",
        duration_ms=12,
        first_token_ms=3,
        reply=reply,
    )


def test_a_conversation_is_named_after_its_first_message(ledger: Ledger) -> None:
    long = "Please   compare " + "many things " * 20
    ledger.conversations.start("Short one")
    ledger.conversations.start(long, project="Cafe")
    newest, oldest = ledger.conversations.all()
    assert oldest.title == "Short one"
    assert newest.title.startswith("Please compare many things")
    assert newest.title.endswith("…")
    assert len(newest.title) <= 60
    assert newest.project == "Cafe"


def test_messages_come_back_in_order_with_their_model(ledger: Ledger) -> None:
    conversation = ledger.conversations.start("x")
    ledger.conversations.add_message(conversation, Role.USER, "question")
    ledger.conversations.add_message(conversation, Role.ASSISTANT, "ans", model="m-1", is_partial=True)
    first, second = ledger.conversations.messages(conversation)
    assert (first.role, first.text, first.model) == (Role.USER, "question", None)
    assert (second.text, second.model, second.is_partial) == ("ans", "m-1", True)


def test_an_unknown_conversation_is_a_usage_error(ledger: Ledger) -> None:
    with pytest.raises(UsageError):
        ledger.conversations.get(7)


def test_versions_count_up_and_each_stays_as_it_was(ledger: Ledger) -> None:
    first = ledger.artifacts.add(NewVersion(TABLE, Origin.GENERATED, "Planets", provenance={"request": "planets"}))
    changed = Table("Planets", ("Name", "Moons"), (("Mars", "2"), ("Earth", "1")))
    second = ledger.artifacts.add(NewVersion(changed, Origin.REVISED, "Planets", artifact=first.artifact))
    assert (first.number, second.number) == (1, 2)
    assert ledger.artifacts.version(first.artifact).content == changed
    old = ledger.artifacts.version(first.artifact, 1)
    assert old.content == TABLE
    assert old.provenance == {"request": "planets"}
    assert old.origin is Origin.GENERATED
    (row,) = ledger.artifacts.all()
    assert (row.kind, row.version, row.versions) == (Kind.TABLE, 2, 2)


def test_restoring_adds_a_version_and_removes_none(ledger: Ledger) -> None:
    artifact = ledger.artifacts.add(NewVersion(TABLE, Origin.GENERATED, "Planets")).artifact
    ledger.artifacts.add(NewVersion(Table("T", ("A",)), Origin.REVISED, "T", artifact=artifact))
    restored = ledger.artifacts.restore(artifact, 1)
    assert restored.number == 3
    assert restored.content == TABLE
    assert [ledger.artifacts.version(artifact, number).title for number in (1, 2, 3)] == ["Planets", "T", "Planets"]


def test_unknown_artifacts_and_versions_are_told_apart(ledger: Ledger) -> None:
    artifact = ledger.artifacts.add(NewVersion(TABLE, Origin.GENERATED, "Planets")).artifact
    with pytest.raises(UnknownVersion):
        ledger.artifacts.version(artifact, 9)
    with pytest.raises(UnknownArtifact):
        ledger.artifacts.version(artifact + 1)
    with pytest.raises(UnknownArtifact):
        ledger.artifacts.add(NewVersion(TABLE, Origin.REVISED, "x", artifact=99))


def test_the_artifact_changed_last_is_the_open_one_also_within_a_millisecond(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forgeapp.ledger.artifacts.utc_now", lambda: "2026-11-21T03:10:29.123Z")
    conversation = ledger.conversations.start("x")
    assert ledger.artifacts.latest_of(conversation) is None
    first = ledger.artifacts.add(NewVersion(TABLE, Origin.GENERATED, "one", conversation=conversation))
    ledger.artifacts.add(NewVersion(Document("two", "# two"), Origin.GENERATED, "two", conversation=conversation))
    latest = ledger.artifacts.latest_of(conversation)
    assert latest is not None
    assert latest.title == "two"
    ledger.artifacts.add(NewVersion(TABLE, Origin.REVISED, "one", artifact=first.artifact))
    latest = ledger.artifacts.latest_of(conversation)
    assert latest is not None
    assert latest.title == "one"


def test_a_finished_turn_is_stored_as_a_whole(ledger: Ledger) -> None:
    conversation = ledger.conversations.start("x")
    call = ledger.calls.begin(new_call(conversation=conversation))
    stored = ledger.turns.finish(
        FinishedTurn(
            conversation=conversation,
            reply="Here it is.",
            model="acme/m-1",
            versions=[NewVersion(TABLE, Origin.GENERATED, "Planets", conversation=conversation)],
            calls=[call],
            settlement=settlement(1_000),
        )
    )
    assert stored.versions[0].content == TABLE
    assert ledger.calls.get(call).status is CallStatus.OK
    assert ledger.conversations.messages(conversation)[0].text == "Here it is."


def test_a_turn_that_cannot_be_stored_stores_nothing(ledger: Ledger) -> None:
    conversation = ledger.conversations.start("x")
    call = ledger.calls.begin(new_call(conversation=conversation))
    with pytest.raises(UnknownArtifact):
        ledger.turns.finish(
            FinishedTurn(
                conversation=conversation,
                reply="Here it is.",
                versions=[NewVersion(TABLE, Origin.REVISED, "Planets", artifact=4711)],
                calls=[call],
                settlement=settlement(1_000),
            )
        )
    assert ledger.conversations.messages(conversation) == []
    assert ledger.calls.get(call).status is CallStatus.RUNNING


def test_totals_add_up_and_count_unknown_costs_apart(ledger: Ledger) -> None:
    for cost, model in ((3, "a"), (4, "a"), (None, "b")):
        ledger.calls.settle(ledger.calls.begin(new_call(model=model)), settlement(cost))
    ledger.calls.begin(new_call(model="still running"))
    rows, total = ledger.calls.totals("model")
    assert [(row.key, row.calls, row.cost_nano_usd, row.unknown_cost_calls) for row in rows] == [
        ("a", 2, 7, 0),
        ("b", 1, 0, 1),
    ]
    assert (total.calls, total.input_tokens, total.cost_nano_usd, total.unknown_cost_calls) == (3, 30, 7, 1)
    assert total_cost(ledger.calls.recent(4)) is None


@pytest.mark.parametrize("by", ["day", "month", "provider", "model", "kind", "project", "key", "purpose"])
def test_usage_is_grouped_by_every_column_promised(ledger: Ledger, by: str) -> None:
    conversation = ledger.conversations.start("x", project="Cafe")
    call = ledger.calls.begin(new_call(conversation=conversation, kind=Kind.TABLE, key_name="work"))
    ledger.calls.settle(call, settlement(5))
    (row,), _ = ledger.calls.totals(by)
    expected = {"provider": "acme", "model": "m-1", "kind": "table", "project": "Cafe", "key": "work"}
    assert row.key == expected.get(by, row.key)
    assert row.key


def test_a_version_keeps_its_kind_when_a_later_one_is_of_another(ledger: Ledger) -> None:
    artifact = ledger.artifacts.add(NewVersion(TABLE, Origin.GENERATED, "Planets")).artifact
    ledger.artifacts.add(NewVersion(Document("P", "# P"), Origin.REVISED, "P", artifact=artifact))
    assert ledger.artifacts.version(artifact, 1).kind is Kind.TABLE
    assert ledger.artifacts.version(artifact).kind is Kind.DOCUMENT
    assert ledger.artifacts.get(artifact).kind is Kind.DOCUMENT


def test_looking_up_one_artifact_never_reads_through_all_versions(ledger: Ledger) -> None:
    conversation = ledger.conversations.start("x")
    artifact = ledger.artifacts.add(NewVersion(TABLE, Origin.GENERATED, "one", conversation=conversation)).artifact
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, sql: str, parameters: Any, *_: object) -> None:
        asked.append((sql, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        ledger.artifacts.get(artifact)
        ledger.artifacts.latest_of(conversation)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    queries = [entry for entry in asked if "versions" in entry[0]]
    assert len(queries) == 2
    with ledger.database.reading() as connection:
        for sql, parameters in queries:
            plan = [str(row) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters)]
            assert plan
            assert not [step for step in plan if "SCAN" in step]


@pytest.mark.availability
def test_a_reply_cut_by_a_crash_is_still_there(tmp_path: Path, ledger: Ledger) -> None:
    conversation = ledger.conversations.start("x")
    script = (
        "import os, sys; from pathlib import Path; from forgeapp.ledger import Ledger;"
        "from tests.unit.ledger.test_repositories import new_call;"
        "ledger = Ledger(Path(sys.argv[1]), Path(sys.argv[2]));"
        "call = ledger.calls.begin(new_call(conversation=int(sys.argv[3])));"
        "ledger.calls.append(call, 'Dear Sir, '); ledger.calls.append(call, 'I wri');"
        "os.kill(os.getpid(), 9)"
    )
    arguments = [sys.executable, "-c", script, str(tmp_path / "forgeapp.db"), str(tmp_path / "backups")]
    killed = subprocess.run([*arguments, str(conversation)], check=False, cwd=Path(__file__).parents[3])
    assert killed.returncode == -9
    assert ledger.calls.recover() == 1
    (message,) = ledger.conversations.messages(conversation)
    assert message.text == "Dear Sir, I wri"
    assert message.is_partial
    (call,) = ledger.calls.recent(1)
    assert call.status is CallStatus.INTERRUPTED
    assert call.cost_nano_usd is None
    assert ledger.calls.recover() == 0


def test_an_interrupted_call_is_charged_what_it_probably_cost(ledger: Ledger) -> None:
    conversation = ledger.conversations.start("x")
    call = ledger.calls.begin(new_call(conversation=conversation))
    ledger.calls.append(call, "Dear Sir")
    disown(ledger, calls)
    asked: list[tuple[object, ...]] = []

    def estimate_charge(provider: str, model: str, messages: tuple[str, ...], reply: str) -> Charge:
        asked.append((provider, model, messages, reply))
        return Charge(Usage(input_tokens=7, output_tokens=3, source=UsageSource.ESTIMATED), 42, "test")

    assert ledger.calls.recover(estimate_charge) == 1
    assert asked == [("acme", "m-1", ("hello",), "Dear Sir")]
    row = ledger.calls.get(call)
    assert (row.status, row.error, row.cost_nano_usd) == (CallStatus.INTERRUPTED, "interrupted", 42)
    assert row.usage == Usage(input_tokens=7, output_tokens=3, source=UsageSource.ESTIMATED)
    assert ledger.calls.totals("model")[1].cost_nano_usd == 42
    assert [message.text for message in ledger.conversations.messages(conversation)] == ["Dear Sir"]
    assert ledger.calls.recover(estimate_charge) == 0


def test_an_interrupted_call_that_had_brought_nothing_leaves_no_message(ledger: Ledger) -> None:
    conversation = ledger.conversations.start("x")
    ledger.calls.begin(new_call(conversation=conversation))
    disown(ledger, calls)
    assert ledger.calls.recover() == 1
    assert ledger.conversations.messages(conversation) == []


def test_a_call_this_process_still_runs_is_not_taken_for_dead(ledger: Ledger) -> None:
    call = ledger.calls.begin(new_call())
    assert ledger.calls.recover() == 0
    assert ledger.calls.get(call).status is CallStatus.RUNNING
    assert is_alive(current_owner())


def test_a_process_id_used_again_is_another_owner() -> None:
    pid, _, start = current_owner().partition(":")
    assert start
    assert not is_alive(f"{pid}:{int(start) + 1}")


def test_an_event_keeps_figures_and_no_long_text(ledger: Ledger) -> None:
    ledger.events.record("gatekeeper_decision", intent="create", confidence=0.9, text="x" * 81)
    (event,) = ledger.events.all("gatekeeper_decision")
    assert event.data["intent"] == "create"
    assert event.data["text"].startswith("sha256:")
    assert ledger.events.all("export_started") == []


def test_providers_keep_the_users_order_and_prices(ledger: Ledger) -> None:
    for name in ("one", "two", "three"):
        ledger.providers.add(name, "openai-chat", f"http://{name}/v1", ("m-1", "m-2"), None, "none")
    ledger.providers.order(("three",))
    assert [row.name for row in ledger.providers.all()] == ["three", "one", "two"]
    ledger.providers.change("one", model_prices=[ModelRow("m-2", "0.15", "0.60")])
    assert ledger.providers.get("one").model("m-2") == ModelRow("m-2", "0.15", "0.60")
    ledger.providers.change("one", ("m-2", "m-3"))
    assert [model.name for model in ledger.providers.get("one").models] == ["m-1", "m-2", "m-3"]
    ledger.providers.change("two", is_enabled=False)
    assert not ledger.providers.get("two").is_enabled
    ledger.providers.remove("one")
    assert [row.name for row in ledger.providers.all()] == ["three", "two"]


def test_wrong_names_of_providers_and_models_are_told(ledger: Ledger) -> None:
    ledger.providers.add("one", "openai-chat", "http://one/v1", ("m-1",), None, "none")
    with pytest.raises(UsageError, match="there already"):
        ledger.providers.add("one", "openai-chat", "http://one/v1", (), None, "none")
    for act in (
        lambda: ledger.providers.get("no"),
        lambda: ledger.providers.remove("no"),
        lambda: ledger.providers.change("no", prices="none"),
        lambda: ledger.providers.order(("no",)),
    ):
        with pytest.raises(UnknownProvider):
            act()


def test_a_change_of_a_provider_that_is_wrong_in_one_part_changes_nothing(ledger: Ledger) -> None:
    ledger.providers.add("one", "openai-chat", "http://one/v1", ("m-1",), None, "none")
    before = ledger.providers.get("one")
    prices = [ModelRow("m-1", "1", "1"), ModelRow("m-9", "1", "1")]
    with pytest.raises(UnknownModel):
        ledger.providers.change("one", ("m-2",), prices, prices="local")
    assert ledger.providers.get("one") == before


def test_a_model_can_be_added_and_priced_at_once(ledger: Ledger) -> None:
    ledger.providers.add("one", "openai-chat", "http://one/v1", ("m-1",), None, "none")
    ledger.providers.change("one", ("m-2",), [ModelRow("m-2", "1", "2")], is_enabled=False)
    row = ledger.providers.get("one")
    assert row.models == (ModelRow("m-1"), ModelRow("m-2", "1", "2"))
    assert not row.is_enabled


def test_reported_and_estimated_usage_are_told_apart(ledger: Ledger) -> None:
    call = ledger.calls.begin(new_call())
    estimated = Usage(input_tokens=3, output_tokens=2, source=UsageSource.ESTIMATED)
    row = ledger.calls.settle(
        call,
        Settlement(
            status=CallStatus.CANCELLED,
            usage=estimated,
            cost_nano_usd=0,
            price_version=None,
            duration_ms=1,
            first_token_ms=None,
            reply="",
            error_type="cancelled",
        ),
    )
    assert row.usage == estimated
    assert row.to_json()["usage"] == "estimated"
    assert row.to_json()["error"] == "cancelled"


@pytest.mark.load
def test_what_a_month_cost_is_read_at_once_however_many_calls_there_are(ledger: Ledger) -> None:
    row: dict[str, Any] = dict.fromkeys(("purpose", "os_user", "prompt_version", "provider", "model"), "x")
    row |= {"attempt": 1, "status": "ok", "prompt_json": "long " * 100}
    old = [
        row | {"cost_nano_usd": 1, "started_at": f"2026-10-{1 + number % 28:02}T10:00:00.000Z"}
        for number in range(20_000)
    ]
    new = [row | {"started_at": "2026-11-01T00:00:00.000Z", "cost_nano_usd": cost} for cost in (3, 4, None)]
    running = row | {"started_at": "2026-11-02T00:00:00.000Z", "cost_nano_usd": None, "status": "running"}
    with ledger.database.writing() as connection:
        for batch in (old, new, [running]):
            connection.execute(calls.insert(), batch)
    assert ledger.calls.spending("2026-11") == Spending(calls=3, cost_nano_usd=7, unknown_cost_calls=1)
    assert ledger.calls.spending("2026-12") == Spending(0, 0, 0)
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, sql: str, parameters: Any, *_: object) -> None:
        asked.append((sql, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        ledger.calls.spending("2026-10")
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    sql, parameters = asked[-1]
    with ledger.database.reading() as connection:
        (step,) = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters).all()
    assert "USING COVERING INDEX ix_calls_spending (started_at>?)" in str(step)
