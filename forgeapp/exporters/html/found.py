"""What an HTML file holds, read piece by piece with lxml: a table of a million cells takes no more room than a line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any, Final

from forgeapp.exporters.comparison import Part, shortened
from forgeapp.exporters.html.words import HOLE, bare, list_words, picture_words, plain, shape, verbatim

_FORBIDDEN: Final = frozenset(("script", "iframe", "object", "embed", "link", "base", "form", "svg", "audio", "video"))
_SAFE_LINK: Final = re.compile(r"(?:https?://|mailto:|#)", re.IGNORECASE)
_LOADING: Final = ("src", "data", "srcset", "background", "poster")
_OUTER: Final = frozenset(
    ("html", "head", "body", "main", "section", "div", "ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tr")
)
"""What holds other blocks, of which each is let go once it is read."""
_SILENT: Final = ("title", "style")
_MAX_FAULTS: Final = 20


@dataclass(slots=True)
class _Holder:
    """An element of _OUTER whose end has not come."""

    tag: str
    words: str = ""
    counts: bool = True
    children: int = 0
    widths: Counter[int] = field(default_factory=Counter)


class Found:
    """`parts` reads the file; all else is known when that is through.

    `contents`: where each entry leads, and what it says. `places`: how often each id stands in it. `jumps`: the ids
    that links lead to. `faults`: what would run or be loaded, and text outside the blocks.
    """

    def __init__(self) -> None:
        self.title = self.language = ""
        self.has_body = False
        self.contents: list[tuple[str, str]] = []
        self.places: Counter[str] = Counter()
        self.jumps: dict[str, None] = {}
        self.faults: list[str] = []
        self._depth = 0
        self._open: list[_Holder] = []

    def parts(self, file: IO[bytes]) -> Iterator[Part]:
        """In reading order; of the contents none, for they are links to what is there already.

        Raises lxml.etree.LxmlError.
        """
        from lxml import etree

        events = ("start", "end", "comment", "pi")
        leaf: Any = None
        # By handle: lxml takes a name for an address, and would read '%20' in it as a blank.
        for event, element in etree.iterparse(file, events, html=True, encoding="utf-8", huge_tree=True):
            if event in ("comment", "pi"):
                self._fault("the file holds a comment or an instruction")
            elif leaf is not None:
                if event == "end" and element is leaf:
                    yield from self._leaf(leaf)
                    leaf = None
                    _let_go(element)
            elif event == "start":
                self._look_before(element)
                if element.tag in _OUTER:
                    self._look_at(element)
                    yield from self._opened(element)
                else:
                    leaf = element
            else:
                self._look_behind(element)
                yield from self._closed()
                _let_go(element)

    def _opened(self, element: Any) -> Iterator[Part]:
        tag = str(element.tag)
        holder = _Holder(tag)
        if self._open:
            self._open[-1].children += 1
        self._open.append(holder)
        match tag:
            case "html":
                self.language = element.get("lang") or ""
            case "body":
                self.has_body = True
            case "ul" | "ol":
                parent = element.getparent()
                # The list of notes is none of the document's.
                holder.counts = parent is None or parent.get("class") != "footnotes"
                holder.words = element.get("start", "1") if tag == "ol" else ""
                self._depth += holder.counts
            case "li":
                yield tag, self._depth, ""
            case "blockquote":
                yield tag, self._depth, ""
                self._depth += 1
            case _:
                pass

    def _closed(self) -> Iterator[Part]:
        holder = self._open.pop()
        match holder.tag:
            case "ul" | "ol" if holder.counts:
                self._depth -= 1
                yield holder.tag, self._depth, list_words(holder.words, holder.children)
            case "blockquote":
                self._depth -= 1
            case "tr":
                table = next((one for one in reversed(self._open) if one.tag == "table"), None)
                if table is not None:
                    table.widths[holder.children] += 1
            case "table":
                yield holder.tag, self._depth, shape(holder.widths)
            case _:
                pass

    def _leaf(self, leaf: Any) -> Iterator[Part]:
        tag = leaf.tag
        if self._open:
            self._open[-1].children += 1
        if tag in ("td", "th") and not len(leaf) and leaf.keys() in ([], ["class"]):
            # Nearly all cells are like that.
            kind = leaf.get("class")
            yield tag, self._depth, f"{kind}|{plain(leaf.text or '')}" if kind else plain(leaf.text or "")
            return
        for element in leaf.iter():
            self._look_at(element)
        if tag == "nav":
            self.contents += [(link.get("href", ""), _text(link)) for link in leaf.iter("a")]
        elif tag == "title":
            self.title = plain(leaf.text or "")
        elif tag not in _SILENT:
            yield from _parts_of(leaf, self._depth)

    def _look_at(self, element: Any) -> None:
        """Notes what the whole file is asked for."""
        if not isinstance(element.tag, str):
            return
        if element.tag in _FORBIDDEN:
            self._fault(f"the file holds <{element.tag}>")
        for name, value in element.items():
            if name == "id":
                self.places[value] += 1
            elif name.startswith("on"):
                self._fault(f"the file holds the action {name}")
            elif name in _LOADING and not value.startswith("data:image/"):
                self._fault(f"the file loads {_short(value)}")
            elif name == "href" and value.startswith("#"):
                self.jumps.setdefault(value[1:])
            elif name == "href" and not _SAFE_LINK.match(value):
                self._fault(f"the file links to {_short(value)}")
            elif name == "style":
                self._fault("the file has a style of its own beside its style sheet")

    def _look_before(self, element: Any) -> None:
        previous, parent = element.getprevious(), element.getparent()
        if previous is not None:
            self._look_at_text(previous.tail)
        elif parent is not None:
            self._look_at_text(parent.text)

    def _look_behind(self, element: Any) -> None:
        self._look_at_text(element[-1].tail if len(element) else element.text)

    def _look_at_text(self, text: str | None) -> None:
        if text and not text.isspace():
            self._fault(f"'{_short(text)}' stands outside the text")

    def _fault(self, words: str) -> None:
        if len(self.faults) < _MAX_FAULTS:
            self.faults.append(words)


def _let_go(element: Any) -> None:
    """The text behind it is not read yet: it goes when the next one has been."""
    element.clear(keep_tail=True)
    while (previous := element.getprevious()) is not None:
        previous.getparent().remove(previous)


def _parts_of(leaf: Any, depth: int) -> Iterator[Part]:
    """A block that holds no other, and what stands in it."""
    from lxml import etree

    walker = etree.iterwalk(leaf, events=("start",))
    for _, element in walker:
        tag = element.tag
        kind = element.get("class") or ""
        match tag:
            case "th" | "td":
                yield tag, depth, f"{kind}|{_text(element)}" if kind else _text(element)
            case "pre":
                code = element.find("code")
                name = "" if code is None else (code.get("class") or "").replace("numbered", "").strip()
                yield tag, depth, f"{name}|{verbatim(''.join(element.itertext()))}"
                walker.skip_subtree()
            case "math":
                annotation = element.find(".//annotation")
                tex = "" if annotation is None else annotation.text or ""
                yield tag, depth, f"{bare(tex)}|{_drawn(element)}"
                walker.skip_subtree()
            case "code" if kind == "math":
                yield "math", depth, bare("".join(element.itertext()))
            case "input":
                yield tag, depth, "checked" if element.get("checked") is not None else "open"
            case "hr":
                yield tag, depth, ""
            case "img":
                yield tag, depth, picture_words(element.get("src", ""), element.get("alt", ""))
            case "a" if kind == "back":
                pass
            case "a" if element.getparent().tag == "sup":
                yield "sup", depth, f"{_text(element)} {element.get('href')}"
            case "a":
                yield tag, depth, f"{element.get('href', '')} {_text(element)}"
            case "p" | "strong" | "em" | "s" | "code" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                yield tag, depth, _text(element)
            case _:
                pass


def _drawn(math: Any) -> str:
    """What a formula shows, without its TeX."""
    return bare("".join(element.text or "" for element in math.iter() if element.tag != "annotation"))


def _text(element: Any) -> str:
    """Of an element, with a hole for each formula and picture."""
    if not len(element):
        return plain(element.text or "")
    parts: list[str] = []

    def collect(node: Any) -> None:
        if node.tag in ("math", "img") or (node.tag == "code" and node.get("class") == "math"):
            parts.append(HOLE)
        elif node.tag == "br":
            parts.append(" ")
        elif node.get("class") != "back":
            parts.append(node.text or "")
            for child in node:
                collect(child)
                parts.append(child.tail or "")

    collect(element)
    return plain("".join(parts))


def _short(text: str) -> str:
    return shortened(plain(text))
