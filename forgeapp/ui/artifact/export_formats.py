"""The choices a kind offers for export, in words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from forgeapp.domain.artifact import FORMATS, Format, Kind
from forgeapp.domain.code import Code
from forgeapp.domain.content import Content
from forgeapp.ui.wording import tr


@dataclass(frozen=True, slots=True)
class Choice:
    """One way out. `extension` without the dot; `file_name`: a code artifact's own file, written as it is."""

    extension: str
    name: str
    words: str
    format: Format | None = None
    file_name: str | None = None


def choices(kind: Kind, content: Content) -> list[Choice]:
    """Every format of the kind, the usual one first; code of one file begins with that file."""
    own = _own_file(content)
    offered = [own] if own is not None else []
    for file_format in FORMATS[kind]:
        if own is None or own.extension != file_format.value:
            is_own = file_format is Format.ZIP and own is None
            words = tr("Its own files") if is_own else _words(file_format)
            offered.append(Choice(file_format.value, file_format.value.upper(), words, file_format))
    return offered


def _own_file(content: Content) -> Choice | None:
    if not isinstance(content, Code) or len(content.files) != 1:
        return None
    name = PurePath(content.files[0].name).name
    extension = PurePath(name).suffix.lstrip(".").lower()
    return Choice(extension, extension.upper() or name, tr("Its own file"), file_name=name)


def _words(file_format: Format) -> str:
    match file_format:
        case Format.PDF:
            return tr("For printing")
        case Format.DOCX:
            return tr("Word")
        case Format.XLSX:
            return tr("Excel workbook")
        case Format.CSV:
            return tr("Plain table")
        case Format.MD:
            return tr("Markdown")
        case Format.HTML:
            return tr("Web page")
        case Format.JSON:
            return tr("Data")
        case Format.ZIP:
            return tr("Archive")
        case Format.PNG:
            return tr("Picture")
