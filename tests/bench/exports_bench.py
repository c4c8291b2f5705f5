"""Exports: writing beside the raw library's fastest idiom for the same content; verification and memory apart."""

from __future__ import annotations

import multiprocessing
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import count
from pathlib import Path

from forgeapp.domain.artifact import Format
from forgeapp.domain.document import Document
from forgeapp.domain.publication import Publication
from forgeapp.domain.table import Table
from forgeapp.exporters.registry import exporter_for
from forgeapp.services.exporting.publishing import publication
from tests.bench.pairs import paired, row, timed

_ROWS, _COLUMNS = 100_000, 20
_PAGES, _TABLE_ROWS, _TABLE_COLUMNS = 500, 25, 5
"""A page holds a heading, a paragraph and one table."""
_WORDS = "The delivery was on time and the terms were met in every point that had been agreed upon before. " * 6


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        _measure(f"XLSX {_ROWS:,} x {_COLUMNS}, XlsxWriter", Format.XLSX, folder)
        _measure(f"DOCX {_PAGES} pages with tables, python-docx", Format.DOCX, folder)
        _pandoc(folder)
        _measure(f"PDF {_PAGES} pages with tables, fpdf2 row loop", Format.PDF, folder)
        print(f"{f'PDF of {_PAGES} pages with tables: pages':58} {_page_count(folder / 'last.pdf'):9,}")
    finally:
        shutil.rmtree(folder)


def _measure(name: str, file_format: Format, folder: Path) -> None:
    exporter, source, raw = exporter_for(file_format), _source(file_format), _RAW[file_format]
    numbers = count()

    def fresh() -> Path:
        return folder / f"{next(numbers)}.{file_format.value}"

    def write() -> None:
        exporter.write(source, fresh(), lambda _share: None)

    row(f"{name}: writing", paired(write, lambda: raw(fresh()), runs=3), "<= 1.3")
    path = folder / f"last.{file_format.value}"
    exporter.write(source, path, lambda _share: None)
    print(f"{name + ': verification apart':58} {timed(lambda: exporter.verify(source, path)):9.3f} s")
    alone, most = _in_a_child(_memory_mb, file_format, fresh())
    raw_alone, raw_most = _in_a_child(_raw_memory_mb, file_format, fresh())
    print(f"{name + ': most memory, before it':58} {most:9} MB {alone:8} MB   target < 600")
    print(f"{name + ': most memory of the library':58} {raw_most:9} MB {raw_alone:8} MB")


def _source(file_format: Format) -> Publication:
    if file_format is Format.XLSX:
        return publication(_table(_ROWS, _COLUMNS), "Figures", {}, for_format=file_format)
    return publication(_document(), "Report", {}, for_format=file_format)


def _in_a_child(work: Callable[[Format, Path], tuple[int, int]], file_format: Format, path: Path) -> tuple[int, int]:
    """A process of its own: what was used before counts in this one."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as processes:
        return processes.submit(work, file_format, path).result()


def _memory_mb(file_format: Format, path: Path) -> tuple[int, int]:
    """Of a process with the content laid out, and the most while it is written and verified."""
    exporter, source = exporter_for(file_format), _source(file_format)
    alone = _peak_mb()
    exporter.write(source, path, lambda _share: None)
    exporter.verify(source, path)
    return alone, _peak_mb()


def _raw_memory_mb(file_format: Format, path: Path) -> tuple[int, int]:
    alone = _peak_mb()
    _RAW[file_format](path)
    return alone, _peak_mb()


def _peak_mb() -> int:
    """Linux counts what a process was forked from in ru_maxrss, but not in VmHWM (proc(5))."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text("ascii", "replace").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform != "darwin" else 1024**2)


def _table(rows: int, columns: int) -> Table:
    return Table(
        "Figures",
        tuple(f"Column {number}" for number in range(columns)),
        tuple(
            tuple(f"text {line}" if column % 2 else str(line * column + 1) for column in range(columns))
            for line in range(rows)
        ),
    )


def _document() -> Document:
    parts = []
    table = _table(_TABLE_ROWS, _TABLE_COLUMNS)
    for number in range(_PAGES):
        parts.append(f"## Section {number}\n\n{_WORDS}\n")
        parts.append("| " + " | ".join(table.columns) + " |\n|" + "---|" * _TABLE_COLUMNS)
        parts.extend("| " + " | ".join(cells) + " |" for cells in table.rows)
        parts.append("")
    return Document("Report", "\n".join(parts))


def _page_count(path: Path) -> int:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        return len(document)


def _pandoc(folder: Path) -> None:
    """Another program's time for the same Markdown, where it is installed."""
    if not shutil.which("pandoc"):
        print(f"{'DOCX by pandoc':58} not installed")
        return
    source = folder / "report.md"
    source.write_text(_document().markdown, "utf-8")
    command = ["pandoc", "--from=gfm", str(source), "-o", str(folder / "pandoc.docx")]
    seconds = timed(lambda: subprocess.run(command, check=True))
    print(f"{f'DOCX {_PAGES} pages with tables, by pandoc':58} {seconds:9.3f} s")


def _raw_xlsx(path: Path) -> None:
    import xlsxwriter

    table = _table(_ROWS, _COLUMNS)
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True, "bg_color": "#E8EEF7", "bottom": 1})
    for line, cells in enumerate((table.columns, *table.rows)):
        for column, cell in enumerate(cells):
            if not line:
                sheet.write_string(line, column, cell, bold)
            elif column % 2:
                sheet.write_string(line, column, cell)
            else:
                sheet.write_number(line, column, int(cell))
    book.close()


def _raw_docx(path: Path) -> None:
    import docx
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    table = _table(_TABLE_ROWS, _TABLE_COLUMNS)
    document = docx.Document()
    for number in range(_PAGES):
        document.add_heading(f"Section {number}", 2)
        document.add_paragraph(_WORDS)
        rows = "".join(
            "<w:tr>"
            + "".join(f"<w:tc><w:tcPr/><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in cells)
            + "</w:tr>"
            for cells in (table.columns, *table.rows)
        )
        xml = f"<w:tbl {nsdecls('w')}><w:tblPr/><w:tblGrid/>{rows}</w:tbl>"
        document.element.body.insert(-1, parse_xml(xml))
    document.save(str(path))


def _raw_pdf(path: Path) -> None:
    from fpdf import FPDF

    from forgeapp.exporters.fonts import text_font

    table = _table(_TABLE_ROWS, _TABLE_COLUMNS)
    pdf = FPDF()
    pdf.add_font("body", fname=text_font("sans", "").path)
    pdf.set_font("body", size=10)
    pdf.add_page()
    for number in range(_PAGES):
        pdf.multi_cell(0, 8, f"Section {number}", new_x="LMARGIN", new_y="NEXT")
        pdf.multi_cell(0, 5, _WORDS, new_x="LMARGIN", new_y="NEXT")
        width = pdf.epw / _TABLE_COLUMNS
        for cells in (table.columns, *table.rows):
            if pdf.will_page_break(6):
                pdf.add_page()
            for cell in cells:
                if pdf.get_string_width(cell) < width - 2:
                    pdf.cell(width, 6, cell, border="B")
            pdf.ln(6)
    pdf.output(str(path))


_RAW: dict[Format, Callable[[Path], None]] = {Format.XLSX: _raw_xlsx, Format.DOCX: _raw_docx, Format.PDF: _raw_pdf}


if __name__ == "__main__":
    main()
