from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forgeapp.domain.chat import ModelInfo
from forgeapp.domain.request import Parameters, Tier
from forgeapp.errors import UnknownModel, UnknownProvider, UsageError
from forgeapp.ledger import Ledger
from forgeapp.ledger.providers import ModelRow, Refreshed, SeedProvider

CHEAP = ModelRow("mini", tier=Tier.CHEAP, context_tokens=128_000, max_output_tokens=16_000, takes_pictures=True)
PREMIUM = ModelRow("max", tier=Tier.PREMIUM, parameters=Parameters(0.3, 4_000, ("END",)))
SEEDS = (
    SeedProvider("gemini", "gemini", "https://gemini.example", "GEMINI_API_KEY", "google", (CHEAP, PREMIUM)),
    SeedProvider("openai", "openai", "https://openai.example/v1", None, "openai", (ModelRow("o"),)),
)


def add(ledger: Ledger, name: str = "acme", models: tuple[str, ...] = ("m-1", "m-2", "m-3")) -> None:
    ledger.providers.add(name, "openai-chat", f"http://{name}/v1", models, None, "none")


def names(ledger: Ledger, provider: str = "acme") -> list[str]:
    return [model.name for model in ledger.providers.get(provider).models]


def test_seeds_are_put_in_once_in_their_order_and_with_what_is_known_of_their_models(ledger: Ledger) -> None:
    add(ledger)
    ledger.providers.seed(SEEDS)
    ledger.providers.seed(SEEDS)
    acme, gemini, openai = ledger.providers.all()
    assert (acme.name, gemini.name, openai.name) == ("acme", "gemini", "openai")
    assert (gemini.dialect, gemini.base_url, gemini.key_env, gemini.prices) == (
        "gemini",
        "https://gemini.example",
        "GEMINI_API_KEY",
        "google",
    )
    assert gemini.models == (CHEAP, PREMIUM)
    assert [row.is_seed for row in (acme, gemini, openai)] == [False, True, True]


def test_a_seed_the_user_removed_does_not_come_back_and_a_new_one_comes(ledger: Ledger) -> None:
    ledger.providers.seed(SEEDS[:1])
    ledger.providers.remove("gemini")
    ledger.providers.seed(SEEDS)
    assert [row.name for row in ledger.providers.all()] == ["openai"]


def test_a_provider_the_user_has_keeps_its_name_and_is_no_seed(ledger: Ledger) -> None:
    add(ledger, "openai")
    ledger.providers.seed(SEEDS)
    assert ledger.providers.get("openai").base_url == "http://openai/v1"
    ledger.providers.remove("openai")
    ledger.providers.seed(SEEDS)
    assert [row.name for row in ledger.providers.all()] == ["gemini"]


def test_an_added_provider_takes_the_place_of_an_untouched_seed(ledger: Ledger) -> None:
    ledger.providers.seed(SEEDS)
    add(ledger, "gemini", ("own",))
    first, second = ledger.providers.all()
    assert (first.name, first.base_url, first.is_seed, names(ledger, "gemini")) == (
        "gemini",
        "http://gemini/v1",
        False,
        ["own"],
    )
    assert second.name == "openai"
    with pytest.raises(UsageError, match="is there already"):
        add(ledger, "gemini")


@pytest.mark.parametrize(
    "act",
    [
        lambda providers: providers.change("openai", is_enabled=False),
        lambda providers: providers.change("openai", model_prices=[ModelRow("o", "1", "2")]),
        lambda providers: providers.change_model("openai", "o", tier=Tier.CHEAP),
        lambda providers: providers.remove_model("openai", "o"),
    ],
)
def test_a_seed_the_user_has_changed_is_his(ledger: Ledger, act: Callable[[object], None]) -> None:
    ledger.providers.seed(SEEDS)
    act(ledger.providers)
    assert not ledger.providers.get("openai").is_seed
    with pytest.raises(UsageError, match="is there already"):
        add(ledger, "openai")


def test_what_the_program_finds_out_leaves_a_seed_a_seed(ledger: Ledger) -> None:
    ledger.providers.seed(SEEDS)
    ledger.providers.mark("openai", "key_rejected")
    ledger.providers.learn_quirks("openai", ("no usage",))
    ledger.providers.learn_tokens("openai", "o", 2_000, 3_000)
    ledger.providers.take_models("openai", [ModelInfo("o"), ModelInfo("p")])
    row = ledger.providers.get("openai")
    assert row.is_seed
    assert (row.mark, row.quirks, names(ledger, "openai")) == ("key_rejected", ("no usage",), ["o", "p"])
    assert row.marked_at is not None


def test_a_mark_is_taken_off_by_hand_or_by_a_change_that_may_have_mended_it(ledger: Ledger) -> None:
    add(ledger)
    for mend in (
        lambda: ledger.providers.mark("acme", None),
        lambda: ledger.providers.change("acme", base_url="http://other/v1"),
        lambda: ledger.providers.change("acme", key_name="second"),
        lambda: ledger.providers.change("acme", key_env="ACME_KEY"),
    ):
        ledger.providers.mark("acme", "quota_exhausted")
        ledger.providers.change("acme", requests_per_minute=5)
        assert ledger.providers.get("acme").mark == "quota_exhausted"
        mend()
        row = ledger.providers.get("acme")
        assert (row.mark, row.marked_at) == (None, None)


def test_what_was_learned_of_a_server_goes_with_its_address(ledger: Ledger) -> None:
    add(ledger)
    ledger.providers.learn_quirks("acme", ("no usage", "no temperature"))
    ledger.providers.change("acme", is_enabled=False)
    assert ledger.providers.get("acme").quirks == ("no usage", "no temperature")
    ledger.providers.change("acme", base_url="http://other/v1")
    assert ledger.providers.get("acme").quirks == ()


def test_a_model_is_changed_column_by_column(ledger: Ledger) -> None:
    add(ledger)
    ledger.providers.change_model("acme", "m-2", tier=Tier.PREMIUM, temperature=0.1, stop=("A", "B"))
    ledger.providers.change_model("acme", "m-2", output_tokens=500, is_enabled=False, allows_unknown_price=True)
    ledger.providers.change("acme", model_prices=[ModelRow("m-2", "1", "2")])
    assert ledger.providers.get("acme").model("m-2") == ModelRow(
        "m-2",
        "1",
        "2",
        is_enabled=False,
        tier=Tier.PREMIUM,
        parameters=Parameters(0.1, 500, ("A", "B")),
        allows_unknown_price=True,
    )
    ledger.providers.change_model("acme", "m-2", tier=None, temperature=None, stop=())
    row = ledger.providers.get("acme").model("m-2")
    assert (row.tier, row.parameters) == (None, Parameters(max_output_tokens=500))
    assert ledger.providers.get("acme").model("m-1") == ModelRow("m-1")


@pytest.mark.load
def test_changes_of_one_model_made_at_once_are_all_kept(ledger: Ledger) -> None:
    add(ledger)
    changes: list[dict[str, object]] = [
        {"tier": Tier.CHEAP},
        {"temperature": 0.5},
        {"output_tokens": 9},
        {"stop": ("X",)},
        {"is_enabled": False},
        {"allows_unknown_price": True},
    ]
    start = threading.Barrier(len(changes))

    def change(columns: dict[str, object]) -> None:
        start.wait(10)
        ledger.providers.change_model("acme", "m-1", **columns)

    threads = [threading.Thread(target=change, args=(columns,)) for columns in changes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert ledger.providers.get("acme").model("m-1") == ModelRow(
        "m-1",
        is_enabled=False,
        tier=Tier.CHEAP,
        parameters=Parameters(0.5, 9, ("X",)),
        allows_unknown_price=True,
    )


def test_models_are_ordered_removed_and_added_behind(ledger: Ledger) -> None:
    add(ledger)
    ledger.providers.order_models("acme", ("m-3",))
    assert names(ledger) == ["m-3", "m-1", "m-2"]
    ledger.providers.remove_model("acme", "m-1")
    ledger.providers.change("acme", ("m-4", "m-4", "m-2"))
    assert names(ledger) == ["m-3", "m-2", "m-4"]
    ledger.providers.order_models("acme", ["m-4", "m-3", "m-2"])
    assert names(ledger) == ["m-4", "m-3", "m-2"]


def test_a_wrong_name_is_told_and_changes_nothing(ledger: Ledger) -> None:
    add(ledger)
    before = ledger.providers.get("acme")
    for act in (
        lambda: ledger.providers.change_model("acme", "no", tier=None),
        lambda: ledger.providers.remove_model("acme", "no"),
        lambda: ledger.providers.order_models("acme", ("m-2", "no")),
    ):
        with pytest.raises(UnknownModel, match="acme has no model no"):
            act()
    for act in (
        lambda: ledger.providers.change_model("no", "m-1", tier=None),
        lambda: ledger.providers.remove_model("no", "m-1"),
        lambda: ledger.providers.order_models("no", ()),
        lambda: ledger.providers.take_models("no", ()),
    ):
        with pytest.raises(UnknownProvider):
            act()
    ledger.providers.learn_tokens("no", "m-1", 1, 1)
    ledger.providers.learn_tokens("acme", "no", 1, 1)
    ledger.providers.learn_quirks("no", ())
    ledger.providers.mark("no", None)
    assert ledger.providers.get("acme") == before


def test_of_a_list_too_long_to_choose_from_what_is_new_is_off_but_one_is_on(ledger: Ledger) -> None:
    add(ledger, models=())
    ledger.providers.take_models("acme", [ModelInfo(f"n-{number}") for number in range(300)])
    assert [model.name for model in ledger.providers.get("acme").models if model.is_usable] == ["n-0"]


def test_refreshing_adds_marks_and_brings_back_models_and_removes_none(ledger: Ledger) -> None:
    add(ledger)
    ledger.providers.change("acme", model_prices=[ModelRow("m-1", "1", "2")])
    listed = [ModelInfo("m-9"), ModelInfo("m-2", 32_000, 4_000, False)]
    assert ledger.providers.take_models("acme", listed) == Refreshed(("m-9",), ("m-1", "m-3"), ())
    assert ledger.providers.take_models("acme", listed) == Refreshed()
    first, second, third, fourth = ledger.providers.get("acme").models
    assert [model.name for model in (first, second, third, fourth)] == ["m-1", "m-2", "m-3", "m-9"]
    assert (first.is_usable, second.is_usable, third.is_usable, fourth.is_usable) == (False, True, False, True)
    assert (second.context_tokens, second.max_output_tokens, second.takes_pictures) == (32_000, 4_000, False)
    back = ledger.providers.take_models("acme", [ModelInfo("m-1"), ModelInfo("m-2"), ModelInfo("m-9")])
    assert back == Refreshed(returned=("m-1",))
    row = ledger.providers.get("acme")
    assert row.model("m-1") == ModelRow("m-1", "1", "2")
    assert row.model("m-2").context_tokens == 32_000


def test_a_model_that_is_gone_and_comes_back_does_not_move_or_change(ledger: Ledger) -> None:
    add(ledger)
    ledger.providers.change_model("acme", "m-1", is_enabled=False, tier=Tier.CHEAP)
    before = ledger.providers.get("acme")
    ledger.providers.take_models("acme", [])
    assert not any(model.is_usable for model in ledger.providers.get("acme").models)
    ledger.providers.take_models("acme", [ModelInfo("m-3"), ModelInfo("m-2"), ModelInfo("m-1")])
    assert ledger.providers.get("acme") == before


HOSTILE_TOKENS = st.none() | st.integers(-(10**30), 10**30)
HOSTILE_MODELS = st.lists(
    st.builds(
        ModelInfo,
        st.text(st.characters(), max_size=300) | st.just("x" * 300) | st.just("\ud800") | st.just(""),
        HOSTILE_TOKENS,
        HOSTILE_TOKENS,
        st.none() | st.booleans(),
    ),
    max_size=8,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(infos=HOSTILE_MODELS)
def test_whatever_a_server_lists_is_taken_without_a_crash(ledger: Ledger, infos: list[ModelInfo]) -> None:
    if "acme" not in [row.name for row in ledger.providers.all()]:
        add(ledger)
    ledger.providers.take_models("acme", infos)
    for model in ledger.providers.get("acme").models:
        assert 0 < len(model.name) <= 200
        for tokens in (model.context_tokens, model.max_output_tokens):
            assert tokens is None or 0 < tokens <= 10**9


def test_a_list_without_end_is_cut(ledger: Ledger) -> None:
    add(ledger, models=())
    ledger.providers.take_models("acme", [ModelInfo(f"m-{number}") for number in range(6_000)])
    assert len(ledger.providers.get("acme").models) == 5_000


def test_the_token_factor_follows_what_is_reported_and_forgets_what_is_old(ledger: Ledger) -> None:
    add(ledger)

    def factor() -> float:
        return ledger.providers.get("acme").model("m-1").token_factor

    ledger.providers.learn_tokens("acme", "m-1", 900, 1_800)
    assert factor() == 1.0, "too little is known yet"
    ledger.providers.learn_tokens("acme", "m-1", 900, 1_800)
    assert factor() == pytest.approx(2.0)
    for _ in range(50):
        ledger.providers.learn_tokens("acme", "m-1", 900, 990)
    assert factor() == pytest.approx(1.1, abs=0.01)
    assert ledger.providers.get("acme").model("m-2").token_factor == 1.0


def test_one_report_out_of_all_proportion_is_not_believed_for_long(ledger: Ledger) -> None:
    add(ledger)
    for reported in (10**400, 0, -5):
        ledger.providers.learn_tokens("acme", "m-1", 10_000, reported)
    assert ledger.providers.get("acme").model("m-1").token_factor == 4.0
    for _ in range(30):
        ledger.providers.learn_tokens("acme", "m-1", 10_000, 10_000)
    assert ledger.providers.get("acme").model("m-1").token_factor == pytest.approx(1.0, abs=0.15)
