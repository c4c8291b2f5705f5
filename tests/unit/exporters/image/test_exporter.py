"""Images as PNG, JPEG and WebP files."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image as pillow

from forgeapp.domain.artifact import Format
from forgeapp.domain.document import Paragraph, Picture, Run
from forgeapp.domain.image import Image
from forgeapp.domain.image_files import read_facts
from forgeapp.errors import ExportFailed
from forgeapp.exporters.image.coding import coded
from forgeapp.exporters.pictures import read_picture
from forgeapp.exporters.registry import exporter_for
from forgeapp.services.exporting.publishing import publication
from tests.fakes.drawn import drawn, file_of, image_of, sketch

PICTURES = (Format.PNG, Format.JPEG, Format.WEBP)
SOURCES: dict[str, bytes] = {
    "png": file_of(drawn(), "PNG"),
    "clear png": file_of(drawn(mode="RGBA"), "PNG"),
    "grey png": file_of(drawn(mode="L"), "PNG"),
    "black and white png": file_of(drawn(mode="1"), "PNG"),
    "palette png": file_of(drawn(mode="P"), "PNG"),
    "16 bit png": file_of(pillow.new("I;16", (9, 7), 40_000), "PNG"),
    "jpeg": file_of(drawn(), "JPEG", quality=70),
    "grey jpeg": file_of(drawn(mode="L"), "JPEG"),
    "webp": file_of(drawn(), "WEBP", quality=60),
    "clear webp": file_of(drawn(mode="RGBA"), "WEBP", quality=60),
    "lossless webp": file_of(drawn(mode="RGBA"), "WEBP", lossless=True),
    "one pixel": file_of(drawn(1, 1), "PNG"),
}


def written(image: Image, file_format: Format, folder: Path) -> tuple[bytes, list[str]]:
    """The file, verified, and its warnings."""
    target = folder / f"picture.{file_format.value}"
    exporter, laid_out = exporter_for(file_format), publication(image, "Sketch", {})
    warnings = exporter.write(laid_out, target, lambda _share: None)
    assert exporter.verify(laid_out, target) == []
    return target.read_bytes(), warnings


def opened(data: bytes, mode: str = "RGBA") -> pillow.Image:
    with pillow.open(BytesIO(data)) as picture:
        return picture.convert(mode)


@pytest.mark.parametrize("file_format", PICTURES)
@pytest.mark.parametrize("source", SOURCES)
def test_every_image_goes_into_every_picture_format(source: str, file_format: Format, tmp_path: Path) -> None:
    image = image_of(SOURCES[source])
    data, _ = written(image, file_format, tmp_path)
    facts = read_facts(data)
    assert (facts.width, facts.height) == (image.width, image.height)
    assert facts.metadata == ()
    assert facts.media_type.endswith({Format.JPEG: "jpeg"}.get(file_format, file_format.value))


@pytest.mark.parametrize(("source", "file_format"), [("png", Format.PNG), ("jpeg", Format.JPEG), ("webp", Format.WEBP)])
def test_an_image_of_that_format_is_written_byte_by_byte(source: str, file_format: Format, tmp_path: Path) -> None:
    assert written(image_of(SOURCES[source]), file_format, tmp_path)[0] == SOURCES[source]


@pytest.mark.parametrize("source", ["clear webp", "jpeg"])
def test_png_keeps_every_pixel(source: str, tmp_path: Path) -> None:
    data, warnings = written(image_of(SOURCES[source]), Format.PNG, tmp_path)
    assert opened(data).tobytes() == opened(SOURCES[source]).tobytes()
    assert warnings == []


def test_webp_keeps_every_pixel_of_a_lossless_image(tmp_path: Path) -> None:
    data, _ = written(image_of(SOURCES["clear png"]), Format.WEBP, tmp_path)
    assert read_facts(data).is_lossless
    assert opened(data).tobytes() == opened(SOURCES["clear png"]).tobytes()


def test_webp_of_a_photo_is_small(tmp_path: Path) -> None:
    assert not read_facts(written(image_of(SOURCES["jpeg"]), Format.WEBP, tmp_path)[0]).is_lossless


def test_what_is_seen_through_stands_on_white_in_jpeg_and_that_is_said(tmp_path: Path) -> None:
    clear = pillow.new("RGBA", (40, 40), (255, 0, 0, 0))
    data, warnings = written(image_of(file_of(clear, "PNG")), Format.JPEG, tmp_path)
    assert opened(data, "RGB").getpixel((20, 20)) == (255, 255, 255)
    assert warnings == ["JPEG knows no transparency: the picture stands on white."]
    opaque, warnings = written(image_of(file_of(drawn().convert("RGBA"), "PNG")), Format.JPEG, tmp_path)
    assert warnings == []
    assert opaque != data


def test_a_picture_too_large_for_a_format_is_refused_with_a_way_out() -> None:
    wide = image_of(file_of(pillow.new("1", (16_400, 1)), "PNG"))
    with pytest.raises(ExportFailed, match="at most 16,383 pixels a side") as caught:
        coded(wide, Format.WEBP)
    assert "Choose PNG." in caught.value.hint or caught.value.params["remedy"] == "Choose PNG."


def test_a_damaged_image_is_told_when_it_is_exported() -> None:
    broken = Image("Sketch", "image/png", SOURCES["png"][:200], 96, 64)
    with pytest.raises(ExportFailed, match="damaged"):
        coded(broken, Format.JPEG)


def test_a_profile_for_other_colours_is_left_out() -> None:
    def profile(space: bytes) -> bytes:
        return b"\0" * 16 + space + b"\0" * 108

    grey = image_of(file_of(drawn(mode="L"), "PNG", icc_profile=profile(b"GRAY")))
    with pillow.open(BytesIO(coded(grey, Format.WEBP).data)) as picture:
        assert "icc_profile" not in picture.info
    colourful = image_of(file_of(drawn(), "PNG", icc_profile=profile(b"RGB ")))
    for file_format in (Format.JPEG, Format.WEBP):
        with pillow.open(BytesIO(coded(colourful, file_format).data)) as picture:
            assert picture.info["icc_profile"] == profile(b"RGB ")


@pytest.mark.parametrize("source", SOURCES)
def test_every_image_can_be_drawn_on_a_page(source: str) -> None:
    image = image_of(SOURCES[source])
    paragraph = publication(image, "Sketch", {}).blocks[0]
    assert isinstance(paragraph, Paragraph)
    assert isinstance(paragraph.inlines[0], Picture)
    file = read_picture(paragraph.inlines[0].source)
    assert file is not None
    assert (file.width, file.height) == (image.width, image.height)


def test_a_photo_stays_small_on_a_page() -> None:
    photo = image_of(file_of(drawn(600, 400), "WEBP", quality=60))
    paragraph = publication(photo, "Sketch", {}).blocks[0]
    assert isinstance(paragraph, Paragraph)
    assert isinstance(paragraph.inlines[0], Picture)
    file = read_picture(paragraph.inlines[0].source)
    assert file is not None
    assert file.extension == "jpeg"


def test_a_page_shows_the_picture_and_what_it_shows_in_words() -> None:
    laid_out = publication(sketch("Two hills"), "Sketch", {})
    picture, caption = laid_out.blocks
    assert isinstance(picture, Paragraph)
    assert isinstance(picture.inlines[0], Picture)
    assert picture.inlines[0].alt == "Two hills"
    assert caption == Paragraph((Run("Two hills", italic=True),))
    assert len(publication(sketch(), "Sketch", {}).blocks) == 1
    assert laid_out.workbook is None


@pytest.mark.parametrize(("width", "height"), [(60, 240), (300, 40), (248, 351)])
def test_a_picture_and_its_caption_stand_on_one_page(width: int, height: int, tmp_path: Path) -> None:
    import pypdfium2
    from lxml import etree

    # As large as no page is: it must be fitted.
    data = file_of(drawn(width, height).resize((width * 12, height * 12)), "JPEG")
    laid_out = publication(image_of(data, alt="Two hills, seen from the lake. " * 6), "Sketch", {})
    for file_format in (Format.PDF, Format.DOCX):
        exporter, target = exporter_for(file_format), tmp_path / f"page.{file_format.value}"
        exporter.write(laid_out, target, lambda _share: None)
        assert exporter.verify(laid_out, target) == []
    with pypdfium2.PdfDocument(tmp_path / "page.pdf") as document:
        assert len(document) == 1
        assert "Two hills" in document[0].get_textpage().get_text_bounded()
    with zipfile.ZipFile(tmp_path / "page.docx") as package:
        story = etree.fromstring(package.read("word/document.xml"))
    (extent,) = story.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}extent")
    wide, high = (int(extent.get(name, "0")) / 914_400 for name in ("cx", "cy"))
    assert wide <= 6.7
    assert high <= 8.7
    assert abs(wide / high - width / height) < 0.02 * width / height
