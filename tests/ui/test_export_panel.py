"""Export by real keys and clicks: format, name, folder, the file, and Stop."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget

from forgeapp.domain.artifact import Format
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.document import Document
from forgeapp.domain.export_options import USUAL
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, Sheet, Workbook
from forgeapp.errors import Cancelled
from forgeapp.ui.artifact.export.formats import choices
from forgeapp.ui.artifact.export.panel import ExportPanel
from forgeapp.ui.controls import Button
from forgeapp.ui.theme import LABEL, font
from forgeapp.ui.workbench.exports import Export
from tests.fakes.drawn import sketch
from tests.ui.pane_bench import CREW, PaneBench, bench

__all__ = ["bench"]


def open_panel(bench: PaneBench, folder: Path) -> ExportPanel:
    bench.workbench.exports.folder = folder
    bench.click(bench.find(Button, "export"))
    panel = bench.pane.panel
    bench.wait(lambda: panel.isVisible() and panel.target is not None)
    return panel


def wait_for_end(bench: PaneBench) -> list[Export]:
    ended: list[Export] = []
    bench.workbench.exports.ended.connect(ended.append)
    return ended


def test_enter_writes_the_file_that_is_proposed(bench: PaneBench, tmp_path: Path) -> None:
    bench.open(CREW)
    panel = open_panel(bench, tmp_path)
    assert panel.name.text() == "Crew.xlsx"
    assert panel.start.text() == "Export XLSX"
    ended = wait_for_end(bench)
    QTest.keyClick(panel.name, Qt.Key.Key_Return)
    assert not panel.isVisible()
    assert bench.workbench.exports.running
    bench.wait(lambda: ended)
    assert ended[0].error is None
    assert (tmp_path / "Crew.xlsx").stat().st_size > 1_000


def test_a_format_is_chosen_by_mouse_or_arrow_keys_and_remembered(bench: PaneBench, tmp_path: Path) -> None:
    bench.open(CREW)
    panel = open_panel(bench, tmp_path)
    bench.click(bench.find(QWidget, "format_xlsx", panel))
    QTest.keyClick(panel.formats, Qt.Key.Key_Right)
    bench.wait(lambda: panel.name.text() == "Crew.csv")
    ended = wait_for_end(bench)
    bench.click(panel.start)
    bench.wait(lambda: ended)
    assert (tmp_path / "Crew.csv").read_text("utf-8-sig").startswith("Name,Trade")
    bench.click(bench.find(Button, "export"))
    bench.wait(lambda: panel.name.text() == "Crew (2).csv")
    assert panel.formats.choice.format is Format.CSV
    QTest.keyClick(panel.name, Qt.Key.Key_Escape)
    assert not panel.isVisible()


def test_a_name_typed_by_hand_is_kept_and_its_extension_is_a_choice(bench: PaneBench, tmp_path: Path) -> None:
    bench.open(CREW)
    panel = open_panel(bench, tmp_path)
    panel.name.selectAll()
    bench.type(panel.name, "my:list.md")
    assert panel.formats.choice.format is Format.MD
    assert panel.start.text() == "Export MD"
    assert panel.target == tmp_path / "my list.md"
    bench.click(bench.find(QWidget, "format_csv", panel))
    assert panel.name.text() == "my:list.csv"
    (tmp_path / "deeper").mkdir()
    panel.name.selectAll()
    bench.type(panel.name, f"{tmp_path}/deeper/list")
    assert panel.target == tmp_path / "deeper" / "list.csv"
    panel.name.selectAll()
    bench.type(panel.name, "plain")
    assert panel.target == tmp_path / "plain.csv"
    panel.name.clear()
    bench.type(panel.name, " ")
    assert not panel.start.isEnabled()
    QTest.keyClick(panel.name, Qt.Key.Key_Return)
    assert panel.isVisible() and not bench.workbench.exports.running
    panel.close()


def test_jpeg_is_another_ending_of_jpg(bench: PaneBench, tmp_path: Path) -> None:
    bench.open(sketch())
    panel = open_panel(bench, tmp_path)
    panel.name.selectAll()
    bench.type(panel.name, "photo.jpeg")
    assert panel.formats.choice.format is Format.JPEG
    assert panel.target == tmp_path / "photo.jpeg"
    bench.click(bench.find(QWidget, "format_pdf", panel))
    assert panel.name.text() == "photo.pdf"
    panel.close()


def test_a_file_that_would_be_replaced_is_told_of(bench: PaneBench, tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_text("old", encoding="utf-8")
    (tmp_path / "place.csv").mkdir()
    bench.open(CREW)
    panel = open_panel(bench, tmp_path)
    assert not panel.warning.isVisible()
    panel.name.selectAll()
    bench.type(panel.name, "old.csv")
    bench.wait(panel.warning.isVisible)
    assert panel.warning.text == "Replaces the file that is there"
    assert panel.start.isEnabled()
    panel.name.selectAll()
    bench.type(panel.name, "place.csv")
    bench.wait(lambda: panel.warning.text == "A folder has this name")
    assert not panel.start.isEnabled()
    panel.name.selectAll()
    bench.type(panel.name, "new.csv")
    bench.wait(lambda: not panel.warning.isVisible())
    panel.close()


def test_enter_pressed_before_it_is_known_what_stands_there_replaces_nothing_unasked(
    bench: PaneBench, tmp_path: Path
) -> None:
    (tmp_path / "old.csv").write_text("old", encoding="utf-8")
    bench.open(CREW)
    panel = open_panel(bench, tmp_path)
    panel.name.selectAll()
    QTest.keyClicks(panel.name, "old.csv")
    QTest.keyClick(panel.name, Qt.Key.Key_Return)
    bench.wait(panel.warning.isVisible)
    assert panel.isVisible() and not bench.workbench.exports.running
    assert (tmp_path / "old.csv").read_text("utf-8") == "old"
    ended = wait_for_end(bench)
    QTest.keyClick(panel.name, Qt.Key.Key_Return)
    bench.wait(lambda: ended)
    assert (tmp_path / "old.csv").read_text("utf-8-sig").startswith("Name,")


@pytest.mark.parametrize("stood", ["old", None])
def test_what_somebody_writes_there_after_the_card_has_looked_stays(
    bench: PaneBench, tmp_path: Path, stood: str | None
) -> None:
    target = tmp_path / "mine.csv"
    if stood:
        target.write_text(stood, encoding="utf-8")
    bench.open(CREW)
    panel = open_panel(bench, tmp_path)
    panel.name.selectAll()
    bench.type(panel.name, target.name)
    bench.wait(lambda: panel.place.is_known and panel.warning.isVisible() == bool(stood))
    target.write_text("written meanwhile", encoding="utf-8")
    ended = wait_for_end(bench)
    QTest.keyClick(panel.name, Qt.Key.Key_Return)
    bench.wait(lambda: ended)
    (export,) = ended
    assert export.state == "failed" and "was changed by another program" in export.message
    assert target.read_text("utf-8") == "written meanwhile"
    bench.workbench.exports.retry(export)
    bench.wait(lambda: len(ended) == 2)
    assert target.read_text("utf-8-sig").startswith("Name,"), "told of it, the user asked for it again"


def typed(bench: PaneBench, panel: ExportPanel, name: str) -> None:
    panel.name.selectAll()
    bench.type(panel.name, name)


def shown_folder_of(panel: ExportPanel) -> str:
    return panel.findChildren(QLabel, "export_folder_shown")[0].text()


def test_a_folder_that_is_typed_and_not_there_is_told_of_and_made(bench: PaneBench, tmp_path: Path) -> None:
    bench.open(CREW)
    panel = open_panel(bench, tmp_path)
    typed(bench, panel, f"{tmp_path}/new/deep/list.csv")
    assert panel.target == tmp_path / "new" / "deep" / "list.csv"
    assert shown_folder_of(panel) == str(tmp_path / "new" / "deep")
    bench.wait(lambda: panel.warning.text == f"Makes the folder {Path('new/deep')}")
    assert not (tmp_path / "new").exists()
    ended = wait_for_end(bench)
    QTest.keyClick(panel.name, Qt.Key.Key_Return)
    bench.wait(lambda: ended)
    assert not panel.isVisible()
    assert (tmp_path / "new" / "deep" / "list.csv").exists()


def test_a_name_with_a_separator_is_a_path_from_the_folder_that_is_shown(bench: PaneBench, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    bench.open(CREW)
    panel = open_panel(bench, tmp_path)
    typed(bench, panel, "a/b.csv")
    assert panel.target == tmp_path / "a" / "b.csv"
    assert shown_folder_of(panel) == str(tmp_path / "a")
    bench.wait(lambda: panel.place.is_known)
    assert not panel.warning.isVisible()
    typed(bench, panel, f"{tmp_path}/")
    assert panel.target is None
    panel.close()


def test_a_folder_that_cannot_be_made_keeps_the_card_open(
    bench: PaneBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    bench.open(CREW)
    panel = open_panel(bench, tmp_path)
    typed(bench, panel, "file/list.csv")
    told = "There is no such folder, and it cannot be made"
    bench.wait(lambda: panel.warning.text == told)
    assert not panel.start.isEnabled()
    typed(bench, panel, "locked/list.csv")
    bench.wait(lambda: panel.warning.text == "Makes the folder locked")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    QTest.keyClick(panel.name, Qt.Key.Key_Return)
    bench.wait(lambda: panel.warning.text == told)
    assert panel.isVisible() and not bench.workbench.exports.running
    panel.close()


def test_a_name_that_not_every_system_takes_is_told_before(bench: PaneBench, tmp_path: Path) -> None:
    bench.open(CREW)
    panel = open_panel(bench, tmp_path)
    typed(bench, panel, "5:30 crew.csv")
    bench.wait(lambda: panel.warning.text == "Will be called 5 30 crew.csv")
    assert panel.start.isEnabled()
    typed(bench, panel, "crew")
    bench.wait(lambda: panel.place.is_known and not panel.warning.isVisible())
    panel.close()


def test_what_is_told_of_the_place_stands_there_whole(bench: PaneBench, tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_text("old", encoding="utf-8")
    bench.open(CREW)
    panel = open_panel(bench, tmp_path)
    typed(bench, panel, "old.csv")
    bench.wait(panel.warning.isVisible)
    line = panel.warning.label
    assert line.height() >= line.heightForWidth(line.width())
    assert panel.warning.geometry().right() < panel.start.geometry().left()
    panel.close()


def test_a_name_that_is_being_written_is_not_proposed_again(bench: PaneBench, tmp_path: Path) -> None:
    tab = bench.open(CREW)
    (tmp_path / "Crew.csv").symlink_to(tmp_path / "nothing")
    bench.workbench.exports.start(tab, tmp_path / "Crew (2).csv")
    bench.workbench.exports.remember("table", "csv", USUAL)
    panel = open_panel(bench, tmp_path)
    assert panel.name.text() == "Crew (3).csv"
    panel.close()
    bench.wait(lambda: not bench.workbench.exports.running)


def test_another_folder_is_chosen_and_the_typed_name_stays(
    bench: PaneBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    bench.open(CREW)
    panel = open_panel(bench, tmp_path)
    panel.name.selectAll()
    bench.type(panel.name, "mine.csv")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(other))
    bench.click(bench.find(Button, "export_folder", panel))
    assert panel.isVisible()
    assert panel.target == other / "mine.csv"
    assert bench.workbench.exports.folder == other
    panel.close()


def test_a_stopped_export_leaves_no_file(bench: PaneBench, tmp_path: Path) -> None:
    many = Table("Many", ("a", "b", "c", "d"), tuple((f"{n}", "some words", "more", "1.5") for n in range(30_000)))
    bench.open(many)
    panel = open_panel(bench, tmp_path)
    bench.click(bench.find(QWidget, "format_docx", panel))
    bench.wait(lambda: panel.name.text() == "Many.docx")
    ended = wait_for_end(bench)
    QTest.keyClick(panel.name, Qt.Key.Key_Return)
    running = bench.workbench.exports.running[0]
    bench.wait(lambda: running.job is not None)
    bench.workbench.exports.stop(running)
    bench.wait(lambda: ended)
    assert isinstance(ended[0].error, Cancelled)
    assert list(tmp_path.glob("*.docx")) == []


def test_hand_edits_are_in_the_file(bench: PaneBench, tmp_path: Path) -> None:
    tab = bench.open(CREW)
    tab.replace(Table("Crew", ("Who", "Trade"), CREW.rows), "Rename the column")
    panel = open_panel(bench, tmp_path)
    panel.name.selectAll()
    bench.type(panel.name, "now.csv")
    ended = wait_for_end(bench)
    QTest.keyClick(panel.name, Qt.Key.Key_Return)
    bench.wait(lambda: ended)
    assert (tmp_path / "now.csv").read_text("utf-8-sig").startswith("Who,")


def test_code_of_one_file_goes_into_that_file(bench: PaneBench, tmp_path: Path) -> None:
    (tmp_path / "run.py").write_text("old", encoding="utf-8")
    bench.open(Code("Runner", (CodeFile("src/run.py", "python", "print(1)\n"),)))
    panel = open_panel(bench, tmp_path)
    bench.wait(lambda: panel.name.text() == "run (2).py")
    assert panel.formats.choice.words == "Its own file"
    ended = wait_for_end(bench)
    QTest.keyClick(panel.name, Qt.Key.Key_Return)
    bench.wait(lambda: ended)
    assert (tmp_path / "run (2).py").read_text("utf-8") == "print(1)\n"


def test_each_kind_offers_its_formats() -> None:
    one = Code("c", (CodeFile("data.json", "json", "{}"),))
    two = Code("c", (CodeFile("a.py", "python", ""), CodeFile("b.py", "python", "")))
    bare = Code("c", (CodeFile("Makefile", "make", ""),))

    def names(content: Code | Document) -> list[str]:
        return [choice.name for choice in choices(content)]

    assert names(Document("d", "")) == ["PDF", "DOCX", "MD", "HTML", "JSON", "XLSX"]
    assert names(one) == ["JSON", "ZIP", "PDF", "DOCX", "HTML", "MD"]
    assert names(two)[:2] == ["Files", "ZIP"]
    assert names(bare)[0] == "Makefile"


def test_code_of_several_files_goes_into_a_folder_and_files_in_the_way_are_told_before(
    bench: PaneBench, tmp_path: Path
) -> None:
    bench.open(Code("Totals", (CodeFile("a.py", "python", "x = 1\n"), CodeFile("src/b.py", "python", "y = 2\n"))))
    panel = open_panel(bench, tmp_path)
    assert panel.formats.choice.is_folder
    assert (panel.name.text(), panel.start.text()) == ("Totals", "Save the files")
    ended = wait_for_end(bench)
    QTest.keyClick(panel.name, Qt.Key.Key_Return)
    bench.wait(lambda: ended)
    assert ended[0].error is None
    assert (tmp_path / "Totals" / "src" / "b.py").read_text() == "y = 2\n"
    (tmp_path / "Totals" / "a.py").write_text("older")
    bench.click(bench.find(Button, "export"))
    bench.wait(lambda: panel.name.text() == "Totals (2)")
    panel.name.selectAll()
    bench.type(panel.name, "Totals")
    bench.wait(lambda: panel.warning.isVisible())
    assert panel.warning.label.text() == "Replaces files that are there"
    bench.click(panel.start)
    bench.wait(lambda: len(ended) == 2)
    assert ended[1].error is None
    assert (tmp_path / "Totals" / "a.py").read_text() == "x = 1\n"


def choose(bench: PaneBench, panel: ExportPanel, key: str) -> None:
    bench.click(bench.find(QWidget, f"format_{key}", panel))
    assert panel.formats.choice.key == key


def shown_options(panel: ExportPanel) -> list[str]:
    named = {"paper": panel.options.paper, "delimiter": panel.options.delimiter, **panel.options.boxes}
    return [name for name, widget in named.items() if widget.isVisible()]


def test_only_options_that_a_format_honours_are_offered(bench: PaneBench, tmp_path: Path) -> None:
    bench.open(Document("Letter", "# Letter\n\nDear Bo,"))
    panel = open_panel(bench, tmp_path)
    assert shown_options(panel) == ["paper", "cover", "contents", "line_numbers", "provenance"]
    choose(bench, panel, "md")
    assert shown_options(panel) == ["provenance"]
    choose(bench, panel, "json")
    assert shown_options(panel) == []
    panel.close()


def test_options_go_into_the_file_and_are_remembered_by_kind_and_format(bench: PaneBench, tmp_path: Path) -> None:
    bench.open(CREW)
    panel = open_panel(bench, tmp_path)
    choose(bench, panel, "csv")
    bench.wait(lambda: panel.name.text() == "Crew.csv")
    assert panel.options.options.keeps_delimiter
    bench.click(bench.find(QWidget, "segment_semicolon", panel))
    assert not panel.options.options.keeps_delimiter
    ended = wait_for_end(bench)
    QTest.keyClick(panel.name, Qt.Key.Key_Return)
    bench.wait(lambda: ended)
    assert (tmp_path / "Crew.csv").read_text("utf-8-sig").startswith("Name;Trade")
    bench.click(bench.find(Button, "export"))
    bench.wait(lambda: panel.name.text() == "Crew (2).csv")
    assert panel.options.delimiter.value == "semicolon"
    choose(bench, panel, "pdf")
    QTest.keyClick(panel.options.boxes["cover"], Qt.Key.Key_Space)
    choose(bench, panel, "docx")
    assert not panel.options.boxes["cover"].isChecked()
    choose(bench, panel, "pdf")
    assert panel.options.boxes["cover"].isChecked()
    panel.close()


def test_the_preview_follows_each_choice(bench: PaneBench, tmp_path: Path) -> None:
    bench.pane.resize(1280, 720)
    bench.open(Table("Crew", ("Name", "Amount (EUR)"), (("Ada", "1"), ("Bo", "2"))))
    panel = open_panel(bench, tmp_path)
    assert panel.preview.isVisible()
    bench.wait(lambda: panel.preview.is_current)
    assert panel.preview.grid.isVisible()
    table, bold = panel.preview.grid.table, QFontMetricsF(font(LABEL, 600))
    names = [table.model().index(0, column).data(Qt.ItemDataRole.TextAlignmentRole) for column in range(2)]
    assert [bool(name & Qt.AlignmentFlag.AlignRight) for name in names] == [False, True]
    assert table.columnWidth(1) > bold.horizontalAdvance("Amount (EUR)") + 20, "names are drawn bold"
    assert panel.preview.grid.table.model().index(1, 0).data() == "Ada"
    choose(bench, panel, "csv")
    bench.wait(lambda: panel.preview.is_current)
    assert panel.preview.text.toPlainText().startswith("Name,Amount")
    bench.click(bench.find(QWidget, "segment_tab", panel))
    bench.wait(lambda: panel.preview.text.toPlainText().startswith("Name\tAmount"))
    panel.close()


def test_the_pages_of_the_preview_have_the_chosen_paper_and_are_leafed_through(
    bench: PaneBench, tmp_path: Path
) -> None:
    bench.pane.resize(1280, 720)
    bench.open(Document("Long", "# Long\n\n" + "\n\n".join(f"Paragraph {number}." for number in range(120))))
    panel = open_panel(bench, tmp_path)
    bench.wait(lambda: panel.preview.is_current)
    pages, count = panel.preview.pages, panel.preview.pages.count
    assert count > 1 and round(pages._file.sizes[0][0]) == 595
    assert panel.preview.state.text() == f"Page 1 of {count}"
    assert not panel.preview.back.isEnabled()
    bench.click(panel.preview.forth)
    assert panel.preview.state.text() == f"Page 2 of {count}"
    bench.click(bench.find(QWidget, "segment_letter", panel))
    bench.wait(lambda: panel.preview.is_current and round(pages._file.sizes[0][0]) == 612)
    QTest.keyClick(panel.options.boxes["cover"], Qt.Key.Key_Space)
    bench.wait(lambda: panel.preview.is_current and pages.count == count + 1)
    panel.close()


def test_what_the_export_will_warn_of_stands_below_the_preview(bench: PaneBench, tmp_path: Path) -> None:
    bench.pane.resize(1280, 720)
    sheets = tuple(Sheet(name, {(0, 0): Cell("x")}) for name in ("Plan", "Notes"))
    bench.open(Workbook("Plans", sheets))
    panel = open_panel(bench, tmp_path)
    choose(bench, panel, "csv")
    bench.wait(lambda: panel.preview.is_current)
    assert panel.remarks.isVisible() and "Notes" in panel.remarks.label.text()
    choose(bench, panel, "json")
    bench.wait(lambda: panel.preview.is_current)
    assert not panel.remarks.isVisible()
    panel.close()


def test_what_cannot_be_exported_says_so_in_place_of_the_preview(bench: PaneBench, tmp_path: Path) -> None:
    bench.pane.resize(1280, 720)
    bench.open(Document("Letter", "Dear Bo,"))
    panel = open_panel(bench, tmp_path)
    choose(bench, panel, "xlsx")
    bench.wait(lambda: panel.preview.failure is not None)
    assert "the document has no tables" in panel.preview.failure.title.text()
    choose(bench, panel, "md")
    bench.wait(lambda: panel.preview.failure is None)
    assert panel.preview.text.toPlainText().startswith("Dear Bo,")
    panel.close()


def test_the_preview_folds_away_where_there_is_no_room(bench: PaneBench, tmp_path: Path) -> None:
    bench.open(CREW)
    panel = open_panel(bench, tmp_path)
    assert not panel.preview.isVisible()
    narrow = panel.width()
    panel.close()
    bench.pane.resize(1280, 720)
    panel = open_panel(bench, tmp_path)
    assert panel.preview.isVisible() and panel.width() > narrow + 300
    panel.close()
    assert bench.workbench.jobs.count == 0 or panel.preview.is_current
