"""A document's pictures: pasted, dropped, folded away in its text and seen in its rendering."""

from __future__ import annotations

import base64
import itertools
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image as pillow
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from forgeapp.domain.document import Paragraph, Picture
from forgeapp.errors import UnreadableFile
from forgeapp.reading.markdown import parse
from forgeapp.ui.artifact.text.inserted_pictures import MAX_SIDE, picture_paths, prepared_file, prepared_image
from forgeapp.ui.workbench import Workbench
from tests.ui.document_bench import TABLE, Bench, Held, Key, make_maker, make_workbench  # noqa: F401 - fixtures

Make = Callable[..., Bench]


def image(width: int, height: int) -> QImage:
    made = QImage(width, height, QImage.Format.Format_RGB32)
    made.fill(QColor("#2f5fd7"))
    return made


def data_of(source: str) -> bytes:
    return base64.b64decode(source.partition(",")[2])


def test_a_pasted_picture_stands_in_the_text_by_name_and_its_bytes_at_the_end(make: Make, qtbot: QtBot) -> None:
    bench = make("Before.\n\nAfter.\n")
    picture = image(1200, 900)
    for x in range(0, 1200, 2):
        for y in range(0, 900, 300):
            picture.setPixelColor(x, y, QColor(x % 256, y % 256, (x * y) % 256))
    bench.put_cursor("After")
    QGuiApplication.clipboard().setImage(picture)
    bench.press(Key.Key_V, Held.ControlModifier)
    qtbot.waitUntil(lambda: "image-1" in bench.markdown)
    assert bench.markdown.startswith("Before.\n\n![image][image-1]After.\n\n[image-1]: data:image/png;base64,")
    shown = bench.text.toPlainText()
    assert len(shown) < 200
    assert re.search(r"\[image-1\]: data:image/png;\d+KB,[0-9a-f]{16}\n$", shown)
    first = parse(bench.markdown)[1]
    assert isinstance(first, Paragraph)
    assert isinstance(first.inlines[0], Picture)
    assert QImage.fromData(data_of(first.inlines[0].source)).size() == picture.size()
    bench.wait_until_read()
    qtbot.waitUntil(lambda: any(getattr(box, "image", None) for box in bench.editor.view.blocks.boxes))
    bench.undo()
    assert bench.markdown == "Before.\n\nAfter.\n"
    bench.press(Key.Key_Z, Held.ControlModifier, Held.ShiftModifier)
    assert ";base64," in bench.markdown


def test_what_is_copied_has_its_pictures_and_is_folded_again_where_it_is_pasted(make: Make, qtbot: QtBot) -> None:
    source = "data:image/png;base64," + "QUJD" * 1_000
    bench = make(f"![a][image-1]\n\n[image-1]: {source}\n")
    assert source not in bench.text.toPlainText()
    bench.text.selectAll()
    bench.text.copy()
    assert source in QGuiApplication.clipboard().text()
    bench.press(Key.Key_Delete)
    assert bench.markdown == ""
    bench.press(Key.Key_V, Held.ControlModifier)
    assert source in bench.markdown
    assert len(bench.text.toPlainText()) < 200


def test_picture_files_dropped_on_the_text_stand_there_and_others_are_left_to_the_pane(
    make: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    bench = make("Text.\n")
    path = tmp_path / "the [shot].png"
    assert image(40, 30).save(str(path))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    assert bench.text.takes_files(mime)
    at = QPointF(bench.text.cursorRect().center())
    copy = Qt.DropAction.CopyAction
    drop = QDropEvent(at, copy, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    bench.text.dropEvent(drop)
    qtbot.waitUntil(lambda: "image-1" in bench.markdown)
    assert "![the shot][image-1]" in bench.markdown
    assert base64.b64encode(path.read_bytes()).decode() in bench.markdown
    mixed = QMimeData()
    mixed.setUrls([QUrl.fromLocalFile(str(path)), QUrl.fromLocalFile(str(tmp_path / "a.csv"))])
    assert picture_paths(mixed) == []
    assert not bench.text.takes_files(mixed)


def test_large_pictures_are_scaled_down_and_small_ones_kept_to_the_byte(qapp: QApplication, tmp_path: Path) -> None:
    small, large = tmp_path / "small.jpg", tmp_path / "large.png"
    assert image(300, 200).save(str(small))
    assert image(MAX_SIDE * 2, 500).save(str(large))
    assert data_of(prepared_file(small).source) == small.read_bytes()
    assert QImage.fromData(data_of(prepared_file(large).source)).size().toTuple() == (MAX_SIDE, 250)
    assert QImage.fromData(data_of(prepared_image(image(10, 4_000)).source)).height() == MAX_SIDE


@pytest.mark.security
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_put_into_a_document_does_not_tell_where_it_was_taken(kind: str, tmp_path: Path) -> None:
    exif = pillow.Exif()
    exif[0x010F] = "A camera"
    exif.get_ifd(0x8825)[1] = "N"
    path = tmp_path / f"photo.{kind.lower()}"
    pillow.new("RGB", (30, 20), "red").save(path, kind, exif=exif)
    assert b"A camera" in path.read_bytes()
    data = data_of(prepared_file(path).source)
    assert b"A camera" not in data
    assert QImage.fromData(data).size().toTuple() == (30, 20)


def test_what_is_no_picture_is_refused_with_a_way_on(qapp: QApplication, tmp_path: Path) -> None:
    path = tmp_path / "broken.png"
    path.write_bytes(b"\x89PNG nothing of the kind")
    with pytest.raises(UnreadableFile) as refused:
        prepared_file(path)
    assert "broken.png" in refused.value.message
    assert "PNG and JPEG" in refused.value.hint
    with pytest.raises(UnreadableFile):
        prepared_file(tmp_path / "missing.png")


def test_a_refused_picture_is_told_and_leaves_the_text(qtbot: QtBot, make: Make, workbench: Workbench) -> None:
    bench = make("Text.\n")
    told: list[object] = []
    workbench.failed.disconnect()
    workbench.failed.connect(told.append)
    bench.text.add_pictures([Path("/nowhere/at-all.png")])
    qtbot.waitUntil(lambda: bool(told))
    assert isinstance(told[0], UnreadableFile)
    assert bench.markdown == "Text.\n"


def test_the_view_never_jumps_while_it_is_scrolled_over_tables_pictures_and_code(make: Make, qtbot: QtBot) -> None:
    rich = "".join(
        f"## Part {number}\n\nWords.\n\n" + TABLE + "\n```python\n" + "print(1)\n" * 12 + "```\n\n![x][image-1]\n\n"
        for number in range(12)
    )
    picture = base64.b64encode(image_bytes(400, 300)).decode()
    bench = make(rich + f"[image-1]: data:image/png;base64,{picture}\n", width=1000)
    bench.wait_until_read()
    bar, view = bench.text.verticalScrollBar(), bench.editor.view.verticalScrollBar()
    shown = []
    for value in range(0, bar.maximum() + 1, 3):
        bar.setValue(value)
        shown.append(view.value())
    steps = [after - before for before, after in itertools.pairwise(shown)]
    assert min(steps) >= 0
    assert max(steps) < bench.editor.view.viewport().height()
    bar.setValue(bar.maximum())
    assert view.value() == view.maximum()
    view.triggerAction(view.SliderAction.SliderToMinimum)
    assert bar.value() == 0
    view.triggerAction(view.SliderAction.SliderToMaximum)
    assert bar.value() == bar.maximum()


def image_bytes(width: int, height: int) -> bytes:
    return data_of(prepared_image(image(width, height)).source)
