"""What was asked once is not paid for twice: the key under which the ledger finds a reply to the very same prompt.

The replies themselves stand in the ledger's calls and nowhere else, so they go when those go.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta

from forgeapp.domain.chat import Prompt
from forgeapp.ledger.providers import ProviderRow


def cache_key(provider: ProviderRow, prompt: Prompt) -> str:
    """The same for the same messages, model, server and parameters, whatever the provider is called here."""
    asked = {
        "dialect": provider.dialect,
        "base_url": provider.base_url,
        "model": prompt.model,
        "messages": [
            [
                message.role.value,
                message.text,
                [[picture.media_type, hashlib.sha256(picture.data).hexdigest()] for picture in message.pictures],
            ]
            for message in prompt.messages
        ],
        "max_output_tokens": prompt.max_output_tokens,
        "temperature": prompt.temperature,
        "stop": list(prompt.stop),
    }
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def oldest(days: int) -> str:
    """The moment, as the ledger writes it, before which replies are too old to be used again."""
    at = datetime.now(UTC) - timedelta(days=days)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
