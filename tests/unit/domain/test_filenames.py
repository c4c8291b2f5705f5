from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.filenames import MAX_BYTES, safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Budget 2026.xlsx", "Budget 2026.xlsx"),
        ("a/b\\c.txt", "a b c.txt"),
        ("../../etc/passwd", "etc passwd"),
        ("what? <now>.md", "what now.md"),
        (".hidden", "hidden"),
        ("", "untitled"),
        ("...", "untitled"),
        ("CON", "_CON"),
        ("com1.txt", "_com1.txt"),
        ("tab\tand\nline.csv", "tab and line.csv"),
        ("evil\u202etxt.exe", "evil txt.exe"),
        ("e\u0301.txt", "\u00e9.txt"),
        ("v1.2 final report", "v1.2 final report"),
    ],
)
def test_names_are_made_safe_and_stay_readable(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_keeps_its_extension() -> None:
    result = safe_name("é" * 300 + ".docx")
    assert result.endswith("é.docx")
    assert len(result.encode()) <= MAX_BYTES


def test_the_fallback_is_taken_where_nothing_is_left() -> None:
    assert safe_name("///", "report") == "report"


@pytest.mark.security
@given(st.text(st.characters(), max_size=200) | st.text("a\ud800./", max_size=8))
def test_whatever_the_name_it_stays_in_its_folder(name: str) -> None:
    result = safe_name(name)
    assert result
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f\x7f]', result)
    assert not result.startswith(".")
    assert len(result.encode()) <= MAX_BYTES + 1
    assert safe_name(result) == result
