"""Pictures in a text take no part in its parsing, and stand at their places afterwards."""

from __future__ import annotations

import base64
import os
import tracemalloc

import pytest

from forgeapp.domain.document import Picture
from forgeapp.domain.document import walk as every_block
from forgeapp.reading.markdown import parse

SOURCE = f"data:image/png;base64,{base64.b64encode(bytes(range(256)) * 2).decode()}"
PLAIN = "data:image/png;base64,AAAA"
"""Too short to be taken out."""


@pytest.mark.parametrize(
    "text",
    [
        "# A ![a](SRC) heading\n\nText ![b](SRC 'with a title') goes on\nand on\n",
        "- one ![a](SRC)\n  - two\n\n    ![b](SRC)\n- three\n",
        "> quoted ![a](SRC)\n\n| a | b |\n|---|---|\n| ![x](SRC) | `SRC` |\n",
        "![named][logo] and ![again][logo]\n\n[logo]: SRC\n",
        "```\n![code](SRC)\n```\n\n    indented SRC\n\n`![in line](SRC)`\n",
        "Words[^1] and SRC as words\n\n[^1]: A note ![a](SRC)\n\n    with a second paragraph\n",
        '<img src="SRC" alt="raw">\n\n<p><img src="SRC"></p>\n\n[link](SRC)\n\n$$\nSRC\n$$\n',
        "1. a\n\n   | t |\n   |---|\n   | SRC |\n\n2. b\n\n---\n\n> [!NOTE]\n> ![a](SRC)\n",
    ],
)
def test_a_text_means_the_same_whatever_the_size_of_its_pictures(text: str) -> None:
    assert parse(text.replace("SRC", SOURCE)) == _enlarged(parse(text.replace("SRC", PLAIN)))


def _enlarged(value: object) -> object:
    """With the large picture wherever the small one stands."""
    match value:
        case str():
            return value.replace(PLAIN, SOURCE)
        case tuple():
            return tuple(_enlarged(each) for each in value)
        case _ if hasattr(value, "__slots__"):
            return type(value)(*(_enlarged(getattr(value, name)) for name in value.__slots__))
    return value


def test_parsing_holds_each_picture_once_beside_the_text() -> None:
    pictures = [base64.b64encode(os.urandom(60_000)).decode() for _ in range(40)]
    text = "\n\n".join(f"# Part\n\n![noise](data:image/png;base64,{each})" for each in pictures)
    parse(text[:200_000])
    tracemalloc.start()
    blocks = parse(text)
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert used < 1.3 * len(text)
    shown = [each for block in every_block(blocks) for each in getattr(block, "inlines", ()) if type(each) is Picture]
    assert [each.source.partition(",")[2] for each in shown] == pictures
