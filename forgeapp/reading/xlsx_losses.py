"""What an XLSX file holds that a workbook of ours cannot, or keeps out of sight: each kind told once, with how many
there are."""

from __future__ import annotations

import re
from collections import Counter
from enum import StrEnum

from forgeapp.domain.wording import Text
from forgeapp.reading.archives import Package


class Loss(StrEnum):
    CHARTS = "charts"
    CHART_SHEETS = "chart_sheets"
    PICTURES = "pictures"
    PIVOTS = "pivots"
    MACROS = "macros"
    COMMENTS = "comments"
    CONDITIONS = "conditions"
    VALIDATIONS = "validations"
    MERGED = "merged"
    LINKS = "links"
    FILTERS = "filters"
    TABLES = "excel_tables"
    SHAPES = "shapes"
    EMBEDDED = "embedded"
    CONTROLS = "controls"
    HIDDEN_SHEETS = "hidden_sheets"
    HIDDEN_ROWS = "hidden_rows"
    HIDDEN_COLUMNS = "hidden_columns"
    ELSEWHERE = "elsewhere"
    REFUSED = "refused"
    TABLE_NAMES = "table_names"
    DATA_TABLES = "data_tables"
    LONG_FORMULAS = "long_formulas"
    NAMES = "names"
    MARGINS = "margins"
    GROUPS = "groups"
    PRINT_AREAS = "print_areas"
    PROTECTED = "protected"
    LOOKS = "looks"


_WORDS: dict[Loss, tuple[str, str]] = {
    Loss.CHARTS: ("A chart is not carried over.", "{count} charts are not carried over."),
    Loss.CHART_SHEETS: (
        "A sheet that is only a chart is not carried over.",
        "{count} sheets that are only charts are not carried over.",
    ),
    Loss.PICTURES: ("A picture is not carried over.", "{count} pictures are not carried over."),
    Loss.PIVOTS: (
        "A pivot table keeps its figures, but no longer follows its data.",
        "{count} pivot tables keep their figures, but no longer follow their data.",
    ),
    Loss.MACROS: ("Its macros are not carried over, and were not run.",) * 2,
    Loss.COMMENTS: ("A comment is not carried over.", "{count} comments are not carried over."),
    Loss.CONDITIONS: ("A conditional format is not carried over.", "{count} conditional formats are not carried over."),
    Loss.VALIDATIONS: (
        "A rule for what may be entered is not carried over.",
        "{count} rules for what may be entered are not carried over.",
    ),
    Loss.MERGED: (
        "A block of merged cells is apart again; its text stands in the first cell.",
        "{count} blocks of merged cells are apart again; their text stands in the first cell.",
    ),
    Loss.LINKS: (
        "A link keeps its text, but not where it leads.",
        "{count} links keep their text, but not where they lead.",
    ),
    Loss.FILTERS: (
        "What a filter chose is not carried over; the rows it left out are hidden ones.",
        "What {count} filters chose is not carried over; the rows they left out are hidden ones.",
    ),
    Loss.TABLES: (
        "An Excel table keeps its cells and its filter, but not its name and its bands.",
        "{count} Excel tables keep their cells, but not their names and their bands; one filter a sheet is kept.",
    ),
    Loss.SHAPES: (
        "A drawing or text box is not carried over.",
        "{count} drawings or text boxes are not carried over.",
    ),
    Loss.EMBEDDED: ("An embedded file is not carried over.", "{count} embedded files are not carried over."),
    Loss.CONTROLS: (
        "A button or other control is not carried over.",
        "{count} buttons or other controls are not carried over.",
    ),
    Loss.HIDDEN_SHEETS: (
        "A hidden sheet is hidden here, too, and in XLSX files; pages leave it out.",
        "{count} hidden sheets are hidden here, too, and in XLSX files; pages leave them out.",
    ),
    Loss.HIDDEN_ROWS: (
        "A hidden row is hidden here, too, and in XLSX files; pages leave it out.",
        "{count} hidden rows are hidden here, too, and in XLSX files; pages leave them out.",
    ),
    Loss.HIDDEN_COLUMNS: (
        "A hidden column is hidden here, too, and in XLSX files; pages leave it out.",
        "{count} hidden columns are hidden here, too, and in XLSX files; pages leave them out.",
    ),
    Loss.ELSEWHERE: (
        "A formula that refers to another file became its last value.",
        "{count} formulas that refer to other files became their last values.",
    ),
    Loss.REFUSED: (
        "A formula that reaches out of the workbook is not computed; it has to be replaced before exporting.",
        "{count} formulas that reach out of the workbook are not computed; they have to be replaced before exporting.",
    ),
    Loss.TABLE_NAMES: (
        "A formula that names a table became its last value.",
        "{count} formulas that name a table became their last values.",
    ),
    Loss.DATA_TABLES: (
        "A cell of a what-if table became its last value.",
        "{count} cells of what-if tables became their last values.",
    ),
    Loss.LONG_FORMULAS: (
        "A formula too long to compute became its last value.",
        "{count} formulas too long to compute became their last values.",
    ),
    Loss.NAMES: (
        "A name for cells is not carried over; formulas say the cells instead.",
        "{count} names for cells are not carried over; formulas say the cells instead.",
    ),
    Loss.MARGINS: (
        "The header or footer of its pages is not carried over.",
        "The headers and footers of {count} sheets' pages are not carried over.",
    ),
    Loss.GROUPS: ("Groups of rows or columns no longer fold.",) * 2,
    Loss.PRINT_AREAS: (
        "A print area is not carried over; all of the sheet is printed.",
        "{count} print areas are not carried over; all of the sheets is printed.",
    ),
    Loss.PROTECTED: ("Its protection is not carried over: all cells can be changed.",) * 2,
    Loss.LOOKS: ("Colours, fonts, borders, alignment and heights of rows are not carried over.",) * 2,
}
_PARTS: dict[Loss, re.Pattern[str]] = {
    Loss.CHARTS: re.compile(r"xl/charts/chart(?:ex)?\d*\.xml"),
    Loss.PICTURES: re.compile(r"xl/media/.+"),
    Loss.PIVOTS: re.compile(r"xl/pivottables/.+\.xml"),
    Loss.MACROS: re.compile(r"xl/(?:vbaproject\.bin|macrosheets/.+\.xml)"),
    Loss.EMBEDDED: re.compile(r"xl/embeddings/.+"),
    Loss.CONTROLS: re.compile(r"xl/(?:ctrlprops|activex)/[^/]+\.xml"),
}
_DRAWINGS = re.compile(r"xl/drawings/drawing\d*\.xml")
_FIELD = re.compile(r'&"[^"]*"|&\d+|&[A-Za-z&]')
_PAGE_WORD = re.compile(r"\b(?:page|seite|página|pagina|of|von|sur|de|di)\b|[^\w]|\d", re.IGNORECASE)
_COMMENTS = re.compile(r"xl/(?:worksheets/)?(?:comments/)?comments?\d*\.xml")


def count_parts(package: Package) -> Counter[Loss]:
    """What the names of a package's parts tell. Raises UnreadableFile."""
    found: Counter[Loss] = Counter()
    for name in package.names:
        found.update(loss for loss, pattern in _PARTS.items() if pattern.fullmatch(name) and "/_rels/" not in name)
        if _COMMENTS.fullmatch(name):
            found[Loss.COMMENTS] += sum(1 for _ in package.elements(name, "{*}comment"))
        elif _DRAWINGS.fullmatch(name):
            found[Loss.SHAPES] += sum(1 for _ in package.elements(name, "{*}sp", "{*}cxnSp"))
    return found


def says_something(margin: str) -> bool:
    """Whether a header or footer (18.3.1.46) has words of its own beside fields such as the page's number."""
    return bool(_PAGE_WORD.sub("", _FIELD.sub("", margin)))


def told(found: Counter[Loss]) -> tuple[str, ...]:
    """In words, one sentence a kind, in the order of `Loss`."""
    return tuple(
        Text(f"lost_{loss}{'' if found[loss] == 1 else '_many'}", _WORDS[loss][found[loss] > 1], count=found[loss])
        for loss in Loss
        if found[loss]
    )
