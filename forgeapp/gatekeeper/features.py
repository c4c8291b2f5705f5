"""Text to features: words, pairs, beginnings and ends, what is asked for first, and what the words speak of.

Features are strings here; `forgeapp.gatekeeper.model` hashes them. Work is bounded: of a long text the beginning
and the end are looked at, where people say what they want.
"""

from __future__ import annotations

import re
import unicodedata

from forgeapp.domain.artifact import Kind
from forgeapp.gatekeeper.lexicon import lexicon

HEAD_CHARS = 420
TAIL_CHARS = 140

_TOKEN = re.compile(
    r"(?P<run>[\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff々ー]+)"
    r"|(?P<number>\d+(?:[.,:]\d+)*)"
    r"|(?P<word>[c]\+\+|[cf]#|\.[a-z]{2,4}\b|[^\W\d_\u3040-\u30ff\u3400-\u9fff]+(?:['’.+-][^\W\d_\u3040-\u30ff\u3400-\u9fff]+)*)"
    r"|(?P<mark>[?!:;,]|\n)"
)
_MARKS = frozenset("?!:;,\n")

# What ends the naming of the thing wished for, and starts to tell what it is about.
_BOUNDARIES = frozenset(
    """for about of on with to from that which who where when showing comparing in at by as after and so
    für über von vom mit zu zum zur der des die das aus an auf im in bei nach wegen damit
    pour sur de du des d avec à au aux dans qui que en par entre
    para sobre del con a al en por que entre do da dos das no na com em
    per su di del della dei delle da con a al alla in tra fra
    , : ; ?""".split()
)
# Words that stand before the thing without naming it.
_LEADING = frozenset(
    """please pls plz can could would will you i we need want like i'd we'd would me my us our a an the some this to have
    write draft create make generate prepare produce compose build develop put together set up give get do help let's
    hi hello hey ok okay now also and then next just so maybe thanks simple short quick little nice good new another
    bitte kannst könntest können könnten du sie ich wir brauche brauchen möchte hätte gern gerne mir uns mein meine meinen
    unser unsere ein eine einen einem einer der die das schreib schreibe schreiben erstelle erstell erstellen mach mache
    verfasse entwirf generiere baue kurze kurzen kurzes einfache einfachen
    peux-tu pourrais-tu pouvez-vous pourriez-vous je j'ai nous besoin voudrais veux aimerais faudrait il me un une le la les
    mon ma mes notre écris rédige crée fais fais-moi prépare génère dresse écris-moi stp svp d'un d'une petit petite de
    puedes podrías necesito quiero quisiera me mi mis nuestro nuestra un una el la los las unos escribe redacta crea haz
    hazme prepara genera escríbeme por favor
    pode poderia preciso quero queria gostaria meu minha nosso nossa um uma o os as escreva escreve redija crie cria faça faz
    monte prepare gere elabore
    puoi potresti ho bisogno vorrei voglio mi serve il lo la gli i le mio mia nostro nostra uno una scrivi scrivimi crea
    creami fai fammi prepara preparami genera redigi""".split()
)
_KINDS = ("document", "table", "sheet", "calculation", "language", "codething", "image", "drawing", "unmade")


def clip(text: str) -> str:
    """The part of a message that is looked at: its beginning and end, lower case, spaces as one."""
    text = text.strip() if len(text) < 100_000 else text[:2_000] + " " + text[-2_000:]
    if len(text) > HEAD_CHARS + TAIL_CHARS:
        text = text[:HEAD_CHARS] + " \n " + text[-TAIL_CHARS:]
    return unicodedata.normalize("NFKC", text).lower().replace("’", "'")


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
    start = 0
    while start < len(tokens) and (tokens[start] in _LEADING or tokens[start] in _MARKS):
        start += 1
    end = start
    while end < len(tokens) and end - start < 5 and (end == start or tokens[end] not in _BOUNDARIES):
        end += 1
    return tokens[start:end]


def _bucket(count: int) -> str:
    return str(count) if count < 4 else f"<{1 << count.bit_length()}"


def wording(text: str) -> tuple[list[str], list[str]]:
    """(features, salient ones): the salient ones are worth crossing with what is open."""
    tokens, runs = tokenize(text)
    words = [token for token in tokens if token not in _MARKS]
    salient = [f"w {word}" for word in dict.fromkeys(words)]
    plain: list[str] = []
    padded = ["<", *words, ">"]
    plain += [f"b {a} {b}" for a, b in zip(padded, padded[1:], strict=False)]
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
    plain += [f"ll {a} {b}" for a, b in zip(order, order[1:], strict=False)]
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
    ending = text[-1:] if text[-1:] in "?!.:。？！" else ""
    salient += [f"n {_bucket(len(words) + sum(map(len, runs)) // 2)}", f"end {ending}"]
    plain += [f"{mark} {_bucket(tokens.count(mark))}" for mark in (",", ":", "?", "!", "\n", "0")]
    return plain, salient


def features(text: str, open_artifact: Kind | None) -> list[str]:
    """Every feature of a message beside what is open, without repeats."""
    plain, salient = wording(clip(text))
    state = "+" if open_artifact else "-"
    crossed = [state + feature for feature in salient]
    return list(dict.fromkeys([*plain, *salient, *crossed, state, f"o {open_artifact or '-'}"]))
