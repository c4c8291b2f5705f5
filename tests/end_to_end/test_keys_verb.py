"""`forgeapp keys`: keys are kept safely or not at all, and shown nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Run
from tests.end_to_end.samples import add_provider
from tests.fakes.provider_server import FakeServer, Reply

pytestmark = pytest.mark.integration


@pytest.mark.security
def test_a_key_is_never_kept_in_a_plain_place(run_here: Run, home: Path) -> None:
    ran = run_here("keys", "set", "acme", "--json", stdin="sk-verysecret123456\n")
    assert ran.code == 1
    assert ran.json["error"]["type"] == "keyring_missing"
    assert "--key-env" in ran.json["error"]["hint"]
    assert "verysecret" not in ran.out + ran.err
    for path in home.rglob("*"):
        if path.is_file():
            assert b"verysecret" not in path.read_bytes()


@pytest.mark.security
@pytest.mark.parametrize(
    "server", [[Reply(status=401, body={"error": {"message": "wrong key sk-verysecret123456"}})]], indirect=True
)
def test_a_key_from_the_environment_is_sent_and_shown_nowhere(run_here: Run, server: FakeServer, home: Path) -> None:
    add_provider(run_here, server)
    run_here("providers", "set", "acme", "--key-env", "MY_KEY")
    secret = {"MY_KEY": "sk-verysecret123456"}
    ran = run_here("forge", "what is up", "--model", "acme/m-1", "--json", env=secret)
    assert server.requests[-1].headers["authorization"] == "Bearer sk-verysecret123456"
    assert ran.json["error"]["type"] == "key_rejected"
    assert "verysecret" not in ran.out + ran.err
    assert "environment:MY_KEY" in [row["key"] for row in run_here("providers", "list", "--json", env=secret).json]
    for path in home.rglob("*"):
        if path.is_file():
            assert b"verysecret" not in path.read_bytes()


@pytest.mark.security
@pytest.mark.parametrize(
    "words",
    [
        ("keys", "set", "acme", "k3y-verysecret123456"),
        ("keys", "set", "acme", "--value", "k3y-verysecret123456"),
        ("keys", "set", "acme", "--value=k3y-verysecret123456"),
        ("keys", "set", "acme", "-kk3y-verysecret123456"),
        ("keys", "set", "sk-verysecret123456"),
        ("keys", "sk-verysecret123456"),
        ("providers", "set", "acme", "--api-key", "k3y-verysecret123456"),
        ("providers", "set", "acme", "--key", "sk-verysecret123456"),
    ],
)
def test_a_key_given_on_the_command_line_is_refused_neither_kept_nor_repeated(
    run_here: Run, server: FakeServer, home: Path, words: tuple[str, ...]
) -> None:
    add_provider(run_here, server)
    ran = run_here(*words, "--json", stdin="sk-other123456\n")
    assert ran.code == 2
    assert ran.json["error"]["type"] == "usage"
    assert "verysecret" not in ran.out + ran.err
    assert not [path for path in home.rglob("*") if path.is_file() and b"verysecret" in path.read_bytes()]


def test_words_that_are_too_many_are_named(run_here: Run) -> None:
    assert "a table" in run_here("gate", "make", "a", "table", "--json").json["error"]["message"]


def test_a_key_that_is_no_text_is_refused(run_here: Run) -> None:
    ran = run_here("keys", "set", "acme", "--json", stdin=b"\xff\xfe\xfd\n", env={"PYTHONUTF8": "1"})
    assert ran.code in (1, 2)
    assert ran.json["error"]["type"] in ("usage", "keyring_missing")


@pytest.fixture
def _keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A keyring in a file, in place of the one this process has."""
    import keyring

    from tests.fakes.file_keyring import FileKeyring

    monkeypatch.setenv("FAKE_KEYRING", str(tmp_path / "keyring.json"))
    before = keyring.get_keyring()
    keyring.set_keyring(FileKeyring())
    yield
    keyring.set_keyring(before)


@pytest.mark.usefixtures("_keyring")
def test_several_keys_of_a_provider_are_kept_chosen_and_deleted_by_name(run_here: Run, server: FakeServer) -> None:
    add_provider(run_here, server)
    assert run_here("keys", "set", "acme", "--json", stdin="k-without-a-name\n").json == ["acme"]
    assert run_here("keys", "set", "acme", "--name", "work", "--json", stdin="k-of-work").json == ["acme", "acme/work"]
    run_here("keys", "set", "acme/home", stdin="k-of-home")
    assert run_here("keys").out.split() == ["name", "acme", "acme/home", "acme/work"]
    for name, key in (("work", "k-of-work"), ("home", "k-of-home"), ("none", "k-without-a-name")):
        run_here("providers", "set", "acme", "--key", name)
        run_here("forge", "how are you?", "--no-cache")
        assert server.chats[-1].headers["authorization"] == f"Bearer {key}"
    rows = run_here("usage", "--by", "key", "--json").json["rows"]
    assert {row["key"]: row["calls"] for row in rows} == {"work": 1, "home": 1, "keyring": 1}
    assert run_here("keys", "delete", "acme/work", "--json").json == ["acme", "acme/home"]
    assert "no such key" in run_here("keys", "delete", "acme", "--name", "work").err
    assert run_here("keys", "list", "--home", "another home", "--json").json == []


@pytest.mark.usefixtures("_keyring")
def test_a_new_key_takes_the_mark_of_the_old_one_off(run_here: Run) -> None:
    with FakeServer(Reply(status=401, body={"error": {"message": "bad"}})) as server:
        add_provider(run_here, server)
        run_here("keys", "set", "acme", stdin="k-of-no-use")
        assert run_here("providers", "test", "acme").code == 1

    def mark() -> str | None:
        return next(row["mark"] for row in run_here("providers", "list", "--json").json if row["name"] == "acme")

    assert mark() == "key_rejected"
    run_here("keys", "set", "acme", stdin="k-of-some-use")
    assert mark() is None


@pytest.mark.security
@pytest.mark.usefixtures("_keyring")
@pytest.mark.parametrize("name", ["k-0123456789 abcdef", "", "app", "none", "a/b"])
def test_a_name_no_key_can_have_is_refused_and_not_repeated(run_here: Run, name: str) -> None:
    for ran in (
        run_here("keys", "set", "acme", "--name", name, "--json", stdin="k-of-work"),
        run_here("providers", "set", "gemini", "--key", name, "--json") if name != "none" else None,
    ):
        if ran is not None:
            assert (ran.code, ran.json["error"]["type"]) == (2, "usage")
            assert "0123456789" not in ran.out + ran.err
    assert run_here("keys", "list", "--json").json == []
