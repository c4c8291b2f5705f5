"""The choices a kind offers for export, in words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from forgeapp.domain.artifact import Format
from forgeapp.domain.code import Code
from forgeapp.domain.content import Content, formats_of
from forgeapp.domain.export_request import FILES
from forgeapp.ui.wording import tr


@dataclass(frozen=True, slots=True)
class Choice:
    """One way out. `extension` without the dot; `file_name`: a code artifact's own file, written as it is;
    `is_folder`: all of its files, in a folder.
    """

    extension: str
    name: str
    words: str
    format: Format | None = None
    file_name: str | None = None
    is_folder: bool = False

    @property
    def key(self) -> str:
        """What is remembered of it."""
        return FILES if self.format is None else self.extension

    def takes(self, extension: str) -> bool:
        """Whether its files may end so, without the dot and in small letters: .jpeg is one of .jpg's."""
        return extension == self.extension or (self.format is not None and Format.named(extension) is self.format)


def choices(content: Content) -> list[Choice]:
    """Every format of its kind, the usual one first; code begins with its own file, or with a folder of its files."""
    own = _own_files(content)
    others = [
        Choice(each.value, each.value.upper(), _words(each), each)
        for each in formats_of(content)
        if own is None or own.extension != each.value
    ]
    return [own, *others] if own is not None else others


def conversation_choices() -> list[Choice]:
    """Those of a whole conversation, the usual one first."""
    from forgeapp.domain.artifact import CONVERSATION_FORMATS

    words = {Format.ZIP: tr("Chat and files")}
    return [
        Choice(each.value, each.value.upper(), words.get(each) or _words(each), each) for each in CONVERSATION_FORMATS
    ]


def _own_files(content: Content) -> Choice | None:
    if not isinstance(content, Code) or not content.files:
        return None
    if len(content.files) > 1:
        return Choice("", tr("Files"), tr("In a folder"), is_folder=True)
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
            return tr("Excel")
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
            return tr("Lossless")
        case Format.JPEG:
            return tr("Photo")
        case Format.WEBP:
            return tr("For the web")
