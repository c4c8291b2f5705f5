from __future__ import annotations

from dataclasses import replace

from forgeapp.domain.chat import Message, Role, TextPiece
from forgeapp.domain.usage import UsageSource
from forgeapp.errors import StreamBroken
from forgeapp.ledger import Ledger
from forgeapp.providers.catalog import input_bound
from tests.unit.services.asking.chain_rig import FINE, PROMPT, Rig, Scripted


def test_an_estimate_is_never_more_than_a_prompt_can_hold(ledger: Ledger) -> None:
    broken = StreamBroken(provider="a", detail="cut")
    rig = Rig(ledger, a=Scripted([TextPiece("Hello "), broken], FINE))
    # A server that counts much beside the text teaches the most that is believed: four tokens for one.
    ledger.providers.learn_tokens("a", "m", 10_000, 90_000)
    rig.prompt = replace(PROMPT, messages=(Message(Role.USER, "7 " * 2_000),))
    rig.run()
    usage = ledger.calls.recent(10)[-1].usage
    assert usage.source is UsageSource.ESTIMATED
    assert usage.input_tokens == input_bound(rig.prompt.messages) < 4 * 2_000
