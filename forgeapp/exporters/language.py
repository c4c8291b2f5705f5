"""Which language a text is in: programs check its spelling, read it aloud and choose the shapes of Han letters by it.

Scripts of one language tell it by themselves; of Latin and Cyrillic letters the small words of each language do, a
third of what is written in it. Where both are silent the system's language is taken.
"""

from __future__ import annotations

import locale
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from forgeapp.domain.document import Block, Heading, ListBlock, Paragraph, Quote, TableBlock, plain_text
from forgeapp.domain.publication import Publication

UNKNOWN: Final = "und"
"""Undetermined (BCP 47)."""
_TAG: Final = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_LOCALE: Final = re.compile(r"([a-z]{2,3})_([A-Z]{2})")
_SCRIPTS: Final = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\u1100-\u11ff\uac00-\ud7af]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("fa", re.compile("[پچژگ]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
)
"""The first that is found where most letters are of none but such scripts."""
_MOSTLY: Final = 0.3
"""Words of other languages, above all of Latin letters, are longer than those of these scripts."""
_SMALL_WORDS: Final = {
    "en": "the of and to is that for with was are this be on not have from by it which at as or were will you your we",
    "de": "der die und das ist nicht den von mit sich des auf für ein eine dem auch wird bei einer zu wir sie ihr als",
    "fr": "le les des et est une du dans que pour qui sur pas avec par sont au ce plus aux vous nous cette il la d l",
    "es": "el los las y en que una por con para del se es al lo como más su pero sus este son está también o la",
    "pt": "o os as e em que uma por com para do da não se dos ao na no um mais é das são também foi pelo à",
    "it": "il di che è per una con non del della sono gli dei alla nel anche più delle si le questo come da al e",
    "nl": "de het een van en is dat niet op te voor met zijn aan er bij ook worden wordt door naar deze uit om in",
    "sv": "och att det som en på är av för med till den har inte om ett men var kan från eller vid ska i de",
    "da": "og at det som en på er af for med til den har ikke om et men var kan fra eller ved skal i de blev",
    "nb": "og at det som en på er av for med til den har ikke om et men var kan fra eller ved skal i de ble",
    "fi": "ja on ei se että oli ovat mutta kun hän tai myös joka kuin ole sekä mukaan sen tämä voi jos niin",
    "pl": "i w na z się nie do to jest że o jak po ale od przez za co dla są tym oraz lub który może być",
    "cs": "a je se na že v to s z do o pro ale jako by za jsou není podle nebo které který tak ve po od také",
    "hu": "a az és hogy nem is egy ez meg de van volt csak mint ha már még vagy el kell azt lehet minden",
    "ro": "și de în la cu pe nu este că o un din pentru care mai sau se prin sunt fi al lui ale dar după",
    "tr": "ve bir bu için ile de da olarak çok daha en gibi olan ne kadar sonra değil veya her ama olduğu",
    "ru": "и в не на что с по как это для от из но к или при также за его до был быть все так мы вы",
    "uk": "і в не на що з до як та це для від але або за про його при також є було бути все ми ви у",
    "bg": "и на да в за от се не по са че до с като това или при който която които е ще има със беше",
}
"""Short words that are frequent; those that languages share count for each, the others decide."""
_SPOKEN_IN: Final = {
    word: tuple(language for language, words in _SMALL_WORDS.items() if word in words.split())
    for word in frozenset(" ".join(_SMALL_WORDS.values()).split())
}
_WORD: Final = re.compile(r"[^\W\d_]+")
_LEAST_WORDS, _LEAST_SHARE, _LEAST_LEAD = 4, 0.12, 1.15
"""So many small words, making up so much of all, and so many more than of the language that comes next."""
_MANY_WORDS, _MANY_LEAD = 12, 1.75
"""Of a text with many figures, names and words of other languages in it: so many are enough, so far ahead."""
_BLOCKS, _ROWS, _CHARS = 200, 20, 20_000
_REGIONS: Final = {
    "en": "US", "ja": "JP", "ko": "KR", "zh": "CN", "fa": "IR", "ar": "SA", "he": "IL", "hi": "IN", "el": "GR",
    "sv": "SE", "da": "DK", "nb": "NO", "cs": "CZ", "uk": "UA", "pt": "PT",
}  # fmt: skip
"""Where a language is not named as its country is; Word knows languages by country only."""


def language_of(publication: Publication) -> str:
    """A tag (BCP 47): what the publication says itself, else what its text tells, else the system's, else UNKNOWN."""
    return told_language(publication) or system_language() or UNKNOWN


def told_language(publication: Publication) -> str:
    """What the publication says itself, else what its text tells; '' where neither does."""
    said = publication.properties.get("language", "")
    return said if _TAG.fullmatch(said) else told_by(beginning_of(publication.blocks))


def told_by(text: str) -> str:
    """A language's tag, '' where the text does not tell."""
    letters = sum(character.isalpha() for character in text)
    found = [(language, len(script.findall(text))) for language, script in _SCRIPTS]
    if letters and sum(count for _, count in found) >= _MOSTLY * letters:
        # A Japanese text has more Han characters than kana, a Persian one few letters of its own: the rarer tells.
        most = max(count for _, count in found)
        return next(language for language, count in found if count > 0.02 * most)
    words = _WORD.findall(text.casefold())
    counts = Counter(language for word in words for language in _SPOKEN_IN.get(word, ()))
    (first, most), (_, next_most) = (*counts.most_common(2), ("", 0), ("", 0))[:2]
    is_ahead = most >= _MANY_WORDS and most >= _MANY_LEAD * next_most
    is_sure = most >= _LEAST_WORDS and most >= _LEAST_SHARE * len(words) and most >= _LEAST_LEAD * next_most
    return first if is_sure or (is_ahead and most >= _LEAST_SHARE / 2 * len(words)) else ""


def with_region(language: str) -> str:
    """'de-DE' for 'de': that of the system where it speaks the same language; '' for UNKNOWN."""
    if language == UNKNOWN or "-" in language:
        return "" if language == UNKNOWN else language
    system = system_language()
    if system.partition("-")[0] == language:
        return system
    return f"{language}-{_REGIONS.get(language, language.upper())}"


def system_language() -> str:
    """Such as 'de-AT', '' where it is set to none."""
    # As it is set: `getlocale` takes "C" for American.
    match = _LOCALE.match(locale.setlocale(locale.LC_CTYPE))
    return f"{match[1]}-{match[2]}" if match else ""


def beginning_of(blocks: Iterable[Block]) -> str:
    """As much text of a publication as it takes to judge it, without code."""
    return " ".join(islice(_texts(blocks), _BLOCKS))[:_CHARS]


def _texts(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading(inlines=inlines) | Paragraph(inlines=inlines):
                yield plain_text(inlines)
            case ListBlock(items=items):
                for item in items:
                    yield from _texts(item.blocks)
            case Quote(blocks=inner):
                yield from _texts(inner)
            case TableBlock(header=header, rows=rows):
                for row in (header, *rows[:_ROWS]):
                    yield " ".join(map(plain_text, row))
            case _:
                pass
