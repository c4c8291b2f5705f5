"""Figures of a certain meaning in a request: the amount, rate and term of a loan, a tax rate, a rate an hour.

Each is a line of one, ('Rate', 0.069); a share stands for a percentage. Bounded and linear, as `finding` asks.
"""

from __future__ import annotations

import re

from forgeapp.learning.positions import NUMBER, value_of

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
_TAX_WORD = r"(?:vat|tax|gst|sales tax|mwst\.?|ust\.?|mehrwertsteuer|umsatzsteuer|tva|iva)"
_TAX = re.compile(
    rf"(?<![\d.,])(\d{{1,2}}(?:[.,]\d{{1,2}})?)\s?(?:%|percent|per cent|prozent)\s?(?:of\s)?{_TAX_WORD}\b"
    rf"|\b{_TAX_WORD}\s?(?:rate\s)?(?:[:=]|is|of|at|de|von)?\s?(\d{{1,2}}(?:[.,]\d{{1,2}})?)\s?(?:%|percent|prozent)",
    re.IGNORECASE,
)
_DISCOUNT_WORD = r"(?:discount|rabatt|remise|descuento)"
_DISCOUNT = re.compile(
    rf"(?<![\d.,])(?P<share>\d{{1,2}}(?:[.,]\d{{1,2}})?)\s?(?:%|percent|prozent)\s?(?:de\s)?{_DISCOUNT_WORD}\b"
    rf"|\b{_DISCOUNT_WORD}\s?(?:[:=]|is|of|von|de)?\s?(?:(?P<share_behind>\d{{1,2}}(?:[.,]\d{{1,2}})?)\s?(?:%|percent|prozent)"
    rf"|[$€£]?\s?(?P<amount_behind>{NUMBER}))"
    rf"|(?<![\d.,])[$€£]?\s?(?P<amount>{NUMBER})\s?(?:[$€£]|usd|eur|gbp|euros?|dollars?|pounds)?\s{_DISCOUNT_WORD}\b",
    re.IGNORECASE,
)
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
    match = _TAX.search(text)
    return _share("Tax", match[1] or match[2]) if match else None


def discount_share(text: str) -> Figure | None:
    """('Discount (10 %)', 0.1). What may be taken off by who pays early is none."""
    match = _DISCOUNT.search(text)
    share = (match["share"] or match["share_behind"]) if match else None
    return _share(f"Discount ({share} %)", share) if share else None


def discount_amount(text: str) -> Figure | None:
    """('Discount', 100)."""
    match = _DISCOUNT.search(text)
    value = value_of(match["amount"] or match["amount_behind"] or "") if match else None
    return [("Discount", value)] if value else None


def hourly_rate(text: str) -> Figure | None:
    match = _HOURLY.search(text)
    value = value_of(match[1] or match[2]) if match else None
    return [("Rate", value)] if value is not None else None


def _share(name: str, percent: str) -> Figure:
    return [(name, round(float(percent.replace(",", ".")) / 100, 6))]
