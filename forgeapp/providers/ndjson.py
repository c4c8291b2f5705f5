"""Lines of JSON out of bytes, however they are cut.

Format: https://github.com/ndjson/ndjson-spec. Blank lines are passed over, as it allows; `finish` gives a last line
without its line feed too, which may be cut short. A carriage return is left for JSON, to which it is white space.
"""

from __future__ import annotations

from typing import Final

from forgeapp.providers.sse import MAX_EVENT_BYTES, EventTooLong

_BOM: Final = b"\xef\xbb\xbf"


class NDJSONDecoder:
    """`feed` bytes, get the lines they complete, as text; linear in the bytes fed.

    Raises EventTooLong as soon as one line is longer than `max_line_bytes`.
    """

    starts_as_json = True

    def __init__(self, max_line_bytes: int = MAX_EVENT_BYTES) -> None:
        self._max = max_line_bytes
        self._line: list[bytes] = []
        self._line_bytes = 0
        self._is_first = True

    def feed(self, chunk: bytes) -> list[str]:
        """Every line that `chunk` completes."""
        lines = chunk.split(b"\n")
        rest = lines.pop()
        texts: list[str] = []
        if lines:
            if self._line:
                self._line.append(lines[0])
                lines[0] = b"".join(self._line)
                self._line.clear()
                self._line_bytes = 0
            self._read(lines, texts)
        if rest:
            self._line.append(rest)
            self._line_bytes += len(rest)
            if self._line_bytes > self._max:
                self._refuse()
        return texts

    def finish(self) -> list[str]:
        """The line the stream ended in, [] when it ended between two; it may be cut short."""
        texts: list[str] = []
        self._read([b"".join(self._line)], texts)
        self._line.clear()
        self._line_bytes = 0
        return texts

    def _read(self, lines: list[bytes], texts: list[str]) -> None:
        if self._is_first:
            self._is_first = False
            lines[0] = lines[0].removeprefix(_BOM)
        for line in lines:
            if len(line) > self._max:
                self._refuse()
            if line and not line.isspace():
                texts.append(line.decode("utf-8", "replace"))

    def _refuse(self) -> None:
        raise EventTooLong(f"a line of more than {self._max:,} bytes")
