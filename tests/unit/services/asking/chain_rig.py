"""A chain over providers that do what they are told."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

from forgeapp.domain.artifact import Kind
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.chat import (
    FinishReason,
    Message,
    ModelInfo,
    Prompt,
    Provider,
    ReplyFinished,
    Role,
    StreamEvent,
    TextPiece,
    UsageReported,
)
from forgeapp.domain.decision import Decision
from forgeapp.domain.document import Document
from forgeapp.domain.events import Hop, PassedOver, Waiting
from forgeapp.domain.request import ForgeRequest, Mode
from forgeapp.domain.usage import Usage
from forgeapp.errors import ForgeError, TargetNotWritable
from forgeapp.ledger import Ledger
from forgeapp.ledger.budgets import Cap
from forgeapp.ledger.calls import NewCall, Purpose
from forgeapp.services.asking.attempt import Reply
from forgeapp.services.asking.breaker import Breakers
from forgeapp.services.asking.chain import Chain, Doors, Patience, Question
from forgeapp.services.asking.failure_report import FailureReports
from forgeapp.services.asking.rate_limits import RateLimits
from forgeapp.services.asking.reserving import MostCost, Reserving
from forgeapp.services.asking.routing import Candidate, Router, Task
from forgeapp.services.forge import Forge
from forgeapp.settings import Settings

PROMPT = Prompt("", (Message(Role.USER, "one two three"),), max_output_tokens=1_000)
FINE: list[StreamEvent | ForgeError] = [
    TextPiece("Hello "),
    TextPiece("there."),
    UsageReported(Usage(input_tokens=100, output_tokens=10)),
    ReplyFinished(FinishReason.STOP),
]


class Scripted:
    """A provider that does, attempt by attempt, what it is told."""

    def __init__(self, *attempts: list[StreamEvent | ForgeError | Callable[[], None]]) -> None:
        self.attempts = list(attempts)
        self.prompts: list[Prompt] = []

    def stream(self, prompt: Prompt, cancel: CancelToken) -> Iterator[StreamEvent]:
        self.prompts.append(prompt)
        steps = self.attempts.pop(0)
        for step in steps:
            cancel.check()
            if isinstance(step, ForgeError):
                raise step
            if callable(step):
                step()
            else:
                yield step

    def list_models(self, cancel: CancelToken) -> list[ModelInfo]:
        return []


class Rig:
    """A chain over scripted providers named after the keyword arguments, asked in that order."""

    def __init__(self, ledger: Ledger, **providers: Provider | ForgeError) -> None:
        self.ledger = ledger
        self.providers = providers
        for name in providers:
            ledger.providers.add(name, "openai-chat", "http://x", ("m",), None, "none")
        self.patience = Patience(3, (0.0, 0.0), 60.0)
        self.steps: list[object] = []

        self.prompt = PROMPT
        self.most_cost: MostCost = lambda *_: 0
        self.mode = Mode.PROVIDERS
        self.caps: tuple[Cap, ...] = ()
        self.breakers = Breakers()
        self.limits = RateLimits()
        self.cache_days = 0
        self.input_tokens = 3

    def run(self, cancel: CancelToken | None = None, model: str | None = None) -> Reply:
        return self._drained(self.steps_of(cancel, model))

    def steps_of(self, cancel: CancelToken | None = None, model: str | None = None) -> Generator[Any, None, Reply]:
        request = ForgeRequest("one two three", model=model, mode=self.mode)
        candidates = Router(self.ledger, 100, lambda: self.providers).candidates(request, Task(None, None, 3))
        question = Question(
            self.prompt, _new_call, self.input_tokens, cache_days=self.cache_days, is_named=model is not None
        )
        return self.chain().run(candidates, question, cancel or CancelToken())

    def chain(self) -> Chain:
        return Chain(
            self.ledger,
            Doors(self._connect, lambda candidate: f"key of {candidate.provider.name}", lambda _: False),
            lambda *_: (7, "test"),
            lambda text: len(text.split()),
            self.patience,
            Reserving(self.ledger, lambda *asked: self.most_cost(*asked), lambda _: self.caps, 10),
            self.breakers,
            self.limits,
        )

    def _drained(self, steps: Generator[Any, None, Reply]) -> Reply:
        while True:
            try:
                self.steps.append(next(steps))
            except StopIteration as stop:
                assert isinstance(stop.value, Reply)
                return stop.value

    def _connect(self, candidate: Candidate) -> Provider:
        provider = self.providers[candidate.provider.name]
        if isinstance(provider, ForgeError):
            raise provider
        return provider

    @property
    def hops(self) -> list[tuple[str, str, bool]]:
        return [
            (step.provider, step.error.key, step.wait_s is not None) for step in self.steps if isinstance(step, Hop)
        ]

    @property
    def passed_over(self) -> list[tuple[str, str]]:
        return [(step.provider, step.reason.key) for step in self.steps if isinstance(step, PassedOver)]

    @property
    def waits(self) -> list[tuple[str, str]]:
        return [(step.provider, step.limit) for step in self.steps if isinstance(step, Waiting)]

    @property
    def calls(self) -> list[tuple[str, str, str | None]]:
        return [(call.provider, call.status.value, call.error) for call in reversed(self.ledger.calls.recent(50))]


def _new_call(candidate: Candidate, attempt: int) -> NewCall:
    return NewCall(Purpose.GENERATE, candidate.provider.name, candidate.model.name, attempt, PROMPT.messages, "1", None)


def make_forge(
    ledger: Ledger,
    decide: Callable[[str, Kind | None], Decision],
    connect: Callable[[Candidate], Any],
    patience: Patience | None = None,
    reports: Path | None = None,
) -> Forge:
    """A forge over `connect`: a call costs 5, a text has as many tokens as characters, nobody waits between attempts.

    Failure reports have no PDF; they go to `reports`, or a folder that cannot be written.
    """

    def no_pdf(_document: Document, target: Path) -> None:
        raise TargetNotWritable(path=target, reason="this test writes none", remedy="")

    chain = Chain(
        ledger,
        Doors(connect, lambda _: None, lambda candidate: candidate.provider.needs_key),
        lambda *_: (5, "test"),
        len,
        patience or Patience(1, (), 60.0),
        Reserving(ledger, lambda *_: 0, lambda _: (), 10),
        Breakers(),
        RateLimits(),
    )
    settings = Settings()
    return Forge(
        ledger,
        decide,
        Router(ledger, settings.small_task_tokens, tuple),
        chain,
        FailureReports(ledger, no_pdf, reports or Path("/proc/no-such-folder")),
        lambda *_: None,
        len,
        lambda _workbook: {},
        settings,
    )
