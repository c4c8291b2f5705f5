"""Which language a sheet is in. Its words are labels: 'Betrag', 'Monat', 'Summe', seldom a sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Final

from forgeapp.domain.grid_cells import Entry
from forgeapp.domain.packed_cells import entries
from forgeapp.domain.workbook import Workbook
from forgeapp.exporters.language import told_by

_MOST_TEXTS: Final = 1_000
_MOST_CHARS: Final = 200
"""Of so many texts, and of each its beginning."""
_MOST_PROSE_CHARS: Final = 20_000
_MOST_CELLS: Final = 100_000
"""Looked through for texts, numbers and formats, each."""
_LEAST_LABELS: Final = 2
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_LABELS: Final = {
    "en": "total subtotal amount price quantity qty date description item unit invoice tax vat discount cost "
    "costs revenue expense expenses income profit budget month year quarter name customer rent salary balance "
    "due paid category net gross january february march april may june july august september october november december",
    "de": "summe gesamt zwischensumme betrag beträge preis einzelpreis gesamtpreis menge anzahl datum beschreibung "
    "bezeichnung artikel einheit rechnung rechnungsbetrag steuer mwst ust umsatzsteuer mehrwertsteuer rabatt kosten "
    "umsatz erlös erlöse ausgabe ausgaben einnahmen gewinn budget monat jahr quartal kunde kunden miete gehalt saldo "
    "fällig bezahlt kategorie netto brutto position posten stück stunden versand gesamtbetrag nettobetrag bruttobetrag "
    "januar jänner februar märz april mai juni juli august september oktober november dezember strom",
    "fr": "total montant prix quantité qté date désignation libellé article unité facture taxe tva remise coût coûts "
    "recettes dépenses dépense revenus bénéfice budget mois année trimestre client clients loyer salaire solde payé "
    "catégorie net brut janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "total subtotal importe precio cantidad fecha descripción concepto artículo unidad factura impuesto iva "
    "descuento coste costo costes ingresos gasto gastos beneficio presupuesto mes año trimestre cliente clientes "
    "alquiler salario saldo pagado categoría neto bruto enero febrero marzo abril mayo junio julio agosto septiembre "
    "octubre noviembre diciembre",
    "pt": "total subtotal valor preço quantidade data descrição item unidade fatura imposto iva desconto custo custos "
    "receita receitas despesa despesas lucro orçamento mês ano trimestre cliente clientes aluguel salário saldo pago "
    "categoria líquido bruto janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "it": "totale subtotale importo prezzo quantità data descrizione voce articolo unità fattura imposta iva sconto "
    "costo costi ricavi entrate uscite spesa spese utile mese anno trimestre cliente clienti affitto stipendio saldo "
    "pagato categoria netto lordo gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
    "dicembre",
    "nl": "totaal subtotaal bedrag prijs aantal datum omschrijving artikel eenheid factuur btw korting kosten omzet "
    "uitgaven inkomsten winst begroting maand jaar kwartaal klant klanten huur salaris saldo betaald categorie netto "
    "bruto januari februari maart april mei juni juli augustus september oktober november december",
    "sv": "summa totalt belopp pris antal datum beskrivning artikel enhet faktura moms rabatt kostnad kostnader "
    "intäkter utgifter vinst månad år kvartal kund kunder hyra lön saldo betald kategori januari februari mars april "
    "maj juni juli augusti september oktober november december",
    "da": "sum i alt total beløb pris antal dato beskrivelse vare enhed faktura moms rabat omkostninger indtægter "
    "udgifter overskud måned år kvartal kunde kunder husleje løn saldo betalt kategori januar februar marts april maj "
    "juni juli august september oktober november december",
    "nb": "sum totalt beløp pris antall dato beskrivelse vare enhet faktura mva rabatt kostnader inntekter utgifter "
    "overskudd måned år kvartal kunde kunder husleie lønn saldo betalt kategori januar februar mars april mai juni "
    "juli august september oktober november desember",
    "pl": "suma razem kwota cena ilość data opis pozycja jednostka faktura podatek vat rabat koszt koszty przychód "
    "przychody wydatki zysk miesiąc rok kwartał klient czynsz wynagrodzenie saldo kategoria netto brutto styczeń luty "
    "marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień",
    "cs": "součet celkem částka cena množství datum popis položka jednotka faktura daň dph sleva náklady příjmy výdaje "
    "zisk měsíc rok čtvrtletí zákazník nájem mzda zůstatek kategorie leden únor březen duben květen červen červenec "
    "srpen září říjen listopad prosinec",
}
"""What columns and rows of sheets are called; what languages share counts for each."""
_LABELLED_IN: Final = {
    word: tuple(language for language, words in _LABELS.items() if word in words.split())
    for word in frozenset(" ".join(_LABELS.values()).split())
}
_LOCALE: Final = re.compile(r"\[\$[^\]-]{0,16}-([0-9A-Fa-f]{3,8})[^\]]{0,16}\]")
_LOCALES: Final = {
    0x401: "ar", 0x402: "bg", 0x405: "cs", 0x406: "da", 0x407: "de-DE", 0x408: "el", 0x40A: "es-ES", 0x40B: "fi",
    0x40C: "fr-FR", 0x40D: "he", 0x40E: "hu", 0x410: "it-IT", 0x411: "ja", 0x412: "ko", 0x413: "nl-NL", 0x414: "nb",
    0x415: "pl", 0x416: "pt-BR", 0x418: "ro", 0x419: "ru", 0x41A: "hr", 0x41B: "sk", 0x41D: "sv", 0x41F: "tr",
    0x422: "uk", 0x424: "sl", 0x804: "zh", 0x807: "de-CH", 0x809: "en-GB", 0x80A: "es-MX", 0x80C: "fr-BE",
    0x810: "it-CH", 0x813: "nl-BE", 0x816: "pt-PT", 0xC07: "de-AT", 0xC09: "en-AU", 0xC0A: "es-ES", 0xC0C: "fr-CA",
    0x1007: "de-LU", 0x1009: "en-CA", 0x100C: "fr-CH", 0x1407: "de-LI", 0x1409: "en-NZ", 0x1809: "en-IE",
}  # fmt: skip
"""Of '[$€-407]' (MS-LCID). American English, 409, is not among them: it stands in formats whatever a sheet is in."""


def sheet_language(workbook: Workbook) -> str:
    """A tag (BCP 47), '' where neither words nor formats tell. By its words first, for a format's language often is
    that of a currency."""
    texts = [*islice(_texts(workbook), _MOST_TEXTS)]
    return told_by(" ".join(texts)[:_MOST_PROSE_CHARS]) or _told_by_labels(texts) or _told_by_formats(workbook)


def first_cells(workbook: Workbook) -> Iterator[Entry]:
    """Those that say of a workbook what language and look it has: of a large one its beginning."""
    return islice(chain.from_iterable(entries(sheet.cells) for sheet in workbook.sheets), _MOST_CELLS)


def _texts(workbook: Workbook) -> Iterator[str]:
    if workbook.title:
        yield workbook.title[:_MOST_CHARS]
    yield from (sheet.name for sheet in workbook.sheets)
    for _, text, number, _ in first_cells(workbook):
        if number is None and text[:1] != "=":
            yield text[:_MOST_CHARS]


def _told_by_labels(texts: Iterable[str]) -> str:
    words = {word for text in texts for word in _WORD.findall(text.casefold())}
    counts = Counter(language for word in words for language in _LABELLED_IN.get(word, ()))
    (first, most), (_, next_most) = (*counts.most_common(2), ("", 0), ("", 0))[:2]
    return first if most >= _LEAST_LABELS and most > next_most else ""


def _told_by_formats(workbook: Workbook) -> str:
    codes = (code for _, _, _, code in first_cells(workbook) if code and "[$" in code)
    found = map(_LOCALE.search, codes)
    numbers = Counter(_LOCALES.get(int(match[1], 16) & 0xFFFF, "") for match in found if match is not None)
    del numbers[""]
    return numbers.most_common(1)[0][0] if numbers else ""
