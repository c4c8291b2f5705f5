"""The parts of a DOCX file that look the same in every one: styles, numbering, settings, fonts, footer.

Source: ECMA-376 part 1, 17.7 (styles), 17.9 (numbering), 17.15 (settings). Sizes are half-points, lengths twips.
"""

from __future__ import annotations

from collections.abc import Sequence

from forgeapp.exporters.docx_text import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
NAMESPACES = f'xmlns:w="{W}" xmlns:r="{R}" xmlns:wp="{WP}" xmlns:a="{A}" xmlns:pic="{PIC}"'
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_EAST_ASIAN_FONTS = {"ja-JP": "Yu Gothic", "ko-KR": "Malgun Gothic", "zh-CN": "Microsoft YaHei"}
_INK, _MUTED, _LINK, _HAIRLINE, _LINE, _CODE_FILL = "1F2933", "5F6670", "1F5FBF", "D5D9DF", "8A919C", "F5F6F8"
_MONO = '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:cs="Consolas"/>'


def _paragraph_style(
    style_id: str, name: str, paragraph: str = "", run: str = "", *, based_on: str = "Normal", following: str = ""
) -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{style_id}"><w:name w:val="{name}"/><w:basedOn w:val="{based_on}"/>'
        + (f'<w:next w:val="{following}"/>' if following else "")
        + "<w:qFormat/>"
        + (f"<w:pPr>{paragraph}</w:pPr>" if paragraph else "")
        + (f"<w:rPr>{run}</w:rPr>" if run else "")
        + "</w:style>"
    )


def _character_style(style_id: str, name: str, run: str) -> str:
    return (
        f'<w:style w:type="character" w:styleId="{style_id}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="DefaultParagraphFont"/><w:rPr>{run}</w:rPr></w:style>'
    )


def _heading(level: int, size: int, before: int, after: int, look: str = "") -> str:
    return _paragraph_style(
        f"Heading{level}",
        f"heading {level}",
        f'<w:keepNext/><w:keepLines/><w:spacing w:before="{before}" w:after="{after}" w:line="240" w:lineRule="auto"/>'
        f'<w:outlineLvl w:val="{level - 1}"/>',
        look + f'<w:color w:val="{_INK}"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/>',
        following="Normal",
    )


def _border(side: str, size: int, color: str, space: int = 0) -> str:
    return f'<w:{side} w:val="single" w:sz="{size}" w:space="{space}" w:color="{color}"/>'


def styles_xml(language: str, east_asian: str) -> bytes:
    """`word/styles.xml`. `language` such as 'de-DE' or ''; `east_asian` the language its characters are set in."""
    font = _EAST_ASIAN_FONTS[east_asian]
    proofing = f' w:val="{escape(language)}"' if language else ""
    bold = "<w:b/><w:bCs/>"
    boxed = "".join(_border(side, 4, _CODE_FILL, 6) for side in ("top", "left", "bottom", "right"))
    parts = (
        f'{DECLARATION}<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>'
        f'<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="{font}" w:cs="Arial"/>'
        f'<w:sz w:val="21"/><w:szCs w:val="21"/><w:lang{proofing} w:eastAsia="{east_asian}"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>"
        '<w:spacing w:after="120" w:line="269" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>',
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:semiHidden/></w:style>',
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:semiHidden/>'
        '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" '
        'w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        "</w:style>",
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/><w:semiHidden/>'
        "</w:style>",
        _heading(1, 38, 0, 160, bold),
        _heading(2, 30, 320, 100, bold),
        _heading(3, 26, 260, 80, bold),
        _heading(4, 23, 220, 60, bold),
        _heading(5, 21, 200, 60, bold),
        _heading(6, 21, 200, 60, "<w:i/><w:iCs/>"),
        _paragraph_style("ListBullet", "List Bullet", '<w:spacing w:after="40"/>'),
        _paragraph_style("ListNumber", "List Number", '<w:spacing w:after="40"/>'),
        _paragraph_style("ListContinue", "List Continue", '<w:spacing w:after="40"/>'),
        _paragraph_style(
            "Quote",
            "Quote",
            f'<w:pBdr>{_border("left", 18, _HAIRLINE, 10)}</w:pBdr><w:ind w:left="360"/>',
            f'<w:color w:val="{_MUTED}"/>',
        ),
        _paragraph_style(
            "CodeBlock",
            "Code Block",
            f'<w:pBdr>{boxed}</w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="{_CODE_FILL}"/>'
            '<w:spacing w:before="120" w:after="200" w:line="252" w:lineRule="auto"/>'
            '<w:ind w:left="120" w:right="120"/>',
            f'{_MONO}<w:noProof/><w:sz w:val="18"/><w:szCs w:val="18"/>',
        ),
        _paragraph_style("CodeContinued", "Code Continued", '<w:spacing w:before="0"/>', based_on="CodeBlock"),
        _paragraph_style(
            "Math", "Math", '<w:keepLines/><w:spacing w:before="120" w:after="180"/><w:jc w:val="center"/>'
        ),
        _paragraph_style(
            "HorizontalLine",
            "Horizontal Line",
            f"<w:pBdr>{_border('bottom', 4, _HAIRLINE, 1)}</w:pBdr>"
            '<w:spacing w:before="120" w:after="240" w:line="120" w:lineRule="exact"/>',
            '<w:sz w:val="12"/><w:szCs w:val="12"/>',
        ),
        _paragraph_style(
            "TableText",
            "Table Text",
            '<w:spacing w:before="40" w:after="40" w:line="252" w:lineRule="auto"/>',
            '<w:sz w:val="19"/><w:szCs w:val="19"/>',
        ),
        _paragraph_style("TableHeading", "Table Heading", "<w:keepNext/>", bold, based_on="TableText"),
        _paragraph_style(
            "Gap",
            "Gap",
            '<w:spacing w:after="0" w:line="200" w:lineRule="exact"/>',
            '<w:sz w:val="12"/><w:szCs w:val="12"/>',
        ),
        _paragraph_style(
            "FootnoteText",
            "footnote text",
            '<w:spacing w:after="40" w:line="240" w:lineRule="auto"/>',
            '<w:sz w:val="18"/><w:szCs w:val="18"/>',
        ),
        _paragraph_style(
            "Footer",
            "footer",
            '<w:spacing w:after="0" w:line="240" w:lineRule="auto"/><w:jc w:val="center"/>',
            f'<w:color w:val="{_MUTED}"/><w:sz w:val="18"/><w:szCs w:val="18"/>',
        ),
        _character_style("Hyperlink", "Hyperlink", f'<w:color w:val="{_LINK}"/><w:u w:val="single"/>'),
        _character_style("FootnoteReference", "footnote reference", '<w:vertAlign w:val="superscript"/>'),
        _character_style(
            "Code",
            "Code",
            f'{_MONO}<w:noProof/><w:sz w:val="19"/><w:szCs w:val="19"/>'
            f'<w:shd w:val="clear" w:color="auto" w:fill="{_CODE_FILL}"/>',
        ),
        _character_style(
            "MathText",
            "Math Text",
            '<w:rFonts w:ascii="Cambria Math" w:hAnsi="Cambria Math" w:cs="Cambria Math"/><w:i/><w:noProof/>',
        ),
        '<w:style w:type="table" w:styleId="ForgeTable"><w:name w:val="Hairline Table"/>'
        '<w:basedOn w:val="TableNormal"/>'
        f"<w:tblPr><w:tblBorders>{_border('bottom', 4, _HAIRLINE)}{_border('insideH', 4, _HAIRLINE)}</w:tblBorders>"
        '<w:tblCellMar><w:left w:w="100" w:type="dxa"/><w:right w:w="100" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:bCs/></w:rPr><w:tcPr>'
        f"<w:tcBorders>{_border('bottom', 8, _LINE)}</w:tcBorders></w:tcPr></w:tblStylePr></w:style>",
        "</w:styles>",
    )
    return "".join(parts).encode()


_BULLETS = ("\u2022", "\u2013", "\u25aa")


def _abstract_list(number: int, kind: str) -> str:
    levels = []
    for level in range(9):
        shown, text, suffix = {
            "bullet": ("bullet", _BULLETS[level % 3], ""),
            "number": ("decimal", f"%{level + 1}.", ""),
            "task": ("none", "", '<w:suff w:val="nothing"/>'),
        }[kind]
        levels.append(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{shown}"/>{suffix}'
            f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
            f'<w:pPr><w:ind w:left="{360 * (level + 1)}" w:hanging="360"/></w:pPr></w:lvl>'
        )
    return (
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="hybridMultilevel"/>'
        f"{''.join(levels)}</w:abstractNum>"
    )


def numbering_xml(lists: Sequence[tuple[str, int, int]]) -> bytes:
    """`word/numbering.xml`: one `w:num` a list of (kind, level, start), the first having the id 1."""
    kinds = ("bullet", "number", "task")
    abstract = "".join(_abstract_list(number, kind) for number, kind in enumerate(kinds))
    numbers = "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{kinds.index(kind)}"/>'
        + (
            f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{start}"/></w:lvlOverride>'
            if kind == "number"
            else ""
        )
        + "</w:num>"
        for number, (kind, level, start) in enumerate(lists, 1)
    )
    return f'{DECLARATION}<w:numbering xmlns:w="{W}">{abstract}{numbers}</w:numbering>'.encode()


def settings_xml() -> bytes:
    """`word/settings.xml`; compatibility mode 15 keeps Word 2013 and later out of their compatibility view."""
    return (
        f'{DECLARATION}<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/>'
        '<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" '
        'w:val="15"/></w:compat></w:settings>'
    ).encode()


def fonts_xml() -> bytes:
    """`word/fontTable.xml`: what to take where a font is missing."""
    fonts = (
        ("Calibri", "Carlito", "swiss", "variable"),
        ("Consolas", "DejaVu Sans Mono", "modern", "fixed"),
        ("Cambria Math", "DejaVu Math TeX Gyre", "roman", "variable"),
        ("Segoe UI Symbol", "DejaVu Sans", "swiss", "variable"),
        ("Arial", "Liberation Sans", "swiss", "variable"),
    )
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:family w:val="{family}"/><w:pitch w:val="{pitch}"/>'
        "</w:font>"
        for name, other, family, pitch in fonts
    )
    return f'{DECLARATION}<w:fonts xmlns:w="{W}">{entries}</w:fonts>'.encode()


def footer_xml() -> bytes:
    """`word/footer1.xml`: the page's number."""
    return (
        f'{DECLARATION}<w:ftr xmlns:w="{W}"><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>'
        '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>'
    ).encode()


def footnotes_xml(notes: Sequence[str]) -> bytes:
    """`word/footnotes.xml` from the content of each note, numbered from 1, after the two separators."""
    separators = "".join(
        f'<w:footnote w:type="{name}" w:id="{number}"><w:p><w:pPr><w:spacing w:after="0" w:line="240" '
        f'w:lineRule="auto"/></w:pPr><w:r><w:{name}/></w:r></w:p></w:footnote>'
        for number, name in ((-1, "separator"), (0, "continuationSeparator"))
    )
    entries = "".join(f'<w:footnote w:id="{number}">{note}</w:footnote>' for number, note in enumerate(notes, 1))
    return f"{DECLARATION}<w:footnotes {NAMESPACES}>{separators}{entries}</w:footnotes>".encode()
