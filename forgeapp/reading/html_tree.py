"""An HTML file as a tree of plain nodes: parsed by libxml2 in one pass, nothing loaded, nothing run, depth bounded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MAX_DEPTH = 100
"""What is nested deeper stands beside what it is in."""
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
)
_DECLARATION = re.compile(r"([\w-]+)\s*:\s*([^;]*)")


@dataclass(slots=True)
class Node:
    """`children`: nodes and texts. `order`: its place in the file."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)
    parent: Node | None = None
    order: int = 0

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    @property
    def classes(self) -> list[str]:
        return self.get("class").lower().split()

    @property
    def style(self) -> dict[str, str]:
        """Its own declarations; style sheets are not read."""
        said = self.get("style")
        return (
            {name.lower(): value.strip().lower() for name, value in _DECLARATION.findall(said[:5_000])} if said else {}
        )

    def nodes(self) -> Iterator[Node]:
        return (child for child in self.children if isinstance(child, Node))

    def walk(self) -> Iterator[Node]:
        """This node and all within, in the order of the file."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(list(node.nodes()))

    def text(self) -> str:
        parts: list[str] = []
        waiting: list[Node | str] = [self]
        while waiting:
            found = waiting.pop()
            if isinstance(found, str):
                parts.append(found)
            else:
                waiting += reversed(found.children)
        return "".join(parts)


class _Target:
    """What lxml's parser tells; too deep elements are left out, what they hold is not."""

    def __init__(self) -> None:
        self.root = Node("#document")
        self.is_flattened = False
        self._open = [self.root]
        self._skipped = 0
        self._count = 0

    def start(self, tag: str | bytes, attrib: dict[Any, Any]) -> None:
        name = str(tag).lower()
        is_too_deep = len(self._open) > MAX_DEPTH
        if not is_too_deep or name in _VOID:
            self._count += 1
            values = {str(key).lower(): str(value or "") for key, value in attrib.items()}
            node = Node(name, values, [], self._open[-1], self._count)
            self._open[-1].children.append(node)
        if is_too_deep:
            self.is_flattened = True
            self._skipped += 1
        else:
            self._open.append(node)

    def end(self, _tag: str | bytes) -> None:
        if self._skipped:
            self._skipped -= 1
        elif len(self._open) > 1:
            self._open.pop()

    def data(self, data: str | bytes) -> None:
        self._open[-1].children.append(str(data))

    def comment(self, _data: str | bytes) -> None:
        """Comments go, also those only some programs read as markup."""

    def close(self) -> _Target:
        return self


def parse_html(text: str) -> tuple[Node, bool]:
    """The tree of a whole file or a piece of one, and whether something was nested too deeply to stay so."""
    from lxml import etree

    target = _Target()
    parser = etree.HTMLParser(target=target, huge_tree=True, no_network=True, encoding="utf-8")
    if text.strip():
        etree.fromstring(text.replace("\0", "\ufffd").encode("utf-8", "replace"), parser)
    return target.root, target.is_flattened
