from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from forgeapp.services.comparing.sequences import Gap, Stretch, common_stretches, gaps, longest_ascent

letters = st.lists(st.sampled_from("abcd"), max_size=14)


def longest_common(old: list[str], new: list[str]) -> int:
    row = [0] * (len(new) + 1)
    for thing in old:
        previous, row = row, [0]
        for at, other in enumerate(new):
            row.append(previous[at] + 1 if thing == other else max(previous[at + 1], row[at]))
    return row[-1]


@given(letters, letters)
def test_stretches_are_equal_ascending_and_never_touch(old: list[str], new: list[str]) -> None:
    at = to = 0
    found = common_stretches(old, new)
    for index, (start, other, length) in enumerate(found):
        assert length > 0
        assert start >= at
        assert other >= to
        assert index == 0 or (start, other) != (at, to)
        assert old[start : start + length] == new[other : other + length]
        at, to = start + length, other + length
    assert at <= len(old)
    assert to <= len(new)


@given(letters.filter(lambda found: len(set(found)) < len(found)))
def test_things_that_repeat_are_still_found_when_some_come(old: list[str]) -> None:
    new = [*old[:3], "x", *old[3:]]
    assert sum(length for _, _, length in common_stretches(old, new)) == longest_common(old, new) == len(old)


def test_what_moved_is_told_as_gone_and_come() -> None:
    found = common_stretches("abcdef", "fabcde")
    assert found == [Stretch(0, 1, 5)]
    assert list(gaps(found, 6, 6)) == [Gap(0, 0, 0, 1), Gap(5, 6, 6, 6)]


@given(st.permutations(range(9)))
def test_a_longest_ascent_ascends_and_is_no_shorter_than_any_other(numbers: list[int]) -> None:
    found = [numbers[place] for place in longest_ascent(numbers)]
    assert found == sorted(found)
    assert len(found) == longest_common([*map(str, numbers)], [*map(str, range(9))])
