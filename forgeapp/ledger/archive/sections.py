"""What of the database goes into an archive: every table but those that are left out, every column but a process's own.

Both follow from `tables`: a new column goes along by itself, and for a new table that stands in no list a test fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Table

from forgeapp.ledger.calls import SETTLED
from forgeapp.ledger.exports import ExportStatus
from forgeapp.ledger.tables import calls, chunks, contents, exports, metadata

LEFT_OUT: Final = {
    "journal": "replies that are arriving belong to the process they arrive at",
    "providers": "which address is given which key is decided on each machine, never by a file",
    "models": "goes with its provider",
    "seeds": "says what the program itself has put into this database",
}
"""Tables that are in no archive, and why."""

OF_A_PROCESS: Final[Mapping[str, frozenset[str]]] = {
    "calls": frozenset({"owner", "reserved_nano_usd", "lease_until"}),
    "exports": frozenset({"owner", "mark", "may_replace_json"}),
}
"""Columns that mean nothing once the process has ended, or elsewhere than on its machine: no file may say what is to be
replaced here."""

DERIVED: Final[Mapping[str, frozenset[str]]] = {
    "contents": frozenset({"digest"}),
    "chunks": frozenset({"digest", "data"}),
}
"""Columns that are worked out anew from what stands in the archive."""

REFERENCES: Final[Mapping[tuple[str, str], Mapping[str, str]]] = {
    ("versions", "provenance_json"): {
        "call": "calls",
        "message": "messages",
        "from_artifact": "artifacts",
        "earlier_replies": "messages",
    },
    ("proposals", "provenance_json"): {
        "call": "calls",
        "message": "messages",
        "from_artifact": "artifacts",
        "earlier_replies": "messages",
    },
    ("sources", "origin_json"): {"artifact": "artifacts", "message": "messages"},
    ("events", "data_json"): {"artifact": "artifacts", "conversation": "conversations", "message": "messages"},
    ("exports", "options_json"): {"shown": "messages"},
}
"""Ids that stand within JSON: by table and column the names they have there, and the table they are of."""

SECTIONS: Final[tuple[Table, ...]] = tuple(
    sorted(
        (table for table in metadata.sorted_tables if table.name not in LEFT_OUT),
        key=lambda table: any(section == table.name for section, _ in REFERENCES),
    )
)
"""In the order in which they are written and read: a row stands behind those it refers to."""

LISTS: Final = frozenset({"earlier_replies", "shown"})
"""Of those names the ones that stand for several ids."""

_FINISHED: Final[Mapping[str, ColumnElement[bool]]] = {
    calls.name: SETTLED,
    exports.name: exports.c.status.in_([status.value for status in ExportStatus if status.is_ended]),
}


def archived_columns(table: Table) -> list[str]:
    """Those that stand in a row of an archive, besides what a chunk holds."""
    left_out = OF_A_PROCESS.get(table.name, frozenset()) | DERIVED.get(table.name, frozenset())
    return [column.name for column in table.columns if column.name not in left_out]


def is_archived(table: Table) -> ColumnElement[bool] | None:
    """Which rows go along, None for all: what still runs belongs to its process."""
    return _FINISHED.get(table.name)


def table_of(section: str) -> Table:
    """Raises KeyError for what is no section."""
    return _BY_NAME[section]


_BY_NAME: Final[dict[str, Table]] = {table.name: table for table in SECTIONS}
assert SECTIONS.index(chunks) < SECTIONS.index(contents)

Row = dict[str, Any]
"""A row as JSON has it: texts, numbers, booleans, None; of a content a list of its chunks' ids."""
