"""The command line: thin verbs over services, one module a noun; without a verb, the window.

Only the module of the verb that was asked for is imported: `forgeapp gate` answers without a database or a window.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import sys
from collections.abc import Callable
from importlib import import_module
from io import TextIOWrapper
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from forgeapp import __version__
from forgeapp.cli.options import add_common_options
from forgeapp.cli.output import Output
from forgeapp.domain.secret import redact
from forgeapp.errors import Cancelled, Crashed, ForgeError, UsageError

if TYPE_CHECKING:
    from forgeapp.app import App


class Verb(Protocol):
    """What a verb's module has: `configure` declares its options, `run` does it and gives the exit code."""

    def configure(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, arguments: argparse.Namespace, output: Output) -> int: ...


_VERBS = {
    "forge": ("forgeapp.cli.forge", "make an artifact, or an answer, from a request in words"),
    "revise": ("forgeapp.cli.revise", "change an artifact, or a part of it, from a request in words"),
    "preview": ("forgeapp.cli.preview", "show exactly what would be sent, and its price; also to copy into any chat"),
    "paste": ("forgeapp.cli.paste", "read a reply you brought from another chat"),
    "gate": ("forgeapp.cli.gate", "say what a message asks for, and do nothing"),
    "read": ("forgeapp.cli.read", "show the artifacts in a model's reply"),
    "open": (
        "forgeapp.cli.open",
        "make an artifact of a file: DOCX, XLSX, CSV, Markdown, HTML, JSON, pictures, code",
    ),
    "artifacts": ("forgeapp.cli.artifacts", "list artifacts; show, compare, name and restore versions"),
    "sources": ("forgeapp.cli.sources", "texts kept to be given to a model as context"),
    "export": ("forgeapp.cli.export", "write an artifact or a conversation to files"),
    "exports": ("forgeapp.cli.exports", "list exports; do one again, take it out of the queue"),
    "export-all": ("forgeapp.cli.export_all", "write everything, with all versions, to one JSON archive"),
    "import": ("forgeapp.cli.import_archive", "take over an archive; what is here already stays as it is"),
    "templates": ("forgeapp.cli.templates", "list and show the built-in templates"),
    "providers": ("forgeapp.cli.providers", "list, add, change, remove, test and order providers"),
    "keys": ("forgeapp.cli.keys", "keep providers' keys in the system's keyring"),
    "route": ("forgeapp.cli.route", "which model answers what, and how"),
    "budget": ("forgeapp.cli.budget", "what may be spent in a month"),
    "usage": ("forgeapp.cli.usage", "calls, tokens and cost"),
    "cache": ("forgeapp.cli.cache", "replies that are given again to the same prompt"),
    "reports": ("forgeapp.cli.reports", "what was tried where nobody answered"),
    "settings": ("forgeapp.cli.settings", "what you can choose"),
    "tour": ("forgeapp.cli.tour", "have the window do its main job by itself, and keep pictures and files"),
    "doctor": ("forgeapp.cli.doctor", "check what the program needs, and say how to mend it"),
}
_WORKER_ARGUMENT = "--worker"


class _Actions(argparse._SubParsersAction):  # type: ignore[type-arg]
    """What a list says of a verb or an action stands above its own help, too."""

    def add_parser(self, name: str, **options: Any) -> argparse.ArgumentParser:
        words = options.get("help")
        if words:
            options.setdefault("description", f"{words[:1].upper()}{words[1:]}.")
        parser: argparse.ArgumentParser = super().add_parser(name, **options)
        return parser


class _Help(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30, width=110)


class _Parser(argparse.ArgumentParser):
    """Raises instead of ending the process, so that wrong usage is reported like every other failure."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, formatter_class=_Help, allow_abbrev=False)
        self.register("action", "parsers", _Actions)

    def error(self, message: str) -> NoReturn:
        raise UsageError(reason=redact(f"{message[:1].upper()}{message[1:]}."))


def main(arguments: list[str] | None = None) -> int:
    """Runs a verb; exit code 0 done, 1 failed, 2 wrong usage, 3 blocked."""
    given = sys.argv[1:] if arguments is None else arguments
    if given == [_WORKER_ARGUMENT]:
        from forgeapp.services.workers import serve

        return serve()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    output = Output("--json" in given)
    try:
        return _run(given, output)
    except ForgeError as error:
        output.failure(error)
        return error.exit_code
    except KeyboardInterrupt:
        output.failure(Cancelled())
        return Cancelled.exit_code
    except BrokenPipeError:
        # Whoever read our output has gone; the interpreter must not complain of it at the end.
        sys.stdout = None
        return 1
    except Exception:  # noqa: BLE001 - the last stop: a bug of ours is logged and told
        _log_crash(given)
        output.failure(Crashed())
        return 1


def _log_crash(given: list[str]) -> None:
    from forgeapp import log
    from forgeapp.paths import find_home

    with contextlib.suppress(ForgeError):
        log.start(find_home(_home_of(given)).logs)
    logging.getLogger(__name__).exception("a verb crashed")


def _run(given: list[str], output: Output) -> int:
    name = _verb_of(given)
    parser = _Parser(
        prog="forgeapp",
        description="Ask in words, get a real file. Without a verb, the window opens.",
        epilog=_listed_verbs(),
    )
    add_common_options(parser)
    parser.add_argument("--version", action="version", version=f"ForgeApp {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", help="'forgeapp VERB --help' tells more")
    run: Callable[[argparse.Namespace, Output], int] | None = None
    for verb, (module_name, help_text) in _VERBS.items():
        if name in (None, verb):
            verb_parser = verbs.add_parser(verb, description=f"{help_text[:1].upper()}{help_text[1:]}.")
            add_common_options(verb_parser)
            if verb == name:
                module: Verb = import_module(module_name)
                module.configure(verb_parser)
                run = module.run
    parsed, unknown = parser.parse_known_args(given)
    if unknown:
        raise UsageError(reason=_unknown(unknown, name))
    if run is None:
        if output.as_json:
            raise UsageError(reason="Name a verb.")
        return _open_window(_home_of(given))
    return run(parsed, output)


def _unknown(words: list[str], verb: str | None) -> str:
    """What was not understood; not the words behind an option or among `keys`, for one of them may be a key."""
    if options := [_option_name(word) for word in words if word.startswith("-")]:
        return f"Unrecognized arguments: {' '.join(options)}."
    if verb == "keys":
        return (
            "A key is never taken from the command line, where others can read it: it is asked for, or read from "
            "standard input."
        )
    return f"Unrecognized arguments: {' '.join(words)}."


def _option_name(word: str) -> str:
    """Without its value: '--key=x' and '-kx' are '--key' and '-k'."""
    return word.partition("=")[0] if word.startswith("--") else word[:2]


def _open_window(home_name: str | None) -> int:
    from forgeapp.paths import find_home
    from forgeapp.ui.program import run

    home = find_home(home_name)

    def build_services() -> App:
        # Not before the first paint: this import takes longer than the window.
        from forgeapp.app import build

        return build(home.root)

    return run(home, build_services)


def _home_of(given: list[str]) -> str | None:
    for word, following in pairwise([*given, None]):
        if word == "--home":
            return following
        if word is not None and word.startswith("--home="):
            return word.removeprefix("--home=")
    return None


def _listed_verbs() -> str:
    width = max(map(len, _VERBS))
    return "\n".join(["verbs:", *(f"  {verb:<{width}}  {help_text}" for verb, (_, help_text) in _VERBS.items())])


def _verb_of(given: list[str]) -> str | None:
    """The verb, without parsing: the first word that is none of our own options' values."""
    words = iter(given)
    for word in words:
        if word == "--home":
            next(words, None)
        elif not word.startswith("-"):
            return word if word in _VERBS else None
    return None
