"""Gemini: its requests, its replies, and whole calls over loopback."""

from __future__ import annotations

import base64
import itertools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.chat import (
    FinishReason,
    Message,
    ModelInfo,
    Picture,
    Prompt,
    ReasoningPiece,
    ReplyFinished,
    Role,
    StreamEvent,
    TextPiece,
    UsageReported,
)
from forgeapp.domain.secret import Secret
from forgeapp.domain.usage import Usage
from forgeapp.errors import (
    ContentRefused,
    DailyQuotaUsed,
    ForgeError,
    KeyMissing,
    KeyRejected,
    PicturesNotTaken,
    ProviderFailed,
    ProviderTimeout,
    RateLimited,
    RequestRejected,
    StreamBroken,
    UnreadableReply,
)
from forgeapp.providers.base import FaultReported, NotAReply, Quirks, ServerFault
from forgeapp.providers.catalog import cost_nano_usd
from forgeapp.providers.gemini import ContentReader, Gemini
from forgeapp.providers.registry import make_provider
from forgeapp.providers.sse import SSEDecoder
from forgeapp.providers.transport import Timeouts
from tests.fakes.fixtures import ServeReplies, serve, timeouts_for
from tests.fakes.provider_server import FakeServer, Reply

__all__ = ["serve"]

FOLDER = Path(__file__).parent / "recorded"
KEY = "AIzaSyFake-0123456789abcdefghijklmnopqr"
MODEL = "gemini-2.5-flash"
HI = Message(Role.USER, "hi")
SYSTEM = Message(Role.SYSTEM, "be brief")
PROMPT = Prompt(MODEL, (SYSTEM, HI))


def gemini(*quirks: str) -> Gemini:
    return Gemini("generativelanguage.googleapis.com", Quirks(quirks))


def body(*messages: Message, dialect: Gemini | None = None, **parameters: Any) -> dict[str, Any]:
    return dict((dialect or gemini()).chat(Prompt(MODEL, messages, **parameters)).json or {})


def turns(*messages: Message) -> list[tuple[str, list[str]]]:
    """Roles and texts as they are sent."""
    return [(turn["role"], [part["text"] for part in turn["parts"]]) for turn in body(*messages)["contents"]]


def candidate(*parts: Any, finish: str | None = None, **more: Any) -> str:
    ending = {"finishReason": finish} if finish else {}
    return json.dumps({"candidates": [{"content": {"parts": list(parts), "role": "model"}, **ending}], **more})


def read(*events: str) -> tuple[list[StreamEvent], ContentReader]:
    reader = ContentReader()
    pieces = [piece for event in events for piece in reader.read(event)]
    return pieces + list(reader.finish()), reader


def usage(**counts: Any) -> Usage | None:
    pieces, _ = read(json.dumps({"usageMetadata": {f"{name}TokenCount": count for name, count in counts.items()}}))
    return next((piece.usage for piece in pieces if isinstance(piece, UsageReported)), None)


# Requests


def test_a_request_holds_what_was_asked_and_nothing_more() -> None:
    request = gemini().chat(PROMPT)
    assert request.path == "/v1beta/models/gemini-2.5-flash:streamGenerateContent"
    assert request.query == {"alt": "sse"}
    assert request.json == {
        "systemInstruction": {"parts": [{"text": "be brief"}]},
        "contents": [{"role": "user", "parts": [{"text": "hi"}]}],
    }


@pytest.mark.parametrize(
    ("model", "path"),
    [
        ("models/gemini-2.5-flash", "/v1beta/models/gemini-2.5-flash"),
        ("tunedModels/mine-1", "/v1beta/tunedModels/mine-1"),
        ("odd name?#%", "/v1beta/models/odd%20name%3F%23%25"),
    ],
)
def test_a_models_name_may_come_in_any_form(model: str, path: str) -> None:
    assert gemini().chat(Prompt(model, (HI,))).path == f"{path}:streamGenerateContent"


def test_the_key_stands_in_a_header_of_its_own() -> None:
    assert gemini().authorisation(Secret(KEY)) == ("x-goog-api-key", Secret(KEY))


def test_parameters_are_sent_when_given() -> None:
    assert body(HI, max_output_tokens=7, temperature=0.0, stop=("END",))["generationConfig"] == {
        "maxOutputTokens": 7,
        "temperature": 0.0,
        "stopSequences": ["END"],
    }


def test_a_temperature_beyond_the_range_is_brought_into_it() -> None:
    assert body(HI, temperature=7.0)["generationConfig"] == {"temperature": 2.0}


def test_stop_sequences_beyond_five_are_cut_at_here() -> None:
    request = gemini().chat(Prompt(MODEL, (HI,), stop=("", "a", "b", "c", "d", "e", "f")))
    assert request.json is not None
    assert request.json["generationConfig"] == {"stopSequences": ["a", "b", "c", "d", "e"]}
    assert request.cut_at == ["f"]


def test_neighbours_of_the_same_role_are_one_turn() -> None:
    assert turns(
        Message(Role.USER, "a"), Message(Role.USER, "b"), Message(Role.ASSISTANT, "c"), Message(Role.USER, "d")
    ) == [("user", ["a", "b"]), ("model", ["c"]), ("user", ["d"])]


def test_messages_without_text_are_left_out_and_those_beside_them_merge() -> None:
    assert turns(Message(Role.USER, "a"), Message(Role.ASSISTANT, " \n"), Message(Role.USER, "b")) == [
        ("user", ["a", "b"])
    ]


def test_the_user_always_begins() -> None:
    assert [role for role, _ in turns(Message(Role.ASSISTANT, "a"), HI)] == ["user", "model", "user"]


def test_a_system_message_alone_is_asked_as_the_users() -> None:
    assert body(SYSTEM) == {"contents": [{"role": "user", "parts": [{"text": "be brief"}]}]}


def test_several_system_messages_are_one() -> None:
    assert body(SYSTEM, HI, Message(Role.SYSTEM, "and kind"))["systemInstruction"] == {
        "parts": [{"text": "be brief\n\nand kind"}]
    }


def test_pictures_are_sent_inline_before_the_text() -> None:
    message = Message(Role.USER, "what is this?", (Picture("image/png", b"\x89PNG"),))
    assert body(message)["contents"][0]["parts"] == [
        {"inlineData": {"mimeType": "image/png", "data": base64.b64encode(b"\x89PNG").decode()}},
        {"text": "what is this?"},
    ]


def test_a_picture_needs_no_text() -> None:
    (turn,) = body(Message(Role.USER, "", (Picture("image/png", b"x"),)))["contents"]
    assert [*turn["parts"][0]] == ["inlineData"]


# What a model does not take


@pytest.mark.parametrize(
    "words",
    [
        "temperature is not supported by this model.",
        "Unable to submit request: this model does not support temperature.",
        "Invalid JSON payload received. Unknown name \"temperature\" at 'generation_config': Cannot find field.",
    ],
)
def test_a_temperature_is_left_out_once_a_model_rejects_it(words: str) -> None:
    dialect = gemini()
    sent = dialect.chat(Prompt("models/x", (HI,), temperature=0.2))
    assert dialect.adapt(sent, ServerFault(400, "400 INVALID_ARGUMENT", words))
    again = dialect.chat(Prompt("x", (HI,), temperature=0.2))
    assert "generationConfig" not in (again.json or {})
    assert not dialect.adapt(again, ServerFault(400, "", words))
    assert dialect.chat(Prompt("y", (HI,), temperature=0.2)).json != again.json


def test_a_field_named_in_the_details_alone_is_found() -> None:
    fault = ServerFault(
        400,
        "",
        "Request contains an invalid argument.",
        '{"fieldViolations": [{"field": "generation_config.stop_sequences", "description": "not supported"}]}',
    )
    dialect = gemini()
    assert dialect.adapt(dialect.chat(Prompt(MODEL, (HI,), stop=("END",))), fault)
    again = dialect.chat(Prompt(MODEL, (HI,), stop=("END",)))
    assert "generationConfig" not in (again.json or {})
    assert again.cut_at == ["END"]


def test_a_model_without_system_instructions_is_told_them_by_the_user() -> None:
    dialect = gemini()
    words = f"Developer instruction is not enabled for models/{MODEL}"
    assert dialect.adapt(dialect.chat(PROMPT), ServerFault(400, "", words))
    assert dialect.chat(PROMPT).json == {
        "contents": [{"role": "user", "parts": [{"text": "be brief"}, {"text": "hi"}]}]
    }


def too_many(asked: int, most: int) -> ServerFault:
    span = f"from 1 (inclusive) to {most + 1} (exclusive)"
    return ServerFault(
        400, "", f"Unable to submit: it has a maxOutputTokens value of {asked} but the supported range is {span}."
    )


def test_no_more_tokens_are_asked_for_than_a_server_says_its_model_gives() -> None:
    dialect = gemini()
    prompt = Prompt(MODEL, (HI,), max_output_tokens=16_000)
    for most in (8_192, 4_096):
        assert dialect.adapt(dialect.chat(prompt), too_many(16_000, most))
        assert (dialect.chat(prompt).json or {})["generationConfig"] == {"maxOutputTokens": most}
    assert not dialect.adapt(dialect.chat(prompt), too_many(16_000, 4_096))
    assert not dialect.adapt(dialect.chat(prompt), too_many(16_000, -1))


@pytest.mark.parametrize("quirk", [f"most output: {MODEL} none", f"most output: {MODEL} 0", "most output: other 5"])
def test_words_learned_of_others_or_never_change_nothing(quirk: str) -> None:
    assert body(HI, max_output_tokens=7, dialect=gemini(quirk))["generationConfig"] == {"maxOutputTokens": 7}


@pytest.mark.parametrize(
    "words",
    [
        "Unable to submit request because it has a temperature value of 3 but the supported range is from 0 to 2.",
        "Image input modality is not enabled for models/x",
        "Request contains an invalid argument.",
    ],
)
def test_other_rejections_are_no_reason_to_try_again(words: str) -> None:
    dialect = gemini()
    sent = dialect.chat(Prompt(MODEL, (SYSTEM, HI), temperature=3.0, stop=("END",)))
    assert not dialect.adapt(sent, ServerFault(400, "", words))


# Replies


def test_text_thoughts_usage_and_the_end_are_read_in_order() -> None:
    pieces, reader = read(
        candidate({"text": "hm", "thought": True}),
        candidate({"text": "Hel"}, {"text": "lo"}),
        candidate({"text": ""}, finish="STOP", usageMetadata={"promptTokenCount": 3, "candidatesTokenCount": 2}),
    )
    assert pieces == [
        ReasoningPiece("hm"),
        TextPiece("Hel"),
        TextPiece("lo"),
        UsageReported(Usage(3, 2)),
        ReplyFinished(FinishReason.STOP),
    ]
    assert reader.complete
    assert not reader.ended


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("STOP", FinishReason.STOP),
        ("MAX_TOKENS", FinishReason.LENGTH),
        ("CONTINUATION", FinishReason.LENGTH),
        ("MALFORMED_FUNCTION_CALL", FinishReason.OTHER),
        ("OTHER", FinishReason.OTHER),
        ("A_NEW_ONE", FinishReason.OTHER),
    ],
)
def test_finish_reasons_are_told(word: str, reason: FinishReason) -> None:
    assert read(candidate(finish=word))[0] == [ReplyFinished(reason)]


@pytest.mark.parametrize(
    "word",
    [
        "SAFETY",
        "RECITATION",
        "LANGUAGE",
        "BLOCKLIST",
        "PROHIBITED_CONTENT",
        "SPII",
        "IMAGE_SAFETY",
        "MODEL_ARMOR",
        "ESCALATION",
        "PUP_LIMITED_DISABLED",
    ],
)
def test_a_filtered_reply_names_the_filter_and_has_no_end(word: str) -> None:
    pieces, reader = read(candidate({"text": "How to"}), candidate(finish=word))
    assert pieces == [TextPiece("How to")]
    assert reader.refusal == f"its filter stopped the reply ({word})"


def test_the_filters_own_words_come_first() -> None:
    event = {"candidates": [{"finishReason": "SAFETY", "finishMessage": "Too dangerous."}]}
    assert read(json.dumps(event))[1].refusal == "Too dangerous."


def test_a_blocked_prompt_is_a_refusal_with_its_usage() -> None:
    event = {"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": {"promptTokenCount": 9}}
    pieces, reader = read(json.dumps(event))
    assert pieces == [UsageReported(Usage(9, 0))]
    assert reader.complete
    assert reader.refusal == "the prompt was blocked (SAFETY)"


def test_feedback_on_a_prompt_that_is_answered_is_no_refusal() -> None:
    _, reader = read(candidate({"text": "yes"}, finish="STOP", promptFeedback={"safetyRatings": []}))
    assert reader.refusal is None


@pytest.mark.parametrize("reason", ["", "FINISH_REASON_UNSPECIFIED", None, 3])
def test_a_reason_that_is_none_does_not_end_a_reply(reason: Any) -> None:
    reader = ContentReader()
    reader.read(json.dumps({"candidates": [{"content": {"parts": [{"text": "a"}]}, "finishReason": reason}]}))
    assert not reader.complete


@pytest.mark.parametrize(
    "part",
    [
        {"inlineData": {"mimeType": "image/png", "data": "AAAA"}},
        {"functionCall": {"name": "f", "args": {}}},
        {"executableCode": {"language": "PYTHON", "code": "1"}},
        {"text": 3},
        {"text": None},
        "text",
        None,
    ],
)
def test_parts_that_are_no_text_are_passed_over(part: Any) -> None:
    assert read(candidate(part, {"text": "a"}))[0][:1] == [TextPiece("a")]


def test_a_character_cut_into_two_escapes_is_joined() -> None:
    high, low = candidate({"text": "a\ud83c"}), candidate({"text": "\udfd7b"})
    assert read(high, low)[0][:2] == [TextPiece("a"), TextPiece("🏗b")]


# Usage


def test_thoughts_and_the_prompts_of_tools_are_counted_beside_the_rest() -> None:
    assert usage(prompt=100, cachedContent=80, candidates=40, thoughts=25, toolUsePrompt=10) == Usage(110, 65, 25, 80)


def test_counts_that_cannot_be_are_brought_into_range() -> None:
    assert usage(prompt=10, cachedContent=99, candidates=True, thoughts="x") == Usage(10, 0, 0, 10)
    assert usage(prompt=-1) is None
    assert usage(candidates=5) is None


def test_of_growing_usage_the_last_counts_once_and_keeps_what_it_does_not_say() -> None:
    counted = [{"promptTokenCount": 9, "cachedContentTokenCount": 4}, {"candidatesTokenCount": 3}, {"other": 1}]
    pieces, _ = read(*(candidate({"text": "a"}, usageMetadata=counts) for counts in counted))
    assert [piece.usage for piece in pieces if isinstance(piece, UsageReported)] == [Usage(9, 3, 0, 4)]


def test_a_text_whose_tokens_were_not_counted_has_no_reported_usage() -> None:
    pieces, _ = read(candidate({"text": "a"}, finish="STOP", usageMetadata={"promptTokenCount": 9}))
    assert not any(isinstance(piece, UsageReported) for piece in pieces)


# Whole replies, and what is none


def test_a_plain_answer_reads_as_a_streamed_one() -> None:
    reply = candidate(
        {"text": "hm", "thought": True},
        {"text": "Hello"},
        finish="STOP",
        usageMetadata={"promptTokenCount": 3, "candidatesTokenCount": 2},
    )
    reader = ContentReader()
    assert [*reader.read_whole(reply), *reader.finish()] == read(reply)[0]


def test_events_that_come_as_one_list_are_read() -> None:
    reader = ContentReader()
    events = f"[{candidate({'text': 'a'})},\n{candidate({'text': 'b'}, finish='STOP')}]"
    assert [*reader.read_whole(events)] == [TextPiece("a"), TextPiece("b")]


@pytest.mark.parametrize("text", ["{}", "[]", '{"candidates": []}', "[" * 100_000, '{"candidates": [', "nonsense", "7"])
def test_json_that_is_no_reply_is_told(text: str) -> None:
    with pytest.raises(NotAReply):
        ContentReader().read_whole(text)


@pytest.mark.parametrize("text", ["{", "nonsense", "[1]", "7", "[" * 100_000, "1" * 5_000])
def test_an_event_that_is_no_reply_is_told(text: str) -> None:
    with pytest.raises(NotAReply):
        ContentReader().read(text)


_NAMES = [
    ["candidates", "content", "parts", "text", "thought", "finishReason", "usageMetadata", "promptFeedback"],
    ["promptTokenCount", "candidatesTokenCount", "blockReason", "finishMessage", "error", "details", "message"],
]
_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.just("SAFETY")),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        *(st.dictionaries(st.sampled_from(names), inner, max_size=4) for names in _NAMES),
    ),
    max_leaves=12,
)


@given(events=st.lists(_JSON, max_size=4))
def test_no_json_whatever_breaks_the_reader(events: list[Any]) -> None:
    reader = ContentReader()
    try:
        for event in events:
            for piece in reader.read(json.dumps(event)):
                assert isinstance(piece, TextPiece | ReasoningPiece)
                piece.text.encode()
        reader.finish()
        (reader.refusal or "").encode()
        ContentReader().read_whole(json.dumps(events[0] if events else None))
    except (NotAReply, FaultReported):
        pass


@given(content=_JSON, usage=_JSON, finish=_JSON)
def test_no_candidate_whatever_breaks_the_reader(content: Any, usage: Any, finish: Any) -> None:
    event = {"candidates": [{"content": {"parts": [content]}, "finishReason": finish}], "usageMetadata": usage}
    read(json.dumps(event))


# Models


def test_models_that_write_are_listed_with_what_they_can_hold() -> None:
    entry = {
        "inputTokenLimit": 1_048_576,
        "outputTokenLimit": 65_536,
        "supportedGenerationMethods": ["generateContent"],
    }
    listed = [
        {"name": "models/gemini-2.5-flash", **entry},
        {"name": "models/gemini-2.5-flash", **entry},
        {"name": "models/text-embedding-004", **entry, "supportedGenerationMethods": ["embedContent"]},
        {"name": "models/unknown", "inputTokenLimit": "many"},
        {"name": 3},
        None,
    ]
    assert gemini().read_models({"models": listed, "nextPageToken": "x"}) == [
        ModelInfo("gemini-2.5-flash", 1_114_112, 65_536),
        ModelInfo("unknown"),
    ]


@pytest.mark.parametrize("reply", [{}, {"models": 3}, "text", None, []])
def test_what_lists_no_models_is_told(reply: Any) -> None:
    with pytest.raises(NotAReply):
        gemini().read_models(reply)


def test_an_error_instead_of_models_is_told() -> None:
    with pytest.raises(FaultReported):
        gemini().read_models({"error": {"code": 503, "message": "overloaded"}})


# Streams as the documentation shows them


@dataclass(frozen=True)
class Case:
    name: str
    text: str
    last: list[StreamEvent]
    reasoning: str = ""
    refusal: str | None = None
    fault: ServerFault | None = None
    error: type[ForgeError] | None = None


CASES = [
    Case(
        "gemini_thinking_cached",
        "| Stadt | Größe |\n|---|---|\n| 東京 | 13,9 🏗️ |\n| Köln | 1,1 |\n",
        [UsageReported(Usage(4201, 160, 117, 4046)), ReplyFinished(FinishReason.STOP)],
        "**Collecting cities**\n\nThe user wants a table. I compare Köln and 東京.\n\n\n"
        "**Checking**\n\nTwo rows 🏗️ are enough.\n\n\n",
    ),
    Case(
        "gemini_safety",
        "First, take",
        [UsageReported(Usage(14, 3))],
        refusal="its filter stopped the reply (SAFETY)",
        error=ContentRefused,
    ),
    Case(
        "gemini_prompt_blocked",
        "",
        [UsageReported(Usage(9, 0))],
        refusal="the prompt was blocked (PROHIBITED_CONTENT)",
        error=ContentRefused,
    ),
    Case(
        "gemini_length",
        "# Report\n\nThe first chapter",
        [UsageReported(Usage(21, 207, 200)), ReplyFinished(FinishReason.LENGTH)],
    ),
    Case(
        "gemini_unknown",
        "The sum is 42.",
        [UsageReported(Usage(43, 89, 64)), ReplyFinished(FinishReason.STOP)],
    ),
    Case(
        "gemini_overloaded",
        "| Stadt",
        [],
        "The plan",
        fault=ServerFault(503, "503 UNAVAILABLE", "The model is overloaded. Please try again later."),
        error=ProviderFailed,
    ),
]
each_stream = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


def recorded(case: Case, newline: bytes = b"\n") -> bytes:
    return (FOLDER / f"{case.name}.sse").read_bytes().replace(b"\n", newline)


def read_bytes(*chunks: bytes) -> tuple[list[StreamEvent], str | None, ServerFault | None]:
    """As `provider` drives a reader."""
    reader, decoder = ContentReader(), SSEDecoder()
    pieces: list[StreamEvent] = []
    try:
        for event in itertools.chain.from_iterable([*map(decoder.feed, chunks), decoder.finish()]):
            pieces += reader.read(event)
        assert reader.complete
        pieces += reader.finish()
    except FaultReported as reported:
        return pieces, reader.refusal, reported.fault
    return pieces, reader.refusal, None


def texts(pieces: list[StreamEvent], kind: type[TextPiece | ReasoningPiece] = TextPiece) -> str:
    return "".join(piece.text for piece in pieces if isinstance(piece, kind))


def test_every_recorded_stream_is_read() -> None:
    assert {path.stem for path in FOLDER.glob("gemini_*")} == {case.name for case in CASES}


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
@each_stream
def test_a_recorded_stream_is_read_alike_wherever_it_is_cut(case: Case, newline: bytes) -> None:
    raw = recorded(case, newline)
    whole = pieces, refusal, fault = read_bytes(raw)
    assert texts(pieces) == case.text
    assert texts(pieces, ReasoningPiece) == case.reasoning
    assert [piece for piece in pieces if not isinstance(piece, TextPiece | ReasoningPiece)] == case.last
    assert (refusal, fault) == (case.refusal, case.fault)
    for place in range(1, len(raw)):
        assert read_bytes(raw[:place], raw[place:]) == whole


@each_stream
def test_a_recorded_stream_ends_over_the_wire_as_it_should(case: Case, serve: ServeReplies) -> None:
    pieces, error = call(serve(Reply(raw=recorded(case), cut=7)))
    assert pieces == read_bytes(recorded(case))[0]
    assert type(error) is (case.error or type(None))


# Calls


def call(server: FakeServer, prompt: Prompt = PROMPT, **options: Any) -> tuple[list[StreamEvent], ForgeError | None]:
    """The pieces that came, and the error that ended them where one did."""
    options = {"api_key": KEY, "timeouts": Timeouts(60.0, 60.0), **options}
    provider = make_provider("gemini", name="fake", base_url=server.root_url, **options)
    pieces: list[StreamEvent] = []
    try:
        for piece in provider.stream(prompt, CancelToken()):
            pieces.append(piece)  # noqa: PERF402 - what came before the error is kept
    except ForgeError as error:
        return pieces, error
    return pieces, None


def test_a_call_sends_its_key_in_the_header_alone(serve: ServeReplies) -> None:
    server = serve()
    call(server)
    (sent,) = server.chats
    assert sent.path == f"/v1beta/models/{MODEL}:streamGenerateContent?alt=sse"
    assert sent.headers["x-goog-api-key"] == KEY
    assert "authorization" not in sent.headers


@pytest.mark.parametrize("ending", ["", "/", "/v1beta", "/v1beta/", "/v1beta/models"])
def test_a_base_url_may_end_with_the_version(serve: ServeReplies, ending: str) -> None:
    server = serve(Reply("Two words."))
    provider = make_provider("gemini", name="fake", base_url=f"{server.root_url}{ending}")
    assert texts(list(provider.stream(PROMPT, CancelToken()))) == "Two words."


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("cut", [None, *range(1, 8)])
def test_a_reply_is_the_same_however_it_is_cut(serve: ServeReplies, newline: str, cut: int | None) -> None:
    text = "Größe: 東京 🏗️ ok\n\n| a |"
    pieces, error = call(serve(Reply(text, reasoning="hm well", cut=cut, newline=newline, pings=True)))
    assert error is None
    assert (texts(pieces), texts(pieces, ReasoningPiece)) == (text, "hm well")
    assert pieces[-1] == ReplyFinished(FinishReason.STOP)


def test_data_over_several_lines_is_one_event(serve: ServeReplies) -> None:
    event = json.dumps(json.loads(candidate({"text": "Two words."}, finish="STOP")), indent=1)
    raw = "".join(f"data: {line}\n" for line in event.splitlines()) + "\n"
    assert texts(call(serve(Reply(raw=raw.encode())))[0]) == "Two words."


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply("Two words.", finish=None), StreamBroken),
        (Reply("Two words.", close_after=2), StreamBroken),
        (Reply("Two words.", reset_after=2), StreamBroken),
        (Reply("Two words.", stall_after=2), ProviderTimeout),
        (Reply("Two words. More.", error={"code": 503, "message": "x"}, error_after=2), ProviderFailed),
        (Reply("Two words. More.", error={"code": 429, "message": "x"}, error_after=2), RateLimited),
        (Reply("Two words.", finish="refused"), ContentRefused),
    ],
)
def test_a_reply_that_breaks_off_leaves_its_pieces_and_a_typed_error(
    serve: ServeReplies, reply: Reply, expected: type[ForgeError]
) -> None:
    server = serve(reply)
    pieces, error = call(server, timeouts=timeouts_for(server))
    assert texts(pieces) == "Two words."
    assert type(error) is expected
    assert not any(isinstance(piece, ReplyFinished) for piece in pieces)


@pytest.mark.parametrize(
    "raw",
    [
        b'data: {"candidates": [{"content": {"parts": [{"text": "Hi"}]}}]}\n\ndata: {"candidates": [{"conte',
        b'data: {"candidates": [{"content": {"parts": [{"text": "Hi"}]}}]}\n\n{\n  "error": {\n   "code": 50',
    ],
)
def test_an_event_cut_short_is_a_broken_stream(serve: ServeReplies, raw: bytes) -> None:
    pieces, error = call(serve(Reply(raw=raw)))
    assert texts(pieces) == "Hi"
    assert type(error) is StreamBroken


@pytest.mark.parametrize(
    "reply",
    [
        Reply(body="<html><head><title>Sign in</title></head></html>"),
        Reply(body=b'{"candidates": [', content_type="application/json"),
        Reply(body=b""),
        Reply(body={"hello": "world"}),
        Reply(raw=b"data: nonsense\n\n"),
        Reply(raw=b": ping\n\n"),
        Reply(status=404, body="<!DOCTYPE html><title>Error 404 (Not Found)!!1</title>"),
    ],
)
def test_what_is_no_reply_is_told_as_such(serve: ServeReplies, reply: Reply) -> None:
    pieces, error = call(serve(reply))
    assert type(error) is UnreadableReply
    assert not pieces


def failure(code: int, status: str, message: str, *details: dict[str, Any]) -> Reply:
    return Reply(
        status=code, body={"error": {"code": code, "status": status, "message": message, "details": list(details)}}
    )


_RPC = "type.googleapis.com/google.rpc."
_RETRY = {"@type": f"{_RPC}RetryInfo", "retryDelay": "37s"}
_DAY = {
    "@type": f"{_RPC}QuotaFailure",
    "violations": [{"quotaId": "GenerateRequestsPerDayPerProjectPerModel-FreeTier"}],
}
_BAD_KEY = {"@type": f"{_RPC}ErrorInfo", "reason": "API_KEY_INVALID", "domain": "googleapis.com"}


@pytest.mark.parametrize(
    ("reply", "expected", "wait_s"),
    [
        (failure(429, "RESOURCE_EXHAUSTED", "quota", _RETRY), RateLimited, 37.0),
        (failure(429, "RESOURCE_EXHAUSTED", "quota", _DAY, _RETRY), DailyQuotaUsed, 37.0),
        (failure(400, "INVALID_ARGUMENT", f"API key not valid: {KEY}", _BAD_KEY), KeyRejected, None),
        (failure(400, "INVALID_ARGUMENT", "Image input modality is not enabled for models/x"), PicturesNotTaken, None),
        (failure(400, "INVALID_ARGUMENT", "Request contains an invalid argument."), RequestRejected, None),
    ],
)
def test_refused_requests_are_typed_and_name_their_wait(
    serve: ServeReplies, reply: Reply, expected: type[ForgeError], wait_s: float | None
) -> None:
    server = serve(reply)
    _, error = call(server)
    assert type(error) is expected
    assert error.params.get("retry_after_s") == wait_s
    assert KEY not in f"{error!r} {error} {error.params}"
    assert len(server.chats) == 1


def test_without_a_key_the_error_says_where_to_put_one(serve: ServeReplies) -> None:
    reply = failure(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers.")
    _, error = call(serve(reply), api_key=None)
    assert type(error) is KeyMissing


def test_a_rejected_temperature_is_left_out_in_a_second_request(serve: ServeReplies) -> None:
    server = serve(failure(400, "INVALID_ARGUMENT", "temperature is not supported by this model"), Reply("Two words."))
    pieces, error = call(server, Prompt(MODEL, (HI,), temperature=0.3))
    assert error is None
    assert texts(pieces) == "Two words."
    assert ["generationConfig" in chat.json for chat in server.chats] == [True, False]


def test_a_sixth_stop_sequence_ends_the_text_all_the_same(serve: ServeReplies) -> None:
    prompt = Prompt(MODEL, (HI,), stop=("1", "2", "3", "4", "5", "END"))
    pieces, _ = call(serve(Reply("Two words. EN or END and more")), prompt)
    assert texts(pieces) == "Two words. EN or "
    assert pieces[-1] == ReplyFinished(FinishReason.STOP)


def test_models_are_asked_for_a_thousand_at_once(serve: ServeReplies) -> None:
    server = serve()
    provider = make_provider("gemini", name="fake", base_url=server.root_url, api_key=KEY)
    assert provider.list_models(CancelToken()) == [
        ModelInfo("fake-large", 1_114_112, 65_536),
        ModelInfo("fake-small", 1_114_112, 65_536),
    ]
    assert server.requests[0].path == "/v1beta/models?pageSize=1000"


def test_a_streamed_and_a_buffered_reply_are_one_and_cost_the_same(serve: ServeReplies) -> None:
    counted = {
        "promptTokenCount": 4201,
        "cachedContentTokenCount": 4046,
        "candidatesTokenCount": 43,
        "thoughtsTokenCount": 117,
        "totalTokenCount": 4361,
    }
    reply = {"text": "| 東京 | 🏗️ |", "reasoning": "hm well", "usage": counted}
    replies = [call(serve(Reply(**reply, plain=plain)))[0] for plain in (False, True)]
    assert texts(replies[0]) == texts(replies[1])
    assert replies[0][-2:] == replies[1][-2:]
    costs = set()
    for pieces in replies:
        (reported,) = (piece.usage for piece in pieces if isinstance(piece, UsageReported))
        costs.add(cost_nano_usd("google", MODEL, reported)[0])
    # 0.30 USD a million of input, 0.03 of it cached, 2.50 of output and thoughts.
    assert costs == {155 * 300 + 4046 * 30 + 160 * 2_500}
