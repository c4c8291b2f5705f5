"""Ways out of the program: links, files and folders."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

_SCHEMES: Final = ("http", "https", "mailto")


def open_link(address: str) -> None:
    """In the browser or mail program. Only the web and mail: replies and documents are others' words."""
    url = QUrl(address, QUrl.ParsingMode.StrictMode)
    if url.isValid() and url.scheme().lower() in _SCHEMES:
        QDesktopServices.openUrl(url)


def open_path(path: Path) -> None:
    """A file in its program, a folder in the file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
