"""After a run full of errors no key stands anywhere: not in part, not as base64, hex, percent-encoded or backwards.

The servers give back the key they were sent, in every way a server, a proxy or a debugging page might.
"""

from __future__ import annotations

import base64
import html
import json
import logging
import traceback
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import keyring
import pypdfium2
import pytest
from keyring.backend import KeyringBackend

from forgeapp import cli, log
from forgeapp.app import App, build
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.document import Document
from forgeapp.domain.events import Finished
from forgeapp.domain.request import ForgeRequest
from forgeapp.errors import ForgeError, TargetNotWritable
from forgeapp.ledger.calls import CallStatus
from forgeapp.providers.provider import HttpProvider
from tests.fakes.provider_server import FakeServer, Reply

pytestmark = [pytest.mark.integration, pytest.mark.security]

# None of them has the look of a vendor's key: they are found by what they are, not by a pattern.
KEYS = {
    "in-environment": "Zk9xQ/b7Tn+w3Rj5Lv8=Hd2Ys6Mc4Gp1",
    "in-session": "aF4u-Wq7e_Xr2o.Vt9i~Bz5s%Nk8y&Jm3",
    "in-keyring": "7c1e9d50b8a34f62e0d7195c3ba8f426",
}
DIALECTS = {"in-environment": "gemini", "in-session": "openai", "in-keyring": "anthropic"}
URL_SAFE = str.maketrans("+/", "-_")
REQUEST = "what is six times seven?"


class MemoryKeyring(KeyringBackend):
    priority = 5  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


def telling(key: str) -> list[Reply]:
    """Failures of all sorts, each of which gives the key back."""
    encoded = base64.b64encode(key.encode()).decode()
    page = f"<html><body>Authorization: Basic {encoded}<br>x-api-key: {html.escape(key)}</body></html>"
    headers = {"x-debug": encoded, "x-hex": key.encode().hex(), "www-authenticate": f'Bearer error="{key}"'}
    return [
        Reply(status=500, body=page, headers=headers),
        Reply(status=503, body=f"upstream said: key={key.encode().hex()} / {quote(key, safe='')} / {key[::-1]}"),
        Reply(status=502, body={"error": {"message": f"headers: {json.dumps({'authorization': f'Bearer {key}'})}"}}),
        Reply(reset_after=0),
        Reply(raw=f"data: {{not json, {key}\n\n".encode()),
        Reply(raw=f'data: {{"error": {{"message": "bad key {key}", "code": "{key}"}}}}\n\n'.encode()),
        Reply(raw=f'event: error\ndata: {{"type": "error", "error": {{"message": "{key}"}}}}\n\n'.encode()),
        Reply("one two three four five six", reset_after=4),
        Reply(raw=b'data: {"choices": [{"delta": {"content": "cut'),
        Reply(status=200, body=page, content_type="text/html"),
        Reply(status=200, body=f'{{"id": "{key}", "trunc', content_type="application/json"),
        Reply(status=200, body=b""),
        Reply(status=429, body={"error": {"message": f"limit of {key[:12]}... reached", "code": key}}),
        Reply(status=302, body=key, headers={"location": f"http://127.0.0.1:9/?{quote(key)}"}),
        Reply(
            status=404, body={"error": {"message": f"no model for {base64.urlsafe_b64encode(key.encode()).decode()}"}}
        ),
        Reply(status=400, body={"error": {"message": f"unexpected token {key[-9:]} and {key[3:20]}"}}),
        Reply(status=403, body={"error": {"message": f"key {key} has no access", "status": key}}),
        Reply(status=401, body={"error": {"message": f"Incorrect API key provided: {key}.", "type": key}}),
    ]


@pytest.fixture
def servers() -> Iterator[dict[str, FakeServer]]:
    with ExitStack() as running:
        yield {name: running.enter_context(FakeServer(*telling(key))) for name, key in KEYS.items()}


@pytest.fixture
def app(
    home: Path, servers: dict[str, FakeServer], monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[App]:
    memory = MemoryKeyring()
    monkeypatch.setattr(keyring, "get_keyring", lambda: memory)
    monkeypatch.setenv("IN_ENVIRONMENT_API_KEY", KEYS["in-environment"])
    home.mkdir(parents=True)
    (home / "settings.json").write_text(json.dumps({"retry_waits_s": [0, 0]}))
    with build(home) as app:
        app.credentials.set_for_session("in-session", KEYS["in-session"])
        app.credentials.set("in-keyring", KEYS["in-keyring"])
        for name, server in servers.items():
            url = server.base_url if DIALECTS[name].startswith("openai") else server.root_url
            app.ledger.providers.add(name, DIALECTS[name], url, ("m-1",), None, "none")
        yield app


@pytest.fixture(autouse=True)
def _log_put_back() -> Iterator[None]:
    root, secrets = logging.getLogger(), set(log._secrets)
    level = root.level
    yield
    log.stop()
    root.setLevel(level)
    log._secrets.clear()
    log._secrets.update(secrets)


def traces(key: str) -> set[str]:
    """Whatever would give eight characters of the key away."""
    found = {form[at : at + 8] for form in (key, key[::-1], quote(key, safe="")) for at in range(len(form) - 7)}
    for before in range(3):
        coded = base64.b64encode(b"x" * before + key.encode() + b"x" * 3).decode()[4:-8]
        for form in (coded, coded.translate(URL_SAFE)):
            found |= {form[at : at + 12] for at in range(len(form) - 11)}
    hexadecimal = key.encode().hex()
    for form in (hexadecimal, hexadecimal.upper()):
        found |= {form[at : at + 16] for at in range(len(form) - 15)}
    return found


def texts_of(home: Path) -> Iterator[tuple[str, str]]:
    """Every file under the home, as its bytes and, where it is packed, as its text."""
    for path in sorted(home.rglob("*")):
        if path.is_file():
            yield path.name, path.read_bytes().decode("latin-1")
        if path.suffix == ".pdf":
            with pypdfium2.PdfDocument(path) as document:
                yield path.name, "".join(page.get_textpage().get_text_range() for page in document)


def assert_no_key_in(*texts: tuple[str, str]) -> None:
    for key in KEYS.values():
        for name, text in texts:
            assert not [trace for trace in traces(key) if trace in text], name


def _make_few_pdfs(app: App, most: int = 6) -> None:
    """One of each failure would take most of the time; the Markdown they are made of is written of all."""
    write, made = app.exports.write_document, 0

    def write_some(document: Document, target: Path) -> None:
        nonlocal made
        made += 1
        if made > most:
            raise TargetNotWritable(path=target, reason="enough of them")
        write(document, target)

    app.exports.write_document = write_some  # type: ignore[method-assign]


def test_after_a_run_full_of_errors_no_key_stands_anywhere(
    app: App, home: Path, servers: dict[str, FakeServer], capfd: pytest.CaptureFixture[str]
) -> None:
    told: list[ForgeError] = []
    turns = 0
    _make_few_pdfs(app)
    while any(server.requests == [] or len(server.chats) < len(server.replies) for server in servers.values()):
        turns += 1
        assert turns < 40
        for name in servers:
            finished = [*app.forge.run(ForgeRequest(REQUEST, model=f"{name}/m-1"), CancelToken())][-1]
            assert isinstance(finished, Finished)
            if finished.error is not None:
                told.append(finished.error)
    for server in servers.values():
        server.replies = server.replies[-1:]
    finished = [*app.forge.run(ForgeRequest(REQUEST), CancelToken())][-1]
    assert isinstance(finished, Finished)
    assert finished.error is not None
    assert finished.report is not None
    for name in servers:
        with pytest.raises(ForgeError) as raised:
            app.registry.test(name, CancelToken())
        told += [raised.value, finished.error]
    sent = {name: {_key_sent(request.headers) for request in server.chats} for name, server in servers.items()}
    assert sent == {name: {key} for name, key in KEYS.items()}

    rows = app.ledger.calls.recent(1_000)
    assert len(rows) >= 3 * len(telling(""))
    assert not [row for row in rows if row.status is CallStatus.RUNNING]
    assert {row.error for row in rows} >= {"key_rejected", "provider_failed", "stream_broken", "unreadable_reply"}
    assert {path.suffix for path in (home / "reports").iterdir()} == {".md", ".pdf"}

    capfd.readouterr()
    for arguments in (("providers", "list"), ("usage", "--by", "key"), ("reports", "list"), ("reports", "show", "1")):
        assert cli.main([*arguments, "--json"]) == 0
        assert cli.main([*arguments]) == 0
    cli.main(["forge", "how are you?", "--model", "in-keyring/m-1", "--json"])
    cli.main(["keys", "list"])
    shown = capfd.readouterr()
    assert "in-keyring" in shown.out
    errors = [f"{error.to_json()} {error.params!r} {error!r}" for error in told]
    frames = ["".join(traceback.format_exception(error)) for error in told]
    assert_no_key_in(
        ("output", shown.out), ("notices", shown.err), *(("error", text) for text in errors + frames), *texts_of(home)
    )


@pytest.mark.parametrize("name", list(KEYS))
def test_a_mistake_of_our_own_that_holds_a_key_is_told_without_it(
    app: App, home: Path, name: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    key = KEYS[name]

    def fail(*_: object) -> None:
        headers = {"authorization": f"Bearer {key}"}
        raise RuntimeError(f"cannot send {headers} {key.encode().hex()} {base64.b64encode(key.encode())!r}")

    monkeypatch.setattr(HttpProvider, "stream", fail)
    with pytest.raises(RuntimeError) as raised:
        list(app.forge.run(ForgeRequest(REQUEST, model=f"{name}/m-1"), CancelToken()))
    logging.getLogger("forgeapp.test").exception("it failed", exc_info=raised.value)
    from forgeapp.ui.crash import describe

    fault = describe(raised.value)
    assert "RuntimeError" in fault.to_text()
    if name != "in-session":
        assert cli.main(["forge", REQUEST, "--model", f"{name}/m-1", "--json"]) == 1
        assert cli.main(["providers", "test", name]) == 1
    shown = capfd.readouterr()
    assert_no_key_in(
        ("report", fault.to_text()), ("summary", fault.words), ("output", shown.out), ("notices", shown.err),
        *texts_of(home),
    )  # fmt: skip
    assert "RuntimeError" in (home / "logs" / log.FILE_NAME).read_text("utf-8")


def _key_sent(headers: dict[str, str]) -> str:
    return headers.get("x-goog-api-key") or headers.get("x-api-key") or headers["authorization"].removeprefix("Bearer ")
