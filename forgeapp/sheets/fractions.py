"""Numbers as fractions, as Excel shows them under '# ?/?', '# ??/??' and '# ?/8' (ECMA-376 part 1, 18.8.31).

A denominator is the one that is written, or the best with no more digits than there are places for. Where a '?' holds a
place that is not needed, there is a blank, so that fractions stand below one another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

_MAX_PLACES = 7
_DIGITS = re.compile(r"[0-9?#]+")

Pieces = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class FractionCode:
    """The parts of a section: literals, and '0', '#' and '?' for digits. `whole` None: the fraction holds it all.

    `denominator`: places, or the figure itself.
    """

    before: str
    whole: str | None
    is_grouped: bool
    between: str
    numerator: str
    denominator: str
    after: str

    @property
    def fixed(self) -> int | None:
        return int(self.denominator) if re.search("[1-9]", self.denominator) else None


def fraction_code(pieces: Pieces) -> FractionCode | None:
    """The pieces of a section as (kind, text), of which 'digits' and 'other' are no literals; None for no fraction."""
    slash = next((at for at, piece in enumerate(pieces) if piece == ("other", "/")), None)
    if slash is None or slash == 0 or pieces[slash - 1][0] != "digits":
        return None
    end = slash + 1
    while end < len(pieces) and _is_digits(pieces[end]):
        end += 1
    denominator = "".join(text for _, text in pieces[slash + 1 : end])
    has_places = re.fullmatch(r"[0#?]+", denominator) or re.fullmatch(r"[0-9]+", denominator)
    if not has_places or len(denominator) > _MAX_PLACES:
        return None
    rest = pieces[: slash - 1]
    last = max((at for at, (kind, _) in enumerate(rest) if kind == "digits"), default=None)
    if last is None:
        before, whole, between = _literals(rest), None, ""
    else:
        first = next(at for at, (kind, _) in enumerate(rest) if kind == "digits")
        before, between = _literals(rest[:first]), _literals(rest[last + 1 :])
        whole = "".join(text for kind, text in rest[first : last + 1] if kind == "digits")
    is_grouped = ("other", ",") in rest
    return FractionCode(before, whole, is_grouped, between, pieces[slash - 1][1], denominator, _literals(pieces[end:]))


def _is_digits(piece: tuple[str, str]) -> bool:
    return piece[0] in ("digits", "other") and _DIGITS.fullmatch(piece[1]) is not None


def _literals(pieces: Pieces) -> str:
    return "".join(text for _, text in pieces)


def fraction_text(size: Decimal, is_negative: bool, code: FractionCode) -> str:
    """`size`: without its sign."""
    whole = int(size) if code.whole is not None else 0
    top, bottom = _nearest(size - whole, code)
    if code.whole is not None and top == bottom:
        whole, top = whole + 1, 0
    sign = "-" if is_negative and (whole or top) else ""
    shown = _fraction(top, bottom, code)
    if code.whole is None:
        return f"{sign}{code.before}{shown}{code.after}"
    is_blank = not top and "0" not in code.numerator
    digits = f"{whole:,}" if code.is_grouped else f"{whole}"
    required = code.whole.count("0")
    figure = digits.rjust(required, "0") if whole or required or is_blank else ""
    # Under '# #/#' nothing holds a place: what is not needed leaves no gap either.
    has_gap = "#" not in code.numerator or bool(figure and not is_blank)
    return f"{sign}{code.before}{figure}{code.between if has_gap else code.between.strip()}{shown}{code.after}"


def _nearest(size: Decimal, code: FractionCode) -> tuple[int, int]:
    if code.fixed is not None:
        return int(Fraction(size) * code.fixed + Fraction(1, 2)), code.fixed
    found = Fraction(size).limit_denominator(10 ** len(code.denominator) - 1)
    return found.numerator, found.denominator


def _fraction(top: int, bottom: int, code: FractionCode) -> str:
    if not top and code.whole is not None and "0" not in code.numerator:
        blanks = code.numerator.count("?")
        return " " * (blanks + 1 + code.denominator.count("?")) if blanks else ""
    numerator = f"{top:0{max(code.numerator.count('0'), 1)}d}"
    if "?" in code.numerator:
        numerator = numerator.rjust(code.numerator.count("?"))
    denominator = f"{bottom}"
    if "?" in code.denominator:
        denominator = denominator.ljust(len(code.denominator))
    return f"{numerator}/{denominator}"
