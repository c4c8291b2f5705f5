"""Unified diffs, and the patches OpenAI's models are trained to write, as hunks to be searched for.

Line numbers and counts are those of a model, hence wrong: a hunk ends where its lines do.
Sources: https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html,
https://cookbook.openai.com/examples/gpt4-1_prompting_guide ("*** Begin Patch").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from forgeapp.domain.patch import FileRemoved, FileRenamed, FileWritten, TextHunk
from forgeapp.reading.patch_frame import Found, closes, end_below, head_above
from forgeapp.reading.scan import fence_mark

_MAX_HEAD_CHARS = 400
_HUNK = re.compile(r"@@(?:\s*-(\d{1,7})(?:,\d{1,7})?\s+\+\d{1,7}(?:,\d{1,7})?\s*@@)?(.*)")
_OLD = re.compile(r"--- +(\S.*)")
_NEW = re.compile(r"\+\+\+ +(\S.*)")
_STARRED = re.compile(r"\*\*\* (Begin Patch|End Patch|End of File|(?:Update|Add|Delete) File: *(.+)|Move to: *(.+))\s*")
_NOISE = re.compile(
    r"(?:diff --git |index [0-9a-f]{4,}|(?:new|deleted) file mode |old mode |new mode |similarity index )"
)
_RENAME = re.compile(r"rename (from|to) (.+)")
_TIMESTAMP = re.compile(r"\t.*|\s+\d{4}-\d\d-\d\d.*")
_NOWHERE = "/dev/null"


def read_diffs(lines: Sequence[str], has_files: bool) -> Found:
    """Every hunk; `has_files`: it is code, whose files can also be written, deleted and renamed."""
    if not any(line.startswith(("@@", "*** ", "--- ", "-", "+", "rename ")) for line in lines):
        return Found()
    return _Diffs(lines, has_files).read()


class _Diffs:
    def __init__(self, lines: Sequence[str], has_files: bool) -> None:
        self._lines = lines
        self._has_files = has_files
        self._found = Found()
        self._floor = 0
        self._file: str | None = None
        self._is_new = self._is_gone = False
        self._renamed_from: str | None = None

    def read(self) -> Found:
        lines = self._lines
        at = 0
        while at < len(lines):
            mark = fence_mark(lines[at]) if len(lines[at]) < _MAX_HEAD_CHARS else None
            if mark and mark[2].split()[:1] in (["diff"], ["patch"], ["udiff"]):
                at = self._section(at + 1, mark[1])
            elif self._begins(at):
                at = self._section(at, self._fence_above(at))
            else:
                at += 1
        return self._found

    def _begins(self, at: int) -> bool:
        line = self._lines[at][:_MAX_HEAD_CHARS]
        if line.startswith("@@"):
            match = _HUNK.fullmatch(line.rstrip())
            return bool(match and match[1])
        if line.startswith("--- "):
            return self._is_file_head(at)
        return line.startswith(
            ("*** Begin Patch", "*** Update File:", "*** Add File:", "*** Delete File:", "diff --git ")
        )

    def _is_file_head(self, at: int) -> bool:
        lines = self._lines
        return (
            bool(_OLD.match(lines[at][:_MAX_HEAD_CHARS]))
            and at + 1 < len(lines)
            and bool(_NEW.match(lines[at + 1][:_MAX_HEAD_CHARS]))
        )

    def _fence_above(self, at: int) -> str:
        return head_above(self._lines, at, self._floor).fence

    def _section(self, start: int, fence: str) -> int:
        """Reads what follows each other without talk in between, to the end of its fence; where to read on."""
        lines, found = self._lines, self._found
        head = head_above(lines, start, self._floor)
        self._file, self._renamed_from = head.name, None
        known = len(found.steps)
        at = start
        while at < len(lines) and not closes(lines[at], fence):
            line = lines[at][:_MAX_HEAD_CHARS].rstrip()
            if self._header(at, line):
                at += 2 if line.startswith("--- ") else 1
            elif line.startswith("@@") or (line[:1] in ("-", "+", " ") and line.strip() and (fence or self._file)):
                at = self._hunk(at, fence)
            elif not line:
                at += 1
            elif fence:
                at = self._hunk(at, fence)
            else:
                break
        if len(found.steps) == known and not found.is_cut:
            return max(at, start + 1)
        end = end_below(lines, at, fence)
        found.taken.append((head.start, end))
        self._floor = end
        return max(end, start + 1)

    def _header(self, at: int, line: str) -> bool:
        """Whether line `at` says which file is meant, or is one to pass over."""
        if line.startswith("--- "):
            if not self._is_file_head(at):
                return False
            new_line = self._lines[at + 1][:_MAX_HEAD_CHARS]
            old, new = (_file_name(text[4:].strip()) for text in (line, new_line))
            self._file = old if new == _NOWHERE else new
            self._is_new, self._is_gone = old == _NOWHERE, new == _NOWHERE
            if self._is_gone and self._has_files:
                self._found.add(FileRemoved(old))
            return True
        if match := _STARRED.fullmatch(line):
            named = (match[2] or match[3] or "").strip()
            if match[3] and self._file and self._has_files:
                self._found.add(FileRenamed(self._file, named))
                self._file = named
            elif match[2]:
                self._file = named
                self._is_new, self._is_gone = line.startswith("*** Add"), line.startswith("*** Delete")
                if self._is_gone and self._has_files:
                    self._found.add(FileRemoved(named))
            return True
        if match := _RENAME.fullmatch(line):
            if match[1] == "from":
                self._renamed_from = match[2]
            elif self._renamed_from and self._has_files:
                self._found.add(FileRenamed(self._renamed_from, match[2]))
            return True
        return bool(_NOISE.match(line))

    def _hunk(self, start: int, fence: str) -> int:
        """Reads one hunk; where to read on. Within a fence a line without a sign is one that lost its blank."""
        lines = self._lines
        match = _HUNK.fullmatch(lines[start][:_MAX_HEAD_CHARS].rstrip())
        at = start + 1 if match else start
        old: list[str] = []
        new: list[str] = []
        blanks = 0
        while at < len(lines):
            line = lines[at]
            sign = line[:1]
            if line.startswith(("@@", "*** ", "diff --git ")) or closes(line, fence):
                break
            if sign == "-" and self._is_file_head(at):
                break
            if not line.strip() or line.startswith("\\ No newline"):
                blanks += not line.strip()
                at += 1
                continue
            if sign not in ("-", "+", " ") and not fence:
                break
            old += [""] * blanks
            new += [""] * blanks
            blanks = 0
            text = line[1:] if sign in ("-", "+", " ") else line
            if sign != "+":
                old.append(text)
            if sign != "-":
                new.append(text)
            at += 1
        if fence and at == len(lines):
            self._found.break_off(lines[start + 1 :])
            return at
        number = int(match[1]) if match and match[1] else None
        heading = match[2].strip() if match and number is None else ""
        self._add(old, new, number, heading or None)
        return max(at, start + 1)

    def _add(self, old: list[str], new: list[str], line: int | None, below: str | None) -> None:
        if old == new or self._is_gone:
            return
        if self._is_new and self._file and self._has_files and not old:
            self._found.add(FileWritten(self._file, "\n".join(new) + "\n"))
            self._is_new = False
            return
        # With nothing taken away and nothing around it, a hunk's line is the one it follows.
        place = line + 1 if line is not None and not old else line
        file = self._file if self._has_files else None
        self._found.add(TextHunk("\n".join(old), "\n".join(new), file, place, below))


def _file_name(text: str) -> str:
    """'a/src/app.py<tab>2024-01-01' -> 'src/app.py'."""
    text = _TIMESTAMP.sub("", text).strip().strip('"')
    return text[2:] if text[:2] in ("a/", "b/") else text
