"""Pictures at the command line: opened, told, exported, and what cannot be done with them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image as pillow

from tests.end_to_end.conftest import Run
from tests.fakes.drawn import drawn, file_of

pytestmark = pytest.mark.integration


def test_a_picture_is_opened_told_compared_and_exported(run_here: Run, tmp_path: Path) -> None:
    exif = pillow.Exif()
    exif[0x010F] = "A camera"
    (tmp_path / "Logo.png").write_bytes(file_of(drawn(mode="RGBA"), "PNG", exif=exif))
    opened = run_here("open", tmp_path / "Logo.png", "--json").json
    number = opened["artifact"]["id"]
    assert opened["artifact"]["kind"] == "image"
    assert opened["lost"] == ["What the file told beside the picture (camera, place, time, remarks) was left out."]
    shown = run_here("artifacts", "show", number, "--json").json
    assert (shown["title"], shown["media_type"], shown["width"], shown["height"]) == ("Logo", "image/png", 96, 64)
    assert "PNG, 96 x 64 pixels" in run_here("artifacts", "show", number).out

    targets = [tmp_path / name for name in ("a.png", "a.jpg", "b.jpeg", "a.webp", "a.pdf", "a.docx")]
    exported = run_here("export", number, "--to", *targets, "--json").json["exports"]
    assert all(export["verified"] for export in exported)
    assert [bool(export["warnings"]) for export in exported] == [False, True, True, False, False, False]
    with pillow.open(BytesIO(targets[1].read_bytes())) as picture:
        assert (picture.format, picture.size) == ("JPEG", (96, 64))
    refused = run_here("export", number, "--to", tmp_path / "a.xlsx", "--json")
    assert (refused.code, refused.json["error"]["type"]) == (2, "unsupported_format")

    (tmp_path / "Logo.png").write_bytes(file_of(drawn(40, 40), "PNG"))
    run_here("open", tmp_path / "Logo.png", "--as-version-of", number)
    (hunk,) = run_here("artifacts", "diff", number, 1, 2, "--json").json["hunks"]
    assert hunk["where"] == "picture"
    assert "40 x 40" in hunk["after"]


def test_a_picture_is_not_revised_in_words(run_here: Run, tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(file_of(drawn(), "PNG"))
    number = run_here("open", tmp_path / "logo.png", "--json").json["artifact"]["id"]
    ran = run_here("revise", number, "make it brighter", "--json")
    assert ran.code == 1
    assert ran.json["error"]["type"] == "picture_not_revised"
    assert "next version" in ran.json["error"]["hint"]


def test_a_damaged_picture_is_refused_with_what_to_do(run_here: Run, tmp_path: Path) -> None:
    (tmp_path / "cut.png").write_bytes(file_of(drawn(), "PNG")[:200])
    ran = run_here("open", tmp_path / "cut.png", "--json")
    assert ran.code == 1
    assert ran.json["error"]["type"] == "unreadable_file"
    assert ran.json["error"]["hint"]
