"""Equations on one line: the same words for a formula's MathML and for the OMML found in a file, to compare the two.

'(a)/(b)' a fraction, '_(' below, '^(' above, '√(n&x)' a root, '■(a&b@c&d)' rows, '⸢d⸣' upright, '“if ”' text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Final
from xml.etree.ElementTree import Element

from lxml import etree

from forgeapp.exporters.docx.office_math import ACCENTS, GROUPING, LINES, NOTHING, flat, is_function, office_math
from forgeapp.exporters.mathml import math_tree

M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MARKS: Final = {character: sign for sign, character in ACCENTS.items()}
_LINE_SIGNS: Final = {place: sign for sign, place in LINES.items()}
_SAME: Final = str.maketrans({"\u2212": "-", "\u2217": "*", NOTHING: None})
_BLANKS: Final = re.compile(r"\s+")
_STRUCK: Final = {"updiagonalstrike": "BLTR", "downdiagonalstrike": "TLBR", "horizontalstrike": "H"}


def expected_equation(tex: str, is_block: bool) -> str | None:
    """The line a formula should be found as; None for one that is written as TeX."""
    return None if office_math(tex, is_block) is None else equation_line(tex)


def equation_line(tex: str) -> str | None:
    """The same for every way of writing a formula; None where the TeX is not understood."""
    tree = math_tree(tex, is_block=False)
    return None if tree is None else _joined(_row(tree))


def found_equation(math: etree._Element) -> str:
    """The line of an `m:oMath` or `m:oMathPara`."""
    return _joined(_inside(math))


def _joined(line: str) -> str:
    """Neighbouring characters of one look are one run in the one, and several elements in the other."""
    return line.replace("⸣⸢", "")


def _row(children: Iterable[Element]) -> str:
    return "".join(map(_line, flat(children)))


def _one(child: Element) -> str:
    return _row((child,))


def _line(item: Element) -> str:
    match item.tag:
        case "mi" | "mo" | "mn" | "mtext":
            return _leaf(item)
        case "mspace":
            return ""
        case "mrow" | "mstyle" | "math":
            return _row(item)
        case "mfrac":
            bar = "/" if item.get("linethickness") is None else "¦"
            return f"({_one(item[0])}){bar}({_one(item[1])})"
        case "msqrt":
            return f"√({_row(item)})"
        case "mroot":
            return f"√({_one(item[1])}&{_one(item[0])})"
        case "msub" | "munder":
            return f"{_one(item[0])}{_script('_', _one(item[1]))}"
        case "msup" | "mover":
            return f"{_one(item[0])}{_script('^', _one(item[1]))}"
        case "msubsup" | "munderover":
            return f"{_one(item[0])}{_script('_', _one(item[1]))}{_script('^', _one(item[2]))}"
        case "mtable":
            return _table(item)
        case "menclose":
            struck = "".join(_STRUCK.get(name, "") for name in sorted((item.get("notation") or "").split()))
            return f"▭{struck}({_row(item)})"
        case "mphantom":
            return f"◌({_row(item)})"
    return f"?{item.tag}"


def _script(sign: str, text: str) -> str:
    return f"{sign}({text})" if text else ""


def _leaf(item: Element) -> str:
    text = item.text or ""
    if item.tag == "mtext":
        look = {"bold": "b", "italic": "i"}.get(item.get("mathvariant", ""), "")
        return f"{look}“{text}”" if text.strip() else ""
    plain = _plain(text)
    is_upright = item.get("mathvariant") == "normal" or is_function(item) or plain == "mod"
    return f"⸢{plain}⸣" if plain and (is_upright or (len(text) > 1 and text.isalpha())) else plain


def _plain(text: str) -> str:
    return _BLANKS.sub("", text.translate(_SAME))


def _table(table: Element) -> str:
    cuts = [n for n, line in enumerate((table.get("columnlines") or "").split(), 1) if line == "solid"]
    width = max((len(row) for row in table), default=0)
    edges = [0, *(cut for cut in cuts if cut < width), width]
    parts = []
    for start, end in pairwise(edges):
        rows = ["&".join(_row(cell) for cell in row[start:end]) for row in table]
        parts.append(f"■({'@'.join(rows)})")
    return "|".join(parts)


# What a file holds


def _inside(element: etree._Element | None) -> str:
    return "" if element is None else "".join(_part(child) for child in element)


def _child(element: etree._Element, name: str) -> str:
    return _inside(element.find(M + name))


def _said(element: etree._Element, name: str, default: str) -> str:
    """A property `m:chr m:val="..."` of the element's own properties."""
    for properties in element:
        found = properties.find(M + name) if str(properties.tag).endswith("Pr") else None
        if found is not None:
            return str(found.get(M + "val", ""))
    return default


def _part(element: etree._Element) -> str:
    name = str(element.tag).removeprefix(M)
    if name.endswith("Pr"):
        return ""
    rule = _RULES.get(name)
    return rule(element) if rule else f"?{name}"


def _run(run: etree._Element) -> str:
    text = "".join(found.text or "" for found in run.iterchildren(M + "t"))
    properties = run.find(M + "rPr")
    if properties is None:
        return _plain(text)
    if properties.find(M + "nor") is not None:
        if not text.strip():
            return ""
        looks = run.find(_W + "rPr")
        names = [str(look.tag).removeprefix(_W) for look in looks] if looks is not None else []
        return f"{'b' if 'b' in names else 'i' if 'i' in names else ''}“{text}”"
    return f"⸢{_plain(text)}⸣" if _said(run, "sty", "i") == "p" and _plain(text) else _plain(text)


def _delimited(element: etree._Element) -> str:
    parts = _said(element, "sepChr", "|").translate(_SAME).join(_inside(part) for part in element.iterchildren(M + "e"))
    return f"{_said(element, 'begChr', '(')}{parts}{_said(element, 'endChr', ')')}"


def _large(element: etree._Element) -> str:
    below, above = _script("_", _child(element, "sub")), _script("^", _child(element, "sup"))
    return f"{_said(element, 'chr', '∫')}{below}{above}{_child(element, 'e')}"


def _matrix(element: etree._Element) -> str:
    rows = ["&".join(_inside(cell) for cell in row.iterchildren(M + "e")) for row in element.iterchildren(M + "mr")]
    return f"■({'@'.join(rows)})"


def _barred(element: etree._Element) -> str:
    place = _said(element, "pos", "bot")
    return f"{_child(element, 'e')}{'^' if place == 'top' else '_'}({_LINE_SIGNS.get(place, '?')})"


def _grouped(element: etree._Element) -> str:
    sign = _said(element, "chr", "⏟")
    place = "^" if _said(element, "pos", "bot") == "top" else "_"
    return f"{_child(element, 'e')}{place}({sign if sign in GROUPING else '?'})"


def _boxed(element: etree._Element) -> str:
    struck = [name for name in ("TLBR", "H", "BLTR") if _said(element, f"strike{name}", "0") == "1"]
    return f"▭{''.join(struck)}({_child(element, 'e')})"


def _fraction(element: etree._Element) -> str:
    bar = {"bar": "/", "noBar": "¦"}.get(_said(element, "type", "bar"), "?")
    return f"({_child(element, 'num')}){bar}({_child(element, 'den')})"


def _root(element: etree._Element) -> str:
    degree = _child(element, "deg")
    return f"√({degree}&{_child(element, 'e')})" if degree else f"√({_child(element, 'e')})"


def _scripted(element: etree._Element) -> str:
    name = str(element.tag).removeprefix(M)
    below = _script("_", _child(element, "sub")) if name != "sSup" else ""
    above = _script("^", _child(element, "sup")) if name != "sSub" else ""
    base = _child(element, "e")
    return f"{below}{above}{base}" if name == "sPre" else f"{base}{below}{above}"


def _equations(element: etree._Element) -> str:
    return f"■({'@'.join(_inside(row) for row in element.iterchildren(M + 'e'))})"


_RULES: Final[dict[str, Callable[[etree._Element], str]]] = {
    "oMath": _inside,
    "r": _run,
    "f": _fraction,
    "rad": _root,
    "sSub": _scripted,
    "sSup": _scripted,
    "sSubSup": _scripted,
    "sPre": _scripted,
    "nary": _large,
    "func": lambda element: _child(element, "fName") + _child(element, "e"),
    "limLow": lambda element: f"{_child(element, 'e')}{_script('_', _child(element, 'lim'))}",
    "limUpp": lambda element: f"{_child(element, 'e')}{_script('^', _child(element, 'lim'))}",
    "d": _delimited,
    "m": _matrix,
    "eqArr": _equations,
    "acc": lambda element: f"{_child(element, 'e')}^({_MARKS.get(_said(element, 'chr', ''), '?')})",
    "bar": _barred,
    "groupChr": _grouped,
    "borderBox": _boxed,
    "phant": lambda element: f"◌({_child(element, 'e')})",
}
