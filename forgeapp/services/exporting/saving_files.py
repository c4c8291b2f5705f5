"""A code artifact as files in a folder: all of them written and read again, then each put in its place."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.filenames import numbered
from forgeapp.domain.publication import Progress, Publication
from forgeapp.domain.standing import Standing
from forgeapp.domain.wording import Text
from forgeapp.errors import TargetChanged, TargetNotWritable, UsageError, WouldReplace
from forgeapp.exporters.saving import Placing, Saved, part_name, remove_part, take_place, write_part
from forgeapp.exporters.source import SourceExporter
from forgeapp.exporters.standing import is_any_of, standing_at
from forgeapp.exporters.zip import safe_paths
from forgeapp.ledger.artifacts import StoredVersion
from forgeapp.services.exporting.exported import Exported

_ByName = Mapping[str, Standing]
"""What may be replaced, by its path within the folder."""
_NAMED: Final = 5
"""So many of the files in the way are named."""


def save_files(
    version: StoredVersion, folder: Path, placing: Placing, cancel: CancelToken, on_progress: Progress
) -> Exported:
    """Until the last file is verified nothing stands in the folder but parts named by the mark, see `part_name`.

    Sub-folders are made within the folder only. Where it has to give way all of it goes into a folder beside. The
    duration is left to the caller. Raises UsageError for what is no code, WouldReplace where files are in the way that
    may not be replaced, TargetChanged where somebody has written to one that may, TargetNotWritable, ExportDiffers,
    Cancelled.
    """
    try:
        return _save(version, folder, placing, cancel, on_progress)
    except (TargetChanged, WouldReplace):
        if not placing.gives_way:
            raise
    names = numbered(folder.name)
    next(names)
    beside = next(other for name in names if not os.path.lexists(other := folder.with_name(name)))
    exported = _save(version, beside, replace(placing, may_replace=(), gives_way=False), cancel, on_progress)
    told = Text(
        "export_folder_beside",
        "{name} is not as the last export left it, and stays as it is: these files stand in a folder beside it.",
        name=folder.name,
    )
    return replace(exported, warnings=(*exported.warnings, told))


def _save(
    version: StoredVersion, folder: Path, placing: Placing, cancel: CancelToken, on_progress: Progress
) -> Exported:
    code = version.content
    if not isinstance(code, Code) or not code.files:
        raise UsageError(reason="Only code has files of its own: name a file, its extension says the format.")
    targets = file_targets(code, folder)
    # Looked at first: what somebody puts there between the two is in the way, or has changed.
    may_replace = _by_name(files_standing(code, folder) if placing.may_replace is None else placing.may_replace)
    _check_the_way(code, folder, may_replace)
    publication = Publication(version.title, version.kind, code)
    with ExitStack() as parts:
        _make_folder(folder, folder)
        ready: list[tuple[Path, Saved, CodeFile]] = []
        for number, (target, file) in enumerate(targets):
            cancel.check()
            part = folder / part_name(target, f"{placing.mark}-{number}")
            parts.callback(remove_part, part)
            saved = write_part(
                SourceExporter(file), publication, target, part, lambda _share: None, placing.keeps_differing
            )
            ready.append((part, saved, file))
            on_progress(len(ready) / len(targets))
        cancel.check()
        for _, saved, _ in ready:
            _make_folder(saved.path.parent, folder)
            _require_free(saved.path, folder, may_replace)
        for part, saved, _ in ready:
            take_place(part, saved.path, may_replace.get(_name_in(folder, saved.path), ()))
    files = tuple(_exported(saved, file, folder) for _, saved, file in ready)
    return Exported(
        folder,
        sum(each.bytes for each in files),
        0,
        tuple(warning for each in files for warning in each.warnings),
        tuple(difference for each in files for difference in each.differences),
        files,
        tuple(replace(saved.file, name=_name_in(folder, saved.path)) for _, saved, _ in ready),
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


def files_standing(code: Code, folder: Path) -> Standing:
    """What stands where its files go. Asks the disk."""
    return tuple(
        file for target, _ in file_targets(code, folder) for file in standing_at(target, _name_in(folder, target))
    )


def _check_the_way(code: Code, folder: Path, may_replace: _ByName) -> None:
    in_the_way = files_in_the_way(code, folder)
    unasked = [path for path in in_the_way if _name_in(folder, path) not in may_replace]
    try:
        for target, _ in file_targets(code, folder):
            _check_links(target.parent, folder)
        taken = next((target for target in in_the_way if target.is_dir() and not target.is_symlink()), None)
    except OSError as error:
        raise TargetNotWritable(path=folder, reason=error.strerror or str(error)) from error
    for path in in_the_way:
        if _name_in(folder, path) in may_replace:
            _require_free(path, folder, may_replace)
    if taken is not None:
        raise TargetNotWritable(path=taken, reason="it is a folder")
    if unasked:
        shown = ", ".join(str(path.relative_to(folder)) for path in unasked[:_NAMED])
        raise WouldReplace(path=folder, names=shown + (" …" if len(unasked) > _NAMED else ""))


def _require_free(target: Path, folder: Path, may_replace: _ByName) -> None:
    """Raises TargetChanged where anything stands there but what may be replaced."""
    if not is_any_of(target, may_replace.get(_name_in(folder, target), ())):
        raise TargetChanged(path=target)


def _by_name(files: Standing) -> _ByName:
    found: dict[str, Standing] = {}
    for file in files:
        found[file.name] = (*found.get(file.name, ()), file)
    return found


def _name_in(folder: Path, target: Path) -> str:
    return target.relative_to(folder).as_posix()


def _check_links(parent: Path, folder: Path) -> None:
    at = folder
    for part in parent.relative_to(folder).parts:
        at = at / part
        if at.is_symlink():
            raise TargetNotWritable(path=parent, reason=f"{at.name} leads elsewhere")


def _exported(saved: Saved, file: CodeFile, folder: Path) -> Exported:
    name = _name_in(folder, saved.path)
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
