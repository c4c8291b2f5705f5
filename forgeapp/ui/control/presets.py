"""The services and servers the form knows the addresses of; they stand in resources/seeds/presets.json."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from forgeapp.paths import resource


@dataclass(frozen=True, slots=True)
class Preset:
    title: str
    name: str
    dialect: str
    base_url: str
    key_env: str | None
    prices: str


@lru_cache(maxsize=1)
def presets() -> tuple[Preset, ...]:
    """In the order in which they are offered."""
    return tuple(Preset(**row) for row in json.loads(resource("seeds", "presets.json").read_text(encoding="utf-8")))
