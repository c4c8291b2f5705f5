"""Links within a document lead to its headings in every format; one that is lost or led astray is named."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from forgeapp.domain.artifact import Format
from forgeapp.domain.document import Blocks, Run, plain_text
from forgeapp.domain.export_options import ExportOptions
from forgeapp.domain.publication import Publication
from forgeapp.exporters.html.fragment import fragment
from forgeapp.exporters.pdf.inlines import InlineSetter
from forgeapp.exporters.registry import exporter_for
from forgeapp.exporters.standins import with_standins
from forgeapp.reading.markdown import parse
from tests.unit.exporters.document_samples import publication

TEXT = (
    "# Report\n\nSee [Law](#law), [the second](#part-1) and **[above](#Report)**.[^n]\n\n## Part\n\n## Part\n\n"
    + "Words. " * 3_000
    + "\n\n> ## Law\n\n| Where | To |\n|---|---|\n| cell | [back](#part) |\n\n[^n]: As [Law](#law) says, "
    "not [gone](#gone).\n\n    ### In the note\n"
)
_LOST = "links to places that are not in the document became text: #gone"


def _publication(has_contents: bool = False) -> Publication:
    made = publication(*parse(TEXT))
    return Publication(made.title, made.kind, made.content, made.blocks, options=ExportOptions(contents=has_contents))


def _written(folder: Path, format_: Format, has_contents: bool = False) -> tuple[Path, list[str]]:
    path = folder / f"a.{format_.value}"
    return path, exporter_for(format_).write(_publication(has_contents), path, lambda _share: None)


@pytest.mark.parametrize("has_contents", [False, True])
@pytest.mark.parametrize("format_", [Format.PDF, Format.DOCX, Format.HTML])
def test_links_to_headings_are_written_and_verified(tmp_path: Path, format_: Format, has_contents: bool) -> None:
    path, warnings = _written(tmp_path, format_, has_contents)
    assert _LOST in warnings
    assert exporter_for(format_).verify(_publication(has_contents), path) == []


def test_pages_of_headings_are_where_links_of_a_pdf_lead(tmp_path: Path) -> None:
    from forgeapp.exporters.pdf.reading import read

    path, _ = _written(tmp_path, Format.PDF)
    found = read(path, has_notes=True)
    law = found.outline[3].page
    assert law > 2 and sorted(page for page in found.jumps if page[1] == law) == [(1, law), (1, law)]
    assert (law, 1) in found.jumps


def test_links_of_a_page_name_headings(tmp_path: Path) -> None:
    path, _ = _written(tmp_path, Format.HTML)
    page = path.read_text()
    assert '<a href="#section-4">Law</a>' in page and '<h2 id="section-4">Law</h2>' in page
    assert '<a href="#section-3">the second</a>' in page and '<a href="#section-2">back</a>' in page
    assert "not gone." in page


def _html(old: str, new: str) -> Callable[[Path], None]:
    def fault(path: Path) -> None:
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    return fault


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('<a href="#section-4">Law</a>', "Law", "link '#section-4 Law' is missing"),
        ('href="#section-3"', 'href="#section-2"', "#section-3"),
        ('id="section-4"', 'id="elsewhere"', "a link leads to 'section-4', which is not there"),
    ],
)
def test_a_lost_link_of_a_page_is_named(tmp_path: Path, old: str, new: str, named: str) -> None:
    path, _ = _written(tmp_path, Format.HTML)
    _html(old, new)(path)
    assert named in " | ".join(exporter_for(Format.HTML).verify(_publication(), path))


@pytest.mark.parametrize(
    ("part", "old", "new", "named"),
    [
        ("document", 'w:anchor="_Ref000000004"', 'w:anchor="_Ref000000002"', "#_Ref000000002"),
        (
            "document",
            '<w:bookmarkStart w:id="1" w:name="_Ref000000001"/>',
            "",
            "links none instead of at _Ref000000001",
        ),
        ("document", 'w:name="_Ref000000002"', 'w:name="_Ref000000009"', "links at _Ref000000009"),
        ("footnotes", 'w:anchor="_Ref000000004"', "", "instead of #_Ref000000004"),
    ],
)
def test_a_lost_link_of_a_docx_file_is_named(tmp_path: Path, part: str, old: str, new: str, named: str) -> None:
    path, _ = _written(tmp_path, Format.DOCX)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = f"word/{part}.xml"
    assert old.encode() in parts[name]
    parts[name] = parts[name].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w") as archive:
        for each, data in parts.items():
            archive.writestr(each, data)
    assert named in " | ".join(exporter_for(Format.DOCX).verify(_publication(), path))


def test_a_lost_link_of_a_pdf_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(InlineSetter, "place", lambda self, number: self._paper.add_link(page=1))
        path, _ = _written(tmp_path, Format.PDF)
    assert "links to headings on page" in " | ".join(exporter_for(Format.PDF).verify(_publication(), path))


def test_what_leads_nowhere_is_plain_and_told_once() -> None:
    blocks, warnings = with_standins(parse("[a](#x) [b](#x) [c](#y)"))
    assert plain_text(blocks[0].inlines) == "a b c"  # type: ignore[union-attr]
    assert all(isinstance(inline, Run) and inline.link is None for inline in blocks[0].inlines)  # type: ignore[union-attr]
    assert warnings == ["links to places that are not in the document became text: #x, #y"]


def test_a_piece_on_the_clipboard_has_no_links_to_places_it_may_not_have() -> None:
    blocks: Blocks = parse("# A\n\n[to a](#a)")
    assert "to a" in fragment(blocks) and "href" not in fragment(blocks)
