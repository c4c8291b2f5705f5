"""Who is asked, in which order, how often: attempts at one provider, then the next, each with its ledger row.

An error's class says what it does (`retry`, `falls_over`, see `errors.ProviderError`). A model named
explicitly is retried but never falls over to another provider.
"""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, replace

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.chat import (
    FinishReason,
    Prompt,
    Provider,
    ReasoningPiece,
    ReplyFinished,
    TextPiece,
    UsageReported,
)
from forgeapp.domain.events import AttemptStarted, Hop
from forgeapp.domain.usage import Usage, UsageSource
from forgeapp.errors import (
    Cancelled,
    Crashed,
    ForgeError,
    KeyMissing,
    NoProvider,
    ProviderError,
    ProviderTimeout,
    StorageError,
    StreamBroken,
    UsageError,
)
from forgeapp.ledger import Ledger
from forgeapp.ledger.calls import CallStatus, NewCall, Settlement
from forgeapp.ledger.providers import ModelRow, ProviderRow
from forgeapp.services.prompts import CountTokens

JOURNAL_EVERY_S = 1.0
_JITTER = 0.25
_LOCAL_PRICES = "local"
_UNCHARGED = Usage(source=UsageSource.ESTIMATED)
_PERHAPS_CHARGED = (StreamBroken, ProviderTimeout)
"""Failures of a request that the provider had taken."""

Connect = Callable[[ProviderRow], Provider]
"""Opens a provider with its key. Raises KeyMissing where it needs one that is not set."""
KeyName = Callable[[ProviderRow], str | None]
"""Where the key in use comes from, never the key."""
Price = Callable[[ProviderRow, ModelRow, Usage], tuple[int | None, str | None]]
"""Cost in nano-dollars, None when unknown, and the version of the price list."""


@dataclass(frozen=True, slots=True)
class Candidate:
    provider: ProviderRow
    model: ModelRow

    @property
    def name(self) -> str:
        """'PROVIDER/MODEL'."""
        return f"{self.provider.name}/{self.model.name}"

    @property
    def is_local(self) -> bool:
        """It runs on the user's own machine, as he says by its price list: nothing is guessed from an address."""
        return self.provider.prices == _LOCAL_PRICES


@dataclass(frozen=True, slots=True)
class Reply:
    """The attempt that gave a reply, whole or stopped by the user. Its call is settled by whoever stores the reply."""

    call: int
    candidate: Candidate
    text: str
    finish: FinishReason | None
    settlement: Settlement


@dataclass(slots=True)
class _Attempt:
    """What is known of the attempt under way."""

    call: int
    started: float
    text: list[str] = field(default_factory=list)
    first_token_ms: int | None = None
    reasoning: list[str] = field(default_factory=list)
    usage: Usage | None = None
    finish: FinishReason | None = None
    unwritten: list[str] = field(default_factory=list)
    written_at: float = 0.0

    @property
    def ms(self) -> int:
        return round((time.monotonic() - self.started) * 1000)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often one turn tries."""

    attempts: int
    waits_s: tuple[float, ...]
    deadline_s: float


class Chain:
    def __init__(
        self,
        ledger: Ledger,
        connect: Connect,
        key_name: KeyName,
        price: Price,
        count_tokens: CountTokens,
        patience: Patience,
    ) -> None:
        self._ledger = ledger
        self._connect = connect
        self._key_name = key_name
        self._price = price
        self._count_tokens = count_tokens
        self._patience = patience

    def candidates(self, model: str | None, *, every_model: bool = False) -> list[Candidate]:
        """Who would be asked, in order: the named 'PROVIDER/MODEL' alone, else the first model of each provider in use.

        `every_model`: all models of those, to choose from. Raises UsageError, UnknownProvider, UnknownModel.
        """
        if model is not None:
            name, slash, model_name = model.partition("/")
            if not slash or not model_name:
                raise UsageError(reason=f"'{model}' is not of the form PROVIDER/MODEL.")
            provider = self._ledger.providers.get(name)
            return [Candidate(provider, provider.model(model_name))]
        return [
            Candidate(provider, model)
            for provider in self._ledger.providers.all()
            if provider.is_enabled
            for model in (provider.models if every_model else provider.models[:1])
        ]

    def askable(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Those whose provider has a key or needs none."""
        providers = {candidate.provider.name: candidate.provider for candidate in candidates}
        names = {name for name, row in providers.items() if not row.needs_key or self._key_name(row) is not None}
        return [candidate for candidate in candidates if candidate.provider.name in names]

    def run(
        self,
        candidates: Sequence[Candidate],
        new_call: Callable[[Candidate, int], NewCall],
        prompt: Prompt,
        cancel: CancelToken,
    ) -> Generator[AttemptStarted | Hop | TextPiece, None, Reply]:
        """Asks until one answers. `prompt.model` is set for each candidate.

        Yields each attempt, its pieces and each failure; after an AttemptStarted what came before is void. A provider
        that is not set up (no key) is passed over without an attempt. Gives the Reply, also one cut short by the user
        (its settlement then says cancelled).

        Raises the last error of a provider that was asked, KeyMissing where the only one has no key, else NoProvider.
        """
        deadline = time.monotonic() + self._patience.deadline_s
        failure: ForgeError | None = None
        keyless: list[KeyMissing] = []
        for candidate in candidates:
            if failure is not None and time.monotonic() > deadline:
                break
            try:
                provider = self._connect(candidate.provider)
            except KeyMissing as error:
                keyless.append(error)
                continue
            outcome = yield from self._ask(provider, candidate, new_call, prompt, cancel, deadline)
            if isinstance(outcome, Reply):
                return outcome
            if isinstance(outcome, KeyMissing):
                keyless.append(outcome)
                continue
            failure = outcome
            if not (isinstance(outcome, ProviderError) and outcome.falls_over):
                break
        if failure is not None:
            raise failure
        raise keyless[0] if len(keyless) == len(candidates) == 1 else NoProvider()

    def _ask(
        self,
        provider: Provider,
        candidate: Candidate,
        new_call: Callable[[Candidate, int], NewCall],
        prompt: Prompt,
        cancel: CancelToken,
        deadline: float,
    ) -> Generator[AttemptStarted | Hop | TextPiece, None, Reply | ForgeError]:
        """Up to `attempts` at one provider; once a reply had begun, one more only."""
        name, model = candidate.provider.name, candidate.model.name
        attempts_left = self._patience.attempts
        number = 0
        while True:
            number += 1
            attempts_left -= 1
            outcome, has_begun = yield from self._attempt(
                provider, candidate, new_call(candidate, number), prompt, cancel, deadline
            )
            if isinstance(outcome, Reply):
                return outcome
            if has_begun:
                attempts_left = min(attempts_left, 1)
            wait = self._wait_after(outcome, number)
            if wait is None or attempts_left <= 0 or time.monotonic() + wait > deadline:
                yield Hop(name, model, number, outcome, None)
                return outcome
            yield Hop(name, model, number, outcome, wait)
            cancel.wait(wait)

    def _attempt(
        self,
        provider: Provider,
        candidate: Candidate,
        new_call: NewCall,
        prompt: Prompt,
        cancel: CancelToken,
        deadline: float,
    ) -> Generator[AttemptStarted | TextPiece, None, tuple[Reply | ForgeError, bool]]:
        cancel.check()
        noted = replace(new_call, key_name=self._key_name(candidate.provider))
        attempt = _Attempt(self._ledger.calls.begin(noted), time.monotonic())
        attempt.written_at = attempt.started
        model_prompt = Prompt(
            model=candidate.model.name,
            messages=prompt.messages,
            max_output_tokens=prompt.max_output_tokens,
            temperature=prompt.temperature,
            stop=prompt.stop,
        )
        try:
            yield AttemptStarted(candidate.provider.name, candidate.model.name, new_call.attempt, attempt.call)
            for event in provider.stream(model_prompt, cancel):
                match event:
                    case TextPiece(text=text):
                        self._keep(attempt, text)
                        yield event
                    case ReasoningPiece(text=text):
                        attempt.reasoning.append(text)
                    case UsageReported(usage=usage):
                        attempt.usage = usage
                    case ReplyFinished(reason=reason):
                        attempt.finish = reason
                if attempt.finish is None and time.monotonic() > deadline:
                    raise ProviderTimeout(provider=candidate.provider.name, model=candidate.model.name)
        except Cancelled as cancelled:
            return self._reply(attempt, candidate, prompt, CallStatus.CANCELLED, cancelled), True
        except ForgeError as failure:
            settlement = self._settlement(attempt, candidate, prompt, CallStatus.FAILED, failure)
            self._ledger.calls.settle(attempt.call, settlement)
            return failure, bool(attempt.text)
        except GeneratorExit:
            # Whoever listened has gone: what the call cost is still noted.
            settlement = self._settlement(attempt, candidate, prompt, CallStatus.CANCELLED, Cancelled())
            self._ledger.calls.settle(attempt.call, settlement)
            raise
        except Exception:
            # A mistake of our own: the call is none the less over.
            settlement = self._settlement(attempt, candidate, prompt, CallStatus.FAILED, Crashed())
            self._ledger.calls.settle(attempt.call, settlement)
            raise
        return self._reply(attempt, candidate, prompt, CallStatus.OK, None), True

    def _keep(self, attempt: _Attempt, text: str) -> None:
        """Collects a piece, and writes what came within the last second to the journal."""
        if attempt.first_token_ms is None:
            attempt.first_token_ms = attempt.ms
        attempt.text.append(text)
        attempt.unwritten.append(text)
        now = time.monotonic()
        if now - attempt.written_at >= JOURNAL_EVERY_S:
            attempt.written_at = now
            # A full disk costs the safety of the last seconds, never the reply itself.
            with contextlib.suppress(StorageError):
                self._ledger.calls.append(attempt.call, "".join(attempt.unwritten))
                attempt.unwritten.clear()

    def _reply(
        self, attempt: _Attempt, candidate: Candidate, prompt: Prompt, status: CallStatus, error: ForgeError | None
    ) -> Reply:
        return Reply(
            call=attempt.call,
            candidate=candidate,
            text="".join(attempt.text),
            finish=attempt.finish,
            settlement=self._settlement(attempt, candidate, prompt, status, error),
        )

    def _settlement(
        self, attempt: _Attempt, candidate: Candidate, prompt: Prompt, status: CallStatus, error: ForgeError | None
    ) -> Settlement:
        reply = "".join(attempt.text)
        usage = attempt.usage or self._estimated(attempt, prompt, status, error)
        cost, price_version = self._price(candidate.provider, candidate.model, usage)
        if usage == _UNCHARGED:
            cost = 0
        return Settlement(
            status=status,
            usage=usage,
            cost_nano_usd=cost,
            price_version=price_version,
            duration_ms=attempt.ms,
            first_token_ms=attempt.first_token_ms,
            reply=reply,
            error_type=error.key if error else None,
            error_message=error.message if error else None,
        )

    def _estimated(self, attempt: _Attempt, prompt: Prompt, status: CallStatus, error: ForgeError | None) -> Usage:
        """What a call without a usage report used; nothing where a provider turned the request down."""
        has_begun = bool(attempt.text or attempt.reasoning)
        if status is CallStatus.FAILED and not has_begun and not isinstance(error, _PERHAPS_CHARGED):
            return _UNCHARGED
        reasoning = self._count_tokens("".join(attempt.reasoning))
        return Usage(
            input_tokens=sum(self._count_tokens(message.text) for message in prompt.messages),
            output_tokens=self._count_tokens("".join(attempt.text)) + reasoning,
            reasoning_tokens=reasoning,
            source=UsageSource.ESTIMATED,
        )

    def _wait_after(self, error: ForgeError, attempt: int) -> float | None:
        """Seconds until the next attempt; None where another one is of no use."""
        if not isinstance(error, ProviderError) or not error.retry:
            return None
        if error.retry_after_s is not None:
            return error.retry_after_s
        waits = self._patience.waits_s
        wait = waits[min(attempt, len(waits)) - 1] if waits else 0.0
        return wait * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - spreads load, guards nothing
