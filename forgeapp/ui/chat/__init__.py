"""The chat pane: the transcript and the composer."""

from forgeapp.ui.chat.pane import ChatPane

__all__ = ["ChatPane"]
