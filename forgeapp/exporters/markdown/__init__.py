"""Markdown: the text itself, with tables and formulas."""
