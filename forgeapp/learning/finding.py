"""Slot values as they stand in an English request; a finder that finds nothing gives None and invents nothing.

Finders are given text without runs of blanks, and take time in proportion to it: what repeats is bounded, possessive
('++'), or starts only where no repetition runs through.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence, Set

from forgeapp.domain.numbers import parse_number
from forgeapp.learning import dates, figures, mentions
from forgeapp.learning.positions import Amount, PricedItem, currency, parts_of, position_of, positions, unread_parts

Line = tuple[str, Amount] | PricedItem
"""A name and its amount: ('Rent', 1140); None where the amount is left open."""
Value = str | Sequence[str] | Sequence[Line]

BLANK = "____"
"""What stands, visibly, where a value is missing."""
MAX_REQUEST_CHARS = 4_000
"""What is read of a request; whoever says more says it to a model."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BLANKS = re.compile(r"\s+")
_TIME = re.compile(r"\b(?:[01]?\d|2[0-3])[:.][0-5]\d(?: ?[ap]m)?\b|\b(?:1[0-2]|[1-9]) ?[ap]m\b", re.IGNORECASE)
_PERIOD = re.compile(r"\b(weekly|monthly|quarterly|yearly|annual|daily)\b", re.IGNORECASE)
_SUBJECT = re.compile(r"\bfor ([^.,:;!?\n]{2,60})", re.IGNORECASE)
_SUBJECT_END = re.compile(
    r"\s+(?:with|that|which|so|where|please|pls|and|as|in|by|of \d|including|plus|incl|to|from|using|based|per)\b.*",
    re.IGNORECASE,
)
_MEETING = re.compile(
    r"\b(?:minutes|notes|record|protocol) (?:of|for|from) (?:(?:the|our|my|a|today's|yesterday's) )?([^.,:;\n]{2,60}?)"
    r"(?=\s*(?:[.,:;\n]|$| on | at | with | held |\d))",
    re.IGNORECASE,
)
_ITEMS = re.compile(
    r"\b(?:compar(?:e|ing|ison)(?: table| chart| grid| sheet)?(?: of| between| for)?|between|put|versus"
    r"|side by side(?: of)?:?)\s+([^:.;?\n]+)",
    re.IGNORECASE,
)
_ITEMS_END = re.compile(
    r"\s+(?:side by side|next to each other|in (?:a|one) (?:table|grid)|(?:as|in) a table|for (?:a|an|the|my|our|\d)|by"
    r"|with regard|regarding|in terms of|on price|so (?:that )?(?:i|we)|please|pls|when|with)\b.*",
    re.IGNORECASE,
)
_THING = r"[\w&+'.-]++(?: [\w&+'.-]++){0,3}"
_VERSUS = re.compile(rf"(?<![\w&+'.-])({_THING}(?:\s(?:vs\.?|versus)\s{_THING})+)", re.IGNORECASE)
_CRITERIA = (
    re.compile(r":\s+([^.;?\n]+)"),
    re.compile(r"\b(?:by|in terms of|regarding|with regard to|criteria)\s+([^.;?\n]+)", re.IGNORECASE),
)
_PEOPLE_WORD = r"(?:present|attending|attendees|attended by|participants|there were)"
_ABSENT_WORD = r"(?:excused|absent|apologies(?: from)?|missing)"
_NAMES = r"((?:(?!\b(?:excused|absent|apologies|missing|present|topics|agenda)\b)[^.;:\n\d])+)"
_PRESENT = re.compile(rf"\b{_PEOPLE_WORD}:?\s+(?:were |was |are )?{_NAMES}", re.IGNORECASE)
_PRESENT_AFTER = re.compile(
    r"(?<![\w'-])(?P<names>(?:[A-Z][\w'-]++(?:,| and| &)?+\s)++)(?P<are>(?:were |was )?present\b)?"
)
_CLAUSE_END = re.compile(r"(?:^|[.:;,]\s?)\Z")
_EXCUSED = re.compile(rf"\b{_ABSENT_WORD}:?\s+(?:were |was |are |from )?{_NAMES}", re.IGNORECASE)
_EXCUSED_AFTER = re.compile(
    r"(?<![\w'-])(?P<names>[A-Z][\w'-]++(?:(?:, | and )[A-Z][\w'-]++)*+)"
    r"(?P<are> (?:was |were )?(?:excused|absent|sick|missing)\b)?"
)
_TOPICS = re.compile(r"\b(?:topics|agenda|points|we (?:discussed|talked about))\b:?\s+([^.;\n]+)", re.IGNORECASE)
_LINE = re.compile(
    r"(?:and |plus )?(?P<name>[^\W\d][\w &'’/()-]{0,40}?)\s*(?:[:=]|is|at|of)?\s*"
    r"(?P<amount>[-−]?[$€£]?\s?(?:\d{1,3}(?: \d{3})++(?![\d.,]*\d)|\d[\d.,]*+)\s?[$€£]?)(?P<thousands>k)?"
    r"(?:\s*(?:usd|eur|gbp|dollars|euros?|pounds|per month|a month|/month|monthly|p\.?m\.?))?\s*\.?",
    re.IGNORECASE,
)
_SEGMENT = re.compile(r"(?<!\d),|,(?!\d)|[;\n]|:(?!\s?[-−$€£]?\d)|\.\s|\band\b")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NO_LINE = re.compile(r"\b(?:budget|plan|year|month|week|people|persons|guests|pages?|for|with)\b", re.IGNORECASE)
_COMMA_DECIMALS = re.compile(r"\d,\d{1,2}(?!\d)")
_POINT_DECIMALS = re.compile(r"\d\.\d{1,2}(?!\d)")
_POINT_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:\.\d{3})+(?!\d)")
_INCOME = re.compile(
    r"\b(?:income|sales|revenue|takings|turnover|salary|grants?|donations?|earnings|tips|contributions?"
    r"|einnahmen|einkommen|gehalt|lohn|umsatz|erlöse|revenus?|salaires?|recettes|ingresos?|sueldo|salario)\b",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s?(?:,|;|\s&\s|\s\+\s|\band\b|\bvs\.?(?=\s)|\bversus\b|\bor\b|/(?=\w{3}))\s?", re.IGNORECASE)
_PURPOSE = re.compile(
    r"\b(?:script|program|tool|python)\b(?:\s+(?:in python|with python))?\s+(?:that|which|to|for)\s+([^.\n]{4,120})",
    re.IGNORECASE,
)
_EXTENSION = re.compile(
    r"(?<!\w)\*?\.(\w{2,5})\b|\b(pdf|csv|jpe?g|png|txt|md|docx|xlsx|mp3|json|xml|log)s?\b", re.IGNORECASE
)


def find(finder: str, text: str) -> Value | None:
    """The value one of FINDERS finds in a request, None where it says nothing of it."""
    return FINDERS[finder](_folded(text[:MAX_REQUEST_CHARS]))


def read_value(finder: str, words: str) -> Value | None:
    """What a user wrote into the field of a slot with this finder, taken as he wrote it; None for nothing."""
    text = _folded(_CONTROLS.sub(" ", words[:MAX_REQUEST_CHARS])).strip()
    if not text:
        return None
    if finder == "item_lines":
        return [position_of(part) or PricedItem(_capitalised(part), None) for part in parts_of(text)] or None
    if finder in ("income_lines", "expense_lines"):
        parts = [part.strip().lstrip("= ") for part in _SEGMENT.split(text)]
        lines = [_line(part, _has_decimal_comma(text)) or part for part in parts]
        return [(_capitalised(line), None) if isinstance(line, str) else line for line in lines if line] or None
    if finder in _FIGURES:
        found = FINDERS[finder](text)
        return found if found is not None else _plain_figure(finder, text)
    if finder == "listed":
        return mentions.split_list(words.strip())
    if finder in ("items", "criteria", "present", "excused", "topics"):
        parts = _split(text)
        return (parts if finder == "items" else [_capitalised(part) for part in parts]) or None
    return " ".join(text.split())


def _plain_figure(finder: str, text: str) -> Value | None:
    """A number alone, as it is written into a field: '36' months, '6.9' for a percentage."""
    number = parse_number(text.rstrip("% "), _has_decimal_comma(text))
    if number is None:
        return None
    share = finder in ("loan_rate", "tax", "tax_included", "discount_share")
    value = round(number.value / 100, 6) if share else number.value
    if finder == "loan_months":
        value = int(value) if 1 <= value <= figures.MAX_MONTHS else 0
    figure: list[Line] = [(_FIGURE_NAMES.get(finder, finder).format(percent=number.value), value)]
    return figure if value > 0 or share else None


def _folded(text: str) -> str:
    """Each run of blanks as one: a line end where it held one, else a space."""
    return _BLANKS.sub(lambda run: "\n" if "\n" in run[0] else " ", text)


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return next((group for group in match.groups() if group), match[0]).strip() if match else None


def _subject(text: str) -> str | None:
    for match in _SUBJECT.finditer(text):
        subject = _SUBJECT_END.sub("", match[1]).strip()
        if subject and not re.match(r"(?:me|us|you|next|this|all|\d|each|every|it)\b", subject, re.IGNORECASE):
            return subject
    return None


def _period(text: str) -> str | None:
    period = _first(_PERIOD, text)
    return period.capitalize() if period else None


def _meeting(text: str) -> str | None:
    meeting = _first(_MEETING, text)
    if not meeting or re.match(r"meetings?$", meeting, re.IGNORECASE):
        return None
    return meeting if meeting.casefold().startswith(("the ", "our ")) else f"the {meeting}"


def _split(text: str) -> list[str]:
    parts = (part.strip(" .!?\"'()") for part in _SEPARATOR.split(text))
    return list(dict.fromkeys(part for part in parts if part))


def _items(text: str) -> list[str] | None:
    versus = _VERSUS.search(text)
    if versus:
        phrase = re.sub(
            r"^(?:(?:please|pls|a|the|comparison|compare|table|of|make|me|give|us|create|for)\s+)+",
            "",
            versus[1],
            flags=re.IGNORECASE,
        )
        return _split(_ITEMS_END.sub("", phrase))
    match = _ITEMS.search(text)
    if not match:
        return None
    phrase = re.sub(r"^(?:(?:the|our|my|these|those)\s+)?", "", match[1], flags=re.IGNORECASE)
    items = _split(_ITEMS_END.sub("", phrase))
    return items if len(items) > 1 and all(len(item) <= 40 for item in items) else None


def _criteria(text: str) -> list[str] | None:
    for pattern in _CRITERIA:
        match = pattern.search(text)
        criteria = _split(match[1]) if match else []
        if criteria and all(len(item) <= 40 for item in criteria):
            return [_capitalised(item) for item in criteria]
    return None


def _present(text: str) -> list[str] | None:
    return _names(_PRESENT.search(text)) or _split_names(_present_before(text))


def _excused(text: str) -> list[str] | None:
    before = next((match["names"] for match in _EXCUSED_AFTER.finditer(text) if match["are"]), None)
    return _split_names(before) or _names(_EXCUSED.search(text))


def _present_before(text: str) -> str | None:
    """'Ola and Ben' of 'Ola and Ben were present', where that begins a clause."""
    for match in _PRESENT_AFTER.finditer(text):
        if match["are"]:
            begins = _CLAUSE_END.search(text, max(0, match.start() - 2), match.start())
            names = match["names"] if begins else match["names"].partition(",")[2]
            if names:
                return names
    return None


def _names(match: re.Match[str] | None) -> list[str] | None:
    return _split_names(match[1]) if match else None


def _split_names(phrase: str | None) -> list[str] | None:
    names = [name for name in _split(phrase or "") if re.match(r"[^\W\d]", name) and len(name.split()) <= 3]
    return [_capitalised(name) for name in names] or None


def _topics(text: str) -> list[str] | None:
    phrase = _first(_TOPICS, text)
    return [_capitalised(topic) for topic in _split(phrase)] if phrase else None


def unread_figures(text: str, takes_lines: bool = True, takes_positions: bool = False) -> list[str]:
    """The parts of a request that hold figures; without those that are taken for a line of a budget, or a position of
    an invoice, if it has such."""
    text = _folded(text[:MAX_REQUEST_CHARS])
    if takes_positions:
        return unread_parts(text)
    parts = (segment.strip() for segment in _SEGMENT.split(text))
    return [
        part
        for part in parts
        if re.search(r"\d", _YEAR.sub("", part)) and not (takes_lines and _line(part, _has_decimal_comma(text)))
    ]


def unread_dates(text: str, finders: Set[str]) -> list[str]:
    """The dates of a request that none of these finders takes, with the words that say what they are."""
    taken = {meaning for meaning in dates.Meaning if f"{meaning.value}_date" in finders}
    return dates.unread(_folded(text[:MAX_REQUEST_CHARS]), taken)


def _lines(text: str) -> list[Line]:
    comma = _has_decimal_comma(text)
    lines = (_line(segment.strip(), comma) for segment in _SEGMENT.split(text))
    return [line for line in lines if line is not None]


def _line(segment: str, decimal_comma: bool) -> Line | None:
    match = _LINE.fullmatch(segment)
    if not match or _NO_LINE.search(match["name"]):
        return None
    number = parse_number(match["amount"].strip(" .,"), decimal_comma)
    if number is None:
        return None
    amount = number.value * 1000 if match["thousands"] else number.value
    return _capitalised(match["name"].strip()), amount


def _has_decimal_comma(text: str) -> bool:
    """Whether 9.800 means nine thousand eight hundred here: no other figure shows a decimal point."""
    if _POINT_DECIMALS.search(text):
        return False
    return bool(_COMMA_DECIMALS.search(text) or _POINT_THOUSANDS.search(text))


def _income_lines(text: str) -> list[Line] | None:
    return [line for line in _lines(text) if _INCOME.search(line[0])] or None


def _expense_lines(text: str) -> list[Line] | None:
    expenses = [line for line in _lines(text) if not _INCOME.search(line[0])]
    return expenses or None


def _purpose(text: str) -> str | None:
    purpose = _first(_PURPOSE, text)
    return _capitalised(purpose.strip(" ,")) if purpose else None


def _file_pattern(text: str) -> str | None:
    if re.search(r"\b(?:photos?|pictures?)\b", text, re.IGNORECASE):
        return "*.jpg"
    match = _EXTENSION.search(text)
    return f"*.{(match[1] or match[2]).lower()}" if match else None


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


FINDERS: Mapping[str, Callable[[str], Value | None]] = {
    "subject": _subject,
    "period": _period,
    "meeting": _meeting,
    "date": lambda text: _first(dates.DATE, text),
    "own_date": dates.own_date,
    "payment_date": dates.payment_date,
    "validity_date": dates.validity_date,
    "delivery_date": dates.delivery_date,
    "reference": mentions.reference,
    "time": lambda text: _first(_TIME, text),
    "items": _items,
    "criteria": _criteria,
    "present": _present,
    "excused": _excused,
    "topics": _topics,
    "income_lines": _income_lines,
    "expense_lines": _expense_lines,
    "item_lines": positions,
    "currency": currency,
    "loan_amount": figures.loan_amount,
    "loan_rate": figures.loan_rate,
    "loan_months": figures.loan_months,
    "hourly_rate": figures.hourly_rate,
    "tax": figures.tax,
    "tax_included": figures.tax_included,
    "discount_share": figures.discount_share,
    "discount_amount": figures.discount_amount,
    "client": mentions.client,
    "recipient": mentions.recipient,
    "about": mentions.about,
    "person": mentions.person,
    "month": mentions.month,
    "listed": mentions.listed,
    "purpose": _purpose,
    "file_pattern": _file_pattern,
}
_FIGURES = frozenset(
    {
        "loan_amount",
        "loan_rate",
        "loan_months",
        "hourly_rate",
        "tax",
        "tax_included",
        "discount_share",
        "discount_amount",
    }
)
_FIGURE_NAMES = {
    "tax_included": "Tax included ({percent} %)",
    "discount_share": "Discount ({percent} %)",
    "discount_amount": "Discount",
}
"""Of those whose names stand on the paper."""
