"""Local servers over real sockets: what is there, what is not, and what only looks like it."""

from __future__ import annotations

import gzip
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.cancel import CancelToken
from forgeapp.errors import Cancelled
from forgeapp.providers import local_servers
from forgeapp.providers.local_servers import FoundServer, find
from forgeapp.providers.transport import Timeouts
from tests.pace import ends_within

Answers = dict[str, Any]
"""Path -> a JSON value, or the bytes of a body."""
Serve = Callable[[Answers], int]

SOON_S = 30.0


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """What answers may take its time on a busy machine."""
    monkeypatch.setattr(local_servers, "TIMEOUTS", Timeouts(600.0, 600.0))


OLLAMA_TAGS = {
    "models": [
        {"name": "gemma3:latest", "model": "gemma3:latest", "size": 3_338_801_804, "details": {"family": "gemma"}},
        {"name": "qwen3:0.6b", "model": "qwen3:0.6b", "size": 522_653_767, "details": {"family": "qwen3"}},
    ]
}
OLLAMA_LIST = {
    "object": "list",
    "data": [{"id": "gemma3:latest", "object": "model", "created": 1, "owned_by": "library"}],
}
LM_STUDIO_LIST = {
    "object": "list",
    "data": [
        {"id": "qwen2-vl-7b-instruct", "object": "model", "owned_by": "organization_owner"},
        {"id": "text-embedding-nomic-embed-text-v1.5", "object": "model", "owned_by": "organization_owner"},
    ],
}
LLAMA_CPP_LIST = {
    "models": [{"name": "gpt-oss-20b", "model": "gpt-oss-20b", "capabilities": ["completion"]}],
    "object": "list",
    "data": [{"id": "gpt-oss-20b", "object": "model", "created": 1, "owned_by": "llamacpp", "meta": {}}],
}
OTHER_LIST = {"object": "list", "data": [{"id": "mlx/Qwen3-4B", "object": "model", "created": 1}]}


@contextmanager
def _served(answers: Answers, asked: list[dict[str, str]]) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

        def do_GET(self) -> None:
            asked.append({name.lower(): value for name, value in self.headers.items()})
            answer = answers.get(self.path)
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(404 if answer is None else 200)
            self.send_header("content-length", str(len(body)))
            if body[:2] == b"\x1f\x8b":
                self.send_header("content-encoding", "gzip")
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def asked() -> list[dict[str, str]]:
    """The headers of every request."""
    return []


@pytest.fixture
def serve(asked: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    monkeypatch.delenv("OLLAMA_HOST", raising=False)
    with ExitStack() as servers:
        yield lambda answers: servers.enter_context(_served(answers, asked))


@contextmanager
def _trickling(body: bytes, pause_s: float = 0.2) -> Iterator[int]:
    """A server that sends byte after byte until the client leaves."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stopping = threading.Event()

        def work() -> None:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with client:
                try:
                    for byte in body:
                        client.sendall(bytes([byte]))
                        if stopping.wait(pause_s):
                            return
                    while not stopping.wait(0.05):
                        client.sendall(b" ")
                except OSError:
                    return

        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            stopping.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_ollama_is_told_by_its_own_list(serve: Serve) -> None:
    port = serve({"/api/tags": OLLAMA_TAGS, "/v1/models": OLLAMA_LIST})
    assert find(CancelToken(), [port]) == [
        FoundServer(f"ollama-{port}", "ollama", f"http://127.0.0.1:{port}", ("gemma3:latest", "qwen3:0.6b"))
    ]


def test_lm_studio_is_told_by_its_list_and_embeddings_are_left_out(serve: Serve) -> None:
    port = serve(
        {"/v1/models": LM_STUDIO_LIST, "/api/tags": {"error": "Unexpected endpoint or method. (GET /api/tags)"}}
    )
    assert find(CancelToken(), [port]) == [
        FoundServer("lm-studio", "openai-chat", f"http://127.0.0.1:{port}/v1", ("qwen2-vl-7b-instruct",))
    ]


def test_llama_cpp_is_told_from_ollama_though_it_answers_in_both_forms(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = serve({"/v1/models": LLAMA_CPP_LIST, "/api/tags": LLAMA_CPP_LIST})
    expected = [FoundServer("llama-cpp", "openai-chat", f"http://127.0.0.1:{port}/v1", ("gpt-oss-20b",))]
    assert find(CancelToken(), [port]) == expected
    monkeypatch.setattr(local_servers, "OLLAMA_PORT", port)
    assert find(CancelToken(), [port]) == expected


def test_another_server_in_openais_form_is_named_by_its_port(serve: Serve) -> None:
    port = serve({"/v1/models": OTHER_LIST})
    assert find(CancelToken(), [port]) == [
        FoundServer(f"local-{port}", "openai-chat", f"http://127.0.0.1:{port}/v1", ("mlx/Qwen3-4B",))
    ]


def test_an_ollama_without_models_is_found_all_the_same(serve: Serve) -> None:
    port = serve({"/api/tags": {"models": []}})
    assert [server.models for server in find(CancelToken(), [port])] == [()]


def test_several_are_found_in_the_order_of_the_ports(serve: Serve) -> None:
    ports = [serve({"/v1/models": OTHER_LIST}), _closed_port(), serve({"/api/tags": OLLAMA_TAGS})]
    assert [server.dialect for server in find(CancelToken(), ports)] == ["openai-chat", "ollama"]


DEEP = b"[" * 100_000


@pytest.mark.security
@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><title>Jenkins</title>",
        b"",
        b"null",
        b"[]",
        b"{}",
        b'"text"',
        b"{",
        b"\xff\xfe\x00",
        DEEP,
        gzip.compress(b" " * 10_000_000),
        b" " * (5 * 1024 * 1024),
        json.dumps({"object": "list"}).encode(),
        json.dumps({"object": "list", "data": {"id": "m"}}).encode(),
        json.dumps({"data": [{"id": "m"}]}).encode(),
        json.dumps({"error": {"message": "unknown path"}}).encode(),
        json.dumps({"models": {"name": "m"}}).encode(),
    ],
)
def test_whatever_else_listens_there_is_passed_over(serve: Serve, body: bytes) -> None:
    assert find(CancelToken(), [serve({"/v1/models": body, "/api/tags": body})]) == []


@pytest.mark.security
def test_names_that_cannot_be_are_left_out_and_no_list_is_without_end(serve: Serve) -> None:
    names = ["good", "", "new\nline", "x" * 201, "good", 7, None, *(f"m-{number}" for number in range(3_000))]
    port = serve({"/v1/models": {"object": "list", "data": [{"id": name, "object": "model"} for name in names]}})
    (server,) = find(CancelToken(), [port])
    assert server.models[:3] == ("good", "m-0", "m-1")
    assert len(server.models) == local_servers.MAX_MODELS


def test_nobody_there_is_found_out_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OLLAMA_HOST", raising=False)
    with ends_within(SOON_S):
        assert find(CancelToken(), [_closed_port(), _closed_port()]) == []
        assert find(CancelToken(), []) == []


@pytest.mark.availability
@pytest.mark.parametrize(
    "body", [b"", b"HTTP/1.1 200 OK\r\nx-slow: " + b"s" * 10_000, b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 10_000]
)
def test_silent_and_slow_servers_are_not_waited_for(monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    monkeypatch.delenv("OLLAMA_HOST", raising=False)
    monkeypatch.setattr(local_servers, "TIMEOUTS", Timeouts(0.2, 0.3))
    with (
        _trickling(body, 0.02) as first,
        _trickling(body, 0.02) as second,
        socket.create_server(("127.0.0.1", 0)) as deaf,
        ends_within(SOON_S),
    ):
        assert find(CancelToken(), [first, second, deaf.getsockname()[1]]) == []


def test_stop_ends_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OLLAMA_HOST", raising=False)
    cancel = CancelToken()
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        threading.Timer(0.1, cancel.cancel).start()
        with ends_within(SOON_S), pytest.raises(Cancelled):
            find(cancel, [deaf.getsockname()[1]])


@pytest.mark.security
def test_no_proxy_is_asked_and_no_key_is_sent(
    serve: Serve, asked: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{_closed_port()}")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-secret-secret")
    assert len(find(CancelToken(), [serve({"/v1/models": OTHER_LIST})])) == 1
    assert not any("secret" in str(headers) or "authorization" in headers for headers in asked)


@pytest.mark.parametrize(
    "value", ["127.0.0.1:{port}", "localhost:{port}", ":{port}", "0.0.0.0:{port}", "http://127.0.0.1:{port}/"]
)
def test_ollamas_own_setting_is_followed(serve: Serve, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    port = serve({"/api/tags": OLLAMA_TAGS})
    monkeypatch.setenv("OLLAMA_HOST", value.format(port=port))
    (server,) = find(CancelToken(), [])
    assert server.base_url == f"http://127.0.0.1:{port}"
    assert [one.base_url for one in find(CancelToken(), [port])] == [server.base_url]


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("localhost", ("127.0.0.1:11434",)),
        ("http://localhost", ("127.0.0.1:80",)),
        ("[::1]:11500", ("[::1]:11500",)),
        ("::1", ("[::1]:11434",)),
        ("", ()),
        ("192.168.1.5:11434", ()),
        ("https://127.0.0.1", ()),
        ("gpu.example.com", ()),
        ("127.0.0.1:99999", ()),
        ("127.0.0.1.example.com", ()),
        ("user@127.0.0.1", ()),
    ],
)
def test_only_this_machine_is_looked_at(monkeypatch: pytest.MonkeyPatch, value: str, address: tuple[str, ...]) -> None:
    monkeypatch.setenv("OLLAMA_HOST", value)
    assert local_servers._ollama_address() == address


@given(value=st.text(max_size=40).filter(lambda text: "\0" not in text and text.isprintable()))
def test_any_setting_names_this_machine_or_nobody(value: str) -> None:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("OLLAMA_HOST", value)
        for address in local_servers._ollama_address():
            assert address.startswith(("127.0.0.1:", "[::1]:"))
