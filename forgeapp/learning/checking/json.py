"""JSON: one value a file, or one a line. RFC 8259, strictly: what a program elsewhere would refuse is found."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final, NoReturn

from forgeapp.domain.finding import Finding, Severity
from forgeapp.domain.wording import Text
from forgeapp.learning.checking.source import Source

_MAX_LINES: Final = 50
"""So many broken lines of a file with one value a line are told."""
_WORD: Final = re.compile(r"[A-Za-z_$][\w$]{0,40}")
_REPLACED: Final = {"True": "true", "False": "false", "None": "null", "undefined": "null", "nil": "null"}
_NOT_FINITE: Final = re.compile(r"-?\b(?:NaN|Infinity)\b")


def check_json(source: Source) -> Iterator[Finding]:
    yield from _check_value(source, source.text, 0)


def check_json_lines(source: Source) -> Iterator[Finding]:
    place = broken = 0
    for line in source.lines:
        if line.strip():
            for finding in _check_value(source, line, place):
                broken += 1
                yield finding
        if broken == _MAX_LINES:
            return
        place += len(line) + 1


def _check_value(source: Source, text: str, offset: int) -> Iterator[Finding]:
    try:
        json.loads(text.removeprefix("\ufeff"), parse_constant=_refuse)
    except json.JSONDecodeError as error:
        place = error.pos + text.startswith("\ufeff")
        place, width, message = _worded(text, place, error.msg)
        yield source.finding(offset + place, width, Severity.ERROR, message)
    except _NotFiniteError:
        found = next((match for match in _NOT_FINITE.finditer(text) if not _is_quoted(text, match.start())), None)
        place, width = (found.start(), len(found[0])) if found else (0, 1)
        message = Text(
            "json_not_finite", "JSON knows no {word}: write null or a number.", word=found[0] if found else "NaN"
        )
        yield source.finding(offset + place, width, Severity.ERROR, message)
    except ValueError:  # a number of thousands of figures
        message = Text("json_long_number", "A number here has too many figures to be read.")
        yield source.finding(offset, 1, Severity.ERROR, message)


class _NotFiniteError(Exception):
    pass


def _refuse(_word: str) -> NoReturn:
    raise _NotFiniteError


def _is_quoted(text: str, place: int) -> bool:
    """Whether an odd number of quotes stands before it in its line; JSON's strings end in theirs."""
    line = text[text.rfind("\n", 0, place) + 1 : place]
    return re.sub(r"\\.", "", line).count('"') % 2 == 1


def _worded(text: str, place: int, reason: str) -> tuple[int, int, Text]:
    """Where to look, how much is meant, and in words what to do there."""
    sign = text[place : place + 1]
    before = text[:place].rstrip()
    if before.endswith(",") and sign in ("}", "]"):
        return len(before) - 1, 1, Text("json_trailing_comma", "Nothing follows this comma: remove it.")
    if reason.startswith("Illegal trailing comma"):  # Python 3.13 points at the comma itself
        return place, 1, Text("json_trailing_comma", "Nothing follows this comma: remove it.")
    if not sign:
        return max(len(before) - 1, 0), 1, Text("json_ends_early", "The file ends here, but something is still open.")
    if text.startswith(("//", "/*", "#"), place):
        return place, 2, Text("json_comment", "JSON has no comments: remove it.")
    if sign in "'‘’“”`":
        return place, 1, Text("json_quotes", 'JSON takes straight double quotes (") only.')
    word = _WORD.match(text, place)
    if word is not None and word[0] in _REPLACED:
        return place, len(word[0]), Text(
            "json_word", "JSON knows no {word}: write {better}.", word=word[0], better=_REPLACED[word[0]]
        )  # fmt: skip
    if reason.startswith("Expecting property name"):
        return place, len(word[0]) if word else 1, Text("json_name", "A name in double quotes is expected here.")
    if reason.startswith("Expecting ',' delimiter"):
        return max(len(before) - 1, 0), 1, Text("json_comma_missing", "A comma, or the end, is missing behind this.")
    if reason.startswith("Expecting ':' delimiter"):
        return place, 1, Text("json_colon_missing", "A colon is missing between the name and its value.")
    if reason.startswith("Extra data"):
        return place, 1, Text("json_more", "The value has ended before this: put several into a list, or one a line.")
    if reason.startswith(("Unterminated string", "Invalid control character")):
        place = place if sign == '"' else text.rfind('"', 0, place)
        return place, 1, Text("json_string_open", "The text that begins here is not closed in its line.")
    if "escape" in reason:
        return place, 2, Text("json_escape", "JSON knows no such escape: a backslash itself is written twice.")
    return place, len(word[0]) if word else 1, Text("json_value", "A value is expected here.")
