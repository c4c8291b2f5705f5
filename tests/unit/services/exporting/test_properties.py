from pathlib import Path

import docx
import pypdfium2
import pytest

from forgeapp.domain.artifact import Format
from forgeapp.domain.document import Document
from forgeapp.domain.export_options import ExportOptions
from forgeapp.domain.table import Table
from forgeapp.exporters.registry import exporter_for
from forgeapp.reading.files import read_file
from forgeapp.services.exporting.properties import properties_of
from forgeapp.services.exporting.publishing import publication
from forgeapp.services.importing.documents import carried_over

HEAD = (
    "---\ntitle: Sales\nauthor: [Ann Lee, Ben]\ndate: 2026-03-01\nlang: de_AT\n"
    "description: A week\ntags: [q1, shops]\nlayout: post\n---\n\n"
)
DOCUMENT = Document("Sales", f"{HEAD}# Sales\n\nThey rose.\n")


def written(document: Document, file_format: Format, folder: Path) -> tuple[Path, tuple[str, ...]]:
    options = ExportOptions(cover=file_format is Format.PDF)
    laid_out = publication(document, document.title or "", {}, options=options, for_format=file_format)
    target = folder / f"out.{file_format}"
    exporter = exporter_for(file_format)
    warnings = exporter.write(laid_out, target, lambda share: None)
    assert exporter.verify(laid_out, target) == []
    return target, (*laid_out.warnings, *warnings)


def test_front_matter_gives_the_properties_of_files() -> None:
    properties = properties_of(DOCUMENT)

    assert properties.pop("created").startswith("2026-03-01T12:00:00")
    assert properties == {
        "author": "Ann Lee, Ben",
        "language": "de-AT",
        "subject": "A week",
        "keywords": "q1, shops",
    }


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("lang: plain English", "language"),
        ("date: today", "created"),
        ("date: 9999-99-99", "created"),
        ("date: 0800-12-25", "created"),
        ("date: 0001-01-01T00:00:00+14:00", "created"),
        ("date: 9999-12-31T23:59:59-14:00", "created"),
    ],
)
def test_what_is_no_language_or_date_is_left_out_and_named(line: str, name: str) -> None:
    document = Document("x", f"---\ntitle: x\n{line}\n---\n\nText")

    assert name not in properties_of(document)
    (warning,) = publication(document, "x", {}, for_format=Format.PDF).warnings
    assert warning.startswith(f"Front matter that this format has no place for is left out: {line.partition(':')[0]}.")


@pytest.mark.parametrize("day", ["1000-01-02", "1850-05-01", "9998-12-30"])
def test_a_day_long_ago_or_far_ahead_stands_in_every_file(day: str, tmp_path: Path) -> None:
    document = Document("x", f"---\ntitle: x\ndate: {day}\n---\n\nText")
    for file_format in (Format.PDF, Format.DOCX, Format.HTML):
        assert written(document, file_format, tmp_path)[1] == ()


def test_other_kinds_state_no_properties() -> None:
    assert properties_of(Table("---\ntitle: x\n---", ("a",))) == {}


def test_a_markdown_file_holds_the_front_matter_as_it_was(tmp_path: Path) -> None:
    target, warnings = written(DOCUMENT, Format.MD, tmp_path)

    assert target.read_text("utf-8") == DOCUMENT.markdown
    assert warnings == ()


def test_pages_have_it_as_properties_and_not_as_text(tmp_path: Path) -> None:
    target, warnings = written(DOCUMENT, Format.PDF, tmp_path)

    with pypdfium2.PdfDocument(target) as file:
        metadata = file.get_metadata_dict()
        text = "".join(page.get_textpage().get_text_range() for page in file)
    assert (metadata["Author"], metadata["Subject"], metadata["Keywords"]) == ("Ann Lee, Ben", "A week", "q1, shops")
    assert metadata["CreationDate"].startswith("D:20260301")
    assert "layout" not in text
    assert "1. März 2026" in text
    assert warnings == ("Front matter that this format has no place for is left out: layout. Markdown files keep it.",)


def test_word_and_html_have_it_as_properties(tmp_path: Path) -> None:
    core = docx.Document(str(written(DOCUMENT, Format.DOCX, tmp_path)[0])).core_properties
    page = written(DOCUMENT, Format.HTML, tmp_path)[0].read_text("utf-8")

    assert (core.author, core.subject, core.keywords, core.language) == (
        "Ann Lee, Ben",
        "A week",
        "q1, shops",
        "de-AT",
    )
    assert '<html lang="de-AT">' in page
    assert '<meta name="author" content="Ann Lee, Ben">' in page
    assert '<meta name="keywords" content="q1, shops">' in page
    assert "layout" not in page.partition("<body>")[2]


def test_it_stays_above_a_text_that_comes_back_changed_from_word(tmp_path: Path) -> None:
    target, _ = written(DOCUMENT, Format.DOCX, tmp_path)
    file = docx.Document(str(target))
    next(p for p in file.paragraphs if p.text == "They rose.").insert_paragraph_before("At last:")
    file.save(str(target))

    back = carried_over(DOCUMENT, read_file(target))

    assert isinstance(back, Document)
    assert back.markdown == f"{HEAD}# Sales\n\nAt last:\n\nThey rose.\n"
