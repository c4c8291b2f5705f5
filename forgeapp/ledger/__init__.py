"""The local database: calls and their cost, conversations, artifacts, versions."""
