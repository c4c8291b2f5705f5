"""Failures of servers, in the words seen in the wild, and the typed errors they become."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.secret import Secret
from forgeapp.errors import (
    ContentRefused,
    ContextTooLong,
    DailyQuotaUsed,
    KeyRejected,
    ModelNotFound,
    PicturesNotTaken,
    ProviderError,
    ProviderFailed,
    ProviderTimeout,
    ProviderUnreachable,
    QuotaExhausted,
    RateLimited,
    RegionNotServed,
    RequestRejected,
    StreamBroken,
    UnreadableReply,
)
from forgeapp.providers.base import ServerFault
from forgeapp.providers.faults import Blame, read_fault, wait_named

BLAME = Blame("acme", "https://api.acme.example/v1", "big", Secret("sk-acme-0123456789"))
NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)


def json_values(names: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    types = st.sampled_from([f"type.googleapis.com/google.rpc.{name}" for name in ("ErrorInfo", "QuotaFailure")])
    return st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5) | types,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
        max_leaves=10,
    )


def error(status: int | None, body: Any) -> ProviderError:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return BLAME.of_fault(read_fault(status, raw))


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (401, {"error": {"message": "Incorrect API key provided", "code": "invalid_api_key"}}, KeyRejected),
        (403, {"error": {"message": "Country not supported", "code": "unsupported_country"}}, RegionNotServed),
        (401, {"detail": "Unauthorized"}, KeyRejected),
        (400, {"error": {"message": "API key not valid. Please pass a valid API key.", "status": "X"}}, KeyRejected),
        (429, {"error": {"message": "Rate limit reached", "code": "rate_limit_exceeded"}}, RateLimited),
        (429, {"error": {"message": "You exceeded your quota", "code": "insufficient_quota"}}, QuotaExhausted),
        (429, [{"error": {"code": 429, "message": "quota", "status": "RESOURCE_EXHAUSTED"}}], RateLimited),
        (402, {"error": {"message": "Insufficient Balance", "type": "unknown_error"}}, QuotaExhausted),
        (400, {"error": {"message": "too long", "code": "context_length_exceeded"}}, ContextTooLong),
        (
            400,
            {"object": "error", "message": "This model's maximum context length is 4096 tokens.", "code": 400},
            ContextTooLong,
        ),
        (
            400,
            {"error": {"code": 400, "message": "request exceeds", "type": "exceed_context_size_error"}},
            ContextTooLong,
        ),
        (
            400,
            {"type": "error", "error": {"type": "invalid_request_error", "message": "prompt is too long: 2"}},
            ContextTooLong,
        ),
        (
            429,
            {"error": {"message": "Request too large for gpt-4o on tokens per min", "code": "rate_limit_exceeded"}},
            ContextTooLong,
        ),
        (413, {"error": {"message": "Request too large", "code": "rate_limit_exceeded"}}, ContextTooLong),
        (400, {"error": {"message": "flagged", "code": "content_policy_violation"}}, ContentRefused),
        (400, {"error": {"message": "The response was filtered", "code": "content_filter"}}, ContentRefused),
        (403, {"error": {"code": 403, "message": "Your input was flagged"}}, ContentRefused),
        (404, {"error": {"message": "The model `x` does not exist", "code": "model_not_found"}}, ModelNotFound),
        (400, {"error": {"message": "temperature must be at most 2"}}, RequestRejected),
        (422, {"detail": [{"loc": ["body", "x"], "msg": "Extra inputs"}]}, RequestRejected),
        (408, b"", ProviderTimeout),
        (500, {"error": "boom"}, ProviderFailed),
        (502, b"<html><title>502 Bad Gateway</title></html>", ProviderFailed),
        (529, {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, ProviderFailed),
        (503, b"", ProviderFailed),
        (404, b"<!DOCTYPE html><html><head><title>Not Found</title></head></html>", UnreadableReply),
        (301, b"", UnreadableReply),
        (418, b"short and stout", RequestRejected),
        (None, {"error": {"message": "slow down", "code": "rate_limit_exceeded"}}, RateLimited),
        (None, {"error": {"message": "x", "type": "server_error"}}, ProviderFailed),
        (None, {"error": {"message": "x", "code": 429}}, RateLimited),
        (None, {"error": {"message": "x", "type": "invalid_request_error"}}, RequestRejected),
        (None, {"error": "it broke"}, ProviderFailed),
    ],
)
def test_each_failure_has_its_own_error(status: int | None, body: Any, expected: type[ProviderError]) -> None:
    raised = error(status, body)
    assert type(raised) is expected
    assert raised.hint


def google(status: str, message: str, *details: dict[str, Any]) -> dict[str, Any]:
    tagged = [{"@type": f"type.googleapis.com/google.rpc.{detail.pop('type')}", **detail} for detail in details]
    return {"error": {"code": 400, "status": status, "message": message, "details": tagged}}


_QUOTA = "You exceeded your current quota, please check your plan and billing details."
_A_MINUTE = {"quotaId": "GenerateRequestsPerMinutePerProjectPerModel-FreeTier"}
_A_DAY = {"quotaId": "GenerateRequestsPerDayPerProjectPerModel-FreeTier", "quotaValue": "20"}


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (429, google("RESOURCE_EXHAUSTED", _QUOTA, {"type": "QuotaFailure", "violations": [_A_MINUTE]}), RateLimited),
        (
            429,
            google("RESOURCE_EXHAUSTED", _QUOTA, {"type": "QuotaFailure", "violations": [_A_MINUTE] * 3 + [_A_DAY]}),
            DailyQuotaUsed,
        ),
        (429, google("RESOURCE_EXHAUSTED", f"{_QUOTA} * Quota exceeded, limit: 0, model: x"), QuotaExhausted),
        (429, google("RESOURCE_EXHAUSTED", f"{_QUOTA} * Quota exceeded, limit: 20, model: x"), RateLimited),
        (429, google("RESOURCE_EXHAUSTED", "Your prepayment credits are depleted."), QuotaExhausted),
        (400, google("INVALID_ARGUMENT", "Rejected.", {"type": "ErrorInfo", "reason": "API_KEY_INVALID"}), KeyRejected),
        (400, google("FAILED_PRECONDITION", "User location is not supported for the API use."), RegionNotServed),
        (
            400,
            google("FAILED_PRECONDITION", "Gemini API free tier is not available in your country."),
            RegionNotServed,
        ),
        (
            400,
            google("INVALID_ARGUMENT", "The input token count (9) exceeds the maximum number of tokens allowed (8)."),
            ContextTooLong,
        ),
        (400, google("INVALID_ARGUMENT", "Request payload size exceeds the limit: 20971520 bytes."), ContextTooLong),
        (400, google("INVALID_ARGUMENT", "Image input modality is not enabled for models/x"), PicturesNotTaken),
        (404, google("NOT_FOUND", "models/x is not found for API version v1beta, or is not supported."), ModelNotFound),
        (400, google("INVALID_ARGUMENT", "Request contains an invalid argument."), RequestRejected),
        (503, google("UNAVAILABLE", "The model is overloaded. Please try again later."), ProviderFailed),
        (504, google("DEADLINE_EXCEEDED", "Deadline expired."), ProviderFailed),
        (403, google("PERMISSION_DENIED", "Method doesn't allow unregistered callers."), KeyRejected),
    ],
)
def test_failures_as_google_words_them_have_their_errors(status: int, body: Any, expected: type[ProviderError]) -> None:
    for shape in (body, [body]):
        assert type(error(status, shape)) is expected


@pytest.mark.parametrize(
    ("status", "kind", "code", "expected"),
    [
        (429, "rate_limit_error", "enforced_spend_limit_reached", QuotaExhausted),
        (429, "rate_limit_error", "contract_spend_limit_reached", QuotaExhausted),
        (402, "billing_error", "linked_organization_billing_unavailable", QuotaExhausted),
        (429, "rate_limit_error", "ramp_limit_exceeded", RateLimited),
        (400, "invalid_request_error", "organization_on_hold", KeyRejected),
        (400, "invalid_request_error", "another", RequestRejected),
    ],
)
def test_the_code_anthropic_gives_in_the_details_goes_before_the_errors_type(
    status: int, kind: str, code: str, expected: type[ProviderError]
) -> None:
    said = {"type": kind, "message": "Its wording can change.", "details": {"error_code": code}}
    assert type(error(status, {"type": "error", "error": said})) is expected


@pytest.mark.parametrize(
    ("delay", "seconds"),
    [
        ("37s", 37.0),
        ("58.821668433s", 58.821668433),
        ("999999999s", 86_400.0),
        ("-3s", None),
        ("soon", None),
        (7, None),
        (None, None),
    ],
)
def test_a_wait_named_in_the_body_is_read(delay: Any, seconds: float | None) -> None:
    fault = read_fault(429, google("RESOURCE_EXHAUSTED", "slow down", {"type": "RetryInfo", "retryDelay": delay}))
    assert fault.retry_after_s == seconds
    assert BLAME.of_fault(fault).retry_after_s == seconds


def test_a_wait_of_the_headers_comes_before_that_of_the_body() -> None:
    fault = read_fault(429, google("RESOURCE_EXHAUSTED", "slow down", {"type": "RetryInfo", "retryDelay": "37s"}))
    assert BLAME.of_fault(fault, 2.0).retry_after_s == 2.0


@given(details=json_values(st.sampled_from(["@type", "reason", "violations", "quotaId", "retryDelay"])))
def test_no_details_whatever_break_the_reading_of_a_fault(details: Any) -> None:
    assert read_fault(None, {"error": {"code": 429, "details": details}}).status == 429


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (404, "No endpoints found that support image input"),  # OpenRouter
        (400, "Invalid content type. image_url is only supported by certain models."),  # OpenAI
        (400, "At most 0 image(s) may be provided in one prompt."),  # vLLM
        (400, "meta-llama/Llama-3 is not a multimodal model"),
        (500, "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj"),
        (500, "unsupported content[].type"),  # llama.cpp before
        (400, "messages[0].content must be a string"),  # Groq
        (400, "Image input is not enabled for this model"),  # Mistral
        (400, "Model does not support images. Please use a model that does."),  # LM Studio
        (400, "Image inputs are not supported by this model."),  # xAI
        (422, "Failed to deserialize: messages[0]: unknown variant `image_url`, expected `text`"),  # DeepSeek
    ],
)
def test_a_model_that_cannot_see_is_told_in_many_ways(status: int, message: str) -> None:
    assert type(error(status, {"error": {"message": message}})) is PicturesNotTaken


@pytest.mark.parametrize(
    "message",
    ["The image format is not supported", "We do not support image type TIFF", "You uploaded an unsupported image."],
)
def test_a_picture_of_the_wrong_kind_is_another_fault(message: str) -> None:
    assert type(error(400, {"error": {"message": message, "code": "invalid_image_format"}})) is RequestRejected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"error": {"message": "x", "code": "invalid_prompt"}}, ContentRefused),
        ({"error": {"message": "x", "code": "bio_policy"}}, ContentRefused),
        ({"error": {"message": "x", "code": "image_content_policy_violation"}}, ContentRefused),
        ({"error": {"message": "x", "code": "invalid_base64_image"}}, RequestRejected),
        ({"error": {"message": "x", "code": "image_too_large"}}, RequestRejected),
        ({"error": {"message": "x", "code": "server_error"}}, ProviderFailed),
    ],
)
def test_the_failures_of_a_response_have_no_status_but_a_code(body: Any, expected: type[ProviderError]) -> None:
    assert type(error(None, body)) is expected


def test_a_model_without_a_host_at_openrouter_is_not_found() -> None:
    assert type(error(404, {"error": {"message": "No endpoints found for x/y:free.", "code": 404}})) is ModelNotFound


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"error": {"message": "No such\n  model."}}, "No such model"),
        ({"error": "it broke"}, "it broke"),
        ({"message": "m"}, "m"),
        ({"detail": [{"msg": "wrong"}]}, '[{"msg": "wrong"}]'),
        (b"plain words", "plain words"),
        (b"<html><title>Sign in</title>", "a web page, 'Sign in'"),
        (b"", "no reason given"),
        (b"\xff\xfe\x00", "\ufffd\ufffd\x00"),
        ([], "[]"),
        (b"[" * 50_000, "[" * 200),
    ],
)
def test_the_servers_own_words_are_kept(body: Any, words: str) -> None:
    assert error(400, body).params["detail"] == words


def test_words_that_no_file_could_hold_are_mended() -> None:
    raised = error(None, b'{"error": {"message": "half \\ud83c a sign", "code": "x\\udfd7"}}')
    assert raised.params["detail"] == "half \ufffd a sign"
    assert raised.params["status"] == "x\ufffd"


def test_words_are_cut_and_the_key_is_taken_out_first() -> None:
    detail = error(401, {"error": {"message": "x" * 190 + " sk-acme-0123456789 " + "y" * 500}}).params["detail"]
    assert len(detail) <= 200
    assert "sk-" not in detail
    assert "012345" not in detail


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "20"}, 20.0),
        ({"retry-after": " 1.5 "}, 1.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": format_datetime(NOW + timedelta(seconds=30), usegmt=True)}, 30.0),
        ({"retry-after": format_datetime(NOW - timedelta(seconds=30), usegmt=True)}, 0.0),
        ({"retry-after": "99999999999999999999"}, 86_400.0),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after-ms": "nan"}, None),
        ({}, None),
    ],
)
def test_the_wait_a_server_names_is_read(headers: dict[str, str], seconds: float | None) -> None:
    assert wait_named(httpx.Headers(headers), NOW) == seconds


def test_a_wrong_clock_here_does_not_change_the_wait() -> None:
    headers = {
        "date": format_datetime(NOW, usegmt=True),
        "retry-after": format_datetime(NOW + timedelta(seconds=30), usegmt=True),
    }
    assert wait_named(httpx.Headers(headers), NOW + timedelta(days=400)) == 30


@given(value=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30))
def test_no_header_whatever_breaks_the_reading_of_the_wait(value: str) -> None:
    for name in ("retry-after", "retry-after-ms"):
        seconds = wait_named(httpx.Headers({name: value, "date": value}), NOW)
        assert seconds is None or 0 <= seconds <= 86_400


@pytest.mark.parametrize(
    ("raised", "replying", "expected"),
    [
        (httpx.ConnectError("refused"), False, ProviderUnreachable),
        (httpx.ConnectTimeout("slow"), False, ProviderUnreachable),
        (httpx.ProxyError("407"), False, ProviderUnreachable),
        (httpx.ReadTimeout("slow"), False, ProviderTimeout),
        (httpx.ReadTimeout("slow"), True, ProviderTimeout),
        (httpx.WriteTimeout("slow"), False, ProviderTimeout),
        (httpx.ReadError("reset"), True, StreamBroken),
        (httpx.RemoteProtocolError("Server disconnected without sending a response."), False, StreamBroken),
        (httpx.RemoteProtocolError("illegal status line"), False, UnreadableReply),
        (httpx.RemoteProtocolError("incomplete chunked read"), True, StreamBroken),
        (httpx.DecodingError("gzip"), True, UnreadableReply),
    ],
)
def test_each_fault_of_the_wire_has_its_own_error(
    raised: httpx.HTTPError, replying: bool, expected: type[ProviderError]
) -> None:
    assert type(BLAME.of_exception(raised, replying=replying)) is expected


@given(status=st.one_of(st.none(), st.integers(300, 599)), code=st.text(max_size=20), message=st.text(max_size=60))
def test_every_fault_has_an_error(status: int | None, code: str, message: str) -> None:
    raised = BLAME.of_fault(ServerFault(status, code, message))
    assert raised.message
    assert raised.hint
    assert len(raised.params["detail"]) <= 200
