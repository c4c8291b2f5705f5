"""The linear model behind a decision: hashed features, two heads (intent, kind), weights of one byte each.

Weights file: 4 bytes magic 'FGK1'; uint32 bits; 32 bytes SHA-256 of what they were trained from; five float32
(scale of intent weights, scale of kind weights, sharpness of intent without and with an open artifact, sharpness of
kind); then int8 weights, bucket by bucket: the intents' table, the kinds' table. All little-endian.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from zlib import crc32

from forgeapp.domain.artifact import Kind
from forgeapp.domain.decision import Intent
from forgeapp.gatekeeper.features import features
from forgeapp.paths import resource

INTENTS = (Intent.CHAT, Intent.CREATE, Intent.REVISE, Intent.EXPORT)
KINDS = (Kind.DOCUMENT, Kind.TABLE, Kind.SPREADSHEET, Kind.CODE, Kind.IMAGE)
BITS = 16
MAGIC = b"FGK1"
_HEADER = struct.Struct("<4sI32s5f")


def buckets(names: Iterable[str], bits: int = BITS) -> list[int]:
    """The distinct buckets of features, in order."""
    mask = (1 << bits) - 1
    return list(dict.fromkeys(crc32(name.encode("utf-8", "surrogatepass")) & mask for name in names))


def softmax(scores: Sequence[float]) -> list[float]:
    """Probabilities of scores; never overflows."""
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights as stored: `table[bucket * classes + class]`, times the scale."""

    source_hash: bytes
    bits: int
    intent: memoryview
    kind: memoryview
    intent_scale: float
    kind_scale: float
    closed_sharpness: float
    open_sharpness: float
    kind_sharpness: float

    def pack(self) -> bytes:
        """The bytes of the weights file."""
        numbers = (
            self.intent_scale,
            self.kind_scale,
            self.closed_sharpness,
            self.open_sharpness,
            self.kind_sharpness,
        )
        return _HEADER.pack(MAGIC, self.bits, self.source_hash, *numbers) + bytes(self.intent) + bytes(self.kind)

    @classmethod
    def unpack(cls, data: bytes) -> Weights:
        """Raises ValueError for what `pack` has not written."""
        magic, bits, source_hash, *numbers = _HEADER.unpack_from(data)
        size = 1 << bits
        if magic != MAGIC or len(data) != _HEADER.size + size * (len(INTENTS) + len(KINDS)):
            raise ValueError("not a gatekeeper weights file")
        body = memoryview(data)[_HEADER.size :].cast("b")
        split = size * len(INTENTS)
        return cls(source_hash, bits, body[:split], body[split:], *numbers)

    def probabilities(self, text: str, open_artifact: Kind | None) -> tuple[list[float], list[float]]:
        """Probabilities of INTENTS and of KINDS (the latter in case something is created) for a clipped text.

        Without an open artifact there is nothing to revise or export: those two are 0.
        """
        found = buckets(features(text, open_artifact), self.bits)
        norm = 1 / math.sqrt(len(found))
        intents = _scores(self.intent, found, len(INTENTS), norm * self.intent_scale)
        kinds = _scores(self.kind, found, len(KINDS), norm * self.kind_scale * self.kind_sharpness)
        if open_artifact is None:
            chances = [*softmax([score * self.closed_sharpness for score in intents[:2]]), 0.0, 0.0]
        else:
            chances = softmax([score * self.open_sharpness for score in intents])
        return chances, softmax(kinds)


def _scores(table: memoryview, found: list[int], classes: int, scale: float) -> list[float]:
    sums = [0] * classes
    for bucket in found:
        start = bucket * classes
        row = table[start : start + classes].tolist()
        for index, weight in enumerate(row):
            sums[index] += weight
    return [total * scale for total in sums]


def weights_path() -> Path:
    return resource("gatekeeper", "weights.bin")


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The shipped weights, read once."""
    return Weights.unpack(weights_path().read_bytes())
