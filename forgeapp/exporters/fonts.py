"""Which font has which character: the fonts shipped with the program, then those of the system.

Nothing is read before a character asks for it. Only fonts that are known by their file name are taken from the
system, so that the same text looks the same on the same machine. Not here: drawing, and measuring of text.
"""

from __future__ import annotations

import os
import re
import struct
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from forgeapp.paths import resource


@dataclass(frozen=True, slots=True)
class FontFile:
    """One style of one family. `emphasis` '', 'B', 'I' or 'BI'; `number` its place in a collection (.ttc)."""

    family: str
    emphasis: str
    path: Path
    number: int = 0


_TEXT_FONTS: dict[str, dict[str, str]] = {
    "sans": {
        "": "NotoSans-Regular",
        "B": "NotoSans-Bold",
        "I": "NotoSans-Italic",
        "BI": "NotoSans-BoldItalic",
    },
    "mono": {"": "NotoSansMono-Regular", "B": "NotoSansMono-Bold"},
}

_SHIPPED_FALLBACKS: tuple[tuple[str, dict[str, str]], ...] = (
    ("arabic", {"": "NotoSansArabic-Regular", "B": "NotoSansArabic-Bold"}),
    ("hebrew", {"": "NotoSansHebrew-Regular", "B": "NotoSansHebrew-Bold"}),
    ("devanagari", {"": "NotoSansDevanagari-Regular", "B": "NotoSansDevanagari-Bold"}),
    ("math", {"": "NotoSansMath-Regular"}),
    ("mono", {"": "NotoSansMono-Regular", "B": "NotoSansMono-Bold"}),
    ("dingbats", {"": "NotoSansSymbols2-Regular"}),
    ("symbols", {"": "NotoSansSymbols-Regular"}),
    ("sans", {"": "NotoSans-Regular", "B": "NotoSans-Bold"}),
)

_EMOJI = ("NotoColorEmoji.ttf", "seguiemj.ttf", "Apple Color Emoji.ttc")

_CJK = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansSC-Regular.otf",
    "NotoSansSC-Regular.ttf",
    "SourceHanSansSC-Regular.otf",
    "SourceHanSans-Regular.ttc",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "DroidSansFallbackFull.ttf",
    "DroidSansFallback.ttf",
    "msyh.ttc",
    "YuGothR.ttc",
    "msgothic.ttc",
    "malgun.ttf",
    "simsun.ttc",
    "Hiragino Sans GB.ttc",
    "PingFang.ttc",
    "AppleSDGothicNeo.ttc",
    "NotoSansJP-Regular.otf",
    "NotoSansKR-Regular.otf",
    "NanumGothic.ttf",
    "ipag.ttf",
    "Arial Unicode.ttf",
    "ARIALUNI.TTF",
)

_CJK_NUMBERS = {"ja": 0, "ko": 1, "zh": 2, "zh-tw": 3, "zh-hant": 3, "zh-hk": 4}
"""The faces inside NotoSansCJK-Regular.ttc: the same characters in the shapes of each country."""

_BOLD_NAMES = (("-regular.", "-bold."), ("msyh.", "msyhbd."), ("yugothr.", "yugothb."), ("malgun.", "malgunbd."))
"""How the bold style of a system font is called."""

_SPECIAL = re.compile(r"bold|italic|oblique|light|thin|black|condensed|emoji|lastresort|adobeblank|[-_](?:bd|it)\.")
_MOST_LOOKED_INTO = 600
"""Files of the system whose characters are read in search of one."""

_LAST = ("DejaVuSans.ttf", "seguisym.ttf", "Symbola.ttf", "unifont.ttf")


def text_font(family: str, emphasis: str) -> FontFile:
    """The shipped font for running text. `family` 'sans' or 'mono'; a style it has not is drawn in its nearest."""
    styles = _TEXT_FONTS[family]
    found = emphasis if emphasis in styles else emphasis.replace("I", "")
    return FontFile(family, found, _shipped(styles[found]))


def emoji_font() -> FontFile | None:
    """The system's font of coloured pictures."""
    return next(_system_fonts("emoji", _EMOJI), None)


def fallback_font(character: str, *, bold: bool = False, language: str = "") -> FontFile | None:
    """The first font that has `character` when the running text's has not; None where there is none at all."""
    for font in _candidates(character, language):
        if ord(character) in coverage(font):
            return _bold(font) if bold else font
    return None


@cache
def coverage(font: FontFile) -> frozenset[int]:
    """The code points a font has; empty where the file is no usable font."""
    from fontTools.ttLib import TTFont, TTLibError  # type: ignore[import-untyped]

    try:
        with TTFont(font.path, fontNumber=font.number, lazy=True) as opened:
            return frozenset(opened.getBestCmap() or ())
    except (OSError, TTLibError, KeyError, ValueError, AssertionError, struct.error):
        return frozenset()


def _candidates(character: str, language: str) -> Iterator[FontFile]:
    is_pictograph = 0x1F000 <= ord(character) < 0x20000
    if is_pictograph:
        yield from _system_fonts("emoji", _EMOJI)
    for family, styles in _SHIPPED_FALLBACKS:
        yield FontFile(family, "", _shipped(styles[""]))
    if not is_pictograph:
        yield from _system_fonts("emoji", _EMOJI)
    for font in _system_fonts("cjk", _CJK):
        number = _CJK_NUMBERS.get(language.lower(), _CJK_NUMBERS.get(language.lower().partition("-")[0], 2))
        is_collection = font.path.name.startswith("NotoSansCJK")
        yield FontFile(f"{font.family}-{number}", "", font.path, number) if is_collection else font
    yield from _system_fonts("other", (*_script_fonts(character), *_LAST))
    if unicodedata.category(character)[0] in "LMNPS":
        yield from _upright_fonts()


def _script_fonts(character: str) -> tuple[str, ...]:
    """Noto has one font a script, named as Unicode names its characters: THAI CHARACTER KO KAI, NotoSansThai."""
    script = unicodedata.name(character, "").partition(" ")[0].title()
    if not script.isalpha():
        return ()
    return tuple(f"Noto{style}{script}-Regular.ttf" for style in ("Sans", "Serif"))


@cache
def _upright_fonts() -> tuple[FontFile, ...]:
    """Whatever else the system has, by name, for scripts that none of the known fonts has."""
    names = sorted(name for name in system_font_files() if not _SPECIAL.search(name))
    return tuple(_system_fonts("system", tuple(names[:_MOST_LOOKED_INTO])))


def _bold(font: FontFile) -> FontFile:
    for family, styles in _SHIPPED_FALLBACKS:
        if family == font.family and "B" in styles:
            return FontFile(family, "B", _shipped(styles["B"]))
    name = font.path.name.lower()
    for usual, bold in _BOLD_NAMES:
        path = system_font_files().get(name.replace(usual, bold)) if usual in name else None
        if path is not None:
            return FontFile(font.family, "B", path, font.number)
    return font


def _shipped(name: str) -> Path:
    return resource("fonts", f"{name}.ttf")


def _system_fonts(role: str, names: tuple[str, ...]) -> Iterator[FontFile]:
    files = system_font_files()
    for name in names:
        path = files.get(name.lower())
        if path is not None:
            # The family is a key of the PDF writer, where a capital B or I would mean a style.
            yield FontFile(f"{role}-{path.stem.lower()}", "", path)


@cache
def system_font_files() -> dict[str, Path]:
    """Every font file of the system by its lower-case name; of two with one name, the user's own."""
    found: dict[str, Path] = {}
    for folder in _font_folders():
        for base, _, names in os.walk(folder):
            for name in names:
                if name.lower().endswith((".ttf", ".otf", ".ttc")):
                    found.setdefault(name.lower(), Path(base, name))
    return found


def _font_folders() -> list[Path]:
    home = Path.home()
    if sys.platform == "win32":
        return [
            Path(os.environ.get("LOCALAPPDATA", home), "Microsoft", "Windows", "Fonts"),
            Path(os.environ.get("WINDIR", r"C:\Windows"), "Fonts"),
        ]
    if sys.platform == "darwin":
        return [home / "Library/Fonts", Path("/Library/Fonts"), Path("/System/Library/Fonts")]
    shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    own = os.environ.get("XDG_DATA_HOME") or str(home / ".local/share")
    return [home / ".fonts", *(Path(folder, "fonts") for folder in (own, *shared.split(":")) if folder)]
