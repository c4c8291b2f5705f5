"""The lists of a DOCX file: which number or bullet stands before a paragraph.

Source: ECMA-376 part 1, 17.9. Counters belong to the abstract definition; an override restarts one where its list
is used for the first time, and a higher level restarts those below.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from forgeapp.reading.docx_styles import indent_of
from forgeapp.reading.docx_xml import W, number_of, value_of

if TYPE_CHECKING:
    from lxml.etree import _Element

_UNORDERED = {"bullet", "none"}
_FIGURES = {"decimal", "decimalZero", "ordinal", "cardinalText", "ordinalText"}


@dataclass(frozen=True, slots=True)
class Level:
    """`format` as in `w:numFmt`: 'bullet', 'decimal', 'lowerLetter', 'none' ... `indent` in twips."""

    format: str = "decimal"
    start: int = 1
    indent: int | None = None

    @property
    def is_ordered(self) -> bool:
        return self.format not in _UNORDERED

    @property
    def counts_in_figures(self) -> bool:
        return self.format in _FIGURES


@dataclass(slots=True)
class _List:
    abstract: str
    levels: dict[int, Level]
    restarts: dict[int, int] = field(default_factory=dict)


class Numbering:
    def __init__(self, root: _Element | None) -> None:
        self._lists: dict[str, _List] = {}
        self._counters: dict[str, dict[int, int]] = defaultdict(dict)
        if root is None:
            return
        abstracts = {item.get(W + "abstractNumId", ""): item for item in root.iterchildren(W + "abstractNum")}
        links = {value_of(item, "styleLink"): item for item in abstracts.values()}
        for item in root.iterchildren(W + "num"):
            abstract = value_of(item, "abstractNumId") or ""
            definition = abstracts.get(abstract)
            linked = value_of(definition, "numStyleLink")
            if linked is not None:
                definition = links.get(linked, definition)
            levels = _levels(definition)
            restarts: dict[int, int] = {}
            for override in item.iterchildren(W + "lvlOverride"):
                number = number_of(override.get(W + "ilvl")) or 0
                start = number_of(value_of(override, "startOverride"))
                own = override.find(W + "lvl")
                if own is not None:
                    levels[number] = _level(own)
                if start is not None:
                    restarts[number] = max(0, start)
            self._lists[item.get(W + "numId", "")] = _List(abstract, levels, restarts)

    def level(self, identity: str | None, level: int) -> Level | None:
        """None where the paragraph belongs to no list."""
        found = self._lists.get(identity) if identity else None
        return None if found is None else found.levels.get(level, Level())

    def advance(self, identity: str, level: int) -> int:
        """The number of the next item."""
        found = self._lists[identity]
        counters = self._counters[found.abstract]
        restart = found.restarts.pop(level, None)
        start = found.levels.get(level, Level()).start
        number = restart if restart is not None else counters[level] + 1 if level in counters else start
        counters[level] = number
        for deeper in [other for other in counters if other > level]:
            del counters[deeper]
        return number


def _levels(definition: _Element | None) -> dict[int, Level]:
    found: dict[int, Level] = {}
    for item in definition.iterchildren(W + "lvl") if definition is not None else ():
        found[number_of(item.get(W + "ilvl")) or 0] = _level(item)
    return found


def _level(item: _Element) -> Level:
    level = Level(value_of(item, "numFmt") or "decimal", max(0, number_of(value_of(item, "start")) or 0))
    if value_of(item, "start") is None:
        level = replace(level, start=1)
    return replace(level, indent=indent_of(item.find(W + "pPr")))
