"""Where keys are looked for, and where they are never put."""

from __future__ import annotations

import subprocess
import sys
import traceback
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.backends.null import Keyring as NullKeyring
from keyring.errors import KeyringLocked, PasswordDeleteError

from forgeapp.credentials import Credentials, Secret
from forgeapp.errors import KeyringMissing, UsageError

KEY = "sk-test-0123456789"


class MemoryKeyring(KeyringBackend):
    """A keyring as the system's, in memory."""

    priority = 5  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise PasswordDeleteError(username)
        del self.kept[service, username]


class PlaintextKeyring(MemoryKeyring):
    """As keyrings.alt names its own."""


class WeakKeyring(MemoryKeyring):
    priority = 0.5  # type: ignore[assignment]


class LockedKeyring(MemoryKeyring):
    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("locked")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError(f"could not keep {password}")


class Chain(ChainerBackend):
    """A chain of given backends."""

    chained: list[KeyringBackend] = []  # noqa: RUF012 - set by its test

    @property
    def backends(self) -> list[KeyringBackend]:  # type: ignore[override]
        return self.chained


@pytest.fixture(autouse=True)
def _keyring_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring.core, "_keyring_backend", None)


def use(backend: KeyringBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> MemoryKeyring:
    backend = MemoryKeyring()
    use(backend, monkeypatch)
    return backend


def test_a_kept_key_is_found_again(memory: MemoryKeyring, tmp_path: Path) -> None:
    Credentials(tmp_path).set("acme", f" {KEY}\n")
    assert Credentials(tmp_path).get("acme") == Secret(KEY)


def test_the_session_wins_over_the_keyring_and_that_over_the_environment(
    memory: MemoryKeyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    credentials = Credentials(tmp_path)
    monkeypatch.setenv("ACME_API_KEY", "sk-env")
    assert credentials.get("acme") == Secret("sk-env")
    credentials.set("acme", "sk-ring")
    assert credentials.get("acme") == Secret("sk-ring")
    credentials.set_for_session("acme", "sk-session")
    assert credentials.get("acme") == Secret("sk-session")
    assert Credentials(tmp_path).get("acme") == Secret("sk-ring")


def test_a_named_variable_is_the_only_one_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_API_KEY", "sk-default")
    monkeypatch.setenv("OTHER", "sk-named")
    assert Credentials(tmp_path).get("acme", "OTHER") == Secret("sk-named")
    monkeypatch.delenv("OTHER")
    assert Credentials(tmp_path).get("acme", "OTHER") is None


def test_without_a_keyring_the_environment_still_serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Credentials(tmp_path).get("acme") is None
    monkeypatch.setenv("ACME_API_KEY", KEY)
    assert Credentials(tmp_path).get("acme") == Secret(KEY)


def test_without_a_keyring_keeping_fails_and_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(KeyringMissing) as raised:
        Credentials(tmp_path).set("acme", KEY)
    assert "--key-env" in raised.value.hint
    assert "acme" in raised.value.hint


@pytest.mark.security
@pytest.mark.parametrize("backend", [PlaintextKeyring, WeakKeyring, NullKeyring])
def test_a_keyring_that_keeps_nothing_safe_is_refused(
    backend: type[KeyringBackend], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(made := backend(), monkeypatch)
    with pytest.raises(KeyringMissing, match="safely"):
        Credentials(tmp_path).set("acme", KEY)
    assert not getattr(made, "kept", {})


@pytest.mark.security
def test_of_a_chain_only_a_safe_keyring_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weak, safe = WeakKeyring(), MemoryKeyring()
    monkeypatch.setattr(Chain, "chained", [weak, safe])
    use(Chain(), monkeypatch)
    Credentials(tmp_path).set("acme", KEY)
    assert not weak.kept
    assert KEY in safe.kept.values()


@pytest.mark.security
def test_a_failing_keyring_gives_no_key_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(LockedKeyring(), monkeypatch)
    assert Credentials(tmp_path).get("acme") is None
    with pytest.raises(KeyringMissing) as raised:
        Credentials(tmp_path).set("acme", KEY)
    shown = "".join(traceback.TracebackException.from_exception(raised.value).format()) + str(raised.value)
    assert KEY not in shown
    assert raised.value.__cause__ is raised.value.__context__ is None


def test_names_are_listed_without_their_keys(memory: MemoryKeyring, tmp_path: Path) -> None:
    credentials = Credentials(tmp_path)
    assert credentials.names() == []
    for name in ("b", "a", "b"):
        credentials.set(name, KEY)
    credentials.set_for_session("c", KEY)
    assert credentials.names() == ["a", "b", "c"]


def test_a_deleted_key_is_gone(memory: MemoryKeyring, tmp_path: Path) -> None:
    credentials = Credentials(tmp_path)
    credentials.set("acme", KEY)
    credentials.set_for_session("acme", KEY)
    assert credentials.delete("acme")
    assert not credentials.delete("acme")
    assert credentials.get("acme") is None
    assert credentials.names() == []
    assert KEY not in memory.kept.values()


def test_a_key_deleted_elsewhere_is_still_deleted_from_the_list(memory: MemoryKeyring, tmp_path: Path) -> None:
    credentials = Credentials(tmp_path)
    credentials.set("acme", KEY)
    memory.kept = {place: value for place, value in memory.kept.items() if place[1] != "acme"}
    assert not credentials.delete("acme")
    assert credentials.names() == []


@pytest.mark.parametrize("damaged", ["{", "3", '["a", 7]'])
def test_a_damaged_list_of_names_is_read_as_far_as_it_goes(memory: MemoryKeyring, tmp_path: Path, damaged: str) -> None:
    credentials = Credentials(tmp_path)
    credentials.set("acme", KEY)
    (service,) = {service for service, _ in memory.kept}
    memory.kept[service, "(names)"] = damaged
    credentials.set("b", KEY)
    assert "b" in credentials.names()


def test_every_home_has_its_own_keys(memory: MemoryKeyring, tmp_path: Path) -> None:
    Credentials(tmp_path / "one").set("acme", KEY)
    assert Credentials(tmp_path / "two").get("acme") is None


@pytest.mark.parametrize("value", ["", "  ", "two words", "sk-ключ", "sk-a\nb"])
def test_what_can_be_no_key_is_refused(memory: MemoryKeyring, tmp_path: Path, value: str) -> None:
    for put in (Credentials(tmp_path).set, Credentials(tmp_path).set_for_session):
        with pytest.raises(UsageError) as raised:
            put("acme", value)
        assert value.strip() == "" or value.strip() not in str(raised.value)
    assert not memory.kept


@pytest.mark.security
def test_nothing_is_written_to_the_home(memory: MemoryKeyring, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    Credentials(home).set("acme", KEY)
    Credentials(home).set_for_session("acme", KEY)
    assert list(home.iterdir()) == []


def test_importing_does_not_load_the_keyring() -> None:
    code = "import sys, forgeapp.credentials; print('keyring' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "False"


def test_one_home_has_one_set_of_keys_by_whatever_path_it_is_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = MemoryKeyring()
    monkeypatch.setattr(keyring, "get_keyring", lambda: memory)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "b")
    Credentials(tmp_path / "b").set("acme", KEY)
    for way in (tmp_path / "a" / ".." / "b", tmp_path / "link"):
        assert Credentials(way).get("acme") == Secret(KEY)
    assert Credentials(tmp_path / "a").get("acme") is None
