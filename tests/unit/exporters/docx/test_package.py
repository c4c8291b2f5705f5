"""The whole package against the schemas and rules of ECMA-376, by a validator that wrote none of it."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from openxml_audit import FileFormat, OpenXmlValidator

from forgeapp.domain.artifact import Kind
from forgeapp.domain.document import Block, CodeBlock, InlineMath, ListBlock, MathBlock, TableBlock
from forgeapp.domain.export_options import ExportOptions, Paper
from forgeapp.domain.publication import Publication
from forgeapp.exporters.docx.exporter import EXPORTER
from forgeapp.exporters.docx.styles import W
from tests.unit.exporters.document_samples import RICH, full_report, items, paragraph, publication, table
from tests.unit.exporters.formula_samples import FORMULAS


def _deep() -> Block:
    block: Block = paragraph("leaf")
    for number in range(12):
        block = ListBlock(number % 2 == 0, items((paragraph("item"), block)))
    return block


SAMPLES: dict[str, Publication] = {
    "rich": publication(*RICH, author="Author", language="de-DE"),
    "full": full_report(),
    "letter": replace(full_report(), options=ExportOptions(paper=Paper.LETTER, contents=True)),
    "formulas": publication(*(MathBlock(tex) for tex in FORMULAS), paragraph(*(InlineMath(tex) for tex in FORMULAS))),
    "figures": publication(table([f"Wide column {n}" for n in range(9)], ["some longer text"] * 9), kind=Kind.TABLE),
    "empty": publication(),
    "odd": publication(TableBlock((), (), ()), _deep(), CodeBlock("python", "x = 1\n" * 450), table(["A"], ["b"])),
}


def _errors(path: Path) -> list[str]:
    result = OpenXmlValidator(FileFormat.OFFICE_2019).validate(str(path))
    return [str(error) for error in result.errors]


@pytest.mark.parametrize("name", SAMPLES)
def test_the_package_is_valid(tmp_path: Path, name: str) -> None:
    path = tmp_path / "out.docx"
    EXPORTER.write(SAMPLES[name], path, lambda share: None)
    assert _errors(path) == []
    assert EXPORTER.verify(SAMPLES[name], path) == []


def test_the_validator_would_say_so(tmp_path: Path) -> None:
    path = tmp_path / "out.docx"
    EXPORTER.write(SAMPLES["rich"], path, lambda share: None)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    root = etree.fromstring(parts["word/document.xml"])
    properties = next(each for each in root.iter(f"{{{W}}}pPr") if len(each) > 1)
    properties.append(properties[0])
    parts["word/document.xml"] = etree.tostring(root)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    assert _errors(path)
