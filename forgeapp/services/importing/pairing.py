"""Which things before became which things after: the same ones first, then those most alike between them."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from rapidfuzz.fuzz import ratio

from forgeapp.services.comparing.sequences import Gap, common_stretches, gaps

LIKE = 50.0
"""From how many hundredths of common text on two things are taken for one that changed."""
MAX_PAIRS = 2_500
MAX_COMPARED_CHARS = 2_000

Pair = tuple[int | None, int | None]


def paired(
    old: Sequence[Hashable], new: Sequence[Hashable], old_words: Sequence[str], new_words: Sequence[str]
) -> Iterator[Pair]:
    """Places before and after, in order; None beside what is only in one of the two. The words tell how alike."""
    stretches = common_stretches(old, new)
    at = to = 0
    waiting = list(gaps(stretches, len(old), len(new)))
    for stretch in (*stretches, None):
        while waiting and (stretch is None or waiting[0].new_start < stretch.new or waiting[0].old_start < stretch.old):
            yield from _in_gap(waiting.pop(0), old_words, new_words)
        if stretch is not None:
            for step in range(stretch.length):
                at, to = stretch.old + step, stretch.new + step
                yield at, to


def _in_gap(gap: Gap, old_words: Sequence[str], new_words: Sequence[str]) -> Iterator[Pair]:
    old, new = range(gap.old_start, gap.old_end), range(gap.new_start, gap.new_end)
    if len(old) * len(new) > MAX_PAIRS:
        matches = list(zip(old, new, strict=False)) if len(old) == len(new) else []
    else:
        matches = _best(old, new, old_words, new_words)
    at, to = gap.old_start, gap.new_start
    for before, after in (*matches, (gap.old_end, gap.new_end)):
        yield from ((place, None) for place in range(at, before))
        yield from ((None, place) for place in range(to, after))
        if before < gap.old_end and after < gap.new_end:
            yield before, after
        at, to = before + 1, after + 1


def _best(old: range, new: range, old_words: Sequence[str], new_words: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs in order whose likeness is most in all."""
    alike = [[likeness(old_words[a], new_words[b]) for b in new] for a in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for a in range(len(old) - 1, -1, -1):
        for b in range(len(new) - 1, -1, -1):
            best[a][b] = max(best[a + 1][b], best[a][b + 1], alike[a][b] + best[a + 1][b + 1])
    found: list[tuple[int, int]] = []
    a = b = 0
    while a < len(old) and b < len(new):
        if alike[a][b] and best[a][b] == alike[a][b] + best[a + 1][b + 1]:
            found.append((old[a], new[b]))
            a, b = a + 1, b + 1
        elif best[a][b] == best[a + 1][b]:
            a += 1
        else:
            b += 1
    return found


def likeness(before: str, after: str) -> float:
    """In hundredths; 0 for what has too little in common to be one thing that changed."""
    found = ratio(before[:MAX_COMPARED_CHARS], after[:MAX_COMPARED_CHARS])
    return found if found >= LIKE else 0.0
