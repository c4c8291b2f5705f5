from __future__ import annotations

from itertools import permutations

import pytest

from forgeapp.domain.artifact import Kind
from forgeapp.domain.request import Parameters, Tier
from forgeapp.errors import UsageError
from forgeapp.ledger import Ledger
from forgeapp.ledger.routes import Route
from forgeapp.ledger.tables import conversations, routes


def test_a_route_comes_back_as_it_was_set(ledger: Ledger) -> None:
    route = Route("Cafe", None, Kind.TABLE, "large", Tier.PREMIUM, "acme/m-1", Parameters(0.2, 900, ("END", "###")))
    ledger.routes.set(route)
    assert ledger.routes.all() == [route]


def test_a_route_takes_the_place_of_the_one_for_the_same_tasks(ledger: Ledger) -> None:
    for model in ("acme/m-1", "acme/m-2"):
        ledger.routes.set(Route(model=model))
        ledger.routes.set(Route(kind=Kind.CODE, model=model))
        ledger.routes.set(Route("Cafe", kind=Kind.CODE, size="small", model=model))
    assert [(route.project, route.kind, route.size, route.model) for route in ledger.routes.all()] == [
        (None, None, None, "acme/m-2"),
        (None, Kind.CODE, None, "acme/m-2"),
        ("Cafe", Kind.CODE, "small", "acme/m-2"),
    ]


def test_the_most_particular_route_comes_first_whatever_the_order_they_were_set_in(ledger: Ledger) -> None:
    conversation = ledger.conversations.start("x", project="Cafe")
    other = ledger.conversations.start("y", project="Bar")
    places: list[tuple[str | None, int | None]] = [(None, conversation), ("Cafe", None), (None, None)]
    tasks: list[tuple[Kind | None, str | None]] = [
        (Kind.TABLE, "large"),
        (Kind.TABLE, None),
        (None, "large"),
        (None, None),
    ]
    wanted = [Route(*place, *task, tier=Tier.CHEAP) for place in places for task in tasks]
    for order in list(permutations(range(len(tasks))))[::5]:
        for place in places:
            for number in order:
                ledger.routes.remove(*place, *tasks[number])
                ledger.routes.set(Route(*place, *tasks[number], tier=Tier.CHEAP))
        assert ledger.routes.applying(conversation, None) == wanted
    assert ledger.routes.applying(other, "Cafe") == wanted[8:]
    assert ledger.routes.applying(None, "Cafe") == wanted[4:]
    assert ledger.routes.applying(None, "Unheard of") == wanted[8:]
    assert ledger.routes.applying(None, None) == wanted[8:]


def test_a_route_is_removed_by_its_place_and_tasks_alone(ledger: Ledger) -> None:
    for route in (Route(kind=Kind.CODE), Route(), Route("Cafe", kind=Kind.CODE)):
        ledger.routes.set(route)
    ledger.routes.remove(None, None, Kind.CODE, None)
    ledger.routes.remove(None, None, Kind.TABLE, None)
    ledger.routes.remove("Unheard of", None, None, None)
    assert ledger.routes.all() == [Route(), Route("Cafe", kind=Kind.CODE)]


def test_a_route_for_a_conversation_that_is_not_there_is_refused(ledger: Ledger) -> None:
    with pytest.raises(UsageError, match="no conversation 9"):
        ledger.routes.set(Route(conversation=9))
    assert ledger.routes.all() == []


def test_the_routes_of_a_conversation_go_with_it(ledger: Ledger) -> None:
    conversation = ledger.conversations.start("x")
    ledger.routes.set(Route(conversation=conversation, tier=Tier.PREMIUM))
    with ledger.database.writing() as connection:
        connection.execute(conversations.delete())
    assert ledger.routes.all() == []


def test_what_another_program_wrote_into_a_route_is_read_with_care(ledger: Ledger) -> None:
    with ledger.database.writing() as connection:
        connection.execute(routes.insert().values(kind="hologram"))
        connection.execute(routes.insert().values(tier="golden", stop_json='{"a": 1}'))
        connection.execute(routes.insert().values(size="small", stop_json='["x", 3]'))
        connection.execute(routes.insert().values(size="large", stop_json="[" * 100_000))
    assert ledger.routes.applying(None, None) == [
        Route(size="small", parameters=Parameters(stop=("x",))),
        Route(size="large"),
        Route(),
    ]
