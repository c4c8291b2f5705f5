"""A code artifact as files in a folder: all of them written and read again, then each put in its place."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Final

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.export_request import ExportRequest
from forgeapp.domain.publication import Progress, Publication
from forgeapp.errors import TargetNotWritable, UsageError, WouldReplace
from forgeapp.exporters.saving import Saved, State, part_name, put, remove_part, write_part
from forgeapp.exporters.source import SourceExporter
from forgeapp.exporters.zip import safe_paths
from forgeapp.ledger.artifacts import StoredVersion
from forgeapp.services.exporting.exported import Exported

_NAMED: Final = 5
"""So many of the files in the way are named."""


def save_files(
    version: StoredVersion, request: ExportRequest, mark: str, cancel: CancelToken, on_progress: Progress
) -> Exported:
    """Until the last file is verified nothing stands in the folder but parts named by `mark`, see `part_name`.

    Sub-folders are made within the folder only. The duration is left to the caller. Raises UsageError for what is no
    code, WouldReplace where files are in the way and not `request.replaces`, TargetChanged where somebody
    has written there meanwhile, TargetNotWritable, ExportDiffers, Cancelled.
    """
    code, folder = version.content, request.target
    if not isinstance(code, Code) or not code.files:
        raise UsageError(reason="Only code has files of its own: name a file, its extension says the format.")
    targets = file_targets(code, folder)
    # Looked at first: what somebody puts there between the two is in the way, or has changed.
    stood = [State.of(target) for target, _ in targets]
    _check_the_way(code, folder, request.replaces)
    publication = Publication(version.title, version.kind, code)
    with ExitStack() as parts:
        _make_folder(folder, folder)
        ready: list[tuple[Path, Saved, CodeFile]] = []
        for number, (target, file) in enumerate(targets):
            cancel.check()
            part = folder / part_name(target, f"{mark}-{number}")
            parts.callback(remove_part, part)
            saved = write_part(
                SourceExporter(file), publication, target, part, lambda _share: None, request.keeps_differing
            )
            ready.append((part, saved, file))
            on_progress(len(ready) / len(targets))
        cancel.check()
        for state, (_, saved, _) in zip(stood, ready, strict=True):
            _make_folder(saved.path.parent, folder)
            state.check(saved.path)
        for part, saved, _ in ready:
            put(part, saved.path)
    files = tuple(_exported(saved, file, folder) for _, saved, file in ready)
    return Exported(
        folder,
        sum(each.bytes for each in files),
        0,
        tuple(warning for each in files for warning in each.warnings),
        tuple(difference for each in files for difference in each.differences),
        files,
    )


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


def _check_the_way(code: Code, folder: Path, replaces: bool) -> None:
    in_the_way = files_in_the_way(code, folder)
    try:
        for target, _ in file_targets(code, folder):
            _check_links(target.parent, folder)
        taken = next((target for target in in_the_way if target.is_dir() and not target.is_symlink()), None)
    except OSError as error:
        raise TargetNotWritable(path=folder, reason=error.strerror or str(error)) from error
    if taken is not None:
        raise TargetNotWritable(path=taken, reason="it is a folder")
    if in_the_way and not replaces:
        shown = ", ".join(str(path.relative_to(folder)) for path in in_the_way[:_NAMED])
        raise WouldReplace(path=folder, names=shown + (" …" if len(in_the_way) > _NAMED else ""))


def _check_links(parent: Path, folder: Path) -> None:
    at = folder
    for part in parent.relative_to(folder).parts:
        at = at / part
        if at.is_symlink():
            raise TargetNotWritable(path=parent, reason=f"{at.name} leads elsewhere")


def _exported(saved: Saved, file: CodeFile, folder: Path) -> Exported:
    name = saved.path.relative_to(folder).as_posix()
    renamed = () if name == file.name else (f"{file.name or 'A file without a name'} is called {name} there",)
    return Exported(saved.path, saved.bytes, 0, (*saved.warnings, *renamed), saved.differences)


def _make_folder(parent: Path, folder: Path) -> None:
    """Raises TargetNotWritable, also where a link on the way would lead out of the folder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _check_links(parent, folder)
        parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TargetNotWritable(path=parent, reason=error.strerror or str(error)) from error
