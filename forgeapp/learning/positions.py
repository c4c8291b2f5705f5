"""Positions of an invoice or a quote as a request says them: '12 hours consulting at 95', 'travel 60'.

English, German and French; bounded and linear, as `finding` asks. What is not plainly a position is none: it is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final, NamedTuple

from forgeapp.domain.numbers import parse_number
from forgeapp.learning.dates import without_dates
from forgeapp.learning.mentions import without_references

Amount = float | int | None

NUMBER: Final = r"\d{1,3}(?:[ ,.’']\d{3}){1,3}(?:[.,]\d{1,2})?(?!\d)|\d{1,9}(?:[.,]\d{1,3})?(?!\d)"
_ABBREVIATION: Final = re.compile(
    r"\b(std|stk|ca|nr|zzgl|inkl|incl|excl|approx|hrs?|pcs|no|qty|mwst|ust)\.(?=\s)", re.IGNORECASE
)
_HEAD: Final = re.compile(
    r"[^:\n]{0,300}?\b(?:invoice|bill|quote|quotation|estimate|rechnung|angebot|kostenvoranschlag|facture|devis|factura"
    r"|cotización)\b[^:\n]{0,200}:\s",
    re.IGNORECASE,
)
_LEAD: Final = re.compile(
    r"[^\n]{0,200}?\b(?:invoice|bill|quote|quotation|estimate|rechnung|angebot|kostenvoranschlag|facture|devis|factura"
    r"|cotización)\b[^\d\n]{0,120}?(?=\s[$€£]?\d)(?:(?<=\bfor)|(?<=\bfür)|(?<=\büber)|(?<=\bpour)|(?<=[A-Za-z.]))\s",
    re.IGNORECASE,
)
_SEPARATOR: Final = re.compile(r"(?<!\d),|,(?!\d)|[;\n]|\.\s|\.$")
_AND: Final = re.compile(r"\s(?:and|und|et|y|plus|sowie|zzgl|&|\+)\s", re.IGNORECASE)
_MONEY: Final = r"(?:[$€£]|us\$|chf|usd|eur|gbp|euros?|dollars?|pounds|franken|francs?)"
_UNIT: Final = (
    r"x|×|hours?|hrs?|h|days?|weeks?|months?|minutes?|mins?|sqm|sq ?ft|m²|m2|km|kg|pieces?|pcs|units?|"
    r"stunden?|std|tagen?|tage|wochen?|monate?n?|stück|stk|heures?|jours?|semaines?|mois|pièces?|horas?|días?|meses"
)
_BARE_UNIT: Final = re.compile(rf"(?:{NUMBER})?\s?(?:{_UNIT})(?: (?:at|@|à|zu|je|a))?", re.IGNORECASE)
_UNCOUNTED: Final = frozenset(("x", "×", "piece", "pieces", "pcs", "unit", "units", "stück", "stk", "pièce", "pièces"))
"""What is counted is named behind them, and they say nothing of it."""
_WRITTEN_OUT: Final = {"h": "hours", "hr": "hours", "hrs": "hours", "std": "Stunden"}
"""Where a unit is all that is said of what is paid for."""
_EACH: Final = r"(?:at|@|à|á|zu je(?:weils)?|zu|zum preis von|je(?:weils)?|a|x|×|\*|por)"
_EACH_LEFT: Final = re.compile(r"\s(?:zu|je|at|à)\s*\Z", re.IGNORECASE)
_TIMES: Final = r"(?:@|zu je(?:weils)?|je(?:weils)?|x|×|\*)"
"""What stands between a bare count and a price only: 'iPhone 15 at 999' is one telephone."""
_NET: Final = r"(?:\s(?:net|netto|ht|hors taxes))?"
"""As all prices of a request are taken to be; gross ones are told."""
_PER: Final = (
    rf"(?:\s?{_MONEY})?{_NET}(?:\s?(?:/|per|pro|par|por|die|je|an|a|la|le)\s?(?!\d)[^\W\d]{{1,12}}\.?"
    r"|\s(?:each|apiece|chacune?|pièce|jeweils))?"
)
_WHAT: Final = r"[^\W\d][^\d\n]{0,60}?"
_COUNTED: Final = re.compile(
    rf"(?P<count>{NUMBER})\s?(?P<unit>(?:{_UNIT})(?![\w²]))?\.?(?P<what>[^\d\n]{{0,60}}?)\s?(?<![\w]){_EACH}\s?"
    rf"{_MONEY}?\s?(?P<price>{NUMBER}){_PER}{_NET}\s?",
    re.IGNORECASE,
)
"""'12 hours consulting at 95 EUR/h'."""
_NAMED: Final = re.compile(
    rf"(?P<what>{_WHAT})[:,]?\s(?P<count>{NUMBER})\s?(?P<unit>(?:{_UNIT})(?![\w²]))?\.?\s?"
    rf"(?(unit){_EACH}|{_TIMES})\s?{_MONEY}?\s?(?P<price>{NUMBER}){_PER}{_NET}\s?",
    re.IGNORECASE,
)
"""'labour 6 h at 48'."""
_LASTING: Final = re.compile(
    rf"(?P<what>{_WHAT})[:,]?\s{_MONEY}?\s?(?P<price>{NUMBER})\s?{_MONEY}?\s?(?:/|per|a|pro|par)\s?[^\W\d]{{1,12}}\s"
    rf"(?:for|für|pour|x|×)\s(?P<count>{NUMBER})\s(?P<unit>{_UNIT})\s?",
    re.IGNORECASE,
)
"""'hosting 60 per month for 12 months'."""
_PLAIN: Final = re.compile(
    rf"(?P<what>(?:{NUMBER})?\s?{_WHAT})(?:\s?[:=]|\s(?:is|for|für|pour|of|at|über|von|de))?\s?(?<!\w)"
    rf"(?P<sign>[-−])?{_MONEY}?\s?(?P<price>{NUMBER})(?P<thousands>k)?\s?{_MONEY}?{_NET}\s?",
    re.IGNORECASE,
)
"""'travel 60'; '500 flyers for 120' is one price for all of them."""
_ONE: Final = re.compile(r"1 (?=[^\W\d])")
_PRICE_ALONE: Final = re.compile(rf"{_MONEY}?\s?(?:{NUMBER})\s?{_MONEY}?\s?(?:[,;](?!\d)|\n|$)", re.IGNORECASE)
_OF: Final = re.compile(r"(?:of|de|von|à|an)\s|d['’]", re.IGNORECASE)
_NO_POSITION: Final = re.compile(
    r"(?:.*\b(?:budget|year|due|within|payment|payable|zahlbar|innerhalb|paiement|discount|rabatt|remise|skonto)\b.*"
    r"|(?:the |my |our )?(?:(?:purchase )?order|po|ref|reference|invoice|bill|quote|quotation|rechnung|angebot|facture"
    r"|devis|factura|bestellung|auftrag|commande|customer|client|kunde|page|pages|phone|tel|net|netto)"
    r"(?: (?:no|nr|number|num|nummer|id|for|an|für|über|pour|to|of)\b.*)?)[.:#]?",
    re.IGNORECASE,
)
_TAX_WORD: Final = r"(?:vat|tax|gst|sales tax|mwst\.?|ust\.?|mehrwertsteuer|umsatzsteuer|tva|iva)"
_PERCENTAGE: Final = r"\d{1,2}(?:[.,]\d{1,2})?(?=\s?(?:%|percent|prozent))"
_GROSS: Final = re.compile(
    rf"(?:^|\s)\(?(?:(?:inkl|incl|inc|including|inklusive|includes|dont)\.?\s(?P<rate>{_PERCENTAGE})\s?(?:%|percent|prozent)\s?(?:of\s|de\s)?{_TAX_WORD}"
    rf"|(?P<rate_behind>{_PERCENTAGE})\s?(?:%|percent|prozent)\s?(?:of\s|de\s)?{_TAX_WORD}\s(?:included|enthalten|inklusive|incl|inkl|incluse|comprise))"
    r"[.)\s]*\Z",
    re.IGNORECASE,
)
"""'inkl. 7 % MwSt.', at the end of a part."""
_NET_WORD: Final = re.compile(r"\b(?:net|netto|ht|hors taxes)\b", re.IGNORECASE)
_IS_TAX: Final = re.compile(rf"%.{{0,20}}\b{_TAX_WORD}(?!\w)|\b{_TAX_WORD}(?!\w).{{0,20}}%", re.IGNORECASE)
_CURRENCIES: Final = {
    "$": "USD", "us$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR",
    "£": "GBP", "gbp": "GBP", "pounds": "GBP", "chf": "CHF", "franken": "CHF",
}  # fmt: skip
_CURRENCY: Final = re.compile(r"us\$|[$€£]|\b(?:chf|usd|eur|gbp|euros?|dollars?|pounds|franken)\b", re.IGNORECASE)


_EXACT: Final = Context(prec=700, rounding=ROUND_HALF_UP)
"""Digits for the largest two numbers there are."""


class PricedItem(NamedTuple):
    """So many of something, at so much each."""

    name: str
    amount: Amount
    quantity: float | int = 1

    @property
    def total(self) -> Amount:
        return None if self.amount is None else times(self.amount, self.quantity)


def times(amount: float | int, factor: float | int) -> float | int:
    """The product in hundredths, halves up as in commerce and as sheets round: 237.595 is 237.60."""
    product = _EXACT.multiply(Decimal(str(amount)), Decimal(str(factor)))
    return float(_EXACT.quantize(product, Decimal("0.01")))


def positions(text: str) -> list[PricedItem] | None:
    """Those of a request, in their order; never the tax."""
    is_gross = gross_rate(text) is not None
    parts = (_without_tax(part) if is_gross else part for part in parts_of(text))
    found = [position for part in parts if (position := position_of(part)) is not None]
    return found or None


def gross_rate(text: str) -> str | None:
    """The one rate of tax, in percent, that all prices of a request hold already.

    'tea 50 incl. 7 % VAT' says so of its own price, a part of its own of all. None where it is said of some prices
    only, of several rates, or beside a tax or prices without.
    """
    parts = [(part, _GROSS.search(part)) for part in said_parts(text)]
    rates = {(match["rate"] or match["rate_behind"]).replace(",", ".") for _, match in parts if match}
    if len(rates) != 1 or any(_IS_TAX.search(part) for part, match in parts if not match) or _NET_WORD.search(text):
        return None
    is_for_all = any(match and not part[: match.start()].strip(" (") for part, match in parts)
    is_for_each = all(match or position_of(part) is None for part, match in parts)
    return rates.pop() if is_for_all or is_for_each else None


def is_heading(word: str, text: str) -> bool:
    """Whether a text begins with the word and goes on, behind a colon, with positions whose prices are money: 'Quote:
    2 chairs at £40', but no quote of somebody's words."""
    heading = re.match(rf"\s?{re.escape(word)}(?:,?\s(?:no|nr|vom|dated|an|to|à|du)\b[^:\n]{{0,80}})?\s?:\s", text)
    return heading is not None and any(
        _CURRENCY.search(part) and position_of(part) is not None for part in _split(text[heading.end() :])
    )


def unread_parts(text: str) -> list[str]:
    """The parts of a request with figures that are no position."""
    is_gross = gross_rate(text) is not None
    parts = ((part, _without_tax(part) if is_gross else part) for part in said_parts(text))
    return [part for part, price in parts if re.search(r"\d", price) and position_of(price) is None]


def said_parts(text: str) -> Iterator[str]:
    """All parts of a request: those of 'Invoice for Miller Ltd, due 30 days:', too."""
    head = _HEAD.match(text)
    if head and not _is_price_next(text, head.end()):
        yield from _split(head[0])
    yield from parts_of(text)


def parts_of(text: str) -> Iterator[str]:
    """What may be positions: behind 'Invoice for Miller Ltd:', or 'Invoice for', set apart by commas and the like."""
    head = _HEAD.match(text)
    if head and not _is_price_next(text, head.end()):
        yield from _split(text[head.end() :])
        return
    lead = _LEAD.match(text)
    yield from _split(text[lead.end() :] if lead else text)


def position_of(part: str) -> PricedItem | None:
    """None for the tax, for dates and terms, and for all that has no price."""
    if _IS_TAX.search(part) or "%" in part:
        return None
    for pattern in (_COUNTED, _NAMED, _LASTING):
        match = pattern.fullmatch(part)
        if match:
            count, price = value_of(match["count"]), value_of(match["price"])
            name = _name(match["what"], match["unit"] or "")
            return PricedItem(name, price, count) if name and count is not None and price is not None else None
    match = _PLAIN.fullmatch(part)
    if match is None or _NO_POSITION.fullmatch(match["what"].strip()):
        return None
    if " " in match["price"] and not _CURRENCY.search(part):
        # 'Room 7 120' is no room at 7120.
        return None
    price = value_of(match["price"])
    if price is None or _BARE_UNIT.fullmatch(match["what"].strip()):
        return None
    price = price * 1000 if match["thousands"] else price
    name = _ONE.sub("", match["what"].strip(" :"))
    return PricedItem(_capitalised(name), -price if match["sign"] else price)


def currency(text: str) -> str | None:
    """The one (ISO 4217) the amounts of a request are in, where it names one only."""
    named = {_CURRENCIES[match[0].casefold()] for match in _CURRENCY.finditer(text)}
    return named.pop() if len(named) == 1 else None


def value_of(number: str) -> float | int | None:
    """A point or comma with three digits behind it sets thousands apart."""
    bare = re.sub(r"[ ’']", "", number)
    is_decimal_comma = bool(re.search(r",\d{1,2}$", bare)) or bool(re.search(r"\.\d{3}(?:$|[.,])", bare))
    parsed = parse_number(bare, is_decimal_comma)
    return None if parsed is None else parsed.value


def _without_tax(part: str) -> str:
    return _GROSS.sub("", part)


def _is_price_next(text: str, at: int) -> bool:
    """Whether the colon stood before a price: 'Invoice for Miller, design: 400'."""
    return _PRICE_ALONE.match(text[at : at + 60]) is not None


def _split(text: str) -> Iterator[str]:
    text = without_dates(_ABBREVIATION.sub(r"\1", without_references(text)))
    for sentence in _SEPARATOR.split(text):
        pending: list[str] = []
        for part in _AND.split(f" {sentence} "):
            # 'Design and hosting 400' is one position, '2 chairs at 40 and a table 90' are two.
            if pending or part.strip():
                pending.append(part.strip())
            if re.search(r"\d", part):
                yield " ".join(" and ".join(pending).split()).removeprefix(": ")
                pending = []
        if pending:
            yield " ".join(" and ".join(pending).split())


def _name(what: str, unit: str) -> str:
    what = _EACH_LEFT.sub("", what)
    what = _OF.sub("", what.strip(" :,-"), count=1) if _OF.match(what.strip(" :,-")) else what.strip(" :,-")
    if not what:
        return "" if unit.casefold() in _UNCOUNTED else _capitalised(_WRITTEN_OUT.get(unit.casefold(), unit))
    return _capitalised(what if not unit or unit.casefold() in _UNCOUNTED else f"{what} ({unit})")


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
