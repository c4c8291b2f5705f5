"""The artifact pane: one tab per open artifact, one module per kind."""
