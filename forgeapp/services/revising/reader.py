"""Reads a reply to a revision while it arrives: a patch of the base, or else artifacts as any reply holds them."""

from __future__ import annotations

import re
from dataclasses import replace
from textwrap import indent

from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import kind_of
from forgeapp.domain.document import Document
from forgeapp.domain.events import ArtifactGrew, ChatGrew
from forgeapp.domain.request import Selection
from forgeapp.domain.wording import Text
from forgeapp.reading import Reader, Reading
from forgeapp.reading.patches import read_patch
from forgeapp.services.revising.applying import applied
from forgeapp.services.revising.base import Base
from forgeapp.services.revising.material import shown
from forgeapp.services.revising.pictures import Pictures

_PATCH_MARK = re.compile(
    r"""\s*(?:<{5,9}\s*\w*\s*$|\{?\s*"?operations"?\s*:|@@ |--- \S|\+\+\+ \S|<(?:file|delete|rename) )"""
)
_LEADS_IN = re.compile(r"\s*(?:[`~]{3,}.*|\{|[\w./-]+\.\w{1,8}:?)?\s*$")
"""What may stand on the lines before a patch and belong to it: a fence, a file's name."""
_DOUBTFUL_CHARS = 400
"""From so much of an artifact on, none of it marked as a patch, it is shown as it grows."""

_ENVELOPE = re.compile(r"<(?:ant)?artifact\b", re.IGNORECASE)
_WHOLE_CHARS = 1_500
_PIECE_SHARE = 0.25
"""An artifact of so many characters is not made so much shorter without a word that this is all of it."""


class RevisionReader:
    """One reply to a request to change `base`; used as `reading.Reader` is.

    `wants_whole`: no patch was asked for. One that comes all the same is none the less a patch. It is not shown while
    it arrives: what it makes of the base is known when it is whole.
    """

    def __init__(self, base: Base, request: str, selection: Selection | None, *, wants_whole: bool = False) -> None:
        self._base = base
        self._wants_whole = wants_whole
        self._selection = selection
        self._reader = Reader(base.kind, request)
        self._pieces: list[str] = []
        self._held: list[ArtifactGrew] = []
        self._held_chars = 0
        self._is_patch = False
        self._lines: list[str] = []
        self._line = ""
        self._said = 0
        self._is_piece = False
        self.failed: tuple[Text, ...] = ()
        """Of a patch: what of it had no place in the base."""
        self.count: int | None = None
        """Of a patch: how many of its changes had one; None where the reply holds no patch."""

    @property
    def is_misplaced(self) -> bool:
        """Whether it is a patch none of which has a place in the base, or a piece of which it is not said where it
        belongs."""
        return (self.count == 0 and bool(self.failed)) or self._is_piece

    def feed(self, text: str) -> list[ChatGrew | ArtifactGrew]:
        self._pieces.append(text)
        grown = self._reader.feed(text)
        if self._is_patch:
            return []
        talk = self._talk_before_patch(text)
        if talk is not None:
            self._is_patch = True
            self._held.clear()
            rest = talk[self._said :]
            return [ChatGrew(rest)] if rest.strip() else []
        shown: list[ChatGrew | ArtifactGrew] = []
        for event in grown:
            if isinstance(event, ChatGrew):
                self._said += len(event.text)
                shown.append(event)
            else:
                self._held.append(event)
                self._held_chars += len(event.text)
        if self._held and self._held_chars >= _DOUBTFUL_CHARS:
            shown += self._held
            self._held.clear()
        return shown

    def _talk_before_patch(self, text: str) -> str | None:
        """What was said before a patch that begins on a line which `text` ends; None where none does."""
        if "\n" not in text:
            self._line += text
            return None
        *ended, rest = (self._line + text).split("\n")
        self._line = rest
        for line in ended:
            if _PATCH_MARK.match(line):
                while self._lines and _LEADS_IN.match(self._lines[-1]):
                    self._lines.pop()
                return "\n".join((*self._lines, ""))
            self._lines.append(line)
        return None

    def finish(self) -> Reading:
        """The base with the patch applied, as the one artifact; where no patch is in the reply, what else it holds."""
        base = self._base
        found = read_patch("".join(self._pieces), base.kind)
        if found is None:
            reading = self._within(self._with_pictures(self._reader.finish()))
            self._is_piece = not self._wants_whole and self._looks_like_piece(reading)
            return reading
        result = applied(found.patch, base.content, self._selection)
        self.failed, self.count = result.failed, result.count
        artifacts = (result.content,) if result.count else ()
        return Reading(base.kind if artifacts else None, base.title, found.chat_text, artifacts, result.failed)

    def _looks_like_piece(self, reading: Reading) -> bool:
        """Whether what it gives as the artifact is not marked as that, and far too short for it."""
        contents = [content for content in reading.artifacts if kind_of(content) is self._base.kind]
        if not contents or _ENVELOPE.search("".join(self._pieces)):
            return False
        whole = len(shown(self._base.content))
        return whole >= _WHOLE_CHARS and len(shown(contents[0])) < _PIECE_SHARE * whole

    def _with_pictures(self, reading: Reading) -> Reading:
        """The bytes in place of the names under which the model was shown them."""
        if not isinstance(self._base.content, Document):
            return reading
        pictures = Pictures.of(self._base.content.markdown)
        return replace(
            reading,
            artifacts=tuple(
                replace(content, markdown=pictures.put_back(content.markdown))
                if isinstance(content, Document)
                else content
                for content in reading.artifacts
            ),
        )

    def _within(self, reading: Reading) -> Reading:
        """The base with the selection replaced, where that is what the reply gives: not the whole, but its part."""
        selection, base = self._selection, self._base.content
        if selection is None or self._wants_whole or len(reading.artifacts) != 1 or not selection.text.strip():
            return reading
        content = reading.artifacts[0]
        match base, content:
            case Document(markdown=whole), Document(markdown=part) if _is_part(whole, part, selection):
                markdown = whole.replace(selection.text, _in_its_place(selection.text, part))
                return replace(reading, artifacts=(replace(base, markdown=markdown),))
            case Code(files=files), Code(files=(CodeFile(text=part),)):
                holders = [file for file in files if _is_part(file.text, part, selection)]
                if len(holders) == 1:
                    text = holders[0].text.replace(selection.text, _in_its_place(selection.text, part))
                    changed = replace(holders[0], text=text)
                    made = tuple(changed if file is holders[0] else file for file in files)
                    return replace(reading, artifacts=(replace(base, files=made),))
        return reading


def _is_part(whole: str, part: str, selection: Selection) -> bool:
    """Whether `part` is likely meant for the selection alone: it is far from being the whole."""
    is_clear = whole.count(selection.text) == 1 and len(selection.text) < 0.5 * len(whole)
    return is_clear and len(part) < 0.5 * len(whole)


def _in_its_place(selected: str, part: str) -> str:
    """The part with the lines' ends that the selection has at its edges, and no less indented than that."""
    inner, part = selected.strip("\r\n"), part.strip("\r\n")
    part = indent(part, _indentation(inner)[len(_indentation(part)) :])
    start = selected.index(inner)
    return selected[:start] + part + selected[start + len(inner) :]


def _indentation(text: str) -> str:
    """The least of all lines that say something."""
    indentations = (line[: len(line) - len(line.lstrip())] for line in text.split("\n") if line.strip())
    return min(indentations, key=len, default="")
