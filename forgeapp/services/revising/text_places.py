"""Where in a text stands what a model says stands there, and what goes in its place.

Looked for exactly; else with signs that models like to swap (quotes, dashes, blanks) taken for each other; else without
blanks at the ends of lines; else without indentation, which the replacement is then given; else by likeness of lines.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

MIN_LIKENESS = 90.0
_MAX_PLACES = 1_000
_MAX_CANDIDATES = 12
_MAX_SEARCHED_LINES = 2_000
_MAX_COMPARED = 100_000_000
_FOLDED = str.maketrans(
    "\u2018\u2019\u201a\u201b\u2032`\u201c\u201d\u201e\u201f\u2033\u2010\u2011\u2012\u2013\u2014\u2212\u00a0\u202f\u2009\t",
    "''''''\"\"\"\"\"------" + "    ",
)
_WORD = re.compile(r"[0-9A-Za-z_]")


@dataclass(frozen=True, slots=True)
class Place:
    """The text from `start` up to `end` is to become `replacement`."""

    start: int
    end: int
    replacement: str


class Patience:
    """How much more may be looked through line by line and by likeness, in characters, before a search gives up."""

    def __init__(self, chars: int = 40_000_000) -> None:
        self._chars = chars

    def allows(self, chars: int) -> bool:
        self._chars -= chars
        return self._chars >= 0


class Searched:
    """A text and what is made of it to be searched through, once."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def folded(self) -> str:
        """The same with one sign for all that are taken for each other; as long as the text."""
        return self.text.translate(_FOLDED)

    @cached_property
    def lines(self) -> _Lines:
        return _Lines(self.text, self.folded)

    @cached_property
    def words(self) -> _Words:
        return _Words(self.folded)


def places(searched: Searched, search: str, replacement: str, patience: Patience) -> list[Place]:
    """Every place that is meant in the best way in which any is; [] where there is none. At most 1,000."""
    if not search.strip():
        return []
    text = searched.text
    found = _exact(text, search, replacement)
    if found:
        return found
    search, replacement = _without_blank_edges(search, replacement)
    found = _exact(text, search, replacement)
    if found or not patience.allows(len(text)):
        return found
    wanted = search.translate(_FOLDED)
    lines = searched.lines
    sought = wanted.split("\n")
    found = (
        _exact(searched.folded, wanted, replacement)
        or _by_lines(lines, [line.rstrip() for line in sought], lines.ends_trimmed, replacement, None)
        or _by_lines(lines, [line.strip() for line in sought], lines.bare, replacement, search)
        or _reflowed(searched.words, wanted, replacement)
        or _alike(lines, wanted, replacement, search, patience)
    )
    return [replace(place, replacement=_in_its_signs(place, text)) for place in found]


def _in_its_signs(place: Place, text: str) -> str:
    """The replacement with the quotes, dashes and blanks of what it replaces, where it leaves that as it was."""
    there, new = text[place.start : place.end], place.replacement
    folded, wanted = there.translate(_FOLDED), new.translate(_FOLDED)
    if folded == there or len(there) * len(new) > _MAX_COMPARED:
        return new
    from rapidfuzz.distance import Indel

    return "".join(
        there[code.src_start : code.src_end] if code.tag == "equal" else new[code.dest_start : code.dest_end]
        for code in Indel.opcodes(folded, wanted)
    )


def _without_blank_edges(search: str, replacement: str) -> tuple[str, str]:
    """Without the blank lines both begin or end with."""
    before, after = search.split("\n"), replacement.split("\n")
    while len(before) > 1 and not before[0].strip() and after and not after[0].strip():
        del before[0], after[0]
    while len(before) > 1 and not before[-1].strip() and after and not after[-1].strip():
        del before[-1], after[-1]
    return "\n".join(before), "\n".join(after)


def _exact(text: str, search: str, replacement: str) -> list[Place]:
    """Whole lines win over parts of lines, and those are whole words."""
    whole: list[Place] = []
    parts: list[Place] = []
    at = text.find(search)
    while at >= 0 and len(whole) + len(parts) < _MAX_PLACES:
        end = at + len(search)
        if (at == 0 or text[at - 1] == "\n") and (end == len(text) or text[end] == "\n"):
            whole.append(_of_lines(text, at, end, replacement))
        elif not _splits_word(text, at) and not _splits_word(text, end):
            parts.append(Place(at, end, replacement))
        at = text.find(search, at + 1)
    return whole or parts


def _splits_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and bool(_WORD.match(text[at - 1]) and _WORD.match(text[at]))


def _of_lines(text: str, start: int, end: int, replacement: str) -> Place:
    """Whole lines; nothing in their place takes the line's end with it."""
    if not replacement:
        if end < len(text):
            end += 1
        elif start:
            start -= 1
    return Place(start, end, replacement)


class _Lines:
    """The lines of a text, their beginnings, and what they are compared by."""

    def __init__(self, text: str, folded: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        folded_lines = folded.split("\n")
        self.ends_trimmed = [line.rstrip() for line in folded_lines]
        self.bare = [line.strip() for line in folded_lines]
        self.starts: list[int] = []
        at = 0
        for line in self.lines:
            self.starts.append(at)
            at += len(line) + 1

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(self.bare)

    @cached_property
    def where(self) -> dict[str, list[int]]:
        """Where lines stand that say something, the first fifty places of each."""
        where: dict[str, list[int]] = {}
        for number, line in enumerate(self.bare):
            if len(line) > 3 and len(where.setdefault(line, [])) < 50:
                where[line].append(number)
        return where

    def __len__(self) -> int:
        return len(self.lines)

    def place(self, first: int, count: int, replacement: str) -> Place:
        last = first + count - 1
        return _of_lines(self.text, self.starts[first], self.starts[last] + len(self.lines[last]), replacement)


def _by_lines(
    lines: _Lines, sought: Sequence[str], compared: Sequence[str], replacement: str, indented: str | None
) -> list[Place]:
    """Where the lines sought stand one behind the other; `indented`: what was sought, to give its indentation back."""
    found: list[Place] = []
    for first in _runs(compared, sought):
        text = replacement
        if indented is not None:
            text = _reindented(replacement, indented.split("\n"), lines.lines[first : first + len(sought)])
        found.append(lines.place(first, len(sought), text))
        if len(found) >= _MAX_PLACES:
            break
    return found


def _runs(lines: Sequence[str], sought: Sequence[str]) -> Iterator[int]:
    """Linear: numbers stand for lines, and are looked for as one text."""
    numbers: dict[str, int] = {}
    codes = [numbers.setdefault(line, len(numbers)) for line in sought]
    if len(numbers) > _MAX_SEARCHED_LINES:
        return
    needle = "".join(chr(code + 1) for code in codes)
    haystack = "".join(chr(numbers[line] + 1) if line in numbers else "\x00" for line in lines)
    at = haystack.find(needle)
    while at >= 0:
        yield at
        at = haystack.find(needle, at + 1)


def _reindented(replacement: str, sought: Sequence[str], there: Sequence[str]) -> str:
    """The replacement with the indentation that stands there, as that sought became it."""
    became: dict[str, str] = {}
    for line, real in zip(sought, there, strict=False):
        if line.strip():
            became.setdefault(_indent(line), _indent(real))
    if not became or all(before == after for before, after in became.items()):
        return replacement
    known = sorted(became, key=len, reverse=True)
    lines = []
    for line in replacement.split("\n"):
        own = _indent(line)
        if not line.strip():
            lines.append(line)
            continue
        base = next((indent for indent in known if own.startswith(indent)), None)
        if base is not None:
            lines.append(became[base] + own[len(base) :] + line[len(own) :])
            continue
        # Less than anything sought: as much less than what stands there.
        least = known[-1]
        there_least = became[least]
        lines.append(there_least[: max(len(there_least) - (len(least) - len(own)), 0)] + line[len(own) :])
    return "\n".join(lines)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


class _Words:
    """A text with one blank between any two words, and where its signs stood."""

    def __init__(self, text: str) -> None:
        pieces: list[str] = []
        self._joined_starts: list[int] = []
        self._starts: list[int] = []
        length = 0
        for match in re.finditer(r"\S+", text):
            self._joined_starts.append(length)
            self._starts.append(match.start())
            pieces.append(match[0])
            length += len(match[0]) + 1
        self.joined = " ".join(pieces)

    def origin(self, at: int) -> int:
        """Where the sign stood that is at `at` now."""
        word = bisect_right(self._joined_starts, at) - 1
        return self._starts[word] + at - self._joined_starts[word]


def _reflowed(words: _Words, wanted: str, replacement: str) -> list[Place]:
    """Words in their order, however the lines between them are broken."""
    sought = " ".join(wanted.split())
    if " " not in sought:
        return []
    found: list[Place] = []
    at = words.joined.find(sought)
    while at >= 0 and len(found) < _MAX_PLACES:
        end = at + len(sought)
        if not _splits_word(words.joined, at) and not _splits_word(words.joined, end):
            found.append(Place(words.origin(at), words.origin(end - 1) + 1, replacement.strip()))
        at = words.joined.find(sought, at + 1)
    return found


def _alike(lines: _Lines, wanted: str, replacement: str, search: str, patience: Patience) -> list[Place]:
    """The lines most like those sought, if they are very much so and no others are as much."""
    from rapidfuzz import fuzz, process

    sought = [line.strip() for line in wanted.split("\n")]
    if len(sought) > _MAX_SEARCHED_LINES or len(sought) > 2 * len(lines):
        return []
    votes: Counter[int] = Counter()
    for offset, line in enumerate(sought):
        for number in lines.where.get(line, ()):
            votes[number - offset] += 100 // lines.counts[line] + 1
    if not votes or max(votes.values()) < 100:
        offset, longest = max(enumerate(sought), key=lambda pair: len(pair[1]))
        if len(longest) < 8 or not patience.allows(sum(map(len, lines.bare))):
            return []
        near = process.extract(longest, lines.bare, scorer=fuzz.ratio, limit=_MAX_CANDIDATES, score_cutoff=80)
        votes.update({number - offset: 1 for _, _, number in near})
    best: list[tuple[float, int, int]] = []
    target = "\n".join(sought)
    for first, _ in votes.most_common(_MAX_CANDIDATES):
        for count in {len(sought), len(sought) - 1, len(sought) + 1}:
            if first < 0 or count < 1 or first + count > len(lines) or not patience.allows(len(target)):
                continue
            score = fuzz.ratio(target, "\n".join(lines.bare[first : first + count]), score_cutoff=MIN_LIKENESS)
            if score:
                best.append((score, first, count))
    if not best:
        return []
    best.sort(key=lambda entry: (-entry[0], abs(entry[2] - len(sought))))
    score, first, count = best[0]
    rivals = [entry for entry in best[1:] if entry[0] >= score - 1 and abs(entry[1] - first) >= count]
    if rivals:
        return []
    there = lines.lines[first : first + count]
    return [lines.place(first, count, _reindented(replacement, search.split("\n"), there))]
