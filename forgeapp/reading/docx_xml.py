"""Names of WordprocessingML, and the small questions asked of its elements. Source: ECMA-376 part 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forgeapp.reading.archives import Package

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
V = "{urn:schemas-microsoft-com:vml}"
O = "{urn:schemas-microsoft-com:office:office}"  # noqa: E741
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_STRICT = "{http://purl.oclc.org/ooxml/"
_TRANSITIONAL = {
    "wordprocessingml/main": W,
    "officeDocument/math": M,
    "officeDocument/relationships": R,
    "drawingml/main": A,
    "drawingml/wordprocessingDrawing": WP,
}


def read_part(package: Package, name: str) -> _Element:
    """A part's XML, that of ISO's strict variant under the usual names. Raises as `Package.tree` does."""
    root = package.tree(name)
    if root.tag.startswith(_STRICT):
        for element in root.iter("*"):
            element.tag = _usual(element.tag)
            for key, value in element.attrib.items():
                if str(key).startswith(_STRICT):
                    element.set(_usual(str(key)), str(value))
    return root


def _usual(name: str) -> str:
    if not name.startswith(_STRICT):
        return name
    space, _, local = name.removeprefix(_STRICT).partition("}")
    return _TRANSITIONAL.get(space, f"{_STRICT}{space}}}") + local


def value_of(parent: _Element | None, name: str) -> str | None:
    """The `w:val` of a child of that name; '' where it has none, None where there is no such child."""
    child = parent.find(W + name) if parent is not None else None
    return None if child is None else child.get(W + "val", "")


def is_on(parent: _Element | None, name: str) -> bool | None:
    """An on-off property (17.17.4); None where nothing is said."""
    said = value_of(parent, name)
    return None if said is None else said not in ("0", "false", "off", "none")


def number_of(text: str | None) -> int | None:
    """A whole number as attributes hold it ('720', also '12.5'), within reason; None for anything else."""
    try:
        return None if not text else max(-1_000_000, min(1_000_000, int(float(text))))
    except (ValueError, OverflowError):
        return None
