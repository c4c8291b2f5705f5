"""Trains the weights from the corpus: `python -m forgeapp.gatekeeper.train`. For developers only; deterministic.

Multinomial logistic regression by AdaGrad. Held-out fifths of the corpus give the figures printed and the sharpness
that makes the probabilities honest; then everything is trained on. Lines are also shown with another state of the
window: a wish stays a wish whatever is open, and with nothing open there is nothing to revise or export.
"""

from __future__ import annotations

import hashlib
import math
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from forgeapp.domain.artifact import Kind
from forgeapp.domain.decision import Intent
from forgeapp.gatekeeper.corpus import Labelled, corpus_files, read_corpus
from forgeapp.gatekeeper.features import clip, features
from forgeapp.gatekeeper.model import BITS, INTENTS, KINDS, Weights, buckets, softmax, weights_path
from forgeapp.paths import resource

FOLDS = 4
ROUNDS = 10
RATE = 0.5
DECAY = 1e-4
SURE_ENOUGH = 0.01
"""Errors below this teach nothing: skipping them is most of the speed."""
OTHER_STATE_WEIGHT = 0.2
NOTHING_OPEN_WEIGHT = 0.015


@dataclass(frozen=True, slots=True)
class Example:
    """Buckets, the right class, how much it counts, and the classes that can be right."""

    found: list[int]
    target: int
    weight: float
    classes: int


def source_hash() -> bytes:
    """SHA-256 of everything the weights depend on: corpus, lexicon, and the code that reads and trains."""
    here = Path(__file__).parent
    code = [here / name for name in ("corpus.py", "features.py", "lexicon.py", "model.py", "train.py")]
    digest = hashlib.sha256()
    for path in [*corpus_files(), resource("gatekeeper", "lexicon.tsv"), *code]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.digest()


def fold_of(line: Labelled) -> int:
    """The held-out part a line belongs to; equal texts are never on both sides."""
    return hashlib.sha256(line.text.casefold().encode()).digest()[0] % FOLDS


def _found(text: str, open_artifact: Kind | None) -> list[int]:
    return buckets(features(clip(text), open_artifact))


def intent_examples(lines: Iterable[Labelled]) -> list[Example]:
    examples: list[Example] = []
    for line in lines:
        target = INTENTS.index(line.intent)

        def example(open_artifact: Kind | None, target: int, weight: float, text: str = line.text) -> Example:
            return Example(_found(text, open_artifact), target, weight, 4 if open_artifact else 2)

        examples.append(example(line.open_artifact, target, 1.0))
        chance = random.Random(line.text)  # noqa: S311 - chosen by the text, so that training repeats itself
        if line.open_artifact is None:
            examples.append(example(chance.choice(KINDS), target, OTHER_STATE_WEIGHT))
        elif line.intent in (Intent.CHAT, Intent.CREATE):
            examples.append(example(None, target, OTHER_STATE_WEIGHT))
        else:
            examples.append(example(None, 0, NOTHING_OPEN_WEIGHT))
    return examples


def kind_examples(lines: Iterable[Labelled]) -> list[Example]:
    return [
        Example(_found(line.text, line.open_artifact), KINDS.index(line.kind), 1.0, len(KINDS))
        for line in lines
        if line.intent is Intent.CREATE and line.kind
    ]


def fit(examples: Sequence[Example], classes: int) -> list[list[float] | None]:
    """Weights by bucket; None for buckets never met."""
    table: list[list[float] | None] = [None] * (1 << BITS)
    squares: list[list[float]] = [[]] * (1 << BITS)
    for example in examples:
        for bucket in example.found:
            if table[bucket] is None:
                table[bucket] = [0.0] * classes
                squares[bucket] = [0.01] * classes
    order = list(examples)
    chance = random.Random(2026)  # noqa: S311 - the order of examples
    for _ in range(ROUNDS):
        chance.shuffle(order)
        for example in order:
            _learn(example, table, squares)
    return table


def _learn(example: Example, table: list[list[float] | None], squares: list[list[float]]) -> None:
    norm = 1 / math.sqrt(len(example.found))
    chances = softmax([score * norm for score in raw_scores(table, example.found, example.classes)])
    for index in range(example.classes):
        error = chances[index] - (index == example.target)
        if -SURE_ENOUGH < error < SURE_ENOUGH:
            continue
        slope = error * norm * example.weight
        for bucket in example.found:
            row = table[bucket]
            assert row is not None
            gradient = slope + DECAY * row[index]
            past = squares[bucket]
            past[index] += gradient * gradient
            row[index] -= RATE * gradient / math.sqrt(past[index])


def raw_scores(table: list[list[float] | None], found: list[int], classes: int) -> list[float]:
    rows = [row for bucket in found if (row := table[bucket]) is not None]
    return [sum(column) for column in list(zip(*rows, strict=True))[:classes]] if rows else [0.0] * classes


def sharpness(scored: Sequence[tuple[list[float], int]]) -> float:
    """The factor on held-out scores under which the right answers were likeliest."""

    def loss(factor: float) -> float:
        return -sum(
            math.log(softmax([score * factor for score in scores])[target] + 1e-12) for scores, target in scored
        )

    return min((step / 20 for step in range(4, 61)), key=loss)


def held_out(
    lines: Sequence[Labelled], make: Callable[[Iterable[Labelled]], list[Example]], classes: int
) -> list[tuple[Labelled, list[float]]]:
    """Every line with its scores by a model that has not seen it."""
    scored: list[tuple[Labelled, list[float]]] = []
    for fold in range(FOLDS):
        table = fit(make(line for line in lines if fold_of(line) != fold), classes)
        for line in lines:
            if fold_of(line) == fold:
                found = _found(line.text, line.open_artifact)
                norm = 1 / math.sqrt(len(found))
                scored.append((line, [score * norm for score in raw_scores(table, found, classes)]))
    return scored


def _quantize(table: list[list[float] | None], classes: int) -> tuple[memoryview, float]:
    top = max(abs(weight) for row in table if row for weight in row)
    scale = top / 127
    flat = bytearray(len(table) * classes)
    for bucket, row in enumerate(table):
        for index, weight in enumerate(row or ()):
            flat[bucket * classes + index] = round(weight / scale) & 0xFF
    return memoryview(flat), scale


def train(say: Callable[[str], object] = lambda _: None) -> Weights:
    """Trains on the whole corpus; `say` gets the held-out figures."""
    lines = read_corpus()
    say(f"{len(lines)} lines: {dict(sorted(Counter(line.language for line in lines).items()))}")
    scored = held_out(lines, intent_examples, len(INTENTS))
    closed = [(scores[:2], INTENTS.index(line.intent)) for line, scores in scored if not line.open_artifact]
    opened = [(scores, INTENTS.index(line.intent)) for line, scores in scored if line.open_artifact]
    made = [line for line in lines if line.intent is Intent.CREATE and line.kind]
    kinds = [
        (scores, KINDS.index(line.kind)) for line, scores in held_out(made, kind_examples, len(KINDS)) if line.kind
    ]
    for name, part in (("nothing open", closed), ("something open", opened), ("kind", kinds)):
        right = sum(scores.index(max(scores)) == target for scores, target in part)
        say(f"{name}: {right / len(part):.1%} of {len(part)} right where held out, sharpness {sharpness(part):.2f}")
    intent, intent_scale = _quantize(fit(intent_examples(lines), len(INTENTS)), len(INTENTS))
    kind, kind_scale = _quantize(fit(kind_examples(lines), len(KINDS)), len(KINDS))
    factors = (sharpness(closed), sharpness(opened), sharpness(kinds))
    return Weights(source_hash(), BITS, intent, kind, intent_scale, kind_scale, *factors)


if __name__ == "__main__":
    trained = train(lambda text: sys.stdout.write(text + "\n"))
    weights_path().write_bytes(trained.pack())
