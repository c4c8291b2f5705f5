from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from forgeapp.app import build
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.events import Finished
from forgeapp.domain.request import ForgeRequest
from forgeapp.errors import DatabaseDamaged, StorageError
from forgeapp.ledger.calls import Calls
from tests.fakes.provider_server import FakeServer
from tests.fakes.reply import Reply


def fail_recovery(monkeypatch: pytest.MonkeyPatch, error: StorageError) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(Calls, "recover", fail)


def test_the_program_starts_on_a_full_disk_after_a_crash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_recovery(monkeypatch, StorageError(path="x", reason="disk full", remedy="Free some space."))
    with build(tmp_path) as app:
        assert app.ledger.conversations.all() == []


def test_damage_found_while_recovering_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_recovery(monkeypatch, DatabaseDamaged(path="x", reason="malformed", backups="y"))
    with pytest.raises(DatabaseDamaged):
        build(tmp_path)


def test_how_long_a_stream_may_be_silent_holds_from_the_next_turn_on(tmp_path: Path) -> None:
    with FakeServer(Reply(stall_after=1)) as server, build(tmp_path) as app:
        app.ledger.providers.add("acme", "openai-chat", server.base_url, ("m",), None, "none")
        app.use_settings(replace(app.settings, read_timeout_s=0.2, turn_deadline_s=10.0, attempts=1))
        *_, finished = app.forge.run(ForgeRequest("hello", model="acme/m"), CancelToken())
        assert isinstance(finished, Finished)
        assert finished.error is not None
        assert finished.error.key == "provider_timeout"
        assert finished.calls[0]["ms"] < 5_000
