"""What can be done to a selection with one click: `resources/seeds/quick_actions.json`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from forgeapp.domain.artifact import Kind
from forgeapp.domain.wording import Text
from forgeapp.paths import resource

LANGUAGE = "{language}"
"""Stands in an instruction where a language, in words, is still to be said."""


@dataclass(frozen=True, slots=True)
class QuickAction:
    """`icon`: a name in `resources/icons`. `instruction`: the request, in English, as if the user had written it."""

    id: str
    label: Text
    icon: str
    instruction: str

    @property
    def wants_language(self) -> bool:
        return LANGUAGE in self.instruction

    def request(self, language: str = "") -> str:
        """The instruction with the language, where it wants one."""
        return self.instruction.replace(LANGUAGE, language.strip() or "English")


def is_instruction(text: str) -> bool:
    """Whether it is what one of them asks for, in whichever language it was asked for."""
    return any(
        text == instruction or (LANGUAGE in instruction and _is_filled(instruction, text))
        for instruction in _instructions()
    )


def _is_filled(instruction: str, text: str) -> bool:
    before, _, after = instruction.partition(LANGUAGE)
    return text.startswith(before) and text.endswith(after) and "\n" not in text


@cache
def _instructions() -> frozenset[str]:
    return frozenset(action.instruction for kind in Kind for action in quick_actions(kind))


@cache
def quick_actions(kind: Kind) -> tuple[QuickAction, ...]:
    """In the order in which they are offered; none for pictures."""
    seeds = json.loads(resource("seeds", "quick_actions.json").read_text(encoding="utf-8"))
    labels = seeds["labels"]
    return tuple(
        QuickAction(action, Text(f"quick_{action}", labels[action][0]), labels[action][1], instruction)
        for action, instruction in seeds.get(kind, {}).items()
    )
