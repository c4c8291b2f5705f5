from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from forgeapp.ledger import Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "forgeapp.db", tmp_path / "backups")
    yield ledger
    ledger.close()
