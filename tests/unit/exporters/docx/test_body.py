"""The text of a DOCX file goes into its package piece by piece, and is compared row by row."""

from __future__ import annotations

import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forgeapp.exporters.docx import body
from forgeapp.exporters.docx.exporter import EXPORTER
from forgeapp.exporters.docx.found import read_outline
from forgeapp.exporters.docx.outline import summed, whole
from tests.unit.exporters.document_samples import full_report, publication, table

_ROWS = [[f"row {row}, column {column}" for column in range(8)] for row in range(1_000)]
LONG = publication(table([f"Column {column}" for column in range(8)], *_ROWS))


def _text(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return archive.read("word/document.xml")


def _held(work: Callable[[], Any]) -> tuple[int, int]:
    """The bytes of what the work gives, and the most that was held meanwhile."""
    tracemalloc.start()
    try:
        given = work()
        size, most = tracemalloc.get_traced_memory()
        del given
        return size, most
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("held", [0, 1_000_000_000])
def test_what_is_put_aside_on_disk_comes_into_the_file_as_what_is_held(
    held: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = full_report()
    EXPORTER.write(report, tmp_path / "usual.docx", lambda share: None)
    monkeypatch.setattr(body, "_MOST_HELD_BYTES", held)
    EXPORTER.write(report, tmp_path / "other.docx", lambda share: None)
    assert _text(tmp_path / "other.docx") == _text(tmp_path / "usual.docx")
    assert EXPORTER.verify(report, tmp_path / "other.docx") == []


def test_writing_a_long_table_never_holds_its_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "_MOST_HELD_BYTES", 100_000)
    monkeypatch.setattr(body, "_COPIED_BYTES", 100_000)
    EXPORTER.write(LONG, tmp_path / "first.docx", lambda share: None)
    _, most = _held(lambda: EXPORTER.write(LONG, tmp_path / "out.docx", lambda share: None))
    assert most < len(_text(tmp_path / "out.docx")) / 2


def test_comparing_a_long_table_holds_a_sum_of_each_row_and_not_its_cells(tmp_path: Path) -> None:
    path = tmp_path / "out.docx"
    EXPORTER.write(LONG, path, lambda share: None)
    sums, _ = _held(lambda: read_outline(path, summed))
    cells, _ = _held(lambda: read_outline(path, whole))
    assert sums < cells / 4
