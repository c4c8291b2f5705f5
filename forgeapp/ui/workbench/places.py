"""Where a file is to go: a folder that is there, and a name in it that is free."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path, PurePath


def free_path(folder: Path, title: str, extension: str, taken: Collection[Path] = ()) -> Path:
    """`title` as a safe name in a folder, with a number behind it where that is taken. Asks the disk.

    `taken`: files that are not there yet, but will be.
    """
    from forgeapp.domain.filenames import numbered, safe_name

    ending = f".{extension}" if extension else ""
    name = safe_name(f"{title}{ending}", "artifact")
    stem = name.removesuffix(ending)
    promised = {str(path).casefold() for path in taken}
    # Not Path.exists: it raises for a folder that may not be looked into, and does not see a link that leads nowhere.
    paths = (folder / free for free in numbered(stem, ending))
    return next(path for path in paths if not os.path.lexists(path) and str(path).casefold() not in promised)


def is_folder(path: Path) -> bool:
    """Whether it is one that can be seen. Asks the disk."""
    return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir raises where a folder above may not be looked into


def documents_folder() -> Path:
    from PySide6.QtCore import QStandardPaths

    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(folder) if folder and is_folder(Path(folder)) else Path.home()


def shown_folder(folder: Path) -> str:
    """With the home folder as '~'."""
    try:
        inside = folder.relative_to(Path.home())
        return str(PurePath("~") / inside) if inside.parts else str(folder)
    except (ValueError, RuntimeError):
        return str(folder)
