"""Equations of Office files (OMML) as TeX. Source: ECMA-376 part 1, 22.1.

What has no rule here keeps its text, and is told.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING

from forgeapp.reading.docx_xml import M, W

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_DEPTH = 40
_SIGNS = {
    "∑": "\\sum ", "∏": "\\prod ", "∐": "\\coprod ", "∫": "\\int ", "∬": "\\iint ", "∭": "\\iiint ", "∮": "\\oint ",
    "⋃": "\\bigcup ", "⋂": "\\bigcap ", "∞": "\\infty ", "±": "\\pm ", "∓": "\\mp ", "×": "\\times ", "÷": "\\div ",
    "⋅": "\\cdot ", "·": "\\cdot ", "≤": "\\le ", "≥": "\\ge ", "≠": "\\ne ", "≈": "\\approx ", "≡": "\\equiv ",
    "∼": "\\sim ", "≅": "\\cong ", "∝": "\\propto ", "→": "\\to ", "←": "\\leftarrow ", "↔": "\\leftrightarrow ",
    "⇒": "\\Rightarrow ", "⇐": "\\Leftarrow ", "⇔": "\\Leftrightarrow ", "↦": "\\mapsto ", "∈": "\\in ",
    "∉": "\\notin ", "∋": "\\ni ", "⊂": "\\subset ", "⊆": "\\subseteq ", "⊃": "\\supset ", "⊇": "\\supseteq ",
    "∪": "\\cup ", "∩": "\\cap ", "∅": "\\emptyset ", "∀": "\\forall ", "∃": "\\exists ", "¬": "\\neg ",
    "∧": "\\land ", "∨": "\\lor ", "∂": "\\partial ", "∇": "\\nabla ", "√": "\\surd ", "…": "\\dots ",
    "⋯": "\\cdots ", "⋮": "\\vdots ", "⋱": "\\ddots ", "′": "'", "°": "^{\\circ}", "ℝ": "\\mathbb{R}",
    "ℕ": "\\mathbb{N}", "ℤ": "\\mathbb{Z}", "ℚ": "\\mathbb{Q}", "ℂ": "\\mathbb{C}", "ℏ": "\\hbar ", "ℓ": "\\ell ",
    "−": "-", "∗": "*", "⊕": "\\oplus ", "⊗": "\\otimes ", "⊥": "\\perp ", "∥": "\\parallel ", "∠": "\\angle ",
    "ϕ": "\\phi ", "φ": "\\varphi ", "ϵ": "\\epsilon ", "ε": "\\varepsilon ", "ϑ": "\\vartheta ", "ς": "\\varsigma ",
    "ϖ": "\\varpi ", "ϱ": "\\varrho ", "″": "''", "‴": "'''", "∘": "\\circ ", "∣": "\\mid ", "‖": "\\|",
    "⟨": "\\langle ", "⟩": "\\rangle ", "⟹": "\\implies ", "⟺": "\\iff ", "⟸": "\\impliedby ", "⨁": "\\bigoplus ",
    "⨂": "\\bigotimes ", "ℜ": "\\Re ", "ℑ": "\\Im ", "ℵ": "\\aleph ", "≔": "\\coloneqq ", "\u2009": "\\,",
    "\u205f": "\\:", "\u2005": "\\;", "\u2002": "\\enspace ", "\u2003": "\\quad ", "\u200b": "",
}  # fmt: skip
_ESCAPED = {"{": "\\{", "}": "\\}", "%": "\\%", "#": "\\#", "&": "\\&", "$": "\\$", "_": "\\_", "\\": "\\backslash "}
_NEXT_ROW = " \\\\ "
_GREEK = re.compile(
    "alpha|beta|gamma|delta|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|upsilon|chi|psi|omega"
)
_UPRIGHT_CAPITALS = re.compile("gamma|delta|theta|lambda|xi|pi|sigma|upsilon|phi|psi|omega")
_ACCENTS = {
    "\u0300": "\\grave", "\u0301": "\\acute", "\u0302": "\\hat", "\u0303": "\\tilde", "\u0304": "\\bar",
    "\u0305": "\\overline", "\u0306": "\\breve", "\u0307": "\\dot", "\u0308": "\\ddot", "\u030c": "\\check",
    "\u030a": "\\mathring", "\u20db": "\\dddot", "\u20dc": "\\ddddot", "\u20d7": "\\vec",
    "\u20d6": "\\overleftarrow", "\u0332": "\\underline", "\u00af": "\\bar", "^": "\\hat",
    "~": "\\tilde", "→": "\\vec",
}  # fmt: skip
_FUNCTIONS = re.compile(
    "sin|cos|tan|cot|sec|csc|sinh|cosh|tanh|coth|arcsin|arccos|arctan|log|ln|lg|exp|det|dim|gcd|hom|inf|ker|lim|liminf"
    "|limsup|max|min|Pr|sup|arg|deg"
)
_STRIKES = {
    ("strikeBLTR",): "\\cancel", ("strikeTLBR",): "\\bcancel", ("strikeBLTR", "strikeTLBR"): "\\xcancel",
    ("strikeH",): "\\sout",
}  # fmt: skip
_VARIANTS = {
    "BOLD": "\\mathbf", "BOLD ITALIC": "\\boldsymbol", "DOUBLE-STRUCK": "\\mathbb", "SCRIPT": "\\mathcal",
    "BOLD SCRIPT": "\\mathcal", "FRAKTUR": "\\mathfrak", "BLACK-LETTER": "\\mathfrak", "SANS-SERIF": "\\mathsf",
    "MONOSPACE": "\\mathtt",
}  # fmt: skip
_VARIANT = re.compile(r"(?:MATHEMATICAL )?([A-Z -]+?) (?:CAPITAL|SMALL|DIGIT)\b.*")
_TEXTS = {W + "b": "textbf", W + "i": "textit"}
_ON = ("1", "on", "true", "")
_PRIMES = re.compile("'+")
_DECIMAL_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9])")
_FENCES = {"{": "\\{", "}": "\\}", "⟨": "\\langle ", "⟩": "\\rangle ", "⌊": "\\lfloor ", "⌋": "\\rfloor ",
           "⌈": "\\lceil ", "⌉": "\\rceil ", "‖": "\\|", "|": "|", "": "."}  # fmt: skip
_GROUPS = {"⏟": "\\underbrace", "⏞": "\\overbrace", "_": "\\underline", "¯": "\\overline"}


def tex_of(math: _Element) -> tuple[str, bool]:
    """The TeX of an `m:oMath` or `m:oMathPara`, without dollars, and whether nothing of it was left to guess."""
    reader = _Reader()
    text = " ".join(reader.inside(math, 0).split())
    return text, reader.is_whole


class _Reader:
    def __init__(self) -> None:
        self.is_whole = True

    def inside(self, element: _Element | None, depth: int) -> str:
        if element is None:
            return ""
        if depth > MAX_DEPTH:
            self.is_whole = False
            return _shown("".join(text.text or "" for text in element.iter(M + "t")))
        return "".join(self._part(child, depth + 1) for child in element.iterchildren("*"))

    def _part(self, element: _Element, depth: int) -> str:
        name = str(element.tag)
        if name == W + "r":
            return _shown("".join(text.text or "" for text in element.iter(W + "t")))
        if not name.startswith(M):
            return (
                self.inside(element, depth) if name in (W + "ins", W + "smartTag", W + "sdt", W + "sdtContent") else ""
            )
        name = name.removeprefix(M)
        if name.endswith("Pr"):
            return ""
        if name in _RULES:
            return _RULES[name](self, element, depth)
        if name not in ("oMath", "oMathPara", "e", "num", "den", "sup", "sub", "deg", "fName", "lim", "box"):
            self.is_whole = False
        return self.inside(element, depth)

    def _child(self, element: _Element, name: str, depth: int) -> str:
        return self.inside(element.find(M + name), depth).strip()

    def run(self, element: _Element, _depth: int) -> str:
        text = "".join(found.text or "" for found in element.iterchildren(M + "t", W + "t"))
        properties = element.find(M + "rPr")
        is_words = properties is not None and properties.find(M + "nor") is not None
        if is_words and text and not text.strip():
            return "\\ "
        if is_words and text:
            looks = element.find(W + "rPr")
            name = "text" if looks is None else _TEXTS.get(next((str(look.tag) for look in looks), ""), "text")
            return f"\\{name}{{{_escaped_text(text)}}}"
        style = _said(properties, "sty")
        word = "".join(text.split())
        if style in ("p", "b") and word.isalpha() and word.isascii() and (style == "p" or len(word) > 1):
            return f"\\{word} " if _FUNCTIONS.fullmatch(word) else f"\\mathrm{{{word}}}"
        return _DECIMAL_COMMA.sub("{,}", _shown(text))

    def fraction(self, element: _Element, depth: int) -> str:
        above, below = self._child(element, "num", depth), self._child(element, "den", depth)
        match _said(element.find(M + "fPr"), "type"):
            case "noBar":
                return f"\\binom{{{above}}}{{{below}}}"
            case "lin" | "skw":
                return f"{{{above}}}/{{{below}}}"
        return f"\\frac{{{above}}}{{{below}}}"

    def root(self, element: _Element, depth: int) -> str:
        degree, radicand = self._child(element, "deg", depth), self._child(element, "e", depth)
        return f"\\sqrt[{degree}]{{{radicand}}}" if degree else f"\\sqrt{{{radicand}}}"

    def raised(self, element: _Element, depth: int) -> str:
        return f"{self._base(element, depth)}{_raised(self._child(element, 'sup', depth))}"

    def lowered(self, element: _Element, depth: int) -> str:
        return f"{self._base(element, depth)}_{_grouped(self._child(element, 'sub', depth))}"

    def lowered_and_raised(self, element: _Element, depth: int) -> str:
        below, above = self._child(element, "sub", depth), self._child(element, "sup", depth)
        return f"{self._base(element, depth)}_{_grouped(below)}{_raised(above)}"

    def before(self, element: _Element, depth: int) -> str:
        below, above = self._child(element, "sub", depth), self._child(element, "sup", depth)
        return f"{{}}_{_grouped(below)}^{_grouped(above)}{self._child(element, 'e', depth)}"

    def _base(self, element: _Element, depth: int) -> str:
        base = self._child(element, "e", depth)
        return base if len(base) <= 1 or (base.startswith("\\") and base[1:].isalpha()) else f"{{{base}}}"

    def large_operator(self, element: _Element, depth: int) -> str:
        sign = _said(element.find(M + "naryPr"), "chr") or "∫"
        below, above = self._child(element, "sub", depth), self._child(element, "sup", depth)
        limits = (f"_{_grouped(below)}" if below else "") + (f"^{_grouped(above)}" if above else "")
        operator = _SIGNS.get(sign, _shown(sign)).strip()
        return f"{operator}{limits} {self._child(element, 'e', depth)}"

    def fenced(self, element: _Element, depth: int) -> str:
        properties = element.find(M + "dPr")
        opening, closing = _said(properties, "begChr"), _said(properties, "endChr")
        parts = [self.inside(part, depth).strip() for part in element.iterchildren(M + "e")]
        inner = f" {_said(properties, 'sepChr') or '|'} ".join(parts)
        opening, closing = "(" if opening is None else opening, ")" if closing is None else closing
        if (opening, closing) == ("(", ")") and inner.startswith("\\binom"):
            return inner
        if opening == "{" and not closing and inner.startswith("\\begin{aligned}"):
            return inner.replace("{aligned}", "{cases}")
        return f"\\left{_FENCES.get(opening, opening)}{inner}\\right{_FENCES.get(closing, closing)}"

    def function(self, element: _Element, depth: int) -> str:
        name, argument = self._child(element, "fName", depth), self._child(element, "e", depth)
        if _FUNCTIONS.fullmatch(name):
            name = f"\\{name}"
        elif name.isalpha() and len(name) > 1:
            name = f"\\operatorname{{{name}}}"
        return f"{name} {argument}"

    def limit_below(self, element: _Element, depth: int) -> str:
        base, limit = self._child(element, "e", depth), self._child(element, "lim", depth)
        if _FUNCTIONS.fullmatch(base):
            base = f"\\{base}"
        if base.startswith(("\\underbrace", "\\lim", "\\max", "\\min", "\\sup", "\\inf")):
            return f"{base}_{_grouped(limit)}"
        return f"\\underset{{{limit}}}{{{base}}}"

    def limit_above(self, element: _Element, depth: int) -> str:
        base, limit = self._child(element, "e", depth), self._child(element, "lim", depth)
        return f"{base}^{_grouped(limit)}" if base.startswith("\\overbrace") else f"\\overset{{{limit}}}{{{base}}}"

    def matrix(self, element: _Element, depth: int) -> str:
        rows = [
            " & ".join(self.inside(cell, depth).strip() for cell in row.iterchildren(M + "e"))
            for row in element.iterchildren(M + "mr")
        ]
        return f"\\begin{{matrix}}{_NEXT_ROW.join(rows)}\\end{{matrix}}"

    def equations(self, element: _Element, depth: int) -> str:
        rows = [self.inside(row, depth).strip().replace("\\&", "&") for row in element.iterchildren(M + "e")]
        return f"\\begin{{aligned}}{_NEXT_ROW.join(rows)}\\end{{aligned}}"

    def accented(self, element: _Element, depth: int) -> str:
        accent = _said(element.find(M + "accPr"), "chr")
        command = _ACCENTS.get("\u0302" if accent is None else accent)
        if command is None:
            self.is_whole = False
            return self._child(element, "e", depth)
        return f"{command}{{{self._child(element, 'e', depth)}}}"

    def barred(self, element: _Element, depth: int) -> str:
        command = "\\overline" if _said(element.find(M + "barPr"), "pos") == "top" else "\\underline"
        return f"{command}{{{self._child(element, 'e', depth)}}}"

    def braced(self, element: _Element, depth: int) -> str:
        command = _GROUPS.get(_said(element.find(M + "groupChrPr"), "chr") or "⏟")
        if command is None:
            self.is_whole = False
            return self._child(element, "e", depth)
        return f"{command}{{{self._child(element, 'e', depth)}}}"

    def boxed(self, element: _Element, depth: int) -> str:
        properties = element.find(M + "borderBoxPr")
        strikes = tuple(name for name in ("strikeH", "strikeBLTR", "strikeTLBR") if _said(properties, name) in _ON)
        command = _STRIKES.get(strikes, "\\boxed")
        return f"{command}{{{self._child(element, 'e', depth)}}}"

    def phantom(self, element: _Element, depth: int) -> str:
        inside = self._child(element, "e", depth)
        return (
            f"\\phantom{{{inside}}}" if _said(element.find(M + "phantPr"), "show") in ("0", "off", "false") else inside
        )


_RULES: dict[str, Callable[[_Reader, _Element, int], str]] = {
    "r": _Reader.run,
    "f": _Reader.fraction,
    "rad": _Reader.root,
    "sSup": _Reader.raised,
    "sSub": _Reader.lowered,
    "sSubSup": _Reader.lowered_and_raised,
    "sPre": _Reader.before,
    "nary": _Reader.large_operator,
    "d": _Reader.fenced,
    "func": _Reader.function,
    "limLow": _Reader.limit_below,
    "limUpp": _Reader.limit_above,
    "m": _Reader.matrix,
    "eqArr": _Reader.equations,
    "acc": _Reader.accented,
    "bar": _Reader.barred,
    "groupChr": _Reader.braced,
    "borderBox": _Reader.boxed,
    "phant": _Reader.phantom,
}


def _said(properties: _Element | None, name: str) -> str | None:
    child = properties.find(M + name) if properties is not None else None
    return None if child is None else child.get(M + "val", "")


def _grouped(text: str) -> str:
    return text if len(text) == 1 and text.isalnum() else f"{{{text}}}"


def _raised(text: str) -> str:
    """Above a base: primes stand without a sign of their own."""
    primes = _PRIMES.match(text)
    rest = text[primes.end() :] if primes else text
    return f"{primes[0] if primes else ''}{f'^{_grouped(rest)}' if rest or not primes else ''}"


def _escaped_text(text: str) -> str:
    return "".join(_ESCAPED.get(character, character) for character in text)


def _shown(text: str) -> str:
    return "".join(_sign(character) for character in text)


def _sign(character: str) -> str:
    if character.isascii():
        return _ESCAPED.get(character, character)
    if character in _SIGNS:
        return _SIGNS[character]
    plain = unicodedata.normalize("NFKC", character)
    if plain != character and len(plain) == 1:
        # Mathematical alphanumerics: '𝑥' is an x, '𝐱' a bold one.
        variant = _VARIANT.fullmatch(unicodedata.name(character, ""))
        command = _VARIANTS.get(variant[1]) if variant else None
        return f"{command}{{{_sign(plain).strip()}}}" if command else _sign(plain)
    script, size, _, letter = (*unicodedata.name(character, "").lower().replace("lamda", "lambda").split(), *[""] * 4)[
        :4
    ]
    if script == "greek" and (_GREEK if size == "small" else _UPRIGHT_CAPITALS).fullmatch(letter):
        return f"\\{letter if size == 'small' else letter.capitalize()} "
    return character
