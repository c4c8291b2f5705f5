"""WebP: an image as a picture file."""

from __future__ import annotations

from forgeapp.domain.artifact import Format
from forgeapp.exporters.image.exporter import ImageExporter

EXPORTER = ImageExporter(Format.WEBP)
