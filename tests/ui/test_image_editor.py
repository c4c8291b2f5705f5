"""Images in their pane: opened, looked at, described, copied, compared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget

from forgeapp.domain.image import Image
from forgeapp.ui.artifact.changes.image_view import ImageView
from forgeapp.ui.artifact.history import HistoryView
from forgeapp.ui.artifact.image.description import DescriptionField
from forgeapp.ui.artifact.image.picture_view import PictureView
from forgeapp.ui.artifact.image.thumbnail import CardPicture
from forgeapp.ui.artifact.image_editor import ImageEditor
from forgeapp.ui.chat.artifact_card import ArtifactCard
from forgeapp.ui.workbench.open_artifact import OpenArtifact
from tests.fakes.drawn import drawn, file_of, image_of, sketch
from tests.ui.pane_bench import PaneBench, bench

__all__ = ["bench"]


def opened(bench: PaneBench, image: Image) -> tuple[OpenArtifact, ImageEditor]:
    tab = bench.open(image)
    editor = bench.find(ImageEditor, "image_editor")
    bench.wait(lambda: editor.is_settled)
    return tab, editor


def image(tab: OpenArtifact) -> Image:
    assert isinstance(tab.content, Image)
    return tab.content


def turn_wheel(view: PictureView, at: QPoint, steps: int) -> None:
    place = QPointF(at)
    event = QWheelEvent(
        place,
        QPointF(view.viewport().mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QGuiApplication.sendEvent(view.viewport(), event)


def test_a_picture_file_dropped_on_the_pane_is_opened_and_shown(bench: PaneBench, tmp_path: Path) -> None:
    path = tmp_path / "Two hills.jpg"
    path.write_bytes(file_of(drawn(1_600, 1_200), "JPEG"))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    bench.pane.dropEvent(QDropEvent(QPointF(200, 200), copy, mime, left, none))
    bench.wait(lambda: bench.workbench.artifacts.active is not None, 20_000)
    editor = bench.find(ImageEditor, "image_editor")
    bench.wait(lambda: editor.is_settled)
    assert editor.facts.text().startswith("JPEG · 1,600 × 1,200 pixels · ")
    shown = editor.picture.picture_rect()
    assert editor.picture.viewport().rect().contains(shown)
    assert abs(shown.width() / shown.height() - 4 / 3) < 0.02


def test_a_small_picture_is_shown_in_its_own_size(bench: PaneBench) -> None:
    _, editor = opened(bench, sketch())
    assert editor.picture.scale == 1.0
    assert editor.picture.picture_rect().size().width() == 96
    assert editor.share.text() == "100 %"


def test_the_picture_is_painted_with_its_colours(bench: PaneBench) -> None:
    picture = drawn()
    _, editor = opened(bench, sketch())
    area = editor.picture.picture_rect()
    painted = editor.picture.viewport().grab().toImage()
    for x, y in ((5, 5), (80, 20), (50, 55)):
        colour = painted.pixelColor(area.x() + x, area.y() + y)
        assert (colour.red(), colour.green(), colour.blue()) == picture.getpixel((x, y))


def test_what_is_seen_through_lies_on_a_checkerboard(bench: PaneBench) -> None:
    from PIL import Image as pillow

    _, editor = opened(bench, image_of(file_of(pillow.new("RGBA", (64, 64), (0, 0, 0, 0)), "PNG")))
    area = editor.picture.picture_rect()
    painted = editor.picture.viewport().grab().toImage()
    one, other = painted.pixelColor(area.x() + 4, area.y() + 4), painted.pixelColor(area.x() + 12, area.y() + 4)
    assert one != other
    assert painted.pixelColor(area.x() + 12, area.y() + 12) == one
    assert "transparent" in editor.facts.text()


def test_keys_zoom_in_and_out_to_actual_size_and_back_to_all_of_it(bench: PaneBench) -> None:
    _, editor = opened(bench, sketch(width=2_000, height=1_000))
    view = editor.picture
    fitted = view.scale
    assert fitted < 0.5
    QTest.keyClick(view, Qt.Key.Key_1)
    assert (view.zoom, editor.share.text()) == (1.0, "100 %")
    QTest.keyClick(view, Qt.Key.Key_Plus)
    assert view.scale == 1.25
    QTest.keyClick(view, Qt.Key.Key_Minus)
    QTest.keyClick(view, Qt.Key.Key_Minus)
    assert view.scale == 0.8
    QTest.keyClick(view, Qt.Key.Key_0)
    assert (view.zoom, view.scale) == (None, fitted)


def test_the_wheel_zooms_where_the_mouse_is(bench: PaneBench) -> None:
    _, editor = opened(bench, sketch(width=2_000, height=1_000))
    view = editor.picture
    QTest.keyClick(view, Qt.Key.Key_1)
    at = QPoint(150, 120)

    def seen() -> tuple[float, float]:
        area = view.picture_rect()
        return (at.x() - area.x()) / area.width(), (at.y() - area.y()) / area.height()

    before = seen()
    turn_wheel(view, at, 2)
    assert view.scale > 1.5
    assert abs(seen()[0] - before[0]) < 0.002
    assert abs(seen()[1] - before[1]) < 0.002
    turn_wheel(view, at, -12)
    assert view.scale < 0.2


def test_a_picture_larger_than_its_place_is_moved_by_the_mouse(bench: PaneBench) -> None:
    _, editor = opened(bench, sketch(width=2_000, height=1_600))
    view = editor.picture
    QTest.keyClick(view, Qt.Key.Key_1)
    before = view.picture_rect().topLeft()
    target = view.viewport()
    QTest.mousePress(target, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    QTest.mouseMove(target, QPoint(260, 170))
    QTest.mouseRelease(target, Qt.MouseButton.LeftButton, pos=QPoint(260, 170))
    assert view.picture_rect().topLeft() - before == QPoint(-40, -30)


def test_a_description_is_one_step_of_undo_and_becomes_a_version(bench: PaneBench) -> None:
    tab, editor = opened(bench, sketch())
    field = bench.find(DescriptionField, "description")
    bench.click(field)
    bench.type(field, "Two hills")
    assert tab.undo_stack.count() == 0
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert image(tab).alt == "Two hills"
    assert tab.undo_stack.count() == 1
    assert editor.picture.accessibleName() == "Picture: Two hills"
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (image(tab).alt, field.text()) == ("", "")
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert (image(tab).alt, field.text()) == ("Two hills", "Two hills")
    bench.workbench.artifacts.save(tab)
    bench.wait(lambda: tab.version == 2 and tab.is_saved)
    assert bench.app.ledger.artifacts.version(tab.id).content == image(tab)


def test_what_is_typed_is_taken_when_the_field_is_left_and_given_up_by_escape(bench: PaneBench) -> None:
    tab, editor = opened(bench, sketch("Before"))
    field = bench.find(DescriptionField, "description")
    bench.click(field)
    bench.type(field, " and after")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert (image(tab).alt, field.text()) == ("Before", "Before")
    bench.type(field, " dawn")
    editor.picture.setFocus()
    bench.wait(lambda: image(tab).alt == "Before dawn")
    bench.click(field)
    bench.type(field, "!")
    bench.pane.finish_editing()
    assert image(tab).alt == "Before dawn!"


def test_the_picture_is_copied_as_a_picture(bench: PaneBench) -> None:
    _, editor = opened(bench, sketch())
    bench.click(editor.copy)
    held = QGuiApplication.clipboard().image()
    assert (held.width(), held.height()) == (96, 64)
    QGuiApplication.clipboard().clear()
    bench.click(editor.picture.viewport())
    QTest.keyClick(editor.picture, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    bench.wait(lambda: QGuiApplication.clipboard().image().width() == 96)


def test_a_picture_that_cannot_be_shown_says_so(bench: PaneBench) -> None:
    _, editor = opened(bench, Image("Broken", "image/png", b"\x89PNG no more", 96, 64))
    assert editor.failure.isVisible()
    assert not editor.copy.isEnabled()
    assert not editor.larger.isEnabled()


def test_two_versions_stand_side_by_side_and_are_zoomed_together(bench: PaneBench) -> None:
    tab, _ = opened(bench, sketch("First", width=1_000, height=800))
    bench.edit(tab, replace(sketch("Second", width=1_000, height=800, mode="L"), title=image(tab).title))
    bench.show_view("history")
    history = bench.find(HistoryView, "history")
    bench.wait(lambda: history.is_settled)
    view = history.view
    assert isinstance(view, ImageView)
    assert view.before.isVisible()
    assert [side.words.text() for side in (view.before, view.after)] == ["First", "Second"]
    before, after = view.before.picture, view.after.picture
    assert before.picture is not None
    assert after.picture is not None
    assert before.picture.whole.pixelColor(900, 20) != after.picture.whole.pixelColor(900, 20)
    QTest.keyClick(after, Qt.Key.Key_1)
    assert before.zoom == 1.0
    QTest.keyClick(after, Qt.Key.Key_End)
    assert before.verticalScrollBar().value() == before.verticalScrollBar().maximum() > 0
    bench.click(bench.find(QWidget, "segment_changes", history))
    bench.wait(lambda: history.is_settled)
    assert "PNG, 1,000 x 800 pixels" in history.changes.toPlainText()


def test_the_source_view_tells_facts_and_not_bytes(bench: PaneBench) -> None:
    opened(bench, sketch("Two hills"))
    bench.show_view("source")
    text = bench.find(QPlainTextEdit, "source_text")
    bench.wait(lambda: "96 pixels" in text.toPlainText())
    assert "Two hills" in text.toPlainText()
    assert len(text.toPlainText()) < 600


def test_the_preview_shows_the_page_that_will_be_printed(bench: PaneBench) -> None:
    opened(bench, sketch("Two hills"))
    bench.show_view("preview")
    bench.wait(lambda: any("1 of 1" in label.text() for label in bench.pane.findChildren(QLabel)), 20_000)
    assert not [switch for switch in bench.pane.findChildren(QWidget, "preview_switch") if switch.isVisible()]


def test_a_card_shows_the_picture_small(bench: PaneBench) -> None:
    tab, _ = opened(bench, sketch("Two hills", width=900, height=600))
    (row,) = bench.app.ledger.artifacts.versions(tab.id)
    card = ArtifactCard(tab.id, row.number, row.kind, row.title, row.glance, thumbnails=bench.workbench.thumbnails)
    bench.qtbot.addWidget(card)
    card.show()
    shown = bench.find(CardPicture, "card_picture", card)
    bench.wait(lambda: isinstance(shown.image, QImage))
    assert shown.image is not None
    assert (shown.image.width(), shown.image.height()) == (480, 320)
    assert shown.accessibleName() == "Two hills"
    assert card.caption.text().startswith("Image · 900 × 600 pixels, ")


def test_a_picture_that_cannot_be_read_keeps_its_icon_and_is_asked_for_once(bench: PaneBench) -> None:
    broken = bench.store(Image("Broken", "image/png", b"no picture", 9, 9), "Broken")
    thumbnails, made = bench.workbench.thumbnails, []
    thumbnails.made.connect(lambda *key: made.append(key))
    assert thumbnails.of(broken, 1) is None
    bench.wait(lambda: made == [(broken, 1)])
    assert thumbnails.of(broken, 1) is None
    assert thumbnails.of(999, 1) is None
    bench.wait(lambda: made == [(broken, 1), (999, 1)])
