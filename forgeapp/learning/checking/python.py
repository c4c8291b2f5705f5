"""Python: whether it can be read, calls that run or trust what they are given, and what is missing for its readers."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Sequence
from typing import Final

from forgeapp.domain.finding import Finding, Severity
from forgeapp.domain.wording import Text
from forgeapp.learning.checking.source import Source

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_RUNS_CODE: Final = frozenset({"eval", "exec", "builtins.eval", "builtins.exec"})
_RUNS_COMMANDS: Final = frozenset({"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"})
_SHELL_TAKERS: Final = frozenset(
    f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output", "Popen")
)
_UNPACKS: Final = frozenset(
    f"{module}.{name}"
    for module in ("pickle", "cPickle", "_pickle", "dill", "marshal", "shelve", "joblib")
    for name in ("load", "loads", "open")
) - {"pickle.open", "marshal.open", "dill.open", "joblib.open", "cPickle.open", "_pickle.open"}
_SAFE_LOADERS: Final = ("SafeLoader", "CSafeLoader", "BaseLoader")


def check_python(source: Source) -> Iterator[Finding]:
    place = source.text.find("\0")
    if place >= 0:
        # Python's own releases tell it in different ways, some without the place.
        yield source.finding(place, 1, Severity.ERROR, _unreadable("there is a null character"))
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source.text)
    except SyntaxError as error:
        yield _syntax_finding(source, error)
        return
    yield from _Reader(source, tree).findings()


def _unreadable(detail: str) -> Text:
    return Text("python_syntax", "Python cannot read this: {detail}.", detail=detail)


def _syntax_finding(source: Source, error: SyntaxError) -> Finding:
    width = 1
    if error.end_lineno == error.lineno and error.end_offset and error.offset:
        width = error.end_offset - error.offset
    detail = (error.msg or "").rstrip(".")
    return source.finding_at(error.lineno or 1, error.offset or 1, width, Severity.ERROR, _unreadable(detail))


class _Reader:
    """One file's syntax tree, read once; what names stand for is taken from its imports."""

    def __init__(self, source: Source, tree: ast.Module) -> None:
        self._source = source
        self._nodes = list(ast.walk(tree))
        self._tree = tree
        self._meant: dict[str, str] = {}
        for node in self._nodes:
            if isinstance(node, ast.Import):
                self._meant.update((alias.asname, alias.name) for alias in node.names if alias.asname)
            elif isinstance(node, ast.ImportFrom) and node.module:
                self._meant.update((alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names)

    def findings(self) -> Iterator[Finding]:
        for node in self._nodes:
            match node:
                case ast.Call():
                    yield from self._check_call(node)
                case ast.ExceptHandler(type=None):
                    yield self._at(node, 7, Severity.HINT, Text(
                        "python_bare_except",
                        "This catches everything, also what ends the program: name the errors that are meant.",
                    ))  # fmt: skip
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    yield from self._check_defaults(node)
        yield from self._check_documentation(self._tree.body, "")

    def _check_call(self, call: ast.Call) -> Iterator[Finding]:
        name = self._name_of(call.func)
        if name in _RUNS_CODE:
            message = Text(
                "python_runs_text", "{call} runs whatever text it is given: read the text by other means.", call=name
            )
        elif name in _RUNS_COMMANDS or (name in _SHELL_TAKERS and self._has_shell(call)):
            message = Text(
                "python_runs_shell",
                "{call} gives a text to the shell, which runs whatever stands in it: pass a list, without a shell.",
                call=name,
            )
        elif name in _UNPACKS:
            message = Text(
                "python_unpickles",
                "{call} runs whatever the data say: use it for your own files only, or JSON.",
                call=name,
            )
        elif name in ("yaml.load", "yaml.load_all") and not self._is_safely_loaded(call):
            message = Text(
                "python_unsafe_yaml", "{call} can make any object the text names: use yaml.safe_load.", call=name
            )
        else:
            return
        yield self._at(call, _width(call.func), Severity.WARNING, message)

    def _name_of(self, node: ast.expr) -> str:
        """'subprocess.run', whatever it was imported as; '' for what is no name."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        return ".".join([self._meant.get(node.id, node.id), *reversed(parts)])

    def _has_shell(self, call: ast.Call) -> bool:
        return any(
            keyword.arg == "shell" and not (isinstance(keyword.value, ast.Constant) and not keyword.value.value)
            for keyword in call.keywords
        )

    def _is_safely_loaded(self, call: ast.Call) -> bool:
        given = [*call.args[1:2], *(keyword.value for keyword in call.keywords if keyword.arg == "Loader")]
        return any(self._name_of(loader).rpartition(".")[2] in _SAFE_LOADERS for loader in given)

    def _check_defaults(self, function: _Function) -> Iterator[Finding]:
        for default in (*function.args.defaults, *function.args.kw_defaults):
            if isinstance(default, ast.List | ast.Dict | ast.Set):
                message = Text(
                    "python_shared_default",
                    "All calls share this one default, and what one puts in stays for the next: take None, and make "
                    "it inside.",
                )
                yield self._at(default, _width(default), Severity.WARNING, message)

    def _check_documentation(self, body: Sequence[ast.stmt], owner: str) -> Iterator[Finding]:
        """Of what others call: functions, classes and their methods whose names begin with no underscore."""
        for node in body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                if ast.get_docstring(node, clean=False) is None:
                    yield self._named(node, "class ", Text(
                        "python_no_docstring", "{name} has no docstring: say what it is for.", name=node.name
                    ))  # fmt: skip
                yield from self._check_documentation(node.body, node.name)
            elif isinstance(node, _Function):
                yield from self._check_function(node, owner)

    def _check_function(self, node: _Function, owner: str) -> Iterator[Finding]:
        name = f"{owner}.{node.name}" if owner else node.name
        word = "async def " if isinstance(node, ast.AsyncFunctionDef) else "def "
        if not node.name.startswith("_") and ast.get_docstring(node, clean=False) is None:
            message = Text("python_no_docstring", "{name} has no docstring: say what it is for.", name=name)
            yield self._named(node, word, message)
        missing = self._missing_types(node, is_method=bool(owner))
        if missing and (not node.name.startswith("_") or node.name == "__init__"):
            message = Text("python_no_types", "{name} lacks type hints: {parts}.", name=name, parts=", ".join(missing))
            yield self._named(node, word, message)

    def _missing_types(self, node: _Function, is_method: bool) -> list[str]:
        arguments = [*node.args.posonlyargs, *node.args.args]
        is_static = any(isinstance(each, ast.Name) and each.id == "staticmethod" for each in node.decorator_list)
        if is_method and not is_static:
            arguments = arguments[1:]
        arguments += node.args.kwonlyargs
        missing = [argument.arg for argument in arguments if argument.annotation is None]
        missing += [each.arg for each in (node.args.vararg, node.args.kwarg) if each and each.annotation is None]
        if node.returns is None and node.name != "__init__":
            missing.append("return")
        return missing

    def _named(self, node: _Function | ast.ClassDef, word: str, message: Text) -> Finding:
        return self._at(node, len(word) + len(node.name), Severity.HINT, message)

    def _at(
        self, node: ast.expr | ast.stmt | ast.ExceptHandler, width: int, severity: Severity, message: Text
    ) -> Finding:
        line = self._source.lines[node.lineno - 1] if node.lineno <= len(self._source.lines) else ""
        # ast counts bytes of UTF-8.
        column = node.col_offset if line.isascii() else len(line.encode()[: node.col_offset].decode(errors="ignore"))
        return self._source.finding_at(node.lineno, column + 1, width, severity, message)


def _width(node: ast.expr) -> int:
    """To the node's end where that stands in the same line, else to the line's end."""
    is_one_line = node.end_lineno == node.lineno and node.end_col_offset is not None
    return (node.end_col_offset or 0) - node.col_offset if is_one_line else 10_000
