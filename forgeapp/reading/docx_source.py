"""What the parts of one DOCX file share while it is read: styles, lists, pictures, notes, and what is lost."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from forgeapp.domain.document import FootnoteMark, Inline, Picture, Run
from forgeapp.errors import UnreadableFile
from forgeapp.reading.archives import Package, Relation
from forgeapp.reading.document_losses import Loss
from forgeapp.reading.docx_numbering import Numbering
from forgeapp.reading.docx_styles import Styles
from forgeapp.reading.docx_xml import W, read_part
from forgeapp.reading.kept_pictures import KeptPictures

if TYPE_CHECKING:
    from lxml.etree import _Element


@dataclass(slots=True)
class Source:
    package: Package
    main: str
    styles: Styles
    numbering: Numbering
    pictures: KeptPictures
    losses: Counter[Loss] = field(default_factory=Counter)
    marks: dict[tuple[str, str], str] = field(default_factory=dict)
    """Notes by kind ('footnote', 'endnote') and id: their labels, in the order of their first marks."""
    relations_of: dict[str, dict[str, Relation]] = field(default_factory=dict)

    def relations(self, part: str) -> dict[str, Relation]:
        if part not in self.relations_of:
            self.relations_of[part] = dict(self.package.relations(part))
        return self.relations_of[part]

    def mark(self, kind: str, identity: str) -> FootnoteMark:
        return FootnoteMark(self.marks.setdefault((kind, identity), str(len(self.marks) + 1)))

    def picture(self, part: str, relation: str, alt: str) -> Inline:
        """A picture of the package as a data: URI, else its description in words."""
        target = self.relations(part).get(relation)
        data = None
        if target is not None and not target.is_external and target.target in self.package:
            data = self.package.read(target.target)
        source = self.pictures.source_of(data)
        if source is not None:
            return Picture(source, alt)
        is_remote = target is not None and target.is_external
        self.losses[Loss.REMOTE_PICTURES if is_remote else self.pictures.loss(data)] += 1
        return Run(alt)


def open_source(package: Package) -> Source:
    """Raises UnreadableFile for a package that holds no document, or a workbook."""
    main = next((r.target for r in package.relations("").values() if r.kind == "officeDocument"), "")
    if main.startswith("xl/"):
        raise UnreadableFile(
            source=package.source,
            reason="it is a workbook, not a text document",
            remedy="Rename it so that it ends in .xlsx, and open it again.",
        )
    if main not in package:
        main = "word/document.xml"
    if main not in package:
        raise package.damaged()
    losses: Counter[Loss] = Counter()
    relations = dict(package.relations(main))
    parts = {relation.kind: relation.target for relation in relations.values() if not relation.is_external}
    styles = Styles(_optional(package, parts.get("styles")))
    numbering = Numbering(_optional(package, parts.get("numbering")))
    source = Source(package, main, styles, numbering, KeptPictures(), losses, relations_of={main: relations})
    _count_beside(source)
    return source


def _optional(package: Package, part: str | None) -> _Element | None:
    return read_part(package, part) if part and part in package else None


def _count_beside(source: Source) -> None:
    """What stands beside the text: comments, headers and footers that say more than the page's number, macros."""
    said: set[str] = set()
    for relation in source.relations(source.main).values():
        if relation.is_external or relation.target not in source.package:
            continue
        match relation.kind:
            case "comments":
                source.losses[Loss.COMMENTS] += sum(
                    1 for _ in read_part(source.package, relation.target).iter(W + "comment")
                )
            case "header" | "footer":
                said.add(_said(read_part(source.package, relation.target)))
            case "vbaProject":
                source.losses[Loss.MACROS] += 1
            case "package" | "oleObject" | "aFChunk":
                source.losses[Loss.EMBEDDED] += 1
            case _:
                pass
    source.losses[Loss.MARGINS] += len({text for text in said if text and not _is_title(text, source)})


def _is_title(text: str, source: Source) -> bool:
    """Whether a file of ours says its own title there, at the length a line has room for."""
    if not source.styles.are_ours or "docProps/core.xml" not in source.package:
        return False
    title = read_part(source.package, "docProps/core.xml").findtext("{http://purl.org/dc/elements/1.1/}title") or ""
    return text == title.strip(" -–—/|") or (text.endswith("…") and title.startswith(text[:-1]))


def _said(margin: _Element) -> str:
    """The text of a header or footer, fields left out."""
    words: list[str] = []
    depth = 0
    for element in margin.iter(W + "t", W + "fldChar", W + "drawing", W + "pict"):
        if element.tag == W + "fldChar":
            depth += {"begin": 1, "end": -1}.get(element.get(W + "fldCharType", ""), 0)
        elif element.tag != W + "t":
            words.append("picture")
        elif depth <= 0 and next(element.iterancestors(W + "fldSimple"), None) is None:
            words.append(element.text or "")
    return "".join(words).strip(" -–—/|")
