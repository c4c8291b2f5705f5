"""A thousand turns from eight threads at servers that do whatever servers do when they are ill, in every dialect."""

from __future__ import annotations

import contextlib
import gc
import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from random import Random

import pytest

from forgeapp.app import App, build
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.chat import Message, Prompt, Role, TextPiece, UsageReported
from forgeapp.domain.events import ArtifactGrew, AttemptStarted, Finished, Hop, Status
from forgeapp.domain.money import NANO_PER_USD
from forgeapp.domain.request import ForgeRequest
from forgeapp.domain.usage import Usage, UsageSource
from forgeapp.errors import BudgetExceeded, ForgeError, ProviderTimeout
from forgeapp.ledger.budgets import BudgetRow
from forgeapp.ledger.calls import CallRow, CallStatus
from forgeapp.ledger.providers import ModelRow
from forgeapp.providers.registry import DIALECTS, make_provider
from forgeapp.providers.transport import Timeouts
from tests.soak.illnesses import MODEL, TABLE, VENDORS, Scripted, ScriptedServer

TURNS, THREADS = 334, 8
"""Of one pair of providers; three pairs make a thousand turns."""
PAIRS = (("gemini", "openai"), ("anthropic", "ollama"), ("openai-chat", "gemini"))
CONVERSATIONS = 6
"""Fewer than threads, so that several turns run in the same one."""
READ_TIMEOUT_S = 0.6
IN_NANO, OUT_NANO = 1_000, 2_000
"""What a token costs by the user's own price of 1 and 2 USD a million."""
OK = "ok"


@dataclass
class Ends:
    """How the turns of a run ended; `memory_mb`: resident after each fifth of them."""

    turns: list[Finished] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)


def test_every_dialect_falls_ill_in_the_soak() -> None:
    assert {dialect for pair in PAIRS for dialect in pair} == set(VENDORS) == set(DIALECTS)


@pytest.mark.soak
@pytest.mark.availability
@pytest.mark.parametrize("dialect", VENDORS)
def test_each_illness_is_told_for_what_it_is(dialect: str) -> None:
    vendor, rng = VENDORS[dialect], Random(20261121)
    script = [Scripted(make(rng), error=error) for error, make in vendor.illnesses]
    script += [vendor.well(number, 10_000, rng) for number in range(40)]
    prompt = Prompt(MODEL, (Message(Role.USER, "A table of things, please."),), max_output_tokens=1_000)
    with ScriptedServer(script) as server:
        base_url = server.root_url + vendor.base_path
        provider = make_provider(dialect, name="ill", base_url=base_url, timeouts=Timeouts(read_s=READ_TIMEOUT_S))
        for scripted in script:
            events, error = [], None
            try:
                events += provider.stream(prompt, CancelToken())
            except ForgeError as failure:
                error = type(failure)
            assert error is scripted.error, scripted
            if scripted.error is None:
                assert "".join(event.text for event in events if isinstance(event, TextPiece)) == TABLE
                assert [event.usage for event in events if isinstance(event, UsageReported)] == [scripted.usage]


@pytest.mark.soak
@pytest.mark.availability
@pytest.mark.load
@pytest.mark.parametrize("dialects", PAIRS, ids="-".join)
def test_turns_at_ill_servers_end_well_and_are_paid_to_the_nano(home: Path, dialects: tuple[str, str]) -> None:
    rng = Random(20261121)  # the same illnesses each time
    servers = [ScriptedServer(VENDORS[dialect].script(3 * TURNS, rng)) for dialect in dialects]
    threads_before = set(threading.enumerate())
    with servers[0], servers[1], open_app(home, dialects, servers, 1_000 * NANO_PER_USD) as app:
        talks = [app.ledger.conversations.start(f"Conversation {number}") for number in range(CONVERSATIONS)]
        ends = run_turns(TURNS, lambda number: stoppable_turn(app, number, talks))
        rows = app.ledger.calls.recent(100_000)
        budget = app.ledger.budgets.all()[0]
        check_conversations(app, ends.turns, rows)
        totals = app.ledger.calls.totals("provider")[1]
    lingering = set(threading.enumerate()) - threads_before
    for thread in lingering:
        thread.join(5.0)

    assert len(ends.turns) == TURNS
    assert {end.status for end in ends.turns} <= {Status.DONE, Status.FAILED}
    assert all(end.status is Status.DONE or end.error is not None for end in ends.turns)
    assert sum(end.status is Status.DONE for end in ends.turns) > TURNS * 0.6
    check_costs(rows)
    for name, server in zip(("first", "second"), servers, strict=True):
        check_attempts([row for row in rows if row.provider == name], server.given)
    paid = sum(row.cost_nano_usd or 0 for row in rows)
    assert totals.cost_nano_usd == budget.settled_nano_usd == paid
    assert budget.reserved_nano_usd == 0
    assert not any(thread.is_alive() for thread in lingering)
    assert ends.memory_mb[-1] - ends.memory_mb[0] < 25, f"resident MB: {ends.memory_mb}"
    print(
        f"\n{TURNS} turns: {Counter(end.status.value for end in ends.turns)}; attempts {len(rows)}: "
        f"{Counter(map(outcome, rows))}; $ {paid / NANO_PER_USD:.6f}; resident MB {ends.memory_mb}"
    )


@pytest.mark.soak
@pytest.mark.load
@pytest.mark.parametrize("dialects", [("anthropic", "openai")], ids="-".join)
def test_a_budget_that_runs_out_in_the_midst_is_never_overspent(home: Path, dialects: tuple[str, str]) -> None:
    turns, rng = 160, Random(20261121)
    # What a server reports has to be possible: no more tokens than there are bytes in the prompt.
    servers = [
        ScriptedServer(VENDORS[dialect].script(3 * turns, rng, illness=0.1, least_input=1_000)) for dialect in dialects
    ]
    amount = turns // 2 * price_of(Usage(1_080, 87))
    seen: list[BudgetRow] = []
    with servers[0], servers[1], open_app(home, dialects, servers, amount, max_output_tokens=512) as app:
        ends = run_turns(turns, lambda number: turn(app, number), lambda: seen.extend(app.ledger.budgets.all()))
        late = turn(app, turns)
        rows = app.ledger.calls.recent(100_000)
        seen += app.ledger.budgets.all()

    assert all(row.settled_nano_usd + row.reserved_nano_usd <= amount for row in seen)
    assert any(row.reserved_nano_usd for row in seen)
    assert not seen[-1].reserved_nano_usd
    check_costs(rows)
    for name, server in zip(("first", "second"), servers, strict=True):
        check_attempts([row for row in rows if row.provider == name], server.given)
    assert seen[-1].settled_nano_usd == sum(row.cost_nano_usd or 0 for row in rows)
    blocked = [end for end in (*ends.turns, late) if end.status is Status.BLOCKED]
    assert late in blocked
    assert all(isinstance(end.error, BudgetExceeded) for end in blocked)
    # What a blocked turn cost was for attempts that broke off before the one that was not paid for any more.
    assert all(end.cost_nano_usd == sum(call["cost_nano_usd"] or 0 for call in end.calls) for end in blocked)
    assert not any(call["status"] == "ok" for end in blocked for call in end.calls)
    done = sum(end.status is Status.DONE for end in ends.turns)
    assert len(blocked) > turns * 0.25
    assert turns * 0.25 < done < turns * 0.75
    # What is left would not have paid for another one, of which none cost more than was set aside for it.
    most = late.error.params["most_nano_usd"] if late.error else 0
    assert seen[-1].left_nano_usd < most
    assert max(row.cost_nano_usd or 0 for row in rows) <= most
    print(
        f"\n{turns} turns: {Counter(end.status.value for end in ends.turns)}; $ {amount / NANO_PER_USD:.6f}, of which "
        f"{seen[-1].left_nano_usd / amount:.1%} is left"
    )


def open_app(
    home: Path, dialects: tuple[str, str], servers: list[ScriptedServer], budget_nano_usd: int, **settings: object
) -> App:
    home.mkdir(parents=True, exist_ok=True)
    patience = {"retry_waits_s": [0.01, 0.02], "read_timeout_s": READ_TIMEOUT_S, "turn_deadline_s": 20.0}
    (home / "settings.json").write_text(json.dumps(patience | settings))
    app = build(home)
    for name, dialect, server in zip(("first", "second"), dialects, servers, strict=True):
        app.ledger.providers.add(
            name, dialect, server.root_url + VENDORS[dialect].base_path, (MODEL,), None, prices="none"
        )
        app.ledger.providers.change(name, model_prices=[ModelRow(MODEL, "1", "2")])
    app.ledger.budgets.set(budget_nano_usd)
    return app


def run_turns(count: int, work: Callable[[int], Finished], watch: Callable[[], None] = lambda: None) -> Ends:
    """Every turn's end; `watch` is called again and again meanwhile."""
    numbers: SimpleQueue[int] = SimpleQueue()
    for number in range(count):
        numbers.put(number)
    ends = Ends()
    bugs: list[BaseException] = []

    def work_on() -> None:
        with contextlib.suppress(Empty):
            while not bugs:
                number = numbers.get_nowait()
                try:
                    ends.turns.append(work(number))
                except BaseException as bug:
                    bugs.append(bug)

    workers = [threading.Thread(target=work_on, name=f"turns-{number}") for number in range(THREADS)]
    started = time.monotonic()
    for worker in workers:
        worker.start()
    while any(worker.is_alive() for worker in workers):
        time.sleep(0.05)
        watch()
        if len(ends.turns) >= (len(ends.memory_mb) + 1) * count // 5:
            ends.memory_mb.append(resident_mb())
        assert time.monotonic() - started < 600, "the turns do not end"
    for worker in workers:
        worker.join()
    ends.memory_mb.append(resident_mb())
    if bugs:
        raise bugs[0]
    return ends


def stoppable_turn(app: App, number: int, talks: list[int]) -> Finished:
    """A turn in a conversation of its own or one of those that others use too; some are stopped, each elsewhere."""
    moments = {0: AttemptStarted, 5: Hop, 10: ArtifactGrew}
    return turn(app, number, None if number % 3 == 0 else talks[number % len(talks)], moments.get(number % 20))


def turn(app: App, number: int, conversation: int | None = None, stopped_at: type | None = None) -> Finished:
    cancel = CancelToken()
    last = None
    text = f"Make a table of {number} things with prices, please"
    request = ForgeRequest(text, conversation, confirmed=True, use_cache=False)
    for step in app.forge.run(request, cancel):
        assert last is None, "nothing follows the end of a turn"
        if stopped_at is not None and isinstance(step, stopped_at):
            cancel.cancel()
        if isinstance(step, Finished):
            last = step
    assert last is not None
    return last


def check_costs(rows: list[CallRow]) -> None:
    """Each call is settled, and costs what its tokens cost, whether they were reported or estimated."""
    assert not [row for row in rows if row.status is CallStatus.RUNNING]
    for row in rows:
        assert row.cost_nano_usd == price_of(row.usage), row


def check_attempts(rows: list[CallRow], given: list[Scripted]) -> None:
    """The rows of one provider beside what its server has given: each reply is one row, and ended as it had to."""
    stopped = [row for row in rows if row.status is CallStatus.CANCELLED]
    # A call that was stopped may not have reached the server any more; every other attempt did, and none has two rows.
    assert len(rows) - len(stopped) <= len(given) <= len(rows)
    due = Counter(OK if scripted.error is None else scripted.error.key for scripted in given)
    seen = Counter(map(outcome, rows)) - Counter({"cancelled": len(stopped)})
    # On a busy machine a reply may be too late that was not to be; nothing else goes otherwise than it has to.
    late = seen - due
    assert set(late) <= {ProviderTimeout.key}
    assert (due - seen).total() <= late.total() + len(stopped)

    good = [row for row in rows if row.status is CallStatus.OK]
    reported = Counter(row.usage for row in good)
    sent = Counter(scripted.usage for scripted in given if scripted.usage is not None)
    assert not reported - sent, "a reply costs what its server says, and once"
    unpaid = sent - reported
    assert unpaid.total() <= late.total() + len(stopped)
    charged = sum(map(price_of, sent.elements())) - sum(map(price_of, unpaid.elements()))
    assert sum(row.cost_nano_usd or 0 for row in good) == charged
    assert all(row.usage.source is UsageSource.ESTIMATED for row in rows if row.status is CallStatus.FAILED)


def check_conversations(app: App, ends: list[Finished], rows: list[CallRow]) -> None:
    """No turn has lost its words, no reply stands in another's conversation, no version is missing or there twice."""
    turns = Counter(end.conversation for end in ends)
    replies = {row.message: row.reply for row in rows if row.status is CallStatus.OK}
    assert len(replies) == sum(row.status is CallStatus.OK for row in rows), "one good reply a message"
    stored: dict[int, int] = {}
    for conversation, count in turns.items():
        messages = app.ledger.conversations.messages(conversation)
        assert sum(message.role is Role.USER for message in messages) == count
        asked = {message.id for message in messages if message.role is Role.USER}
        answers = [message for message in messages if message.role is Role.ASSISTANT]
        assert asked.issuperset(message.reply_to for message in answers)
        stored |= {message.id: message.reply_to for message in answers if not message.is_partial}
    assert stored == {reply: message for message, reply in replies.items()}
    for artifact in app.ledger.artifacts.all():
        numbers = sorted(version.number for version in app.ledger.artifacts.versions(artifact.id))
        assert numbers == list(range(1, len(numbers) + 1))


def outcome(row: CallRow) -> str:
    return row.error or row.status.value


def price_of(usage: Usage) -> int:
    return usage.input_tokens * IN_NANO + usage.output_tokens * OUT_NANO


def resident_mb() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return round(pages * 4096 / 1_000_000, 1)
