"""The use cases; no Qt here."""
