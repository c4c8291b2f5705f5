"""Reads a reply while it arrives.

What `feed` gives is for the eye: chat that is surely chat, and the growing tail of what looks like the artifact.
`finish` reads the whole text anew, so its result is the same for any pieces. Both take linear time.
"""

from __future__ import annotations

from enum import Enum, auto

from forgeapp.domain.artifact import Kind
from forgeapp.domain.events import ArtifactGrew, ChatGrew
from forgeapp.reading import prose
from forgeapp.reading.bare_code import is_talk_line
from forgeapp.reading.drawn_tables import may_be_drawn
from forgeapp.reading.envelope import before_closing, opening
from forgeapp.reading.interpretation import Reading, interpret
from forgeapp.reading.pipe_tables import has_pipe, is_delimiter
from forgeapp.reading.reasoning import begins_thought, ends_thought
from forgeapp.reading.scan import MARKDOWN_WORDS, fence_mark, is_rule
from forgeapp.reading.sources import DELIMITED_WORDS, JSON_WORDS
from forgeapp.reading.wishes import wishes

_NOT_SURELY_TALK = "[{<#*_=|-+>`~\"'"


class _Place(Enum):
    TALK = auto()
    ENVELOPE = auto()
    FENCE = auto()
    TABLE = auto()
    DOCUMENT = auto()
    THOUGHT = auto()


class Reader:
    """One reply. `kind`: the wished-for one where known; `request`: what the user had asked."""

    def __init__(self, kind: Kind | None = None, request: str = "") -> None:
        self._kind = kind
        self._request = request
        self._pieces: list[str] = []
        self._unfinished: list[str] = []
        self._lines = _Lines(kind, request)

    def feed(self, text: str) -> list[ChatGrew | ArtifactGrew]:
        """Takes the next piece; gives what its finished lines add, neighbours of one sort joined."""
        self._pieces.append(text)
        head, newline, rest = text.rpartition("\n")
        if not newline:
            self._unfinished.append(text)
            return []
        whole = "".join((*self._unfinished, head))
        self._unfinished = [rest]
        grown: list[ChatGrew | ArtifactGrew] = []
        for line in whole.split("\n"):
            grown.extend(self._lines.take(line.removesuffix("\r")))
        return _joined(grown)

    def finish(self) -> Reading:
        """The meaning of all that was fed."""
        return interpret("".join(self._pieces), self._kind, self._request)


class _Lines:
    """Where the next line stands, judged by the lines before it alone.

    Talk is withheld until it is sure to be talk: an introducing first paragraph before anything else (what stands below
    a table may belong to the document it is in), anything once an envelope has been seen, and prose beside a table, a
    workbook or a fence where that is the kind asked for.
    """

    def __init__(self, kind: Kind | None, request: str) -> None:
        self._wished = kind
        self._expected = kind or _likeliest(request)
        self._place = _Place.TALK
        self._fence = ""
        self._kind: Kind | None = None
        self._title: str | None = None
        self._held: str | None = None
        self._withheld: list[str] = []
        self._has_envelope = False
        self._has_fence = False
        self._is_nested = False
        self._is_first_line = True
        self._is_first_paragraph = True
        self._introduces = False
        self._spoke = False

    def take(self, line: str) -> list[ChatGrew | ArtifactGrew]:
        """What `line` adds; a blank line after chat is chat as well."""
        grown = self._taken(line)
        if grown:
            self._spoke = isinstance(grown[-1], ChatGrew)
        if self._spoke and not line.strip():
            self._spoke = False
            grown.append(ChatGrew("\n"))
        return grown

    def _taken(self, line: str) -> list[ChatGrew | ArtifactGrew]:
        match self._place:
            case _Place.THOUGHT:
                if ends_thought(line):
                    self._place = _Place.TALK
                return []
            case _Place.ENVELOPE:
                return self._in_envelope(line)
            case _Place.FENCE:
                return self._in_fence(line)
            case _Place.TABLE if has_pipe(line):
                return [self._grew(line)]
            case _Place.DOCUMENT if opening(line) is None:
                return [self._grew(line)]
            case _:
                self._place = _Place.TALK
                return self._in_talk(line)

    def _grew(self, line: str) -> ArtifactGrew:
        return ArtifactGrew(self._kind, self._title, line + "\n")

    def _in_envelope(self, line: str) -> list[ChatGrew | ArtifactGrew]:
        rest = before_closing(line)
        if rest is not None and not self._fence:
            self._place = _Place.TALK
            return [self._grew(rest)] if rest.strip() else []
        mark = fence_mark(line)
        if mark and not self._fence:
            self._fence = mark[1]
        elif mark and mark[1].startswith(self._fence) and not mark[2]:
            self._fence = ""
        return [self._grew(line)]

    def _in_fence(self, line: str) -> list[ChatGrew | ArtifactGrew]:
        mark = fence_mark(line)
        if mark and mark[1].startswith(self._fence) and not mark[2]:
            self._place = _Place.TALK
            return []
        if mark and mark[1].startswith(self._fence):
            # A fence within a fence: which line ends which is known at the end only.
            self._is_nested = True
        return [self._grew(line)]

    def _in_talk(self, line: str) -> list[ChatGrew | ArtifactGrew]:
        if head := opening(line):
            self._has_envelope = True
            self._place, self._fence = _Place.ENVELOPE, ""
            self._kind, self._title = head[0] or self._expected, head[1]
            withheld, self._withheld = [*self._withheld, *self._held_lines()], []
            text = "".join(f"{said}\n" for said in withheld if not is_rule(said))
            return [ChatGrew(text)] if text.strip() else []
        if self._has_envelope:
            return [ChatGrew(line + "\n")] if line.strip() and not is_rule(line) and "<" not in line else []
        if not line.strip():
            return self._at_blank_line()
        is_first, self._is_first_line = self._is_first_line, False
        if begins_thought(line, is_first=is_first):
            self._place = _Place.THOUGHT
            return self._release()
        if mark := fence_mark(line):
            released = self._release()
            self._has_fence = True
            self._is_first_paragraph = False
            self._place, self._fence = _Place.FENCE, mark[1]
            self._kind, self._title = self._expected or _kind_of_fence(mark[2]), None
            return released
        if self._held is not None and has_pipe(self._held) and is_delimiter(line):
            (header,) = self._held_lines()
            self._is_first_paragraph = False
            self._place, self._kind = _Place.TABLE, self._expected or Kind.TABLE
            return [self._grew(header), self._grew(line)]
        if line.startswith("#") and self._expected in (None, Kind.DOCUMENT):
            released = self._release()
            self._place, self._kind = _Place.DOCUMENT, Kind.DOCUMENT
            return [*released, self._grew(line)]
        if self._held is not None and not line.strip().strip("=-"):
            self._withheld.extend((*self._held_lines(), line))
            return []
        released = self._release()
        self._held = line
        return released

    def _at_blank_line(self) -> list[ChatGrew | ArtifactGrew]:
        released = self._release()
        if self._introduces or self._withheld:
            self._is_first_paragraph = False
            self._withheld.extend([""] if self._withheld else [])
        return released

    def _held_lines(self) -> list[str]:
        held, self._held = self._held, None
        return [] if held is None else [held]

    def _release(self) -> list[ChatGrew | ArtifactGrew]:
        """The line held back until it was clear that it is no table's header and not underlined."""
        grown: list[ChatGrew | ArtifactGrew] = []
        for line in self._held_lines():
            if self._is_chat(line):
                grown.append(ChatGrew(line + "\n"))
            else:
                self._withheld.append(line)
        return grown

    def _is_chat(self, line: str) -> bool:
        if (
            self._is_nested
            or line.lstrip()[0] in _NOT_SURELY_TALK
            or has_pipe(line)
            or may_be_drawn(line)
            or "<" in line
        ):
            return False
        if self._wished in (Kind.TABLE, Kind.SPREADSHEET) or (self._wished is Kind.CODE and self._has_fence):
            return True
        if self._expected is Kind.DOCUMENT or not self._is_first_paragraph:
            return False
        self._introduces = self._introduces or (not self._withheld and prose.begins_as_opening(line))
        self._is_first_paragraph = is_talk_line(line)
        return self._introduces and self._is_first_paragraph


def _likeliest(request: str) -> Kind | None:
    wished = wishes(request)
    best = max(wished, key=lambda kind: wished[kind])
    return best if wished[best] else None


def _kind_of_fence(info: str) -> Kind | None:
    word = info.split()[0].lower() if info else ""
    if word in MARKDOWN_WORDS:
        return Kind.DOCUMENT
    if word in DELIMITED_WORDS:
        return Kind.TABLE
    return None if word in JSON_WORDS or not word else Kind.CODE


def _joined(grown: list[ChatGrew | ArtifactGrew]) -> list[ChatGrew | ArtifactGrew]:
    runs: list[list[ChatGrew | ArtifactGrew]] = []
    for event in grown:
        if runs and _same(runs[-1][0], event):
            runs[-1].append(event)
        else:
            runs.append([event])
    result: list[ChatGrew | ArtifactGrew] = []
    for run in runs:
        text = "".join(event.text for event in run)
        first = run[0]
        result.append(ChatGrew(text) if isinstance(first, ChatGrew) else ArtifactGrew(first.kind, first.title, text))
    return result


def _same(a: ChatGrew | ArtifactGrew, b: ChatGrew | ArtifactGrew) -> bool:
    if isinstance(a, ArtifactGrew) and isinstance(b, ArtifactGrew):
        return a.kind == b.kind and a.title == b.title
    return type(a) is type(b)
