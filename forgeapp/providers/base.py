"""What a dialect is: how a request is written, and how what comes back is read.

A dialect knows neither sockets nor statuses: `provider` drives it over `transport`. A new one is a module with a class
of these methods, and a row in `registry`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Protocol

from forgeapp.domain.chat import ModelInfo, Prompt, StreamEvent
from forgeapp.domain.secret import Secret

Json = Any
"""What json.loads gives. Everything in it is untrusted: any key may be missing, any value of any type."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request: `path` and `query` are joined to the base URL's own; `json` None makes it a GET.

    `cut_at`: stop sequences that the server cannot be told, so that `provider` cuts the text of the reply there.
    """

    path: str
    json: Mapping[str, Json] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    cut_at: Sequence[str] = ()


class Quirks:
    """What one server was found not to take, as short words ('no stream_options', 'no temperature: MODEL').

    Shared by every call at that server, in any thread; `on_learned` is told all of them after each new one, so that
    they can be kept. An unknown word is harmless.
    """

    def __init__(
        self, known: Iterable[str] = (), on_learned: Callable[[tuple[str, ...]], None] = lambda _known: None
    ) -> None:
        self._known = dict.fromkeys(known)
        self._on_learned = on_learned
        self._learning = Lock()

    def __contains__(self, quirk: str) -> bool:
        return quirk in self._known

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def learn(self, quirk: str, instead_of: str | None = None) -> None:
        """Notes it, and forgets what turned out to be wrong."""
        with self._learning:
            if quirk not in self._known:
                self._known = dict.fromkeys([*(known for known in self._known if known != instead_of), quirk])
                self._on_learned(tuple(self._known))


@dataclass(frozen=True, slots=True)
class ServerFault:
    """What a server said of a failure: its HTTP `status` where it has one, its own `code` words, its `message`.

    `body` is the text the server sent, cut, for a dialect that looks for a field's name in it. Neither stands in the
    repr: a server may send the key back. `retry_after_s`: the wait it names in the body.
    """

    status: int | None
    code: str
    message: str = field(repr=False)
    body: str = field(default="", repr=False)
    retry_after_s: float | None = None


class FaultReported(Exception):
    """Raised by a reader that meets an error object in the midst of a reply; never leaves the room, as `NotAReply`."""

    def __init__(self, fault: ServerFault) -> None:
        super().__init__(fault.code)
        self.fault = fault


class NotAReply(Exception):
    """Raised by whoever reads what is not the protocol we speak; the text says what came instead."""


_decode = json.JSONDecoder().decode


def parse(text: str) -> Json:
    """json.loads of untrusted text. Raises NotAReply, also for text nested so deep that it cannot be read."""
    try:
        return _decode(text)
    except (ValueError, RecursionError):
        raise NotAReply(f"broken JSON: {text[:80]}") from None


class Decoder(Protocol):
    """Cuts the bytes of a stream into the texts of its events."""

    starts_as_json: bool
    """Its streams begin as plain JSON does, and are told from it by their content type."""

    def feed(self, chunk: bytes) -> list[str]: ...

    def finish(self) -> list[str]:
        """The event the stream ended in, perhaps cut short."""
        ...


class ReplyReader(Protocol):
    """Reads one reply; made anew for each call."""

    ended: bool
    """The end marker has been seen: nothing more is read from the wire."""
    complete: bool
    """The reply may end here: a finish reason or the end marker has been seen."""
    refusal: str | None
    """Why the model or a filter declined, in the server's words, where one did."""

    def read(self, event: str) -> Sequence[StreamEvent]:
        """The pieces of one event of a stream. Raises NotAReply, FaultReported."""
        ...

    def read_whole(self, text: str) -> Sequence[StreamEvent]:
        """The same from a server that answered a plain JSON object. Raises NotAReply, FaultReported."""
        ...

    def finish(self) -> Sequence[StreamEvent]:
        """What is known at the end: the usage where reported, then, if not refused, ReplyFinished."""
        ...


class Dialect(Protocol):
    """One protocol, for one server, whose `Quirks` it is made with."""

    def authorisation(self, key: Secret) -> tuple[str, Secret]:
        """Name and value of the header that carries the key."""
        ...

    def chat(self, prompt: Prompt) -> Request: ...

    def adapt(self, sent: Request, fault: ServerFault) -> bool:
        """Learns from a rejected request; True when the same prompt is worth sending once more, written otherwise.

        Another thread may have learned the same meanwhile: what counts is what stands in `sent`.
        """
        ...

    def decoder(self) -> Decoder: ...

    def reader(self) -> ReplyReader: ...

    def models(self) -> Request: ...

    def read_models(self, reply: Json) -> list[ModelInfo]:
        """Raises NotAReply for what is no list of models."""
        ...
