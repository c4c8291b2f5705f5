"""Exchanges over loopback: bodies that are compressed, proxies and certificates of the environment."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.chat import Message, Prompt, ReplyFinished, Role, StreamEvent, TextPiece
from forgeapp.errors import (
    Cancelled,
    CertificateNotTrusted,
    ForgeError,
    ProviderUnreachable,
    RateLimited,
    StreamBroken,
    UnreadableReply,
)
from forgeapp.providers.registry import make_provider
from forgeapp.providers.transport import Timeouts
from tests.fakes.certificates import Authority
from tests.fakes.fixtures import ServeReplies, serve
from tests.fakes.provider_server import FakeServer, Reply
from tests.fakes.proxy import FakeProxy
from tests.pace import ends_within

__all__ = ["serve"]

KEY = "sk-secret-0123456789abcdef"
PROMPT = Prompt("fake-large", (Message(Role.USER, "hi"),))
HOST = "api.example.com"
TEXT = "Größe: 東京 🏗️"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def call(base_url: str) -> tuple[list[StreamEvent], ForgeError | None]:
    """The pieces that came, and the error that ended them where one did."""
    provider = make_provider("openai-chat", name="fake", base_url=base_url, api_key=KEY, timeouts=Timeouts(60.0, 60.0))
    pieces: list[StreamEvent] = []
    try:
        for piece in provider.stream(PROMPT, CancelToken()):
            pieces.append(piece)  # noqa: PERF402 - what came before the error is kept
    except ForgeError as error:
        return pieces, error
    return pieces, None


def text_of(pieces: list[StreamEvent]) -> str:
    return "".join(piece.text for piece in pieces if isinstance(piece, TextPiece))


# Compressed bodies


def deflate(body: bytes) -> bytes:
    """Without zlib's head and tail, as some servers understand the word."""
    bare = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return bare.compress(body) + bare.flush()


ENCODINGS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("gzip", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", deflate),
]
each_encoding = pytest.mark.parametrize(("name", "compress"), ENCODINGS, ids=["gzip", "zlib", "deflate"])


def event(fields: dict[str, Any], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": fields, "finish_reason": finish}
    return f"data: {json.dumps({'choices': [choice]}, ensure_ascii=False)}\n\n".encode()


STREAM = event({"content": TEXT[:9]}) + event({"content": TEXT[9:]}) + event({}, "stop") + b"data: [DONE]\n\n"


def test_gzip_is_asked_for_and_nothing_that_has_two_meanings(serve: ServeReplies) -> None:
    server = serve()
    call(server.base_url)
    assert server.chats[0].headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize(
    ("name", "compress", "cut"),
    [(*encoding, cut) for encoding in ENCODINGS for cut in (1, 7, None) if (encoding[1], cut) != (deflate, 1)],
)
def test_a_compressed_stream_is_read_however_it_is_cut(
    serve: ServeReplies, name: str, compress: Callable[[bytes], bytes], cut: int | None
) -> None:
    pieces, error = call(serve(Reply(raw=compress(STREAM), cut=cut, headers={"content-encoding": name})).base_url)
    assert error is None
    assert text_of(pieces) == TEXT
    assert isinstance(pieces[-1], ReplyFinished)


@each_encoding
def test_a_compressed_plain_answer_is_read(serve: ServeReplies, name: str, compress: Callable[[bytes], bytes]) -> None:
    reply = {"choices": [{"message": {"content": TEXT}, "finish_reason": "stop"}]}
    body = compress(json.dumps(reply).encode())
    server = serve(Reply(body=body, content_type="application/json", headers={"content-encoding": name}))
    assert text_of(call(server.base_url)[0]) == TEXT


@each_encoding
def test_a_compressed_error_is_read(serve: ServeReplies, name: str, compress: Callable[[bytes], bytes]) -> None:
    body = compress(json.dumps({"error": {"message": "slow down", "code": "rate_limit_exceeded"}}).encode())
    _, error = call(serve(Reply(status=429, body=body, headers={"content-encoding": name})).base_url)
    assert type(error) is RateLimited
    assert error.params["detail"] == "slow down"


def test_of_a_compressed_stream_that_breaks_off_what_came_is_kept(serve: ServeReplies) -> None:
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    raw = packer.compress(event({"content": TEXT})) + packer.flush(zlib.Z_SYNC_FLUSH)
    pieces, error = call(serve(Reply(raw=raw, cut=1, headers={"content-encoding": "gzip"})).base_url)
    assert text_of(pieces) == TEXT
    assert type(error) is StreamBroken


def test_a_compressed_stream_that_is_damaged_is_told(serve: ServeReplies) -> None:
    raw = gzip.compress(STREAM)[:12] + b"\xff" * 40
    _, error = call(serve(Reply(raw=raw, headers={"content-encoding": "gzip"})).base_url)
    assert type(error) is UnreadableReply


@pytest.mark.security
@pytest.mark.parametrize("start", [b"data: ", b'{"choices": "', b" "])
def test_a_small_body_that_unfolds_without_end_is_refused(
    serve: ServeReplies, start: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forgeapp.providers.provider.MAX_REPLY_BYTES", 4_000_000)
    packer = zlib.compressobj(level=9, wbits=zlib.MAX_WBITS | 16)
    raw = packer.compress(start) + b"".join(packer.compress(b" " * 1_000_000) for _ in range(6)) + packer.flush()
    _, error = call(serve(Reply(raw=raw, headers={"content-encoding": "gzip"})).base_url)
    assert type(error) is UnreadableReply


# Proxies


@pytest.fixture
def proxy(serve: ServeReplies) -> Iterator[FakeProxy]:
    """Behind it every host is one server that speaks no TLS."""
    with FakeProxy(serve(Reply(TEXT)).port) as started:
        yield started


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_a_proxy_is_asked_for_a_name_only_it_knows(
    proxy: FakeProxy, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, f"http://{proxy.address}")
    pieces, error = call(f"http://{HOST}/v1")
    assert error is None
    assert text_of(pieces) == TEXT
    assert [(asked.method, asked.target) for asked in proxy.asked] == [("POST", f"http://{HOST}/v1/chat/completions")]


def test_a_proxy_is_given_its_password(proxy: FakeProxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://ann:open-sesame@{proxy.address}")
    assert text_of(call(f"http://{HOST}/v1")[0]) == TEXT
    assert "\r\nproxy-authorization: basic " in proxy.asked[0].head.lower()


@pytest.mark.parametrize("names", [HOST, "example.com", "*", f"other.example, {HOST}"])
def test_hosts_of_no_proxy_are_asked_directly(proxy: FakeProxy, monkeypatch: pytest.MonkeyPatch, names: str) -> None:
    looked_up = socket.getaddrinfo

    def look_up(host: str, *arguments: Any, **options: Any) -> Any:
        return looked_up("127.0.0.1" if host == HOST else host, *arguments, **options)

    monkeypatch.setattr("socket.getaddrinfo", look_up)
    monkeypatch.setenv("HTTP_PROXY", f"http://{proxy.address}")
    monkeypatch.setenv("NO_PROXY", names)
    assert text_of(call(f"http://{HOST}:{proxy.server_port}/v1")[0]) == TEXT
    assert not proxy.asked


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_is_never_asked_through_a_proxy(
    proxy: FakeProxy, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://{proxy.address}")
    assert text_of(call(f"http://{host}:{proxy.server_port}/v1")[0]) == TEXT
    assert not proxy.asked


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("refusal", ["407 Proxy Authentication Required", "502 Bad Gateway"])
def test_a_proxy_that_refuses_is_told_without_its_password(
    proxy: FakeProxy, monkeypatch: pytest.MonkeyPatch, scheme: str, refusal: str
) -> None:
    proxy.refusal = refusal
    monkeypatch.setenv(f"{scheme}_proxy", f"http://ann:open-sesame@{proxy.address}")
    _, error = call(f"{scheme}://{HOST}/v1")
    assert error is not None
    if scheme == "https" or refusal.startswith("407"):
        assert type(error) is ProviderUnreachable
    if scheme == "https":
        assert "proxy" in str(error)
    assert "sesame" not in f"{error!r} {error} {error.params}"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_not_there_is_named_as_the_cause(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setenv(f"{scheme}_proxy", "http://ann:open-sesame@127.0.0.1:1")
    _, error = call(f"{scheme}://{HOST}/v1")
    assert type(error) is ProviderUnreachable
    assert "proxy of the environment" in str(error)
    assert "sesame" not in f"{error!r} {error} {error.params}"


@pytest.mark.parametrize("address", ["gopher://ann:open-sesame@127.0.0.1:1", "http://[", "http://127.0.0.1:port"])
def test_an_address_of_a_proxy_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", address)
    _, error = call(f"https://{HOST}/v1")
    assert type(error) is ProviderUnreachable
    assert "proxy" in str(error)
    assert "sesame" not in f"{error!r} {error} {error.params}"


# Certificates


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


ServeTLS = Callable[..., FakeServer]


@pytest.fixture
def serve_tls(authority: Authority) -> Iterator[ServeTLS]:
    """`serve_tls(*names)` starts a server whose certificate is for these names."""
    with ExitStack() as servers:

        def start(*names: str, **options: Any) -> FakeServer:
            context: ssl.SSLContext = authority.server_context(*names, **options)
            return servers.enter_context(FakeServer(Reply(TEXT), tls=context))

        yield start


def test_a_certificate_of_the_environments_authority_is_trusted(
    serve_tls: ServeTLS, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    pieces, error = call(serve_tls("127.0.0.1").base_url)
    assert error is None
    assert text_of(pieces) == TEXT


def test_a_certificate_nobody_vouches_for_names_the_remedy(serve_tls: ServeTLS) -> None:
    server = serve_tls("127.0.0.1")
    _, error = call(server.base_url)
    assert type(error) is CertificateNotTrusted
    assert isinstance(error, ProviderUnreachable)
    assert "certificate" in str(error)
    assert "SSL_CERT_FILE" in error.hint
    assert KEY not in f"{error!r} {error} {error.params}"
    assert not server.requests


def test_a_certificate_for_another_name_is_not_trusted(
    serve_tls: ServeTLS, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    _, error = call(serve_tls("other.example.com").base_url)
    assert type(error) is CertificateNotTrusted
    assert "not valid for '127.0.0.1'" in str(error)


def test_a_certificate_that_has_expired_is_not_trusted(
    serve_tls: ServeTLS, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    _, error = call(serve_tls("127.0.0.1", is_expired=True).base_url)
    assert type(error) is CertificateNotTrusted
    assert "expired" in str(error)


def test_through_a_proxy_the_key_goes_to_the_server_alone(
    serve_tls: ServeTLS, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve_tls(HOST)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    with FakeProxy(server.port) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
        pieces, error = call(f"https://{HOST}/v1")
    assert error is None
    assert text_of(pieces) == TEXT
    assert [(asked.method, asked.target) for asked in proxy.asked] == [("CONNECT", f"{HOST}:443")]
    assert KEY not in proxy.asked[0].head
    assert server.chats[0].headers["authorization"] == f"Bearer {KEY}"


def test_through_a_proxy_a_certificate_is_looked_at_all_the_same(
    serve_tls: ServeTLS, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve_tls(HOST)
    with FakeProxy(server.port) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
        _, error = call(f"https://{HOST}/v1")
    assert type(error) is CertificateNotTrusted
    assert not server.requests


@pytest.mark.parametrize("is_proxied", [False, True])
def test_stop_ends_a_call_over_tls_at_once(
    serve_tls: ServeTLS, authority: Authority, monkeypatch: pytest.MonkeyPatch, is_proxied: bool
) -> None:
    server = serve_tls(HOST, "127.0.0.1")
    server.replies = [Reply(TEXT, stall_after=2)]
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    with FakeProxy(server.port) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
        provider = make_provider(
            "openai-chat",
            name="fake",
            base_url=f"https://{HOST}/v1" if is_proxied else server.base_url,
            timeouts=Timeouts(600.0, 600.0),
        )
        cancel = CancelToken()
        pieces = provider.stream(PROMPT, cancel)
        next(pieces)
        threading.Timer(0.1, cancel.cancel).start()
        with ends_within(30), pytest.raises(Cancelled):
            list(pieces)
        assert server.clients_left.wait(30)
    assert len(proxy.asked) == is_proxied


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_file_of_certificates_that_cannot_be_used_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    file = tmp_path / "firm.pem"
    if content is not None:
        file.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    _, error = call(f"https://{HOST}/v1")
    assert type(error) is ProviderUnreachable
    assert "certificate" in str(error)
    assert "SSL_CERT_FILE" in f"{error} {error.hint}"


def test_a_server_that_speaks_no_tls_is_unreachable(serve: ServeReplies) -> None:
    _, error = call(serve().root_url.replace("http", "https"))
    assert type(error) is ProviderUnreachable
