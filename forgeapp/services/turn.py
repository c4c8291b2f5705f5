"""The state of one turn, and the ways in which it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from forgeapp.domain.artifact import Version
from forgeapp.domain.chat import Role
from forgeapp.domain.content import Content, kind_of
from forgeapp.domain.decision import Decision, Intent
from forgeapp.domain.document import Document
from forgeapp.domain.events import Finished, Source, Status, Summary
from forgeapp.domain.request import ForgeRequest
from forgeapp.domain.text import without_surrogates
from forgeapp.errors import BlockedError, ForgeError, UsageError
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import ArtifactRow, NewVersion, Origin, StoredVersion
from forgeapp.ledger.calls import CallRow, total_cost
from forgeapp.reading import Reading
from forgeapp.services.summary import title_for


@dataclass(slots=True)
class Turn:
    """What is known so far of one turn."""

    request: ForgeRequest
    conversation: int
    decision: Decision
    open_artifact: ArtifactRow | None
    calls: list[int] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    """What the attempt under way has streamed."""
    partial: str = ""
    """What the last attempt that broke off had streamed."""
    asked: str | None = None
    """Who streamed last, 'PROVIDER/MODEL'."""

    @property
    def makes_artifact(self) -> bool:
        return self.decision.intent in (Intent.CREATE, Intent.REVISE)


def new_versions(turn: Turn, reading: Reading, origin: Origin, provenance: Mapping[str, object]) -> list[NewVersion]:
    """A revision's first artifact of the open kind is its next version; every other artifact is a new one."""
    versions: list[NewVersion] = []
    base = turn.open_artifact if turn.decision.intent is Intent.REVISE else None
    for content in reading.artifacts:
        continues = base is not None and kind_of(content) is base.kind
        title = content.title or (base.title if base and continues else title_for(turn.request.text))
        versions.append(
            NewVersion(
                content=_named_content(content, title),
                origin=origin,
                title=title,
                artifact=base.id if base and continues else None,
                conversation=turn.conversation,
                provenance=provenance,
            )
        )
        if continues:
            base = None
    return versions


class Endings:
    """Makes the one `Finished` a turn ends with."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def done(self, turn: Turn, stored: list[StoredVersion], summary: Summary, source: Source) -> Finished:
        """Done with an artifact; chat where the reply held none."""
        status = Status.DONE if stored else Status.CHAT
        if stored and not summary.title:
            summary = replace(summary, title=stored[0].title)
        artifacts = tuple(named(version) for version in stored)
        return self.finished(turn, status, summary, artifacts=artifacts, source=source, export_to=turn.decision.format)

    def failed(self, turn: Turn, error: ForgeError, calls: Sequence[CallRow] | None = None) -> Finished:
        """A partial reply of the attempt that came furthest is kept and handed over."""
        if turn.partial and calls is None:
            self._ledger.conversations.add_message(
                turn.conversation, Role.ASSISTANT, turn.partial, model=turn.asked, is_partial=True
            )
        status = Status.BLOCKED if isinstance(error, BlockedError) else Status.FAILED
        return self.finished(turn, status, Summary(content=turn.partial), calls, error=error)

    def finished(
        self,
        turn: Turn,
        status: Status,
        summary: Summary,
        calls: Sequence[CallRow] | None = None,
        **values: object,
    ) -> Finished:
        if calls is None:
            calls = [self._ledger.calls.get(call) for call in turn.calls]
        return Finished(
            status=status,
            decision=turn.decision,
            conversation=turn.conversation,
            summary=summary,
            calls=tuple(call.to_json() for call in calls),
            cost_nano_usd=total_cost(calls),
            **values,  # type: ignore[arg-type]
        )


def checked(request: ForgeRequest) -> ForgeRequest:
    text = without_surrogates(request.text)
    if not text.strip():
        raise UsageError(reason="The request is empty: say what you want.")
    return replace(request, text=text, project=without_surrogates(request.project) if request.project else None)


def question(decision: Decision) -> str:
    kind = decision.kind.value if decision.kind else "file"
    article = "an" if kind == "image" else "a"
    if decision.unsupported:
        return f"ForgeApp does not make {decision.unsupported}. Make {article} {kind} instead? Yes / No, just chat"
    verbs = {Intent.CREATE: f"Make {article} {kind}", Intent.REVISE: f"Change the {kind}", Intent.EXPORT: "Export it"}
    return f"{verbs[decision.intent]}? Yes / No, just chat"


def named(version: StoredVersion) -> Version:
    return Version(version.artifact, version.number, version.kind, version.title)


def _named_content(content: Content, title: str) -> Content:
    return replace(content, title=title) if content.title is None and not isinstance(content, Document) else content
