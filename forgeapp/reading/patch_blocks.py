"""Search/replace blocks, as models write them; files of code written whole, deleted and renamed.

<<<<<<< SEARCH
what stands there
=======
what is to stand there
>>>>>>> REPLACE

Source of the form: aider's edit blocks (https://aider.chat/docs/more/edit-formats.html), which models know from there.
Marks of five to nine signs count, with other words, with the last mark missing where a fence or the next block ends it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from forgeapp.domain.patch import FileRemoved, FileRenamed, FileWritten, TextHunk
from forgeapp.domain.wording import Text
from forgeapp.reading.patch_frame import Found, attributes, closes, end_below, head_above, name_of, quoted
from forgeapp.reading.scan import fence_mark

_MAX_MARK_CHARS = 200
_MAX_TRIES = 50
"""So often marks within a block are looked for, each time through the rest of the reply."""
_WORDS = "SEARCH|ORIGINAL|HEAD|OLD|FIND|BEFORE|CURRENT"
_AFTER_WORDS = "REPLACE|REPLACEMENT|UPDATED|NEW|WITH|AFTER|END"
_OPEN = re.compile(rf"\s*([<＜]{{5,9}})[ \t]*(?:({_WORDS})\b)?[: \t]*([^<>]*?)>?\s*", re.IGNORECASE)
_DIVIDER = re.compile(rf"\s*(={{5,9}})[ \t]*({_AFTER_WORDS})?\s*", re.IGNORECASE)
_END = re.compile(
    rf"\s*(?:[>＞]{{5,9}}[ \t]*\S{{0,60}}[^<>]{{0,60}}|[<=]{{5,9}}[ \t]*(?:{_AFTER_WORDS})\b\s*)", re.IGNORECASE
)
_LINE = re.compile(r":(start|end)_line:\s*(\d{1,7})\s*")
_FILE = re.compile(r"\s*<file\b[^<>]*>\s*", re.IGNORECASE)
_FILE_END = re.compile(r"\s*</file\s*>\s*", re.IGNORECASE)
_FILE_ACTION = re.compile(
    r"\s*<(delete|remove|rename|move)(?:[ _-]?file)?\s[^<>]*>(?:\s*</[\w -]+>)?\s*", re.IGNORECASE
)


def read_blocks(lines: Sequence[str], has_files: bool) -> Found:
    """Every block; `has_files`: it is code, whose files can also be written, deleted and renamed."""
    return _Blocks(lines, has_files).read()


def is_block_start(line: str) -> bool:
    return _matched(_OPEN, line) is not None


class _Blocks:
    def __init__(self, lines: Sequence[str], has_files: bool) -> None:
        self._lines = lines
        self._has_files = has_files
        self._found = Found()
        self._floor = 0
        """Lines before it belong to what has been read."""
        self._tries = 0
        self._file_ends = [at for at, line in enumerate(lines) if "</" in line and _matched(_FILE_END, line)]

    def read(self) -> Found:
        at = 0
        while at < len(self._lines):
            line = self._lines[at]
            if "<" in line or "＜" in line:
                if match := _matched(_OPEN, line):
                    at = self._block(at, match)
                    continue
                if self._has_files and (end := self._file_step(at)):
                    at = self._floor = end
                    continue
            at += 1
        return self._found

    def _block(self, start: int, opening: re.Match[str]) -> int:
        """Reads the block whose first mark is line `start`; where to read on."""
        lines = self._lines
        head = head_above(lines, start, self._floor)
        first, line_number = self._after_numbers(start + 1)
        dividers, at, fence_end = self._marks(first, head.fence)
        has_end = at < len(lines) and _matched(_END, lines[at]) is not None and not _starts_anew(lines[at])
        end = at + 1 if has_end else at
        if not dividers or (not has_end and fence_end is None and at == len(lines)):
            if at == len(lines):
                self._found.break_off(lines[first:])
            else:
                self._found.note(_unreadable(lines[first:at]))
            self._take(head.start, end, head.fence)
            return end
        divider = self._divider(dividers, len(opening[1]))
        last = at
        if not has_end:
            last = end = head_above(lines, at, divider + 1).start if fence_end is None else fence_end
        name = opening[3].strip()
        file = (name_of(name) if name else None) or head.name
        search, replacement = "\n".join(lines[first:divider]), "\n".join(_trimmed(lines[divider + 1 : last], has_end))
        self._found.add(TextHunk(search, replacement, file if self._has_files else None, line_number))
        self._take(head.start, end, head.fence)
        return end

    def _marks(self, first: int, fence: str) -> tuple[list[int], int, int | None]:
        """Of the block from line `first` on: what may divide it, the line that ends it, and the end of its fence."""
        lines = self._lines
        dividers: list[int] = []
        fence_end: int | None = None
        for at in range(first, len(lines)):
            line = lines[at]
            divider = _matched(_DIVIDER, line) if "=" in line else None
            if divider and not (dividers and divider[2]):
                dividers.append(at)
                continue
            opening = _matched(_OPEN, line)
            is_end = _matched(_END, line) is not None and (dividers or not opening)
            if opening and not dividers and (nested := self._nested(first)):
                return nested
            if is_end or (opening and (opening[2] or not dividers or fence_end is not None)):
                return dividers, at, fence_end
            if dividers and fence_end is None and closes(line, fence):
                fence_end = at
        return dividers, len(lines), fence_end

    def _nested(self, first: int) -> tuple[list[int], int, None] | None:
        """As `_marks`, of a block that is about a text with such marks of its own: they stand in pairs within it."""
        if self._tries == _MAX_TRIES:
            return None
        self._tries += 1
        depth = 0
        dividers: list[int] = []
        for at in range(first, len(self._lines)):
            line = self._lines[at]
            if _matched(_OPEN, line):
                depth += 1
            elif depth and _matched(_END, line):
                depth -= 1
            elif not depth and "=" in line and _matched(_DIVIDER, line):
                dividers.append(at)
            elif dividers and _matched(_END, line):
                return dividers, at, None
        return None

    def _after_numbers(self, at: int) -> tuple[int, int | None]:
        """The line after ':start_line:12' and its like, and the number."""
        number, start = None, at
        while at < len(self._lines) and (match := _matched(_LINE, self._lines[at])):
            number = int(match[2]) if match[1] == "start" else number
            at += 1
        if at > start and at < len(self._lines) and self._lines[at].strip() and not self._lines[at].strip().strip("-"):
            at += 1
        return at, number

    def _divider(self, places: Sequence[int], length: int) -> int:
        """Underlined headings look like dividers: the one as long as the mark counts, of several the one between."""
        lines = self._lines
        spoken = [at for at in places if lines[at].strip().strip("=")]
        alike = spoken or [at for at in places if len(lines[at].strip()) == length] or list(places)
        if len(alike) % 2:
            return alike[len(alike) // 2]
        return next((at for at in alike if at + 1 < len(lines) and lines[at + 1].strip()), alike[0])

    def _take(self, start: int, end: int, fence: str) -> None:
        end = end_below(self._lines, end, fence)
        self._found.taken.append((start, end))
        self._floor = end

    def _file_step(self, at: int) -> int | None:
        """Reads a file that is written, deleted or renamed in one go; where to read on, None where there is none."""
        line = self._lines[at]
        if match := _matched(_FILE_ACTION, line):
            found = attributes(line)
            file = found.get("name") or found.get("path") or found.get("file") or found.get("from") or ""
            new = found.get("to") or found.get("new") or ""
            if match[1].lower() in ("rename", "move"):
                step: FileRenamed | FileRemoved | None = FileRenamed(file, new) if file and new else None
            else:
                step = FileRemoved(file) if file else None
            if step:
                self._found.add(step)
            else:
                self._found.note(_unreadable([line]))
            self._found.taken.append((at, at + 1))
            return at + 1
        name = name_of(line) if _matched(_FILE, line) else None
        if name is None or self._holds_blocks(at + 1):
            return None
        place = bisect_left(self._file_ends, at)
        if place == len(self._file_ends):
            self._found.break_off([line])
            self._found.taken.append((at, len(self._lines)))
            return len(self._lines)
        end = self._file_ends[place]
        text = "\n".join(_unfenced(self._lines[at + 1 : end]))
        self._found.add(FileWritten(name, f"{text}\n" if text else ""))
        self._found.taken.append((at, end + 1))
        return end + 1

    def _holds_blocks(self, at: int) -> bool:
        """Whether a file's tag does no more than name the file of the blocks below it."""
        for line in self._lines[at : at + 4]:
            if line.strip() and not fence_mark(line):
                return is_block_start(line)
        return False


def _matched(pattern: re.Pattern[str], line: str) -> re.Match[str] | None:
    return pattern.fullmatch(line) if len(line) <= _MAX_MARK_CHARS else None


def _starts_anew(line: str) -> bool:
    match = _matched(_OPEN, line)
    return bool(match and match[2])


def _trimmed(lines: Sequence[str], has_end: bool) -> Sequence[str]:
    """Where no mark ends them, blank lines at the end belong to nothing."""
    if has_end:
        return lines
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return lines[:end]


def _unfenced(lines: Sequence[str]) -> Sequence[str]:
    """Without a fence around all of them."""
    filled = [at for at, line in enumerate(lines) if line.strip()]
    if len(filled) > 1:
        mark = fence_mark(lines[filled[0]])
        if mark and closes(lines[filled[-1]], mark[1]):
            return lines[filled[0] + 1 : filled[-1]]
    return lines


def _unreadable(lines: Sequence[str]) -> Text:
    template = 'A change could not be read: "{line}".'
    return Text("patch_unreadable", template, line=quoted(lines))
