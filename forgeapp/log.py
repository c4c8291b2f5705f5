"""The log: JSON lines in the home's `logs`, rotating, readable by their owner only, without keys."""

from __future__ import annotations

import json
import logging
import os
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from forgeapp.domain.secret import Secret, redact
from forgeapp.errors import HomeNotWritable

FILE_NAME: Final = "forgeapp.jsonl"
_FILE_BYTES: Final = 1_000_000
_FILES_KEPT: Final = 5
_MAX_TEXT_CHARS: Final = 8_000
_QUIET: Final = ("httpx", "httpcore", "keyring", "fontTools", "fpdf", "markdown_it")
"""Libraries heard from warnings on: below, they tell headers and contents."""

_secrets: set[str] = set()


def hide(secret: str | Secret) -> None:
    """Takes this value out of whatever is logged from now on."""
    value = secret.reveal() if isinstance(secret, Secret) else secret
    if len(value) >= 4:
        _secrets.add(value)


def start(folder: Path, level: int = logging.INFO) -> Path:
    """Logs to `folder` from now on and gives the file. Starting again moves it. Raises HomeNotWritable."""
    stop()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = _JsonLines(folder / FILE_NAME)
    except OSError as error:
        raise HomeNotWritable(path=folder, reason=error.strerror or error) from error
    handler.setFormatter(_Lines())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    return folder / FILE_NAME


def stop() -> None:
    """Closes the log; what is logged afterwards goes nowhere of ours."""
    root = logging.getLogger()
    for handler in root.handlers[:]:
        if isinstance(handler, _JsonLines):
            root.removeHandler(handler)
            handler.close()


class _JsonLines(RotatingFileHandler):
    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=_FILE_BYTES, backupCount=_FILES_KEPT, encoding="utf-8")

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, 0o600)
        return open(descriptor, "a", encoding="utf-8", errors="backslashreplace")  # noqa: PTH123 - a descriptor

    def handleError(self, record: logging.LogRecord) -> None:
        """A full disk under the log disturbs no one's work."""


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _clean(record.getMessage()),
        }
        if record.exc_info:
            line["error"] = _clean(self.formatException(record.exc_info))
        if record.stack_info:
            line["stack"] = _clean(record.stack_info)
        return json.dumps(line, ensure_ascii=False)


def redacted(text: str) -> str:
    """`text` without keys: those given to `hide`, and whatever has the look of one."""
    return redact(text, _secrets.copy())


def _clean(text: str) -> str:
    return redacted(text)[:_MAX_TEXT_CHARS]
