"""Characters in words."""

from __future__ import annotations

import sys
import unicodedata

from forgeapp.exporters.pdf.names import in_words


def test_letters_are_told_by_their_script_and_how_many_symbols_by_their_names() -> None:
    assert in_words("ሀለ漢字か") == [
        "2 characters of the Ethiopic script",
        "2 characters of the Chinese script",
        "1 character of the Hiragana script",
    ]
    assert in_words("😀①𐌀") == ["1 character of the Old Italic script", "grinning face", "circled digit one"]


def test_every_character_has_words() -> None:
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code)) not in ("Cc", "Cs", "Co", "Cn"):
            assert in_words(chr(code))[0].strip()
