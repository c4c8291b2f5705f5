"""Who is asked, in which order, how often: attempts at one provider, then the next, each with its ledger row.

What follows from a failure stands in `policy`; who is left out after failures in `breaker`; limits a minute in
`rate_limits`; money in `reserving`; one attempt in `attempt`. A model named explicitly is retried but never falls over
to another provider.
"""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.chat import Prompt, Provider, TextPiece
from forgeapp.domain.events import AttemptStarted, Hop, PassedOver, Waiting
from forgeapp.errors import (
    BlockedError,
    ContextTooLong,
    ForgeError,
    KeyMissing,
    NoProvider,
    PicturesNotTaken,
    ProviderError,
    RateLimited,
    StorageError,
)
from forgeapp.ledger import Ledger
from forgeapp.ledger.calls import CallStatus, NewCall
from forgeapp.services.asking.attempt import Attempt, Price, Reply
from forgeapp.services.asking.breaker import Breakers, Circuit
from forgeapp.services.asking.estimating import estimate_for, is_lesson
from forgeapp.services.asking.policy import rule_for
from forgeapp.services.asking.rate_limits import RateLimits
from forgeapp.services.asking.reply_cache import cache_key, oldest
from forgeapp.services.asking.reserving import Reserving
from forgeapp.services.asking.routing import Candidate
from forgeapp.services.prompts import CountTokens

_JITTER = 0.25
_LEASE_SLACK_S = 60.0
_LEAST_ROOM_TOKENS = 1_024
"""A prompt that leaves less room for the reply is left to the provider to judge."""

Step = AttemptStarted | Hop | PassedOver | Waiting | TextPiece
Connect = Callable[[Candidate], Provider]
"""Opens a provider with its key. Raises KeyMissing where it needs one that is not set."""
KeyName = Callable[[Candidate], str | None]
"""What the key in use is called, or where it comes from; never the key. None where there is none."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often one turn tries; `read_timeout_s` is how long a stream may be silent."""

    attempts: int
    waits_s: tuple[float, ...]
    deadline_s: float
    read_timeout_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of whoever answers. `prompt.model` is set for each candidate, and its own parameters.

    `new_call` notes an attempt by its number. `input_tokens`: our own count of the text; `picture_tokens`: estimated.
    `cache_days` 0: no kept reply will do. `is_named`: the user named the model.
    """

    prompt: Prompt
    new_call: Callable[[Candidate, int], NewCall]
    input_tokens: int
    picture_tokens: int = 0
    cache_days: int = 0
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class Doors:
    """How a candidate is reached."""

    connect: Connect
    key_name: KeyName
    needs_key: Callable[[Candidate], bool]


@dataclass(frozen=True, slots=True)
class Chain:
    """`limits` and `breakers` are shared by every turn of the program."""

    ledger: Ledger
    doors: Doors
    price: Price
    count_tokens: CountTokens
    patience: Patience
    reserving: Reserving
    breakers: Breakers
    limits: RateLimits

    def askable(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Those whose provider has a key or needs none."""
        doors = {candidate.provider.name: candidate for candidate in candidates}
        names = {
            name
            for name, candidate in doors.items()
            if not self.doors.needs_key(candidate) or self.doors.key_name(candidate) is not None
        }
        return [candidate for candidate in candidates if candidate.provider.name in names]

    def run(
        self, candidates: Sequence[Candidate], question: Question, cancel: CancelToken
    ) -> Generator[Step, None, Reply]:
        """Asks until one answers.

        Yields each attempt, its pieces and each failure; after an AttemptStarted what came before is void. A provider
        that is not set up (no key) is passed over without a trace; one that its breaker leaves out comes last, with one
        attempt. Gives the Reply, also one cut short by the user (its settlement then says cancelled).

        Raises the last error of a provider that was asked, else the first reason of one that could not be afforded or
        used, KeyMissing where the only one has no key, else NoProvider.
        """
        return (yield from _Run(self, question, cancel).go(candidates))


@dataclass(slots=True)
class _Run:
    """One question on its way through the chain."""

    chain: Chain
    question: Question
    cancel: CancelToken
    deadline: float = 0.0
    failure: ForgeError | None = None
    blocked: ForgeError | None = None
    keyless: KeyMissing | None = None

    def go(self, candidates: Sequence[Candidate]) -> Generator[Step, None, Reply]:
        self.deadline = time.monotonic() + self.chain.patience.deadline_s
        left_out: list[Candidate] = []
        for candidate in candidates:
            reply = yield from self._candidate(candidate, left_out)
            if reply is not None:
                return reply
        for candidate in left_out:
            reply = yield from self._candidate(candidate, None)
            if reply is not None:
                return reply
        if error := self.failure or self.blocked:
            raise error
        if self.keyless is not None and len(candidates) == 1:
            raise self.keyless
        raise NoProvider()

    def _candidate(self, candidate: Candidate, left_out: list[Candidate] | None) -> Generator[Step, None, Reply | None]:
        """None where the next one is to be asked. `left_out` None: asked in spite of its breaker, once.

        Raises an error that stops.
        """
        chain, is_named = self.chain, self.question.is_named
        name, model = candidate.provider.name, candidate.model.name
        if self.failure is not None and time.monotonic() > self.deadline:
            return None
        wanted = self._wanted(candidate)
        key = cache_key(candidate.provider, wanted)
        if (reply := (yield from self._cached(candidate, wanted, key))) is not None:
            return reply
        try:
            provider = chain.doors.connect(candidate)
            self._check(candidate)
        except KeyMissing as error:
            self.keyless = error
            return None
        except (ContextTooLong, PicturesNotTaken) as error:
            self.blocked = self.blocked or error
            yield PassedOver(name, model, error)
            return None
        circuit = chain.breakers.admit(name)
        if circuit is Circuit.OPEN and left_out is not None and not is_named:
            left_out.append(candidate)
            yield PassedOver(name, model, chain.breakers.why_left_out(name))
            return None
        attempts = chain.patience.attempts if circuit is Circuit.CLOSED or is_named else 1
        try:
            outcome = yield from self._ask(provider, candidate, self._fitted(wanted, candidate), key, attempts)
        except BlockedError as error:
            self.blocked = self.blocked or error
            yield PassedOver(name, model, error)
            return None
        finally:
            chain.breakers.ended(name)
        if isinstance(outcome, Reply):
            return outcome
        if isinstance(outcome, KeyMissing):
            self.keyless = outcome
            return None
        self.failure = outcome
        if not rule_for(outcome).falls_over:
            raise outcome
        return None

    def _wanted(self, candidate: Candidate) -> Prompt:
        """What this candidate is asked, by its parameters."""
        prompt, parameters = self.question.prompt, candidate.parameters
        longest = parameters.max_output_tokens or prompt.max_output_tokens
        return Prompt(candidate.model.name, prompt.messages, longest, parameters.temperature, parameters.stop)

    def _fitted(self, wanted: Prompt, candidate: Candidate) -> Prompt:
        """The same with a reply no longer than the model can give, as far as that is known by now.

        So it is none of the words by which a kept reply is found again.
        """
        longest, model = wanted.max_output_tokens, candidate.model
        if longest is not None and model.max_output_tokens is not None:
            longest = min(longest, model.max_output_tokens)
        if longest is not None and model.context_tokens is not None:
            room = model.context_tokens - round(self._input_tokens(candidate) * 1.1)
            if room >= _LEAST_ROOM_TOKENS:
                longest = min(longest, room)
        return replace(wanted, max_output_tokens=longest)

    def _input_tokens(self, candidate: Candidate) -> int:
        return estimate_for(candidate.model, self.question.input_tokens) + self.question.picture_tokens

    def _check(self, candidate: Candidate) -> None:
        """Raises ContextTooLong or PicturesNotTaken where it is known beforehand that this model can't."""
        model = candidate.model
        if model.context_tokens is not None and self._input_tokens(candidate) > model.context_tokens:
            raise ContextTooLong(provider=candidate.provider.name, model=model.name)
        if model.takes_pictures is False and any(message.pictures for message in self.question.prompt.messages):
            raise PicturesNotTaken(provider=candidate.provider.name, model=model.name)

    def _cached(self, candidate: Candidate, prompt: Prompt, key: str) -> Generator[Step, None, Reply | None]:
        question, chain = self.question, self.chain
        if not question.cache_days:
            return None
        cached = chain.ledger.kept_replies.find(key, oldest(question.cache_days))
        if cached is None:
            return None
        call = chain.ledger.calls.begin(question.new_call(candidate, 1))
        attempt = Attempt(chain.ledger, chain.price, chain.count_tokens, candidate, prompt, call)
        return (yield from attempt.replay(cached))

    def _ask(
        self, provider: Provider, candidate: Candidate, prompt: Prompt, key: str, attempts_left: int
    ) -> Generator[Step, None, Reply | ForgeError]:
        """Up to so many attempts at one provider; once a reply had begun, one more only. Raises BlockedError."""
        name, model = candidate.provider.name, candidate.model.name
        number = 0
        while True:
            number += 1
            attempts_left -= 1
            outcome, has_begun = yield from self._attempt(provider, candidate, prompt, key, number)
            if isinstance(outcome, Reply):
                return outcome
            if has_begun:
                attempts_left = min(attempts_left, 1)
            wait = self._wait_after(outcome, number)
            if wait is None or attempts_left <= 0 or time.monotonic() + wait > self.deadline:
                yield Hop(name, model, number, outcome, None)
                return outcome
            yield Hop(name, model, number, outcome, wait)
            self.cancel.wait(wait)

    def _attempt(
        self, provider: Provider, candidate: Candidate, prompt: Prompt, key: str, number: int
    ) -> Generator[Step, None, tuple[Reply | ForgeError, bool]]:
        chain, name = self.chain, candidate.provider.name
        self.cancel.check()
        tokens = self._input_tokens(candidate)
        if (limited := (yield from self._wait_for_turn(candidate, tokens))) is not None:
            return limited, False
        new_call = replace(
            self.question.new_call(candidate, number),
            key_name=chain.doors.key_name(candidate),
            estimated_input_tokens=self.question.input_tokens,
            cache_key=key,
        )
        lease_s = max(self.deadline - time.monotonic(), 0.0) + chain.patience.read_timeout_s + _LEASE_SLACK_S
        try:
            call, allowed = chain.reserving.begin(candidate, new_call, prompt, lease_s)
        except BaseException:
            chain.limits.give_back(name, tokens)
            raise
        attempt = Attempt(chain.ledger, chain.price, chain.count_tokens, candidate, allowed, call, number)
        outcome = yield from attempt.run(provider, self.cancel, self.deadline)
        self._learn(candidate, outcome, tokens)
        # What can't be written down is learned again the next time; a reply that is paid for is none the less one.
        with contextlib.suppress(StorageError):
            self._note(candidate, outcome)
        return outcome, attempt.arrived.has_begun

    def _wait_for_turn(self, candidate: Candidate, tokens: int) -> Generator[Waiting, None, RateLimited | None]:
        """Waits, visibly, until the provider's limits allow another call; an error where that would be too late."""
        row = candidate.provider
        limits = self.chain.limits
        turn = limits.take(row.name, row.requests_per_minute, row.tokens_per_minute, tokens)
        if not turn.wait_s:
            return None
        if time.monotonic() + turn.wait_s > self.deadline:
            limits.give_back(row.name, tokens)
            return RateLimited(provider=row.name, model=candidate.model.name, retry_after_s=turn.wait_s)
        try:
            yield Waiting(row.name, candidate.model.name, turn.wait_s, turn.limit or "")
            self.cancel.wait(turn.wait_s)
        except BaseException:
            limits.give_back(row.name, tokens)
            raise
        return None

    def _learn(self, candidate: Candidate, outcome: Reply | ForgeError, tokens: int) -> None:
        """What an attempt tells this program of its provider: its health and its limits."""
        chain, name = self.chain, candidate.provider.name
        if not isinstance(outcome, Reply):
            # A key that came with the program says nothing of the user's own.
            if not (rule_for(outcome).marks and candidate.uses_app_key):
                chain.breakers.failed(name, outcome)
            if isinstance(outcome, RateLimited) and outcome.retry_after_s is not None:
                chain.limits.pause(name, outcome.retry_after_s)
        elif outcome.settlement.status is CallStatus.OK:
            chain.breakers.succeeded(name)
            usage = outcome.settlement.usage
            chain.limits.give_back(name, tokens - usage.input_tokens - usage.output_tokens, requests=0)

    def _note(self, candidate: Candidate, outcome: Reply | ForgeError) -> None:
        """What is kept of it in the ledger: that only the user can mend it, and how it counts tokens."""
        providers, row = self.chain.ledger.providers, candidate.provider
        if not isinstance(outcome, Reply):
            if rule_for(outcome).marks and not candidate.uses_app_key:
                providers.mark(row.name, outcome.key)
        elif outcome.settlement.status is CallStatus.OK:
            if row.mark is not None and not candidate.uses_app_key:
                providers.mark(row.name, None)
            usage = outcome.settlement.usage
            if is_lesson(self.question.prompt.messages, usage):
                providers.learn_tokens(row.name, candidate.model.name, self.question.input_tokens, usage.input_tokens)

    def _wait_after(self, error: ForgeError, attempt: int) -> float | None:
        """Seconds until the next attempt; None where another one is of no use."""
        if not rule_for(error).retries:
            return None
        if isinstance(error, ProviderError) and error.retry_after_s is not None:
            return error.retry_after_s
        waits = self.chain.patience.waits_s
        wait = waits[min(attempt, len(waits)) - 1] if waits else 0.0
        return wait * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - spreads load, guards nothing
