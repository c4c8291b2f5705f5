"""Work in threads, its values on the UI thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QTimer, Signal, Slot
from pytestqt.qtbot import QtBot

from forgeapp.domain.cancel import CancelToken
from forgeapp.ui.jobs import Jobs, Lane
from tests.pace import ends_within


@pytest.fixture
def failures() -> list[Exception]:
    return []


@pytest.fixture
def jobs(qtbot: QtBot, failures: list[Exception]) -> Iterator[Jobs]:
    made = Jobs(failures.append)
    yield made
    assert made.close(), "a job outlived its test"


def test_five_thousand_values_arrive_in_order_on_the_ui_thread(qtbot: QtBot, jobs: Jobs) -> None:
    got: list[int] = []
    threads: set[int] = set()

    def take(value: int) -> None:
        got.append(value)
        threads.add(threading.get_ident())

    ended: list[bool] = []
    jobs.stream(lambda _: iter(range(5_000)), take, lambda: ended.append(True))
    qtbot.waitUntil(lambda: bool(ended))
    assert got == list(range(5_000))
    assert threads == {threading.get_ident()}


def test_five_thousand_plain_emits_from_a_thread_leave_the_interpreter_whole(qtbot: QtBot) -> None:
    class Sender(QObject):
        sent = Signal(int)

    class Receiver(QObject):
        def __init__(self) -> None:
            super().__init__()
            self.got: list[int] = []

        @Slot(int)
        def _on_sent(self, number: int) -> None:
            self.got.append(number)

    sender, receiver = Sender(), Receiver()
    sender.sent.connect(receiver._on_sent)
    thread = threading.Thread(target=lambda: [sender.sent.emit(number) for number in range(5_000)])
    thread.start()
    qtbot.waitUntil(lambda: len(receiver.got) == 5_000)
    thread.join()
    assert receiver.got == list(range(5_000))


def test_a_flood_of_values_leaves_room_for_other_events(qtbot: QtBot, jobs: Jobs) -> None:
    ticks: list[int] = []
    timer = QTimer()
    timer.timeout.connect(lambda: ticks.append(1))
    timer.start(0)
    ended: list[bool] = []
    # 0.2 s of work on the UI thread in all, handed out a few milliseconds at a time.
    jobs.stream(lambda _: iter(range(2_000)), lambda _value: time.sleep(0.0001), lambda: ended.append(True))
    qtbot.waitUntil(lambda: bool(ended))
    timer.stop()
    assert len(ticks) > 8


def test_the_ledgers_lane_keeps_the_order(qtbot: QtBot, jobs: Jobs) -> None:
    done: list[int] = []
    for number in range(50):
        jobs.run(lambda _, number=number: number, done.append)
    qtbot.waitUntil(lambda: len(done) == 50)
    assert done == list(range(50))


def test_a_failure_is_told_and_the_end_follows(qtbot: QtBot, jobs: Jobs, failures: list[Exception]) -> None:
    def broken(_: CancelToken) -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    told: list[str] = []
    jobs.stream(broken, lambda value: told.append(f"value {value}"), lambda: told.append("end"))
    qtbot.waitUntil(lambda: "end" in told)
    assert told == ["value 1", "end"]
    assert [str(failure) for failure in failures] == ["broken"]


def test_a_broken_callback_is_told_and_does_not_hold_up_the_others(
    qtbot: QtBot, jobs: Jobs, failures: list[Exception]
) -> None:
    got: list[int] = []

    def take(value: int) -> None:
        if value == 1:
            raise ValueError("my view broke")
        got.append(value)

    jobs.stream(lambda _: iter(range(3)), take)
    qtbot.waitUntil(lambda: got == [0, 2])
    assert [str(failure) for failure in failures] == ["my view broke"]


def test_nothing_of_a_dropped_job_is_delivered(qtbot: QtBot, jobs: Jobs) -> None:
    goes_on = threading.Event()

    def work(_: CancelToken) -> Iterator[int]:
        yield 1
        goes_on.wait(60)
        yield 2

    got: list[int] = []
    job = jobs.stream(work, got.append)
    qtbot.waitUntil(lambda: got == [1])
    job.drop()
    goes_on.set()
    qtbot.waitUntil(lambda: job.is_over)
    marker: list[int] = []
    jobs.run(lambda _: 0, marker.append)
    qtbot.waitUntil(lambda: bool(marker))
    assert got == [1]


def test_progress_is_delivered_before_the_result(qtbot: QtBot, jobs: Jobs) -> None:
    told: list[object] = []

    def work(_: CancelToken, report: object) -> str:
        assert callable(report)
        report(0.25)
        report(0.75)
        return "done"

    jobs.run_reporting(work, told.append, told.append)
    qtbot.waitUntil(lambda: "done" in told)
    assert told == [0.25, 0.75, "done"]


def test_closing_ends_what_waits_and_takes_nothing_more(qtbot: QtBot, failures: list[Exception]) -> None:
    jobs = Jobs(failures.append)
    started = threading.Event()

    def until_cancelled(token: CancelToken) -> None:
        started.set()
        token.wait(600)

    jobs.run(until_cancelled, lane=Lane.TURNS)
    assert started.wait(60)
    with ends_within(60):
        assert jobs.close()
    assert jobs.run(lambda _: None).is_over


def test_closing_lets_nothing_begin_that_had_not(qtbot: QtBot, failures: list[Exception]) -> None:
    jobs = Jobs(failures.append)
    begun: list[int] = []
    ended = threading.Semaphore(0)

    def work(number: int, token: CancelToken) -> None:
        try:
            token.check()
            begun.append(number)
            # The window's thread is held up in the midst of its cancelling until a thread is free for who waits.
            token.on_cancel(lambda: ended.acquire(timeout=60))
            token.on_cancel(lambda: time.sleep(0.05))
            token.wait(600)
        finally:
            ended.release()

    threads = Lane.FILES.threads
    for number in range(threads + 6):
        jobs.run(lambda token, number=number: work(number, token), lane=Lane.FILES)
    qtbot.waitUntil(lambda: len(begun) == threads)
    assert jobs.close(60)
    assert sorted(begun) == list(range(threads))


def test_what_is_being_stored_when_the_window_closes_is_stored(qtbot: QtBot, failures: list[Exception]) -> None:
    jobs = Jobs(failures.append)
    stored: list[int] = []
    for number in range(20):
        jobs.run(lambda _, number=number: stored.append(number))
    assert jobs.close()
    assert stored == list(range(20))
