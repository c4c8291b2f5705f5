"""All of a conversation exported, and the lists and cards that offer it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from forgeapp.domain.chat import Role
from forgeapp.ui.controls.menus import Menu
from tests.ui.export_desk import CREW, ExportDesk, desk
from tests.unit.services.exporting.conversation_samples import answer

__all__ = ["desk"]


def test_all_of_a_conversation_goes_into_one_file(desk: ExportDesk, tmp_path: Path) -> None:
    ledger, conversation = desk.app.ledger, desk.conversation
    ledger.conversations.add_message(conversation, Role.USER, "Who sails with us?")
    desk.open(CREW)
    desk.exports.folder = tmp_path
    desk.window.workbench.conversations.open(conversation)
    desk.wait(lambda: desk.window.workbench.jobs.count == 0)
    desk.window.findChild(QAction, "exports.conversation").trigger()
    panel = desk.window.exporting.panel
    desk.wait(lambda: panel.isVisible() and panel.target is not None)
    assert [choice.name for choice in panel.formats.offered] == ["PDF", "DOCX", "HTML", "MD", "ZIP", "JSON"]
    assert panel.name.text() == "Voyage.pdf"
    desk.click(desk.find(QWidget, "format_md", panel))
    desk.wait(lambda: panel.name.text() == "Voyage.md")
    desk.wait(lambda: panel.preview.is_current)
    assert panel.preview.failure is None, panel.preview.failure.title.text()
    assert "Who sails with us?" in panel.preview.text.toPlainText()
    QTest.keyClick(panel.name, Qt.Key.Key_Return)
    desk.wait(lambda: (tmp_path / "Voyage.md").exists() and not desk.exports.running)
    text = (tmp_path / "Voyage.md").read_text("utf-8")
    assert "Who sails with us?" in text and "Pilot" in text


def test_of_an_artifact_alone_in_view_its_own_conversation_goes_out(desk: ExportDesk, tmp_path: Path) -> None:
    desk.exports.folder = tmp_path
    command = desk.window.findChild(QAction, "exports.conversation")
    command.trigger()
    assert not desk.window.exporting.panel.isVisible(), "there is none yet"
    desk.window.workbench.conversations.refresh()
    desk.wait(lambda: desk.window.workbench.conversations.all_rows)
    desk.open(CREW)
    assert desk.window.workbench.chat.conversation is None
    command.trigger()
    panel = desk.window.exporting.panel
    desk.wait(lambda: panel.isVisible() and panel.name.text() == "Voyage.pdf")
    panel.close()


def test_a_conversation_goes_out_with_the_replies_that_are_on_the_screen(desk: ExportDesk, tmp_path: Path) -> None:
    ledger, conversation = desk.app.ledger, desk.conversation
    for place in ("east", "west"):
        message = ledger.conversations.add_message(conversation, Role.USER, f"What lies {place}?")
        for number in (1, 2):
            answer(ledger, message, f"Answer {number} on the {place}.")
    desk.exports.folder = tmp_path
    desk.window.workbench.conversations.open(conversation)
    chat = desk.window.workbench.chat
    desk.wait(lambda: len(chat.exchanges) == 2)
    chat.show_reply(chat.exchanges[0], 0)
    of_the_list = partial(desk.exports.conversation_wished.emit, conversation, "")
    for ask in (desk.window.exporting.export_conversation, of_the_list):
        ask()
        panel = desk.window.exporting.panel
        desk.wait(lambda panel=panel: panel.isVisible() and panel.target is not None)
        panel.formats.choose(next(choice for choice in panel.formats.offered if choice.key == "md"))
        panel.formats.chosen.emit()
        desk.wait(lambda panel=panel: panel.name.text() in ("Voyage.md", "Voyage (2).md") and panel.start.isEnabled())
        desk.click(panel.start)
        desk.wait(lambda: not desk.exports.running)
    for name in ("Voyage.md", "Voyage (2).md"):
        text = (tmp_path / name).read_text("utf-8")
        assert "Answer 1 on the east." in text and "Answer 2 on the east." not in text, name
        assert "Answer 2 on the west." in text and "Answer 1 on the west." not in text, name


def test_the_card_of_a_conversation_stays_in_a_narrow_window(desk: ExportDesk) -> None:
    desk.window.resize(690, 700)
    desk.window.workbench.conversations.open(desk.conversation)
    desk.wait(lambda: desk.window.workbench.chat.conversation == desk.conversation)
    desk.window.move(100, 0)
    desk.window.findChild(QAction, "exports.conversation").trigger()
    panel = desk.window.exporting.panel
    desk.wait(lambda: panel.isVisible() and panel.target is not None)
    window = desk.window.geometry()
    assert panel.formats.mapToGlobal(QPoint(0, 0)).x() >= window.left()
    panel.close()


def test_the_list_of_conversations_offers_to_export_one(desk: ExportDesk) -> None:
    desk.window.workbench.conversations.refresh()
    desk.wait(lambda: desk.window.workbench.conversations.rows)
    conversations = desk.window.findChild(QWidget, "conversation_list")
    desk.wait(lambda: conversations.model().rowCount() == 1)
    place = conversations.visualRect(conversations.model().index(0, 0)).center()
    conversations.customContextMenuRequested.emit(place)
    menu = desk.window.findChild(Menu, "conversation_menu")
    export = next(action for action in menu.actions() if action.text() == "Export all of it…")
    with desk.qtbot.waitExposed(menu):
        pass
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(export).center())
    panel = desk.window.exporting.panel
    desk.wait(lambda: panel.isVisible() and panel.name.text() == "Voyage.pdf")
    panel.close()
