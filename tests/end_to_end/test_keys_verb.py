"""`forgeapp keys` as a real process: keys are kept safely or not at all, and shown nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.conftest import Run
from tests.end_to_end.samples import add_provider
from tests.fakes.provider_server import FakeServer, Reply

pytestmark = pytest.mark.integration


@pytest.mark.security
def test_a_key_is_never_kept_in_a_plain_place(run: Run, home: Path) -> None:
    ran = run("keys", "set", "acme", "--json", stdin="sk-verysecret123456\n")
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
def test_a_key_from_the_environment_is_sent_and_shown_nowhere(run: Run, server: FakeServer, home: Path) -> None:
    add_provider(run, server)
    run("providers", "set", "acme", "--key-env", "MY_KEY")
    secret = {"MY_KEY": "sk-verysecret123456"}
    ran = run("forge", "what is up", "--model", "acme/m-1", "--json", env=secret)
    assert server.requests[-1].headers["authorization"] == "Bearer sk-verysecret123456"
    assert ran.json["error"]["type"] == "key_rejected"
    assert "verysecret" not in ran.out + ran.err
    assert "environment:MY_KEY" in [row["key"] for row in run("providers", "list", "--json", env=secret).json]
    for path in home.rglob("*"):
        if path.is_file():
            assert b"verysecret" not in path.read_bytes()


def test_a_key_that_is_no_text_is_refused(run: Run) -> None:
    ran = run("keys", "set", "acme", "--json", stdin=b"\xff\xfe\xfd\n", env={"PYTHONUTF8": "1"})
    assert ran.code in (1, 2)
    assert ran.json["error"]["type"] in ("usage", "keyring_missing")
