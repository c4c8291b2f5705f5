"""`forgeapp tour`: the real window in a process of its own, without a screen, a key or a network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pypdfium2
import pytest
from PIL import Image, ImageStat

from tests.end_to_end.conftest import Ran

pytestmark = pytest.mark.integration


def test_the_tour_leaves_pictures_of_each_step_and_files_that_other_programs_open(
    run: Callable[..., Ran], tmp_path: Path
) -> None:
    out = tmp_path / "tour"
    ran = run("tour", "--out", out, "--json", env={"QT_QPA_PLATFORM": "offscreen"})
    assert ran.code == 0, ran.err
    files = [Path(file) for file in ran.json]
    assert sorted(files) == sorted(out.iterdir())
    pictures = [file for file in files if file.suffix == ".png"]
    for light, dark in zip(pictures[::2], pictures[1::2], strict=True):
        assert light.name.replace("light", "dark") == dark.name
        assert _brightness(light) > 200 > 100 > _brightness(dark)
    sheet = openpyxl.load_workbook(out / "budget.xlsx", data_only=True).worksheets[0]
    values = [cell.value for row in sheet.iter_rows() for cell in row]
    assert 4321 in values
    words = "\n".join(paragraph.text for paragraph in docx.Document(str(out / "minutes.docx")).paragraphs)
    assert "Minutes of the kick-off meeting" in words
    cells = [cell.text for table in docx.Document(str(out / "minutes.docx")).tables for cell in table._cells]
    assert {"Kitchen", "Service", "Office"} <= set(cells)
    with pypdfium2.PdfDocument(out / "budget.pdf") as pdf:
        assert "4,321" in pdf[0].get_textpage().get_text_range()
    assert "sweep, oil once a year" in (out / "comparison.csv").read_text(encoding="utf-8-sig")


def test_the_window_needs_a_screen_and_says_what_works_without(run: Callable[..., Ran]) -> None:
    ran = run("--json", env={"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""})
    assert ran.code == 2
    ran = run(env={"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""})
    assert ran.code == 1
    assert "forgeapp tour" in ran.err


def _brightness(path: Path) -> float:
    with Image.open(path) as picture:
        return float(ImageStat.Stat(picture.convert("L")).mean[0])
