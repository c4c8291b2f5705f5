"""JSON as models write it: cut off, with comments, trailing commas, single quotes, or quotes within formulas.

Numbers keep the text they were written with (`Numeral`). Strict JSON goes through the standard library; the rest
through one pass over tokens with an explicit stack, so that no depth and no length does harm.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

MAX_DEPTH = 64
MAX_COMMAS = 4
"""So many commas at the end of a list are taken out before the lenient reader, which takes longer, is asked."""
MAX_STRICT_FAILURES = 64
"""Of the strict reader in one text, for each costs time in proportion to all of it; then it is not asked any more."""
_TOKEN = re.compile(
    r"""[\s,;:]*+
    (?: (?P<mark>[\[\]{}])
      | "(?P<plain>(?!=)[^"\\]*+|=[^"\\()]*+)"(?=\s{0,199}[,\]}:])
      | '(?P<single>(?!=)[^'\\]*+|=[^'\\()]*+)'(?=\s{0,199}[,\]}:])
      | (?P<number>[-+]?\d+(?:\.\d+)?)(?=[\s,\]}])
      | (?P<quote>["'“])
      | (?P<comment>//[^\n]*|\#[^\n]*|/\*[^*]*\*/)
      | (?P<word>[^\s,;:\[\]{}"']+(?:'[^\s,;:\[\]{}"']+)*)
    )""",
    re.VERBOSE,
)
"""The next token, behind what separates it. `plain`, `single`: strings without doubt; at a `quote` others begin."""
_TELLING = {quote: re.compile(rf"\\.|{quote}", re.DOTALL) for quote in "\"'”"}
_TELLING_IN_FORMULA = {quote: re.compile(rf"\\.|[{quote}()\n]", re.DOTALL) for quote in "\"'”"}
"""What tells where a string ends, by the quote that ends it."""
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
    return Decoder(text).decode(start)


def _comma_before(text: str, at: int) -> int | None:
    """Where the comma stands that has nothing but an end behind it, so that the strict reader stopped at `at`."""
    reach = text[at : at + 200].lstrip(" \n\r\t,")
    before = text[max(0, at - 200) : at].rstrip()
    comma = max(0, at - 200) + len(before) - 1 if before.endswith(",") else at
    return comma if reach[:1] in ("]", "}") and text[comma : comma + 1] == "," else None


def _is_too_deep(text: str, start: int) -> bool:
    """A coarse guard: the lenient reader checks the true depth."""
    return text.startswith("[" * (MAX_DEPTH + 1), start) or text.startswith('{"":' * (MAX_DEPTH + 1), start)


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


_STRICT = json.JSONDecoder(object_pairs_hook=_object, parse_float=Numeral, parse_int=Numeral, parse_constant=Numeral)


class Decoder:
    """Reads the values of one text, which may be many: all of them together take linear time."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._failures_left = MAX_STRICT_FAILURES

    def decode(self, start: int) -> Decoded | None:
        """As the function of that name."""
        text = self._text
        while start < len(text) and text[start].isspace():
            start += 1
        if text[start : start + 1] not in ("{", "[") or _is_too_deep(text, start):
            return None
        return self._strict(start) or self._lenient(start)

    def _strict(self, start: int) -> Decoded | None:
        text = self._text
        for _ in range(MAX_COMMAS):
            if not self._failures_left:
                break
            try:
                return Decoded(*_STRICT.raw_decode(text, start), True)
            except json.JSONDecodeError as error:
                self._failures_left -= 1
                comma = _comma_before(text, error.pos)
                if comma is None:
                    break
                text = f"{text[:comma]} {text[comma + 1 :]}"
            except (ValueError, RecursionError):
                break
        return None

    def _lenient(self, start: int) -> Decoded | None:
        """One loop over all tokens, and hardly a call in it: it is what the time goes to."""
        text, at, is_value_cut = self._text, start, False
        first: Any = None
        into: Any = None
        key: str | None = None
        around: list[dict[str, Any] | list[Any]] = []
        next_token = _TOKEN.match
        while match := next_token(text, at):
            at = match.end()
            sort = match.lastgroup
            value: Any = match[sort or 0]
            if sort == "mark" and value in "]}":
                if key is not None:
                    _put(into, key, "")
                if not around:
                    return Decoded(first, at, True)
                into, key = around.pop(), None
                continue
            if sort == "mark":
                opened: dict[str, Any] | list[Any] = {} if value == "{" else []
                if into is None:
                    first = opened
                elif len(around) + 1 >= MAX_DEPTH:
                    return None
                elif type(into) is list:
                    into.append(opened)
                    around.append(into)
                else:
                    _put(into, str(len(into) + 1) if key is None else key, opened)
                    around.append(into)
                into, key = opened, None
                continue
            if sort == "number":
                value = Numeral(value)
            elif sort == "word":
                if at == len(text) and _may_be_cut(value):
                    is_value_cut = True
                    break
                value = _scalar(value)
            elif sort == "comment":
                continue
            elif sort == "quote":
                is_key = key is None and type(into) is dict
                value, at, is_whole = self._string(at, value)
                if not is_whole and (not value or value.startswith("=") or is_key):
                    if "\n" in value.strip():
                        return Decoded(first, match.end() - 1, False)
                    is_value_cut = True
                    continue
            if type(into) is list:
                into.append(value)
            elif key is None:
                key = "null" if value is None else str(value)
            else:
                _put(into, key, value)
                key = None
        if key is not None and not is_value_cut:
            _put(into, key, "")
        return None if first is None else Decoded(first, len(text), False)

    def _string(self, at: int, quote: str) -> tuple[str, int, bool]:
        """Text, position after it, and whether it was closed. A quote that nothing structural follows is text."""
        text = self._text
        end_quote = "”" if quote == "“" else quote
        is_formula = text.startswith("=", at)
        depth = 0
        for telling in (_TELLING_IN_FORMULA if is_formula else _TELLING)[end_quote].finditer(text, at):
            sign, end = telling[0], telling.end()
            if sign == end_quote:
                after = _after(text, end)
                if after in ",]}:" and (depth <= 0 or after != ","):
                    return _unescaped(text[at : end - 1]), end, True
            elif sign == "(":
                depth += 1
            elif sign == ")":
                depth -= 1
            elif sign == "\n":
                depth = 0
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
    return Numeral(word) if not word[0].isalpha() and _NUMBER.fullmatch(word) else word


def _put(into: dict[str, Any], key: str, value: Any) -> None:
    into[_free_key(into, key, value) if key in into else key] = value
