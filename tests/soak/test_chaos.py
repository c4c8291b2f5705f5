"""A thousand turns from eight threads at servers that do whatever servers do when they are ill."""

from __future__ import annotations

import contextlib
import gc
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest

from forgeapp.app import App, build
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.events import AttemptStarted, Finished, Status
from forgeapp.domain.money import NANO_PER_USD
from forgeapp.domain.request import ForgeRequest
from forgeapp.ledger.calls import CallRow, CallStatus
from forgeapp.ledger.providers import ModelRow
from tests.fakes.provider_server import FakeServer
from tests.fakes.reply import Reply

TURNS, THREADS = 1_000, 8
TABLE = "| item | price |\n|---|---|\n" + "".join(f"| thing {number} | {number}.50 |\n" for number in range(12))
IN_NANO, OUT_NANO = 1_000, 2_000
"""What a token costs by the user's own price of 1 and 2 USD a million."""


def fine(number: int) -> Reply:
    """A good reply whose usage is like no other's."""
    return Reply(
        TABLE,
        usage={"prompt_tokens": 10_000 + number, "completion_tokens": 7 + number, "total_tokens": 10_007 + 2 * number},
    )


ILL: tuple[Callable[[random.Random], Reply], ...] = (
    lambda _: Reply(status=429, body={"error": {"message": "slow down", "code": "rate_limit_exceeded"}}),
    lambda rng: Reply(status=429, body={"error": {"message": "slow down"}}, headers={"retry-after": "0"}),
    lambda _: Reply(status=429, body={"error": {"message": "slow down"}}, headers={"retry-after-ms": "40"}),
    lambda _: Reply(status=500),
    lambda _: Reply(status=529, body={"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}),
    lambda _: Reply(status=502, body="<html><head><title>Bad gateway</title></head><body>nginx</body></html>"),
    lambda _: Reply(status=200, body="<!doctype html><title>Sign in to the hotel's network</title>"),
    lambda _: Reply(status=200, body=b"", content_type="text/event-stream"),
    lambda _: Reply(status=200, body=b"\x89PNG\r\n\x1a\n", content_type="image/png"),
    lambda _: Reply(status=200, body=b'{"choices": [{"message": {"content": "| a', content_type="application/json"),
    lambda _: Reply(raw=b'data: {"choices": [{"delta": {"content": "half'),
    lambda _: Reply(raw=b"\x00\xff\xfe nonsense\n\nevent: what\ndata\n\ndata: []\n\n"),
    lambda _: Reply(TABLE, delay_s=2.0),
    lambda rng: Reply(TABLE, stall_after=rng.randrange(1, 6)),
    lambda rng: Reply(TABLE, reset_after=rng.randrange(0, 20)),
    lambda rng: Reply(TABLE, close_after=rng.randrange(0, 20)),
    lambda _: Reply(TABLE, finish=None, done=False),
    lambda rng: Reply(TABLE, error={"message": "the model crashed", "code": 500}, error_after=rng.randrange(1, 9)),
)
"""Each of these is an attempt that fails; what a provider would send only once in a while comes here all the time."""


def script(count: int, rng: random.Random) -> list[Reply]:
    replies = []
    for number in range(count):
        if rng.random() < 0.45:
            replies.append(rng.choice(ILL)(rng))
        else:
            reply = fine(number)
            cut = rng.choice((None, None, None, 1, 3))
            replies.append(reply if cut is None else Reply(**{**vars(reply), "cut": cut, "pings": True}))
    return replies


def resident_mb() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1_000_000


def open_app(home: Path, *servers: FakeServer) -> App:
    home.mkdir(parents=True, exist_ok=True)
    settings = {"retry_waits_s": [0.01, 0.02], "read_timeout_s": 0.6, "turn_deadline_s": 20.0}
    (home / "settings.json").write_text(json.dumps(settings))
    app = build(home)
    for name, server in zip(("first", "second"), servers, strict=True):
        app.ledger.providers.add(name, "openai-chat", server.base_url, ("m",), None, "none")
        app.ledger.providers.change(name, model_prices=[ModelRow("m", "1", "2")])
    app.ledger.budgets.set(1_000 * NANO_PER_USD)
    return app


@pytest.mark.soak
@pytest.mark.availability
@pytest.mark.load
def test_a_thousand_turns_at_ill_servers_end_well_and_are_paid_to_the_nano(home: Path) -> None:
    rng = random.Random(20261121)  # the same illnesses each time
    first, second = (FakeServer(*script(3_000, rng), remembers=False) for _ in range(2))
    threads_before = set(threading.enumerate())
    with first, second, open_app(home, first, second) as app:
        ends, memory = run_turns(app)
        rows = app.ledger.calls.recent(100_000)
        left = app.ledger.budgets.all()[0]
        totals = app.ledger.calls.totals("provider")[1]
        requests = first.asked + second.asked
    lingering = {thread for thread in set(threading.enumerate()) - threads_before if thread.is_alive()}

    assert len(ends) == TURNS
    assert {end.status for end in ends} <= {Status.DONE, Status.FAILED}
    assert all(end.status is Status.DONE or end.error is not None for end in ends)
    assert sum(end.status is Status.DONE for end in ends) > TURNS * 0.7
    check_rows(rows, requests)
    paid = sum(row.cost_nano_usd or 0 for row in rows)
    assert totals.cost_nano_usd == left.settled_nano_usd == paid
    assert left.reserved_nano_usd == 0
    assert not lingering
    assert memory[-1] - memory[0] < 25, f"resident MB: {memory}"
    print(
        f"\n{TURNS} turns: {Counter(end.status.value for end in ends)}; attempts {len(rows)}: "
        f"{Counter(row.error or row.status.value for row in rows)}; $ {paid / NANO_PER_USD:.6f}; resident MB {memory}"
    )


def run_turns(app: App) -> tuple[list[Finished], list[float]]:
    """Every turn's end, and the resident memory after each fifth of them; every twentieth turn is stopped."""
    numbers: SimpleQueue[int] = SimpleQueue()
    for number in range(TURNS):
        numbers.put(number)
    ends: list[Finished] = []
    memory: list[float] = []
    bugs: list[BaseException] = []

    def work() -> None:
        with contextlib.suppress(Empty):
            while True:
                number = numbers.get_nowait()
                try:
                    ends.append(turn(app, number))
                except BaseException as bug:
                    bugs.append(bug)
                    return

    workers = [threading.Thread(target=work, name=f"turns-{number}") for number in range(THREADS)]
    started = time.monotonic()
    for worker in workers:
        worker.start()
    while any(worker.is_alive() for worker in workers):
        time.sleep(0.05)
        if len(ends) >= (len(memory) + 1) * TURNS // 5:
            memory.append(round(resident_mb(), 1))
        assert time.monotonic() - started < 900, "the turns do not end"
    for worker in workers:
        worker.join()
    memory.append(round(resident_mb(), 1))
    if bugs:
        raise bugs[0]
    return ends, memory


def turn(app: App, number: int) -> Finished:
    cancel = CancelToken()
    last = None
    request = ForgeRequest(f"Make a table of {number} things with prices, please", use_cache=False)
    for step in app.forge.run(request, cancel):
        assert last is None, "nothing follows the end of a turn"
        if isinstance(step, AttemptStarted) and number % 20 == 0:
            cancel.cancel()
        if isinstance(step, Finished):
            last = step
    assert last is not None
    return last


def check_rows(rows: list[CallRow], requests: int) -> None:
    assert not [row for row in rows if row.status is CallStatus.RUNNING]
    stopped = sum(row.status is CallStatus.CANCELLED for row in rows)
    # A call that was stopped may not have reached the server any more; every other attempt did, and none has two rows.
    assert len(rows) - stopped <= requests <= len(rows)
    for row in rows:
        usage = row.usage
        if row.cost_nano_usd:
            assert row.cost_nano_usd == usage.input_tokens * IN_NANO + usage.output_tokens * OUT_NANO
    good = [row for row in rows if row.status is CallStatus.OK]
    reported = [(row.usage.input_tokens, row.usage.output_tokens) for row in good]
    assert all(given - 10_000 == written - 7 for given, written in reported if given > 10_000)
    assert len(good) > TURNS * 0.6
