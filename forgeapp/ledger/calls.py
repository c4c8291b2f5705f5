"""One row per attempt at a provider, and the journal of replies still arriving."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import Connection, func, select

from forgeapp.domain.artifact import Kind
from forgeapp.domain.chat import FinishReason, Message, Role
from forgeapp.domain.text import without_surrogates
from forgeapp.domain.usage import Usage, UsageSource
from forgeapp.ledger.budgets import IS_RUNNING, Cap, require_room
from forgeapp.ledger.conversations import insert_message
from forgeapp.ledger.database import Database, insert_row, utc_after, utc_now
from forgeapp.ledger.projects import ensure_project, project_of
from forgeapp.ledger.tables import calls, journal, messages
from forgeapp.ledger.totals import Spending, UsageRow, read_spending, read_totals
from forgeapp.processes import current_owner, is_alive


class Purpose(StrEnum):
    GENERATE = "generate"
    REVISE = "revise"
    TEST = "test"


class CallStatus(StrEnum):
    RUNNING = "running"
    OK = "ok"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    CACHED = "cached"


@dataclass(frozen=True, slots=True)
class NewCall:
    purpose: Purpose
    provider: str
    model: str
    attempt: int
    messages: tuple[Message, ...]
    prompt_version: str
    conversation: int | None = None
    kind: Kind | None = None
    key_name: str | None = None
    message: int | None = None
    """The user's message it answers."""
    estimated_input_tokens: int | None = None
    cache_key: str | None = None
    """Stands for the prompt, model and parameters; None: the reply is not given a second time."""
    project: str | None = None
    """Of a call outside a conversation; inside one it is the conversation's."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """The most a call can cost, held back from every budget that applies and from `caps` until the call is settled.

    After `lease_s` another process may take the call for dead.
    """

    most_nano_usd: int
    lease_s: float
    caps: tuple[Cap, ...] = ()


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a call ended. `cost_nano_usd` None: the price is unknown."""

    status: CallStatus
    usage: Usage
    cost_nano_usd: int | None
    price_version: str | None
    duration_ms: int
    first_token_ms: int | None
    reply: str
    error_type: str | None = None
    error_message: str | None = None
    finish: FinishReason | None = None

    @property
    def is_reusable(self) -> bool:
        """The reply is whole and says something: the same prompt may be answered with it."""
        return self.status is CallStatus.OK and self.finish is FinishReason.STOP and bool(self.reply.strip())


@dataclass(frozen=True, slots=True)
class Charge:
    """What a call used and what that costs; `cost_nano_usd` None: the price is unknown."""

    usage: Usage
    cost_nano_usd: int | None
    price_version: str | None


class EstimateCharge(Protocol):
    """Estimates what a call cost of which only what was sent and what had arrived is known. Must not raise."""

    def __call__(self, provider: str, model: str, messages: tuple[str, ...], reply: str) -> Charge: ...


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call as lists, the transcript and the command line show it; `error` is the error's type.

    `message`: the user's message it answers; `reply`: the stored one it led to, also where it failed before another
    attempt gave the reply.
    """

    id: int
    provider: str
    model: str
    status: CallStatus
    error: str | None
    attempt: int
    usage: Usage
    cost_nano_usd: int | None
    duration_ms: int
    started_at: str
    message: int | None = None
    reply: int | None = None
    error_message: str | None = None
    first_token_ms: int | None = None

    def to_json(self) -> dict[str, Any]:
        """An entry of `calls` in the command line contract."""
        counts = asdict(self.usage)
        source = counts.pop("source")
        del counts["cache_write_1h_tokens"]
        return {
            "provider": self.provider,
            "model": self.model,
            "status": self.status.value,
            "error": self.error,
            "attempt": self.attempt,
            **counts,
            "cost_nano_usd": self.cost_nano_usd,
            "usage": UsageSource(source).value,
            "ms": self.duration_ms,
        }


SETTLED = calls.c.status != CallStatus.RUNNING.value

SHOWN = tuple(column for column in calls.c if column.name not in ("prompt_json", "reply"))
"""Not what was sent and what came back: that may be long."""


_MOST_TOKENS = 10**12
_MOST_COST_NANO_USD = 10**13


class Calls:
    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, new: NewCall, reservation: Reservation | None = None) -> int:
        """Notes the call before it is sent, so that a crash leaves a trace of it, with the most it can cost.

        Room in the budgets is looked for and taken in one transaction, whatever other threads and processes do. Raises
        BudgetExceeded, and then has noted nothing. Without a reservation nothing is held back and nothing checked.
        """
        said, user = _prompt_json(new.messages), _os_user()
        with self._database.writing() as connection:
            if new.conversation is None and new.project:
                ensure_project(connection, new.project)
            project = project_of(connection, new.conversation, new.project)
            if reservation is not None:
                model = f"{new.provider}/{new.model}"
                require_room(connection, reservation.most_nano_usd, project, new.kind, reservation.caps, model)
            return insert_row(
                connection,
                calls,
                purpose=new.purpose.value,
                os_user=user,
                prompt_version=new.prompt_version,
                provider=new.provider,
                model=new.model,
                key_name=new.key_name,
                project_id=project,
                conversation_id=new.conversation,
                message_id=new.message,
                kind=new.kind.value if new.kind else None,
                attempt=new.attempt,
                status=CallStatus.RUNNING.value,
                prompt_json=said,
                started_at=utc_now(),
                owner=current_owner(),
                reserved_nano_usd=min(reservation.most_nano_usd, _MOST_COST_NANO_USD) if reservation else None,
                lease_until=utc_after(reservation.lease_s) if reservation else None,
                cache_key=new.cache_key,
                estimated_input_tokens=new.estimated_input_tokens,
            )

    def append(self, call: int, text: str) -> None:
        """Keeps what has arrived so far of a reply, in case nothing after it does."""
        text = without_surrogates(text)
        with self._database.writing() as connection:
            changed = connection.execute(
                journal.update()
                .where(journal.c.call_id == call)
                .values(text=journal.c.text + text, updated_at=utc_now())
            )
            if not changed.rowcount:
                connection.execute(journal.insert().values(call_id=call, text=text, updated_at=utc_now()))

    def settle(self, call: int, settlement: Settlement) -> CallRow:
        with self._database.writing() as connection:
            settle_call(connection, call, settlement)
        return self.get(call)

    def get(self, call: int) -> CallRow:
        with self._database.reading() as connection:
            row = connection.execute(select(*SHOWN).where(calls.c.id == call)).one()
        return call_row(row)

    def of_conversation(
        self, conversation: int, since: int | None = None, until: int | None = None
    ) -> dict[int, list[CallRow]]:
        """The settled calls by the user's message they answer, in the order of the attempts.

        `since`, `until`: only those for messages from this id on, up to this one.
        """
        query = (
            select(*SHOWN)
            .join_from(messages, calls, calls.c.message_id == messages.c.id)
            .where(messages.c.conversation_id == conversation, SETTLED)
            .order_by(calls.c.id)
        )
        if since is not None:
            query = query.where(messages.c.id >= since)
        if until is not None:
            query = query.where(messages.c.id <= until)
        found: dict[int, list[CallRow]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(query):
                found.setdefault(row.message_id, []).append(call_row(row))
        return found

    def recent(self, count: int) -> list[CallRow]:
        """The newest calls, newest first."""
        with self._database.reading() as connection:
            return [
                call_row(row) for row in connection.execute(select(*SHOWN).order_by(calls.c.id.desc()).limit(count))
            ]

    def spending(self, since: str) -> Spending:
        """Of the settled calls that began at `since` (a time or the beginning of one, '2026-11') or later.

        Read from an index alone: it is asked for after every turn, however many calls there are.
        """
        with self._database.reading() as connection:
            return read_spending(connection, since)

    def totals(self, by: str) -> tuple[list[UsageRow], UsageRow]:
        """Sums by one of `totals.GROUPS`, in the order of the keys, and the sum of all."""
        with self._database.reading() as connection:
            return read_totals(connection, by)

    def recover(self, estimate_charge: EstimateCharge | None = None) -> int:
        """Settles calls whose process died, or hangs: it is another one, and their lease has passed.

        What had arrived becomes a partial message, where it is not one already, and what they had reserved is free.
        The provider may charge for them: their usage and cost are what `estimate_charge` says, unknown without it.
        Gives how many there were.
        """
        running = select(calls.c.id, calls.c.owner, calls.c.lease_until).where(IS_RUNNING)
        with self._database.reading() as connection:
            lost = [row.id for row in connection.execute(running) if _is_lost(row.owner, row.lease_until)]
        for call in lost:
            self._interrupt(call, estimate_charge)
        return len(lost)

    def _interrupt(self, call: int, estimate_charge: EstimateCharge | None) -> None:
        query = (
            select(calls, func.coalesce(journal.c.text, "").label("arrived"))
            .select_from(calls.outerjoin(journal))
            .where(calls.c.id == call)
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one()
        charge = Charge(Usage(source=UsageSource.ESTIMATED), None, None)
        if estimate_charge is not None:
            charge = estimate_charge(row.provider, row.model, _sent(row.prompt_json), row.arrived)
        with self._database.writing() as connection:
            running = select(calls.c.id).where(calls.c.id == call, IS_RUNNING)
            if connection.execute(running).first() is None:
                # Another process was quicker.
                return
            settle_call(
                connection,
                call,
                Settlement(
                    status=CallStatus.INTERRUPTED,
                    usage=charge.usage,
                    cost_nano_usd=charge.cost_nano_usd,
                    price_version=charge.price_version,
                    duration_ms=row.duration_ms,
                    first_token_ms=row.first_token_ms,
                    reply=row.arrived,
                    error_type=CallStatus.INTERRUPTED.value,
                ),
            )
            if row.arrived and row.conversation_id is not None and row.reply_id is None:
                reply = insert_message(
                    connection,
                    row.conversation_id,
                    Role.ASSISTANT,
                    row.arrived,
                    f"{row.provider}/{row.model}",
                    True,
                    row.message_id,
                )
                credit_reply(connection, [call, *_failed_before(connection, row)], reply)


def settle_call(connection: Connection, call: int, settlement: Settlement) -> None:
    """Writes how a call ended, within a transaction. What it had reserved is free, its reply kept only if it is whole.

    Counts and costs come of what a server says: they are bounded, so that sums over all calls stay within 64 bits.
    """
    counts = asdict(settlement.usage)
    source = counts.pop("source")
    cost = settlement.cost_nano_usd
    forgotten = {} if settlement.is_reusable else {"cache_key": None}
    connection.execute(
        calls.update()
        .where(calls.c.id == call)
        .values(
            **{name: min(max(count, 0), _MOST_TOKENS) for name, count in counts.items()},
            **forgotten,
            usage_source=UsageSource(source).value,
            status=settlement.status.value,
            cost_nano_usd=min(max(cost, 0), _MOST_COST_NANO_USD) if cost is not None else None,
            price_version=settlement.price_version,
            duration_ms=settlement.duration_ms,
            first_token_ms=settlement.first_token_ms,
            reply=without_surrogates(settlement.reply),
            error_type=settlement.error_type,
            error_message=without_surrogates(settlement.error_message) if settlement.error_message else None,
            finish=settlement.finish.value if settlement.finish else None,
            owner=None,
            reserved_nano_usd=None,
            lease_until=None,
        )
    )
    connection.execute(journal.delete().where(journal.c.call_id == call))


def credit_reply(connection: Connection, led_to_it: Sequence[int], reply: int) -> None:
    """Notes, within a transaction, which reply these attempts led to."""
    if led_to_it:
        connection.execute(calls.update().where(calls.c.id.in_(led_to_it)).values(reply_id=reply))


def _failed_before(connection: Connection, call: Any) -> list[int]:
    """The attempts at the same message that failed before this one and led to no reply."""
    query = select(calls.c.id).where(
        calls.c.message_id == call.message_id,
        calls.c.reply_id.is_(None),
        calls.c.status == CallStatus.FAILED.value,
        calls.c.id < call.id,
    )
    return list(connection.execute(query).scalars())


def _is_lost(owner: str | None, lease_until: str | None) -> bool:
    """Nobody will settle a call that has this owner and this lease."""
    if owner is None or not is_alive(owner):
        return True
    return lease_until is not None and lease_until < utc_now() and owner != current_owner()


def call_row(row: Any) -> CallRow:
    return CallRow(
        id=row.id,
        provider=row.provider,
        model=row.model,
        status=CallStatus(row.status),
        error=row.error_type,
        attempt=row.attempt,
        usage=Usage(
            input_tokens=row.input_tokens,
            output_tokens=row.output_tokens,
            reasoning_tokens=row.reasoning_tokens,
            cache_read_tokens=row.cache_read_tokens,
            cache_write_tokens=row.cache_write_tokens,
            cache_write_1h_tokens=row.cache_write_1h_tokens,
            source=UsageSource(row.usage_source),
        ),
        cost_nano_usd=row.cost_nano_usd,
        duration_ms=row.duration_ms,
        started_at=row.started_at,
        message=row.message_id,
        reply=row.reply_id,
        error_message=row.error_message,
        first_token_ms=row.first_token_ms,
    )


def total_cost(rows: Iterable[CallRow]) -> int | None:
    """The sum; None as soon as one call's cost is unknown."""
    total = 0
    for row in rows:
        if row.cost_nano_usd is None:
            return None
        total += row.cost_nano_usd
    return total


def _prompt_json(said: Sequence[Message]) -> str:
    """Without its pictures, which would swell the file."""
    rows = [{"role": message.role.value, "content": message.text} for message in said]
    return without_surrogates(json.dumps(rows, ensure_ascii=False))


def _sent(prompt_json: str) -> tuple[str, ...]:
    """The texts of a prompt; those that can be read, for a damaged row must not keep the program from starting."""
    try:
        rows = json.loads(prompt_json)
    except (ValueError, RecursionError):
        return ()
    said = [row.get("content") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return tuple(text for text in said if isinstance(text, str))


def _os_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
