"""Text to features: words, pairs, beginnings and ends, what is asked for first, and what the words speak of.

Features are strings here; `forgeapp.gatekeeper.model` hashes them. Work is bounded: of a long text the beginning
and the end are looked at, where people say what they want.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from forgeapp.domain.artifact import Kind
from forgeapp.gatekeeper.lexicon import lexicon

HEAD_CHARS = 420
TAIL_CHARS = 140
MOST_CHARS = 640

_SPACELESS = r"\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_LETTER = rf"[^\W\d_{_SPACELESS}]"
_TOKEN = re.compile(
    rf"(?P<run>[{_SPACELESS}]+)"
    r"|(?P<number>\d+(?:[.,:]\d+)*)"
    rf"|(?P<word>[c]\+\+|[cf]#|\.[a-z]{{2,4}}\b|{_LETTER}[^\W_{_SPACELESS}]*(?:['.+-]{_LETTER}+)*)"
    r"|(?P<mark>[?!:;,]|\n)"
)
_MARKS = frozenset("?!:;,\n")
_CLAUSE_END = re.compile(rf"[.,;:!?\u2026]+(?=[\s{_SPACELESS}])|[\n\u3001\u3002]+")
_MOST_CLAUSES = 6

_INSTRUCTING = frozenset(("making", "drawing", "revising", "exporting", "wish", "question", "explaining"))
_KINDS = ("document", "table", "sheet", "calculation", "language", "codething", "image", "drawing", "unmade")


def clip(text: str) -> str:
    """The part of a message that is looked at, lower case: all of a short one, the beginning and end of a long one.

    Where a long one closes with a line that opens like an instruction ('Summarise this ...'), that line alone.
    """
    text = text.strip() if len(text) < 100_000 else text[:2_000] + " " + text[-2_000:]
    if len(text) <= HEAD_CHARS + TAIL_CHARS:
        return _plain(text)
    last = _plain(text[-2 * TAIL_CHARS :].rpartition("\n")[2].strip())
    if _instructs(last):
        return last
    return _plain(text[:HEAD_CHARS] + " \n " + text[-TAIL_CHARS:])


def _plain(text: str) -> str:
    # Normalizing may make one character many.
    return unicodedata.normalize("NFKC", text).lower().replace("’", "'")[:MOST_CHARS]


def _instructs(line: str) -> bool:
    tokens, runs = tokenize(line)
    found = lexicon().find(tokens[:2]) + (lexicon().find_in_run(runs[0]) if runs else [])
    return any(concept in _INSTRUCTING for _, concept in found)


def tokenize(text: str) -> tuple[list[str], list[str]]:
    """(tokens, runs): words, '0' for numbers, marks; a Chinese or Japanese run is one token and listed in runs too."""
    tokens: list[str] = []
    runs: list[str] = []
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "number":
            tokens.append("0")
        else:
            tokens.append(match[0])
            if match.lastgroup == "run":
                runs.append(match[0])
    return tokens, runs


def thing(tokens: list[str]) -> list[str]:
    """The words naming the thing wished for: after the opening words, before what it is about."""
    leading, boundaries = lexicon().listed("leading"), lexicon().listed("boundary")
    start = 0
    while start < len(tokens) and (tokens[start] in leading or tokens[start] in _MARKS):
        start += 1
    end = start
    while end < len(tokens) and end - start < 5 and (end == start or tokens[end] not in boundaries):
        end += 1
    return tokens[start:end]


def _bucket(count: int) -> str:
    return str(count) if count < 4 else f"<{1 << count.bit_length()}"


def _later_clauses(text: str) -> tuple[list[str], list[str]]:
    """(features, salient ones) of how the clauses after the first begin: '..., not X', 'We move. Write the note'."""
    plain: list[str] = []
    salient: list[str] = []
    clauses = [clause for part in _CLAUSE_END.split(text)[1:] if (clause := part.strip())][-_MOST_CLAUSES:]
    for clause in clauses:
        tokens, runs = tokenize(clause[:60])
        words = [token for token in tokens if token not in _MARKS]
        if not words:
            continue
        begins = [concept for index, concept in lexicon().find(words[:3]) if index == 0]
        names = [f"word {words[0][:2] if runs and words[0] == runs[0] else words[0]}"]
        if runs:
            begins += [concept for _, concept in lexicon().find_in_run(runs[0])]
        names += [f"begins {concept}" for concept in dict.fromkeys(begins)]
        plain += [f"cl {name}" for name in names]
        if clause is clauses[-1]:
            salient += [f"last {name}" for name in names]
    return plain, salient


def wording(text: str) -> tuple[list[str], list[str]]:
    """(features, salient ones): the salient ones are worth crossing with what is open."""
    tokens, runs = tokenize(text)
    words = [token for token in tokens if token not in _MARKS]
    salient = [f"w {word}" for word in dict.fromkeys(words)]
    plain: list[str] = []
    padded = ["<", *words, ">"]
    plain += [f"b {a} {b}" for a, b in pairwise(padded)]
    salient += [f"s {word}" for word in words[:1]]
    salient += [f"s2 {' '.join(words[:2])}", f"e {words[-1] if words else ''}"]
    plain.append(f"s3 {' '.join(words[:3])}")
    for word in dict.fromkeys(words):
        if len(word) > 4 and word not in runs:
            plain.append(f"p {word[:4]}")
            plain.append(f"x {word[-4:]}")
            if len(word) > 6:
                plain.append(f"p {word[:6]}")
                plain.append(f"x {word[-6:]}")
    found = lexicon().find(tokens)
    for run in runs:
        offset = tokens.index(run)
        found += ((offset, concept) for _, concept in lexicon().find_in_run(run))
        edged = f"<{run}>"
        salient += [f"c {edged[i : i + 2]}" for i in range(len(edged) - 1)]
        plain += [f"c {edged[i : i + 3]}" for i in range(len(edged) - 2)]
        plain += [f"c {char}" for char in run]
    found.sort(key=lambda item: item[0])
    order = [concept for _, concept in found]
    concepts = list(dict.fromkeys(order))
    salient += [f"l {concept}" for concept in concepts]
    if order:
        salient += [f"l1 {order[0]}", f"ln {order[-1]}"]
    opening = "+".join(concept for index, concept in found if index == 0) or "-"
    second = "+".join(concept for index, concept in found if index == 1) or "-"
    ending = text[-1:] if text[-1:] in "?!.:。？！" else ""
    size = _bucket(len(words) + sum(map(len, runs)) // 2)
    salient += [f"f {opening}", f"ff {opening} {second}", f"fe {opening} {ending}", f"fn {opening} {size}"]
    plain += [f"ll {a} {b}" for a, b in pairwise(order)]
    named = [concept for concept in concepts if concept in _KINDS]
    salient.append("k " + " ".join(named[:2]))
    plain.append("k1 " + (named[0] if named else ""))
    if words:
        plain += [f"sl {words[0]} {concept}" for concept in concepts]
    naming = thing(tokens)
    plain += [f"t {word}" for word in naming]
    if naming:
        plain.append(f"tn {naming[-1]}")
        plain.append(f"tp {naming[-1][-5:]}")
        in_thing = {concept for _, concept in lexicon().find(naming)}
        plain += [f"tl {concept}" for concept in in_thing]
    salient += [f"n {size}", f"end {ending}"]
    plain += [f"{mark} {_bucket(tokens.count(mark))}" for mark in (",", ":", "?", "!", "\n", "0")]
    later, last = _later_clauses(text)
    plain += later
    salient += last
    return plain, salient


def features(text: str, open_artifact: Kind | None) -> list[str]:
    """Every feature of a clipped text beside what is open, without repeats."""
    plain, salient = wording(text)
    state = "+" if open_artifact else "-"
    crossed = [state + feature for feature in salient]
    return list(dict.fromkeys([*plain, *salient, *crossed, state, f"o {open_artifact or '-'}"]))
