"""The log: readable by machines, by its owner only, and without keys."""

from __future__ import annotations

import json
import logging
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from forgeapp import log
from forgeapp.domain.secret import Secret
from forgeapp.errors import HomeNotWritable


@pytest.fixture(autouse=True)
def _root_put_back() -> Iterator[None]:
    root, secrets = logging.getLogger(), set(log._secrets)
    level = root.level
    yield
    log.stop()
    root.setLevel(level)
    log._secrets.clear()
    log._secrets.update(secrets)


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / log.FILE_NAME).read_text("utf-8").splitlines()]


def test_every_entry_is_one_line_of_json(tmp_path: Path) -> None:
    log.start(tmp_path)
    logging.getLogger("forgeapp.x").info("two\nlines of %s", "Größe")
    (entry,) = lines(tmp_path)
    assert entry["message"] == "two\nlines of Größe"
    assert (entry["level"], entry["logger"]) == ("info", "forgeapp.x")
    assert entry["at"].endswith("+00:00")


def test_the_log_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = log.start(tmp_path / "logs")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_log_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    (tmp_path / log.FILE_NAME).touch(mode=0o644)
    path = log.start(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.security
def test_keys_are_hidden_in_messages_arguments_and_tracebacks(tmp_path: Path) -> None:
    log.start(tmp_path)
    log.hide(Secret("own-key-without-a-known-look"))
    logger = logging.getLogger("forgeapp.x")
    logger.warning("sk-0123456789abcdef and %s", {"k": "own-key-without-a-known-look"})
    try:
        raise ValueError("Bearer sk-0123456789abcdef; own-key-without-a-known-look")
    except ValueError:
        logger.exception("failed")
    text = (tmp_path / log.FILE_NAME).read_text("utf-8")
    assert "0123456789abcdef" not in text
    assert "own-key" not in text
    assert "ValueError" in lines(tmp_path)[1]["error"]


@pytest.mark.security
def test_what_http_libraries_tell_of_headers_is_not_logged(tmp_path: Path) -> None:
    log.start(tmp_path, logging.DEBUG)
    logging.getLogger("httpcore.http11").debug("headers=[(b'authorization', b'Bearer x')]")
    logging.getLogger("httpx").info("HTTP Request: POST ...")
    assert lines(tmp_path) == []


def test_the_log_turns_over_and_stays_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "_FILE_BYTES", 100_000)
    log.start(tmp_path)
    for number in range(90):
        logging.getLogger("forgeapp.x").info("%d %s", number, "x" * 8_000)
    files = sorted(tmp_path.iterdir())
    assert len(files) == 6
    assert sum(file.stat().st_size for file in files) < 610_000
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)


def test_starting_again_moves_the_log(tmp_path: Path) -> None:
    log.start(tmp_path / "one")
    log.start(tmp_path / "two")
    logging.getLogger("forgeapp.x").info("here")
    assert lines(tmp_path / "one") == []
    assert len(lines(tmp_path / "two")) == 1


def test_text_that_no_file_can_hold_is_logged_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The test runner's own handlers cannot pass such text on either.
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    log.start(tmp_path)
    logging.getLogger("forgeapp.x").info("half \ud83d")
    assert lines(tmp_path)[0]["message"].startswith("half ")


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HomeNotWritable):
        log.start(tmp_path / "file")


def test_a_full_disk_under_the_log_disturbs_no_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log.start(tmp_path)

    def full(self: object, record: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(log._Lines, "format", full)
    logging.getLogger("forgeapp.x").info("lost")
    assert capsys.readouterr().err == ""
