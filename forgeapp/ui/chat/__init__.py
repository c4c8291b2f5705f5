"""The chat pane: transcript and composer."""
