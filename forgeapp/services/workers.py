"""Child processes for what is heavy or untrusted: formulas, exports, checks of code.

A child is this program again with a hidden argument. It reads one pickled `Job` from standard input, in which what is
large is the path of a file, and answers on standard output with JSON lines: `{"progress": 0.5}` any number of times,
with `"at": ["row", 40, 80]` where that is known, then `{"result": ...}`, or `{"error": class, "params": {...}}` for a
ForgeError. The parent trusts nothing a child says beyond that form; a child that dies, runs out of memory or time is a
WorkerFailed, and a cancelled one is killed. Standard input stays open as long as the parent wants the answer: at its
end, be it that the parent was killed, the child ends too. What libraries put aside on disk goes into a folder that is
removed with the child. A child may have one of its own, for formulas.

Linux bounds a child's address space. Elsewhere the system does not, and the parent watches its resident size.
"""

from __future__ import annotations

import contextlib
import gc
import json
import logging
import os
import pickle
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import IO, Any

from forgeapp import errors
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.publication import Progress, Share
from forgeapp.errors import ForgeError, OutOfMemory, WorkerDied, WorkerFailed
from forgeapp.services.scratch import scratch

WORKER_ARGUMENT = "--worker"

Task = Callable[[Any, Progress], Any]
"""Takes its argument and a progress callback, gives what JSON can hold."""

_TASKS = {
    "check": ("forgeapp.services.checking", "check_task"),
    "conversation": ("forgeapp.services.exporting.conversation_job", "conversation_task"),
    "evaluate": ("forgeapp.services.calculation", "evaluate_task"),
    "export": ("forgeapp.services.exporting.job", "export_task"),
    "export_all": ("forgeapp.services.archive.job", "export_all_task"),
    "import_archive": ("forgeapp.services.archive.job", "import_archive_task"),
    "import": ("forgeapp.services.importing.job", "import_task"),
}
_MAX_ERROR_BYTES = 2_000
_MAX_LAST_CHARS = 300
_KILLED = -9
"""How a child ends that somebody else killed: of systems that run out of memory it is their way."""
_GARBAGE = (100_000, 20, 100)
"""After how many new objects, and how many looks at the youngest of them, a child looks for garbage."""
_SLOT_POLL_S = 0.2
_WATCH_S = 0.25
_SYSTEM_BOUNDS_MEMORY = sys.platform == "linux"
_OUT_OF_MEMORY = ("memoryerror", "memory allocation", "out of memory", "bad_alloc", "cannot allocate memory")
"""What Python, Rust, C libraries, C++ and the system say."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use."""

    memory_mb: int
    timeout_s: float


@dataclass(frozen=True, slots=True)
class _Job:
    task: str
    argument: Any
    memory_mb: int


class Workers:
    """At most `files` children for files, one for formulas, for checks and for archives each; further ones wait."""

    def __init__(self, files: int = 2) -> None:
        file_slots, archives = threading.Semaphore(files), threading.Semaphore(1)
        self._slots = {
            "check": threading.Semaphore(1),
            "conversation": file_slots,
            "evaluate": threading.Semaphore(1),
            "export": file_slots,
            "export_all": archives,
            "import_archive": archives,
            "import": file_slots,
        }

    def run(
        self,
        task: str,
        argument: Any,
        limits: Limits,
        cancel: CancelToken,
        on_progress: Progress = lambda _share: None,
    ) -> Any:
        """The task's result, also where the work was done when it was cancelled: what is done can be told.

        Raises what the task raised, WorkerFailed, Cancelled.
        """
        slot = self._slots[task]
        while not slot.acquire(timeout=_SLOT_POLL_S):
            cancel.check()
        try:
            cancel.check()
            return self._run(task, argument, limits, cancel, on_progress)
        finally:
            slot.release()

    def _run(self, task: str, argument: Any, limits: Limits, cancel: CancelToken, on_progress: Progress) -> Any:
        ending = _Ending()
        with _started(task) as (child, complaints):
            assert child.stdin is not None
            assert child.stdout is not None
            forget = cancel.on_cancel(child.kill)
            try:
                with ending.when_late(child, limits.timeout_s), ending.when_large(child, limits.memory_mb):
                    _send(_Job(task, argument, limits.memory_mb), child.stdin)
                    answer = _last_answer(child.stdout, on_progress)
                    child.wait()
            finally:
                forget()
            if answer is None:
                cancel.check()
                if ending.is_large:
                    raise OutOfMemory(task=_name(task), limit=limits.memory_mb)
                if ending.is_late:
                    raise WorkerFailed(task=_name(task), reason=f"it took longer than {limits.timeout_s:g} seconds")
                raise _death(task, limits, complaints, child.returncode)
        if "error" in answer:
            raise _rebuilt(answer)
        return answer["result"]


class _Ending:
    """Kills a child that takes too long or too much, and knows why."""

    def __init__(self) -> None:
        self.is_late = False
        self.is_large = False

    @contextmanager
    def when_late(self, child: subprocess.Popen[bytes], timeout_s: float) -> Iterator[None]:
        def end() -> None:
            self.is_late = True
            child.kill()

        timer = threading.Timer(timeout_s, end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    @contextmanager
    def when_large(self, child: subprocess.Popen[bytes], memory_mb: int) -> Iterator[None]:
        """Where the system does not bound memory by itself."""
        if _SYSTEM_BOUNDS_MEMORY:
            yield
            return
        import psutil

        is_over = threading.Event()

        def watch() -> None:
            with contextlib.suppress(psutil.Error):
                process = psutil.Process(child.pid)
                while not is_over.wait(_WATCH_S):
                    if process.memory_info().rss > memory_mb * 1024 * 1024:
                        self.is_large = True
                        child.kill()
                        return

        watcher = threading.Thread(target=watch, name="forgeapp-memory", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            is_over.set()
            watcher.join()


@contextmanager
def _started(task: str) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    """A child and what it complains of; killed at the end, if it has not ended by then. Raises WorkerFailed."""
    with contextlib.ExitStack() as stack:
        try:
            complaints = stack.enter_context(tempfile.TemporaryFile())
            folder = str(stack.enter_context(scratch()))
            child = subprocess.Popen(
                _command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                env={**os.environ, "TMPDIR": folder},
            )
        except OSError as error:
            reason = f"it could not be started ({error.strerror or error})"
            raise WorkerFailed(task=_name(task), reason=reason) from error
        try:
            yield child, complaints
        finally:
            child.kill()
            child.wait()
            assert child.stdin is not None
            assert child.stdout is not None
            child.stdout.close()
            with contextlib.suppress(OSError):
                child.stdin.close()


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, WORKER_ARGUMENT]
    # -P: a file named like a library in the user's folder is not to be taken for it.
    return [sys.executable, "-P", "-m", "forgeapp", WORKER_ARGUMENT]


def _send(job: _Job, stdin: IO[bytes]) -> None:
    """A child that died meanwhile takes nothing more; what it said before is read all the same."""
    with contextlib.suppress(OSError):
        pickle.dump(job, stdin, protocol=5)
        stdin.flush()


def _last_answer(stdout: IO[bytes], on_progress: Progress) -> dict[str, Any] | None:
    answer = None
    for line in stdout:
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if not isinstance(said, dict):
            continue
        if isinstance(said.get("progress"), int | float):
            on_progress(_share(said))
        elif "result" in said or "error" in said:
            answer = said
    return answer


def _share(said: dict[str, Any]) -> float:
    share = float(said["progress"])
    match said.get("at"):
        case [str(unit), int(number), int(count)]:
            return Share(share, unit, number, count)
    return share


def _rebuilt(answer: dict[str, Any]) -> ForgeError:
    kind = getattr(errors, str(answer["error"]), None)
    if isinstance(kind, type) and issubclass(kind, ForgeError):
        params = answer.get("params")
        params = params if isinstance(params, dict) else {}
        return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in params.items()})
    return WorkerFailed(task="A child process", reason=str(answer["error"]))


def _name(task: str) -> str:
    return {
        "check": "The check",
        "conversation": "The export",
        "evaluate": "The calculation",
        "export": "The export",
        "export_all": "The export",
        "import_archive": "The import",
        "import": "Reading the file",
    }[task]


def _death(task: str, limits: Limits, complaints: IO[bytes], code: int) -> WorkerFailed:
    complaints.seek(max(complaints.seek(0, os.SEEK_END) - _MAX_ERROR_BYTES, 0))
    text = complaints.read(_MAX_ERROR_BYTES).decode("utf-8", "replace").strip()
    if any(words in text.casefold() for words in _OUT_OF_MEMORY):
        return OutOfMemory(task=_name(task), limit=limits.memory_mb)
    last = text.splitlines()[-1][-_MAX_LAST_CHARS:] if text else ""
    logging.getLogger(__name__).error("a child process (%s) ended with code %d\n%s", task, code, text)
    reason = f"it ended with code {code}" + (f": {last}" if last else "")
    if code == _KILLED:
        # Neither Stop nor a limit of ours: those are told before.
        reason = f"the system ended it (code {code}), most often for want of memory"
    return WorkerDied(task=_name(task), reason=reason)


def serve() -> int:
    """The child's side: one job, then the end."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # Whatever a library prints goes to standard error, never between our answers.
    os.dup2(2, 1)
    job = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own parent wrote it
    assert isinstance(job, _Job)
    _end_with_parent()
    _cap_memory(job.memory_mb)
    module, function = _TASKS[job.task]
    task: Task = getattr(import_module(module), function)
    # Millions of values, and hardly any that hold each other: looking for garbage as often as a program that runs for
    # days would take as long as the work.
    gc.set_threshold(*_GARBAGE)
    # Given away, so that the task can let go of it.
    argument = [job.argument]
    del job

    def say(answer: dict[str, Any]) -> None:
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    def tell(share: float) -> None:
        at = {"at": [share.unit, share.number, share.count]} if isinstance(share, Share) else {}
        say({"progress": float(share), **at})

    try:
        say({"result": task(argument.pop(), tell)})
    except ForgeError as error:
        params = {key: _plain(value) for key, value in error.params.items()}
        say({"error": type(error).__name__, "params": params})
    return 0


def _end_with_parent() -> None:
    def watch() -> None:
        # Not `sys.stdin`: at its end Python would wait for the lock of a stream that is being read.
        while os.read(0, 1024):
            pass
        os._exit(1)

    threading.Thread(target=watch, name="forgeapp-parent", daemon=True).start()


def _plain(value: Any) -> Any:
    """A parameter of an error as JSON has it."""
    match value:
        case int() | float():
            return value
        case tuple():
            return [_plain(part) for part in value]
    return str(value)


def _cap_memory(megabytes: int) -> None:
    try:
        import resource
    except ImportError:
        return
    limit = megabytes * 1024 * 1024
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
