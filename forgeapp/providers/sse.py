"""Server-sent events out of bytes, however they are cut.

Format: https://html.spec.whatwg.org/multipage/server-sent-events.html. Three deviations. Two are for servers that stop
without a last blank line: `finish` gives the unfinished event too, and says so. The third is for Gemini, which fails in
the midst of a stream by an error in bare JSON: lines from one that begins with a brace up to a blank one are an event.
`id` and `retry` are not read, for no call is ever resumed.
"""

from __future__ import annotations

from typing import Final

MAX_EVENT_BYTES: Final = 16 * 1024 * 1024
_BOM: Final = b"\xef\xbb\xbf"


class EventTooLong(ValueError):
    """A line or an event that never ends."""


class SSEDecoder:
    """`feed` bytes, get the data of the events they complete, as text; linear in the bytes fed.

    Raises EventTooLong as soon as one event is longer than `max_event_bytes`.
    """

    starts_as_json = False

    def __init__(self, max_event_bytes: int = MAX_EVENT_BYTES) -> None:
        self._max = max_event_bytes
        self._line: list[bytes] = []
        self._line_bytes = 0
        self._data: list[bytes] = []
        self._data_bytes = 0
        self._is_bare = False
        self._after_cr = False
        self._start: bytes | None = b""

    def feed(self, chunk: bytes) -> list[str]:
        """The data of every event that `chunk` completes."""
        if self._start is not None:
            chunk = self._without_bom(chunk)
        if not chunk:
            return []
        if self._after_cr and chunk[0] == 10:  # the LF of a CRLF that was cut in two
            chunk = chunk[1:]
        self._after_cr = chunk.endswith(b"\r")
        if b"\r" in chunk:
            chunk = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

        lines = chunk.split(b"\n")
        rest = lines.pop()
        events: list[str] = []
        if lines:
            if self._line:
                self._line.append(lines[0])
                lines[0] = b"".join(self._line)
                self._line.clear()
                self._line_bytes = 0
            self._read(lines, events)
        if rest:
            self._line.append(rest)
            self._line_bytes += len(rest)
            if self._line_bytes + self._data_bytes > self._max:
                raise EventTooLong(f"an event of more than {self._max:,} bytes")
        return events

    def finish(self) -> list[str]:
        """The data of the event the stream ended in, [] when it ended between two; it may be cut short."""
        events: list[str] = []
        self._read([b"".join(self._line), b""], events)
        self._line.clear()
        self._line_bytes = 0
        return events

    def _read(self, lines: list[bytes], events: list[str]) -> None:
        data = self._data
        for line in lines:
            if line[:5] == b"data:" or line == b"data":
                data.append(line[6:] if line[5:6] == b" " else line[5:])
            elif not line:
                if data:
                    events.append((data[0] if len(data) == 1 else b"\n".join(data)).decode("utf-8", "replace"))
                    data.clear()
                    self._data_bytes = 0
                    self._is_bare = False
                continue
            elif self._is_bare or (line[:1] == b"{" and not data):
                self._is_bare = True
                data.append(line)
            else:
                continue
            self._data_bytes += len(line)
            if self._data_bytes > self._max:
                raise EventTooLong(f"an event of more than {self._max:,} bytes")

    def _without_bom(self, chunk: bytes) -> bytes:
        """Holds the first bytes back until it is clear whether they are a byte order mark."""
        assert self._start is not None
        start = self._start + chunk
        if len(start) < len(_BOM) and _BOM.startswith(start):
            self._start = start
            return b""
        self._start = None
        return start.removeprefix(_BOM)
