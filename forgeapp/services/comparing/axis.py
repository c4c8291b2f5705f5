"""The rows, or the columns, of two grids woven into one: what both have, what only the one has, what only the other.

Of what only one has, the base's come first. Lines that both have may stand in another order; that is one hunk.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from forgeapp.services.comparing.order import is_in_order
from forgeapp.services.comparing.sequences import Stretch

UNNUMBERED = -1
"""Of a hunk that has not been told yet."""


class Everything(Container[int]):
    """Every hunk there is."""

    def __contains__(self, hunk: object) -> bool:
        return hunk is not None


@dataclass(frozen=True, slots=True)
class AllBut(Container[int]):
    """Every hunk but these."""

    hunks: frozenset[int]

    def __contains__(self, hunk: object) -> bool:
        return hunk is not None and hunk not in self.hunks


class Run(NamedTuple):
    """`length` lines that begin at `base` in the one and at `after` in the other; None where they are not.

    `hunk`: the change that puts them in or takes them out; None for what stays whatever is chosen.
    """

    base: int | None
    after: int | None
    length: int
    hunk: int | None = None

    @property
    def is_of_both(self) -> bool:
        return self.base is not None and self.after is not None

    def stays(self, chosen: Container[int]) -> bool:
        if self.hunk is None:
            return True
        return (self.hunk in chosen) is (self.base is None)


@dataclass(frozen=True, slots=True)
class Axis:
    """Runs, and how many lines the base has and the other.

    `order_hunk`: the one that puts the lines in the other's order, in which the runs are then; None where they stand
    in the same order.
    """

    runs: tuple[Run, ...]
    base_count: int
    after_count: int
    order_hunk: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether each line of the one is a line of the other."""
        shared = sum(run.length for run in self.runs if run.is_of_both)
        return shared == self.base_count == self.after_count

    def is_still(self, chosen: Container[int]) -> bool:
        """Whether each line stands where it stood when these hunks are taken."""
        return self.is_whole and self.order_hunk not in chosen

    def numbered(self, hunks: Iterable[int]) -> Axis:
        """With the hunks of what came or went, in its order."""
        numbers = iter(hunks)
        runs = (run if run.hunk is None else run._replace(hunk=next(numbers)) for run in self.runs)
        return replace(self, runs=tuple(runs))

    def arranged(self, chosen: Container[int]) -> tuple[Run, ...]:
        """The runs as they stand when these hunks are taken, also those that do not stay."""
        is_own = self.order_hunk is None or self.order_hunk in chosen
        return self.runs if is_own else arranged(self.runs, by_base=True)

    def size(self, chosen: Container[int]) -> int:
        return sum(run.length for run in self.runs if run.stays(chosen))

    def pairs(self) -> list[tuple[int, int]]:
        """What both have, line by line."""
        return [
            (run.base + line, run.after + line)
            for run in self.runs
            if run.base is not None and run.after is not None
            for line in range(run.length)
        ]

    def standing(self, chosen: Container[int], of_base: bool) -> list[int]:
        """Where each line of the base, or of the other, stands when these hunks are taken; -1 where it does not."""
        return self._standing(self.arranged(chosen), chosen, of_base)

    def shifts(self, chosen: Container[int], of_base: bool) -> list[int] | None:
        """How far each line of the base, or of the other, is moved by the order alone; None where none is."""
        if self.order_hunk is None or (self.order_hunk in chosen) is not of_base:
            return None
        moved, still = (self._standing(arranged(self.runs, by), chosen, of_base) for by in (not of_base, of_base))
        return [to - at for at, to in zip(still, moved, strict=True)]

    def _standing(self, runs: Iterable[Run], chosen: Container[int], of_base: bool) -> list[int]:
        found: list[int] = [-1] * (self.base_count if of_base else self.after_count)
        place = 0
        for run in runs:
            own, stays = (run.base if of_base else run.after), run.stays(chosen)
            if own is not None and stays:
                found[own : own + run.length] = range(place, place + run.length)
            place += run.length if stays else 0
        return found

    def places(self, chosen: Container[int], of_base: bool) -> Places:
        """Where the lines of the base, or of the other, stand when these hunks are taken, the order left as it is.

        A line that went where another came stands for that one. What lies beyond the last line moves with the last one
        both have: what is appended fills blank lines, it does not push them away.
        """
        parts: list[tuple[int, int, int]] = []
        place = beyond = 0
        runs = arranged(self.runs, by_base=True) if of_base and self.order_hunk is not None else self.runs
        for index, run in enumerate(runs):
            own, stays = (run.base if of_base else run.after), run.stays(chosen)
            if own is not None:
                other = _in_its_place(runs, index, chosen, place, of_base)
                if stays:
                    parts.append((own, run.length, place))
                elif other is not None:
                    parts.append((own, min(run.length, other[1]), other[0]))
            if run.is_of_both and own is not None:
                beyond = place - own
            place += run.length if stays else 0
        return Places(parts, self.base_count if of_base else self.after_count, beyond)


def _in_its_place(
    runs: Sequence[Run], index: int, chosen: Container[int], place: int, of_base: bool
) -> tuple[int, int] | None:
    """Where what replaces the run at `index`, which does not stay, stands, and how long it is."""
    if of_base:
        following = runs[index + 1] if index + 1 < len(runs) else None
        if following is not None and following.base is None and following.stays(chosen):
            return place, following.length
    else:
        replaced = runs[index - 1] if index else None
        if replaced is not None and replaced.after is None and replaced.hunk is not None and replaced.stays(chosen):
            return place - replaced.length, replaced.length
    return None


class Places:
    """Where lines stand afterwards. `parts`: (first line, count, place) ascending; lines from `count` on lie beyond the
    last one."""

    def __init__(self, parts: Sequence[tuple[int, int, int]], count: int, beyond: int) -> None:
        self._parts = [part for part in parts if part[1]]
        self._starts = [part[0] for part in self._parts]
        self._count = count
        self._beyond = beyond
        moved = [start for start, _, place in self._parts if start != place]
        kept = sum(part[1] for part in self._parts)
        lost = [] if kept == count else [self._first_lost()]
        self.first_moved = min((*moved, *lost, *([count] if beyond else [])), default=None)
        """From where on lines stand elsewhere, or are gone; None where all stay."""

    def _first_lost(self) -> int:
        line = 0
        for start, count, _ in self._parts:
            if start > line:
                break
            line = start + count
        return line

    def at(self, line: int) -> int | None:
        """Where a line stands; None where it is gone."""
        if line >= self._count:
            return line + self._beyond
        index = bisect_right(self._starts, line) - 1
        if index < 0:
            return None
        start, count, place = self._parts[index]
        return place + line - start if line < start + count else None

    def span(self, first: int, last: int) -> tuple[int, int] | None:
        """The first and the last of those that are left of `first` to `last`; None where none is."""
        low = self.at(first)
        if low is None:
            index = bisect_right(self._starts, first)
            following = self._starts[index] if index < len(self._parts) else self._count
            low = self.at(following) if following <= last else None
        high = self.at(last)
        if high is None:
            index = bisect_right(self._starts, last) - 1
            if index >= 0:
                start, count, place = self._parts[index]
                high = place + count - 1 if start + count > first else None
        return None if low is None or high is None else (low, high)


def axis_of(stretches: Iterable[Stretch], base_count: int, after_count: int) -> Axis:
    """The axis of two grids that have these lines in common, in whichever order; nothing has its hunk's number yet."""
    runs = [Run(*stretch) for stretch in stretches if stretch.length]
    kept = sorted((run.base, run.length) for run in runs if run.base is not None)
    runs += [Run(at, None, count, UNNUMBERED) for at, count in _between(kept, base_count)]
    kept = sorted((run.after, run.length) for run in runs if run.after is not None)
    runs += [Run(None, to, count, UNNUMBERED) for to, count in _between(kept, after_count)]
    made = arranged(runs, by_base=False)
    return Axis(made, base_count, after_count, UNNUMBERED if _is_reordered(made) else None)


def _between(kept: Iterable[tuple[int, int]], count: int) -> Iterator[tuple[int, int]]:
    done = 0
    for start, length in (*kept, (count, 0)):
        if start > done:
            yield done, start - done
        done = start + length


def arranged(runs: Iterable[Run], by_base: bool) -> tuple[Run, ...]:
    """What both have in the order of the base, or of the other; the rest each behind what it follows in its own."""
    behind: dict[int | None, list[Run]] = {}
    every = list(runs)
    for key in (_base, _after):
        last = None
        for run in sorted((run for run in every if key(run) >= 0), key=key):
            if run.is_of_both:
                last = run.base
            else:
                behind.setdefault(last, []).append(run)
    made = behind.get(None, [])
    for run in sorted((run for run in every if run.is_of_both), key=_base if by_base else _after):
        made += run, *behind.get(run.base, ())
    return tuple(made)


def _base(run: Run) -> int:
    return -1 if run.base is None else run.base


def _after(run: Run) -> int:
    return -1 if run.after is None else run.after


def _is_reordered(runs: Iterable[Run]) -> bool:
    return not is_in_order([run.base for run in runs if run.base is not None and run.after is not None])


def rebased(axis: Axis, moved: Axis, is_same: Callable[[Run, Run], bool]) -> tuple[Axis, frozenset[int]]:
    """The axis from the newest grid on, and the hunks that have no place there.

    `axis` leads from the base to the other, `moved` from the base to the newest. Lines cannot be put in where lines
    were put in or both neighbours taken out, nor taken out where only some are left or others were put in between.
    Behind the last line there is room for both, and lines that both put there, which `is_same` tells, stand there once.
    The newest order stays where both have another one.
    """
    ours, theirs = _Pieces(axis), _Pieces(moved)
    runs: list[Run] = []
    collided: set[int] = set()
    left: dict[int, int] = {}
    cuts = sorted({*ours.cuts, *theirs.cuts, axis.base_count})
    for start, end in pairwise((*cuts, axis.base_count)):
        new = theirs.put_in.get(start)
        put = ours.put_in.get(start)
        if new is not None:
            runs.append(Run(new.after, None, new.length))
            hunk = ours.deletes_around(start)
            collided |= set() if hunk is None else {hunk}
        if put is not None and not (new is not None and is_same(new, put)):
            runs.append(put)
            assert put.hunk is not None
            if (new is not None and start < axis.base_count) or theirs.deletes_around(start) is not None:
                collided.add(put.hunk)
        if start == end:
            continue
        own, other = ours.holding(start), theirs.holding(start)
        newest = _within(other, start)
        if newest is not None:
            runs.append(Run(newest, _within(own, start), end - start, own.hunk))
            if own.hunk is not None:
                left[own.hunk] = left.get(own.hunk, 0) + end - start
    for run in axis.runs:
        if run.after is None and run.hunk is not None and 0 < left.get(run.hunk, 0) < run.length:
            collided.add(run.hunk)
    if moved.order_hunk is not None:
        # What both have is now in the newest order.
        made = arranged(runs, by_base=True)
        order_hunk = None
        if axis.order_hunk is not None and _is_reordered(arranged(runs, by_base=False)):
            collided.add(axis.order_hunk)
    else:
        order_hunk = axis.order_hunk
        made = tuple(runs) if order_hunk is None else arranged(runs, by_base=False)
    return Axis(made, moved.after_count, axis.after_count, order_hunk), frozenset(collided)


def _within(run: Run, line: int) -> int | None:
    """Where a line of the base, which `run` holds, stands in the other."""
    if run.after is None or run.base is None:
        return None
    return run.after + line - run.base


class _Pieces:
    """An axis by the lines of its base: `cuts` where runs begin, `put_in` by the line before which they come."""

    def __init__(self, axis: Axis) -> None:
        runs = axis.runs if axis.order_hunk is None else arranged(axis.runs, by_base=True)
        self._runs = [run for run in runs if run.base is not None]
        self._starts = [run.base for run in self._runs if run.base is not None]
        self.put_in: dict[int, Run] = {}
        line = 0
        for run in runs:
            if run.base is None:
                self.put_in[line] = run
            else:
                line = run.base + run.length
        self.cuts = {*self._starts, *self.put_in}

    def holding(self, line: int) -> Run:
        return self._runs[bisect_right(self._starts, line) - 1]

    def deletes_around(self, line: int) -> int | None:
        """The hunk that takes out what is before and behind the beginning of a line."""
        index = bisect_right(self._starts, line) - 1
        if index < 0:
            return None
        run = self._runs[index]
        assert run.base is not None
        is_within = run.after is None and run.base < line < run.base + run.length
        return run.hunk if is_within else None
