"""What changed within a text, word by word."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from forgeapp.services.comparing.sequences import Gap, common_stretches, gaps

if TYPE_CHECKING:
    from regex import Pattern  # type: ignore[import-untyped]

MAX_CHARS = 200_000
"""Longer texts, both taken together, are told as replaced whole."""

_LEAST_SHARED = 0.2
"""Texts that share less of their characters than that are told as replaced whole: shreds are hard to read."""


class Turn(StrEnum):
    EQUAL = "equal"
    REMOVED = "removed"
    ADDED = "added"


class Segment(NamedTuple):
    turn: Turn
    text: str


def words(before: str, after: str) -> tuple[Segment, ...]:
    """Segments in reading order, what was removed before what was added in its place.

    Those that are not added make up `before`, those that are not removed `after`, every blank included. Chinese,
    Japanese and other scripts without spaces are compared by character; letters stay with their marks.
    """
    if before == after or not before or not after or len(before) + len(after) > MAX_CHARS:
        return _whole(before, after)
    found = tuple(_joined(_segments(_split(before), _split(after))))
    shared = sum(len(text) for turn, text in found if turn is Turn.EQUAL and not text.isspace())
    return found if shared >= _LEAST_SHARED * min(len(before), len(after)) else _whole(before, after)


def _whole(before: str, after: str) -> tuple[Segment, ...]:
    if before == after:
        return (Segment(Turn.EQUAL, before),) if before else ()
    both = Segment(Turn.REMOVED, before), Segment(Turn.ADDED, after)
    return tuple(segment for segment in both if segment.text)


def _segments(old: list[str], new: list[str]) -> Iterator[Segment]:
    stretches = common_stretches(old, new)
    between = list(gaps(stretches, len(old), len(new)))
    at = 0
    for index, gap in enumerate(between):
        yield Segment(Turn.EQUAL, "".join(old[at : gap.old_start]))
        if index + 1 < len(between) and _is_mere_blank(old, gap, between[index + 1]):
            # Two words changed beside each other read better as one change.
            upcoming = between[index + 1]
            between[index + 1] = Gap(gap.old_start, upcoming.old_end, gap.new_start, upcoming.new_end)
            at = gap.old_start
            continue
        yield Segment(Turn.REMOVED, "".join(old[gap.old_start : gap.old_end]))
        yield Segment(Turn.ADDED, "".join(new[gap.new_start : gap.new_end]))
        at = gap.old_end
    yield Segment(Turn.EQUAL, "".join(old[at:]))


def _is_mere_blank(old: list[str], gap: Gap, following: Gap) -> bool:
    between = old[gap.old_end : following.old_start]
    replaces = all(part.old_end > part.old_start and part.new_end > part.new_start for part in (gap, following))
    return replaces and len(between) == 1 and between[0].isspace() and "\n" not in between[0]


def _joined(segments: Iterator[Segment]) -> Iterator[Segment]:
    last: Segment | None = None
    for segment in segments:
        if not segment.text:
            continue
        if last is not None and last.turn is segment.turn:
            last = Segment(last.turn, last.text + segment.text)
            continue
        if last is not None:
            yield last
        last = segment
    if last is not None:
        yield last


def _split(text: str) -> list[str]:
    return list(_word().findall(text))


@cache
def _word() -> Pattern[str]:
    import regex

    unspaced = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}]\p{M}*"
    figures = r"\p{N}+(?:[.,]\p{N}+)*"
    word = rf"(?:(?!{unspaced})[\p{{L}}\p{{N}}_]\p{{M}}*)+"
    return regex.compile(rf"{unspaced}|{figures}|{word}|[^\S\n]+|\n|\X")
