"""`forgeapp forge`: one turn, and the files asked for."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from forgeapp.app import App, build
from forgeapp.cli.input import read_text
from forgeapp.cli.output import Output
from forgeapp.domain.artifact import Kind
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.decision import Intent
from forgeapp.domain.events import AttemptStarted, Decided, Finished, Hop, Status
from forgeapp.domain.money import usd_text
from forgeapp.domain.request import ForgeRequest
from forgeapp.errors import BlockedError, ForgeError
from forgeapp.services.exports import Exported, proposed_path
from forgeapp.services.files import read_attachment


def add_request_options(parser: argparse.ArgumentParser) -> None:
    """What `forge` and `preview` share."""
    parser.add_argument("request", metavar="REQUEST", help="what you want, in words; '-' reads standard input")
    parser.add_argument("--kind", choices=[kind.value for kind in Kind], help="make this kind, whatever the words say")
    parser.add_argument("--attach", metavar="FILE", action="append", default=[], help="a text file as context")
    parser.add_argument("--project", metavar="NAME", help="the project a new conversation belongs to")
    parser.add_argument("--conversation", metavar="ID", type=int, help="go on with this conversation")
    parser.add_argument("--model", metavar="PROVIDER/MODEL", help="ask this model and no other")


def configure(parser: argparse.ArgumentParser) -> None:
    add_request_options(parser)
    parser.add_argument("--to", metavar="FILE", nargs="+", action="extend", default=[], help="write these files")
    parser.add_argument("--no-reuse", action="store_true", help="use no learned template")
    parser.add_argument("--no-cache", action="store_true", help="use no stored reply")
    parser.add_argument("--yes", action="store_true", help="do not ask back; what is missing stays visibly blank")


def request_from(arguments: argparse.Namespace) -> ForgeRequest:
    """Raises UnreadableFile for an attachment that is no text."""
    return ForgeRequest(
        text=read_text(arguments.request) if arguments.request == "-" else arguments.request,
        conversation=arguments.conversation,
        project=arguments.project,
        kind=Kind(arguments.kind) if arguments.kind else None,
        model=arguments.model,
        attachments=tuple(read_attachment(Path(name)) for name in arguments.attach),
        confirmed=getattr(arguments, "yes", False),
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    with build(getattr(arguments, "home", None)) as app:
        finished: Finished | None = None
        for step in app.forge.run(request_from(arguments), CancelToken()):
            match step:
                case Decided(decision=decision):
                    output.notice(f"Understood as {decision.intent.value} {decision.kind or ''}".rstrip())
                case AttemptStarted(provider=provider, model=model, attempt=attempt):
                    output.notice(f"Asking {provider}/{model}" + (f", attempt {attempt}" if attempt > 1 else ""))
                case Hop(error=error, wait_s=wait):
                    then = f"again in {wait:.1f} s" if wait is not None else "no further attempt there"
                    output.notice(f"{error.message} {then}.")
                case Finished():
                    finished = step
                case _:
                    pass
        assert finished is not None
        return report(app, finished, [Path(name) for name in arguments.to], output)


def report(app: App, finished: Finished, targets: list[Path], output: Output) -> int:
    """Writes the files, prints the result and gives the exit code."""
    exports: list[Exported] = []
    error = finished.error
    try:
        exports = _export(app, finished, targets, output)
    except ForgeError as failure:
        error = failure
        finished = replace(finished, status=Status.BLOCKED if isinstance(failure, BlockedError) else Status.FAILED)
    output.result(to_json(finished, exports, error), _lines(finished, exports))
    if error is None:
        return 0
    output.notice(f"forgeapp: {error.message}")
    output.notice(error.hint)
    return error.exit_code


def _export(app: App, finished: Finished, targets: list[Path], output: Output) -> list[Exported]:
    if finished.status is not Status.DONE or not finished.artifacts:
        if targets:
            output.notice("No file was written: there is no artifact.")
        return []
    version = app.ledger.artifacts.version(finished.artifacts[0].artifact, finished.artifacts[0].number)
    if not targets and finished.decision.intent is Intent.EXPORT:
        targets = [proposed_path(version, finished.export_to, Path.cwd())]
    return [app.exports.export(version, target, CancelToken()) for target in targets]


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
        "slots": list(finished.missing_slots),
        "from": finished.source.value if finished.source else None,
        "calls": list(finished.calls),
        "cost_nano_usd": finished.cost_nano_usd,
        "exports": [str(exported.path) for exported in exports],
        "report": None,
    }
    if error is not None:
        data["error"] = error.to_json()
    return data


def _lines(finished: Finished, exports: list[Exported]) -> list[str]:
    lines: list[str] = []
    summary = finished.summary
    if finished.status is Status.CHAT:
        lines.append(summary.content)
    elif summary.summary:
        lines.append(summary.summary)
    lines += [
        f"{made.kind.value.capitalize()} '{made.title}': artifact {made.artifact}, version {made.number}"
        for made in finished.artifacts
    ]
    lines += [f"Note: {warning}" for warning in summary.warnings]
    if finished.status is Status.NEEDS_SLOTS:
        lines.append("Say it in the request, or leave it blank with --yes.")
    if finished.status is Status.NEEDS_CONFIRMATION:
        lines.append("Run it again with --yes to confirm.")
    for exported in exports:
        lines.append(f"Saved: {exported.path} ({exported.bytes:,} bytes)")
        lines.extend(f"Note: {warning}" for warning in exported.warnings)
    if finished.calls:
        lines.append(f"Cost: {usd_text(finished.cost_nano_usd)}")
    return lines
