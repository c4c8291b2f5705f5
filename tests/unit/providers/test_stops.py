"""Text cut at a stop sequence, wherever its pieces are cut."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.chat import FinishReason, ReasoningPiece, ReplyFinished, StreamEvent, TextPiece, UsageReported
from forgeapp.domain.usage import Usage
from forgeapp.providers.base import FaultReported, NotAReply, ServerFault
from forgeapp.providers.stops import StoppedReader

USAGE = UsageReported(Usage(3, 9))


class Wire:
    """A reader whose events are the text of the reply, but '!' a fault, '?' broken JSON, '~' a thought, '$' the end."""

    def __init__(self, finish: FinishReason = FinishReason.LENGTH) -> None:
        self.ended = self.complete = False
        self.refusal: str | None = None
        self._finish = finish

    def read(self, event: str) -> Sequence[StreamEvent]:
        match event:
            case "!":
                raise FaultReported(ServerFault(500, "", "it broke"))
            case "?":
                raise NotAReply("broken JSON")
            case "~":
                return [ReasoningPiece("hm")]
            case "$":
                self.ended = self.complete = True
                return []
        return [TextPiece(event)]

    def read_whole(self, text: str) -> Sequence[StreamEvent]:
        self.ended = self.complete = True
        return [TextPiece(text)]

    def finish(self) -> Sequence[StreamEvent]:
        if self._finish is FinishReason.REFUSED:
            self.refusal = "no"
            return [USAGE]
        return [USAGE, ReplyFinished(self._finish)]


def read(stops: Sequence[str], *events: str, wire: Wire | None = None) -> tuple[list[StreamEvent], StoppedReader]:
    reader = StoppedReader(wire or Wire(), stops)
    pieces = [piece for event in events for piece in reader.read(event)]
    return pieces + list(reader.finish()), reader


def text_of(pieces: list[StreamEvent]) -> str:
    return "".join(piece.text for piece in pieces if isinstance(piece, TextPiece))


def test_the_text_ends_before_the_first_stop_sequence_and_the_usage_is_that_of_the_whole() -> None:
    pieces, reader = read(["END", "###"], "one ", "two#", "##", "END", "more", "~", "$")
    assert pieces == [TextPiece("one "), TextPiece("two"), USAGE, ReplyFinished(FinishReason.STOP)]
    assert reader.ended
    assert reader.complete


def test_what_only_began_like_a_stop_sequence_is_given_after_all() -> None:
    assert read(["END"], "TH", "E", "N", " E", "$")[0] == [
        TextPiece("TH"),
        TextPiece("EN "),
        TextPiece("E"),
        USAGE,
        ReplyFinished(FinishReason.LENGTH),
    ]


def test_a_reply_that_is_cut_is_complete_before_the_wire_ends() -> None:
    _, reader = read(["END"], "one END")
    assert reader.complete
    assert not reader.ended


@pytest.mark.parametrize("broken", ["!", "?"])
def test_a_failure_after_the_cut_ends_the_reading_quietly(broken: str) -> None:
    pieces, reader = read(["END"], "one END", broken)
    assert text_of(pieces) == "one "
    assert reader.ended
    with pytest.raises((FaultReported, NotAReply)):
        read(["END"], "one EN", broken)


def test_a_refusal_counts_unless_the_text_was_cut_before_it() -> None:
    assert read(["END"], "one", "$", wire=Wire(FinishReason.REFUSED))[1].refusal == "no"
    pieces, reader = read(["END"], "one END", "$", wire=Wire(FinishReason.REFUSED))
    assert reader.refusal is None
    assert pieces[-1] == ReplyFinished(FinishReason.STOP)


def test_a_whole_reply_is_cut_alike() -> None:
    reader = StoppedReader(Wire(), ["END"])
    assert [*reader.read_whole("one END two"), *reader.finish()] == [
        TextPiece("one "),
        USAGE,
        ReplyFinished(FinishReason.STOP),
    ]


@given(
    pieces=st.lists(st.text("abc", min_size=1, max_size=4), max_size=8),
    stops=st.lists(st.text("abc", max_size=4), max_size=3),
)
def test_the_cut_is_where_it_would_be_in_the_whole_text(pieces: list[str], stops: list[str]) -> None:
    whole = "".join(pieces)
    ends = [place for stop in stops if stop and (place := whole.find(stop)) >= 0]
    assert text_of(read(stops, *pieces)[0]) == whole[: min(ends, default=len(whole))]
