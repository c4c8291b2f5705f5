"""Fixtures over the fakes; a test module imports the ones it uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from forgeapp.providers.transport import Timeouts
from tests.fakes.provider_server import FakeServer, Reply

ServeReplies = Callable[..., FakeServer]


def timeouts_for(server: FakeServer) -> Timeouts:
    """Short only where something is waited for that never comes; for what comes a busy machine may need seconds."""
    return Timeouts(60.0, 0.4 if any(reply.falls_silent for reply in server.replies) else 60.0)


@pytest.fixture
def serve() -> Iterator[ServeReplies]:
    """`serve(Reply(...), ...)` starts a fake server that is ended with the test."""
    with ExitStack() as servers:

        def start(*replies: Reply) -> FakeServer:
            return servers.enter_context(FakeServer(*replies))

        yield start
