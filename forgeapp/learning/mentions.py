"""Whom and what a request speaks of: a client, a recipient, a person, a subject, a month, things in a row.

Bounded and linear, as `finding` asks; what is not plainly said is not found.
"""

from __future__ import annotations

import re

_FIRM_END = re.compile(
    r"\s*(?:[:;,(\n]|\b(?:for|für|über|pour|vom|du|le|am)\s+\d|\.(?:\s|$)|\b(?:dated|on|with|that|which|where|please|pls|and|as|in|by|including|incl|from|using|due"
    r"|at|over|about)\b|\d).*",
    re.DOTALL,
)
_CLIENT = re.compile(
    r"\b(?:invoice|bill|quote|quotation|estimate|rechnung|angebot|kostenvoranschlag|facture|devis|factura|cotización)\s"
    r"(?:sheet\s|spreadsheet\s|document\s)?"
    r"(?:for|to|für|an|pour|para|a)\s(?:client |customer |the client |our client )?([^:;\n]{2,60})"
    r"|\b(?:client|cliente|kunde|kundin|customer):?\s([^:;\n]{2,60})",
    re.IGNORECASE,
)
_A_FIRM = re.compile(r"(?:the |our |my )?[A-ZÄÖÜÉ0-9]")
_RECIPIENT = re.compile(
    r"\b(?:letter to|brief an|lettre à|lettre aux?|carta al?)\s([^:;,.\n]{2,60}?)"
    r"(?=\s(?:about|regarding|concerning|because|asking|that|to|saying|wegen|über|au sujet|concernant|sobre)\b"
    r"|[:;,.\n]|$)",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:about|regarding|concerning|wegen|au sujet de|concernant|sobre)\s([^.;\n]{2,80})", re.IGNORECASE
)
_PERSON = re.compile(
    r"\b(?:cv|curriculum vitae|résumé|resume|lebenslauf|currículum)\s(?:for|of|für|von|pour|de|para)\s"
    r"((?-i:[A-ZÄÖÜÉ][\w'’-]{1,30}(?:\s[A-ZÄÖÜÉ][\w'’-]{1,30}){1,2}))(?!\w)",
    re.IGNORECASE,
)
_MONTH = re.compile(
    r"\b(?:(?:january|february|march|april|may|june|july|august|september|october|november|december)(?:\s\d{4})?"
    r"|(?:this|next|last)\s(?:week|month)|week\s\d{1,2})\b",
    re.IGNORECASE,
)
_LISTED = re.compile(r":\s+([^\n]{1,2000}(?:\n[^\n]{1,200}){0,60})")
_BULLET = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s*")
_BETWEEN = re.compile(r"\s?[,;\n]\s?|\s(?:and|und|et|y)\s")
_MAX_THINGS = 60
_MAX_THING_CHARS = 80


def client(text: str) -> str | None:
    """Only what is written like a name: 'invoice for painting the house' names no client."""
    for match in _CLIENT.finditer(text):
        name = _FIRM_END.sub("", match[1] or match[2]).strip()
        if _A_FIRM.match(name):
            return name
    return None


def recipient(text: str) -> str | None:
    match = _RECIPIENT.search(text)
    return match[1].strip() if match else None


def about(text: str) -> str | None:
    match = _ABOUT.search(text)
    return match[1].strip(" ,") or None if match else None


def person(text: str) -> str | None:
    match = _PERSON.search(text)
    return match[1] if match else None


def month(text: str) -> str | None:
    match = _MONTH.search(text)
    return match[0][:1].upper() + match[0][1:] if match else None


def listed(text: str) -> list[str] | None:
    """What stands behind a colon, set apart by commas, line ends or 'and'."""
    match = _LISTED.search(text)
    return split_list(match[1]) if match else None


def split_list(text: str) -> list[str] | None:
    """None where one of the things is too long to be one."""
    things = [_BULLET.sub("", part).strip(" .") for part in _BETWEEN.split(text)]
    things = list(dict.fromkeys(thing[:1].upper() + thing[1:] for thing in things if thing))
    fits = things and len(things) <= _MAX_THINGS and all(len(thing) <= _MAX_THING_CHARS for thing in things)
    return things if fits else None
