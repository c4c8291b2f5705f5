"""A code artifact as files in a folder: each under its own name, written beside its place, read again, then renamed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.publication import Progress, Publication
from forgeapp.errors import Cancelled, ForgeError, TargetNotWritable, UsageError, WouldReplace
from forgeapp.exporters.saving import save
from forgeapp.exporters.source import SourceExporter
from forgeapp.exporters.zip import safe_paths
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import StoredVersion
from forgeapp.ledger.exports import ExportStatus
from forgeapp.services.exporting.exports import Exported

_NAMED: Final = 5
"""So many of the files in the way are named."""


class SavingFiles:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def save(
        self, version: StoredVersion, folder: Path, cancel: CancelToken, replaces: bool = False
    ) -> Iterator[Exported]:
        """Writes file after file; those before a failing one are kept. Sub-folders are made within the folder only.

        Raises UsageError for what is no code, WouldReplace where files are in the way and not `replaces`,
        TargetNotWritable, ExportDiffers, Cancelled.
        """
        if not isinstance(version.content, Code) or not version.content.files:
            raise UsageError(reason="Only code has files of its own: name a file, its extension says the format.")
        folder = folder.absolute()
        targets = file_targets(version.content, folder)
        in_the_way = files_in_the_way(version.content, folder)
        if in_the_way and not replaces:
            shown = ", ".join(str(path.relative_to(folder)) for path in in_the_way[:_NAMED])
            raise WouldReplace(path=folder, names=shown + (" …" if len(in_the_way) > _NAMED else ""))
        for target, file in targets:
            cancel.check()
            yield self._save(version, folder, target, file)

    def save_all(
        self,
        version: StoredVersion,
        folder: Path,
        cancel: CancelToken,
        replaces: bool = False,
        on_progress: Progress = lambda _share: None,
    ) -> Exported:
        """As `save`; all of them told as one, whose path is the folder's."""
        written: list[Exported] = []
        count = len(version.content.files) if isinstance(version.content, Code) else 1
        for exported in self.save(version, folder, cancel, replaces):
            written.append(exported)
            on_progress(len(written) / count)
        return Exported(
            folder,
            sum(each.bytes for each in written),
            sum(each.duration_ms for each in written),
            tuple(warning for each in written for warning in each.warnings),
        )

    def _save(self, version: StoredVersion, folder: Path, target: Path, file: CodeFile) -> Exported:
        row = self._ledger.exports.begin(version.artifact, version.number, target.suffix.lstrip("."), target)
        started = time.monotonic()
        try:
            _make_folder(target.parent, folder)
            publication = Publication(version.title, version.kind, version.content)
            saved = save(SourceExporter(file), publication, target, lambda _share: None)
        except ForgeError as error:
            status = ExportStatus.CANCELLED if isinstance(error, Cancelled) else ExportStatus.FAILED
            self._ledger.exports.fail(row, status, error.key, error.message)
            raise
        name = target.relative_to(folder).as_posix()
        renamed = () if name == file.name else (f"{file.name or 'A file without a name'} is called {name} there",)
        duration_ms = round((time.monotonic() - started) * 1000)
        exported = Exported(target, saved.bytes, duration_ms, (*saved.warnings, *renamed))
        self._ledger.exports.complete(row, exported.bytes, duration_ms, exported.warnings)
        return exported


def file_targets(code: Code, folder: Path) -> list[tuple[Path, CodeFile]]:
    """Where each file goes: a safe name within the folder, no two the same."""
    paths = safe_paths([file.name for file in code.files])
    return [(folder / path, file) for path, file in zip(paths, code.files, strict=True)]


def files_in_the_way(code: Code, folder: Path) -> list[Path]:
    """Those of its files that stand in the folder already. Asks the disk; raises TargetNotWritable."""
    try:
        return [target for target, _ in file_targets(code, folder) if target.exists() or target.is_symlink()]
    except OSError as error:
        raise TargetNotWritable(path=folder, reason=error.strerror or str(error)) from error


def _make_folder(parent: Path, folder: Path) -> None:
    """Raises TargetNotWritable, also where a link on the way would lead out of the folder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        at = folder
        for part in parent.relative_to(folder).parts:
            at = at / part
            if at.is_symlink():
                raise TargetNotWritable(path=parent, reason=f"{at.name} leads elsewhere")
            at.mkdir(exist_ok=True)
    except OSError as error:
        raise TargetNotWritable(path=parent, reason=error.strerror or str(error)) from error
