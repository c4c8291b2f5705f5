"""Asking about what is selected: the chip, the quick actions, and what becomes of a change that was proposed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.request import Selection
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, Sheet, Workbook
from forgeapp.ui.artifact.code_editor import CodeEditor
from forgeapp.ui.artifact.document_editor import DocumentEditor
from forgeapp.ui.artifact.grid import Block
from forgeapp.ui.artifact.selections import where_words
from forgeapp.ui.artifact.spreadsheet_editor import SpreadsheetEditor
from forgeapp.ui.artifact.table_editor import TableEditor
from forgeapp.ui.artifact.text.text_edit import TextEdit
from forgeapp.ui.chat.proposal_card import ProposalCard
from forgeapp.ui.controls import Chip, IconButton, Menu
from forgeapp.ui.workbench.composer import PASTE
from tests.fakes.fixtures import serve  # noqa: F401 - used by the fixture `desk`
from tests.fakes.provider_server import Reply
from tests.ui.asking_desk import CONTROL, SHIFT, AskingDesk, make_desk  # noqa: F401 - a fixture

Desk = Callable[..., AskingDesk]
LETTER = Document("Letter", "# Letter\n\nPlease find attached our quote.\n\nIt covers 340 meals.\n\nYours\n")
CREW = Table("Crew", ("Name", "Trade"), (("Ada", "Pilot"), ("Bo", "Cook"), ("Cy", "Nurse")))
BUDGET = Workbook(
    "Budget",
    (
        Sheet("Month", {(0, 0): Cell("Rent"), (0, 1): Cell("900"), (1, 1): Cell("=B1*2"), (2, 0): Cell("x")}),
        Sheet("Year", {(0, 0): Cell("Total")}),
    ),
)
SCRIPT = Code(
    "Script", (CodeFile("main.py", "python", "one = 1\ntwo = 2\nthree = 3\n"), CodeFile("b.py", "python", ""))
)
PATCH = Reply(
    "It is warmer now.\n\n<<<<<<< SEARCH\nPlease find attached our quote.\n"
    "=======\nThank you for the tour.\n>>>>>>> REPLACE\n"
)


def select_lines(edit: TextEdit, first: int, last: int) -> None:
    """Whole lines, from 1, with the keyboard in the text."""
    edit.setFocus()
    document = edit.document()
    end = document.findBlockByNumber(last - 1)
    edit.select(document.findBlockByNumber(first - 1).position(), end.position() + end.length() - 1)


def sent(desk: AskingDesk, number: int = -1) -> str:
    """What the model was told last, as it stands in the request."""
    assert desk.fake is not None
    return "\n".join(str(message["content"]) for message in desk.fake.requests[number].json["messages"])


# What the editors say is selected


def document_part(desk: AskingDesk) -> Selection | None:
    editor = desk.editor
    assert isinstance(editor, DocumentEditor)
    select_lines(editor.text, 3, 5)
    return editor.selection_for_asking()


def code_part(desk: AskingDesk) -> Selection | None:
    editor = desk.editor
    assert isinstance(editor, CodeEditor)
    select_lines(editor.text, 2, 2)
    return editor.selection_for_asking()


def table_part(desk: AskingDesk) -> Selection | None:
    editor = desk.editor
    assert isinstance(editor, TableEditor)
    editor.grid.select(Block(1, 0, 2, 1))
    return editor.selection_for_asking()


def sheet_part(desk: AskingDesk) -> Selection | None:
    editor = desk.editor
    assert isinstance(editor, SpreadsheetEditor)
    editor.grid.select(Block(0, 0, 1, 1))
    return editor.selection_for_asking()


def test_each_editor_says_what_is_selected(desk: Desk) -> None:
    made = desk()
    for content, part, expected in (
        (LETTER, document_part, Selection("Please find attached our quote.\n\nIt covers 340 meals.", "lines 3-5")),
        (SCRIPT, code_part, Selection("two = 2", "main.py line 2")),
        (CREW, table_part, Selection("Bo\tCook\nCy\tNurse", "A3:B4")),
        (BUDGET, sheet_part, Selection("Rent\t900\n\t=B1*2", "Month!A1:B2")),
    ):
        made.open(content, "It")
        assert made.editor.selection_for_asking() is None
        assert part(made) == expected


def test_one_cell_counts_only_where_it_is_chosen_and_all_cells_never(desk: Desk) -> None:
    made = desk()
    made.open(CREW, "Crew")
    editor = made.editor
    assert isinstance(editor, TableEditor)
    editor.grid.go_to(1, 1)
    assert editor.selection_for_asking() is None
    assert editor.selection_for_asking(True) == Selection("Cook", "B3")
    editor.grid.select_all()
    assert editor.selection_for_asking(True) is None


def test_rows_shown_in_another_order_are_named_as_they_stand_in_the_table(desk: Desk) -> None:
    made = desk()
    made.open(CREW, "Crew")
    editor = made.editor
    assert isinstance(editor, TableEditor)
    editor.arranging.sort(0, True)
    made.wait(lambda: editor.is_idle and editor.model.order is not None)
    editor.grid.select(Block(0, 0, 1, 0))
    assert editor.selection_for_asking() == Selection("Cy\nBo", "A3:A4")


def test_a_whole_text_and_blank_lines_are_no_selection(desk: Desk) -> None:
    made = desk()
    made.open(LETTER, "Letter")
    editor = made.editor
    assert isinstance(editor, DocumentEditor)
    editor.text.selectAll()
    assert editor.selection_for_asking() is None
    select_lines(editor.text, 4, 4)
    assert editor.selection_for_asking(True) is None
    cursor = QTextCursor(editor.text.document().findBlockByNumber(2))
    editor.text.setTextCursor(cursor)
    assert editor.selection_for_asking(True) == Selection("Please find attached our quote.", "line 3")


@pytest.mark.parametrize(
    ("where", "content", "words"),
    [
        ("lines 3-5", LETTER, "lines 3-5"),
        ("line 3", LETTER, "line 3"),
        ("main.py lines 1-2", SCRIPT, "main.py, lines 1-2"),
        ("Month!A1:B2", BUDGET, "Month!A1:B2"),
        ("A3:B4", CREW, "rows 2-3"),
        ("A2:A4", CREW, "Name"),
        ("B3", CREW, "Trade, row 2"),
        ("A2, B3", CREW, "A2, B3"),
        ("", CREW, "what is selected"),
    ],
)
def test_a_place_is_worded_for_people(where: str, content: Content, words: str) -> None:
    assert where_words(where, content) == words


# The chip


def test_what_is_selected_goes_along_into_the_composer_and_with_one_message_only(desk: Desk) -> None:
    made = desk(PATCH)
    made.open(LETTER, "Letter")
    document_part(made)
    made.go_to_composer()
    chip = made.find(Chip, "artifact_chip")
    assert chip.text() == "Letter, lines 3-5"
    QTest.keyClicks(made.composer, "Is this polite?")
    QTest.keyClick(made.composer, Qt.Key.Key_Return)
    made.wait_for_end()
    assert "lines 3-5:\nPlease find attached our quote." in sent(made)
    assert made.workbench.composer.selection is None
    assert made.find(Chip, "artifact_chip").text() == "Letter, version 1"


def test_the_cross_takes_first_the_selection_then_the_artifact_away(desk: Desk) -> None:
    made = desk()
    made.open(CREW, "Crew")
    table_part(made)
    made.editor.setFocus()
    made.go_to_composer()
    chip = made.find(Chip, "artifact_chip")
    assert chip.text() == "Crew, rows 2-3"
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton, pos=chip.cross.center())
    assert chip.text() == "Crew, version 1"
    assert made.workbench.composer.selection is None
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton, pos=chip.cross.center())
    assert not made.has("artifact_chip")


def test_coming_back_with_nothing_selected_takes_the_selection_away(desk: Desk) -> None:
    made = desk()
    made.open(LETTER, "Letter")
    document_part(made)
    made.go_to_composer()
    editor = made.editor
    assert isinstance(editor, DocumentEditor)
    editor.text.setFocus()
    editor.text.select(0, 0)
    made.go_to_composer()
    assert made.workbench.composer.selection is None


def test_a_selection_does_not_outlive_a_change_of_what_it_names(desk: Desk) -> None:
    made = desk()
    tab = made.open(CREW, "Crew")
    table_part(made)
    made.editor.setFocus()
    made.go_to_composer()
    assert made.workbench.composer.selection is not None
    tab.replace(replace(CREW, rows=CREW.rows[:1]), "Edit")
    assert made.workbench.composer.selection is None


def test_ask_about_this_takes_a_single_cell_too(desk: Desk) -> None:
    made = desk()
    made.open(CREW, "Crew")
    editor = made.editor
    assert isinstance(editor, TableEditor)
    editor.grid.setFocus()
    editor.grid.go_to(0, 1)
    QTest.keyClick(editor.grid, Qt.Key.Key_A, CONTROL | SHIFT)
    made.wait(made.composer.hasFocus)
    assert made.workbench.composer.selection == Selection("Pilot", "B2")
    assert made.find(Chip, "artifact_chip").text() == "Crew, Trade, row 1"


# Quick actions


def test_a_bar_appears_over_a_text_once_the_mouse_has_selected_and_goes_with_the_next_key(desk: Desk) -> None:
    made = desk(PATCH)
    made.open(LETTER, "Letter")
    editor = made.editor
    assert isinstance(editor, DocumentEditor)
    document_part(made)
    assert not made.has("quick_bar")
    text = editor.text.viewport()
    cursor = editor.text.cursorRect(QTextCursor(editor.text.document().findBlockByNumber(2)))
    QTest.mouseDClick(text, Qt.MouseButton.LeftButton, pos=cursor.center())
    QTest.mouseRelease(text, Qt.MouseButton.LeftButton, pos=cursor.center())
    made.wait(lambda: made.has("quick_bar"))
    bar = made.find(QWidget, "quick_bar")
    assert text.rect().contains(bar.geometry().adjusted(8, 8, -8, -8))
    assert [button.accessibleName() for button in bar.findChildren(IconButton)] == [
        "Shorter", "Longer", "More formal", "Simpler", "Translate", "Fix", "Ask about this"
    ]  # fmt: skip
    assert editor.text.hasFocus()
    QTest.keyClick(editor.text, Qt.Key.Key_Right, SHIFT)
    assert not made.has("quick_bar")


def test_a_quick_action_is_sent_at_once_and_worded_in_the_chat(desk: Desk) -> None:
    made = desk(PATCH)
    made.open(LETTER, "Letter")
    editor = made.editor
    assert isinstance(editor, DocumentEditor)
    document_part(made)
    editor.asking.bar.appear()  # type: ignore[union-attr]
    made.click("quick_shorter")
    made.wait_for_end()
    assert made.bubbles() == ["Shorter: lines 3-5 of Letter"]
    told = sent(made)
    assert "Make this shorter" in told
    assert "lines 3-5:\nPlease find attached our quote." in told
    assert not made.has("quick_bar")
    (proposal,) = made.workbench.chat.exchanges[0].reply.proposals  # type: ignore[union-attr]
    assert proposal.is_pending
    assert made.composer.toPlainText() == ""


def test_the_menu_changes_the_whole_where_nothing_is_selected(desk: Desk) -> None:
    change = json.dumps({"operations": [{"op": "set", "cells": {"A2": "Eva"}}]})
    made = desk(Reply(f"```json\n{change}\n```"))
    made.open(CREW, "Crew")
    editor = made.editor
    assert isinstance(editor, TableEditor)
    editor.grid.setFocus()
    editor.grid.go_to(0, 0)
    QTest.keyClick(editor.grid, Qt.Key.Key_J, CONTROL)
    menu = made.find(Menu, "quick_actions")
    assert menu.actions()[0].text() == "All of it"
    QTest.keyClick(menu, Qt.Key.Key_Return)
    made.wait_for_end()
    assert made.bubbles() == ["Shorter: Crew"]
    assert "<selection>" not in sent(made)


def test_translate_asks_for_a_language_and_remembers_it(desk: Desk) -> None:
    made = desk(PATCH)
    made.open(LETTER, "Letter")
    editor = made.editor
    assert isinstance(editor, DocumentEditor)
    select_lines(editor.text, 3, 3)
    translate = next(action for action in editor.asking.quick_actions() if action.wants_language)
    menu = editor.asking.language_menu(translate, made.window)
    next(action for action in menu.actions() if action.text() == "Another language…").trigger()
    field = made.find(QLineEdit, "name")
    QTest.keyClicks(field, "Frisian")
    QTest.keyClick(field, Qt.Key.Key_Return)
    made.wait_for_end()
    assert made.bubbles() == ["Translate into Frisian: line 3 of Letter"]
    assert "Translate this into Frisian." in sent(made)
    assert editor.asking.language_menu(translate, made.window).actions()[0].text() == "Frisian"


def test_with_nobody_to_ask_it_says_what_to_set_up_and_sends_nothing(desk: Desk) -> None:
    made = desk()
    made.open(LETTER, "Letter")
    made.editor.asking.run(made.editor.asking.quick_actions()[0])
    made.wait(lambda: made.notices() == ["There is no model to ask for this."])
    assert made.workbench.chat.exchanges == []
    made.answer_notice("Open Configuration")
    made.wait(lambda: made.window.is_control_open)


def test_one_that_costs_too_much_is_asked_about_and_leaves_what_is_being_written_alone(desk: Desk) -> None:
    made = desk(PATCH)
    made.open(LETTER, "Letter")
    made.app.settings = replace(made.app.settings, ask_above_usd=0.000001)
    made.workbench.composer.replace_text("half a thought")
    document_part(made)
    made.editor.asking.run(made.editor.asking.quick_actions()[0])
    made.wait(lambda: made.notices() and made.notices()[0].startswith("Shorter: lines 3-5 of Letter: about $"))
    assert made.workbench.chat.exchanges == []
    made.answer_notice("Send")
    made.wait_for_end()
    assert made.bubbles() == ["Shorter: lines 3-5 of Letter"]
    assert made.composer.toPlainText() == "half a thought"


def test_one_asked_for_while_a_reply_is_under_way_waits_for_it(desk: Desk) -> None:
    made = desk(Reply("One two three four. " * 20, piece_delay_s=0.01), PATCH)
    made.open(LETTER, "Letter")
    made.workbench.composer.set_kind("chat")
    made.go_to_composer()
    QTest.keyClicks(made.composer, "Count")
    QTest.keyClick(made.composer, Qt.Key.Key_Return)
    made.wait(lambda: made.workbench.chat.live is not None)
    document_part(made)
    made.editor.asking.run(made.editor.asking.quick_actions()[0])
    made.wait(lambda: made.has("queued"))
    made.wait(lambda: len(made.workbench.chat.exchanges) == 2)
    made.wait_for_end()
    assert made.bubbles() == ["Count", "Shorter: lines 3-5 of Letter"]


def test_the_menus_of_texts_and_cells_lead_there_too(desk: Desk) -> None:
    made = desk()
    made.open(LETTER, "Letter")
    editor = made.editor
    assert isinstance(editor, DocumentEditor)
    words = [action.text() for action in editor.text.new_menu().actions()]
    assert {"Change by the model…", "Ask about this…"} <= set(words)
    made.open(CREW, "Crew")
    table = made.editor
    assert isinstance(table, TableEditor)
    made.click("quick_actions_button")
    menu = made.find(Menu, "quick_actions")
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    table.grid.menu_requested.emit("cells", table.grid.mapToGlobal(table.grid.rect().center()))
    shown = next(each for each in table.findChildren(Menu) if each.isVisible())
    assert {"Change by the model…", "Ask about this…"} <= {action.text() for action in shown.actions()}
    shown.close()


def test_in_copy_and_paste_mode_it_stands_in_the_composer(desk: Desk) -> None:
    made = desk()
    made.open(LETTER, "Letter")
    made.workbench.composer.set_mode(PASTE)
    document_part(made)
    made.editor.asking.run(made.editor.asking.quick_actions()[0])
    assert made.composer.toPlainText().startswith("Shorter: lines 3-5 of Letter\nMake this shorter")
    request = made.workbench.composer.request(made.composer.toPlainText())
    assert request.is_revision
    assert request.selection is not None
    assert request.selection.where == "lines 3-5"


def test_the_language_is_remembered_beyond_the_window(desk: Desk) -> None:
    made = desk()
    made.workbench.revising.language = "Frisian"
    made.window.close()
    again = desk()
    assert again.workbench.revising.language == "Frisian"


# What became of a change


def caption(made: AskingDesk) -> str:
    return made.find(ProposalCard, "proposal_card").caption.text()


def test_a_change_that_waits_has_a_card_that_leads_to_it(desk: Desk) -> None:
    made = desk(PATCH)
    tab = made.open(LETTER, "Letter")
    made.editor.asking.run(made.editor.asking.quick_actions()[0])
    made.wait_for_end()
    made.wait(lambda: caption(made) == "1 change proposed")
    assert made.workbench.chat.exchanges[0].reply.text.strip() == "It is warmer now."  # type: ignore[union-attr]
    tab.view = "source"
    made.click("proposal_review")
    made.wait(lambda: made.workbench.artifacts.active is tab and tab.view == "edit")
    made.workbench.reviews.decide_rest(tab, True)
    made.wait(lambda: made.has("artifact_card"))
    assert not made.has("proposal_card")
    texts = [label.text() for label in made.find(QWidget, "artifact_card").findChildren(QLabel)]
    assert any(text.endswith("version 2 · the change taken") for text in texts)


def test_a_change_that_is_rejected_says_so(desk: Desk) -> None:
    made = desk(PATCH)
    tab = made.open(LETTER, "Letter")
    made.editor.asking.run(made.editor.asking.quick_actions()[0])
    made.wait_for_end()
    made.wait(lambda: made.workbench.reviews.of(tab) is not None)
    made.workbench.reviews.decide_rest(tab, False)
    made.wait(lambda: made.has("proposal_card") and caption(made) == "Changes rejected")
    assert not made.has("proposal_review")


def test_a_change_that_a_later_request_builds_on_says_so(desk: Desk) -> None:
    again = Reply("<<<<<<< SEARCH\nYours\n=======\nYours sincerely\n>>>>>>> REPLACE\n")
    made = desk(PATCH, again)
    made.open(LETTER, "Letter")
    for _ in range(2):
        made.editor.asking.run(made.editor.asking.quick_actions()[0])
        made.wait_for_end()
    made.wait(lambda: len(made.window.findChildren(ProposalCard)) == 2)
    cards = made.window.findChildren(ProposalCard)
    made.wait(
        lambda: {card.caption.text() for card in made.window.findChildren(ProposalCard)} >= {"2 changes proposed"}
    )
    assert len(cards) == 2
    made.wait(
        lambda: (
            {card.caption.text() for card in made.window.findChildren(ProposalCard)}
            == {"Replaced by a later request", "2 changes proposed"}
        )
    )


def test_a_message_answered_again_after_a_restart_proposes_too(desk: Desk) -> None:
    made = desk(PATCH, PATCH)
    made.open(LETTER, "Letter")
    made.editor.asking.run(made.editor.asking.quick_actions()[0])
    made.wait_for_end()
    exchange = made.workbench.chat.exchanges[0]
    exchange.request = None
    made.workbench.regenerate(exchange)
    made.wait_for_end()
    assert len(exchange.replies) == 2
    assert exchange.replies[1].proposals[0].is_pending
    assert exchange.replies[1].cards == ()


def test_while_a_patch_arrives_the_chat_says_what_is_being_written(desk: Desk) -> None:
    made = desk(replace(PATCH, piece_delay_s=0.03))
    made.open(LETTER, "Letter")
    made.editor.asking.run(made.editor.asking.quick_actions()[0])
    made.wait(lambda: made.has("artifact_draft"))
    label = made.find(QWidget, "artifact_draft").findChild(QLabel)
    assert label is not None
    assert label.text() == "Writing changes to Letter…"
    made.wait_for_end()
