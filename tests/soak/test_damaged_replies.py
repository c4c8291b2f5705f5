"""Many more damaged replies than `tests/unit/reading/test_nothing_lost.py` takes, and any text at all."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forgeapp.domain.artifact import Kind
from tests.unit.reading.losses import lost_words
from tests.unit.reading.test_nothing_lost import KINDS, MARKS, mutated, read

pytestmark = pytest.mark.soak
_PIECES = st.one_of(st.sampled_from((*MARKS, "\n", "\n\n", " ", "<!--", "</td>", ":", ",", "\\")), st.text(max_size=12))


@settings(max_examples=20_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), kind=st.sampled_from(KINDS))
def test_damaged_replies_lose_nothing(data: st.DataObject, kind: Kind | None) -> None:
    text = mutated(data)
    assert lost_words(text, read([text], kind)) == set()


@settings(max_examples=20_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(pieces=st.lists(_PIECES, max_size=60), kind=st.sampled_from(KINDS))
def test_any_text_is_read_the_same_whole_and_in_pieces(pieces: list[str], kind: Kind | None) -> None:
    assert read(pieces, kind) == read(["".join(pieces)], kind)
