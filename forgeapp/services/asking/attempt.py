"""One attempt at one provider: its row in the ledger, what arrives, and how it is settled.

The row is noted before anything is sent. What arrives goes to the journal at most every second. Whatever happens, the
row says in the end how it went; the reply's own is settled by whoever stores the reply.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field

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
from forgeapp.domain.events import AttemptStarted
from forgeapp.domain.usage import Usage, UsageSource
from forgeapp.errors import Cancelled, Crashed, ForgeError, ProviderTimeout, StorageError, StreamBroken
from forgeapp.ledger import Ledger
from forgeapp.ledger.calls import CallStatus, Settlement
from forgeapp.ledger.kept_replies import KeptReply
from forgeapp.ledger.providers import ModelRow, ProviderRow
from forgeapp.providers.catalog import input_bound
from forgeapp.services.asking.estimating import estimate_for, estimate_pictures
from forgeapp.services.asking.routing import Candidate
from forgeapp.services.prompts import CountTokens

JOURNAL_EVERY_S = 1.0
END_WITHIN_S = 1.0
"""What a reply that is whole may take beyond the deadline to say what it used."""
_OVERRUN = 2.0
"""How much longer than asked for a reply may become by our own count, which may be wrong, before it is cut."""
_UNCHARGED = Usage(source=UsageSource.ESTIMATED)
_PERHAPS_CHARGED = (StreamBroken, ProviderTimeout)
"""Failures of a request that the provider had taken."""

Price = Callable[[ProviderRow, ModelRow, Usage], tuple[int | None, str | None]]
"""Cost in nano-dollars, None when unknown, and the version of the price list."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The attempt that gave a reply, whole or stopped by the user. Its call is settled by whoever stores the reply."""

    call: int
    candidate: Candidate
    text: str
    finish: FinishReason | None
    settlement: Settlement

    @property
    def is_cached(self) -> bool:
        return self.settlement.status is CallStatus.CACHED


@dataclass(slots=True)
class Arrived:
    """What has come of a reply so far."""

    text: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    usage: Usage | None = None
    finish: FinishReason | None = None
    first_token_ms: int | None = None

    @property
    def has_begun(self) -> bool:
        return bool(self.text)


class Attempt:
    """`call` is its row in the ledger, noted already; `prompt` what is sent; `number` counts those at one provider."""

    def __init__(
        self,
        ledger: Ledger,
        price: Price,
        count_tokens: CountTokens,
        candidate: Candidate,
        prompt: Prompt,
        call: int,
        number: int = 1,
    ) -> None:
        self.call = call
        self.arrived = Arrived()
        self._number = number
        self._is_sent = False
        self._ledger = ledger
        self._price = price
        self._count_tokens = count_tokens
        self._candidate = candidate
        self._prompt = prompt
        self._started = self._written_at = time.monotonic()
        self._unwritten: list[str] = []
        self._received = 0
        self._count_at = (prompt.max_output_tokens or 0) * _OVERRUN

    def run(
        self, provider: Provider, cancel: CancelToken, deadline: float
    ) -> Generator[AttemptStarted | TextPiece, None, Reply | ForgeError]:
        """Streams the reply; gives it, also where the user stopped it, or how it failed (settled then).

        `deadline`: the moment of `time.monotonic` from which on a reply that is not whole is a timeout, also of a
        server that keeps the line busy and says nothing.
        """
        try:
            yield self._started_step(is_cached=False)
            cancel.check()
            self._is_sent = True
            yield from self._stream(provider, cancel, deadline)
        except Cancelled as cancelled:
            return self._reply(CallStatus.CANCELLED, cancelled)
        except ForgeError as failure:
            self._settle(CallStatus.FAILED, failure)
            return failure
        except Exception:
            # A mistake of our own: the call is none the less over.
            self._settle(CallStatus.FAILED, Crashed())
            raise
        except BaseException:
            # Whoever listened has gone: what the call cost is still noted.
            self._settle(CallStatus.CANCELLED, Cancelled())
            raise
        return self._reply(CallStatus.OK, None)

    def replay(self, cached: KeptReply) -> Generator[AttemptStarted | TextPiece, None, Reply]:
        """The reply to the very same prompt, given once more for nothing."""
        self.arrived.text.append(cached.text)
        self.arrived.finish = cached.finish
        self.arrived.usage = _UNCHARGED
        try:
            yield self._started_step(is_cached=True)
            yield TextPiece(cached.text)
        except BaseException:
            self._settle(CallStatus.CANCELLED, Cancelled())
            raise
        return self._reply(CallStatus.CACHED, None)

    def _started_step(self, *, is_cached: bool) -> AttemptStarted:
        asked = self._candidate
        return AttemptStarted(asked.provider.name, asked.model.name, self._number, self.call, is_cached)

    def _stream(self, provider: Provider, cancel: CancelToken, deadline: float) -> Generator[TextPiece, None, None]:
        arrived = self.arrived
        with cancel.until(deadline + END_WITHIN_S) as ending:
            try:
                for event in provider.stream(self._prompt, ending):
                    match event:
                        case TextPiece() | ReasoningPiece() if self._is_overlong():
                            arrived.finish = FinishReason.LENGTH
                            return
                        case TextPiece(text=text):
                            self._keep(text)
                            yield event
                        case ReasoningPiece(text=text):
                            arrived.reasoning.append(text)
                            self._received += len(text)
                        case UsageReported(usage=usage):
                            arrived.usage = usage
                        case ReplyFinished(reason=reason):
                            arrived.finish = reason
                    if arrived.finish is None and time.monotonic() > deadline:
                        raise self._timeout()
            except Cancelled:
                if cancel.is_cancelled:
                    raise
                if arrived.finish is None:
                    raise self._timeout() from None

    def _is_overlong(self) -> bool:
        """Whether the server does not heed how long a reply may be, and so would cost more than is set aside for it.

        Counted only where the number of characters makes it possible, and then at where the limit is expected.
        """
        most = (self._prompt.max_output_tokens or 0) * _OVERRUN
        if not most or self._received <= self._count_at:
            return False
        tokens = self._tokens("".join(self.arrived.reasoning)) + self._tokens("".join(self.arrived.text))
        self._count_at = self._received * max(most / max(tokens, 1), 1.1)
        return tokens > most

    def _timeout(self) -> ProviderTimeout:
        return ProviderTimeout(provider=self._candidate.provider.name, model=self._candidate.model.name)

    def _keep(self, text: str) -> None:
        """Collects a piece, and writes what came within the last second to the journal."""
        now = time.monotonic()
        if self.arrived.first_token_ms is None:
            self.arrived.first_token_ms = round((now - self._started) * 1000)
        self.arrived.text.append(text)
        self._received += len(text)
        self._unwritten.append(text)
        if now - self._written_at >= JOURNAL_EVERY_S:
            self._written_at = now
            # A full disk costs the safety of the last seconds, never the reply itself.
            with contextlib.suppress(StorageError):
                self._ledger.calls.append(self.call, "".join(self._unwritten))
                self._unwritten.clear()

    def _reply(self, status: CallStatus, error: ForgeError | None) -> Reply:
        settlement = self._settlement(status, error)
        return Reply(self.call, self._candidate, settlement.reply, self.arrived.finish, settlement)

    def _settle(self, status: CallStatus, error: ForgeError) -> None:
        self._ledger.calls.settle(self.call, self._settlement(status, error))

    def _settlement(self, status: CallStatus, error: ForgeError | None) -> Settlement:
        arrived = self.arrived
        usage = arrived.usage or self._estimated(status, error)
        cost: int | None = 0
        price_version = None
        if usage != _UNCHARGED:
            cost, price_version = self._price(self._candidate.provider, self._candidate.model, usage)
        return Settlement(
            status=status,
            usage=usage,
            cost_nano_usd=cost,
            price_version=price_version,
            duration_ms=round((time.monotonic() - self._started) * 1000),
            first_token_ms=arrived.first_token_ms,
            reply="".join(arrived.text),
            error_type=error.key if error else None,
            error_message=error.message if error else None,
            finish=arrived.finish,
        )

    def _estimated(self, status: CallStatus, error: ForgeError | None) -> Usage:
        """What a call without a usage report used; nothing where it was not sent, or turned down by the provider."""
        arrived = self.arrived
        has_begun = bool(arrived.text or arrived.reasoning)
        if not self._is_sent:
            return _UNCHARGED
        if status is CallStatus.FAILED and not has_begun and not isinstance(error, _PERHAPS_CHARGED):
            return _UNCHARGED
        reasoning = self._tokens("".join(arrived.reasoning))
        messages = self._prompt.messages
        given = sum(self._tokens(message.text) for message in messages) + estimate_pictures(messages)
        return Usage(
            # What other prompts taught of the model may go beyond what is set aside for this one.
            input_tokens=min(given, input_bound(messages)),
            output_tokens=self._tokens("".join(arrived.text)) + reasoning,
            reasoning_tokens=reasoning,
            source=UsageSource.ESTIMATED,
        )

    def _tokens(self, text: str) -> int:
        return estimate_for(self._candidate.model, self._count_tokens(text))
