"""An HTML file parsed again with lxml and compared with what was to be written; nothing active may be in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from forgeapp.domain.document import (
    Block,
    CodeBlock,
    Footnote,
    Heading,
    Inline,
    ListBlock,
    MathBlock,
    Paragraph,
    Picture,
    Quote,
    Run,
    TableBlock,
    walk,
)
from forgeapp.domain.publication import Publication
from forgeapp.exporters.links import web_address
from forgeapp.exporters.pictures import read_picture
from forgeapp.exporters.spoken import spoken

MAX_NAMED = 20
_SHOWN = 60
_NAMES = {"p": "paragraph", "th": "table header", "td": "table cell", "pre": "code", "math": "formula"}
_FORBIDDEN = frozenset(("script", "iframe", "object", "embed", "link", "base", "form", "svg", "audio", "video"))
_SAFE_LINK = re.compile(r"(?:https?://|mailto:|#)", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")

Part = tuple[str, str]
"""A tag and its text."""


def differences(publication: Publication, path: Path) -> list[str]:
    """Every difference in words, the first MAX_NAMED of them; [] for none."""
    from lxml import etree, html

    try:
        # By handle: lxml takes a name for an address, and would read '%20' in it as a blank.
        with path.open("rb") as file:
            tree = html.parse(file, html.HTMLParser(encoding="utf-8", huge_tree=True))
    except (OSError, etree.LxmlError) as error:
        return [f"the file cannot be read: {error}"]
    root = tree.getroot()
    body = root.find("body") if root is not None else None
    if root is None or body is None:
        return ["the file has no body"]
    result: list[str] = []
    title = _plain(root.findtext("head/title") or "")
    if title != _plain(publication.title):
        result.append(f"the title is '{_short(title)}', not '{_short(publication.title)}'")
    if not root.get("lang"):
        result.append("the language is not given")
    result += _active_parts(root)
    notes = [block for block in publication.blocks if isinstance(block, Footnote)]
    blocks = [*(block for block in publication.blocks if not isinstance(block, Footnote)), *notes]
    numbers = {note.label: str(number) for number, note in enumerate(notes, 1)}
    result += _part_differences(list(_wanted(blocks, numbers)), list(_found(body)))
    result += _structure_differences(blocks, body)
    return result[:MAX_NAMED]


def _active_parts(root: Any) -> Iterator[str]:
    for element in root.iter():
        if not isinstance(element.tag, str):
            yield "the file holds a comment or an instruction"
            continue
        if element.tag in _FORBIDDEN:
            yield f"the file holds <{element.tag}>"
        for name, value in element.items():
            if name.startswith("on"):
                yield f"the file holds the action {name}"
            elif name in ("src", "data", "srcset") and not value.startswith("data:image/"):
                yield f"the file loads {_short(value)}"
            elif name == "href" and not _SAFE_LINK.match(value):
                yield f"the file links to {_short(value)}"


def _part_differences(wanted: Sequence[Part], found: Sequence[Part]) -> Iterator[str]:
    if wanted == found:
        return
    missing, more = Counter(wanted) - Counter(found), Counter(found) - Counter(wanted)
    for (tag, text), count in missing.items():
        yield f"the {_name(tag)} '{_short(text)}' is missing or changed" + (f" ({count} times)" if count > 1 else "")
    for tag, text in more:
        yield f"the {_name(tag)} '{_short(text)}' is not in the original"
    if not missing and not more:
        place = next(index for index, (one, other) in enumerate(zip(wanted, found, strict=True)) if one != other)
        yield f"the order differs from the {_name(wanted[place][0])} '{_short(wanted[place][1])}' on"


def _structure_differences(blocks: Sequence[Block], body: Any) -> Iterator[str]:
    everything = list(walk(blocks))
    tables = [block for block in everything if isinstance(block, TableBlock)]
    shapes = [[len(table.header)] * (1 + len(table.rows)) for table in tables]
    found = [[len(row) for row in table.iter("tr")] for table in body.iter("table")]
    if shapes != found:
        yield f"the shapes of the tables differ: {len(found)} tables instead of {len(shapes)}, or other rows or columns"
    lists = [block for block in everything if isinstance(block, ListBlock)]
    wanted_lists = [(block.start if block.ordered else None, len(block.items)) for block in lists]
    found_lists = [
        (int(element.get("start", "1")) if element.tag == "ol" else None, len(element))
        for element in body.iter("ul", "ol")
        if element.getparent().get("class") != "footnotes"
    ]
    if wanted_lists != found_lists:
        yield "the lists differ in their numbers or items"
    if list(_boxes(blocks)) != [element.get("checked") is not None for element in body.iter("input")]:
        yield "the task boxes differ"
    links = Counter(address for address in map(web_address, _links(everything)) if address)
    for link, count in (links - Counter(element.get("href", "") for element in body.iter("a"))).items():
        yield f"{count} of {links[link]} links to {_short(link)} are missing"
    pictures = sum(
        read_picture(inline.source) is not None
        for inlines in _inline_groups(everything)
        for inline in inlines
        if isinstance(inline, Picture)
    )
    if pictures != sum(1 for _ in body.iter("img")):
        yield "the pictures differ in number"


def _boxes(blocks: Sequence[Block]) -> Iterator[bool]:
    for block in blocks:
        match block:
            case ListBlock(items=items):
                for item in items:
                    if item.checked is not None:
                        yield item.checked
                    yield from _boxes(item.blocks)
            case Quote(blocks=inner) | Footnote(blocks=inner):
                yield from _boxes(inner)
            case _:
                pass


def _found(body: Any) -> Iterator[Part]:
    """The parts of the file in their order."""
    for element in body.iter():
        tag = element.tag
        if tag == "pre":
            yield tag, _verbatim("".join(element.itertext()))
        elif tag == "div" and element.get("class") == "math":
            yield "math", _plain("".join(element.itertext()))
        elif tag in ("p", "th", "td") or (isinstance(tag, str) and re.fullmatch("h[1-6]", tag)):
            yield tag, _plain("".join(element.itertext()))


def _wanted(blocks: Sequence[Block], numbers: dict[str, str]) -> Iterator[Part]:
    for block in blocks:
        match block:
            case Heading(level=level, inlines=inlines):
                yield f"h{min(max(level, 1), 6)}", _plain(spoken(inlines, numbers))
            case Paragraph(inlines=inlines):
                yield "p", _plain(spoken(inlines, numbers))
            case ListBlock(items=items):
                for item in items:
                    yield from _wanted(item.blocks, numbers)
            case TableBlock(header=header, rows=rows):
                yield from (("th", _plain(spoken(cell, numbers))) for cell in header)
                yield from (("td", _plain(spoken(cell, numbers))) for row in rows for cell in row)
            case CodeBlock(text=text):
                yield "pre", _verbatim(text)
            case MathBlock(tex=tex):
                yield "math", _plain(tex)
            case Quote(blocks=inner) | Footnote(blocks=inner):
                yield from _wanted(inner, numbers)
            case _:
                pass


def _inline_groups(blocks: Sequence[Block]) -> Iterator[Sequence[Inline]]:
    for block in blocks:
        match block:
            case Heading(inlines=inlines) | Paragraph(inlines=inlines):
                yield inlines
            case TableBlock(header=header, rows=rows):
                yield from header
                for row in rows:
                    yield from row
            case _:
                pass


def _links(blocks: Sequence[Block]) -> Iterator[str]:
    for inlines in _inline_groups(blocks):
        yield from (inline.link for inline in inlines if isinstance(inline, Run) and inline.link)


def _verbatim(text: str) -> str:
    """lxml leaves out a byte order mark."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    return _UNSHOWABLE.sub("\ufffd", text)


def _plain(text: str) -> str:
    return _SPACES.sub(" ", _UNSHOWABLE.sub("\ufffd", text.replace("\ufeff", ""))).strip()


def _name(tag: str) -> str:
    return _NAMES.get(tag, "heading")


def _short(text: str) -> str:
    text = _plain(text)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
