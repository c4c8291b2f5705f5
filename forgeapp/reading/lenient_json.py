"""JSON as models write it: cut off, with comments, trailing commas, single quotes, or quotes within formulas.

Numbers keep the text they were written with (`Numeral`). Strict JSON goes through the standard library; the rest
through one pass over tokens with an explicit stack, so that no depth and no length does harm.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

MAX_DEPTH = 64
MAX_COMMAS = 4
"""So many commas at the end of a list are taken out before the lenient reader, which takes longer, is asked."""
_TOKEN = re.compile(
    r"""[\s,;]+|//[^\n]*|\#[^\n]*|/\*[^*]*\*/|(?P<mark>[\[\]{}:])|(?P<string>["'“])|(?P<word>[^\s,;:\[\]{}"']+(?:'[^\s,;:\[\]{}"']+)*)"""
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_WORDS = {"true": True, "false": False, "null": None, "True": True, "False": False, "None": None, "undefined": None}


class Numeral(str):
    """A JSON number as written; `number` is what it means, None where it is too large to be one."""

    __slots__ = ()

    @property
    def number(self) -> int | float | None:
        if len(self) > 40:
            return None
        value = float(self)
        if value in (float("inf"), float("-inf")):
            return None
        return int(self) if self.lstrip("+-").isdigit() and abs(value) < 1e15 else value


@dataclass(frozen=True, slots=True)
class Decoded:
    """`value`: dict, list, str, Numeral, bool or None. `end`: where reading stopped. `complete`: not cut off."""

    value: Any
    end: int
    complete: bool


def decode(text: str, start: int = 0) -> Decoded | None:
    """The first JSON value of `text` from `start` on; None where none begins or it is nested beyond MAX_DEPTH."""
    while start < len(text) and text[start].isspace():
        start += 1
    if text[start : start + 1] not in ("{", "["):
        return None
    if _is_too_deep(text, start):
        return None
    decoder = json.JSONDecoder(
        object_pairs_hook=_object, parse_float=Numeral, parse_int=Numeral, parse_constant=Numeral
    )
    strict = text
    for _ in range(MAX_COMMAS):
        try:
            return Decoded(*decoder.raw_decode(strict, start), True)
        except json.JSONDecodeError as error:
            comma = _comma_before(strict, error.pos)
            if comma is None:
                break
            strict = f"{strict[:comma]} {strict[comma + 1 :]}"
        except (ValueError, RecursionError):
            break
    return _Lenient(text).decode(start)


def _comma_before(text: str, at: int) -> int | None:
    """Where the comma stands that has nothing but an end behind it, so that the strict reader stopped at `at`."""
    reach = text[at : at + 200].lstrip(" \n\r\t,")
    before = text[max(0, at - 200) : at].rstrip()
    comma = max(0, at - 200) + len(before) - 1 if before.endswith(",") else at
    return comma if reach[:1] in ("]", "}") and text[comma : comma + 1] == "," else None


def _is_too_deep(text: str, start: int) -> bool:
    """A coarse guard: the lenient reader checks the true depth."""
    return text.startswith("[" * (MAX_DEPTH + 1), start) or text.startswith('{"":' * (MAX_DEPTH + 1), start)


@dataclass
class _Open:
    """A list or object that has begun."""

    is_object: bool
    items: list[Any] = field(default_factory=list)
    pairs: dict[str, Any] = field(default_factory=dict)
    key: str | None = None

    @property
    def value(self) -> Any:
        return self.pairs if self.is_object else self.items


class _Lenient:
    def __init__(self, text: str) -> None:
        self._text = text

    def decode(self, start: int) -> Decoded | None:
        text, at, stack = self._text, start, list[_Open]()
        is_value_cut = False
        while at < len(text):
            match = _TOKEN.match(text, at)
            if not match:
                at += 1
                continue
            at = match.end()
            if mark := match["mark"]:
                if mark in "[{":
                    if len(stack) >= MAX_DEPTH:
                        return None
                    opened = _Open(mark == "{")
                    if stack:
                        _put(stack[-1], opened.value)
                    stack.append(opened)
                elif mark in "]}":
                    closed = stack.pop()
                    if closed.key is not None:
                        _put(closed, "")
                    if not stack:
                        return Decoded(closed.value, at, True)
            elif match["string"]:
                began = match.start()
                value, at, whole = self._string(at, match["string"])
                if whole or (
                    value and not value.startswith("=") and not (stack[-1].is_object and stack[-1].key is None)
                ):
                    _put_scalar(stack[-1], value)
                elif "\n" in value.strip():
                    return Decoded(stack[0].value, began, False)
                else:
                    is_value_cut = True
            elif word := match["word"]:
                if at == len(text) and _may_be_cut(word):
                    is_value_cut = True
                    break
                _put_scalar(stack[-1], _scalar(word))
        if stack and stack[-1].key is not None and not is_value_cut:
            _put(stack[-1], "")
        return Decoded(stack[0].value, len(text), False) if stack else None

    def _string(self, at: int, quote: str) -> tuple[str, int, bool]:
        """Text, position after it, and whether it was closed. A quote that nothing structural follows is text."""
        text = self._text
        end_quote = "”" if quote == "“" else quote
        is_formula = text.startswith("=", at)
        depth = 0
        position = at
        while position < len(text):
            character = text[position]
            if character == "\\":
                position += 2
                continue
            if is_formula and character in "()":
                depth += 1 if character == "(" else -1
            elif character == "\n" and is_formula:
                depth = 0
            if character == end_quote:
                after = _after(text, position + 1)
                if after in ",]}:" and (depth <= 0 or after != ","):
                    return _unescaped(text[at:position]), position + 1, True
            position += 1
        return _unescaped(text[at:]), len(text), False


def _may_be_cut(word: str) -> bool:
    """Whether the last word of a text is the beginning of a number or of 'true', 'false', 'null'."""
    is_part = any(known.startswith(word) for known in _WORDS)
    return word not in _WORDS and (is_part or bool(_NUMBER.match(word)) or not word.strip("+-."))


def _after(text: str, at: int) -> str:
    """The first character that is no space within a short reach; ',' at the end of the text."""
    reach = text[at : at + 200].lstrip()
    return reach[0] if reach else ","


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text

    def character(match: re.Match[str]) -> str:
        if match[1]:
            return chr(int(match[1], 16))
        return _ESCAPES.get(match[2], match[2])

    return _ESCAPE.sub(character, text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _scalar(word: str) -> Any:
    if word in _WORDS:
        return _WORDS[word]
    return Numeral(word) if _NUMBER.fullmatch(word) else word


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; of a key that stands twice both values are kept."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    found = {}
    for key, value in pairs:
        found[_free_key(found, key, value)] = value
    return found


def _free_key(pairs: dict[str, Any], key: str, value: Any) -> str:
    while key in pairs and pairs[key] != value:
        key = f"{key} ({len(pairs) + 1})"
    return key


def _put(into: _Open, value: Any) -> None:
    if not into.is_object:
        into.items.append(value)
    else:
        key = into.key if into.key is not None else str(len(into.pairs) + 1)
        into.pairs[_free_key(into.pairs, key, value)] = value
        into.key = None


def _put_scalar(into: _Open, value: Any) -> None:
    if into.is_object and into.key is None:
        into.key = "null" if value is None else str(value)
    else:
        _put(into, value)
