"""Changing the open artifact as a model says: what it is shown, its patch applied, what the user makes of it."""
