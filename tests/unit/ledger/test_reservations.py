from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from forgeapp.domain.chat import FinishReason
from forgeapp.domain.usage import Usage, UsageSource
from forgeapp.errors import BudgetExceeded
from forgeapp.ledger import Ledger
from forgeapp.ledger.budgets import Cap
from forgeapp.ledger.calls import CallStatus, Charge, Reservation
from forgeapp.ledger.tables import calls
from forgeapp.processes import current_owner
from tests.unit.ledger.test_budgets import CENT, reserve
from tests.unit.ledger.test_repositories import disown, new_call, settlement

THREADS = 50
ROOT = Path(__file__).parents[3]
LEFT_RUNNING = """
import os, sys
from pathlib import Path
from forgeapp.ledger import Ledger
from tests.unit.ledger.test_budgets import reserve
ledger = Ledger(Path(sys.argv[1]), Path(sys.argv[2]))
reserve(ledger, int(sys.argv[3]))
os.kill(os.getpid(), 9)
"""
RACER = """
import sys
from pathlib import Path
from forgeapp.ledger import Ledger
from tests.unit.ledger.test_reservations import race
ledger = Ledger(Path(sys.argv[1]), Path(sys.argv[2]))
print("ready", flush=True)
sys.stdin.readline()
print(race([ledger]))
ledger.close()
"""


def race(ledgers: Sequence[Ledger], threads: int = THREADS) -> int:
    """Calls of one cent each, begun by as many threads at the same moment; gives how many got through."""
    start = threading.Barrier(threads)

    def try_once(number: int) -> bool:
        start.wait(30)
        try:
            reserve(ledgers[number % len(ledgers)], CENT)
        except BudgetExceeded:
            return False
        return True

    with ThreadPoolExecutor(threads) as pool:
        return sum(pool.map(try_once, range(threads)))


def assert_spent_to_the_last_cent(ledger: Ledger) -> None:
    (row,) = ledger.budgets.all()
    assert (row.amount_nano_usd, row.reserved_nano_usd, row.left_nano_usd) == (10 * CENT, 10 * CENT, 0)
    assert [call.status for call in ledger.calls.recent(THREADS)] == [CallStatus.RUNNING] * 10


def race_again_and_again(ledger: Ledger, times: int) -> None:
    ledger.budgets.set(10 * CENT)
    for _ in range(times):
        assert race([ledger]) == 10
        assert_spent_to_the_last_cent(ledger)
        with ledger.database.writing() as connection:
            connection.execute(calls.delete())


@pytest.mark.load
def test_fifty_threads_racing_for_ten_cents_get_ten(ledger: Ledger) -> None:
    race_again_and_again(ledger, 10)


@pytest.mark.soak
def test_fifty_threads_racing_for_ten_cents_get_ten_each_of_a_hundred_times(ledger: Ledger) -> None:
    race_again_and_again(ledger, 100)


@pytest.mark.load
def test_two_ledgers_on_one_file_share_what_is_left(tmp_path: Path, ledger: Ledger) -> None:
    other = Ledger(tmp_path / "forgeapp.db", tmp_path / "backups")
    try:
        ledger.budgets.set(10 * CENT)
        assert race([ledger, other]) == 10
        assert_spent_to_the_last_cent(other)
    finally:
        other.close()


@pytest.mark.load
@pytest.mark.integration
def test_two_processes_share_what_is_left(tmp_path: Path, ledger: Ledger) -> None:
    ledger.budgets.set(10 * CENT)
    arguments = [sys.executable, "-c", RACER, str(tmp_path / "forgeapp.db"), str(tmp_path / "backups")]
    racers = [
        subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        for _ in range(2)
    ]
    try:
        for racer in racers:
            assert racer.stdout is not None
            assert racer.stdout.readline() == "ready\n"
        for racer in racers:
            assert racer.stdin is not None
            racer.stdin.write("go\n")
            racer.stdin.flush()
        through = [int(racer.communicate(timeout=60)[0]) for racer in racers]
    finally:
        for racer in racers:
            racer.kill()
            racer.wait()
    assert sum(through) == 10
    assert_spent_to_the_last_cent(ledger)


@pytest.mark.load
def test_a_racing_reader_never_sees_more_than_the_budget(ledger: Ledger) -> None:
    ledger.budgets.set(10 * CENT)
    is_over = threading.Event()
    most_seen: list[int] = [0]

    def watch() -> None:
        while not is_over.is_set():
            (row,) = ledger.budgets.all()
            most_seen.append(row.settled_nano_usd + row.reserved_nano_usd)

    def spend(_number: int) -> None:
        try:
            call = reserve(ledger, 2 * CENT)
        except BudgetExceeded:
            return
        ledger.calls.settle(call, settlement(CENT))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(spend, range(60)))
    finally:
        is_over.set()
        watcher.join(30)
    assert max(most_seen) <= 10 * CENT
    (row,) = ledger.budgets.all()
    assert row.reserved_nano_usd == 0
    assert 0 < row.settled_nano_usd <= 9 * CENT


@pytest.mark.availability
def test_what_a_killed_process_had_reserved_is_free_after_recovery(tmp_path: Path, ledger: Ledger) -> None:
    ledger.budgets.set(10 * CENT)
    arguments = [sys.executable, "-c", LEFT_RUNNING, str(tmp_path / "forgeapp.db"), str(tmp_path / "backups")]
    killed = subprocess.run([*arguments, str(10 * CENT)], check=False, cwd=ROOT, timeout=60)
    assert killed.returncode == -9
    with pytest.raises(BudgetExceeded):
        reserve(ledger, CENT)
    assert ledger.calls.recover(charging(2 * CENT)) == 1
    (row,) = ledger.budgets.all()
    assert (row.settled_nano_usd, row.reserved_nano_usd) == (2 * CENT, 0)
    reserve(ledger, 8 * CENT)


def charging(cost: int) -> Callable[..., Charge]:
    return lambda *_: Charge(Usage(source=UsageSource.ESTIMATED), cost, "test")


def lease_ran_out(ledger: Ledger, owner: str) -> None:
    with ledger.database.writing() as connection:
        connection.execute(calls.update().values(lease_until="2026-01-01T00:00:00.000Z", owner=owner))


def test_a_call_past_its_lease_is_given_up_by_other_processes_only(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.budgets.set(10 * CENT)
    call = reserve(ledger, 10 * CENT)
    lease_ran_out(ledger, current_owner())
    assert ledger.calls.recover() == 0
    monkeypatch.setattr("forgeapp.ledger.calls.current_owner", lambda: "1:1")
    assert ledger.calls.recover(charging(CENT)) == 1
    assert ledger.calls.get(call).status is CallStatus.INTERRUPTED
    assert ledger.budgets.room(None, None, None) == 9 * CENT


def test_a_call_within_its_lease_is_left_to_its_process(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    call = reserve(ledger, CENT)
    ledger.calls.begin(new_call())
    monkeypatch.setattr("forgeapp.ledger.calls.current_owner", lambda: "1:1")
    assert ledger.calls.recover() == 0
    assert ledger.calls.get(call).status is CallStatus.RUNNING


@pytest.mark.parametrize("owner", ["", "nobody", "-1:1", "9" * 40 + ":1", "²:1", None])
def test_a_call_whose_owner_cannot_be_read_is_recovered(ledger: Ledger, owner: str | None) -> None:
    reserve(ledger, CENT)
    with ledger.database.writing() as connection:
        connection.execute(calls.update().values(owner=owner))
    assert ledger.calls.recover() == 1


@pytest.mark.parametrize("prompt", ["", "{", "[" * 100_000, "{}", "[1]", '[{"content": 2}, {"content": "hello"}]'])
def test_a_call_whose_prompt_cannot_be_read_is_recovered(ledger: Ledger, prompt: str) -> None:
    reserve(ledger, CENT)
    disown(ledger, calls)
    with ledger.database.writing() as connection:
        connection.execute(calls.update().values(prompt_json=prompt))
    sent: list[str] = []

    def charge(_provider: str, _model: str, messages: tuple[str, ...], _reply: str) -> Charge:
        sent.extend(messages)
        return Charge(Usage(source=UsageSource.ESTIMATED), None, None)

    assert ledger.calls.recover(charge) == 1
    assert sent == (["hello"] if "hello" in prompt else [])


def test_a_call_given_up_too_early_is_settled_by_its_process_all_the_same(ledger: Ledger) -> None:
    ledger.budgets.set(10 * CENT)
    call = reserve(ledger, 10 * CENT)
    disown(ledger, calls)
    assert ledger.calls.recover(charging(CENT)) == 1
    ledger.calls.settle(call, settlement(4 * CENT))
    assert ledger.calls.get(call).status is CallStatus.OK
    assert ledger.budgets.room(None, None, None) == 6 * CENT


def test_settling_clears_reservation_and_lease_and_notes_how_it_finished(ledger: Ledger) -> None:
    call = ledger.calls.begin(new_call(estimated_input_tokens=42), Reservation(CENT, 200))
    with ledger.database.reading() as connection:
        row = connection.execute(calls.select()).one()
    assert (row.reserved_nano_usd, row.estimated_input_tokens, row.finish) == (CENT, 42, None)
    assert row.lease_until > row.started_at
    ledger.calls.settle(call, replace(settlement(CENT), finish=FinishReason.LENGTH))
    with ledger.database.reading() as connection:
        row = connection.execute(calls.select()).one()
    assert (row.reserved_nano_usd, row.lease_until, row.owner, row.finish) == (None, None, None, "length")


@pytest.mark.load
def test_looking_for_room_reads_indexes_alone_among_many_calls(ledger: Ledger) -> None:
    ledger.budgets.set(10**15, "Cafe")
    reserve(ledger, CENT, project="Cafe", key_name="app")
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, sql: str, parameters: Any, *_: object) -> None:
        if "sum(" in sql:
            asked.append((sql, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        ledger.budgets.room(None, "Cafe", None, [Cap("App", CENT, "2026", "app")])
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(asked) == 4
    with ledger.database.reading() as connection:
        steps = [str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all()) for sql, values in asked]
    for settled, reserved in (steps[:2], steps[2:]):
        assert "USING COVERING INDEX ix_calls_spending (started_at>?)" in settled
        assert "USING INDEX ix_calls_running" in reserved
