"""Files of a code artifact that come back from another editor, one by one or packed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.wording import Text
from forgeapp.errors import UnreadableFile
from forgeapp.exporters.zip import safe_paths
from forgeapp.reading.code_files import archived_texts, code_text, is_code_name
from forgeapp.reading.displayed import clean
from forgeapp.reading.file_reading import FileReading
from forgeapp.reading.languages import language_of_file

_TEXTS = (".html", ".htm", ".md", ".markdown", ".txt", ".csv", ".tsv", ".json")


def read_code(base: Code, path: Path) -> FileReading:
    """`base` with what a file of it holds now, or with all that a ZIP file or a JSON export holds.

    A file is the one of its name, else the only one there is, else it is added. Raises UnreadableFile, TooLarge.
    """
    named = _named(base, path.name)
    if path.suffix.lower() == ".zip" and named is None:
        texts, lost = archived_texts(path)
        return FileReading(replace(base, files=_repacked(base, texts)), lost)
    if path.suffix.lower() == ".json" and named is None:
        from forgeapp.reading.files import read_file

        read = read_file(path)
        if isinstance(read.content, Code) and [file.name for file in read.content.files] != [path.name]:
            return read
    is_code = is_code_name(path.name)
    if named is None and not is_code and path.suffix.lower() not in _TEXTS:
        raise UnreadableFile(
            source=path.name,
            reason="it is no code, and none of the artifact's files is named like it",
            remedy=f"Open one of its files ({', '.join(file.name for file in base.files[:5])}), or another code file.",
        )
    text, lost = code_text(path)
    target = named
    if target is None and is_code and len(base.files) == 1:
        target = base.files[0]
    if target is None:
        note = Text("file_added", "{name} was added: no file of the artifact is named like it.", name=path.name)
        return FileReading(replace(base, files=(*base.files, _new(path.name, text))), (*lost, note))
    back = replace(target, text=_carried_over(target.text, text))
    if named is None and Path(target.name).suffix.casefold() != path.suffix.casefold():
        back = replace(back, name=path.name, language=language_of_file(path.name))
    return FileReading(replace(base, files=tuple(back if file is target else file for file in base.files)), lost)


def _named(base: Code, name: str) -> CodeFile | None:
    return next((file for file in base.files if Path(file.name).name.casefold() == name.casefold()), None)


def _repacked(base: Code, texts: Mapping[str, str]) -> tuple[CodeFile, ...]:
    """The artifact's files in their order, as far as they are there, then those that came."""
    left = dict(texts)
    packed = safe_paths([file.name for file in base.files])
    found = {path: path for path in packed if path in left}
    # Letter case counts where files differ by nothing else.
    alike = {path.casefold(): path for path in left if path not in found}
    files: list[CodeFile] = []
    for file, path in zip(base.files, packed, strict=True):
        name = found.get(path) or alike.pop(path.casefold(), None)
        if name is not None:
            files.append(replace(file, text=_carried_over(file.text, left.pop(name))))
    return (*files, *(_new(path, text) for path, text in left.items()))


def _new(name: str, text: str) -> CodeFile:
    return CodeFile(name, language_of_file(name), clean(text))


def _carried_over(before: str, text: str) -> str:
    """The text as the artifact has it: lines it had stay as they were, line ends, too, and it ends as it did."""
    if "\r\n" in before and before.count("\r\n") == before.count("\n"):
        return _carried_over(before.replace("\r\n", "\n"), text).replace("\n", "\r\n")
    known = {line.removesuffix("\r"): line for line in before.split("\n")}
    lines = (known[line] if line in known else clean(line) for line in text.rstrip("\n").split("\n"))
    return "\n".join(lines) + before[len(before.rstrip("\n")) :]
