"""What two sequences have in common, in time that hostile ones cannot make quadratic.

Things that stand once in both are anchors, as in patience diff; between them the longest common subsequence is found
by rapidfuzz, bit-parallel, and where that is too long in windows that slide along both. When the room for that is used
up, the rest is taken for wholly different.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple

MAX_PAIRS = 200_000_000
"""Things before times things after that are compared between anchors, in all."""
MAX_PAIRS_AT_ONCE = 16_000_000
"""Each takes a bit of memory."""
WINDOW = 2_000


class Stretch(NamedTuple):
    """`length` things from `old` on in the one are those from `new` on in the other."""

    old: int
    new: int
    length: int


class Gap(NamedTuple):
    """What lies between stretches: `old_start` up to `old_end`, and `new_start` up to `new_end`."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


def common_stretches(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Stretch]:
    """Stretches of equal things, as long as they go, ascending in both."""
    head, tail = equal_ends(old, new)
    found = [Stretch(0, 0, head)] if head else []
    if head < len(old) - tail and head < len(new) - tail:
        numbers: dict[Hashable, int] = {}
        before = [numbers.setdefault(thing, len(numbers)) for thing in old[head : len(old) - tail]]
        known = len(numbers)
        after = [numbers.setdefault(thing, len(numbers)) for thing in new[head : len(new) - tail]]
        if known + len(set(after)) > len(numbers):
            found += [Stretch(head + at, head + to, count) for at, to, count in _between_anchors(before, after)]
    if tail:
        found.append(Stretch(len(old) - tail, len(new) - tail, tail))
    return joined(found)


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Neighbouring stretches as one."""
    found: list[Stretch] = []
    for stretch in stretches:
        if (
            found
            and found[-1].old + found[-1].length == stretch.old
            and found[-1].new + found[-1].length == stretch.new
        ):
            found[-1] = found[-1]._replace(length=found[-1].length + stretch.length)
        else:
            found.append(stretch)
    return found


def gaps(stretches: Iterable[Stretch], old_count: int, new_count: int) -> Iterator[Gap]:
    """Where one of the two, or both, have something of their own."""
    old = new = 0
    for stretch in (*stretches, Stretch(old_count, new_count, 0)):
        if stretch.old > old or stretch.new > new:
            yield Gap(old, stretch.old, new, stretch.new)
        old, new = stretch.old + stretch.length, stretch.new + stretch.length


def equal_ends(old: Sequence[Hashable], new: Sequence[Hashable]) -> tuple[int, int]:
    """How many things are equal at the beginning, and how many of the rest at the end."""
    least = min(len(old), len(new))
    head = next((at for at in range(least) if old[at] != new[at]), least)
    tail = next((at for at in range(least - head) if old[-1 - at] != new[-1 - at]), least - head)
    return head, tail


def _between_anchors(old: list[int], new: list[int]) -> Iterator[Stretch]:
    room = MAX_PAIRS
    at = to = 0
    for anchor in (*_anchors(old, new), Stretch(len(old), len(new), 0)):
        before, after = old[at : anchor.old], new[to : anchor.new]
        if len(before) == len(after) == 1:
            if before == after:
                yield Stretch(at, to, 1)
        elif before and after:
            head, tail = equal_ends(before, after)
            if head:
                yield Stretch(at, to, head)
            before, after = before[head : len(before) - tail], after[head : len(after) - tail]
            if before and after and not set(before).isdisjoint(after):
                found, room = _common(before, after, room)
                for stretch in found:
                    yield Stretch(at + head + stretch.old, to + head + stretch.new, stretch.length)
            if tail:
                yield Stretch(anchor.old - tail, anchor.new - tail, tail)
        if anchor.length:
            yield anchor
        at, to = anchor.old + anchor.length, anchor.new + anchor.length


def _common(old: list[int], new: list[int], room: int) -> tuple[list[Stretch], int]:
    """What two without anchors have in common, and the room that is left."""
    pairs = len(old) * len(new)
    if pairs <= min(room, MAX_PAIRS_AT_ONCE):
        return list(_longest_common(old, new)), room - pairs
    found: list[Stretch] = []
    at = to = 0
    while at < len(old) and to < len(new):
        before, after = old[at : at + WINDOW], new[to : to + WINDOW]
        room -= len(before) * len(after)
        if room < 0:
            break
        is_last = at + WINDOW >= len(old) and to + WINDOW >= len(new)
        # What is matched at the end of a window might find a better match beyond it.
        sure = WINDOW if is_last else WINDOW * 3 // 4
        stretches = [
            stretch._replace(length=min(stretch.length, sure - max(stretch.old, stretch.new)))
            for stretch in _longest_common(before, after)
            if max(stretch.old, stretch.new) < sure
        ]
        found += (Stretch(at + stretch.old, to + stretch.new, stretch.length) for stretch in stretches)
        if is_last:
            break
        last = stretches[-1] if stretches else Stretch(0, 0, 0)
        reached = last.old + last.length, last.new + last.length
        if max(reached) < WINDOW // 4:
            reached = sure, sure
        at, to = at + reached[0], to + reached[1]
    return found, max(room, 0)


def _longest_common(old: list[int], new: list[int]) -> Iterator[Stretch]:
    from rapidfuzz.distance import Indel

    for code in Indel.opcodes(old, new):
        if code.tag == "equal":
            yield Stretch(code.src_start, code.dest_start, code.src_end - code.src_start)


def _anchors(old: list[int], new: list[int]) -> list[Stretch]:
    """What stands once in both, so much of it as stands in the same order."""
    places = _places_of_single(new)
    pairs = [
        (at, places[number]) for number, at in sorted(_places_of_single(old).items(), key=_place) if number in places
    ]
    return [Stretch(pairs[index][0], pairs[index][1], 1) for index in longest_ascent([to for _, to in pairs])]


def _place(item: tuple[int, int]) -> int:
    return item[1]


def _places_of_single(numbers: list[int]) -> dict[int, int]:
    places: dict[int, int] = {}
    for at, number in enumerate(numbers):
        places[number] = -1 if number in places else at
    return {number: at for number, at in places.items() if at >= 0}


def longest_ascent(numbers: Sequence[int]) -> list[int]:
    """The places of a longest ascending subsequence of different numbers."""
    lows: list[int] = []
    ends: list[int] = []
    previous = [-1] * len(numbers)
    for place, number in enumerate(numbers):
        length = bisect_left(lows, number)
        previous[place] = ends[length - 1] if length else -1
        if length == len(lows):
            lows.append(number)
            ends.append(place)
        else:
            lows[length], ends[length] = number, place
    ascent: list[int] = []
    place = ends[-1] if ends else -1
    while place >= 0:
        ascent.append(place)
        place = previous[place]
    return ascent[::-1]
