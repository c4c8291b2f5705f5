"""A key held so that it is not shown by accident, and texts with keys taken out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final, NoReturn, final

HIDDEN: Final = "[hidden]"

_KEYS = re.compile(
    r"\bsk-[A-Za-z0-9_\-*.]{6,}"  # OpenAI, Anthropic, OpenRouter, DeepSeek; also as servers mask them
    r"|\bAIza[A-Za-z0-9_\-]{20,}"  # Google
    r"|\b(?:gsk|xai|nvapi|hf|pplx|fw|r8)[_\-][A-Za-z0-9_\-]{16,}"
    r"|(?<=://)[^/\s:@]{1,256}:[^/\s@]{1,256}(?=@)"  # user:password@host
    r"|(?i:\bbearer\s+)[^\s\"',;]{6,}"
    r"|(?i:(?<=[?&]key=)|(?<=[?&]api_key=)|(?<=[?&]api-key=))[^&\s\"']{6,}"
)


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` with every one of `secrets`, and whatever has the look of a key, replaced by '[hidden]'."""
    for secret in secrets:
        if len(secret) >= 4:
            text = text.replace(secret, HIDDEN)
    return _KEYS.sub(HIDDEN, text)


def variable_for(provider: str) -> str:
    """The environment variable that holds a provider's key by convention: 'my-groq' -> 'MY_GROQ_API_KEY'."""
    return re.sub(r"[^A-Z0-9]+", "_", provider.upper()).strip("_") + "_API_KEY"


@final
class Secret:
    """A key whose text only `reveal` gives: repr, str and format hide it, and it refuses to be pickled."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    @property
    def is_sendable(self) -> bool:
        """False for one that cannot stand in a header: empty, or with spaces, controls or signs beyond ASCII."""
        return bool(self._value) and self._value.isascii() and self._value.isprintable() and " " not in self._value

    def __repr__(self) -> str:
        return f"Secret({HIDDEN})"

    def __str__(self) -> str:
        return HIDDEN

    def __format__(self, _spec: str) -> str:
        return HIDDEN

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> str | tuple[Any, ...]:
        _refuse()


def _refuse() -> NoReturn:
    raise TypeError("a key is not pickled")
