"""Formulas typed for a German, French, Spanish, Portuguese or Italian spreadsheet, put into the form of files.

Typed there: =RUNDEN(B2*0,19;2). In every file and for every engine: =ROUND(B2*0.19,2). What is in quotes stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from forgeapp.domain.formulas import Token, tokens
from forgeapp.domain.workbook import MAX_FORMULA_CHARS

LANGUAGES = {"de": "German", "fr": "French", "es": "Spanish", "pt": "Portuguese", "it": "Italian"}

# English, then de, fr, es, pt, it as Microsoft's Excel names them; '/' between several, '-' where it is as in English.
_TABLE = """
SUM             SUMME           SOMME           SUMA                SOMA                    SOMMA
AVERAGE         MITTELWERT      MOYENNE         PROMEDIO            MÉDIA                   MEDIA
AVERAGEIF       MITTELWERTWENN  MOYENNE.SI      PROMEDIO.SI         MÉDIASE/MÉDIA.SE        MEDIA.SE
IF              WENN            SI              SI                  SE                      SE
IFS             WENNS           SI.CONDITIONS   SI.CONJUNTO         SES/SE.S                PIÙ.SE
IFERROR         WENNFEHLER      SIERREUR        SI.ERROR            SEERRO/SE.ERRO          SE.ERRORE
AND             UND             ET              Y                   E                       E
OR              ODER            OU              O                   OU                      O
NOT             NICHT           NON             NO                  NÃO                     NON
ROUND           RUNDEN          ARRONDI         REDONDEAR           ARRED                   ARROTONDA
ROUNDUP         AUFRUNDEN       ARRONDI.SUP     REDONDEAR.MAS       ARREDONDAR.PARA.CIMA ARROTONDA.PER.ECC
ROUNDDOWN       ABRUNDEN        ARRONDI.INF     REDONDEAR.MENOS     ARREDONDAR.PARA.BAIXO ARROTONDA.PER.DIF
COUNT           ANZAHL          NB              CONTAR              CONT.NÚM/CONTAR         CONTA.NUMERI
COUNTA          ANZAHL2         NBVAL           CONTARA             CONT.VALORES/CONTAR.VAL CONTA.VALORI
COUNTIF         ZÄHLENWENN      NB.SI           CONTAR.SI           CONT.SE/CONTAR.SE       CONTA.SE
COUNTIFS        ZÄHLENWENNS     NB.SI.ENS       CONTAR.SI.CONJUNTO  CONT.SES/CONTAR.SE.S    CONTA.PIÙ.SE
COUNTBLANK      ANZAHLLEEREZELLEN NB.VIDE       CONTAR.BLANCO       CONTAR.VAZIO            CONTA.VUOTE
SUMIF           SUMMEWENN       SOMME.SI        SUMAR.SI            SOMASE/SOMA.SE          SOMMA.SE
SUMIFS          SUMMEWENNS      SOMME.SI.ENS    SUMAR.SI.CONJUNTO   SOMASES/SOMA.SE.S       SOMMA.PIÙ.SE
SUMPRODUCT      SUMMENPRODUKT   SOMMEPROD       SUMAPRODUCTO        SOMARPRODUTO            MATR.SOMMA.PRODOTTO
SUBTOTAL        TEILERGEBNIS    SOUS.TOTAL      SUBTOTALES          -                       SUBTOTALE
PRODUCT         PRODUKT         PRODUIT         PRODUCTO            MULT/PRODUTO            PRODOTTO
MIN             -               -               -                   MÍNIMO                  -
MAX             -               -               -                   MÁXIMO                  -
MEDIAN          -               MEDIANE         MEDIANA             MED                     MEDIANA
RANK            RANG            RANG            JERARQUIA           ORDEM                   RANGO
VLOOKUP         SVERWEIS        RECHERCHEV      BUSCARV/CONSULTAV   PROCV                   CERCA.VERT
HLOOKUP         WVERWEIS        RECHERCHEH      BUSCARH/CONSULTAH   PROCH                   CERCA.ORIZZ
XLOOKUP         XVERWEIS        RECHERCHEX      BUSCARX             PROCX                   CERCA.X
INDEX           -               -               INDICE              ÍNDICE                  INDICE
MATCH           VERGLEICH       EQUIV           COINCIDIR           CORRESP                 CONFRONTA
TODAY           HEUTE           AUJOURDHUI      HOY                 HOJE                    OGGI
NOW             JETZT           MAINTENANT      AHORA               AGORA                   ADESSO
DATE            DATUM           -               FECHA               DATA                    DATA
YEAR            JAHR            ANNEE           AÑO                 ANO                     ANNO
MONTH           MONAT           MOIS            MES                 MÊS                     MESE
DAY             TAG             JOUR            DIA                 DIA                     GIORNO
PMT             RMZ             VPM             PAGO                PGTO                    RATA
CONCATENATE     VERKETTEN       CONCATENER      CONCATENAR          CONCATENAR              CONCATENA
LEFT            LINKS           GAUCHE          IZQUIERDA           ESQUERDA                SINISTRA
RIGHT           RECHTS          DROITE          DERECHA             DIREITA                 DESTRA
MID             TEIL            STXT            EXTRAE              EXT.TEXTO/SEG.TEXTO     STRINGA.ESTRAI
LEN             LÄNGE           NBCAR           LARGO               NÚM.CARACT              LUNGHEZZA
TEXT            -               TEXTE           TEXTO               TEXTO                   TESTO
ABS             -               -               -                   -                       ASS
SQRT            WURZEL          RACINE          RAIZ/RCUAD          RAIZ/RAIZQ              RADQ
MOD             REST            -               RESIDUO             RESTO                   RESTO
INT             GANZZAHL        ENT             ENTERO              -                       -
"""
_TRUTHS = {
    "TRUE": ("WAHR", "VRAI", "VERDADERO", "VERDADEIRO", "VERO"),
    "FALSE": ("FALSCH", "FAUX", "FALSO"),
}
_NEEDS_TWO = frozenset(("IF", "IFERROR", "ROUND", "ROUNDUP", "ROUNDDOWN", "MOD", "COUNTIF", "SUMIF", "AVERAGEIF")) | {
    *("INDEX", "MATCH", "TEXT", "RANK", "POWER", "LARGE", "SMALL")
}
"""Functions in which a single comma parts two arguments rather than the digits of one number."""
_MARKS = re.compile(r";|\d,\d")
_CALLED = re.compile(r"(?<![\w.])([^\W\d][\w.]*+)\(")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
_ARITHMETIC = frozenset("*/^+-<>=&") | {"<=", ">=", "<>"}


def _plain(name: str) -> str:
    if name.isascii():
        return name.upper()
    return "".join(c for c in unicodedata.normalize("NFKD", name.upper()) if not unicodedata.combining(c))


@cache
def _functions() -> dict[str, tuple[str, frozenset[str]]]:
    """Local name without accents -> the English name, and the languages that call it so."""
    found: dict[str, tuple[str, frozenset[str]]] = {}
    for line in _TABLE.strip().splitlines():
        english, *local = line.split()
        for language, names in zip(LANGUAGES, local, strict=True):
            for name in names.split("/"):
                if name != "-":
                    known = found.get(_plain(name), (english, frozenset[str]()))
                    found[_plain(name)] = (english, known[1] | {language})
    return found


@cache
def _truths() -> dict[str, str]:
    return {local: english for english, words in _TRUTHS.items() for local in words}


@dataclass(frozen=True, slots=True)
class FormulaDialect:
    """What the formulas of one workbook are typed in: `languages` of their function names, likeliest first and () where
    they are English; `decimal_comma` whether they show 0,19; `semicolons` whether their arguments show SUM(A1;B1)."""

    languages: tuple[str, ...]
    decimal_comma: bool
    semicolons: bool

    @property
    def named(self) -> str:
        """'German', 'French or Spanish'; '' where only the marks differ."""
        return " or ".join(LANGUAGES[code] for code in self.languages)

    @property
    def note(self) -> str:
        """What the user is told of the translation."""
        if self.languages:
            return f"Formulas were translated from {self.named} into the form all spreadsheets read."
        return "Formulas with semicolons or decimal commas were put into the form all spreadsheets read."

    def english(self, formula: str) -> str:
        """The formula in the form of files; unchanged where it is in that form already."""
        if len(formula) > MAX_FORMULA_CHARS or not (self.languages or _may_be_local(formula)):
            return formula
        parts = tokens(formula)
        calls = _calls(parts)
        spelled: list[str] = ["="]
        uses_semicolons = any(part.kind == "semicolon" and calls[at].is_function for at, part in enumerate(parts))
        for at, part in enumerate(parts):
            text = part.text
            if part.kind == "semicolon" and calls[at].is_function:
                text = ","
            elif part.kind == "comma" and self._is_decimal(parts, at, calls[at], uses_semicolons):
                text = "."
                if _GROUPED.fullmatch(parts[at - 1].text):
                    spelled[-1] = parts[at - 1].text.replace(".", "")
            elif part.kind == "name" and self.languages:
                text = _english_name(parts, at)
            spelled.append(text)
        return "".join(spelled)

    def _is_decimal(self, parts: Sequence[Token], at: int, call: _Call, uses_semicolons: bool) -> bool:
        if call.name == "{" or not _is_between_digits(parts, at):
            return False
        if uses_semicolons or call.name is None:
            return True
        if not (self.decimal_comma or self.semicolons) or _is_in_row_of_numbers(parts, at):
            return False
        before = parts[at - 2].text if at >= 2 else ""
        return before in _ARITHMETIC and not (call.commas == 1 and _english_function(call.name) in _NEEDS_TWO)


def dialect_of(formulas: Iterable[str]) -> FormulaDialect | None:
    """The dialect the formulas of one workbook are typed in, None where all are in the form of files already."""
    languages: Counter[str] = Counter()
    decimal_comma = semicolons = False
    for formula in formulas:
        if not _may_be_local(formula):
            continue
        parts = tokens(formula)
        calls = _calls(parts)
        for at, part in enumerate(parts):
            if part.kind == "semicolon" and calls[at].is_function:
                semicolons = True
            elif part.kind == "comma" and calls[at].name is None and _is_between_digits(parts, at):
                decimal_comma = True
            elif part.kind == "name" and len(part.text) > 1 and _is_called(parts, at):
                languages.update(_functions().get(_plain(part.text), ("", ()))[1])
    if not (languages or decimal_comma or semicolons):
        return None
    most = max(languages.values(), default=0)
    return FormulaDialect(tuple(code for code in LANGUAGES if languages[code] == most > 0), decimal_comma, semicolons)


@dataclass
class _Call:
    """What a token stands in: `name` of the function, "{" for an array, None outside; how many `commas` part it."""

    name: str | None
    commas: int = 0

    @property
    def is_function(self) -> bool:
        return self.name is not None and self.name != "{"


def _calls(parts: Sequence[Token]) -> list[_Call]:
    """For each token the call it stands in; mere brackets belong to what is around them."""
    outside = _Call(None)
    stack: list[_Call] = []
    found: list[_Call] = []
    for at, part in enumerate(parts):
        if part.kind == "close" and stack:
            stack.pop()
        current = stack[-1] if stack else outside
        found.append(current)
        if part.kind == "comma":
            current.commas += 1
        elif part.kind == "open":
            if part.text == "(" and at and parts[at - 1].kind == "name":
                stack.append(_Call(parts[at - 1].text))
            else:
                stack.append(_Call("{") if part.text == "{" else current)
    return found


def _may_be_local(formula: str) -> bool:
    """A quick look, so that of most formulas nothing more is taken apart."""
    if not formula.startswith("=") or len(formula) > MAX_FORMULA_CHARS:
        return False
    return bool(_MARKS.search(formula)) or any(_plain(name) in _functions() for name in _CALLED.findall(formula))


def _is_called(parts: Sequence[Token], at: int) -> bool:
    return at + 1 < len(parts) and parts[at + 1].text == "("


def _is_between_digits(parts: Sequence[Token], at: int) -> bool:
    if not 0 < at < len(parts) - 1 or parts[at - 1].kind != "number" or not parts[at + 1].text.isdecimal():
        return False
    before = parts[at - 1].text
    return before.isdecimal() or bool(_GROUPED.fullmatch(before))


def _is_in_row_of_numbers(parts: Sequence[Token], at: int) -> bool:
    """Whether more than two numbers stand in a row: 5,1,0."""
    return (at >= 2 and parts[at - 2].kind == "comma") or (at + 2 < len(parts) and parts[at + 2].kind == "comma")


def _english_function(name: str) -> str:
    return _functions().get(_plain(name), (name.upper(), frozenset()))[0]


def _english_name(parts: Sequence[Token], at: int) -> str:
    text = parts[at].text
    if _is_called(parts, at):
        known = _functions().get(_plain(text))
        return known[0] if known else text
    is_of_a_sheet = (at and parts[at - 1].text == "!") or (at + 1 < len(parts) and parts[at + 1].text == "!")
    return text if is_of_a_sheet else _truths().get(text.upper(), text)
