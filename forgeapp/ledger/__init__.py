"""The local database: calls and their cost, conversations, artifacts, versions. The only SQLAlchemy.

What is deliberately not here: no object of SQLAlchemy's leaves this room; each method is one short transaction and
gives plain frozen values.
"""

from __future__ import annotations

from pathlib import Path

from forgeapp.ledger.artifacts import Artifacts
from forgeapp.ledger.budgets import Budgets
from forgeapp.ledger.calls import Calls
from forgeapp.ledger.conversations import Conversations
from forgeapp.ledger.database import Database
from forgeapp.ledger.drafts import Drafts
from forgeapp.ledger.events import Events
from forgeapp.ledger.exports import Exports
from forgeapp.ledger.kept_replies import KeptReplies
from forgeapp.ledger.proposals import Proposals
from forgeapp.ledger.providers import Providers
from forgeapp.ledger.replies import Replies
from forgeapp.ledger.reports import Reports
from forgeapp.ledger.routes import Routes
from forgeapp.ledger.sources import Sources
from forgeapp.ledger.turns import Turns


class Ledger:
    """One database file, by noun. Raises DatabaseDamaged, DatabaseTooNew, StorageError when opened."""

    def __init__(self, path: Path, backups: Path) -> None:
        self.database = Database(path, backups)
        self.conversations = Conversations(self.database)
        self.drafts = Drafts(self.database)
        self.artifacts = Artifacts(self.database)
        self.proposals = Proposals(self.database)
        self.sources = Sources(self.database)
        self.calls = Calls(self.database)
        self.kept_replies = KeptReplies(self.database)
        self.replies = Replies(self.database)
        self.budgets = Budgets(self.database)
        self.exports = Exports(self.database)
        self.events = Events(self.database)
        self.providers = Providers(self.database)
        self.routes = Routes(self.database)
        self.reports = Reports(self.database)
        self.turns = Turns(self.database)

    def close(self) -> None:
        self.database.close()
