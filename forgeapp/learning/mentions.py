"""Whom and what a request speaks of: a client, a recipient, a person, a subject, a month, things in a row.

Bounded and linear, as `finding` asks; what is not plainly said is not found.
"""

from __future__ import annotations

import re

from forgeapp.learning.dates import DATE

_FIRM_END = re.compile(
    r"\s*(?:[:;,(\n]|\b(?:for|für|über|pour|vom|du|le|am)\s+\d|\.(?:\s|$)|\b(?:dated|on|with|that|which|where|please|pls|and|as|in|by|including|incl|from|using|due"
    r"|at|over|about|mit|avec|gemäß|laut|according|selon|payable|zahlbar|fällig|valid|gültig|valable|datée?)\b"
    r"|\s(?:für\s|(?:for|pour)\s[a-zà-ÿ])|\d).*",
    re.DOTALL,
)
_PAPER = (
    r"(?:invoice|bill|quote|quotation|estimate|rechnung|angebot|kostenvoranschlag|facture|devis|factura|cotización)"
)
_REFERENCE = re.compile(
    rf"\b(?P<paper>{_PAPER})(?:\s?(?:(?:no|nr|num|number|s?nummer|numéro|número|snr)(?![^\W\d])|n°|nº|№|#)\.?:?\s?"
    r"(?P<after_word>[a-z]{0,6}[-/]?\d[\w/-]{0,20})|\s(?P<bare>\d{2,6}[-/]\d{1,6}))(?![\w/-]|[.,]\d)",
    re.IGNORECASE,
)
"""'Rechnung Nr. 2026-118', 'invoice 2026/7': not '2026-11-21', which is a date."""
_CALLED = (
    r"(?:(?:die|der|den|das) )?(?:firma|kunden?|kundin)|(?:la |notre )?(?:société|entreprise|maison)|le client"
    r"|(?:the |our )?(?:client|customer|company|firm)"
)
_CLIENT = re.compile(
    rf"\b{_PAPER}(?:\ssheet|\sspreadsheet|\sdocument)?(?:,?\s(?:(?:vom|dated|of|du)\s)?{DATE.pattern})?,?\s"
    rf"(?:(?:for|für|pour|para)\s|(?:to|an|à|a)\s(?:(?:die|den|das|la|le)\s(?-i:(?=[A-ZÄÖÜÉ])))?)"
    rf"(?:(?:{_CALLED})\s|l['’]entreprise\s)?([^:;\n]{{2,60}})"
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
    for match in _CLIENT.finditer(without_references(text)):
        name = _FIRM_END.sub("", match[1] or match[2]).strip()
        if _A_FIRM.match(name):
            return name
    return None


def reference(text: str) -> str | None:
    """The number of an invoice or quote, where it is called one or written like one."""
    match = _REFERENCE.search(text)
    return (match["after_word"] or match["bare"]) if match else None


def without_references(text: str) -> str:
    """'Rechnung an Dupont' of 'Rechnung Nr. 2026-118 an Dupont'; of several numbers only the first is taken out, as
    only it is taken."""
    return _REFERENCE.sub(r"\g<paper>", text, count=1)


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
