"""Fixtures over the fakes; a test module imports the ones it uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.fakes.openai_server import FakeOpenAI, Reply

ServeReplies = Callable[..., FakeOpenAI]


@pytest.fixture
def serve() -> Iterator[ServeReplies]:
    """`serve(Reply(...), ...)` starts a fake server that is ended with the test."""
    with ExitStack() as servers:

        def start(*replies: Reply) -> FakeOpenAI:
            return servers.enter_context(FakeOpenAI(*replies))

        yield start
