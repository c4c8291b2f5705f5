"""Find and replace in a grid, by real keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from forgeapp.domain.arrangement import Arrangement
from forgeapp.domain.table import Table
from forgeapp.ui.artifact.grid import GridFindBar, Line, Searched
from forgeapp.ui.artifact.grid.search import PatternRefused, Search
from forgeapp.ui.theme import Theme
from forgeapp.ui.workbench import Workbench
from tests.pace import ends_within
from tests.ui.table_desk import Bench

Key, Held = Qt.Key, Qt.KeyboardModifier
TREES = Table(
    "Trees",
    ("Name", "Note"),
    (("Oak", "old oak"), ("Ash", "young"), ("oak", "a.b"), ("Elm", "oaken\nboard")),
)


@pytest.fixture
def workbench(qapp: QApplication) -> Iterator[Workbench]:
    Theme("light")
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    made = Workbench()
    yield made
    QLocale.setDefault(before)
    assert made.jobs.close(3.0)


@pytest.fixture
def bench(qtbot: QtBot, workbench: Workbench) -> Bench:
    made = Bench(qtbot, workbench, TREES)
    made.grid.go_to(1, 0)
    return made


def find(bench: Bench, words: str) -> GridFindBar:
    bench.press(Key.Key_F, Held.ControlModifier)
    bar = bench.editor.find_bar
    assert bench.focus() is bar.query
    bar.query.clear()
    bench.qtbot.keyClicks(bar.query, words)
    return bar


def places(bar: GridFindBar) -> list[tuple[int, ...]]:
    return [hit[1:] for hit in bar.hits]


def click(bench: Bench, name: str) -> None:
    bench.qtbot.mouseClick(bench.editor.findChild(QWidget, name), Qt.MouseButton.LeftButton)


def test_hits_are_counted_and_gone_to_one_after_the_other_and_back(bench: Bench) -> None:
    bar = find(bench, "oak")
    assert places(bar) == [(0, 0), (0, 1), (2, 0), (3, 1)]
    assert bench.grid.current == (2, 0)  # the first one from where the user was
    assert bar.count.text() == "3 of 4"
    bench.press(Key.Key_Return)
    assert bench.grid.current == (3, 1)
    bench.press(Key.Key_F3)
    assert bench.grid.current == (0, 0)
    bench.press(Key.Key_Return, Held.ShiftModifier)
    assert bench.grid.current == (3, 1)
    bench.press(Key.Key_Escape)
    assert bench.focus() is bench.grid
    bench.press(Key.Key_F3)
    assert bench.grid.current == (0, 0)
    assert not bar.isVisible()


def test_capitals_whole_cells_and_patterns_narrow_what_is_found(bench: Bench) -> None:
    bar = find(bench, "oak")
    click(bench, "find_case")
    assert places(bar) == [(0, 1), (2, 0), (3, 1)]
    click(bench, "find_whole")
    assert places(bar) == [(2, 0)]
    click(bench, "find_case")
    assert places(bar) == [(0, 0), (2, 0)]
    click(bench, "find_whole")
    bar.query.setText("a.b")
    assert places(bar) == [(2, 1)]
    click(bench, "find_pattern")
    bar.query.setText("^o.k$|m$")
    assert places(bar) == [(0, 0), (2, 0), (3, 0)]
    bar.query.setText("walnut")
    assert bar.count.text() == "No hits"


def test_a_pattern_that_is_none_is_told_and_nothing_is_found(bench: Bench) -> None:
    bar = find(bench, "oak(")
    click(bench, "find_pattern")
    assert places(bar) == []
    fault = bench.editor.findChild(QWidget, "find_fault")
    assert fault is not None
    assert fault.isVisible()
    assert "cannot be searched" in bar.fault.text()
    bar.query.setText("oak")
    assert not fault.isVisible()


def test_one_hit_is_replaced_and_the_next_one_gone_to(bench: Bench) -> None:
    bench.grid.go_to(0, 0)
    bench.press(Key.Key_H, Held.ControlModifier)
    bar = bench.editor.find_bar
    assert bar.query.text() == "Oak"
    bar.replacement.setText("Fir")
    bar.replacement.setFocus()
    bench.press(Key.Key_Return)
    assert bench.table.rows[0] == ("Fir", "old oak")
    assert bench.grid.current == (0, 1)
    bench.press(Key.Key_Return)
    assert bench.table.rows[0] == ("Fir", "old Fir")
    assert bench.artifact.undo_stack.count() == 2
    bench.undo_all()
    assert bench.table == TREES


def test_all_hits_are_replaced_as_one_step_also_where_rows_are_sorted(bench: Bench) -> None:
    bench.editor.arranging.ask(Arrangement((0, True)))
    find(bench, "oak")
    click(bench, "find_replace")
    bench.editor.find_bar.replacement.setText(r"\1")
    click(bench, "replace_all")
    assert bench.table.rows == ((r"\1", r"old \1"), ("Ash", "young"), (r"\1", "a.b"), ("Elm", "\\1en\nboard"))
    assert bench.artifact.undo_stack.count() == 1
    bench.undo_all()
    assert bench.table == TREES


def test_groups_of_a_pattern_stand_in_what_replaces_it(bench: Bench) -> None:
    bar = find(bench, r"(\w+) (\w+)")
    click(bench, "find_pattern")
    click(bench, "find_replace")
    bar.replacement.setText(r"\2, \1")
    click(bench, "replace_all")
    assert bench.table.rows[0][1] == "oak, old"
    bar.replacement.setText(r"\7")
    bar.query.setText("(o)")
    click(bench, "replace_all")
    assert "cannot be searched" in bar.fault.text()
    assert bench.artifact.undo_stack.count() == 1


def test_hits_follow_what_is_written_meanwhile(bench: Bench) -> None:
    bar = find(bench, "oak")
    bench.editor.model.write(1, 0, "oakum")
    bench.qtbot.waitUntil(lambda: (1, 0) in places(bar))
    bench.artifact.undo_stack.undo()
    bench.qtbot.waitUntil(lambda: (1, 0) not in places(bar))


def test_many_cells_are_looked_through_off_the_ui_thread(qtbot: QtBot, workbench: Workbench) -> None:
    rows = tuple((f"name {number}", str(number)) for number in range(30_000))
    bench = Bench(qtbot, workbench, Table(None, ("Name", "N"), rows))
    bar = find(bench, "name 29999")
    assert not bar.is_idle
    assert bar.count.text() == "Looking …"
    qtbot.waitUntil(lambda: places(bar) == [(29_999, 0)])
    assert bench.grid.current == (29_999, 0)
    bar.replacement.setText("last")
    click(bench, "find_replace")
    click(bench, "replace_all")
    qtbot.waitUntil(lambda: bench.table.rows[-1] == ("last", "29999"))
    bench.undo_all()
    assert bench.table.rows == rows


@pytest.mark.security
@pytest.mark.parametrize("words", ["(a+)+$", "(a|a)*b", "(" * 600, "a{1000000}{1000000}", "x" * 2_000])
def test_hostile_patterns_end_in_bounded_time(words: str) -> None:
    with ends_within(120), pytest.raises(PatternRefused):  # some would take years
        lines = [Line(row, range(20), ["a" * 60 + "!"] * 20) for row in range(50)]
        Search(words, is_pattern=True).hits(Searched({0: lambda: lines}, (), 1_000), 10)
        raise PatternRefused("it was fast after all")
