"""Versions: a thousand of a document of 1 MB in the ledger, beside one file of each."""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path

from forgeapp.domain.document import Document
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import NewVersion, Origin
from forgeapp.services.comparing import compare

_BYTES = 1_000_000
_VERSIONS = 1_000


def main() -> None:
    chance = random.Random(1)
    words = ["".join(chance.choices("abcdefghijklmnop", k=6)) for _ in range(5_000)]
    lines = [" ".join(chance.choices(words, k=11)) for _ in range(_BYTES // 77)]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        ledger = Ledger(home / "forgeapp.db", home / "backups")
        first = ledger.artifacts.add(NewVersion(Document("Long", "\n".join(lines)), Origin.GENERATED, "Long"))
        once = _bytes(ledger)
        started = time.perf_counter()
        for number in range(1, _VERSIONS):
            lines[chance.randrange(len(lines))] += f" edit {number}"
            document = Document("Long", "\n".join(lines))
            ledger.artifacts.add(NewVersion(document, Origin.EDITED, "Long", artifact=first.artifact))
        stored_s = (time.perf_counter() - started) / (_VERSIONS - 1)
        whole = _VERSIONS * len("\n".join(lines))
        kept = _bytes(ledger)
        started = time.perf_counter()
        newest = ledger.artifacts.version(first.artifact)
        read_s = time.perf_counter() - started
        started = time.perf_counter()
        hunks = compare(first.content, newest.content).hunks
        compared_s = time.perf_counter() - started
        print(f"{_VERSIONS} versions of {_BYTES / 1e6:.0f} MB, an edit each: {kept / 1e6:.1f} MB", end=" ")
        print(f"(one {once / 1e6:.1f} MB, files {whole / 1e6:.0f} MB: {kept / whole:.4f} of them)")
        print(f"stored {stored_s * 1e3:.0f} ms each, read {read_s * 1e3:.0f} ms, ", end="")
        print(f"first and last compared in {compared_s * 1e3:.0f} ms: {len(hunks)} changes")
        ledger.close()


def _bytes(ledger: Ledger) -> int:
    with ledger.database.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        return int(pages) * int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())
