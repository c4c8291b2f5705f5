"""Formulas as Word's own equations (OMML), from clean MathML.

Letters of a variant (bold, double-struck, script, fraktur) stand as the characters Unicode has for them, which Word
and LibreOffice both draw. Colours, sizes and lines between the rows of a matrix are not carried over.
Source: ECMA-376 part 1, 22.1; the order of elements is that of its schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final
from xml.etree.ElementTree import Element

from forgeapp.exporters.docx.text import escape
from forgeapp.exporters.mathml import INTEGRALS, LARGE_OPERATORS, math_tree

MAX_DEPTH: Final = 40
NOTHING: Final = "\u200b"
"""Where a formula leaves a place empty: Word draws a dotted box around one without a character."""
ACCENTS: Final = {
    "´": "\u0301", "¯": "\u0304", "˘": "\u0306", "ˇ": "\u030c", "˙": "\u0307", "¨": "\u0308", "\u20db": "\u20db",
    "\u20dc": "\u20dc", "`": "\u0300", "^": "\u0302", "˚": "\u030a", "~": "\u0303", "→": "\u20d7", "←": "\u20d6",
    "↔": "\u20e1",
}  # fmt: skip
GROUPING: Final = frozenset("⏞⏟⎴⎵⏜⏝")
LINES: Final = {"\u203e": "top", "_": "bot"}
_OVER_OR_UNDER = GROUPING | LINES.keys()
_SIGNS = str.maketrans({"-": "\u2212", "*": "\u2217"})
_BRACKETS = frozenset("()[]{}|‖⟨⟩⌊⌋⌈⌉∣∥/\\↑↓↕⇑⇓⇕")
_OPENING, _CLOSING = frozenset("([{⟨⌊⌈"), frozenset(")]}⟩⌋⌉")
_RELATIONS = frozenset("=<>≤≥≠≈≡∼≅∝→⇒⟹⇔⟺←⇐↦∈∉⊂⊆⊃⊇≪≫≔:,;")
_SUMS = frozenset("+-−±")
_SCRIPTS = ("msub", "msup", "msubsup", "munder", "mover", "munderover")
_STRIKES = {"updiagonalstrike": "strikeBLTR", "downdiagonalstrike": "strikeTLBR", "horizontalstrike": "strikeH"}
_TEXT_LOOKS = {"bold": "<w:rPr><w:b/><w:bCs/></w:rPr>", "italic": "<w:rPr><w:i/><w:iCs/></w:rPr>"}
_SPACES = ((0.0, ""), (0.2, "\u2009"), (0.24, "\u205f"), (0.4, "\u2005"), (0.75, "\u2002"), (1.5, "\u2003"))
_EMS = {"em": 1.0, "ex": 0.5, "px": 1 / 12, "pt": 0.1, "cm": 2.8, "mm": 0.28, "in": 7.2}


class _Unmapped(Exception):
    """OMML has nothing for it."""


def office_math(tex: str, is_block: bool) -> str | None:
    """An `m:oMath`, for a block within an `m:oMathPara`; None where the TeX has no equation Word could hold."""
    tree = math_tree(tex, is_block)
    if tree is None:
        return None
    try:
        content = _Writer(is_block).row(tree, 0)
    except _Unmapped:
        return None
    if not content:
        return None
    math = f"<m:oMath>{content}</m:oMath>"
    return f"<m:oMathPara>{math}</m:oMathPara>" if is_block else math


def is_function(leaf: Element) -> bool:
    """Whether it is a name such as sin or lim, which stands before what it is applied to."""
    text = (leaf.text or "").replace("\u2009", "").replace("\u2006", "")
    return leaf.tag in ("mi", "mo") and len(text) > 1 and text.isalpha() and text.isascii() and text != "mod"


def flat(children: Iterable[Element]) -> list[Element]:
    """The items of a row: groups that only group are opened, those between fences kept."""
    items: list[Element] = []
    for child in children:
        if child.tag in ("mrow", "mstyle", "math") and not _is_fenced(child):
            items += flat(child)
        else:
            items.append(child)
    return items


def _is_fenced(row: Element) -> bool:
    return len(row) > 0 and row[0].tag == "mo" and row[0].get("form") == "prefix"


class _Writer:
    def __init__(self, is_block: bool) -> None:
        self._limits = "undOvr" if is_block else "subSup"

    def row(self, children: Iterable[Element], depth: int) -> str:
        return self._items(flat(children), depth)

    def _argument(self, name: str, children: Iterable[Element], depth: int) -> str:
        return _filled(name, self.row(children, depth))

    def _items(self, items: Sequence[Element], depth: int) -> str:
        if depth > MAX_DEPTH:
            raise _Unmapped
        runs = _Runs()
        at = 0
        while at < len(items):
            item, sign = items[at], _large_sign(items[at])
            if sign is not None:
                end = _operand_end(items, at + 1, ends_at_plus=(sign.text or "") not in INTEGRALS)
                runs.close(self._large_operator(item, sign.text or "", items[at + 1 : end], depth + 1))
            elif is_function(_nucleus(item)) and (end := _applied_end(items, at + 1)) > at + 1:
                name = _filled("fName", self._one(item, depth + 1))
                runs.close(f"<m:func>{name}{_filled('e', self._items(items[at + 1 : end], depth + 1))}</m:func>")
            elif item.tag in ("msub", "msup", "msubsup") and not _has_text(item[0]) and at + 1 < len(items):
                end = at + 2
                runs.close(self._before(item, items[at + 1], depth + 1))
            elif (end := _bracketed_end(items, at)) > at:
                inside = self._items(items[at + 1 : end - 1], depth + 1)
                runs.close(_delimited(items[at].text or "", items[end - 1].text or "", [inside]))
            elif item.tag in ("mi", "mo", "mn", "mtext", "mspace"):
                end = at + 1
                runs.add(item)
            else:
                end = at + 1
                runs.close(self._one(item, depth + 1))
            at = end
        return runs.close("")

    def _one(self, item: Element, depth: int) -> str:
        """A single element; its rules are those of its name."""
        if depth > MAX_DEPTH:
            raise _Unmapped
        match item.tag:
            case "mi" | "mo" | "mn" | "mtext" | "mspace":
                runs = _Runs()
                runs.add(item)
                return runs.close("")
            case "mrow" | "mstyle" | "math":
                return self._fenced(item, depth) if _is_fenced(item) else self.row(item, depth)
            case "mfrac":
                return self._fraction(item, depth)
            case "msqrt":
                hidden = '<m:radPr><m:degHide m:val="1"/></m:radPr><m:deg/>'
                return f"<m:rad>{hidden}{self._argument('e', item, depth)}</m:rad>"
            case "mroot":
                radicand, degree = (self._argument(*part, depth) for part in (("e", item[:1]), ("deg", item[1:])))
                return f"<m:rad>{degree}{radicand}</m:rad>"
            case "msub" | "msup" | "msubsup":
                return self._scripts(item, depth)
            case "munder" | "mover" | "munderover":
                return self._stacked(item, depth)
            case "mtable":
                return self._table(item, depth)
            case "menclose":
                return self._enclosed(item, depth)
            case "mphantom":
                shown = '<m:phantPr><m:show m:val="0"/></m:phantPr>'
                return f"<m:phant>{shown}{self._argument('e', item, depth)}</m:phant>"
        raise _Unmapped

    def _fraction(self, item: Element, depth: int) -> str:
        thickness = item.get("linethickness", "")
        has_bar = not thickness or thickness.strip("0.") not in ("", "em", "pt", "px", "ex", "mm", "cm", "in")
        shape = "" if has_bar else '<m:fPr><m:type m:val="noBar"/></m:fPr>'
        above, below = self._argument("num", item[:1], depth), self._argument("den", item[1:], depth)
        return f"<m:f>{shape}{above}{below}</m:f>"

    def _scripts(self, item: Element, depth: int) -> str:
        base, *others = item
        name, parts = {
            "msub": ("sSub", ("sub",)),
            "msup": ("sSup", ("sup",)),
            "msubsup": ("sSubSup", ("sub", "sup")),
        }[str(item.tag)]
        content = self._argument("e", (base,), depth)
        for part, other in zip(parts, others, strict=True):
            content += self._argument(part, (other,), depth)
        return f"<m:{name}>{content}</m:{name}>"

    def _before(self, item: Element, following: Element, depth: int) -> str:
        """Scripts with nothing before them belong to what follows, as in the mass number of an isotope."""
        scripts = dict(zip(("sub", "sup") if item.tag != "msup" else ("sup",), item[1:], strict=False))
        content = "".join(
            self._argument(part, (scripts[part],) if part in scripts else (), depth) for part in ("sub", "sup")
        )
        return f"<m:sPre>{content}{self._argument('e', (following,), depth)}</m:sPre>"

    def _stacked(self, item: Element, depth: int) -> str:
        base, mark = item[0], item[-1]
        sign = mark.text or ""
        if item.tag != "munderover" and mark.tag == "mo":
            content = self._argument("e", (base,), depth)
            if item.tag == "mover" and sign in ACCENTS and not _is_arrow(base):
                return f'<m:acc><m:accPr><m:chr m:val="{ACCENTS[sign]}"/></m:accPr>{content}</m:acc>'
            if sign in LINES:
                return f'<m:bar><m:barPr><m:pos m:val="{LINES[sign]}"/></m:barPr>{content}</m:bar>'
            if sign in GROUPING:
                place, other = ("top", "bot") if item.tag == "mover" else ("bot", "top")
                shape = f'<m:chr m:val="{sign}"/><m:pos m:val="{place}"/><m:vertJc m:val="{other}"/>'
                return f"<m:groupChr><m:groupChrPr>{shape}</m:groupChrPr>{content}</m:groupChr>"
        content = self._one(base, depth)
        if item.tag != "mover":
            content = f"<m:limLow>{_filled('e', content)}{self._argument('lim', (item[1],), depth)}</m:limLow>"
        if item.tag != "munder":
            content = f"<m:limUpp>{_filled('e', content)}{self._argument('lim', (mark,), depth)}</m:limUpp>"
        return content

    def _large_operator(self, item: Element, sign: str, operand: Sequence[Element], depth: int) -> str:
        below = item[1] if item.tag in ("msub", "msubsup", "munder", "munderover") else None
        above = item[-1] if item.tag in ("msup", "msubsup", "mover", "munderover") else None
        limits = self._limits
        if sign in INTEGRALS:
            limits = "undOvr" if item.tag in ("munder", "mover", "munderover") else "subSup"
        properties = f'<m:chr m:val="{sign}"/><m:limLoc m:val="{limits}"/>'
        properties += '<m:subHide m:val="1"/>' if below is None else ""
        properties += '<m:supHide m:val="1"/>' if above is None else ""
        scripts = "".join(
            f"<m:{name}/>" if part is None else self._argument(name, (part,), depth)
            for name, part in (("sub", below), ("sup", above))
        )
        return f"<m:nary><m:naryPr>{properties}</m:naryPr>{scripts}{_filled('e', self._items(operand, depth))}</m:nary>"

    def _fenced(self, row: Element, depth: int) -> str:
        items = flat(list(row)[1:])
        closing = ""
        if items and items[-1].tag == "mo" and items[-1].get("form") == "postfix":
            closing = items.pop().text or ""
        parts: list[list[Element]] = [[]]
        separator = ""
        for item in items:
            is_middle = (
                item.tag == "mo" and item.get("fence") == "true" and not item.get("form") and not item.get("minsize")
            )
            if is_middle and separator in ("", item.text):
                separator = item.text or ""
                parts.append([])
            else:
                parts[-1].append(item)
        if (
            len(parts) == 1
            and len(items) == 1
            and items[0].tag == "mtable"
            and "solid" in (items[0].get("columnlines") or "")
        ):
            return _delimited(row[0].text or "", closing, self._divided(items[0], depth), "|")
        return _delimited(row[0].text or "", closing, [self._items(part, depth) for part in parts], separator)

    def _table(self, table: Element, depth: int) -> str:
        if "solid" in (table.get("columnlines") or ""):
            return _delimited("", "", self._divided(table, depth), "|")
        rows = [[list(cell) for cell in row] for row in table]
        alignments = [[cell.get("columnalign", "") for cell in row] for row in table]
        width = max((len(row) for row in rows), default=0)
        if not width:
            raise _Unmapped
        is_aligned = any(row[:2] == ["right", "left"] for row in alignments)
        if is_aligned or width == 1:
            lines = ("<m:r><m:t>&amp;</m:t></m:r>".join(self.row(cell, depth) for cell in row) for row in rows)
            return f"<m:eqArr>{''.join(_filled('e', line) for line in lines)}</m:eqArr>"
        return self._matrix(rows, max(alignments, key=len), depth)

    def _matrix(self, rows: list[list[list[Element]]], alignments: Sequence[str], depth: int) -> str:
        width = max(len(row) for row in rows)
        columns = "".join(
            f'<m:mc><m:mcPr><m:count m:val="1"/><m:mcJc m:val="{alignment or "center"}"/></m:mcPr></m:mc>'
            for alignment in (*alignments, *[""] * (width - len(alignments)))
        )
        lines = "".join(
            f"<m:mr>{''.join(self._argument('e', cell, depth) for cell in (*row, *[[]] * (width - len(row))))}</m:mr>"
            for row in rows
        )
        return f"<m:m><m:mPr><m:mcs>{columns}</m:mcs></m:mPr>{lines}</m:m>"

    def _divided(self, table: Element, depth: int) -> list[str]:
        """A matrix with a line between its columns, as those beside the line."""
        width = max((len(row) for row in table), default=0)
        if not width:
            raise _Unmapped
        lines = (table.get("columnlines") or "").split()
        cuts = [place for place, line in enumerate(lines[: width - 1], 1) if line == "solid"]
        alignments = max(([cell.get("columnalign", "") for cell in row] for row in table), key=len)
        edges = [0, *cuts, width]
        return [
            self._matrix([[list(cell) for cell in row[start:end]] for row in table], alignments[start:end], depth)
            for start, end in pairwise(edges)
        ]

    def _enclosed(self, item: Element, depth: int) -> str:
        strikes = [_STRIKES[name] for name in (item.get("notation") or "").split() if name in _STRIKES]
        properties = ""
        if strikes:
            hidden = "".join(f'<m:hide{side} m:val="1"/>' for side in ("Top", "Bot", "Left", "Right"))
            struck = (f'<m:{name} m:val="1"/>' for name in ("strikeH", "strikeBLTR", "strikeTLBR") if name in strikes)
            properties = f"<m:borderBoxPr>{hidden}{''.join(struck)}</m:borderBoxPr>"
        return f"<m:borderBox>{properties}{self._argument('e', item, depth)}</m:borderBox>"


class _Runs:
    """Collects neighbouring characters of one look into one run."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._text, self._look = "", ""

    def add(self, leaf: Element) -> None:
        text, look = leaf.text or "", ""
        if leaf.tag == "mspace":
            text = _space(leaf.get("width", "0em"))
        elif leaf.tag == "mtext":
            literal = "<m:lit/>" if "&" in text else ""
            look = f"<m:rPr>{literal}<m:nor/></m:rPr>{_TEXT_LOOKS.get(leaf.get('mathvariant', ''), '')}"
        elif leaf.get("mathvariant") == "normal" or is_function(leaf) or (len(text) > 1 and text.isalpha()):
            look = '<m:rPr><m:sty m:val="p"/></m:rPr>'
            text = f" {text} " if text == "mod" and leaf.tag == "mo" else text
        elif leaf.tag == "mo":
            text = text.translate(_SIGNS)
        # Digits on both sides of a comma are one number where they stand in one run, as Word itself takes them.
        is_next_number = self._text.endswith(",") and leaf.tag == "mn"
        if look != self._look or leaf.tag == "mtext" or is_next_number:
            self._finish()
        self._text, self._look = self._text + text, look

    def close(self, element: str) -> str:
        """All so far, `element` last."""
        self._finish()
        self._parts.append(element)
        return "".join(self._parts)

    def _finish(self) -> None:
        if self._text:
            self._parts.append(f'<m:r>{self._look}<m:t xml:space="preserve">{escape(self._text)}</m:t></m:r>')
        self._text, self._look = "", ""


def _filled(name: str, content: str) -> str:
    return f"<m:{name}>{content or f'<m:r><m:t>{NOTHING}</m:t></m:r>'}</m:{name}>"


def _delimited(opening: str, closing: str, parts: Sequence[str], separator: str = "") -> str:
    properties = f'<m:begChr m:val="{escape(opening)}"/>'
    properties += f'<m:sepChr m:val="{escape(separator)}"/>' if separator else ""
    properties += f'<m:endChr m:val="{escape(closing)}"/>'
    return f"<m:d><m:dPr>{properties}</m:dPr>{''.join(_filled('e', part) for part in parts)}</m:d>"


def _nucleus(item: Element) -> Element:
    """What scripts and limits stand at; the item itself where there are none."""
    while item.tag in _SCRIPTS or (item.tag in ("mrow", "mstyle") and len(item) == 1):
        item = item[0]
    return item


def _large_sign(item: Element) -> Element | None:
    """The sign of a large operator with or without limits; None for anything else, also where the sign is accented."""
    if item.tag in _SCRIPTS:
        mark = item[-1].text or ""
        if item.tag in ("munder", "mover") and item[-1].tag == "mo" and (mark in ACCENTS or mark in _OVER_OR_UNDER):
            return None
        base = flat(item[:1])
        item = base[0] if len(base) == 1 else item
    return item if item.tag == "mo" and (item.text or "") in LARGE_OPERATORS else None


def _has_text(element: Element) -> bool:
    return bool("".join(element.itertext()))


def _is_arrow(element: Element) -> bool:
    return _nucleus(element).tag == "mo" and len(flat((element,))) == 1


def _operand_end(items: Sequence[Element], start: int, ends_at_plus: bool) -> int:
    """Where the operand of a large operator ends: before a relation, before a plus unless it is an integral's."""
    depth = 0
    for at in range(start, len(items)):
        text = _operator(items[at])
        depth += (text in _OPENING) - (text in _CLOSING)
        ends = text in _RELATIONS or (ends_at_plus and at > start and text in _SUMS)
        if depth < 0 or (depth == 0 and ends):
            return at
    return len(items)


def _applied_end(items: Sequence[Element], start: int) -> int:
    """Where what a function is applied to ends; `start` where it is applied to nothing."""
    at = start
    while at < len(items) and (items[at].tag == "mspace" or is_function(_nucleus(items[at]))):
        at += 1
    if at < len(items) and items[at].tag == "mo" and items[at].text in _OPENING:
        depth = 0
        for end in range(at, len(items)):
            depth += (_operator(items[end]) in _OPENING) - (_operator(items[end]) in _CLOSING)
            if depth <= 0:
                return end + 1
        return start
    end = at
    while end < len(items) and not _ends_argument(_nucleus(items[end])):
        end += 1
    return end if end > at else start


def _ends_argument(nucleus: Element) -> bool:
    return nucleus.tag in ("mo", "mtext", "mspace") or is_function(nucleus)


def _operator(item: Element) -> str:
    nucleus = _nucleus(item)
    return (nucleus.text or "") if nucleus.tag == "mo" else ""


def _bracketed_end(items: Sequence[Element], at: int) -> int:
    """Behind a matrix or a fraction without a bar in brackets of its own, and behind brackets told to be big."""
    opening = items[at]
    if opening.tag != "mo" or (opening.text or "") not in _BRACKETS or opening.get("form"):
        return at
    if at + 2 < len(items) and items[at + 2].tag == "mo" and items[at + 2].text in _BRACKETS:
        inner = items[at + 1]
        if inner.tag == "mtable" or (inner.tag == "mfrac" and inner.get("linethickness")):
            return at + 3
    if opening.get("minsize") and opening.text in _OPENING:
        for end in range(at + 1, len(items)):
            text = items[end].text if items[end].tag == "mo" and items[end].get("minsize") else ""
            if text in _OPENING or (text and text in _CLOSING):
                return end + 1 if text in _CLOSING else at
    return at


def _space(width: str) -> str:
    unit = width.lstrip("+-0123456789.")
    ems = float(width.removesuffix(unit)) * _EMS.get(unit, 1.0)
    for most, character in _SPACES:
        if ems <= most:
            return character
    return "\u2003" * min(round(ems), 4)
