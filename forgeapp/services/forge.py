"""One turn: a request in words becomes an answer or an artifact, stored with its versions and its cost.

`Forge.run` is a generator of the values of `domain.events`; the window and the command line run the same one. It stores
the user's message first, so that a crash never loses words, and ends with exactly one `Finished`, also after a failure.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace

from forgeapp.domain.artifact import Kind, Version
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.chat import FinishReason, Prompt, TextPiece
from forgeapp.domain.decision import Decision, Intent
from forgeapp.domain.events import (
    ArtifactReady,
    AttemptStarted,
    ChatGrew,
    Decided,
    Event,
    Finished,
    Hop,
    MessageStored,
    PassedOver,
    PromptReady,
    ProposalReady,
    Report,
    Source,
    Status,
    Summary,
    Waiting,
)
from forgeapp.domain.request import ForgeRequest, Mode
from forgeapp.domain.text import without_surrogates
from forgeapp.domain.wording import Text
from forgeapp.errors import (
    Cancelled,
    ContextTooLong,
    EmptyReply,
    ForgeError,
    ImagesNotMade,
    KeyMissing,
    NoProvider,
    NothingFits,
    NothingToExport,
    ProviderError,
    StorageError,
)
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import Origin
from forgeapp.ledger.calls import CallStatus, NewCall, Purpose, Settlement
from forgeapp.ledger.turns import FinishedTurn
from forgeapp.reading import Reader
from forgeapp.services.asking.attempt import Reply
from forgeapp.services.asking.chain import Chain, Question
from forgeapp.services.asking.estimating import estimate_pictures
from forgeapp.services.asking.failure_report import FailureReports
from forgeapp.services.asking.metering import Meter
from forgeapp.services.asking.policy import rule_for
from forgeapp.services.asking.routing import Candidate, Router, Task
from forgeapp.services.briefing import Briefing, Compute
from forgeapp.services.offline import OfflineAnswers, composed
from forgeapp.services.opening import Decide, Opening, needs_an_answer
from forgeapp.services.prompts import AssembledPrompt, CountTokens
from forgeapp.services.revising.base import EARLIER, base_of
from forgeapp.services.revising.reader import RevisionReader
from forgeapp.services.summary import summarise
from forgeapp.services.turn import Arrived, Endings, Turn, named, outcome, question
from forgeapp.settings import Settings

_QUOTED_CHARS = 80


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a request would cost at one model; `cost_nano_usd` None: unknown."""

    provider: str
    model: str
    cost_nano_usd: int | None


@dataclass(frozen=True, slots=True)
class Preview:
    prompt: AssembledPrompt
    decision: Decision
    estimates: tuple[Estimate, ...]


class Forge:
    def __init__(
        self,
        ledger: Ledger,
        decide: Decide,
        router: Router,
        chain: Chain,
        reports: FailureReports,
        estimate_cost: Callable[[Candidate, int, int], int | None],
        count_tokens: CountTokens,
        compute: Compute,
        settings: Settings,
    ) -> None:
        self._ledger = ledger
        self._briefing = Briefing(ledger, count_tokens, settings, compute)
        self._opening = Opening(ledger, decide)
        self._router = router
        self._chain = chain
        self._reports = reports
        self._estimate_cost = estimate_cost
        self._count_tokens = count_tokens
        self._settings = settings
        self._ends = Endings(ledger)
        self._offline = OfflineAnswers(ledger, self._ends)

    def run(self, request: ForgeRequest, cancel: CancelToken) -> Iterator[Event]:
        """The steps of one turn.

        Raises UsageError for an empty request or an unknown conversation, message, artifact or model, and
        NothingToRevise, before anything is stored.
        """
        request = self._opening.checked(request)
        self._router.check(request)
        open_artifact = self._opening.open_artifact(request)
        conversation, message = self._opening.store_words(request)
        yield MessageStored(conversation, message)
        turn = self._opening.decided(request, conversation, message, open_artifact)
        try:
            self._opening.note(turn)
            yield Decided(turn.decision)
            yield from self._act(turn, cancel)
        except ForgeError as error:
            yield self._ends.failed(turn, error)

    def preview(self, request: ForgeRequest) -> Preview:
        """Exactly what would be sent, and its price at each model that could be asked. Stores nothing."""
        request = self._opening.checked(request)
        open_artifact = self._opening.open_artifact(request)
        decision = self._opening.decision(request, open_artifact)
        base = None
        if decision.intent is Intent.REVISE and open_artifact is not None:
            base = base_of(self._ledger, open_artifact, reviews=request.reviews, answers=request.answers)
        prompt = self._briefing.prompt(request, decision, open_artifact, base, request.conversation, request.answers)
        expected = self._settings.expected_output_tokens
        task = Task(decision.kind, request.conversation, prompt.input_tokens)
        candidates = self._chain.askable(self._router.candidates(request, task, every_model=True))
        estimates = tuple(
            Estimate(
                candidate.provider.name,
                candidate.model.name,
                self._estimate_cost(candidate, prompt.input_tokens, expected),
            )
            for candidate in candidates
        )
        return Preview(prompt, decision, estimates)

    def paste(self, request: ForgeRequest, reply: str, model: str | None) -> Finished:
        """A reply the user brought from elsewhere, read and stored as if it had been streamed; `model` as he says."""
        request, reply = self._opening.checked(request), without_surrogates(reply)
        open_artifact = self._opening.open_artifact(request)
        conversation, message = self._opening.store_words(request)
        turn = self._opening.decided(request, conversation, message, open_artifact)
        self._opening.note(turn)
        is_picture = turn.open_artifact is not None and turn.open_artifact.kind is Kind.IMAGE
        if not turn.makes_artifact or (is_picture and turn.decision.intent is Intent.REVISE):
            # He pasted a reply to have it read: what the gatekeeper made of the request does not stand in the way.
            turn.decision = Decision(Intent.CREATE, request.kind, reasons=("a reply was pasted",))
        self._start_from(turn)
        reader = self._reader(turn)
        reader.feed(reply)
        reading = reader.finish()
        provenance = {"request": request.text, "model": model, "pasted": True, **_patched(reader)}
        versions, proposals = outcome(self._ledger, turn, reading, Origin.PASTED, provenance)
        stored = self._ledger.turns.finish(
            FinishedTurn(conversation, reply, message, model, versions=versions, proposals=proposals)
        )
        return self._ends.done(turn, stored, summarise(reading), Source.PROVIDER)

    def _act(self, turn: Turn, cancel: CancelToken) -> Iterator[Event]:
        decision = turn.decision
        if needs_an_answer(decision) and not turn.request.confirmed:
            yield self._ends.finished(turn, Status.NEEDS_CONFIRMATION, Summary(summary=question(decision)))
        elif decision.intent is Intent.EXPORT:
            if turn.open_artifact is None:
                raise NothingToExport()
            version = self._ledger.artifacts.version(turn.open_artifact.id)
            summary = Summary(title=version.title, summary=f"Export of '{version.title}', version {version.number}.")
            yield self._ends.finished(
                turn, Status.DONE, summary, artifacts=(named(version),), export_to=decision.format
            )
        elif decision.kind is Kind.IMAGE and decision.intent is not Intent.REVISE:
            raise ImagesNotMade()
        elif turn.request.mode is Mode.TEMPLATES or turn.request.slots:
            # Who fills in a template's form has seen which template it is, and wants it without another wait.
            draft = composed(turn)
            if draft is not None:
                yield from self._offline.answer(turn, draft, None)
            elif turn.request.mode is Mode.TEMPLATES:
                raise NothingFits()
            else:
                yield from self._ask(turn, cancel)
        else:
            yield from self._ask(turn, cancel)

    def _with_offer(self, error: ContextTooLong, turn: Turn, task: Task) -> ContextTooLong:
        """Names a model that can hold what was too long, where one is known."""
        larger = self._router.larger(task.input_tokens + self._settings.expected_output_tokens, turn.request, task)
        refused = f"{error.params.get('provider')}/{error.params.get('model')}"
        if larger is None or larger.name == refused:
            return error
        return ContextTooLong(**{**error.params, "offer": larger.name})

    def _reported(self, turn: Turn, error: ForgeError) -> Report | None:
        """What happened, written down; a report that can't be written must not hide what it is about."""
        calls = [self._ledger.calls.get(call) for call in turn.calls]
        elapsed_ms = round((time.monotonic() - turn.started) * 1000)
        try:
            return self._reports.make(
                turn.request.text,
                calls,
                turn.passed_over,
                turn.conversation,
                turn.message,
                error,
                turn.started_at,
                elapsed_ms,
                turn.errors,
            )
        except StorageError:
            return None

    def _ask(self, turn: Turn, cancel: CancelToken) -> Iterator[Event]:
        self._start_from(turn)
        prompt = self._prompt(turn)
        yield PromptReady(prompt.messages, prompt.input_tokens, prompt.cut, prompt.remarks)
        task = Task(turn.decision.kind, turn.conversation, prompt.input_tokens)
        candidates = self._router.candidates(turn.request, task)
        try:
            arrived = yield from self._streamed(turn, candidates, prompt, cancel)
            if arrived.is_misplaced:
                # Nothing it wants changed stands in the artifact: the whole of it cannot miss.
                self._settle_aside(arrived)
                turn.wants_whole = True
                prompt = self._prompt(turn)
                yield PromptReady(prompt.messages, prompt.input_tokens, prompt.cut, prompt.remarks)
                arrived = yield from self._streamed(turn, candidates, prompt, cancel)
        except ContextTooLong as error:
            raise self._with_offer(error, turn, task) from error
        except (ProviderError, NoProvider, KeyMissing) as error:
            # A request that a provider turned down is the user's to change; only one that nobody could answer is not.
            is_down = isinstance(error, NoProvider) or rule_for(error).falls_over
            if is_down and turn.calls:
                turn.report = self._reported(turn, error)
            draft = composed(turn) if is_down and turn.request.model is None else None
            if draft is None:
                has_no_provider = isinstance(error, NoProvider) and turn.decision.intent is Intent.CREATE
                raise NothingFits() if has_no_provider else error from error
            yield from self._offline.answer(turn, draft, error)
            return
        yield from self._stored(turn, arrived, prompt)

    def _start_from(self, turn: Turn) -> None:
        """Finds what a revision changes. Raises PictureNotRevised."""
        if turn.decision.intent is Intent.REVISE and turn.open_artifact is not None:
            request = turn.request
            turn.base = base_of(self._ledger, turn.open_artifact, reviews=request.reviews, answers=request.answers)

    def _prompt(self, turn: Turn) -> AssembledPrompt:
        return self._briefing.prompt(
            turn.request,
            turn.decision,
            turn.open_artifact,
            turn.base,
            turn.conversation,
            turn.message,
            as_patch=not turn.wants_whole,
        )

    def _reader(self, turn: Turn) -> Reader | RevisionReader:
        if turn.base is not None:
            request = turn.request
            return RevisionReader(turn.base, request.text, request.selection, wants_whole=turn.wants_whole)
        return Reader(turn.decision.kind, turn.request.text)

    def _settle_aside(self, arrived: Arrived) -> None:
        """A reply that is of no use was paid for all the same; if no other comes, it is what there is of one."""
        if arrived.settlement is not None and arrived.call is not None:
            self._ledger.calls.settle(arrived.call, arrived.settlement)

    def _streamed(
        self, turn: Turn, candidates: list[Candidate], prompt: AssembledPrompt, cancel: CancelToken
    ) -> Generator[Event, None, Arrived]:
        """The chain's reply, shown as it arrives. Stopped, it is what the attempt that had begun one had brought."""

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
        reader = self._reader(turn)
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
                    return self._arrived(turn, reply)
                except Cancelled:
                    return self._arrived(turn, None)
                match step:
                    case AttemptStarted(call=call):
                        turn.calls.append(call)
                        turn.asked = f"{step.provider}/{step.model}"
                        reader = self._reader(turn)
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

    def _arrived(self, turn: Turn, reply: Reply | None) -> Arrived:
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
            reader = self._reader(turn)
            reader.feed(text)
            reading = reader.finish()
            patched = _patched(reader)
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

    def _stored(self, turn: Turn, arrived: Arrived, prompt: AssembledPrompt) -> Iterator[Event]:
        """Reply, versions and cost in one transaction."""
        origin = Origin.REVISED if turn.decision.intent is Intent.REVISE else Origin.GENERATED
        provenance: dict[str, object] = {
            "request": turn.request.text,
            "model": arrived.model,
            "call": arrived.call,
            "prompt_version": prompt.version,
            "attachments": [attachment.name for attachment in turn.request.attachments],
            **arrived.patched,
        }
        if turn.base is not None:
            provenance["base"] = turn.base.number
            provenance |= {EARLIER: turn.base.replies} if turn.base.replies else {}
        if turn.request.selection is not None:
            provenance["selection"] = turn.request.selection.where or turn.request.selection.text[:_QUOTED_CHARS]
        if arrived.is_partial:
            provenance["partial"] = True
        reading = arrived.reading
        has_words = bool(arrived.text.strip())
        versions, proposals = outcome(self._ledger, turn, reading, origin, provenance) if reading else ([], [])
        finished_turn = FinishedTurn(
            turn.conversation,
            arrived.text if has_words else "",
            turn.message,
            arrived.model,
            is_partial=arrived.is_partial,
            versions=versions,
            proposals=proposals,
            calls=turn.calls,
            settlement=arrived.settlement,
        )
        try:
            stored = self._ledger.turns.finish(finished_turn)
        except StorageError as error:
            yield self._ends.not_stored(turn, error, arrived)
            return
        if has_words:
            turn.partial = ""
        if not has_words and not arrived.is_stopped:
            provider, _, model = (arrived.model or "").partition("/")
            raise EmptyReply(provider=provider, model=model)
        for version in stored.versions:
            self._ledger.events.record("artifact_created", artifact=version.artifact, kind=version.kind.value)
            yield ArtifactReady(named(version))
        if stored.proposals and turn.base is not None:
            base = turn.base
            yield ProposalReady(stored.proposals[0], Version(base.artifact, base.number, base.kind, base.title))
        summary = summarise(reading) if reading else Summary(content=arrived.text)
        if arrived.finish is FinishReason.LENGTH:
            warning = Text("reply_cut", "The reply reached its greatest length and is cut; ask for the rest.")
            summary = replace(summary, warnings=(*summary.warnings, warning))
        if turn.base is not None and arrived.changes_nothing(bool(versions or proposals)):
            warning = Text(
                "nothing_changed", "'{title}' stays as it was: the reply changes nothing.", title=turn.base.title
            )
            summary = replace(summary, warnings=(*summary.warnings, warning))
        if prompt.cut:
            warning = Text("prompt_cut", "Left out of the prompt: {parts}", parts=prompt.cut)
            summary = replace(summary, warnings=(*summary.warnings, warning))
        summary = replace(summary, warnings=(*summary.warnings, *prompt.remarks))
        source = Source.CACHE if arrived.is_cached else Source.PROVIDER
        finished = self._ends.done(turn, stored, summary, source if has_words else None)
        if arrived.is_stopped:
            finished = replace(finished, status=Status.FAILED, error=Cancelled())
        yield finished


def _patched(reader: Reader | RevisionReader) -> dict[str, object]:
    """What a version's provenance says of a patch."""
    if not isinstance(reader, RevisionReader) or reader.count is None:
        return {}
    return {"patch": reader.count, "unplaced": len(reader.failed)}
