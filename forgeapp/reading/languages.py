"""The language of a piece of code: by the fence's word, by the file's name, else by what it looks like."""

# ruff: noqa: E501
# One language a line: its signs are read side by side.

from __future__ import annotations

import re
from functools import cache

from forgeapp.reading.lenient_json import decode

MAX_LOOKED_AT = 8_000
MIN_SCORE = 3

_EXTENSIONS = {
    "python": "py", "javascript": "js", "typescript": "ts", "jsx": "jsx", "tsx": "tsx", "bash": "sh", "sql": "sql",
    "html": "html", "css": "css", "json": "json", "yaml": "yaml", "toml": "toml", "xml": "xml", "java": "java",
    "c": "c", "cpp": "cpp", "csharp": "cs", "go": "go", "rust": "rs", "php": "php", "ruby": "rb", "kotlin": "kt",
    "swift": "swift", "splus": "r", "powershell": "ps1", "ini": "ini", "make": "mk", "scala": "scala", "perl": "pl",
    "lua": "lua", "vb.net": "vb", "vba": "bas", "batch": "bat", "markdown": "md", "text": "txt", "diff": "diff",
    "scss": "scss", "dart": "dart", "haskell": "hs", "matlab": "m", "latex": "tex", "graphql": "graphql",
    "terraform": "tf", "nginx": "conf", "vue": "vue", "console": "txt", "csv": "csv", "protobuf": "proto",
}  # fmt: skip
_WHOLE_NAMES = {"docker": "Dockerfile", "make": "Makefile", "nginx": "nginx.conf", "cmake": "CMakeLists.txt"}
_STEMS = {
    "bash": "script",
    "sql": "query",
    "html": "index",
    "css": "style",
    "json": "data",
    "yaml": "config",
    "text": "notes",
}
_OWN_WORDS = {"shell": "bash", "node": "javascript", "nodejs": "javascript", "py3": "python", "vbscript": "vbscript"}

# Each pattern that occurs adds its weight; the highest sum wins.
_SIGNS: dict[str, tuple[tuple[int, str], ...]] = {
    "python": (
        (4, r"^\s*(?:async )?def \w+\(.*\).*:\s*$"), (3, r"^\s*class \w+(?:\([\w., ]*\))?:\s*$"),
        (3, r"^(?:from [\w.]+ import [\w*(]|import [\w.]+(?: as \w+)?(?:, [\w.]+)*\s*$)"),
        (2, r"^\s*(?:if|elif|for|while|with|try|except|else)\b[^{;]*:\s*(?:#.*)?$"), (2, r"\bprint\(|\bself\.|__name__"),
        (1, r"^\s*#\s|\bNone\b|\bTrue\b"), (5, r"\A#!.*\bpython"), (2, r"\bf[\"']|\blambda \w+:|\bin range\("),
    ),
    "sql": (
        (4, r"(?i)^\s*select\b[^;]*\bfrom\b"), (4, r"(?i)^\s*(?:insert\s+into|create\s+(?:or\s+replace\s+)?(?:temp\w*\s+)?(?:table|view|index|unique|function|procedure|trigger|schema|database)|alter\s+table|delete\s+from|drop\s+table)\b"),
        (4, r"(?i)^\s*update\s+[\w.\"`]+\s+set\b"), (3, r"(?i)^\s*with\s+(?:recursive\s+)?\w+(?:\s*\([^)]*\))?\s+as\s*\("),
        (2, r"(?i)\b(?:group|order)\s+by\b"), (2, r"(?i)\b(?:left|inner|right|full|cross)?\s*join\s+\w+"), (1, r"(?im)^--\s"),
        (1, r"(?i)\bwhere\b"),
    ),
    "bash": (
        (6, r"\A#!.*\b(?:ba|z|da|k)?sh\b"), (3, r"^\s*(?:fi|done|esac)\b"), (2, r"^\s*(?:if|while|until) \[\[? "),
        (2, r"\$\{?[A-Za-z_@#?1-9]\w*\}?"), (2, r"^\s*(?:\$ )?(?:sudo|apt(?:-get)?|pip3?|npm|npx|yarn|git|docker|kubectl|cd|mkdir|chmod|curl|wget|export|echo|rsync|tar|grep|sed|awk|find|ls|cp|mv|rm|cat|ssh|brew|python3?|cron\w*|set -\w+)\b(?! ?[=(:])"),
        (1, r"^\s*#\s"), (2, r"\bthen\s*$|;\s*do\b"), (1, r" \| (?:grep|awk|sed|sort|xargs|head|wc)\b"),
    ),
    "typescript": (
        (4, r"^\s*(?:export )?(?:interface|type|enum) \w+(?:<[^>]*>)?(?: =| \{| extends)"), (4, r"\b(?:const|let|function)\b[^;\n]*:\s*(?:string|number|boolean|unknown|any|void|Record|Promise|Array|Map)\b"),
        (3, r"\)\s*:\s*(?:string|number|boolean|void|unknown|any|Promise<[^>]*>|\w+\[\])\s*(?:\{|=>)"), (2, r"\bas (?:const|string|number|unknown|any)\b|\bimplements \w+"),
        (2, r"\b(?:private|public|readonly) \w+\s*:"), (1, r"^\s*(?:import .* from|export )"), (1, r"=>|\bconst \w+ ="),
        (3, r"\(\w+\??:\s*(?:string|number|boolean|unknown|any|\w+\[\])"),
    ),
    "javascript": (
        (3, r"^\s*(?:const|let|var) [\w{\[]"), (3, r"\bfunction\s*\*?\s*\w*\s*\([^)]*\)\s*\{"), (3, r"=>\s*[{(\w]"), (3, r"\bconsole\.log\(|\bdocument\.\w+|\bmodule\.exports|\brequire\("),
        (2, r"^\s*(?:import .* from ['\"]|export (?:default|const|function|class))"), (1, r"===|!=="), (1, r"^\s*//"), (1, r"\basync function|\bawait "),
    ),
    "html": ((7, r"(?i)\A\s*<!doctype html|\A\s*<html\b"), (3, r"(?i)^\s*<(?:div|head|body|table|ul|section|form|nav|p|h[1-6]|span|a|header|main|button|label|input|img)\b[^>]*>"), (2, r"(?i)</(?:div|p|a|span|li|body|form|td|table|section)>")),
    "xml": ((6, r"\A\s*<\?xml"), (3, r"\A\s*<(?!html|div|!)[A-Za-z][\w:.-]*(?:\s[^<>]*)?>"), (1, r"</[\w:.-]+>"), (2, r"xmlns[:=]")),
    "css": ((4, r"^\s*(?!(?:async|class|def|do|else|enum|fn|for|func|function|if|public|static|struct|switch|try|void|while)\b)[.#@:]?[\w\-.#:, >*()\[\]=\"]+\{\s*$"), (3, r"^\s*[a-z-]+\s*:\s*[^;{}\n]+;\s*$"), (3, r"(?m)^\s*@(?:media|import|keyframes|font-face|page)\b"), (2, r"#[0-9a-fA-F]{3,6};|\b\d+(?:px|rem|em|vh)\b")),
    "yaml": ((2, r"^[A-Za-z_][\w.-]*:\s*$"), (2, r"^\s+[A-Za-z_][\w.-]*:\s+\S"), (2, r"^\s*- (?:[\w-]+:\s|[\"'\w])"), (2, r"\A---\s*$"), (1, r"^[A-Za-z_][\w.-]*:\s+[^{;]*$"), (2, r"^(?:version|services|apiVersion|kind|name|on|jobs|stages|image):")),
    "docker": ((6, r"\A(?:#.*\n|\s|ARG .*\n)*FROM \S+"), (3, r"^(?:RUN|CMD|COPY|ADD|ENTRYPOINT|WORKDIR|EXPOSE|ENV) \S"), (1, r"^USER \w")),
    "java": ((4, r"\bpublic (?:static |final |abstract )*(?:class|interface|enum|record) \w+"), (4, r"public static void main\("), (3, r"\bSystem\.out\.print"), (3, r"^import (?:static )?(?:java|javax|org|com)\.[\w.]+\*?;"), (2, r"\b(?:private|protected|public) (?:static )?(?:final )?[\w<>\[\]]+ \w+\s*[(;=]"), (1, r"\bnew \w+(?:<[^>]*>)?\(")),
    "csharp": ((4, r"^\s*using [A-Z][\w.]+;"), (4, r"^\s*namespace [A-Z][\w.]*"), (4, r"\bConsole\.(?:Write|Read)"), (2, r"\bpublic (?:async |static |override )*(?:class|record|[\w<>\[\]]+) \w+"), (3, r"\{ get; (?:private )?(?:set|init);? ?\}"), (1, r"\bvar \w+ = new\b|\bstring\b")),
    "cpp": ((4, r"^\s*#include <(?:iostream|vector|string|map|algorithm|memory|fstream|sstream|unordered_map|set|chrono|thread)>"), (3, r"\bstd::|\busing namespace std;"), (2, r"\bcout <<|\btemplate ?<|\bnullptr\b"), (1, r"\bint main\(|^\s*#include")),
    "c": ((4, r"^\s*#include <(?:stdio|stdlib|string|stdint|unistd|math|ctype|stdbool|errno|time)\.h>"), (3, r"^(?:static |unsigned )*(?:int|void|char|double|float|size_t|long)\s+\**\w+\([^;]*\)\s*\{"), (2, r"\bprintf\(|\bmalloc\(|\bsizeof\("), (1, r"^\s*#(?:define|ifdef|include)\b")),
    "go": ((5, r"^package \w+\s*$"), (4, r"^func (?:\(\w+ \*?\w+\) )?\w+\("), (2, r":= |\bfmt\.\w+\("), (2, r"\bif err != nil\b"), (1, r"^import (?:\(|\")")),
    "rust": ((4, r"^\s*(?:pub(?:\([^)]*\))? )?(?:async )?fn \w+(?:<[^>]*>)?\("), (3, r"^\s*use (?:std|crate|serde|tokio)\b|^\s*impl(?:<[^>]*>)? \w+"), (3, r"\blet mut \w+|\bprintln!\(|\bvec!\["), (2, r"&(?:mut |str\b)|\bmatch \w+ \{|-> (?:Result|Option)<"), (1, r"#\[derive")),
    "php": ((8, r"\A\s*<\?php"), (2, r"^\s*\$\w+\s*=|\$this->"), (2, r"\becho \$?[\"'\w]|\bfunction \w+\([^)]*\$")),
    "ruby": ((3, r"^\s*def \w+[?!]?(?:\([^)]*\))?\s*$"), (2, r"^\s*end\s*$"), (3, r"^\s*require(?:_relative)? ['\"]"), (2, r"\bputs\b|\.each do \||\battr_(?:reader|accessor)\b"), (2, r"\bdo \|\w+\|"), (4, r"\A#!.*\bruby")),
    "kotlin": ((4, r"^\s*(?:private |override |suspend )*fun (?:<[^>]*> )?[\w.]+\("), (3, r"^\s*(?:data|sealed|open) class \w+"), (2, r"^\s*va[lr] \w+(?:: ?\w+)?\s*="), (1, r"\bprintln\(|\?\.|\?:")),
    "swift": ((4, r"^\s*import (?:SwiftUI|UIKit|Foundation|Combine)\b"), (3, r"^\s*(?:private |public |static )*func \w+\([^)]*\)(?: throws)?(?: -> [^{]+)? \{"), (2, r"\bguard let\b|\bif let\b"), (2, r"^\s*(?:struct|extension|protocol) \w+.*\{"), (1, r"^\s*let \w+(?:: ?\w+)? =")),
    "splus": ((4, r"^\s*\w[\w.]* <- "), (3, r"\blibrary\(\w+\)"), (2, r"%>%|\|>|\bggplot\(|\bdata\.frame\(|\bc\("), (2, r"<- function\(")),
    "powershell": ((4, r"\b(?:Get|Set|New|Remove|Write|Import|Export|Select|Where|ForEach|Add|Start|Stop|Copy|Move|Rename|Test|Join|Invoke)-[A-Z]\w+"), (2, r"^\s*\$\w+\s*=|\$_\."), (3, r"^\s*param\s*\(|\[CmdletBinding")),
    "vb.net": ((4, r"(?i)^\s*(?:private |public )?(?:sub|function) \w+\([^)]*\)(?: as \w+)?\s*$"), (3, r"(?i)^\s*end (?:sub|function|if)\s*$"), (3, r"(?i)^\s*dim \w+(?:\(\))? as\b"), (2, r"\bRange\(\"|\bCells\(|\bActiveSheet\b|\bWorksheets\(")),
    "make": ((4, r"^\.PHONY:"), (3, r"^[\w.-]+:(?: [\w.$()/-]+)*\n\t"), (2, r"\$\((?:CC|MAKE|shell|\w+)\)|^\w+ [:?]?= ")),
    "toml": ((3, r"^\[\[?[\w.\"-]+\]\]?\s*$"), (2, r"^[\w.-]+ = (?:\"|\[|\d|true|false|\{)")),
    "ini": ((2, r"^\[[\w .:/-]+\]\s*$"), (2, r"^[\w.-]+\s*=\s*[^\"\[{\n]*$"), (1, r"^;")),
    "nginx": ((4, r"^\s*(?:server|location|upstream|http|events)\b[^{;]*\{\s*$"), (3, r"^\s*(?:listen|server_name|proxy_pass|root|return|try_files|proxy_set_header)\s[^;]*;")),
    "diff": ((5, r"^(?:diff --git|@@ -\d+)"), (2, r"^\+\+\+ |^--- ")),
    "latex": ((6, r"\\documentclass|\\begin\{\w+\}"), (2, r"\\(?:section|usepackage|item|frac|textbf)\b")),
    "lua": ((3, r"^\s*local (?:function )?\w+"), (2, r"^\s*end\)?\s*$"), (2, r"\bfunction \w+[.:]?\w*\([^)]*\)\s*$"), (1, r"^\s*--(?!>)"), (1, r" \.\. | ~= ")),
    "scss": ((3, r"^\s*\$[\w-]+:\s"), (3, r"^\s*@(?:mixin|include|use|extend)\b"), (3, r"^\s*&[:.\-\w]")),
    "dart": ((4, r"^import 'package:|^import 'dart:"), (3, r"\bextends State(?:less|ful)Widget\b|\bvoid main\(\) (?:async )?\{"), (2, r"\bfinal \w+ \w+;|@override")),
    "terraform": ((5, r"^(?:resource|provider|variable|data|module|output) \"[^\"]+\"(?: \"[^\"]+\")? \{"),),
    "awk": ((4, r"\A\s*(?:BEGIN|END)\s*\{|\A#!.*awk"), (2, r"\$[0-9NF]+\b.*\{|\{ ?print\b")),
    "perl": ((5, r"\A#!.*perl|^use strict;"), (2, r"^\s*my [$@%]\w+"), (2, r"=~ [ms]?/")),
    "batch": ((5, r"(?i)\A@echo off"), (3, r"(?i)^\s*(?:rem |set \w+=|goto :?\w+|if (?:not )?exist)"), (2, r"%\w+%|%%\w")),
    "graphql": ((4, r"^(?:query|mutation|subscription|fragment) \w+"), (3, r"^(?:type|input|interface) \w+(?: implements \w+)? \{"), (1, r"^\s+\w+(?:\([^)]*\))?: \[?\w+!?\]?!?$")),
}  # fmt: skip


@cache
def _signs() -> dict[str, tuple[tuple[int, re.Pattern[str]], ...]]:
    return {
        language: tuple(
            (weight, re.compile(pattern.replace(r"^\s*", r"^[ \t]*"), re.MULTILINE)) for weight, pattern in signs
        )
        for language, signs in _SIGNS.items()
    }


@cache
def _aliases() -> dict[str, str]:
    from pygments.lexers import get_all_lexers

    known: dict[str, str] = {}
    for _, aliases, _, _ in get_all_lexers(plugins=False):
        for alias in aliases:
            known.setdefault(alias.lower(), aliases[0])
    return known


def language_of(word: str) -> str:
    """Pygments' first alias for a fence's word, else the word itself: 'ts' -> 'typescript', 'brainwave' -> 'brainwave'."""
    word = word.strip().strip("{}.").lower()
    return _aliases().get(word) or _aliases().get(_OWN_WORDS.get(word, ""), word)


def language_of_file(name: str) -> str:
    """By the file's name, '' where that says nothing."""
    from pygments.lexers import find_lexer_class_for_filename
    from pygments.util import ClassNotFound

    if name.rsplit("/", 1)[-1].lower().startswith("dockerfile"):
        return "docker"
    extension = name.rsplit(".", 1)[-1].lower()
    for language, known in _EXTENSIONS.items():
        if extension == known and "." in name:
            return language
    try:
        lexer = find_lexer_class_for_filename(name)
    except ClassNotFound:
        return ""
    return str(lexer.aliases[0]) if lexer and lexer.aliases else ""


def detect(text: str) -> str:
    """The language `text` looks like, '' where nothing speaks for any."""
    stripped = text.strip()
    if not stripped:
        return ""
    if stripped[0] in "{[" and stripped[-1] in "}]" and (decoded := decode(stripped)):
        rest = stripped[decoded.end :].strip()
        if decoded.complete and not rest and '"' in stripped:
            return "json"
    language, score = likeliest(stripped)
    return language if score >= MIN_SCORE else _by_interpreter(stripped)


def likeliest(text: str) -> tuple[str, int]:
    """The language most speaks for, and how much: below MIN_SCORE it is a guess, from 6 on it is hardly another."""
    text = "\n".join(line[:1_000].rstrip() for line in text.strip()[:MAX_LOOKED_AT].split("\n") if line.strip())
    scores = {
        language: sum(weight for weight, pattern in signs if pattern.search(text))
        for language, signs in _signs().items()
    }
    best = max(scores, key=lambda language: scores[language])
    return language_of(best), scores[best]


def _by_interpreter(text: str) -> str:
    match = re.match(r"#!\s*(?:/usr/bin/env\s+)?(\S+)", text)
    if match:
        return _aliases().get(match[1].rsplit("/", 1)[-1].rstrip("0123456789."), "")
    return ""


def file_name(language: str, taken: set[str]) -> str:
    """A usual name for a file of that language, not among `taken`."""
    if language in _WHOLE_NAMES and _WHOLE_NAMES[language] not in taken:
        return _WHOLE_NAMES[language]
    stem, extension = _STEMS.get(language, "main"), _EXTENSIONS.get(language) or _plain_extension(language)
    name, number = f"{stem}.{extension}", 2
    while name in taken:
        name, number = f"{stem}{number}.{extension}", number + 1
    return name


def _plain_extension(language: str) -> str:
    return language if re.fullmatch(r"[a-z0-9]{1,10}", language) else "txt"
