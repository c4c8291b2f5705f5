"""Processes told apart: this one, one that has ended, one whose number was given out again."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from forgeapp import processes as owner_module
from forgeapp.processes import current_owner, is_alive


@pytest.fixture(params=["proc", "psutil"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "proc" and not owner_module._HAS_PROC:
        pytest.skip("the system has no /proc")
    monkeypatch.setattr(owner_module, "_HAS_PROC", request.param == "proc")


@pytest.mark.usefixtures("_way")
def test_this_process_is_alive_and_another_that_has_its_number_is_not_it() -> None:
    owner = current_owner()
    assert is_alive(owner)
    pid, _, start = owner.partition(":")
    assert int(pid) == os.getpid()
    assert not is_alive(f"{pid}:{int(start) + 1}")
    assert not is_alive(f"{pid}:")


@pytest.mark.usefixtures("_way")
def test_a_process_that_has_ended_is_not_alive_even_before_its_parent_asks() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        owner = f"{child.pid}:{owner_module._start_of(child.pid)}"
        assert is_alive(owner)
        child.kill()
        # Ended, and not yet waited for: its entry stands in the list of processes.
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert not is_alive(owner)
    finally:
        child.communicate()
    assert not is_alive(owner)


@pytest.mark.parametrize("text", ["", "x", ":", "1e3:5", f"{10**12}:1", "²:1", f"{2**22 + 1}:"])
def test_a_text_that_names_no_process_is_not_alive(text: str) -> None:
    assert not is_alive(text)
