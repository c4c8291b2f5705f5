"""CSV: one table as text."""
