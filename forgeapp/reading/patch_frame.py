"""What stands around a change within a reply: fences, a file's name, envelopes; and the talk left without them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from forgeapp.domain.patch import Step
from forgeapp.domain.wording import Text
from forgeapp.reading.naming import file_in, is_name_line, named_by_info
from forgeapp.reading.scan import Fence, fence_mark

MAX_STEPS = 2_000
MAX_UNREAD = 50
_MAX_NAME_CHARS = 200
_MAX_QUOTED_CHARS = 80
_LINES_ABOVE = 4
_BARE_NAME = re.compile(r"[\w.@-]*(?:/[\w.@-]+)+|[A-Z][A-Z_-]{2,30}")
_ATTRIBUTE = re.compile(r"""\b([a-z]+)\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')""", re.IGNORECASE)
_TAG = re.compile(
    r"\s*</?(?:ant)?artifact\b[^<>]*>\s*|\s*</?(?:file|patch|edit|diff|changes)\b[^<>]*>\s*", re.IGNORECASE
)


@dataclass
class Found:
    """The steps of a change, the lines of the reply they take up, and what could not be read."""

    steps: list[Step] = field(default_factory=list)
    taken: list[tuple[int, int]] = field(default_factory=list)
    unread: list[Text] = field(default_factory=list)
    is_cut: bool = False
    is_full: bool = False
    """There are more steps than are taken up."""

    @property
    def is_patch(self) -> bool:
        return bool(self.steps or self.unread)

    def add(self, step: Step) -> None:
        if len(self.steps) < MAX_STEPS:
            self.steps.append(step)
        else:
            self.is_full = True
            self.note(Text("patch_too_long", "Only the first {count} changes are taken up.", count=MAX_STEPS))

    def note(self, what: Text) -> None:
        if len(self.unread) < MAX_UNREAD and what not in self.unread:
            self.unread.append(what)

    def break_off(self, lines: Sequence[str]) -> None:
        """The change that `lines` begin never ended."""
        self.is_cut = True
        template = 'The reply breaks off within the change that begins with "{line}".'
        self.note(Text("patch_cut", template, line=quoted(lines)))


def quoted(lines: Sequence[str]) -> str:
    """The first line that says something, of bounded length."""
    line = next((line.strip() for line in lines if line.strip()), "")
    return line if len(line) <= _MAX_QUOTED_CHARS else line[: _MAX_QUOTED_CHARS - 1] + "…"


def attributes(tag: str) -> dict[str, str]:
    """Of a tag on one line, by their names in small letters."""
    return {key.lower(): double or single for key, double, single in _ATTRIBUTE.findall(tag)}


@dataclass(frozen=True, slots=True)
class Head:
    """Line `start` begins what announces a change: its file's name and its fence, as far as they are there."""

    start: int
    name: str | None
    fence: str


def head_above(lines: Sequence[str], at: int, floor: int) -> Head:
    """What announces a change whose first line is `at`; lines before `floor` belong to something else."""
    start, name, fence = at, None, ""
    for number in range(at - 1, max(floor, at - 1 - _LINES_ABOVE) - 1, -1):
        line = lines[number]
        if not line.strip():
            continue
        if len(line) > _MAX_NAME_CHARS:
            break
        mark = fence_mark(line)
        if mark and not fence:
            start, fence = number, mark[1]
            name = name or (
                named_by_info(Fence(number, number, mark[2], (), True)) or name_of(mark[2]) if mark[2] else None
            )
            continue
        above = name_of(line) if name is None else None
        if above is None:
            break
        start, name = number, above
        if fence:
            break
    return Head(start, name, fence)


def name_of(line: str) -> str | None:
    """The file a line names that says hardly more: 'src/app.py', '**File: `app.py`**', '<file name="app.py">'."""
    line = line.strip()
    if line.startswith("<"):
        found = attributes(line) if re.match(r"<file\b", line, re.IGNORECASE) else {}
        return found.get("name") or found.get("path") or None
    if is_name_line(line):
        return file_in(line)
    bare = line.strip("#*`: ")
    return bare if _BARE_NAME.fullmatch(bare) else None


def end_below(lines: Sequence[str], end: int, fence: str) -> int:
    """Where a change ends that ended at `end`, with the fence around it if that ends next."""
    number = end
    while number < len(lines) and not lines[number].strip():
        number += 1
    return number + 1 if number < len(lines) and closes(lines[number], fence or "```") else end


def closes(line: str, fence: str) -> bool:
    """Whether `line` ends a fence that `fence` began."""
    mark = fence_mark(line) if fence and len(line) < _MAX_NAME_CHARS else None
    return bool(mark and mark[1].startswith(fence) and not mark[2])


def talk(lines: Sequence[str], taken: Sequence[tuple[int, int]]) -> str:
    """What is left without the lines taken and without the tags around them; paragraphs stay apart."""
    kept: list[str] = []
    at = 0
    for start, end in sorted(taken):
        kept += lines[at:start]
        kept.append("")
        at = max(at, end)
    kept += lines[at:]
    said: list[str] = []
    for line in kept:
        line = line.rstrip()
        if len(line) < _MAX_NAME_CHARS and _TAG.fullmatch(line):
            line = ""
        if line or (said and said[-1]):
            said.append(line)
    return "\n".join(said).strip()
