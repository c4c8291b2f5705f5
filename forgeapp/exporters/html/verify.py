"""An HTML file parsed again with lxml and compared with what was to be written; nothing active may be in it.

Both sides become one list of parts in reading order: blocks with their depth and text, and what stands within texts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from forgeapp.domain.document import (
    Block,
    CodeBlock,
    Footnote,
    FootnoteMark,
    Heading,
    Inline,
    InlineMath,
    LineBreak,
    ListBlock,
    MathBlock,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Run,
    TableBlock,
    plain_text,
)
from forgeapp.domain.publication import Publication
from forgeapp.exporters.comparison import Part, differences_of, shortened
from forgeapp.exporters.front import listed_headings
from forgeapp.exporters.links import web_address
from forgeapp.exporters.mathml import math_tree
from forgeapp.exporters.pictures import description, read_picture

MAX_NAMED = 20
_NAMES = {
    "p": "paragraph",
    "th": "table header",
    "td": "table cell",
    "pre": "code",
    "math": "formula",
    "a": "link",
    "img": "picture",
    "sup": "footnote mark",
    "ul": "list",
    "ol": "list",
    "li": "list item",
    "input": "task box",
    "blockquote": "quote",
    "hr": "line",
    "strong": "bold text",
    "em": "italic text",
    "s": "struck text",
    "code": "code in text",
}
_FORBIDDEN = frozenset(("script", "iframe", "object", "embed", "link", "base", "form", "svg", "audio", "video"))
_SAFE_LINK = re.compile(r"(?:https?://|mailto:|#)", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_HOLE = "\ufffc"
"""In texts where a formula or a picture stands."""
_NESTING = ("ul", "ol", "blockquote")


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
    result += _broken_links(root)
    if publication.options.contents:
        result += _contents_differences(publication, root)
    notes = [block for block in publication.blocks if isinstance(block, Footnote)]
    wanted = _Wanted(notes)
    body_blocks = (block for block in publication.blocks if not isinstance(block, Footnote))
    parts = (part for block in (*body_blocks, *notes) for part in wanted.block(block, 0))
    result += differences_of(parts, _found(body), _name)
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
            elif name in ("src", "data", "srcset", "background", "poster") and not value.startswith("data:image/"):
                yield f"the file loads {_short(value)}"
            elif name == "href" and not _SAFE_LINK.match(value):
                yield f"the file links to {_short(value)}"
            elif name == "style":
                yield "the file has a style of its own beside its style sheet"


def _broken_links(root: Any) -> Iterator[str]:
    """Places within the file: each once, and none missing."""
    places = Counter(element.get("id") for element in root.iter() if element.get("id"))
    yield from (f"the place '{name}' is there {count} times" for name, count in places.items() if count > 1)
    for element in root.iter("a"):
        address = element.get("href", "")
        if address.startswith("#") and address[1:] not in places:
            yield f"a link leads to '{address[1:]}', which is not there"


def _contents_differences(publication: Publication, root: Any) -> Iterator[str]:
    wanted = [
        (f"#section-{number + 1}", _plain(plain_text(heading.inlines)))
        for number, heading in listed_headings(publication.blocks)
    ]
    found = [(element.get("href"), _text(element)) for element in root.iterfind(".//nav//a")]
    for entry in wanted if found != wanted else ():
        if entry not in found:
            yield f"the contents do not lead to '{_short(entry[1])}'"
    for entry in set(found) - set(wanted):
        yield f"the contents say '{_short(entry[1])}', which no heading says"


def _found(body: Any) -> Iterator[Part]:
    """The parts of the file in their order; contents are links to what is there already."""
    from lxml import etree

    walker = etree.iterwalk(body, events=("start", "end"))
    depth = 0
    for event, element in walker:
        tag = element.tag
        if event == "end":
            depth -= tag in _NESTING
            continue
        kind = element.get("class") or ""
        match tag:
            case "nav":
                walker.skip_subtree()
            case "section":
                # The list of notes is none of the document's.
                depth -= kind == "footnotes"
            case "ul" | "ol":
                if element.getparent().get("class") != "footnotes":
                    yield tag, depth, _list_words(element.get("start", "1") if tag == "ol" else "", len(element))
                depth += 1
            case "blockquote":
                yield tag, depth, ""
                depth += 1
            case "th" | "td":
                yield tag, depth, f"{kind}|{_text(element)}" if kind else _text(element)
            case "table":
                yield tag, depth, _shape([len(row) for row in element.iter("tr")])
            case "pre":
                code = element.find("code")
                name = "" if code is None else (code.get("class") or "").replace("numbered", "").strip()
                yield tag, depth, f"{name}|{_verbatim(''.join(element.itertext()))}"
                walker.skip_subtree()
            case "math":
                annotation = element.find(".//annotation")
                tex = "" if annotation is None else annotation.text or ""
                yield tag, depth, f"{_bare(tex)}|{_drawn(element)}"
                walker.skip_subtree()
            case "code" if kind == "math":
                yield "math", depth, _bare("".join(element.itertext()))
            case "li":
                yield tag, depth, ""
            case "input":
                yield tag, depth, "checked" if element.get("checked") is not None else "open"
            case "hr":
                yield tag, depth, ""
            case "img":
                yield tag, depth, _picture_words(element.get("src", ""), element.get("alt", ""))
            case "a" if kind == "back":
                pass
            case "a" if element.get("href", "").startswith("#"):
                yield "sup", depth, f"{_text(element)} {element.get('href')}"
            case "a":
                yield tag, depth, f"{element.get('href', '')} {_text(element)}"
            case "p" | "strong" | "em" | "s" | "code" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                yield tag, depth, _text(element)
            case _:
                pass


class _Wanted:
    """What stands in the file, by the blocks. Of footnotes with one label the first is meant."""

    def __init__(self, notes: Sequence[Footnote]) -> None:
        self._numbers: dict[str, int] = {}
        for number, note in enumerate(notes, 1):
            self._numbers.setdefault(note.label, number)

    def block(self, block: Block, depth: int) -> Iterator[Part]:
        match block:
            case Heading(level=level, inlines=inlines):
                yield from self._line(f"h{min(max(level, 1), 6)}", inlines, depth)
            case Paragraph(inlines=inlines):
                yield from self._line("p", inlines, depth)
            case ListBlock(ordered=ordered, items=items, start=start):
                yield "ol" if ordered else "ul", depth, _list_words(str(start) if ordered else "", len(items))
                for item in items:
                    yield "li", depth + 1, ""
                    if item.checked is not None:
                        yield "input", depth + 1, "checked" if item.checked else "open"
                    yield from self._blocks(item.blocks, depth + 1)
            case TableBlock(header=header, rows=rows, alignments=alignments):
                yield "table", depth, _shape([len(header)] * (1 + len(rows)))
                yield from self._row("th", header, alignments, depth)
                for row in rows:
                    yield from self._row("td", row, alignments, depth)
            case CodeBlock(language=language, text=text):
                name = re.sub(r"[^A-Za-z0-9_+#-]", "", language)
                yield "pre", depth, f"{f'language-{name}' if name else ''}|{_verbatim(text)}"
            case MathBlock(tex=tex):
                yield _formula(tex, True, depth)
            case Quote(blocks=inner):
                yield "blockquote", depth, ""
                yield from self._blocks(inner, depth + 1)
            case Footnote(blocks=inner):
                # All of them stand in one list, which counts for nothing.
                yield "li", 0, ""
                yield from self._blocks(inner, 0)
            case Rule():
                yield "hr", depth, ""

    def _blocks(self, blocks: Iterable[Block], depth: int) -> Iterator[Part]:
        for block in blocks:
            yield from self.block(block, depth)

    def _row(
        self, tag: str, cells: Sequence[Sequence[Inline]], alignments: Sequence[str | None], depth: int
    ) -> Iterator[Part]:
        for cell, alignment in zip(cells, alignments, strict=True):
            yield from self._line(tag, cell, depth, f"{alignment}|" if alignment in ("left", "right", "center") else "")

    def _line(self, tag: str, inlines: Sequence[Inline], depth: int, prefix: str = "") -> Iterator[Part]:
        yield tag, depth, prefix + _plain("".join(map(self._spoken, inlines)))
        for inline in inlines:
            yield from self._inline(inline, depth)

    def _spoken(self, inline: Inline) -> str:
        match inline:
            case Run(text=text):
                return text
            case InlineMath():
                return _HOLE
            case Picture(source=source):
                return _HOLE if read_picture(source) else description(inline)
            case FootnoteMark(label=label):
                return str(self._numbers.get(label, f"[{label}]"))
            case LineBreak():
                return " "

    def _inline(self, inline: Inline, depth: int) -> Iterator[Part]:
        match inline:
            case Run(text=text):
                address = web_address(inline.link)
                if address:
                    yield "a", depth, f"{address} {_plain(text)}"
                for is_so, tag in ((inline.strike, "s"), (inline.italic, "em"), (inline.bold, "strong")):
                    if is_so:
                        yield tag, depth, _plain(text)
                if inline.code:
                    yield "code", depth, _plain(text)
            case InlineMath(tex=tex):
                yield _formula(tex, False, depth)
            case Picture(source=source, alt=alt) if read_picture(source):
                yield "img", depth, _picture_words(source, alt)
            case FootnoteMark(label=label) if label in self._numbers:
                yield "sup", depth, f"{self._numbers[label]} #note-{self._numbers[label]}"
            case _:
                pass


def _formula(tex: str, is_block: bool, depth: int) -> Part:
    tree = math_tree(tex, is_block)
    return "math", depth, _bare(tex) if tree is None else f"{_bare(tex)}|{_bare(''.join(tree.itertext()))}"


def _drawn(math: Any) -> str:
    """What a formula shows, without its TeX."""
    parts = [element.text or "" for element in math.iter() if element.tag != "annotation"]
    return _bare("".join(parts))


def _text(element: Any) -> str:
    """Of an element, with a hole for each formula and picture."""
    if not len(element):
        return _plain(element.text or "")
    parts: list[str] = []

    def collect(node: Any) -> None:
        if node.tag in ("math", "img") or (node.tag == "code" and node.get("class") == "math"):
            parts.append(_HOLE)
        elif node.tag == "br":
            parts.append(" ")
        elif node.get("class") != "back":
            parts.append(node.text or "")
            for child in node:
                collect(child)
                parts.append(child.tail or "")

    collect(element)
    return _plain("".join(parts))


def _list_words(start: str, count: int) -> str:
    return f"from {start}, {count} items" if start else f"{count} items"


def _shape(widths: Sequence[int]) -> str:
    columns = sorted(set(widths))
    return f"{len(widths)} rows of {'/'.join(map(str, columns))} cells"


def _picture_words(source: str, alt: str) -> str:
    digest = sha256("".join(source.split()).encode("utf-8", "replace")).hexdigest()[:12]
    return f"{_plain(alt)} ({digest})"


def _verbatim(text: str) -> str:
    """lxml leaves out a byte order mark."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    return _UNSHOWABLE.sub("\ufffd", text)


def _plain(text: str) -> str:
    return _SPACES.sub(" ", _UNSHOWABLE.sub("\ufffd", text.replace("\ufeff", ""))).strip()


def _bare(text: str) -> str:
    return _plain(text).replace(" ", "")


def _name(tag: str) -> str:
    return _NAMES.get(tag, "heading" if tag.startswith("h") else tag)


def _short(text: str) -> str:
    return shortened(_plain(text))
