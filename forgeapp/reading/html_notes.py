"""Footnotes of an HTML file: links that lead to a place that leads back, as every program writes them."""

from __future__ import annotations

from collections.abc import Iterator

from forgeapp.reading.html_tree import Node

_CONTAINERS = ("li", "p", "div", "section", "aside", "dd", "tr", "blockquote")
_SECTIONS = ("footnotes", "footnote-list", "endnotes", "footnotes-list")
MAX_STEPS = 4


class Notes:
    """`labels`: of each mark by the identity of its node. `bodies`: what each label's note stands in."""

    def __init__(self, root: Node) -> None:
        self.labels: dict[int, str] = {}
        self.bodies: dict[str, Node] = {}
        self.backward: set[int] = set()
        """Links that only lead back."""
        self._body_ids: set[int] = set()
        self._places: dict[str, Node] = {}
        self._referring: dict[int, set[str]] = {}
        links: list[tuple[Node, str]] = []
        for node in root.walk():
            for name in (node.get("id"), node.get("name") if node.tag == "a" else ""):
                if name:
                    self._places.setdefault(name, node)
            if node.tag == "a" and node.get("href").startswith("#"):
                links.append((node, node.get("href")[1:]))
        self._pair(links)

    def is_body(self, node: Node) -> bool:
        return id(node) in self._body_ids

    def _pair(self, links: list[tuple[Node, str]]) -> None:
        names: dict[int, str] = {}
        for link, name in links:
            place = self._places.get(name)
            body = _container(place) if place is not None else None
            if body is None or body.order <= link.order or _is_within(link, body):
                continue
            if id(body) not in names:
                if not (self._refers(body) & set(_names_of(link))):
                    continue
                names[id(body)] = str(len(names) + 1)
                self.bodies[names[id(body)]] = body
            self.labels[id(link)] = names[id(body)]
        marks = {name for link, _ in links if id(link) in self.labels for name in _names_of(link)}
        self.backward = {id(link) for link, name in links if name in marks and id(link) not in self.labels}
        self._body_ids |= set(names)

    def _refers(self, body: Node) -> set[str]:
        if id(body) not in self._referring:
            self._referring[id(body)] = {
                node.get("href")[1:] for node in body.walk() if node.tag == "a" and node.get("href").startswith("#")
            }
        return self._referring[id(body)]


def is_notes_section(node: Node) -> bool:
    if node.tag not in ("section", "div", "aside", "ol"):
        return False
    return any(name in _SECTIONS for name in (*node.classes, node.get("id"))) or (
        "mso-element" in node.style and (node.style["mso-element"] in ("footnote-list", "endnote-list"))
    )


def _container(place: Node) -> Node | None:
    """The block a place is the beginning of."""
    node: Node | None = place
    while node is not None and node.tag not in _CONTAINERS:
        node = node.parent
    if node is not None and node.tag == "p" and node.parent is not None and node.parent.tag in ("li", "div"):
        # A note of several paragraphs, each note in a block of its own.
        first = next((child for child in node.parent.nodes() if child.tag != "a"), None)
        names = node.parent.get("id").lower()
        if first is node and (node.parent.tag == "li" or "note" in names or names.startswith(("ftn", "edn"))):
            return node.parent
    return node


def _names_of(link: Node) -> Iterator[str]:
    """The names a mark goes by: its own, those within, those right around it and right before it."""
    for node in link.walk():
        yield from (name for name in (node.get("id"), node.get("name")) if name)
    above = link.parent
    for _ in range(MAX_STEPS):
        if above is None or above.tag in ("body", "html", "#document"):
            return
        yield from (name for name in (above.get("id"),) if name)
        # LibreOffice sets the names of marks at the beginning of their paragraph.
        if above.tag in ("p", "li", "td", "h1", "h2", "h3", "h4", "h5", "h6"):
            yield from (child.get("name") for child in above.nodes() if child.tag == "a" and child.get("name"))
            return
        above = above.parent


def _is_within(node: Node, outer: Node) -> bool:
    found = node.parent
    while found is not None and found is not outer:
        found = found.parent
    return found is outer
