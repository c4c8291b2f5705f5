"""Turns are taken in the order they were asked for, and by one at a time where the file is the same."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from forgeapp.domain.cancel import CancelToken
from forgeapp.errors import Cancelled
from forgeapp.services.exporting.turns import Turns
from tests.unit.services.exporting.desk import until

A, B, C = Path("a"), Path("b"), Path("c")


class Queue:
    """Waits for turns in threads, and notes whose it became."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self.taken: list[int] = []
        self._ends: dict[int, threading.Event] = {}
        self._threads: list[threading.Thread] = []

    def ask(self, export: int, target: Path) -> None:
        self._ends[export] = threading.Event()
        thread = threading.Thread(target=self._take, args=(export, target), daemon=True)
        self._threads.append(thread)
        thread.start()
        until(lambda: export in self.taken or (export, target) in self._turns._waiting)

    def end(self, export: int) -> None:
        until(lambda: export in self.taken)
        self._ends[export].set()

    def join(self) -> None:
        for thread in self._threads:
            thread.join(20)
            assert not thread.is_alive()

    def _take(self, export: int, target: Path) -> None:
        with self._turns.turn(export, target, CancelToken()):
            self.taken.append(export)
            self._ends[export].wait(20)


def test_the_lowest_number_is_next_however_late_it_came() -> None:
    queue = Queue(Turns(1))
    for export, target in ((1, A), (4, A), (3, B), (2, C)):
        queue.ask(export, target)
    for export in (1, 2, 3, 4):
        queue.end(export)
    queue.join()
    assert queue.taken == [1, 2, 3, 4]


def test_the_same_file_is_written_by_the_later_one_last_while_others_go_ahead() -> None:
    queue = Queue(Turns(2))
    for export, target in ((1, A), (2, A), (3, B)):
        queue.ask(export, target)
    until(lambda: queue.taken == [1, 3])
    queue.end(3)
    queue.end(1)
    queue.end(2)
    queue.join()
    assert queue.taken == [1, 3, 2]


def test_one_that_is_stopped_gives_its_place_in_the_queue_to_the_next() -> None:
    turns, cancel = Turns(1), CancelToken()
    with ExitStack() as held:
        held.enter_context(turns.turn(1, A, CancelToken()))
        threading.Timer(0.05, cancel.cancel).start()
        with pytest.raises(Cancelled), turns.turn(2, B, cancel):
            raise AssertionError
    with turns.turn(3, B, CancelToken()):
        assert turns._waiting == []


def test_the_same_export_asked_for_twice_is_run_one_after_the_other() -> None:
    queue = Queue(Turns(2))
    queue.ask(1, A)
    again = Queue(queue._turns)
    again.ask(1, A)
    assert again.taken == []
    queue.end(1)
    again.end(1)
    again.join()
