"""Proposed changes looked at and decided on, by real keys and clicks, in every kind."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, Sheet, Workbook
from forgeapp.ledger.artifacts import packed
from forgeapp.ledger.proposals import NewProposal, insert_proposal
from forgeapp.ui.announcements import Announcements
from forgeapp.ui.artifact.changes.document_view import DocumentView
from forgeapp.ui.artifact.changes.grids_view import GridsView
from forgeapp.ui.artifact.changes.lines_view import LinesView
from forgeapp.ui.artifact.review.view import ReviewView
from forgeapp.ui.controls import Button, IconButton, Label
from forgeapp.ui.notices import NoticeBar
from forgeapp.ui.richtext import BlocksView
from forgeapp.ui.workbench.open_artifact import OpenArtifact
from tests.ui.pane_bench import PaneBench, bench

__all__ = ["bench"]

LETTER = Document(
    "Letter",
    "# Quote\n\nPlease find attached our quote.\n\nIt covers 340 warm meals a day.\n\n1. Soup\n2. Cake\n\n"
    "Kind regards\n",
)
BETTER = Document(
    "Letter",
    "# Quote\n\nThank you for the tour of the canteen on Tuesday.\n\nIt covers 360 warm meals a day.\n\n"
    "1. Soup\n2. Pie\n\n"
    "Kind regards\n",
)
CREW = Table("Crew", ("Name", "Trade"), (("Ada", "Pilot"), ("Bo", "Cook"), ("Cy", "Nurse"), ("Di", "Clerk")))
NEW_CREW = Table(
    "Crew",
    ("Name", "Trade", "Pay"),
    (("Ada", "Captain", "9"), ("Cy", "Nurse", "5"), ("Di", "Clerk", "6"), ("Eve Long", "Gardener", "4")),
)
COUNTER = Code("Counter", (CodeFile("main.py", "python", "".join(f"line_{n} = {n}\n" for n in range(40))),))


def counter(**lines: str) -> Code:
    text = COUNTER.files[0].text
    for old, new in lines.items():
        text = text.replace(f"{old} =", new)
    return Code("Counter", (CodeFile("main.py", "python", text),))


def propose(bench: PaneBench, before: Content, after: Content) -> OpenArtifact:
    """An open artifact with a change of a model's that waits for the user."""
    artifact = bench.store(before, before.title or "")
    database = bench.app.ledger.database
    new = NewProposal(artifact, 1, after, after.title or "", provenance={"model": "openai/gpt-4.1"})
    content = packed(database, after)
    with database.writing() as connection:
        insert_proposal(connection, new, content)
    bench.workbench.artifacts.open(artifact)
    bench.wait(lambda: bench.workbench.artifacts.find(artifact) is not None)
    tab = bench.workbench.artifacts.find(artifact)
    assert tab is not None
    bench.wait(lambda: bench.pane.page is not None and bench.pane.page.review is not None)
    bench.wait(lambda: review_of(bench).is_settled)
    return tab


def review_of(bench: PaneBench) -> ReviewView:
    assert bench.pane.page is not None
    review = bench.pane.page.review
    assert review is not None
    return review


def words(bench: PaneBench) -> str:
    return bench.find(Label, "review_words").text()


def texts(bench: PaneBench) -> str:
    """All that the page says."""
    view = review_of(bench).view
    assert isinstance(view, DocumentView)
    bench.wait(lambda: not view.is_working and shown_blocks(view))
    bench.wait(lambda: all(each.accessibleDescription() for each in shown_blocks(view)))
    return "\n".join(each.accessibleDescription() for each in shown_blocks(view))


def shown_blocks(view: QWidget) -> list[BlocksView]:
    return [each for each in view.findChildren(BlocksView) if each.isVisible()]


def press(bench: PaneBench, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None and bench.pane.isAncestorOf(focused)
    QTest.keyClick(focused, key, modifiers)


def click(bench: PaneBench, name: str) -> None:
    bench.click(button(bench, name))


def button(bench: PaneBench, name: str) -> Button:
    """As soon as it is there."""
    bench.wait(lambda: [each for each in bench.pane.findChildren(Button, name) if each.isVisible()])
    return bench.find(Button, name)


def is_over(bench: PaneBench) -> bool:
    return bench.pane.page is not None and bench.pane.page.review is None


def test_a_review_stands_in_place_of_the_editor_and_other_views_can_be_looked_at(bench: PaneBench) -> None:
    propose(bench, LETTER, BETTER)
    assert words(bench) == "3 changes proposed"
    assert isinstance(review_of(bench).view, DocumentView)
    bench.show_view("source")
    assert not review_of(bench).isVisible()
    bench.show_view("edit")
    assert review_of(bench).isVisible()


def test_a_document_shows_what_goes_and_what_comes_in_place(bench: PaneBench) -> None:
    propose(bench, LETTER, BETTER)
    bench.wait(lambda: "Kind regards" in texts(bench))
    shown = texts(bench)
    assert "Please find attached our quote." in shown
    assert "Thank you for the tour" in shown
    assert "It covers 340360 warm meals a day." in shown, "words differ within a paragraph that is alike"
    assert shown.count("Kind regards") == 1


def test_one_change_is_accepted_another_rejected_and_the_last_ends_the_review_as_one_step(bench: PaneBench) -> None:
    tab = propose(bench, LETTER, BETTER)
    click(bench, "accept_0")
    assert words(bench) == "1 of 3 decided"
    assert "Please find" not in texts(bench)
    click(bench, "reject_1")
    assert "340 warm" in texts(bench)
    click(bench, "accept_2")
    bench.wait(lambda: is_over(bench))
    assert isinstance(tab.content, Document)
    assert tab.content.markdown == BETTER.markdown.replace("360", "340")
    assert (tab.version, tab.is_saved) == (2, True)
    version = bench.app.ledger.artifacts.version(tab.id)
    assert (version.provenance["taken"], version.provenance["of"]) == (2, 3)
    tab.undo_stack.undo()
    assert tab.content == LETTER
    assert not tab.undo_stack.canUndo()


def test_a_decision_can_be_changed_until_the_last_is_made(bench: PaneBench) -> None:
    propose(bench, LETTER, BETTER)
    click(bench, "accept_0")
    click(bench, "reopen_0")
    assert words(bench) == "3 changes proposed"
    assert "Please find" in texts(bench)
    click(bench, "reject_0")
    assert "Thank you" not in texts(bench)


def test_keys_walk_decide_and_take_back(bench: PaneBench) -> None:
    tab = propose(bench, LETTER, BETTER)
    review = review_of(bench)
    review.setFocus()
    assert review.current == 0
    press(bench, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert review.current == 1
    press(bench, Qt.Key.Key_R)
    assert review.current == 2
    press(bench, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert review.current == 0
    press(bench, Qt.Key.Key_A)
    assert words(bench) == "2 of 3 decided"
    press(bench, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert words(bench) == "1 of 3 decided"
    assert review.current == 0
    press(bench, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    bench.wait(lambda: is_over(bench))
    assert isinstance(tab.content, Document)
    assert tab.content.markdown == BETTER.markdown.replace("360", "340")


def test_the_keyboard_goes_to_the_editor_when_the_review_ends(bench: PaneBench) -> None:
    propose(bench, LETTER, BETTER)
    review_of(bench).setFocus()
    click(bench, "accept_all")
    bench.wait(lambda: is_over(bench))
    page = bench.pane.page
    editor = page.editor if page is not None else None
    assert editor is not None
    bench.wait(lambda: editor.isAncestorOf(QApplication.focusWidget() or bench.pane))
    field = QApplication.focusWidget()
    assert isinstance(field, QPlainTextEdit)


def test_rejecting_all_makes_no_version(bench: PaneBench) -> None:
    tab = propose(bench, LETTER, BETTER)
    click(bench, "reject_all")
    bench.wait(lambda: is_over(bench))
    assert tab.content == LETTER
    assert bench.app.ledger.artifacts.get(tab.id).version == 1
    assert bench.app.ledger.proposals.pending(tab.id) is None


def test_code_shows_numbered_lines_with_far_ones_folded(bench: PaneBench) -> None:
    tab = propose(bench, COUNTER, counter(line_5="line_5 = 50 +", line_30="line_thirty ="))
    view = review_of(bench).view
    assert isinstance(view, LinesView)
    folds = [number for number, row in enumerate(view.rows) if type(row).__name__ == "FoldRow"]
    before = len(view.rows)
    assert len(folds) == 3
    view.open_fold(folds[1])
    assert len(view.rows) > before
    click(bench, "accept_0")
    click(bench, "reject_1")
    bench.wait(lambda: is_over(bench))
    assert tab.content == counter(line_5="line_5 = 50 +")


def test_a_table_shows_changed_cells_and_new_columns_and_the_strip_walks_them(bench: PaneBench) -> None:
    tab = propose(bench, CREW, NEW_CREW)
    view = review_of(bench).view
    assert isinstance(view, GridsView)
    model = view.grid.model_of
    assert model.columnCount() == 3
    assert model.change(1, 2).turn == "added"
    changed = model.change(1, 1)
    assert (changed.old, changed.text) == ("Pilot", "Captain")
    turns = {model.change(row, 0).turn for row in range(model.rowCount())}
    assert {"added", "removed"} <= turns
    total = len(bench.workbench.reviews.of(tab).hunks)  # type: ignore[union-attr]
    where = bench.find(Label, "review_where")
    assert where.text() == "Column C · Pay"
    bench.click(bench.find(IconButton, "next_change"))
    assert where.text() == "B2"
    view.grid.setFocus()
    press(bench, Qt.Key.Key_R)
    assert model.change(1, 1).text == "Pilot"
    for _ in range(total - 1):
        press(bench, Qt.Key.Key_Return)
    bench.wait(lambda: is_over(bench))
    assert tab.content == Table("Crew", NEW_CREW.columns, (("Ada", "Pilot", "9"), *NEW_CREW.rows[1:]))


def test_choosing_a_cell_of_the_grid_chooses_its_change(bench: PaneBench) -> None:
    propose(bench, CREW, NEW_CREW)
    review = review_of(bench)
    view = review.view
    assert isinstance(view, GridsView)
    assert review.current == 0
    view.grid.go_to(1, 1)
    assert review.current == 1
    assert bench.find(Label, "review_where").text() == "B2"


def test_a_workbooks_sheets_are_marked_and_its_formulas_shown(bench: PaneBench) -> None:
    base = {(0, 0): Cell("Sum"), (1, 0): Cell("2", 2), (2, 0): Cell("=A2*2")}
    before = Workbook(
        "Sums", (Sheet("One", base), Sheet("Two", {(0, 0): Cell("x")}), Sheet("Old", {(0, 0): Cell("o")}))
    )
    after = Workbook(
        "Sums",
        (
            Sheet("One", {**base, (2, 0): Cell("=A2*3")}),
            Sheet("Two", {(0, 0): Cell("x")}),
            Sheet("New", {(0, 0): Cell("n")}),
        ),
    )
    tab = propose(bench, before, after)
    view = review_of(bench).view
    assert isinstance(view, GridsView)
    assert {view.tabs.tabText(number) for number in range(view.tabs.count())} == {"One", "Two", "Old", "New"}
    changed = view.grid.model_of.change(2, 0)
    assert (changed.old, changed.text, changed.is_formula) == ("=A2*2", "=A2*3", True)
    view.grid.setFocus()
    press(bench, Qt.Key.Key_A)
    press(bench, Qt.Key.Key_R)
    press(bench, Qt.Key.Key_A)
    bench.wait(lambda: is_over(bench))
    assert isinstance(tab.content, Workbook)
    assert tab.content.sheets[0] == after.sheets[0]


def test_what_was_changed_since_is_said_and_the_change_is_fitted(bench: PaneBench) -> None:
    tab = propose(bench, LETTER, BETTER)
    edited = Document("Letter", LETTER.markdown.replace("Kind regards", "Yours").replace("Cake", "Tart"))
    told: list[object] = []
    bench.workbench.reviews.fitted.connect(lambda _tab, hunks: told.extend(hunks))
    bench.edit(tab, edited)
    bench.wait(lambda: "You changed it since" in words(bench))
    assert words(bench).endswith("it is at version 2 now")
    assert not [each for each in bench.pane.findChildren(QWidget, "accept_all") if each.isVisible()]
    click(bench, "fit_review")
    bench.wait(lambda: words(bench) == "2 changes proposed")
    assert len(told) == 1
    bench.wait(lambda: review_of(bench).is_settled)
    click(bench, "accept_all")
    bench.wait(lambda: is_over(bench))
    assert isinstance(tab.content, Document)
    assert "Thank you for the tour" in tab.content.markdown
    assert tab.content.markdown.endswith("2. Tart\n\nYours\n")


def test_a_change_without_a_place_is_told_with_its_text(bench: PaneBench) -> None:
    notices = NoticeBar(bench.pane)
    Announcements(bench.workbench, notices, lambda _tab: None, lambda: None, notices)
    tab = propose(bench, LETTER, BETTER)
    bench.edit(tab, Document("Letter", LETTER.markdown.replace("Cake", "Tart")))
    bench.wait(lambda: "You changed it since" in words(bench))
    click(bench, "fit_review")
    bench.wait(lambda: notices.shown)
    (notice,) = notices.shown
    assert notice.text == "1 proposed change to Letter has no place any more."
    assert notice.hint == "Line 8: 2. Cake becomes 2. Pie"


def test_nothing_can_be_decided_while_the_change_is_outdated(bench: PaneBench) -> None:
    tab = propose(bench, LETTER, BETTER)
    bench.edit(tab, Document("Letter", LETTER.markdown + "\nPS\n"))
    bench.wait(lambda: "You changed it since" in words(bench) and review_of(bench).is_settled)
    bench.wait(lambda: not [each for each in bench.pane.findChildren(Button, "accept_0") if each.isVisible()])
    review_of(bench).setFocus()
    press(bench, Qt.Key.Key_A)
    found = bench.workbench.reviews.of(tab)
    assert found is not None
    assert found.decisions == {}


def test_another_title_is_a_change_beside_those_of_the_text(bench: PaneBench) -> None:
    tab = propose(bench, LETTER, Document("Offer", BETTER.markdown))
    assert bench.find(Label, "review_where").text() == "Title"
    click(bench, "reject_0")
    click(bench, "accept_all")
    bench.wait(lambda: is_over(bench))
    assert isinstance(tab.content, Document)
    assert (tab.content.markdown, tab.content.title) == (BETTER.markdown, "Letter")


def test_undo_in_the_toolbar_takes_back_the_last_decision(bench: PaneBench) -> None:
    tab = propose(bench, LETTER, BETTER)
    undo = bench.find(IconButton, "undo")
    assert not undo.isEnabled()
    click(bench, "accept_0")
    bench.click(undo)
    assert words(bench) == "3 changes proposed"
    assert tab.content == LETTER


def test_an_outdated_change_is_kept_as_a_new_file(bench: PaneBench) -> None:
    tab = propose(bench, LETTER, BETTER)
    bench.edit(tab, Document("Letter", LETTER.markdown + "\nPS\n"))
    bench.wait(lambda: "You changed it since" in words(bench))
    click(bench, "keep_apart")
    bench.wait(lambda: bench.workbench.artifacts.active is not tab)
    made = bench.workbench.artifacts.active
    assert made is not None
    assert made.content == BETTER
    assert bench.workbench.reviews.of(tab) is None


def test_an_outdated_change_is_discarded(bench: PaneBench) -> None:
    tab = propose(bench, LETTER, BETTER)
    bench.edit(tab, Document("Letter", LETTER.markdown + "\nPS\n"))
    bench.wait(lambda: "You changed it since" in words(bench))
    click(bench, "discard_review")
    bench.wait(lambda: is_over(bench))
    assert bench.app.ledger.proposals.pending(tab.id) is None


def test_thousands_of_changes_are_shown_a_few_at_a_time_and_accepted_all_at_once(bench: PaneBench) -> None:
    before = Document("Long", "\n\n".join(f"Paragraph {n} is here." for n in range(1_500)))
    after = Document("Long", "\n\n".join(f"Paragraph {n} is {'there' if n % 2 else 'here'}." for n in range(1_500)))
    tab = propose(bench, before, after)
    assert words(bench) == "750 changes proposed"
    view = review_of(bench).view
    assert isinstance(view, DocumentView)
    bench.wait(lambda: not view.is_working)
    more = button(bench, "more_changes")
    assert "more changes" in more.text()
    click(bench, "accept_all")
    bench.wait(lambda: is_over(bench))
    assert tab.content == after


def test_every_change_says_what_it_is_to_who_cannot_see_it(bench: PaneBench) -> None:
    propose(bench, LETTER, BETTER)
    assert button(bench, "accept_1").accessibleName() == (
        "Accept: Line 5: It covers 340 warm meals a day. becomes It covers 360 warm meals a day."
    )
