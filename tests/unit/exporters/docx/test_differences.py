"""What a DOCX file lacks is named when it is read again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from docx.oxml.ns import qn
from lxml import etree

from forgeapp.domain.document import Footnote, FootnoteMark
from forgeapp.exporters.docx.exporter import EXPORTER
from forgeapp.exporters.docx.styles import W
from tests.unit.exporters.document_samples import RICH, paragraph, publication, table
from tests.unit.exporters.docx.opened import first_of, first_styled, remove, rewrite_part, written


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (lambda root: remove(first_styled(root, "Heading2")), "heading 2 'Lists' is missing"),
        (lambda root: remove(first_styled(root, "Quote")), "quote 'Quoted.' is missing"),
        (lambda root: remove(list(root.iter(f"{{{W}}}tr"))[1]), "2 x 2 cells instead of 3 x 2"),
        (lambda root: remove(list(root.iter(f"{{{W}}}tc"))[3]), "row 2 has 1 cells instead of 2"),
        (lambda root: remove(first_of(root, "drawing")), "instead of paragraph '\ufffc'"),
        (lambda root: first_of(root, "hyperlink").attrib.clear(), "links"),
        (lambda root: remove(first_of(root, "footnoteReference")), "Covers revenue"),
        (
            lambda root: first_styled(root, "Heading2").find(f".//{{{W}}}pStyle").set(qn("w:val"), "Heading3"),
            "heading 3",
        ),
        (lambda root: remove(first_styled(root, "ListBullet")), "item 0 \u2022 ListBullet 'First' is missing"),
        (lambda root: first_of(root, "numId").set(qn("w:val"), "99"), "list 99 is not defined"),
    ],
)
def test_a_planted_fault_is_named(tmp_path: Path, fault: Callable[[etree._Element], None], said: str) -> None:
    path = written(tmp_path, *RICH)
    rewrite_part(path, fault)
    differences = EXPORTER.verify(publication(*RICH), path)
    assert any(said in difference for difference in differences), differences


def test_a_changed_cell_is_named_by_row_and_column(tmp_path: Path) -> None:
    path = written(tmp_path, *RICH)

    def change(root: etree._Element) -> None:
        cell = list(root.iter(f"{{{W}}}tc"))[3]
        first_of(cell, "t").text = "2.11"

    rewrite_part(path, change)
    assert EXPORTER.verify(publication(*RICH), path) == [
        "block 18, row 2, column 2: cell '2.11' instead of cell '2.10'"
    ]


def test_a_missing_footnote_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, *RICH)
    rewrite_part(path, lambda root: root.remove(root[-1]), "word/footnotes.xml")
    assert any("1 footnotes instead of 2" in said for said in EXPORTER.verify(publication(*RICH), path))


def test_a_restart_that_is_lost_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, *RICH)
    rewrite_part(path, lambda root: remove(list(root.iter(f"{{{W}}}lvlOverride"))[2]), "word/numbering.xml")
    assert any(
        "item 0 1. ListNumber 'One' instead of item 0 3. ListNumber 'One'" in said
        for said in EXPORTER.verify(publication(*RICH), path)
    )


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04broken"])
def test_a_file_that_is_no_docx_is_said_to_be_one(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.docx"
    path.write_bytes(data)
    assert "cannot be opened" in EXPORTER.verify(publication(*RICH), path)[0]


def test_tables_are_read_again_wherever_they_stand(tmp_path: Path) -> None:
    """Rows of the body are let go while the file is read, those of footnotes are not."""
    figures = table(["A", "B"], ["1", "2"], ["3", "4"])
    blocks = (figures, paragraph("marked", FootnoteMark("a")), figures, Footnote("a", (figures,)))
    path = written(tmp_path, *blocks)
    assert EXPORTER.verify(publication(*blocks), path) == []
    other = replace(figures, rows=figures.rows[::-1])
    for changed in ((other, *blocks[1:]), (*blocks[:2], other, blocks[3]), (*blocks[:3], Footnote("a", (other,)))):
        assert EXPORTER.verify(publication(*changed), path)
