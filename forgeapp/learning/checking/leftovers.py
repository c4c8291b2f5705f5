"""What was not meant to stay: marks of a merge, tabs among spaces, and places where a model left something out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from forgeapp.domain.finding import Finding, Severity
from forgeapp.domain.wording import Text
from forgeapp.learning.checking.source import Source

_MAX_LINE_CHARS: Final = 2_000
_MAX_WORDS_CHARS: Final = 60
_MERGE: Final = re.compile(r"(?:<{7}|>{7}|\|{7})(?: |$)")
_COMMENT: Final = re.compile(r"(?:^|\s)(#|//|/\*|<!--|--|\{/\*|;;|%|REM )\s?(.*)", re.IGNORECASE)
_ENDS: Final = re.compile(r"\s*(?:\*/\}?|-->)\s*$")
_THINGS: Final = r"(?:code|file|class|function|method|script|implementation|logic|component|program|styles?|content)"
_LEFT_OUT: Final = re.compile(
    r"^(?:\.\.\.|…)"
    rf"|\b(?:rest|remainder) of (?:the |your |my |this )?(?:\w+ ){{0,2}}{_THINGS}"
    rf"|\b(?:existing|previous|remaining|original|other) {_THINGS}s? (?:goes |stays? |remains? |is |are )?"
    r"(?:here|unchanged|the same|omitted|as (?:before|above))"
    r"|^existing code$"
    r"|\b(?:same|unchanged|as) (?:as )?(?:before|above)\)?[.…]*$"
    r"|\bremains? (?:the same|unchanged)\b"
    rf"|\b(?:your|add|insert|put|place|write) (?:\w+ ){{0,3}}{_THINGS} (?:goes )?here\b"
    rf"|\b{_THINGS} (?:goes here|omitted|not shown)\b"
    r"|\b(?:omitted|truncated|shortened|left out|abbreviated) for (?:brevity|clarity|space)\b|^for brevity\b"
    r"|^todo:? ?(?:implement|add|fill|complete|finish)\b|^implement (?:me|this|here)\b"
    r"|\brepeat (?:this )?for (?:the )?(?:other|remaining|rest)\b",
    re.IGNORECASE,
)
_WITH_TABS: Final = frozenset({"make", "makefile"})


def check_leftovers(source: Source) -> Iterator[Finding]:
    yield from _merge_marks(source)
    yield from _left_out(source)
    if source.language not in _WITH_TABS:
        yield from _mixed_indents(source)


def _merge_marks(source: Source) -> Iterator[Finding]:
    is_open = False
    for number, line in enumerate(source.lines, 1):
        mark = _MERGE.match(line)
        if mark is None and not (is_open and line.rstrip() == "======="):
            continue
        is_open = line[0] not in ">"
        message = Text(
            "merge_mark", "A mark of a merge was left here: keep one of the two sides, and remove the marks."
        )
        yield source.finding_at(number, 1, len(line), Severity.ERROR, message)


def _left_out(source: Source) -> Iterator[Finding]:
    for number, line in enumerate(source.lines, 1):
        if len(line) > _MAX_LINE_CHARS:
            continue
        stripped = line.strip()
        words = ""
        if stripped in ("...", "…"):
            words = "" if source.language == "python" else stripped
        elif (comment := _COMMENT.search(line)) is not None:
            said = _ENDS.sub("", comment[2]).strip(" -=*(")
            words = said if _LEFT_OUT.search(said) else ""
        if words:
            message = Text(
                "left_out",
                "Something was left out here: “{words}”. Ask for the whole file, or write what is missing.",
                words=words[:_MAX_WORDS_CHARS].replace("...", "…"),
            )
            yield source.finding_at(
                number, len(line) - len(line.lstrip()) + 1, len(stripped), Severity.WARNING, message
            )


def _mixed_indents(source: Source) -> Iterator[Finding]:
    """At the first line of those that are fewer."""
    tabs, blanks = list[int](), list[int]()
    for number, line in enumerate(source.lines, 1):
        indent = line[: len(line) - len(line.lstrip(" \t"))]
        if not line.strip():
            continue
        if "\t" in indent:
            tabs.append(number)
        elif len(indent) > 1:
            blanks.append(number)
    if not tabs or not blanks:
        return
    number = tabs[0] if len(tabs) <= len(blanks) else blanks[0]
    message = Text(
        "mixed_indents",
        "Lines indented with tabs: {tabs}, with spaces: {blanks}. Indent all in the same way.",
        tabs=len(tabs),
        blanks=len(blanks),
    )
    line = source.lines[number - 1]
    yield source.finding_at(number, 1, len(line) - len(line.lstrip()), Severity.WARNING, message)
