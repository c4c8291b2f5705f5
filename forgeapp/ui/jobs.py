"""Work off the UI thread, its values delivered on it: the only code that knows threads.

What a job gives is put into a mailbox; one queued signal wakes the UI thread, which empties it for a few milliseconds
at a time. Widgets never cross threads, and a callback is always called on the UI thread.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from forgeapp.domain.cancel import CancelToken
from forgeapp.errors import Cancelled

T = TypeVar("T")
P = TypeVar("P")
OnError = Callable[[Exception], None]

_SLICE_S = 0.008
"""How long the mailbox is emptied before other events have their turn."""


class Lane(Enum):
    """Where a job waits for its turn: the name and how many run at once."""

    LEDGER = ("ledger", 1)
    """Short reads and writes; they happen in the order they were asked for."""
    TURNS = ("turns", 8)
    FILES = ("files", 2)
    FORMULAS = ("formulas", 1)
    VIEWS = ("views", 2)
    """What is shown and nowhere stored: previews, sources, differences."""
    ASIDE = ("aside", 4)
    """Providers and the keyring, asked beside the turns: they may take their time."""

    @property
    def threads(self) -> int:
        return int(self.value[1])


class Job:
    """One piece of work. `cancel()` asks it to end; `drop()` also lets nothing more of it be delivered."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.token = CancelToken()
        self.is_dropped = False
        self.is_over = False

    def cancel(self) -> None:
        self.token.cancel()

    def drop(self) -> None:
        self.is_dropped = True
        self.token.cancel()


class Jobs(QObject):
    """Runs work in threads. `on_error` is told of every failure nobody else takes."""

    _woken = Signal()

    def __init__(self, on_error: OnError, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._on_error = on_error
        self._lanes = {lane: ThreadPoolExecutor(lane.threads, f"forgeapp-{lane.value[0]}") for lane in Lane}
        self._mail: deque[tuple[Job, Callable[..., None], tuple[Any, ...]]] = deque()
        self._is_woken = False
        self._lock = threading.Lock()
        self._none_runs = threading.Condition(self._lock)
        self._running: dict[Job, None] = {}
        self._is_closed = False
        self._woken.connect(self._on_woken, Qt.ConnectionType.QueuedConnection)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(0)
        self._rest.timeout.connect(self._on_woken)

    def run(
        self,
        work: Callable[[CancelToken], T],
        on_result: Callable[[T], None] | None = None,
        on_error: OnError | None = None,
        lane: Lane = Lane.LEDGER,
    ) -> Job:
        """Calls `work` in a thread, then `on_result` or `on_error` here."""

        def once(job: Job) -> None:
            result = work(job.token)
            if on_result is not None:
                self._post(job, on_result, result)

        return self._start(once, on_error, None, lane)

    def run_reporting(
        self,
        work: Callable[[CancelToken, Callable[[P], None]], T],
        on_progress: Callable[[P], None],
        on_result: Callable[[T], None] | None = None,
        on_error: OnError | None = None,
        lane: Lane = Lane.FILES,
    ) -> Job:
        """As `run`; `work` is also given a callable for its progress, which goes to `on_progress` here."""

        def once(job: Job) -> None:
            result = work(job.token, lambda share: self._post(job, on_progress, share))
            if on_result is not None:
                self._post(job, on_result, result)

        return self._start(once, on_error, None, lane)

    def stream(
        self,
        work: Callable[[CancelToken], Iterator[T]],
        on_value: Callable[[T], None],
        on_end: Callable[[], None] | None = None,
        on_error: OnError | None = None,
        lane: Lane = Lane.TURNS,
    ) -> Job:
        """Iterates over `work` in a thread; each value goes to `on_value` here, in order, then `on_end`.

        `on_end` follows an error too. A cancelled job is iterated to its end: what it does last is done.
        """

        def each(job: Job) -> None:
            for value in work(job.token):
                self._post(job, on_value, value)

        return self._start(each, on_error, on_end, lane)

    @property
    def count(self) -> int:
        """How much is under way: jobs that run or wait, and values not delivered yet."""
        with self._lock:
            return len(self._running) + len(self._mail)

    def close(self, timeout_s: float = 3.0, ledger_timeout_s: float = 3.0) -> bool:
        """Cancels everything and waits for its end. False where something still runs after `timeout_s`.

        What is being stored is given `ledger_timeout_s`: losing it would lose the user's work.
        """
        with self._lock:
            self._is_closed = True
            running = list(self._running)
        # Those that wait first: the end of one that runs would let them begin.
        for job in reversed(running):
            job.cancel()
        for executor in self._lanes.values():
            executor.shutdown(wait=False)
        started = time.monotonic()
        with self._none_runs:
            while self._running:
                is_storing = any(job.lane is Lane.LEDGER for job in self._running)
                left = started + (ledger_timeout_s if is_storing else timeout_s) - time.monotonic()
                if left <= 0:
                    break
                self._none_runs.wait(left)
            return not self._running

    def _start(
        self, work: Callable[[Job], None], on_error: OnError | None, on_end: Callable[[], None] | None, lane: Lane
    ) -> Job:
        job = Job(lane)
        with self._lock:
            if self._is_closed:
                job.is_dropped = job.is_over = True
                return job
            self._running[job] = None
        self._lanes[lane].submit(self._work, job, work, on_error or self._on_error, on_end)
        return job

    def _work(
        self, job: Job, work: Callable[[Job], None], on_error: OnError, on_end: Callable[[], None] | None
    ) -> None:
        try:
            work(job)
        except Exception as error:  # noqa: BLE001 - a future would swallow it: every failure is told on the UI thread
            self._post(job, on_error, error)
        finally:
            if on_end is not None:
                self._post(job, on_end)
            with self._none_runs:
                job.is_over = True
                self._running.pop(job, None)
                self._none_runs.notify_all()

    def _post(self, job: Job, deliver: Callable[..., None], *values: Any) -> None:
        with self._lock:
            self._mail.append((job, deliver, values))
        self._wake()

    def _wake(self) -> None:
        with self._lock:
            if self._is_woken:
                return
            self._is_woken = True
        try:
            self._woken.emit()
        except RuntimeError:
            logging.getLogger(__name__).info("the window had gone before a job's value came")

    @Slot()
    def _on_woken(self) -> None:
        with self._lock:
            # Cleared first: a callback may open a dialog with an event loop of its own, which must be woken too.
            self._is_woken = False
        end = time.monotonic() + _SLICE_S
        while True:
            with self._lock:
                if not self._mail:
                    return
                job, deliver, values = self._mail.popleft()
            try:
                if not job.is_dropped:
                    deliver(*values)
            except Exception as error:  # noqa: BLE001 - one broken callback must not hold up the others' mail
                self._on_error(error)
            if time.monotonic() > end:
                # By a timer, not by another queued signal: those are all delivered before keys and painting.
                self._rest.start()
                return


def ignore_cancelled(on_error: OnError) -> OnError:
    """For work whose Stop is no failure."""

    def told(error: Exception) -> None:
        if not isinstance(error, Cancelled):
            on_error(error)

    return told
