"""Providers opened, priced and checked."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from forgeapp.credentials import Credentials
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.chat import Message, Prompt, Provider, Role
from forgeapp.domain.usage import Usage
from forgeapp.errors import KeyMissing, StorageError, UsageError
from forgeapp.ledger import Ledger
from forgeapp.ledger.providers import ModelRow, ProviderRow
from forgeapp.services.asking.connections import Connections
from tests.fakes.fixtures import ServeReplies, serve
from tests.fakes.provider_server import Reply

__all__ = ["serve"]

MESSAGES = (Message(Role.USER, "hello"),)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "forgeapp.db", tmp_path / "backups")
    yield ledger
    ledger.close()


@pytest.fixture
def connections(ledger: Ledger, tmp_path: Path) -> Connections:
    return Connections(ledger, Credentials(tmp_path), read_timeout_s=5.0)


def add(ledger: Ledger, base_url: str, prices: str = "none") -> ProviderRow:
    ledger.providers.add("acme", "openai-chat", base_url, ("m-1", "gpt-4o"), None, prices)
    return ledger.providers.get("acme")


def ask(provider: Provider) -> None:
    list(provider.stream(Prompt("m-1", MESSAGES), CancelToken()))


def test_what_one_call_learns_of_a_server_all_others_know(
    ledger: Ledger, connections: Connections, serve: ServeReplies
) -> None:
    server = serve(Reply(rejects=["stream_options"]))
    row = add(ledger, server.base_url)
    opened_before = connections.connect(row)
    ask(connections.connect(row))
    assert len(server.chats) == 2
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ask, [opened_before, *(connections.connect(row) for _ in range(3))]))
    assert len(server.chats) == 2 + 4
    assert len(ledger.providers.get("acme").quirks) == 1


def test_a_full_disk_keeps_nobody_from_learning(
    ledger: Ledger, connections: Connections, serve: ServeReplies, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(name: str, quirks: tuple[str, ...]) -> None:
        raise StorageError(path="forgeapp.db", reason="the disk is full")

    monkeypatch.setattr(ledger.providers, "learn_quirks", fail)
    server = serve(Reply(rejects=["stream_options"]))
    row = add(ledger, server.base_url)
    ask(connections.connect(row))
    ask(connections.connect(row))
    assert len(server.chats) == 3


def test_a_provider_removed_meanwhile_learns_without_harm(
    ledger: Ledger, connections: Connections, serve: ServeReplies
) -> None:
    server = serve(Reply(rejects=["stream_options"]))
    provider = connections.connect(add(ledger, server.base_url))
    ledger.providers.remove("acme")
    ask(provider)
    assert ledger.providers.all() == []


def test_a_key_that_is_missing_is_named_by_its_variable(ledger: Ledger, connections: Connections) -> None:
    row = add(ledger, "https://api.example.com/v1")
    assert connections.lacks_key(row)
    with pytest.raises(KeyMissing, match="acme") as caught:
        connections.connect(row)
    assert "ACME_API_KEY" in caught.value.hint


def test_the_users_own_price_wins_for_costs_and_for_the_most(ledger: Ledger, connections: Connections) -> None:
    row = add(ledger, "https://api.openai.com/v1", "openai")
    own = ModelRow("gpt-4o", "1", "2")
    assert connections.price(row, own, Usage(1_000, 100)) == (1_000 * 1_000 + 100 * 2_000, "own")
    listed, version = connections.price(row, ModelRow("gpt-4o"), Usage(1_000, 100))
    assert listed == 1_000 * 2_500 + 100 * 10_000
    assert (version or "").startswith("genai-prices ")
    most_own = connections.most_cost(row, own, MESSAGES, 100)
    most_listed = connections.most_cost(row, ModelRow("gpt-4o"), MESSAGES, 100)
    assert most_own is not None
    assert most_listed is not None
    assert 100 * 2_000 < most_own < most_listed
    assert connections.most_cost(row, ModelRow("m-1"), MESSAGES, 100) is None


@pytest.mark.parametrize(
    ("dialect", "base_url", "prices"),
    [
        ("openai-chat", "https://openrouter.ai/api/v1", "openrouter"),
        ("openai-chat", "https://api.openai.com/v1/", "openai"),
        ("openai-chat", "http://gpu:8000/v1", "openai"),
        ("anthropic", "http://gpu:8000", "anthropic"),
        ("gemini", "http://gpu:8000", "google"),
        ("ollama", "http://gpu:11434", "local"),
    ],
)
def test_prices_are_those_of_the_address_s_vendor_else_of_the_dialect_s(
    connections: Connections, dialect: str, base_url: str, prices: str
) -> None:
    assert connections.usual_prices(dialect, base_url) == prices


def test_prices_nobody_publishes_are_refused_with_those_there_are(connections: Connections) -> None:
    connections.check_prices("local")
    with pytest.raises(UsageError, match="openrouter"):
        connections.check_prices("opanai")


def test_a_server_that_turns_out_to_ask_for_a_key_names_the_variable_it_was_given(
    ledger: Ledger, connections: Connections, serve: ServeReplies
) -> None:
    row = add(ledger, serve(Reply(status=401, body={"error": {"message": "no key"}})).base_url)
    with pytest.raises(KeyMissing) as by_name:
        ask(connections.connect(row))
    ledger.providers.change("acme", key_env="WORK_KEY")
    with pytest.raises(KeyMissing) as as_given:
        ask(connections.connect(ledger.providers.get("acme")))
    assert by_name.value.hint.endswith("the environment variable ACME_API_KEY.")
    assert as_given.value.hint.endswith("the environment variable WORK_KEY.")
