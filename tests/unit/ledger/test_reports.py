from __future__ import annotations

import pytest

from forgeapp.domain.chat import Role
from forgeapp.errors import UnknownReport
from forgeapp.ledger import Ledger
from forgeapp.ledger.reports import ReportRow
from forgeapp.ledger.tables import conversations


def test_a_report_is_kept_with_where_it_was_asked(ledger: Ledger) -> None:
    conversation = ledger.conversations.start("x")
    message = ledger.conversations.add_message(conversation, Role.USER, "a table, please")
    report = ledger.reports.add(conversation, message, "a table, please", "# Nobody answered")
    row = ledger.reports.get(report)
    assert row == ReportRow(
        report, conversation, message, "a table, please", "# Nobody answered", created_at=row.created_at
    )


def test_reports_are_listed_newest_first_up_to_a_limit(ledger: Ledger) -> None:
    numbers = [ledger.reports.add(None, None, f"task {number}", "#") for number in range(5)]
    assert [row.id for row in ledger.reports.all()] == numbers[::-1]
    assert [row.task for row in ledger.reports.all(limit=2)] == ["task 4", "task 3"]


def test_a_report_outlives_its_conversation(ledger: Ledger) -> None:
    conversation = ledger.conversations.start("x")
    message = ledger.conversations.add_message(conversation, Role.USER, "hi")
    report = ledger.reports.add(conversation, message, "hi", "#")
    with ledger.database.writing() as connection:
        connection.execute(conversations.delete())
    row = ledger.reports.get(report)
    assert (row.conversation, row.message, row.task) == (None, None, "hi")


def test_a_report_that_is_removed_or_never_was_is_told(ledger: Ledger) -> None:
    report = ledger.reports.add(None, None, "half a character: \ud800", "#")
    assert ledger.reports.get(report).task == "half a character: \ufffd"
    ledger.reports.remove(report)
    for act in (ledger.reports.get, ledger.reports.remove):
        with pytest.raises(UnknownReport, match=f"There is no failure report {report}"):
            act(report)
