"""Every artifact of the corpus in every format of its kind: written and verified, nothing unexpected told."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from forgeapp.domain.artifact import FORMATS, Format
from forgeapp.domain.content import from_json, kind_of, to_json
from forgeapp.errors import ExportFailed, UnsafeContent
from forgeapp.services.exporting.job import ExportJob, export_task
from tests.unit.exporters.corpus import FOLDER, Sample, computed, is_expected, large_samples, samples

SAMPLES = samples()
CASES = [
    # PDF takes the longest: every other one is enough for each change, and all of them for the soak.
    pytest.param(name, each, id=f"{name}-{each}", marks=[pytest.mark.soak] if each is Format.PDF and number % 2 else [])
    for number, (name, sample) in enumerate(SAMPLES.items())
    for each in sample.formats
]
REFUSED = [pytest.param(name, each, id=f"{name}-{each}") for name, sample in SAMPLES.items() for each in sample.refused]
LARGE = [
    pytest.param(sample, each, id=f"{sample.name}-{each}") for sample in large_samples() for each in sample.formats
]


def unexpected(sample: Sample, file_format: Format, folder: Path) -> list[str]:
    """What is told beyond the expected. Differences raise ExportDiffers."""
    content, target = sample.content, folder / f"{sample.name}.{file_format.value}"
    job = ExportJob(content, content.title or "", computed(content), target, file_format, options=sample.options)
    told = export_task(job, lambda share: None)
    assert [file["size"] for file in told["left"]] == [target.stat().st_size]
    assert list(folder.glob("*.part*")) == []
    return [each for each in told["warnings"] if not is_expected(sample, file_format, each)]


@pytest.mark.parametrize(("name", "file_format"), CASES)
def test_an_artifact_is_written_and_verified(name: str, file_format: Format, tmp_path: Path) -> None:
    assert unexpected(SAMPLES[name], file_format, tmp_path) == []


@pytest.mark.parametrize(("name", "file_format"), REFUSED)
def test_what_is_refused_leaves_no_file(name: str, file_format: Format, tmp_path: Path) -> None:
    content = SAMPLES[name].content
    job = ExportJob(content, "T", computed(content), tmp_path / f"a.{file_format.value}", file_format)
    with pytest.raises((UnsafeContent, ExportFailed)) as raised:
        export_task(job, lambda share: None)
    assert str(raised.value)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []


@pytest.mark.soak
@pytest.mark.parametrize(("sample", "file_format"), LARGE)
def test_a_large_artifact_is_written_and_verified(sample: Sample, file_format: Format, tmp_path: Path) -> None:
    assert unexpected(sample, file_format, tmp_path) == []


def test_the_corpus_has_every_kind_and_says_what_each_artifact_is_for() -> None:
    assert len(SAMPLES) >= 48
    assert {kind_of(sample.content) for sample in SAMPLES.values()} == set(FORMATS)
    listed = re.findall(r"^\| ([a-z-]+) \| .", (FOLDER / "README.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(SAMPLES)


@pytest.mark.parametrize("name", SAMPLES)
def test_an_artifact_comes_back_from_its_json_the_same(name: str) -> None:
    content = SAMPLES[name].content
    assert from_json(json.loads(json.dumps(to_json(content)))) == content
