"""XLSX and XLSM files: sheets with typed cells, formulas as written, formats, widths and frozen panes. Nothing is run.

What a workbook of ours cannot hold is counted by `xlsx_losses`; formulas are not computed, but what they gave when the
file was saved is kept beside them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from forgeapp.domain.workbook import Position, Sheet, Value, Workbook, valid_sheet_name
from forgeapp.errors import TooLarge, UnreadableFile
from forgeapp.reading.archives import Package, Relation
from forgeapp.reading.displayed import clean
from forgeapp.reading.file_reading import FileReading
from forgeapp.reading.xlsx_losses import Loss, count_parts, told
from forgeapp.reading.xlsx_sheets import Book, read_sheet, read_strings
from forgeapp.reading.xlsx_styles import read_styles

if TYPE_CHECKING:
    from lxml import etree

MAX_SHEETS = 1_000
_REFERENCE = re.compile(r"(?:'(?:[^']|'')+'|[\w.]+)!\$?[A-Z]{1,3}\$?[0-9]{1,7}(?::\$?[A-Z]{1,3}\$?[0-9]{1,7})?")
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def read_xlsx(path: Path) -> FileReading:
    """The workbook in an .xlsx or .xlsm file. Raises UnreadableFile, TooLarge."""
    with Package(path) as package:
        part = _workbook_part(package, path)
        root, relations = package.tree(part), package.relations(part)
        names = _names(root)
        properties = root.find("{*}workbookPr")
        lost = count_parts(package)
        book = Book(
            source=path.name,
            strings=read_strings(package, _target(relations, "sharedStrings"), lost),
            styles=read_styles(package, _target(relations, "styles")),
            names=names,
            counts_from_1904=properties is not None and properties.get("date1904") in ("1", "true"),
            lost=lost,
        )
        book.lost[Loss.NAMES] = len(names)
        book.lost[Loss.PRINT_AREAS] = sum(
            element.get("name") == "_xlnm.Print_Area" for element in root.iterfind("{*}definedNames/{*}definedName")
        )
        protection = root.find("{*}workbookProtection")
        book.lost[Loss.PROTECTED] = protection is not None and protection.get("lockStructure") in ("1", "true")
        sheets: list[Sheet] = []
        values: dict[str, Mapping[Position, Value]] = {}
        for element in root.iterfind("{*}sheets/{*}sheet"):
            relation = relations.get(element.get(_ID) or element.get(_STRICT_ID) or "")
            if relation is None or relation.is_external or relation.target not in package:
                raise package.damaged()
            if relation.kind == "chartsheet":
                book.lost[Loss.CHART_SHEETS] += 1
            if relation.kind != "worksheet":
                continue
            if len(sheets) == MAX_SHEETS:
                raise TooLarge(source=path.name, reason=f"at most {MAX_SHEETS:,} sheets are read")
            is_hidden = element.get("state", "visible") != "visible"
            book.lost[Loss.HIDDEN_SHEETS] += is_hidden
            name = valid_sheet_name(clean(element.get("name", "")), tuple(sheet.name for sheet in sheets))
            reading = read_sheet(package, relation.target, name, book, is_hidden)
            book.cells += len(reading.sheet.cells)
            sheets.append(reading.sheet)
            values[name] = reading.values
        title = _title(package) or path.stem
    if not any(sheet.cells for sheet in sheets):
        raise UnreadableFile(source=path.name, reason="it is empty", remedy="Choose a file whose cells hold something.")
    return FileReading(Workbook(title, tuple(sheets)), told(book.lost), values)


def _workbook_part(package: Package, path: Path) -> str:
    found = _target(package.relations(""), "officeDocument")
    if found is None or found not in package:
        raise package.damaged()
    if found.startswith("word/"):
        raise UnreadableFile(
            source=path.name,
            reason="it is a text document, not a workbook",
            remedy="Rename it so that it ends in .docx, and open it again.",
        )
    if not package.relations(found) or found.endswith(".bin"):
        raise UnreadableFile(
            source=path.name,
            reason="it holds no workbook of a form that is read",
            remedy="Open it in the program it belongs to, and save it as XLSX.",
        )
    return found


def _target(relations: Mapping[str, Relation], kind: str) -> str | None:
    return next((each.target for each in relations.values() if each.kind == kind and not each.is_external), None)


def _names(root: etree._Element) -> dict[str, str]:
    """The names that stand for cells, casefolded; those a program keeps for itself are none."""
    found: dict[str, str] = {}
    for element in root.iterfind("{*}definedNames/{*}definedName"):
        name, text = element.get("name", "").casefold(), (element.text or "").strip()
        if not name.startswith("_xl") and element.get("hidden") not in ("1", "true") and _REFERENCE.fullmatch(text):
            found[name] = text
    return found


def _title(package: Package) -> str | None:
    """The title among the document's properties."""
    part = _target(package.relations(""), "core-properties")
    if part is None or part not in package:
        return None
    element = package.tree(part).find("{http://purl.org/dc/elements/1.1/}title")
    return clean((element.text or "").strip())[:200] or None if element is not None else None
