"""Tables in DOCX: their rows, columns and sides."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from lxml import etree

from forgeapp.domain.artifact import Kind
from forgeapp.domain.document import FootnoteMark, Heading, Picture, Quote, Run, TableBlock
from forgeapp.domain.export_options import Paper
from forgeapp.exporters.docx.exporter import EXPORTER
from forgeapp.exporters.docx.sections import UPRIGHT
from forgeapp.exporters.docx.styles import W
from forgeapp.exporters.docx.tables import CELL_PADDING, natural_widths
from tests.unit.exporters.document_samples import data_address, paragraph, publication, table
from tests.unit.exporters.docx.opened import check_order, first_of, opened_part, texts_styled, written, written_with


def test_a_header_row_repeats_and_rows_do_not_break(tmp_path: Path) -> None:
    root = opened_part(written(tmp_path, table(["A", "B"], ["1", "2"])))
    assert len(list(root.iter(f"{{{W}}}tblHeader"))) == 1
    assert len(list(root.iter(f"{{{W}}}cantSplit"))) == 2


def test_without_a_header_the_first_row_looks_like_the_others(tmp_path: Path) -> None:
    assert first_of(opened_part(written(tmp_path, table(["A"], ["1"]))), "tblLook").get(qn("w:firstRow")) == "1"
    assert first_of(opened_part(written(tmp_path, table([""], ["1"]))), "tblLook").get(qn("w:firstRow")) == "0"


def test_columns_fit_the_page_and_their_text(tmp_path: Path) -> None:
    root = opened_part(written(tmp_path, table(["Id", "Text"], ["1", "many words " * 60])))
    widths = [int(column.get(qn("w:w")) or 0) for column in root.iter(f"{{{W}}}gridCol")]
    assert widths[0] < 800 < widths[1]
    assert sum(widths) <= 11_906 - 2 * 1_134


def test_long_figures_have_room_in_a_wider_font_than_ours(tmp_path: Path) -> None:
    root = opened_part(written(tmp_path, table(["EAN", "Text"], ["4012345678901", "many words " * 60])))
    width = int(first_of(root, "gridCol").get(qn("w:w")) or 0) - 2 * CELL_PADDING
    assert width >= 13 * 0.636 * 9.5 * 20  # DejaVu Sans, at 9.5 points, in twips


def test_a_table_too_wide_upright_lies_on_its_side(tmp_path: Path) -> None:
    wide = table([f"Column number {n}" for n in range(9)], ["some longer text"] * 9)
    EXPORTER.write(publication(wide, kind=Kind.TABLE), tmp_path / "t.docx", lambda share: None)
    size = first_of(opened_part(tmp_path / "t.docx"), "pgSz")
    assert size.get(qn("w:orient")) == "landscape"


def test_a_table_of_more_columns_than_word_opens_becomes_several(tmp_path: Path) -> None:
    wide = table([str(n) for n in range(100)], [str(n) for n in range(100)])
    path = tmp_path / "out.docx"
    warnings = EXPORTER.write(publication(wide), path, lambda share: None)
    assert warnings == ["a table of 100 columns was written as 2, for Word takes 63"]
    assert [len(row.cells) for t in docx.Document(str(path)).tables for row in t.rows] == [63, 63, 37, 37]
    assert EXPORTER.verify(publication(wide), path) == []


def test_a_column_stands_at_its_side_whichever_way_its_cells_run(tmp_path: Path) -> None:
    sides = ("right", "left", "center", None)
    rows = tuple(tuple((Run(text),) for _ in sides) for text in ("סכום", "250"))
    path = written_with(tmp_path, TableBlock(((Run("a"),),) * 4, rows, sides))
    hebrew, figures = [
        [_said_side(cell) for cell in row.iter(qn("w:tc"))] for row in list(opened_part(path).iter(qn("w:tr")))[1:]
    ]
    # In a paragraph from the right 'right' is the side where lines end.
    assert hebrew == [None, "right", "center", None]
    assert figures == ["right", None, "center", None]


def _said_side(cell: etree._Element) -> str | None:
    side = next(cell.iter(qn("w:jc")), None)
    return None if side is None else side.get(qn("w:val"))


def test_only_a_wide_table_of_a_document_lies_on_its_side_with_its_heading(tmp_path: Path) -> None:
    wide = table([f"Measured column {n}" for n in range(12)], ["a long value"] * 12)
    path = written_with(tmp_path, paragraph("before"), Heading(2, (Run("Wide"),)), wide, paragraph("after"))
    sections = docx.Document(str(path)).sections
    assert [section.orientation == WD_ORIENT.LANDSCAPE for section in sections] == [False, True, False]
    first = next(each for each in opened_part(path)[0] if each.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None)
    following = first.getnext()
    assert following is not None and "".join(following.itertext()) == "Wide"
    narrow = written_with(tmp_path, table(["A", "B"], ["1", "2"]), paragraph("after"))
    assert len(docx.Document(str(narrow)).sections) == 1


@pytest.mark.parametrize("text", ["Table 1: Sums", "Abbildung 2", "Figure 3. A chart", "表 4"])
def test_a_line_that_names_a_table_beside_it_is_a_caption(tmp_path: Path, text: str) -> None:
    path = written_with(tmp_path, paragraph(text), table(["A"], ["1"]), paragraph("more"), paragraph(text))
    assert texts_styled(path, "Caption") == [text]


def test_a_tall_row_may_break_over_pages_and_the_others_may_not(tmp_path: Path) -> None:
    root = opened_part(written_with(tmp_path, table(["A", "B"], ["short", "x"], ["many words " * 400, "x"])))
    assert [row.find(f".//{qn('w:cantSplit')}") is not None for row in root.iter(qn("w:tr"))] == [True, True, False]


def test_a_picture_in_a_cell_can_be_seen(tmp_path: Path) -> None:
    cells = TableBlock(
        ((Run("pic"),), (Run("n"),)), (((Picture(data_address(600, 300), "c"),), (Run("5"),)),), (None, None)
    )
    (shape,) = docx.Document(str(written_with(tmp_path, cells))).inline_shapes
    assert shape.width.mm > 70
    small = TableBlock(((Run("pic"),),), (((Picture(data_address(40, 20), "c"),),),), (None,))
    (shape,) = docx.Document(str(written_with(tmp_path, small))).inline_shapes
    assert shape.width.twips == 600


def test_a_cell_has_room_for_the_mark_of_a_footnote() -> None:
    plain, marked = (
        TableBlock(((Run("A"),),), ((cell,),), (None,)) for cell in ((Run("12.50"),), (Run("12.50"), FootnoteMark("a")))
    )
    assert natural_widths(marked)[0][0] > natural_widths(plain)[0][0]


def test_text_from_the_right_has_its_tables_over_the_whole_width_and_its_quote_bar_at_the_right(tmp_path: Path) -> None:
    path = written(
        tmp_path, table(["المنطقة", "مبلغ"], ["الشمال", "12"]), Quote((paragraph("اقتباس"), paragraph("Left")))
    )
    root = opened_part(path)
    widths = [int(column.get(qn("w:w"))) for column in root.iter(f"{{{W}}}gridCol")]
    assert abs(sum(widths) - UPRIGHT[Paper.A4].text_width) < len(widths)
    right, left = (each for each in root.iter(f"{{{W}}}pPr") if first_of(each, "pStyle").get(qn("w:val")) == "Quote")
    assert [etree.QName(side).localname for side in first_of(right, "pBdr")] == ["left", "right"]
    assert first_of(right, "left").get(qn("w:val")) == "nil"
    assert list(left.iter(f"{{{W}}}pBdr")) == []
    check_order(root)
