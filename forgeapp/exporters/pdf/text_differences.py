"""The words of a PDF compared with those it was to hold: each unit in its place, and nothing left over."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

from forgeapp.domain.document import plain_text
from forgeapp.domain.publication import Publication
from forgeapp.exporters.fonts import coverage, fallback_font, text_font
from forgeapp.exporters.front import listed_headings
from forgeapp.exporters.front_words import contents_heading
from forgeapp.exporters.language import told_language
from forgeapp.exporters.pdf.characters import AS_EMOJI, JOINERS, NEEDS_SHAPING, RUNS_BACKWARDS, SUBSTITUTE, flowing
from forgeapp.exporters.pdf.front import Cover
from forgeapp.exporters.pdf.reading import Found
from forgeapp.exporters.pdf.units import Unit, body_and_notes

_MOST = 12
"""Where one block is missing many may seem to; so many are named."""
SHOWN_CHARS = 60
_BEGINNINGS, _PLACES = (8, 3, 1), 20
_READ_AS_ONE = 0.01
"""The share of shaped letters that pdfium may lose: it takes two equal ones drawn very close for one."""
_SHORT, _SLACK = 12, 24
_SAME_LINE = 5.0
"""Points between two baselines; a mark of a footnote is raised by less."""


def text_differences(publication: Publication, found: Found, cover: Cover | None) -> list[str]:
    """Every unit must stand in the file, in order; then nothing may be left over.

    What pdfium may give back in another order, shaped scripts and all that stands on a line with text from right to
    left, is counted by its letters.
    """
    texts, feet = [compact(text) for text in found.texts], [compact(text) for text in found.notes]
    shown = _Shown("".join((*texts, *feet)))
    body, notes = body_and_notes(publication)
    result: list[str] = []
    turned: list[Unit] = []
    headers = _repeated_headers(body, shown)
    mixed = _mixed_lines([*found.texts, *found.notes])
    pages = _Pages(texts, found.letters)
    texts = _without([*_front_units(publication, found, cover), *body], pages, headers, mixed, shown, result, turned)
    feet = _without(notes, _Pages(feet), headers, mixed, shown, result, turned)
    left_over: Counter[str] = Counter()
    # One for each page, though not always its own: what was taken for the header itself may be one that is repeated.
    may_repeat = len(texts)
    for text in texts:
        # Where letters are counted only for what is lacking, there may as well be more of them.
        while may_repeat and not turned and (repeated := next(filter(text.startswith, headers.values()), "")):
            text = text.removeprefix(repeated)
            may_repeat -= 1
        left_over += _letters(text)
    left_over += _letters("".join(feet))
    wanted = _letters("".join(shown(unit.text) for unit in turned))
    lacking, more = wanted - left_over, left_over - wanted
    if lacking.total() > wanted.total() * _READ_AS_ONE:
        first = next((unit for unit in turned if set(shown(unit.text)) & lacking.keys()), turned[0])
        result.append(f"characters are missing ({_counted(lacking)}), it seems in {first.name} '{short(first.text)}'")
    elif not turned and not result and more:
        result.append(f"there is text that is not in the document ({_counted(more)})")
    return result


def _without(
    units: Sequence[Unit],
    pages: _Pages,
    headers: Mapping[str, str],
    mixed: Sequence[Counter[str]],
    shown: _Shown,
    result: list[str],
    turned: list[Unit],
) -> list[str]:
    """Walks through the pages and gives what is left of them; units that may be turned round are only gathered.

    Only so much other text may stand before a short unit, with more it is a later one that reads alike: _SLACK, and
    on each page up to it one of the `headers`. `mixed`: the letters of lines with such that run from right to left.
    """
    header_chars = max(map(len, headers.values()), default=0)
    slack = _SLACK + header_chars
    taken: list[tuple[int, int]] = []
    position = 0
    # What was turned, and what went on overleaf, may stand before what comes next.
    between = furthest = 0
    for unit in units:
        if _is_turned(unit):
            turned.append(unit)
            between += 2 * len(unit.text) + slack
            continue
        wanted = shown(unit.text)
        if not wanted:
            continue
        position = 0 if unit.starts_anew else position
        header = "" if not unit.below or _turns(unit.below) else headers[unit.below]
        at = pages.find(wanted, position, header)
        since = max(position, furthest)
        if (
            at - since > slack + between + pages.ends_between(since, at) * header_chars
            and len(wanted) < _SHORT
            and not unit.starts_anew
        ):
            at = -1
        if at >= 0:
            taken += pages.headers(header, position, at)
            if unit.lines and not pages.has_line_ends(at, [len(shown(line)) for line in unit.lines]):
                result.append(f"a line of {unit.name} '{short(unit.text)}' does not end where it should")
            position = at + len(wanted)
            taken.append((at, position))
            between = max(between - (at - since), 0)
            continue
        parts = _divided(wanted, pages, position, header) if unit.can_divide else []
        if parts:
            taken += parts
            position, furthest = parts[0][1], parts[-1][1]
        elif any(_letters(wanted) <= letters for letters in mixed):
            # Where cells are narrow pdfium takes the lines of several rows for one.
            turned.append(unit)
            between += 2 * len(unit.text) + slack
        else:
            result.append(f"{unit.name} '{short(unit.text)}' is missing or changed")
            if len(result) >= _MOST:
                # Each that is missing is looked for in all that follows.
                break
    return pages.without(taken)


class _Pages:
    """The text of all pages, one after another."""

    def __init__(self, texts: Sequence[str], letters: Sequence[Sequence[tuple[str, float]]] = ()) -> None:
        """`letters` of the pages with the heights of their baselines, where lines are to be told apart."""
        self.text = "".join(texts)
        self._ends = list(accumulate(map(len, texts)))
        self._starts = [0, *self._ends[:-1]]
        self._heights: list[float | None] = []
        for text, page in zip(texts, letters, strict=False):
            known = [(part, height) for letter, height in page for part in compact(letter)]
            is_same = "".join(part for part, _ in known[: len(text)]) == text
            self._heights += [height for _, height in known[: len(text)]] if is_same else [None] * len(text)

    def has_line_ends(self, at: int, lengths: Sequence[int]) -> bool:
        """Whether lines of so many letters, from `at` on, stand below one another; also where that is not known."""
        ends = {end for end in accumulate(lengths) if 0 < end < sum(lengths)}
        for end in ends:
            pair = self._heights[at + end - 1 : at + end + 1]
            if len(pair) == 2 and pair[0] is not None and pair[1] is not None and abs(pair[0] - pair[1]) < _SAME_LINE:
                return False
        return True

    def end_after(self, at: int) -> int:
        """Of the page on which what ends here stands."""
        return self._ends[bisect_left(self._ends, at)]

    def ends_between(self, since: int, at: int) -> int:
        return max(bisect_left(self._ends, at) - bisect_left(self._ends, since), 0)

    def find(self, wanted: str, position: int, header: str) -> int:
        """Where it stands, -1 if nowhere; in no `header` that stands on a page again, but where it is not elsewhere."""
        first = at = self.text.find(wanted, position)
        while header and at >= 0:
            start = self._starts[bisect_right(self._starts, at) - 1]
            if start < position or at >= start + len(header) or not self.text.startswith(header, start):
                return at
            at = self.text.find(wanted, start + len(header))
        return at if at >= 0 else first

    def headers(self, header: str, since: int, until: int) -> list[tuple[int, int]]:
        """Where it stands again, at the beginning of pages."""
        if not header:
            return []
        starts = self._starts[bisect_left(self._starts, since) : bisect_right(self._starts, until)]
        ends = ((start, start + len(header)) for start in starts)
        return [(start, end) for start, end in ends if end <= until and self.text.startswith(header, start)]

    def without(self, taken: Sequence[tuple[int, int]]) -> list[str]:
        left = list(self.text)
        for start, end in taken:
            left[start:end] = [""] * (end - start)
        return ["".join(left[start:end]) for start, end in zip(self._starts, self._ends, strict=True)]


def _mixed_lines(texts: Iterable[str]) -> list[Counter[str]]:
    lines = (line for text in texts if RUNS_BACKWARDS.search(text) for line in text.splitlines())
    return [_letters(compact(line)) for line in lines if RUNS_BACKWARDS.search(line) and len(line.split()) > 1]


def _repeated_headers(units: Sequence[Unit], shown: _Shown) -> dict[str, str]:
    """What pages after a table's first may begin with, as it should be found; the longest first."""
    headers = {unit.below: shown(unit.below) for unit in units if unit.below}
    return dict(sorted(headers.items(), key=lambda header: len(header[1]), reverse=True))


def _counted(letters: Counter[str]) -> str:
    return ", ".join(f"'{character}' {count}x" for character, count in letters.most_common(5))


def _letters(text: str) -> Counter[str]:
    """Letters and digits; pdfium turns brackets round, and leaves out marks drawn over one another."""
    return Counter(character for character in text if character.isalnum())


def _divided(wanted: str, pages: _Pages, position: int, header: str) -> list[tuple[int, int]]:
    """Where the text stands in parts, each but the first on a page after that of the part before; [] if it does not.

    With the `header` above each of them.
    """
    parts: list[tuple[int, int]] = []
    while wanted:
        start, length = _longest_start(wanted, pages.text, position)
        if not length:
            return []
        parts.append((start, start + length))
        wanted = wanted[length:]
        position = pages.end_after(start + length)
        if wanted and header and pages.text.startswith(header, position):
            parts.append((position, position + len(header)))
            position += len(header)
    return parts


def _longest_start(wanted: str, text: str, position: int) -> tuple[int, int]:
    """Where the longest beginning of `wanted` stands among the first places that begin like it, and its length."""
    best = (0, 0)
    for count in _BEGINNINGS:
        start = wanted[:count]
        at = text.find(start, position)
        for _ in range(_PLACES):
            if at < 0:
                break
            length = _common_length(wanted, text[at : at + len(wanted)])
            if length > best[1]:
                best = (at, length)
            at = text.find(start, at + 1)
        if best[1]:
            break
    return best


def _common_length(one: str, other: str) -> int:
    for index, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return index
    return min(len(one), len(other))


def _front_units(publication: Publication, found: Found, cover: Cover | None) -> Iterator[Unit]:
    """The cover, and the contents with the pages that the outline leads to."""
    if cover:
        for name, text in (("title", cover.title), ("subject", cover.subject), ("author", cover.author)):
            yield Unit(f"the {name} on the cover", text, True)
        yield Unit("the date on the cover", cover.date, True)
    if publication.options.contents:
        entries = listed_headings(publication.blocks)
        if entries:
            yield Unit("the heading of the contents", contents_heading(told_language(publication)), True)
        for number, heading in entries:
            page = found.outline[number].page if number < len(found.outline) else 0
            text = plain_text(heading.inlines)
            yield Unit("the entry of the contents", text)
            yield Unit(f"the page of '{short(text)}' in the contents", str(page), may_turn=_turns(text))


def _is_turned(unit: Unit) -> bool:
    return unit.may_turn or _turns(unit.text)


def _turns(text: str) -> bool:
    return NEEDS_SHAPING.search(text) is not None


class _Shown:
    """What the file should hold of a text: compact, with SUBSTITUTE for what no font has."""

    def __init__(self, found: str) -> None:
        self._found = frozenset(found)
        self._characters: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        if text.isascii() and text.isprintable():
            return "".join(text.split())
        return "".join(map(self._shown, flowing(text)))

    def _shown(self, character: str) -> str:
        shown = self._characters.get(character)
        if shown is None:
            shown = compact(character)
            if (SUBSTITUTE in self._found and not self._found.issuperset(shown)) or not _has_font(character):
                shown = SUBSTITUTE if shown else ""
            self._characters[character] = shown
        return shown


def _has_font(character: str) -> bool:
    """By the same fonts as the writer's: where a letter is missing its parts may still stand elsewhere."""
    return any(ord(character) in coverage(text_font(family, "")) for family in ("sans", "mono")) or (
        fallback_font(character) is not None
    )


def compact(text: str) -> str:
    """Without white space, which line breaks change; ligatures and other forms of a letter as the letter."""
    if not text.isascii():
        text = flowing(unicodedata.normalize("NFKD", text))
        for joiner in (*JOINERS, AS_EMOJI):
            text = text.replace(joiner, "")
    return "".join(text.split())


def short(text: str) -> str:
    text = " ".join(flowing(text).split())
    return text if len(text) <= SHOWN_CHARS else text[: SHOWN_CHARS - 1] + "…"
