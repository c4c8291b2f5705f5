"""An artifact's pages, made by the exporter and drawn one by one."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from forgeapp.app import App, build
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.document import Document
from forgeapp.domain.table import Table
from forgeapp.errors import Cancelled
from forgeapp.services.exporting.pages import MAX_PIXELS, PageFile

pytestmark = pytest.mark.integration


@pytest.fixture(name="app")
def make_app(tmp_path: Path) -> App:
    return build(tmp_path / "home")


def leftovers() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("forgeapp-pages-*"))


def test_a_page_is_drawn_as_wide_as_asked_and_the_file_goes_with_it(app: App) -> None:
    with app:
        file = app.pages.make(Document("Letter", "# Letter\n\nDear Ms X\n"), "Letter", CancelToken())
        (width, height) = file.sizes[0]
        picture = file.draw(0, 300)
        assert picture is not None
        assert (picture.width, picture.height) == (300, pytest.approx(300 * height / width, abs=2))
        assert len(picture.data) == picture.stride * picture.height
        assert len(set(picture.data)) > 10
        huge = file.draw(0, 100_000)
        assert huge is not None
        assert huge.width * huge.height <= MAX_PIXELS * 1.01
        folder = file.path.parent
        file.close()
        assert not folder.exists()
        assert file.draw(0, 300) is None


def test_a_file_nobody_holds_any_more_is_removed(app: App) -> None:
    with app:
        folder = _made(app).path.parent
        assert not folder.exists()


def _made(app: App) -> PageFile:
    return app.pages.make(Table("Crew", ("Name",), (("Ada",),)), "Crew", CancelToken())


def test_stopped_work_leaves_nothing_behind(app: App) -> None:
    with app:
        cancel = CancelToken()
        cancel.cancel()
        before = leftovers()
        with pytest.raises(Cancelled):
            app.pages.make(Document("Letter", "Text"), "Letter", cancel)
        assert leftovers() <= before
