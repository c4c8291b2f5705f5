"""Versions in words: how one came to be, when, and how much there is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forgeapp.ui.chat.captions import measures_text
from forgeapp.ui.wording import tr, when

if TYPE_CHECKING:
    from forgeapp.ledger.artifacts import VersionRow

_SEPARATOR = " · "


def origin_text(row: VersionRow) -> str:
    """'Made by openai/gpt-4.1', 'Edited', 'Restored from version 2'."""
    told = row.provenance
    model = told.get("model")
    match row.origin.value:
        case "generated":
            words = tr("Made by {model}", model=model) if model else tr("Made by a model")
        case "revised":
            words = tr("Changed by {model}", model=model) if model else tr("Changed by a model")
            taken, of = told.get("taken"), told.get("of")
            if isinstance(taken, int) and isinstance(of, int) and taken < of:
                words = tr("{words}, {taken} of {total} changes", words=words, taken=taken, total=of)
        case "pasted":
            words = tr("Pasted from {model}", model=model) if model else tr("Pasted from another chat")
        case "template":
            words = tr("From a built-in template")
        case "imported":
            words = tr("Opened from {file}", file=told["file"]) if told.get("file") else tr("Opened from a file")
        case "restored":
            number = told.get("restored_from")
            words = tr("Restored from version {number}", number=number) if number else tr("Restored")
        case "copied":
            words = tr("Saved from another artifact")
        case _:
            words = tr("Started by hand") if told.get("blank") else tr("Edited")
    return tr("{words}, stopped early", words=words) if told.get("partial") else words


def version_name(row: VersionRow) -> str:
    """'Version 3', or with the user's own name for it 'Version 3 · As sent'."""
    number = tr("Version {number}", number=row.number)
    return f"{number}{_SEPARATOR}{row.label}" if row.label else number


def version_line(row: VersionRow) -> str:
    """One line for a menu: 'Version 3 · Edited · 10:12'."""
    return _SEPARATOR.join((version_name(row), origin_text(row), when(row.created_at)))


def version_caption(row: VersionRow) -> str:
    """'Made by openai/gpt-4.1 · 10 rows, 5 columns'."""
    return _SEPARATOR.join(part for part in (origin_text(row), measures_text(row.kind, row.glance)) if part)
