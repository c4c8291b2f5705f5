"""The window's words: translated, filled in, and its own where the core names verbs of the command line."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from forgeapp import errors
from forgeapp.domain.wording import Text
from forgeapp.errors import ForgeError, KeyRejected, NoProvider, ProviderFailed, RequestRejected, UnreadableFile
from forgeapp.ui.wording import HINTS, error_text, install_translator, number_text, size_text, text_below, tr, when

KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, ForgeError)]
WITHOUT_A_WINDOW = {"no_screen", "tour_failed"}
WORDS = {
    "provider": "Gemini",
    "model": "flash",
    "status": 500,
    "detail": "no such thing",
    "reason": "it is empty",
    "remedy": "Choose another file.",
}


class Pseudo(QTranslator):
    """Every text of ours in brackets."""

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        return f"[{text}]" if context == "forgeapp" else ""

    def isEmpty(self) -> bool:
        return False


class Broken(Pseudo):
    """Every text of ours by a translator who took a wrong parameter."""

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        return "{nothing.like} {0} {this" if context == "forgeapp" else ""


@pytest.fixture(autouse=True)
def english(qapp: QApplication) -> Iterator[None]:
    former = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    yield
    QLocale.setDefault(former)


@pytest.fixture
def translated_by(qapp: QApplication) -> Iterator[object]:
    installed: list[QTranslator] = []

    def install(translator: QTranslator) -> None:
        installed.append(translator)
        install_translator(translator)

    yield install
    for translator in installed:
        QCoreApplication.removeTranslator(translator)


def test_texts_are_translated_before_they_are_filled_in(translated_by) -> None:
    assert tr("{count} rows", count=3) == "3 rows"
    translated_by(Pseudo())
    assert tr("{count} rows", count=3) == "[3 rows]"
    assert tr("Export") == "[Export]"


def test_a_broken_translation_falls_back_to_english(translated_by) -> None:
    translated_by(Broken())
    assert tr("{count} rows", count=3) == "3 rows"
    assert error_text(ProviderFailed(provider="Gemini", status=503)).message.startswith("Gemini has a problem")


def test_words_made_below_the_window_are_translated_with_all_they_name(translated_by) -> None:
    part = Text("part", "the rest of {name}", name="a.csv")
    warning = Text("cut", "Left out: {parts}", parts=(part, part))
    failed = Text("nobody", "Nobody answered: {cause}", cause=KeyRejected(provider="Acme", status=401))
    assert text_below(warning) == "Left out: the rest of a.csv; the rest of a.csv"
    translated_by(Pseudo())
    assert text_below(warning) == "[Left out: [the rest of a.csv]; [the rest of a.csv]]"
    assert text_below(failed) == "[Nobody answered: [Acme rejected the key (status 401).]]"
    assert text_below("as it stands") == "as it stands"


def test_errors_are_translated_with_their_phrases_but_not_with_names(translated_by) -> None:
    translated_by(Pseudo())
    told = error_text(UnreadableFile(source="a.csv", reason="it is empty", remedy="Choose a file that holds rows."))
    assert told.message == "[a.csv cannot be read: [it is empty].]"
    assert told.hint == "[[Choose a file that holds rows.]]"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_every_error_reads_as_whole_sentences(kind: type[ForgeError]) -> None:
    for params in ({}, WORDS):
        told = error_text(kind(**params))
        for text in (told.message, told.hint):
            assert "{" not in text
            assert "None" not in text
            assert ".." not in text
            assert ": ." not in text
            assert text == text.strip()


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind.key not in WITHOUT_A_WINDOW], ids=lambda kind: kind.key
)
def test_no_error_sends_people_to_the_command_line(kind: type[ForgeError]) -> None:
    hint = error_text(kind(**WORDS)).hint
    assert "--help" not in hint
    assert "'forgeapp" not in hint
    assert "in a terminal" not in hint


def test_every_hint_of_the_window_belongs_to_an_error() -> None:
    assert set(HINTS) <= {kind.key for kind in KINDS}


def test_without_a_provider_the_hint_names_what_works_now() -> None:
    told = error_text(NoProvider())
    assert "Copy/paste" in told.hint
    assert "Templates only" in told.hint
    assert "Configuration page" in told.hint


def test_a_rejected_key_names_its_provider() -> None:
    told = error_text(KeyRejected(provider="my-groq", status=401))
    assert told.message == "my-groq rejected the key (status 401)."
    assert told.hint.startswith("Replace the key of my-groq on the Configuration page")


def test_a_servers_long_words_are_cut_and_put_on_one_line() -> None:
    told = error_text(RequestRejected(provider="p", status=400, detail="bad\n\n" + "x" * 5_000))
    assert len(told.message) < 320
    assert "\n" not in told.message
    assert "…" in told.message


def test_braces_in_a_parameter_are_left_as_they_are() -> None:
    assert "{model}" in error_text(RequestRejected(provider="p", status=400, detail="{model} {0}")).message


def test_moments_are_told_as_in_a_list() -> None:
    now = datetime(2026, 11, 20, 12, 0, tzinfo=UTC).astimezone()
    noon = now.replace(hour=12, minute=0)

    def told(moment: datetime) -> str:
        return when(moment.astimezone(UTC).isoformat(), noon)

    assert told(noon - timedelta(seconds=20)) == "now"
    assert told(noon.replace(hour=10, minute=12)) == "10:12"
    assert told(noon - timedelta(days=3)) == "Tue"
    assert told(noon - timedelta(days=8)) == "12 Nov"
    assert told(noon.replace(year=2024)) == "20 Nov 2024"
    assert when(noon.astimezone(UTC).replace(tzinfo=None).isoformat(), noon) == "now"
    assert when("never") == ""


def test_a_moment_still_to_come_is_told_by_its_date() -> None:
    now = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    assert when((now + timedelta(days=40)).isoformat(), now) == "30 Dec"


def test_sizes_and_numbers_are_grouped() -> None:
    assert size_text(812) == "812 bytes"
    assert size_text(4_300).replace("k", "K") == "4.2 KB"
    assert number_text(1204) == "1,204"
    assert number_text(12.5, 2) == "12.50"
