"""Places in a document that links of its own lead to: its headings, by the names GitHub gives them.

'#1-summary' leads to '1. Summary'. What is no letter, figure, mark, hyphen or underscore goes, blanks become hyphens;
a name that is taken gets '-1', '-2'. Source: github-slugger, the README of which states GitHub's rules.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Final
from urllib.parse import unquote

from forgeapp.domain.document import Blocks, Footnote, Heading, Paragraph, Run, TableBlock, plain_text, walk

_PLACE: Final = "#\0"
"""No text that is parsed holds this character: no link in one says a number."""


def slug(heading: str) -> str:
    """The name of a heading that says this, were it the only one."""
    return "".join("-" if character == " " else character for character in heading.strip().lower() if _stays(character))


def slugs(headings: Iterable[str]) -> list[str]:
    """The name of each heading of one document, in its order; no two are the same."""
    counts: dict[str, int] = {}
    names = []
    for heading in headings:
        name = base = slug(heading)
        while name in counts:
            counts[base] += 1
            name = f"{base}-{counts[base]}"
        counts[name] = 0
        names.append(name)
    return names


def headings_outside_notes(blocks: Blocks) -> list[Heading]:
    """Those that links lead to, in their order: those of footnotes are set apart from the text."""
    body = (block for block in blocks if not isinstance(block, Footnote))
    return [block for block in walk(body) if isinstance(block, Heading)]


def places(blocks: Blocks) -> dict[str, int]:
    """The number of each heading outside notes, from 1, by its name."""
    names = slugs(plain_text(heading.inlines) for heading in headings_outside_notes(blocks))
    return {name: number for number, name in enumerate(names, 1) if name}


def is_inner(link: str | None) -> bool:
    """Whether a link leads to a place in its own document."""
    return link is not None and link.startswith("#")


def target_number(link: str, known: Mapping[str, int]) -> int | None:
    """The number of the heading that a link such as '#1-summary', or a `place_link`, leads to; None for none."""
    name = unquote(link.removeprefix("#")).strip()
    number = place_number(link) or known.get(name)
    return known.get(name.lower()) if number is None else number


def place_link(number: int) -> str:
    """A link to the heading of that number, as exporters are given it."""
    return f"{_PLACE}{number}"


def place_number(link: str | None) -> int | None:
    """Of a `place_link`; None for any other."""
    if not link or not link.startswith(_PLACE):
        return None
    number = link.removeprefix(_PLACE)
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else None


def linked_places(blocks: Blocks) -> frozenset[int]:
    """The numbers of the headings that `place_link`s in a text lead to."""
    numbers = {number for run in _runs(blocks) if (number := place_number(run.link))}
    return frozenset(numbers)


def _runs(blocks: Blocks) -> Iterator[Run]:
    for block in walk(blocks):
        match block:
            case Heading(inlines=inlines) | Paragraph(inlines=inlines):
                yield from (inline for inline in inlines if isinstance(inline, Run))
            case TableBlock(header=header, rows=rows):
                cells = chain.from_iterable((header, *rows))
                yield from (inline for cell in cells for inline in cell if isinstance(inline, Run))
            case _:
                pass


def _stays(character: str) -> bool:
    return character in " -" or unicodedata.category(character)[0] in "LNM" or unicodedata.category(character) == "Pc"
