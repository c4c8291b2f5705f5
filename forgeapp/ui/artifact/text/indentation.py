"""How a text is indented, and the text of lines moved in or out. Pure: texts in, texts out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

MAX_LOOKED_AT = 2_000
"""Lines, at most, that tell how a file is indented."""
_WIDTH_OF = {
    "javascript": 2, "typescript": 2, "jsx": 2, "tsx": 2, "json": 2, "yaml": 2, "html": 2, "xml": 2, "css": 2,
    "scss": 2, "ruby": 2, "lua": 2, "dart": 2, "vue": 2, "graphql": 2, "haskell": 2, "bash": 2, "terraform": 2,
}  # fmt: skip
_WITH_TABS = {"go", "make", "makefile"}
_OPENS = re.compile(r"[\[({]\s*$")
_OPENS_BY_COLON = re.compile(r":\s*(?:#.*)?$")
_COLON_LANGUAGES = {"python", "py", "python3", "yaml", "nim"}
_LEAVES = re.compile(r"\s*(?:return|pass|break|continue|raise)\b")


def indent_of(line: str) -> str:
    """The white space a line begins with."""
    return line[: len(line) - len(line.lstrip(" \t"))]


def indent_unit(lines: Sequence[str], language: str = "") -> str:
    """One step of indentation as these lines do it, else as is usual in the language: a tab, or 2 to 8 spaces."""
    tabs = 0
    steps: Counter[int] = Counter()
    before = 0
    for line in lines[:MAX_LOOKED_AT]:
        if not line.strip():
            continue
        if line[0] == "\t":
            tabs += 1
            continue
        width = len(line) - len(line.lstrip(" "))
        if width > before and 2 <= width - before <= 8:
            steps[width - before] += 1
        before = width
    if tabs > sum(steps.values()) or (not steps and not tabs and language in _WITH_TABS):
        return "\t"
    if steps:
        return " " * steps.most_common(1)[0][0]
    return " " * _WIDTH_OF.get(language, 4)


def indented(line: str, unit: str) -> str:
    """One step further in; a blank line stays as it is."""
    return unit + line if line.strip() else line


def outdented(line: str, unit: str) -> str:
    """One step further out, as far as there is room."""
    if line.startswith("\t"):
        return line[1:]
    room = len(line) - len(line.lstrip(" "))
    width = 4 if unit == "\t" else len(unit)
    return line[min(room, room % width or width) :]


def next_indent(before: str, after: str, unit: str, language: str = "") -> str:
    """What a new line begins with when a line is broken between `before` and `after`."""
    indent = indent_of(before)
    opens = bool(_OPENS.search(before)) or (language in _COLON_LANGUAGES and bool(_OPENS_BY_COLON.search(before)))
    if opens:
        return indent + unit
    if language in _COLON_LANGUAGES and _LEAVES.match(before) and not after.strip():
        return outdented(indent, unit) if indent else ""
    return indent
