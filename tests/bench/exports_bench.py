"""Exports: writing beside the raw library's fastest idiom for the same content; verification apart."""

from __future__ import annotations

import multiprocessing
import resource
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import count
from pathlib import Path

from forgeapp.domain.artifact import Format
from forgeapp.domain.document import Document
from forgeapp.domain.publication import Exporter, Publication
from forgeapp.domain.table import Table
from forgeapp.exporters.registry import exporter_for
from forgeapp.services.exporting.publishing import publication
from tests.bench.pairs import paired, row, timed

_ROWS, _COLUMNS = 100_000, 20
_TABLES, _TABLE_ROWS, _TABLE_COLUMNS = 250, 25, 5
_WORDS = "The delivery was on time and the terms were met in every point that had been agreed upon before. " * 3


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        _xlsx(folder)
        _docx(folder)
        _pdf(folder)
    finally:
        shutil.rmtree(folder)


def _measure(name: str, source: Publication, exporter: Exporter, raw: Callable[[Path], None], folder: Path) -> None:
    numbers = count()

    def fresh() -> Path:
        return folder / f"{next(numbers)}.{exporter.format.value}"

    def write() -> None:
        exporter.write(source, fresh(), lambda _share: None)

    row(f"{name}: writing", paired(write, lambda: raw(fresh()), runs=3), "<= 1.3")
    path = fresh()
    exporter.write(source, path, lambda _share: None)
    print(f"{name + ': verification apart':58} {timed(lambda: exporter.verify(source, path)):9.3f} s")


def _table(rows: int, columns: int) -> Table:
    return Table(
        "Figures",
        tuple(f"Column {number}" for number in range(columns)),
        tuple(
            tuple(f"text {line}" if column % 2 else str(line * column + 1) for column in range(columns))
            for line in range(rows)
        ),
    )


def _xlsx(folder: Path) -> None:
    import xlsxwriter

    table = _table(_ROWS, _COLUMNS)

    def raw(path: Path) -> None:
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

    source = publication(table, "Figures", {}, for_format=Format.XLSX)
    _measure(f"XLSX {_ROWS:,} x {_COLUMNS}, XlsxWriter", source, exporter_for(Format.XLSX), raw, folder)
    # A process of its own: what was used before counts in this one.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as processes:
        alone, most = processes.submit(_xlsx_memory_mb, folder / "memory.xlsx").result()
    print(f"{f'XLSX {_ROWS:,} x {_COLUMNS}: most memory, the table alone':58} {most:9} MB {alone:8} MB   target < 600")


def _xlsx_memory_mb(path: Path) -> tuple[int, int]:
    """Of a process with the table alone, and the most while it is written and verified."""
    table = _table(_ROWS, _COLUMNS)
    alone = _memory_mb()
    exporter = exporter_for(Format.XLSX)
    source = publication(table, "Figures", {}, for_format=Format.XLSX)
    exporter.write(source, path, lambda _share: None)
    exporter.verify(source, path)
    return alone, _memory_mb()


def _memory_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _document() -> Document:
    parts = []
    for number in range(_TABLES):
        table = _table(_TABLE_ROWS, _TABLE_COLUMNS)
        parts.append(f"## Section {number}\n\n{_WORDS}\n")
        parts.append("| " + " | ".join(table.columns) + " |\n|" + "---|" * _TABLE_COLUMNS)
        parts.extend("| " + " | ".join(cells) + " |" for cells in table.rows)
        parts.append("")
    return Document("Report", "\n".join(parts))


def _docx(folder: Path) -> None:
    import docx
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    table = _table(_TABLE_ROWS, _TABLE_COLUMNS)

    def raw(path: Path) -> None:
        document = docx.Document()
        for number in range(_TABLES):
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

    source = publication(_document(), "Report", {})
    _measure(f"DOCX {_TABLES} tables of 25 x 5, python-docx", source, exporter_for(Format.DOCX), raw, folder)


def _pdf(folder: Path) -> None:
    from fpdf import FPDF

    from forgeapp.paths import resource

    table = _table(_TABLE_ROWS, _TABLE_COLUMNS)
    fonts = sorted(resource("fonts").rglob("NotoSans-Regular.ttf"))

    def raw(path: Path) -> None:
        pdf = FPDF()
        pdf.add_font("body", fname=fonts[0])
        pdf.set_font("body", size=10)
        pdf.add_page()
        for number in range(_TABLES):
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

    source = publication(_document(), "Report", {})
    _measure(f"PDF {_TABLES} tables of 25 x 5, fpdf2 row loop", source, exporter_for(Format.PDF), raw, folder)


if __name__ == "__main__":
    main()
