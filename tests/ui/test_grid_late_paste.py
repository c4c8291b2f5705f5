"""Much from the clipboard is read off the UI thread and lands where it was to go."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from forgeapp.domain.table import Table
from forgeapp.ui.artifact.grid import html_cells
from forgeapp.ui.theme import Theme
from forgeapp.ui.workbench import Workbench
from tests.ui.table_desk import Bench

Key, Held = Qt.Key, Qt.KeyboardModifier
COUNT = 4_000
PAGE = "<table>" + "".join(f"<tr><td>{n} {'x' * 30}</td><td>b</td></tr>" for n in range(COUNT)) + "</table>"


@pytest.fixture
def workbench(qapp: QApplication) -> Iterator[Workbench]:
    Theme("light")
    made = Workbench()
    yield made
    assert made.jobs.close(3.0)


@pytest.fixture
def bench(qtbot: QtBot, workbench: Workbench) -> Bench:
    made = Bench(qtbot, workbench, Table("T", ("Name", "Note"), (("first", "1"), ("second", "2"))))
    made.grid.go_to(1, 0)
    data = QMimeData()
    data.setHtml(PAGE)
    QGuiApplication.clipboard().setMimeData(data)
    return made


def test_a_large_page_is_read_in_a_job_and_lands_where_the_selection_was(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    readers: list[threading.Thread] = []
    read = html_cells.from_html

    def noted(source: str) -> list[list[str]]:
        readers.append(threading.current_thread())
        return read(source)

    monkeypatch.setattr("forgeapp.ui.artifact.grid.clipboard.from_html", noted)
    bench.press(Key.Key_V, Held.ControlModifier)
    assert not bench.editor.late_paste.is_idle
    assert len(bench.table.rows) == 2
    bench.grid.go_to(0, 1)
    qtbot.waitUntil(lambda: len(bench.table.rows) == 1 + COUNT)
    assert bench.table.rows[0] == ("first", "1")
    assert bench.table.rows[1] == (f"0 {'x' * 30}", "b")
    assert bench.artifact.undo_stack.count() == 1
    assert threading.main_thread() not in readers
    bench.undo_all()
    assert bench.table.rows == (("first", "1"), ("second", "2"))


def test_it_is_given_up_and_told_where_other_rows_come_into_view_meanwhile(
    bench: Bench, qtbot: QtBot, workbench: Workbench
) -> None:
    bench.press(Key.Key_V, Held.ControlModifier)
    with qtbot.waitSignal(workbench.failed) as failed:
        bench.editor.model.modelReset.emit()
    assert "Nothing was pasted" in failed.args[0].message
    assert bench.editor.late_paste.is_idle
    assert len(bench.table.rows) == 2
