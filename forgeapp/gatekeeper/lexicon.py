"""Words of eight languages by what they speak of: 'letter' is a document, 'sum' a calculation."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from forgeapp.paths import resource

LONGEST_PHRASE = 4
"""Words in the longest phrase looked up."""
LONGEST_IDEOGRAPHIC = 9
"""Characters in the longest Chinese or Japanese entry looked up."""
_SHORTEST_PART = 4


class Lexicon:
    """Concepts of words, phrases, endings of compounds, and runs of characters where words have no spaces."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._words: dict[str, tuple[str, ...]] = {}
        self._beginnings: dict[str, str] = {}
        self._endings: dict[str, str] = {}
        self._lists: dict[str, frozenset[str]] = {}
        for line in lines:
            if line.startswith("#") or "\t" not in line:
                continue
            concept, words = line.rstrip("\n").split("\t")
            if concept.startswith("~"):
                self._lists[concept[1:]] = frozenset(words.split())
                continue
            for word in words.split():
                self._enter(concept, word.replace("_", " "))
        self._phrase_starts = {phrase.split(" ", 1)[0] for phrase in self._words if " " in phrase}

    def _enter(self, concept: str, word: str) -> None:
        if word.endswith("*"):
            self._beginnings.setdefault(word[:-1], concept)
        elif word.startswith("*"):
            self._endings.setdefault(word[1:], concept)
        elif concept not in self._words.get(word, ()):
            self._words[word] = (*self._words.get(word, ()), concept)

    def listed(self, name: str) -> frozenset[str]:
        """The words of a line '~name': words by their place in a wish, which speak of nothing."""
        return self._lists[name]

    def find(self, tokens: list[str]) -> list[tuple[int, str]]:
        """(index of the first token, concept), in order of the text; a word may carry several concepts."""
        found: list[tuple[int, str]] = []
        for index, token in enumerate(tokens):
            found += ((index, concept) for concept in self._of_word(token))
            if token in self._phrase_starts:
                for length in range(2, LONGEST_PHRASE + 1):
                    phrase = " ".join(tokens[index : index + length])
                    found += ((index, concept) for concept in self._words.get(phrase, ()))
        return found

    def _of_word(self, token: str) -> tuple[str, ...]:
        concepts = self._words.get(token)
        if concepts is not None:
            return concepts
        for length in range(len(token) - 1, _SHORTEST_PART - 1, -1):
            beginning = self._beginnings.get(token[:length])
            if beginning:
                return (beginning,)
        for start in range(2, len(token) - _SHORTEST_PART + 1):
            ending = self._endings.get(token[start:])
            if ending:
                return (ending,)
        return ()

    def find_in_run(self, run: str) -> list[tuple[int, str]]:
        """(character, concept) of the longest entries in a run of characters without spaces."""
        found: list[tuple[int, str]] = []
        start = 0
        while start < len(run):
            for length in range(min(LONGEST_IDEOGRAPHIC, len(run) - start), 0, -1):
                concepts = self._words.get(run[start : start + length])
                if concepts:
                    found += ((start, concept) for concept in concepts)
                    start += length
                    break
            else:
                start += 1
        return found


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The shipped lexicon, read once."""
    with resource("gatekeeper", "lexicon.tsv").open(encoding="utf-8") as lines:
        return Lexicon(lines)
