"""Reading a stream of 50,000 pieces in each dialect: ours beside plain httpx lines with json.loads, and the SDKs.

All read the same reply from the same server, a process of its own, in turns; the best of the rounds counts. Beside the
time that passes stands the CPU time of the reading thread alone: on a busy machine only that one tells anything.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.chat import Message, Prompt, Role, TextPiece
from forgeapp.domain.secret import Secret
from forgeapp.providers.base import Quirks
from forgeapp.providers.registry import DIALECTS, make_provider
from tests.fakes.reply import Reply

PIECES = 50_000
ROUNDS = 7
SDK_ROUNDS = 2
"""Of readers that take many times as long."""
TARGET_RATIO = 0.8
KEY = "sk-fake-key-0123456789"
PROMPT = Prompt("fake-large", (Message(Role.USER, "hello"),), max_output_tokens=100_000)
_ROOT = Path(__file__).resolve().parents[2]

Reader = Callable[[], str]


def _openai_chat_text(event: Any) -> str:
    return event["choices"][0]["delta"].get("content") or "" if event["choices"] else ""


def _openai_text(event: Any) -> str:
    return event["delta"] if event["type"] == "response.output_text.delta" else ""


def _anthropic_text(event: Any) -> str:
    return event["delta"].get("text") or "" if event["type"] == "content_block_delta" else ""


def _gemini_text(event: Any) -> str:
    parts = event["candidates"][0].get("content", {}).get("parts", ())
    return "".join(part["text"] for part in parts if not part.get("thought"))


def _ollama_text(event: Any) -> str:
    return event["message"]["content"]


def _openai_chat_sdk(base_url: str) -> Reader:
    import openai

    client = openai.OpenAI(api_key=KEY, base_url=base_url, max_retries=0)

    def read() -> str:
        stream = client.chat.completions.create(
            model="fake-large",
            messages=[{"role": "user", "content": "hello"}],
            stream=True,
            stream_options={"include_usage": True},
        )
        return "".join(event.choices[0].delta.content or "" for event in stream if event.choices)

    return read


def _openai_sdk(base_url: str) -> Reader:
    import openai

    client = openai.OpenAI(api_key=KEY, base_url=base_url, max_retries=0)

    def read() -> str:
        stream = client.responses.create(model="fake-large", input="hello", stream=True)
        return "".join(event.delta for event in stream if event.type == "response.output_text.delta")

    return read


def _anthropic_sdk(base_url: str) -> Reader:
    import anthropic

    client = anthropic.Anthropic(api_key=KEY, base_url=base_url, max_retries=0)

    def read() -> str:
        stream = client.messages.create(
            model="fake-large", max_tokens=100_000, messages=[{"role": "user", "content": "hello"}], stream=True
        )
        return "".join(
            event.delta.text
            for event in stream
            if event.type == "content_block_delta" and event.delta.type == "text_delta"
        )

    return read


@dataclass(frozen=True)
class Case:
    """How others read a dialect: `text` of one event's JSON, `sdk` by the vendor's own client."""

    text: Callable[[Any], str]
    base_path: str = ""
    sdk: Callable[[str], Reader] | None = None


CASES = {
    "openai-chat": Case(_openai_chat_text, "/v1", _openai_chat_sdk),
    "openai": Case(_openai_text, "/v1", _openai_sdk),
    "anthropic": Case(_anthropic_text, "", _anthropic_sdk),
    "gemini": Case(_gemini_text),
    "ollama": Case(_ollama_text),
}


@contextlib.contextmanager
def serving(reply: Reply) -> Iterator[str]:
    """The address of a server, a process of its own, that answers everything with this reply, a word a piece."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "script.json")
        script.write_text(json.dumps([asdict(reply)]), encoding="utf-8")
        command = [sys.executable, "-m", "tests.fakes.provider_server", "--script", str(script)]
        with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                yield f"http://127.0.0.1:{int(process.stdout.readline())}"
            finally:
                process.terminate()


def _ours(dialect: str, base_url: str) -> Reader:
    provider = make_provider(dialect, name="fake", base_url=base_url, api_key=KEY)

    def read() -> str:
        pieces = provider.stream(PROMPT, CancelToken())
        return "".join(piece.text for piece in pieces if isinstance(piece, TextPiece))

    return read


def _plain(dialect: str, base_url: str) -> Reader:
    """What the same request takes with nothing but a line reader and a JSON reader."""

    def read() -> str:
        return "".join(plain_pieces(dialect, base_url))

    return read


def plain_pieces(dialect: str, base_url: str, prompt: Prompt = PROMPT) -> Iterator[str]:
    spoken = DIALECTS[dialect]("127.0.0.1", Quirks())
    request, (name, value) = spoken.chat(prompt), spoken.authorisation(Secret(KEY))
    text_of = CASES[dialect].text
    with (
        httpx.Client(trust_env=False, verify=False) as client,
        client.stream(
            "POST",
            base_url + request.path,
            json=request.json,
            params=request.query,
            headers={**request.headers, name: value.reveal()},
            timeout=60,
        ) as response,
    ):
        for line in response.iter_lines():
            if line.startswith("data: "):
                line = line[6:]
            if line.startswith("{"):
                yield text_of(json.loads(line))


@dataclass(frozen=True)
class Time:
    """Seconds: as they passed, and as the reading thread spent them on a CPU."""

    wall_s: float
    cpu_s: float


def timed(read: Callable[[], object]) -> Time:
    wall_s, cpu_s = time.perf_counter(), time.thread_time()
    read()
    return Time(time.perf_counter() - wall_s, time.thread_time() - cpu_s)


def best(times: list[Time]) -> Time:
    """The least of each, not always of the same round."""
    return Time(min(one.wall_s for one in times), min(one.cpu_s for one in times))


def measure(dialect: str) -> dict[str, Time]:
    """The best time of each reader by name: 'plain', 'ours' and, where there is one, 'sdk'."""
    case = CASES[dialect]
    reply = Reply(" ".join(f"word{number % 97}" for number in range(PIECES)))
    with serving(reply) as root_url:
        base_url = root_url + case.base_path
        readers = {"plain": _plain(dialect, base_url), "ours": _ours(dialect, base_url)}
        if case.sdk:
            with contextlib.suppress(ImportError):
                readers["sdk"] = case.sdk(base_url)
        texts = {reader() for reader in readers.values()}  # also warms up
        if len(texts) != 1 or texts.pop().count("word") != PIECES:
            raise AssertionError(f"{dialect}: the readers did not read the same reply")
        times: dict[str, list[Time]] = {name: [] for name in readers}
        for number in range(ROUNDS):
            for name, reader in readers.items():
                if name != "sdk" or number < SDK_ROUNDS:
                    times[name].append(timed(reader))
    return {name: best(taken) for name, taken in times.items()}


def main() -> None:
    print(f"{PIECES:,} pieces         wall s   speed    CPU s   speed   beside plain httpx lines + json.loads")
    for dialect in DIALECTS:
        if dialect not in CASES:
            print(f"{dialect:<12} not measured: nothing to compare it with")
            continue
        times = measure(dialect)
        plain = times["plain"]
        for name, taken in times.items():
            target = f"   target {TARGET_RATIO}x" if name == "ours" else ""
            print(
                f"{dialect:<12} {name:<6} {taken.wall_s:8.3f} {plain.wall_s / taken.wall_s:6.2f}x "
                f"{taken.cpu_s:8.3f} {plain.cpu_s / taken.cpu_s:6.2f}x{target}"
            )


if __name__ == "__main__":
    main()
