"""What OpenAI's two protocols have in common at a server: the key, the list of models, the parameters a model does not
take, pictures as addresses, and how usage is counted.
"""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Final

from forgeapp.domain.chat import ModelInfo, Picture
from forgeapp.domain.secret import Secret
from forgeapp.domain.usage import Usage
from forgeapp.providers.base import Json, Quirks, Request, ServerFault
from forgeapp.providers.fields import count, inner
from forgeapp.providers.model_list import read_models
from forgeapp.providers.sse import SSEDecoder

_MODEL_PARAMETERS: Final = ("temperature", "stop", "stream")
_UNSUPPORTED: Final = (
    r"unsupported|(?:not|n't) support|not (?:permitted|allowed|available)|unrecogni[sz]ed|unknown|unexpected"
    r"|extra_forbidden|extra inputs|deprecated|must be verified"
)
_CACHE_READS: Final = ("prompt_cache_hit_tokens", "cached_tokens", "num_cached_tokens")  # DeepSeek, Moonshot, Mistral


class OpenAIServer:
    """The part of a `base.Dialect` that both protocols share.

    The base URL ends with '/v1', as the vendor's SDK takes it.
    """

    def __init__(self, host: str, quirks: Quirks) -> None:
        self._host = host
        self._quirks = quirks

    def authorisation(self, key: Secret) -> tuple[str, Secret]:
        return "authorization", Secret(f"Bearer {key.reveal()}")

    def decoder(self) -> SSEDecoder:
        return SSEDecoder()

    def models(self) -> Request:
        return Request("/models", None, {"accept": "application/json"})

    def read_models(self, reply: Json) -> list[ModelInfo]:
        return read_models(reply)

    def is_taken(self, parameter: str, model: str) -> bool:
        """False once the server has said that this model does not know the parameter."""
        return f"no {parameter}: {model}" not in self._quirks

    def adapt(self, sent: Request, fault: ServerFault) -> bool:
        """Leaves out a parameter that the server says the model does not take (o-series, gpt-5 and others).

        A reply that may not be streamed, as with some models for organisations that are not verified, is read whole.
        """
        body, words = sent.json or {}, f"{fault.message} {fault.body}"
        asked = [name for name in _MODEL_PARAMETERS if name in body and body[name] is not False]
        rejected = [name for name in asked if is_unsupported(name, words)]
        for name in rejected:
            self._quirks.learn(f"no {name}: {body.get('model')}")
        return bool(rejected)


def is_unsupported(name: str, words: str) -> bool:
    """Whether a server's words say of the field that it is not known, rather than that its value is out of range."""
    return bool(
        re.search(rf"(?is)\b{name}\b.{{0,80}}?(?:{_UNSUPPORTED})|(?:{_UNSUPPORTED}).{{0,80}}?\b{name}\b", words)
    )


def data_url(picture: Picture) -> str:
    """The picture itself as an address (RFC 2397)."""
    return f"data:{picture.media_type};base64,{b64encode(picture.data).decode('ascii')}"


def read_usage(reported: Json, given_field: str, written_field: str) -> Usage | None:
    """Counts as the domain means them: cached ones among the input, reasoning among the output; None without counts.

    `given_field`, `written_field`: 'prompt_tokens' and 'completion_tokens', or 'input_tokens' and 'output_tokens'; what
    they hold in detail stands in fields of those names with '_details'.
    """
    given, written = count(reported, given_field) or 0, count(reported, written_field) or 0
    if not given and not written:
        return None
    of_given, of_written = inner(reported, f"{given_field}_details"), inner(reported, f"{written_field}_details")
    read = count(of_given, "cached_tokens") or max(count(reported, name) or 0 for name in _CACHE_READS)
    read = min(read, given)
    reasoning = count(of_written, "reasoning_tokens") or 0
    if reasoning and count(reported, "total_tokens") == given + written + reasoning:
        written += reasoning  # xAI counts thoughts beside the completion, and bills both
    return Usage(
        input_tokens=given,
        output_tokens=written,
        reasoning_tokens=min(reasoning, written),
        cache_read_tokens=read,
        cache_write_tokens=min(count(of_given, "cache_write_tokens") or 0, given - read),
    )
