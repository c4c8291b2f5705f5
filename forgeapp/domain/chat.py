"""Messages, and one call at a provider: what goes in, what streams out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.usage import Usage


class Role(StrEnum):
    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Picture:
    """An image for a model to look at: the bytes of a PNG, JPEG, WebP or GIF file, and its media type."""

    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    role: Role
    text: str
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Prompt:
    """What one call is given. None leaves a parameter to the provider."""

    model: str
    messages: tuple[Message, ...]
    max_output_tokens: int | None = None
    temperature: float | None = None
    stop: tuple[str, ...] = ()


class FinishReason(StrEnum):
    STOP = "stop"
    LENGTH = "length"
    REFUSED = "refused"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TextPiece:
    """The next piece of the reply."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningPiece:
    """The next piece of what the model thinks aloud; never part of the reply."""

    text: str


@dataclass(frozen=True, slots=True)
class UsageReported:
    usage: Usage


@dataclass(frozen=True, slots=True)
class ReplyFinished:
    """The last value of a complete stream."""

    reason: FinishReason


StreamEvent = TextPiece | ReasoningPiece | UsageReported | ReplyFinished


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What a service says of one of its models; None where it says nothing.

    `context_tokens`: input and output together; `max_output_tokens`: the longest reply it gives.
    """

    name: str
    context_tokens: int | None = None
    max_output_tokens: int | None = None
    takes_pictures: bool | None = None


class Provider(Protocol):
    """One service that runs models."""

    def stream(self, prompt: Prompt, cancel: CancelToken) -> Iterator[StreamEvent]:
        """One call. Yields pieces as they arrive; raises a ProviderError, KeyMissing or Cancelled."""
        ...

    def list_models(self, cancel: CancelToken) -> list[ModelInfo]:
        """The models the service says it has, in its order. Raises a ProviderError, KeyMissing or Cancelled."""
        ...
