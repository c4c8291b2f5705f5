"""Names out of a reply: of sheets from headings and formulas, of files from fences, headings and first lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from forgeapp.domain.filenames import safe_name
from forgeapp.domain.workbook import valid_sheet_name
from forgeapp.reading.scan import Fence

_EMOJI = re.compile(r"[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u200d\ufe0f\u20e3]+")
_COUNTED = re.compile(
    r"^(?:work)?(?:sheet|tab|table|blatt|tabelle|tabellenblatt|feuille|onglet|tableau|hoja|pestaña|tabla|planilha|aba|folha|tabela"
    r"|foglio|scheda|tabella|シート|工作表|表)\s*(?:no\.?\s*)?[\d#一二三四五六七八九]*\s*[:：–—.)-]+\s*",
    re.IGNORECASE,
)
_SHEET_WORD = re.compile(r"\s+(?:work)?(?:sheet|tab)$|^(?:work)?sheet\s+(?=[\"“'‘`])", re.IGNORECASE)
_NUMBERED = re.compile(r"^\d{1,2}[.)]\s+")
_FILE = re.compile(
    r"(?<![\w/.@-])((?:[\w.@-]+/)*[\w@-][\w.@-]*\.[A-Za-z][A-Za-z0-9]{0,9}|(?:[\w.-]+/)*(?:Dockerfile|Makefile|Procfile|Jenkinsfile|Gemfile|Vagrantfile|CMakeLists\.txt)(?:\.\w+)?|\.(?:env|gitignore|dockerignore|editorconfig|htaccess|babelrc|eslintrc|prettierrc)(?:\.\w+)?)(?![\w/])"
)
_INFO = re.compile(r"""(?:file|filename|title|name|path)\s*=\s*(?:"([^"]+)"|'([^']+)'|([^\s}]+))""", re.IGNORECASE)
_COMMENT = re.compile(
    r"^\s*(?:#|//|--|;|%|<!--|/\*+|REM\b|'|\"\"\")\s*(?:file(?:name)?\s*:\s*)?(.+?)\s*(?:-->|\*/|\"\"\")?\s*$",
    re.IGNORECASE,
)
_NOT_FILES = re.compile(
    r"^(?:e\.g|i\.e|node\.js|vue\.js|next\.js|react\.js|three\.js|d3\.js|asp\.net|\d.*|www\..*|.*\.(?:com|org|net|io|dev|g|e))$",
    re.IGNORECASE,
)


def without_emoji(text: str) -> str:
    return re.sub(r"\s{2,}", " ", _EMOJI.sub("", text)).strip()


def sheet_title(label: str) -> str:
    """'📥 Sheet 1: "Income"' -> 'Income'."""
    text = without_emoji(label)
    text = _NUMBERED.sub("", text)
    text = _COUNTED.sub("", text) or text
    text = _SHEET_WORD.sub("", text)
    return text.strip().strip("\"“”'‘’`«»「」").rstrip(":： ").strip()


def sheet_names(labels: Sequence[str | None], referred: Sequence[str]) -> tuple[str, ...]:
    """Valid, unique names; a name that formulas refer to wins over a label that merely contains it."""
    used = set(referred)
    wanted = [label if label in used else sheet_title(label or "") for label in labels]
    known = {name.casefold() for name in wanted if name}
    for name in [name for name in referred if name.casefold() not in known][:64]:
        holders = [
            n for n, label in enumerate(wanted) if label and label not in used and name.casefold() in label.casefold()
        ]
        nameless = [n for n, label in enumerate(wanted) if not label]
        if holders or (len(nameless) == 1 and len(wanted) > 1):
            wanted[(holders or nameless)[0]] = name
    names: list[str] = []
    for number, wish in enumerate(wanted):
        names.append(valid_sheet_name(wish or f"Sheet{number + 1}", tuple(names)))
    return tuple(names)


def file_in(text: str) -> str | None:
    """The file name a line of text names: '**`src/app.py`** (main)' -> 'src/app.py'."""
    if len(text) > 300:
        return None
    for match in _FILE.finditer(text.replace("*", " ").replace("`", " ")):
        if not _NOT_FILES.match(match[1]) and match[1].strip("."):
            return match[1]
    return None


def is_name_line(text: str) -> bool:
    """Whether a line above a fence says hardly more than the file's name."""
    name = file_in(text)
    if not name:
        return False
    rest = without_emoji(text).replace(name, "")
    rest = re.sub(r"(?i)\b(?:file(?:name)?|datei|fichier|archivo|arquivo|ficheiro)\b|^\s*#+|^\s*\d+[.)]", "", rest)
    return len(re.sub(r"[\W_]+", "", rest)) == 0


def named_by_info(fence: Fence) -> str | None:
    """'python file=app.py', 'python:app.py', 'js title="a.js"', 'python app.py'."""
    if match := _INFO.search(fence.info):
        return match[1] or match[2] or match[3]
    rest = fence.info.strip()[len(fence.word) :].strip(" :{}")
    return file_in(rest) if rest else None


def named_by_first_line(lines: Sequence[str]) -> str | None:
    """'# app.py' or '// src/x.ts' where code begins, also below '#!'."""
    for line in [line for line in lines[:3] if line.strip() and not line.startswith("#!")][:1]:
        match = _COMMENT.match(line) if len(line) < 200 else None
        if match and (name := file_in(match[1])) and len(match[1].replace(name, "").split()) == 0:
            return name
    return None


def safe_path(name: str) -> str:
    """A relative path of safe names: no root, no '..'."""
    pieces = [
        safe_name(piece, "") if not piece.startswith(".") else "." + safe_name(piece[1:], "")
        for piece in re.split(r"[/\\]", name)
    ]
    kept = [piece for piece in pieces if piece.strip(". _")]
    return "/".join(kept[-6:])
