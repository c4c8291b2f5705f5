"""The window killed while a reply streams in: what had arrived and what was being typed are there on the next start."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from forgeapp.app import build
from forgeapp.domain.chat import Role
from forgeapp.ledger.calls import CallStatus
from tests.fakes.provider_server import FakeServer, Reply

pytestmark = pytest.mark.soak

TIMES = 20
WORDS = " ".join(f"word{number}" for number in range(4_000))
DRAFT = "and then one more thing"
LATE_S = 2.5
"""What had arrived this long before the end must have been kept: the journal is written every second."""


def test_a_window_killed_in_mid_stream_twenty_times_loses_neither_reply_nor_draft(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    with FakeServer(Reply(WORDS, piece_delay_s=0.004)) as server:
        with build(home) as app:
            app.ledger.providers.add("fake", "openai-chat", server.base_url, ("fake-large",), None, "none")
        chance = random.Random(20)
        for number in range(TIMES):
            request = f"hello, how are you, {number}"
            timeline = _kill_while_streaming(request, after_s=chance.uniform(3.0, 4.0))
            with build(home) as app:
                assert app.ledger.database.check() == []
                conversation = app.ledger.conversations.all()[0].id
                asked, reply = app.ledger.conversations.messages(conversation)[-2:]
                assert (asked.role, asked.text) == (Role.USER, request)
                assert reply.role is Role.ASSISTANT
                assert reply.is_partial
                assert WORDS.startswith(reply.text)
                assert len(reply.text) >= _arrived_before(timeline, LATE_S) > 0
                assert app.ledger.drafts.get(conversation) == DRAFT
                calls = [call for row in app.ledger.calls.of_conversation(conversation).values() for call in row]
                assert {call.status for call in calls} == {CallStatus.INTERRUPTED}

    _assert_window_shows(home, request, reply.text)


def _assert_window_shows(home: Path, request: str, partial: str) -> None:
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QPlainTextEdit

    window = build(home).window()
    window.show()
    while window.workbench.jobs.count:
        QTest.qWait(10)
    exchange = window.workbench.chat.exchanges[-1]
    assert exchange.text == request
    assert exchange.reply is not None
    assert (exchange.reply.text, exchange.reply.is_partial) == (partial, True)
    composer = window.findChild(QPlainTextEdit, "composer")
    assert composer is not None
    assert composer.toPlainText() == DRAFT
    window.close()


def _kill_while_streaming(request: str, after_s: float) -> list[tuple[float, int]]:
    """When how much of the reply had arrived, on the clock of this process, 0 being the kill."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.window_process", request, DRAFT],
        stdout=subprocess.PIPE,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert process.stdout is not None
    seen: list[tuple[float, int]] = []
    drafted_at: list[float] = []

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            told = json.loads(line)
            seen.append((time.monotonic(), told["arrived"]))
            if told["draft"] == DRAFT and told["arrived"] and not drafted_at:
                drafted_at.append(time.monotonic())

    reader = threading.Thread(target=read)
    reader.start()
    deadline = time.monotonic() + 60
    while not drafted_at and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.02)
    if drafted_at:
        time.sleep(after_s)
    killed_at = time.monotonic()
    process.send_signal(signal.SIGKILL)
    process.wait()
    reader.join()
    process.stdout.close()
    assert drafted_at, f"the window never got as far as streaming: {seen[-1:]}"
    return [(at - killed_at, arrived) for at, arrived in seen]


def _arrived_before(timeline: list[tuple[float, int]], seconds: float) -> int:
    return max((arrived for at, arrived in timeline if at <= -seconds), default=0)
