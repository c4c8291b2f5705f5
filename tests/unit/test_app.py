from __future__ import annotations

from pathlib import Path

import pytest

from forgeapp.app import build
from forgeapp.errors import DatabaseDamaged, StorageError
from forgeapp.ledger.calls import Calls


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
