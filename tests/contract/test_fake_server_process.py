"""The fake server as a process of its own, as tests of the command line use it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.chat import Message, Prompt, Role, TextPiece
from forgeapp.errors import ProviderFailed
from forgeapp.providers.registry import make_provider

pytestmark = pytest.mark.integration
ROOT = Path(__file__).resolve().parents[2]


def test_it_prints_its_port_and_follows_its_script(tmp_path: Path) -> None:
    script, asked = tmp_path / "script.json", tmp_path / "asked.jsonl"
    script.write_text(json.dumps([{"status": 503}, {"text": "Two words."}]), "utf-8")
    command = [
        sys.executable,
        "-m",
        "tests.fakes.provider_server",
        "--script",
        str(script),
        "--requests-file",
        str(asked),
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            base_url = f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
            provider = make_provider("openai-chat", name="fake", base_url=base_url)
            prompt = Prompt("m", (Message(Role.USER, "hi"),))
            with pytest.raises(ProviderFailed):
                list(provider.stream(prompt, CancelToken()))
            pieces = list(provider.stream(prompt, CancelToken()))
        finally:
            process.terminate()
    assert "".join(piece.text for piece in pieces if isinstance(piece, TextPiece)) == "Two words."
    assert [json.loads(line)["json"]["model"] for line in asked.read_text("utf-8").splitlines()] == ["m", "m"]
