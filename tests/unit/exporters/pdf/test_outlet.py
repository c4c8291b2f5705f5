"""A PDF goes out piece by piece, as the very file the library would have written whole."""

from __future__ import annotations

import io
import os
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fpdf import FPDF
from PIL import Image

from forgeapp.exporters.pdf.outlet import write_paper


def _paper(pictures: int = 2) -> FPDF:
    paper = FPDF()
    paper.set_creation_date(datetime(2026, 3, 1, 12, 30, 5, tzinfo=UTC))
    paper.set_title("Pictures")
    for _ in range(pictures):
        data = io.BytesIO()
        Image.frombytes("RGB", (200, 200), os.urandom(120_000)).save(data, "PNG")
        paper.add_page()
        paper.image(data, w=50)
    return paper


def test_it_is_byte_for_byte_what_the_library_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "urandom", lambda count: bytes(number % 251 for number in range(count)))
    write_paper(_paper(), tmp_path / "out.pdf")
    assert (tmp_path / "out.pdf").read_bytes() == bytes(_paper().output())


def test_the_file_is_never_held(tmp_path: Path) -> None:
    paper = _paper(20)
    tracemalloc.start()
    write_paper(paper, tmp_path / "out.pdf")
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert used < (tmp_path / "out.pdf").stat().st_size / 2


def test_a_place_that_takes_no_file_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        write_paper(_paper(1), tmp_path / "nowhere" / "out.pdf")
