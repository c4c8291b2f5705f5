"""The dialog that asks which file to open."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from forgeapp.ui.wording import tr


def chosen_file(parent: QWidget, folder: str = "") -> Path | None:
    """A file ending in what is read, all such at first; None where nobody chose one."""
    from forgeapp.reading.files import CODE_ENDINGS, ENDINGS

    patterns = " ".join(f"*{ending}" for ending in (*ENDINGS, *CODE_ENDINGS))
    names = f"{tr('Files ForgeApp opens')} ({patterns});;{tr('All files')} (*)"
    path, _ = QFileDialog.getOpenFileName(parent, tr("Open a file"), folder, names)
    return Path(path) if path else None
