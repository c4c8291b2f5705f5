from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from forgeapp.domain.artifact import Format, Kind
from forgeapp.domain.decision import Intent
from forgeapp.gatekeeper import train
from forgeapp.gatekeeper.corpus import Labelled, read_corpus, read_file
from forgeapp.gatekeeper.features import clip
from forgeapp.gatekeeper.formats import named_format
from forgeapp.gatekeeper.model import Weights, softmax, weights, weights_path

DATA = Path(__file__).parents[2] / "data" / "gatekeeper.jsonl"


@pytest.fixture(scope="module")
def corpus() -> list[Labelled]:
    return read_corpus()


def test_the_shipped_weights_were_trained_from_the_shipped_corpus_lexicon_and_code() -> None:
    assert weights().source_hash == train.source_hash(), "run: python -m forgeapp.gatekeeper.train"


def test_no_line_of_the_measuring_set_is_in_the_corpus(corpus: list[Labelled]) -> None:
    measured = {
        json.loads(line)["text"].strip().casefold() for line in DATA.read_text(encoding="utf-8").splitlines() if line
    }
    assert not [line.text for line in corpus if line.text.strip().casefold() in measured]


def test_the_corpus_speaks_eight_languages_and_every_kind(corpus: list[Labelled]) -> None:
    languages = Counter(line.language for line in corpus)
    assert languages["en"] >= 1800
    assert all(languages[name] >= 250 for name in ("de", "fr", "es", "pt", "it", "zh", "ja"))
    for intent in (Intent.CREATE, Intent.REVISE, Intent.EXPORT):
        assert {line.kind for line in corpus if line.intent is intent} == set(Kind)


def test_every_corpus_line_is_consistent(corpus: list[Labelled]) -> None:
    for line in corpus:
        if line.intent is Intent.CHAT:
            assert line.kind is None and line.format is None, line
        elif line.intent is Intent.CREATE:
            assert line.kind is not None, line
        else:
            assert line.kind is line.open_artifact is not None, line


def test_formats_named_in_the_corpus_are_found_by_rule(corpus: list[Labelled]) -> None:
    wishes = [line for line in corpus if line.intent is not Intent.CHAT]
    wrong = [line for line in wishes if named_format(clip(line.text), line.intent, line.kind) is not line.format]
    assert len(wrong) <= len(wishes) // 200, wrong


@pytest.mark.parametrize(
    ("text", "intent", "kind", "format"),
    [
        ("a word document with our house rules", Intent.CREATE, Kind.DOCUMENT, Format.DOCX),
        ("write a poem about the word home", Intent.CREATE, Kind.DOCUMENT, None),
        ("a budget spreadsheet", Intent.CREATE, Kind.SPREADSHEET, None),
        ("an excel budget", Intent.CREATE, Kind.SPREADSHEET, Format.XLSX),
        ("a table of excel shortcuts", Intent.CREATE, Kind.TABLE, None),
        ("a script that writes a csv", Intent.CREATE, Kind.CODE, None),
        ("table about pdf tools", Intent.CREATE, Kind.TABLE, None),
        ("turn this pdf letter into word", Intent.EXPORT, Kind.DOCUMENT, Format.DOCX),
        ("save the picture as csv", Intent.EXPORT, Kind.IMAGE, None),
        ("what is a pdf", Intent.CHAT, None, None),
        ("a toast for my aunt, not a word of it written yet", Intent.CREATE, Kind.DOCUMENT, None),
        ("a farewell for a man who kept his word", Intent.CREATE, Kind.DOCUMENT, None),
        ("find a kinder way to word it please", Intent.REVISE, Kind.DOCUMENT, None),
        ("my word file of it please", Intent.EXPORT, Kind.DOCUMENT, Format.DOCX),
        ("write the club rules as a word document", Intent.CREATE, Kind.DOCUMENT, Format.DOCX),
        ("puedes pasarlo a word", Intent.EXPORT, Kind.DOCUMENT, Format.DOCX),
        ("quero isso no word", Intent.EXPORT, Kind.DOCUMENT, Format.DOCX),
    ],
)
def test_a_format_is_what_the_artifact_is_wanted_in(
    text: str, intent: Intent, kind: Kind | None, format: Format | None
) -> None:
    assert named_format(text, intent, kind) is format


def test_weights_are_read_back_as_they_were_packed() -> None:
    data = weights_path().read_bytes()
    assert Weights.unpack(data).pack() == data


@pytest.mark.parametrize("spoil", [lambda data: data[:-1], lambda data: b"XXXX" + data[4:], lambda data: data + b"0"])
def test_a_damaged_weights_file_is_refused(spoil: object) -> None:
    assert callable(spoil)
    with pytest.raises(ValueError, match="not a gatekeeper weights file"):
        Weights.unpack(spoil(weights_path().read_bytes()))


def test_a_small_model_learns_what_it_is_shown_and_repeats_itself() -> None:
    words = [("write a letter", Intent.CREATE), ("how are you", Intent.CHAT), ("thanks", Intent.CHAT)]
    lines = [Labelled(text, intent, None, None, None, "en") for text, intent in words]
    examples = train.intent_examples(lines * 5)
    table = train.fit(examples, 4)
    for example in examples:
        scores = train.raw_scores(table, example.found, example.classes)
        assert scores.index(max(scores)) == example.target
    assert train.fit(train.intent_examples(lines * 5), 4) == table


def test_sharpness_makes_overconfident_scores_humbler() -> None:
    boastful = [([4.0, 0.0], 0)] * 7 + [([4.0, 0.0], 1)] * 3
    factor = train.sharpness(boastful)
    assert softmax([4.0 * factor, 0.0])[0] == pytest.approx(0.7, abs=0.06)


def test_a_broken_corpus_line_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "en.broken.tsv"
    broken.write_text(
        "intent\tkind\topen\tformat\ttext\nchat\t-\t-\t-\tok\nchat\t-\tmissing column\n", encoding="utf-8"
    )
    with pytest.raises(ValueError, match=r"en\.broken\.tsv:3"):
        read_file(broken)
