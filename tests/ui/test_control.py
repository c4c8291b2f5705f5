"""The control centre over the panes: how it opens, how it is left, what it lists."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from forgeapp.domain.artifact import Kind
from tests.ui.control_desk import ControlDesk, make_desk  # noqa: F401 - a fixture


def test_the_gear_opens_the_configuration_and_escape_leads_back_to_who_had_the_keyboard(desk: ControlDesk) -> None:
    composer = desk.find(QPlainTextEdit, "composer")
    composer.setFocus()
    desk.click("settings")
    assert desk.window.is_control_open
    assert desk.window.isActiveWindow(), "something was shown as a window of its own"
    assert desk.centre.page == "configuration"
    assert not composer.isVisible()
    desk.press(desk.window.focusWidget() or desk.centre, Qt.Key.Key_Escape)
    assert not desk.window.is_control_open
    assert composer.hasFocus()


def test_ctrl_comma_opens_the_configuration(desk: ControlDesk) -> None:
    desk.window.activateWindow()
    desk.wait(desk.window.isActiveWindow)
    QTest.keyClick(desk.find(QPlainTextEdit, "composer"), Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    assert desk.window.is_control_open


def test_the_back_button_and_each_page_are_reached_by_arrow_keys(desk: ControlDesk) -> None:
    desk.open()
    page = desk.find(QWidget, "page_configuration")
    page.setFocus(Qt.FocusReason.TabFocusReason)
    desk.press(page, Qt.Key.Key_Down)
    activity = desk.find(QWidget, "page_activity")
    assert activity.hasFocus()
    desk.press(activity, Qt.Key.Key_Return)
    assert desk.centre.page == "activity"
    desk.click("control_back")
    assert not desk.window.is_control_open


def test_only_the_names_give_way_where_the_window_is_narrow(desk: ControlDesk) -> None:
    desk.open()
    wide = desk.centre.navigation.width()
    desk.window.resize(900, 700)
    assert desk.centre.navigation.width() < wide / 2
    assert desk.find(QWidget, "page_activity").toolTip() == "Activity"


def test_a_new_conversation_or_a_view_of_an_artifact_leads_back_to_the_panes(desk: ControlDesk) -> None:
    desk.window.workbench.artifacts.make_blank(Kind.TABLE)
    desk.settle()
    for command in ("conversation.new", "view.preview", "sidebar.fold", "artifact.fold", "composer.focus"):
        desk.open()
        desk.window.actions_by_id[command].trigger()
        assert not desk.window.is_control_open, command


def test_undo_does_not_reach_an_artifact_that_is_out_of_sight(desk: ControlDesk) -> None:
    from PySide6.QtGui import QUndoCommand

    desk.window.workbench.artifacts.make_blank(Kind.TABLE)
    desk.settle()
    stack = desk.window.undo_stack
    stack.push(QUndoCommand("an edit"))
    desk.open()
    desk.window.actions_by_id["edit.undo"].trigger()
    assert stack.canUndo()
    desk.window.leave_control()
    desk.window.actions_by_id["edit.undo"].trigger()
    assert not stack.canUndo()


def test_an_artifact_that_arrives_takes_nobody_off_a_page(desk: ControlDesk) -> None:
    desk.open()
    desk.window.workbench.artifacts.arrived.emit()
    assert desk.window.is_control_open


def test_an_empty_activity_page_says_what_will_stand_there(desk: ControlDesk) -> None:
    desk.open("activity")
    assert desk.has("no_reports")
    assert not desk.has("reports_card")


def test_a_failure_report_is_opened_and_removed_with_its_files(
    desk: ControlDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    desk.window.workbench.reports.file_ready.connect(opened.append)
    monkeypatch.setattr("forgeapp.ui.links.QDesktopServices.openUrl", lambda _url: True)
    number = desk.app.ledger.reports.add(None, None, "A budget for the café", "Nobody answered.")
    folder = desk.app.home.reports
    folder.mkdir(exist_ok=True)
    pdf = folder / "FR-000001.pdf"
    pdf.write_bytes(b"%PDF-1.7")
    desk.open("activity")
    line = desk.find(QWidget, f"report_{number}")
    desk.click("open_pdf", line)
    desk.click("open_md", line)
    desk.wait(lambda: len(opened) == 2)
    assert sorted(path.name for path in opened) == ["FR-000001.md", "FR-000001.pdf"]
    assert "Nobody answered." in (folder / "FR-000001.md").read_text()
    desk.click("remove_report", line)
    desk.click("remove_confirmed")
    assert desk.app.ledger.reports.all() == []
    assert list(folder.iterdir()) == []
    assert desk.has("no_reports")


def test_a_report_without_a_pdf_offers_none(desk: ControlDesk) -> None:
    desk.app.ledger.reports.add(None, None, "x", "y")
    desk.open("activity")
    desk.find(QWidget, "open_md")
    assert not desk.has("open_pdf")


def test_every_control_of_the_pages_has_a_name_and_can_be_reached_by_keyboard(desk: ControlDesk) -> None:
    from PySide6.QtWidgets import QAbstractButton, QLineEdit

    desk.add("acme")
    desk.app.ledger.reports.add(None, None, "x", "y")
    for page in ("configuration", "activity"):
        desk.open(page)
        for widget in desk.centre.findChildren(QWidget):
            is_control = isinstance(widget, QAbstractButton | QLineEdit) and widget.isVisible()
            if is_control and widget.objectName() != "qt_toolbar_ext_button":
                assert widget.accessibleName(), (page, widget.objectName(), type(widget).__name__)
                assert widget.focusPolicy() & Qt.FocusPolicy.ClickFocus, (page, widget.objectName())
