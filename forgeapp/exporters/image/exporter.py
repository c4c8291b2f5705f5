"""An image as a PNG, JPEG or WebP file.

Verified by our own reading of the file's parts (signature, sizes, checksums, what it holds beside the picture), by the
pixels as Pillow unpacks them, and for JPEG as PDFium does, which shares no code with the writer. There is no second
decoder for PNG and WebP among the libraries.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from forgeapp.domain.artifact import Format
from forgeapp.domain.image import Image
from forgeapp.domain.image_files import read_facts
from forgeapp.domain.publication import Progress, Publication
from forgeapp.exporters.image.coding import MEDIA_TYPES, coded, decoded, in_mode, on_white

if TYPE_CHECKING:
    from PIL.Image import Image as Pixels

_BLOCK: Final = 8
"""Pixels a side of what is compared as one where coding changes each pixel a little: that of a JPEG's own blocks."""
_FAINT: Final = 20
"""Levels of 256 by which the colour of a block may differ."""
_STRIP_PIXELS: Final = 2_000_000
_CODED: Final = 0.8
_pdfium = threading.Lock()
_Shape = Callable[["Pixels"], "Pixels"]


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
        shaped = _on_paper if self.format is Format.JPEG else _with_transparency
        with decoded(image.data) as expected:
            try:
                with decoded(data) as found:
                    yield from _differences(expected, found, shaped, is_exact)
            except ValueError as error:
                yield f"the picture cannot be unpacked: {error}"
                return
            if self.format is Format.JPEG:
                yield from _differences(expected, _by_pdfium(data), shaped, is_exact=False)


def _image(publication: Publication) -> Image:
    assert isinstance(publication.content, Image)
    return publication.content


def _on_paper(pixels: Pixels) -> Pixels:
    return in_mode(on_white(pixels), "RGB")


def _with_transparency(pixels: Pixels) -> Pixels:
    return in_mode(pixels, "RGBA")


def _differences(expected: Pixels, found: Pixels, shaped: _Shape, is_exact: bool) -> Iterator[str]:
    """Strip by strip, so that a large picture takes no more memory than twice its own."""
    width, height = expected.size
    if found.size != (width, height):
        yield f"the picture unpacks to {found.width} x {found.height} pixels"
        return
    rows = max(_STRIP_PIXELS // width // _BLOCK, 1) * _BLOCK
    worst = 0
    for top in range(0, height, rows):
        strip = (0, top, width, min(top + rows, height))
        wanted, got = shaped(expected.crop(strip)), shaped(found.crop(strip))
        if not is_exact:
            worst = max(worst, _distance(wanted, got))
        elif wanted.tobytes() != got.tobytes():
            # All four channels: where nothing is seen the colours count, too, for nothing is to be lost.
            yield "pixels of the picture changed"
            return
    if worst > _FAINT:
        yield f"the picture looks different, by up to {worst} of 256 levels"


def _distance(one: Pixels, other: Pixels) -> int:
    """By how many levels the colours of their blocks differ at most."""
    from PIL import ImageChops

    one, other = one.reduce(_BLOCK), other.reduce(_BLOCK)
    if one.mode == "RGBA":
        # What is seen through has no colour of its own.
        one, other = one.convert("RGBa").convert("RGBA"), other.convert("RGBa").convert("RGBA")
    ranges = ImageChops.difference(one, other).getextrema()
    return max(int(high) for _, high in ranges)  # type: ignore[misc]


def _by_pdfium(data: bytes) -> Pixels:
    import pypdfium2

    with _pdfium:
        document = pypdfium2.PdfDocument.new()  # type: ignore[no-untyped-call]
        picture = pypdfium2.PdfImage.new(document)  # type: ignore[no-untyped-call]
        picture.load_jpeg(BytesIO(data), inline=True)
        try:
            return in_mode(picture.get_bitmap().to_pil(), "RGB")
        finally:
            picture.close()
            document.close()
