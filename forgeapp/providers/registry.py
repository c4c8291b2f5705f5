"""Which dialects there are. A new one is a module and a row."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import httpx

from forgeapp.domain.chat import Provider
from forgeapp.errors import UsageError
from forgeapp.providers.anthropic import Anthropic
from forgeapp.providers.base import Dialect, Quirks
from forgeapp.providers.catalog import LOCAL
from forgeapp.providers.gemini import Gemini
from forgeapp.providers.ollama import Ollama
from forgeapp.providers.openai import OpenAI
from forgeapp.providers.openai_chat import OpenAIChat
from forgeapp.providers.provider import HttpProvider, Key
from forgeapp.providers.transport import TIMEOUTS, Timeouts, Transport

DIALECTS: Final[dict[str, Callable[[str, Quirks], Dialect]]] = {
    "openai": OpenAI,
    "openai-chat": OpenAIChat,
    "anthropic": Anthropic,
    "ollama": Ollama,
    "gemini": Gemini,
}
"""Dialect name -> what makes one for the host of the base URL and what is known of its server."""

PRICES: Final = {
    "openai": "openai",
    "openai-chat": "openai",
    "anthropic": "anthropic",
    "ollama": LOCAL,
    "gemini": "google",
}
"""Dialect name -> the price list of its vendor, which holds where the user names no other."""

_OWN_PATHS: Final = {
    "anthropic": re.compile(r"/v1(/messages)?\Z"),
    "gemini": re.compile(r"/v1(beta)?(/models)?\Z"),
    "ollama": re.compile(r"/(v1|api(/chat)?)\Z"),
}
"""What some people end a base URL with, and the dialect says itself."""


_HOST: Final = re.compile(rb"[A-Za-z0-9._:-]+")


def make_provider(
    dialect: str,
    *,
    name: str,
    base_url: str,
    api_key: Key = None,
    key_variable: str | None = None,
    timeouts: Timeouts = TIMEOUTS,
    quirks: Quirks | None = None,
) -> Provider:
    """A provider ready to be called; nothing is connected yet.

    `base_url` as the vendor's SDK takes it ('https://api.openai.com/v1'). `api_key`: the key, what gives it at each
    call, or None for a server that asks for none. `key_variable`: where it may stand, told where it is missing.
    Raises UsageError for an unknown dialect or an address that is none.
    """
    if dialect not in DIALECTS:
        raise UsageError(reason=f"There is no dialect {dialect}. Dialects are: {', '.join(DIALECTS)}.")
    url = parse_base_url(base_url)
    if own_path := _OWN_PATHS.get(dialect):
        url = url.copy_with(path=own_path.sub("", url.path.rstrip("/")))
    made = DIALECTS[dialect](url.host, quirks or Quirks())
    return HttpProvider(made, Transport(url, timeouts), name=name, key=api_key, key_variable=key_variable)


def parse_base_url(base_url: str) -> httpx.URL:
    """Raises UsageError for anything but an http or https address with a host."""
    try:
        url = httpx.URL(base_url.strip())
        path = re.sub(r"/(chat/completions|responses)\Z", "", url.path.rstrip("/"))
        url = url.copy_with(path=path, fragment=None)
        is_address = url.scheme in ("http", "https") and _is_host(url) and _is_port(url.port)
    except (httpx.InvalidURL, ValueError):
        is_address = False
    if not is_address:
        raise UsageError(reason=f"{base_url!r} is no base URL: write it like https://api.example.com/v1.")
    return url


def _is_host(url: httpx.URL) -> bool:
    """Raises ValueError where the name's punycode ('xn--...') is none."""
    return bool(url.host and _HOST.fullmatch(url.raw_host))


def _is_port(port: int | None) -> bool:
    return port is None or 0 < port < 65_536
