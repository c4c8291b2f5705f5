"""The text of a DOCX file on its way into its package, piece by piece: that of a large table is ten times its cells.

python-docx holds each part whole and packs it whole. This one is put aside on disk as soon as it is long.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.opc.constants import CONTENT_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.opc.phys_pkg import PhysPkgWriter
from docx.opc.pkgwriter import PackageWriter
from docx.package import Package

from forgeapp.exporters.docx.styles import DECLARATION, NAMESPACES

_MOST_HELD_BYTES = 8_000_000
_COPIED_BYTES = 1_000_000


class Body(Part):
    """`word/document.xml`. Its front is known last, for it names what is written. To be closed."""

    def __init__(self, package: Package) -> None:
        super().__init__(PackURI("/word/document.xml"), CONTENT_TYPE.WML_DOCUMENT_MAIN, None, package)
        self._aside = SpooledTemporaryFile(max_size=_MOST_HELD_BYTES)  # noqa: SIM115 - see `__exit__`
        self.front = ""

    def __enter__(self) -> Body:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._aside.close()

    def write(self, xml: str) -> None:
        self._aside.write(xml.encode())

    def copy_to(self, archive: ZipFile) -> None:
        """Written once, when nothing more comes."""
        opening = f"{DECLARATION}<w:document {NAMESPACES}><w:body>{self.front}".encode()
        self.write("</w:body></w:document>")
        entry = ZipInfo(self.partname.membername, time.localtime()[:6])
        entry.compress_type = archive.compression
        # By it the archive knows how long its numbers are to be.
        entry.file_size = len(opening) + self._aside.tell()
        self._aside.seek(0)
        with archive.open(entry, "w") as file:
            file.write(opening)
            shutil.copyfileobj(self._aside, file, _COPIED_BYTES)


def save(package: Package, body: Body, target: Path) -> None:
    """As `Package.save`, the body piece by piece. Raises OSError."""
    parts = package.parts
    with ZipFile(target, "w", compression=ZIP_DEFLATED) as archive:
        # All that python-docx asks of it is `write`.
        writer = cast(PhysPkgWriter, _Writer(archive, body))
        PackageWriter._write_content_types_stream(writer, parts)  # type: ignore[no-untyped-call]
        PackageWriter._write_pkg_rels(writer, package.rels)  # type: ignore[no-untyped-call]
        PackageWriter._write_parts(writer, parts)


class _Writer:
    """Takes a package part by part."""

    def __init__(self, archive: ZipFile, body: Body) -> None:
        self._archive, self._body = archive, body

    def write(self, uri: PackURI, blob: bytes) -> None:
        if uri == self._body.partname:
            self._body.copy_to(self._archive)
        else:
            self._archive.writestr(uri.membername, blob)
