"""Which process runs something, so that what a crash left behind can be told from what another process still runs."""

from __future__ import annotations

import os
from pathlib import Path

_MOST_DIGITS = 10
_HAS_PROC = Path("/proc/self/stat").exists()


def current_owner() -> str:
    """This process: its id and the moment it started (a process id is used again later)."""
    return f"{os.getpid()}:{_start_of(os.getpid())}"


def is_alive(owner: str) -> bool:
    """Whether that process still runs; False for a text that names none."""
    number, _, start = owner.partition(":")
    if not (number.isascii() and number.isdecimal()) or len(number) > _MOST_DIGITS:
        return False
    return start != "" and _start_of(int(number)) == start


def _start_of(pid: int) -> str:
    """In the system's own count; '' for a process that has ended."""
    return _start_in_proc(pid) if _HAS_PROC else _start_by_psutil(pid)


def _start_in_proc(pid: int) -> str:
    try:
        # Fields 3 and on of proc_pid_stat(5), counted behind the name in parentheses, which may hold spaces.
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2]
        state, *rest = text.split()
        return "" if state in "ZX" else rest[18]
    except (OSError, ValueError, IndexError):
        return ""


def _start_by_psutil(pid: int) -> str:
    import psutil

    try:
        process = psutil.Process(pid)
        return "" if process.status() == psutil.STATUS_ZOMBIE else str(round(process.create_time()))
    except (psutil.Error, OverflowError):
        return ""
