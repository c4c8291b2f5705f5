"""The short lines of a transcript: who answered and at what cost, what failed on the way, how much there is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from forgeapp.domain.artifact import Format, Kind
from forgeapp.domain.decision import Decision, Intent
from forgeapp.domain.money import usd_text
from forgeapp.domain.usage import UsageSource
from forgeapp.errors import Cancelled, ForgeError
from forgeapp.ui.wording import error_text, number_text, size_text, tr

if TYPE_CHECKING:
    from forgeapp.domain.events import PassedOver, Waiting
    from forgeapp.domain.glance import Glance
    from forgeapp.ledger.calls import CallRow
    from forgeapp.ui.workbench.stored_chat import Proposed, Reply

_SEPARATOR: Final = " · "


@dataclass(frozen=True, slots=True)
class HopLine:
    """One failed attempt: what the line says, and the whole of it."""

    text: str
    whole: str


@dataclass(frozen=True, slots=True)
class Answered:
    """`by` is set apart from the `figures` behind it."""

    by: str
    figures: str


def kind_text(kind: Kind) -> str:
    match kind:
        case Kind.TABLE:
            return tr("Table")
        case Kind.DOCUMENT:
            return tr("Document")
        case Kind.SPREADSHEET:
            return tr("Spreadsheet")
        case Kind.CODE:
            return tr("Code")
        case Kind.IMAGE:
            return tr("Image")


def cost_text(nano_usd: int | None, is_estimated: bool = False) -> str:
    if nano_usd is None:
        return tr("cost unknown")
    if nano_usd == 0:
        return tr("free")
    return f"~ {usd_text(nano_usd)}" if is_estimated else usd_text(nano_usd)


def tokens_text(tokens: int, is_estimated: bool = False) -> str:
    shown = number_text(tokens)
    count = f"~ {shown}" if is_estimated else shown
    return tr("1 token") if tokens == 1 and not is_estimated else tr("{count} tokens", count=count)


def answered_text(reply: Reply) -> Answered:
    """'openai/gpt-4.1-mini', '1,204 tokens · $ 0.0031 · 2.4 s'; who else it was where no model was called.

    The figures are those of the attempt whose words they are; `reply_hops` tells what the others cost.
    """
    call = reply.call
    if call is None:
        is_template = any(card.origin.value == "template" for card in reply.cards)
        if is_template and reply.model is None:
            return Answered("", _SEPARATOR.join((tr("From a built-in template"), tr("free"))))
        return Answered(reply.model or "", tr("pasted") if reply.model else tr("Pasted from another chat"))
    if call.status.value == "cached":
        return Answered(reply.model or f"{call.provider}/{call.model}", joined((tr("kept reply"), tr("free"))))
    is_estimated = call.usage.source is UsageSource.ESTIMATED
    figures = (
        tokens_text(call.usage.input_tokens + call.usage.output_tokens, is_estimated),
        cost_text(call.cost_nano_usd, is_estimated),
        tr("{seconds} s", seconds=number_text(max(call.duration_ms / 1000, 0.1), 1)),
    )
    return Answered(reply.model or f"{call.provider}/{call.model}", _SEPARATOR.join(figures))


def failed_calls(calls: Sequence[CallRow]) -> list[HopLine]:
    """The attempts before the last one, each with what came of it."""
    return _hops(calls, calls[-1] if calls else None)


def reply_hops(reply: Reply) -> list[HopLine]:
    """The attempts beside the one whose words the reply is, each with what came of it and what it cost."""
    return _hops(reply.calls, reply.call)


def _hops(calls: Sequence[CallRow], besides: CallRow | None) -> list[HopLine]:
    lines = []
    for call, following in zip_longest(calls, calls[1:]):
        if call is besides or call.error is None:
            continue
        error = _error_of(call.error, call.provider, call.model, call.error_message)
        then, went_on = "", None
        if following is not None and call.error != Cancelled.key:
            then = tr("tried again")
            went_on = None if following.provider == call.provider else following.provider
        line = _hop_line(call.error, error, call.provider, then, went_on)
        if call.cost_nano_usd != 0:
            cost = cost_text(call.cost_nano_usd, call.usage.source is UsageSource.ESTIMATED)
            line = HopLine(joined((line.text, cost)), line.whole)
        lines.append(line)
    return lines


def hop_text(provider: str, error: ForgeError, wait_s: float | None, went_on_with: str | None = None) -> HopLine:
    """A failed attempt of a turn under way: what is being waited for, or who took over."""
    then = "" if wait_s is None else tr("waiting {seconds} s", seconds=number_text(wait_s, 0 if wait_s >= 1 else 1))
    return _hop_line(error.key, error, provider, then, went_on_with)


def passed_over_text(passed: PassedOver) -> HopLine:
    """A provider that was not asked."""
    return _hop_line(passed.reason.key, passed.reason, passed.provider, "", None)


def waiting_text(waiting: Waiting) -> str:
    """Why a turn waits before it asks."""
    seconds = number_text(waiting.wait_s, 0 if waiting.wait_s >= 1 else 1)
    match waiting.limit:
        case "requests":
            return tr("Waiting {seconds} s: {provider}'s requests a minute", seconds=seconds, provider=waiting.provider)
        case "tokens":
            return tr("Waiting {seconds} s: {provider}'s tokens a minute", seconds=seconds, provider=waiting.provider)
    return tr("Waiting {seconds} s, as {provider} asked for", seconds=seconds, provider=waiting.provider)


def _hop_line(key: str, error: ForgeError, provider: str, then: str, went_on_with: str | None) -> HopLine:
    told = error_text(error)
    what = _short_reason(key, error, provider)
    if went_on_with is not None:
        then = tr("went on with {provider}", provider=went_on_with)
    return HopLine(f"{what}, {then}" if then else what, f"{told.message} {told.hint}".strip())


def _short_reason(key: str, error: ForgeError, provider: str) -> str:
    match key:
        case "rate_limited":
            return tr("{provider} busy", provider=provider)
        case "provider_timeout":
            return tr("{provider} did not answer in time", provider=provider)
        case "provider_unreachable":
            return tr("{provider} cannot be reached", provider=provider)
        case "stream_broken":
            return tr("{provider} broke off", provider=provider)
        case "key_rejected":
            return tr("{provider} rejected the key", provider=provider)
        case "provider_failed":
            return tr("{provider} has a problem of its own", provider=provider)
        case "quota_exhausted":
            return tr("{provider} has no credit left", provider=provider)
        case "daily_quota_used":
            return tr("{provider} gives no more today", provider=provider)
        case "certificate_not_trusted":
            return tr("{provider}'s certificate is not trusted", provider=provider)
        case "provider_left_out":
            return tr("{provider} left out for now", provider=provider)
        case "budget_exceeded":
            return tr("{provider} not asked: the budget does not allow it", provider=provider)
        case "price_unknown":
            return tr("{provider} not asked: its price is not known", provider=provider)
    return error_text(error).message.rstrip(".")


@lru_cache(maxsize=1)
def _errors_by_key() -> dict[str, type[ForgeError]]:
    found: dict[str, type[ForgeError]] = {}
    waiting: list[type[ForgeError]] = [ForgeError]
    while waiting:
        kind = waiting.pop()
        found.setdefault(kind.key, kind)
        waiting.extend(kind.__subclasses__())
    return found


def _error_of(key: str, provider: str, model: str, message: str | None) -> ForgeError:
    """The error a stored call tells of; only its type and its words are stored."""
    kind = _errors_by_key().get(key)
    names = {"provider": provider, "model": model}
    if kind is None or "{detail}" in kind.message_template or "{reason}" in kind.message_template:
        return _Told(message=message or tr("{provider} failed", provider=provider), **names)
    return kind(**names)


class _Told(ForgeError):
    key = "told"
    message_template = "{message}"


def changing_text(title: str) -> str:
    return tr("Writing changes to {title}…", title=title)


def writing_text(kind: Kind | None, title: str | None) -> str:
    """What is being written, by its title as soon as that is known."""
    if title:
        return tr("Writing {title}", title=title)
    match kind:
        case Kind.TABLE:
            return tr("Writing a table")
        case Kind.DOCUMENT:
            return tr("Writing a document")
        case Kind.SPREADSHEET:
            return tr("Writing a spreadsheet")
        case Kind.CODE:
            return tr("Writing code")
    return tr("Writing")


def measures_text(kind: Kind, glance: Glance | None) -> str:
    """'10 rows, 5 columns', '412 words'; '' where nothing was noted."""
    if glance is None:
        return ""
    measures = glance.measures
    match kind:
        case Kind.TABLE:
            parts = [_rows(measures), _columns(measures)]
        case Kind.SPREADSHEET:
            sheets = measures.get("sheets", 1)
            parts = [tr("{count} sheets", count=number_text(sheets))] if sheets > 1 else []
            parts += [_rows(measures), _columns(measures)]
        case Kind.DOCUMENT:
            words = measures.get("words", 0)
            parts = [tr("1 word") if words == 1 else tr("{count} words", count=number_text(words))]
        case Kind.CODE:
            files, lines = measures.get("files", 1), measures.get("lines", 0)
            parts = [tr("{count} files", count=number_text(files))] if files > 1 else []
            parts.append(tr("1 line") if lines == 1 else tr("{count} lines", count=number_text(lines)))
        case Kind.IMAGE:
            sides = {name: number_text(measures.get(name, 0)) for name in ("width", "height")}
            parts = [tr("{width} × {height} pixels", **sides), size_text(measures.get("bytes", 0))]
    return ", ".join(parts)


def card_text(kind: Kind, glance: Glance | None, version: int, provenance: Mapping[str, object] | None = None) -> str:
    """`provenance` says how many of several changes the user took."""
    parts = (
        kind_text(kind),
        measures_text(kind, glance),
        tr("version {number}", number=version),
        _taken_text(provenance or {}),
    )
    return _SEPARATOR.join(part for part in parts if part)


def _taken_text(provenance: Mapping[str, object]) -> str:
    taken, of = provenance.get("taken"), provenance.get("of")
    if not isinstance(taken, int) or not isinstance(of, int):
        return ""
    if of == 1:
        return tr("the change taken")
    if taken == of:
        return tr("all {of} changes taken", of=number_text(of))
    return tr("{taken} of {of} changes taken", taken=number_text(taken), of=number_text(of))


def proposed_text(proposed: Proposed, changes: int | None) -> str:
    """What became of a change; `changes`: of how many places it is, where that is known."""
    match proposed.state:
        case "pending" if changes == 1:
            return tr("1 change proposed")
        case "pending":
            shown = number_text(changes) if changes is not None else ""
            return tr("{count} changes proposed", count=shown) if shown else tr("Changes proposed")
        case "rejected":
            return tr("Changes rejected")
        case "superseded":
            return tr("Replaced by a later request")
    return tr("Taken as version {number}", number=proposed.version)


def message_text(text: str) -> str:
    """A message as its bubble shows it: of a quick action what was asked for, not how the model is told."""
    title, line_end, instruction = text.partition("\n")
    if not line_end:
        return text
    from forgeapp.services.revising.quick_actions import is_instruction

    return title if is_instruction(instruction) else text


def question_text(decision: Decision) -> str:
    """What the gatekeeper wants to know before anything is made."""
    kind = decision.kind
    if decision.unsupported:
        return tr("ForgeApp does not make {what}.", what=decision.unsupported) + " " + _make_question(kind, True)
    match decision.intent:
        case Intent.EXPORT:
            return tr("Export it?")
        case Intent.REVISE:
            return _change_question(kind)
    return _make_question(kind, False)


def export_text(format_: Format | None) -> str:
    return tr("Export it") if format_ is None else tr("Export as {format}", format=format_.value.upper())


def joined(parts: Iterable[str]) -> str:
    return _SEPARATOR.join(part for part in parts if part)


def _rows(measures: Mapping[str, int]) -> str:
    rows = measures.get("rows", 0)
    return tr("1 row") if rows == 1 else tr("{count} rows", count=number_text(rows))


def _columns(measures: Mapping[str, int]) -> str:
    columns = measures.get("columns", 0)
    return tr("1 column") if columns == 1 else tr("{count} columns", count=number_text(columns))


def _make_question(kind: Kind | None, is_instead: bool) -> str:
    match kind:
        case Kind.TABLE:
            return tr("Make a table instead?") if is_instead else tr("Make a table?")
        case Kind.DOCUMENT:
            return tr("Make a document instead?") if is_instead else tr("Make a document?")
        case Kind.SPREADSHEET:
            return tr("Make a spreadsheet instead?") if is_instead else tr("Make a spreadsheet?")
        case Kind.CODE:
            return tr("Make code instead?") if is_instead else tr("Make code?")
        case Kind.IMAGE:
            return tr("Make an image instead?") if is_instead else tr("Make an image?")
    return tr("Make a file instead?") if is_instead else tr("Make a file?")


def _change_question(kind: Kind | None) -> str:
    match kind:
        case Kind.TABLE:
            return tr("Change the table?")
        case Kind.DOCUMENT:
            return tr("Change the document?")
        case Kind.SPREADSHEET:
            return tr("Change the spreadsheet?")
        case Kind.CODE:
            return tr("Change the code?")
    return tr("Change what is open?")
