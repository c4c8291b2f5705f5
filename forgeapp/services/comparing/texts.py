"""Texts compared by line."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from forgeapp.services.comparing.hunks import Hunk, LinesChange, Span, lines_words
from forgeapp.services.comparing.sequences import Gap, common_stretches, gaps


class _Part(NamedTuple):
    """Lines that differ, and the number of the hunk that says so."""

    gap: Gap
    hunk: int


@dataclass(frozen=True, slots=True)
class TextWeave:
    """Two texts as lines, and where they differ."""

    before: Sequence[str]
    after: Sequence[str]
    parts: tuple[_Part, ...]

    def accepted(self, chosen: Container[int]) -> str:
        """The first text with just those hunks taken."""
        pieces: list[str] = []
        done = 0
        for gap, hunk in self.parts:
            if hunk in chosen:
                pieces += self.before[done : gap.old_start]
                pieces += self.after[gap.new_start : gap.new_end]
                done = gap.old_end
        pieces += self.before[done:]
        return "".join(pieces)

    def onto(self, newest: str) -> tuple[str, frozenset[int]]:
        """The newest text with the hunks whose lines stand in it as they did, and the hunks left out."""
        lines = split_lines(newest)
        moved = list(gaps(common_stretches(self.before, lines), len(self.before), len(lines)))
        pieces: list[str] = []
        left_out: set[int] = set()
        done = offset = index = 0
        for gap, hunk in self.parts:
            while index < len(moved) and moved[index].old_end <= gap.old_start:
                if moved[index].old_end == gap.old_start == gap.old_end == moved[index].old_start:
                    break
                offset = moved[index].new_end - moved[index].old_end
                index += 1
            near = _near(moved, index, gap)
            if any(_collide(gap, other) for other in near):
                is_there = any(self._is_same(gap, other, lines) for other in near)
                left_out |= set() if is_there else {hunk}
                continue
            at = gap.old_start + offset
            pieces += lines[done:at]
            pieces += self.after[gap.new_start : gap.new_end]
            done = at + gap.old_end - gap.old_start
        pieces += lines[done:]
        return "".join(_ended(pieces)), frozenset(left_out)

    def _is_same(self, gap: Gap, other: Gap, lines: Sequence[str]) -> bool:
        is_here = (gap.old_start, gap.old_end) == (other.old_start, other.old_end)
        return is_here and self.after[gap.new_start : gap.new_end] == lines[other.new_start : other.new_end]


def weave_texts(before: str, after: str, file: str | None, hunks: list[Hunk]) -> TextWeave:
    """Compares two texts; what differs is put behind `hunks`."""
    old, new = split_lines(before), split_lines(after)
    parts: list[_Part] = []
    for gap in gaps(common_stretches(old, new), len(old), len(new)):
        lines, others = Span(gap.old_start, gap.old_end), Span(gap.new_start, gap.new_end)
        texts = _without_ends("".join(old[lines.start : lines.end]), "".join(new[others.start : others.end]))
        parts.append(_Part(gap, len(hunks)))
        where = lines_words(file, lines if lines.end > lines.start else others)
        hunks.append(Hunk(where, *texts, LinesChange(file, lines, others)))
    return TextWeave(old, new, tuple(parts))


def split_lines(text: str) -> list[str]:
    """Lines with their ends; only '\\n' ends one, as in editors."""
    *ended, rest = text.split("\n")
    return [f"{line}\n" for line in ended] + ([rest] if rest else [])


def _without_ends(before: str, after: str) -> tuple[str, str]:
    if all(len(text) > 1 and text.endswith("\n") for text in (before, after) if text):
        return before.removesuffix("\n"), after.removesuffix("\n")
    return before, after


def _near(moved: Sequence[Gap], index: int, gap: Gap) -> list[Gap]:
    near: list[Gap] = []
    while index < len(moved) and moved[index].old_start <= gap.old_end:
        near.append(moved[index])
        index += 1
    return near


def _collide(gap: Gap, other: Gap) -> bool:
    """Whether both touch the same lines, or put lines in at the same place."""
    if gap.old_start == gap.old_end or other.old_start == other.old_end:
        is_at_one = gap.old_start == gap.old_end == other.old_start == other.old_end
        is_within = gap.old_start < other.old_start < gap.old_end or other.old_start < gap.old_start < other.old_end
        return is_at_one or is_within
    return max(gap.old_start, other.old_start) < min(gap.old_end, other.old_end)


def _ended(lines: Sequence[str]) -> Iterator[str]:
    """Lines joined anew: one that was the last and had no end gets one."""
    for at, line in enumerate(lines):
        yield line if line.endswith("\n") or at == len(lines) - 1 else f"{line}\n"
