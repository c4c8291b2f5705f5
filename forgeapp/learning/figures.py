"""Figures of a certain meaning in a request: the amount, rate and term of a loan, a tax rate, a rate an hour.

Each is a line of one, ('Rate', 0.069); a share stands for a percentage. Bounded and linear, as `finding` asks.
"""

from __future__ import annotations

import re

from forgeapp.learning.positions import NUMBER, gross_rate, said_parts, value_of

Figure = list[tuple[str, float | int | None]]

MAX_MONTHS = 480

_AMOUNT = re.compile(
    rf"(?<![\d.,])(?P<amount>{NUMBER})(?![\d.,]*\d)(?P<thousands>k\b)?"
    r"(?!\s?-?(?:%|percent|per cent|prozent|months?|years?|yrs?|y\b|instal|payments|people|persons|monat|jahr|"
    r"raten|ans\b|mois|mensualit|años|meses|cuotas))",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,3})?)\s?(?:%|percent\b|per cent\b|prozent\b)", re.IGNORECASE)
_MONTHS = re.compile(
    r"(?<![\d.,])(?P<count>\d{1,3})[\s-]?(?:monthly |monatliche )?(?:(?P<months>months?|instal+ments?|payments|"
    r"monate?n?|raten|mois|mensualités?|meses|cuotas)|(?P<years>years?|yrs?|jahren?|ans|años))\b",
    re.IGNORECASE,
)
_PER_CENT = r"(?:%|percent|per cent|prozent)"
_TAX_WORD = r"(?:vat|tax|gst|sales tax|mwst\.?|ust\.?|mehrwertsteuer|umsatzsteuer|tva|iva)"
_TAX = re.compile(
    rf"[^\d\n]{{0,120}}?(?:(\d{{1,2}}(?:[.,]\d{{1,2}})?)\s?{_PER_CENT}\s?(?:of\s)?{_TAX_WORD}\b"
    rf"|\b{_TAX_WORD}\s?(?:rate\s)?(?:[:=]|is|of|at|de|von)?\s?(\d{{1,2}}(?:[.,]\d{{1,2}})?)\s?{_PER_CENT})"
    r"[^\d\n]{0,120}",
    re.IGNORECASE,
)
"""All that a part of a request says, but for words."""
_INCLUDED = re.compile(r"\b(?:inc|inkl|incl\w*|enthalten|enthält|brutto|gross|ttc|compris\w*)\b", re.IGNORECASE)
"""Of prices it is in already; those of templates are net."""
_DISCOUNT_WORD = r"(?:discount|rabatt|remise|descuento)"
_SIGN = r"(?:[$€£]|usd|eur|gbp|euros?|dollars?|pounds)"
_DISCOUNT = re.compile(
    rf"[^\d\n]{{0,40}}?(?:(?P<share>\d{{1,2}}(?:[.,]\d{{1,2}})?)\s?{_PER_CENT}\s?(?:de\s)?{_DISCOUNT_WORD}"
    rf"|\b{_DISCOUNT_WORD}\s?(?:[:=]|is|of|von|de)?\s?"
    rf"(?:(?P<share_behind>\d{{1,2}}(?:[.,]\d{{1,2}})?)\s?{_PER_CENT}|{_SIGN}?\s?(?P<amount_behind>{NUMBER})\s?{_SIGN}?)"
    rf"|{_SIGN}?\s?(?P<amount>{NUMBER})\s?{_SIGN}?\s{_DISCOUNT_WORD})[\s.:]*",
    re.IGNORECASE,
)
"""All that a part of a request says: of 'design 400 discount 10%' nobody knows what it is taken off."""
_ON_TERMS = re.compile(r"\b(?:if|when|within|early|pay\w*|paid|wenn|bei|innerhalb|zahl\w*|si|sous)\b", re.IGNORECASE)
_HOURLY = re.compile(
    rf"(?<![\d.,])[$€£]?\s?({NUMBER})\s?(?:[$€£]|usd|eur|gbp|euros?|dollars?|pounds)?\s?(?:/|per|an|a|pro|par|la|por)\s?"
    rf"(?:h\b|hr\b|hour|stunde|heure|hora)|\bhourly rate\s?(?:[:=]|is|of)?\s?[$€£]?\s?({NUMBER})",
    re.IGNORECASE,
)
_SMALLEST_LOAN = 100
_BEFORE_YEAR = re.compile(r"\b(?:in|from|since|of|until|by|ab|seit|depuis|desde) \Z", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")


def loan_amount(text: str) -> Figure | None:
    """The first amount that is neither a percentage nor a time nor a year."""
    for match in _AMOUNT.finditer(text):
        if _YEAR.fullmatch(match["amount"]) and _BEFORE_YEAR.search(text, max(0, match.start() - 8), match.start()):
            continue
        value = value_of(match["amount"])
        if value is not None and match["thousands"]:
            value *= 1000
        if value is not None and value >= _SMALLEST_LOAN:
            return [("Amount", value)]
    return None


def loan_rate(text: str) -> Figure | None:
    match = _PERCENT.search(text)
    return _share("Rate", match[1]) if match else None


def loan_months(text: str) -> Figure | None:
    """At most MAX_MONTHS; more is not a loan this program lays out."""
    for match in _MONTHS.finditer(text):
        months = int(match["count"]) * (12 if match["years"] else 1)
        if 1 <= months <= MAX_MONTHS:
            return [("Months", months)]
    return None


def tax(text: str) -> Figure | None:
    """('Tax', 0.2), where it comes upon the prices; None where there are several rates."""
    parts = (part for part in said_parts(text) if not _INCLUDED.search(part))
    rates = {match[1] or match[2] for part in parts if (match := _TAX.fullmatch(part)) is not None}
    return _share("Tax", rates.pop()) if len(rates) == 1 else None


def tax_included(text: str) -> Figure | None:
    """('Tax included (7 %)', 0.07), where all prices hold it already."""
    rate = gross_rate(text)
    return _share(f"Tax included ({rate} %)", rate) if rate else None


def discount_share(text: str) -> Figure | None:
    """('Discount (10 %)', 0.1). What may be taken off by who pays early is none."""
    match = _discount(text)
    share = (match["share"] or match["share_behind"]) if match else None
    return _share(f"Discount ({share} %)", share) if share else None


def discount_amount(text: str) -> Figure | None:
    """('Discount', 100)."""
    match = _discount(text)
    value = value_of(match["amount"] or match["amount_behind"] or "") if match else None
    return [("Discount", value)] if value else None


def _discount(text: str) -> re.Match[str] | None:
    """The only one there is."""
    parts = (part for part in said_parts(text) if not _ON_TERMS.search(part))
    found = [match for part in parts if (match := _DISCOUNT.fullmatch(part)) is not None]
    return found[0] if len(found) == 1 else None


def hourly_rate(text: str) -> Figure | None:
    match = _HOURLY.search(text)
    value = value_of(match[1] or match[2]) if match else None
    return [("Rate", value)] if value is not None else None


def _share(name: str, percent: str) -> Figure:
    return [(name, round(float(percent.replace(",", ".")) / 100, 6))]
