"""Reads a DOCX file with zipfile and lxml alone and names what differs from what it was to hold."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path

from lxml import etree

from forgeapp.domain.document import Block
from forgeapp.exporters.docx_outline import Fact, Outline, expected_outline
from forgeapp.exporters.docx_styles import A, R, W

MAX_DIFFERENCES = 20
_MAX_COMPARED = 400
_Element = etree._Element
_P, _TBL, _TR, _TC = (f"{{{W}}}{name}" for name in ("p", "tbl", "tr", "tc"))
_RUN, _T = f"{{{W}}}r", f"{{{W}}}t"
_BREAKS = {f"{{{W}}}tab": "\t", f"{{{W}}}br": "\n"}
_LINK, _FIELD, _MARK = (f"{{{W}}}{name}" for name in ("hyperlink", "fldSimple", "footnoteReference"))
_OWN_NUMBER = f"{{{W}}}footnoteRef"
_BLIP, _DRAWING, _PPR = f"{{{A}}}blip", f"{{{W}}}drawing", f"{{{W}}}pPr"
_VAL, _ID = f"{{{W}}}val", f"{{{W}}}id"
_KINDS = {
    "Quote": "quote",
    "CodeBlock": "code",
    "CodeContinued": "code continued",
    "Math": "math",
    "HorizontalLine": "rule",
}


def differences(blocks: Iterable[Block], path: Path) -> list[str]:
    """Every difference in words, at most MAX_DIFFERENCES; [] where the file holds exactly the blocks."""
    try:
        found = read_outline(path)
    except (zipfile.BadZipFile, KeyError, ValueError, etree.XMLSyntaxError) as error:
        return [f"the file cannot be opened again: {error}"]
    expected = expected_outline(blocks)
    result = list(_compare(expected.body, found.body, ""))
    if len(expected.notes) != len(found.notes):
        result.append(f"{len(found.notes)} footnotes instead of {len(expected.notes)}")
    for number, (wanted, got) in enumerate(zip(expected.notes, found.notes, strict=False), 1):
        result.extend(_compare(wanted, got, f"footnote {number}: "))
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


def _addresses(fact: Fact) -> str:
    return ", ".join(address for _, address in fact.links) or "none"


def read_outline(path: Path) -> Outline:
    """The facts of a DOCX file. Raises BadZipFile, KeyError, ValueError or XMLSyntaxError where it is none."""
    with zipfile.ZipFile(path) as archive:
        damaged = archive.testzip()
        if damaged:
            raise ValueError(f"{damaged} is damaged")
        numbering = _Numbering(_parse(archive, "word/numbering.xml"))
        body = _parse(archive, "word/document.xml")[0]
        facts = tuple(_Part(archive, "document", numbering).facts(body))
        part = _Part(archive, "footnotes", numbering)
        notes = [note for note in _parse(archive, "word/footnotes.xml") if not note.get(f"{{{W}}}type")]
        identities = [note.get(_ID) for note in notes]
        if identities != [str(number) for number in range(1, len(notes) + 1)]:
            raise ValueError("the footnotes are not numbered from 1")
        return Outline(facts, tuple(tuple(part.facts(note)) for note in notes))


def _parse(archive: zipfile.ZipFile, name: str) -> _Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return etree.fromstring(archive.read(name), parser)


class _Numbering:
    """Follows the numbers Word would show."""

    def __init__(self, root: _Element) -> None:
        kinds: dict[str | None, str] = {}
        self._kinds: dict[str | None, str] = {}
        self._next: dict[str | None, int] = {}
        for abstract in root.iterfind(f"{{{W}}}abstractNum"):
            shown = abstract.find(f"{{{W}}}lvl/{{{W}}}numFmt")
            kinds[abstract.get(f"{{{W}}}abstractNumId")] = str(shown.get(_VAL)) if shown is not None else ""
        for number in root.iterfind(f"{{{W}}}num"):
            identity = number.get(f"{{{W}}}numId")
            abstract_id = number.find(f"{{{W}}}abstractNumId")
            self._kinds[identity] = kinds.get(abstract_id.get(_VAL), "") if abstract_id is not None else ""
            start = number.find(f"{{{W}}}lvlOverride/{{{W}}}startOverride")
            self._next[identity] = int(start.get(_VAL) or 1) if start is not None else 1

    def mark(self, identity: str | None) -> str:
        if identity not in self._kinds:
            raise ValueError(f"list {identity} is not defined")
        if self._kinds[identity] != "decimal":
            return "\u2022" if self._kinds[identity] == "bullet" else ""
        number = self._next[identity]
        self._next[identity] = number + 1
        return f"{number}."


class _Part:
    """One part that holds text: word/NAME.xml and its relationships."""

    def __init__(self, archive: zipfile.ZipFile, name: str, numbering: _Numbering) -> None:
        self._archive, self._numbering = archive, numbering
        self._targets: dict[str | None, str] = {}
        relationships = f"word/_rels/{name}.xml.rels"
        if relationships in archive.namelist():
            for entry in _parse(archive, relationships):
                self._targets[entry.get("Id")] = str(entry.get("Target"))

    def facts(self, parent: _Element) -> Iterator[Fact]:
        """Paragraphs and tables; the paragraphs of one code block are one fact."""
        code: list[str] = []
        for element in parent:
            fact = self._table(element) if element.tag == _TBL else self._paragraph(element)
            if code and (fact is None or fact.what != "code continued"):
                yield Fact("code", "\n".join(code))
                code = []
            if fact is not None and fact.what in ("code", "code continued"):
                code.append(fact.text)
            elif fact is not None and fact.what != "gap":
                yield fact
        if code:
            yield Fact("code", "\n".join(code))

    def _table(self, table: _Element) -> Fact:
        rows = [tuple(self._inlines(cell, "cell") for cell in row.iterchildren(_TC)) for row in table.iterchildren(_TR)]
        return Fact("table", cells=tuple(rows))

    def _paragraph(self, paragraph: _Element) -> Fact | None:
        if paragraph.tag != _P:
            return None
        return self._inlines(paragraph, self._what(paragraph.find(_PPR)))

    def _what(self, properties: _Element | None) -> str:
        if properties is None:
            return "paragraph"
        style_element = properties.find(f"{{{W}}}pStyle")
        style = str(style_element.get(_VAL)) if style_element is not None else ""
        number = properties.find(f"{{{W}}}numPr/{{{W}}}numId")
        if number is not None:
            level = properties.find(f"{{{W}}}numPr/{{{W}}}ilvl")
            depth = level.get(_VAL) if level is not None else "0"
            return f"item {depth} {self._numbering.mark(number.get(_VAL))}".rstrip()
        if style == "Gap":
            return "gap"
        if style.startswith("Heading"):
            return f"heading {style.removeprefix('Heading')}"
        return _KINDS.get(style, "paragraph")

    def _inlines(self, element: _Element, what: str) -> Fact:
        texts: list[str] = []
        links: list[tuple[str, str]] = []
        pictures: list[str] = []
        self._collect(element, texts, links, pictures)
        text = "".join(texts)
        return Fact(what, text, tuple(links), tuple(pictures))

    def _collect(self, element: _Element, texts: list[str], links: list[tuple[str, str]], pictures: list[str]) -> None:
        for child in element:
            tag = child.tag
            if tag in (_RUN, _P):
                self._collect(child, texts, links, pictures)
            elif tag == _T:
                texts.append(child.text or "")
            elif tag in _BREAKS:
                texts.append(_BREAKS[tag])
            elif tag == _MARK:
                texts.append(f"[{child.get(_ID)}]")
            elif tag == _OWN_NUMBER:
                return
            elif tag == _LINK:
                before = len(texts)
                self._collect(child, texts, links, pictures)
                links.append(("".join(texts[before:]), self._targets.get(child.get(f"{{{R}}}id"), "")))
            elif tag == _FIELD:
                instruction = (child.get(f"{{{W}}}instr") or "").split()
                texts.append(f"[{instruction[1].removeprefix('_Note')}]" if len(instruction) > 1 else "")
            elif tag == _DRAWING:
                for blip in child.iter(_BLIP):
                    name = posixpath.join("word", self._targets.get(blip.get(f"{{{R}}}embed"), "?"))
                    pictures.append(sha256(self._archive.read(name)).hexdigest())
                    texts.append("\ufffc")
