"""Keys in a real Secret Service: gnome-keyring under its own D-Bus session, with the program as a child process."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.end_to_end.conftest import TIMEOUT_S, Ran
from tests.fakes.provider_server import FakeServer, Reply

pytestmark = [
    pytest.mark.soak,
    pytest.mark.security,
    pytest.mark.skipif(sys.platform != "linux", reason="the Secret Service is Linux'"),
]

PLAIN, WORK = "k-plain-7f3a9c51e2d84b60", "k-work-c0ffee5a1e5b0a7d"
READY_S = 30


class Desktop:
    """A user's session: a bus, a keyring that is unlocked by its password, and the program run in it."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self.env = {
            **{name: value for name, value in os.environ.items() if name != "PYTHON_KEYRING_BACKEND"},
            "HOME": str(folder),
            "XDG_DATA_HOME": str(folder / "data"),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "XDG_RUNTIME_DIR": str(folder / "run"),
            "DBUS_SESSION_BUS_ADDRESS": address,
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }

    def run(self, *arguments: str, stdin: str = "", home: str = "forge") -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "forgeapp", *arguments, "--home", str(self.folder / home)],
            input=stdin.encode(),
            capture_output=True,
            env=self.env,
            cwd=self.folder,
            timeout=TIMEOUT_S,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    @contextmanager
    def keyring(self) -> Iterator[None]:
        """The daemon, unlocked; a file that is there already is opened by the same password."""
        with (self.folder / "keyring.log").open("ab") as log:
            daemon = subprocess.Popen(
                ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=log,
                env=self.env,
            )
        assert daemon.stdin is not None
        daemon.stdin.write(b"the password of the desktop")
        daemon.stdin.close()
        try:
            self._wait_for_service(True)
            yield
        finally:
            daemon.terminate()
            daemon.wait(TIMEOUT_S)
            self._wait_for_service(False)

    def lock(self) -> None:
        code = (
            "import secretstorage; collection = secretstorage.get_default_collection(secretstorage.dbus_init());"
            "collection.lock(); assert collection.is_locked()"
        )
        subprocess.run([sys.executable, "-c", code], env=self.env, timeout=TIMEOUT_S, check=True)

    def _wait_for_service(self, is_there: bool) -> None:
        """Without asking the service itself: the bus would start another one."""
        from jeepney.bus_messages import message_bus
        from jeepney.io.blocking import Proxy, open_dbus_connection

        deadline = time.monotonic() + READY_S
        with open_dbus_connection(bus=self.env["DBUS_SESSION_BUS_ADDRESS"]) as connection:
            bus = Proxy(message_bus, connection)
            while bool(bus.NameHasOwner("org.freedesktop.secrets")[0]) is not is_there:
                assert time.monotonic() < deadline, (self.folder / "keyring.log").read_text()
                time.sleep(0.05)


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    folder = tmp_path / "user"
    for name in ("data", "config", "cache", "run"):
        (folder / name).mkdir(mode=0o700, parents=True)
    with ExitStack() as held:
        log = held.enter_context((folder / "bus.log").open("wb"))
        bus = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--print-address"],
            stdout=subprocess.PIPE,
            stderr=log,
            env={**os.environ, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder / "run")},
        )
        held.callback(bus.wait, TIMEOUT_S)
        held.callback(bus.terminate)
        assert bus.stdout is not None
        held.callback(bus.stdout.close)
        address = bus.stdout.readline().decode().strip()
        assert address, (folder / "bus.log").read_text()
        yield Desktop(folder, address)


def test_keys_are_kept_listed_used_renamed_and_deleted_in_a_real_keyring(desktop: Desktop) -> None:
    with desktop.keyring(), FakeServer(Reply("Fine.")) as server:
        run = desktop.run
        assert json.loads(run("keys", "set", "acme", "--json", stdin=f"{PLAIN}\n").out) == ["acme"]
        run("keys", "set", "acme", "--name", "wrok", stdin=WORK)
        # A key is renamed by being kept under its new name and forgotten under the old one.
        run("keys", "set", "acme", "--name", "work", stdin=WORK)
        assert run("keys", "delete", "acme/wrok", "--json").json == ["acme", "acme/work"]
        assert run("keys", "list", home="another").out == "No keys yet.\n"

        run("providers", "add", "acme", "--dialect", "openai-chat", "--base-url", server.base_url, "--model", "m-1")
        assert "keyring" in run("providers", "list").out
        assert run("forge", "how are you?", "--model", "acme/m-1").code == 0
        assert server.chats[-1].headers["authorization"] == f"Bearer {PLAIN}"
        run("providers", "set", "acme", "--key", "work")
        assert run("forge", "how are you now?", "--model", "acme/m-1").code == 0
        assert server.chats[-1].headers["authorization"] == f"Bearer {WORK}"
        assert {row["key"]: row["calls"] for row in run("usage", "--by", "key", "--json").json["rows"]} == {
            "keyring": 1,
            "work": 1,
        }

        assert run("keys", "delete", "acme", "--name", "work", "--json").json == ["acme"]
        run("providers", "set", "acme", "--key", "none")
        assert run("keys", "delete", "acme", "--json").json == []
        assert "authorization" not in _headers_of_next(desktop, server)


def test_what_is_kept_outlives_the_session_and_stands_nowhere_in_plain_text(desktop: Desktop) -> None:
    with desktop.keyring():
        desktop.run("keys", "set", "acme", stdin=PLAIN)
        desktop.run("keys", "set", "acme", "--name", "work", stdin=WORK)
    with desktop.keyring():
        assert desktop.run("keys", "list", "--json").json == ["acme", "acme/work"]
    files = [path for path in desktop.folder.rglob("*") if path.is_file()]
    assert any(path.suffix == ".keyring" for path in files)
    for path in files:
        data = path.read_bytes()
        for key in (PLAIN, WORK):
            for form in (key, key[-16:], base64.b64encode(key.encode()).decode(), key.encode().hex()):
                assert form.encode() not in data, path


def test_a_locked_keyring_is_passed_over_and_said_to_be_locked(desktop: Desktop) -> None:
    with desktop.keyring(), FakeServer(Reply("Fine.")) as server:
        desktop.run(
            "providers", "add", "acme", "--dialect", "openai-chat", "--base-url", server.base_url, "--model", "m"
        )
        desktop.run("keys", "set", "acme", stdin=PLAIN)
        desktop.lock()
        for arguments in (("list",), ("set", "other"), ("delete", "acme")):
            ran = desktop.run("keys", *arguments, "--json", stdin=WORK)
            assert (ran.code, ran.json["error"]["type"]) == (1, "keyring_locked")
        assert "locked" in desktop.run("providers", "list").err
        desktop.env["ACME_API_KEY"] = WORK
        assert desktop.run("forge", "how are you?", "--model", "acme/m").code == 0
        assert server.chats[-1].headers["authorization"] == f"Bearer {WORK}"
        assert "locked" in json.dumps(desktop.run("doctor", "--json").json)
        far = desktop.run("providers", "test", "gemini", "--json")
        assert (far.code, far.json["error"]["type"]) == (1, "key_missing")
        assert "locked" in far.err
    with desktop.keyring():
        assert desktop.run("keys", "list", "--json").json == ["acme"]


def test_processes_that_keep_keys_at_once_lose_no_name(desktop: Desktop) -> None:
    names = [f"provider-{number}" for number in range(8)]
    with desktop.keyring():
        desktop.run("keys", "list")
        with ThreadPoolExecutor(len(names)) as pool:
            ran = list(pool.map(lambda name: desktop.run("keys", "set", name, stdin=PLAIN), names))
        assert [one.err for one in ran if one.code] == []
        assert desktop.run("keys", "list", "--json").json == names


def _headers_of_next(desktop: Desktop, server: FakeServer) -> dict[str, str]:
    desktop.run("forge", "how are you today?", "--model", "acme/m-1")
    return server.chats[-1].headers
