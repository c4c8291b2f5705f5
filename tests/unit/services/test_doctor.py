from __future__ import annotations

from pathlib import Path

import pytest

from forgeapp.app import build
from forgeapp.paths import find_home
from forgeapp.services.doctor import _providers


def test_providers_that_only_want_a_key_are_not_told_as_set_up(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with build() as app:
        assert len(app.ledger.providers.all()) == 3
    check = _providers(find_home())
    assert check.detail == "none is set up"
    assert "forgeapp keys set" in check.hint
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789")
    assert _providers(find_home()).detail == "openai"


def test_a_provider_the_user_added_is_missed_where_it_has_no_key(home: Path) -> None:
    with build() as app:
        app.ledger.providers.add("acme", "openai-chat", "https://api.example.com/v1", ("m",), None, "none")
        app.ledger.providers.add("here", "openai-chat", "http://127.0.0.1:9/v1", ("m",), None, "local")
    assert _providers(find_home()).detail == "here, acme has no key"
