"""The command line: thin verbs over services."""

from __future__ import annotations


def main(arguments: list[str] | None = None) -> int:
    return 0
