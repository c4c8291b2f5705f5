"""What stands in a file for pictures that lie elsewhere and links that mislead, alike in every format."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from forgeapp.domain.artifact import Format
from forgeapp.domain.document import (
    Block,
    Footnote,
    FootnoteMark,
    Heading,
    ListBlock,
    ListItem,
    Paragraph,
    Picture,
    Quote,
    Run,
    TableBlock,
    plain_text,
)
from forgeapp.exporters.html.fragment import fragment
from forgeapp.exporters.links import web_address
from forgeapp.exporters.registry import exporter_for
from forgeapp.exporters.standins import with_standins
from tests.unit.exporters.document_samples import paragraph, publication

_ADDRESS = "https://example.org/chart.png"
_MISLEADING = "https://bank.example@evil.example/login"


def _line(*inlines: object) -> Paragraph:
    (block,), _ = with_standins((Paragraph(inlines),))  # type: ignore[arg-type]
    assert isinstance(block, Paragraph)
    return block


def test_a_picture_elsewhere_leaves_its_address_as_a_link() -> None:
    assert _line(Picture(_ADDRESS)).inlines == (Run(f"Picture not included: {_ADDRESS}", italic=True, link=_ADDRESS),)
    assert _line(Picture(_ADDRESS, "Sales")).inlines == (Run("Sales", italic=True, link=_ADDRESS),)
    assert _line(Picture("plots/a.png")).inlines == (Run("Picture not included: plots/a.png", italic=True),)
    assert _line(Picture("plots/a.png", "Sales")).inlines == (Run("[Picture: Sales]", italic=True),)


@pytest.mark.parametrize(
    ("address", "is_linked"),
    [
        ("https://example.org/a@b?c=@d", True),
        ("mailto:maria@example.org", True),
        (_MISLEADING, False),
        ("https://user:word@example.org/", False),
        ("https://@example.org/", False),
    ],
)
def test_an_address_that_reads_as_another_place_is_no_link(address: str, is_linked: bool) -> None:
    assert (web_address(address) is not None) == is_linked


def test_where_a_misleading_link_leads_stands_beside_its_words() -> None:
    line = _line(Run("Your "), Run("bank", bold=True, link=_MISLEADING), Run("!", link=_MISLEADING))
    assert plain_text(line.inlines) == f"Your bank! [evil.example: {_MISLEADING}]"
    assert not any(inline.link for inline in line.inlines if isinstance(inline, Run))
    assert plain_text(_line(Run(_MISLEADING, link=_MISLEADING)).inlines) == f"{_MISLEADING} [evil.example]"
    assert plain_text(_line(Run("here", link="https://")).inlines) == "here [https://]"


def test_they_are_replaced_wherever_they_stand_and_nothing_else_is() -> None:
    link, picture = (Run("x", link=_MISLEADING),), (Picture(_ADDRESS),)
    good = (paragraph("a"), Quote((paragraph("b"),)), TableBlock(((Run("c"),),), (((Run("d"),),),), (None,)))
    blocks: tuple[Block, ...] = (
        Heading(1, link),
        ListBlock(False, (ListItem((Paragraph(picture),)),)),
        Quote((Paragraph(link),)),
        TableBlock((link,), ((picture,),), (None,)),
        Footnote("a", (Paragraph(picture),)),
        *good,
    )
    replaced, warnings = with_standins(blocks)
    assert len(warnings) == 2
    assert str(replaced).count("evil.example:") == 3
    assert str(replaced).count("Picture not included") == 3 and "Picture(" not in str(replaced)
    assert all(one is other for one, other in zip(replaced[-3:], good, strict=True))
    assert with_standins(good) == (good, [])


@pytest.mark.parametrize("file_format", [Format.PDF, Format.DOCX, Format.HTML])
def test_every_format_writes_them_and_says_so(tmp_path: Path, file_format: Format) -> None:
    exporter, path = exporter_for(file_format), tmp_path / f"a.{file_format}"
    content = publication(
        Paragraph((Run("See "), Picture(_ADDRESS), Run(" or "), Run("here", link=_MISLEADING), FootnoteMark("a"))),
        Paragraph((Picture("data:image/png;base64,AAAA"),)),
        Footnote("a", (paragraph("a note"),)),
    )
    warnings = exporter.write(content, path, lambda share: None)
    assert exporter.verify(content, path) == []
    assert [warning for warning in warnings if "lie elsewhere" in warning or "misleads" in warning] == warnings[:2]
    assert any("damaged" in warning for warning in warnings[2:])
    if file_format is Format.DOCX:
        with zipfile.ZipFile(path) as archive:
            links = archive.read("word/_rels/document.xml.rels").decode()
            text = archive.read("word/document.xml").decode()
        assert _ADDRESS in links and "evil.example" not in links
        assert text.count("Picture not included") == 2 and "evil.example: https://" in text


def test_copied_text_has_no_misleading_link_either() -> None:
    copied = fragment((Paragraph((Run("here", link=_MISLEADING), Picture(_ADDRESS))),))
    assert 'href="https://bank' not in copied and f'href="{_ADDRESS}"' in copied
