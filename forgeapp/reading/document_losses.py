"""What a DOCX or HTML file holds that a document of ours cannot: each kind told once, with how many there are."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum

from forgeapp.domain.wording import Text


class Loss(StrEnum):
    CHANGES = "changes"
    COMMENTS = "comments"
    MARGINS = "margins"
    CONTENTS = "contents"
    COVER = "cover"
    TEXT_BOXES = "text_boxes"
    CHARTS = "charts"
    SHAPES = "shapes"
    PICTURES = "pictures"
    REMOTE_PICTURES = "remote_pictures"
    LARGE_PICTURES = "large_pictures"
    EMBEDDED = "embedded"
    MACROS = "macros"
    FORMS = "forms"
    FRAMES = "frames"
    MERGED = "merged"
    NESTED_TABLES = "nested_tables"
    PLACING = "placing"
    LONG_TABLES = "long_tables"
    EQUATIONS = "equations"
    HEADING_NUMBERS = "heading_numbers"
    LETTERED_LISTS = "lettered_lists"
    INNER_LINKS = "inner_links"
    RAISED = "raised"
    HIDDEN = "hidden"
    PAGE_BREAKS = "page_breaks"
    DEPTH = "depth"
    LOOKS = "looks"


_WORDS: dict[Loss, tuple[str, str]] = {
    Loss.CHANGES: (
        "A tracked change was taken as accepted.",
        "{count} tracked changes were taken as accepted.",
    ),
    Loss.COMMENTS: ("A comment is not carried over.", "{count} comments are not carried over."),
    Loss.MARGINS: (
        "A header or footer is not carried over.",
        "{count} headers and footers are not carried over.",
    ),
    Loss.CONTENTS: (
        "A table of contents or index is left out; it does not follow the text here.",
        "{count} tables of contents or indexes are left out; they do not follow the text here.",
    ),
    Loss.COVER: ("A cover page is left out.", "{count} cover pages are left out."),
    Loss.TEXT_BOXES: (
        "The text of a text box stands below the paragraph it hung on.",
        "The texts of {count} text boxes stand below the paragraphs they hung on.",
    ),
    Loss.CHARTS: ("A chart is not carried over.", "{count} charts are not carried over."),
    Loss.SHAPES: (
        "A drawing is not carried over.",
        "{count} drawings are not carried over.",
    ),
    Loss.PICTURES: (
        "A picture of a kind that cannot be shown here became its description.",
        "{count} pictures of kinds that cannot be shown here became their descriptions.",
    ),
    Loss.REMOTE_PICTURES: (
        "A picture that is not in the file became its description; nothing is loaded from elsewhere.",
        "{count} pictures that are not in the file became their descriptions; nothing is loaded from elsewhere.",
    ),
    Loss.LARGE_PICTURES: (
        "A picture too large to be kept became its description.",
        "{count} pictures too large to be kept became their descriptions.",
    ),
    Loss.EMBEDDED: ("An embedded file is not carried over.", "{count} embedded files are not carried over."),
    Loss.MACROS: ("Its macros are not carried over, and were not run.",) * 2,
    Loss.FORMS: (
        "A field to be filled in is not carried over.",
        "{count} fields to be filled in are not carried over.",
    ),
    Loss.FRAMES: (
        "A film, sound or frame is not carried over.",
        "{count} films, sounds or frames are not carried over.",
    ),
    Loss.MERGED: (
        "A merged cell is apart again.",
        "{count} merged cells are apart again.",
    ),
    Loss.NESTED_TABLES: (
        "A table within a cell became lines of text.",
        "{count} tables within cells became lines of text.",
    ),
    Loss.PLACING: (
        "A table that places things beside each other is taken apart; they stand one below the other.",
        "{count} tables that place things beside each other are taken apart; they stand one below the other.",
    ),
    Loss.LONG_TABLES: (
        "A table too large to be kept is cut off.",
        "{count} tables too large to be kept are cut off.",
    ),
    Loss.EQUATIONS: (
        "An equation could not be read in full.",
        "{count} equations could not be read in full.",
    ),
    Loss.HEADING_NUMBERS: (
        "A heading's automatic number is not carried over.",
        "The automatic numbers of {count} headings are not carried over.",
    ),
    Loss.LETTERED_LISTS: (
        "An item of a list counted in letters or Roman numerals has a figure now.",
        "{count} items of lists counted in letters or Roman numerals have figures now.",
    ),
    Loss.INNER_LINKS: (
        "A link within the document keeps its text, but not where it leads.",
        "{count} links within the document keep their text, but not where they lead.",
    ),
    Loss.RAISED: (
        "A raised or lowered text stands on the line, such as [1] or ^(...).",
        "{count} raised or lowered texts stand on the line, such as [1] or ^(...).",
    ),
    Loss.HIDDEN: ("A hidden text is left out.", "{count} hidden texts are left out."),
    Loss.PAGE_BREAKS: ("A page break is not carried over.", "{count} page breaks are not carried over."),
    Loss.DEPTH: (
        "Something nested too deeply was made flat.",
        "{count} things nested too deeply were made flat.",
    ),
    Loss.LOOKS: ("Colours, highlighting and underlining are not carried over.",) * 2,
}


def told(found: Counter[Loss]) -> tuple[str, ...]:
    """In words, one sentence a kind, in the order of `Loss`."""
    return tuple(
        Text(
            f"document_lost_{loss}{'' if found[loss] == 1 else '_many'}",
            _WORDS[loss][found[loss] > 1],
            count=found[loss],
        )
        for loss in Loss
        if found[loss]
    )
