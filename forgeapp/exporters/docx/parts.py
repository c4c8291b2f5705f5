"""The parts of a DOCX file beside its text and styles: numbering, settings, fonts, theme, footer, footnotes.

Source: ECMA-376 part 1, 17.9 (numbering), 17.15 (settings), 17.8 (fonts), 17.10 (footers), 17.11 (footnotes),
20.1.6 (themes), 22.2 (extended properties). Lengths are twips.
"""

from __future__ import annotations

from collections.abc import Sequence

from forgeapp.exporters.docx.styles import BODY_FONT, DECLARATION, HEADING_FONT, INK, LINK, MONO_FONT, NAMESPACES, M, W

STYLE_LISTS = (("bullet", 0, 1), ("number", 0, 1))
"""The lists of the styles List Bullet and List Number, before those of the text: (kind, level, start)."""
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
    """`word/numbering.xml`: one `w:num` a list of (kind, level, start), behind those of the styles."""
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
        for number, (kind, level, start) in enumerate((*STYLE_LISTS, *lists), 1)
    )
    return f'{DECLARATION}<w:numbering xmlns:w="{W}">{abstract}{numbers}</w:numbering>'.encode()


def settings_xml() -> bytes:
    """`word/settings.xml`; compatibility mode 15 keeps Word 2013 and later out of their compatibility view.

    Fields are not told to update when the file is opened: Word would ask the reader for leave first.
    """
    return (
        f'{DECLARATION}<w:settings xmlns:w="{W}" xmlns:m="{M}"><w:zoom w:percent="100"/>'
        '<w:defaultTabStop w:val="720"/><w:characterSpacingControl w:val="doNotCompress"/>'
        '<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" '
        'w:val="15"/></w:compat><m:mathPr><m:mathFont m:val="Cambria Math"/><m:brkBin m:val="before"/>'
        '<m:brkBinSub m:val="--"/><m:smallFrac m:val="0"/><m:dispDef/><m:lMargin m:val="0"/><m:rMargin m:val="0"/>'
        '<m:defJc m:val="centerGroup"/><m:wrapIndent m:val="1440"/><m:intLim m:val="subSup"/>'
        '<m:naryLim m:val="undOvr"/></m:mathPr>'
        '<w:clrSchemeMapping w:bg1="light1" w:t1="dark1" w:bg2="light2" w:t2="dark2" w:accent1="accent1" '
        'w:accent2="accent2" w:accent3="accent3" w:accent4="accent4" w:accent5="accent5" w:accent6="accent6" '
        'w:hyperlink="hyperlink" w:followedHyperlink="followedHyperlink"/></w:settings>'
    ).encode()


def fonts_xml() -> bytes:
    """`word/fontTable.xml`: what to take where a font is missing."""
    fonts = (
        (BODY_FONT, "Carlito", "swiss", "variable"),
        (MONO_FONT, "DejaVu Sans Mono", "modern", "fixed"),
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


def theme_xml() -> bytes:
    """`word/theme/theme1.xml`: the fonts and colours that Word's Design tab exchanges all at once."""
    colours = (
        ("dk1", INK), ("lt1", "FFFFFF"), ("dk2", "3B4754"), ("lt2", "F5F6F8"), ("accent1", LINK), ("accent2", "177245"),
        ("accent3", "7A3EA8"), ("accent4", "8A5A00"), ("accent5", "A03A13"), ("accent6", "5F6670"), ("hlink", LINK),
        ("folHlink", "7A3EA8"),
    )  # fmt: skip
    scheme = "".join(f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in colours)
    fonts = "".join(
        f'<a:{name}Font><a:latin typeface="{font}"/><a:ea typeface=""/><a:cs typeface=""/></a:{name}Font>'
        for name, font in (("major", HEADING_FONT), ("minor", BODY_FONT))
    )
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="6350" cap="flat" cmpd="sng" algn="ctr">{fill}<a:prstDash val="solid"/></a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        f'{DECLARATION}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="ForgeApp">'
        f'<a:themeElements><a:clrScheme name="ForgeApp">{scheme}</a:clrScheme>'
        f'<a:fontScheme name="ForgeApp">{fonts}</a:fontScheme><a:fmtScheme name="ForgeApp">'
        f"<a:fillStyleLst>{fill * 3}</a:fillStyleLst><a:lnStyleLst>{line * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{effect * 3}</a:effectStyleLst><a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst>"
        "</a:fmtScheme></a:themeElements></a:theme>"
    ).encode()


def footer_xml(title: str, text_width: int, is_right_to_left: bool) -> bytes:
    """`word/footer1.xml`: the title, given as runs, and at the other side the page's number and how many there are."""
    fields = (f'<w:fldSimple w:instr=" {name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>' for name in ("PAGE", "NUMPAGES"))
    between = '<w:r><w:t xml:space="preserve"> / </w:t></w:r>'
    return (
        f'{DECLARATION}<w:ftr xmlns:w="{W}"><w:p><w:pPr><w:pStyle w:val="Footer"/>'
        f'<w:tabs><w:tab w:val="right" w:pos="{text_width}"/></w:tabs>{"<w:bidi/>" if is_right_to_left else ""}</w:pPr>'
        f"{title}<w:r><w:tab/></w:r>{between.join(fields)}</w:p></w:ftr>"
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


def application_xml() -> bytes:
    """`docProps/app.xml`: the program that wrote the file."""
    return (
        f'{DECLARATION}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        "<Application>ForgeApp</Application></Properties>"
    ).encode()
