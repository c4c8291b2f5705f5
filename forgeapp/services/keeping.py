"""What a reply brings, kept: words, versions or proposals of them, and cost, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from forgeapp.domain.artifact import Version
from forgeapp.domain.chat import FinishReason
from forgeapp.domain.content import Content, kind_of
from forgeapp.domain.decision import Intent
from forgeapp.domain.document import Document
from forgeapp.domain.events import ArtifactReady, Event, ProposalReady, Source, Status, Summary
from forgeapp.domain.wording import Text
from forgeapp.errors import Cancelled, EmptyReply, StorageError
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import NewVersion, Origin
from forgeapp.ledger.proposals import NewProposal
from forgeapp.ledger.turns import FinishedTurn
from forgeapp.reading import Reading
from forgeapp.services.prompts import AssembledPrompt
from forgeapp.services.revising.base import EARLIER, as_it_is_now
from forgeapp.services.summary import summarise, title_for
from forgeapp.services.turn import Arrived, Endings, Turn, named

_QUOTED_CHARS = 80


class Keeping:
    def __init__(self, ledger: Ledger, ends: Endings) -> None:
        self._ledger = ledger
        self._ends = ends

    def keep(self, turn: Turn, arrived: Arrived, prompt: AssembledPrompt) -> Iterator[Event]:
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


def outcome(
    ledger: Ledger, turn: Turn, reading: Reading, origin: Origin, provenance: Mapping[str, object]
) -> tuple[list[NewVersion], list[NewProposal]]:
    """What a reply brings: a revision's first artifact of the open kind is its next version, or a proposal of it where
    the user reviews changes, or nothing where it is as it was; every other artifact is a new one.

    A version is fitted to a newer one than its base; where it does not fit, it is a proposal, if none waits already.
    """
    versions: list[NewVersion] = []
    proposals: list[NewProposal] = []
    base = turn.base
    for content in reading.artifacts:
        if base is not None and kind_of(content) is base.kind:
            title = content.title or base.title
            named_content = _named_content(content, title)
            if named_content == base.content and title == base.title:
                pass
            else:
                new = NewVersion(named_content, origin, title, base.artifact, turn.conversation, provenance=provenance)
                fits = None if turn.request.reviews else as_it_is_now(ledger, base, new)
                if turn.request.reviews or (fits is None and ledger.proposals.pending(base.artifact) is None):
                    proposals.append(
                        NewProposal(base.artifact, base.number, named_content, title, provenance=provenance)
                    )
                else:
                    versions.append(fits or new)
            base = None
            continue
        title = content.title or title_for(turn.request.text)
        versions.append(
            NewVersion(
                _named_content(content, title), origin, title, conversation=turn.conversation, provenance=provenance
            )
        )
    return versions, proposals


def _named_content(content: Content, title: str) -> Content:
    return replace(content, title=title) if content.title is None and not isinstance(content, Document) else content
