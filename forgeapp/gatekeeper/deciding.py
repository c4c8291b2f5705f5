"""One message, one decision: probabilities of the model, thresholds of the domain, formats by rule."""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock

from forgeapp.domain.artifact import Kind
from forgeapp.domain.decision import ACT_AT, ASK_AT, Decision, Intent
from forgeapp.gatekeeper.features import clip
from forgeapp.gatekeeper.formats import named_format
from forgeapp.gatekeeper.model import INTENTS, KINDS, weights
from forgeapp.gatekeeper.unmade import unmade

CACHE_S = 300.0
CACHE_SIZE = 1024

_NEAREST = {"slides": Kind.DOCUMENT, "audio": Kind.DOCUMENT, "video": Kind.DOCUMENT}
_JUST_BELOW_ACTING = ACT_AT - 0.01
_WISHES = {
    Intent.CREATE: "asks for something new",
    Intent.REVISE: "asks for a change",
    Intent.EXPORT: "asks for a file",
}

_cache: OrderedDict[tuple[str, Kind | None], tuple[float, Decision]] = OrderedDict()
_lock = Lock()


def decide(text: str, open_artifact: Kind | None = None) -> Decision:
    """What a message asks for, given the kind of the artifact that is open. Answers are kept for 5 minutes.

    Never raises for any text; of a very long one the beginning and the end are looked at.
    """
    key = (clip(text), open_artifact)
    now = time.monotonic()
    with _lock:
        kept = _cache.get(key)
        if kept and now - kept[0] < CACHE_S:
            return kept[1]
    decision = _decide(*key)
    with _lock:
        _cache[key] = (now, decision)
        _cache.move_to_end(key)
        while len(_cache) > CACHE_SIZE:
            _cache.popitem(last=False)
    return decision


def forget() -> None:
    """Empties the cache."""
    with _lock:
        _cache.clear()


def _decide(text: str, open_artifact: Kind | None) -> Decision:
    if not any(char.isalnum() for char in text):
        return Decision(Intent.CHAT, confidence=1.0, reasons=("no words",))
    chances, kind_chances = weights().probabilities(text, open_artifact)
    chat = chances[0]
    best = max(range(1, len(INTENTS)), key=chances.__getitem__)
    # Sure that something is to be made, unsure whether anew or by change: that is for the user to say.
    confidence = max(chances[best], min(_JUST_BELOW_ACTING, 1 - chat))
    if confidence < ASK_AT:
        return Decision(Intent.CHAT, confidence=max(chat, 1 - confidence), reasons=("reads like conversation",))
    intent = INTENTS[best]
    reasons = [_WISHES[intent]]
    wished = None
    if intent is Intent.CREATE:
        kind = KINDS[max(range(len(KINDS)), key=kind_chances.__getitem__)]
        wished = unmade(text)
        if wished:
            kind = _NEAREST[wished]
            reasons.append(f"{wished} cannot be made here; {kind.with_article} comes nearest")
        else:
            reasons.append(f"reads like {kind.with_article} ({max(kind_chances):.0%})")
    else:
        assert open_artifact is not None
        kind = open_artifact
        reasons.append(f"{kind.with_article} is open")
    format = named_format(text, intent, kind)
    if format:
        reasons.append(f"names the format {format.value}")
    return Decision(intent, kind, format, confidence, tuple(reasons), wished)
