"""Plain text as WordprocessingML: what XML cannot hold is dropped and counted, scripts get their hints.

Source: ECMA-376 part 1, 17.3.2 (runs), 17.3.2.26 (`rFonts`), 17.3.2.30 (`rtl`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from forgeapp.domain.document import Run
from forgeapp.domain.wording import Text

_UNSTORABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_RTL_CHARS = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_LTR_CHARS = "A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u0370-\u058f\u0900-\u1fff\u2c00-\ud7ff"
_RTL = re.compile(f"[{_RTL_CHARS}]")
_RTL_STRETCH = re.compile(f"[{_RTL_CHARS}](?:[^{_LTR_CHARS}]*[{_RTL_CHARS}])?")
_LTR_STRETCH = re.compile(f"[{_LTR_CHARS}](?:[^{_RTL_CHARS}]*[{_LTR_CHARS}])?")
_KANA, _HANGUL = re.compile("[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f]"), re.compile("[\u1100-\u11ff\uac00-\ud7af]")
_EAST_ASIAN = re.compile(
    "[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]"
)
_BREAKS = re.compile("([\t\n])")
_ALPHABETS = (
    ("Latn", re.compile("[A-Za-z\u00c0-\u024f]")),
    ("Cyrl", re.compile("[\u0400-\u052f]")),
    ("Grek", re.compile("[\u0370-\u03ff]")),
)
_ALPHABET_LANGUAGES = {"Latn": "en-US", "Cyrl": "ru-RU", "Grek": "el-GR"}
"""What text of one of these alphabets is proofed in where the document is in another."""


def storable(text: str) -> str:
    """The text as XML 1.0 can hold it, line ends as '\\n'; the rest of its characters is left out."""
    return _UNSTORABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def is_right_to_left(text: str) -> bool:
    """Whether its first letter is Arabic, Hebrew or of another script written from the right."""
    if not _RTL.search(text):
        return False
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("R", "AL"):
            return True
        if direction == "L":
            return False
    return False


@dataclass(frozen=True, slots=True)
class Languages:
    """What letters are proofed in, by their sort, such as 'de-DE'; '' leaves it to the program that opens the file.

    `complex`: those of scripts that are shaped or written from the right.
    """

    other: str
    east_asian: str
    complex: str


def alphabet_of(text: str) -> str:
    """'Latn', 'Cyrl' or 'Grek' (ISO 15924), whichever has the most letters; '' for none of them."""
    count, name = max((len(letters.findall(text)), name) for name, letters in _ALPHABETS)
    return name if count else ""


class Typesetter:
    """Turns text into `w:r` elements and remembers what it met: dropped characters, East Asian languages.

    `alphabet`: that of most of the document, see `alphabet_of`.
    """

    def __init__(self, alphabet: str = "Latn") -> None:
        self._alphabet = alphabet
        self.dropped: Counter[str] = Counter()
        self._east_asian: Counter[str] = Counter()
        self._has_hebrew = False

    @property
    def right_to_left_language(self) -> str:
        """'he-IL' where Hebrew stands, else 'ar-SA'."""
        return "he-IL" if self._has_hebrew else "ar-SA"

    @property
    def east_asian_language(self) -> str:
        """'ja-JP' where kana stand, 'ko-KR' where Hangul, else 'zh-CN'."""
        return next((name for name in ("ja-JP", "ko-KR") if self._east_asian[name]), "zh-CN")

    def clean(self, text: str) -> str:
        """`storable` text, what is left out counted."""
        if text.isascii() and text.isprintable():
            return text
        self.dropped.update(_UNSTORABLE.findall(text))
        return storable(text)

    def runs(self, run: Run, rtl: bool = False) -> str:
        """The elements of one run; `rtl` is the direction of its paragraph."""
        text = run.text
        if not rtl and text.isascii() and text.isprintable():
            return (
                f"<w:r>{run_properties(run, language=self._foreign(text))}{_text_element(text)}</w:r>" if text else ""
            )
        text = self.clean(text)
        found = _RTL.search(text)
        self._has_hebrew = self._has_hebrew or bool(found and found[0] < "\u0600")
        pieces = _by_direction(text, rtl) if rtl or found else ((text, False),)
        return "".join(
            f"<w:r>{run_properties(run, piece_rtl, self._is_east_asian(piece), self._foreign(piece))}"
            f"{text_elements(piece)}</w:r>"
            for piece, piece_rtl in pieces
            if piece
        )

    def _foreign(self, text: str) -> str:
        """The language of text in another alphabet than the document's, '' for all other text."""
        if text.isascii() and self._alphabet == "Latn":
            return ""
        alphabet = alphabet_of(text)
        return _ALPHABET_LANGUAGES[alphabet] if alphabet and alphabet != self._alphabet else ""

    def _is_east_asian(self, text: str) -> bool:
        if not _EAST_ASIAN.search(text):
            return False
        if _KANA.search(text):
            self._east_asian["ja-JP"] += 1
        elif _HANGUL.search(text):
            self._east_asian["ko-KR"] += 1
        return True

    def warnings(self) -> list[str]:
        if not self.dropped:
            return []
        names = ", ".join(f"U+{ord(character):04X}" for character in sorted(self.dropped)[:8])
        count = self.dropped.total()
        if count == 1:
            return [
                Text(
                    "docx_character_dropped", "1 control character that DOCX cannot hold left out: {names}", names=names
                )
            ]
        return [
            Text(
                "docx_characters_dropped",
                "{count} control characters that DOCX cannot hold left out: {names}",
                count=count,
                names=names,
            )
        ]


def proofing_languages(language: str, typesetter: Typesetter) -> Languages:
    """`language`: that of most of the text."""
    east_asian, right_to_left = typesetter.east_asian_language, typesetter.right_to_left_language
    match language.partition("-")[0]:
        case "ja" | "ko" | "zh":
            return Languages("", language, right_to_left)
        case "ar" | "fa" | "he" | "hi" | "th" | "ur":
            return Languages("", east_asian, language)
    return Languages(language, east_asian, right_to_left)


def _by_direction(text: str, rtl: bool) -> Iterator[tuple[str, bool]]:
    """Stretches against the paragraph's direction, and what stands between them."""
    at = 0
    for match in (_LTR_STRETCH if rtl else _RTL_STRETCH).finditer(text):
        yield text[at : match.start()], rtl
        yield match[0], not rtl
        at = match.end()
    yield text[at:], rtl


def escape(text: str) -> str:
    """For element content and attributes in double quotes."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    return text.replace('"', "&quot;") if '"' in text else text


def _text_element(text: str) -> str:
    return f'<w:t xml:space="preserve">{escape(text)}</w:t>'


def text_elements(text: str) -> str:
    """The inside of a run: `w:t` with tabs and line breaks as elements of their own."""
    if "\n" not in text and "\t" not in text:
        return _text_element(text)
    elements = {"\t": "<w:tab/>", "\n": "<w:br/>"}
    return "".join(elements.get(part) or _text_element(part) for part in _BREAKS.split(text) if part)


def run_properties(run: Run, rtl: bool = False, east_asian: bool = False, language: str = "") -> str:
    """The `w:rPr` of a run's style, '' for a plain one."""
    return _properties(run.bold, run.italic, run.strike, run.code, run.link is not None, rtl, east_asian, language)


@cache
def _properties(
    bold: bool, italic: bool, strike: bool, code: bool, link: bool, rtl: bool, east_asian: bool, language: str
) -> str:
    parts = []
    if link or code:
        parts.append(f'<w:rStyle w:val="{"Hyperlink" if link else "HTMLCode"}"/>')
    hint = ' w:hint="eastAsia"' if east_asian else ""
    if link and code:
        parts.append(f'<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:cs="Consolas"{hint}/>')
    elif hint:
        parts.append(f"<w:rFonts{hint}/>")
    if bold:
        parts.append("<w:b/><w:bCs/>")
    if italic:
        parts.append("<w:i/><w:iCs/>")
    if strike:
        parts.append("<w:strike/>")
    if rtl:
        parts.append("<w:rtl/>")
    if language:
        parts.append(f'<w:lang w:val="{language}"/>')
    return f"<w:rPr>{''.join(parts)}</w:rPr>" if parts else ""
