"""`forgeapp export`: an artifact or a conversation into files, each verified before it takes its place."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from forgeapp.app import App, build
from forgeapp.cli.interruption import stopped_by_interrupt
from forgeapp.cli.number import number
from forgeapp.cli.options import home_of
from forgeapp.cli.output import Output
from forgeapp.cli.progress import progress_teller, waiting_teller
from forgeapp.cli.targets import each_once, standing_to_replace
from forgeapp.domain.artifact import CONVERSATION_FORMATS, FORMATS, Format, Kind
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.export_options import USUAL, Delimiter, ExportOptions, Paper, honoured
from forgeapp.domain.export_request import ArtifactSubject, ConversationSubject, ExportRequest, Subject
from forgeapp.errors import ExportDiffers, ForgeError, UsageError
from forgeapp.services.exporting.destinations import conversation_format, destination
from forgeapp.services.exporting.exported import Exported

_FLAGS = {
    "cover": "a cover page",
    "contents": "a table of contents",
    "line_numbers": "numbers before the lines of code",
    "as_shown": "numbers as they are shown, not as other programs read them",
    "provenance": "where it comes from, at the end",
    "costs": "what each reply of a conversation cost",
}
_OF_CONVERSATIONS = ("costs",)
_ARGUMENTS = {"keeps_delimiter": "delimiter"}
"""Options that another argument says."""


def configure(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("artifact", metavar="ARTIFACT", type=number, nargs="?", help="its number in 'forgeapp artifacts'")
    what.add_argument("--conversation", metavar="ID", type=number, help="a whole conversation: the chat, and its files")
    parser.add_argument("--version", metavar="N", type=number, dest="number", help="an older version")
    parser.add_argument(
        "--to",
        metavar="FILE",
        nargs="+",
        action="extend",
        required=True,
        help="the extension names the format, and a file that stands there is replaced once the new one is verified; "
        "a folder ('out/') takes code's own files",
    )
    parser.add_argument("--yes", action="store_true", help="replace files of code that stand in the folder")
    parser.add_argument(
        "--keep-differing", action="store_true", help="keep a file that does not hold all it should, and say what"
    )
    parser.add_argument(
        "--paper",
        choices=[paper.value for paper in Paper],
        default=USUAL.paper.value,
        help=f"for {_where('paper')} ({USUAL.paper.value})",
    )
    parser.add_argument(
        "--delimiter",
        choices=[each.name.lower() for each in Delimiter],
        help=f"between the cells of {_where('delimiter')} (that of the file it was opened from, else "
        f"{USUAL.delimiter.name.lower()})",
    )
    for name, words in _FLAGS.items():
        where = "" if name in _OF_CONVERSATIONS else f": {_where(name)}"
        parser.add_argument(f"--{name.replace('_', '-')}", action="store_true", help=words + where)
    goes_into = {kind.value: formats for kind, formats in FORMATS.items()} | {"conversation": CONVERSATION_FORMATS}
    parser.epilog = "\n".join(
        [
            "what goes into which files:",
            *(f"  {subject:<12}  {_listed(formats)}" for subject, formats in goes_into.items()),
            "A file is opened again and compared before it takes its place; until then what stands there stays.",
        ]
    )


def _where(option: str) -> str:
    """The formats that know an option."""
    return _listed(each for each in Format if any(option in honoured(kind, each) for kind in (*Kind, None)))


def _listed(formats: Iterable[Format]) -> str:
    return ", ".join(each.value.upper() for each in formats)


def run(arguments: argparse.Namespace, output: Output) -> int:
    if arguments.artifact is None and arguments.number is not None:
        raise UsageError(reason="--version is of an artifact; a conversation has none.")
    with build(home_of(arguments)) as app, stopped_by_interrupt() as cancel:
        subject, kind = _subject(app, arguments)
        names = each_once(arguments.to, output)
        requests = [_request(arguments, name, subject, kind, output) for name in names]
        return in_turn((partial(follow, app, request, cancel, output) for request in requests), cancel, output)


def follow(app: App, request: ExportRequest, cancel: CancelToken, output: Output) -> Exported:
    """Runs one export, and says how far it is and where it has to wait. Raises as `Exports.export`."""
    return app.exports.export(
        request, cancel, progress_teller(output, request.target.name), waiting_teller(app, output)
    )


def in_turn(exports: Iterable[Callable[[], Exported]], cancel: CancelToken, output: Output) -> int:
    """Prints what was made, and what failed; gives the exit code. The last failure is the verb's."""
    exported, errors = done_in_turn(exports, cancel)
    data = {"exports": [each.to_json() for item in exported for each in item.files or (item,)]}
    lines = [line for item in exported for line in lines_of(item)]
    if not errors:
        output.result(data, lines)
        return 0
    for earlier in errors[:-1]:
        output.notice(earlier.message)
    output.failure(errors[-1], lines, **data)
    if any(isinstance(error, ExportDiffers) for error in errors):
        output.notice("It is kept with --keep-differing.")
    return errors[-1].exit_code


def done_in_turn(
    exports: Iterable[Callable[[], Exported]], cancel: CancelToken
) -> tuple[list[Exported], list[ForgeError]]:
    """What was made and what failed; one that fails keeps no other from its turn, but Stop does."""
    exported: list[Exported] = []
    errors: list[ForgeError] = []
    for export in exports:
        try:
            exported.append(export())
        except ForgeError as error:
            errors.append(error)
        if cancel.is_cancelled:
            break
    return exported, errors


def lines_of(exported: Exported) -> Iterable[str]:
    """An export as a person reads it."""
    for each in exported.files or (exported,):
        time = "" if exported.files else f", {each.duration_ms / 1000:.1f} s"
        yield f"Saved: {each.path} ({each.bytes:,} bytes{time})"
        yield from (f"Differs: {difference}" for difference in each.differences)
        yield from (f"Note: {warning}" for warning in each.warnings)


def _subject(app: App, arguments: argparse.Namespace) -> tuple[Subject, Kind | None]:
    """What is to be exported and its kind, None for a conversation. Raises UsageError for what there is not."""
    if arguments.artifact is None:
        app.ledger.conversations.get(arguments.conversation)
        return ConversationSubject(arguments.conversation), None
    rows = app.ledger.artifacts.versions(arguments.artifact)
    wanted = arguments.number or rows[0].number
    kind = next((row.kind for row in rows if row.number == wanted), rows[0].kind)
    return ArtifactSubject(arguments.artifact, wanted), kind


def _request(
    arguments: argparse.Namespace, name: str, subject: Subject, kind: Kind | None, output: Output
) -> ExportRequest:
    """Raises UsageError and UnsupportedFormat for a name that says no file this can go into."""
    options = ExportOptions(
        paper=Paper(arguments.paper),
        delimiter=Delimiter[arguments.delimiter.upper()] if arguments.delimiter else USUAL.delimiter,
        keeps_delimiter=arguments.delimiter is None,
        **{flag: getattr(arguments, flag) for flag in _FLAGS},
    )
    if name in ("", "-"):
        # An empty name is a variable of a script that is not set: for code it would mean the folder one is in.
        raise UsageError(reason="Name a file; nothing is written to standard output.")
    target = Path(name)
    # Path.is_dir raises for a name that is too long, or in a folder that is locked.
    names_folder = name.endswith(("/", os.sep)) or os.path.isdir(name)  # noqa: PTH112
    is_folder = kind is Kind.CODE and names_folder
    if not is_folder:
        _check_file(name, target, kind, names_folder)
    # In a folder: what stands there when it is queued.
    may_replace = (None if arguments.yes else ()) if is_folder else standing_to_replace(target, output)
    file_format = None if is_folder else Format.named(target.suffix.lstrip(".").casefold())
    ignored = sorted(options.to_json().keys() - set(honoured(kind, file_format)))
    if ignored:
        words = ", ".join(dict.fromkeys(f"--{_ARGUMENTS.get(option, option).replace('_', '-')}" for option in ignored))
        output.notice(f"Without effect in {name}: {words}.")
    return ExportRequest(subject, target, options, arguments.keep_differing, is_folder, may_replace)


def _check_file(name: str, target: Path, kind: Kind | None, names_folder: bool) -> None:
    if names_folder:
        usual = CONVERSATION_FORMATS[0] if kind is None else FORMATS[kind][0]
        raise UsageError(reason=f"{name} is a folder: name a file in it, such as {target / 'NAME'}.{usual.value}.")
    if kind is None:
        conversation_format(target)
    else:
        destination(kind, None, target)
