"""TeX as MathML: latex2mathml's tree, made clean, so that a browser may be given it and Word's equations be made of it.

Of the tree only elements and attributes named here are kept, whatever a formula says of classes, styles, addresses or
colours; letters of a variant are characters of their own (bold x is U+1D431), as MathML Core asks. Macros are refused:
they grow without bound. Source: MathML Core (W3C), MathML 3 for `mtable`'s and `menclose`'s attributes.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final
from xml.etree.ElementTree import Element, SubElement

MAX_CHARS: Final = 2_000
MAX_DEPTH: Final = 20
"""Of braces, fences and environments."""
MAX_TREE_DEPTH: Final = 100
LARGE_OPERATORS: Final = frozenset("∑∏∐⋀⋁⋂⋃⨀⨁⨂⨄⨆∫∬∭⨌∮∯∰")
INTEGRALS: Final = frozenset("∫∬∭⨌∮∯∰")
LIMIT_WORDS: Final = frozenset(("lim", "max", "min", "sup", "inf"))
_LIMITED = LIMIT_WORDS | (LARGE_OPERATORS - INTEGRALS)

_NESTS = re.compile(r"\\[{}\\]|\\left(?![A-Za-z])|\\right(?![A-Za-z])|\\begin\b|\\end\b|[{}]")
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*\n?")
_REFUSED = re.compile(
    r"\\(?:newcommand|renewcommand|providecommand|def|gdef|let|newenvironment|DeclareMathOperator|require|input|include)"
    r"(?![A-Za-z])"
)
_LABEL = re.compile(r"\\(?:label|ref|eqref)\s*\{[^{}]*\}|\\(?:displaylimits|allowbreak|nobreak)(?![A-Za-z])")
_TAG = re.compile(r"\\tag\*?(?=\s*\{)")
_UNNUMBERED = re.compile(r"\\(?:nonumber|notag)(?![A-Za-z])")
_WHOLE = re.compile(r"\\(?:begin|end)\s*\{(?:equation|displaymath|math)\*?\}")
_ALIGNED = re.compile(r"\\(begin|end)\s*\{(?:aligned|align|flalign|eqnarray|split)\*?\}(?:\[[tbc]\])?")
_ALIGNED_AT = re.compile(
    r"\\(?:begin\s*\{align(?:ed)?at\*?\}(?:\[[tbc]\])?\s*\{\d{1,2}\}|(end)\s*\{align(?:ed)?at\*?\})"
)
_GATHERED = re.compile(r"\\(begin|end)\s*\{(?:gathered|gather|multline|multlined)\*?\}(?:\[[tbc]\])?")
_CASES = re.compile(r"\\(begin|end)\s*\{(dcases|rcases|drcases|cases)\*?\}")
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\s*(?:\{([^{}]*)\})?")
_BRACED_BEHIND = {"begin": r"\left.\begin{array}{ll}", "end": r"\end{array}\right\}"}
_WORDS = re.compile(r"\\(arg|injlim|projlim)(?![A-Za-z])")
_TEXT_WITH_MATH = re.compile(r"\\text(?=\{[^{}$]*\$)")
_ENTITY = re.compile(r"&#x([0-9A-Fa-f]{1,6});")
_UPRIGHT = re.compile(r"&#x0{0,4}(?:4[1-9A-F]|5[0-9A]|6[1-9A-F]|7[0-9A]|39[1-9A-F]|3A[0-9]);", re.IGNORECASE)
"""Latin letters told by their code are those of \\mathrm; Greek capitals stand upright in TeX."""
_UNDERSTOOD_NOT = re.compile(r"\\[A-Za-z]")
_ESCAPED = re.compile(r"\\([#$%&_{}])")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LENGTH = re.compile(r"([+-]?)(\d{1,4}(?:\.\d{0,6})?|\.\d{1,6})\s*(em|ex|px|pt|cm|mm|in|mu)")
_NAMED_LENGTHS = {
    "negativethinmathspace": "-0.167em",
    "negativemediummathspace": "-0.222em",
    "negativethickmathspace": "-0.278em",
    "thinmathspace": "0.167em",
    "thickmathspace": "0.278em",
}
_LEAVES = frozenset(("mi", "mo", "mn", "mtext"))
_GROUPS = frozenset(
    ("mrow", "mstyle", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "munder", "mover", "munderover", "mtable",
     "mtr", "mtd", "mphantom", "menclose")
)  # fmt: skip
_KEPT = {
    "mo": ("stretchy", "fence", "form", "movablelimits", "minsize", "maxsize", "largeop"),
    "mstyle": ("displaystyle", "scriptlevel"),
    "mfrac": ("linethickness",),
    "mover": ("accent",),
    "mtable": ("columnalign", "displaystyle", "columnlines", "rowlines", "columnspacing", "rowspacing"),
    "mtd": ("columnalign",),
    "menclose": ("notation",),
}
_PLAIN_VALUE = re.compile(r"[A-Za-z0-9. +-]{1,80}")
_ARITY = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3}
_DIACRITICS = frozenset("´¯˘ˇ˙¨⃛⃜`^˚~")
_LINE = "―"
_TEXT_STYLES = {"bold": "font-weight: bold", "italic": "font-style: italic", "monospace": "font-family: monospace"}
_VARIANTS = {
    "bold": "BOLD",
    "bold-italic": "BOLD ITALIC",
    "double-struck": "DOUBLE-STRUCK",
    "script": "SCRIPT",
    "fraktur": "FRAKTUR",
    "sans-serif": "SANS-SERIF",
    "sans-serif-italic": "SANS-SERIF ITALIC",
    "monospace": "MONOSPACE",
}
_OTHERWISE_NAMED = {
    "DOUBLE-STRUCK CAPITAL C": "ℂ", "DOUBLE-STRUCK CAPITAL H": "ℍ",
    "DOUBLE-STRUCK CAPITAL N": "ℕ", "DOUBLE-STRUCK CAPITAL P": "ℙ", "DOUBLE-STRUCK CAPITAL Q": "ℚ",
    "DOUBLE-STRUCK CAPITAL R": "ℝ", "DOUBLE-STRUCK CAPITAL Z": "ℤ", "SCRIPT CAPITAL B": "ℬ", "SCRIPT CAPITAL E": "ℰ",
    "SCRIPT CAPITAL F": "ℱ", "SCRIPT CAPITAL H": "ℋ", "SCRIPT CAPITAL I": "ℐ", "SCRIPT CAPITAL L": "ℒ",
    "SCRIPT CAPITAL M": "ℳ", "SCRIPT CAPITAL R": "ℛ", "SCRIPT SMALL E": "ℯ", "SCRIPT SMALL G": "ℊ",
    "SCRIPT SMALL O": "ℴ", "FRAKTUR CAPITAL C": "ℭ", "FRAKTUR CAPITAL H": "ℌ", "FRAKTUR CAPITAL I": "ℑ",
    "FRAKTUR CAPITAL R": "ℜ", "FRAKTUR CAPITAL Z": "ℨ",
}  # fmt: skip


class _NotUnderstood(Exception):
    """Something in the formula has no rule."""


def math_tree(tex: str, is_block: bool) -> Element | None:
    """A `math` element without namespaces, each of its elements with as many children as its name asks for.

    None where the TeX is not understood or out of bounds.
    """
    if len(tex) > MAX_CHARS:
        return None
    tex = _COMMENT.sub(r"\1", tex).strip()
    if not tex or depth_of(tex) > MAX_DEPTH or _REFUSED.search(tex) or _FORBIDDEN.search(tex):
        return None
    tree = _understood(tex, is_block)
    if tree is None and "\\\\" in tex:
        # Rows without an environment.
        name = "aligned" if "&" in tex else "gathered"
        tree = _understood(f"\\begin{{{name}}}{tex}\\end{{{name}}}", is_block)
    return tree


def _understood(tex: str, is_block: bool) -> Element | None:
    try:
        tree = _converted(_rewritten(tex), is_block)
    except _NotUnderstood:
        return None
    return None if any(space.get("linebreak") for space in tree.iter("mspace")) else tree


def depth_of(tex: str) -> int:
    """How deep braces, fences and environments stand in one another."""
    depth = deepest = 0
    for match in _NESTS.finditer(tex):
        if match[0] in ("{", "\\left", "\\begin"):
            depth += 1
            deepest = max(deepest, depth)
        elif match[0] in ("}", "\\right", "\\end"):
            depth -= 1
    return deepest


def _rewritten(tex: str) -> str:
    """What the library does not know said in words it knows."""
    tex = _TAG.sub(lambda match: f"\\qquad {match[0]}", _UNNUMBERED.sub("", _LABEL.sub("", tex)))
    tex = with_known_environments(tex)
    return _TEXT_WITH_MATH.sub(r"\\hbox", _WORDS.sub(r"\\operatorname{\1}", tex))


def with_known_environments(tex: str) -> str:
    """Environments that say the same as one the library knows, as that."""
    tex = _WHOLE.sub("", tex)
    tex = _ALIGNED.sub(r"\\\1{split}", tex)
    tex = _ALIGNED_AT.sub(lambda match: f"\\{match[1] or 'begin'}{{split}}", tex)
    tex = _GATHERED.sub(r"\\\1{displaylines}", tex)
    return _CASES.sub(
        lambda match: _BRACED_BEHIND[match[1]] if match[2].endswith("rcases") else f"\\{match[1]}{{cases}}", tex
    )


def unknown_environment(tex: str) -> str | None:
    """The name of the first environment of which the library would keep nothing but the letters; None for none."""
    from latex2mathml.commands import MATRICES

    names = ((match[1] or "").strip() for match in _ENVIRONMENT.finditer(tex))
    return next((name for name in names if f"\\{name}" not in MATRICES), None)


def _converted(tex: str, is_block: bool) -> Element:
    from latex2mathml.converter import Converter

    if unknown_environment(tex) is not None:
        raise _NotUnderstood
    display = "block" if is_block else "inline"
    try:
        source = Converter(display=display).convert_to_element(tex)
    except Exception as error:
        # The library raises whatever a broken formula leads it to: its own errors, StopIteration, RecursionError.
        raise _NotUnderstood from error
    math = Element("math", {"xmlns": "http://www.w3.org/1998/Math/MathML", "display": display})
    for child in source:
        _clean_into(math, child, 0)
    return math


def _clean_into(parent: Element, source: Element, depth: int) -> None:
    if depth > MAX_TREE_DEPTH:
        raise _NotUnderstood
    name = str(source.tag)
    if name in _LEAVES and not len(source):
        _add_leaf(parent, source)
    elif name == "mspace":
        _add_space(parent, source)
    elif name in ("mpadded", "mi", "mo", "mtext"):
        # A letter or sign made of several, such as \mathop{...}.
        row = SubElement(parent, "mrow")
        if name == "mpadded" and "".join(source.itertext()) == "&#x029F8;":
            row.set("class", "negation")
        for child in source:
            _clean_into(row, child, depth + 1)
    elif name in _GROUPS:
        element = SubElement(parent, name, _kept(source))
        for child in source:
            _clean_into(element, child, depth + 1)
        _negate(element)
        _join_decimals(element)
        _set_right(element)
    else:
        raise _NotUnderstood


def _kept(source: Element) -> dict[str, str]:
    return {
        key: value
        for key in _KEPT.get(str(source.tag), ())
        if (value := source.get(key)) and _PLAIN_VALUE.fullmatch(value)
    }


def _add_leaf(parent: Element, source: Element) -> None:
    raw = source.text or ""
    name = str(source.tag)
    text = _ENTITY.sub(_character, raw)
    attributes = _kept(source)
    variant = source.get("mathvariant", "normal" if name == "mi" and _UPRIGHT.fullmatch(raw) else "")
    if name == "mtext":
        text = _ESCAPED.sub(r"\1", text)
        if variant in _TEXT_STYLES:
            attributes |= {"mathvariant": variant, "style": _TEXT_STYLES[variant]}
        variant = ""
    elif text == "&" or _UNDERSTOOD_NOT.match(text):
        raise _NotUnderstood
    if variant == "normal" and name == "mi":
        attributes["mathvariant"] = "normal"
    elif variant in _VARIANTS:
        text = "".join(_in_variant(character, variant) for character in text)
    SubElement(parent, name, attributes).text = text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    if code > 0x10FFFF or _FORBIDDEN.match(chr(code)):
        raise _NotUnderstood
    return chr(code)


@cache
def _in_variant(character: str, variant: str) -> str:
    """The character of Mathematical Alphanumeric Symbols; the same where Unicode has none."""
    kind = _VARIANTS[variant]
    if not (character.isascii() and character.isalnum()) and not "\u0391" <= character <= "\u03c9":
        return character
    name = unicodedata.name(character).replace("LATIN ", "").replace("GREEK ", "").replace(" LETTER", "")
    name = f"{kind} {name}"
    if name in _OTHERWISE_NAMED:
        return _OTHERWISE_NAMED[name]
    try:
        return unicodedata.lookup(f"MATHEMATICAL {name}")
    except KeyError:
        return character


def _add_space(parent: Element, source: Element) -> None:
    if source.get("linebreak"):
        SubElement(parent, "mspace", {"linebreak": "newline"})
        return
    width = source.get("width", "")
    match = _LENGTH.fullmatch(_NAMED_LENGTHS.get(width, width.strip()))
    if match:
        sign, figure, unit = match.groups()
        if unit == "mu":
            figure, unit = f"{float(figure) / 18:.3f}", "em"
        SubElement(parent, "mspace", {"width": f"{'-' if sign == '-' else ''}{figure}{unit}"})


def _negate(parent: Element) -> None:
    """\\not and what follows it become one sign."""
    for stroke in [child for child in parent if child.get("class") == "negation"]:
        following = list(parent).index(stroke) + 1
        parent.remove(stroke)
        leaf = parent[following - 1] if following <= len(parent) else None
        if leaf is None or leaf.tag not in _LEAVES or not leaf.text:
            raise _NotUnderstood
        leaf.text = unicodedata.normalize("NFC", leaf.text[0] + "\u0338") + leaf.text[1:]


def _join_decimals(parent: Element) -> None:
    """0{,}87 is one number: a comma in braces would be given the room of one between two."""
    if parent.tag not in ("mrow", "mstyle", "math"):
        return
    at = 0
    while at + 2 < len(parent):
        whole, comma, rest = parent[at], parent[at + 1], parent[at + 2]
        fraction = rest[0] if rest.tag in ("msub", "msup", "msubsup") and len(rest) else rest
        is_comma = comma.tag == "mrow" and len(comma) == 1 and comma[0].tag == "mo" and comma[0].text == ","
        if is_comma and whole.tag == fraction.tag == "mn" and "," not in (whole.text or ""):
            fraction.text = f"{whole.text},{fraction.text}"
            parent.remove(whole)
            parent.remove(comma)
        at += 1


def _set_right(element: Element) -> None:
    """As many children as the element asks for; limits below and above; accents said to be accents."""
    name = str(element.tag)
    wanted = _ARITY.get(name)
    if wanted is not None and len(element) != wanted:
        raise _NotUnderstood
    if wanted is None or name in ("mfrac", "mroot"):
        return
    base = element[0]
    if base.tag == "mo" and (base.get("movablelimits") or base.text in _LIMITED):
        element.tag = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}.get(name, name)
        base.set("movablelimits", "true")
    mark = element[-1]
    if name in ("mover", "munder") and mark.tag == "mo":
        if mark.text == _LINE:
            mark.text = "\u203e" if name == "mover" else "_"
            mark.set("stretchy", "true")
        if name == "mover" and (mark.text or "") in _DIACRITICS:
            element.set("accent", "true")
