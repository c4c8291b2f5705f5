"""Which module writes which format: a new format is one module with an `EXPORTER` and one row here."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from forgeapp.domain.artifact import Format
from forgeapp.domain.publication import Exporter

_MODULES: Mapping[Format, str] = {
    Format.PDF: "forgeapp.exporters.pdf",
    Format.DOCX: "forgeapp.exporters.docx",
    Format.XLSX: "forgeapp.exporters.xlsx",
    Format.CSV: "forgeapp.exporters.csv",
    Format.MD: "forgeapp.exporters.markdown",
    Format.HTML: "forgeapp.exporters.html",
    Format.JSON: "forgeapp.exporters.json",
    Format.ZIP: "forgeapp.exporters.zip",
    Format.PNG: "forgeapp.exporters.png",
    Format.JPEG: "forgeapp.exporters.jpeg",
    Format.WEBP: "forgeapp.exporters.webp",
}


def exporter_for(file_format: Format) -> Exporter:
    """The exporter, its libraries imported only now. Raises KeyError for a format nobody writes."""
    exporter: Exporter = import_module(_MODULES[file_format]).EXPORTER
    return exporter
