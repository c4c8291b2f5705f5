"""How well the gatekeeper decides on the measuring set: `python -m tests.bench.gatekeeper_score`. Aggregates only."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from forgeapp.domain.artifact import Kind
from forgeapp.domain.decision import Decision, Intent
from forgeapp.gatekeeper import decide, forget

DATA = Path(__file__).parents[1] / "data"


def load() -> list[dict[str, Any]]:
    """The labelled lines, each with its language."""
    languages = json.loads((DATA / "langs.json").read_text(encoding="utf-8"))["gatekeeper"]
    lines = [json.loads(line) for line in (DATA / "gatekeeper.jsonl").read_text(encoding="utf-8").splitlines()]
    return [{**line, "language": language} for line, language in zip(lines, languages, strict=True)]


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0


def score() -> dict[str, Any]:
    """Shares 0..1 and milliseconds: overall, by language, by intent, and the confusions of kinds and intents."""
    lines = load()
    decide("warm up")
    forget()
    decided: list[tuple[dict[str, Any], Decision]] = []
    times_ms: list[float] = []
    for line in lines:
        start = time.perf_counter()
        decision = decide(line["text"], Kind(line["open"]) if line["open"] else None)
        times_ms.append((time.perf_counter() - start) * 1000)
        decided.append((line, decision))
    times_ms.sort()

    def effective(decision: Decision) -> str:
        return decision.intent.value if decision.acts or decision.asks else Intent.CHAT.value

    def of(key: str, value: Any) -> list[tuple[dict[str, Any], Decision]]:
        return [(line, decision) for line, decision in decided if line[key] == value]

    def right(part: list[tuple[dict[str, Any], Decision]]) -> float:
        return _share([effective(decision) == line["intent"] for line, decision in part])

    chat, creates = of("intent", "chat"), of("intent", "create")
    wished = [(line, decision) for line, decision in decided if line["intent"] != "chat"]
    made = [(line, decision) for line, decision in wished if effective(decision) != "chat"]
    return {
        "lines": len(lines),
        "intent": right(decided),
        "kind": _share([line["type"] == decision.kind for line, decision in made]),
        "kind_of_all_wishes": _share([line["type"] == decision.kind for line, decision in wished]),
        "format": _share([line["format"] == decision.format for line, decision in made]),
        "chat_wrongly_acted": _share([decision.acts for _, decision in chat]),
        "chat_needlessly_asked": _share([decision.asks for _, decision in chat]),
        "creates_acted": _share([decision.acts and decision.intent is Intent.CREATE for _, decision in creates]),
        "p50_ms": times_ms[len(times_ms) // 2],
        "p95_ms": times_ms[int(len(times_ms) * 0.95)],
        "by_language": {name: right(of("language", name)) for name in sorted({line["language"] for line in lines})},
        "by_intent": {intent.value: right(of("intent", intent.value)) for intent in Intent},
        "intent_confusion": Counter(
            f"{line['intent']}>{effective(decision)}" + ("+open" if line["open"] else "")
            for line, decision in decided
            if effective(decision) != line["intent"]
        ),
        "kind_confusion": Counter(
            f"{line['type']}>{decision.kind}" for line, decision in made if line["type"] != decision.kind
        ),
    }


def main() -> None:
    for name, value in score().items():
        print(f"{name:22} {f'{value:.4f}' if isinstance(value, float) else value}")


if __name__ == "__main__":
    main()
