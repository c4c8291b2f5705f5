"""Every word the window says goes through Qt's translation."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, Qt, QTranslator
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from forgeapp.app import build
from forgeapp.ui import program
from forgeapp.ui.main_window import MainWindow

NAMES = {"Forge", "ForgeApp", "fx", "JSON", "CSV", "Ctrl", "Shift", "Alt", *filter(None, calendar.month_name)}
"""Not translated here: names, keys, what the locale says, and the sign before a formula."""


class Brackets(QTranslator):
    """Every text of the window's in brackets."""

    def translate(self, context: str, text: str, _note: str | None = None, _count: int = -1) -> str:
        return f"⟦{text}⟧" if context == "forgeapp" else text

    def isEmpty(self) -> bool:
        return False


@pytest.fixture
def bracketed(qtbot: QtBot, home: Path) -> Iterator[MainWindow]:
    program.make_application(needs_screen=False)
    translator = Brackets()
    QCoreApplication.installTranslator(translator)
    window = build(home).window()
    window.resize(1440, 900)
    window.show()
    qtbot.waitUntil(lambda: window.workbench.jobs.count == 0)
    yield window
    window.close()
    shiboken6.delete(window)
    QCoreApplication.removeTranslator(translator)


def untranslated(window: MainWindow, data: set[str]) -> list[tuple[str, str]]:
    """Words in view that no bracket holds, nor come from what the user or the database said."""
    found: list[tuple[str, str]] = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible():
            continue
        words = [widget.toolTip(), widget.accessibleName()]
        if isinstance(widget, QLabel | QAbstractButton):
            words.append(widget.text())
        if isinstance(widget, QLineEdit | QPlainTextEdit):
            words.append(widget.placeholderText())
        for text in words:
            rest, before = text, ""
            while rest != before:
                # From the inside out: a text may be part of another.
                rest, before = re.sub(r"⟦[^⟦⟧]*⟧", "", rest), rest
            for known in sorted(data | NAMES, key=len, reverse=True):
                rest = rest.replace(known, "")
            if re.search(r"[A-Za-z]{3}", rest):
                found.append((widget.objectName() or type(widget).__name__, text))
    return found


def test_an_empty_window_says_nothing_untranslated(bracketed: MainWindow) -> None:
    from forgeapp.learning.builtin import builtin_templates

    data = {template.name for template in builtin_templates()} | {
        template.description for template in builtin_templates()
    }
    assert untranslated(bracketed, data) == []


def test_every_menu_and_command_is_translated(bracketed: MainWindow) -> None:
    for action in bracketed.top_bar.menu_bar.actions():
        assert action.text().startswith("⟦"), action.text()
        menu = action.menu()
        assert menu is not None
        menu.aboutToShow.emit()
        for entry in menu.actions():
            assert entry.isSeparator() or entry.text().startswith("⟦"), entry.text()


def test_a_workbook_and_its_chat_say_nothing_untranslated(qtbot: QtBot, bracketed: MainWindow) -> None:
    request = "monthly budget spreadsheet for a small cafe"
    bracketed.focus_composer()
    field = bracketed.findChild(QPlainTextEdit, "composer")
    assert field is not None
    qtbot.keyClicks(field, request)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bracketed.workbench.artifacts.active is not None)
    qtbot.waitUntil(lambda: bracketed.workbench.jobs.count == 0)
    tab = bracketed.workbench.artifacts.active
    assert tab is not None
    workbook = tab.content
    cells = {cell.text for sheet in workbook.sheets for cell in sheet.cells.values()}  # type: ignore[union-attr]
    sheets = {sheet.name for sheet in workbook.sheets}  # type: ignore[union-attr]
    reply = bracketed.workbench.chat.exchanges[-1].reply
    assert reply is not None
    data = {request, tab.title, *cells, *sheets, reply.text, "SUM"}
    data |= {tab.title[:count] for count in range(4, len(tab.title))}
    for view in ("edit", "source", "history"):
        bracketed.show_view(view)
        qtbot.waitUntil(lambda: bracketed.workbench.jobs.count == 0)
        assert untranslated(bracketed, data) == [], view


def test_the_control_centre_says_nothing_untranslated(qtbot: QtBot, bracketed: MainWindow) -> None:
    from forgeapp.ui.control.presets import presets

    services = bracketed.workbench.services
    assert services is not None
    rows = services.ledger.providers.all()
    data = {word for row in rows for word in (row.name, row.base_url.removeprefix("https://"), row.key_env or "")}
    data |= {model.name for row in rows for model in row.models} | {preset.title for preset in presets()}
    for row in rows:
        data.add(row.base_url.split("/")[2])
    bracketed.open_control("configuration")
    qtbot.waitUntil(lambda: bracketed.workbench.jobs.count == 0)
    for name in ("all_settings", "add_provider"):
        button = bracketed.findChild(QAbstractButton, name)
        assert button is not None
        button.click()
    qtbot.waitUntil(lambda: bracketed.workbench.jobs.count == 0)
    assert untranslated(bracketed, data) == []
    bracketed.open_control("activity")
    qtbot.waitUntil(lambda: bracketed.workbench.jobs.count == 0)
    assert untranslated(bracketed, data) == []
