"""Exports in words and icons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from forgeapp.domain.publication import Share
from forgeapp.ui.wording import number_text, size_text, tr, when
from forgeapp.ui.workbench.export import CANCELLED, COMPLETED, FAILED, QUEUED, RUNNING, Export

_ICONS: Final = {
    "pdf": "file-text",
    "docx": "file-text",
    "md": "file-text",
    "html": "book-open",
    "xlsx": "file-spreadsheet",
    "csv": "table-2",
    "json": "file-code",
    "zip": "package",
    "png": "image",
    "jpg": "image",
    "jpeg": "image",
    "webp": "image",
}


def icon_of(export: Export) -> str:
    if export.is_folder:
        return "folder"
    return _ICONS.get(export.target.suffix.lstrip(".").casefold(), "file-code")


def state_text(export: Export) -> str:
    """How it stands, in a few words: 'row 40,000 of 100,000 · 28 %', '124 KB · 10:12'."""
    match export.state:
        case _ if export.is_elsewhere and export.state == QUEUED:
            how = tr("waits in another process of the program")
        case _ if export.is_elsewhere:
            how = tr("another process of the program writes it")
        case _ if export.is_stopped and not export.is_over:
            how = tr("stopping")
        case _ if export.state == QUEUED and export.waits_s:
            how = tr("waits {seconds} s for the limit a minute", seconds=number_text(max(export.waits_s, 1)))
        case _ if export.state == QUEUED:
            how = tr("waits for its turn")
        case _ if export.state == RUNNING:
            percent = tr("{percent} %", percent=number_text(export.progress * 100))
            how = " · ".join(filter(None, (_place_text(export.progress), percent)))
        case _ if export.state == COMPLETED:
            how = size_text(export.bytes or 0)
            if export.differences:
                how = tr("{size}, with differences", size=how)
        case _ if export.state == CANCELLED:
            how = tr("stopped; nothing was written")
        case _:
            how = tr("not written")
    at = when(export.ended_at) if export.is_over and export.ended_at else ""
    return " · ".join(filter(None, (how, at)))


def _place_text(share: float) -> str:
    """The row, page, part or file it is at, where the exporter tells."""
    if not isinstance(share, Share):
        return ""
    number, count = number_text(share.number), number_text(share.count)
    match share.unit:
        case "row":
            return tr("row {number} of {count}", number=number, count=count)
        case "cell":
            return tr("cell {number} of {count}", number=number, count=count)
        case "part":
            return tr("part {number} of {count}", number=number, count=count)
        case "page" if share.count:
            return tr("page {number} of {count}", number=number, count=count)
        case "page":
            return tr("page {number}", number=number)
        case "file":
            return tr("file {number} of {count}", number=number, count=count)
        case "check":
            return tr("is being checked")
    return ""


def remarks_of(export: Export) -> tuple[str, ...]:
    """What it differs by and what could not be carried over."""
    return (*export.differences, *export.warnings)


def reason_of(export: Export) -> str:
    """Why a failed one was not written, and what to do about it."""
    return f"{export.message} {export.hint}".strip() if export.state == FAILED else ""


def batch_text(batch: Sequence[Export]) -> str:
    """What runs together: '2 of 5 · 40 %', '40 %' of a single one; how long a limit keeps the next from beginning."""
    active = [export for export in batch if not export.is_over]
    waits_s = [export.waits_s for export in active if export.waits_s]
    if waits_s and not any(export.state == RUNNING for export in active):
        return tr("waits {seconds} s", seconds=number_text(max(min(waits_s), 1)))
    share = share_of(batch)
    percent = tr("{percent} %", percent=number_text(share * 100))
    if len(batch) == 1:
        return percent
    number = min(len(batch) - len(active) + 1, len(batch))
    return tr(
        "{number} of {count} · {percent}", number=number_text(number), count=number_text(len(batch)), percent=percent
    )


def share_of(batch: Sequence[Export]) -> float:
    """Of all that runs together, 0..1."""
    return sum(1.0 if export.is_over else export.progress for export in batch) / max(len(batch), 1)
