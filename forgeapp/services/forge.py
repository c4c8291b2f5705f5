"""One turn: a request in words becomes an answer or an artifact, stored with its versions and its cost.

`Forge.run` is a generator of the values of `domain.events`; the window and the command line run the same one. It stores
the user's message first, so that a crash never loses words, and ends with exactly one `Finished`, also after a failure.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace

from forgeapp.domain.artifact import Kind
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.chat import FinishReason, Message, Prompt, Role, TextPiece
from forgeapp.domain.content import Content, to_json
from forgeapp.domain.decision import Decision, Intent
from forgeapp.domain.document import Document
from forgeapp.domain.events import (
    ArtifactReady,
    AttemptStarted,
    ChatGrew,
    Decided,
    Event,
    Finished,
    Hop,
    PromptReady,
    Source,
    Status,
    Summary,
)
from forgeapp.domain.request import ForgeRequest
from forgeapp.domain.text import without_surrogates
from forgeapp.errors import (
    Cancelled,
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
from forgeapp.ledger.artifacts import ArtifactRow, NewVersion, Origin
from forgeapp.ledger.calls import CallStatus, NewCall, Purpose
from forgeapp.ledger.turns import FinishedTurn
from forgeapp.reading import Reader, Reading
from forgeapp.services.chain import Candidate, Chain, Reply
from forgeapp.services.offline import OfflineDraft, compose
from forgeapp.services.prompts import AssembledPrompt, CountTokens, Material, assemble
from forgeapp.services.summary import summarise
from forgeapp.services.turn import Endings, Turn, checked, named, new_versions, question
from forgeapp.settings import Settings

_QUOTED_CHARS = 80

Decide = Callable[[str, Kind | None], Decision]


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
        chain: Chain,
        estimate_cost: Callable[[Candidate, int, int], int | None],
        count_tokens: CountTokens,
        settings: Settings,
    ) -> None:
        self._ledger = ledger
        self._decide = decide
        self._chain = chain
        self._estimate_cost = estimate_cost
        self._count_tokens = count_tokens
        self._settings = settings
        self._ends = Endings(ledger)

    def run(self, request: ForgeRequest, cancel: CancelToken) -> Iterator[Event]:
        """The steps of one turn.

        Raises UsageError for an empty request or an unknown conversation or model, before anything is stored.
        """
        request = checked(request)
        candidates = self._chain.candidates(request.model)
        conversation = self._open_conversation(request)
        self._ledger.conversations.add_message(conversation, Role.USER, request.text)
        turn = self._decided(request, conversation)
        yield Decided(turn.decision)
        try:
            yield from self._act(turn, candidates, cancel)
        except ForgeError as error:
            yield self._ends.failed(turn, error)

    def preview(self, request: ForgeRequest) -> Preview:
        """Exactly what would be sent, and its price at each configured model. Stores nothing."""
        request = checked(request)
        open_artifact = None
        if request.conversation is not None:
            open_artifact = self._ledger.artifacts.latest_of(self._ledger.conversations.get(request.conversation).id)
        decision = self._decision(request, open_artifact)
        prompt = self._assembled(request, decision, open_artifact, request.conversation)
        expected = self._settings.expected_output_tokens
        candidates = (
            self._chain.candidates(request.model)
            if request.model
            else [
                Candidate(provider, model)
                for provider in self._ledger.providers.all()
                if provider.is_enabled
                for model in provider.models
            ]
        )
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
        request, reply = checked(request), without_surrogates(reply)
        conversation = self._open_conversation(request)
        self._ledger.conversations.add_message(conversation, Role.USER, request.text)
        turn = self._decided(request, conversation)
        if not turn.makes_artifact:
            # He pasted a reply to have it read: what the gatekeeper made of the request does not stand in the way.
            turn.decision = Decision(Intent.CREATE, request.kind, reasons=("a reply was pasted",))
        reader = Reader(turn.decision.kind, request.text)
        reader.feed(reply)
        reading = reader.finish()
        provenance = {"request": request.text, "model": model, "pasted": True}
        versions = new_versions(turn, reading, Origin.PASTED, provenance)
        stored = self._ledger.turns.finish(FinishedTurn(conversation, reply, model=model, versions=versions))
        return self._ends.done(turn, stored, summarise(reading), Source.PROVIDER)

    def _open_conversation(self, request: ForgeRequest) -> int:
        if request.conversation is None:
            return self._ledger.conversations.start(request.text, request.project)
        return self._ledger.conversations.get(request.conversation).id

    def _decided(self, request: ForgeRequest, conversation: int) -> Turn:
        open_artifact = self._ledger.artifacts.latest_of(conversation)
        decision = self._decision(request, open_artifact)
        self._ledger.events.record(
            "gatekeeper_decision",
            intent=decision.intent.value,
            kind=decision.kind.value if decision.kind else None,
            confidence=round(decision.confidence, 4),
            text=request.text,
        )
        if decision.unsupported:
            self._ledger.events.record("other_requested", wish=decision.unsupported)
        return Turn(request, conversation, decision, open_artifact)

    def _decision(self, request: ForgeRequest, open_artifact: ArtifactRow | None) -> Decision:
        """The gatekeeper's, unless the user chose a kind; below the asking threshold it is chat."""
        decision = self._decide(request.text, open_artifact.kind if open_artifact else None)
        if request.kind is not None:
            if (
                open_artifact
                and open_artifact.kind is request.kind
                and decision.intent in (Intent.REVISE, Intent.EXPORT)
            ):
                return replace(decision, confidence=1.0)
            return Decision(Intent.CREATE, request.kind, decision.format, reasons=("the kind was chosen",))
        if decision.intent is Intent.CHAT or decision.acts or decision.asks:
            return decision
        return replace(decision, intent=Intent.CHAT, kind=None, format=None)

    def _act(self, turn: Turn, candidates: list[Candidate], cancel: CancelToken) -> Iterator[Event]:
        decision = turn.decision
        if (
            (decision.asks or decision.unsupported)
            and decision.intent is not Intent.CHAT
            and not turn.request.confirmed
        ):
            yield self._ends.finished(turn, Status.NEEDS_CONFIRMATION, Summary(summary=question(decision)))
        elif decision.intent is Intent.EXPORT:
            if turn.open_artifact is None:
                raise NothingToExport()
            version = self._ledger.artifacts.version(turn.open_artifact.id)
            summary = Summary(title=version.title, summary=f"Export of '{version.title}', version {version.number}.")
            yield self._ends.finished(
                turn, Status.DONE, summary, artifacts=(named(version),), export_to=decision.format
            )
        elif decision.kind is Kind.IMAGE:
            raise ImagesNotMade()
        else:
            yield from self._ask(turn, candidates, cancel)

    def _ask(self, turn: Turn, candidates: list[Candidate], cancel: CancelToken) -> Iterator[Event]:
        prompt = self._assembled(turn.request, turn.decision, turn.open_artifact, turn.conversation)
        yield PromptReady(prompt.messages, prompt.input_tokens, prompt.cut)
        try:
            reply, reading = yield from self._streamed(turn, candidates, prompt, cancel)
        except (ProviderError, NoProvider, KeyMissing) as error:
            # A request that a provider turned down is the user's to change; only one that nobody could answer is not.
            is_down = not isinstance(error, ProviderError) or error.falls_over
            may_compose = is_down and turn.decision.intent is Intent.CREATE and turn.request.model is None
            draft = compose(turn.request.text, turn.decision.kind) if may_compose else None
            if draft is None:
                has_no_provider = isinstance(error, NoProvider) and turn.decision.intent is Intent.CREATE
                raise NothingFits() if has_no_provider else error from error
            yield from self._offline(turn, draft, error)
            return
        yield from self._stored(turn, reply, reading, prompt)

    def _streamed(
        self, turn: Turn, candidates: list[Candidate], prompt: AssembledPrompt, cancel: CancelToken
    ) -> Generator[Event, None, tuple[Reply, Reading | None]]:
        """The chain's reply, read as it arrives; a chat's reply is not searched for artifacts."""

        def new_call(candidate: Candidate, attempt: int) -> NewCall:
            return NewCall(
                purpose=Purpose.REVISE if turn.decision.intent is Intent.REVISE else Purpose.GENERATE,
                provider=candidate.provider.name,
                model=candidate.model.name,
                attempt=attempt,
                messages=prompt.messages,
                prompt_version=prompt.version,
                conversation=turn.conversation,
                kind=turn.decision.kind,
            )

        asked = Prompt("", prompt.messages, max_output_tokens=self._settings.max_output_tokens)
        reader = Reader(turn.decision.kind, turn.request.text)
        steps = self._chain.run(candidates, new_call, asked, cancel)
        while True:
            try:
                step = next(steps)
            except StopIteration as stop:
                return stop.value, reader.finish() if turn.makes_artifact else None
            match step:
                case AttemptStarted(call=call):
                    turn.calls.append(call)
                    turn.asked = f"{step.provider}/{step.model}"
                    turn.pieces.clear()
                    reader = Reader(turn.decision.kind, turn.request.text)
                    yield step
                case TextPiece(text=text):
                    turn.pieces.append(text)
                    if turn.makes_artifact:
                        yield from reader.feed(text)
                    else:
                        yield ChatGrew(text)
                case Hop():
                    turn.partial = "".join(turn.pieces) or turn.partial
                    yield step

    def _stored(self, turn: Turn, reply: Reply, reading: Reading | None, prompt: AssembledPrompt) -> Iterator[Event]:
        """Reply, versions and cost in one transaction."""
        model = f"{reply.candidate.provider.name}/{reply.candidate.model.name}"
        is_cancelled = reply.settlement.status is CallStatus.CANCELLED
        is_partial = is_cancelled or reply.finish is FinishReason.LENGTH
        origin = Origin.REVISED if turn.decision.intent is Intent.REVISE else Origin.GENERATED
        provenance = {
            "request": turn.request.text,
            "model": model,
            "call": reply.call,
            "prompt_version": prompt.version,
            "attachments": [attachment.name for attachment in turn.request.attachments],
        }
        versions = new_versions(turn, reading, origin, provenance) if reading else []
        finished_turn = FinishedTurn(
            turn.conversation,
            reply.text,
            model=model,
            is_partial=is_partial,
            versions=versions,
            call=reply.call,
            settlement=reply.settlement,
        )
        try:
            stored = self._ledger.turns.finish(finished_turn)
        except StorageError as error:
            # The reply is paid for: if it cannot be stored, it is at least handed over.
            calls = [self._ledger.calls.get(call) for call in turn.calls]
            calls[-1] = replace(
                calls[-1],
                status=reply.settlement.status,
                usage=reply.settlement.usage,
                cost_nano_usd=reply.settlement.cost_nano_usd,
                duration_ms=reply.settlement.duration_ms,
            )
            yield replace(self._ends.failed(turn, error, calls), summary=Summary(content=reply.text))
            return
        if not reply.text.strip() and not is_cancelled:
            raise EmptyReply(provider=reply.candidate.provider.name, model=reply.candidate.model.name)
        for version in stored:
            self._ledger.events.record("artifact_created", artifact=version.artifact, kind=version.kind.value)
            yield ArtifactReady(named(version))
        summary = summarise(reading) if reading else Summary(content=reply.text)
        if reply.finish is FinishReason.LENGTH:
            warning = "The reply reached its greatest length and is cut; ask for the rest."
            summary = replace(summary, warnings=(*summary.warnings, warning))
        if prompt.cut:
            summary = replace(summary, warnings=(*summary.warnings, "Left out of the prompt: " + "; ".join(prompt.cut)))
        if is_cancelled:
            yield replace(
                self._ends.done(turn, stored, summary, Source.PROVIDER), status=Status.FAILED, error=Cancelled()
            )
        else:
            yield self._ends.done(turn, stored, summary, Source.PROVIDER)

    def _offline(self, turn: Turn, draft: OfflineDraft, cause: ForgeError) -> Iterator[Event]:
        if draft.missing and not turn.request.confirmed:
            question = f"{draft.notice} Please say: {', '.join(slot.label for slot in draft.missing)}."
            yield self._ends.finished(
                turn,
                Status.NEEDS_SLOTS,
                Summary(title=draft.title, summary=question),
                template=draft.template,
                missing_slots=draft.missing,
                source=Source.OFFLINE,
            )
            return
        version = NewVersion(
            content=draft.content,
            origin=Origin.TEMPLATE,
            title=draft.title,
            conversation=turn.conversation,
            provenance={"request": turn.request.text, "template": draft.template},
        )
        words = f"{draft.notice} {draft.note}".strip()
        stored = self._ledger.turns.finish(FinishedTurn(turn.conversation, words, versions=[version]))
        self._ledger.events.record("template_used", template=draft.template, artifact=stored[0].artifact)
        yield ArtifactReady(named(stored[0]))
        warnings = [draft.note] if draft.note else []
        if not isinstance(cause, NoProvider):
            warnings.append(f"No provider answered: {cause.message}")
        if draft.unread:
            quoted = ", ".join(f"'{part[:_QUOTED_CHARS]}'" for part in draft.unread)
            warnings.append(f"Not taken over, please check: {quoted}.")
        if draft.missing:
            warnings.append(f"Left blank: {', '.join(slot.label for slot in draft.missing)}.")
        summary = Summary(title=draft.title, summary=draft.notice, content=words, warnings=tuple(warnings))
        yield replace(self._ends.done(turn, stored, summary, Source.OFFLINE), template=draft.template)

    def _assembled(
        self, request: ForgeRequest, decision: Decision, open_artifact: ArtifactRow | None, conversation: int | None
    ) -> AssembledPrompt:
        stored = self._ledger.conversations.messages(conversation) if conversation is not None else []
        while stored and stored[-1].role is Role.USER and stored[-1].text == request.text:
            stored = stored[:-1]
        current = None
        if decision.intent is Intent.REVISE and open_artifact is not None:
            current = _as_text(self._ledger.artifacts.version(open_artifact.id).content)
        return assemble(
            request.text,
            decision,
            Material([Message(message.role, message.text) for message in stored], request.attachments, current),
            count_tokens=self._count_tokens,
            history_tokens=self._settings.history_tokens,
            attachment_tokens=self._settings.attachment_tokens,
        )


def _as_text(content: Content) -> str:
    return content.markdown if isinstance(content, Document) else json.dumps(to_json(content), ensure_ascii=False)
