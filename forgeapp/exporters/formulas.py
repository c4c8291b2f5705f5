"""Formulas drawn from TeX with ziamath: outlines as SVG, sharp at every size and in every colour.

Used by whatever shows a formula: the pages of a PDF, and the window.
"""

from __future__ import annotations

import re
import threading
import warnings
from dataclasses import dataclass
from typing import Final

from forgeapp.domain.wording import Text
from forgeapp.exporters.mathml import unknown_environment, with_known_environments

MAX_CHARS: Final = 600
MAX_DEPTH: Final = 6
"""Of braces, fences and environments: the library's time doubles with each."""
_UNIT: Final = 100
_NESTS: Final = re.compile(r"\\[{}\\]|\\left\b|\\right\b|\\begin\b|\\end\b|[{}]")
_UNKNOWN: Final = re.compile(r">\s*(\\[A-Za-z]+)\s*<")
_VIEW_BOX: Final = re.compile(r'viewBox="([-\d.e]+) ([-\d.e]+) ([-\d.e]+) ([-\d.e]+)"')
_library = threading.Lock()
"""It keeps state of its own, and jobs run in more threads than one."""


@dataclass(frozen=True, slots=True)
class Formula:
    """`svg` in black; `width`, and what stands above and below the baseline, in em."""

    svg: str
    width: float
    ascent: float
    descent: float


@dataclass(frozen=True, slots=True)
class Undrawn:
    """Why it is shown as TeX."""

    reason: Text


def draw(tex: str, is_block: bool) -> Formula | Undrawn:
    """A few milliseconds for a usual one. `is_block`: on a line of its own, with large sums and fractions."""
    tex = tex.strip()
    if not tex:
        return Undrawn(Text("formula_empty", "There is no formula between the dollars."))
    if len(tex) > MAX_CHARS or _depth(tex) > MAX_DEPTH:
        return Undrawn(Text("formula_too_large", "This formula is too long or too deeply nested to be drawn."))
    if any(ord(character) >= 0x2E80 for character in tex):
        return Undrawn(Text("formula_no_font", "This formula has characters that the font for formulas lacks."))
    try:
        with _library, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _drawn(tex, is_block)
    except Exception as error:  # noqa: BLE001 - the library raises whatever a broken formula leads it to
        return _broken((str(error) or type(error).__name__.removesuffix("Error"))[:120])


def _drawn(tex: str, is_block: bool) -> Formula | Undrawn:
    from latex2mathml.converter import convert
    from ziamath.config import config
    from ziamath.tex import tex2mml
    from ziamath.zmath import Latex, Math

    if unknown_environment(tex.replace("aligned}", "align*}")) is not None:
        tex = with_known_environments(tex)
        name = unknown_environment(tex)
        if name is not None:
            return _broken(f"\\begin{{{name}}}")
    unknown = _UNKNOWN.search(convert(tex))
    if unknown:
        return _broken(unknown[1])
    # Plain paths: QtSvg has no symbols.
    config.svg2 = False
    if "\\tag" in tex:
        svg = Latex(tex, size=_UNIT, inline=not is_block).svg()
    else:
        # Points are of no size here: the lines of aligned formulas would touch.
        spaced = tex2mml(tex, inline=not is_block).replace('rowspacing="3pt"', 'rowspacing="0.3em"')
        svg = Math(spaced, size=_UNIT).svg()
    box = _VIEW_BOX.search(svg)
    if box is None:
        return _broken("viewBox")
    _, top, width, height = (float(part) for part in box.groups())
    return Formula(svg, width / _UNIT, -top / _UNIT, (height + top) / _UNIT)


def _broken(reason: str) -> Undrawn:
    return Undrawn(Text("formula_broken", "This formula cannot be drawn: {reason}", reason=reason))


def _depth(tex: str) -> int:
    depth = deepest = 0
    for match in _NESTS.finditer(tex):
        if match[0] in ("{", "\\left", "\\begin"):
            depth += 1
            deepest = max(deepest, depth)
        elif match[0] in ("}", "\\right", "\\end"):
            depth -= 1
    return deepest
