"""A table of 100,000 x 20 in a process of its own, for `table_bench`: each line is a name and milliseconds."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QAbstractTableModel, QEventLoop, QModelIndex, Qt, QTimer
from PySide6.QtWidgets import QTableView

from forgeapp.ui.program import make_application

_SIZE = (700, 700)
_STEPS = 150
_RUNS = 5
_ROWS_SEEN = 1_000


class Plain(QAbstractTableModel):
    """The least a table view needs."""

    def __init__(self, columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> None:
        super().__init__()
        self._columns, self._rows = columns, rows

    def rowCount(self, parent: Any = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Any = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return self._rows[index.row()][index.column()] if role == Qt.ItemDataRole.DisplayRole else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._columns[section] if orientation is Qt.Orientation.Horizontal else str(section + 1)


def main(path: Path) -> None:
    # As the program makes it: threads take turns more often than Python's default.
    app = make_application(needs_screen=False)
    from forgeapp.domain.arrangement import Arrangement, ColumnFilter
    from forgeapp.domain.artifact import Kind
    from forgeapp.domain.table import Table
    from forgeapp.ledger.artifacts import Origin, StoredVersion
    from forgeapp.reading.files import read_file
    from forgeapp.ui.artifact.table_editor import TableEditor
    from forgeapp.ui.theme import Theme
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import open_artifact

    Theme("light")
    workbench = Workbench()
    table = read_file(path).content
    assert isinstance(table, Table)
    version = StoredVersion(1, 1, Kind.TABLE, "Large", table, Origin.IMPORTED, {}, "2026-11-21T00:00:00")
    editors: list[TableEditor] = []

    def show_plain() -> QTableView:
        view = QTableView()
        model = Plain(table.columns, table.rows)
        model.setParent(view)
        view.setModel(model)
        view.resize(*_SIZE)
        view.show()
        view.viewport().repaint()
        return view

    def show_ours() -> TableEditor:
        editor = TableEditor(open_artifact(version, workbench), workbench)
        editor.resize(*_SIZE)
        editor.show()
        editor.grid.viewport().repaint()
        editors.append(editor)
        return editor

    for _ in range(_RUNS):
        for name, show in (("shown-plain", show_plain), ("shown-ours", show_ours)):
            began = time.perf_counter()
            widget = show()
            say(name, began)
            app.processEvents()
            widget.hide()
    editor, plain = show_ours(), show_plain()
    app.processEvents()
    assert editor.grid.verticalScrollBar().maximum() > _ROWS_SEEN
    for _ in range(_STEPS):
        for name, view in (("scroll-plain", plain), ("scroll-ours", editor.grid)):
            bar = view.verticalScrollBar()
            began = time.perf_counter()
            bar.setValue(bar.value() + bar.maximum() // (_STEPS * 2))
            view.viewport().repaint()
            say(name, began)
    _say_work(editor, "sort", lambda: editor.arranging.ask(Arrangement((1, True))), lambda: editor.is_idle)
    _say_work(
        editor,
        "filter",
        lambda: editor.arranging.ask(Arrangement(filters={0: ColumnFilter(contains="77")})),
        lambda: editor.is_idle,
    )
    editor.arranging.clear()
    editor.find_bar.show()
    _say_work(editor, "find", lambda: editor.find_bar.query.setText("text 99999"), lambda: editor.find_bar.is_idle)
    workbench.jobs.close(5.0)


def _say_work(widget: Any, name: str, start: Callable[[], None], is_over: Callable[[], bool]) -> None:
    """How long it took, and the gaps of the event loop meanwhile."""
    gaps: list[float] = []
    last = began = time.perf_counter()
    loop, beat = QEventLoop(), QTimer()

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(now - last)
        last = now
        if is_over():
            loop.quit()

    beat.timeout.connect(tick)
    beat.start(1)
    start()
    loop.exec()
    widget.repaint()
    say(name, began)
    print(f"{name}-gap", f"{max(gaps) * 1e3:.3f}", flush=True)
    print(f"{name}-p99", f"{statistics.quantiles(gaps, n=100)[98] * 1e3:.3f}", flush=True)


def say(name: str, began: float) -> None:
    print(name, f"{(time.perf_counter() - began) * 1e3:.3f}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
