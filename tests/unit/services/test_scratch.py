"""Folders put aside: readable by their user only, gone with their context, or at the next start."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from forgeapp.app import build
from forgeapp.errors import StorageError
from forgeapp.services.scratch import make_scratch, remove_abandoned, scratch

_ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)


def test_a_folder_goes_with_its_context_however_that_ends(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), scratch() as folder:
        (folder / "inside").write_text("x")
        if sys.platform != "win32":
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_program_left_goes_when_the_next_one_starts_and_nothing_else_does(
    home: Path, tmp_path: Path
) -> None:
    script = (
        "import sys; from forgeapp.services.scratch import make_scratch;"
        "folder = make_scratch(); (folder / 'pages.pdf').write_text('x');"
        "print(folder, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=_ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as program:
        assert program.stdout is not None
        left = Path(program.stdout.readline().strip())
        own = make_scratch()
        others = [tmp_path / name for name in ("forgeapp-notes", "forgeapp-1-", "elsewhere")]
        for other in others:
            other.mkdir()
        remove_abandoned()
        assert left.exists()
        program.kill()
    with build(home):
        assert not left.exists()
    assert all(folder.exists() for folder in (own, *others))


@pytest.mark.security
@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_that_is_called_like_one_of_ours_leads_nowhere(tmp_path: Path) -> None:
    away = tmp_path / "away"
    away.mkdir()
    (away / "theirs").write_text("x")
    (tmp_path / f"forgeapp-{2**22 + 1}-1-x").symlink_to(away)
    remove_abandoned()
    assert (away / "theirs").exists()


def test_a_folder_that_cannot_be_made_is_told_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    with pytest.raises(StorageError, match="cannot be used") as told:
        make_scratch()
    assert "TMPDIR" in told.value.hint
