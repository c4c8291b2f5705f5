"""Servers that run models on this very machine: looked for on their usual ports, told by what they answer.

Nothing but a list of models is asked for; a port that is closed, silent or slow, or where something else listens, is
passed over within about a second. Whoever calls does so off the window's thread.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Timer
from typing import Final

import httpx

from forgeapp.domain.cancel import CancelToken
from forgeapp.errors import Cancelled
from forgeapp.providers.base import FaultReported, Json, NotAReply, Quirks, parse
from forgeapp.providers.registry import DIALECTS
from forgeapp.providers.transport import NotConnectable, Timeouts, Transport

OLLAMA_PORT: Final = 11434
PORTS: Final = (OLLAMA_PORT, 1234, 8080)
"""Ollama's, LM Studio's and llama.cpp's; each may be the port of another."""
TIMEOUTS: Final = Timeouts(connect_s=0.3, read_s=1.0)
MAX_MODELS: Final = 1_000

_MAX_BYTES: Final = 4 * 1024 * 1024
_MAX_NAME_CHARS: Final = 200
_OWNERS: Final = {"llamacpp": "llama-cpp", "organization_owner": "lm-studio", "vllm": "vllm"}
"""What the servers call the owner of a model in an answer in OpenAI's form."""
_USUAL: Final = {1234: "lm-studio"}
_OLLAMAS_OWNER: Final = "library"
_HERE: Final = re.compile(r"localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[?::1?\]?|", re.IGNORECASE)
_IPV6_ONLY: Final = frozenset({"::1", "[::1]"})


@dataclass(frozen=True, slots=True)
class FoundServer:
    """A server as a provider could be added for it; `models` in its own order, at most MAX_MODELS."""

    name: str
    dialect: str
    base_url: str
    models: tuple[str, ...]


class _NotAnswered(Exception):
    """Nobody is there, or he takes too long: asking him otherwise would only take longer."""


def find(cancel: CancelToken, ports: Sequence[int] = PORTS) -> list[FoundServer]:
    """Those that answer on this machine's loopback address, all asked at once, in the order of the ports.

    Ollama's own OLLAMA_HOST adds an address where it names this machine. Raises Cancelled.
    """
    addresses = dict.fromkeys((*(f"127.0.0.1:{port}" for port in ports), *_ollama_address()))
    with ThreadPoolExecutor(max(len(addresses), 1), "forgeapp-local") as pool:
        answers = list(pool.map(lambda address: _ask(address, cancel), addresses))
    cancel.check()
    return [server for server in answers if server is not None]


def _ollama_address() -> tuple[str, ...]:
    """OLLAMA_HOST as Ollama reads it (https://docs.ollama.com/faq): '127.0.0.1:11500', ':11500', 'http://localhost'."""
    scheme, _, rest = os.environ.get("OLLAMA_HOST", "").strip().rpartition("://")
    match = re.fullmatch(r"(\[[^\]]*\]|[^:/]*|::1?)(?::(\d{1,5}))?/*", rest)
    if match is None or not rest or scheme not in ("", "http") or not _HERE.fullmatch(match[1]):
        return ()
    port = int(match[2]) if match[2] else 80 if scheme else OLLAMA_PORT
    if not 0 < port < 65_536:
        return ()
    return (f"{'[::1]' if match[1] in _IPV6_ONLY else '127.0.0.1'}:{port}",)


def _ask(address: str, cancel: CancelToken) -> FoundServer | None:
    """What answers there, asked first as what usually does."""
    port = int(address.rpartition(":")[2])
    questions = [_ask_ollama, _ask_openai] if port == OLLAMA_PORT else [_ask_openai, _ask_ollama]
    for question in questions:
        try:
            if (server := question(address, port, cancel)) is not None:
                return server
        except (_NotAnswered, Cancelled):
            return None
        except (NotAReply, FaultReported):
            continue
    return None


def _ask_ollama(address: str, port: int, cancel: CancelToken) -> FoundServer | None:
    url = f"http://{address}"
    answer, models = _list_models("ollama", url, cancel)
    if not isinstance(answer, dict) or "data" in answer:  # llama.cpp answers in both forms at once
        return None
    return FoundServer("ollama" if port == OLLAMA_PORT else f"ollama-{port}", "ollama", url, models)


def _ask_openai(address: str, port: int, cancel: CancelToken) -> FoundServer | None:
    url = f"http://{address}/v1"
    answer, models = _list_models("openai-chat", url, cancel)
    listed = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(listed, list) or answer.get("object") != "list":
        return None
    owners = [one.get("owned_by") for one in listed if isinstance(one, dict)]
    if _OLLAMAS_OWNER in owners:
        return None
    known = (_OWNERS[owner] for owner in owners if isinstance(owner, str) and owner in _OWNERS)
    name = next(known, None) or _USUAL.get(port) or f"local-{port}"
    return FoundServer(name, "openai-chat", url, tuple(model for model in models if not _is_embedding(model)))


def _is_embedding(model: str) -> bool:
    """LM Studio lists them among the others, and names them so."""
    return model.startswith("text-embedding-")


def _list_models(dialect: str, base_url: str, cancel: CancelToken) -> tuple[Json, tuple[str, ...]]:
    """The answer to the dialect's question for models, and their names.

    Raises NotAReply, FaultReported, _NotAnswered, Cancelled.
    """
    url = httpx.URL(base_url)
    spoken = DIALECTS[dialect](url.host, Quirks())
    question = spoken.models()
    try:
        with (
            _limited(cancel) as limited,
            Transport(url, TIMEOUTS).exchange(
                question.path,
                json=None,
                headers={**question.headers, "accept-encoding": "identity"},
                query=question.query,
                authorisation=None,
                cancel=limited,
            ) as response,
        ):
            if response.status_code != 200 or "content-encoding" in response.headers:
                raise NotAReply(f"status {response.status_code}")
            answer = parse(_body(response).decode("utf-8", "replace"))
    except (httpx.HTTPError, httpx.StreamError, NotConnectable) as error:
        raise _NotAnswered from error
    names = dict.fromkeys(info.name for info in spoken.read_models(answer) if _is_name(info.name))
    return answer, tuple(names)[:MAX_MODELS]


def _is_name(name: str) -> bool:
    return 0 < len(name) <= _MAX_NAME_CHARS and name.isprintable()


def _body(response: httpx.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > _MAX_BYTES:
            raise NotAReply(f"more than {_MAX_BYTES:,} bytes")
    return bytes(body)


@contextlib.contextmanager
def _limited(cancel: CancelToken) -> Iterator[CancelToken]:
    """A token that is cancelled with the other, and when a server that sends byte after byte has had its time."""
    limited = CancelToken()
    timer = Timer(TIMEOUTS.connect_s + TIMEOUTS.read_s, limited.cancel)
    timer.daemon = True
    forget = cancel.on_cancel(limited.cancel)
    timer.start()
    try:
        yield limited
    finally:
        forget()
        timer.cancel()
