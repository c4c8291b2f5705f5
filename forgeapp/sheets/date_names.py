"""Months and days as number formats show them ('mmmm', 'mmm', 'mmmmm', 'dddd', 'ddd').

In the spelling of Unicode's CLDR 44 for names that stand alone; in other languages than these they are English.
"""

from __future__ import annotations

from typing import Final

_MONTHS: Final = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "nb": "januar februar mars april mai juni juli august september oktober november desember",
    "pl": "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień",
    "cs": "leden únor březen duben květen červen červenec srpen září říjen listopad prosinec",
}
_SHORT_MONTHS: Final = {
    "de": "Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez",
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "es": "ene feb mar abr may jun jul ago sept oct nov dic",
    "it": "gen feb mar apr mag giu lug ago set ott nov dic",
    "pt": "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
    "nl": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "sv": "jan. feb. mars apr. maj juni juli aug. sep. okt. nov. dec.",
    "da": "jan. feb. mar. apr. maj jun. jul. aug. sep. okt. nov. dec.",
    "nb": "jan. feb. mars apr. mai juni juli aug. sep. okt. nov. des.",
    "pl": "sty lut mar kwi maj cze lip sie wrz paź lis gru",
    "cs": "led úno bře dub kvě čvn čvc srp zář říj lis pro",
}
"""Where they are not the first three letters of the whole."""
_DAYS: Final = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "sv": "måndag tisdag onsdag torsdag fredag lördag söndag",
    "da": "mandag tirsdag onsdag torsdag fredag lørdag søndag",
    "nb": "mandag tirsdag onsdag torsdag fredag lørdag søndag",
    "pl": "poniedziałek wtorek środa czwartek piątek sobota niedziela",
    "cs": "pondělí úterý středa čtvrtek pátek sobota neděle",
}
_SHORT_DAYS: Final = {
    "de": "Mo Di Mi Do Fr Sa So",
    "fr": "lun. mar. mer. jeu. ven. sam. dim.",
    "pt": "seg. ter. qua. qui. sex. sáb. dom.",
    "nl": "ma di wo do vr za zo",
    "pl": "pon. wt. śr. czw. pt. sob. niedz.",
    "cs": "po út st čt pá so ne",
}
_PRIMARY: Final = {
    0x09: "en", 0x07: "de", 0x0C: "fr", 0x0A: "es", 0x10: "it", 0x16: "pt", 0x13: "nl", 0x1D: "sv", 0x06: "da",
    0x14: "nb", 0x15: "pl", 0x05: "cs",
}  # fmt: skip
"""The last ten bits of a locale's number (MS-LCID) are its language."""
_INITIAL: Final = 5
_SHORT: Final = 3


def month_name(month: int, letters: int, language: str) -> str:
    """`month`: from 1; `letters`: as many as the code has: 'mmm' a short one, 'mmmmm' its initial, else all of it."""
    whole = _MONTHS.get(language, _MONTHS["en"]).split()[month - 1]
    if letters == _SHORT:
        return _SHORT_MONTHS[language].split()[month - 1] if language in _SHORT_MONTHS else whole[:_SHORT]
    return whole[0] if letters == _INITIAL else whole


def day_name(weekday: int, letters: int, language: str) -> str:
    """`weekday`: from 0, which is Monday."""
    whole = _DAYS.get(language, _DAYS["en"]).split()[weekday]
    if letters > _SHORT:
        return whole
    return _SHORT_DAYS[language].split()[weekday] if language in _SHORT_DAYS else whole[:_SHORT]


def language_of_locale(locale: str) -> str:
    """'de' for '407' and 'de-DE', as a code names it behind '[$-'; '' for one whose names are not known."""
    named = locale.partition("-")[0].casefold()
    if named in _MONTHS and "-" in locale:
        return named
    try:
        number = int(locale.partition(",")[0], 16)
    except ValueError:
        return ""
    return _PRIMARY.get(number & 0x3FF, "") if 0 < number & 0xFFFF < 0xF000 else ""
