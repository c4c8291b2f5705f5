"""The kinds of artifact there are and the formats each goes into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    TABLE = "table"
    DOCUMENT = "document"
    SPREADSHEET = "spreadsheet"
    CODE = "code"
    IMAGE = "image"

    @property
    def with_article(self) -> str:
        """One of them within an English sentence: 'a table', 'an image', 'code'."""
        return {Kind.CODE: "code", Kind.IMAGE: "an image"}.get(self, f"a {self.value}")


class Format(StrEnum):
    """A file format, named by its extension."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    CSV = "csv"
    MD = "md"
    HTML = "html"
    JSON = "json"
    ZIP = "zip"
    PNG = "png"
    JPEG = "jpg"
    WEBP = "webp"

    @classmethod
    def named(cls, extension: str) -> Format | None:
        """The format of files that end so, without the dot and in small letters."""
        return cls("jpg" if extension == "jpeg" else extension) if extension in _EXTENSIONS else None


_EXTENSIONS = frozenset(("jpeg", *Format))

FORMATS: Mapping[Kind, tuple[Format, ...]] = {
    Kind.TABLE: (Format.XLSX, Format.CSV, Format.PDF, Format.DOCX, Format.MD, Format.HTML, Format.JSON),
    Kind.SPREADSHEET: (Format.XLSX, Format.CSV, Format.PDF, Format.DOCX, Format.MD, Format.HTML, Format.JSON),
    Kind.DOCUMENT: (Format.PDF, Format.DOCX, Format.MD, Format.HTML, Format.JSON, Format.XLSX),
    Kind.CODE: (Format.ZIP, Format.PDF, Format.DOCX, Format.HTML, Format.MD, Format.JSON),
    Kind.IMAGE: (Format.PNG, Format.JPEG, Format.WEBP, Format.PDF, Format.DOCX),
}
"""What goes where, the usual one first. Code also goes into its own files, whatever their extension."""
CONVERSATION_FORMATS = (Format.PDF, Format.DOCX, Format.HTML, Format.MD, Format.ZIP, Format.JSON)
"""What a whole conversation goes into, the usual one first."""


@dataclass(frozen=True, slots=True)
class Version:
    """Names one stored state of an artifact; `number` counts from 1."""

    artifact: int
    number: int
    kind: Kind
    title: str
