"""Tables on pages: what they leave out, and how their columns come by their widths."""

from __future__ import annotations

from pathlib import Path

import pytest

from forgeapp.domain.document import TableBlock
from forgeapp.domain.wording import Text
from forgeapp.exporters import fonts
from forgeapp.exporters.pdf.bands import Gap, bands
from forgeapp.exporters.pdf.exporter import EXPORTER
from tests.unit.exporters.page_samples import SENTENCE, paragraph, publication, table, written
from tests.unit.exporters.pdf.opened import verified


@pytest.fixture(autouse=True)
def _only_shipped_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "system_font_files", dict)


def sparse(empty_rows: int, empty_columns: int) -> TableBlock:
    blank = [""] * empty_columns
    rows = [["first", *blank, "1"], *[["", *blank, ""]] * empty_rows, ["last", *blank, "2"]]
    return table(["Name", *blank, "Sum"], rows)


def keys_of(path: Path, block: TableBlock) -> list[str]:
    warnings = written(EXPORTER, publication(block), path)
    return [each.key for each in warnings if isinstance(each, Text)]


def test_a_long_run_of_empty_rows_is_told_in_one_line(tmp_path: Path) -> None:
    block = sparse(480, 0)
    texts = verified(publication(block), tmp_path / "a.pdf").texts
    assert [line.split() for line in texts[0].splitlines()] == [
        ["Name", "Sum"],
        ["first", "1"],
        ["…", "480", "empty", "rows", "…"],
        ["last", "2"],
    ]
    assert keys_of(tmp_path / "b.pdf", block) == ["pdf_empty_rows"]


def test_a_long_run_of_empty_columns_is_told_by_three_dots(tmp_path: Path) -> None:
    block = sparse(0, 50)
    file = verified(publication(block), tmp_path / "a.pdf")
    assert sorted(file.texts[0].split()) == sorted(["Name", "…", "Sum", "first", "1", "last", "2"])
    assert file.sizes == [(595, 842)]
    assert keys_of(tmp_path / "b.pdf", block) == ["pdf_empty_columns"]


def test_a_form_to_be_filled_in_by_hand_keeps_its_empty_rows_and_columns(tmp_path: Path) -> None:
    block = sparse(25, 5)
    (band,) = bands(block)
    assert (band.header, band.rows) == (block.header, block.rows)
    assert keys_of(tmp_path / "a.pdf", block) == []


def test_a_line_about_empty_rows_goes_through_the_bands_of_a_very_wide_table(tmp_path: Path) -> None:
    header = [f"c{number}" for number in range(60)]
    block = table(header, [["x"] * 60, *[[""] * 60] * 99, ["y"] * 60])
    verified(publication(block, paragraph("after")), tmp_path / "a.pdf")
    assert [Gap(99) in band.rows for band in bands(block)] == [True, True]


def test_a_line_about_more_empty_rows_than_there_are_is_named(tmp_path: Path) -> None:
    written(EXPORTER, publication(sparse(480, 0)), tmp_path / "a.pdf")
    found = EXPORTER.verify(publication(sparse(470, 0)), tmp_path / "a.pdf")
    assert any("470 empty rows" in each for each in found), found


def test_short_cells_stay_on_one_line_where_long_ones_can_give_way(tmp_path: Path) -> None:
    rows = [["Paper and ink", "2024-03-09", "1,240.00 €", SENTENCE * 2, "in stock now"]] * 4
    text = verified(publication(table(["Thing", "Ordered on", "Price", "Remark", "State"], rows)), tmp_path / "a.pdf")
    first = text.texts[0].splitlines()
    for words in ("2024-03-09", "1,240.00 €", "in stock now"):
        assert any(words in line for line in first), first


def test_the_cells_of_many_columns_stay_on_one_line_and_their_header_gives_way(tmp_path: Path) -> None:
    header = ["Station", *[f"Day {number}" for number in range(1, 30)]]
    rows = [[f"Station {row:02}", *[f"{row}.5"] * 29] for row in range(40)]
    file = verified(publication(table(header, rows)), tmp_path / "a.pdf")
    assert "Station 07" in file.texts[0]
    assert len(file.texts) == 2


def test_a_table_after_a_wide_one_stands_upright_again_where_its_words_fit(tmp_path: Path) -> None:
    wide = table([f"Heading{number}" for number in range(14)], [["value"] * 14])
    usual = table(["One", "Two", "Three"], [[SENTENCE * 2] * 3])
    file = verified(publication(wide, paragraph("between"), usual), tmp_path / "a.pdf")
    assert file.sizes == [(842, 595), (595, 842)]
    file = verified(publication(wide, usual), tmp_path / "b.pdf")
    assert file.sizes == [(842, 595), (595, 842)]
