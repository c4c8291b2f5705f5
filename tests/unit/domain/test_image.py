"""Images as JSON, and in words."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from forgeapp.domain.artifact import FORMATS, Format, Kind
from forgeapp.domain.content import formats_of, from_json, kind_of, to_json
from forgeapp.domain.document import Document
from forgeapp.domain.glance import glance
from forgeapp.domain.image import MAX_BYTES, Image
from tests.fakes.drawn import drawn, file_of, image_of, sketch


def test_an_image_comes_back_from_json_as_it_was() -> None:
    image = sketch("A sketch in two colours")
    assert kind_of(image) is Kind.IMAGE
    assert from_json(to_json(image)) == image


def test_its_bytes_stand_in_json_as_base64() -> None:
    data = to_json(sketch())
    assert base64.b64decode(data["data"]) == sketch().data
    assert (data["kind"], data["media_type"], data["width"], data["height"]) == ("image", "image/png", 96, 64)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("media_type", "image/svg+xml"),
        ("media_type", None),
        ("media_type", ["image/png"]),
        ("data", "no base64!"),
        ("data", None),
        ("data", "A" * (MAX_BYTES * 4 // 3 + 8)),
        ("width", 0),
        ("width", True),
        ("width", "96"),
        ("height", 10**9),
        ("alt", 5),
        ("alt", "a" * 10_001),
        ("title", 1),
    ],
)
def test_what_is_no_image_is_refused(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"'{name}'|'width'"):
        from_json(to_json(sketch()) | {name: value})


def test_a_card_tells_size_and_what_it_shows() -> None:
    image = sketch("Two\nlines")
    found = glance(image)
    assert dict(found.measures) == {"width": 96, "height": 64, "bytes": len(image.data)}
    assert found.excerpt == (("Two lines",),)
    assert glance(sketch()).excerpt == ()


def test_images_go_into_pictures_and_pages() -> None:
    assert FORMATS[Kind.IMAGE] == (Format.PNG, Format.JPEG, Format.WEBP, Format.PDF, Format.DOCX)


@pytest.mark.parametrize(("name", "usual"), [("PNG", Format.PNG), ("JPEG", Format.JPEG), ("WEBP", Format.WEBP)])
def test_the_usual_format_of_an_image_is_its_own(name: str, usual: Format) -> None:
    first, *others = formats_of(image_of(file_of(drawn(), name)))
    assert first is usual
    assert {first, *others} == set(FORMATS[Kind.IMAGE])
    assert formats_of(Document("D", "")) == FORMATS[Kind.DOCUMENT]


@pytest.mark.parametrize(("extension", "named"), [("jpg", Format.JPEG), ("jpeg", Format.JPEG), ("webp", Format.WEBP)])
def test_a_format_is_known_by_each_of_its_extensions(extension: str, named: Format) -> None:
    assert Format.named(extension) is named


def test_an_extension_of_no_format_names_none() -> None:
    assert Format.named("exe") is None
    assert Format.named("") is None


def test_the_name_of_its_format() -> None:
    assert [Image(None, kind, b"", 1, 1).format_name for kind in ("image/png", "image/jpeg", "image/webp")] == [
        "PNG",
        "JPEG",
        "WebP",
    ]
