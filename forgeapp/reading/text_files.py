"""Text files whatever their encoding: found by their mark, else UTF-8, else what the letters speak for."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from forgeapp.errors import TooLarge, UnreadableFile
from forgeapp.reading.file_heads import read_head

MAX_TEXT_BYTES = 20_000_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_text_file(path: Path, *, max_bytes: int = MAX_TEXT_BYTES) -> str:
    """Any text file as it stands, its encoding found. Raises UnreadableFile, TooLarge."""
    from forgeapp.reading.displayed import clean

    return clean(read_text(path, max_bytes)[0])


def read_text(path: Path, max_bytes: int) -> tuple[str, tuple[str, ...]]:
    """The file's text with '\\n' line ends, and what is in doubt about its encoding.

    Raises UnreadableFile, TooLarge.
    """
    data = read_head(path, max_bytes + 1)
    if len(data) > max_bytes:
        raise TooLarge(source=path.name, reason=f"at most {max_bytes:,} bytes are read")
    return decoded_text(data, path)


def decoded_text(data: bytes, path: Path) -> tuple[str, tuple[str, ...]]:
    """A file's bytes as `read_text` gives them. Raises UnreadableFile."""
    text, doubt = _decoded(data, path)
    return text.replace("\r\n", "\n").replace("\r", "\n"), doubt


_USUAL_ENCODINGS = (
    *("cp1252", "cp1250", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256"),
    *("cp932", "euc_jp", "gb18030", "big5", "cp949"),
)
"""What spreadsheets and editors of the last decades have written."""
_NO_WESTERN_WORD = re.compile(r"(?<=[A-Za-zÀ-ÿ])[³¹¿¶¼¾£¥ŸŒ¡¢](?=[A-Za-zÀ-ÿ])|[³¹](?=[a-z])|(?<=[a-z])[³¹]")
"""Signs within words: what Polish, Czech and Hungarian letters of cp1250 look like in cp1252."""
_WESTERN_LETTER = re.compile(r"[äöüßéèàâêîôûçëïñãõáíóúåæø]|(?<![a-zß-ÿ])[ÄÖÜÅÆØ]")
_ENCODINGS_OF_OTHERS = ("cp1250", "mac_roman", "cp850")
"""Of Latin letters: in Central Europe, of spreadsheets on a Mac ('CSV (Macintosh)'), and of DOS."""


def _decoded(data: bytes, path: Path) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            text = data.decode(encoding, errors="replace")
            return text, _gaps(text)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        if "\0" not in text:
            return text, ()
    if b"\0" in data[:4_096] and not _is_wide(data):
        raise UnreadableFile(
            source=path.name,
            reason="it is not a text file",
            remedy="Open it in the program it belongs to, and save it as text, Markdown or CSV.",
        )
    encoding = _likeliest_encoding(data[:200_000])
    text = data.decode(encoding, errors="replace")
    doubt = f"The file does not say how its letters are encoded; they were read as {encoding}."
    return text, (doubt, *_gaps(text))


def _gaps(text: str) -> tuple[str, ...]:
    return ("Some letters could not be read and became \ufffd.",) if "\ufffd" in text else ()


def _likeliest_encoding(data: bytes) -> str:
    """Windows' Western encoding, unless the letters speak for another script or for Central Europe, or are none in it.

    A general detector knows scripts apart, but takes the many encodings of Latin letters for one another.
    """
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=list(_USUAL_ENCODINGS)).best()
    if best is not None:
        letters = [letter for letter in str(best) if letter.isalpha()]
        others = sum(1 for letter in letters if ord(letter) > 0x24F)
        if others > 0.3 * len(letters):
            return best.encoding
    western = data.decode("cp1252", errors="replace")
    signs, letters_of_the_west = len(_NO_WESTERN_WORD.findall(western)), len(_WESTERN_LETTER.findall(western))
    if 4 * signs > letters_of_the_west:
        return "cp1250"
    if "\ufffd" not in western:
        return "cp1252"
    return max(_ENCODINGS_OF_OTHERS, key=lambda name: len(_WESTERN_LETTER.findall(data.decode(name, errors="replace"))))


def _is_wide(data: bytes) -> bool:
    """Whether every other byte of the beginning is zero, as in UTF-16 of Western text."""
    head = data[:4_096]
    return max(head[::2].count(0), head[1::2].count(0)) > 0.3 * (len(head) / 2)
