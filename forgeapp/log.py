"""The log: JSON lines, redacted."""
