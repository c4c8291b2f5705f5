"""Code in an HTML file: its lines as they stand, and its language where a class tells it."""

from __future__ import annotations

import re

from forgeapp.reading.html_tree import Node

_LANGUAGE = re.compile(
    r"(?:language-|lang-|highlight-source-|highlight-text-|sourcecode[ _-]|brush:\s*)([A-Za-z0-9+#_.-]{1,30})",
    re.IGNORECASE,
)


def code_of(node: Node) -> tuple[str, str]:
    """The language ('' if unknown) and the text of a `pre`, without a line end at its end."""
    parts: list[str] = []
    classes: list[str] = []
    for inner in node.walk():
        if inner is node or inner.tag == "code":
            classes += [inner.get("class"), inner.get("lang") if inner.tag == "pre" else ""]
    above = node.parent
    if above is not None and above.tag == "div":
        classes.append(above.get("class"))
    language = next((match[1] for text in classes if (match := _LANGUAGE.search(text))), "")
    waiting: list[Node | str] = list(reversed(node.children))
    if waiting and isinstance(waiting[-1], str):
        # A line end right behind the tag is not the text's (HTML, 13.1.2.5).
        waiting[-1] = waiting[-1].removeprefix("\n")
    while waiting:
        found = waiting.pop()
        if isinstance(found, str):
            parts.append(found)
        elif found.tag == "br":
            parts.append("\n")
        elif found.tag in ("script", "style", "button"):
            continue
        elif found.tag in ("div", "p", "li"):
            waiting += ["\n", *reversed(found.children)]
        else:
            waiting += reversed(found.children)
    text = "".join(parts).replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    return language, text.removesuffix("\n")
