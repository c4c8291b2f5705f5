"""A reply's words, read or still being written."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from forgeapp.domain.document import Blocks
from forgeapp.ui.richtext import BlocksView, ReplyView
from forgeapp.ui.wording import tr

_SCHEMES = ("http", "https", "mailto")


def reply_words(blocks: Blocks, width: int, parent: QWidget) -> BlocksView:
    """A whole reply, laid out at `width` before it is seen."""
    return _named(BlocksView("chat", parent), width, blocks)


def arriving_words(width: int, parent: QWidget) -> ReplyView:
    """A reply to be fed as it comes."""
    view = ReplyView("chat", parent)
    _named(view, width, ())
    return view


def _named(view: BlocksView, width: int, blocks: Blocks) -> BlocksView:
    view.setObjectName("reply_text")
    view.setAccessibleName(tr("Reply"))
    view.link_activated.connect(open_address)
    # Its height is known once it has a width: nothing jumps when it comes into view.
    view.resize(width, 0)
    view.show_blocks(blocks)
    return view


def open_address(address: str) -> None:
    """Only the web and mail; replies are others' words."""
    url = QUrl(address, QUrl.ParsingMode.StrictMode)
    if url.isValid() and url.scheme().lower() in _SCHEMES:
        QDesktopServices.openUrl(url)
