"""Text that is read: `BlocksView` shows a tree of blocks, `ReplyView` one that is still being written."""

from forgeapp.ui.richtext.blocks_view import BlocksView
from forgeapp.ui.richtext.reply_view import ReplyView

__all__ = ["BlocksView", "ReplyView"]
