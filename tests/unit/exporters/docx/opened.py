"""DOCX files written, opened, and changed as no exporter would."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
from lxml import etree

from forgeapp.domain.artifact import Kind
from forgeapp.domain.document import Block
from forgeapp.domain.export_options import ExportOptions
from forgeapp.exporters.docx.exporter import EXPORTER
from forgeapp.exporters.docx.styles import W
from tests.unit.exporters.document_samples import publication

_PPR_ORDER = (
    "pStyle", "keepNext", "keepLines", "numPr", "pBdr", "shd", "tabs", "bidi", "spacing", "ind",
    "contextualSpacing", "jc", "outlineLvl", "sectPr",
)  # fmt: skip
_RPR_ORDER = (
    "rStyle", "rFonts", "b", "bCs", "i", "iCs", "strike", "noProof", "color", "sz", "szCs", "u", "shd", "vertAlign",
    "rtl", "lang",
)  # fmt: skip
_TBLPR_ORDER = ["tblStyle", "bidiVisual", "tblW", "tblInd", "tblBorders", "tblLayout", "tblCellMar", "tblLook"]


def written(tmp_path: Path, *blocks: Block, **properties: str) -> Path:
    path = tmp_path / "out.docx"
    EXPORTER.write(publication(*blocks, **properties), path, lambda share: None)
    return path


def opened_part(path: Path, name: str = "word/document.xml") -> etree._Element:
    with zipfile.ZipFile(path) as archive:
        return etree.fromstring(archive.read(name))


def rewrite_part(path: Path, change: Callable[[etree._Element], None], name: str = "word/document.xml") -> None:
    """Plants a fault: one part of the file rewritten."""
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    root = etree.fromstring(parts[name])
    change(root)
    parts[name] = etree.tostring(root)
    with zipfile.ZipFile(path, "w") as archive:
        for part, data in parts.items():
            archive.writestr(part, data)


def remove(element: etree._Element | None) -> None:
    assert element is not None
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)


def first_styled(element: etree._Element, style: str) -> etree._Element:
    found = element.xpath(f"//w:p[w:pPr/w:pStyle/@w:val='{style}']", namespaces={"w": W})
    assert isinstance(found, list)
    return found[0]


def first_of(root: etree._Element, name: str) -> etree._Element:
    found = root.find(f".//{{{W}}}{name}")
    assert found is not None
    return found


def check_order(root: etree._Element) -> None:
    for name, order in (("pPr", _PPR_ORDER), ("rPr", _RPR_ORDER), ("tblPr", _TBLPR_ORDER)):
        for properties in root.iter(f"{{{W}}}{name}"):
            places = [order.index(etree.QName(child).localname) for child in properties]
            assert places == sorted(places)


def written_with(tmp_path: Path, *blocks: Block, kind: Kind = Kind.DOCUMENT, **options: Any) -> Path:
    path = tmp_path / "out.docx"
    source = replace(publication(*blocks, kind=kind), options=ExportOptions(**options))
    EXPORTER.write(source, path, lambda share: None)
    assert EXPORTER.verify(source, path) == []
    return path


def texts_styled(path: Path, style: str) -> list[str]:
    paragraphs = docx.Document(str(path)).paragraphs
    return [each.text for each in paragraphs if each.style is not None and each.style.name == style]
