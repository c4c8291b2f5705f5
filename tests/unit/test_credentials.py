"""Where keys are looked for, and where they are never put."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
import threading
import traceback
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.backends.null import Keyring as NullKeyring
from keyring.errors import KeyringLocked as Locked
from keyring.errors import PasswordDeleteError

from forgeapp.credentials import Credentials, Secret
from forgeapp.errors import KeyringLocked, KeyringMissing, UnreadableFile, UsageError

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
    reads = 0

    def get_password(self, service: str, username: str) -> str | None:
        self.reads += 1
        raise Locked("locked")

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
    assert raised.value.message.endswith("none is installed, or none is running.")


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
def test_nothing_is_written_to_the_home_but_an_empty_lock(memory: MemoryKeyring, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    Credentials(home).set("acme", KEY)
    Credentials(home).set_for_session("acme", KEY)
    (lock,) = home.iterdir()
    assert (lock.name, lock.stat().st_size, stat.S_IMODE(lock.stat().st_mode)) == ("keys.lock", 0, 0o600)


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


def test_a_provider_has_several_keys_by_name_and_one_without(memory: MemoryKeyring, tmp_path: Path) -> None:
    credentials = Credentials(tmp_path)
    credentials.set("acme", "sk-plain-1")
    credentials.set("acme", "sk-work-22", "work")
    credentials.set_for_session("acme", "sk-home-333", "home")
    assert credentials.names() == ["acme", "acme/home", "acme/work"]
    found = [credentials.get("acme", name=name) for name in (None, "work", "home", "other")]
    assert found == [Secret("sk-plain-1"), Secret("sk-work-22"), Secret("sk-home-333"), None]
    assert [credentials.source("acme", name=name) for name in (None, "work", "home", "other")] == [
        "keyring", "keyring", "session", None,
    ]  # fmt: skip
    assert credentials.delete("acme", "work")
    assert credentials.names() == ["acme", "acme/home"]
    assert credentials.get("acme") == Secret("sk-plain-1")


def test_a_key_without_a_name_never_stands_in_for_one_with_a_name(
    memory: MemoryKeyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    credentials = Credentials(tmp_path)
    credentials.set("acme", KEY)
    monkeypatch.setenv("ACME_API_KEY", KEY)
    assert credentials.get("acme", name="work") is None
    monkeypatch.setenv("ACME_WORK_API_KEY", "sk-of-work")
    assert credentials.get("acme", name="work") == Secret("sk-of-work")
    assert credentials.source("acme", name="work") == "environment:ACME_WORK_API_KEY"
    assert credentials.variable("acme", None, "work") == "ACME_WORK_API_KEY"


def test_a_call_is_noted_with_the_keys_name_or_where_it_came_from(
    memory: MemoryKeyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    credentials = Credentials(tmp_path)
    assert credentials.label("acme") is None
    monkeypatch.setenv("MY_KEY", KEY)
    assert credentials.label("acme", "MY_KEY", "work") == "environment:MY_KEY"
    credentials.set("acme", KEY, "work")
    credentials.set("acme", KEY)
    assert (credentials.label("acme"), credentials.label("acme", "MY_KEY", "work")) == ("keyring", "work")
    credentials.set_for_session("acme", KEY)
    assert credentials.label("acme") == "session"


@pytest.mark.parametrize(
    "name", ["two words", "a/b", "x" * 41, "app", "keyring", "session", "environment:X", KEY + "!"]
)
def test_what_can_be_no_name_of_a_key_is_refused_and_not_repeated(
    memory: MemoryKeyring, tmp_path: Path, name: str
) -> None:
    for put in (Credentials(tmp_path).set, Credentials(tmp_path).set_for_session):
        with pytest.raises(UsageError) as raised:
            put("acme", KEY, name)
        assert KEY not in str(raised.value)
    assert not memory.kept


def test_keys_kept_before_they_had_names_are_still_found(memory: MemoryKeyring, tmp_path: Path) -> None:
    credentials = Credentials(tmp_path)
    credentials.set("other", KEY)
    (service,) = {service for service, _ in memory.kept}
    memory.kept = {(service, "acme"): KEY, (service, "(names)"): '["acme"]'}
    assert credentials.names() == ["acme"]
    assert credentials.get("acme") == Secret(KEY)


def test_a_name_whose_key_is_gone_is_not_listed(memory: MemoryKeyring, tmp_path: Path) -> None:
    credentials = Credentials(tmp_path)
    credentials.set("acme", KEY)
    credentials.set("beta", KEY)
    memory.kept = {place: value for place, value in memory.kept.items() if place[1] != "acme"}
    assert credentials.names() == ["beta"]


@pytest.mark.load
def test_many_that_keep_keys_at_once_lose_no_name(memory: MemoryKeyring, tmp_path: Path) -> None:
    start = threading.Barrier(12)

    def keep(number: int) -> None:
        start.wait()
        Credentials(tmp_path).set(f"provider-{number}", KEY)
        if number % 3 == 0:
            Credentials(tmp_path).delete(f"provider-{number}")

    threads = [threading.Thread(target=keep, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Credentials(tmp_path).names() == sorted(f"provider-{number}" for number in range(12) if number % 3)


def test_the_list_of_names_is_changed_by_one_process_at_a_time(memory: MemoryKeyring, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from forgeapp.credentials import Credentials\n"
        "with Credentials(Path(sys.argv[1]))._sole_writer(): print('held', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    writer = threading.Thread(target=Credentials(tmp_path).set, args=("acme", KEY))
    writer.start()
    writer.join(0.3)
    assert writer.is_alive()
    assert not any(name == "(names)" for _, name in memory.kept)
    other.communicate("")
    writer.join()
    assert Credentials(tmp_path).names() == ["acme"]


def test_a_locked_keyring_is_passed_over_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(LockedKeyring(), monkeypatch)
    monkeypatch.setenv("ACME_API_KEY", KEY)
    credentials = Credentials(tmp_path)
    assert credentials.get("acme") == Secret(KEY)
    assert isinstance(credentials.keyring_fault, KeyringLocked)
    with pytest.raises(KeyringLocked, match="locked"):
        credentials.names()


def test_a_user_who_leaves_the_keyring_locked_is_not_asked_for_every_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(locked := LockedKeyring(), monkeypatch)
    credentials = Credentials(tmp_path)
    for provider in ("a", "b", "c"):
        assert credentials.source(provider) is None
    assert locked.reads == 1
    assert isinstance(credentials.keyring_fault, KeyringLocked)
    with pytest.raises(KeyringLocked):
        credentials.names()
    assert locked.reads == 2
    use(MemoryKeyring(), monkeypatch)
    credentials.set("a", KEY)
    assert credentials.source("a") == "keyring"


def test_without_a_distributors_key_there_is_none(tmp_path: Path) -> None:
    credentials = Credentials(tmp_path, tmp_path / "app-keys.json")
    assert credentials.app_key("gemini") is None
    assert credentials.app_providers() == []
    assert credentials.check_app_keys() is None


def test_an_app_key_comes_from_its_variable_then_the_file_named_then_the_file_shipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped, named = tmp_path / "app-keys.json", tmp_path / "named.json"
    shipped.write_text(json.dumps({"gemini": "of-the-bundle-1", "groq": "of-the-bundle-2"}))
    named.write_text(json.dumps({"gemini": " of-the-file-1\n"}))
    assert Credentials(tmp_path, shipped).app_key("gemini") == Secret("of-the-bundle-1")
    assert Credentials(tmp_path, shipped).app_providers() == ["gemini", "groq"]
    monkeypatch.setenv("FORGEAPP_APP_KEYS", str(named))
    assert Credentials(tmp_path, shipped).app_key("gemini") == Secret("of-the-file-1")
    assert Credentials(tmp_path, shipped).app_providers() == ["gemini"]
    assert Credentials(tmp_path, shipped).check_app_keys() == named
    monkeypatch.setenv("FORGEAPP_APP_KEY_GEMINI", "of-the-variable")
    monkeypatch.setenv("FORGEAPP_APP_KEY_MY_GROQ", "of-another")
    monkeypatch.setenv("FORGEAPP_APP_KEY_EMPTY", "")
    credentials = Credentials(tmp_path, shipped)
    assert credentials.app_key("gemini") == Secret("of-the-variable")
    assert credentials.app_key("my-groq") == Secret("of-another")
    assert credentials.app_providers() == ["gemini", "my-groq"]


def test_an_app_key_is_never_taken_for_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORGEAPP_APP_KEY_GEMINI", KEY)
    assert Credentials(tmp_path).get("gemini") is None
    assert Credentials(tmp_path).source("gemini") is None


@pytest.mark.security
@pytest.mark.parametrize(
    "content", ["{", "[1]", f'"{KEY}"', '{"gemini": 7}', '{"gemini": "two words"}', "[" * 9000, ""]
)
def test_a_damaged_file_of_app_keys_gives_none_and_shows_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    (tmp_path / "keys.json").write_text(content)
    monkeypatch.setenv("FORGEAPP_APP_KEYS", str(tmp_path / "keys.json"))
    credentials = Credentials(tmp_path)
    assert credentials.app_key("gemini") is None
    assert credentials.app_providers() == []
    if "gemini" not in content:
        with pytest.raises(UnreadableFile) as raised:
            credentials.check_app_keys()
        shown = "".join(traceback.format_exception(raised.value)) + raised.value.hint
        assert KEY not in shown


def test_a_file_of_app_keys_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORGEAPP_APP_KEYS", str(tmp_path / "nowhere.json"))
    assert Credentials(tmp_path).app_key("gemini") is None
    with pytest.raises(UnreadableFile, match=r"nowhere\.json"):
        Credentials(tmp_path).check_app_keys()
