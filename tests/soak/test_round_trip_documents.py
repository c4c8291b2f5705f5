"""A document exported, changed in one word by LibreOffice and opened again differs in that word alone.

LibreOffice reads each file, writes flat XML in which the word is replaced, and writes the file from that: what comes
back is LibreOffice's own, every style, list and footnote of it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from forgeapp.domain.document import Document
from forgeapp.exporters.docx.exporter import EXPORTER as DOCX
from forgeapp.exporters.html.exporter import EXPORTER as HTML
from forgeapp.reading.files import read_file
from forgeapp.reading.front_matter import split_front_matter
from forgeapp.services.comparing import compare
from forgeapp.services.exporting.publishing import publication
from forgeapp.services.importing.documents import carried_over
from tests.soak.round_trip_samples import CHANGES, DOCUMENTS

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed"),
]
HAS_EQUATIONS = SOFFICE is not None and any(Path(SOFFICE).resolve().parent.glob("*smlo*"))
"""LibreOffice drops equations of Word files where its part for formulas (libreoffice-math) is not installed."""
FORMULAS = re.compile(r"\$\$.*?\$\$\n*|\$[^$\n]+\$ ?", re.DOTALL)
LOST_IN_HTML = {"- [", "> - ", "> > ", "```\nplain"}
"""What LibreOffice cannot keep in HTML: boxes, what stands in quotes, code right after code."""


def converted(files: list[Path], to: str, folder: Path, profile: Path, *options: str) -> None:
    command = [str(SOFFICE), "--headless", f"-env:UserInstallation={profile.as_uri()}", *options, "--convert-to", to]
    subprocess.run([*command, "--outdir", folder, *files], check=True, capture_output=True, timeout=80)


def replaced(flat: Path, before: str, after: str) -> None:
    """The word replaced in the text of a flat XML file, wherever it stands."""
    head, body, rest = re.split(r"(<office:body>.*</office:body>)", flat.read_text(encoding="utf-8"), flags=re.DOTALL)
    pieces = re.split(r"(<[^>]*>)", body)
    pieces = [piece if piece.startswith("<") else piece.replace(escape(before), escape(after)) for piece in pieces]
    assert "".join(pieces) != body, before
    flat.write_text(head + "".join(pieces) + rest, encoding="utf-8")


def changed_elsewhere(tmp_path: Path, documents: dict[str, str], ending: str) -> dict[tuple[str, str], Path]:
    """The files as LibreOffice wrote them, by document and word; '' for one it changed nothing in."""
    profile = tmp_path / "profile"
    exporter, options, to = {
        "docx": (DOCX, (), "docx"),
        "html": (HTML, ("--infilter=HTML (StarWriter)",), "html:HTML (StarWriter)"),
    }[ending]
    for name, markdown in documents.items():
        content = Document(name, markdown)
        exporter.write(publication(content, name, {}), tmp_path / f"{name}.{ending}", lambda share: None)
    converted([tmp_path / f"{name}.{ending}" for name in documents], "fodt", tmp_path, profile, *options)
    cases: dict[tuple[str, str], Path] = {}
    for name in documents:
        flat = tmp_path / f"{name}.fodt"
        for number, (before, after) in enumerate([("", ""), *CHANGES[name]]):
            target = tmp_path / f"{name}-{number}.fodt"
            shutil.copy(flat, target)
            if before:
                replaced(target, before, after)
            cases[name, before] = target
    converted(list(cases.values()), to, tmp_path / "again", profile)
    return {case: tmp_path / "again" / f"{path.stem}.{ending}" for case, path in cases.items()}


def unexpected(documents: dict[str, str], files: dict[tuple[str, str], Path]) -> list[object]:
    """Every case whose hunks are not exactly those of the word replaced in the Markdown."""
    result: list[object] = []
    for (name, word), path in files.items():
        base = Document(name, documents[name])
        changes = dict(CHANGES[name])
        head, body = split_front_matter(base.markdown)
        wanted = Document(name, head + (body.replace(word, changes[word]) if word else body))
        hunks = compare(base, carried_over(base, read_file(path))).hunks
        if hunks != compare(base, wanted).hunks:
            result.append((name, word, [(hunk.where, hunk.before, hunk.after) for hunk in hunks]))
    return result


def test_one_word_changed_in_a_docx_file_is_all_that_changes(tmp_path: Path) -> None:
    documents = DOCUMENTS if HAS_EQUATIONS else {name: FORMULAS.sub("", text) for name, text in DOCUMENTS.items()}
    files = changed_elsewhere(tmp_path, documents, "docx")
    assert unexpected(documents, files) == []


def test_one_word_changed_in_an_html_file_is_all_that_changes(tmp_path: Path) -> None:
    documents = {name: text for name, text in DOCUMENTS.items() if not any(sign in text for sign in LOST_IN_HTML)}
    files = changed_elsewhere(tmp_path, documents, "html")
    assert len(documents) >= 3
    assert unexpected(documents, files) == []
