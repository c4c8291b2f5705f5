"""Figures of a certain meaning in a request: the amount, rate and term of a loan, a tax rate, a rate an hour.

Each is a line of one, ('Rate', 0.069); a share stands for a percentage. Bounded and linear, as `finding` asks.
"""

from __future__ import annotations

import re

from forgeapp.domain.numbers import parse_number

Figure = list[tuple[str, float | int | None]]

MAX_MONTHS = 480

_NUMBER = r"\d{1,3}(?:[ ,.’']\d{3}){1,3}(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?"
_AMOUNT = re.compile(
    rf"(?<![\d.,])(?P<amount>{_NUMBER})(?![\d.,]*\d)(?P<thousands>k\b)?"
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
_HOURLY = re.compile(
    rf"(?<![\d.,])[$€£]?\s?({_NUMBER})\s?(?:[$€£]|usd|eur|gbp|euros?|dollars?|pounds)?\s?(?:/|per|an|a|pro|par|la|por)\s?"
    rf"(?:h\b|hr\b|hour|stunde|heure|hora)|\bhourly rate\s?(?:[:=]|is|of)?\s?[$€£]?\s?({_NUMBER})",
    re.IGNORECASE,
)
_POSITION = re.compile(
    rf"(?P<count>\d{{1,4}}(?:[.,]\d{{1,2}})?)\s?(?P<what>(?:x\b|h\b|hours?|hrs?|days?|pieces?|pcs|stunden|tage|stück|heures|jours|horas)"
    rf"?[^\d\n]{{0,60}}?)\s?(?:\bat\b|@|\bà\b|\bzu\b|\bje\b|\bfor\b|\ba\b|\bx\b|×)\s?[$€£]?\s?(?P<price>{_NUMBER})"
    r"\s?(?:[$€£]|usd|eur|euros?|pounds|dollars)?(?:\s?(?:each|apiece|an hour|per hour|/h|a day|per day))?\s?\.?",
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
        value = _value(match["amount"])
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


def position(part: str) -> tuple[str, float | int | None] | None:
    """A position of an invoice that says how many and at what price each: '12 h consulting at 95' makes 1140."""
    match = _POSITION.fullmatch(part)
    count, price = (_value(match["count"]), _value(match["price"])) if match else (None, None)
    return None if count is None or price is None else (part, round(count * price, 2))


def hourly_rate(text: str) -> Figure | None:
    match = _HOURLY.search(text)
    value = _value(match[1] or match[2]) if match else None
    return [("Rate", value)] if value is not None else None


def _share(name: str, percent: str) -> Figure:
    return [(name, round(float(percent.replace(",", ".")) / 100, 6))]


def _value(number: str) -> float | int | None:
    """A point or comma with three digits behind it sets thousands apart."""
    bare = re.sub(r"[ ’']", "", number)
    is_decimal_comma = bool(re.search(r",\d{1,2}$", bare)) or bool(re.search(r"\.\d{3}(?:$|[.,])", bare))
    parsed = parse_number(bare, is_decimal_comma)
    return None if parsed is None else parsed.value
