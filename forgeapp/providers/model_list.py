"""Lists of models as OpenAI and the compatible servers give them.

`data` of objects with an `id` (OpenAI), the same bare (Together), or `models` (llama.cpp gives both). What they say
beyond the name: OpenRouter, Groq, Mistral, vLLM, LM Studio, llama.cpp, Together and Fireworks, each in its own fields.
"""

from __future__ import annotations

from typing import Final

from forgeapp.domain.chat import ModelInfo
from forgeapp.providers.base import FaultReported, Json, NotAReply
from forgeapp.providers.faults import read_fault
from forgeapp.providers.fields import count, inner
from forgeapp.providers.surrogates import without_surrogates

_CONTEXT_FIELDS: Final = (
    "loaded_context_length",  # LM Studio: as it runs now
    "context_length",  # OpenRouter, Together, Fireworks
    "context_window",  # Groq
    "max_context_length",  # Mistral, LM Studio
    "max_model_len",  # vLLM
    "n_ctx",  # llama.cpp: as it runs now
    "n_ctx_train",
)
_OUTPUT_FIELDS: Final = ("max_completion_tokens", "max_output_tokens")
_WRITES_NO_TEXT: Final = frozenset(
    {"embedding", "embeddings", "moderation", "rerank", "image", "video", "audio", "transcribe", "tts", "stt"}
)
_SEES_BY_TYPE: Final = {"vlm": True, "llm": False}  # LM Studio


def read_models(reply: Json) -> list[ModelInfo]:
    """In the server's order, without those whose own fields say that they write no text.

    Raises NotAReply for what is no list of models, FaultReported for an error object.
    """
    listed, described = reply, {}
    if isinstance(reply, dict):
        if reply.get("error"):
            raise FaultReported(read_fault(None, reply))
        listed = reply["data"] if isinstance(reply.get("data"), list) else reply.get("models")
        described = _by_name(reply.get("models"))
    if not isinstance(listed, list):
        raise NotAReply("no list of models")
    found: dict[str, ModelInfo] = {}
    for listing in listed:
        entry = listing if isinstance(listing, dict) else {"id": listing}
        name = entry.get("id") or entry.get("name") or entry.get("key")
        if not isinstance(name, str) or not name or name in found:
            continue
        entry = {**described.get(name, {}), **entry}
        if _writes_text(entry):
            found[name] = _read(without_surrogates(name), entry)
    return list(found.values())


def _by_name(models: Json) -> dict[str, dict[str, Json]]:
    """llama.cpp says in `models` what a model can do, beside `data` with the rest."""
    entries = [model for model in models if isinstance(model, dict)] if isinstance(models, list) else []
    return {name: entry for entry in entries if isinstance(name := entry.get("name"), str)}


def _read(name: str, entry: dict[str, Json]) -> ModelInfo:
    return ModelInfo(
        name,
        context_tokens=_first_count(_CONTEXT_FIELDS, entry, inner(entry, "meta")),
        max_output_tokens=_first_count(_OUTPUT_FIELDS, entry, inner(entry, "top_provider")),
        takes_pictures=_takes_pictures(entry),
    )


def _writes_text(entry: dict[str, Json]) -> bool:
    kind = entry.get("type")
    written = inner(entry, "architecture").get("output_modalities")
    return not (
        (isinstance(kind, str) and kind.lower() in _WRITES_NO_TEXT)
        or (isinstance(written, list) and written and "text" not in written)
        or inner(entry, "capabilities").get("completion_chat") is False
        or entry.get("supports_chat") is False
        or entry.get("active") is False
    )


def _takes_pictures(entry: dict[str, Json]) -> bool | None:
    modalities = inner(entry, "architecture").get("input_modalities")
    if isinstance(modalities, list) and modalities:
        return "image" in modalities
    abilities = entry.get("capabilities")
    if isinstance(abilities, list):
        return "multimodal" in abilities or "vision" in abilities
    for said in (inner(entry, "capabilities").get("vision"), entry.get("supports_image_input")):
        if isinstance(said, bool):
            return said
    kind = entry.get("type")
    return _SEES_BY_TYPE.get(kind) if isinstance(kind, str) else None


def _first_count(names: tuple[str, ...], *places: dict[str, Json]) -> int | None:
    return next((found for name in names for place in places if (found := count(place, name))), None)
