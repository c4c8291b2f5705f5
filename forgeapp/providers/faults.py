"""Failures become typed errors, by one table.

Every server words its errors in its own way; `read_fault` takes the status, the code words and the message out of the
shapes seen in the wild, and the first row of `_TABLE` that fits names the error.
"""

from __future__ import annotations

import json
import re
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, NamedTuple

import httpx

from forgeapp.domain.secret import Secret, redact
from forgeapp.errors import (
    CertificateNotTrusted,
    ContentRefused,
    ContextTooLong,
    DailyQuotaUsed,
    KeyRejected,
    ModelNotFound,
    ModelTooLarge,
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
from forgeapp.providers.base import Json, ServerFault
from forgeapp.providers.fields import words
from forgeapp.providers.surrogates import without_surrogates

MAX_DETAIL_CHARS: Final = 200
_MAX_CODE_CHARS: Final = 1_000
_MAX_STATUS_CHARS: Final = 60
_MAX_BODY_CHARS: Final = 16_384
_MAX_WAIT_S: Final = 86_400.0


class _Row(NamedTuple):
    """Fits when the status is among `statuses` (None: any) and `code` or `message` is found (both None: always)."""

    error: type[ProviderError]
    statuses: frozenset[int] | range | None = None
    code: re.Pattern[str] | None = None
    message: re.Pattern[str] | None = None


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_REJECTED = frozenset({400, 422})
_TABLE: Final = (
    _Row(
        ContextTooLong,
        None,
        _words(
            r"context_length_exceeded|exceed_context_size|model_max_prompt_tokens_exceeded|string_above_max_length"
            r"|request_too_large"
        ),
    ),
    _Row(ContextTooLong, frozenset({413})),
    _Row(DailyQuotaUsed, None, _words(r"PerDay")),  # Gemini, of its free tier
    _Row(
        QuotaExhausted,
        None,
        _words(
            r"insufficient_quota|billing_hard_limit|billing_not_active|billing_error|billing_unavailable"
            r"|insufficient_(balance|credits|funds)|spend_limit_reached"
        ),
    ),
    _Row(  # Anthropic
        QuotaExhausted,
        frozenset({400, 429}),
        None,
        _words(r"credit balance is too low|reached your specified .{0,20}usage limits"),
    ),
    _Row(QuotaExhausted, frozenset({429}), None, _words(r"credits are depleted|\blimit: 0\b(?!\.)")),  # Gemini
    _Row(
        RegionNotServed,
        frozenset({400, 403}),
        _words(r"unsupported_country"),
        _words(r"location is not supported|country.{0,24} not supported|not available in your country"),
    ),
    _Row(
        ContentRefused,
        None,
        _words(
            r"content_?filter|content_policy|moderation|safety_violation|usage_policy|invalid_prompt"
            r"|bio_policy|misalignment_policy"
        ),
    ),
    _Row(
        KeyRejected,
        None,
        _words(
            r"invalid_(api_)?key|api_key_invalid|authentication_error|invalid_authentication|permission_error"
            r"|organization_on_hold"
        ),
    ),
    # OpenAI: more tokens than a minute of this account has, which no wait makes fit.
    _Row(ContextTooLong, frozenset({429}), None, _words(r"request too large")),
    _Row(RateLimited, None, _words(r"rate_?limit|too_many_requests|resource_exhausted")),
    _Row(
        PicturesNotTaken,
        None,
        None,
        _words(
            r"no endpoints found that support image"  # OpenRouter
            r"|image_url is only supported by certain models"  # OpenAI
            r"|(?:not|n't) support (?:the )?(?:images?|vision|multimodal)\b(?! (?:format|type|url|size|file))"
            r"|\bimages?(?: inputs?| content)?(?: is| are)? not (?:supported|enabled)"  # llama.cpp, Mistral, xAI
            r"|at most 0 image|is not a multimodal model"  # vLLM
            r"|unknown variant `image_url`"  # DeepSeek
            r"|unsupported content\[\]\.type"  # llama.cpp before it took pictures
            r"|missing data required for image input"  # Ollama
            r"|image input modality is not enabled"  # Gemini
        ),
    ),
    _Row(PicturesNotTaken, _REJECTED, None, _words(r"content must be a string")),  # Groq: parts stand only for pictures
    _Row(ModelTooLarge, None, None, _words(r"requires more (system )?memory")),  # Ollama
    _Row(
        ContextTooLong,
        _REJECTED,
        None,
        _words(
            r"context.{0,24}(length|size|window|limit)|(prompt|input|request) is too (long|large)"
            r"|too many (input |prompt )?tokens|reduce the length"
            r"|token count.{0,24} exceeds|payload size exceeds"  # Gemini
        ),
    ),
    _Row(ContentRefused, frozenset({400, 403}), None, _words(r"flagged|content.{0,24}polic|requires moderation")),
    _Row(KeyRejected, frozenset({400}), None, _words(r"api.?key.{0,24}(not valid|invalid|incorrect|expired)")),
    _Row(KeyRejected, frozenset({401, 403})),
    _Row(QuotaExhausted, frozenset({402})),
    _Row(ProviderUnreachable, frozenset({407})),  # from a proxy in between
    _Row(ProviderTimeout, frozenset({408})),
    _Row(ProviderTimeout, None, _words(r"\btimeout_error\b")),  # Anthropic
    _Row(RateLimited, frozenset({429})),
    _Row(ProviderFailed, frozenset({409, 421, 425})),
    _Row(ProviderFailed, range(500, 600)),
    _Row(UnreadableReply, range(300, 400)),
    _Row(ModelNotFound, frozenset({404, 410}), _words(r"model"), _words(r"\bmodel\b|\bmodels/\S{1,200} is not found")),
    _Row(ModelNotFound, frozenset({404}), None, _words(r"no endpoints found")),  # OpenRouter
    _Row(ModelNotFound, None, _words(r"model_not_found")),
    _Row(UnreadableReply, frozenset({404, 410})),
    _Row(RequestRejected, range(400, 500)),
    _Row(
        RequestRejected, None, _words(r"invalid_request|invalid_.{0,7}image|image_|bad_request|not_found|unsupported")
    ),
    _Row(ProviderFailed),
)


def error_class(fault: ServerFault) -> type[ProviderError]:
    """The error the first fitting row of the table names."""
    for row in _TABLE:
        if row.statuses is not None and (fault.status is None or fault.status not in row.statuses):
            continue
        if row.code is None and row.message is None:
            return row.error
        if (row.code and row.code.search(fault.code)) or (row.message and row.message.search(fault.message)):
            return row.error
    raise AssertionError("the table's last row fits everything")


def read_fault(status: int | None, body: bytes | Json) -> ServerFault:
    """What a server said, from the body of an error response or an error object inside a reply.

    Shapes: {"error": {"message", "code", "type", "status"}} (OpenAI, OpenRouter, Groq, DeepSeek), the same in a list
    (Gemini), {"error": "..."} (llama.cpp, Ollama), {"message", "type"} (Mistral, vLLM), {"detail": ...} (FastAPI).
    Beside the codes stand what `details` name: Google's reasons and quotas, Anthropic's `error_code`.
    """
    text = ""
    if isinstance(body, bytes):
        text = body[: _MAX_BODY_CHARS * 4].decode("utf-8", "replace")[:_MAX_BODY_CHARS]
        try:
            body = json.loads(text)
        except (ValueError, RecursionError):
            return ServerFault(status, "", _plain(text), text)
    outer: Any = body[0] if isinstance(body, list) and body else body
    inner = outer.get("error", outer) if isinstance(outer, dict) else outer
    if not isinstance(inner, dict):
        return ServerFault(status, "", _plain(_as_text(inner)), text)
    codes = [str(inner[name]) for name in ("code", "type", "status") if isinstance(inner.get(name), (str, int))]
    if status is None:
        status = next((int(code) for code in codes if re.fullmatch(r"[45][0-9]{2}", code)), None)
    message = next((inner[name] for name in ("message", "detail", "msg", "error") if inner.get(name)), "")
    reasons, wait_s = _read_details(inner.get("details"))
    code = without_surrogates(" ".join(codes + reasons)[:_MAX_CODE_CHARS])
    return ServerFault(status, code, _plain(_as_text(message)), text, wait_s)


def _read_details(details: Json) -> tuple[list[str], float | None]:
    """Reasons, exhausted quotas and the seconds to wait, as Google puts them in a list (https://google.aip.dev/193).

    Anthropic's `details` are an object, whose `error_code` names the cause more closely than the error's type does.
    """
    reasons = [code] if (code := words(details, "error_code")) else []
    wait_s: float | None = None
    for detail in details if isinstance(details, list) else ():
        match words(detail, "@type").rpartition(".")[2]:
            case "ErrorInfo":
                reasons.append(words(detail, "reason"))
            case "QuotaFailure" if isinstance(violations := detail.get("violations"), list):
                reasons.extend(words(violation, "quotaId") for violation in violations)
            case "RetryInfo" if delay := re.fullmatch(r"([0-9]{1,9}(\.[0-9]{1,9})?)s", words(detail, "retryDelay")):
                wait_s = min(float(delay[1]), _MAX_WAIT_S)
    return reasons, wait_s


def _as_text(value: Json) -> str:
    try:
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)[:_MAX_BODY_CHARS]
    except RecursionError:  # reading it went just so deep
        return "JSON nested too deep"


_NUMBER = re.compile(r"\A\[Errno -?\d+\] ")
"""The system's number of an error, before its words."""
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{0,300})", re.IGNORECASE)


def is_web_page(text: str) -> bool:
    """True for text that begins as HTML or XML does."""
    return text.lstrip("\ufeff \t\r\n")[:1] == "<"


def _plain(text: str) -> str:
    if is_web_page(text):
        title = _TITLE.search(text[:_MAX_BODY_CHARS])
        text = f"a web page, '{title[1].strip()}'" if title else "a web page"
    return without_surrogates(" ".join(text[:_MAX_BODY_CHARS].split()))


def wait_named(headers: httpx.Headers, now: datetime) -> float | None:
    """Seconds to wait as named by `retry-after-ms` or `Retry-After` (RFC 9110, 10.2.3: seconds or a date), else None.

    A date is taken against the server's own `Date`, so that a wrong clock here does no harm. At most a day.
    """
    seconds: float | None = None
    try:
        if value := headers.get("retry-after-ms"):
            seconds = float(value) / 1000
        elif value := headers.get("retry-after"):
            if re.fullmatch(r"\s*[0-9]+(\.[0-9]*)?\s*", value):
                seconds = float(value)
            else:
                sent = headers.get("date")
                since = parsedate_to_datetime(sent) if sent else now
                seconds = (parsedate_to_datetime(value) - since).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    if seconds is None or seconds != seconds:
        return None
    return min(max(seconds, 0.0), _MAX_WAIT_S)


@dataclass(frozen=True, slots=True)
class Blame:
    """Makes the errors of one call: knows who was asked where for what, and keeps the key out of every text."""

    provider: str
    url: str
    model: str
    key: Secret | None

    def error(self, kind: type[ProviderError], detail: str, **params: Any) -> ProviderError:
        return kind(
            provider=self.provider,
            url=self._told(self.url),
            model=self.model,
            detail=self._told(detail)[:MAX_DETAIL_CHARS].rstrip(". ") or "no reason given",
            **params,
        )

    def _told(self, text: str) -> str:
        """What a server or a library says, in one line and without the key."""
        return " ".join(redact(text, (self.key.reveal(),) if self.key else ()).split())

    def of_fault(self, fault: ServerFault, retry_after_s: float | None = None) -> ProviderError:
        """The typed error for what a server said; `retry_after_s`: the wait its headers name; else the body's."""
        if retry_after_s is None:
            retry_after_s = fault.retry_after_s
        kind = error_class(fault)
        if kind is RequestRejected and is_web_page(fault.body):
            kind = UnreadableReply
        status = self._told(fault.code)[:_MAX_STATUS_CHARS] or "unknown"
        params: dict[str, Any] = {"status": fault.status if fault.status is not None else status}
        if retry_after_s is not None:
            params["retry_after_s"] = retry_after_s
        return self.error(kind, fault.message or fault.code, **params)

    def of_exception(self, error: Exception, *, replying: bool) -> ProviderError:
        """The typed error for what httpx raised; `replying`: the response had begun."""
        kind: type[ProviderError] = ProviderUnreachable
        detail = str(error) or type(error).__name__
        if untrusted := _untrusted(error):
            kind, detail = CertificateNotTrusted, untrusted
        elif isinstance(error, httpx.ProxyError):
            detail = f"the proxy of the environment answers {detail}"
        elif isinstance(error, httpx.ConnectTimeout):
            detail = "no connection in time"
        elif isinstance(error, httpx.TimeoutException):
            kind, detail = ProviderTimeout, "it fell silent" if replying else "no answer"
        elif isinstance(error, httpx.DecodingError):
            kind = UnreadableReply
        elif isinstance(error, (httpx.ReadError, httpx.WriteError, httpx.CloseError)):
            kind = StreamBroken
        elif isinstance(error, httpx.RemoteProtocolError):
            kind = StreamBroken if replying or "disconnected" in detail or "closed" in detail else UnreadableReply
        return self.error(kind, _NUMBER.sub("", detail))


def _untrusted(error: BaseException | None) -> str:
    """What is wrong with the server's certificate, '' where the error is another."""
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error.verify_message if error else ""
