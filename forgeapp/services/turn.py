"""The state of one turn, and the ways in which it ends."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from forgeapp.domain.artifact import Version
from forgeapp.domain.chat import FinishReason
from forgeapp.domain.decision import Decision, Intent
from forgeapp.domain.events import Finished, PassedOver, Report, Source, Status, Summary
from forgeapp.domain.request import ForgeRequest
from forgeapp.errors import BlockedError, ForgeError, StorageError
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import ArtifactRow, StoredVersion
from forgeapp.ledger.calls import CallRow, CallStatus, Settlement, total_cost
from forgeapp.ledger.turns import FinishedTurn, StoredTurn
from forgeapp.reading import Reading
from forgeapp.services.revising.base import Base


@dataclass(slots=True)
class Turn:
    """What is known so far of one turn."""

    request: ForgeRequest
    conversation: int
    message: int
    """The user's message that is answered."""
    decision: Decision
    open_artifact: ArtifactRow | None
    calls: list[int] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    """What the attempt under way has streamed."""
    asked: str | None = None
    """Who is asked, 'PROVIDER/MODEL'."""
    partial: str = ""
    """What the last attempt that broke off had streamed."""
    partial_by: str | None = None
    """Whose that is, 'PROVIDER/MODEL'."""
    partial_call: int | None = None
    passed_over: list[PassedOver] = field(default_factory=list)
    errors: list[ForgeError] = field(default_factory=list)
    """Of the attempts that failed."""
    started: float = field(default_factory=time.monotonic)
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    report: Report | None = None
    base: Base | None = None
    """What a revision changes."""
    wants_whole: bool = False
    """Whether a revision is asked for as the whole artifact, for a patch had no place in it."""

    @property
    def makes_artifact(self) -> bool:
        return self.decision.intent in (Intent.CREATE, Intent.REVISE)

    def break_off(self) -> None:
        """The attempt under way is over: what it had streamed is what there is of a reply."""
        text = "".join(self.pieces)
        self.pieces.clear()
        if text.strip():
            self.partial, self.partial_by, self.partial_call = text, self.asked, self.calls[-1]


@dataclass(frozen=True, slots=True)
class Arrived:
    """What was sent by a provider. `settlement` None: its call is settled. `reading` None: it was talk."""

    text: str
    model: str | None
    call: int | None
    reading: Reading | None
    finish: FinishReason | None = None
    settlement: Settlement | None = None
    is_stopped: bool = False
    patched: Mapping[str, object] = field(default_factory=dict)
    """What a version's provenance says of a patch."""
    is_misplaced: bool = False
    """Whether it is a patch of which nothing had a place."""

    def changes_nothing(self, has_outcome: bool) -> bool:
        """Whether it was to change an artifact, speaks of one, and leaves it as it is."""
        return not has_outcome and (bool(self.patched) or bool(self.reading and self.reading.artifacts))

    @property
    def is_cached(self) -> bool:
        return self.settlement is not None and self.settlement.status is CallStatus.CACHED

    @property
    def is_partial(self) -> bool:
        return self.is_stopped or self.finish is FinishReason.LENGTH


class Endings:
    """Makes the one `Finished` a turn ends with."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def done(self, turn: Turn, stored: StoredTurn, summary: Summary, source: Source | None) -> Finished:
        """Done with an artifact; chat where the reply held none."""
        status = Status.DONE if stored.versions or stored.proposals else Status.CHAT
        if stored.versions and not summary.title:
            summary = replace(summary, title=stored.versions[0].title)
        return self.finished(
            turn,
            status,
            summary,
            artifacts=tuple(named(version) for version in stored.versions),
            source=source,
            export_to=turn.decision.format,
            reply=stored.reply,
            proposal=stored.proposals[0] if stored.proposals else None,
        )

    def failed(self, turn: Turn, error: ForgeError) -> Finished:
        """The reply of the last attempt that had begun one is kept and handed over."""
        status = Status.BLOCKED if isinstance(error, BlockedError) else Status.FAILED
        reply = self.keep_partial(turn)
        return self.finished(turn, status, Summary(content=turn.partial), error=error, reply=reply)

    def not_stored(self, turn: Turn, error: StorageError, arrived: Arrived) -> Finished:
        """A reply is paid for: if it cannot be stored, it is at least handed over."""
        calls = self._calls(turn)
        if calls and arrived.settlement is not None:
            calls[-1] = replace(
                calls[-1],
                status=arrived.settlement.status,
                usage=arrived.settlement.usage,
                cost_nano_usd=arrived.settlement.cost_nano_usd,
                duration_ms=arrived.settlement.duration_ms,
            )
        return self.finished(turn, Status.FAILED, Summary(content=arrived.text), calls, error=error)

    def keep_partial(self, turn: Turn, settlement: Settlement | None = None) -> int | None:
        """Stores what there is of a reply, and gives its message; None where there is nothing or it can't be stored."""
        finished = FinishedTurn(
            turn.conversation,
            turn.partial,
            turn.message,
            turn.partial_by,
            is_partial=True,
            calls=turn.calls,
            settlement=settlement,
        )
        try:
            return self._ledger.turns.finish(finished).reply
        except StorageError:
            return None

    def finished(
        self,
        turn: Turn,
        status: Status,
        summary: Summary,
        calls: Sequence[CallRow] | None = None,
        **values: object,
    ) -> Finished:
        if calls is None:
            calls = self._calls(turn)
        return Finished(
            status=status,
            decision=turn.decision,
            conversation=turn.conversation,
            summary=summary,
            calls=tuple(call.to_json() for call in calls),
            cost_nano_usd=total_cost(calls),
            report=turn.report,
            **values,  # type: ignore[arg-type]
        )

    def _calls(self, turn: Turn) -> list[CallRow]:
        try:
            return [self._ledger.calls.get(call) for call in turn.calls]
        except StorageError:
            return []


def question(decision: Decision) -> str:
    wanted = decision.kind.with_article if decision.kind else "a file"
    if decision.unsupported:
        return f"ForgeApp does not make {decision.unsupported}. Make {wanted} instead? Yes / No, just chat"
    kind = decision.kind or "file"
    verbs = {Intent.CREATE: f"Make {wanted}", Intent.REVISE: f"Change the {kind}", Intent.EXPORT: "Export it"}
    return f"{verbs[decision.intent]}? Yes / No, just chat"


def named(version: StoredVersion) -> Version:
    return Version(version.artifact, version.number, version.kind, version.title)
