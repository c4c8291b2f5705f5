from __future__ import annotations

import pytest

from forgeapp.domain.artifact import Kind
from forgeapp.domain.request import ForgeRequest, Mode, Parameters, Tier
from forgeapp.errors import UnknownModel, UnknownProvider, UsageError
from forgeapp.ledger import Ledger
from forgeapp.ledger.routes import Route
from forgeapp.services.asking.routing import Router, Task

SMALL, LARGE = 100, 5_000


@pytest.fixture
def ledger_with_models(ledger: Ledger) -> Ledger:
    ledger.providers.add("north", "openai-chat", "https://n", ("quick", "clever", "old"), None, "openai")
    ledger.providers.add("south", "openai-chat", "https://s", ("only",), None, "openai")
    ledger.providers.add("home", "ollama", "http://127.0.0.1:1", ("small",), None, "local")
    ledger.providers.change_model("north", "quick", tier=Tier.CHEAP)
    ledger.providers.change_model("north", "clever", tier=Tier.PREMIUM)
    return ledger


@pytest.fixture
def router(ledger_with_models: Ledger) -> Router:
    return Router(ledger_with_models, 1_000, lambda: ["south"])


def names(router: Router, request: ForgeRequest, task: Task, **options: bool) -> list[str]:
    return [candidate.name for candidate in router.candidates(request, task, **options)]


def ask(router: Router, kind: Kind | None = None, tokens: int = SMALL, **request: object) -> list[str]:
    return names(router, ForgeRequest("x", **request), Task(kind, None, tokens))  # type: ignore[arg-type]


def test_each_provider_s_cheap_model_is_asked_in_the_user_s_order(router: Router) -> None:
    assert ask(router) == ["north/quick", "south/only", "home/small"]


@pytest.mark.parametrize(
    ("kind", "tokens", "first"),
    [
        (Kind.SPREADSHEET, LARGE, "north/clever"),
        (Kind.CODE, LARGE, "north/clever"),
        (Kind.CODE, SMALL, "north/quick"),
        (Kind.DOCUMENT, LARGE, "north/quick"),
        (None, LARGE, "north/quick"),
    ],
)
def test_a_large_task_that_is_calculated_or_run_goes_to_the_premium_model(
    router: Router, kind: Kind | None, tokens: int, first: str
) -> None:
    assert ask(router, kind, tokens)[0] == first


def test_a_route_for_a_kind_and_size_wins_over_our_own_rule(router: Router, ledger_with_models: Ledger) -> None:
    ledger_with_models.routes.set(Route(kind=Kind.DOCUMENT, size="large", tier=Tier.PREMIUM))
    assert ask(router, Kind.DOCUMENT, LARGE)[0] == "north/clever"
    assert ask(router, Kind.DOCUMENT, SMALL)[0] == "north/quick"


def test_conversation_goes_over_project_over_everywhere(router: Router, ledger_with_models: Ledger) -> None:
    ledger = ledger_with_models
    conversation = ledger.conversations.start("hello", "Bakery")
    ledger.routes.set(Route(tier=Tier.PREMIUM))
    assert names(router, ForgeRequest("x"), Task(None, conversation, SMALL))[0] == "north/clever"
    ledger.routes.set(Route(project="Bakery", model="south/only"))
    assert names(router, ForgeRequest("x"), Task(None, conversation, SMALL))[0] == "south/only"
    ledger.routes.set(Route(conversation=conversation, tier=Tier.CHEAP))
    assert names(router, ForgeRequest("x"), Task(None, conversation, SMALL))[0] == "north/quick"
    assert names(router, ForgeRequest("x", tier=Tier.PREMIUM), Task(None, conversation, SMALL))[0] == "north/clever"


def test_a_model_named_by_a_route_is_asked_first_and_others_may_take_over(
    router: Router, ledger_with_models: Ledger
) -> None:
    ledger_with_models.routes.set(Route(kind=Kind.TABLE, model="home/small"))
    assert ask(router, Kind.TABLE) == ["home/small", "north/quick", "south/only"]


def test_a_model_named_for_a_message_is_asked_alone(router: Router) -> None:
    assert ask(router, model="north/old") == ["north/old"]


def test_models_that_are_off_or_gone_are_not_asked(router: Router, ledger_with_models: Ledger) -> None:
    ledger_with_models.providers.change_model("north", "quick", is_enabled=False)
    ledger_with_models.providers.take_models("south", [])
    assert ask(router) == ["north/clever", "home/small"]


def test_in_each_mode_only_those_it_means_are_asked(router: Router) -> None:
    assert ask(router, mode=Mode.LOCAL) == ["home/small"]
    assert ask(router, mode=Mode.APP_KEY) == ["south/only"]
    assert ask(router, mode=Mode.TEMPLATES) == []
    with pytest.raises(UsageError):
        ask(router, mode=Mode.LOCAL, model="north/quick")
    with pytest.raises(UsageError):
        ask(router, mode=Mode.APP_KEY, model="north/quick")


def test_what_is_named_and_not_there_is_said_before_anything_is_stored(router: Router) -> None:
    for model, error in (("nobody/x", UnknownProvider), ("north/x", UnknownModel), ("north", UsageError)):
        with pytest.raises(error):
            router.check(ForgeRequest("x", model=model))


def test_to_choose_from_every_model_stands_behind_those_that_would_be_asked(router: Router) -> None:
    shown = names(router, ForgeRequest("x"), Task(None, None, SMALL), every_model=True)
    assert shown == ["north/quick", "south/only", "home/small", "north/clever", "north/old"]


def test_parameters_of_the_message_go_over_the_route_s_over_the_model_s(
    router: Router, ledger_with_models: Ledger
) -> None:
    ledger_with_models.providers.change_model("north", "quick", temperature=0.1, output_tokens=10, stop=("A",))
    ledger_with_models.routes.set(Route(kind=Kind.TABLE, parameters=Parameters(0.2, 20)))
    ledger_with_models.routes.set(Route(parameters=Parameters(0.9, None, ("B",))))
    request = ForgeRequest("x", parameters=Parameters(temperature=0.3))
    first = router.candidates(request, Task(Kind.TABLE, None, SMALL))[0]
    assert first.parameters == Parameters(0.3, 20, ("B",))


def test_for_what_is_too_long_the_smallest_model_that_holds_it_is_offered(
    router: Router, ledger_with_models: Ledger
) -> None:
    for name, tokens in (("quick", 8_000), ("clever", 200_000), ("old", 64_000)):
        ledger_with_models.providers.change_model("north", name, context_tokens=tokens)
    task = Task(None, None, 50_000)
    larger = router.larger(50_000, ForgeRequest("x", model="north/quick"), task)
    assert larger is not None
    assert larger.name == "north/old"
    assert router.larger(500_000, ForgeRequest("x"), task) is None
