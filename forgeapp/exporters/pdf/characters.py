"""Characters on their way to a PDF page: what is taken out, what needs shaping, where a line may break."""

from __future__ import annotations

import re

SUBSTITUTE = "\ufffd"
"""Shown for a character that no font has, or that stands for nothing one can see."""

JOINERS = "\u200c\u200d"

AS_EMOJI = "\ufe0f"
"""After a character: shown as a picture, where it could be a letter."""

_TAGGED_FLAG = (
    "(\U0001f3f4\U000e0067\U000e0062(?:\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074"
    "|\U000e0077\U000e006c\U000e0073)\U000e007f)"
)
"""England, Scotland and Wales; other tags could hide words."""

_INVISIBLE = re.compile(
    f"{_TAGGED_FLAG}|"
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0e\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Format characters and those of no width. Direction marks go too: they can make a text read as another one."""

_UNSHOWABLE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BREAKS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"[^\S\u00a0\u2007\u202f]+")

NEEDS_SHAPING = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0590-\u109f\u1780-\u18af\u1920-\u194f\u1980-\u1cff\u1dc0-\u1dff\u200c\u200d"
    "\u20d0-\u20ff\ua800-\uabff\ufb1d-\ufdff\ufe20-\ufe2f\ufe70-\ufefc\U00010800-\U00010fff"
    "\U00011000-\U000116ff\U0001e800-\U0001efff]"
)
"""Combining marks, and scripts whose letters change with their neighbours or run from right to left."""

RUNS_BACKWARDS = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")

_WIDE = "\u2e80-\u30ff\u31c0-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U0001b000-\U0001b2ff\U00020000-\U0003ffff"
_OPENING = "「『（［｛〔【《〈"
_CLOSING = "、。，．・：；？！」』）］｝〕】》〉ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ),.;:!?%”’"

_PICTURED = "[\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff]"
_TONED = f"{_PICTURED}(?:[\U0001f3fb-\U0001f3ff]|{AS_EMOJI})?"
EMOJI = re.compile(
    f"[0-9#*]{AS_EMOJI}?\u20e3|[\U0001f1e6-\U0001f1ff]{{2}}|{_TAGGED_FLAG}"
    f"|{_TONED}(?:\u200d{_TONED}){{1,9}}|{_PICTURED}(?:[\U0001f3fb-\U0001f3ff]|{AS_EMOJI})"
)
"""Several characters that are one picture (UTS #51): keycaps, flags, skin tones and families."""

WIDE = re.compile(f"[{_WIDE}]")
TOKEN = re.compile(rf" +|\n|[{_OPENING}]*[{_WIDE}][{re.escape(_CLOSING)}]*|[^ \n{_WIDE}]+")
"""Spaces, a line end, one Chinese or Japanese character with what may not leave it, or a word."""

_KANA, _HANGUL = re.compile("[\u3041-\u30ff\uff66-\uff9d]"), re.compile("[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")
_TRADITIONAL = re.compile(
    "[這個國們說對時會來為學還過經發後點現電話問題體開關當無與實樣應種麼邊議業義務專東車書買賣員價]"
)
_SIMPLIFIED = re.compile(
    "[这个国们说对时会来为学还过经发后点现电话问题体开关当无与实样应种么边议业义务专东车书买卖员价]"
)

INSIDE_WORD = re.compile(r"(?<=\w[-–—/])(?=[^\W\d_])")
"""A line may also break after a hyphen or slash between letters."""

_UNITS = (
    "[%‰€$£¥₹₽₪₩₺]|[A-Z]{3}|°[CF]?|[kcmµn]?m[²³]?|km/h|[kmµ]?g|t|[mch]?l|L|ha|[kM]?Hz|[KkMGT]?B|[kMGT]i?B|[kMG]?Wh?|"
    "[kmM]?V|m?A|ms|s|min|h|pt|px|Uhr|am|pm|AM|PM|Mio\\.?|Mrd\\.?"
)
_BEFORE_NUMBERS = "§§?|Art\\.|Nr\\.|No\\.|S\\.|pp?\\.|№|[€$£¥₹₽₪₩₺±−-]|[A-Z]{3}"
_MOST_GROUPS = 5
HELD = re.compile(
    f"(?<![^\\W_])(?:(?:{_BEFORE_NUMBERS}) )?[+(]?[0-9][0-9.,:/()-]*(?: [0-9(][0-9.,:/()-]*){{0,{_MOST_GROUPS}}}"
    f"(?:(?: (?:{_UNITS}))(?![^\\W_])|[.]? [^\\W\\d_]{{3,10}}[.]? [0-9]{{4}}(?![0-9]))?"
    "|[^\\W\\d_]{3,10}[.]? [0-9]{1,2}, [0-9]{4}(?![0-9])"
)
"""What stands on one line wherever there is room: a number with its sign, groups and unit, and a day in words."""


def held_blanks(text: str) -> set[int]:
    """Where blanks stand at which no line should end."""
    return {
        index
        for match in HELD.finditer(text)
        if " " in match[0]
        for index in range(match.start(), match.end())
        if text[index] == " "
    }


def _kept(found: re.Match[str]) -> str:
    return found[1] or ""


def flowing(text: str) -> str:
    """Running text: every white space one blank, but for those that do not break."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text
    return _UNSHOWABLE.sub(SUBSTITUTE, _INVISIBLE.sub(_kept, _SPACES.sub(" ", text)))


def verbatim(text: str, tab: int = 4) -> str:
    """One line of code: blanks kept, tabs as blanks up to the next stop."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSHOWABLE.sub(SUBSTITUTE, _INVISIBLE.sub(_kept, text.expandtabs(tab)))


def single_line_ends(text: str) -> str:
    """Every kind of line end as a line feed."""
    return _BREAKS.sub("\n", text)


def unshowable(text: str) -> list[str]:
    """The characters that `flowing` and `verbatim` replace."""
    return [] if text.isascii() and text.isprintable() else _UNSHOWABLE.findall(text)


def han_language(text: str, otherwise: str) -> str:
    """Whose shapes the Chinese characters of a text want: 'ja', 'ko', 'zh', 'zh-hant', or what it is `otherwise`."""
    if not WIDE.search(text):
        return otherwise
    if _KANA.search(text):
        return "ja"
    if _HANGUL.search(text):
        return "ko"
    if otherwise[:2] in ("ja", "ko", "zh"):
        return otherwise
    traditional, simplified = len(_TRADITIONAL.findall(text)), len(_SIMPLIFIED.findall(text))
    return "zh-hant" if traditional > simplified else "zh"
