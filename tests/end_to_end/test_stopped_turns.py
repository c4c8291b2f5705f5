"""A turn that is stopped or killed in the midst of a reply, and verbs that run beside each other."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from forgeapp.domain.usage import UsageSource
from forgeapp.ledger import Ledger
from forgeapp.ledger.calls import CallStatus
from tests.end_to_end.conftest import Run
from tests.end_to_end.samples import add_provider
from tests.fakes.provider_server import FakeServer, Reply

pytestmark = pytest.mark.integration


def wait_for_words(home: Path) -> None:
    """Until the first words of the reply stand in the journal."""
    deadline = time.monotonic() + 120
    with closing(Ledger(home / "forgeapp.db", home / "backups")) as ledger:
        while True:
            with ledger.database.reading() as connection:
                if connection.exec_driver_sql("SELECT max(length(text)) > 20 FROM journal").scalar():
                    return
            assert time.monotonic() < deadline
            time.sleep(0.1)


@pytest.mark.availability
@pytest.mark.parametrize(
    "server", [[Reply("One two three four five six. " * 2_000, piece_delay_s=0.05)]], indirect=True
)
def test_a_process_killed_while_a_reply_streams_leaves_the_words_and_a_sound_database(
    run: Run, server: FakeServer, home: Path, tmp_path: Path
) -> None:
    add_provider(run, server)
    command = [sys.executable, "-m", "forgeapp", "forge", "tell me something long, please", "--model", "acme/m-1"]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for_words(home)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    assert run("artifacts").code == 0
    with closing(Ledger(home / "forgeapp.db", home / "backups")) as ledger:
        (conversation,) = ledger.conversations.all()
        user, partial = ledger.conversations.messages(conversation.id)
        assert user.text == "tell me something long, please"
        assert partial.text.startswith("One two three")
        assert partial.is_partial
        (call,) = ledger.calls.recent(1)
        assert call.status is CallStatus.INTERRUPTED
        assert call.usage.source is UsageSource.ESTIMATED
        assert call.cost_nano_usd
        assert ledger.database.check() == []


@pytest.mark.parametrize(
    "server", [[Reply("One two three four five six. " * 2_000, piece_delay_s=0.05)]], indirect=True
)
def test_ctrl_c_stops_and_keeps_what_had_arrived(run: Run, server: FakeServer, home: Path, tmp_path: Path) -> None:
    add_provider(run, server)
    command = [sys.executable, "-m", "forgeapp", "forge", "tell me something long, please", "--json"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert child.stderr is not None
    while b"Asking" not in child.stderr.readline():
        pass
    wait_for_words(home)
    child.send_signal(signal.SIGINT)
    out, _ = child.communicate(timeout=120)
    result = json.loads(out)
    assert child.returncode == 1
    assert (result["status"], result["error"]["type"]) == ("failed", "cancelled")
    assert result["content"].startswith("One two")
    assert result["calls"][0]["status"] == "cancelled"
    with closing(Ledger(home / "forgeapp.db", home / "backups")) as ledger:
        assert [message.is_partial for message in ledger.conversations.messages(1)] == [False, True]


@pytest.mark.load
def test_verbs_run_side_by_side_on_one_home(run: Run) -> None:
    with ThreadPoolExecutor(4) as pool:
        requests = [f"budget for club {number}: rent {number}00, food 50" for number in range(4)]
        results = list(pool.map(lambda text: run("forge", text, "--kind", "spreadsheet", "--json", "--yes"), requests))
    assert [(result.code, result.err) for result in results if result.code] == []
    assert sorted(result.json["artifact"]["id"] for result in results) == [1, 2, 3, 4]
