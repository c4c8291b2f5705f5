"""Faults planted in the exporter or in its file: verification names each of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forgeapp.domain.document import (
    Block,
    CodeBlock,
    Footnote,
    FootnoteMark,
    Heading,
    InlineMath,
    ListBlock,
    ListItem,
    MathBlock,
    Paragraph,
    Picture,
    Run,
    TableBlock,
)
from forgeapp.domain.export_options import ExportOptions
from forgeapp.domain.publication import Publication
from forgeapp.exporters import fonts
from forgeapp.exporters.pdf.drawings import FormulaDrawing
from forgeapp.exporters.pdf.exporter import EXPORTER
from forgeapp.exporters.pdf.flow import Flow
from forgeapp.exporters.pdf.front import Contents
from forgeapp.exporters.pdf.notes import Notes
from forgeapp.exporters.pdf.table import TableSetter
from tests.unit.exporters.page_samples import (
    FULL,
    SENTENCE,
    heading,
    paragraph,
    picture_source,
    publication,
    table,
    written,
)

_ROWS = [[f"name {number}", f"{number * 7}.50"] for number in range(60)]
_INLINES = (Run(SENTENCE * 3), FootnoteMark("a"), Run(" and "), Run("a link", link="https://example.org/x"))
REPORT: tuple[Block, ...] = (
    heading(1, "The report"),
    Paragraph(_INLINES),
    heading(2, "Numbers"),
    table(["Name", "Amount"], _ROWS, [None, "right"]),
    heading(2, "Law"),
    paragraph("As ", InlineMath(r"E = m c^2"), " says."),
    MathBlock(r"\int_0^1 x^2 \, dx"),
    ListBlock(True, (ListItem((paragraph("first"),)), ListItem((paragraph("second"),))), start=4),
    CodeBlock("python", "one = 1\ntwo = 2"),
    Paragraph((Picture(picture_source(), "blue"),)),
    Paragraph((Picture(picture_source(30, 30), "square"),)),
    Footnote("a", (paragraph("The note. " * 8),)),
)
OPTIONS = ExportOptions(cover=True, contents=True, line_numbers=True)


@pytest.fixture(autouse=True)
def _only_shipped_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "system_font_files", dict)


def report(*blocks: Block) -> Publication:
    return dataclasses.replace(publication(*(blocks or REPORT)), options=OPTIONS)


def test_the_report_has_no_fault_of_its_own(tmp_path: Path) -> None:
    written(EXPORTER, report(), tmp_path / "a.pdf")
    assert EXPORTER.verify(report(), tmp_path / "a.pdf") == []


def _replaced(old: Block, new: Block | None) -> tuple[Block, ...]:
    return tuple(block for block in (new if each is old else each for each in REPORT) if block is not None)


def _changed(index: int, **fields: Any) -> tuple[Block, ...]:
    return _replaced(REPORT[index], dataclasses.replace(REPORT[index], **fields))


def _rows(rows: list[list[str]]) -> tuple[Block, ...]:
    return _replaced(REPORT[3], table(["Name", "Amount"], rows, [None, "right"]))


SWAPPED_CELLS = [[*_ROWS[0][::-1]], *_ROWS[1:]]
FAULTS_OF_CONTENT: dict[str, tuple[tuple[Block, ...], str]] = {
    "a row lost": (_rows(_ROWS[:30] + _ROWS[31:]), "name 30"),
    "a row twice": (_rows(_ROWS[:30] + _ROWS[29:]), "not in the document"),
    "the last row twice": (_rows([*_ROWS, _ROWS[-1]]), "not in the document"),
    "two rows exchanged": (_rows([*_ROWS[:9], _ROWS[10], _ROWS[9], *_ROWS[11:]]), "name"),
    "two cells exchanged": (_rows(SWAPPED_CELLS), "table cell"),
    "a cell changed": (_rows([*_ROWS[:5], ["name 5", "35.05"], *_ROWS[6:]]), "35.50"),
    "a cell emptied": (_rows([*_ROWS[:5], ["name 5", ""], *_ROWS[6:]]), "35.50"),
    "a digit lost at the end": (_rows([*_ROWS[:-1], [_ROWS[-1][0], _ROWS[-1][1][:-1]]]), _ROWS[-1][1]),
    "a heading lost": (_replaced(REPORT[2], None), "Numbers"),
    "a heading of another level": (
        _replaced(REPORT[2], heading(3, "Numbers")),
        "does not look like a heading of level 2",
    ),
    "a heading as a paragraph": (_replaced(REPORT[4], paragraph("Law")), "Law"),
    "a paragraph lost": (_replaced(REPORT[1], None), "Rents"),
    "a paragraph twice": ((*REPORT[:1], REPORT[7], *REPORT[1:]), "not in the document"),
    "a link lost": (_changed(1, inlines=(*_INLINES[:-1], Run("a link"))), "https://example.org/x"),
    "a link elsewhere": (
        _changed(1, inlines=(*_INLINES[:-1], Run("a link", link="https://evil.example"))),
        "evil.example",
    ),
    "a formula changed": (_replaced(REPORT[6], MathBlock(r"\int_0^1 x^3 \, dx")), "formula"),
    "a formula lost": (_replaced(REPORT[6], None), "formula"),
    "a formula in a line changed": (_replaced(REPORT[5], paragraph("As ", InlineMath("E = m c^3"), " says.")), "says"),
    "a list that begins at one": (_changed(7, start=1), "4."),
    "an item lost": (_replaced(REPORT[7], ListBlock(True, (ListItem((paragraph("first"),)),), start=4)), "second"),
    "a line of code lost": (_replaced(REPORT[8], CodeBlock("python", "one = 1")), "two"),
    "a picture lost": (_replaced(REPORT[9], None), "pictures"),
    "a picture of another size": (
        _replaced(REPORT[9], Paragraph((Picture(picture_source(41, 20), "blue"),))),
        "picture 1",
    ),
    "two pictures exchanged": ((*REPORT[:9], REPORT[10], REPORT[9], REPORT[11]), "picture 1"),
    "a footnote lost": (REPORT[:-1], "footnote"),
    "a footnote changed": ((*REPORT[:-1], Footnote("a", (paragraph("The note. " * 7),))), "footnote 1"),
    "a footnote's mark lost": (_changed(1, inlines=(_INLINES[0], *_INLINES[2:])), "Rents"),
}


@pytest.mark.parametrize("name", FAULTS_OF_CONTENT)
def test_content_that_is_not_the_documents_is_named(name: str, tmp_path: Path) -> None:
    blocks, word = FAULTS_OF_CONTENT[name]
    written(EXPORTER, report(*blocks), tmp_path / "a.pdf")
    found = EXPORTER.verify(report(), tmp_path / "a.pdf")
    assert any(word in difference for difference in found), found


def _nothing(*arguments: Any, **named: Any) -> None:
    """Instead of what draws."""


def _first_line_of_cells(original: Callable[..., Any]) -> Callable[..., Any]:
    def cut(setter: TableSetter, cells: Any, *others: Any) -> Any:
        return original(setter, [lines[:1] for lines in cells], *others)

    return cut


def _one_page_late(original: Callable[..., Any]) -> Callable[..., Any]:
    def late(contents: Contents, places: Any) -> Any:
        return original(contents, [(min(page + 1, 5), height) for page, height in places])

    return late


def _outline_to_page_one(original: Callable[..., Any]) -> Callable[..., Any]:
    def section(flow: Flow, name: str, level: int) -> None:
        original(flow, name, level)
        flow.paper._outline[-1].dest.page_number = 1

    return section


def _numbers_from_two(original: Callable[..., Any]) -> Callable[..., Any]:
    def number(flow: Flow, title: str, first: int) -> Any:
        return original(flow, title, first + 2)

    return number


FAULTS_OF_CODE: dict[str, tuple[type, str, Callable[[Callable[..., Any]], Callable[..., Any]], str]] = {
    "formulas without their outlines": (FormulaDrawing, "paint", lambda _: _nothing, "letters of formulas"),
    "pictures that are not drawn": (Flow, "picture", lambda _: _nothing, "pictures"),
    "cells cut after their first line": (TableSetter, "_draw", _first_line_of_cells, "table cell"),
    "notes that are not drawn": (Notes, "end_page", lambda _: _nothing, "footnote 1"),
    "contents that are not drawn": (Contents, "draw", lambda _: _nothing, "contents"),
    "contents with wrong pages": (Contents, "draw", _one_page_late, "contents"),
    "lines of contents that lead nowhere": (Flow, "lead_to", lambda _: _nothing, "lines of the contents"),
    "an outline that leads elsewhere": (Flow, "section", _outline_to_page_one, "contents"),
    "pages without numbers": (Flow, "number_pages", _numbers_from_two, "page 2 has no number"),
}


@pytest.mark.parametrize("name", FAULTS_OF_CODE)
def test_a_fault_in_the_exporter_is_named(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, attribute, fault, word = FAULTS_OF_CODE[name]
    tall = (Run(SENTENCE * 4),)
    content = report(*REPORT, TableBlock((tall,), ((tall,),), (None,)))
    with monkeypatch.context() as planted:
        planted.setattr(place, attribute, fault(getattr(place, attribute)))
        written(EXPORTER, content, tmp_path / "a.pdf")
    found = EXPORTER.verify(content, tmp_path / "a.pdf")
    assert any(word in difference for difference in found), found


def test_a_picture_of_the_same_size_in_other_colours_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import base64
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (40, 20), "#a03a13").save(out, "PNG")
    other = f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"
    written(EXPORTER, publication(Paragraph((Picture(other),))), tmp_path / "a.pdf")
    assert EXPORTER.verify(publication(Paragraph((Picture(picture_source()),))), tmp_path / "a.pdf") == [
        "picture 1 is not the one of the document"
    ]


@pytest.mark.parametrize(
    "options", [ExportOptions(cover=True), ExportOptions(contents=True), ExportOptions(line_numbers=True)]
)
def test_an_option_that_was_not_honoured_is_named(options: ExportOptions, tmp_path: Path) -> None:
    content = publication(*REPORT)
    written(EXPORTER, content, tmp_path / "a.pdf")
    assert EXPORTER.verify(dataclasses.replace(content, options=options), tmp_path / "a.pdf")
    assert EXPORTER.verify(content, tmp_path / "a.pdf") == []
    written(EXPORTER, dataclasses.replace(content, options=options), tmp_path / "a.pdf")
    assert EXPORTER.verify(content, tmp_path / "a.pdf")


def test_the_full_sample_with_a_word_less_in_any_block_is_named(tmp_path: Path) -> None:
    written(EXPORTER, publication(*FULL), tmp_path / "a.pdf")
    for index, block in enumerate(FULL):
        if isinstance(block, Paragraph | Heading):
            inlines = (*block.inlines, Run(" moreover"))
            wanted = (*FULL[:index], dataclasses.replace(block, inlines=inlines), *FULL[index + 1 :])
            assert EXPORTER.verify(publication(*wanted), tmp_path / "a.pdf"), block


def test_a_line_end_that_is_lost_in_a_cell_is_named(tmp_path: Path) -> None:
    written(EXPORTER, publication(table(["Name", "Text"], [["one two", "x"]])), tmp_path / "a.pdf")
    right = publication(table(["Name", "Text"], [["one\ntwo", "x"]]))
    assert EXPORTER.verify(right, tmp_path / "a.pdf") == [
        "a line of the table cell 'one two' does not end where it should"
    ]
