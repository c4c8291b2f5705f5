"""The beginning of a file before it is written: made by the very exporters, of the beginning of the content."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from forgeapp.app import App, build
from forgeapp.domain.artifact import FORMATS, Format
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.chat import Role
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content, kind_of
from forgeapp.domain.document import Document
from forgeapp.domain.export_options import Delimiter, ExportOptions, Paper
from forgeapp.domain.export_request import ArtifactSubject, ConversationSubject, ExportRequest
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, Hidden, Sheet, Values, Workbook
from forgeapp.errors import Cancelled, ExportFailed, WorkerFailed
from forgeapp.ledger.artifacts import NewVersion, Origin
from forgeapp.services.calculation import Calculation
from forgeapp.services.exporting.beginnings import MAX_CHARS, MAX_ROWS, beginning_of
from forgeapp.services.exporting.previews import Preview

CREW = Table("Crew", ("Name", "Trade"), (("Ada", "Pilot"), ("Bo", "Cook")))


@pytest.fixture
def app(home: Path) -> App:
    return build(home)


def preview(app: App, content: Content, file_format: Format | None, options: ExportOptions | None = None) -> Preview:
    conversation = app.ledger.conversations.start("Voyage")
    title = content.title or "Untitled"
    artifact = app.ledger.artifacts.add(NewVersion(content, Origin.GENERATED, title, None, conversation)).artifact
    return app.previews.make(artifact, content, title, file_format, CancelToken(), options or ExportOptions())


def test_a_formula_in_the_beginning_counts_rows_that_are_not_shown(app: App) -> None:
    cells = {(row, 0): Cell("1", 1) for row in range(1, 1_001)} | {(0, 0): Cell("=SUM(A2:A1001)")}
    shown = preview(app, Workbook("Sums", (Sheet("Plan", cells),)), Format.XLSX)
    assert shown.is_cut
    assert shown.grids[0].rows[0] == ("1000",)
    assert len(shown.grids[0].rows) < 100


def test_cells_stand_where_they_will_in_the_file(app: App) -> None:
    orders = Table(
        "Orders", ("No", "Net", "Date"), (("0002", "1,250.50 €", "2026-01-31"), ("0010", "80.00 €", "2026-02-28"))
    )
    (grid,) = preview(app, orders, Format.XLSX).grids
    assert grid.rows[1] == ("0002", "1,250.50 €", "2026-01-31")
    assert grid.at_right == {(0, 1), (1, 1), (2, 1)}
    cells = {(0, 0): Cell("Net"), (1, 0): Cell("7", 7), (2, 0): Cell("8", 8), (3, 0): Cell("none"), (4, 0): Cell("=A2")}
    (grid,) = preview(app, Workbook("Sums", (Sheet("Plan", cells),)), Format.XLSX).grids
    assert grid.at_right == {(0, 0), (1, 0), (2, 0), (4, 0)}


def test_what_a_spreadsheet_file_hides_is_out_of_sight_in_what_is_seen_of_it(app: App) -> None:
    hidden = Hidden(rows=frozenset({0}), columns=frozenset({1}))
    seen = Sheet("Plan", {(0, 0): Cell("Net"), (1, 1): Cell("7", 7)}, hidden=hidden)
    away = Sheet("Rates", {(0, 0): Cell("x")}, hidden=Hidden(sheet=True))
    (grid,) = preview(app, Workbook("Sums", (away, seen)), Format.XLSX).grids
    assert (grid.name, grid.hidden) == ("Plan", hidden)


def test_a_text_is_what_the_options_make_of_it(app: App) -> None:
    shown = preview(app, CREW, Format.CSV, ExportOptions(delimiter=Delimiter.SEMICOLON))
    assert shown.text is not None
    assert shown.text.splitlines() == ["Name;Trade", "Ada;Pilot", "Bo;Cook"]


def test_pages_are_of_the_chosen_paper_and_close(app: App) -> None:
    shown = preview(app, CREW, Format.PDF, ExportOptions(paper=Paper.LETTER))
    assert shown.pages is not None
    assert [(round(width), round(height)) for width, height in shown.pages.sizes] == [(612, 792)]
    shown.pages.close()
    assert not shown.pages.path.exists()


def test_provenance_is_in_the_preview_when_it_is_chosen(app: App) -> None:
    with_it = preview(app, Document("Note", "Words."), Format.MD, ExportOptions(provenance=True))
    without = preview(app, Document("Note", "Words."), Format.MD)
    assert "Provenance" in (with_it.text or "")
    assert "Provenance" not in (without.text or "")


def test_what_csv_leaves_out_is_warned_of(app: App) -> None:
    sheets = tuple(Sheet(name, {(0, 0): Cell("x")}) for name in ("Plan", "Notes"))
    assert any("Notes" in warning for warning in preview(app, Workbook("Plans", sheets), Format.CSV).warnings)


def test_code_is_shown_by_its_files(app: App) -> None:
    one, two = CodeFile("a.py", "python", "x = 1\n"), CodeFile("b.py", "python", "y = 2\n")
    assert preview(app, Code("One", (one,)), None).text == "x = 1\n"
    assert preview(app, Code("Two", (one, two)), None).files == (("a.py", 6), ("b.py", 6))
    assert preview(app, Code("Two", (one, two)), Format.ZIP).files == (("a.py", 6), ("b.py", 6))


def test_a_document_without_tables_has_no_workbook_to_look_at(app: App) -> None:
    with pytest.raises(ExportFailed, match="no tables"):
        preview(app, Document("Note", "Words."), Format.XLSX)


def test_no_file_stays_behind_when_it_is_cancelled(app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        app.previews.make(1, CREW, "Crew", Format.CSV, cancel)
    assert list(folder.iterdir()) == []


def test_a_preview_waits_for_no_export(app: App) -> None:
    slots, cancel = app._workers._slots["export"], CancelToken()
    artifact = app.ledger.artifacts.add(NewVersion(CREW, Origin.GENERATED, "Crew")).artifact
    timer = threading.Timer(20, cancel.cancel)
    timer.start()
    with slots, slots:
        assert app.previews.make(artifact, CREW, "Crew", Format.CSV, cancel).text
        assert app.pages.make(CREW, "Crew", cancel).sizes
    timer.cancel()


def test_formulas_of_an_export_of_a_preview_and_of_an_editor_wait_for_none_of_the_others(
    app: App, tmp_path: Path
) -> None:
    sums = Workbook("Sums", (Sheet("Plan", {(0, 0): Cell("=1+1")}, has_header=False),))
    artifact = app.ledger.artifacts.add(NewVersion(sums, Origin.GENERATED, "Sums")).artifact
    cancel = CancelToken()
    timer = threading.Timer(20, cancel.cancel)
    timer.start()
    with app._workers._slots["evaluate"]:
        assert app.previews.make(artifact, sums, "Sums", Format.CSV, cancel).text == "2\r\n"
        with app._preview_workers._slots["evaluate"]:
            app.exports.export(ExportRequest(ArtifactSubject(artifact, 1), tmp_path / "sums.csv"), cancel)
    assert (tmp_path / "sums.csv").read_bytes() == b"\xef\xbb\xbf2\r\n"
    with app._preview_workers._slots["evaluate"]:
        assert app.calculation.values(sums, cancel)["Plan"][0, 0] == 2
    timer.cancel()


def test_sheets_whose_formulas_cannot_be_computed_are_looked_at_as_they_will_be_written(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> Values:
        raise WorkerFailed(task="The calculation", reason="it ran out of memory")

    monkeypatch.setattr(Calculation, "values", refuse)
    sums = Workbook("Sums", (Sheet("Plan", {(0, 0): Cell("=1+1"), (1, 0): Cell("Rent")}, has_header=False),))
    shown = preview(app, sums, Format.XLSX)
    assert any("A1" in warning for warning in shown.warnings)
    assert shown.grids[0].rows[1] == ("Rent",)
    with pytest.raises(WorkerFailed):
        preview(app, sums, Format.CSV)


def test_a_conversation_is_looked_at_as_it_will_be_written(app: App) -> None:
    conversation = app.ledger.conversations.start("Voyage")
    app.ledger.conversations.add_message(conversation, Role.USER, "Who sails with us?")
    subject = ConversationSubject(conversation)
    text = app.previews.make_of_conversation(subject, Format.MD, CancelToken()).text
    assert "Who sails with us?" in (text or "")
    files = app.previews.make_of_conversation(subject, Format.ZIP, CancelToken()).files
    assert {"chat.md", "manifest.json"} <= {name for name, _ in files}
    assert app.previews.make_of_conversation(subject, Format.HTML, CancelToken()).blocks


@pytest.mark.parametrize(
    ("content", "is_cut"),
    [
        (CREW, False),
        (Table("Many", ("A",), tuple(("x",) for _ in range(MAX_ROWS + 1))), True),
        (Document("Short", "Words."), False),
        (Document("Long", "Some words.\n\n" * MAX_CHARS), True),
        (Document("One line", "x" * 3 * MAX_CHARS), True),
        (Workbook("Wide", (Sheet("S", {(0, 500): Cell("x")}),)), True),
        (Code("Long", (CodeFile("a.txt", "text", "x" * 2 * MAX_CHARS), CodeFile("b.txt", "text", "y"))), True),
        (Code("Short", (CodeFile("a.txt", "text", "x"),)), False),
    ],
    ids=lambda value: getattr(value, "title", None),
)
def test_no_more_than_the_beginning_is_looked_at(content: Content, is_cut: bool) -> None:
    shown, was_cut = beginning_of(content)
    assert was_cut is is_cut
    assert kind_of(shown) is kind_of(content)
    match shown:
        case Table(rows=rows):
            assert len(rows) <= MAX_ROWS
        case Document(markdown=markdown):
            assert len(markdown) <= MAX_CHARS
        case Code(files=files):
            assert sum(len(file.text) for file in files) <= MAX_CHARS
        case Workbook(sheets=sheets):
            assert all(row < MAX_ROWS and column < 60 for sheet in sheets for row, column in sheet.cells)


@pytest.mark.soak
def test_every_format_of_every_kind_has_a_preview(app: App) -> None:
    contents: tuple[Content, ...] = (
        CREW,
        Document("Letter", "# Letter\n\n| a |\n|---|\n| 1 |\n"),
        Workbook("Plan", (Sheet("S", {(0, 0): Cell("1", 1)}),)),
        Code("Run", (CodeFile("run.py", "python", "1\n"),)),
    )
    for content in contents:
        for file_format in FORMATS[kind_of(content)]:
            shown = preview(app, content, file_format)
            assert shown.pages or shown.grids or shown.text or shown.blocks or shown.files or shown.picture
            assert shown.differences == ()
