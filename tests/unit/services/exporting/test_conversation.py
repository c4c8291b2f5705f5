"""What of a conversation in the ledger is exported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from forgeapp.domain.export_options import ExportOptions
from forgeapp.domain.export_request import ConversationSubject
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Values, Workbook
from forgeapp.errors import UsageError
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import Origin
from forgeapp.ledger.turns import FinishedTurn
from forgeapp.services.exporting.beginnings import MAX_ROWS
from forgeapp.services.exporting.conversation import conversation_outline
from forgeapp.services.exporting.conversation_job import Computed, filled
from forgeapp.services.exporting.conversation_parts import ConversationExport, Made, Place, Said
from tests.unit.ledger.test_repositories import new_call, settlement
from tests.unit.services.exporting.conversation_samples import BUDGET, TABLE, VALUES, answer, ask, make

Export = Callable[..., ConversationExport]

REPLY = (
    'Here it is.\n\n<artifact kind="table" title="Moons">\n| Planet | Moons |\n|---|---|\n| Mars | 2 |\n</artifact>\n'
)


def nothing(_workbook: Workbook) -> Values:
    raise AssertionError("nothing is to be computed")


@pytest.fixture(name="export")
def make_export(ledger: Ledger, tmp_path: Path) -> Export:
    def read(conversation: int, *shown: int, computed: Computed = nothing, **choices: Any) -> ConversationExport:
        subject = ConversationSubject(conversation, shown=shown)
        return filled(conversation_outline(ledger, subject, tmp_path, **choices), computed)

    return read


def test_each_message_says_who_spoke_and_when_and_what_was_made_stands_behind_its_reply(
    ledger: Ledger, export: Export
) -> None:
    conversation = ledger.conversations.start("List the moons")
    message = ask(ledger, conversation, "List the moons")
    reply = answer(ledger, message, REPLY)
    made = make(ledger, conversation, TABLE, reply)
    asked, said, table = export(conversation).parts
    assert isinstance(asked, Said)
    assert (asked.who, asked.markdown, asked.is_request) == ("You", "List the moons", True)
    assert isinstance(said, Said)
    assert (said.who, said.markdown.strip(), said.at) == (
        "acme/m",
        "Here it is.",
        ledger.conversations.message(reply).created_at,
    )
    assert table == Made(TABLE, "Moons", {}, 1, made.artifact, "acme/m")


def test_an_artifact_stands_at_each_of_its_places_as_it_was_before_the_next(ledger: Ledger, export: Export) -> None:
    conversation = ledger.conversations.start("x")
    changed, last, edited = (replace(TABLE, rows=((name, "1"),)) for name in ("Io", "Luna", "Europa"))
    first = make(ledger, conversation, TABLE, answer(ledger, ask(ledger, conversation, "a"), REPLY))
    make(ledger, conversation, edited, None, first.artifact, Origin.EDITED)
    make(ledger, conversation, changed, answer(ledger, ask(ledger, conversation, "b"), REPLY), first.artifact)
    make(ledger, conversation, last, None, first.artifact, Origin.EDITED)
    made = [part for part in export(conversation).parts if isinstance(part, Made)]
    assert [(part.version, part.content) for part in made] == [(2, edited), (4, last)]


def test_of_several_replies_the_newest_whole_one_counts_unless_another_is_shown(ledger: Ledger, export: Export) -> None:
    conversation = ledger.conversations.start("x")
    message = ask(ledger, conversation, "a")
    first = answer(ledger, message, "one")
    make(ledger, conversation, TABLE, first)
    answer(ledger, message, "two")
    answer(ledger, message, "thr", is_partial=True)
    ask(ledger, conversation, "b")

    def texts(*shown: int) -> list[str]:
        parts = export(conversation, *shown).parts
        return [part.markdown for part in parts if isinstance(part, Said)]

    assert texts() == ["a", "two", "b"]
    assert texts(first)[::2] == ["a", "b"]
    assert any(isinstance(part, Made) for part in export(conversation, first).parts)
    assert not any(isinstance(part, Made) for part in export(conversation).parts)


def test_what_was_begun_by_hand_stands_where_it_was_begun(ledger: Ledger, export: Export) -> None:
    conversation = ledger.conversations.start("x")
    ask(ledger, conversation, "before")
    opened = Table("Opened", ("a",), (("1",),))
    make(ledger, conversation, opened, origin=Origin.IMPORTED)
    parts = export(conversation).parts
    assert [part.markdown if isinstance(part, Said) else part.title for part in parts] == ["before", "Opened"]


def test_values_are_those_computed_for_each_workbook(ledger: Ledger, export: Export) -> None:
    conversation = ledger.conversations.start("x")
    make(ledger, conversation, BUDGET, answer(ledger, ask(ledger, conversation, "a"), "done"))
    parts = export(conversation, computed=lambda workbook: VALUES).parts
    assert [part.values for part in parts if isinstance(part, Made)] == [VALUES]


def test_of_the_beginning_no_more_is_read_than_is_wanted(ledger: Ledger, tmp_path: Path) -> None:
    conversation = ledger.conversations.start("x")
    made = [make(ledger, conversation, BUDGET) for _ in range(3)]
    (tmp_path / "read").mkdir()
    outline = conversation_outline(ledger, ConversationSubject(conversation), tmp_path / "read", most=2)
    assert [part.artifact for part in outline.parts if isinstance(part, Place)] == [each.artifact for each in made[:2]]
    assert len(list((tmp_path / "read").iterdir())) == 2


def test_a_beginning_holds_the_beginning_of_what_was_made(ledger: Ledger, tmp_path: Path) -> None:
    conversation = ledger.conversations.start("x")
    make(ledger, conversation, replace(TABLE, rows=tuple((str(number), "1") for number in range(MAX_ROWS + 1))))
    outline = conversation_outline(ledger, ConversationSubject(conversation), tmp_path)
    sizes = []
    for is_beginning in (False, True):
        (made,) = filled(outline, nothing, is_beginning).parts
        assert isinstance(made, Made)
        assert isinstance(made.content, Table)
        sizes.append(len(made.content.rows))
    assert sizes == [MAX_ROWS + 1, MAX_ROWS]


def test_costs_are_read_only_when_they_are_wanted(ledger: Ledger, export: Export) -> None:
    conversation = ledger.conversations.start("x")
    message = ask(ledger, conversation, "a")
    call = ledger.calls.begin(replace(new_call(), message=message, conversation=conversation))
    ledger.turns.finish(
        FinishedTurn(conversation, "yes", message, "acme/m", calls=[call], settlement=settlement(cost=7_000))
    )

    def costs(options: ExportOptions) -> list[int | None]:
        parts = export(conversation, options=options).parts
        return [part.cost_nano_usd for part in parts if isinstance(part, Said)]

    assert costs(ExportOptions()) == [None, None]
    assert costs(ExportOptions(costs=True)) == [None, 7_000]


def test_a_number_that_is_no_conversation_is_refused(ledger: Ledger, export: Export) -> None:
    with pytest.raises(UsageError):
        export(7)
