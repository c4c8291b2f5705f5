"""Numbers as people write them: '1,240', '$1,200.00', '18,50', '28.500,00 €', '12 %', '(45.00)'."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SYMBOLS = "$€£¥₹₩₽₺₴₪฿₫₦¢"
_CODES = "USD|EUR|GBP|JPY|CHF|CNY|INR|BRL|AUD|CAD|SEK|NOK|DKK|PLN|CZK|HUF|MXN|ZAR|KRW|SGD|HKD|NZD|TRY"
_CURRENCY = rf"(?:R\$|US\$|A\$|C\$|CA\$|[{_SYMBOLS}]|(?:{_CODES})|kr|Kč|zł|Fr\.?|CHF|円|元|원)"
_DIGITS = r"\d+(?:[.,'’\u00a0\u202f ]\d+)*"
_NUMBER = re.compile(
    rf"(?P<open>\()?\s*(?P<sign>[-+−–])?\s*(?P<before>{_CURRENCY})?\s*(?P<sign2>[-−])?(?P<digits>{_DIGITS}|[.,]\d+)"
    rf"(?:[eE](?P<exponent>[-+]?\d{{1,3}}))?\s*(?:(?P<percent>[%％])|(?P<after>{_CURRENCY}))?\s*(?P<close>\))?"
)
_GROUPED = {
    ",": re.compile(r"[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d?(?:,\d{2})+,\d{3}"),  # also 12,34,567 as in India
    ".": re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+"),
    " ": re.compile(r"[1-9]\d{0,2}(?:[\u00a0\u202f ]\d{3})+"),
    "'": re.compile(r"[1-9]\d{0,2}(?:['’]\d{3})+"),
}


@dataclass(frozen=True, slots=True)
class Number:
    """`value` as meant (12 % is 0.12); `format` the Excel code that shows it as written, None for a plain one."""

    value: float | int
    format: str | None = None


def parse_number(text: str, decimal_comma: bool = False) -> Number | None:
    """The number `text` means, or None where it is an id, phone number, date or plain words.

    `decimal_comma` decides what '1,240' and '1.240' mean; where both marks occur, the last one is the decimal mark.
    Leading zeros ('00123') and more than 15 digits mean an id: None.
    """
    text = text.strip()
    if not text or len(text) > 64 or not any(character.isdigit() for character in text):
        return None
    match = _NUMBER.fullmatch(text)
    if not match or bool(match["open"]) != bool(match["close"]) or (match["before"] and match["after"]):
        return None
    if match["sign"] and match["sign2"]:
        return None
    plain = _plain_digits(match["digits"], decimal_comma)
    if plain is None:
        return None
    digits, grouped = plain
    whole, _, fraction = digits.partition(".")
    if len(whole) > 1 and whole.startswith("0"):
        return None
    if len(whole) + len(fraction) > 15:
        return None
    is_currency = bool(match["before"] or match["after"])
    if match["sign"] == "+" and (grouped or len(whole) > 6) and not is_currency:
        return None
    value: float | int
    if fraction or match["exponent"]:
        value = float(digits + (f"e{match['exponent']}" if match["exponent"] else ""))
        if value in (float("inf"), float("-inf")):
            return None
    else:
        value = int(whole or "0")
    if match["sign"] in ("-", "−", "–") or match["sign2"] or match["open"]:
        value = -value
    if match["percent"]:
        decimals = len(fraction)
        return Number(round(value / 100, decimals + 4), "0%" if not decimals else f"0.{'0' * decimals}%")
    return Number(value, _format(match["before"], match["after"], grouped, len(fraction)))


def _plain_digits(digits: str, decimal_comma: bool) -> tuple[str, bool] | None:
    """'1.234,5' -> ('1234.5', grouped); None where the marks make no number."""
    digits = digits.replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ")
    marks = [character for character in digits if not character.isdigit()]
    if not marks:
        return digits, False
    decimal = "," if decimal_comma else "."
    kinds = dict.fromkeys(marks)
    if len(kinds) == 1 and marks[0] in ".,":
        mark = marks[0]
        if len(marks) > 1:
            return (digits.replace(mark, ""), True) if _GROUPED[mark].fullmatch(digits) else None
        if mark == decimal or not _GROUPED[mark].fullmatch(digits):
            return digits.replace(mark, "."), False
        return digits.replace(mark, ""), True
    if len(kinds) == 1:
        return (digits.replace(marks[0], ""), True) if _GROUPED[marks[0]].fullmatch(digits) else None
    if len(kinds) > 2 or marks.count(marks[-1]) != 1 or marks[-1] not in ".,":
        return None
    grouping, last = marks[0], marks[-1]
    whole, _, fraction = digits.rpartition(last)
    if grouping == last or not _GROUPED[grouping].fullmatch(whole):
        return None
    return f"{whole.replace(grouping, '')}.{fraction}", True


def _format(before: str | None, after: str | None, grouped: bool, decimals: int) -> str | None:
    number = ("#,##0" if grouped or before or after else "0") + (f".{'0' * decimals}" if decimals else "")
    if before:
        return f'"{before}"{number}'
    if after:
        return f'{number} "{after}"'
    return number if grouped or decimals else None
