"""The page view: the real pages of the file an artifact will become."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.workbook import Cell, Sheet, Workbook
from forgeapp.ui.artifact.pages.area import PageArea
from forgeapp.ui.artifact.pages.view import PagesView
from forgeapp.ui.artifact.preview import Preview
from forgeapp.ui.controls import ElidedLabel
from tests.ui.pane_bench import CREW, PaneBench, bench

__all__ = ["bench"]  # a fixture
pytestmark = pytest.mark.integration
LONG = Document("Report", "# Report\n\n" + "\n\n".join(f"## Part {n}\n\n" + "Many words. " * 250 for n in range(14)))


def open_pages(bench: PaneBench, content: Content) -> PagesView:
    bench.open(content, content.title or "Untitled")
    bench.show_view("preview")
    preview = bench.find(Preview, "preview")
    bench.click(preview.bar.switch.findChild(QWidget, "segment_pages"))
    assert preview.pages is not None
    bench.wait(lambda: preview.pages and preview.pages.area.is_complete)
    return preview.pages


def test_pages_show_what_the_pdf_holds_and_follow_a_change(bench: PaneBench) -> None:
    view = open_pages(bench, CREW)
    assert view.area.count == 1
    first = view.file
    before = view.area.drawings.image(0)
    assert first is not None
    assert before is not None
    assert before.width() == view.area.page_rect(0).width()
    tab = bench.workbench.artifacts.active
    assert tab is not None
    tab.replace(replace(CREW, rows=CREW.rows * 100), "Edit")
    assert view.is_stale
    assert bench.find(QWidget, "pages_state").isVisible()
    assert view.area.drawings.image(0) is before
    bench.wait(lambda: view.area.count > 2 and view.area.is_complete)
    assert not view.is_stale
    bench.wait(lambda: not first.path.exists())


def test_long_documents_draw_only_what_is_in_sight_and_tell_the_page(bench: PaneBench) -> None:
    view = open_pages(bench, LONG)
    area = view.area
    assert area.count > 10
    bench.wait(lambda: not area.drawings.is_working)
    assert area.drawings.image(area.count - 1) is None
    area.setFocus()
    bench.qtbot.keyClick(area, Qt.Key.Key_End)
    assert area.current == area.count - 1
    bench.wait(lambda: area.is_complete)
    assert area.accessibleDescription() == f"Page {area.count} of {area.count}"
    assert bench.find(ElidedLabel, "page_number").text() == f"Page {area.count} of {area.count}"
    bench.qtbot.keyClick(area, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert area.current == area.count - 2


def turn(area: PageArea, by: int) -> None:
    at = QPointF(area.viewport().rect().center())
    event = QWheelEvent(
        at,
        area.viewport().mapToGlobal(at),
        QPoint(),
        QPoint(0, by),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(area.viewport(), event)


def test_ctrl_and_the_wheel_make_pages_larger_around_the_pointer_and_sharp(bench: PaneBench) -> None:
    view = open_pages(bench, LONG)
    area = view.area
    fitting = area.page_rect(0).width()
    area.verticalScrollBar().setValue(600)
    middle = area.viewport().rect().center()
    share = (middle.y() - area.page_rect(0).top()) / area.page_rect(0).height()
    turn(area, 240)
    assert area.page_rect(0).width() > fitting * 1.4
    assert abs((middle.y() - area.page_rect(0).top()) / area.page_rect(0).height() - share) < 0.01
    bench.wait(lambda: area.is_complete and not area.drawings.is_working)
    image = area.drawings.image(area.current)
    assert image is not None
    assert image.width() == area.page_rect(area.current).width()
    fit = bench.find(QWidget, "zoom_fit")
    bench.click(fit)
    assert area.page_rect(0).width() == fitting


def test_the_file_goes_with_its_tab(bench: PaneBench) -> None:
    view = open_pages(bench, CREW)
    assert view.file is not None
    path = view.file.path
    assert path.exists()
    tab = bench.workbench.artifacts.active
    assert tab is not None
    bench.workbench.artifacts.close(tab)
    bench.wait(lambda: not path.parent.exists())


def test_formulas_are_computed_for_the_pages(bench: PaneBench) -> None:
    sheet = Sheet("One", {(0, 0): Cell("1", 1), (1, 0): Cell("=A1+1")}, row_count=2, column_count=1)
    assert open_pages(bench, Workbook("Sums", (sheet,))).area.count == 1
    assert not bench.failures


def test_the_flow_is_not_laid_out_while_pages_are_looked_at(bench: PaneBench) -> None:
    view = open_pages(bench, CREW)
    preview = bench.find(Preview, "preview")
    tab = bench.workbench.artifacts.active
    assert tab is not None
    blocks = preview.blocks.blocks
    tab.replace(replace(CREW, rows=()), "Edit")
    bench.wait(lambda: not view.is_stale)
    assert preview.blocks.blocks == blocks
    bench.click(preview.bar.switch.findChild(QWidget, "segment_flow"))
    bench.wait(lambda: preview.blocks.blocks != blocks)
