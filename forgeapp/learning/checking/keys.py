"""What looks like somebody's key or password written into a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from forgeapp.domain.finding import Finding, Severity
from forgeapp.domain.secret import key_places
from forgeapp.domain.wording import Text
from forgeapp.learning.checking.source import Source

_OTHERS: Final = re.compile(
    r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"  # Amazon
    r"|\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_[A-Za-z0-9_]{30,}"
    r"|\bxox[abprs]-[A-Za-z0-9-]{10,}"  # Slack
    r"|\b[sr]k_live_[A-Za-z0-9]{16,}"  # Stripe
    r"|-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----"
)
_ASSIGNED: Final = re.compile(
    r"(?i)(?:api_?-?key|secret|token|passwd|password|access_?key)[\w\"'-]{0,20}\s{0,3}(?::=|[=:])\s{0,3}"
    r"[\"']([^\"'\s]{12,200})[\"']"
)
_BLANK: Final = re.compile(
    r"(?i)your|example|sample|dummy|placeholder|change_?-?me|replace|insert|todo|redacted|password|secret|token|api_?key"
    r"|xxx|\.\.\.|…|\*\*\*|[<>{}$%()\[\]]|1234|abcdef"
)


def check_keys(source: Source) -> Iterator[Finding]:
    """Warnings; what is plainly to be filled in, such as 'YOUR_KEY', is none."""
    places = [*key_places(source.text), *(match.span() for match in _OTHERS.finditer(source.text))]
    places += [match.span(1) for match in _ASSIGNED.finditer(source.text) if _is_random(match[1])]
    done = 0
    for begin, end in sorted(places):
        value = source.text[begin:end]
        if begin < done or _BLANK.search(value):
            continue
        done = end
        message = Text(
            "written_key",
            "This looks like a key or a password: take it out, read it from the environment, and replace it if others "
            "may have seen it.",
        )
        yield source.finding(begin, end - begin, Severity.WARNING, message)


def _is_random(value: str) -> bool:
    """Letters and figures mixed, as people rarely write them."""
    return bool(re.search(r"[A-Za-z]", value)) and sum(sign.isdigit() for sign in value) >= 3
