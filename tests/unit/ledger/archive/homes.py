"""Ledgers to be archived: a rich one, and what stands in any of them as plain rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import select

from forgeapp.domain.artifact import Kind
from forgeapp.domain.chat import Role
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.document import Document
from forgeapp.domain.export_request import ArtifactSubject, ConversationSubject, ExportRequest
from forgeapp.domain.request import Parameters
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, Sheet, Workbook
from forgeapp.ledger import Ledger
from forgeapp.ledger.archive.sections import OF_A_PROCESS, SECTIONS
from forgeapp.ledger.artifacts import NewVersion, Origin
from forgeapp.ledger.calls import CallStatus
from forgeapp.ledger.exports import ExportStatus
from forgeapp.ledger.proposals import NewProposal
from forgeapp.ledger.routes import Route
from forgeapp.ledger.turns import FinishedTurn
from forgeapp.services.handwork import Handwork
from tests.fakes.drawn import drawn, file_of, image_of
from tests.unit.ledger.test_repositories import new_call, settlement

TELLING = 'Größe 漢字 \u05e9\u05dc\u05d5\u05dd 🙂\t"quoted" \\ \u2028 \u0000 end'
NO_BREAK = "漢" * 40_000
"""Its chunks are cut in the middle of characters."""
CENT = 10_000_000


def fill(ledger: Ledger, name: str = "ACME") -> None:
    """Conversations with branches, artifacts of every kind, proposals, money, exports, and what refers to them."""
    conversation = ledger.conversations.start(f"Prices of {name}", project=name)
    asked = ledger.conversations.add_message(conversation, Role.USER, TELLING)
    first = _answered(ledger, conversation, asked, Document("Offer", f"# {name}\n\n{TELLING}"), None)
    again = _answered(ledger, conversation, asked, Document("Offer", f"# {name}\n\nAnother"), first)
    for content in (
        Table("T", ("a", "b"), (("1", TELLING), ("", "x"))),
        Workbook("W", (Sheet("S", {(1, 1): Cell("=1+1"), (2, 1): Cell("2", 2.0, "0.00")}),)),
        Code("C", (CodeFile("main.py", "python", "print('ü')\n"), CodeFile("LICENSE", "text", ""))),
        image_of(file_of(drawn(), "PNG"), "I"),
        Document("Long", NO_BREAK),
    ):
        ledger.artifacts.add(NewVersion(content, Origin.IMPORTED, content.title or "", conversation=conversation))
    ledger.artifacts.label(first, 1, "as sent")
    ledger.artifacts.restore(first, 1)
    handwork = Handwork(ledger)
    loose = handwork.save_as(ledger.artifacts.version(first), None, "A copy")
    handwork.save_as_source(loose, "Kept")
    handwork.keep_reply(asked, "Words")
    ledger.sources.add("Note", TELLING, {"file": "note.txt"}, project=name)
    proposal = NewProposal(first, 3, Document("Offer", "Shorter"), "Offer", provenance={"message": asked})
    ledger.turns.finish(FinishedTurn(conversation, "shorter", asked, "m-1", proposals=[proposal]))
    failed = ledger.calls.begin(new_call(conversation=conversation, message=asked))
    ledger.calls.settle(failed, settlement(None, CallStatus.FAILED, ""))
    ledger.calls.settle(ledger.calls.begin(new_call(project=f"{name} aside")), settlement(CENT))
    ledger.calls.append(ledger.calls.begin(new_call(conversation=conversation)), "still arriving")
    ledger.drafts.save(conversation, "not sent yet")
    ledger.drafts.save(None, "nor this")
    ledger.budgets.set(5 * CENT, project=name)
    ledger.budgets.set(500 * CENT)
    ledger.routes.set(Route(project=name, kind=Kind.TABLE, parameters=Parameters(0.25, 100, ("END",))))
    ledger.routes.set(Route(conversation=conversation, model="openai/m"))
    ledger.reports.add(conversation, asked, "task", "# Nobody answered")
    ledger.events.record("artifact_created", artifact=again, kind="document")
    ledger.events.record("gatekeeper_corrected", message=asked, answer="chat")
    done = ledger.exports.enqueue(ExportRequest(ArtifactSubject(first, 1), Path("/there/offer.pdf")), "Offer")
    ledger.exports.claim(done)
    ledger.exports.complete(done, 1_000, 20, ("a warning",))
    lost = ledger.exports.enqueue(
        ExportRequest(ConversationSubject(conversation, (asked,)), Path("/there/c.md")), "Chat"
    )
    ledger.exports.fail(lost, ExportStatus.FAILED, "export_failed", "The disk was full.")
    ledger.exports.enqueue(ExportRequest(ArtifactSubject(first, 2), Path("/there/waits.pdf")), "Offer")
    ledger.conversations.start("Nothing was said")


def _answered(ledger: Ledger, conversation: int, asked: int, content: Document, artifact: int | None) -> int:
    call = ledger.calls.begin(new_call(conversation=conversation, message=asked, cache_key="k"))
    version = NewVersion(
        content,
        Origin.GENERATED if artifact is None else Origin.REVISED,
        "Offer",
        artifact,
        conversation,
        provenance={"request": "prices", "call": call, "earlier_replies": [asked]},
    )
    turn = FinishedTurn(
        conversation, TELLING, asked, "m-1", versions=[version], calls=[call], settlement=settlement(CENT)
    )
    return ledger.turns.finish(turn).versions[0].artifact


def rows_of(ledger: Ledger) -> dict[str, list[dict[str, Any]]]:
    """What an archive of it is to hold, by table, as the database has it."""
    found: dict[str, list[dict[str, Any]]] = {}
    with ledger.database.reading() as connection:
        for table in SECTIONS:
            query = select(table).order_by(table.c.id)
            if table.name == "calls":
                query = query.where(table.c.status != "running")
            if table.name == "exports":
                query = query.where(table.c.status != "queued")
            kept = [dict(row._mapping) for row in connection.execute(query)]
            hidden = OF_A_PROCESS.get(table.name, frozenset()) | ({"is_cleared"} if table.name == "exports" else set())
            found[table.name] = [{key: row[key] for key in row if key not in hidden} for row in kept]
    return found
