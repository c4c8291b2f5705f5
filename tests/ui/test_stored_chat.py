"""A page of a conversation, read back from the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import pytest

from forgeapp.domain.artifact import Kind
from forgeapp.domain.chat import Role
from forgeapp.domain.document import Document
from forgeapp.domain.table import Table
from forgeapp.domain.usage import Usage
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import NewVersion, Origin
from forgeapp.ledger.calls import CallStatus, NewCall, Purpose, Settlement
from forgeapp.ledger.proposals import NewProposal
from forgeapp.ledger.turns import FinishedTurn
from forgeapp.ui.chat.captions import answered_text, card_text, failed_calls, reply_hops
from forgeapp.ui.workbench.stored_chat import StoredExchange, read_page

TABLE = Table("Planets", ("Name",), (("Mars",),))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "forgeapp.db", tmp_path / "backups")
    yield ledger
    ledger.close()


class Talk:
    """One conversation whose turns are told attempt by attempt."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.conversation = ledger.conversations.start("x")

    def ask(self, text: str = "Hello") -> int:
        return self.ledger.conversations.add_message(self.conversation, Role.USER, text)

    def attempt(self, message: int, status: CallStatus, tokens: int, error: str | None = None, **changes: Any) -> int:
        provider, cost = changes.get("provider", "acme"), changes.get("cost", tokens * 1_000_000)
        call = self.ledger.calls.begin(
            NewCall(Purpose.GENERATE, provider, "m", 1, (), "1", conversation=self.conversation, message=message)
        )
        reply = changes.get("reply", "")
        settlement = Settlement(
            status, Usage(tokens, 0), cost, "test", 1_000, 5 if reply else None, reply, error, error and "words"
        )
        self.ledger.calls.settle(call, settlement)
        return call

    def reply(self, message: int, text: str, calls: list[int], model: str | None = "acme/m", **changes: Any) -> None:
        self.ledger.turns.finish(FinishedTurn(self.conversation, text, message, model, calls=calls, **changes))

    def page(self) -> list[StoredExchange]:
        return list(read_page(self.ledger, self.conversation, None, 50).exchanges)


def test_an_attempt_that_led_to_no_reply_stands_with_the_message_not_with_the_next_reply(ledger: Ledger) -> None:
    talk = Talk(ledger)
    message = talk.ask()
    stopped = talk.attempt(message, CallStatus.CANCELLED, 7, "cancelled")
    answered = talk.attempt(message, CallStatus.OK, 3, reply="Hi")
    talk.reply(message, "Hi", [answered])
    (exchange,) = talk.page()
    (reply,) = exchange.replies
    assert [call.id for call in reply.calls] == [answered]
    assert [call.id for call in exchange.calls] == [stopped]
    assert answered_text(reply).figures.startswith("3 tokens · $ 0.003")
    assert reply_hops(reply) == []


def test_each_of_several_replies_has_its_own_attempts_and_each_failed_one_its_own_cost(ledger: Ledger) -> None:
    talk = Talk(ledger)
    message = talk.ask()
    talk.reply(message, "one", [talk.attempt(message, CallStatus.OK, 1, reply="one")])
    busy = talk.attempt(message, CallStatus.FAILED, 0, "rate_limited", cost=0)
    broken = talk.attempt(message, CallStatus.FAILED, 5, "stream_broken", reply="t")
    whole = talk.attempt(message, CallStatus.OK, 2, reply="two", provider="other")
    talk.reply(message, "two", [busy, broken, whole])
    (exchange,) = talk.page()
    first, second = exchange.replies
    assert [answered_text(reply).figures.split(" · ")[1] for reply in (first, second)] == ["$ 0.0010", "$ 0.0020"]
    assert reply_hops(first) == []
    assert [hop.text for hop in reply_hops(second)] == [
        "acme busy, tried again",
        "acme broke off, went on with other · $ 0.0050",
    ]


def test_words_of_an_attempt_that_broke_off_carry_its_figures_not_those_of_the_one_after(ledger: Ledger) -> None:
    talk = Talk(ledger)
    message = talk.ask()
    broken = talk.attempt(message, CallStatus.FAILED, 9, "stream_broken", reply="Hm")
    rejected = talk.attempt(message, CallStatus.FAILED, 0, "key_rejected", cost=0, provider="other")
    talk.reply(message, "Hm", [broken, rejected], is_partial=True)
    ((reply,),) = (exchange.replies for exchange in talk.page())
    assert reply.call is not None and reply.call.id == broken
    assert answered_text(reply).figures.startswith("9 tokens")
    assert [hop.text for hop in reply_hops(reply)] == ["other rejected the key"]


def test_a_template_that_stood_in_names_who_had_failed(ledger: Ledger) -> None:
    talk = Talk(ledger)
    message = talk.ask()
    failed = talk.attempt(message, CallStatus.FAILED, 0, "key_rejected", cost=0)
    version = NewVersion(TABLE, Origin.TEMPLATE, "P", conversation=talk.conversation)
    talk.reply(message, "From a template.", [failed], None, versions=[version])
    ((reply,),) = (exchange.replies for exchange in talk.page())
    assert answered_text(reply).figures == "From a built-in template · free"
    assert [hop.text for hop in reply_hops(reply)] == ["acme rejected the key"]


def test_a_message_without_a_reply_tells_the_attempts_before_the_last(ledger: Ledger) -> None:
    talk = Talk(ledger)
    message = talk.ask()
    talk.attempt(message, CallStatus.CANCELLED, 4, "cancelled")
    talk.attempt(message, CallStatus.FAILED, 0, "key_rejected", cost=0)
    (exchange,) = talk.page()
    assert [hop.text for hop in failed_calls(exchange.calls)] == ["Stopped · $ 0.0040"]


PATCHED = "Warmer now.\n\n<<<<<<< SEARCH\nold\n=======\nnew\n>>>>>>> REPLACE\n"
LETTER = Document("Letter", "old")


def test_of_a_patch_only_what_was_said_around_it_is_shown(ledger: Ledger) -> None:
    talk = Talk(ledger)
    own = ledger.artifacts.add(NewVersion(LETTER, Origin.GENERATED, "Letter", conversation=talk.conversation))
    changed = Document("Letter", "new")
    waits = NewProposal(own.artifact, 1, changed, "Letter", provenance={"patch": 1})
    talk.reply(talk.ask(), PATCHED, [], proposals=[waits])
    taken = NewVersion(changed, Origin.REVISED, "Letter", own.artifact, talk.conversation, provenance={"patch": 1})
    talk.reply(talk.ask(), PATCHED, [], versions=[taken])
    whole = NewProposal(own.artifact, 2, changed, "Letter")
    talk.reply(talk.ask(), "Here it is.\n\n```markdown\n# Letter\n\nnewer\n```\n", [], proposals=[whole])
    said = [exchange.replies[0].text.strip() for exchange in talk.page()]
    assert said == ["Warmer now.", "Warmer now.", "Here it is."]


def test_a_reply_tells_what_became_of_the_change_it_proposed(ledger: Ledger) -> None:
    talk = Talk(ledger)
    own = ledger.artifacts.add(NewVersion(LETTER, Origin.GENERATED, "Letter", conversation=talk.conversation))
    changed = Document("Letter", "new")
    for _ in range(3):
        talk.reply(talk.ask(), PATCHED, [], proposals=[NewProposal(own.artifact, 1, changed, "Letter")])
        waits = ledger.proposals.pending(own.artifact)
        assert waits is not None
        if len(talk.page()) == 2:
            ledger.proposals.reject(waits)
    assert waits is not None
    ledger.proposals.accept(waits, changed, 1, 2)
    became = [exchange.replies[0].proposals[0] for exchange in talk.page()]
    assert [(each.state, each.version, each.kind) for each in became] == [
        ("superseded", None, Kind.DOCUMENT),
        ("rejected", None, Kind.DOCUMENT),
        ("partly", 2, Kind.DOCUMENT),
    ]
    (card,) = talk.page()[-1].replies[0].cards
    assert card_text(card.kind, None, card.number, card.provenance) == "Document · version 2 · 1 of 2 changes taken"


def test_a_page_reads_its_own_rows_only(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    talk = Talk(ledger)
    asked = []
    for number in range(6):
        asked.append(message := talk.ask(f"q{number}"))
        call = talk.attempt(message, CallStatus.OK, 1, reply="a")
        version = NewVersion(TABLE, Origin.GENERATED, "P", conversation=talk.conversation)
        talk.reply(message, f"a{number}", [call], versions=[version])
    made: list[str] = []
    for name in ("forgeapp.ledger.calls.call_row", "forgeapp.ledger.artifacts._version_row"):
        monkeypatch.setattr(name, _noting(resolve_name(name), made))
    page = read_page(ledger, talk.conversation, asked[4], 4)
    assert [exchange.text for exchange in page.exchanges] == ["q2", "q3"]
    assert [[len(reply.calls), len(reply.cards)] for item in page.exchanges for reply in item.replies] == [[1, 1]] * 2
    assert sorted(made) == ["_version_row"] * 2 + ["call_row"] * 2


def _noting(make: Callable[[Any], Any], made: list[str]) -> Callable[[Any], Any]:
    def noted(row: Any) -> Any:
        made.append(make.__name__)
        return make(row)

    return noted


def test_of_a_patch_that_broke_off_only_what_was_said_is_shown(ledger: Ledger) -> None:
    talk = Talk(ledger)
    message = talk.ask("warmer")
    call = talk.attempt(message, CallStatus.CANCELLED, 1, reply="x")
    broken = "Warmer now.\n\n<<<<<<< SEARCH\nKind regards\n=======\nWith be"
    talk.reply(message, broken, [call], is_partial=True)
    (exchange,) = read_page(ledger, talk.conversation, None, 4).exchanges
    assert exchange.replies[0].text.strip() == "Warmer now."
