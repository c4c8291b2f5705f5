"""The functions formulas can call; they stand in resources/seeds/functions.json."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from forgeapp.paths import resource

_NEAR = 60
"""As alike, of 100, as a name has to be to be proposed."""


@dataclass(frozen=True, slots=True)
class Function:
    """`arguments` as they are named; '[x]' may be left out, '…' stands for more of the same."""

    name: str
    arguments: tuple[str, ...]
    purpose: str

    def argument_at(self, place: int) -> int:
        """Which of `arguments` the one at `place` (from 0) is."""
        if place >= len(self.arguments) - 1 and "…" in self.arguments:
            return min(place, self.arguments.index("…"))
        return place


@cache
def _read() -> tuple[dict[str, Function], frozenset[str]]:
    data = json.loads(resource("seeds", "functions.json").read_text(encoding="utf-8"))
    rows = (Function(row["name"], tuple(row["arguments"]), row["purpose"]) for row in data["functions"])
    return {row.name: row for row in rows}, frozenset(data["not_computed"])


def find_function(name: str) -> Function | None:
    return _read()[0].get(name.upper())


def is_not_computed(name: str) -> bool:
    """Whether it is a function of Excel's that the engine does not have."""
    return name.upper() in _read()[1]


def functions_like(start: str) -> list[Function]:
    """Those whose names begin so, an exact one first, else by name."""
    wanted = start.upper()
    return sorted((each for name, each in _read()[0].items() if name.startswith(wanted)), key=lambda each: each.name)


def nearest_function(name: str) -> str | None:
    """What somebody who wrote `name` may have meant; None where nothing is like it."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(name.upper(), _read()[0].keys(), scorer=fuzz.ratio, score_cutoff=_NEAR)
    return str(found[0]) if found else None
