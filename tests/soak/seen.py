"""What a document shows: of blocks as it should be, and of LibreOffice's flat XML as it is."""

from __future__ import annotations

import base64
import binascii
import io
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lxml import etree

from forgeapp.domain.artifact import Format
from forgeapp.domain.document import (
    Block,
    Blocks,
    CodeBlock,
    Footnote,
    FootnoteMark,
    Heading,
    InlineMath,
    Inlines,
    ListBlock,
    ListItem,
    MathBlock,
    Paragraph,
    Picture,
    Quote,
    Run,
    TableBlock,
)
from forgeapp.exporters.mathml import math_tree
from forgeapp.exporters.standins import with_standins


@dataclass
class Seen:
    """`text`: without white space and what cannot be seen or is shown as U+FFFD. `items`: of each list item its depth,
    from 1, and its text up to the first block within. `notes`: footnotes in order. `links`: addresses as they are met.
    """

    text: str = ""
    headings: list[tuple[int, str]] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)
    items: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    pictures: int = 0
    links: list[str] = field(default_factory=list)
    marked: dict[str, int] = field(default_factory=dict)
    """Numbers of footnotes by label, in the order of their first marks."""


def squeezed(text: str) -> str:
    return "".join(
        each
        for each in text
        if not each.isspace() and unicodedata.category(each) not in ("Cc", "Cf", "Cn") and each not in "\ufffd↩"
    )


def expected(blocks: Blocks, file_format: Format) -> Seen:
    result = Seen()
    blocks, _ = with_standins(blocks)
    result.text = "".join(_texts(blocks, result, 0, file_format))
    result.links = _as_met(result.links)
    return result


def _texts(blocks: Iterable[Block], result: Seen, depth: int, file_format: Format) -> Iterable[str]:
    for block in blocks:
        match block:
            case Heading(level=level, inlines=inlines):
                text = _text(inlines, result, file_format)
                if text:
                    result.headings.append((level, text))
                yield text
            case Paragraph(inlines=inlines):
                yield _text(inlines, result, file_format)
            case ListBlock(items=items):
                for item in items:
                    number = len(result.items)
                    result.items.append((depth + 1, ""))
                    texts = list(_texts(item.blocks, result, depth + 1, file_format))
                    if item.checked is not None and file_format is Format.DOCX:
                        texts[:1] = [f"{'☑' if item.checked else '☐'}{''.join(texts[:1])}"]
                    result.items[number] = (depth + 1, texts[0] if texts else "")
                    yield from texts
            case TableBlock(header=header, rows=rows):
                grid = [[_text(cell, result, file_format) for cell in row] for row in (header, *rows)]
                # A header without a word is left out of Word files.
                grid = grid if any(grid[0]) or file_format is Format.HTML else grid[1:]
                if any(grid):
                    result.tables.append(grid)
                yield "".join("".join(row) for row in grid)
            case CodeBlock(text=text):
                yield squeezed(text)
            case MathBlock(tex=tex):
                yield _formula(tex, file_format)
            case Quote(blocks=inner):
                yield from _texts(inner, result, depth, file_format)
            case Footnote(blocks=inner) if file_format is Format.HTML:
                # A page has no place for footnotes but a list at its end.
                items = (ListItem(inner),)
                yield from _texts((ListBlock(ordered=True, items=items),), result, 0, file_format)
            case Footnote(blocks=inner):
                # What stands in a footnote is its text alone.
                aside = Seen()
                result.notes.append("".join(_texts(inner, aside, 0, file_format)))
                result.links += aside.links
                result.pictures += aside.pictures
            case _:
                pass


def _text(inlines: Inlines, result: Seen, file_format: Format) -> str:
    parts: list[str] = []
    for inline in inlines:
        match inline:
            case Run(text=text, link=link):
                parts.append(text)
                if link:
                    result.links.append(link)
            case Picture(source=source, alt=alt):
                if is_drawn(source):
                    result.pictures += 1
                else:
                    parts.append(alt)
            case InlineMath(tex=tex):
                parts.append(_formula(tex, file_format))
            case FootnoteMark(label=label):
                is_first = label not in result.marked
                number = result.marked.setdefault(label, len(result.marked) + 1)
                if not is_first or file_format is Format.HTML:
                    parts.append(str(number))
            case _:
                pass
    return squeezed("".join(parts))


def _formula(tex: str, file_format: Format) -> str:
    """What stands for a formula as text: TeX where it is not understood, else nothing; of MathML all of its letters."""
    tree = math_tree(tex, is_block=True)
    if tree is None:
        return squeezed(tex)
    return squeezed("".join(tree.itertext()) + tex) if file_format is Format.HTML else ""


def is_drawn(source: str) -> bool:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(base64.b64decode(source.partition(",")[2], validate=True))) as picture:
            picture.load()
    except (OSError, ValueError, binascii.Error):
        return False
    return True


def seen(path: Path, file_format: Format) -> Seen:
    result = Seen()
    body = etree.parse(path, etree.XMLParser(huge_tree=True)).getroot().find(".//{*}body/{*}text")
    assert body is not None, path
    parts: list[str] = []
    _read(body, result, parts, 0)
    result.text = squeezed("".join(parts))
    result.links = _as_met(result.links)
    return result


def _as_met(links: list[str]) -> list[str]:
    """Addresses decoded; a link of several pieces once, places in the document itself not at all."""
    return [link for link, _ in groupby(unquote(link).removesuffix("/") for link in links if not link.startswith("#"))]


_PASSED_OVER = (
    "sequence-decls",
    "forms",
    "annotation",
    "annotation-end",
    "note-citation",
    "table-of-content",
    "object",
)


def _read(element: Any, result: Seen, parts: list[str], depth: int) -> None:
    """Appends the text of what stands in it; `depth` of the list it is in."""
    for child in element:
        if isinstance(child.tag, str):
            _read_one(child, result, parts, depth)
        if child.tail and etree.QName(element).localname in ("p", "h", "span", "a"):
            parts.append(child.tail)


def _read_one(child: Any, result: Seen, parts: list[str], depth: int) -> None:
    name = etree.QName(child).localname
    own: list[str] = []
    match name:
        case _ if name in _PASSED_OVER:
            return
        case "p" | "h" | "span" | "a":
            own.append(child.text or "")
            _read(child, result, own, depth)
            text = squeezed("".join(own))
            if name == "h" and text:
                level = next(value for key, value in child.attrib.items() if key.endswith("}outline-level"))
                result.headings.append((int(level), text))
            if name == "a" and text:
                result.links.append(next(value for key, value in child.attrib.items() if key.endswith("}href")))
        case "list-item" if etree.QName(child[0]).localname == "list":
            # What only holds a deeper list is no item of its own.
            _read(child, result, own, depth)
        case "list-item":
            number = len(result.items)
            result.items.append((depth, ""))
            _read(child, result, own, depth)
            result.items[number] = (depth, squeezed(own[0]) if own else "")
        case "list":
            _read(child, result, own, depth + 1)
        case "table":
            number = len(result.tables)
            result.tables.append([])
            for row in child.iter("{*}table-row"):
                cells: list[str] = []
                for cell in row.findall("{*}table-cell"):
                    texts: list[str] = []
                    _read(cell, result, texts, depth)
                    cells.append(squeezed("".join(texts)))
                    own += texts
                result.tables[number].append(cells)
        case "frame":
            if child.find(".//{*}image") is not None:
                result.pictures += 1
            else:
                _read(child, result, own, depth)
        case "note":
            texts = []
            aside = Seen()
            _read(child, aside, texts, 0)
            result.notes.append(squeezed("".join(texts)))
            result.links += aside.links
            result.pictures += aside.pictures
            return
        case _:
            _read(child, result, own, depth)
    parts.append("".join(own))
