from __future__ import annotations

import threading

from forgeapp.providers.base import Quirks


def test_what_two_threads_learn_at_the_same_moment_is_kept_both() -> None:
    writing, kept = threading.Event(), []

    def keep(known: tuple[str, ...]) -> None:
        if not writing.is_set():
            writing.set()
            second.join(0.2)
        kept.append(known)

    quirks = Quirks(on_learned=keep)
    first = threading.Thread(target=quirks.learn, args=("no stop: m",))
    second = threading.Thread(target=lambda: (writing.wait(5), quirks.learn("no temperature: m")))
    second.start()
    first.start()
    first.join(5)
    second.join(5)
    assert set(quirks) == {"no stop: m", "no temperature: m"}
    assert kept == [("no stop: m",), ("no stop: m", "no temperature: m")]
