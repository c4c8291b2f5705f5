"""What is not right in code: shown beside it, below it and at the place; gone when it is mended."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent, QTextCharFormat
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.finding import Finding, Severity
from forgeapp.services.checking import Checking
from forgeapp.ui.artifact.code_editor import CodeEditor
from tests.ui.pane_bench import PaneBench, bench

__all__ = ["bench"]

BROKEN = '{\n  "a": 1,\n  "b": [1, 2,],\n}\n'
SHELL = "import os\nos.system('ls')\n"


def opened(bench: PaneBench, *files: CodeFile) -> CodeEditor:
    bench.open(Code("Totals", files))
    bench.wait(lambda: bench.pane.findChild(CodeEditor) is not None)
    editor = bench.pane.findChild(CodeEditor)
    assert isinstance(editor, CodeEditor)
    bench.wait(lambda: editor.findings.is_settled)
    editor.text.setFocus()
    return editor


def rules(editor: CodeEditor) -> list[str]:
    document = editor.artifact.documents[editor.place]
    return [placed.finding.rule for placed in editor.findings.of(document)]


def waves(editor: CodeEditor) -> list[str]:
    """What is underlined."""
    wave = QTextCharFormat.UnderlineStyle.WaveUnderline
    return [
        mark.cursor.selectedText()  # type: ignore[attr-defined]
        for mark in editor.text.extraSelections()
        if mark.format.underlineStyle() is wave  # type: ignore[attr-defined]
    ]


def test_a_finding_appears_goes_with_its_place_and_goes_away_when_it_is_mended(bench: PaneBench) -> None:
    editor = opened(bench, CodeFile("a.json", "json", BROKEN))
    assert rules(editor) == ["json_trailing_comma"]
    assert waves(editor) == [","]
    assert editor.strip.isVisible()
    assert editor.strip.counts.text() == "1 error"
    assert list(editor.text.line_numbers._worst().items()) == [(2, Severity.ERROR)]
    editor.text.select(0, 0)
    QTest.keyClick(editor.text, Qt.Key.Key_Return)
    assert list(editor.text.line_numbers._worst()) == [3]
    place = editor.text.toPlainText().index(",],")
    editor.text.select(place + 1, place + 1)
    QTest.keyClick(editor.text, Qt.Key.Key_Backspace)
    place = editor.text.toPlainText().index("],")
    editor.text.select(place + 2, place + 2)
    QTest.keyClick(editor.text, Qt.Key.Key_Backspace)
    bench.wait(lambda: editor.findings.is_settled and rules(editor) == [])
    assert not editor.strip.isVisible()
    assert waves(editor) == []
    while editor.artifact.undo_stack.canUndo():
        QTest.keyClick(editor.text, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    bench.wait(lambda: rules(editor) == ["json_trailing_comma"])
    assert editor.artifact.is_saved


def test_f7_steps_through_the_findings_of_every_file_and_round(bench: PaneBench) -> None:
    editor = opened(bench, CodeFile("a.json", "json", BROKEN), CodeFile("b.py", "python", SHELL))
    assert editor.strip.counts.text() == "1 error, 1 warning"
    QTest.keyClick(editor.text, Qt.Key.Key_F7)
    assert (editor.place, editor.text.textCursor().blockNumber()) == (0, 2)
    QTest.keyClick(editor.text, Qt.Key.Key_F7)
    assert (editor.place, editor.text.textCursor().selectedText()) == (1, "os.system")
    QTest.keyClick(editor.text, Qt.Key.Key_F7)
    assert editor.place == 0
    QTest.keyClick(editor.text, Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)
    assert editor.place == 1


def test_the_list_opens_leads_to_each_place_and_closes_by_keys(bench: PaneBench) -> None:
    editor = opened(bench, CodeFile("b.py", "python", SHELL), CodeFile("a.json", "json", BROKEN))
    strip = editor.strip
    strip.counts.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(strip.counts, Qt.Key.Key_Space)
    assert strip.list.isVisible()
    assert strip.list.hasFocus()
    told = [strip.list.item(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(strip.list.count())]
    assert told[0] == "Error, a.json, line 3: Nothing follows this comma: remove it."
    assert told[1].startswith("Warning, b.py, line 2: os.system gives a text to the shell")
    QTest.keyClick(strip.list, Qt.Key.Key_Return)
    assert editor.place == 1
    assert editor.text.hasFocus()
    strip.list.setFocus()
    QTest.keyClick(strip.list, Qt.Key.Key_Escape)
    assert not strip.list.isVisible()


def test_a_tooltip_says_what_is_not_right_at_the_place_and_beside_the_line(bench: PaneBench) -> None:
    editor = opened(bench, CodeFile("b.py", "python", SHELL))
    text = editor.text
    line = text.document().findBlockByNumber(1)
    area = text.blockBoundingGeometry(line).translated(text.contentOffset()).toRect()
    spot = QPoint(text.cursorRect(editor.findings.of(text.document())[0].cursor).left() - 4, area.center().y())
    for widget, at in ((text.viewport(), spot), (text.line_numbers, QPoint(8, area.center().y()))):
        QToolTip.hideText()
        QApplication.sendEvent(widget, QHelpEvent(QHelpEvent.Type.ToolTip, at, widget.mapToGlobal(at)))
        assert QToolTip.text().startswith("Warning: os.system gives a text to the shell")
    QToolTip.hideText()


def test_hints_are_marked_beside_their_lines_only(bench: PaneBench) -> None:
    editor = opened(bench, CodeFile("b.py", "python", "def f(x):\n    return x\n"))
    assert editor.strip.counts.text() == "2 hints"
    assert waves(editor) == []
    assert list(editor.text.line_numbers._worst().items()) == [(0, Severity.HINT)]


def test_a_language_chosen_by_hand_is_checked_by_its_rules(bench: PaneBench) -> None:
    editor = opened(bench, CodeFile("a", "text", '{"a": 1,}'))
    assert rules(editor) == []
    editor._on_language_chosen("json")
    bench.wait(lambda: rules(editor) == ["json_trailing_comma"])


def test_colouring_a_long_file_has_it_checked_once_only(bench: PaneBench, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    check = Checking.check

    def count(self: Checking, file: CodeFile, cancel: CancelToken) -> tuple[Finding, ...]:
        checked.append(file.name)
        return check(self, file, cancel)

    monkeypatch.setattr(Checking, "check", count)
    editor = opened(bench, CodeFile("b.py", "python", SHELL + "# a\nx = 'y'\n" * 3_000))
    QTest.keyClicks(editor.text, "# ")
    bench.wait(lambda: editor.text.highlighter.is_settled and editor.findings.is_settled)
    assert checked == ["b.py", "b.py"]


def test_closing_the_tab_while_it_is_checked_leaves_nothing_behind(bench: PaneBench) -> None:
    tab = bench.open(Code("Totals", (CodeFile("a.js", "javascript", "(" * 100_000),)))
    bench.wait(lambda: bench.pane.findChild(CodeEditor) is not None)
    editor = bench.pane.findChild(CodeEditor)
    assert isinstance(editor, CodeEditor)
    bench.wait(lambda: editor.findings._job is not None)
    bench.workbench.artifacts.close(tab)
    bench.wait(lambda: bench.workbench.jobs.count == 0)
