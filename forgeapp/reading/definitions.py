"""What a Markdown text defines in one place and uses in another, addresses of links and pictures, and footnotes.

Taken out of the text, so that its parts can be parsed one by one, each with what it uses.
CommonMark 0.31, 'Link reference definitions'; footnotes as in Markdown Extra.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from forgeapp.domain.fences import open_fence

_OPENS: Final = re.compile(r" {0,3}\[(?P<label>\^?[^\[\]\n]{1,200})\]:[ \t]*(?P<rest>\S.*)?$")
_TARGET: Final = re.compile(
    r"(?:<[^<>\n]{0,4000}>|(?!<)[^\s\x00-\x1f]+)"
    r"(?:[ \t]+(?:\"(?:[^\"\\]|\\.){0,2000}\"|'(?:[^'\\]|\\.){0,2000}'|\((?:[^()\\]|\\.){0,2000}\)))?[ \t]*"
)
_TITLE: Final = re.compile(r"[ \t]*[\"'(]")
_INTERRUPTS: Final = re.compile(r" {0,3}(?:#{1,6}(?:\s|$)|[-*+>|]|\d{1,9}[.)]|`{3}|~{3}|<|={2})")
_GOES_ON: Final = re.compile(r" {0,3}(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)| {4}|\t| {2,3}\S")
_LABEL: Final = re.compile(r"\[(\^?[^\[\]]{1,200})\]")
_MOST_AT_ONCE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Definitions:
    """`body` has as many lines as the text, those of definitions empty. `texts`: definitions by label.

    `end`: the line from which on there is nothing but definitions.
    """

    body: str
    texts: Mapping[str, str]
    end: int

    def used_by(self, part: str) -> str:
        """The definitions that this part of the text needs, as lines to be put in front of it; '' for none."""
        if not self.texts:
            return ""
        found: dict[str, None] = {}
        parts = [part]
        while parts and len(found) < _MOST_AT_ONCE:
            for match in _LABEL.finditer(parts.pop()):
                label = _normal(match[1])
                if label in self.texts and label not in found:
                    found[label] = None
                    parts.append(self.texts[label])
        return "".join(self.texts[label] + "\n\n" for label in found)


def lift_definitions(text: str) -> Definitions | None:
    """None where a definition goes on in a way that is better read with the whole text."""
    lines = text.split("\n")
    if "]:" not in text:
        return Definitions(text, {}, _last_line(lines))
    texts: dict[str, str] = {}
    # Displayed formulas may reach over lines that are left blank; code would belong to a footnote put in front of it.
    if "\\[" in text or next((line for line in lines if line.strip()), "").startswith(("    ", "\t")):
        return None
    number, fence, may_begin = 0, "", True
    in_math = False
    while number < len(lines):
        line = lines[number]
        was_open, fence = bool(fence), open_fence(line, fence)
        if was_open or fence:
            pass
        elif line.count("$$") % 2:
            in_math = not in_math
        elif not in_math and (match := _definition(line)):
            end = _end(lines, number, match) if may_begin else None
            label = _normal(match["label"])
            if end is None or _goes_on(lines, end) or (label in texts and label.startswith("^")):
                return None
            if label.startswith("^") and f"[{label}]" in "\n".join(lines[number:end])[len(label) :]:
                return None
            texts.setdefault(label, "\n".join(lines[number:end]))
            lines[number:end] = [""] * (end - number)
            number, may_begin = end, True
            continue
        may_begin = not line.strip()
        number += 1
    return Definitions("\n".join(lines), texts, _last_line(lines))


def _definition(line: str) -> re.Match[str] | None:
    """The line as the beginning of one; what only looks like a link's is a paragraph."""
    match = _OPENS.match(line)
    if match is None or match["label"].startswith("^") or match["rest"] is None:
        return match
    return match if _TARGET.fullmatch(match["rest"]) else None


def _end(lines: list[str], number: int, match: re.Match[str]) -> int | None:
    """The line behind a definition; None where that cannot be said."""
    is_note = match["label"].startswith("^")
    following = lines[number + 1] if number + 1 < len(lines) else ""
    if not is_note:
        is_plain = match["rest"] is not None and match["rest"].count("(") == match["rest"].count(")")
        return number + 1 if is_plain and not _TITLE.match(following) else None
    if match["rest"] is None or "```" in match["rest"]:
        return None
    end = number + 1
    while end < len(lines):
        line = lines[end]
        if line.strip():
            if other := _definition(line):
                if lines[end - 1].strip() and not other["label"].startswith("^"):
                    return None
                break
            is_within = line.startswith(("    ", "\t"))
            if not lines[end - 1].strip() and not is_within:
                break
            if open_fence(line, "") or (not is_within and _INTERRUPTS.match(line)):
                return None
        end += 1
    while not lines[end - 1].strip():
        end -= 1
    return end


def _goes_on(lines: list[str], number: int) -> bool:
    """Whether what is around a definition would become one without it: a list, a block of code."""
    while number < len(lines) and not lines[number].strip():
        number += 1
    return number < len(lines) and bool(_GOES_ON.match(lines[number]))


def _normal(label: str) -> str:
    """Labels match whatever their capitals and spaces; those of footnotes to the letter."""
    return label if label.startswith("^") else " ".join(label.split()).casefold()


def _last_line(lines: list[str]) -> int:
    last = len(lines)
    while last > 0 and not lines[last - 1].strip():
        last -= 1
    return last
