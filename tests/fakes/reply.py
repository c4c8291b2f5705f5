"""What a fake server is told to answer, the same for every protocol."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class Reply:
    """What one chat request is answered with.

    `pieces`: how the text is cut, by words where None. `usage`: as on the wire; None counts words, {} reports none.
    `finish`: 'stop', 'length', 'refused', or what stands on the wire word for word. `finish` None and `done` False
    leave the end markers out. `cut`: the body's bytes are sent in parts of this size.
    `stall_after` pieces the server falls silent until the client leaves; `reset_after` pieces it resets the
    connection; `close_after` pieces it closes it. `raw` stands for the whole body of a stream. `status` beyond 200, or
    a `body`, answers that body instead of a reply. `rejects`: fields that are answered with a 400 that names them.
    """

    text: str = "Hello there."
    pieces: Sequence[str] | None = None
    reasoning: str = ""
    finish: str | None = "stop"
    usage: dict[str, Any] | None = None
    done: bool = True
    plain: bool = False
    refusal: str = ""
    error: dict[str, Any] | None = None
    error_after: int | None = None
    delay_s: float = 0.0
    piece_delay_s: float = 0.0
    cut: int | None = None
    newline: str = "\n"
    pings: bool = False
    reset_after: int | None = None
    close_after: int | None = None
    stall_after: int | None = None
    raw: bytes | None = None
    status: int = 200
    body: bytes | str | dict[str, Any] | list[Any] | None = None
    content_type: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    rejects: Sequence[str] = ()

    @property
    def falls_silent(self) -> bool:
        """Whether nothing more comes for longer than anybody should wait."""
        return self.stall_after is not None or self.delay_s > 0

    def parts(self) -> list[str]:
        if self.pieces is not None:
            return list(self.pieces)
        return re.findall(r"\s*\S+|\s+\Z", self.text)

    def whole_text(self) -> str:
        return "".join(self.pieces) if self.pieces is not None else self.text

    def counted(self, sent: object) -> tuple[int, int]:
        """Input and output tokens where no usage is scripted: the words of what was sent, and of the reply."""
        return max(len(str(sent).split()), 1), max(len(self.whole_text().split()), 1)


class Wire(Protocol):
    """One vendor's protocol. `reply.usage`, where given, is what stands on this wire, word for word."""

    def is_chat(self, path: str) -> bool:
        """Whether a POST to this path (without its query) asks for a reply."""
        ...

    def is_models(self, path: str, headers: dict[str, str]) -> bool:
        """Whether a GET of this path asks for the list of models."""
        ...

    def is_streamed(self, path: str, asked: dict[str, Any]) -> bool: ...

    def events(self, reply: Reply, path: str, asked: dict[str, Any]) -> Iterator[bytes]:
        """The events of a stream, each with its last blank line; `reset_after` and the like count them."""
        ...

    def whole(self, reply: Reply, path: str, asked: dict[str, Any]) -> dict[str, Any]:
        """The same reply as one JSON object."""
        ...

    def models(self, names: Sequence[str]) -> dict[str, Any]: ...

    def error(self, status: int, code: str, message: str) -> dict[str, Any]:
        """The body of an error as this vendor words it."""
        ...

    content_type: str
    """Of a stream."""
