"""Fixtures over the fakes; a test module imports the ones it uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.fakes.provider_server import FakeServer, Reply

ServeReplies = Callable[..., FakeServer]


@pytest.fixture
def serve() -> Iterator[ServeReplies]:
    """`serve(Reply(...), ...)` starts a fake server that is ended with the test."""
    with ExitStack() as servers:

        def start(*replies: Reply) -> FakeServer:
            return servers.enter_context(FakeServer(*replies))

        yield start
