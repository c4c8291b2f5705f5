import pytest

from forgeapp.domain.artifact import Format, Kind
from forgeapp.domain.export_options import USUAL, Delimiter, ExportOptions, Paper, honoured


def test_what_nobody_chose_is_not_stored() -> None:
    assert USUAL.to_json() == {}
    assert ExportOptions(cover=True, paper=Paper.LETTER).to_json() == {"cover": True, "paper": "letter"}


@pytest.mark.parametrize(
    "options",
    [USUAL, ExportOptions(contents=True, provenance=True), ExportOptions(delimiter=Delimiter.TAB, as_shown=True)],
)
def test_stored_options_come_back(options: ExportOptions) -> None:
    assert ExportOptions.from_json(options.to_json()) == options


@pytest.mark.parametrize(
    "stored", [None, [], "cover", {"cover": 1}, {"paper": "a0"}, {"delimiter": 3}, {"other": True}]
)
def test_what_is_no_option_any_more_is_left_at_its_default(stored: object) -> None:
    assert ExportOptions.from_json(stored) == USUAL


def test_each_format_names_the_options_it_honours() -> None:
    assert honoured(Kind.DOCUMENT, Format.PDF) == ("paper", "cover", "contents", "line_numbers", "provenance")
    assert "line_numbers" not in honoured(Kind.TABLE, Format.PDF)
    assert honoured(Kind.SPREADSHEET, Format.CSV) == ("delimiter", "keeps_delimiter", "as_shown")
    assert honoured(Kind.TABLE, Format.CSV) == ("delimiter", "keeps_delimiter", "as_shown")
    assert honoured(None, Format.DOCX) == ("paper", "cover", "contents", "line_numbers", "costs")
    assert "costs" not in honoured(Kind.DOCUMENT, Format.DOCX)
    assert honoured(None, Format.ZIP) == ("paper", "line_numbers", "costs")
    assert honoured(Kind.CODE, Format.ZIP) == ()
    assert honoured(Kind.CODE, None) == honoured(Kind.TABLE, Format.JSON) == ()
