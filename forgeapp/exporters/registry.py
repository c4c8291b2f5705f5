"""Which module writes which format: a new format is one module with an `EXPORTER` and one row here."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from forgeapp.domain.artifact import Format
from forgeapp.domain.publication import Exporter

_MODULES: Mapping[Format, str] = {
    Format.PDF: "forgeapp.exporters.pdf.exporter",
    Format.DOCX: "forgeapp.exporters.docx.exporter",
    Format.XLSX: "forgeapp.exporters.xlsx.exporter",
    Format.CSV: "forgeapp.exporters.csv.exporter",
    Format.MD: "forgeapp.exporters.markdown.exporter",
    Format.HTML: "forgeapp.exporters.html.exporter",
    Format.JSON: "forgeapp.exporters.json",
    Format.ZIP: "forgeapp.exporters.zip",
    Format.PNG: "forgeapp.exporters.image.png",
    Format.JPEG: "forgeapp.exporters.image.jpeg",
    Format.WEBP: "forgeapp.exporters.image.webp",
}


def exporter_for(file_format: Format) -> Exporter:
    """The exporter, its libraries imported only now. Raises KeyError for a format nobody writes."""
    exporter: Exporter = import_module(_MODULES[file_format]).EXPORTER
    return exporter
