"""The text an archive is: one JSON document (RFC 8259, UTF-8), written and read row by row.

    {"forgeapp": "0.5.0", "format": 1, "schema": 6, "made_at": "2026-11-21T17:00:00.000Z",
     "projects": [{"id": 1, "name": "ACME", "created_at": ...}, ...],
     "conversations": [...], "messages": [...], ...
     "sections": {"projects": {"rows": 1, "blake2b": "..."}, ...}}

A section is a table of the ledger, its rows are objects by column. What a version holds stands in `contents`: the
`chunks` of which it is the text, one behind the other, is an ARTIFACT as the command line gives it. Numbers that are
ids hold within the archive only. `sections` says how many rows there are, and the BLAKE2b digest (16 bytes, in hex) of
their texts, each as compact JSON with a line's end behind it: what was lost or changed on the way is found.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from json import JSONDecodeError, JSONDecoder
from typing import IO, Any, Final

from forgeapp.ledger.archive import SECTIONS, Snapshot
from forgeapp.ledger.archive.sections import Row

FORMAT: Final = 1
MAX_ROW_CHARS: Final = 134_217_728
_PIECE_CHARS: Final = 262_144
_SPACES: Final = " \t\n\r"
_MAX_NAME_CHARS: Final = 100


@dataclass(slots=True)
class Tally:
    """What one section holds."""

    rows: int = 0
    digest: Any = field(default_factory=lambda: blake2b(digest_size=16))

    def add(self, text: str) -> None:
        self.rows += 1
        self.digest.update(text.encode("utf-8", "surrogatepass"))
        self.digest.update(b"\n")

    def to_json(self) -> dict[str, Any]:
        return {"rows": self.rows, "blake2b": self.digest.hexdigest()}


def write_document(
    snapshot: Snapshot, head: dict[str, Any], file: IO[str], on_row: Callable[[], None]
) -> dict[str, Any]:
    """Gives what stands under `sections`."""
    file.write("{" + ",\n".join(f"{_compact(name)}: {_compact(value)}" for name, value in head.items()))
    tallies: dict[str, Tally] = {}
    for table in SECTIONS:
        tally = tallies[table.name] = Tally()
        file.write(f",\n{_compact(table.name)}: [")
        for row in snapshot.rows(table.name):
            text = _compact(row)
            if len(text) > MAX_ROW_CHARS:
                raise ValueError(f"'{table.name}', row {row['id']}, is longer than {MAX_ROW_CHARS:,} characters")
            file.write(",\n" if tally.rows else "\n")
            file.write(text)
            tally.add(text)
            on_row()
        file.write("]")
    sections = {name: tally.to_json() for name, tally in tallies.items()}
    file.write(f',\n"sections": {_compact(sections)}}}\n')
    return sections


def tallied(rows: Iterator[Row], tally: Tally) -> Iterator[Row]:
    """The rows as they come, counted."""
    for row in rows:
        tally.add(_compact(row))
        yield row


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class DocumentReader:
    """A JSON object of any size, member by member; of one that is a list, one object after the other.

    At most MAX_ROW_CHARS are held at a time. Raises ValueError for what is no such document.
    """

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._text = ""
        self._at = 0
        self._is_whole = False
        self._decoder = JSONDecoder(parse_constant=_no_constant)

    def members(self) -> Iterator[tuple[str, Any]]:
        """Each name with its value; where that is a list, an iterator over its rows, to be used before the next."""
        self._expect("{")
        names: set[str] = set()
        while True:
            if self._next() != '"':
                raise ValueError(f"a name is missing {self._where}")
            name = self._value()
            if len(name) > _MAX_NAME_CHARS or name in names:
                raise ValueError(f"'{name[:_MAX_NAME_CHARS]}' stands there twice, or is no name")
            names.add(name)
            self._expect(":")
            if self._next() == "[":
                rows = self._rows()
                yield name, rows
                for _ in rows:
                    pass
            else:
                yield name, self._value()
            if self._next() == "}":
                break
            self._expect(",")
        self._at += 1
        if self._next():
            raise ValueError(f"something stands behind its end {self._where}")

    def _rows(self) -> Iterator[Any]:
        self._expect("[")
        if self._next() == "]":
            self._at += 1
            return
        while True:
            if self._next() != "{":
                raise ValueError(f"a row is an object {self._where}")
            yield self._value()
            if self._next() == "]":
                self._at += 1
                return
            self._expect(",")

    def _value(self) -> Any:
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except JSONDecodeError as error:
                if self._is_whole:
                    raise ValueError(f"{error.msg} {self._where}") from error
            except RecursionError as error:
                raise ValueError("it is nested too deeply") from error
            else:
                # A number may go on behind what has been read.
                if end < len(self._text) or self._is_whole:
                    self._at = end
                    return value
            self._read_more()

    def _next(self) -> str:
        """The next character that is no space; '' at the end."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in _SPACES:
                    return self._text[self._at]
                self._at += 1
            if self._is_whole:
                return ""
            self._read_more()

    def _expect(self, character: str) -> None:
        if self._next() != character:
            raise ValueError(f"'{character}' is missing {self._where}")
        self._at += 1

    def _read_more(self) -> None:
        """Twice as much as what is being looked at, so that a long row is not looked at too often."""
        rest = self._text[self._at :]
        if len(rest) > MAX_ROW_CHARS:
            raise ValueError(f"a row is longer than {MAX_ROW_CHARS:,} characters, or has no end")
        piece = self._file.read(max(_PIECE_CHARS, len(rest)))
        self._text, self._at = rest + piece, 0
        self._is_whole = not piece

    @property
    def _where(self) -> str:
        near = self._text[self._at : self._at + 20]
        return f"before {near!r}" if near else "at its end"


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number")
