"""Definitions taken out of a text, and given back to the parts that use them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forgeapp.reading.definitions import lift_definitions
from forgeapp.reading.markdown import parse
from tests.pace import assert_linear, repeated

_PIECES = st.sampled_from(
    [
        "[a]: x",
        "[^n]: note",
        "[a]",
        "[^n]",
        "word",
        "\n",
        "\n\n",
        "    ",
        "```",
        "> ",
        "- ",
        "# ",
        "|",
        '"t"',
        "😀",
        "\t",
    ]
)


@given(st.lists(_PIECES, max_size=40).map("".join))
@settings(max_examples=150, deadline=None)
def test_any_text_keeps_its_lines_and_loses_no_definition(text: str) -> None:
    found = lift_definitions(text)
    if found is None:
        return
    assert found.body.count("\n") == text.count("\n")
    assert 0 <= found.end <= text.count("\n") + 1
    kept = "".join((found.body, *found.texts.values()))
    assert kept.count("word") <= text.count("word")
    assert parse(found.used_by(found.body) + found.body) is not None


def test_a_definition_within_code_is_none() -> None:
    found = lift_definitions("```\n[a]: x\n```\n\n[b]: y\n")
    assert found is not None
    assert found.texts == {"b": "[b]: y"}
    assert found.body == "```\n[a]: x\n```\n\n\n"
    assert found.end == 3


def test_footnotes_take_along_what_they_use_themselves() -> None:
    found = lift_definitions(
        "See[^n].\n\n[^n]: Look [there][a].\n\n[a]: https://example.org\n[c]: https://unused.example\n"
    )
    assert found is not None
    needed = found.used_by("See[^n].")
    assert "[^n]:" in needed
    assert "[a]:" in needed
    assert "[c]:" not in needed


@pytest.mark.security
@pytest.mark.parametrize("piece", ["[", "[a]: x\n", "[^a]: x\n\n    y\n", "[a]["])
def test_hostile_texts_are_taken_apart_in_linear_time(piece: str) -> None:
    def take(text: str) -> None:
        found = lift_definitions(text)
        if found is not None:
            found.used_by(text)

    assert_linear(take, repeated(piece), 100_000)
