"""One turn: a request in words becomes an answer or an artifact, stored with its versions and its cost.

`Forge.run` is a generator of the values of `domain.events`; the window and the command line run the same one. It stores
the user's message first, so that a crash never loses words, and ends with exactly one `Finished`, also after a failure.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from forgeapp.domain.artifact import Kind
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.decision import Decision, Intent
from forgeapp.domain.events import (
    Decided,
    Event,
    Finished,
    MessageStored,
    PromptReady,
    Report,
    Source,
    Status,
    Summary,
)
from forgeapp.domain.request import ForgeRequest, Mode
from forgeapp.domain.text import without_surrogates
from forgeapp.errors import (
    ContextTooLong,
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
from forgeapp.ledger.turns import FinishedTurn
from forgeapp.services.asking.chain import Chain
from forgeapp.services.asking.failure_report import FailureReports
from forgeapp.services.asking.policy import rule_for
from forgeapp.services.asking.routing import Candidate, Router, Task
from forgeapp.services.briefing import Briefing, Compute
from forgeapp.services.keeping import Keeping, outcome
from forgeapp.services.offline import OfflineAnswers, composed
from forgeapp.services.opening import Decide, Opening, needs_an_answer
from forgeapp.services.prompts import AssembledPrompt, CountTokens
from forgeapp.services.receiving import Receiving, patched_by, reader_for
from forgeapp.services.revising.base import base_of
from forgeapp.services.summary import summarise
from forgeapp.services.turn import Arrived, Endings, Turn, named, question
from forgeapp.settings import Settings


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
        self._settings = settings
        self._ends = Endings(ledger)
        self._receiving = Receiving(chain, self._ends, estimate_cost, count_tokens, settings)
        self._keeping = Keeping(ledger, self._ends)
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
        reader = reader_for(turn)
        reader.feed(reply)
        reading = reader.finish()
        provenance = {"request": request.text, "model": model, "pasted": True, **patched_by(reader)}
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
            arrived = yield from self._receiving.receive(turn, candidates, prompt, cancel)
            if arrived.is_misplaced:
                # Nothing it wants changed stands in the artifact: the whole of it cannot miss.
                self._settle_aside(arrived)
                turn.wants_whole = True
                prompt = self._prompt(turn)
                yield PromptReady(prompt.messages, prompt.input_tokens, prompt.cut, prompt.remarks)
                arrived = yield from self._receiving.receive(turn, candidates, prompt, cancel)
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
        yield from self._keeping.keep(turn, arrived, prompt)

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

    def _settle_aside(self, arrived: Arrived) -> None:
        """A reply that is of no use was paid for all the same; if no other comes, it is what there is of one."""
        if arrived.settlement is not None and arrived.call is not None:
            self._ledger.calls.settle(arrived.call, arrived.settlement)
