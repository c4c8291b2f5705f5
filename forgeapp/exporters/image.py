"""An image as a PNG, JPEG or WebP file.

Verified by our own reading of the file's parts (signature, sizes, checksums, what it holds beside the picture), by the
pixels as Pillow unpacks them, and for JPEG as PDFium does, which shares no code with the writer. There is no second
decoder for PNG and WebP among the libraries.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from forgeapp.domain.artifact import Format
from forgeapp.domain.image import Image
from forgeapp.domain.image_files import read_facts
from forgeapp.domain.publication import Progress, Publication
from forgeapp.exporters.image_coding import MEDIA_TYPES, coded, decoded, on_white

if TYPE_CHECKING:
    from PIL.Image import Image as Pixels

_BLOCK: Final = 8
"""Pixels a side of what is compared as one where coding changes each pixel a little: that of a JPEG's own blocks."""
_FAINT: Final = 20
"""Levels of 256 by which the colour of a block may differ."""
_CODED: Final = 0.8
_pdfium = threading.Lock()


@dataclass(frozen=True, slots=True)
class ImageExporter:
    format: Format

    def write(self, publication: Publication, target: Path, progress: Progress) -> list[str]:
        """Raises ExportFailed for a picture that is too large for the format."""
        result = coded(_image(publication), self.format)
        progress(_CODED)
        target.write_bytes(result.data)
        progress(1.0)
        return list(result.warnings)

    def verify(self, publication: Publication, path: Path) -> list[str]:
        image, data = _image(publication), path.read_bytes()
        media_type = MEDIA_TYPES[self.format]
        is_copy = image.media_type == media_type
        if is_copy and data != image.data:
            return ["the file is not the picture to the last byte"]
        try:
            facts = read_facts(data)
        except ValueError as error:
            return [f"the file is damaged: {error}"]
        found: list[str] = []
        if facts.media_type != media_type:
            found.append(f"the file is {facts.media_type}, not {media_type}")
        if (facts.width, facts.height) != (image.width, image.height):
            found.append(
                f"the picture has {facts.width} x {facts.height} pixels instead of {image.width} x {image.height}"
            )
        if facts.metadata:
            found.append(f"the file holds more than the picture: {', '.join(facts.metadata)}")
        if facts.is_animated:
            found.append("the picture moves")
        return found if found or is_copy else list(self._pixel_differences(image, data))

    def _pixel_differences(self, image: Image, data: bytes) -> Iterator[str]:
        is_exact = self.format is Format.PNG or (self.format is Format.WEBP and read_facts(image.data).is_lossless)
        with decoded(image.data) as expected:
            try:
                with decoded(data) as found:
                    wanted = _paper(expected) if self.format is Format.JPEG else expected.convert("RGBA")
                    yield from _differences(wanted, found.convert(wanted.mode), is_exact)
            except ValueError as error:
                yield f"the picture cannot be unpacked: {error}"
                return
            if self.format is Format.JPEG:
                yield from _differences(_paper(expected), _by_pdfium(data), is_exact=False)


def _image(publication: Publication) -> Image:
    assert isinstance(publication.content, Image)
    return publication.content


def _paper(pixels: Pixels) -> Pixels:
    return on_white(pixels).convert("RGB")


def _differences(expected: Pixels, found: Pixels, is_exact: bool) -> Iterator[str]:
    from PIL import ImageChops

    if expected.size != found.size:
        yield f"the picture unpacks to {found.width} x {found.height} pixels"
        return
    if is_exact:
        # All four channels: where nothing is seen the colours count, too, for nothing is to be lost.
        if expected.tobytes() != found.tobytes():
            yield "pixels of the picture changed"
        return
    wanted, got = expected.reduce(_BLOCK), found.reduce(_BLOCK)
    if wanted.mode == "RGBA":
        # What is seen through has no colour of its own.
        wanted, got = wanted.convert("RGBa").convert("RGBA"), got.convert("RGBa").convert("RGBA")
    ranges = ImageChops.difference(wanted, got).getextrema()
    worst = max(high for _, high in ranges)  # type: ignore[misc]
    if worst > _FAINT:
        yield f"the picture looks different, by up to {worst} of 256 levels"


def _by_pdfium(data: bytes) -> Pixels:
    import pypdfium2

    with _pdfium:
        document = pypdfium2.PdfDocument.new()  # type: ignore[no-untyped-call]
        picture = pypdfium2.PdfImage.new(document)  # type: ignore[no-untyped-call]
        picture.load_jpeg(BytesIO(data), inline=True)
        try:
            pixels: Pixels = picture.get_bitmap().to_pil().convert("RGB")
            return pixels
        finally:
            picture.close()
            document.close()
