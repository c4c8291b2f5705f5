"""Code that stands in a reply without a fence: found by its lines, with the talk before and after left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from forgeapp.reading import prose
from forgeapp.reading.languages import detect, likeliest

MAX_BLOCKS = 200
MAX_LINE = 2_000
_CODE_LINE = re.compile(
    r"""^(?:\s{2,}\S|\t|[#@$<{}()\[\]]|//|--|/\*|\*/|;)
    |[{}();\[\]\\]\s*$|=>|->|==|:=|\w\(|\w\[|\w\s*=\s*\S
    |^\s*(?:-\s+)?[\w.$-]+:(?:\s+(?:[^\s"']+|"[^"]*"|'[^']*'))?\s*$|^-\s+[\w./:"'{-]+\s*$
    |^(?:import|from|def|class|if|elif|else|for|while|try|except|finally|with|return|async|await|let|const|var|func|fn
        |package|use|pub|do|done|fi|end|echo|sudo|cd|set|export)\b(?!.*[a-z]{2}[.!?]$)
    |^(?:FROM|RUN|CMD|COPY|ENV|WORKDIR|EXPOSE|ENTRYPOINT)\ \S
    |^\s*(?:SELECT|WHERE|GROUP\ BY|ORDER\ BY|HAVING|LIMIT|INNER|LEFT|RIGHT|JOIN|ON|AND|OR|INSERT|UPDATE|SET|DELETE
        |CREATE|ALTER|DROP|VALUES|UNION|WITH)\b""",
    re.VERBOSE,
)
_WORDS = re.compile(r"[^\W\d_]{2,}")
_SPOKEN = re.compile(r"[^\W\d_]['’]?[^\W\d_]*[)\"”*_`]*\s*[.!?:。！？：]\s*$")


@dataclass(frozen=True, slots=True)
class BareCode:
    """Lines `start` to `end`. `certainty`: how much speaks for `language`; from 6 on hardly anything else is meant."""

    start: int
    end: int
    language: str
    certainty: int


def bare_code_in(lines: Sequence[str]) -> BareCode | None:
    """The longest run of code among the lines, None where none is found."""
    runs: list[tuple[int, int]] = []
    is_open, quotes = False, 0
    for start, end in _blocks(lines)[:MAX_BLOCKS]:
        if not (is_open and quotes % 2):
            start, end = _without_talk(lines, start, end)
            if start == end or not _is_code(lines[start:end]):
                is_open = False
                continue
        if is_open:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
            is_open, quotes = True, 0
        quotes += sum(line.count('"""') for line in lines[start:end])
    found = [(end - start, start, end) for start, end in runs if detect("\n".join(lines[start:end]))]
    if not found:
        return None
    _, start, end = max(found)
    language, certainty = likeliest("\n".join(lines[start:end]))
    return BareCode(start, end, language, certainty)


def _blocks(lines: Sequence[str]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        if found and found[-1][1] == number:
            found[-1] = (found[-1][0], number + 1)
        else:
            found.append((number, number + 1))
    return found


def _without_talk(lines: Sequence[str], start: int, end: int) -> tuple[int, int]:
    while start < end and (is_talk_line(lines[start]) or _introduces(lines[start])):
        start += 1
    while end > start and is_talk_line(lines[end - 1]):
        end -= 1
    return start, end


def _introduces(line: str) -> bool:
    """Whether what looks like a key of YAML is rather 'Sure:'."""
    return line.rstrip().endswith((":", "：")) and line[0].isupper() and prose.begins_as_opening(line)


def is_talk_line(line: str) -> bool:
    """Whether a line is a sentence: several words, and nothing of a program about it."""
    line = line[:MAX_LINE]
    is_spoken = bool(_SPOKEN.search(line)) and len(_WORDS.findall(line)) >= 4 and line[0] not in "#/-*;<@ \t"
    return is_spoken or not _CODE_LINE.search(line)


def _is_code(block: Sequence[str]) -> bool:
    return 3 * sum(bool(_CODE_LINE.search(line[:MAX_LINE])) for line in block) >= 2 * len(block)
