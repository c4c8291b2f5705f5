"""Lists of models in the shapes of OpenAI and the compatible servers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.chat import ModelInfo
from forgeapp.providers.base import FaultReported, NotAReply
from forgeapp.providers.model_list import read_models


@pytest.mark.parametrize(
    ("reply", "models"),
    [
        ({"object": "list", "data": [{"id": "b"}, {"id": "a"}, {"id": "b"}, {}, 3]}, ["b", "a"]),
        ([{"id": "x"}], ["x"]),
        ({"models": [{"name": "y"}, "z"]}, ["y", "z"]),
        ({"data": []}, []),
        ({"data": [{"id": "a\ud83c"}]}, ["a\ufffd"]),
    ],
)
def test_names_are_read_in_the_servers_order(reply: Any, models: list[str]) -> None:
    assert read_models(reply) == [ModelInfo(name) for name in models]


OPENROUTER = {
    "id": "openai/gpt-4o",
    "name": "OpenAI: GPT-4o",
    "context_length": 128000,
    "architecture": {"input_modalities": ["text", "image", "file"], "output_modalities": ["text"], "tokenizer": "GPT"},
    "pricing": {"prompt": "0.0000025"},
    "top_provider": {"context_length": 128000, "max_completion_tokens": 16384, "is_moderated": True},
}
GROQ = {
    "id": "llama-3.3-70b-versatile",
    "object": "model",
    "owned_by": "Meta",
    "active": True,
    "context_window": 131072,
    "max_completion_tokens": 32768,
}
MISTRAL = {
    "id": "pixtral-12b",
    "capabilities": {"completion_chat": True, "completion_fim": False, "function_calling": True, "vision": True},
    "max_context_length": 131072,
    "type": "base",
}
VLLM = {"id": "Qwen/Qwen3-8B", "object": "model", "owned_by": "vllm", "root": "Qwen/Qwen3-8B", "max_model_len": 40960}
LM_STUDIO = {"id": "qwen2-vl-7b", "type": "vlm", "max_context_length": 32768, "loaded_context_length": 4096}
TOGETHER = {"id": "meta-llama/Llama-3-70b", "type": "chat", "context_length": 8192, "pricing": {"input": 0.9}}
FIREWORKS = {"id": "accounts/x", "supports_chat": True, "supports_image_input": False, "context_length": 65536}


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (OPENROUTER, ModelInfo("openai/gpt-4o", 128000, 16384, True)),
        (
            OPENROUTER | {"architecture": {"input_modalities": ["text"]}},
            ModelInfo("openai/gpt-4o", 128000, 16384, False),
        ),
        (
            OPENROUTER | {"top_provider": {"max_completion_tokens": None}},
            ModelInfo("openai/gpt-4o", 128000, None, True),
        ),
        (GROQ, ModelInfo("llama-3.3-70b-versatile", 131072, 32768)),
        (MISTRAL, ModelInfo("pixtral-12b", 131072, None, True)),
        (VLLM, ModelInfo("Qwen/Qwen3-8B", 40960)),
        (LM_STUDIO, ModelInfo("qwen2-vl-7b", 4096, None, True)),
        (LM_STUDIO | {"type": "llm"}, ModelInfo("qwen2-vl-7b", 4096, None, False)),
        (TOGETHER, ModelInfo("meta-llama/Llama-3-70b", 8192)),
        (FIREWORKS, ModelInfo("accounts/x", 65536, None, False)),
        ({"id": "gpt-4o", "object": "model", "created": 1, "owned_by": "system"}, ModelInfo("gpt-4o")),
        ({"id": "x", "context_length": -1, "max_completion_tokens": True, "meta": 3}, ModelInfo("x")),
    ],
)
def test_what_a_server_says_of_a_model_is_read(entry: Any, expected: ModelInfo) -> None:
    assert read_models({"data": [entry]}) == [expected]


def test_llama_cpp_says_one_half_in_each_of_two_lists() -> None:
    reply = {
        "models": [{"name": "gemma.gguf", "model": "gemma.gguf", "capabilities": ["completion", "multimodal"]}],
        "object": "list",
        "data": [{"id": "gemma.gguf", "owned_by": "llamacpp", "meta": {"n_vocab": 262144, "n_ctx_train": 131072}}],
    }
    assert read_models(reply) == [ModelInfo("gemma.gguf", 131072, None, True)]
    reply["data"][0]["meta"]["n_ctx"] = 8192  # type: ignore[index]
    assert read_models(reply)[0].context_tokens == 8192


@pytest.mark.parametrize(
    "entry",
    [
        {"type": "embedding"},
        {"type": "embeddings"},
        {"type": "moderation"},
        {"type": "Audio"},
        {"capabilities": {"completion_chat": False, "vision": False}},
        {"architecture": {"output_modalities": ["image"]}},
        {"supports_chat": False},
        {"active": False},
    ],
)
def test_what_says_that_it_writes_no_text_is_left_out(entry: dict[str, Any]) -> None:
    assert read_models({"data": [{"id": "m", **entry}, {"id": "n"}]}) == [ModelInfo("n")]


@pytest.mark.parametrize("reply", [{}, {"data": 3}, "text", None])
def test_what_lists_no_models_is_told(reply: Any) -> None:
    with pytest.raises(NotAReply):
        read_models(reply)


def test_an_error_in_place_of_the_list_is_reported() -> None:
    with pytest.raises(FaultReported):
        read_models({"error": {"message": "no"}})


_FIELDS = ["id", "name", "type", "meta", "capabilities", "architecture", "input_modalities", "top_provider", "n_ctx"]
_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3), st.just("vision")),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(_FIELDS), inner, max_size=5),
    ),
    max_leaves=12,
)


@given(entries=st.lists(_JSON, max_size=3), described=_JSON)
def test_no_json_whatever_breaks_the_reading(entries: list[Any], described: Any) -> None:
    for model in read_models({"data": entries, "models": described}):
        model.name.encode()
        assert model.context_tokens is None or model.context_tokens > 0
