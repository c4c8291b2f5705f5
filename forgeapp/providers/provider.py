"""One call at one provider, in any dialect: send, see what came, read it, name what failed.

Errors are raised after the `except` that caught their cause, not in it: so no cause and no context hangs on them, whose
frames would hold the request with its key.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, count
from typing import Final

import httpx

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.chat import ModelInfo, Prompt, StreamEvent
from forgeapp.domain.secret import Secret, variable_for
from forgeapp.errors import (
    Cancelled,
    ContentRefused,
    ForgeError,
    KeyMissing,
    KeyRejected,
    KeyUnusable,
    ProviderUnreachable,
    StreamBroken,
    UnreadableReply,
)
from forgeapp.providers.base import Dialect, FaultReported, NotAReply, ReplyReader, Request, ServerFault, parse
from forgeapp.providers.faults import Blame, error_class, is_web_page, read_fault, wait_named
from forgeapp.providers.sse import EventTooLong
from forgeapp.providers.stops import StoppedReader
from forgeapp.providers.transport import NotConnectable, Transport

Key = str | Secret | Callable[[], str | Secret | None] | None
"""A provider's key: itself, what gives it at the moment of a call, or None for a server that asks for none."""

MAX_REPLY_BYTES: Final = 64 * 1024 * 1024
_MAX_ERROR_BYTES: Final = 256 * 1024
_MAX_ADAPTATIONS: Final = 4
_CAUGHT: Final = (httpx.HTTPError, httpx.StreamError, NotConnectable, NotAReply, EventTooLong, FaultReported)
_BLANK: Final = b"\xef\xbb\xbf \t\r\n"
_OTHER_MEDIA: Final = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip")


class _Rejected(Exception):
    """A request the server did not take as it was written."""

    def __init__(self, sent: Request, fault: ServerFault, failure: ForgeError) -> None:
        super().__init__(fault.message)
        self.sent = sent
        self.fault = fault
        self.failure = failure


@dataclass(slots=True)
class _Call:
    """One request under way. `replying`: the response has begun."""

    blame: Blame
    cancel: CancelToken
    replying: bool = False

    def failure(self, error: Exception) -> ForgeError:
        """The typed error for anything in `_CAUGHT`."""
        if self.cancel.is_cancelled:
            return Cancelled()
        match error:
            case FaultReported(fault=fault):
                return self.blame.of_fault(fault)
            case NotAReply() | EventTooLong():
                return self.blame.error(UnreadableReply, str(error))
            case NotConnectable():
                return self.blame.error(ProviderUnreachable, str(error))
        return self.blame.of_exception(error, replying=self.replying)


class HttpProvider:
    """`domain.chat.Provider` for one dialect at one base URL. Safe to use from several threads at once.

    `key_variable`: the environment variable its key may stand in, told where the server asks for one.
    """

    def __init__(
        self, dialect: Dialect, transport: Transport, *, name: str, key: Key = None, key_variable: str | None = None
    ) -> None:
        self.name = name
        self._key_variable = key_variable or variable_for(name)
        self._dialect = dialect
        self._transport = transport
        self._key = _source(key)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"

    def stream(self, prompt: Prompt, cancel: CancelToken) -> Iterator[StreamEvent]:
        """One call, as `domain.chat.Provider` says.

        A request with a field that the server does not know is sent again without it.
        """
        for adaptations in count():
            try:
                yield from self._stream(prompt, cancel)
                return
            except _Rejected as rejected:
                failure = rejected.failure
                again = adaptations < _MAX_ADAPTATIONS and self._dialect.adapt(rejected.sent, rejected.fault)
            if not again:
                raise failure

    def list_models(self, cancel: CancelToken) -> list[ModelInfo]:
        """The models the server lists, in its order. Raises a ProviderError, KeyMissing or Cancelled."""
        call = self._call("", cancel)
        failure: ForgeError | None = None
        try:
            with self._exchange(self._dialect.models(), call) as response:
                return self._dialect.read_models(parse(_whole(response.iter_bytes(), call.cancel)))
        except _Rejected as rejected:
            failure = rejected.failure
        except _CAUGHT as error:
            failure = call.failure(error)
        raise failure

    def _stream(self, prompt: Prompt, cancel: CancelToken) -> Iterator[StreamEvent]:
        call, request = self._call(prompt.model, cancel), self._dialect.chat(prompt)
        reader: ReplyReader = self._dialect.reader()
        if request.cut_at:
            reader = StoppedReader(reader, request.cut_at)
        failure: ForgeError | None = None
        try:
            with self._exchange(request, call) as response:
                yield from self._read(response, reader, call)
        except _CAUGHT as error:
            # Where the reply is whole, only the connection's own end went wrong.
            if cancel.is_cancelled or not (reader.complete and isinstance(error, httpx.HTTPError)):
                failure = call.failure(error)
        if failure:
            raise failure
        yield from reader.finish()
        if reader.refusal is not None:
            raise call.blame.error(ContentRefused, reader.refusal)

    def _read(self, response: httpx.Response, reader: ReplyReader, call: _Call) -> Iterator[StreamEvent]:
        """Every piece of a streamed or a plain reply, until its end marker or the end of the body."""
        cancel = call.cancel
        chunks = response.iter_bytes()
        head = b""
        for chunk in chunks:
            head += chunk
            if head.strip(_BLANK) or len(head) > 4096:
                break
        cancel.check()
        if not head:
            raise NotAReply("an empty reply")
        decoder = self._dialect.decoder()
        match head.lstrip(_BLANK)[:1]:
            case b"{" | b"[" if not decoder.starts_as_json or _media(response) == "application/json":
                yield from reader.read_whole(_whole(chain((head,), chunks), cancel))
                return
            case first if first == b"<" or (decoder.starts_as_json and first != b"{"):
                raise NotAReply(read_fault(None, head).message)

        received = events = 0
        for chunk in chain((head,), chunks):
            received += len(chunk)
            if received > MAX_REPLY_BYTES:
                raise NotAReply(f"more than {MAX_REPLY_BYTES:,} bytes")
            for event in decoder.feed(chunk):
                if cancel.is_cancelled:
                    raise Cancelled()
                events += 1
                yield from reader.read(event)
            if reader.ended:
                break
        cancel.check()
        for event in () if reader.ended else decoder.finish():
            events += 1
            with contextlib.suppress(NotAReply):  # cut short: what counts is whether the reply was complete before
                yield from reader.read(event)
        if not events or (reader.ended and not reader.complete):
            raise NotAReply(f"no reply in {received:,} bytes")
        if not reader.complete:
            raise call.blame.error(StreamBroken, "the connection was closed before the end")

    @contextlib.contextmanager
    def _exchange(self, request: Request, call: _Call) -> Iterator[httpx.Response]:
        """A response that may be a reply. Raises what `Transport.exchange` does, a ForgeError, NotAReply, _Rejected."""
        key = call.blame.key
        with self._transport.exchange(
            request.path,
            json=request.json,
            headers=request.headers,
            query=request.query,
            authorisation=self._dialect.authorisation(key) if key else None,
            cancel=call.cancel,
        ) as response:
            if response.is_success:
                media = _media(response)
                if media.startswith(_OTHER_MEDIA):
                    raise NotAReply(f"content of the type {media[:60]}")
                call.replying = True
                yield response
                return
            fault = read_fault(response.status_code, _error_body(response))
            call.cancel.check()
            if response.has_redirect_location:
                fault = ServerFault(response.status_code, "", f"it redirects to {response.headers['location']}")
            if key is None and error_class(fault) is KeyRejected:
                raise KeyMissing(provider=self.name, variable=self._key_variable)
            failure = call.blame.of_fault(fault, wait_named(response.headers, datetime.now(UTC)))
            if response.status_code in (400, 422):
                raise _Rejected(request, fault, failure)
            raise failure

    def _call(self, model: str, cancel: CancelToken) -> _Call:
        key = _held(self._key())
        if key is not None and not key.is_sendable:
            raise KeyUnusable(provider=self.name)
        return _Call(Blame(self.name, str(self._transport.base_url), model, key), cancel)


def _media(response: httpx.Response) -> str:
    media: str = response.headers.get("content-type", "")
    return media.partition(";")[0].strip().lower()


def _source(key: Key) -> Callable[[], str | Secret | None]:
    if callable(key):
        return key
    held = _held(key)
    return lambda: held


def _held(key: str | Secret | None) -> Secret | None:
    if key is None or isinstance(key, Secret):
        return key
    return Secret(key.strip()) if key.strip() else None


def _whole(chunks: Iterable[bytes], cancel: CancelToken) -> str:
    """The rest of a body as text. Raises NotAReply beyond MAX_REPLY_BYTES."""
    parts, received = [], 0
    for chunk in chunks:
        cancel.check()
        received += len(chunk)
        if received > MAX_REPLY_BYTES:
            raise NotAReply(f"more than {MAX_REPLY_BYTES:,} bytes")
        parts.append(chunk)
    cancel.check()
    text = b"".join(parts).decode("utf-8-sig", "replace")
    if not text.strip():
        raise NotAReply("an empty reply")
    if is_web_page(text):
        raise NotAReply(read_fault(None, parts[0]).message)
    return text


def _error_body(response: httpx.Response) -> bytes:
    """What the server said, as far as it came: a body that breaks off tells no less about the status."""
    body = b""
    with contextlib.suppress(httpx.HTTPError):
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > _MAX_ERROR_BYTES:
                break
    return body
