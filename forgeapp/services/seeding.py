"""The providers a fresh home begins with, as data: `resources/seeds/providers.json`."""

from __future__ import annotations

import json

from forgeapp.domain.request import Tier
from forgeapp.ledger.providers import ModelRow, SeedProvider
from forgeapp.paths import resource


def read_seeds() -> tuple[SeedProvider, ...]:
    """In the order in which they are asked once they have a key; none has one yet, none is a local server."""
    seeds = json.loads(resource("seeds", "providers.json").read_text(encoding="utf-8"))
    return tuple(
        SeedProvider(
            seed["name"],
            seed["dialect"],
            seed["base_url"],
            seed["key_env"],
            seed["prices"],
            tuple(
                ModelRow(
                    model["name"],
                    tier=Tier(model["tier"]) if "tier" in model else None,
                    context_tokens=model["context_tokens"],
                )
                for model in seed["models"]
            ),
        )
        for seed in seeds
    )
