"""What an XLSX file holds, read with zipfile and lxml alone by ECMA-376 part 1, 18, and part 2; row by row, so that a
large sheet takes no memory."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any, NamedTuple

from lxml import etree

from forgeapp.domain.workbook import Position, position

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_ROW, _V, _F, _IS, _T = (f"{_MAIN}{name}" for name in ("row", "v", "f", "is", "t"))
_BESIDE = tuple(
    f"{_MAIN}{name}"
    for name in (
        "cols",
        "pageSetUpPr",
        "sheetView",
        "autoFilter",
        "hyperlinks",
        "tableParts",
        "pageSetup",
        "headerFooter",
    )
)
_ESCAPE = re.compile(r"_x([0-9a-fA-F]{4})_")
_WHOLE = re.compile(r"[+-]?[0-9]+")
_TEXTS = ("s", "str", "inlineStr")

Content = float | int | str | bool | None


class FoundCell(NamedTuple):
    """`formula`: with its '='. `fills`: the block an array formula fills. `value`: for a formula the one stored beside
    it."""

    at: Position
    value: Content
    formula: str | None
    fills: str
    style: int


class Style(NamedTuple):
    """The number format, and where text stands in the cell (18.8.1), '' for where it does by itself."""

    format: str
    horizontal: str


@dataclass
class FoundSheet:
    """Told by `FoundBook.cells` once all of them were asked for. Attributes as they stand in the file.

    `columns`: width by number from 0. `links`: where a cell leads to, by address. The hidden ones from 0.
    """

    columns: dict[int, float] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    has_view: bool = False
    is_right_to_left: bool = False
    pane: dict[str, str] = field(default_factory=dict)
    filter: str | None = None
    tables: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    page: dict[str, str] = field(default_factory=dict)
    is_fitted: bool = False
    footer: str = ""


@dataclass(frozen=True)
class FoundTable:
    reference: str
    filter: str | None
    name: str
    columns: tuple[str, ...]


class FoundBook:
    """To be used in a `with`. Raises BadZipFile, KeyError, ValueError, IndexError or XMLSyntaxError, here and in every
    method, for what no XLSX file holds."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path)
        types = etree.fromstring(self._zip.read("[Content_Types].xml"))
        self._typed = {each.get("PartName", "") for each in types.iter("{*}Override")}
        self._part = next(t for kind, t in self._relations("").values() if kind == "officeDocument")
        self._root = self._parsed(self._part)
        self._related = self._relations(self._part)
        sheets = [*self._root.iter(f"{_MAIN}sheet")]
        self.sheet_names = [each.get("name", "") for each in sheets]
        self.hidden_sheets = {each.get("name", "") for each in sheets if each.get("state", "visible") != "visible"}

    def __enter__(self) -> FoundBook:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    @property
    def title(self) -> str:
        part = next((t for kind, t in self._relations("").values() if kind == "core-properties"), None)
        return "" if part is None else self._parsed(part).findtext(_TITLE) or ""

    @cached_property
    def styles(self) -> list[Style]:
        from openpyxl.styles.numbers import BUILTIN_FORMATS

        root = self._parsed(self._only("styles"))
        codes = dict(BUILTIN_FORMATS)
        codes |= {int(each.get("numFmtId", "")): each.get("formatCode", "") for each in root.iter(f"{_MAIN}numFmt")}
        found: list[Style] = []
        for each in root.iterfind(f"{_MAIN}cellXfs/{_MAIN}xf"):
            alignment = each.find(f"{_MAIN}alignment")
            horizontal = "" if alignment is None else alignment.get("horizontal", "")
            found.append(Style(codes[int(each.get("numFmtId", "0"))], horizontal))
        return found

    def repeated_rows(self, name: str) -> str | None:
        """The rows a sheet's name for them says are printed on each page (18.2.5)."""
        number = str(self.sheet_names.index(name))
        for each in self._root.iter(f"{_MAIN}definedName"):
            if each.get("name") == "_xlnm.Print_Titles" and each.get("localSheetId") == number:
                return str(each.text).rpartition("!")[2]
        return None

    def cells(self, name: str, sheet: FoundSheet) -> Iterator[FoundCell]:
        """The cells that hold something, row by row; `sheet` is told what stands beside them."""
        part = self._sheet_part(name)
        related = self._relations(part)
        with self._zip.open(part) as source:
            for _, element in etree.iterparse(source, tag=(_ROW, *_BESIDE), resolve_entities=False):
                if element.tag != _ROW:
                    _tell(element, sheet, related)
                    continue
                if element.get("hidden") in ("1", "true"):
                    sheet.hidden_rows.add(int(element.get("r")) - 1)
                for cell in element:
                    found = self._cell(cell)
                    if found.value is not None or found.formula is not None:
                        yield found
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]

    def table(self, part: str) -> FoundTable:
        root = self._parsed(part)
        ranges = root.find(f"{_MAIN}autoFilter")
        return FoundTable(
            root.get("ref", ""),
            None if ranges is None else ranges.get("ref"),
            root.get("displayName", ""),
            tuple(each.get("name", "") for each in root.iter(f"{_MAIN}tableColumn")),
        )

    def _cell(self, element: Any) -> FoundCell:
        kind = element.get("t", "n")
        text = formula = None
        fills = ""
        for child in element:
            if child.tag == _V:
                text = child.text
            elif child.tag == _IS:
                text = "".join(piece.text or "" for piece in child.iter(_T))
            elif child.tag == _F:
                formula, fills = f"={child.text or ''}", child.get("ref", "") if child.get("t") == "array" else ""
        value = None if text is None else self._value(kind, text)
        return FoundCell(position(element.get("r")), value, formula, fills, int(element.get("s", "0")))

    def _value(self, kind: str, text: str) -> Content:
        if kind == "s":
            text = self._strings[int(text)]
        if kind in _TEXTS:
            return _ESCAPE.sub(_unescaped, text) if "_x" in text else text
        match kind:
            case "n":
                return int(text) if _WHOLE.fullmatch(text) else float(text)
            case "b" if text in ("0", "1"):
                return text == "1"
            case "e":
                return text
        raise ValueError(f"{text[:40]!r} is no value of the type {kind!r}")

    @cached_property
    def _strings(self) -> list[str]:
        """Of phonetic hints, which ours never have, nothing is known."""
        root = self._parsed(self._only("sharedStrings"))
        return ["".join(piece.text or "" for piece in each.iter(_T)) for each in root.iter(f"{_MAIN}si")]

    def _sheet_part(self, name: str) -> str:
        for each in self._root.iter(f"{_MAIN}sheet"):
            if each.get("name") == name:
                part = self._related[each.get(_ID, "")][1]
                self._check(part)
                return part
        raise KeyError(name)

    def _only(self, kind: str) -> str:
        return next(target for each, target in self._related.values() if each == kind)

    def _parsed(self, part: str) -> Any:
        self._check(part)
        return etree.fromstring(self._zip.read(part), etree.XMLParser(resolve_entities=False))

    def _check(self, part: str) -> None:
        if f"/{part}" not in self._typed:
            raise ValueError(f"{part} has no content type")

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """What a part refers to, by id (part 2, 9.3): its kind, and the name of a part or an address outside."""
        folder, name = dirname(part), part.rpartition("/")[2]
        rels = join(folder, f"_rels/{name}.rels")
        if rels not in self._zip.namelist():
            return {}
        found: dict[str, tuple[str, str]] = {}
        for each in etree.fromstring(self._zip.read(rels)):
            target, kind = each.get("Target", ""), each.get("Type", "").rpartition("/")[2]
            if each.get("TargetMode") != "External":
                target = normpath(join("/", folder, target)).lstrip("/")
            found[each.get("Id", "")] = kind, target
        return found


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[1], 16))


def _tell(element: Any, sheet: FoundSheet, related: dict[str, tuple[str, str]]) -> None:
    match element.tag.rpartition("}")[2]:
        case "cols":
            for each in element:
                first, last = int(each.get("min")), int(each.get("max"))
                sheet.columns |= dict.fromkeys(range(first - 1, min(last, 16_384)), float(each.get("width", 0)))
                if each.get("hidden") in ("1", "true"):
                    sheet.hidden_columns.update(range(first - 1, min(last, 16_384)))
        case "pageSetUpPr":
            sheet.is_fitted = element.get("fitToPage") in ("1", "true")
        case "sheetView":
            sheet.has_view = True
            sheet.is_right_to_left = element.get("rightToLeft") in ("1", "true")
            pane = element.find(f"{_MAIN}pane")
            sheet.pane = {} if pane is None else dict(pane.attrib)
        case "autoFilter":
            sheet.filter = element.get("ref")
        case "hyperlinks":
            for each in element:
                location = each.get("location")
                target = related.get(each.get(_ID, ""), ("", ""))[1]
                sheet.links[each.get("ref", "")] = target + (f"#{location}" if location else "")
        case "tableParts":
            sheet.tables = [related.get(each.get(_ID, ""), ("", ""))[1] for each in element]
        case "pageSetup":
            sheet.page = dict(element.attrib)
        case "headerFooter":
            sheet.footer = element.findtext(f"{_MAIN}oddFooter") or ""
