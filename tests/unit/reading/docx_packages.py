"""DOCX packages as Word and LibreOffice write them, made of the XML of their bodies."""

from __future__ import annotations

import zipfile
from pathlib import Path

NAMESPACES = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
    }.items()
)
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"


def _style(kind: str, identity: str, name: str, content: str = "", attributes: str = "") -> str:
    return f'<w:style w:type="{kind}" w:styleId="{identity}"{attributes}><w:name w:val="{name}"/>{content}</w:style>'


STYLES = "".join(
    (
        _style("paragraph", "Standard", "Normal", attributes=' w:default="1"'),
        _style("paragraph", "berschrift1", "heading 1", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>'),
        _style("paragraph", "berschrift2", "heading 2", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>'),
        _style("paragraph", "Kapitel", "Kapitel", '<w:basedOn w:val="berschrift1"/>', ' w:customStyle="1"'),
        _style("paragraph", "Titel", "Title"),
        _style("paragraph", "Zitat", "Quote"),
        _style("paragraph", "Verzeichnis1", "toc 1"),
        _style("paragraph", "Listenabsatz", "List Paragraph", '<w:pPr><w:ind w:left="720"/></w:pPr>'),
        _style("paragraph", "Aufzhlung", "List Bullet", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'),
        _style("character", "Fett", "Strong", "<w:rPr><w:b/></w:rPr>"),
        _style("character", "Hyperlink", "Hyperlink", '<w:rPr><w:color w:val="0563C1"/><w:u w:val="single"/></w:rPr>'),
    )
)
"""Those of a German Word: ids are translated, names are not."""
_LEVELS = "".join(
    f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{{0}}"/><w:pPr><w:ind w:left="{720 * (level + 1)}" '
    'w:hanging="360"/></w:pPr></w:lvl>'
    for level in range(3)
)
NUMBERING = (
    f'<w:abstractNum w:abstractNumId="0">{_LEVELS.format("bullet")}</w:abstractNum>'
    f'<w:abstractNum w:abstractNumId="1">{_LEVELS.format("decimal")}</w:abstractNum>'
    f'<w:abstractNum w:abstractNumId="2">{_LEVELS.format("lowerLetter")}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/>'
    '</w:lvlOverride></w:num><w:num w:numId="4"><w:abstractNumId w:val="2"/></w:num>'
)


def paragraph(content: str, style: str = "", numbering: tuple[int, int] | None = None, properties: str = "") -> str:
    """Text or runs in a `w:p` with the ids Word puts on everything; `numbering`: list and level."""
    if not content.startswith("<"):
        content = run(content)
    parts = f'<w:pStyle w:val="{style}"/>' if style else ""
    if numbering:
        parts += f'<w:numPr><w:ilvl w:val="{numbering[1]}"/><w:numId w:val="{numbering[0]}"/></w:numPr>'
    return f'<w:p w:rsidR="00A77B3E" w:rsidRDefault="001D5F2A"><w:pPr>{parts}{properties}</w:pPr>{content}</w:p>'


def run(text: str, properties: str = "") -> str:
    return f'<w:r w:rsidRPr="00C41B2B"><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def write_docx(
    path: Path,
    body: str,
    *,
    parts: dict[str, tuple[str, str | bytes]] | None = None,
    links: dict[str, str] | None = None,
    styles: str = STYLES,
    root: str = "document",
) -> Path:
    """`parts`: what else the document refers to, by file name: its kind and its content. `links`: addresses by id."""
    relations = {"rIdS": ("styles", "styles.xml", ""), "rIdN": ("numbering", "numbering.xml", "")}
    files: dict[str, str | bytes] = {
        "styles.xml": f"<w:styles {NAMESPACES}>{styles}</w:styles>",
        "numbering.xml": f"<w:numbering {NAMESPACES}>{NUMBERING}</w:numbering>",
        "document.xml": f"<w:{root} {NAMESPACES}><w:body>{body}<w:sectPr/></w:body></w:{root}>",
    }
    for name, (kind, content) in (parts or {}).items():
        relations[f"rId{name}"] = (kind, name, "")
        files[name] = content
    for identity, address in (links or {}).items():
        relations[identity] = ("hyperlink", address, ' TargetMode="External"')
    rels = "".join(
        f'<Relationship Id="{identity}" Type="{_TYPES}{kind}" Target="{target}"{mode}/>'
        for identity, (kind, target, mode) in relations.items()
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_RELATIONSHIPS}"><Relationship Id="rId1" Type="{_TYPES}officeDocument" '
            'Target="word/document.xml"/></Relationships>',
        )
        package.writestr(
            "word/_rels/document.xml.rels", f'<Relationships xmlns="{_RELATIONSHIPS}">{rels}</Relationships>'
        )
        for name, content in files.items():
            package.writestr(f"word/{name}", content)
    return path
