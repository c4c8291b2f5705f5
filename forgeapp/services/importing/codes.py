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
from forgeapp.reading.files import FileReading
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
    paths = {path.casefold(): path for path in texts}
    files: list[CodeFile] = []
    for file, packed in zip(base.files, safe_paths([file.name for file in base.files]), strict=True):
        path = paths.pop(packed.casefold(), None)
        if path is not None:
            files.append(replace(file, text=_carried_over(file.text, texts[path])))
    return (*files, *(_new(path, texts[path]) for path in texts if path in paths.values()))


def _new(name: str, text: str) -> CodeFile:
    return CodeFile(name, language_of_file(name), clean(text))


def _carried_over(before: str, text: str) -> str:
    """The text as the artifact has it: lines it had stay as they were, and it ends as it did."""
    known = set(before.split("\n"))
    lines = (line if line in known else clean(line) for line in text.rstrip("\n").split("\n"))
    return "\n".join(lines) + before[len(before.rstrip("\n")) :]
