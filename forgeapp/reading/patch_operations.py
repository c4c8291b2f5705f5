"""Operations on a table or a workbook, found as JSON in a reply: {"operations":[{"op":"set","cells":{"B7":12}}]}."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from forgeapp.reading.lenient_json import Decoder, decode
from forgeapp.reading.patch_frame import Found, end_below, head_above
from forgeapp.reading.patch_steps import is_operation, operations_in, steps_of

_START = re.compile(r"^[ \t]*(?:\{\s*[\"'“\w]|\[\s*[\{\[]|\{\s*$|\[\s*$)|\{\s*[\"'“]?operations\b", re.MULTILINE)
_ARRAY = re.compile(r"[\"']?(?:operations|ops|edits|changes|actions|patch|steps)[\"']?\s*:\s*\[", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:[\s,;]|//[^\n]*|#[^\n]*)*")
_MAX_TRIES = 40
_MAX_CHARS = 1_000_000
"""Of JSON that is read: with more than that, the whole artifact were the shorter answer."""


def read_operations(lines: Sequence[str]) -> Found:
    """All operations, from however many pieces of JSON."""
    text = "\n".join(lines)
    found = Found()
    at = tries = 0
    while tries < _MAX_TRIES and (match := _START.search(text, at)):
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        before = text[text.rfind("\n", 0, start) + 1 : start]
        if "|" in before or "<" in before:
            # What stands in a cell of a table that is given whole.
            at = match.end()
            continue
        tries += 1
        decoded = decode(text[start : start + _MAX_CHARS])
        if decoded is None:
            at = match.end()
            continue
        operations = operations_in(decoded.value)
        is_whole = decoded.complete
        end = start + decoded.end
        if operations is None:
            # What goes on to the end of the reply and is no operation leaves none behind it.
            at = end
            if not is_whole:
                break
            continue
        if not is_whole:
            _read_cut(text[start : start + _MAX_CHARS], found)
        else:
            _take(operations, found)
        first, last = text.count("\n", 0, start), text.count("\n", 0, end)
        head = head_above(lines, first, 0)
        found.taken.append((head.start, end_below(lines, last + 1, head.fence)))
        at = end
        if not is_whole:
            break
    return found


def _take(operations: Sequence[Any], found: Found) -> None:
    for operation in operations:
        if found.is_full:
            return
        steps, unread = steps_of(operation)
        for step in steps:
            found.add(step)
        if unread is not None:
            found.note(unread)


def _read_cut(text: str, found: Found) -> None:
    """The operations that are there in whole of JSON that breaks off."""
    array = _ARRAY.search(text)
    at = array.end() if array else 1 if text.startswith("[") else 0
    end = at
    for value, after in _items(text, at):
        end = after
        if found.is_full:
            break
        if is_operation(value):
            _take([value], found)
    found.break_off([text[end:].lstrip(" \n,")[:200] or text[-80:]])


def _items(text: str, at: int) -> Iterator[tuple[Any, int]]:
    """Each whole value, one behind the other, and where it ends."""
    decoder = Decoder(text)
    while True:
        between = _BETWEEN.match(text, at)
        start = between.end() if between else at
        decoded = decoder.decode(start)
        if decoded is None or not decoded.complete:
            return
        yield decoded.value, decoded.end
        at = decoded.end
