"""A reply's words, read or still being written."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QScrollArea, QWidget

from forgeapp.domain.document import Blocks
from forgeapp.ui.links import open_link
from forgeapp.ui.richtext import BlocksView, ReplyView
from forgeapp.ui.wording import tr


def reply_words(blocks: Blocks, width: int, parent: QWidget) -> BlocksView:
    """A whole reply, laid out at `width` before it is seen; of its code and tables files can be made."""
    view = BlocksView("chat", parent)
    view.offers_files = True
    return _named(view, width, blocks)


def arriving_words(width: int, parent: QWidget) -> ReplyView:
    """A reply to be fed as it comes."""
    view = ReplyView("chat", parent)
    _named(view, width, ())
    return view


def _named(view: BlocksView, width: int, blocks: Blocks) -> BlocksView:
    view.setObjectName("reply_text")
    view.setAccessibleName(tr("Reply"))
    view.link_activated.connect(open_link)
    view.caret_moved.connect(partial(_show_caret, view))
    # Its height is known once it has a width: nothing jumps when it comes into view.
    view.resize(width, 0)
    view.show_blocks(blocks)
    return view


def _show_caret(view: BlocksView, caret: QRect) -> None:
    """Selecting by keys or by dragging takes the page along."""
    area = view.parentWidget()
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parentWidget()
    page = area.widget() if area is not None else None
    if area is not None and page is not None:
        middle = view.mapTo(page, caret.center())
        area.ensureVisible(middle.x(), middle.y(), 0, caret.height())
