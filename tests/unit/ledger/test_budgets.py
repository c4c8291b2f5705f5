from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forgeapp.domain.artifact import Kind
from forgeapp.domain.money import NANO_PER_USD
from forgeapp.domain.usage import Usage
from forgeapp.domain.wording import Text
from forgeapp.errors import BudgetExceeded, UsageError
from forgeapp.ledger import Ledger
from forgeapp.ledger.budgets import BudgetRow, Cap
from forgeapp.ledger.calls import CallStatus, Reservation
from forgeapp.ledger.tables import budgets, calls
from tests.unit.ledger.test_repositories import new_call, settlement

CENT = NANO_PER_USD // 100


def reserve(ledger: Ledger, most: int, caps: tuple[Cap, ...] = (), **changes: object) -> int:
    return ledger.calls.begin(new_call(**changes), Reservation(most, 200, caps))


def test_exactly_the_whole_budget_may_be_spent_and_nothing_beyond(ledger: Ledger) -> None:
    ledger.budgets.set(10 * CENT)
    ledger.calls.settle(reserve(ledger, 4 * CENT), settlement(4 * CENT))
    with pytest.raises(BudgetExceeded):
        reserve(ledger, 6 * CENT + 1)
    reserve(ledger, 6 * CENT)
    with pytest.raises(BudgetExceeded):
        reserve(ledger, 1)
    assert ledger.budgets.all() == [BudgetRow(None, None, 10 * CENT, 4 * CENT, 6 * CENT, 0)]


def test_a_blocked_call_leaves_no_row_and_says_what_is_left(ledger: Ledger) -> None:
    ledger.budgets.set(10 * CENT)
    reserve(ledger, 9 * CENT)
    with pytest.raises(BudgetExceeded) as blocked:
        reserve(ledger, 2 * CENT, project="Never made")
    assert str(blocked.value) == (
        "The monthly budget does not allow this: $ 0.0100 of $ 0.10 is left, and the call may cost $ 0.0200."
    )
    assert (blocked.value.params["left_nano_usd"], blocked.value.params["most_nano_usd"]) == (CENT, 2 * CENT)
    assert blocked.value.params["model"] == "acme/m-1"
    budget = blocked.value.params["budget"]
    assert isinstance(budget, Text)
    assert budget.template == "The monthly budget"
    assert len(ledger.calls.recent(5)) == 1
    assert ledger.calls.totals("project")[0] == []


def test_what_costs_nothing_is_never_blocked(ledger: Ledger) -> None:
    ledger.budgets.set(0)
    reserve(ledger, 0)
    ledger.calls.begin(new_call())
    with pytest.raises(BudgetExceeded):
        reserve(ledger, 1)


def test_settling_frees_what_was_reserved_and_counts_what_it_cost(ledger: Ledger) -> None:
    ledger.budgets.set(10 * CENT)
    call = reserve(ledger, 10 * CENT)
    assert ledger.budgets.room(None, None, None) == 0
    ledger.calls.settle(call, settlement(3 * CENT))
    assert ledger.budgets.room(None, None, None) == 7 * CENT


def test_a_failed_call_that_cost_nothing_gives_all_of_it_back(ledger: Ledger) -> None:
    ledger.budgets.set(10 * CENT)
    ledger.calls.settle(reserve(ledger, 10 * CENT), settlement(0, CallStatus.FAILED))
    assert ledger.budgets.room(None, None, None) == 10 * CENT


def test_without_a_budget_nothing_is_blocked_and_the_reservation_is_noted(ledger: Ledger) -> None:
    assert ledger.budgets.room(None, None, Kind.TABLE) is None
    reserve(ledger, 1_000 * NANO_PER_USD)
    ledger.budgets.set(1_500 * NANO_PER_USD)
    assert ledger.budgets.room(None, None, None) == 500 * NANO_PER_USD


def test_budgets_of_project_and_kind_hold_together_with_the_one_for_everything(ledger: Ledger) -> None:
    ledger.budgets.set(100 * CENT)
    ledger.budgets.set(50 * CENT, project="Cafe")
    ledger.budgets.set(20 * CENT, kind=Kind.CODE)
    ledger.budgets.set(5 * CENT, project="Cafe", kind=Kind.CODE)
    cafe = ledger.conversations.start("x", project="Cafe")
    other = ledger.conversations.start("y", project="Other")
    assert ledger.budgets.room(cafe, None, Kind.CODE) == 5 * CENT
    assert ledger.budgets.room(cafe, None, Kind.TABLE) == 50 * CENT
    assert ledger.budgets.room(other, None, Kind.CODE) == 20 * CENT
    assert ledger.budgets.room(other, None, None) == 100 * CENT
    reserve(ledger, 18 * CENT, conversation=other, kind=Kind.CODE)
    assert ledger.budgets.room(cafe, None, Kind.CODE) == 2 * CENT
    with pytest.raises(BudgetExceeded, match="for the kind code does not allow"):
        reserve(ledger, 3 * CENT, conversation=cafe, kind=Kind.CODE)
    reserve(ledger, 49 * CENT, conversation=cafe, kind=Kind.TABLE)
    with pytest.raises(BudgetExceeded, match="of project Cafe does not allow"):
        reserve(ledger, 2 * CENT, conversation=cafe)
    assert [(row.project, row.kind, row.reserved_nano_usd, row.left_nano_usd) for row in ledger.budgets.all()] == [
        (None, None, 67 * CENT, 33 * CENT),
        (None, Kind.CODE, 18 * CENT, 2 * CENT),
        ("Cafe", None, 49 * CENT, 1 * CENT),
        ("Cafe", Kind.CODE, 0, 5 * CENT),
    ]


def test_a_call_outside_a_conversation_belongs_to_the_project_it_names(ledger: Ledger) -> None:
    ledger.budgets.set(10 * CENT, project="Cafe")
    assert ledger.budgets.room(None, "Cafe", None) == 10 * CENT
    assert ledger.budgets.room(None, "Unheard of", None) is None
    ledger.calls.settle(reserve(ledger, 4 * CENT, project="Cafe"), settlement(4 * CENT))
    assert ledger.budgets.room(None, "Cafe", None) == 6 * CENT
    free = ledger.conversations.start("of no project")
    assert ledger.budgets.room(free, "Cafe", None) is None


def test_there_is_one_budget_for_each_scope_and_it_can_be_taken_away(ledger: Ledger) -> None:
    for amount in (5, 7):
        ledger.budgets.set(amount * CENT, "Cafe", Kind.TABLE)
        ledger.budgets.set(amount * CENT)
    assert [row.amount_nano_usd for row in ledger.budgets.all()] == [7 * CENT, 7 * CENT]
    ledger.budgets.set(None)
    ledger.budgets.set(None, "Unheard of")
    assert [(row.project, row.kind) for row in ledger.budgets.all()] == [("Cafe", Kind.TABLE)]
    ledger.budgets.set(None, "Cafe", Kind.TABLE)
    assert ledger.budgets.all() == []


@pytest.mark.parametrize("amount", [-1, 10**18 + 1, 10**40])
def test_an_amount_that_is_no_budget_is_refused(ledger: Ledger, amount: int) -> None:
    ledger.budgets.set(CENT)
    with pytest.raises(UsageError, match="from 0 to 1,000,000,000 USD"):
        ledger.budgets.set(amount)
    assert ledger.budgets.room(None, None, None) == CENT


def test_a_price_out_of_all_proportion_blocks_under_a_budget_and_is_noted_without_one(ledger: Ledger) -> None:
    reserve(ledger, 10**40)
    ledger.budgets.set(10**18)
    with pytest.raises(BudgetExceeded):
        reserve(ledger, 10**40)


def test_calls_of_unknown_cost_count_nothing_and_are_counted(ledger: Ledger) -> None:
    ledger.budgets.set(10 * CENT)
    for cost in (None, None, 3 * CENT):
        ledger.calls.settle(reserve(ledger, 3 * CENT), settlement(cost))
    (row,) = ledger.budgets.all()
    assert (row.settled_nano_usd, row.unknown_cost_calls, row.left_nano_usd) == (3 * CENT, 2, 7 * CENT)


def test_what_was_spent_in_earlier_months_is_past(ledger: Ledger) -> None:
    ledger.budgets.set(10 * CENT)
    ledger.calls.settle(reserve(ledger, 9 * CENT), settlement(9 * CENT))
    with ledger.database.writing() as connection:
        connection.execute(calls.update().values(started_at="2025-12-31T23:59:59.999Z"))
    assert ledger.budgets.room(None, None, None) == 10 * CENT


def test_a_cap_counts_the_calls_of_its_key_since_its_moment(ledger: Ledger) -> None:
    def cap(since: str) -> Cap:
        return Cap("The key that came with ForgeApp", 10 * CENT, since, "app")

    ledger.calls.settle(reserve(ledger, 4 * CENT, key_name="app"), settlement(4 * CENT))
    ledger.calls.settle(reserve(ledger, 90 * CENT, key_name="mine"), settlement(90 * CENT))
    reserve(ledger, 1 * CENT, key_name="app")
    assert ledger.budgets.room(None, None, None, [cap("2026-01-01")]) == 5 * CENT
    with pytest.raises(BudgetExceeded, match="The key that came with ForgeApp does not allow this"):
        reserve(ledger, 6 * CENT, (cap("2026-01-01"),), key_name="app")
    assert ledger.budgets.room(None, None, None, [cap("9999")]) == 9 * CENT


def test_what_a_cap_leaves_is_told_whatever_a_budget_leaves(ledger: Ledger) -> None:
    ledger.budgets.set(1 * CENT)
    cap = Cap("The key that came with ForgeApp", 10 * CENT, "2026", "app")
    assert ledger.budgets.left_of(cap) == 10 * CENT
    ledger.calls.settle(ledger.calls.begin(replace(new_call(), key_name="app")), settlement(4 * CENT))
    assert ledger.budgets.left_of(cap) == 6 * CENT
    ledger.calls.settle(ledger.calls.begin(replace(new_call(), key_name="app")), settlement(25 * CENT))
    assert ledger.budgets.left_of(cap) == 0


def test_of_several_limits_the_tightest_is_named(ledger: Ledger) -> None:
    ledger.budgets.set(30 * CENT)
    caps = (Cap("Roomy", 80 * CENT, "2026", "app"), Cap("Tight", 20 * CENT, "2026", "app"))
    assert ledger.budgets.room(None, None, None, caps) == 20 * CENT
    with pytest.raises(BudgetExceeded, match="Tight does not allow"):
        reserve(ledger, 31 * CENT, caps, key_name="app")


def test_an_overspent_budget_has_nothing_left_rather_than_less(ledger: Ledger) -> None:
    ledger.budgets.set(10 * CENT)
    ledger.calls.settle(ledger.calls.begin(new_call()), settlement(25 * CENT))
    assert ledger.budgets.room(None, None, None) == 0
    with pytest.raises(BudgetExceeded, match=r"\$ 0.00 of \$ 0.10 is left"):
        reserve(ledger, 1)


def test_a_budget_for_a_kind_of_a_newer_program_is_passed_over(ledger: Ledger) -> None:
    with ledger.database.writing() as connection:
        connection.execute(budgets.insert().values(kind="hologram", amount_nano_usd=0))
    assert ledger.budgets.all() == []
    reserve(ledger, CENT)


def test_what_a_server_says_of_its_use_can_be_summed_whatever_it_is(ledger: Ledger) -> None:
    ledger.budgets.set(10 * CENT)
    for tokens in (10**400, 2**63, 2**63 - 1, -(2**70)):
        done = replace(settlement(tokens), usage=Usage(input_tokens=tokens, output_tokens=tokens))
        ledger.calls.settle(ledger.calls.begin(new_call()), done)
    assert ledger.budgets.room(None, None, None) == 0
    total = ledger.calls.totals("model")[1]
    assert (total.cost_nano_usd, total.input_tokens, total.output_tokens) == (3 * 10**13, 3 * 10**12, 3 * 10**12)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(("begin", "settle", "cancel")),
        st.integers(0, 60),
        st.sampled_from((None, Kind.TABLE, Kind.CODE)),
        st.sampled_from((None, "Cafe")),
    ),
    max_size=40,
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """One file for many examples, each of which empties it."""
    folder = tmp_path_factory.mktemp("shared")
    ledger = Ledger(folder / "forgeapp.db", folder / "backups")
    yield ledger
    ledger.close()


@given(steps=STEPS, everything=st.integers(0, 200), of_kind=st.integers(0, 100), of_project=st.integers(0, 100))
@settings(max_examples=60)
def test_no_order_of_calls_overspends_a_budget(
    shared: Ledger,
    steps: list[tuple[str, int, Kind | None, str | None]],
    everything: int,
    of_kind: int,
    of_project: int,
) -> None:
    with shared.database.writing() as connection:
        connection.execute(calls.delete())
    shared.budgets.set(everything)
    shared.budgets.set(of_kind, kind=Kind.TABLE)
    shared.budgets.set(of_project, project="Cafe")
    running: list[tuple[int, int]] = []
    for step, amount, kind, project in steps:
        if step == "begin":
            room = shared.budgets.room(None, project, kind)
            assert room is not None
            try:
                running.append((reserve(shared, amount, kind=kind, project=project), amount))
            except BudgetExceeded:
                assert amount > room
            else:
                assert amount <= room
        elif running:
            call, most = running.pop(amount % len(running))
            done = settlement(min(amount, most), CallStatus.OK if step == "settle" else CallStatus.CANCELLED)
            shared.calls.settle(call, done)
        for row in shared.budgets.all():
            assert row.settled_nano_usd + row.reserved_nano_usd <= row.amount_nano_usd
