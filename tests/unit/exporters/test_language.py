"""The language of a text, told by its script or by its small words."""

from __future__ import annotations

import locale

import pytest

from forgeapp.domain.document import CodeBlock, ListBlock, ListItem, Paragraph, Quote, Run, TableBlock
from forgeapp.exporters.language import beginning_of, language_of, system_language, told_by, with_region
from tests.unit.exporters.document_samples import paragraph, publication


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Revenue grew in the third quarter, and it will go on to grow."),
        ("de", "Der Umsatz ist im dritten Quartal gestiegen und wird weiter wachsen."),
        (
            "de",
            "Vielen Dank für Ihren Auftrag. Wir berechnen die folgenden Leistungen und bitten Sie um Zahlung.",
        ),
        ("fr", "Le chiffre d'affaires du trimestre est en hausse, et les coûts sont stables pour la région."),
        ("es", "Los costes del proyecto son altos y no se pudo reducir el gasto en personal de la sede."),
        ("pt", "Os custos do projeto são altos e não foi possível reduzir as despesas com o pessoal."),
        ("it", "I costi del progetto sono alti e non è stato possibile ridurre le spese per il personale."),
        ("nl", "De omzet is in het derde kwartaal gestegen en het bedrijf wordt niet kleiner."),
        ("sv", "Omsättningen har ökat och det är inte en tillfällighet att vi växer i landet."),
        ("da", "Omsætningen er steget, og det blev godt, men ikke i alle lande af det, som vi har."),
        ("nb", "Omsetningen har økt, og det ble bra, men ikke i alle land av det som vi har."),
        ("fi", "Liikevaihto on kasvanut, ja se ei ole sattumaa, mutta kun se oli pieni, se oli niin."),
        ("pl", "Przychody wzrosły w trzecim kwartale i nie jest to przypadek, że się na to cieszymy."),
        ("cs", "Tržby vzrostly a je to dobře, ale že se to stalo ve třetím kvartálu, není náhoda."),
        ("hu", "A bevétel nőtt, és ez nem véletlen, hogy az év csak így volt jó."),
        ("ro", "Veniturile au crescut și nu este o întâmplare că în acest an sunt mai mari."),
        ("tr", "Gelirler arttı ve bu bir tesadüf değil, çünkü daha çok satış için çalıştık."),
        ("ru", "Выручка выросла, и это не было случайно, но по плану."),
        ("uk", "Виторг зріс, і це не було випадково, але за планом, як і все."),
        ("el", "Πωλήσεις του τριμήνου"),
        ("ja", "第一四半期の売上は前年同期比で増加した。"),
        ("", "Invoice 2041"),
        ("", "12,5 %"),
        ("", ""),
    ],
)
def test_a_text_is_told_by_its_small_words_or_its_script(language: str, text: str) -> None:
    assert told_by(text) == language


def test_a_text_full_of_names_and_figures_is_told_by_words_far_ahead() -> None:
    names = " ".join(f"Paper Toner Supplies Müller Café {number} €" for number in range(20))
    words = "The order of the month was sent to the customer and it is paid, which was not so in the year before that."
    assert told_by(f"{names} {words}") == "en"
    assert told_by(f"{names} the and of der die und das") == ""


def test_what_a_publication_says_goes_before_what_its_text_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    german = paragraph("Der Umsatz ist im dritten Quartal gestiegen und wird weiter wachsen.")
    assert language_of(publication(german)) == "de"
    assert language_of(publication(german, language="de-CH")) == "de-CH"
    assert language_of(publication(german, language='"><script>')) == "de"


def test_where_the_text_does_not_tell_the_system_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locale, "setlocale", lambda category: "de_AT.UTF-8")
    assert system_language() == language_of(publication(paragraph("12,5 %"))) == "de-AT"
    assert (with_region("de"), with_region("fr"), with_region("en"), with_region("en-GB")) == (
        "de-AT", "fr-FR", "en-US", "en-GB",
    )  # fmt: skip
    monkeypatch.setattr(locale, "setlocale", lambda category: "C")
    assert (system_language(), language_of(publication(paragraph("12,5 %")))) == ("", "und")
    assert (with_region("und"), with_region("de")) == ("", "de-DE")


def test_code_is_not_taken_for_a_text_and_lists_quotes_and_tables_are() -> None:
    said = tuple(paragraph(word) for word in ("one", "two"))
    blocks = (
        CodeBlock("python", "for i in the_list: pass"),
        ListBlock(False, (ListItem(said[:1]),)),
        Quote(said[1:]),
        TableBlock(((Run("three"),),), (((Run("four"),),),), (None,)),
        Paragraph(()),
    )
    assert beginning_of(blocks).split() == ["one", "two", "three", "four"]
