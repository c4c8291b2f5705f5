"""The blocks of an HTML tree: what each element means, in the manner of word processors, mail and note programs too."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from forgeapp.domain.document import (
    Block,
    Blocks,
    CodeBlock,
    Footnote,
    FootnoteMark,
    Heading,
    InlineMath,
    ListBlock,
    ListItem,
    MathBlock,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Run,
)
from forgeapp.reading.document_losses import Loss
from forgeapp.reading.html_code import code_of
from forgeapp.reading.html_flow import Flow, Style
from forgeapp.reading.html_grid import read_grid
from forgeapp.reading.html_notes import Notes, is_notes_section
from forgeapp.reading.html_tree import Node
from forgeapp.reading.kept_pictures import KeptPictures
from forgeapp.reading.neighbours import Neighbours
from forgeapp.reading.raised_text import on_the_line

_SILENT = frozenset(
    ("script", "style", "template", "noscript", "head", "title", "meta", "link", "base", "datalist", "colgroup", "rp")
)
_FRAMES = frozenset(("iframe", "frame", "frameset", "object", "embed", "applet", "audio", "video", "canvas"))
_FORMS = frozenset(("input", "select", "textarea", "button", "progress", "meter"))
_STYLES = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "dfn": "italic", "cite": "italic", "var": "italic",
    "s": "strike", "strike": "strike", "del": "strike", "code": "code", "kbd": "code", "samp": "code", "tt": "code",
}  # fmt: skip
_BLOCKS = frozenset(
    (
        *("p", "div", "section", "article", "main", "header", "footer", "nav", "aside", "address", "center", "figure"),
        *("figcaption", "details", "dl", "dt", "dd", "fieldset", "legend", "form", "hgroup", "summary", "body", "html"),
        *("caption", "tbody", "thead", "tr", "td", "th", "li", "search", "optgroup", "option"),
    )
)
_LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_ELSEWHERE = re.compile(r"(?:https?|ftp|cid|data|about|blob):|//", re.IGNORECASE)
_DATA = re.compile(r"data:image/[\w.+-]{1,20};base64,([A-Za-z0-9+/=\s]+)", re.IGNORECASE)
_WORD_LEVEL = re.compile(r"\blevel(\d)")
_WORD_NUMBER = re.compile(r"\(?(\d{1,9})[.)]")
_WORD_LETTER = re.compile(r"\(?([A-Za-z])[A-Za-z]{0,6}[.)]")
_BOLD = ("bold", "bolder", "600", "700", "800", "900")
_IN_PIECES = {"to-do-list", "bulleted-list", "numbered-list"}
"""Lists that Notion writes item by item."""
MAX_START = 999_999_999


class HtmlBlocks:
    """`losses` and `title` are known once `read` has been."""

    def __init__(self, root: Node, is_flattened: bool, neighbours: Neighbours | None = None) -> None:
        self._root = root
        self._neighbours = neighbours
        self._notes = Notes(root)
        self._pictures = KeptPictures()
        self.losses: Counter[Loss] = Counter({Loss.DEPTH: 1} if is_flattened else {})
        self.title: str | None = None
        self._is_ours = False

    def read(self) -> Blocks:
        """The blocks of the whole file, footnotes last."""
        for node in self._root.walk():
            if node.tag == "title" and self.title is None:
                self.title = " ".join(node.text().split()) or None
            elif node.tag == "meta" and node.get("name") == "generator":
                self._is_ours = node.get("content") == "ForgeApp"
            elif node.tag == "body":
                break
        blocks = self.inside(self._root)
        notes = []
        for label, body in self._notes.bodies.items():
            flow = Flow(self._is_ours)
            self._into(body, Style(), flow)
            notes.append(Footnote(label, tuple(flow.done())))
        return (*blocks, *notes)

    def inside(self, node: Node, style: Style | None = None) -> Blocks:
        """The blocks a container holds."""
        flow = Flow(self._is_ours)
        self._into(node, style or Style(), flow)
        return tuple(flow.done())

    def _into(self, parent: Node, style: Style, flow: Flow) -> None:
        for child in parent.children:
            if isinstance(child, str):
                self._say(child, style, flow)
            else:
                self._node(child, style, flow)

    def _say(self, text: str, style: Style, flow: Flow) -> None:
        if style.position and text.strip():
            text, is_whole = on_the_line(text, style.position)
            self.losses[Loss.RAISED] += not is_whole
        flow.say(text, style)

    def _node(self, node: Node, style: Style, flow: Flow) -> None:
        tag = node.tag
        if tag in _SILENT:
            if tag == "script" and node.get("type").startswith("math/tex"):
                self._math(node.text(), "mode=display" in node.get("type"), flow)
            return
        if self._notes.is_body(node):
            return
        if tag == "nav" and self._is_ours:
            # The contents, made anew by each export.
            return
        if self._is_hidden(node):
            self.losses[Loss.HIDDEN] += bool(node.text().strip()) and node.get("aria-hidden") != "true"
            return
        if tag == "br":
            flow.end_line()
        elif tag == "hr":
            flow.add((Rule(),))
        elif tag == "img":
            self._picture(node, style, flow)
        elif tag == "a":
            self._link(node, style, flow)
        elif tag in _FRAMES:
            self.losses[Loss.FRAMES] += 1
        elif tag == "comment":
            # LibreOffice puts a cell's note before its figure.
            self.losses[Loss.COMMENTS] += 1
        elif tag == "svg":
            self.losses[Loss.SHAPES] += 1
        elif tag == "math":
            self._mathml(node, flow)
        elif tag in _FORMS:
            self._form(node, flow)
        elif tag == "q":
            flow.say("\u201c", style)
            self._into(node, style, flow)
            flow.say("\u201d", style)
        elif tag in _BLOCKS or tag in ("ul", "ol", "menu", "dir", "table", "pre", "blockquote") or _is_heading(tag):
            self._block(node, style, flow)
        else:
            self._inline(node, style, flow)

    def _inline(self, node: Node, style: Style, flow: Flow) -> None:
        if node.tag == "code" and "math" in node.classes:
            self._math(node.text(), False, flow)
            return
        if node.tag in ("sup", "sub"):
            links = [link for link in node.walk() if link.tag == "a" and id(link) in self._notes.labels]
            if not links:
                style = replace(style, position="superscript" if node.tag == "sup" else "subscript")
        if node.tag in ("u", "ins", "mark", "font"):
            self.losses[Loss.LOOKS] = 1
        self._into(node, self._styled(node, style), flow)

    def _styled(self, node: Node, style: Style) -> Style:
        if node.tag in _STYLES:
            style = style.with_one(_STYLES[node.tag])
        said = node.style
        if not said:
            return style
        weight, lines = (
            said.get("font-weight", ""),
            said.get("text-decoration", "") + said.get("text-decoration-line", ""),
        )
        if weight:
            style = replace(style, bold=weight in _BOLD)
        if "font-style" in said:
            style = replace(style, italic=said["font-style"] in ("italic", "oblique"))
        if "line-through" in lines:
            style = replace(style, strike=True)
        if said.get("vertical-align") in ("super", "sub"):
            style = replace(style, position="superscript" if said["vertical-align"] == "super" else "subscript")
        if "underline" in lines or "background-color" in said:
            self.losses[Loss.LOOKS] = 1
        return style

    def _block(self, node: Node, style: Style, flow: Flow) -> None:
        tag = node.tag
        plain = replace(style, code=False)
        if _is_heading(tag):
            inner = Flow(self._is_ours)
            self._into(node, replace(plain, bold=False), inner)
            for block in inner.done():
                flow.add((Heading(int(tag[1]), block.inlines),) if isinstance(block, Paragraph) else (block,))
        elif tag in ("ul", "ol", "menu", "dir"):
            found = self._list(node, plain)
            if found.items and not (_IN_PIECES & set(node.classes) and flow.continue_list(found)):
                flow.add((found,))
        elif tag == "table":
            flow.add(read_grid(node, self, self.losses))
        elif tag == "pre":
            flow.add(self._code(node))
        elif tag == "blockquote":
            inner_blocks = self.inside(node, plain)
            flow.add((Quote(inner_blocks),) if inner_blocks else ())
        elif is_notes_section(node):
            self._notes_section(node, plain, flow)
        elif tag == "div" and "math" in node.classes:
            flow.add((MathBlock(node.text().strip()),))
        elif tag == "li":
            flow.add((ListBlock(False, (self._item(node, plain),)),))
        elif "mso-list" in node.style and not node.style["mso-list"].startswith(("ignore", "none")):
            self._word_item(node, plain, flow)
        else:
            flow.end_paragraph()
            state = self._box_state(node)
            if state is not None and not flow.blocks:
                flow.checked = state
            self._into(node, self._styled(node, replace(plain, bold=True) if tag in ("dt", "summary") else plain), flow)
            flow.end_paragraph()

    def _notes_section(self, node: Node, style: Style, flow: Flow) -> None:
        """What is neither a note nor the line above them."""
        for block in self.inside(node, style):
            if not isinstance(block, Rule):
                flow.add((block,))

    def _list(self, node: Node, style: Style) -> ListBlock:
        items: list[ListItem] = []
        for child in node.children:
            if isinstance(child, str):
                if child.strip():
                    items.append(ListItem((Paragraph((style.run(" ".join(child.split())),)),)))
            elif child.tag == "li":
                if not self._notes.is_body(child):
                    items.append(self._item(child, style))
            elif child.tag not in _SILENT:
                # Lists right inside lists belong to the item before.
                flow = Flow(self._is_ours)
                self._node(child, style, flow)
                inner = tuple(flow.done())
                if inner and items:
                    items[-1] = replace(items[-1], blocks=(*items[-1].blocks, *inner))
                elif inner:
                    items.append(ListItem(inner))
        ordered = node.tag == "ol"
        start = _number(node.get("start"), 1)
        first = next((child for child in node.nodes() if child.tag == "li"), None)
        if first is not None and ordered:
            start = _number(first.get("value"), start)
        if ordered and node.get("type") in ("a", "A", "i", "I"):
            self.losses[Loss.LETTERED_LISTS] += len(items)
        paragraphs = (sum(isinstance(block, Paragraph) for block in item.blocks) for item in items)
        tight = "tight" in node.classes if self._is_ours else all(count <= 1 for count in paragraphs)
        return ListBlock(ordered, tuple(items), start if ordered else 1, tight)

    def _item(self, node: Node, style: Style) -> ListItem:
        flow = Flow(self._is_ours)
        self._into(node, self._styled(node, style), flow)
        return ListItem(tuple(flow.done()), flow.checked)

    def _word_item(self, node: Node, style: Style, flow: Flow) -> None:
        """A list item as Word saves it: a paragraph with its level in a style, its mark in a span to be ignored."""
        level = _WORD_LEVEL.search(node.style["mso-list"])
        mark = ""
        for inner in node.walk():
            if inner.style.get("mso-list") == "ignore":
                mark = mark or inner.text().strip()
                inner.children = []
        line = Flow(self._is_ours)
        self._into(node, self._styled(node, style), line)
        inlines = line.take_line()
        number = _WORD_NUMBER.match(mark)
        letter = _WORD_LETTER.match(mark)
        if letter and not number:
            self.losses[Loss.LETTERED_LISTS] += 1
        at = int(number[1]) if number else ord(letter[1].lower()) - 96 if letter else None
        if inlines:
            flow.add_item(inlines, max(1, int(level[1])) if level else 1, at)

    def _code(self, node: Node) -> Iterable[Block]:
        language, text = code_of(node)
        return (CodeBlock(language, text),) if text.strip() else ()

    def _link(self, node: Node, style: Style, flow: Flow) -> None:
        label = self._notes.labels.get(id(node))
        if label is not None:
            flow.put(FootnoteMark(label))
            return
        if id(node) in self._notes.backward:
            return
        address = node.get("href").strip()
        if address.startswith("#") and node.text().strip():
            self.losses[Loss.INNER_LINKS] += 1
        link = address if _LINK.match(address) else style.link
        self._into(node, self._styled(node, replace(style, link=link)), flow)

    def _picture(self, node: Node, style: Style, flow: Flow) -> None:
        source, alt = node.get("src").strip(), " ".join(node.get("alt").split())[:500]
        match = _DATA.fullmatch(source)
        if match:
            import base64
            import binascii

            try:
                data = base64.b64decode(match[1])
            except (binascii.Error, ValueError):
                data = None
            kept = self._pictures.source_of(data)
            if kept is not None:
                flow.put(Picture(kept, alt))
                return
            self.losses[self._pictures.loss(data)] += 1
        elif self._neighbours is not None and source and not _ELSEWHERE.match(source):
            taken = self._neighbours.source_of(source)
            if taken is not None:
                flow.put(Picture(taken, alt))
                return
        elif node.get("width") not in ("0", "1") and node.get("height") not in ("0", "1"):
            # Pictures of one dot count who opens a mail.
            self.losses[Loss.REMOTE_PICTURES] += 1
        if alt:
            flow.say(alt, style)

    def _math(self, tex: str, is_block: bool, flow: Flow) -> None:
        tex = tex.strip()
        if tex and is_block:
            flow.add((MathBlock(tex),))
        elif tex:
            flow.put(InlineMath(tex))

    def _mathml(self, node: Node, flow: Flow) -> None:
        tex = next((n for n in node.walk() if n.tag == "annotation" and "tex" in n.get("encoding").lower()), None)
        if tex is not None:
            self._math(tex.text(), node.get("display") == "block", flow)
            return
        self.losses[Loss.EQUATIONS] += 1
        flow.say(" ".join(node.text().split()), Style())

    def _form(self, node: Node, flow: Flow) -> None:
        if node.tag == "input" and node.get("type").lower() == "checkbox":
            if not flow.blocks and not flow.has_text:
                flow.checked = "checked" in node.attributes
            else:
                flow.put(Run("\u2611 " if "checked" in node.attributes else "\u2610 "))
            return
        if node.tag == "input" and node.get("type").lower() == "hidden":
            return
        self.losses[Loss.FORMS] += 1
        if node.tag == "button":
            flow.say(node.text(), Style())

    def _box_state(self, node: Node) -> bool | None:
        """Boxes of note programs are drawn: '<div class="checkbox checkbox-on">'."""
        if "checkbox" not in node.classes or node.text().strip():
            return None
        return any(name in ("checkbox-on", "checked", "checkbox-checked") for name in node.classes)

    def _is_hidden(self, node: Node) -> bool:
        if "hidden" in node.attributes or node.get("aria-hidden") == "true":
            return True
        said = node.style
        return said.get("display") == "none" or said.get("mso-hide") == "all" or said.get("visibility") == "hidden"


def _is_heading(tag: str) -> bool:
    return len(tag) == 2 and tag[0] == "h" and tag[1] in "123456"


def _number(text: str, otherwise: int) -> int:
    text = text.strip()
    return min(int(text), MAX_START) if text.isascii() and text.isdecimal() and len(text) < 12 else otherwise
