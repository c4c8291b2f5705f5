"""Inlines and code that tell what of them came or went: shown in the colours of a change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from forgeapp.domain.document import CodeBlock, Run

Turn = Literal["", "removed", "added"]

TURN_ROLES: Final = {"removed": "bad", "added": "good"}
"""The role of the theme a turn is told by; its ground is the soft one of that name."""


@dataclass(frozen=True, slots=True)
class MarkedRun(Run):
    """A run that was removed or added."""

    turn: Turn = ""


@dataclass(frozen=True, slots=True)
class MarkedCode(CodeBlock):
    """Code of both texts, line by line: `turns` has one a line."""

    turns: tuple[Turn, ...] = ()
