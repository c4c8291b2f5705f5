"""How a provider stands, in words: its protocol, where its key is, and whether it would be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import urlsplit

from forgeapp.errors import ForgeError
from forgeapp.ui.wording import error_text, number_text, text_below, tr

if TYPE_CHECKING:
    from forgeapp.ledger.providers import ProviderRow, Refreshed
    from forgeapp.providers.local_servers import FoundServer
    from forgeapp.services.asking.breaker import BreakerState
    from forgeapp.services.asking.registry import TestResult
    from forgeapp.ui.workbench.registry import Probe

_MAX_LEARNED: Final = 6
_KEY_MARKS: Final = frozenset({"key_rejected", "key_unusable"})


@dataclass(frozen=True, slots=True)
class Condition:
    """Whether a provider would be asked. `is_ready` for one that would, `why` it would not, `key_action` where a key
    would mend that: what its button says."""

    icon: str
    role: str
    text: str
    is_ready: bool = False
    key_action: str = ""
    why: str = ""


def condition_of(row: ProviderRow, lacks_key: bool, breaker: BreakerState | None) -> Condition:
    if not row.is_enabled:
        return Condition("power", "ink_3", tr("off"))
    if row.mark is not None:
        action = tr("Replace its key") if row.mark in _KEY_MARKS else ""
        return Condition("circle-x", "bad", _mark_text(row.mark), key_action=action, why=_mark_remedy(row.mark))
    if lacks_key:
        return Condition("key-round", "warn", tr("no key"), key_action=tr("Add its key"))
    if breaker is not None and breaker.wait_s > 0:
        cause = error_text(breaker.cause).message if breaker.cause is not None else ""
        return Condition("clock", "warn", tr("left out for {wait}", wait=wait_text(breaker.wait_s)), why=cause)
    if not any(model.is_usable for model in row.models):
        return Condition("triangle-alert", "warn", tr("no model"), why=tr("Refresh its models, or add one by name."))
    return Condition("check", "good", tr("ready"), is_ready=True)


def wait_text(seconds: float) -> str:
    if seconds < 100:
        return tr("{count} s", count=number_text(max(1, round(seconds))))
    return tr("{count} min", count=number_text(round(seconds / 60)))


def key_text(row: ProviderRow, source: str | None, is_known: bool) -> str:
    """'key in the keyring', 'from GEMINI_API_KEY', 'no key'; '' while nobody has looked."""
    if not is_known:
        return ""
    where, _, variable = (source or "").partition(":")
    match where:
        case "keyring":
            return tr("key in the keyring")
        case "session":
            return tr("key until ForgeApp ends")
        case "environment":
            return tr("key from {variable}", variable=variable)
    return tr("no key") if row.needs_key else tr("needs no key")


def dialect_text(dialect: str) -> str:
    """What the protocol is called."""
    match dialect:
        case "openai":
            return tr("OpenAI Responses")
        case "openai-chat":
            return tr("OpenAI-compatible")
        case "gemini":
            return tr("Gemini")
        case "anthropic":
            return tr("Anthropic Messages")
        case "ollama":
            return tr("Ollama")
    return dialect


def prices_text(prices: str) -> str:
    match prices:
        case "local":
            return tr("Free: it runs on a machine of mine")
        case "none":
            return tr("Unknown, or set by me for each model")
    return prices


def host_of(base_url: str) -> str:
    try:
        return urlsplit(base_url).netloc or base_url
    except ValueError:
        return base_url


def models_text(count: int) -> str:
    return tr("1 model") if count == 1 else tr("{count} models", count=number_text(count))


def details_text(row: ProviderRow, source: str | None, is_known: bool) -> str:
    """The line below the name."""
    parts = [dialect_text(row.dialect), host_of(row.base_url), models_text(len(row.models))]
    return " · ".join([*parts, *filter(None, [key_text(row, source, is_known)])])


def server_text(server: FoundServer) -> str:
    if not server.models:
        return tr("{name} is running here", name=server.name)
    return tr("{name} is running here with {models}", name=server.name, models=models_text(len(server.models)))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a test or of a look at the models."""

    icon: str
    role: str
    text: str
    hint: str = ""


def outcome_of(probe: Probe) -> Outcome:
    """Of one that is over."""
    outcome = probe.outcome
    if isinstance(outcome, ForgeError):
        words = error_text(outcome)
        return Outcome("circle-alert", "bad", words.message, words.hint)
    if probe.purpose == "models":
        return Outcome("circle-check", "good", _refreshed_text(cast("Refreshed", outcome)))
    return _tested(cast("TestResult", outcome))


def _tested(result: TestResult) -> Outcome:
    call = result.call
    told = {"model": call.model, "total": seconds_text(call.duration_ms)}
    if call.first_token_ms is None:
        text = tr("{model} answered in {total}.", **told)
    else:
        first = seconds_text(call.first_token_ms)
        text = tr("{model} answered in {total}; its first word came after {first}.", **told, first=first)
    hint = " ".join(map(text_below, result.learned[:_MAX_LEARNED]))
    return Outcome("circle-check", "good", text, hint)


def seconds_text(milliseconds: float | None) -> str:
    """'340 ms', '2.4 s'."""
    if milliseconds is None:
        return tr("unknown time")
    if milliseconds < 1_000:
        return tr("{count} ms", count=number_text(milliseconds))
    return tr("{count} s", count=number_text(milliseconds / 1_000, 1))


def _refreshed_text(outcome: Refreshed) -> str:
    parts = []
    if count := len(outcome.added):
        parts.append(tr("1 new model") if count == 1 else tr("{count} new models", count=number_text(count)))
    if count := len(outcome.vanished):
        few = tr("1 is no longer listed")
        parts.append(few if count == 1 else tr("{count} are no longer listed", count=number_text(count)))
    if count := len(outcome.returned):
        parts.append(tr("1 is back") if count == 1 else tr("{count} are back", count=number_text(count)))
    return ", ".join(parts) + "." if parts else tr("Its models are as they were.")


def _mark_text(mark: str) -> str:
    match mark:
        case "quota_exhausted":
            return tr("no credit left")
        case "key_unusable":
            return tr("key unusable")
        case "key_rejected":
            return tr("key rejected")
    return tr("needs you")


def _mark_remedy(mark: str) -> str:
    if mark == "quota_exhausted":
        return tr("Add credit at the provider, then test the connection.")
    return tr("Edit it to replace the key, then test the connection.")
