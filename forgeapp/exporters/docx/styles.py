"""The styles of a DOCX file: Word's own by their real names, so that all is restyled at once, and a few more.

Source: ECMA-376 part 1, 17.7. Sizes are half-points, lengths twips; children stand in the order of 17.7.4.17.
"""

from __future__ import annotations

from forgeapp.exporters.docx.text import Languages, escape
from forgeapp.exporters.front import DEEPEST_LEVEL

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
NAMESPACES = f'xmlns:w="{W}" xmlns:r="{R}" xmlns:m="{M}" xmlns:wp="{WP}" xmlns:a="{A}" xmlns:pic="{PIC}"'
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
BODY_FONT, HEADING_FONT, MONO_FONT = "Calibri", "Calibri", "Consolas"
INK, LINK = "1F2933", "1F5FBF"
LIST_STYLES = 5
"""Word has List Bullet and List Number up to 5, one a level."""

_EAST_ASIAN_FONTS = {"ja-JP": "Yu Gothic", "ko-KR": "Malgun Gothic", "zh-CN": "Microsoft YaHei"}
_MUTED, _HAIRLINE, _LINE, _CODE_FILL = "5F6670", "D5D9DF", "8A919C", "F5F6F8"
_MONO = f'<w:rFonts w:ascii="{MONO_FONT}" w:hAnsi="{MONO_FONT}" w:cs="{MONO_FONT}"/>'
_HEADINGS_FONT = '<w:rFonts w:asciiTheme="majorHAnsi" w:hAnsiTheme="majorHAnsi"/>'
_BOLD = "<w:b/><w:bCs/>"
_GALLERY = 9
"""`uiPriority` of what Word shows first."""


def _paragraph_style(
    style_id: str,
    name: str,
    paragraph: str = "",
    run: str = "",
    *,
    based_on: str = "Normal",
    following: str = "",
    priority: int = 99,
    is_shown: bool = True,
) -> str:
    own = "" if name in _BUILT_IN or name.startswith(_BUILT_IN_FAMILIES) else ' w:customStyle="1"'
    return (
        f'<w:style w:type="paragraph"{own} w:styleId="{style_id}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="{based_on}"/>'
        + (f'<w:next w:val="{following}"/>' if following else "")
        + f'<w:uiPriority w:val="{priority}"/>'
        + ("<w:qFormat/>" if is_shown else "<w:unhideWhenUsed/>")
        + (f"<w:pPr>{paragraph}</w:pPr>" if paragraph else "")
        + (f"<w:rPr>{run}</w:rPr>" if run else "")
        + "</w:style>"
    )


_BUILT_IN = frozenset(
    ("Title", "Subtitle", "caption", "Quote", "footnote text", "footer", "Date", "TOC Heading", "List Continue",
     "List Paragraph", "HTML Preformatted")
)  # fmt: skip
_BUILT_IN_FAMILIES = ("heading ", "toc ", "List Bullet", "List Number")


def _character_style(style_id: str, name: str, run: str, *, is_own: bool = False) -> str:
    own = ' w:customStyle="1"' if is_own else ""
    return (
        f'<w:style w:type="character"{own} w:styleId="{style_id}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="DefaultParagraphFont"/><w:uiPriority w:val="99"/><w:unhideWhenUsed/>'
        f"<w:rPr>{run}</w:rPr></w:style>"
    )


def _heading(level: int, size: int, before: int, after: int, look: str = "") -> str:
    return _paragraph_style(
        f"Heading{level}",
        f"heading {level}",
        f'<w:keepNext/><w:keepLines/><w:spacing w:before="{before}" w:after="{after}" w:line="240" w:lineRule="auto"/>'
        f'<w:outlineLvl w:val="{level - 1}"/>',
        f'{_HEADINGS_FONT}{look}<w:color w:val="{INK}" w:themeColor="text1"/>{_size(size)}',
        following="Normal",
        priority=_GALLERY,
    )


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _border(side: str, size: int, color: str, space: int = 0) -> str:
    return f'<w:{side} w:val="single" w:sz="{size}" w:space="{space}" w:color="{color}"/>'


QUOTE_FROM_THE_RIGHT = f'<w:pBdr><w:left w:val="nil"/>{_border("right", 18, _HAIRLINE, 10)}</w:pBdr>'
"""What a paragraph of a quote says itself where it runs from the right."""


def styles_xml(languages: Languages, text_width: int, highest_level: int) -> bytes:
    """`word/styles.xml`.

    `text_width` in twips: where the page numbers of the contents stand; `highest_level`: of the headings in them.
    """
    parts = (
        f'{DECLARATION}<w:styles xmlns:w="{W}">',
        _defaults(languages),
        _latent(),
        _base_styles(),
        _front_styles(text_width, highest_level),
        _heading(1, 38, 360, 160, _BOLD),
        _heading(2, 30, 320, 100, _BOLD),
        _heading(3, 26, 260, 80, _BOLD),
        _heading(4, 23, 220, 60, _BOLD),
        _heading(5, 21, 200, 60, _BOLD),
        _heading(6, 21, 200, 60, "<w:i/><w:iCs/>"),
        *(_list_style("Bullet", 1, level) for level in range(LIST_STYLES)),
        *(_list_style("Number", 2, level) for level in range(LIST_STYLES)),
        _paragraph_style("ListContinue", "List Continue", '<w:spacing w:after="40"/>'),
        _paragraph_style("ListParagraph", "List Paragraph", '<w:ind w:left="720"/><w:contextualSpacing/>'),
        _text_styles(),
        _character_styles(),
        _table_style(),
        "</w:styles>",
    )
    return "".join(parts).encode()


def _defaults(languages: Languages) -> str:
    proofing = f' w:val="{escape(languages.other)}"' if languages.other else ""
    east_asian = languages.east_asian
    return (
        "<w:docDefaults><w:rPrDefault><w:rPr>"
        '<w:rFonts w:asciiTheme="minorHAnsi" w:hAnsiTheme="minorHAnsi" '
        f'w:eastAsia="{_EAST_ASIAN_FONTS.get(east_asian, _EAST_ASIAN_FONTS["zh-CN"])}" w:cs="Arial"/>{_size(21)}'
        f'<w:lang{proofing} w:eastAsia="{escape(east_asian)}" w:bidi="{escape(languages.complex)}"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>"
        '<w:spacing w:after="120" w:line="269" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
    )


def _latent() -> str:
    """What Word takes for the styles that stand not in the file (17.7.4.3)."""
    shown = (
        "Normal",
        *(f"heading {level}" for level in range(1, 7)),
        "Title",
        "Subtitle",
        "Quote",
        "Strong",
        "Emphasis",
    )
    exceptions = "".join(
        f'<w:lsdException w:name="{name}" w:semiHidden="0" w:unhideWhenUsed="0" w:qFormat="1"/>' for name in shown
    )
    return (
        '<w:latentStyles w:defLockedState="0" w:defUIPriority="99" w:defSemiHidden="1" w:defUnhideWhenUsed="1" '
        f'w:defQFormat="0" w:count="376">{exceptions}</w:latentStyles>'
    )


def _base_styles() -> str:
    cells = (
        '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" '
        'w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    )
    hidden = '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/>'
    return (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        f'<w:name w:val="Default Paragraph Font"/>{hidden}</w:style>'
        f'<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>{hidden}{cells}'
        "</w:style>"
        f'<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>{hidden}</w:style>'
    )


def _front_styles(text_width: int, highest_level: int) -> str:
    """Of the cover and the contents, which begin at the margin whatever the highest level is."""
    contents = (
        _paragraph_style(
            f"TOC{level}",
            f"toc {level}",
            f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{text_width}"/></w:tabs>'
            f'<w:spacing w:before="{120 if level <= highest_level else 0}" w:after="40"/>'
            f'<w:ind w:left="{max(level - highest_level, 0) * 280}"/>',
            _BOLD if level <= highest_level else "",
            following="Normal",
            priority=39,
            is_shown=False,
        )
        for level in range(1, DEEPEST_LEVEL + 1)
    )
    return "".join(
        (
            _paragraph_style(
                "Title",
                "Title",
                f'<w:pBdr>{_border("top", 24, LINK, 14)}</w:pBdr><w:spacing w:before="3600" w:after="160" w:line="240" '
                'w:lineRule="auto"/><w:contextualSpacing/>',
                f'{_HEADINGS_FONT}{_BOLD}<w:color w:val="{INK}" w:themeColor="text1"/>{_size(60)}',
                following="Normal",
                priority=10,
            ),
            _paragraph_style(
                "LongTitle",
                "Long Title",
                '<w:spacing w:before="2800"/>',
                _size(38),
                based_on="Title",
                following="Normal",
            ),
            _paragraph_style(
                "Subtitle",
                "Subtitle",
                '<w:spacing w:after="120"/>',
                f'{_HEADINGS_FONT}<w:color w:val="{_MUTED}"/>{_size(28)}',
                following="Normal",
                priority=11,
            ),
            _paragraph_style("Date", "Date", '<w:spacing w:after="60"/>', f'<w:color w:val="{_MUTED}"/>'),
            _paragraph_style(
                "TOCHeading",
                "TOC Heading",
                '<w:keepNext/><w:keepLines/><w:spacing w:after="200" w:line="240" w:lineRule="auto"/>',
                f'{_HEADINGS_FONT}{_BOLD}<w:color w:val="{INK}" w:themeColor="text1"/>{_size(38)}',
                following="Normal",
                priority=39,
            ),
            *contents,
        )
    )


def _list_style(kind: str, number: int, level: int) -> str:
    suffix = str(level + 1) if level else ""
    at = f'<w:ilvl w:val="{level}"/>' if level else ""
    return _paragraph_style(
        f"List{kind}{suffix}",
        f"List {kind} {suffix}".rstrip(),
        f'<w:numPr>{at}<w:numId w:val="{number}"/></w:numPr><w:spacing w:after="40"/>',
    )


def _text_styles() -> str:
    boxed = "".join(_border(side, 4, _CODE_FILL, 6) for side in ("top", "left", "bottom", "right"))
    return "".join(
        (
            _paragraph_style(
                "Quote",
                "Quote",
                f'<w:pBdr>{_border("left", 18, _HAIRLINE, 10)}</w:pBdr><w:ind w:left="360"/>',
                f'<w:color w:val="{_MUTED}"/>',
                priority=29,
            ),
            _paragraph_style(
                "Caption",
                "caption",
                '<w:spacing w:before="80" w:after="120" w:line="240" w:lineRule="auto"/>',
                f'<w:i/><w:iCs/><w:color w:val="{_MUTED}"/>{_size(19)}',
                following="Normal",
                priority=35,
            ),
            _paragraph_style(
                "HTMLPreformatted",
                "HTML Preformatted",
                f'<w:pBdr>{boxed}</w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="{_CODE_FILL}"/>'
                '<w:spacing w:before="120" w:after="200" w:line="252" w:lineRule="auto"/>'
                '<w:ind w:left="120" w:right="120"/>',
                f"{_MONO}<w:noProof/>{_size(18)}",
            ),
            _paragraph_style(
                "CodeContinued", "Code Continued", '<w:spacing w:before="0"/>', based_on="HTMLPreformatted"
            ),
            _paragraph_style(
                "Math", "Math", '<w:keepLines/><w:spacing w:before="120" w:after="180"/><w:jc w:val="center"/>'
            ),
            _paragraph_style(
                "HorizontalLine",
                "Horizontal Line",
                f"<w:pBdr>{_border('bottom', 4, _HAIRLINE, 1)}</w:pBdr>"
                '<w:spacing w:before="120" w:after="240" w:line="120" w:lineRule="exact"/>',
                _size(12),
            ),
            _paragraph_style(
                "TableText",
                "Table Text",
                '<w:spacing w:before="40" w:after="40" w:line="252" w:lineRule="auto"/>',
                _size(19),
            ),
            _paragraph_style("TableHeading", "Table Heading", "<w:keepNext/>", _BOLD, based_on="TableText"),
            _paragraph_style("Gap", "Gap", '<w:spacing w:after="0" w:line="200" w:lineRule="exact"/>', _size(12)),
            _paragraph_style(
                "FootnoteText",
                "footnote text",
                '<w:spacing w:after="40" w:line="240" w:lineRule="auto"/>',
                _size(18),
                is_shown=False,
            ),
            _paragraph_style(
                "Footer",
                "footer",
                '<w:spacing w:after="0" w:line="240" w:lineRule="auto"/>',
                f'<w:color w:val="{_MUTED}"/>{_size(18)}',
                is_shown=False,
            ),
        )
    )


def _character_styles() -> str:
    return "".join(
        (
            _character_style(
                "Hyperlink", "Hyperlink", f'<w:color w:val="{LINK}" w:themeColor="hyperlink"/><w:u w:val="single"/>'
            ),
            _character_style("FootnoteReference", "footnote reference", '<w:vertAlign w:val="superscript"/>'),
            _character_style("LineNumber", "line number", f'<w:color w:val="{_LINE}"/>'),
            _character_style(
                "HTMLCode",
                "HTML Code",
                f'{_MONO}<w:noProof/>{_size(19)}<w:shd w:val="clear" w:color="auto" w:fill="{_CODE_FILL}"/>',
            ),
            _character_style(
                "MathText",
                "Math Text",
                '<w:rFonts w:ascii="Cambria Math" w:hAnsi="Cambria Math" w:cs="Cambria Math"/><w:i/><w:noProof/>',
                is_own=True,
            ),
        )
    )


def _table_style() -> str:
    return (
        '<w:style w:type="table" w:customStyle="1" w:styleId="ForgeTable"><w:name w:val="Hairline Table"/>'
        '<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/>'
        f"<w:tblPr><w:tblBorders>{_border('bottom', 4, _HAIRLINE)}{_border('insideH', 4, _HAIRLINE)}</w:tblBorders>"
        '<w:tblCellMar><w:left w:w="100" w:type="dxa"/><w:right w:w="100" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:bCs/></w:rPr><w:tcPr>'
        f"<w:tcBorders>{_border('bottom', 8, _LINE)}</w:tcBorders></w:tcPr></w:tblStylePr></w:style>"
    )
