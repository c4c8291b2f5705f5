"""Every shared control in both themes, as pictures: `python -m tests.ui.gallery OUT`.

QT_SCALE_FACTOR=1.5 draws them as on a screen at 150 %.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QProgressBar,
    QRadioButton,
    QSpinBox,
    QTabBar,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from forgeapp.ui.controls import (
    Busy,
    Button,
    Card,
    Chip,
    ElidedLabel,
    EmptyState,
    HLine,
    IconButton,
    Label,
    MenuButton,
    Meter,
    Popover,
    SearchField,
    SegmentedControl,
    ShortcutHint,
    Toolbar,
)
from forgeapp.ui.crash import CrashDialog, Fault
from forgeapp.ui.icons import KIND_ICONS
from forgeapp.ui.notices import Notice, NoticeBar
from forgeapp.ui.theme import theme


class Gallery(QWidget):
    """One of everything."""

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("look", "surface")
        self.resize(1180, 860)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._toolbar())
        grid = QGridLayout()
        grid.setContentsMargins(24, 24, 24, 24)
        grid.setSpacing(24)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        outer.addLayout(grid, 1)
        grid.addLayout(self._buttons(), 0, 0)
        grid.addLayout(self._words(), 0, 1)
        grid.addLayout(self._fields(), 1, 0)
        grid.addLayout(self._views(), 1, 1)
        self.notices = NoticeBar(self, bottom=8)

    def _toolbar(self) -> Toolbar:
        bar = Toolbar()
        self.segments = SegmentedControl(
            [("edit", "Edit"), ("preview", "Preview"), ("source", "Source"), ("history", "History")]
        )
        self.version = MenuButton("Version 3", "history")
        self.version.set_choices(
            [("3", "Version 3", None), ("2", "Version 2", None), None, ("all", "Show history", "history")], "3"
        )
        bar.row.addWidget(self.segments)
        bar.row.addSpacing(8)
        bar.row.addWidget(IconButton("undo-2", "Undo", "Ctrl+Z"))
        redo = IconButton("redo-2", "Redo", "Ctrl+Shift+Z")
        redo.setEnabled(False)
        bar.row.addWidget(redo)
        bar.row.addStretch()
        bar.row.addWidget(self.version)
        bar.row.addSpacing(4)
        bar.row.addWidget(Button("Export", "download", "primary"))
        return bar

    def _buttons(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(12)
        for state in ("", "disabled", "small"):
            row = QHBoxLayout()
            row.setSpacing(8)
            for text, icon_name, kind in (
                ("Open", None, "plain"),
                ("New conversation", "plus", "plain"),
                ("Send", "send", "primary"),
                ("Reject all", None, "quiet"),
                ("Delete", "trash-2", "danger"),
            ):
                button = Button(text, icon_name, kind, small=state == "small")
                button.setEnabled(state != "disabled")
                row.addWidget(button)
            row.addStretch()
            column.addLayout(row)
        row = QHBoxLayout()
        row.setSpacing(8)
        auto = MenuButton("Auto", "sparkles")
        mode = MenuButton("My key", "key-round")
        row.addWidget(IconButton("paperclip", "Attach a file"))
        row.addWidget(auto)
        row.addWidget(mode)
        row.addWidget(Chip("Café budget, C2:C9", "file-spreadsheet", removable=True))
        row.addWidget(Chip("supplier-prices.pdf", "file-text", removable=True))
        row.addStretch()
        column.addLayout(row)
        self.focused = Button("Focused", "check")
        self.focused_primary = Button("Focused", "check", "primary")
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (self.focused, self.focused_primary, Busy(), Meter(0.38), ShortcutHint("Ctrl+Shift+P")):
            row.addWidget(widget)
        row.addStretch()
        column.addLayout(row)
        column.addWidget(HLine())
        return column

    def _words(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(Label("Display, 1,204.50", 24, 600))
        column.addWidget(Label("Page title", 19, 600))
        column.addWidget(Label("A title", 15, 600))
        column.addWidget(Label("Body text says what happens, in one short line."))
        column.addWidget(Label("A label beside a field", 12, role="ink_2"))
        column.addWidget(Label("1,204 tokens · $ 0.0031 · 2.4 s", 11, role="ink_3"))
        row = QHBoxLayout()
        for role in ("accent", "good", "warn", "bad", "formula"):
            row.addWidget(Label(role, 12, 500, role=role))
        row.addStretch()
        column.addLayout(row)
        card = Card()
        inside = QHBoxLayout(card)
        inside.setContentsMargins(12, 10, 12, 10)
        inside.setSpacing(12)
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addWidget(Label("Café budget", weight=600))
        lines.addWidget(ElidedLabel("Spreadsheet · 10 rows, 5 columns · version 3 · " * 3, 12, role="ink_3"))
        inside.addLayout(lines, 1)
        inside.addWidget(Button("Open"))
        column.addWidget(card)
        return column

    def _fields(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(SearchField("Search conversations"))
        filled = QLineEdit("A line of text")
        filled.selectAll()
        column.addWidget(filled)
        row = QHBoxLayout()
        combo = QComboBox()
        combo.addItems(["Gemini", "OpenAI"])
        checked = QCheckBox("Checked")
        checked.setChecked(True)
        radio = QRadioButton("One of two")
        radio.setChecked(True)
        for widget in (combo, QSpinBox(), checked, QCheckBox("Not checked"), radio):
            row.addWidget(widget)
        column.addLayout(row)
        progress = QProgressBar()
        progress.setValue(40)
        column.addWidget(progress)
        text = QPlainTextEdit("Several lines\nof text\n" + "\n".join(str(n) for n in range(30)))
        column.addWidget(text)
        items = QListWidget()
        items.ensurePolished()
        items.addItems(["Café budget 2027", "Quote for Riverside school", "CRM vendors side by side"])
        items.setCurrentRow(0)
        column.addWidget(items)
        return column

    def _views(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        tabs = QTabBar()
        for kind, text in zip(KIND_ICONS, ("CRM vendors", "Café budget", "Cover letter"), strict=False):
            tabs.addTab(text)
            tabs.setAccessibleTabName(tabs.count() - 1, kind)
        column.addWidget(tabs)
        model = QStandardItemModel(4, 3)
        model.setHorizontalHeaderLabels(["Category", "Planned", "Actual"])
        for row, cells in enumerate((("Rent", "2,100.00", "2,100.00"), ("Energy", "540.00", "602.90"))):
            for place, cell in enumerate(cells):
                item = QStandardItem(cell)
                if place:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                model.setItem(row, place, item)
        table = QTableView()
        table.setModel(model)
        table.verticalHeader().setDefaultSectionSize(28)
        table.selectRow(1)
        column.addWidget(table, 1)
        column.addWidget(
            EmptyState(
                "file-plus",
                "Nothing made yet",
                "Say in the chat what you need.",
                [Button("Open a file", "folder-open")],
            ),
            1,
        )
        return column


def pass_by() -> None:
    """What the gallery's buttons do."""


def show_notices(gallery: Gallery) -> None:
    bar = gallery.notices
    bar.show_notice(
        Notice("Gemini rejected the key.", "bad", "Set a valid key, or choose another model.", (("Retry", pass_by),))
    )
    bar.show_notice(Notice("Writing Café budget.xlsx", progress=0.6, on_cancel=pass_by))
    bar.show_notice(
        Notice("Café budget.pdf is written", "good", "212.4 KB", (("Open", pass_by), ("Show in folder", pass_by)))
    )


def main(out: Path) -> None:
    app = QApplication.instance() or QApplication([])
    look = theme()
    out.mkdir(parents=True, exist_ok=True)
    for choice in ("light", "dark"):
        look.choose(choice)
        gallery = Gallery()
        gallery.show()
        gallery.activateWindow()
        app.processEvents()
        gallery.focused.setFocus(Qt.FocusReason.TabFocusReason)
        app.processEvents()
        gallery.grab().save(str(out / f"controls-{choice}.png"))
        show_notices(gallery)
        app.processEvents()
        gallery.grab().save(str(out / f"notices-{choice}.png"))
        gallery.version.open_menu()
        app.processEvents()
        gallery.version.menu.grab().save(str(out / f"menu-{choice}.png"))
        gallery.version.menu.close()
        popover = Popover(gallery)
        popover.content.addWidget(Label("Estimate", weight=600))
        popover.content.addWidget(Label("2,300 tokens in, 900 out at most.", role="ink_2"))
        popover.content.addWidget(Button("Change the model"))
        popover.open_under(gallery.segments)
        app.processEvents()
        popover.grab().save(str(out / f"popover-{choice}.png"))
        popover.close()
        dialog = CrashDialog(
            Fault(
                "ZeroDivisionError",
                "division by zero",
                "forgeapp/ui/chat/composer.py, line 12",
                "Traceback (most recent call last):\n  …",
            ),
            out,
            None,
        )
        dialog.show()
        app.processEvents()
        dialog.grab().save(str(out / f"crash-{choice}.png"))
        dialog.details_button.click()
        app.processEvents()
        dialog.grab().save(str(out / f"crash-details-{choice}.png"))
        dialog.close()
        gallery.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "gallery"))
