"""Inlines as GitHub-flavoured Markdown: text stays text, styles nest and survive whatever stands beside them.

Sources: CommonMark 0.31 (6.2 emphasis, 2.4 backslash escapes), GFM (6.5 strikethrough, 4.10 tables).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile, groupby, pairwise

from forgeapp.domain.document import FootnoteMark, Inline, InlineMath, LineBreak, Picture, Run

_MARKERS = {"bold": "**", "italic": "_", "strike": "~~"}
_ENTITY = re.compile(r"&(?=#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_OUTER_UNDERSCORES = re.compile(r"(?<![^\W_])(?<!_)_+|(?<!_)_+(?![^\W_])")
"""Underscores that do not stand within a word."""
_FIRST_UNDERSCORES, _LAST_UNDERSCORES = re.compile(r"^_+"), re.compile(r"(?<![\\_])_+$")
_BLOCK_START = re.compile(
    r"#{1,6}(?=\s|$)|>|[-+](?=\s|$)|[-=:|][-=:| \t]*$"
    r"|(?P<number>\d{1,9})(?P<stop>[.)])(?=\s|$)|(?P<box>\[)(?=[ xX]\](?!\()|[^\]]*\]:)"
)
_INDENT = re.compile(r"(?m)^[ \t]+")
_REFUSED = re.compile(r"\s*$|\s*(?:javascript|vbscript|file|data(?!:image/(?:png|jpeg|gif|webp);)):", re.IGNORECASE)
"""Addresses Markdown readers take neither as a link nor as a picture."""
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BARE_DOLLAR = re.compile(r"(?<!\\)\$")
_MEANS_NOTHING = re.compile(r"[^\\*`_<&$~|\[\]^\x00-\x1f\x7f-\x9f]*")
"""Text without any sign that may have to be escaped within a line."""
_LABEL = re.compile(r"[\s\[\]^\\]+")


@dataclass(frozen=True, slots=True)
class Setting:
    """Where inlines stand. `line_break` as written there; `escapes_pipes` in table cells."""

    line_break: str = "\\\n"
    escapes_pipes: bool = False
    starts_block: bool = True


PARAGRAPH, HEADING, CELL = Setting(), Setting(" ", starts_block=False), Setting("<br>", True, False)


def inlines_markdown(inlines: Sequence[Inline], setting: Setting = PARAGRAPH) -> str:
    """One paragraph's, heading's or cell's Markdown, without a line end."""
    if setting is CELL and len(inlines) == 1:
        # Nearly all cells, of which there may be millions, are like that.
        only = inlines[0]
        if isinstance(only, Run) and only == Run(only.text) and _MEANS_NOTHING.fullmatch(only.text):
            return only.text.strip()
    inlines = _split(inlines)
    pieces = _Pieces(_paired_signs(inlines), setting)
    for address, group in groupby(inlines, lambda inline: inline.link if isinstance(inline, Run) else None):
        content = tuple(group)
        if address is None or _REFUSED.match(address):
            pieces.add(content)
            continue
        text = "".join(inline.text for inline in content if isinstance(inline, Run))
        if _is_automatic(text, address) and not any(_styles(inline) for inline in content):
            pieces.raw(f"<{text}>")
        elif text.strip():
            pieces.link(content, destination(address))
        else:
            pieces.raw(" ")
    return pieces.text()


def destination(address: str) -> str:
    """A link's or picture's address as it may stand in brackets."""
    address = re.sub(r"[\x00-\x20<>\\|]", lambda match: f"%{ord(match[0]):02X}", address.strip())
    return f"<{address}>" if "(" in address or ")" in address else address


def note_label(label: str) -> str:
    """A footnote's label without what cannot stand in one."""
    return _LABEL.sub("-", label).replace("|", "-") or "note"


def storable(text: str) -> str:
    """The text without control characters, which Markdown has no way to hold; line ends as '\\n'."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def code_span(text: str) -> str:
    """Text between more backticks than it holds in a row."""
    text = text.replace("\n", " ")
    longest = max((len(match[0]) for match in re.finditer("`+", text)), default=0)
    fence = "`" * (longest + 1)
    padded = (
        text.startswith("`") or text.endswith("`") or (text.startswith(" ") and text.endswith(" ") and text.strip())
    )
    return f"{fence} {text} {fence}" if padded else f"{fence}{text}{fence}"


def _is_automatic(text: str, address: str) -> bool:
    if re.search(r"[\s<>\\|]", text) or not text.isascii():
        return False
    return text == address or (address == f"mailto:{text}" and re.fullmatch(r"[\w.+-]+@[\w.-]+", text) is not None)


def _paired_signs(inlines: Sequence[Inline]) -> str:
    """Which of '$' and '~' need a backslash: one alone is a price or an estimate, two are math or struck out."""
    text = "".join(
        inline.alt + inline.source if isinstance(inline, Picture) else inline.text + (inline.link or "")
        for inline in inlines
        if isinstance(inline, Picture | Run)
    )
    has_math = any(isinstance(inline, InlineMath) for inline in inlines)
    has_strike = any(isinstance(inline, Run) and inline.strike for inline in inlines)
    return "".join(sign for sign, other in (("$", has_math), ("~", has_strike)) if text.count(sign) + other > 1)


def _split(inlines: Iterable[Inline]) -> list[Inline]:
    """Breaks within runs as inlines of their own; blank text at the edges of styled runs without style.

    Breaks and blanks at either end are dropped: Markdown has none there.
    """
    result: list[Inline] = []
    for inline in _merged(inlines):
        if not isinstance(inline, Run) or inline.code:
            result.append(replace(inline, text=storable(inline.text)) if isinstance(inline, Run) else inline)
            continue
        for number, line in enumerate(storable(inline.text).split("\n")):
            if number:
                result.append(LineBreak())
            run = replace(inline, text=line)
            if not _styles(run):
                result.append(run)
                continue
            core = line.strip()
            lead, _, trail = line.partition(core) if core else (line, "", "")
            blank = Run("", link=inline.link)
            result += (replace(blank, text=lead), replace(run, text=core), replace(blank, text=trail))
    result = [inline for inline in result if not isinstance(inline, Run) or inline.text]
    while result and _is_blank(result[-1]):
        result.pop()
    return list(dropwhile(_is_blank, result))


def _is_blank(inline: Inline) -> bool:
    return isinstance(inline, LineBreak) or (isinstance(inline, Run) and not inline.code and not inline.text.strip())


def _merged(inlines: Iterable[Inline]) -> Iterator[Inline]:
    """Neighbouring runs of one style as one run, empty ones left out; pictures no reader takes as their text."""
    inlines = (
        Run(inline.alt) if isinstance(inline, Picture) and _REFUSED.match(inline.source) else inline
        for inline in inlines
    )
    inlines = (inline for inline in inlines if not isinstance(inline, Run) or storable(inline.text))
    for style, group in groupby(inlines, lambda inline: replace(inline, text="") if isinstance(inline, Run) else None):
        if not isinstance(style, Run):
            yield from group
        else:
            yield replace(style, text="".join(inline.text for inline in group if isinstance(inline, Run)))


def _styles(inline: Inline) -> tuple[str, ...]:
    return tuple(name for name in _MARKERS if getattr(inline, name)) if isinstance(inline, Run) else ()


@dataclass(slots=True)
class _Piece:
    """`kind`: 'text' may be given entities at its edges, 'open' and 'close' are markers, 'math' and 'raw' stay."""

    kind: str
    text: str


class _Pieces:
    def __init__(self, paired_signs: str, setting: Setting) -> None:
        self._pieces: list[_Piece] = []
        self._paired_signs, self._setting = paired_signs, setting

    def raw(self, text: str) -> None:
        previous = self._pieces[-1] if self._pieces else None
        if text.startswith("[") and previous and previous.kind == "text" and previous.text.endswith(("!", "^")):
            # '![' opens a picture, '^[' a footnote.
            previous.text = f"{previous.text[:-1]}\\{previous.text[-1]}"
        self._pieces.append(_Piece("raw", text))

    def link(self, inlines: Sequence[Inline], address: str) -> None:
        self.raw("[")
        self.add(inlines, in_link=True)
        self.raw(f"]({address})")

    def add(self, inlines: Sequence[Inline], in_link: bool = False) -> None:
        """Opens and closes markers so that they nest; the style that lasts longest opens first."""
        opened: list[str] = []
        for number, inline in enumerate(inlines):
            wanted = _styles(inline)
            keep = next((n for n, name in enumerate(opened) if name not in wanted), len(opened))
            self._pieces += [_Piece("close", _MARKERS[name]) for name in reversed(opened[keep:])]
            del opened[keep:]
            missing = [name for name in wanted if name not in opened]
            for name in sorted(missing, key=lambda name: -_lasts(inlines, number, name)):
                self._pieces.append(_Piece("open", _MARKERS[name]))
                opened.append(name)
            self._inline(inline, in_link)
        self._pieces += [_Piece("close", _MARKERS[name]) for name in reversed(opened)]

    def _inline(self, inline: Inline, in_link: bool) -> None:
        pipes = self._setting.escapes_pipes
        match inline:
            case Run(text=text, code=True):
                self.raw(code_span(text).replace("|", "\\|") if pipes else code_span(text))
            case Run(text=text):
                self._pieces.append(_Piece("text", self._escaped(text, in_link)))
            case InlineMath(tex=tex):
                tex = _BARE_DOLLAR.sub(r"\\$", " ".join(tex.split()))
                if tex:
                    shown = tex.replace("|", "\\|") if pipes else tex
                    self._pieces.append(_Piece("math", f"${shown}$"))
            case FootnoteMark(label=label):
                self.raw(f"[^{note_label(label)}]")
            case LineBreak():
                self.raw(self._setting.line_break)
            case Picture(source=source, alt=alt):
                self.raw(f"![{self._escaped(alt, in_link=True)}]({destination(source)})")

    def _escaped(self, text: str, in_link: bool) -> str:
        text = storable(text).replace("\\", "\\\\").replace("*", "\\*").replace("`", "\\`")
        text = _OUTER_UNDERSCORES.sub(_escape_all, text)
        text = _TAG.sub(r"\\<", _ENTITY.sub("&amp;", text))
        for sign in self._paired_signs:
            text = text.replace(sign, f"\\{sign}")
        if self._setting.escapes_pipes:
            text = text.replace("|", "\\|")
        if in_link:
            # Entities, for '\[' opens math in some dialects.
            return text.replace("[", "&#91;").replace("]", "&#93;").replace("\n", " ")
        return re.sub(r"\[(?=\^)|\](?=[(\[])|\^(?=\[)", lambda match: f"&#{ord(match[0])};", text)

    def text(self) -> str:
        self._protect_markers()
        text = "".join(piece.text for piece in self._pieces)
        if not self._setting.starts_block:
            text = text.strip()
            return text[:-1] + "\\#" if self._setting is HEADING and text.endswith("#") else text
        lines = _INDENT.sub("", text).rstrip(" \t").split("\n")
        return "\n".join(_escape_start(line) for line in lines)

    def _protect_markers(self) -> None:
        """A marker between a letter and punctuation opens or closes nothing: the letter beside it becomes an entity."""
        # An entity is punctuation to the marker, and to underscores, at its other side: hence the two directions.
        self._pieces = [piece for piece in self._pieces if piece.text]
        for before, after in pairwise(self._pieces):
            # '[^1]:' begins a footnote's text; '$x$5' is a sum of money, not math.
            if before.text.startswith("[^") and after.text.startswith(":"):
                after.text = f"\\{after.text}"
            if before.kind == "math" and after.kind == "text" and after.text[0].isdigit():
                after.text = f"&#{ord(after.text[0])};{after.text[1:]}"
            elif before.kind == "text" and after.kind == "math" and before.text[-1].isdigit():
                before.text = f"{before.text[:-1]}&#{ord(before.text[-1])};"
        triples = list(zip(self._pieces, self._pieces[1:], self._pieces[2:], strict=False))
        for before, piece, after in reversed(triples):
            if piece.kind == "open" and before.kind == "text":
                last = before.text[-1]
                if not _is_mark(last) and (piece.text == "_" or not _is_letter(after.text[0])):
                    before.text = f"{_LAST_UNDERSCORES.sub(_escape_all, before.text[:-1])}&#{ord(last)};"
        for before, piece, after in triples:
            if piece.kind == "close" and after.kind == "text":
                first = after.text[0]
                if not _is_mark(first) and (piece.text == "_" or not _is_letter(before.text[-1])):
                    after.text = f"&#{ord(first)};{_FIRST_UNDERSCORES.sub(_escape_all, after.text[1:])}"


def _escape_all(match: re.Match[str]) -> str:
    return "".join(f"\\{character}" for character in match[0])


def _lasts(inlines: Sequence[Inline], start: int, style: str) -> int:
    """How many inlines from `start` on have the style, looked at no further than the next few."""
    count = 0
    for inline in inlines[start : start + 8]:
        if style not in _styles(inline):
            break
        count += 1
    return count


def _is_mark(character: str) -> bool:
    """White space or punctuation for every reader: older ones do not count symbols such as emoji."""
    if character.isascii():
        return not character.isalnum()
    return character.isspace() or unicodedata.category(character)[0] == "P"


def _is_letter(character: str) -> bool:
    """Neither white space nor punctuation for any reader."""
    return not _is_mark(character) and unicodedata.category(character)[0] != "S"


def _escape_start(line: str) -> str:
    match = _BLOCK_START.match(line)
    if not match:
        return line
    if match["number"]:
        return f"{match['number']}\\{line[match.start('stop') :]}"
    if match["box"]:
        return f"&#91;{line[1:]}"
    return f"\\{line}"
