"""Recorded replies with lines dropped, doubled, swapped, cut and strewn with marks: all is read, nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forgeapp.domain.artifact import Kind
from forgeapp.reading import Reader, Reading
from tests.unit.reading.losses import lost_words

DATA = Path(__file__).parents[2] / "data"
PATHS = sorted([*(DATA / "replies").glob("*.md"), *(DATA / "replies_more").glob("*.md")])
REPLIES = [path.read_text("utf-8") for path in PATHS]
KINDS = (None, Kind.TABLE, Kind.SPREADSHEET, Kind.DOCUMENT, Kind.CODE)
MARKS = (
    *(
        "```",
        "````",
        "~~~",
        "```markdown",
        "```csv",
        "```json",
        "|",
        "|---|---|",
        "<table>",
        "</table>",
        "<tr>",
        "<td>",
    ),
    *("<think>", "</think>", '<artifact kind="table">', "</artifact>", "{", "}", "[", "]", '"', "'", "**", "---", "#"),
    *("=", "$$", "\\(", "- ", "> ", "&amp;", "\u200f", "｜", "┌──┬──┐", "+--+--+", "\t", ";"),
)


def mutated(data: st.DataObject) -> str:
    lines = data.draw(st.sampled_from(REPLIES)).split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(("drop", "double", "swap", "cut", "mark"))):
            case "drop":
                del lines[at]
            case "double":
                lines.insert(at, lines[at])
            case "swap":
                other = data.draw(st.integers(0, len(lines) - 1))
                lines[at], lines[other] = lines[other], lines[at]
            case "cut":
                lines = [*lines[:at], lines[at][: data.draw(st.integers(0, len(lines[at])))]]
            case _:
                place = data.draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:place] + data.draw(st.sampled_from(MARKS)) + lines[at][place:]
        lines = lines or [""]
    return "\n".join(lines)


def read(pieces: list[str], kind: Kind | None) -> Reading:
    reader = Reader(kind)
    for piece in pieces:
        reader.feed(piece)
    return reader.finish()


@pytest.mark.parametrize("kind", KINDS)
def test_recorded_replies_lose_nothing_whatever_they_are_taken_for(kind: Kind | None) -> None:
    lost = {path.stem: lost_words(text, read([text], kind)) for path, text in zip(PATHS, REPLIES, strict=True)}
    assert {stem: words for stem, words in lost.items() if words} == {}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), kind=st.sampled_from(KINDS))
def test_damaged_replies_lose_nothing(data: st.DataObject, kind: Kind | None) -> None:
    text = mutated(data)
    assert lost_words(text, read([text], kind)) == set()


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), kind=st.sampled_from(KINDS))
def test_damaged_replies_are_read_the_same_in_any_pieces(data: st.DataObject, kind: Kind | None) -> None:
    text = mutated(data)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert read(pieces, kind) == read([text], kind)
