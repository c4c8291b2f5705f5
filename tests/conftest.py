"""Every test has its own home, no key of the machine's, and no way out of the machine."""

from __future__ import annotations

import contextlib
import functools
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from forgeapp.ledger.database import Database

# No deadlines: the machine may be busy. In CI the same examples each time, so that nothing lands or fails by luck;
# every run by hand tries new ones.
hypothesis.settings.register_profile("by hand", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "by hand")

_connect = socket.socket.connect


def _connect_to_loopback_only(self: socket.socket, address: object) -> None:
    host = address[0] if isinstance(address, tuple) else None
    if self.family in (socket.AF_INET, socket.AF_INET6) and host not in ("127.0.0.1", "::1", "localhost"):
        raise OSError(f"tests may not connect to {host}")
    return _connect(self, address)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", _connect_to_loopback_only)


@functools.cache
def _new_ledger() -> bytes:
    """A ledger as it is made for a home that has none."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "forgeapp.db"
        database = Database(path, Path(folder) / "backups")
        database.close()
        return path.read_bytes()


@pytest.fixture(autouse=True)
def _copy_new_ledgers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of tests make a ledger, and leading an empty file through all migrations takes eight times as long."""
    _new_ledger()
    make = Database.__init__

    def copy(self: Database, path: Path, backups: Path) -> None:
        with contextlib.suppress(OSError), tempfile.NamedTemporaryFile(dir=path.parent) as file:
            file.write(_new_ledger())
            file.flush()
            os.link(file.name, path)
        make(self, path, backups)

    monkeypatch.setattr(Database, "__init__", copy)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The home of this test; also where child processes look."""
    folder = tmp_path / "home"
    monkeypatch.setenv("FORGEAPP_HOME", str(folder))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    # Numbers look alike on every machine.
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LC_NUMERIC", "C")
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    yield folder
