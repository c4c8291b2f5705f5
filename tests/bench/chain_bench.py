"""A whole turn with a reply of 2,000 pieces beside plain httpx lines + json.loads; fifty turns started at once.

What a turn does besides reading: the gatekeeper's decision, the prompt, the ledger with its reservation, the cost shown
on the way, the artifact read out of the reply, and the transaction at its end. (The journal is written every second;
these replies take less.) The server is a process of its own; the best of the rounds counts, for turns at once their
median.

Turns at once are measured twice. Where the server sends as fast as it can, all that is done for fifty replies keeps one
interpreter busy, and the first text of one waits for the replies of others; a model's pace leaves it time.
"""

from __future__ import annotations

import contextlib
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from forgeapp.app import App, build
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.chat import Prompt
from forgeapp.domain.events import ChatGrew, Event, Finished, PromptReady, Status
from forgeapp.domain.money import NANO_PER_USD
from forgeapp.domain.request import ForgeRequest
from forgeapp.ledger.providers import ModelRow
from forgeapp.providers.registry import make_provider
from tests.bench.stream_bench import CASES, Time, best, plain_pieces, serving, timed
from tests.fakes.reply import Reply

DIALECT = "openai-chat"
MODEL = "fake-large"
ROUNDS = 15
AT_ONCE = 50
AT_ONCE_ROUNDS = 3
ALONE_ROUNDS = 7
ASKED = "Make a table of 249 things with their prices and where they stand"
ROWS = [f"| thing{number} | {number}.50 | shelf {number % 17} |" for number in range(249)]
TABLE = "\n".join(["| item | price | place |", "|---|---|---|", *ROWS])
"""2,000 words between white space, each of which the server sends as a piece."""
AT_MODELS_PACE = Reply(TABLE[: TABLE.index(ROWS[12])], piece_delay_s=0.02)
"""A dozen rows, a word every 20 ms."""


@contextlib.contextmanager
def served(reply: Reply) -> Iterator[tuple[App, str]]:
    """A server and a new home that knows it, with a price and a budget, so that each call is reserved."""
    with (
        serving(reply) as root_url,
        tempfile.TemporaryDirectory() as home,
        build(Path(home)) as app,
    ):
        base_url = root_url + CASES[DIALECT].base_path
        app.ledger.providers.add("fake", DIALECT, base_url, (MODEL,), None, "none")
        app.ledger.providers.change("fake", model_prices=[ModelRow(MODEL, "1", "2")])
        app.ledger.budgets.set(1_000_000 * NANO_PER_USD)
        yield app, base_url


def steps(app: App, *, chat_only: bool = False) -> Iterator[Event]:
    """A whole turn. Raises AssertionError where it does not end as it has to."""
    request = ForgeRequest(ASKED, confirmed=True, chat_only=chat_only, use_cache=False)
    for step in app.forge.run(request, CancelToken()):
        yield step
    expected = Status.CHAT if chat_only else Status.DONE
    if not isinstance(step, Finished) or step.status is not expected:
        raise AssertionError(f"the turn ended with {step}")


def drain(pieces: Iterator[object]) -> None:
    for _ in pieces:
        pass


def prompt_of(app: App) -> Prompt:
    """What a turn sends."""
    ready = next(step for step in steps(app) if isinstance(step, PromptReady))
    return Prompt(MODEL, ready.messages, app.settings.max_output_tokens)


def one_turn(app: App, base_url: str, prompt: Prompt) -> None:
    provider = make_provider(DIALECT, name="fake", base_url=base_url)
    readers: dict[str, Callable[[], None]] = {
        "plain httpx lines + json.loads": lambda: drain(plain_pieces(DIALECT, base_url, prompt)),
        "our provider alone": lambda: drain(provider.stream(prompt, CancelToken())),
        "a whole turn that ends in chat": lambda: drain(steps(app, chat_only=True)),
        "a whole turn that ends in a table": lambda: drain(steps(app)),
    }
    times: dict[str, list[Time]] = {name: [] for name in readers}
    for read in readers.values():
        read()
    for _ in range(ROUNDS):
        for name, read in readers.items():
            times[name].append(timed(read))
    beside = best(times["plain httpx lines + json.loads"])
    print(f"{len(TABLE.split()):,} pieces, one after the other     wall ms    ratio    CPU ms    ratio")
    for name, taken in times.items():
        least = best(taken)
        print(
            f"{name:<38} {least.wall_s * 1000:8.1f} {least.wall_s / beside.wall_s:7.2f}x "
            f"{least.cpu_s * 1000:9.1f} {least.cpu_s / beside.cpu_s:7.2f}x"
        )


def first_text_s(begin: Callable[[], Iterator[object]], count: int) -> list[float]:
    """Until each of so many has its first text, sorted. All begin at once, in threads, and are read to their end."""
    waits: list[float] = []
    bugs: list[BaseException] = []
    at_once = threading.Barrier(count)

    def work() -> None:
        try:
            at_once.wait()
            began = time.perf_counter()
            has_text = False
            for step in begin():
                if not has_text and _is_text(step):
                    has_text = True
                    waits.append(time.perf_counter() - began)
        except BaseException as bug:
            bugs.append(bug)

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if bugs:
        raise bugs[0]
    assert len(waits) == count
    return sorted(waits)


def _is_text(step: object) -> bool:
    return isinstance(step, ChatGrew) or (isinstance(step, str) and bool(step))


def turns_at_once(app: App, base_url: str, prompt: Prompt, pace: str) -> None:
    ways: dict[str, Callable[[], Iterator[object]]] = {
        "plain httpx lines + json.loads": lambda: plain_pieces(DIALECT, base_url, prompt),
        "whole turns that end in chat": lambda: steps(app, chat_only=True),
    }
    print(f"\nms until the first text, {pace}")
    print(f"{'':<34}    alone   {AT_ONCE} at once: p50      p95   beside alone   beside plain")
    plain_p95_s = 0.0
    for name, begin in ways.items():
        alone_s = statistics.median(first_text_s(begin, 1)[0] for _ in range(ALONE_ROUNDS))
        rounds = [first_text_s(begin, AT_ONCE) for _ in range(AT_ONCE_ROUNDS)]
        p50_s, p95_s = (
            statistics.median(waits[round(share * (AT_ONCE - 1))] for waits in rounds) for share in (0.5, 0.95)
        )
        plain_p95_s = plain_p95_s or p95_s
        print(
            f"{name:<34} {alone_s * 1000:8.1f} {p50_s * 1000:18.1f} {p95_s * 1000:8.1f} "
            f"{p95_s / alone_s:13.1f}x {p95_s / plain_p95_s:13.2f}x"
        )


def main() -> None:
    with served(Reply(TABLE)) as (app, base_url):
        prompt = prompt_of(app)
        one_turn(app, base_url, prompt)
        turns_at_once(app, base_url, prompt, "from a server that sends as fast as it can")
    with served(AT_MODELS_PACE) as (app, base_url):
        turns_at_once(app, base_url, prompt_of(app), "at a model's pace, 50 pieces a second")


if __name__ == "__main__":
    main()
