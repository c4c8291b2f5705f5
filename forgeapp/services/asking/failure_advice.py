"""What to do after a turn that nobody answered, drawn from the pattern of what failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

Causes = Mapping[str, Sequence[str]]
"""Who failed ('acme/small'), by the key of the error; in the order in which they were asked."""

_MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class _Advice:
    """`if_all` where nothing else went wrong, `if_some` (which names `{who}`) beside other causes.

    `{when}` is '' or ' after 10:42:10 UTC', `{larger}` '' or the models that hold more. `passes`: nobody has to do
    anything for it to work again.
    """

    causes: frozenset[str]
    if_all: str
    if_some: str
    passes: bool = False


_ADVICE: Final = (
    _Advice(
        frozenset({"key_rejected", "key_unusable", "key_missing", "keyring_missing", "credential"}),
        "No provider accepted its key. Set a valid one for each with 'forgeapp keys set NAME' or on the Configuration "
        "page, and try it there: 'forgeapp providers test NAME'.",
        "{who}: set a valid key with 'forgeapp keys set NAME' or on the Configuration page.",
    ),
    _Advice(
        frozenset({"quota_exhausted"}),
        "The accounts have no credit left. Add credit at a provider, or use a local server, which costs nothing.",
        "{who}: add credit to the account.",
    ),
    _Advice(
        frozenset({"rate_limited"}),
        "Everybody was asked too often in a short time. Send the request again{when}. With limits a minute set on the "
        "Configuration page, ForgeApp waits by itself before it asks.",
        "{who}: asked too often in a short time; ask again{when}.",
        passes=True,
    ),
    _Advice(
        frozenset({"provider_unreachable"}),
        "Nobody could be reached. Check the network of this computer and the addresses: 'forgeapp providers list'. "
        "Behind a proxy set HTTPS_PROXY, with a certificate of your firm's own SSL_CERT_FILE. A local server has to "
        "be running.",
        "{who}: not reached; check its address with 'forgeapp providers list', and that a local server is running.",
        passes=True,
    ),
    _Advice(
        frozenset({"provider_timeout"}),
        "Nobody answered in time. Try again later, choose a faster model, or ask for less at once.",
        "{who}: no answer in time; choose a faster model, or ask for less at once.",
        passes=True,
    ),
    _Advice(
        frozenset({"provider_failed", "stream_broken"}),
        "The services have problems of their own. Try again later{when}; their status pages say more.",
        "{who}: a problem of the service itself; try again later{when}.",
        passes=True,
    ),
    _Advice(
        frozenset({"provider_left_out"}),
        "Every provider had failed again and again and was left out for a while. Try again later{when}, or try them "
        "now: 'forgeapp providers test NAME'.",
        "{who}: left out after failing again and again; try it with 'forgeapp providers test NAME'.",
        passes=True,
    ),
    _Advice(
        frozenset({"context_too_long"}),
        "The request is too long. Shorten it or attach less{larger}.",
        "{who}: the request is too long for it; shorten it or attach less{larger}.",
    ),
    _Advice(
        frozenset({"budget_exceeded", "price_unknown", "blocked"}),
        "The budget does not allow the call. Raise it with 'forgeapp budget set', set missing prices, or choose a "
        "cheaper or a local model.",
        "{who}: the budget does not allow it; raise it, set the missing price, or choose a cheaper model.",
    ),
    _Advice(
        frozenset({"model_not_found", "unknown_model", "request_rejected", "unreadable_reply", "unknown_provider"}),
        "The requests were not understood. Check the models' names and the base URLs: 'forgeapp providers list', "
        "'forgeapp providers models NAME --refresh'.",
        "{who}: check the model's name and the base URL: 'forgeapp providers models NAME --refresh'.",
    ),
    _Advice(
        frozenset({"pictures_not_taken"}),
        "No model that was asked can look at pictures. Choose one that can, or send the message without the picture.",
        "{who}: cannot look at pictures.",
    ),
    _Advice(
        frozenset({"model_too_large"}),
        "The machine has too little memory for the model. Choose a smaller one, or close other programs.",
        "{who}: too little memory for its model; choose a smaller one, or close other programs.",
    ),
    _Advice(
        frozenset({"content_refused", "empty_reply"}),
        "The request was declined or answered with nothing. Reword it, or choose another model.",
        "{who}: declined, or answered with nothing; reword the request.",
    ),
    _Advice(
        frozenset({"no_provider", "nothing_fits"}),
        "No provider is set up that could answer. Add one on the Configuration page, or with 'forgeapp providers add' "
        "and 'forgeapp keys set NAME'. A local server (Ollama, LM Studio, llama.cpp) needs no key.",
        "Set up another provider, so that there is one to fall back on.",
    ),
)
_KNOWN: Final = frozenset[str]().union(*(advice.causes for advice in _ADVICE))
_ELSE: Final = "{who}: see the attempts above; if it happens again, choose another model or provider."
_WITHOUT: Final = (
    "Meanwhile, without any provider: the mode Templates only fills in built-in templates, and 'forgeapp preview' "
    "gives the prompt to copy into any chat, whose reply 'forgeapp paste' reads."
)


def recommendations(causes: Causes, when: str = "", larger: Sequence[str] = ()) -> list[str]:
    """A line for each thing to be done, the most particular first. `when`: the time from which to try again.

    `larger`: the configured models that hold a longer request.
    """
    words = {
        "when": f" after {when}" if when else "",
        "larger": f", or choose a model that holds more: {', '.join(larger)}" if larger else "",
    }
    fitting = [advice for advice in _ADVICE if advice.causes & causes.keys()]
    others = [key for key in causes if key not in _KNOWN]
    lines: list[str] = []
    if len(fitting) == 1 and not others:
        lines.append(fitting[0].if_all.format(**words))
    else:
        for advice in fitting:
            who = [name for key, names in causes.items() if key in advice.causes for name in names]
            lines.append(advice.if_some.format(who=_named(who), **words))
        who = [name for key in others for name in causes[key]]
        if who:
            lines.append(_ELSE.format(who=_named(who)))
    lines.append(_WITHOUT)
    return lines


def passes_by_itself(causes: Causes) -> bool:
    """Whether it may work again without anybody doing anything."""
    passing = frozenset[str]().union(*(advice.causes for advice in _ADVICE if advice.passes))
    return bool(causes) and causes.keys() <= passing


def _named(who: Sequence[str]) -> str:
    names = list(dict.fromkeys(name for name in who if name))
    shown = names[:_MOST_NAMED]
    if len(names) > len(shown):
        shown.append(f"{len(names) - len(shown)} more")
    return ", ".join(shown) or "The request"
