"""The tour: the real window does its main job by real key presses and clicks, without a key and without a network.

Each step waits for what it expects to see, keeps a picture of it in light and dark, and fails where it does not come.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from forgeapp.errors import TourFailed

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from forgeapp.ui.main_window import MainWindow
    from forgeapp.ui.workbench import Services
    from forgeapp.ui.workbench.open_artifact import OpenArtifact

W = TypeVar("W", bound="QWidget")
SIZE = (1440, 900)
_PATIENCE_S = 60.0
BUDGET = "Create a monthly budget spreadsheet for a small café"
MINUTES = "Minutes of the kick-off meeting on 12 November"
PRESENT = "Kitchen, Service and Office"
TOPICS = "timeline, budget, next steps"
COMPARISON = "Compare linoleum, oak and tile side by side: care, feel, noise"
CELLS = (
    ("wipe, wax once a year", "warm", "quiet"),
    ("sweep, oil once a year", "warm", "quiet"),
    ("wipe", "cold", "loud"),
)


def take_tour(out: Path, build: Callable[[Path], Services], tell: Callable[[str], None]) -> list[Path]:
    """Pictures and files, in `out`, in the order they were made. Raises TourFailed, StorageError."""
    from forgeapp.ui.program import make_application, open_window

    out.mkdir(parents=True, exist_ok=True)
    make_application(needs_screen=False)
    home = Path(tempfile.mkdtemp(prefix="forgeapp-tour-"))
    try:
        services = build(home)
        window = open_window(services.home, services)
        try:
            guide = _Guide(window, out, tell)
            guide.go()
        finally:
            window.close()
            window.deleteLater()
    finally:
        shutil.rmtree(home, ignore_errors=True)
    return guide.files


@dataclass
class _Guide:
    window: MainWindow
    out: Path
    tell: Callable[[str], None]
    files: list[Path] = field(default_factory=list)

    def go(self) -> None:
        self.window.resize(*SIZE)
        self.window.show()
        self.window.activateWindow()
        self.picture("start", "the window, nothing made yet")
        self.ask(BUDGET, "spreadsheet")
        self.picture("workbook", "a request becomes a workbook with formulas")
        self.edit_workbook()
        self.picture("edited", "a cell is edited, the totals follow")
        self.export("xlsx", "budget.xlsx")
        self.picture("exported", "exported as XLSX, opened again and compared")
        self.export("pdf", "budget.pdf")
        self.press("Ctrl+N")
        self.ask(MINUTES)
        self.fill_form()
        self.close_notices()
        self.picture("document", "a document, its Markdown beside its rendering")
        self.press("Alt+2")
        self.picture("preview", "as it will look when it is exported")
        self.export("docx", "minutes.docx")
        self.export("pdf", "minutes.pdf")
        self.press("Ctrl+N")
        self.ask(COMPARISON, "table")
        self.edit_table()
        self.picture("table", "a table, filled in by hand")
        self.export("csv", "comparison.csv")
        self.close_notices()
        self.press("Alt+4")
        self.picture("history", "every version, what changed, and the way back")
        self.press("Alt+1")
        self.open_palette()

    # What a person does

    def press(self, keys: str, widget: QWidget | None = None) -> None:
        """A key or a combination, given to whoever has the focus."""
        from PySide6.QtGui import QKeySequence
        from PySide6.QtTest import QTest

        combination = QKeySequence(keys)[0]  # type: ignore[index]
        target = widget or self.focused or self.window
        QTest.keyClick(target, combination.key(), combination.keyboardModifiers())  # type: ignore[call-overload]
        self.rest()

    def write(self, text: str) -> None:
        from PySide6.QtTest import QTest

        for character in text:
            # Asked anew for each: the first key in a cell opens its editor.
            widget = self.focused
            if widget is None:
                raise TourFailed(step=f"typing '{text}'", reason="nothing has the focus")
            if character.isascii():
                QTest.keyClick(widget, character)  # type: ignore[call-overload]
            else:
                _type_character(widget, character)
        self.rest()

    def click(self, widget: QWidget) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.rest()

    def ask(self, request: str, kind: str | None = None) -> None:
        """A message in the composer, sent by Enter; then an artifact of a kind stands in the pane, where one is due."""
        self.close_notices()
        self.press("Ctrl+L")
        self.write(request)
        self.press("Return")
        self.wait("the words being sent", lambda: bool(self.window.workbench.chat.exchanges))
        self.wait(f"'{request}'", lambda: not self.is_busy)
        if kind is not None:
            self.wait_for_artifact(kind)

    def fill_form(self) -> None:
        """What a template is missing, asked for in the chat."""
        from PySide6.QtWidgets import QLineEdit, QWidget

        form = self.find(QWidget, "slots_form")
        lines = [line for line in form.findChildren(QLineEdit) if line.isVisible()]
        for line, words in zip(lines, (PRESENT, TOPICS), strict=False):
            line.setFocus()
            self.write(words)
        self.picture("question", "what is missing is asked for, not invented")
        self.press("Return", lines[-1])
        self.wait_for_artifact("document")

    def wait_for_artifact(self, kind: str) -> None:
        self.wait(f"the {kind}", lambda: self.active is not None and self.active.kind.value == kind)
        self.wait(f"the end of the turn for the {kind}", lambda: not self.is_busy)
        self.rest(0.6)

    def edit_workbook(self) -> None:
        """Another figure in the first row of figures; the cell with its total must follow."""
        from PySide6.QtWidgets import QTableView

        grid = self.find(QTableView, "sheet_grid")
        model = grid.model()
        row, column = self.first_number(grid)
        before = self.texts(grid)
        grid.setFocus()
        grid.setCurrentIndex(model.index(row, column))
        self.write("4321")
        self.press("Return")
        self.wait(
            "the totals after an edit",
            lambda: sum(old != new for old, new in zip(before, self.texts(grid), strict=False)) >= 2,
        )
        grid.setCurrentIndex(model.index(row, column))
        self.rest(0.3)

    def edit_table(self) -> None:
        from PySide6.QtWidgets import QTableView

        grid = self.find(QTableView, "table_grid")
        for row, cells in enumerate(CELLS):
            grid.setFocus()
            grid.setCurrentIndex(grid.model().index(row, 1))
            for words in cells:
                self.write(words)
                self.press("Tab")
        tab = self.active
        self.wait("the table's edits being stored", lambda: tab is not None and tab.is_saved and tab.version > 1)
        self.rest(0.3)

    def export(self, file_format: str, name: str) -> None:
        """By the export panel; a verified file lies in `out` afterwards."""
        from PySide6.QtWidgets import QLineEdit, QWidget

        target = self.out / name
        target.unlink(missing_ok=True)
        self.window.workbench.exports.folder = self.out
        self.press("Ctrl+E")
        panel = self.window.artifact_pane.panel
        self.wait("the export panel", lambda: panel.isVisible())
        self.click(self.find(QWidget, f"format_{file_format}"))
        field = self.find(QLineEdit, "export_name")
        self.wait("a proposed name", lambda: field.text().endswith(f".{file_format}"))
        field.setFocus()
        field.selectAll()
        self.write(name)
        self.press("Return", field)
        self.wait(f"the export to {name}", lambda: target.exists() and not self.window.workbench.exports.running)
        self.files.append(target)
        self.tell(f"wrote {target.name}")

    def close_notices(self) -> None:
        from PySide6.QtWidgets import QAbstractButton

        for cross in self.window.notices.findChildren(QAbstractButton, "notice_close"):
            if cross.isVisible():
                self.click(cross)

    def open_palette(self) -> None:
        from forgeapp.ui.palette import Palette

        self.press("Ctrl+Shift+P")
        palette = self.find(Palette, "palette")
        palette.field.setFocus()
        self.write("export")
        self.picture("palette", "every command, by its name", over=palette)
        palette.close()

    # What can be seen

    @property
    def focused(self) -> QWidget | None:
        """Who gets the keys; where no window manager makes a window active, who would get them."""
        from PySide6.QtWidgets import QApplication

        front = QApplication.activePopupWidget() or self.window
        return QApplication.focusWidget() or front.focusWidget()

    @property
    def active(self) -> OpenArtifact | None:
        return self.window.workbench.artifacts.active

    @property
    def is_busy(self) -> bool:
        return self.window.workbench.chat.live is not None

    def find(self, kind: type[W], name: str) -> W:
        found = self.window.findChild(kind, name)
        if found is None:
            raise TourFailed(step=f"looking for {name}", reason="it is not there")
        return found

    def texts(self, grid: QWidget) -> list[str]:
        from PySide6.QtWidgets import QTableView

        assert isinstance(grid, QTableView)
        model = grid.model()
        return [str(model.index(row, column).data() or "") for row in range(40) for column in range(8)]

    def first_number(self, grid: QWidget) -> tuple[int, int]:
        texts = self.texts(grid)
        tab = self.active
        assert tab is not None
        for place, text in enumerate(texts):
            row, column = divmod(place, 8)
            cell = tab.content.sheets[0].cells.get((row, column))  # type: ignore[union-attr]
            if text and cell is not None and cell.number is not None:
                return row, column
        raise TourFailed(step="looking for a figure", reason="the workbook has none")

    def wait(self, what: str, is_there: Callable[[], bool]) -> None:
        from PySide6.QtWidgets import QApplication

        deadline = time.monotonic() + _PATIENCE_S
        while not is_there():
            if time.monotonic() > deadline:
                raise TourFailed(step=what, reason=f"it did not come within {_PATIENCE_S:g} seconds")
            QApplication.processEvents()
            time.sleep(0.005)

    def rest(self, seconds: float = 0.05) -> None:
        end = time.monotonic() + seconds
        self.wait("a moment", lambda: time.monotonic() >= end)

    def picture(self, name: str, what: str, over: QWidget | None = None) -> None:
        """The window, with a popover over it where one is open, in light and in dark."""
        from forgeapp.ui.theme import theme

        number = len({path.name[:2] for path in self.files if path.suffix == ".png"}) + 1
        self.tell(f"{number:02d} {what}")
        for choice in ("light", "dark"):
            theme().choose(choice)  # type: ignore[arg-type]
            self.rest(0.25)
            path = self.out / f"{number:02d}-{name}-{choice}.png"
            shot = self.window.grab()
            if over is not None:
                _paste(shot, over, self.window)
            if not shot.save(str(path)):
                raise TourFailed(step=f"the picture {path.name}", reason="it could not be written")
            self.files.append(path)
        theme().choose("light")
        self.rest()


def _type_character(widget: QWidget, character: str) -> None:
    """A key press that no keyboard layout has a key for."""
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QApplication

    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, character))


def _paste(shot: object, over: QWidget, window: QWidget) -> None:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QPainter, QPixmap

    assert isinstance(shot, QPixmap)
    painter = QPainter(shot)
    painter.drawPixmap(over.mapToGlobal(QPoint(0, 0)) - window.mapToGlobal(QPoint(0, 0)), over.grab())
    painter.end()
