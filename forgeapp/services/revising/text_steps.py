"""Hunks and file actions of a patch, taken one after the other on a document or on the files of code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.document import Document
from forgeapp.domain.patch import FileRemoved, FileRenamed, FileWritten, Step, TextHunk
from forgeapp.domain.request import Selection
from forgeapp.domain.wording import Text
from forgeapp.reading.languages import detect, language_of_file
from forgeapp.reading.naming import safe_path
from forgeapp.reading.patch_frame import quoted
from forgeapp.services.revising.misplaced import Misplaced
from forgeapp.services.revising.pictures import Pictures
from forgeapp.services.revising.text_places import Patience, Place, Searched, places

_MAX_GAPS = 20
_GAP = re.compile(r"\s*(?:#|//|--|/\*|<!--|\(|\[)?\s*(?:\.\.\.|…)[^.…]{0,80}(?:\.\.\.|…)?\s*(?:\*/|-->|\)|\])?\s*")
_WHERE = re.compile(r"(?:(?P<file>.+?)\s+)?lines?\s+(?P<first>\d{1,7})(?:\s*[-–]\s*(?P<last>\d{1,7}))?")


@dataclass
class _Page:
    """A text being changed. `selected`: from where to where the user's selection reaches, `last` the last change."""

    text: str
    selected: tuple[int, int] | None = None
    last: int | None = None
    done: set[tuple[str, str]] = field(default_factory=set)
    _searched: Searched | None = None

    def change(self, hunk: TextHunk, patience: Patience, floor: int | None = None) -> bool:
        """Makes the change; False where there is nothing to change. Raises Misplaced.

        `floor`: it is the first place from there on that is meant.
        """
        if hunk.search == hunk.replacement:
            return False
        if not hunk.search.strip():
            self._put(self._insertion(hunk))
            return True
        found = self._places(hunk, patience)
        if floor is not None:
            found = [place for place in found if place.start >= floor][:1]
        elif hunk.below and len(found) > 1 and patience.allows(len(self.text)):
            heading = self._end_of_line(hunk.below)
            found = [place for place in found if heading is not None and place.start >= heading][:1] or found
        if not found:
            if (hunk.search, hunk.replacement) in self.done:
                return False
            return self._change_around(hunk, patience)
        place = found[0] if len(found) == 1 else self._nearest(found, hunk)
        self.done.add((hunk.search, hunk.replacement))
        self._put(place)
        return True

    def _change_around(self, hunk: TextHunk, patience: Patience) -> bool:
        """Some lines were left out by '...', in both parts alike: what stands around them is changed."""
        pieces = [_around_gaps(text) for text in (hunk.search, hunk.replacement)]
        if len(pieces[0]) != len(pieces[1]) or not 1 < len(pieces[0]) <= _MAX_GAPS:
            raise _not_found(hunk)
        trial = replace(self, done=set())
        changed = False
        floor: int | None = None
        for search, replacement in zip(*pieces, strict=True):
            piece = TextHunk(search, replacement, hunk.file)
            if search != replacement:
                if not search.strip():
                    raise _not_found(hunk)
                changed = trial.change(piece, patience, floor) or changed
                floor = trial.last
            elif search.strip():
                found = [place for place in trial._places(piece, patience) if floor is None or place.start >= floor]
                floor = found[0].end if found and (floor is not None or len(found) == 1) else floor
        self.text, self.selected, self.last = trial.text, trial.selected, trial.last
        return changed

    def _places(self, hunk: TextHunk, patience: Patience) -> list[Place]:
        if self._searched is None or self._searched.text is not self.text:
            self._searched = Searched(self.text)
        return places(self._searched, hunk.search, hunk.replacement, patience)

    def _end_of_line(self, line: str) -> int | None:
        """Where the only line ends that begins so; None where there is none, or several."""
        found = [match.end() for match in re.finditer(rf"^[ \t]*{re.escape(line)}.*$", self.text, re.MULTILINE)]
        return found[0] if len(found) == 1 else None

    def _insertion(self, hunk: TextHunk) -> Place:
        """Where a text goes that replaces nothing: at its line, else at the end."""
        text = hunk.replacement
        if not self.text.strip():
            return Place(0, len(self.text), text)
        if hunk.line is not None:
            start = self._start_of_line(hunk.line)
            if start < len(self.text):
                return Place(start, start, text if text.endswith("\n") else f"{text}\n")
        gap = "" if self.text.endswith("\n") else "\n"
        blank = "\n" if hunk.file is None and not self.text.endswith("\n\n") else ""
        return Place(len(self.text), len(self.text), f"{gap}{blank}{text}")

    def _nearest(self, found: Sequence[Place], hunk: TextHunk) -> Place:
        """Of several places the one nearest the selection, else nearest where the patch or the last change stands."""
        anchor = self._start_of_line(hunk.line) if hunk.line is not None else self.last

        def distance(place: Place) -> tuple[int, int]:
            selected = 0
            if self.selected is not None:
                first, last = self.selected
                selected = max(first - place.start, place.end - max(last, first), 0)
            return selected, 0 if anchor is None else abs(place.start - anchor)

        nearest = sorted(found, key=distance)
        if distance(nearest[0]) == distance(nearest[1]):
            raise Misplaced(
                "ambiguous",
                'Stands at {count} places, so that it is not clear which is meant: "{line}".',
                count=len(found),
                line=quoted(hunk.search.split("\n")),
            )
        return nearest[0]

    def _start_of_line(self, number: int) -> int:
        at = 0
        for _ in range(number - 1):
            at = self.text.find("\n", at) + 1
            if not at:
                return len(self.text)
        return at

    def _put(self, place: Place) -> None:
        self.text = self.text[: place.start] + place.replacement + self.text[place.end :]
        self.last = place.start + len(place.replacement)
        if self.selected is not None:
            self.selected = (self._moved(self.selected[0], place), self._moved(self.selected[1], place))

    @staticmethod
    def _moved(at: int, place: Place) -> int:
        if at <= place.start:
            return at
        return max(at + len(place.replacement) - (place.end - place.start), place.start)


def _around_gaps(text: str) -> list[str]:
    parts: list[list[str]] = [[]]
    for line in text.split("\n"):
        if len(line) < 200 and _GAP.fullmatch(line):
            parts.append([])
        else:
            parts[-1].append(line)
    return ["\n".join(part) for part in parts]


def change_document(
    base: Document, steps: Sequence[Step], selection: Selection | None
) -> tuple[Document, list[Text], int]:
    """The document after those steps that have a place, what the others are, and how many were taken."""
    pictures = Pictures.of(_with_plain_ends(base.markdown))
    page = _Page(pictures.lifted, _selected(pictures.lifted, selection))
    failed: list[Text] = []
    patience = Patience()
    count = 0
    for step in steps:
        try:
            match step:
                case TextHunk():
                    count += page.change(step, patience)
                case FileWritten(text=text):
                    page.text, count = text.rstrip("\n"), count + 1
                case _:
                    raise Misplaced("not_for_document", "A step for cells or files has no place in a document.")
        except Misplaced as error:
            failed.append(error.text)
    markdown = _with_ends_of(base.markdown, pictures.put_back(page.text))
    return replace(base, markdown=markdown, title=_title(base, markdown)), failed, count


def _title(base: Document, markdown: str) -> str | None:
    """A title that stood in the first heading follows it."""
    before, after = _first_heading(base.markdown), _first_heading(markdown)
    return after if base.title is not None and before == base.title and after else base.title


def _first_heading(markdown: str) -> str | None:
    for line in markdown.split("\n", 50)[:50]:
        if line.startswith("# ") and len(line) < 500:
            return line[2:].strip().rstrip("#").strip() or None
    return None


def change_code(base: Code, steps: Sequence[Step], selection: Selection | None) -> tuple[Code, list[Text], int]:
    """As `change_document`, for files by name."""
    files = _Files(base, selection)
    failed: list[Text] = []
    count = 0
    for step in steps:
        try:
            count += files.take(step)
        except Misplaced as error:
            failed.append(error.text)
    return files.code(base), failed, count


class _Files:
    def __init__(self, base: Code, selection: Selection | None) -> None:
        self._entries: list[tuple[CodeFile, _Page]] = []
        self._last: int | None = None
        self._patience = Patience()
        place = _WHERE.fullmatch(selection.where.strip()) if selection and len(selection.where) < 500 else None
        for file in base.files:
            is_meant = place is None or place["file"] is None or place["file"] == file.name
            text = _with_plain_ends(file.text)
            self._entries.append((file, _Page(text, _selected(text, selection) if is_meant else None)))
        chosen = [number for number, (_, page) in enumerate(self._entries) if page.selected]
        if len(chosen) == 1:
            self._last = chosen[0]

    def code(self, base: Code) -> Code:
        files = tuple(replace(file, text=_with_ends_of(file.text, page.text)) for file, page in self._entries)
        return base if files == base.files else replace(base, files=files)

    def take(self, step: Step) -> bool:
        match step:
            case TextHunk():
                return self._change(step)
            case FileWritten(file=name, text=text):
                return self._write(name, text)
            case FileRemoved(file=name):
                number = self._place(name)
                if len(self._entries) == 1:
                    raise Misplaced("last_file", "The only file, {name}, is not deleted.", name=name)
                del self._entries[number]
                self._last = None
                return True
            case FileRenamed(file=name, name=new):
                number = self._place(name)
                safe = safe_path(new)
                if not safe or any(file.name == safe for file, _ in self._entries):
                    raise Misplaced("name_taken", "{name} is no free name for a file.", name=new)
                file, page = self._entries[number]
                language = language_of_file(safe) or file.language
                self._entries[number] = (replace(file, name=safe, language=language), page)
                return True
        raise Misplaced("not_for_code", "A step for cells has no place in code.")

    def _change(self, hunk: TextHunk) -> bool:
        named = self._named(hunk.file) if hunk.file else None
        if hunk.file and named is None and not hunk.search.strip():
            return self._write(hunk.file, hunk.replacement + "\n")
        if named is not None:
            self._last = named
            return self._entries[named][1].change(self._ended(hunk, named), self._patience)
        if hunk.file is None and not hunk.search.strip() and len(self._entries) != 1:
            line = quoted(hunk.replacement.split("\n"))
            raise Misplaced("no_file", 'It is not said which file gets "{line}".', line=line)
        order = [self._last] if self._last is not None else []
        order += [number for number in range(len(self._entries)) if number != self._last]
        error: Misplaced | None = None
        for number in order:
            try:
                changed = self._entries[number][1].change(self._ended(hunk, number), self._patience)
            except Misplaced as failure:
                error = error or failure
                continue
            self._last = number
            return changed
        if error is None or hunk.file is not None:
            raise _no_such_file(hunk.file or "")
        raise error

    def _ended(self, hunk: TextHunk, number: int) -> TextHunk:
        """What is written into an empty file, or behind its last line, ends with a line's end."""
        text = self._entries[number][1].text
        is_open = not hunk.search.strip() and hunk.line is None and not hunk.replacement.endswith("\n")
        hunk = replace(hunk, file=hunk.file or self._entries[number][0].name)
        return replace(hunk, replacement=hunk.replacement + "\n") if is_open and text.endswith(("\n", "")) else hunk

    def _write(self, name: str, text: str) -> bool:
        number = self._named(name)
        if number is not None:
            page = self._entries[number][1]
            is_other = page.text != text
            page.text, page.last, page.selected = text, None, None
            self._last = number
            return is_other
        safe = safe_path(name)
        if not safe:
            raise _no_such_file(name)
        self._entries.append((CodeFile(safe, language_of_file(safe) or detect(text), text), _Page(text)))
        self._last = len(self._entries) - 1
        return True

    def _place(self, name: str) -> int:
        number = self._named(name)
        if number is None:
            raise _no_such_file(name)
        return number

    def _named(self, name: str) -> int | None:
        """The file of that name, else the only one whose name ends or begins so."""
        wanted = name.strip().replace("\\", "/").removeprefix("./").strip("/")
        names = [file.name for file, _ in self._entries]
        if wanted in names:
            return names.index(wanted)
        low = wanted.casefold()
        known = [other.casefold() for other in names]
        same = [number for number, other in enumerate(known) if other == low]
        ending = [
            number for number, other in enumerate(known) if other.endswith(f"/{low}") or low.endswith(f"/{other}")
        ]
        return next((alike[0] for alike in (same, ending) if len(alike) == 1), None)


def _selected(text: str, selection: Selection | None) -> tuple[int, int] | None:
    """Where the selection begins and ends: by its lines, else where its text stands if that is at one place only."""
    if selection is None:
        return None
    match = _WHERE.fullmatch(selection.where.strip()) if len(selection.where) < 500 else None
    wanted = selection.text.strip("\n")
    if match:
        lines = text.split("\n")
        first, last = int(match["first"]), int(match["last"] or match["first"])
        start = sum(len(line) + 1 for line in lines[: first - 1])
        end = start + sum(len(line) + 1 for line in lines[first - 1 : last]) - 1
        if wanted.strip() and wanted not in text[start:end]:
            # Lines were put in or taken out before them: it is where the same words stand now.
            found = [at for at in (text.rfind(wanted, 0, start), text.find(wanted, start)) if at >= 0]
            if found:
                at = min(found, key=lambda at: abs(at - start))
                return at, at + len(wanted)
        if 1 <= first <= last <= len(lines):
            return start, end
    at = text.find(wanted) if wanted.strip() else -1
    return (at, at + len(wanted)) if at >= 0 and text.find(wanted, at + 1) < 0 else None


def _with_plain_ends(text: str) -> str:
    """With the line's ends that models write."""
    return text.replace(_line_end(text), "\n")


def _with_ends_of(before: str, text: str) -> str:
    return text.replace("\n", _line_end(before))


def _line_end(text: str) -> str:
    """CR and LF where every line ends so."""
    return "\r\n" if "\r\n" in text and text.count("\r\n") == text.count("\n") else "\n"


def _not_found(hunk: TextHunk) -> Misplaced:
    line = quoted(hunk.search.split("\n"))
    if hunk.file:
        return Misplaced("not_found_in", 'Not found in {file}: "{line}".', file=hunk.file, line=line)
    return Misplaced("not_found", 'Not found: "{line}".', line=line)


def _no_such_file(name: str) -> Misplaced:
    return Misplaced("no_such_file", "There is no file {name}.", name=quoted([name]) or "?")
