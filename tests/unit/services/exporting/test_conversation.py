"""What of a conversation in the ledger is exported."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forgeapp.domain.export_options import ExportOptions
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Values, Workbook
from forgeapp.errors import UsageError
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import Origin
from forgeapp.ledger.turns import FinishedTurn
from forgeapp.services.exporting.conversation import conversation_export
from forgeapp.services.exporting.conversation_job import Made, Said
from tests.unit.ledger.test_repositories import new_call, settlement
from tests.unit.services.exporting.conversation_samples import BUDGET, TABLE, VALUES, answer, ask, make

REPLY = (
    'Here it is.\n\n<artifact kind="table" title="Moons">\n| Planet | Moons |\n|---|---|\n| Mars | 2 |\n</artifact>\n'
)


def nothing(_workbook: Workbook) -> Values:
    raise AssertionError("nothing is to be computed")


def test_each_message_says_who_spoke_and_when_and_what_was_made_stands_behind_its_reply(ledger: Ledger) -> None:
    conversation = ledger.conversations.start("List the moons")
    message = ask(ledger, conversation, "List the moons")
    reply = answer(ledger, message, REPLY)
    made = make(ledger, conversation, TABLE, reply)
    asked, said, table = conversation_export(ledger, conversation, nothing).parts
    assert isinstance(asked, Said)
    assert (asked.who, asked.markdown, asked.is_request) == ("You", "List the moons", True)
    assert isinstance(said, Said)
    assert (said.who, said.markdown.strip(), said.at) == (
        "acme/m",
        "Here it is.",
        ledger.conversations.message(reply).created_at,
    )
    assert table == Made(TABLE, "Moons", {}, 1, made.artifact, "acme/m")


def test_an_artifact_stands_at_each_of_its_places_as_it_was_before_the_next(ledger: Ledger) -> None:
    conversation = ledger.conversations.start("x")
    changed, last, edited = (replace(TABLE, rows=((name, "1"),)) for name in ("Io", "Luna", "Europa"))
    first = make(ledger, conversation, TABLE, answer(ledger, ask(ledger, conversation, "a"), REPLY))
    make(ledger, conversation, edited, None, first.artifact, Origin.EDITED)
    make(ledger, conversation, changed, answer(ledger, ask(ledger, conversation, "b"), REPLY), first.artifact)
    make(ledger, conversation, last, None, first.artifact, Origin.EDITED)
    made = [part for part in conversation_export(ledger, conversation, nothing).parts if isinstance(part, Made)]
    assert [(part.version, part.content) for part in made] == [(2, edited), (4, last)]


def test_of_several_replies_the_newest_whole_one_counts_unless_another_is_shown(ledger: Ledger) -> None:
    conversation = ledger.conversations.start("x")
    message = ask(ledger, conversation, "a")
    first = answer(ledger, message, "one")
    make(ledger, conversation, TABLE, first)
    answer(ledger, message, "two")
    answer(ledger, message, "thr", is_partial=True)
    ask(ledger, conversation, "b")

    def texts(*shown: int) -> list[str]:
        parts = conversation_export(ledger, conversation, nothing, shown=shown).parts
        return [part.markdown for part in parts if isinstance(part, Said)]

    assert texts() == ["a", "two", "b"]
    assert texts(first)[::2] == ["a", "b"]
    assert any(
        isinstance(part, Made) for part in conversation_export(ledger, conversation, nothing, shown=[first]).parts
    )
    assert not any(isinstance(part, Made) for part in conversation_export(ledger, conversation, nothing).parts)


def test_what_was_begun_by_hand_stands_where_it_was_begun(ledger: Ledger) -> None:
    conversation = ledger.conversations.start("x")
    ask(ledger, conversation, "before")
    opened = Table("Opened", ("a",), (("1",),))
    make(ledger, conversation, opened, origin=Origin.IMPORTED)
    parts = conversation_export(ledger, conversation, nothing).parts
    assert [part.markdown if isinstance(part, Said) else part.title for part in parts] == ["before", "Opened"]


def test_values_are_those_computed_for_each_workbook(ledger: Ledger) -> None:
    conversation = ledger.conversations.start("x")
    make(ledger, conversation, BUDGET, answer(ledger, ask(ledger, conversation, "a"), "done"))
    parts = conversation_export(ledger, conversation, lambda workbook: VALUES).parts
    assert [part.values for part in parts if isinstance(part, Made)] == [VALUES]


def test_of_the_beginning_no_more_is_computed_than_is_wanted(ledger: Ledger) -> None:
    conversation = ledger.conversations.start("x")
    for _ in range(3):
        make(ledger, conversation, BUDGET)
    computed: list[Workbook] = []

    def note(workbook: Workbook) -> Values:
        computed.append(workbook)
        return VALUES

    assert len(conversation_export(ledger, conversation, note, most=2).parts) == 2
    assert len(computed) == 2


def test_costs_are_read_only_when_they_are_wanted(ledger: Ledger) -> None:
    conversation = ledger.conversations.start("x")
    message = ask(ledger, conversation, "a")
    call = ledger.calls.begin(replace(new_call(), message=message, conversation=conversation))
    ledger.turns.finish(
        FinishedTurn(conversation, "yes", message, "acme/m", calls=[call], settlement=settlement(cost=7_000))
    )

    def costs(options: ExportOptions) -> list[int | None]:
        parts = conversation_export(ledger, conversation, nothing, options).parts
        return [part.cost_nano_usd for part in parts if isinstance(part, Said)]

    assert costs(ExportOptions()) == [None, None]
    assert costs(ExportOptions(costs=True)) == [None, 7_000]


def test_a_number_that_is_no_conversation_is_refused(ledger: Ledger) -> None:
    with pytest.raises(UsageError):
        conversation_export(ledger, 7, nothing)
