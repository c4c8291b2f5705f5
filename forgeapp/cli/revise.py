"""`forgeapp revise`: a model's change of one artifact, taken or only shown."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace

from forgeapp.app import App, build
from forgeapp.cli.forge import add_request_options, follow, lines_of, request_from, tell_failure, to_json
from forgeapp.cli.hunks import hunk_lines
from forgeapp.cli.interruption import stopped_by_interrupt
from forgeapp.cli.number import number
from forgeapp.cli.options import home_of
from forgeapp.cli.output import Output
from forgeapp.domain.events import Finished
from forgeapp.services.comparing import Hunk, compare
from forgeapp.services.revising.selecting import selection_of


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("artifact", metavar="ARTIFACT", type=number)
    add_request_options(parser, of_artifact=True)
    parser.add_argument(
        "--selection", metavar="TEXT", help="change this part only: words as they stand there, or cells such as B2:C9"
    )
    parser.add_argument(
        "--accept", choices=("all", "none"), default="all", help="take the change, or only show it (default: all)"
    )
    parser.add_argument("--no-cache", action="store_true", help="use no stored reply")


def run(arguments: argparse.Namespace, output: Output) -> int:
    only_shows = arguments.accept == "none"
    with build(home_of(arguments)) as app, stopped_by_interrupt() as cancel:
        base = app.ledger.artifacts.version(arguments.artifact)
        selection = selection_of(base.content, base.title, arguments.selection) if arguments.selection else None
        request = replace(
            request_from(arguments),
            artifact=base.artifact,
            conversation=app.ledger.artifacts.get(base.artifact).conversation,
            selection=selection,
            is_revision=True,
            reviews=only_shows,
            confirmed=True,
        )
        finished = follow(app, request, cancel, output)
        hunks = _proposed(app, base.artifact, finished, only_shows) if finished.proposal else _made(app, finished)
    data = to_json(finished, [], finished.error) | {"hunks": [hunk.to_json() for hunk in hunks]}
    closing = []
    if finished.proposal:
        waits = "The artifact was changed meanwhile, and this does not fit it any more: it waits in the window."
        closing = ["Nothing was taken: run it again without --accept none." if only_shows else waits]
    output.result(data, [*lines_of(finished, []), *hunk_lines(hunks), *closing])
    return tell_failure(app, finished.error, output)


def _made(app: App, finished: Finished) -> tuple[Hunk, ...]:
    """What the new version changes."""
    for made in finished.artifacts:
        version = app.ledger.artifacts.version(made.artifact, made.number)
        base = version.provenance.get("base")
        if isinstance(base, int):
            return compare(app.ledger.artifacts.version(made.artifact, base).content, version.content).hunks
    return ()


def _proposed(app: App, artifact: int, finished: Finished, only_shows: bool) -> Sequence[Hunk]:
    """What the model proposed; where that was but to be shown, it is over with that."""
    review = app.reviews.waiting(artifact)
    if review is None or review.proposal.id != finished.proposal:
        return ()
    return app.reviews.withdraw(review) if only_shows else review.comparison.hunks
