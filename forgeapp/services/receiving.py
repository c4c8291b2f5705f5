"""A reply as it arrives from whoever answers: shown piece by piece, kept where it breaks off, read once it is whole."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.chat import FinishReason, Prompt, TextPiece
from forgeapp.domain.decision import Intent
from forgeapp.domain.events import AttemptStarted, ChatGrew, Event, Hop, PassedOver, Waiting
from forgeapp.errors import Cancelled, ForgeError, StorageError
from forgeapp.ledger.calls import CallStatus, NewCall, Purpose, Settlement
from forgeapp.reading import Reader
from forgeapp.services.asking.attempt import Reply
from forgeapp.services.asking.chain import Chain, Question
from forgeapp.services.asking.estimating import estimate_pictures
from forgeapp.services.asking.metering import Meter
from forgeapp.services.asking.routing import Candidate
from forgeapp.services.prompts import AssembledPrompt, CountTokens
from forgeapp.services.revising.reader import RevisionReader
from forgeapp.services.turn import Arrived, Endings, Turn
from forgeapp.settings import Settings


class Receiving:
    def __init__(
        self,
        chain: Chain,
        ends: Endings,
        estimate_cost: Callable[[Candidate, int, int], int | None],
        count_tokens: CountTokens,
        settings: Settings,
    ) -> None:
        self._chain = chain
        self._ends = ends
        self._estimate_cost = estimate_cost
        self._count_tokens = count_tokens
        self._settings = settings

    def receive(
        self, turn: Turn, candidates: list[Candidate], prompt: AssembledPrompt, cancel: CancelToken
    ) -> Generator[Event, None, Arrived]:
        """The chain's reply, shown as it arrives. Stopped, it is what the attempt that had begun one had brought.

        Raises as `Chain.run`; what the last attempt brought stands in the turn by then.
        """

        def new_call(candidate: Candidate, attempt: int) -> NewCall:
            return NewCall(
                purpose=Purpose.REVISE if turn.decision.intent is Intent.REVISE else Purpose.GENERATE,
                provider=candidate.provider.name,
                model=candidate.model.name,
                attempt=attempt,
                messages=prompt.messages,
                prompt_version=prompt.version,
                conversation=turn.conversation,
                message=turn.message,
                kind=turn.decision.kind,
            )

        question = Question(
            Prompt("", prompt.messages, max_output_tokens=self._settings.max_output_tokens),
            new_call,
            prompt.input_tokens,
            picture_tokens=estimate_pictures(prompt.messages),
            cache_days=self._settings.cache_days if turn.request.use_cache else 0,
            is_named=turn.request.model is not None,
        )
        reader = reader_for(turn)
        steps = self._chain.run(candidates, question, cancel)
        meter = Meter(self._count_tokens, lambda _tokens: None)
        settlement: Settlement | None = None
        try:
            while True:
                try:
                    step = next(steps)
                except StopIteration as stop:
                    reply: Reply = stop.value
                    settlement = reply.settlement
                    return _arrived(turn, reply)
                except Cancelled:
                    return _arrived(turn, None)
                match step:
                    case AttemptStarted(call=call):
                        turn.calls.append(call)
                        turn.asked = f"{step.provider}/{step.model}"
                        reader = reader_for(turn)
                        yield step
                        if not step.is_cached:
                            meter = self._meter(candidates, step, prompt)
                    case TextPiece(text=text):
                        turn.pieces.append(text)
                        if turn.makes_artifact:
                            yield from reader.feed(text)
                        else:
                            yield ChatGrew(text)
                        yield from meter.feed(text)
                    case Hop():
                        turn.break_off()
                        turn.errors.append(step.error)
                        yield step
                    case PassedOver():
                        turn.passed_over.append(step)
                        yield step
                    case Waiting():
                        yield step
        except ForgeError:
            turn.break_off()
            raise
        except BaseException:
            # Whoever listened has gone, or we made a mistake: the words that arrived are kept all the same.
            with contextlib.suppress(StorageError):
                steps.close()
            turn.break_off()
            self._ends.keep_partial(turn, settlement)
            raise

    def _meter(self, candidates: list[Candidate], step: AttemptStarted, prompt: AssembledPrompt) -> Meter:
        asked = next(item for item in candidates if item.name == f"{step.provider}/{step.model}")
        return Meter(self._count_tokens, lambda tokens: self._estimate_cost(asked, prompt.input_tokens, tokens))


def reader_for(turn: Turn) -> Reader | RevisionReader:
    """What reads a reply to the turn's request."""
    request = turn.request
    if turn.base is not None:
        return RevisionReader(turn.base, request.text, request.selection, wants_whole=turn.wants_whole)
    return Reader(turn.decision.kind, request.text)


def _arrived(turn: Turn, reply: Reply | None) -> Arrived:
    """What a reply means; a chat's is not searched for artifacts. None: it was stopped between two attempts.

    Stopped or cut, a revision is what of its patch came whole, and else words alone.
    """
    is_stopped = reply is None or reply.settlement.status is CallStatus.CANCELLED
    turn.break_off()
    text, model, call = turn.partial, turn.partial_by, turn.partial_call
    if reply is not None and not is_stopped:
        text, model, call = reply.text, reply.candidate.name, reply.call
    reading, patched = None, {}
    is_misplaced = False
    if turn.makes_artifact and text.strip():
        reader = reader_for(turn)
        reader.feed(text)
        reading = reader.finish()
        patched = patched_by(reader)
        is_misplaced = isinstance(reader, RevisionReader) and reader.is_misplaced and not is_stopped
        is_cut = is_stopped or (reply is not None and reply.finish is FinishReason.LENGTH)
        if is_cut and isinstance(reader, RevisionReader) and not reader.count:
            # Of a whole only the beginning came: in its artifact's place it would take the rest away.
            reading, patched = None, {}
    return Arrived(
        text,
        model,
        call,
        reading,
        finish=reply.finish if reply else None,
        settlement=reply.settlement if reply else None,
        is_stopped=is_stopped,
        patched=patched,
        is_misplaced=is_misplaced,
    )


def patched_by(reader: Reader | RevisionReader) -> dict[str, object]:
    """What a version's provenance says of a patch."""
    if not isinstance(reader, RevisionReader) or reader.count is None:
        return {}
    return {"patch": reader.count, "unplaced": len(reader.failed)}
