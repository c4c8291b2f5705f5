"""Faults planted in a DOCX file, each of which its verification must name."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from lxml import etree

from forgeapp.exporters.docx.exporter import EXPORTER
from forgeapp.exporters.docx.styles import WP, A, M, R, W
from tests.unit.exporters.document_samples import full_report, png

_NAMES = {"w": W, "m": M, "a": A, "wp": WP, "r": R}
_Root = etree._Element
_Fault = Callable[[_Root], None]


@cache
def _sound() -> dict[str, bytes]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "report.docx"
        EXPORTER.write(full_report(), path, lambda share: None)
        assert EXPORTER.verify(full_report(), path) == []
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}


def _verified(folder: Path, parts: dict[str, bytes]) -> list[str]:
    path = folder / "changed.docx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return EXPORTER.verify(full_report(), path)


def _at(root: _Root, place: str, number: int = 0) -> _Root:
    found = root.xpath(place, namespaces=_NAMES)
    assert isinstance(found, list)
    element = found[number]
    assert isinstance(element, etree._Element)
    return element


def _remove(place: str, number: int = 0) -> _Fault:
    def fault(root: _Root) -> None:
        element = _at(root, place, number)
        parent = element.getparent()
        assert parent is not None
        parent.remove(element)

    return fault


def _set(place: str, name: str, value: str, number: int = 0) -> _Fault:
    space, _, local = name.rpartition(":")
    return lambda root: _at(root, place, number).set(f"{{{_NAMES[space]}}}{local}" if space else local, value)


def _say(place: str, text: str, number: int = 0) -> _Fault:
    def fault(root: _Root) -> None:
        _at(root, place, number).text = text

    return fault


def _swap(place: str, first: int, second: int) -> _Fault:
    def fault(root: _Root) -> None:
        one, other = _at(root, place, first), _at(root, place, second)
        parent, marker = one.getparent(), etree.Element("marker")
        assert parent is not None
        parent.replace(one, marker)
        parent.replace(other, one)
        parent.replace(marker, other)

    return fault


def _double(place: str) -> _Fault:
    return lambda root: _at(root, place).addnext(etree.fromstring(etree.tostring(_at(root, place))))


_STYLED = "//w:p[w:pPr/w:pStyle/@w:val='{}']"
_HEADING = _STYLED.format("Heading2")
_LAST = "_Toc000000002"
_TABLE = "//w:tbl[w:tr/w:tc/w:p/w:r/w:t='Cups']"

BODY: dict[str, tuple[_Fault, str]] = {
    "a heading lost": (_remove(_HEADING), "heading 2 'Lists' is missing"),
    "a heading of another level": (_set(f"{_HEADING}/w:pPr/w:pStyle", "w:val", "Heading3"), "heading 3 'Lists'"),
    "a word changed": (_say("//w:t[.='Covers ']", "Covered "), "Covered"),
    "a paragraph twice": (_double(_STYLED.format("Quote")), "was added"),
    "two paragraphs swapped": (_swap("/w:document/w:body/w:p", 0, 2), "instead of"),
    "bold lost": (_remove("//w:rPr[../w:t='revenue']/w:b"), "'revenuesite' bold"),
    "italic lost": (_remove("//w:rPr[../w:t='costs']/w:i"), "italic"),
    "struck lost": (_remove("//w:rPr[../w:t='costs']/w:strike"), "struck"),
    "code no more code": (_remove("//w:rPr[../w:t='total()']/w:rStyle"), "as code"),
    "a line break lost": (_remove("//w:p[w:r/w:t='Covers ']/w:r/w:br/.."), "Covers"),
    "a link lost": (lambda root: _at(root, "//w:hyperlink[@r:id]").attrib.clear(), "links"),
    "a link elsewhere": (_set("//w:hyperlink[@r:id]", "r:id", "rIdFooter"), "links"),
    "a footnote mark lost": (_remove("//w:footnoteReference"), "Covers"),
    "a footnote of another number": (_set("//w:footnoteReference", "w:id", "2"), "Covers"),
    "a second mark elsewhere": (_set("//w:fldSimple", "w:instr", " NOTEREF _Note2 \\f \\h "), "Covers"),
    "a list item lost": (_remove(_STYLED.format("ListBullet")), "'First' is missing"),
    "an item of another level": (_set("//w:p[w:r/w:t='nested']/w:pPr/w:numPr/w:ilvl", "w:val", "0"), "item 0"),
    "an item in another list": (_set("//w:p[w:r/w:t='beta']/w:pPr/w:numPr/w:numId", "w:val", "2"), "beta"),
    "a list that is not there": (_set("//w:numId", "w:val", "99"), "list 99 is not defined"),
    "a task unticked": (_say("//w:t[.='\u2611']", "\u2610"), "done"),
    "a row lost": (_remove(f"{_TABLE}/w:tr", 1), "2 x 2 cells instead of 3 x 2"),
    "two rows swapped": (_swap(f"{_TABLE}/w:tr", 1, 2), "row 2, column 1"),
    "a cell lost": (_remove(f"{_TABLE}/w:tr/w:tc", 3), "row 2 has 1 cells instead of 2"),
    "a cell changed": (_say(f"{_TABLE}//w:t[.='2.10']", "2.11"), "row 2, column 2"),
    "a cell emptied": (_remove(f"{_TABLE}//w:r[w:t='2.10']"), "row 2, column 2"),
    "a column's side lost": (_remove("//w:jc[@w:val='right']"), "column 2"),
    "a header row no more": (_remove("//w:tblHeader"), "heading row"),
    "code changed": (_say("//w:t[.='pwd']", "rm -r"), "code"),
    "a line of code lost": (_remove("//w:p[w:r/w:t='pwd']"), "code"),
    "a number of a line lost": (_remove("//w:r[w:rPr/w:rStyle/@w:val='LineNumber']"), "code"),
    "a quote no more": (_remove(_STYLED.format("Quote") + "/w:pPr/w:pStyle"), "quote"),
    "a rule lost": (_remove(_STYLED.format("HorizontalLine")), "rule is missing"),
    "a caption no more": (_remove(_STYLED.format("Caption") + "/w:pPr/w:pStyle"), "caption"),
    "a picture lost": (_remove("//w:drawing"), "\ufffc"),
    "two pictures swapped": (lambda root: _exchange(root, "//a:blip", f"{{{R}}}embed"), "its pictures"),
    "what a picture shows": (_set("//wp:docPr", "descr", "Another"), "pictures are missing or changed"),
    "two pictures of one number": (_set("//wp:docPr", "id", "2"), "two pictures have one number"),
    "a right-to-left paragraph turned": (_remove("//w:p[w:pPr/w:bidi]/w:pPr/w:bidi"), "from the right"),
    "an equation lost": (_remove("//m:oMathPara"), "math"),
    "an equation's letter": (_say("//m:oMathPara//m:t[.='n']", "k"), "math"),
    "a bar lost": (lambda root: _rename(_at(root, "//m:f"), "box"), "math"),
    "an operator's sign": (_set("//m:naryPr/m:chr", "m:val", "∏"), "∏"),
    "a limit lost": (lambda root: _at(root, "//m:nary/m:sup").clear(), "math"),
    "a root no more": (lambda root: _rename(_at(root, "//m:rad"), "box"), "math"),
    "an exponent lowered": (lambda root: _rename(_at(root, "//m:sSup"), "sSub"), "E=mc"),
    "TeX as text changed": (_say("//w:t[.='\\unknowncommand']", "x"), "math"),
    "the cover's title": (_say(_STYLED.format("Title") + "/w:r/w:t", "Other"), "title"),
    "the cover's day": (_say(_STYLED.format("Date") + "/w:r/w:t", "5 March 2026"), "date"),
    "the cover lost": (_remove("//w:sdt[.//w:docPartGallery/@w:val='Cover Pages']"), "title 'Report' is missing"),
    "the contents lost": (_remove("//w:sdt[.//w:docPartGallery/@w:val='Table of Contents']"), "contents"),
    "an entry lost": (_remove(_STYLED.format("TOC2"), 1), "contents 2"),
    "an entry of another level": (_set(_STYLED.format("TOC3") + "/w:pPr/w:pStyle", "w:val", "TOC2"), "contents"),
    "an entry's words": (_say(_STYLED.format("TOC2") + "//w:t[.='Lists']", "List"), "contents 2"),
    "an entry's page": (_say(_STYLED.format("TOC2") + "//w:t[.='3']", "9"), "contents 2"),
    "an entry that leads elsewhere": (_set(_STYLED.format("TOC2") + "/w:hyperlink", "w:anchor", _LAST), "links"),
    "what the contents are of lost": (_remove("//w:bookmarkStart[@w:name='_ForgeText']"), "_ForgeText"),
    "a bookmark lost": (_remove("//w:bookmarkStart[starts-with(@w:name, '_Toc')]", 1), "links"),
    "another field": (_say("//w:instrText", " INDEX "), "contents"),
    "a field left open": (_remove("//w:fldChar[@w:fldCharType='end']"), "a field is not closed"),
    "two bookmarks of one number": (_set("//w:bookmarkStart", "w:id", "2"), "two bookmarks have one number"),
    "the paper": (_set("/w:document/w:body/w:sectPr/w:pgSz", "w:w", "12240"), "page of 12240"),
    "a section upright": (_set("//w:pgSz[@w:orient]", "w:w", "11906"), "page of 11906"),
    "a section lost": (_remove("//w:p[w:pPr/w:sectPr/w:pgSz/@w:orient]"), "page of 16838 x 11906 is missing"),
    "pages without numbers": (_remove("/w:document/w:body/w:sectPr/w:footerReference"), "without a number"),
    "a style that is not there": (_set("//w:pStyle", "w:val", "Unknown"), "the style Unknown is not defined"),
}  # fmt: skip


def _exchange(root: _Root, place: str, name: str) -> None:
    one, other = _at(root, place, 0), _at(root, place, 1)
    first, second = one.get(name), other.get(name)
    assert first != second
    one.set(name, str(second))
    other.set(name, str(first))


def _rename(element: _Root, name: str) -> None:
    element.tag = f"{{{M}}}{name}"


def _exchange_fraction(root: _Root) -> None:
    above, below = _at(root, "//m:oMathPara//m:f/m:num"), _at(root, "//m:oMathPara//m:f/m:den")
    inner, other = list(above), list(below)
    above.extend(other)
    below.extend(inner)


def _embolden(root: _Root) -> None:
    run = _at(root, "//w:r[w:t='First']")
    properties = etree.SubElement(run, f"{{{W}}}rPr")
    etree.SubElement(properties, f"{{{W}}}b")
    run.insert(0, properties)


BODY["above and below exchanged"] = (_exchange_fraction, "math")
BODY["bold added"] = (_embolden, "'First' bold instead of plain")


@pytest.mark.parametrize("name", BODY)
def test_a_fault_in_the_text_is_named(tmp_path: Path, name: str) -> None:
    fault, said = BODY[name]
    _check(tmp_path, "word/document.xml", fault, said)


def _check(folder: Path, part: str, fault: _Fault, said: str) -> None:
    parts = dict(_sound())
    root = etree.fromstring(parts[part])
    fault(root)
    changed = etree.tostring(root)
    assert changed != etree.tostring(etree.fromstring(parts[part])), "nothing was planted"
    found = _verified(folder, {**parts, part: changed})
    assert any(said in difference for difference in found), found


OTHERS: dict[str, tuple[str, _Fault, str]] = {
    "a list's restart": ("numbering", _remove("//w:lvlOverride", 2), "1. ListNumber 'One' instead of item 0 3."),
    "bullets for numbers": ("numbering", _set("//w:abstractNum[2]/w:lvl/w:numFmt", "w:val", "bullet"), "\u2022"),
    "a footnote lost": ("footnotes", _remove("/w:footnotes/w:footnote[@w:id='2']"), "1 footnotes instead of 2"),
    "a footnote's words": ("footnotes", _say("//w:t[.='First note, ']", "Second note, "), "footnote 1"),
    "a footnote's link": ("footnotes", lambda root: _at(root, "//w:hyperlink").attrib.clear(), "footnote 1"),
    "footnotes swapped": ("footnotes", _swap("/w:footnotes/w:footnote", 2, 3), "not numbered"),
    "the number of pages": ("footer1", _remove("//w:fldSimple", 1), "the footer does not tell the page"),
    "the number of pages on their side": ("footer2", _remove("//w:fldSimple", 1), "the footer does not tell the page"),
    "the title at the foot": ("footer1", _remove("//w:r[w:t]"), "the footer"),
    "a style lost": ("styles", _remove("//w:style[@w:styleId='Heading2']"), "Heading2 is not defined"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_fault_in_another_part_is_named(tmp_path: Path, name: str) -> None:
    part, fault, said = OTHERS[name]
    _check(tmp_path, f"word/{part}.xml", fault, said)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("word/media/image1.png", "is missing"),
        ("word/footnotes.xml", "cannot be opened"),
        ("word/_rels/document.xml.rels", "leads nowhere"),
        ("word/styles.xml", "cannot be opened"),
        ("docProps/core.xml", "cannot be opened"),
    ],
)
def test_a_part_that_is_lost_is_named(tmp_path: Path, name: str, said: str) -> None:
    parts = dict(_sound())
    del parts[name]
    found = _verified(tmp_path, parts)
    assert any(said in difference for difference in found), found


def test_another_picture_in_its_place_is_named(tmp_path: Path) -> None:
    found = _verified(tmp_path, {**_sound(), "word/media/image1.png": png(41, 20)})
    assert any("pictures are missing or changed" in difference for difference in found), found


def test_a_part_without_a_content_type_is_named(tmp_path: Path) -> None:
    found = _verified(tmp_path, {**_sound(), "word/stray.bin": b"x"})
    assert found == ["the file cannot be opened again: word/stray.bin has no content type"]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [("title", b"Report", b"Raport"), ("author", b"Author", b"Aother"), ("language", b"en-GB", b"de-DE")],
)
def test_another_property_is_named(tmp_path: Path, name: str, old: bytes, new: bytes) -> None:
    parts = dict(_sound())
    parts["docProps/core.xml"] = parts["docProps/core.xml"].replace(old, new)
    assert any(f"the {name} '{new.decode()}'" in difference for difference in _verified(tmp_path, parts))
