"""The facts of a DOCX file, read with zipfile and lxml alone, and whether its package is sound."""

from __future__ import annotations

import posixpath
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from lxml import etree

from forgeapp.exporters.docx.equations import found_equation
from forgeapp.exporters.docx.front import REFERENCE
from forgeapp.exporters.docx.outline import Fact, Outline, Row, look_of, merged_looks, page_fact, whole
from forgeapp.exporters.docx.sections import Page
from forgeapp.exporters.docx.styles import MONO_FONT, WP, A, M, R, W

_Element = etree._Element
_P, _TBL, _TR, _TC = (f"{{{W}}}{name}" for name in ("p", "tbl", "tr", "tc"))
_RUN, _T = f"{{{W}}}r", f"{{{W}}}t"
_BREAKS = {f"{{{W}}}tab": "\t", f"{{{W}}}br": "\n"}
_LINK, _FIELD, _MARK = (f"{{{W}}}{name}" for name in ("hyperlink", "fldSimple", "footnoteReference"))
_OWN_NUMBER, _TOLD = f"{{{W}}}footnoteRef", f"{{{W}}}instrText"
_CONTROL, _CONTROLLED, _SECTION = (f"{{{W}}}{name}" for name in ("sdt", "sdtContent", "sectPr"))
_EQUATIONS = (f"{{{M}}}oMath", f"{{{M}}}oMathPara")
_BLIP, _DRAWING, _PPR, _RPR = f"{{{A}}}blip", f"{{{W}}}drawing", f"{{{W}}}pPr", f"{{{W}}}rPr"
_BIDI, _SIDE, _STYLE = (f"{{{W}}}{name}" for name in ("bidi", "jc", "pStyle"))
_VAL, _ID, _NAME = f"{{{W}}}val", f"{{{W}}}id", f"{{{W}}}name"
_KINDS = {
    "Quote": "quote",
    "Caption": "caption",
    "HTMLPreformatted": "code",
    "CodeContinued": "code continued",
    "Math": "math",
    "HorizontalLine": "rule",
    "Title": "title",
    "LongTitle": "title",
    "Subtitle": "subtitle",
    "Date": "date",
    "TOCHeading": "contents",
}
_FOOTERS = ("footer1", "footer2")
_PARTS = ("document", "footnotes", *_FOOTERS)
_BOOKMARK, _FOOTER = f"{{{W}}}bookmarkStart", f"{{{W}}}footerReference"
_PICTURE, _FIELD_MARK = f"{{{WP}}}docPr", f"{{{W}}}fldChar"
_STYLED = (_STYLE, f"{{{W}}}rStyle", f"{{{W}}}tblStyle")
_NAMING = (*_STYLED, _LINK, _FOOTER, _BLIP, _BOOKMARK, _PICTURE, _FIELD_MARK)
_READ = "read"
"""The attribute of a row that has been read: which one it is."""
_DC, _DCTERMS = "{http://purl.org/dc/elements/1.1/}", "{http://purl.org/dc/terms/}"


def read_outline(path: Path, kept: Callable[[Row], Row] = whole) -> tuple[Outline, datetime]:
    """What a DOCX file holds, and when it says it was made. `kept`: what is kept of each row of tables.

    Raises BadZipFile, KeyError, ValueError or XMLSyntaxError where it is none.
    """
    with zipfile.ZipFile(path) as archive:
        damaged = archive.testzip()
        if damaged:
            raise ValueError(f"{damaged} is damaged")
        numbering = _Numbering(_parse(archive, "word/numbering.xml"))
        used = {part: _Used() for part in _PARTS}
        text = _Part(archive, "document", numbering, kept)
        roots = {part: _parse(archive, f"word/{part}.xml") for part in _PARTS if part != "document"}
        roots["document"] = text.parsed(archive, used["document"])
        for name, root in roots.items():
            used[name].look_at(root)
        _check_package(archive, roots, used)
        body = roots["document"][0]
        text.find_bookmarks(body)
        facts = tuple(text.facts(body))
        part = _Part(archive, "footnotes", numbering, kept)
        part.find_bookmarks(roots["footnotes"])
        notes = [note for note in roots["footnotes"] if not note.get(f"{{{W}}}type")]
        identities = [note.get(_ID) for note in notes]
        if identities != [str(number) for number in range(1, len(notes) + 1)]:
            raise ValueError("the footnotes are not numbered from 1")
        core = _parse(archive, "docProps/core.xml")
        title, author, language = (core.findtext(f"{_DC}{name}") or "" for name in ("title", "creator", "language"))
        created = datetime.fromisoformat(core.findtext(f"{_DCTERMS}created") or "").astimezone(UTC)
        feet = {_foot(roots[name]) for name in _FOOTERS}
        foot = feet.pop() if len(feet) == 1 else " and ".join(sorted(feet))
        return Outline(facts, tuple(tuple(part.facts(note)) for note in notes), title, author, language, foot), created


def _parse(archive: zipfile.ZipFile, name: str) -> _Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return etree.fromstring(archive.read(name), parser)


@dataclass(slots=True)
class _Used:
    """What the elements of a part name: relationships, styles, and numbers that may stand once only."""

    relationships: set[str] = field(default_factory=set)
    styles: set[str | None] = field(default_factory=set)
    bookmarks: Counter[str | None] = field(default_factory=Counter)
    drawings: Counter[str | None] = field(default_factory=Counter)
    field_marks: Counter[str | None] = field(default_factory=Counter)

    def look_at(self, root: _Element) -> None:
        for element in root.iter(*_NAMING):
            match element.tag:
                case tag if tag in _STYLED:
                    self.styles.add(element.get(_VAL))
                case tag if tag in (_LINK, _FOOTER, _BLIP):
                    identity = element.get(f"{{{R}}}embed" if tag == _BLIP else f"{{{R}}}id")
                    if identity is not None:
                        self.relationships.add(identity)
                case tag if tag == _BOOKMARK:
                    self.bookmarks[element.get(_ID)] += 1
                case tag if tag == _PICTURE:
                    self.drawings[element.get("id")] += 1
                case _:
                    self.field_marks[element.get(f"{{{W}}}fldCharType")] += 1


def _check_package(archive: zipfile.ZipFile, roots: Mapping[str, _Element], used: Mapping[str, _Used]) -> None:
    """Names are complete and told apart. Raises ValueError for what Word would call unreadable content."""
    names = archive.namelist()
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise ValueError(f"{twice[0]} stands in it twice")
    types = _parse(archive, "[Content_Types].xml")
    typed = {entry.get("PartName", f".{entry.get('Extension')}") for entry in types}
    for name in names:
        if f"/{name}" not in typed and f".{name.rpartition('.')[2]}" not in typed:
            raise ValueError(f"{name} has no content type")
    styles = {style.get(f"{{{W}}}styleId") for style in _parse(archive, "word/styles.xml").iter(f"{{{W}}}style")}
    bookmarks: Counter[str | None] = Counter()
    for part, named_there in used.items():
        targets = _targets(archive, part)
        for entry, target in targets.items():
            if "://" not in target and not target.startswith("mailto:") and f"word/{target}" not in names:
                raise ValueError(f"{target}, which {entry} of {part} names, is missing")
        if not named_there.relationships <= targets.keys():
            raise ValueError(f"{min(named_there.relationships - targets.keys())} of {part} leads nowhere")
        for style in named_there.styles - styles:
            raise ValueError(f"the style {style} is not defined")
        bookmarks.update(named_there.bookmarks)
        marks = named_there.field_marks
        if max(named_there.drawings.values(), default=0) > 1:
            raise ValueError("two pictures have one number")
        if len(set(marks.values())) > 1 or len(marks) not in (0, 3):
            raise ValueError("a field is not closed")
    if max(bookmarks.values(), default=0) > 1:
        raise ValueError("two bookmarks have one number")
    named = {mark.get(_NAME) for mark in roots["document"].iter(f"{{{W}}}bookmarkStart")}
    for told_field in roots["document"].iter(_TOLD):
        _, _, part = (told_field.text or "").partition("\\b ")
        if part and part.strip() not in named:
            raise ValueError(f"the contents are of {part.strip()}, which is not there")
    for footer in _FOOTERS:
        told = " ".join(field.get(f"{{{W}}}instr", "") for field in roots[footer].iter(_FIELD))
        if told.split() != ["PAGE", "NUMPAGES"]:
            raise ValueError("the footer does not tell the page")


def _targets(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    relationships = f"word/_rels/{part}.xml.rels"
    if relationships not in archive.namelist():
        return {}
    return {entry.get("Id", ""): entry.get("Target", "") for entry in _parse(archive, relationships)}


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
            return "\u2022 " if self._kinds[identity] == "bullet" else ""
        number = self._next[identity]
        self._next[identity] = number + 1
        return f"{number}. "


@dataclass(slots=True)
class _Collected:
    texts: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    looks: list[tuple[str, str]] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)


class _Part:
    """One part that holds text: word/NAME.xml and its relationships."""

    def __init__(self, archive: zipfile.ZipFile, name: str, numbering: _Numbering, kept: Callable[[Row], Row]) -> None:
        self._archive, self._name, self._numbering, self._kept = archive, name, numbering, kept
        self._targets = _targets(archive, name)
        self._bookmarked: dict[str | None, _Element | None] = {}
        self._rows: list[tuple[bool, tuple[Fact, ...]]] = []

    def parsed(self, archive: zipfile.ZipFile, used: _Used) -> _Element:
        """The root, each row of a table read and let go as soon as it is there: a tree of all its cells would take a
        hundred times the file's size."""
        with archive.open(f"word/{self._name}.xml") as file:
            rows = etree.iterparse(file, ("end",), tag=_TR, resolve_entities=False, no_network=True, huge_tree=True)
            for _, row in rows:
                used.look_at(row)
                self._rows.append(self._row(row))
                row.clear()
                row.set(_READ, str(len(self._rows) - 1))
            root: _Element = rows.root
            return root

    def find_bookmarks(self, root: _Element) -> None:
        """For links within the part."""
        self._bookmarked = {mark.get(_NAME): mark.getparent() for mark in root.iter(_BOOKMARK)}

    def facts(self, parent: _Element) -> Iterator[Fact]:
        """Paragraphs, tables and ends of sections; the paragraphs of one code block are one fact."""
        code: list[str] = []
        for element in _elements(parent):
            found = list(self._facts_of(element))
            if code and (not found or found[0].what != "code continued"):
                yield Fact("code", "\n".join(code))
                code = []
            for fact in found:
                if fact.what in ("code", "code continued"):
                    code.append(fact.text)
                else:
                    yield fact
        if code:
            yield Fact("code", "\n".join(code))

    def _facts_of(self, element: _Element) -> Iterator[Fact]:
        if element.tag == _TBL:
            yield self._table(element)
        elif element.tag == _SECTION:
            yield _page(element)
        elif element.tag == _P:
            properties = element.find(_PPR)
            what = self._what(properties)
            if what != "gap":
                yield self._inlines(element, what)
            section = properties.find(_SECTION) if properties is not None else None
            if section is not None:
                yield _page(section)

    def _table(self, table: _Element) -> Fact:
        rows = [
            self._row(row) if (read := row.get(_READ)) is None else self._rows[int(read)]
            for row in table.iterchildren(_TR)
        ]
        headings = [number for number, (is_heading, _) in enumerate(rows) if is_heading]
        return Fact("table with a heading row" if headings == [0] else "table", cells=tuple(cells for _, cells in rows))

    def _row(self, row: _Element) -> tuple[bool, tuple[Fact, ...]]:
        """Whether it is a heading, and its cells."""
        is_heading = row.find(f"{{{W}}}trPr/{{{W}}}tblHeader") is not None
        return is_heading, self._kept(tuple(self._cell(cell) for cell in row.iterchildren(_TC)))

    def _cell(self, cell: _Element) -> Fact:
        paragraph = cell[-1] if len(cell) == 2 else None
        if paragraph is not None and len(paragraph) == 2:
            # Most cells are: a style, perhaps a side, and one run of text without a look.
            properties, run = paragraph
            if run.tag == _RUN and len(run) == 1 and run[0].tag == _T:
                named, *others = properties
                if named.tag == _STYLE and not others:
                    return Fact("cell", run[0].text or "")
                if named.tag == _STYLE and len(others) == 1 and others[0].tag == _SIDE:
                    return Fact(f"cell {others[0].get(_VAL)}", run[0].text or "")
        side = _said(cell.find(_P), _SIDE)
        shown = side.get(_VAL) if side is not None else None
        if shown == "right" and _said(cell.find(_P), _BIDI) is not None:
            shown = "left"
        return self._inlines(cell, f"cell {shown}" if shown else "cell")

    def _what(self, properties: _Element | None) -> str:
        if properties is None:
            return "paragraph"
        style_element = properties.find(_STYLE)
        style = str(style_element.get(_VAL)) if style_element is not None else ""
        number = properties.find(f"{{{W}}}numPr/{{{W}}}numId")
        if number is not None:
            level = properties.find(f"{{{W}}}numPr/{{{W}}}ilvl")
            depth = level.get(_VAL) if level is not None else "0"
            return f"item {depth} {self._numbering.mark(number.get(_VAL))}{style}"
        if style == "Gap":
            return "gap"
        if style.startswith("Heading"):
            return f"heading {style.removeprefix('Heading')}"
        if style.startswith("TOC") and style != "TOCHeading":
            return f"contents {style.removeprefix('TOC')}"
        return _KINDS.get(style, "paragraph")

    def _inlines(self, element: _Element, what: str) -> Fact:
        found = _Collected()
        self._collect(element, found)
        if _said(element if element.tag == _P else element.find(_P), _BIDI) is not None:
            what += " from the right"
        looks = () if what.startswith("code") else merged_looks(found.looks)
        return Fact(what, "".join(found.texts), tuple(found.links), looks, tuple(found.pictures))

    def _collect(self, element: _Element, found: _Collected) -> None:
        for child in element:
            tag = child.tag
            if tag == _RUN:
                before = len(found.texts)
                self._collect(child, found)
                properties = child.find(_RPR)
                found.looks.append(("".join(found.texts[before:]), _look(properties)))
            elif tag == _P:
                self._collect(child, found)
            elif tag == _T:
                found.texts.append(child.text or "")
            elif tag in _BREAKS:
                found.texts.append(_BREAKS[tag])
            elif tag in _EQUATIONS:
                found.texts.append(f"\u27e6{found_equation(child)}\u27e7")
            elif tag == _MARK:
                found.texts.append(f"[{child.get(_ID)}]")
            elif tag == _TOLD:
                found.texts.append(f"{{{(child.text or '').strip()}}}")
            elif tag == _OWN_NUMBER:
                return
            elif tag == _BOOKMARK and (child.get(_NAME) or "").startswith(REFERENCE):
                found.links.append(("", f"at {child.get(_NAME)}"))
            elif tag == _LINK:
                before = len(found.texts)
                self._collect(child, found)
                found.links.append(("".join(found.texts[before:]), self._address(child)))
            elif tag == _FIELD:
                instruction = (child.get(f"{{{W}}}instr") or "").split()
                found.texts.append(f"[{instruction[1].removeprefix('_Note')}]" if len(instruction) > 1 else "")
            elif tag == _DRAWING:
                self._picture(child, found)

    def _address(self, link: _Element) -> str:
        """Where a link leads; the text of the paragraph for one within the file."""
        anchor = link.get(f"{{{W}}}anchor")
        if anchor is None:
            return self._targets.get(link.get(f"{{{R}}}id", ""), "")
        if anchor.startswith(REFERENCE):
            # Where it stands is among the facts.
            return f"#{anchor}"
        marked = self._bookmarked.get(anchor)
        return "" if marked is None else self._inlines(marked, "").text

    def _picture(self, drawing: _Element, found: _Collected) -> None:
        described = next(drawing.iter(f"{{{WP}}}docPr"), None)
        alt = "" if described is None else described.get("descr", "")
        for blip in drawing.iter(_BLIP):
            name = posixpath.join("word", self._targets.get(blip.get(f"{{{R}}}embed", ""), "?"))
            found.pictures.append(f"{sha256(self._archive.read(name)).hexdigest()} {alt}")
            found.texts.append("\ufffc")


def _elements(parent: _Element) -> Iterator[_Element]:
    """The children, those of content controls in their place."""
    for element in parent:
        if element.tag == _CONTROL:
            for content in element.iterchildren(_CONTROLLED):
                yield from content
        else:
            yield element


def _foot(footer: _Element) -> str:
    """What stands before the number of the page."""
    runs = (run for paragraph in footer for run in paragraph.iterchildren(_RUN))
    text = "".join("\t" if part.tag != _T else part.text or "" for run in runs for part in run if part.tag != _RPR)
    return text.partition("\t")[0]


def _said(paragraph: _Element | None, name: str) -> _Element | None:
    """One of a paragraph's own properties."""
    properties = paragraph.find(_PPR) if paragraph is not None else None
    return properties.find(name) if properties is not None else None


def _page(section: _Element) -> Fact:
    size = section.find(f"{{{W}}}pgSz")
    width, height = ((size.get(f"{{{W}}}{side}") or "0") if size is not None else "0" for side in ("w", "h"))
    return page_fact(Page(int(width), int(height)), section.find(f"{{{W}}}footerReference") is not None)


def _look(properties: _Element | None) -> str:
    if properties is None:
        return ""
    names = {child.tag.removeprefix(f"{{{W}}}"): child for child in properties}
    style, fonts = names.get("rStyle"), names.get("rFonts")
    is_code = style is not None and style.get(_VAL) == "HTMLCode"
    is_code = is_code or (fonts is not None and fonts.get(f"{{{W}}}ascii") == MONO_FONT)
    return look_of("b" in names, "i" in names, "strike" in names, is_code)
