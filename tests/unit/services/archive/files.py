"""Archives written and taken over in this process, as the child does it."""

from __future__ import annotations

import json
from hashlib import blake2b
from pathlib import Path
from typing import Any

from forgeapp.exporters.standing import standing_at
from forgeapp.ledger import Ledger
from forgeapp.services.archive.job import ExportAllJob, ImportJob, export_all_task, import_archive_task

Document = dict[str, Any]


def archive_of(ledger: Ledger, target: Path) -> Path:
    path = ledger.database.path
    part = target.with_name(f"{target.name}.part")
    export_all_task(ExportAllJob(path, path.parent / "backups", target, part, standing_at(target)), lambda _share: None)
    return target


def take(ledger: Ledger, source: Path) -> dict[str, dict[str, int]]:
    path = ledger.database.path
    staging = path.with_name("staging.db")
    try:
        job = ImportJob(path, path.parent / "backups", source, staging)
        return import_archive_task(job, lambda _share: None)
    finally:
        staging.unlink(missing_ok=True)


def changed(source: Path, target: Path, change: Any) -> Path:
    """The archive with `change(document)` made to it, and its counts and digests fitting again."""
    document = json.loads(source.read_text("utf-8"))
    change(document)
    return write(target, document)


def write(target: Path, document: Document) -> Path:
    sections: dict[str, Any] = {}
    for name, rows in document.items():
        if isinstance(rows, list):
            digest = blake2b(digest_size=16)
            for row in rows:
                text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
                digest.update(text.encode("utf-8", "surrogatepass") + b"\n")
            sections[name] = {"rows": len(rows), "blake2b": digest.hexdigest()}
    document["sections"] = sections
    # Escaped, so that halves of characters can be written.
    target.write_text(json.dumps(document), "ascii")
    return target
