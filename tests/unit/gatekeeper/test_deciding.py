from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forgeapp.domain.artifact import Format, Kind
from forgeapp.domain.decision import Intent
from forgeapp.gatekeeper import decide, deciding, forget
from forgeapp.gatekeeper.features import clip


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    forget()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Write a letter to the tax office asking for two more months", Kind.DOCUMENT),
        ("Make a table comparing four hiking boots by weight, price and waterproofing", Kind.TABLE),
        ("I need a spreadsheet with my monthly income, expenses and the balance", Kind.SPREADSHEET),
        ("write a python function that removes duplicates from a list", Kind.CODE),
        ("draw a picture of a hedgehog in a teacup", Kind.IMAGE),
        ("Schreib bitte eine Einladung zum Sommerfest der Feuerwehr", Kind.DOCUMENT),
        ("Erstelle eine Tabelle mit den Bundesländern und ihren Hauptstädten", Kind.TABLE),
        ("Rédige une lettre de résiliation pour mon assurance", Kind.DOCUMENT),
        ("Fais un tableau comparatif de trois aspirateurs", Kind.TABLE),
        ("Escribe una carta de recomendación para una alumna", Kind.DOCUMENT),
        ("Haz una tabla con los ríos más largos de Europa", Kind.TABLE),
        ("Escreva um contrato de aluguel simples para um quarto", Kind.DOCUMENT),
        ("Crie uma planilha de orçamento mensal com totais", Kind.SPREADSHEET),
        ("Scrivi una lettera di dimissioni", Kind.DOCUMENT),
        ("Crea una tabella con i turni delle pulizie", Kind.TABLE),
        ("帮我写一封辞职信", Kind.DOCUMENT),
        ("写一个Python脚本批量重命名文件", Kind.CODE),
        ("退職の挨拶メールを書いてください", Kind.DOCUMENT),
        ("家計簿のスプレッドシートを作って", Kind.SPREADSHEET),
    ],
)
def test_a_wish_for_something_new_is_acted_upon_in_eight_languages(text: str, kind: Kind) -> None:
    decision = decide(text)
    assert decision.intent is Intent.CREATE
    assert decision.acts
    assert decision.kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "how does a table saw work?",
        "what's the difference between a budget and a forecast?",
        "thanks, you saved my day",
        "how do I insert a column in Excel?",
        "Was ist der Unterschied zwischen Brutto und Netto?",
        "vielen dank!",
        "C'est quoi une clause de non-concurrence ?",
        "merci beaucoup",
        "¿Cuánto tarda el tren de Sevilla a Madrid?",
        "Qual é a capital da Austrália?",
        "Come si toglie una macchia di vino?",
        "北京现在几点？",
        "谢谢你",
        "この漢字はどう読みますか？",
        "ありがとうございます",
    ],
)
def test_a_question_or_a_thanks_stays_a_conversation_in_eight_languages(text: str) -> None:
    decision = decide(text)
    assert decision.intent is Intent.CHAT
    assert decision.kind is None
    assert decision.format is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("make the second paragraph shorter", Kind.DOCUMENT),
        ("add a column with the phone number", Kind.TABLE),
        ("change the tax rate to 21%", Kind.SPREADSHEET),
        ("add type hints and error handling", Kind.CODE),
        ("make the background darker", Kind.IMAGE),
        ("Füge eine Spalte mit dem Preis hinzu", Kind.TABLE),
        ("Ajoute une colonne avec le prix", Kind.TABLE),
        ("Añade una columna con el precio", Kind.TABLE),
        ("Adicione uma coluna com o preço", Kind.TABLE),
        ("Aggiungi una colonna con il prezzo", Kind.TABLE),
        ("加一列价格", Kind.TABLE),
        ("価格の列を追加して", Kind.TABLE),
    ],
)
def test_a_change_goes_to_the_open_artifact(text: str, kind: Kind) -> None:
    decision = decide(text, kind)
    assert decision.intent is Intent.REVISE
    assert decision.kind is kind


@pytest.mark.parametrize(
    ("text", "kind", "format"),
    [
        ("export this letter as a pdf", Kind.DOCUMENT, Format.PDF),
        ("save it as a Word file", Kind.DOCUMENT, Format.DOCX),
        ("download as excel", Kind.SPREADSHEET, Format.XLSX),
        ("export the table to csv", Kind.TABLE, Format.CSV),
        ("download the script", Kind.CODE, None),
        ("als PDF speichern bitte", Kind.DOCUMENT, Format.PDF),
        ("exporte en pdf", Kind.DOCUMENT, Format.PDF),
        ("expórtalo a Excel", Kind.TABLE, Format.XLSX),
        ("exportar para csv", Kind.TABLE, Format.CSV),
        ("esporta in pdf", Kind.DOCUMENT, Format.PDF),
        ("导出为PDF", Kind.DOCUMENT, Format.PDF),
        ("PDFで保存して", Kind.DOCUMENT, Format.PDF),
    ],
)
def test_an_export_names_its_format(text: str, kind: Kind, format: Format | None) -> None:
    decision = decide(text, kind)
    assert (decision.intent, decision.kind, decision.format) == (Intent.EXPORT, kind, format)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("the surname is spelled Kovacs, not Kovac", Kind.DOCUMENT),
        ("you forgot December", Kind.TABLE),
        ("no question marks anywhere", Kind.DOCUMENT),
        ("the horse needs a saddle", Kind.IMAGE),
        ("soll auch ohne Internetverbindung laufen", Kind.CODE),
        ("il faut que ça marche aussi sur mac", Kind.CODE),
        ("que no borre nada", Kind.CODE),
        ("que funcione também no mac", Kind.CODE),
        ("che non cancelli le cartelle", Kind.CODE),
        ("列表为空时不要崩溃", Kind.CODE),
        ("山本ではなく山元です", Kind.DOCUMENT),
    ],
)
def test_a_requirement_or_correction_without_a_command_changes_what_is_open(text: str, kind: Kind) -> None:
    assert decide(text, kind).intent is Intent.REVISE
    assert decide(text).intent is not Intent.REVISE


@pytest.mark.parametrize(
    ("text", "kind", "format"),
    [
        ("any chance I could get that as pdf?", Kind.DOCUMENT, Format.PDF),
        ("tu peux me le passer en word ?", Kind.DOCUMENT, Format.DOCX),
        ("pode me mandar isso em excel?", Kind.TABLE, Format.XLSX),
        ("puoi mandarmelo in pdf?", Kind.DOCUMENT, Format.PDF),
        ("能给我一份Excel吗？", Kind.TABLE, Format.XLSX),
        ("PDFでもらえますか？", Kind.DOCUMENT, Format.PDF),
    ],
)
def test_a_polite_question_for_a_file_is_an_export(text: str, kind: Kind, format: Format) -> None:
    decision = decide(text, kind)
    assert (decision.intent, decision.format) == (Intent.EXPORT, format)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("can I paste this into outlook without breaking the layout?", Kind.TABLE),
        ("can you export to lexware at all?", Kind.SPREADSHEET),
        ("our csv import is broken again", Kind.TABLE),
        ("no rush", Kind.DOCUMENT),
        ("does a thesis need a table of contents?", None),
        ("what's the word count of a normal novel?", None),
        ("can I plant beans and peas next to each other?", None),
    ],
)
def test_talk_about_files_and_tables_is_never_acted_upon(text: str, kind: Kind | None) -> None:
    assert not decide(text, kind).acts


@pytest.mark.parametrize(
    "text",
    [
        "put the three heaters next to each other: price, power, noise",
        "die drei Heizungen nebeneinander bitte: Preis, Leistung, Lautstärke",
        "les trois chauffages côte à côte : prix, puissance, bruit",
        "os três aquecedores lado a lado: preço, potência, ruído",
        "三款取暖器的价格和功率列在一起对比",
        "暖房器具の特徴を表にまとめて",
        "the Beatles albums and their years in a table",
    ],
)
def test_things_put_side_by_side_are_a_table(text: str) -> None:
    decision = decide(text)
    assert (decision.intent, decision.kind) == (Intent.CREATE, Kind.TABLE)
    assert decision.acts


def test_an_imperative_after_a_preamble_is_a_wish() -> None:
    decision = decide("our office closes in August. write a notice for the customers")
    assert (decision.intent, decision.kind) == (Intent.CREATE, Kind.DOCUMENT)
    assert decision.acts


@pytest.mark.parametrize("text", ["make it shorter", "export as pdf", "add a column", "download it"])
def test_with_nothing_open_nothing_is_revised_or_exported(text: str) -> None:
    assert decide(text).intent in (Intent.CHAT, Intent.CREATE)


def test_something_new_may_be_wished_for_while_something_is_open() -> None:
    decision = decide("now write a separate thank you letter to our sponsors", Kind.TABLE)
    assert (decision.intent, decision.kind) == (Intent.CREATE, Kind.DOCUMENT)


@pytest.mark.parametrize(
    ("text", "unsupported"),
    [
        ("create a slide deck about coral reefs", "slides"),
        ("Erstelle eine Präsentation über Korallenriffe", "slides"),
        ("prépare une présentation PowerPoint sur les récifs", "slides"),
        ("做一个关于珊瑚礁的幻灯片", "slides"),
        ("make a video about coral reefs", "video"),
        ("create an mp3 with birdsong", "audio"),
    ],
)
def test_a_kind_we_do_not_make_is_named_and_the_nearest_offered(text: str, unsupported: str) -> None:
    decision = decide(text)
    assert decision.intent is Intent.CREATE
    assert decision.unsupported == unsupported
    assert decision.kind is Kind.DOCUMENT
    assert any(unsupported in reason for reason in decision.reasons)


@pytest.mark.parametrize("text", ["write a short speech for a video call", "a poster for the film night, retro style"])
def test_a_wish_that_only_mentions_such_a_kind_is_supported(text: str) -> None:
    decision = decide(text)
    assert decision.unsupported is None
    assert decision.intent is Intent.CREATE


@pytest.mark.parametrize(
    ("kind", "words"),
    [(Kind.TABLE, "a table is open"), (Kind.IMAGE, "an image is open"), (Kind.CODE, "code is open")],
)
def test_reasons_name_a_kind_as_a_sentence_does(kind: Kind, words: str) -> None:
    assert words in decide("save it as pdf", kind).reasons


def test_reasons_are_given_for_every_decision() -> None:
    for text, kind in (("hello", None), ("write a poem about rain", None), ("save as pdf", Kind.DOCUMENT)):
        assert decide(text, kind).reasons


@pytest.mark.parametrize("text", ["", "   ", "?!", "\n\n", "👍", "\x00", "\ud800"])
def test_a_message_without_words_is_chat(text: str) -> None:
    assert decide(text, Kind.TABLE).intent is Intent.CHAT


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.sampled_from([None, *Kind]))
def test_any_text_gets_a_consistent_decision(text: str, open_artifact: Kind | None) -> None:
    decision = decide(text, open_artifact)
    assert 0 <= decision.confidence <= 1
    assert (decision.kind is None) == (decision.intent is Intent.CHAT)
    assert decision.intent is Intent.CHAT or decision.acts or decision.asks
    if decision.intent in (Intent.REVISE, Intent.EXPORT):
        assert decision.kind is open_artifact


@pytest.mark.parametrize("filler", ["a", "table ", "make ", "?", "\n", "写", "1,", "-'", "pdf excel word ", "a_b.c+"])
def test_of_a_megabyte_only_the_ends_are_looked_at(filler: str) -> None:
    long = filler * (1_000_000 // len(filler))
    middle = long[:3_000] + "z" * 500_000 + long[-3_000:]
    assert decide(long).intent in Intent
    assert len(clip(middle)) < 1_500


def test_the_wish_at_the_end_of_a_long_paste_is_seen() -> None:
    pasted = "The meeting was long and many things were said by everyone. " * 200
    decision = decide(pasted + "\n\nWrite the minutes of this meeting as a document please.")
    assert (decision.intent, decision.kind) == (Intent.CREATE, Kind.DOCUMENT)


def test_a_decision_is_kept_for_five_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    now = [1000.0]
    original = deciding._decide

    def counted(text: str, open_artifact: Kind | None) -> object:
        calls.append(text)
        return original(text, open_artifact)

    monkeypatch.setattr(deciding, "_decide", counted)
    monkeypatch.setattr("forgeapp.gatekeeper.deciding.time.monotonic", lambda: now[0])
    first = decide("write a haiku about moss")
    now[0] += 299
    assert decide("write a haiku about moss") is first
    assert len(calls) == 1
    decide("write a haiku about moss", Kind.TABLE)
    assert len(calls) == 2
    now[0] += 2
    decide("write a haiku about moss")
    assert len(calls) == 3


def test_the_cache_stays_small() -> None:
    for number in range(deciding.CACHE_SIZE + 50):
        decide(f"hello {number}")
    assert len(deciding._cache) == deciding.CACHE_SIZE


def test_threads_may_decide_at_once() -> None:
    texts = [f"write letter number {number}" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(decide, texts * 5))
    forget()
    assert together == [decide(text) for text in texts] * 5


def test_deciding_imports_nothing_heavy() -> None:
    code = (
        "import sys; from forgeapp.gatekeeper import decide; decide('write a letter');"
        "print([name for name in ('PySide6', 'sqlalchemy', 'numpy', 'httpx', 'forgeapp.gatekeeper.train')"
        " if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
