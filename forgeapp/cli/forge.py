"""`forgeapp forge`: one turn, and the files asked for."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from forgeapp.app import App, build
from forgeapp.cli.export import done_in_turn
from forgeapp.cli.export import follow as follow_export
from forgeapp.cli.export import lines_of as lines_of_export
from forgeapp.cli.input import read_text
from forgeapp.cli.interruption import stopped_by_interrupt
from forgeapp.cli.keys import notice_lock
from forgeapp.cli.number import number
from forgeapp.cli.options import home_of
from forgeapp.cli.output import Output
from forgeapp.cli.request_options import add_kind_option, add_parameter_options, kind_of, parameters_of
from forgeapp.cli.targets import file_targets
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.decision import Decision, Intent
from forgeapp.domain.events import AttemptStarted, Decided, Finished, Hop, PassedOver, Source, Status, Waiting
from forgeapp.domain.export_request import ArtifactSubject, ExportRequest
from forgeapp.domain.money import usd_text
from forgeapp.domain.request import ForgeRequest, Tier
from forgeapp.domain.standing import Standing
from forgeapp.errors import BlockedError, ExportDiffers, ForgeError, KeyMissing, NoProvider
from forgeapp.services.exporting.destinations import destination, proposed_path
from forgeapp.services.exporting.exported import Exported
from forgeapp.services.files import read_attachment


def add_request_options(parser: argparse.ArgumentParser, *, of_artifact: bool = False) -> None:
    """What `forge`, `preview` and `revise` share. `of_artifact`: kind and conversation are those of an artifact."""
    parser.add_argument("request", metavar="REQUEST", help="what you want, in words; '-' reads standard input")
    parser.add_argument("--attach", metavar="FILE", action="append", default=[], help="a text or a picture as context")
    parser.add_argument("--source", metavar="ID", action="append", type=number, default=[], help="a source as context")
    if of_artifact:
        parser.set_defaults(kind=None, project=None, conversation=None)
    else:
        add_kind_option(parser, "make this kind, whatever the words say")
        parser.add_argument("--project", metavar="NAME", help="the project a new conversation belongs to")
        parser.add_argument("--conversation", metavar="ID", type=number, help="go on with this conversation")
    who = parser.add_mutually_exclusive_group()
    who.add_argument("--model", metavar="PROVIDER/MODEL", help="ask this model and no other")
    who.add_argument("--tier", choices=[tier.value for tier in Tier], help="ask each provider's cheap or premium model")
    add_parameter_options(parser)


def configure(parser: argparse.ArgumentParser) -> None:
    add_request_options(parser)
    parser.add_argument("--to", metavar="FILE", nargs="+", action="extend", default=[], help="write these files")
    parser.add_argument("--no-reuse", action="store_true", help="use no learned template")
    parser.add_argument("--no-cache", action="store_true", help="use no stored reply")
    parser.add_argument("--yes", action="store_true", help="do not ask back; what is missing stays visibly blank")


def request_from(arguments: argparse.Namespace) -> ForgeRequest:
    """Raises UnreadableFile and TooLarge for an attachment that is neither text nor a picture."""
    return ForgeRequest(
        text=read_text(arguments.request) if arguments.request == "-" else arguments.request,
        conversation=arguments.conversation,
        project=arguments.project,
        kind=kind_of(arguments),
        model=arguments.model,
        attachments=tuple(read_attachment(Path(name)) for name in arguments.attach),
        sources=tuple(arguments.source),
        confirmed=getattr(arguments, "yes", False),
        tier=Tier(arguments.tier) if arguments.tier else None,
        parameters=parameters_of(arguments),
        use_cache=not getattr(arguments, "no_cache", False),
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    targets = file_targets(arguments.to, output)
    with build(home_of(arguments)) as app, stopped_by_interrupt() as cancel:
        finished = follow(app, request_from(arguments), cancel, output, tuple(targets))
        return report(app, finished, targets, cancel, output)


def follow(
    app: App, request: ForgeRequest, cancel: CancelToken, output: Output, targets: Sequence[Path] = ()
) -> Finished:
    """Runs a turn and tells its steps. Raises UnsupportedFormat as soon as it is known that a target cannot be."""
    finished: Finished | None = None
    for step in app.forge.run(request, cancel):
        match step:
            case Decided(decision=decision):
                _check_formats(decision, targets)
                output.notice(f"Understood as {decision.intent.value} {decision.kind or ''}".rstrip())
            case AttemptStarted(provider=provider, model=model, attempt=attempt):
                output.notice(f"Asking {provider}/{model}" + (f", attempt {attempt}" if attempt > 1 else ""))
            case Hop(error=error, wait_s=wait):
                then = f"Trying again in {wait:.1f} s." if wait is not None else "Not asking there again."
                output.notice(f"{error.message} {then}")
            case PassedOver(provider=provider, reason=reason):
                output.notice(f"Not asking {provider}. {reason.message}")
            case Waiting(provider=provider, wait_s=wait):
                output.notice(f"{provider} takes no more for now; it is asked in {wait:.1f} s.")
            case Finished():
                finished = step
            case _:
                pass
    assert finished is not None
    return finished


def _check_formats(decision: Decision, targets: Sequence[Path]) -> None:
    """Refuses a file the kind does not go into before anything is paid for it."""
    if decision.intent is Intent.CREATE and decision.kind is not None:
        for target in targets:
            destination(decision.kind, None, target)


def report(app: App, finished: Finished, targets: Mapping[Path, Standing], cancel: CancelToken, output: Output) -> int:
    """Writes the files, prints the result and gives the exit code; files made before one fails are told too.

    `targets`: each with what may be replaced there.
    """
    exports: list[Exported] = []
    errors: list[ForgeError] = []
    try:
        requests = _requests(app, finished, targets, output)
        exports, errors = done_in_turn((partial(follow_export, app, each, cancel, output) for each in requests), cancel)
    except ForgeError as failure:
        errors = [failure]
    error = errors[-1] if errors else finished.error
    if errors:
        finished = replace(finished, status=Status.BLOCKED if isinstance(error, BlockedError) else Status.FAILED)
    output.result(to_json(finished, exports, error), lines_of(finished, exports))
    for earlier in errors[:-1]:
        output.notice(earlier.message)
    code = tell_failure(app, error, output)
    if any(isinstance(each, ExportDiffers) for each in errors):
        output.notice("'forgeapp exports' lists it; 'forgeapp exports retry NUMBER --keep-differing' keeps it.")
    return code


def tell_failure(app: App, error: ForgeError | None, output: Output) -> int:
    """What to do about it, beside the result; gives the exit code."""
    if error is None:
        return 0
    output.notice(f"forgeapp: {error.message}")
    output.notice(error.hint)
    if isinstance(error, (KeyMissing, NoProvider)):
        notice_lock(app, output)
    return error.exit_code


def _requests(app: App, finished: Finished, targets: Mapping[Path, Standing], output: Output) -> list[ExportRequest]:
    if finished.status is not Status.DONE or not finished.artifacts:
        if targets and not finished.artifacts:
            output.notice("No file was written, for nothing was made that could be.")
        return []
    version = app.ledger.artifacts.version(finished.artifacts[0].artifact, finished.artifacts[0].number)
    subject = ArtifactSubject(version.artifact, version.number)
    requests = [ExportRequest(subject, target, may_replace=standing) for target, standing in targets.items()]
    if not targets and finished.decision.intent is Intent.EXPORT:
        proposed = proposed_path(version, finished.export_to, Path())
        requests = [ExportRequest(subject, proposed, may_replace=(), gives_way=True)]
    elif not targets and finished.export_to is not None:
        command = f"forgeapp export {version.artifact} --to NAME.{finished.export_to.value}"
        output.notice(f"You asked for {finished.export_to.value.upper()}: write it with '{command}'.")
    if requests and len(finished.artifacts) > 1:
        others = ", ".join(str(other.artifact) for other in finished.artifacts[1:])
        output.notice(f"Only the first artifact is written; for the others use 'forgeapp export' ({others}).")
    return requests


def to_json(finished: Finished, exports: list[Exported], error: ForgeError | None) -> dict[str, Any]:
    """The JSON document of `forge` and `paste`."""
    artifact = finished.artifacts[0] if finished.artifacts else None
    summary = finished.summary
    data: dict[str, Any] = {
        "status": finished.status.value,
        "intent": finished.decision.intent.value,
        "kind": finished.decision.kind.value if finished.decision.kind else None,
        "confidence": round(finished.decision.confidence, 4),
        "title": summary.title,
        "summary": summary.summary,
        "content": summary.content,
        "bullets": list(summary.bullets),
        "warnings": list(summary.warnings),
        "keywords_added": list(summary.keywords_added),
        "next_actions": list(summary.next_actions),
        "conversation": finished.conversation,
        "artifact": {"id": artifact.artifact, "kind": artifact.kind.value, "version": artifact.number}
        if artifact
        else None,
        "template": finished.template,
        "slots": [slot.name for slot in finished.missing_slots],
        "from": finished.source.value if finished.source else None,
        "calls": list(finished.calls),
        "cost_nano_usd": finished.cost_nano_usd,
        "exports": [str(exported.path) for exported in exports],
        "report": str(finished.report.markdown) if finished.report else None,
    }
    if error is not None:
        data["error"] = error.to_json()
    return data


def lines_of(finished: Finished, exports: list[Exported]) -> list[str]:
    """The result as a person reads it."""
    lines: list[str] = []
    summary = finished.summary
    has_words = finished.status in (Status.CHAT, Status.FAILED) or finished.source is Source.PROVIDER
    if has_words and summary.content:
        lines.append(summary.content.strip())
    elif summary.summary:
        lines.append(summary.summary)
    lines += [
        f"{made.kind.value.capitalize()} '{made.title}': artifact {made.artifact}, version {made.number}, "
        f"conversation {finished.conversation}"
        for made in finished.artifacts
    ]
    lines += [f"Note: {warning}" for warning in summary.warnings]
    if finished.status is Status.NEEDS_SLOTS:
        lines.append("Say it in the request, or leave it blank with --yes.")
    if finished.status is Status.NEEDS_CONFIRMATION:
        lines.append("Run it again with --yes to confirm.")
    for exported in exports:
        lines.extend(lines_of_export(exported))
    if finished.report is not None:
        lines.append(f"Report: {finished.report.markdown}")
    if finished.source is Source.CACHE:
        lines.append("The same was asked before: this is the reply that was kept. Ask anew with --no-cache.")
    if finished.calls:
        lines.append(f"Cost: {usd_text(finished.cost_nano_usd)}")
    return lines
