from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from forgeapp.domain.document import Block, CodeBlock, Heading, InlineMath, Run
from forgeapp.domain.export_options import ExportOptions, Paper
from forgeapp.domain.publication import Publication
from forgeapp.exporters import fonts
from tests.unit.exporters.page_samples import SENTENCE, heading, paragraph, publication, table
from tests.unit.exporters.pdf.opened import verified


@pytest.fixture(autouse=True)
def _only_shipped_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "system_font_files", dict)


def chosen(options: ExportOptions, *blocks: Block, **properties: str) -> Publication:
    return dataclasses.replace(publication(*blocks, **properties), options=options)


def chapters(count: int) -> list[Block]:
    blocks: list[Block] = [heading(1, "The whole")]
    for number in range(1, count + 1):
        blocks += [heading(2, f"Chapter {number}"), paragraph(SENTENCE * 12), heading(3, f"Part of {number}")]
        blocks += [paragraph(SENTENCE * 5)]
    return blocks


def test_the_cover_has_title_subject_author_and_date_and_no_number(tmp_path: Path) -> None:
    content = chosen(
        ExportOptions(cover=True),
        *chapters(3),
        title="Money and machines",
        author="The board",
        subject="A year in figures",
        created="2026-03-09T10:00:00+00:00",
    )
    file = verified(content, tmp_path / "a.pdf")
    assert file.texts[0].split("\r\n") == ["Money and machines", "A year in figures", "The board", "9 March 2026"]
    assert f"2 / {len(file.texts)}" in file.texts[1]


def test_the_contents_name_the_page_of_every_heading_and_lead_there(tmp_path: Path) -> None:
    file = verified(chosen(ExportOptions(cover=True, contents=True), *chapters(45)), tmp_path / "a.pdf")
    texts = file.texts
    front = next(number for number, text in enumerate(texts) if text.startswith("The whole"))
    assert front >= 3
    entries = re.findall(r"(Chapter \d+|Part of \d+)\s+(\d+)", "\n".join(texts[1:front]))
    assert len(entries) == 90
    for name, page in entries:
        assert name in texts[int(page) - 1].splitlines()


def test_a_long_or_drawn_heading_stands_whole_in_the_contents(tmp_path: Path) -> None:
    long = heading(2, "What was bought, " * 12)
    drawn = Heading(2, (Run("The law of "), InlineMath("E = mc^2")))
    file = verified(chosen(ExportOptions(contents=True), long, drawn, paragraph("x")), tmp_path / "a.pdf")
    assert "E = mc^2" in file.texts[0]


def test_contents_of_a_document_without_headings_take_no_page(tmp_path: Path) -> None:
    file = verified(chosen(ExportOptions(contents=True), paragraph("only words")), tmp_path / "a.pdf")
    assert [text.strip() for text in file.texts] == ["only words"]


def test_contents_are_right_where_the_last_page_lies_on_its_side(tmp_path: Path) -> None:
    wide = table([f"Heading{i}" for i in range(12)], [["value"] * 12] * 3)
    content = chosen(ExportOptions(contents=True), *chapters(2), heading(2, "Wide"), wide)
    file = verified(content, tmp_path / "a.pdf")
    assert file.sizes[-1] == (842, 595)
    assert file.top_of("Contents") > 750


def test_paper_is_a4_or_letter_upright_and_on_its_side(tmp_path: Path) -> None:
    wide = table([f"Heading{i}" for i in range(12)], [["value"] * 12] * 3)
    file = verified(chosen(ExportOptions(paper=Paper.LETTER), paragraph("x"), wide), tmp_path / "a.pdf")
    assert file.sizes == [(612, 792), (792, 612)]


def test_lines_of_code_are_numbered_once_each_however_often_they_are_wrapped(tmp_path: Path) -> None:
    code = "short\n" + "word " * 60 + "\nlast"
    file = verified(chosen(ExportOptions(line_numbers=True), CodeBlock("text", code)), tmp_path / "a.pdf")
    lines = file.texts[0].splitlines()
    assert [line.split()[0] for line in lines if line[0].isdigit()] == ["1", "2", "3"]
    assert len(lines) > 4
