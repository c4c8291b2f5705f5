"""A conversation of every kind, in a ledger and as a child is given it."""

from __future__ import annotations

from forgeapp.domain.chat import Role
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, Sheet, Values, Workbook
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import NewVersion, Origin, StoredVersion
from forgeapp.services.exporting.conversation_parts import ConversationExport, Made, Said

TABLE = Table("Moons", ("Planet", "Moons"), (("Mars", "2"), ("Venus", "0")))
LETTER = Document("Letter", "# Letter\n\nDear all.[^1]\n\n## Terms\n\nNone.\n\n[^1]: Really.")
BUDGET = Workbook(
    "Budget",
    (Sheet("Budget", {(0, 0): Cell("Rent"), (0, 1): Cell("850", 850), (1, 0): Cell("Twice"), (1, 1): Cell("=B1*2")}),),
)
VALUES: Values = {"Budget": {(1, 1): 1700}}
CODE = Code("Tool", (CodeFile("src/main.py", "python", "print('ü')\n"), CodeFile("../notes.txt", "", "x")))

REPLY = "# Here\n\nThey are, **all**.[^1]\n\n[^1]: Of two."
REQUEST = "A letter please, of the usual length.\n\n# not a heading\n  indented"

EXPORT = ConversationExport(
    "Planets & more",
    (
        Said("You", "2026-11-20T09:00:00.000Z", "List the moons", is_request=True),
        Said("acme/m", "2026-11-20T09:00:05.000Z", REPLY, cost_nano_usd=3_100_000),
        Made(TABLE, "Moons", {}, 2, 1, "acme/m"),
        Said("You", "2026-11-21T09:00:00.000Z", REQUEST, is_request=True),
        Said("acme/m", "2026-11-21T09:00:05.000Z", "", is_partial=True),
        Made(LETTER, "Letter", {}, 1, 2, "acme/m"),
        Made(BUDGET, "Letter", VALUES, 1, 3),
        Made(CODE, "a/b: tool", {}, 1, 4),
    ),
    at="2026-11-21T09:00:05.000Z",
)


def ask(ledger: Ledger, conversation: int, text: str) -> int:
    return ledger.conversations.add_message(conversation, Role.USER, text)


def answer(ledger: Ledger, message: int, text: str, is_partial: bool = False) -> int:
    return ledger.conversations.add_message(
        ledger.conversations.message(message).conversation,
        Role.ASSISTANT,
        text,
        model="acme/m",
        reply_to=message,
        is_partial=is_partial,
    )


def make(
    ledger: Ledger,
    conversation: int,
    content: Content,
    message: int | None = None,
    artifact: int | None = None,
    origin: Origin = Origin.GENERATED,
) -> StoredVersion:
    new = NewVersion(content, origin, content.title or "x", artifact, conversation, message)
    return ledger.artifacts.add(new)
