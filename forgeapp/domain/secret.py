"""A key held so that it is not shown by accident, and texts with keys taken out."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Final, NoReturn, final
from urllib.parse import quote

HIDDEN: Final = "[hidden]"

_LEAST_CHARS: Final = 4
"""A shorter value is not looked for: it would be found in ordinary words."""
_PART_CHARS: Final = 8
"""So much of a key in one piece is as good as told; servers that mask one leave fewer."""

_KEYS = re.compile(
    r"\bsk-[A-Za-z0-9_\-*.]{6,}"  # OpenAI, Anthropic, OpenRouter, DeepSeek; also as servers mask them
    r"|\bAIza[A-Za-z0-9_\-]{20,}"  # Google
    r"|\b(?:gsk|xai|nvapi|hf|pplx|fw|r8)[_\-][A-Za-z0-9_\-]{16,}"
    r"|(?<=://)[^/\s:@]{1,256}:[^/\s@]{1,256}(?=@)"  # user:password@host
    r"|(?i:\bbearer\s+)[^\s\"',;]{6,}"
    r"|(?i:(?<=[?&]key=)|(?<=[?&]api_key=)|(?<=[?&]api-key=))[^&\s\"']{6,}"
)


_RUN = re.compile(r"[A-Za-z0-9]{24,}")


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` with '[hidden]' for every one of `secrets`, and for whatever has the look of a key.

    Also hidden is any part of eight characters or more, and either as base64, hex, percent-encoded, escaped for JSON or
    HTML, or read backwards. Time is linear in the text.
    """
    for secret in secrets:
        if len(secret) >= _LEAST_CHARS:
            text = _without(text, secret)
    return _KEYS.sub(HIDDEN, text)


def key_places(text: str) -> Iterator[tuple[int, int]]:
    """Begin and end of whatever has the look of a key."""
    return (match.span() for match in _KEYS.finditer(text))


def looks_like_key(name: str) -> bool:
    """True for what was given as a name and is most likely a key: by its beginning, or as a long run without a gap."""
    runs = _RUN.findall(name)
    return redact(name) != name or any(not run.isalpha() and not run.isdigit() for run in runs)


def variable_for(provider: str) -> str:
    """The environment variable that holds a provider's key by convention: 'my-groq' -> 'MY_GROQ_API_KEY'."""
    return as_variable(provider) + "_API_KEY"


def as_variable(name: str) -> str:
    """A name as it stands in one of a variable: 'my-groq' -> 'MY_GROQ'."""
    return re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_")


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


def _without(text: str, secret: str) -> str:
    spans = sorted(span for piece in _pieces(secret) for span in _places(text, piece))
    if not spans:
        return text
    parts: list[str] = []
    done = 0
    for start, end in spans:
        if start > done or not parts:
            parts += [text[done:start], HIDDEN]
        done = max(done, end)
    return "".join([*parts, text[done:]])


def _places(text: str, piece: str) -> Iterator[tuple[int, int]]:
    start = text.find(piece)
    while start >= 0:
        yield start, start + len(piece)
        start = text.find(piece, start + 1)


@lru_cache(maxsize=64)
def _pieces(secret: str) -> tuple[str, ...]:
    """The shortest texts that give a part of the key away; whatever gives more away is made of them."""
    if len(secret) < _PART_CHARS:
        return (secret,)
    pieces: dict[str, None] = {}
    for form, chars in _forms(secret):
        pieces.update((form[start : start + chars], None) for start in range(max(len(form) - chars, 0) + 1))
    return tuple(pieces)


def _forms(secret: str) -> Iterator[tuple[str, int]]:
    """The ways the key may be written, each with the length in which eight of its characters stand."""
    escaped = json.dumps(secret)[1:-1]
    plain = (secret, secret[::-1], escaped, escaped.replace("/", r"\/"), quote(secret, safe=""), html.escape(secret))
    for form in plain:
        yield form, _PART_CHARS
    data = secret.encode("utf-8", "surrogatepass")
    for hexadecimal in (data.hex(), data.hex().upper()):
        yield hexadecimal, 2 * _PART_CHARS
        yield "".join(f"%{digits}" for digits in re.findall("..", hexadecimal)), 3 * _PART_CHARS
    for before in range(3):
        # What stands before the key shifts the signs it is written in; those that mix with other text are left out.
        chars = base64.b64encode(bytes(before) + data).decode()
        whole = chars[-(-before * 4 // 3) : (before + len(data)) * 4 // 3]
        for form in (whole, whole.translate(_URL_SAFE)):
            yield form, _BASE64_CHARS


_URL_SAFE: Final = str.maketrans("+/", "-_")
_BASE64_CHARS: Final = _PART_CHARS * 4 // 3
