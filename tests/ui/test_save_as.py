"""Replies and artifacts saved as something else, and files that become the next version."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QWidget

from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.document import Document
from forgeapp.domain.table import Table
from forgeapp.ui.artifact.save_as import SaveAs
from forgeapp.ui.controls import IconButton, Menu, SegmentedControl
from forgeapp.ui.richtext import BlocksView
from tests.fakes.fixtures import serve  # noqa: F401 - used by the fixture `desk`
from tests.fakes.provider_server import Reply
from tests.ui.asking_desk import CONTROL, SHIFT, AskingDesk, make_desk  # noqa: F401 - a fixture

Desk = Callable[..., AskingDesk]
CREW = Table("Crew", ("Name", "Trade"), (("Ada", "Pilot"), ("Bo", "Cook")))
TALK = """# Moons

They differ.

| Planet | Moons |
|---|---|
| Mars | **2** |

```python
print("moons")
```
"""


def card(desk: AskingDesk) -> SaveAs:
    return desk.find(SaveAs, "save_as")


def choose(desk: AskingDesk, way: str) -> None:
    """By the arrow keys on the ways."""
    ways = desk.find(SegmentedControl, "save_as_ways")
    while ways.value != way:
        segment = ways.findChild(QWidget, f"segment_{ways.value}")
        assert segment is not None
        segment.setFocus()
        QTest.keyClick(segment, Qt.Key.Key_Right)


def save_by_keys(desk: AskingDesk) -> None:
    """Opens the card by the command's keys."""
    QTest.keyClick(desk.window.focusWidget() or desk.window, Qt.Key.Key_E, CONTROL | SHIFT)
    desk.wait(lambda: desk.has("save_as"))


def ask(desk: AskingDesk) -> None:
    """One reply of talk."""
    desk.workbench.composer.set_kind("chat")
    desk.go_to_composer()
    QTest.keyClicks(desk.composer, "How many moons")
    QTest.keyClick(desk.composer, Qt.Key.Key_Return)
    desk.wait_for_end()
    desk.wait(lambda: desk.has("reply_save"))


def test_an_artifact_becomes_a_new_one_with_its_hand_edits(desk: Desk) -> None:
    made = desk()
    tab = made.open(CREW, "Crew")
    tab.replace(Table("Crew", ("Name",), (("Eva",),)), "Edit")
    save_by_keys(made)
    field = made.find(QLineEdit, "save_as_title")
    assert field.text() == "Crew"
    field.selectAll()
    QTest.keyClicks(field, "Crew of May")
    QTest.keyClick(field, Qt.Key.Key_Return)
    made.wait(lambda: made.notices() == ["Crew of May is an artifact of its own now."])
    rows = made.app.ledger.artifacts.all()
    assert {row.title for row in rows} == {"Crew", "Crew of May"}
    copy = next(row for row in rows if row.title == "Crew of May")
    assert made.app.ledger.artifacts.version(copy.id).content == Table("Crew of May", ("Name",), (("Eva",),))
    made.answer_notice("Open")
    made.wait(lambda: made.workbench.artifacts.active is not None and made.workbench.artifacts.active.id == copy.id)


def test_the_next_version_of_another_is_found_by_typing_and_shows_in_its_tab(desk: Desk) -> None:
    made = desk()
    other = made.open(Table("Staff", ("Name",), (("Old",),)), "Staff")
    made.open(Table("Guests", ("Name",), (("Guest",),)), "Guests")
    made.open(Document("Staff letter", "Hello"), "Staff letter")
    made.open(CREW, "Crew")
    save_by_keys(made)
    choose(made, "next")
    query = made.find(QLineEdit, "save_as_query")
    query.setFocus()
    QTest.keyClicks(query, "sta")
    names = made.find(QListWidget, "save_as_list")
    assert [names.item(row).text() for row in range(names.count())] == ["Staff · version 1"]
    QTest.keyClick(query, Qt.Key.Key_Return)
    made.wait(lambda: made.notices() == ["Staff has version 2 now."])
    assert other.version == 2
    assert isinstance(other.content, Table)
    assert other.content.rows == CREW.rows
    other.undo_stack.undo()
    assert other.content.rows == (("Old",),)


def test_where_there_is_no_other_of_its_kind_it_says_so(desk: Desk) -> None:
    made = desk()
    made.open(CREW, "Crew")
    save_by_keys(made)
    choose(made, "next")
    assert any(label.text() == "There is no other of its kind yet." for label in card(made).findChildren(QLabel))
    assert not card(made).save_button.isEnabled()
    QTest.keyClick(card(made), Qt.Key.Key_Escape)
    assert not made.has("save_as")


def test_an_artifact_becomes_a_source(desk: Desk) -> None:
    made = desk()
    made.open(CREW, "Crew")
    save_by_keys(made)
    choose(made, "source")
    made.click("save_as_save")
    made.wait(lambda: made.notices() == ["Crew is a source now."])
    (source,) = made.app.ledger.sources.all()
    assert source.title == "Crew"
    assert "Pilot" in source.text


def test_a_reply_becomes_a_document_titled_by_its_heading(desk: Desk) -> None:
    made = desk(Reply(TALK))
    ask(made)
    made.click("reply_save")
    menu = made.find(Menu, "save_menu")
    assert [action.text() for action in menu.actions() if not action.isSeparator()] == [
        "Save the reply as…",
        "Make a file of the table (Planet, Moons)",
        "Make a file of the code (Python, 1 line)",
    ]
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert made.find(QLineEdit, "save_as_title").text() == "Moons"
    made.click("save_as_save")
    made.wait(lambda: made.notices() == ["Moons is an artifact of its own now."])
    (row,) = made.app.ledger.artifacts.all()
    assert made.app.ledger.artifacts.version(row.id).content == Document("Moons", TALK)


@pytest.mark.parametrize(
    ("place", "title", "content"),
    [
        (0, "Moons", Table("Moons", ("Planet", "Moons"), (("Mars", "2"),))),
        (1, "main.py", Code("main.py", (CodeFile("main.py", "python", 'print("moons")'),))),
    ],
    ids=["table", "code"],
)
def test_a_table_and_code_in_a_reply_become_files(desk: Desk, place: int, title: str, content: Table | Code) -> None:
    made = desk(Reply(TALK))
    ask(made)
    made.click("reply_save")
    menu = made.find(Menu, "save_menu")
    for _ in range(place + 1):
        QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    made.wait(lambda: made.notices() == [f"{title} is an artifact of its own now."])
    (row,) = made.app.ledger.artifacts.all()
    assert made.app.ledger.artifacts.version(row.id).content == content
    assert row.conversation == made.workbench.chat.conversation


def test_code_and_tables_in_a_reply_have_a_button_each(desk: Desk) -> None:
    made = desk(Reply(TALK))
    ask(made)
    words = made.find(BlocksView, "reply_text")
    buttons = [button for button in words.findChildren(IconButton, "make_file") if button.isVisible()]
    assert len(buttons) == 2
    for button in buttons:
        assert words.rect().contains(button.geometry())
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    made.wait(lambda: len(made.app.ledger.artifacts.all()) == 2)
    assert {row.title for row in made.app.ledger.artifacts.all()} == {"Planet, Moons", "main.py"}


def test_a_file_is_imported_as_the_next_version_above_hand_edits(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = desk()
    tab = made.open(CREW, "Crew")
    file = tmp_path / "crew.csv"
    file.write_text("Name,Trade\nAda,Captain\nBo,Cook\n")
    monkeypatch.setattr("forgeapp.ui.main_window.chosen_file", lambda *_: file)
    tab.replace(Table("Crew", ("Name", "Trade"), (("Eva", "Pilot"),)), "Edit")
    made.window.actions_by_id["artifact.import"].trigger()
    made.wait(lambda: tab.version == 3)
    assert isinstance(tab.content, Table)
    assert tab.content.rows == (("Ada", "Captain"), ("Bo", "Cook"))
    tab.undo_stack.undo()
    assert tab.content.rows == (("Eva", "Pilot"),)


def test_a_file_that_was_exported_from_here_is_asked_about_when_it_is_opened(desk: Desk, tmp_path: Path) -> None:
    made = desk()
    tab = made.open(CREW, "Crew")
    file = tmp_path / "crew.csv"
    made.workbench.exports.start(tab, file)
    made.wait(lambda: not made.workbench.exports.running and file.exists())
    file.write_text(file.read_text("utf-8").replace("Pilot", "Captain"), "utf-8")
    question = "crew.csv was exported from Crew."
    made.workbench.artifacts.open_file(file)
    made.wait(lambda: question in made.notices())
    assert len(made.workbench.artifacts.tabs) == 1
    made.answer_notice("Next version of it")
    made.wait(lambda: tab.version == 2)
    assert isinstance(tab.content, Table)
    assert tab.content.rows[0] == ("Ada", "Captain")
    made.workbench.artifacts.open_file(file)
    made.wait(lambda: made.notices()[0] == question)
    made.answer_notice("A new file")
    made.wait(lambda: len(made.workbench.artifacts.tabs) == 2)
    assert tab.version == 2
