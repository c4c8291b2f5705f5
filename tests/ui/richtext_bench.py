"""Blocks in a view and on the clipboard, for tests of richtext; a test module imports the fixtures."""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from forgeapp.domain.document import Blocks
from forgeapp.reading.markdown import parse
from forgeapp.ui.richtext import BlocksView, ReplyView
from forgeapp.ui.richtext.look import Style
from forgeapp.ui.theme import theme

REPLIES = [path.read_text(encoding="utf-8") for path in sorted(Path("tests/data/replies").glob("*.md"))]


Show = Callable[..., BlocksView]


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> Iterator[None]:
    theme().choose("light")
    yield
    theme().choose("system")


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    """A view of this Markdown, drawn to its end."""

    def make(markdown: str | Blocks, width: int = 560, style: Style = "chat") -> BlocksView:
        view = BlocksView(style)
        qtbot.addWidget(view)
        view.resize(width, 400)
        view.show()
        view.show_blocks(parse(markdown) if isinstance(markdown, str) else markdown)
        qtbot.waitUntil(lambda: not view.is_working)
        return view

    return make


def place_of(view: BlocksView, text: str) -> QPoint:
    """The middle of the first letter of `text`."""
    for number, box in enumerate(view.boxes):
        for at, cell_text in zip(box.starts, box.texts, strict=True):
            if text in cell_text:
                start = at + cell_text.index(text)
                left, right = view.caret_rect((number, start)), view.caret_rect((number, start + 1))
                return QPoint((left.left() + right.left()) // 2, left.center().y())
    raise AssertionError(text)


def clipboard() -> tuple[str, str]:
    data = QGuiApplication.clipboard().mimeData()
    return data.text(), data.html()


def png(width: int, height: int) -> str:
    """A picture by its header; its bytes are missing where it claims to be huge."""
    if width * height < 1_000_000:
        image = QImage(width, height, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.red)
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")
        return "data:image/png;base64," + bytes(data.toBase64().data()).decode()

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000_000)
    body = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return "data:image/png;base64," + b64encode(body).decode()


@pytest.fixture
def reply_view(qtbot: QtBot) -> ReplyView:
    view = ReplyView()
    qtbot.addWidget(view)
    view.resize(560, 400)
    view.show()
    return view
