"""A step of a patch that has no place in the artifact it is meant for."""

from __future__ import annotations

from typing import Any

from forgeapp.domain.wording import Text


class Misplaced(Exception):
    """Says why, in words for the user; caught where steps are taken, and never the user's error."""

    def __init__(self, key: str, template: str, **params: Any) -> None:
        self.text = Text(f"revise_{key}", template, **params)
        super().__init__(self.text)
