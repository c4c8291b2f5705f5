"""What is done to providers: tested, refreshed, found. Over real HTTP, with a real ledger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from forgeapp.credentials import Credentials
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.usage import UsageSource
from forgeapp.errors import (
    Cancelled,
    KeyMissing,
    KeyRejected,
    NoModel,
    ProviderFailed,
    ProviderUnreachable,
    QuotaExhausted,
    UnknownModel,
    UnknownProvider,
)
from forgeapp.ledger import Ledger
from forgeapp.ledger.calls import CallRow, CallStatus
from forgeapp.providers.local_servers import FoundServer
from forgeapp.services.asking.connections import Connections
from forgeapp.services.asking.registry import Registry
from tests.fakes.fixtures import ServeReplies, serve
from tests.fakes.provider_server import Reply

__all__ = ["serve"]


class Place:
    """A registry over a ledger of its own, with one provider 'acme'."""

    def __init__(self, folder: Path) -> None:
        self.ledger = Ledger(folder / "forgeapp.db", folder / "backups")
        self.credentials = Credentials(folder)
        self.connections = Connections(self.ledger, self.credentials, read_timeout_s=5.0)
        self.found: list[FoundServer] = []
        self.registry = Registry(
            self.ledger, self.connections, lambda text: len(text.split()), lambda _cancel: list(self.found)
        )

    def add(self, base_url: str, *models: str, name: str = "acme", prices: str = "none") -> None:
        self.ledger.providers.add(name, "openai-chat", base_url, models, None, prices)

    @property
    def call(self) -> CallRow:
        """The only one there is."""
        (call,) = self.ledger.calls.recent(9)
        return call


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    place.ledger.close()


def test_a_test_asks_the_first_model_in_use_for_one_word(place: Place, serve: ServeReplies) -> None:
    server = serve(Reply("ready", usage={"prompt_tokens": 12, "completion_tokens": 1}))
    place.add(server.base_url, "gpt-off", "gpt-4o", "gpt-4o-mini", prices="openai")
    place.ledger.providers.change_model("acme", "gpt-off", is_enabled=False)
    result = place.registry.test("acme", CancelToken())
    assert result.call == place.call
    assert (result.call.status, result.call.model) == (CallStatus.OK, "gpt-4o")
    assert result.call.cost_nano_usd == 12 * 2_500 + 1 * 10_000
    assert result.call.duration_ms >= (result.call.first_token_ms or 0) >= 0
    assert result.call.first_token_ms is not None
    assert [request.json["model"] for request in server.chats] == ["gpt-4o"]
    assert list(result.learned) == ["It lists 2 models."]
    totals, _ = place.ledger.calls.totals("purpose")
    assert [row.key for row in totals] == ["test"]


def test_another_model_is_tested_where_it_is_named(place: Place, serve: ServeReplies) -> None:
    place.add(serve(Reply("ready")).base_url, "m-1", "org/m-2")
    assert place.registry.test("acme", CancelToken(), "org/m-2").call.model == "org/m-2"


def test_a_call_without_a_usage_report_is_estimated(place: Place, serve: ServeReplies) -> None:
    place.add(serve(Reply("ready", usage={})).base_url, "m-1", prices="local")
    usage = place.registry.test("acme", CancelToken()).call.usage
    assert usage.source is UsageSource.ESTIMATED
    assert (usage.input_tokens, usage.output_tokens) == (5, 1)


def test_what_is_not_there_cannot_be_tested(place: Place, serve: ServeReplies) -> None:
    place.add(serve().base_url)
    with pytest.raises(NoModel):
        place.registry.test("acme", CancelToken())
    with pytest.raises(UnknownModel):
        place.registry.test("acme", CancelToken(), "m-9")
    with pytest.raises(UnknownProvider):
        place.registry.test("nobody", CancelToken())
    place.add("https://api.example.com/v1", "m-1", name="far")
    with pytest.raises(KeyMissing):
        place.registry.test("far", CancelToken())
    assert place.ledger.calls.recent(9) == []


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, {"error": {"message": "Incorrect API key", "code": "invalid_api_key"}}, KeyRejected),
        (429, {"error": {"message": "No credit", "code": "insufficient_quota"}}, QuotaExhausted),
    ],
)
def test_what_only_the_user_can_mend_marks_the_provider_until_it_answers(
    place: Place, serve: ServeReplies, status: int, body: dict[str, object], error: type[KeyRejected]
) -> None:
    server = serve(Reply(status=status, body=body), Reply("ready"))
    place.add(server.base_url, "m-1")
    place.credentials.set_for_session("acme", "sk-test-0123456789")
    with pytest.raises(error):
        place.registry.test("acme", CancelToken())
    row = place.ledger.providers.get("acme")
    assert row.mark == error.key
    assert row.marked_at is not None
    assert (place.call.status, place.call.error, place.call.cost_nano_usd) == (CallStatus.FAILED, error.key, 0)
    result = place.registry.test("acme", CancelToken())
    assert "It answers again: what stood against it is forgotten." in result.learned
    assert place.ledger.providers.get("acme").mark is None


def test_a_passing_failure_is_noted_and_marks_nothing(place: Place, serve: ServeReplies) -> None:
    place.add(serve(Reply(status=500)).base_url, "m-1")
    with pytest.raises(ProviderFailed):
        place.registry.test("acme", CancelToken())
    assert place.ledger.providers.get("acme").mark is None
    assert place.call.error == "provider_failed"
    place.ledger.providers.change("acme", base_url="http://127.0.0.1:9/v1")
    with pytest.raises(ProviderUnreachable):
        place.registry.test("acme", CancelToken())


def test_a_test_stopped_by_the_user_is_noted_as_stopped(place: Place, serve: ServeReplies) -> None:
    place.add(serve(Reply(stall_after=0)).base_url, "m-1")
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        place.registry.test("acme", cancel)
    assert place.call.status is CallStatus.CANCELLED


def test_a_spent_budget_does_not_keep_a_key_from_being_tested(place: Place, serve: ServeReplies) -> None:
    place.add(serve(Reply("ready")).base_url, "gpt-4o", prices="openai")
    place.ledger.budgets.set(0)
    assert place.registry.test("acme", CancelToken()).call.status is CallStatus.OK


def test_what_a_server_does_not_take_is_learned_said_and_kept(place: Place, serve: ServeReplies) -> None:
    server = serve(Reply("ready", rejects=["stream_options"]))
    place.add(server.base_url, "m-1")
    result = place.registry.test("acme", CancelToken())
    quirks = place.ledger.providers.get("acme").quirks
    assert quirks
    assert any(quirks[0] in sentence for sentence in result.learned)
    assert len(server.chats) == 2
    place.registry.test("acme", CancelToken())
    assert len(server.chats) == 3

    afresh = Connections(place.ledger, place.credentials, read_timeout_s=5.0)
    Registry(place.ledger, afresh, len, lambda _cancel: []).test("acme", CancelToken())
    assert len(server.chats) == 4


def test_another_server_at_another_address_is_asked_for_everything_again(place: Place, serve: ServeReplies) -> None:
    first, second = serve(Reply("ready", rejects=["stream_options"])), serve(Reply("ready"))
    place.add(first.base_url, "m-1")
    place.registry.test("acme", CancelToken())
    place.ledger.providers.change("acme", base_url=second.base_url)
    assert place.ledger.providers.get("acme").quirks == ()
    place.registry.test("acme", CancelToken())
    assert [("stream_options" in request.json) for request in second.chats] == [True]


def test_models_are_taken_over_as_the_provider_lists_them(place: Place, serve: ServeReplies) -> None:
    server = serve()
    place.add(server.base_url, "fake-small", "fake-gone")
    refreshed = place.registry.refresh_models("acme", CancelToken())
    assert (refreshed.added, refreshed.vanished, refreshed.returned) == (("fake-large",), ("fake-gone",), ())
    rows = place.ledger.providers.get("acme").models
    assert [(row.name, row.vanished_at is None) for row in rows] == [
        ("fake-small", True),
        ("fake-gone", False),
        ("fake-large", True),
    ]


def test_a_context_the_provider_does_not_tell_is_the_price_datas(place: Place, serve: ServeReplies) -> None:
    server = serve()
    server.models = ["gpt-4o", "no-such-model"]
    place.add(server.base_url, prices="openai")
    place.registry.refresh_models("acme", CancelToken())
    row = place.ledger.providers.get("acme")
    assert row.model("gpt-4o").context_tokens == 128_000
    assert row.model("no-such-model").context_tokens is None


def test_local_servers_set_up_already_are_not_offered(place: Place) -> None:
    ollama = FoundServer("ollama", "ollama", "http://127.0.0.1:11434", ("gemma3",))
    studio = FoundServer("lm-studio", "openai-chat", "http://127.0.0.1:1234/v1", ("qwen3",))
    place.found = [ollama, studio]
    assert place.registry.find_local(CancelToken()) == [ollama, studio]
    place.add("http://localhost:11434/v1/", "gemma3", name="mine")
    place.ledger.providers.change("mine", is_enabled=False)
    assert place.registry.find_local(CancelToken()) == [studio]
    place.registry.add_found(studio)
    assert place.registry.find_local(CancelToken()) == []


def test_a_found_server_is_free_and_ready_under_a_name_of_its_own(place: Place) -> None:
    for port in (1, 2, 3):
        url = f"http://127.0.0.1:{port}/v1"
        place.registry.add_found(FoundServer("local", "openai-chat", url, ("b", "a")))
    rows = place.ledger.providers.all()
    assert [row.name for row in rows] == ["local", "local-2", "local-3"]
    assert [(row.prices, [model.name for model in row.models]) for row in rows] == [("local", ["b", "a"])] * 3


def test_looking_for_local_servers_ends_with_stop(place: Place) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        Registry(place.ledger, place.connections, len).find_local(cancel)
