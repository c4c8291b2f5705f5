"""The README's commands do what it says, one after the other, as a newcomer would run them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Ran
from tests.fakes.provider_server import FakeServer, Reply

README = Path(__file__).parents[2] / "README.md"
REPLY = """Here is the comparison.

<artifact kind="table" title="Phone plans">
| Plan | Price |
|---|---:|
| Small | 9.00 |
</artifact>
"""
NEEDS_A_KEYRING = ("keys set",)


def commands() -> list[str]:
    """Every line of the shell blocks that calls the program; comments dropped."""
    blocks = re.findall(r"```sh\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [line for line in lines if re.match(r"(?:\.venv/bin/)?forgeapp ", line)]


@pytest.mark.integration
def test_every_command_of_the_readme_works(run_here: Callable[..., Ran], tmp_path: Path) -> None:
    (tmp_path / "work" / "reply.md").write_text(REPLY)
    (tmp_path / "work" / "prices.csv").write_text("item,price\ntea,3.50\n")
    with FakeServer(Reply(REPLY)) as server:
        for command in commands():
            words = shlex.split(command, comments=True)
            if words[1:2] == ["tour"]:
                continue  # test_tour takes it
            output = words[words.index(">") + 1] if ">" in words else None
            arguments = words[1 : words.index(">") if output else None]
            arguments = [word.replace("http://127.0.0.1:8000/v1", server.base_url) for word in arguments]
            ran = run_here(*arguments, stdin="sk-no-real-key-at-all\n")
            expected = 1 if command.split("forgeapp ")[1].startswith(NEEDS_A_KEYRING) else 0
            if arguments[0] != "doctor":
                assert ran.code == expected, f"{command}\n{ran.err}"
            for word in arguments:
                if re.fullmatch(r"[\w-]+\.(?:xlsx|pdf|docx)", word):
                    assert (tmp_path / "work" / word).stat().st_size > 1000, command


def test_every_make_target_the_readme_names_exists() -> None:
    targets = re.findall(r"`?make (\w+)`?", README.read_text(encoding="utf-8"))
    makefile = (README.parent / "Makefile").read_text(encoding="utf-8")
    assert {"run", "check", "test", "soak", "bench"} <= set(targets)
    for target in set(targets):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
