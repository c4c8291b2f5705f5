"""Files the user opens, by their ending: which module reads it, and what to do about those none reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from forgeapp.domain.document import Document
from forgeapp.reading.file_reading import FileReading
from forgeapp.reading.text_files import read_text

MAX_BYTES = 200_000_000


Reader = Callable[[Path, int], FileReading]
"""Takes the file and the most bytes to read."""


def read_file(path: Path, *, max_bytes: int = MAX_BYTES) -> FileReading:
    """The content of a file ending in one of ENDINGS, or named as code is. Raises UnreadableFile, TooLarge."""
    from forgeapp.reading.code_files import is_code_name
    from forgeapp.reading.signatures import check_signature

    ending = path.suffix.lower()
    is_code = ending not in _READERS and is_code_name(path.name)
    check_signature(path, ending, (*ENDINGS, ending) if is_code else ENDINGS)
    return (_code if is_code else _READERS[ending])(path, max_bytes)


def _delimited(path: Path, max_bytes: int) -> FileReading:
    from forgeapp.reading.delimited_files import read_delimited_file

    text, doubt = read_text(path, max_bytes)
    return _doubted(read_delimited_file(text, path, "\t" if path.suffix.lower() == ".tsv" else None), doubt)


def _json(path: Path, max_bytes: int) -> FileReading:
    from forgeapp.reading.json_files import read_json_file

    text, doubt = read_text(path, max_bytes)
    return _doubted(read_json_file(text, path), doubt)


def _markdown(path: Path, max_bytes: int) -> FileReading:
    from forgeapp.reading.anatomy import Anatomy
    from forgeapp.reading.displayed import clean
    from forgeapp.reading.front_matter import doubt_of_front_matter, split_front_matter, stated_title
    from forgeapp.reading.interpretation import title_of
    from forgeapp.reading.neighbours import Neighbours, with_pictures

    text, doubt = read_text(path, max_bytes)
    neighbours = Neighbours(path)
    markdown = with_pictures(clean(text).strip("\n"), neighbours)
    head, body = split_front_matter(markdown)
    title = stated_title(head) or title_of(Anatomy(body.split("\n")))
    return FileReading(Document(title, markdown), (*doubt, *doubt_of_front_matter(markdown), *neighbours.told()))


def _html(path: Path, max_bytes: int) -> FileReading:
    from forgeapp.reading.html_file import read_html
    from forgeapp.reading.neighbours import Neighbours

    text, doubt = read_text(path, max_bytes)
    neighbours = Neighbours(path)
    return _doubted(read_html(text, path.name, neighbours), (*doubt, *neighbours.told()))


def _docx(path: Path, _max_bytes: int) -> FileReading:
    from forgeapp.reading.docx_file import read_docx

    return read_docx(path)


def _xlsx(path: Path, _max_bytes: int) -> FileReading:
    from forgeapp.reading.xlsx_file import read_xlsx

    return read_xlsx(path)


def _code(path: Path, max_bytes: int) -> FileReading:
    from forgeapp.reading.code_files import read_code_file

    return read_code_file(path, max_bytes)


def _image(path: Path, max_bytes: int) -> FileReading:
    from forgeapp.reading.image_file import read_image_file

    return read_image_file(path, max_bytes)


def _zip(path: Path, max_bytes: int) -> FileReading:
    from forgeapp.reading.code_files import read_code_archive

    return read_code_archive(path, max_bytes)


def _doubted(reading: FileReading, doubt: tuple[str, ...]) -> FileReading:
    return replace(reading, lost=(*doubt, *reading.lost))


_READERS: Mapping[str, Reader] = {
    ".docx": _docx,
    ".xlsx": _xlsx,
    ".xlsm": _xlsx,
    ".csv": _delimited,
    ".tsv": _delimited,
    ".md": _markdown,
    ".markdown": _markdown,
    ".txt": _markdown,
    ".html": _html,
    ".htm": _html,
    ".json": _json,
    ".zip": _zip,
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff"), _image),
}
ENDINGS = tuple(_READERS)
CODE_ENDINGS = (
    *(".py", ".js", ".mjs", ".ts", ".jsx", ".tsx", ".vue", ".css", ".scss", ".sql", ".yaml", ".yml", ".toml", ".xml"),
    *(".ini", ".sh", ".ps1", ".bat", ".c", ".h", ".cpp", ".hpp", ".cs", ".java", ".kt", ".swift", ".go", ".rs", ".rb"),
    *(".php", ".pl", ".lua", ".r", ".scala", ".dart", ".hs", ".tex", ".tf", ".graphql", ".proto", ".diff"),
)
"""The usual ones of code, for lists to choose from; read is whatever Pygments takes for code by its name."""
