"""The beginning of a turn: what the request refers to, the user's words stored, and what they ask for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from forgeapp.domain.artifact import Kind
from forgeapp.domain.chat import Role
from forgeapp.domain.decision import Decision, Intent
from forgeapp.domain.request import Attachment, ForgeRequest
from forgeapp.domain.text import without_surrogates
from forgeapp.errors import NothingToRevise, UsageError
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import ArtifactRow
from forgeapp.services.turn import Turn

Decide = Callable[[str, Kind | None], Decision]
"""The gatekeeper: a message and the kind of the open artifact in, a decision out."""


class Opening:
    def __init__(self, ledger: Ledger, decide: Decide) -> None:
        self._ledger = ledger
        self._gatekeeper = decide

    def checked(self, request: ForgeRequest) -> ForgeRequest:
        """With its sources attached, and the words and the conversation of the message that is answered again."""
        if request.sources:
            kept = [self._ledger.sources.get(source) for source in request.sources]
            attached = tuple(Attachment(source.title, source.text) for source in kept)
            request = replace(request, attachments=(*request.attachments, *attached), sources=())
        if request.answers is None:
            if request.conversation is not None:
                self._ledger.conversations.get(request.conversation)
            return _cleaned(request)
        message = self._ledger.conversations.message(request.answers)
        if message.role is not Role.USER or request.conversation not in (None, message.conversation):
            raise UsageError(reason=f"Message {message.id} is not one of yours in this conversation.")
        return _cleaned(replace(request, text=message.text, conversation=message.conversation))

    def open_artifact(self, request: ForgeRequest) -> ArtifactRow | None:
        """Raises UnknownArtifact; NothingToRevise where a change was asked for and nothing is open."""
        found = None
        if request.artifact is not None and not request.without_artifact:
            found = self._ledger.artifacts.get(request.artifact)
        elif request.conversation is not None and not request.without_artifact:
            found = self._ledger.artifacts.latest_of(request.conversation)
        if found is None and request.is_revision:
            raise NothingToRevise()
        return found

    def store_words(self, request: ForgeRequest) -> tuple[int, int]:
        """The turn's conversation and the user's message in it."""
        conversation = request.conversation
        if conversation is None:
            conversation = self._ledger.conversations.start(request.text, request.project)
        if request.answers is not None:
            return conversation, request.answers
        return conversation, self._ledger.conversations.add_message(conversation, Role.USER, request.text)

    def decided(
        self, request: ForgeRequest, conversation: int, message: int, open_artifact: ArtifactRow | None
    ) -> Turn:
        return Turn(request, conversation, message, self.decision(request, open_artifact), open_artifact)

    def note(self, turn: Turn) -> None:
        """Keeps what was decided, and what the user says to it."""
        decision = turn.decision
        self._ledger.events.record(
            "gatekeeper_decision",
            intent=decision.intent.value,
            kind=decision.kind.value if decision.kind else None,
            confidence=round(decision.confidence, 4),
            text=turn.request.text,
        )
        if decision.unsupported:
            self._ledger.events.record("other_requested", wish=decision.unsupported)
        self._note_answer(turn.request, turn.open_artifact)

    def decision(self, request: ForgeRequest, open_artifact: ArtifactRow | None) -> Decision:
        """The gatekeeper's, unless the user chose; below the asking threshold it is chat."""
        if request.is_revision and open_artifact is not None:
            return Decision(Intent.REVISE, open_artifact.kind, reasons=("a change was asked for",))
        if request.chat_only:
            return Decision(Intent.CHAT, reasons=("only an answer was wanted",))
        decision = self._gatekeeper(request.text, open_artifact.kind if open_artifact else None)
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

    def _note_answer(self, request: ForgeRequest, open_artifact: ArtifactRow | None) -> None:
        """What the user said to a doubtful decision is what the gatekeeper can learn from."""
        if request.answers is None or not (request.confirmed or request.chat_only):
            return
        asked = self.decision(replace(request, chat_only=False), open_artifact)
        answer = "chat" if request.chat_only else "confirmed"
        name = "gatekeeper_corrected"
        if needs_an_answer(asked) and not self._ledger.events.has(name, message=request.answers, answer=answer):
            self._ledger.events.record(
                name,
                message=request.answers,
                answer=answer,
                intent=asked.intent.value,
                kind=asked.kind.value if asked.kind else None,
                confidence=round(asked.confidence, 4),
                text=request.text,
            )


def needs_an_answer(decision: Decision) -> bool:
    return decision.intent is not Intent.CHAT and (decision.asks or decision.unsupported is not None)


def _cleaned(request: ForgeRequest) -> ForgeRequest:
    text = without_surrogates(request.text)
    if not text.strip():
        raise UsageError(reason="The request is empty: say what you want.")
    return replace(request, text=text, project=without_surrogates(request.project) if request.project else None)
