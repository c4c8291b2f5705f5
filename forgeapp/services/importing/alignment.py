"""Which row or column of a grid that comes back was which before: by position first, then by what they hold."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from rapidfuzz.distance import Indel

Pairs = list[tuple[int | None, int | None]]
"""Before and after, each counting up; None where one is new or gone."""

_MAX_PRODUCT = 100_000_000
"""Lines before times lines after that are looked through for the longest common sequence: each takes a bit."""
_MAX_LIKENESS = 400_000
"""Fields of lines before times those after that are looked at for which changed line was which."""

Line = tuple[Hashable, ...]


def aligned(before: Sequence[Line], after: Sequence[Line]) -> Pairs:
    """Lines of equal number stay where they are if that keeps as many as they are; else the most is kept in order."""
    found = _by_content(before, after)
    if len(before) == len(after):
        in_place = sum(1 for was, now in zip(before, after, strict=True) if was == now)
        kept = sum(1 for was, now in found if was is not None and now is not None and before[was] == after[now])
        if in_place >= kept:
            return [(place, place) for place in range(len(before))]
    return found


def _by_content(before: Sequence[Line], after: Sequence[Line]) -> Pairs:
    size = min(len(before), len(after))
    head = next((n for n in range(size) if before[n] != after[n]), size)
    tail = next((n for n in range(size - head) if before[-1 - n] != after[-1 - n]), size - head)
    ends = len(before) - tail, len(after) - tail
    pairs: Pairs = [(place, place) for place in range(head)]
    pairs += _middle(before, after, head, ends)
    pairs += [(ends[0] + n, ends[1] + n) for n in range(tail)]
    return pairs


def _middle(before: Sequence[Line], after: Sequence[Line], head: int, ends: tuple[int, int]) -> Pairs:
    old, new = before[head : ends[0]], after[head : ends[1]]
    if not old or not new or len(old) * len(new) > _MAX_PRODUCT:
        return _changed(before, after, range(head, ends[0]), range(head, ends[1]))
    numbers: dict[Line, int] = {}
    coded = [[numbers.setdefault(line, len(numbers)) for line in lines] for lines in (old, new)]
    pairs: Pairs = []
    gone, come = head, head
    for code in Indel.opcodes(*coded):
        if code.tag != "equal":
            continue
        start = head + code.src_start, head + code.dest_start
        pairs += _changed(before, after, range(gone, start[0]), range(come, start[1]))
        length = code.src_end - code.src_start
        pairs += [(start[0] + n, start[1] + n) for n in range(length)]
        gone, come = start[0] + length, start[1] + length
    return pairs + _changed(before, after, range(gone, ends[0]), range(come, ends[1]))


def _changed(before: Sequence[Line], after: Sequence[Line], gone: range, come: range) -> Pairs:
    """Changed lines: one for one where they are as many, else those most alike, in order."""
    if len(gone) == len(come) or not gone or not come:
        return [*zip(gone, come, strict=False), *_rest(gone, come)]
    width = max(len(before[gone[0]]), 1)
    if len(gone) * len(come) * width > _MAX_LIKENESS:
        return [*zip(gone, come, strict=False), *_rest(gone, come)]
    best = [[0] * (len(come) + 1) for _ in range(len(gone) + 1)]
    for i in reversed(range(len(gone))):
        for j in reversed(range(len(come))):
            alike = _likeness(before[gone[i]], after[come[j]])
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + alike if alike else 0)
    pairs: Pairs = []
    i = j = 0
    while i < len(gone) and j < len(come):
        if best[i][j] == best[i + 1][j]:
            pairs.append((gone[i], None))
            i += 1
        elif best[i][j] == best[i][j + 1]:
            pairs.append((None, come[j]))
            j += 1
        else:
            pairs.append((gone[i], come[j]))
            i, j = i + 1, j + 1
    return [*pairs, *((was, None) for was in gone[i:]), *((None, now) for now in come[j:])]


def _rest(gone: range, come: range) -> Pairs:
    size = min(len(gone), len(come))
    return [*((was, None) for was in gone[size:]), *((None, now) for now in come[size:])]


def _likeness(before: Line, after: Line) -> int:
    """How many fields are as they were, blank ones aside."""
    return sum(1 for was, now in zip(before, after, strict=False) if was == now and was not in (None, ""))
