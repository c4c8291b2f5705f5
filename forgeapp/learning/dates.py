"""Dates in a request, each with what it is the date of: a payment's, an offer's end, a delivery's, the paper's own.

English, German and French; bounded and linear, as `finding` asks. A date of something else, or of nobody knows what,
is none of these: it is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from enum import Enum
from itertools import pairwise
from typing import Final, NamedTuple

_MONTH: Final = (
    r"(?:(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|januar|februar|märz|mai|juni|juli|oktober|dezember"
    r"|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre)(?!\w)"
    r"|(?:jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec)\.?(?!\w))"
)
DATE: Final = re.compile(
    r"(?<![\w.,/-])(?:\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d\d)"
    rf"|(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th|er|\.)?(?: of)? {_MONTH}(?: \d{{4}}(?!\d))?"
    rf"|{_MONTH} (?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?:,? \d{{4}})?)(?![\d%]|[.,]\d)",
    re.IGNORECASE,
)
_CLAUSE_CHARS: Final = 80
_CLAUSE_START: Final = re.compile(r".*(?:[,;:\n()]|\.\s)", re.DOTALL)
_OPENING: Final = re.compile(r"[\s:=]*\Z")
_RANGE: Final = re.compile(r"\s?(?:-|–|bis|to|until|till|through|au|and|und|et)\s?(?:zum |le |the )?\Z", re.IGNORECASE)
_WORD: Final = re.compile(
    r"(?<!\w)(?:"
    r"(?P<payment>(?:due|payment|zahlungs)(?: ?(?:date|day|datum))?|payable|pay|paid (?:by|until|before)"
    r"|zahlbar\w*|fällig\w*|zahlung\w*|zahlen|bezahlen|échéance|payer|régler|règlement|paiement)"
    r"|(?P<validity>valid\w*|gültig\w*|good (?:until|till)|open until|expir\w+|bindend|bindefrist|angebotsfrist|valable"
    r"|validité)"
    r"|(?P<delivery>(?:delivery|service|supply) date|deliver\w*(?! notes?)|lieferdatum|liefertermin|lieferung\w*"
    r"|geliefert|lieferbar|leistungsdatum|livraison|livr(?:ée?s?|able))"
    r"|(?P<own>dated|(?:invoice |quote |issue )?date|issued|(?:rechnungs|angebots)?datum|ausgestellt|datée?|émise?)"
    r"|(?P<other>paid|bezahlt|payée?s?|réglée?s?|order\w*|po|contract|bestell\w*|auftrag\w*|vertrag\w*|lieferschein\w*|commande|contrat|leistungszeitraum"
    r"|zeitraum|période|period|gemäß|laut|according|based|selon|suite|since|seit|depuis|from|ab|after|nach|dès|partir"
    r"|until|till|by|before|bis|vor|spätestens|avant|jusqu\w*|deadline|latest|start\w*|beginn\w*|ends?|ending|ende"
    r"|début|fin)"
    r")(?!\w)",
    re.IGNORECASE,
)
_LIMIT: Final = re.compile(r"until|till|by|before|bis|vor|spätestens|avant|jusqu\w*|latest", re.IGNORECASE)
"""Words that say nothing against the date of a payment, a delivery or an offer's end, and are none of the paper's."""
_LINK: Final = re.compile(r"\s(?:(?:vom|am|du|le|on|dated|from|bis|to)\s?)?(?:[-–]\s?)?\Z", re.IGNORECASE)
"""What a date hangs on."""


class Meaning(Enum):
    OWN = "own"
    PAYMENT = "payment"
    VALIDITY = "validity"
    DELIVERY = "delivery"
    OTHER = "other"


_APART: Final = frozenset((Meaning.PAYMENT, Meaning.VALIDITY))


class DateMention(NamedTuple):
    """`said`: the date with the words before it that give it its meaning; it stands at `start` to `end`.

    `is_apart`: those words say nothing of a position they stand behind: 'design 400 payable by 5 May'.
    """

    meaning: Meaning
    date: str
    said: str
    start: int
    end: int
    is_apart: bool


def own_date(text: str) -> str | None:
    """When the invoice or quote was written."""
    return _first(text, Meaning.OWN)


def payment_date(text: str) -> str | None:
    """Until when an invoice is to be paid."""
    return _first(text, Meaning.PAYMENT)


def validity_date(text: str) -> str | None:
    """Until when a quote is valid."""
    return _first(text, Meaning.VALIDITY)


def delivery_date(text: str) -> str | None:
    """When it is delivered."""
    return _first(text, Meaning.DELIVERY)


def unread(text: str, taken: Set[Meaning]) -> list[str]:
    """The dates that are none of those `taken`, with the words before them; of several with one meaning all but the
    first."""
    told: list[str] = []
    left = set(taken)
    for mention in date_mentions(text):
        if mention.meaning in left:
            left.remove(mention.meaning)
        else:
            told.append(mention.said)
    return told


def date_mentions(text: str) -> Iterator[DateMention]:
    """All dates, in their order."""
    dates = list(DATE.finditer(text))
    ranged = {
        number + step
        for number, (one, two) in enumerate(pairwise(dates))
        if two.start() - one.end() < 12 and _RANGE.fullmatch(text, one.end(), two.start())
        for step in (0, 1)
    }
    end = 0
    for number, match in enumerate(dates):
        before = _OPENING.sub("", text[max(end, match.start() - _CLAUSE_CHARS) : match.start()])
        clause = _CLAUSE_START.sub("", before)
        words = list(_WORD.finditer(clause))
        meaning = Meaning.OTHER if number in ranged else _meaning(clause, words)
        telling = _telling(words) or words[-1:]
        said = clause[telling[-1].start() :] if telling else ""
        start = max(end, match.start() - _CLAUSE_CHARS) + len(before) - len(said) if said else match.start()
        is_apart = meaning in _APART or (meaning is Meaning.OTHER and bool(words) and not _telling(words))
        yield DateMention(meaning, match[0], " ".join((said, match[0])).strip(), start, match.end(), is_apart)
        end = match.end()


def without_dates(text: str) -> str:
    """Nor the words with which they are said, where a position may stand before them."""
    kept: list[str] = []
    end = 0
    for mention in date_mentions(text):
        start = mention.start if mention.is_apart else mention.end - len(mention.date)
        kept.append(_LINK.sub("", text[end:start]))
        end = mention.end
    return " ".join((*kept, text[end:]))


def _telling(words: list[re.Match[str]]) -> list[re.Match[str]]:
    return [word for word in words if not _LIMIT.fullmatch(word[0])]


def _meaning(clause: str, words: list[re.Match[str]]) -> Meaning:
    """That of the last word that has one; a word that only limits leaves it to the word before it."""
    if not words:
        return Meaning.OWN
    telling = _telling(words)
    if not telling or re.search(r"\d", clause[telling[-1].end() :]):
        # 'by 5 May' does not say what has to be done; 'payable 30 days after 5 May' is another day.
        return Meaning.OTHER
    meaning = Meaning(telling[-1].lastgroup)
    return Meaning.OTHER if meaning is Meaning.OWN and telling[-1] is not words[-1] else meaning


def _first(text: str, meaning: Meaning) -> str | None:
    return next((mention.date for mention in date_mentions(text) if mention.meaning is meaning), None)
