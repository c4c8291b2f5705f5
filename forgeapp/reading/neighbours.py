"""Pictures that lie beside a file that is opened, taken into it, for what is kept has no folder.

Only files in the file's own folder or below it, wherever links of the file system lead: never above it, by no whole
path, and nothing from elsewhere.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from forgeapp.domain.document import Blocks, Heading, Inline, Paragraph, Picture, TableBlock, walk
from forgeapp.domain.fences import open_fence
from forgeapp.domain.image import Image
from forgeapp.domain.wording import Text
from forgeapp.errors import TooLarge, UnreadableFile
from forgeapp.reading.file_heads import read_head
from forgeapp.reading.kept_pictures import MAX_ALL_BYTES, MAX_PICTURE_BYTES

MAX_PICTURES: Final = 200
_MAX_ALL_CHARS: Final = MAX_ALL_BYTES * 4 // 3 + 100 * MAX_PICTURES
"""Of data: URIs, the same one as often as it is put in."""
_MOST_NAMED: Final = 5
_MOST_CHARS: Final = 60
"""Of a name that is told."""
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_REMOTE: Final = re.compile(r"(?:https?|ftp):|//", re.IGNORECASE)
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CODE_SPAN: Final = r"`+[^`\n]*`+"
_IMAGE: Final = r"(!\[(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*\]\(\s*)(<[^<>\n]*>|[^\s<>()]+(?:\([^\s<>()]*\)[^\s<>()]*)*)"
_TAG: Final = r"(<[iI][mM][gG]\b[^<>]*?\s[sS][rR][cC]\s*=\s*)(\"[^\"<>]*\"|'[^'<>]*'|[^\s<>\"']+)"
_DEFINITION: Final = r"^([ \t>]*\[(?!\^)[^\[\]]{1,200}\]:\s*)(<[^<>\n]*>|[^\s<>]+)"
_ADDRESS: Final = re.compile("|".join((_CODE_SPAN, _IMAGE, _TAG, _DEFINITION)), re.MULTILINE)
"""What comes before an address and the address, whichever it is; a span of code has neither."""
_ESCAPE: Final = re.compile(r"\\([!-/:-@\[-`{-~])")


class _Fault(StrEnum):
    MISSING = "missing"
    OUTSIDE = "outside"
    REMOTE = "remote"
    LARGE = "large"
    MANY = "many"
    FULL = "full"
    ODD = "odd"
    UNREADABLE = "unreadable"


_WORDS: Final[dict[_Fault, tuple[str, str]]] = {
    _Fault.MISSING: ("A picture is not there: {names}", "{count} pictures are not there: {names}"),
    _Fault.OUTSIDE: (
        "A picture outside the file's folder is not taken in: {names}",
        "{count} pictures outside the file's folder are not taken in: {names}",
    ),
    _Fault.REMOTE: (
        "A picture lies elsewhere, and nothing is loaded from there: {names}",
        "{count} pictures lie elsewhere, and nothing is loaded from there: {names}",
    ),
    _Fault.LARGE: ("A picture is too large to be taken in: {names}", "{count} pictures are too large: {names}"),
    _Fault.MANY: (
        "A picture is one too many to be taken in: {names}",
        "{count} pictures are more than can be taken in: {names}",
    ),
    _Fault.FULL: (
        "A picture is not taken in wherever it stands, for all of them are too large together: {names}",
        "{count} pictures are not taken in wherever they stand, for all of them are too large together: {names}",
    ),
    _Fault.ODD: (
        "A picture is not taken in, for its address is not found in the text: {names}",
        "{count} pictures are not taken in, for their addresses are not found in the text: {names}",
    ),
    _Fault.UNREADABLE: (
        "A picture is damaged or of a sort that is not shown here: {names}",
        "{count} pictures are damaged or of a sort that is not shown here: {names}",
    ),
}


class Neighbours:
    """The pictures beside `file`; each is read once, and counts wherever it is put."""

    def __init__(self, file: Path) -> None:
        self._folder = file.parent.resolve()
        self._sources: dict[str, str | None] = {}
        self._faults: dict[_Fault, list[str]] = {}
        self._bytes = 0
        self._chars = 0

    def has(self, address: str) -> bool:
        """Whether the picture can be taken in; told of, where it cannot."""
        name = _name_of(address)
        if name not in self._sources:
            found = self._read(name)
            if isinstance(found, _Fault):
                self._tell(found, name)
            self._sources[name] = None if isinstance(found, _Fault) else found
        return self._sources[name] is not None

    def source_of(self, address: str) -> str | None:
        """The picture as a data: URI, to be put in once; None, and told of, where it is not taken in."""
        name = _name_of(address)
        source = self._sources[name] if self.has(name) else None
        if source is None:
            return None
        if self._chars + len(source) > _MAX_ALL_CHARS:
            self._tell(_Fault.FULL, name)
            return None
        self._chars += len(source)
        return source

    def tell_odd(self, address: str) -> None:
        """That a text shows a picture but nobody knows where in it the address stands."""
        self._tell(_Fault.ODD, _name_of(address))

    def _tell(self, fault: _Fault, name: str) -> None:
        shown = _UNPRINTABLE.sub("", name)
        shown = shown if len(shown) <= _MOST_CHARS else f"{shown[:_MOST_CHARS]}…"
        told = self._faults.setdefault(fault, [])
        if fault is not _Fault.FULL or shown not in told:
            told.append(shown)

    def told(self) -> tuple[Text, ...]:
        """What was not taken in, a sentence for each reason."""
        return tuple(
            Text(
                f"pictures_{fault}{'' if len(names) == 1 else '_several'}",
                _WORDS[fault][len(names) > 1],
                count=len(names),
                names=", ".join(names[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else ""),
            )
            for fault in _Fault
            if (names := self._faults.get(fault))
        )

    def _read(self, name: str) -> str | _Fault:
        from forgeapp.reading.image_file import read_image

        if _REMOTE.match(name):
            return _Fault.REMOTE
        if not name or _SCHEME.match(name) or name.startswith("/") or "\\" in name or "\0" in name:
            return _Fault.OUTSIDE
        if len(self._sources) >= MAX_PICTURES:
            return _Fault.MANY
        try:
            path = (self._folder / name).resolve()
            if not path.is_relative_to(self._folder):
                return _Fault.OUTSIDE
            if not path.is_file():
                return _Fault.MISSING
        except (OSError, ValueError, RuntimeError):
            # A name the file system does not take, or links that go round in a circle.
            return _Fault.MISSING
        try:
            data = read_head(path, MAX_PICTURE_BYTES + 1)
            if len(data) > MAX_PICTURE_BYTES:
                return _Fault.LARGE
            image = read_image(data, path.name).content
        except TooLarge:
            return _Fault.LARGE
        except UnreadableFile:
            return _Fault.UNREADABLE
        assert isinstance(image, Image)
        self._bytes += len(image.data)
        if self._bytes > MAX_ALL_BYTES or len(image.data) > MAX_PICTURE_BYTES:
            self._bytes -= len(image.data)
            return _Fault.LARGE
        return f"data:{image.media_type};base64,{base64.b64encode(image.data).decode('ascii')}"


def with_pictures(markdown: str, neighbours: Neighbours) -> str:
    """The text with the pictures it shows in it: nothing but their addresses is changed, and none in code."""
    from forgeapp.reading.markdown import parse, self_contained_pieces

    shown: set[str] = set()
    for piece, _ in self_contained_pieces(markdown):
        if "![" not in piece and "<img" not in piece.lower():
            continue
        for picture in _pictures(parse(piece)):
            name = _name_of(picture.source)
            if not name.lower().startswith("data:") and neighbours.has(name):
                shown.add(name)
    if not shown:
        return markdown
    found: set[str] = set()

    def embedded(match: re.Match[str]) -> str:
        parts = [part for part in match.groups() if part is not None]
        if not parts:
            return match[0]
        lead, written = parts
        address = written.strip("<>") if written.startswith("<") else written.strip("\"'")
        name = _name_of(_ESCAPE.sub(r"\1", html.unescape(address)))
        if name not in shown:
            return match[0]
        found.add(name)
        source = neighbours.source_of(name)
        if source is None:
            return match[0]
        return f'{lead}"{source}"' if lead.startswith("<") else lead + source

    text = "\n".join(
        part if is_code else _ADDRESS.sub(embedded, part) for part, is_code in _parts_of(markdown.split("\n"))
    )
    for name in sorted(shown - found):
        neighbours.tell_odd(name)
    return text


def _parts_of(lines: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Lines up to an empty one or to fenced code, and whether they are code."""
    fence = ""
    paragraph: list[str] = []
    for line in lines:
        was_open, fence = bool(fence), open_fence(line, fence)
        is_code = was_open or bool(fence)
        if line.strip() and not is_code:
            paragraph.append(line)
            continue
        if paragraph:
            yield "\n".join(paragraph), False
            paragraph = []
        yield line, is_code
    if paragraph:
        yield "\n".join(paragraph), False


def _pictures(blocks: Blocks) -> Iterator[Picture]:
    for block in walk(blocks):
        match block:
            case Heading(inlines=inlines) | Paragraph(inlines=inlines):
                yield from _of(inlines)
            case TableBlock(header=header, rows=rows):
                for row in (header, *rows):
                    for cell in row:
                        yield from _of(cell)
            case _:
                pass


def _of(inlines: Sequence[Inline]) -> Iterator[Picture]:
    return (inline for inline in inlines if isinstance(inline, Picture))


def _name_of(address: str) -> str:
    """What a file of that address is called: 'my%20chart.png' is 'my chart.png'."""
    return unquote(address.strip())
