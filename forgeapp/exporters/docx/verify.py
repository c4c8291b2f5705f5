"""Reads a DOCX file again by other means than it was written with and names what differs from what it was to hold."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path

from lxml import etree

from forgeapp.domain.publication import Publication
from forgeapp.exporters.docx.found import read_outline
from forgeapp.exporters.docx.outline import Fact, expected_outline, summed, whole
from forgeapp.exporters.front import created_at

MAX_DIFFERENCES = 20
_MAX_COMPARED = 400


def differences(publication: Publication, path: Path) -> list[str]:
    """Every difference in words, at most MAX_DIFFERENCES; [] where the file holds exactly the publication."""
    for kept in (summed, whole):
        try:
            found, created = read_outline(path, kept)
        except (zipfile.BadZipFile, KeyError, ValueError, etree.XMLSyntaxError) as error:
            return [f"the file cannot be opened again: {error}"]
        if "created" in publication.properties:
            created = created_at(publication)
        expected = expected_outline(publication, created, kept)
        if expected == found:
            return []
    result = list(_compare(expected.body, found.body, ""))
    if len(expected.notes) != len(found.notes):
        result.append(f"{len(found.notes)} footnotes instead of {len(expected.notes)}")
    for number, (wanted, got) in enumerate(zip(expected.notes, found.notes, strict=False), 1):
        result.extend(_compare(wanted, got, f"footnote {number}: "))
    for name in ("title", "author", "language", "footer"):
        said, meant = getattr(found, name), getattr(expected, name)
        if said != meant:
            result.append(f"the {name} '{said}' instead of '{meant}'")
    return result[:MAX_DIFFERENCES]


def _compare(expected: Sequence[Fact], found: Sequence[Fact], where: str) -> Iterator[str]:
    if expected == found:
        return
    start = next((n for n, (a, b) in enumerate(zip(expected, found, strict=False)) if a != b), None)
    start = min(len(expected), len(found)) if start is None else start
    end = 0
    while end < min(len(expected), len(found)) - start and expected[-1 - end] == found[-1 - end]:
        end += 1
    wanted, got = expected[start : len(expected) - end], found[start : len(found) - end]
    if len(wanted) == len(got):
        for offset, (fact, other) in enumerate(zip(wanted, got, strict=True)):
            yield from _difference(fact, other, f"{where}block {start + offset + 1}")
    elif max(len(wanted), len(got)) > _MAX_COMPARED:
        yield f"{where}{len(found)} blocks instead of {len(expected)}, differing from block {start + 1} on"
    else:
        for tag, a1, a2, b1, b2 in SequenceMatcher(None, wanted, got, autojunk=False).get_opcodes():
            if tag == "equal":
                continue
            for offset, (fact, other) in enumerate(zip_longest(wanted[a1:a2], got[b1:b2])):
                if fact is None:
                    yield f"{where}{other} was added"
                elif other is None:
                    yield f"{where}{fact} is missing"
                else:
                    yield from _difference(fact, other, f"{where}block {start + a1 + offset + 1}")


def _difference(expected: Fact, found: Fact, where: str) -> Iterator[str]:
    if expected == found:
        return
    if expected.what != found.what:
        yield f"{where}: {found} instead of {expected}"
        return
    if expected.cells or found.cells:
        shapes = [(len(fact.cells), max(map(len, fact.cells), default=0)) for fact in (found, expected)]
        if shapes[0] != shapes[1]:
            yield "{}: a table of {} x {} cells instead of {} x {}".format(where, *shapes[0], *shapes[1])
            return
        for row, (cells, others) in enumerate(zip(expected.cells, found.cells, strict=True), 1):
            if len(cells) != len(others):
                yield f"{where}: row {row} has {len(others)} cells instead of {len(cells)}"
            for column, (cell, other) in enumerate(zip(cells, others, strict=False), 1):
                yield from _difference(cell, other, f"{where}, row {row}, column {column}")
        return
    if expected.text != found.text:
        yield f"{where}: {found} instead of {expected}"
    if expected.links != found.links:
        yield f"{where}: links {_addresses(found)} instead of {_addresses(expected)}"
    if expected.pictures != found.pictures:
        yield f"{where}: its pictures are missing or changed"
    if expected.looks != found.looks:
        yield f"{where}: set {_looks(found)} instead of {_looks(expected)}"


def _addresses(fact: Fact) -> str:
    return ", ".join(address for _, address in fact.links) or "none"


def _looks(fact: Fact) -> str:
    names = {"b": "bold", "i": "italic", "s": "struck", "c": "as code"}
    said = (f"'{text[:40]}' {' '.join(names[letter] for letter in look)}" for text, look in fact.looks)
    return ", ".join(said) or "plain"
