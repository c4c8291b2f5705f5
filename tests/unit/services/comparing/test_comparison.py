from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from forgeapp.domain.content import Content, from_json, to_json
from forgeapp.services.comparing import compare, fitted
from tests.unit.services.comparing.contents import changed, pairs


@given(pairs(), st.sets(st.integers(-1, 30)))
@settings(max_examples=80)
def test_all_hunks_give_the_one_content_and_none_the_other(both: tuple[Content, Content], chosen: set[int]) -> None:
    before, after = both
    comparison = compare(before, after)
    assert comparison.accepted(range(len(comparison.hunks))) == after
    assert comparison.accepted(()) == before
    assert (comparison.hunks == ()) == (before == after)
    some = comparison.accepted(chosen)
    assert from_json(to_json(some)) == some


@given(pairs(), st.data())
@settings(max_examples=80)
def test_a_comparison_fits_its_own_base_wholly_and_any_other_content_soundly(
    both: tuple[Content, Content], data: st.DataObject
) -> None:
    before, after = both
    comparison = compare(before, after)
    onto_base = fitted(comparison, before)
    assert onto_base.content == after
    assert onto_base.unplaced == ()
    newest = data.draw(changed(before, after))
    onto_newest = fitted(comparison, newest)
    assert len(onto_newest.placed) + len(onto_newest.unplaced) == len(comparison.hunks)
    assert from_json(to_json(onto_newest.content)) == onto_newest.content
    assert fitted(compare(before, before), newest).content == newest
