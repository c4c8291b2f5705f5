"""What stands in a line of a PDF beside letters: formulas as outlines, and pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from xml.etree import ElementTree

from fpdf import FPDF
from PIL import ImageColor

from forgeapp.exporters.formulas import Formula
from forgeapp.exporters.pictures import PictureFile

FORMULA_SIZE = 1.12
"""Of the text's: the font for formulas runs small."""
PIXEL = 0.75
"""Points a pixel of a picture takes where there is room."""
_UNIT = 100
"""Of the outlines: so many are one em."""
_STEPS = 20
"""In each of them: a letter's points stand on half units of a font that has a thousand to the em."""
_NUMBERS = {"M": 2, "L": 2, "Q": 4, "C": 6}
_OPERATORS = {"M": "m", "L": "l", "Q": "c", "C": "c"}
_STEP = re.compile(r"([MLQCZ])|(-?[\d.]+(?:e-?\d+)?)")


class UnknownShape(ValueError):
    """An outline with something in it that is not drawn here."""


@dataclass(slots=True, eq=False)
class FormulaDrawing:
    """`strokes`: path operators (ISO 32000-1, 8.5) in hundredths of an em, downwards; alike wherever it stands."""

    width: float
    ascent: float
    descent: float
    strokes: str
    em: float

    @classmethod
    def of(cls, formula: Formula, em: float) -> FormulaDrawing:
        """Raises UnknownShape."""
        return cls(formula.width * em, formula.ascent * em, formula.descent * em, strokes_of(formula.svg), em)

    def paint(self, pdf: FPDF, left: float, baseline: float, scale: float, color: str) -> None:
        size = self.em * scale / _UNIT
        ink = _ink(color)
        place = f"q {ink} rg {ink} RG {size:.5f} 0 0 {-size:.5f} {left:.3f} {pdf.h - baseline:.3f} cm"
        pdf._out(f"{place} {self.strokes} Q")


@dataclass(slots=True, eq=False)
class PictureDrawing:
    """A picture that stands on the baseline."""

    width: float
    ascent: float
    picture: PictureFile
    descent: float = 0.0

    @classmethod
    def of(cls, picture: PictureFile, tallest: float) -> PictureDrawing:
        scale = min(PIXEL, tallest / picture.height)
        return cls(picture.width * scale, picture.height * scale, picture)

    def paint(self, pdf: FPDF, left: float, baseline: float, scale: float, color: str) -> None:  # noqa: ARG002
        width, height = self.width * scale, self.ascent * scale
        pdf.image(BytesIO(self.picture.data), left, baseline - height, width, height)


def strokes_of(svg: str) -> str:
    """The paths and bars of a formula's SVG as operators. Raises UnknownShape for any other element."""
    root = ElementTree.fromstring(svg)  # noqa: S314 (it is ziamath's own)
    shift = float(root.get("viewBox", "0").split()[0])
    parts = [f"1 0 0 1 {-shift:g} 0 cm"] if shift else []
    parts += (_painted(element, fill) for element, fill in _shapes(root, "black"))
    return " ".join(parts)


def _shapes(group: ElementTree.Element, fill: str) -> Iterator[tuple[ElementTree.Element, str]]:
    """Each with its colour. What is stretched (tall fences, long arrows and braces) is a group of its pieces."""
    for element in group:
        own = element.get("fill", fill)
        match _name(element):
            case "g" if set(element.keys()) <= {"fill"}:
                yield from _shapes(element, own)
            case "rect" if float(element.get("height", "0")) == 0:
                # A binomial is a fraction whose bar has no height; viewers would draw it as a hairline.
                pass
            case "path" | "rect":
                yield element, own
            case "title":
                pass
            case tag:
                raise UnknownShape(tag)


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _painted(element: ElementTree.Element, fill: str) -> str:
    """Black is whatever colour the text has; any other is its own."""
    if _name(element) == "path":
        path = _path(element.get("d", ""))
    else:
        path = f"{_points(float(element.get(name, '0')) for name in ('x', 'y', 'width', 'height'))} re"
    stroke = element.get("stroke", "none")
    state = [
        f"{_ink(color)} {operator}"
        for color, operator in ((fill, "rg"), (stroke, "RG"))
        if color not in ("black", "none")
    ]
    if stroke != "none":
        # In the steps that paths are drawn in.
        wide = float(element.get("stroke-width", "1")) * (_STEPS if element.get("d") else 1)
        state.append(f"{wide:g} w")
    paint = {(True, False): "f", (False, True): "S", (True, True): "B"}.get((fill != "none", stroke != "none"), "n")
    return " ".join(["q", *state, path, paint, "Q"])


def _ink(color: str) -> str:
    try:
        red, green, blue = ImageColor.getrgb(color)[:3]
    except ValueError as error:
        raise UnknownShape(color) from error
    return f"{red / 255:.3f} {green / 255:.3f} {blue / 255:.3f}"


def _path(data: str) -> str:
    """Outlines from their first point on, in steps of the font's own: the same letter is the same text everywhere."""
    origin: tuple[float, float] | None = None
    parts: list[str] = []
    letter, x, y = "", 0.0, 0.0
    numbers: list[float] = []
    for command, number in _STEP.findall(data):
        if command == "Z":
            parts.append("h")
        elif command:
            letter = command
        else:
            numbers.append(float(number))
            if len(numbers) < _NUMBERS.get(letter, 0):
                continue
            origin = origin or (numbers[0], numbers[1])
            near = [value - origin[index % 2] for index, value in enumerate(numbers)]
            if letter == "Q":
                # A quadratic curve as a cubic one: both control points two thirds of the way to the one.
                over_x, over_y, to_x, to_y = near
                near = [x + (over_x - x) * 2 / 3, y + (over_y - y) * 2 / 3]
                near += [to_x + (over_x - to_x) * 2 / 3, to_y + (over_y - to_y) * 2 / 3, to_x, to_y]
            parts.append(f"{' '.join(str(round(value * _STEPS)) for value in near)} {_OPERATORS[letter]}")
            x, y = near[-2:]
            numbers = []
            letter = "L" if letter == "M" else letter
    left, top = origin or (0.0, 0.0)
    return f"{1 / _STEPS:g} 0 0 {1 / _STEPS:g} {left:g} {top:g} cm {' '.join(parts)}"


def _points(numbers: Iterable[float]) -> str:
    return " ".join(f"{round(number, 2):g}" for number in numbers)
