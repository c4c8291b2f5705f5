"""Which process runs a call, so that those a crash left behind can be told from those another process still runs."""

from __future__ import annotations

import os
from pathlib import Path

_MOST_DIGITS = 10


def current_owner() -> str:
    """This process: its id and, where the system tells, the moment it started (a process id is used again later)."""
    return _name(os.getpid())


def is_alive(owner: str) -> bool:
    """Whether that process still runs; False for a text that names none."""
    number = owner.partition(":")[0]
    if not (number.isascii() and number.isdecimal()) or len(number) > _MOST_DIGITS:
        return False
    pid = int(number)
    if Path("/proc/self/stat").exists():
        return _name(pid) == owner
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _name(pid: int) -> str:
    try:
        # Field 22 of proc_pid_stat(5), counted behind the name in parentheses, which may hold spaces.
        start = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        start = ""
    return f"{pid}:{start}"
