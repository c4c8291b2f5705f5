"""Where an artifact comes from: looked at, and exported with it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QWidget

from forgeapp.domain.artifact import Kind
from forgeapp.domain.decision import Decision, Intent
from forgeapp.domain.document import Document
from forgeapp.ledger.artifacts import NewVersion, Origin
from forgeapp.ui.artifact.export.panel import ExportPanel
from forgeapp.ui.artifact.provenance import ProvenanceView
from forgeapp.ui.controls import Button, Label, SegmentedControl
from forgeapp.ui.workbench.open_artifact import OpenArtifact
from tests.ui.pane_bench import CREW, PaneBench, bench
from tests.unit.services.asking.chain_rig import Scripted
from tests.unit.services.test_forge import LETTER as REPLY
from tests.unit.services.test_forge import Rig, says

__all__ = ["bench"]

LETTER = Document("Letter", "# Letter\n\nDear Ann,\n")


def open_provenance(bench: PaneBench) -> ProvenanceView:
    bench.show_view("provenance")
    view = bench.find(ProvenanceView, "provenance")
    bench.wait(lambda: view.is_current and view.page is not None)
    return view


def said(view: ProvenanceView) -> list[str]:
    assert view.page is not None
    return [label.text() for label in view.page.findChildren(Label) if label.isVisibleTo(view)]


def made_and_edited(bench: PaneBench) -> OpenArtifact:
    tab = bench.open(LETTER)
    provenance = {"model": "acme/large", "request": "to Bob instead", "taken": 2, "of": 3, "attachments": ["note.txt"]}
    changed = Document("Letter", "# Letter\n\nDear Bob,\n")
    new = NewVersion(changed, Origin.REVISED, "Letter", artifact=tab.id, provenance=provenance)
    tab.take_version(bench.app.ledger.artifacts.add(new), "Change by the model")
    bench.app.ledger.artifacts.label(tab.id, 2, "As sent")
    bench.edit(tab, Document("Letter", "# Letter\n\nDear Bob,\n\nPS\n"))
    return tab


def test_the_page_says_who_was_asked_for_what_and_what_became_of_it(bench: PaneBench) -> None:
    made_and_edited(bench)
    words = said(open_provenance(bench))
    for expected in ("acme/large", "to Bob instead", "note.txt", "2 of 3 changes taken", "1 version by hand"):
        assert expected in words
    assert "Not cross-checked" in words
    assert "Version 2 · As sent" in words
    assert words.index("Version 3") < words.index("Version 2 · As sent") < words.index("Version 1")


def test_the_page_follows_the_artifact(bench: PaneBench) -> None:
    tab = bench.open(CREW)
    view = open_provenance(bench)
    assert "none by hand" in said(view)
    bench.rename_first(tab, "Eve")
    bench.wait(lambda: view.is_current and "1 version by hand" in said(view))


def test_calls_and_the_exact_prompt_are_shown_on_wish(bench: PaneBench) -> None:
    made = Rig(bench.app.ledger, Decision(Intent.CREATE, Kind.DOCUMENT), Scripted(says(REPLY))).run("a letter to Ann")
    artifact = made.artifacts[0].artifact
    bench.workbench.artifacts.open(artifact)
    bench.wait(lambda: bench.workbench.artifacts.find(artifact) is not None)
    view = open_provenance(bench)
    assert "a letter to Ann" in said(view)
    assert not view.findChildren(QPlainTextEdit, "prompt_text")
    unfold = bench.find(Button, "unfold_prompt")
    unfold.setFocus()
    QTest.keyClick(unfold, Qt.Key.Key_Return)
    fields = view.findChildren(QPlainTextEdit, "prompt_text")
    assert len(fields) >= 2
    assert "a letter to Ann" in fields[-1].toPlainText()
    QTest.keyClick(unfold, Qt.Key.Key_Return)
    assert not any(field.isVisible() for field in fields)


def test_it_is_exported_with_the_page_and_the_choice_is_kept_for_its_kind(bench: PaneBench, tmp_path: Path) -> None:
    made_and_edited(bench)
    bench.workbench.exports.folder = tmp_path
    open_provenance(bench)
    bench.click(bench.find(Button, "export_with_provenance"))
    panel: ExportPanel = bench.pane.panel
    bench.wait(lambda: panel.isVisible())
    tick = panel.findChild(QCheckBox, "export_provenance")
    assert tick.isChecked()
    panel.formats.choose(next(choice for choice in panel.formats.offered if choice.key == "md"))
    panel.formats.chosen.emit()
    bench.wait(lambda: panel.target == tmp_path / "Letter.md" and panel.start.isEnabled())
    panel.export()
    bench.wait(lambda: not bench.workbench.exports.running and (tmp_path / "Letter.md").exists())
    text = (tmp_path / "Letter.md").read_text("utf-8")
    assert text.startswith("# Letter") and "to Bob instead" in text
    bench.pane.open_export()
    assert tick.isChecked()
    panel.close()


def test_formats_without_room_for_the_page_do_not_offer_it(bench: PaneBench) -> None:
    bench.open(CREW)
    bench.pane.open_export()
    panel: ExportPanel = bench.pane.panel
    tick = panel.findChild(QCheckBox, "export_provenance")
    for key, is_offered in (("csv", False), ("pdf", True)):
        panel.formats.choose(next(choice for choice in panel.formats.offered if choice.key == key))
        panel.formats.chosen.emit()
        assert tick.isVisible() is is_offered
    panel.close()


def test_five_views_fit_a_narrow_pane(bench: PaneBench) -> None:
    bench.open(CREW)
    bench.pane.resize(400, 640)
    views = bench.find(SegmentedControl, "artifact_views")
    toolbar = bench.pane.toolbar
    bench.wait(lambda: toolbar.width() <= 400)
    bench.show_view("provenance")
    for name in ("edit", "preview", "source", "history", "provenance"):
        segment = views.findChild(QWidget, f"segment_{name}")
        right = segment.mapTo(toolbar, segment.rect().topRight()).x()
        assert right < toolbar.export.x()
        assert segment.accessibleName()
    bench.pane.resize(720, 640)
    bench.wait(lambda: views.findChild(QWidget, "segment_edit").width() > 40)
