"""What a fresh home begins with: providers that only want a key, and models whose prices are known."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from forgeapp.app import build
from forgeapp.domain.request import Tier
from forgeapp.domain.usage import Usage
from forgeapp.ledger.providers import ModelRow, SeedProvider
from forgeapp.providers.catalog import context_of, cost_nano_usd, most_nano_usd, usual_prices
from forgeapp.providers.registry import make_provider
from forgeapp.services.seeding import read_seeds

SEEDS = read_seeds()
MODELS = [(seed, model) for seed in SEEDS for model in seed.models]


def test_a_fresh_home_asks_gemini_then_openai_then_anthropic() -> None:
    with build() as app:
        rows = app.ledger.providers.all()
        assert [row.name for row in rows] == ["gemini", "openai", "anthropic"]
        assert all(row.is_seed and row.is_enabled and app.connections.lacks_key(row) for row in rows)
        assert rows[0].models[0].tier is Tier.CHEAP


def test_seeds_that_were_removed_or_changed_stay_so() -> None:
    with build() as app:
        app.ledger.providers.remove("openai")
        app.ledger.providers.change("gemini", base_url="https://proxy.example.com")
    with build() as app:
        rows = app.ledger.providers.all()
        assert [(row.name, row.base_url) for row in rows] == [
            ("gemini", "https://proxy.example.com"),
            ("anthropic", "https://api.anthropic.com"),
        ]


def test_an_untouched_seed_gives_way_to_a_provider_the_user_adds() -> None:
    with build() as app:
        app.ledger.providers.add("openai", "openai-chat", "http://127.0.0.1:9/v1", ("m-1",), None, "none")
        row = app.ledger.providers.get("openai")
        assert (row.dialect, [model.name for model in row.models]) == ("openai-chat", ["m-1"])


@pytest.mark.parametrize(("seed", "model"), MODELS, ids=[model.name for _, model in MODELS])
def test_every_seeded_model_has_a_known_price_and_context(seed: SeedProvider, model: ModelRow) -> None:
    cost, _ = cost_nano_usd(seed.prices, model.name, Usage(1_000, 1_000))
    most = most_nano_usd(seed.prices, model.name, 1_000, 1_000)
    assert cost is not None
    assert most is not None
    assert 0 < cost <= most
    assert model.context_tokens == context_of(seed.prices, model.name)


@pytest.mark.parametrize("seed", SEEDS, ids=[seed.name for seed in SEEDS])
def test_a_seed_has_a_cheap_model_first_and_a_premium_one_that_costs_more(seed: SeedProvider) -> None:
    def cost(model: ModelRow) -> int:
        nano, _ = cost_nano_usd(seed.prices, model.name, Usage(1_000, 1_000))
        assert nano is not None
        return nano

    assert seed.models[0].tier is Tier.CHEAP
    (premium,) = [model for model in seed.models if model.tier is Tier.PREMIUM]
    assert [model.tier for model in seed.models].count(Tier.CHEAP) == 1
    assert cost(seed.models[0]) < cost(premium)
    assert usual_prices(seed.base_url) == seed.prices
    make_provider(seed.dialect, name=seed.name, base_url=seed.base_url)


def test_seeding_brings_neither_prices_nor_http_along(home: Path) -> None:
    code = (
        "import sys; from forgeapp.app import build; build().close(); "
        "print([name for name in ('genai_prices', 'pydantic', 'httpx', 'keyring') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.strip() == "[]"
    assert home.exists()
