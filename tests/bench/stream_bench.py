"""Reading a stream of 20,000 pieces: ours beside plain httpx lines with json.loads, and beside the openai SDK.

All three read the same reply from the same server, a process of its own, in turns; the best of the rounds counts.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

PIECES = 20_000
ROUNDS = 5
_ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def _server() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        reply = Path(folder, "reply.md")
        reply.write_text(" ".join(f"word{number % 97}" for number in range(PIECES)), encoding="utf-8")
        command = [sys.executable, "-m", "tests.fakes.provider_server", "--reply-file", str(reply)]
        with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
            finally:
                process.terminate()


def _ours(base_url: str) -> Callable[[], str]:
    from forgeapp.domain.cancel import CancelToken
    from forgeapp.domain.chat import Message, Prompt, Role, TextPiece
    from forgeapp.providers.registry import make_provider

    provider = make_provider("openai-chat", name="fake", base_url=base_url, api_key="sk-fake-key")
    prompt = Prompt("fake-large", (Message(Role.USER, "hello"),))

    def read() -> str:
        pieces = provider.stream(prompt, CancelToken())
        return "".join(piece.text for piece in pieces if isinstance(piece, TextPiece))

    return read


def _plain(base_url: str) -> Callable[[], str]:
    body = {
        "model": "fake-large",
        "messages": [{"role": "user", "content": "hello"}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }

    def read() -> str:
        text: list[str] = []
        with (
            httpx.Client(trust_env=False, verify=False) as client,
            client.stream("POST", f"{base_url}/chat/completions", json=body) as response,
        ):
            for line in response.iter_lines():
                if not line.startswith("data: ") or line == "data: [DONE]":
                    continue
                event = json.loads(line[6:])
                if event["choices"]:
                    text.append(event["choices"][0]["delta"].get("content") or "")
        return "".join(text)

    return read


def _sdk(base_url: str) -> Callable[[], str]:
    import openai

    client = openai.OpenAI(api_key="sk-fake-key", base_url=base_url, max_retries=0)

    def read() -> str:
        stream = client.chat.completions.create(
            model="fake-large",
            messages=[{"role": "user", "content": "hello"}],
            stream=True,
            stream_options={"include_usage": True},
        )
        return "".join(event.choices[0].delta.content or "" for event in stream if event.choices)

    return read


def measure(rounds: int = ROUNDS) -> dict[str, float]:
    """Seconds of each reader, and its speed as a share of the plain one's (more is faster)."""
    with _server() as base_url:
        readers = {"ours": _ours(base_url), "plain": _plain(base_url), "sdk": _sdk(base_url)}
        texts = {reader() for reader in readers.values()}  # also warms up
        if len(texts) != 1:
            raise AssertionError("the readers did not read the same reply")
        best = dict.fromkeys(readers, float("inf"))
        for _ in range(rounds):
            for name, reader in readers.items():
                began = time.perf_counter()
                reader()
                best[name] = min(best[name], time.perf_counter() - began)
    return {
        "pieces": PIECES,
        "ours_s": best["ours"],
        "plain_s": best["plain"],
        "sdk_s": best["sdk"],
        "ours_ratio": best["plain"] / best["ours"],
        "sdk_ratio": best["plain"] / best["sdk"],
    }


def main() -> None:
    figures = measure()
    print(f"{PIECES:,} pieces            seconds   speed beside plain httpx lines + json.loads")
    for name, label in (("plain", "plain httpx"), ("ours", "forgeapp"), ("sdk", "openai SDK")):
        print(f"{label:<24} {figures[f'{name}_s']:8.3f}   {figures.get(f'{name}_ratio', 1.0):.2f}x")


if __name__ == "__main__":
    main()
