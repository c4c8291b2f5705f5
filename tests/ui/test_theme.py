"""The look: readable in both themes, quick to put on, and followed by everything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QIcon, QImage, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QSpinBox,
    QTabBar,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from forgeapp.domain.artifact import Kind
from forgeapp.paths import resource
from forgeapp.ui import icons
from forgeapp.ui.controls import Button, Label
from forgeapp.ui.icons import KIND_ICONS, app_icon, icon, pixmap
from forgeapp.ui.stylesheet import TONES, build_stylesheet
from forgeapp.ui.theme import DARK, LIGHT, Roles, Theme, color, font, px, roles, theme
from tests.pace import assert_linear

UI = Path(__file__).parents[2] / "forgeapp" / "ui"


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Theme]:
    look = theme()
    look.choose("light")
    yield look
    look.scale_text(1.0)
    look.choose("light")


def _luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(first: str, second: str) -> float:
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


GROUNDS = ("surface", "ground", "raised", "sunken", "hover", "selected")
SOFT = ("accent_soft", "good_soft", "warn_soft", "bad_soft")
TEXTS = [(ink, ground) for ink in ("ink", "ink_2", "ink_3") for ground in GROUNDS] + [
    *((ink, ground) for ink in ("ink", "ink_2") for ground in SOFT),
    *((tone, ground) for tone in ("accent", "good", "warn", "bad", "formula") for ground in GROUNDS),
    ("accent_ink", "accent"),
    ("accent", "accent_soft"),
    ("good", "good_soft"),
    ("warn", "warn_soft"),
    ("bad", "bad_soft"),
]
GRAPHICS = [("ink_3", ground) for ground in (*GROUNDS, *SOFT)] + [
    *(("accent", ground) for ground in (*GROUNDS, *SOFT, "line")),
    ("good", "line"),
    ("warn", "line"),
    ("bad", "line"),
]


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_can_be_read_on_every_ground_it_stands_on(colours: Roles) -> None:
    weak = {
        (ink, ground): round(_contrast(getattr(colours, ink), getattr(colours, ground)), 2)
        for ink, ground in TEXTS
        if _contrast(getattr(colours, ink), getattr(colours, ground)) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_icons_rings_and_meters_stand_out_from_what_is_behind_them(colours: Roles) -> None:
    weak = [
        (mark, ground) for mark, ground in GRAPHICS if _contrast(getattr(colours, mark), getattr(colours, ground)) < 3
    ]
    assert weak == []


def test_no_colour_is_written_outside_the_theme() -> None:
    found = [
        f"{path.name}: {literal}"
        for path in UI.rglob("*.py")
        if path.name != "theme.py"
        for literal in re.findall(r"[\"'(: ](#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b)", path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_the_marks_of_the_style_sheet_are_in_the_themes_colours() -> None:
    for name, role in (("chevron-down", "ink_3"), ("chevron-up", "ink_3"), ("check", "accent_ink"), ("tick", "ink")):
        for end, colours in (("light", LIGHT), ("dark", DARK)):
            text = resource("icons", "marks", f"{name}-{end}.svg").read_text(encoding="utf-8")
            assert f'stroke="{getattr(colours, role)}"' in text


def test_the_style_sheet_is_filled_in_completely() -> None:
    for colours in (LIGHT, DARK):
        sheet = build_stylesheet(colours, lambda size: size)
        assert "$" not in sheet
        assert sheet.count("{") == sheet.count("}")
        for path in re.findall(r"url\((.+?)\)", sheet):
            assert Path(path).is_file()
    assert set(TONES) < {field.name for field in fields(Roles)}


def test_qt_takes_the_whole_style_sheet(look: Theme, qtbot, qtlog) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    for widget in (QLineEdit(), QTableView(), QTabBar(), QSpinBox(), QComboBox(), QCheckBox("x"), QPlainTextEdit()):
        column.addWidget(widget)
    window.show()
    look.choose("dark")
    complaints = [record.message for record in qtlog.records if "plugin does not support" not in record.message]
    assert complaints == []


def test_choosing_dark_changes_roles_palette_and_what_is_shown(look: Theme, qtbot) -> None:
    button = Button("Open")
    qtbot.addWidget(button)
    button.show()
    before = button.grab().toImage()
    with qtbot.waitSignal(look.changed):
        look.choose("dark")
    assert roles() is DARK
    assert look.is_dark
    assert QApplication.palette().color(QPalette.ColorRole.Window) == QColor(DARK.ground)
    assert button.grab().toImage() != before


def test_system_follows_the_desktop(look: Theme, qtbot) -> None:
    look.choose("dark")
    look.choose("system")
    is_dark = QApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    assert look.choice == "system"
    assert roles() is (DARK if is_dark else LIGHT)


def test_choosing_what_is_shown_already_changes_nothing(look: Theme, qtbot) -> None:
    with qtbot.assertNotEmitted(look.changed):
        look.choose("light")


def test_a_widget_hears_of_a_new_theme(look: Theme, qtbot) -> None:
    heard: list[QEvent.Type] = []

    class Listener(QWidget):
        def changeEvent(self, event: QEvent) -> None:
            heard.append(event.type())
            super().changeEvent(event)

    listener = Listener()
    qtbot.addWidget(listener)
    listener.show()
    look.choose("dark")
    assert QEvent.Type.PaletteChange in heard
    assert QEvent.Type.StyleChange in heard


def test_larger_text_reaches_labels_and_buttons(look: Theme, qtbot) -> None:
    label, button = Label("Words", 12), Button("Open")
    for widget in (label, button):
        qtbot.addWidget(widget)
        widget.show()
    width = button.sizeHint().width()
    look.scale_text(1.5)
    assert px(12) == 18
    assert label.font().pixelSize() == 18
    assert button.sizeHint().width() > width
    look.scale_text(9.0)
    assert look.text_scale == 2.0


def test_the_type_is_inter_with_figures_of_one_width(look: Theme) -> None:
    type_ = font(13, 500)
    assert QFontInfo(type_).family() == "Inter"
    assert type_.weight() == QFont.Weight.Medium
    assert type_.isFeatureSet(QFont.Tag("tnum"))
    assert type_.isFeatureSet(QFont.Tag("cv11"))
    assert QFontInfo(font(mono=True)).family() == "Noto Sans Mono"
    mono = QFontMetricsF(font(mono=True))
    assert mono.horizontalAdvance("iiii") == mono.horizontalAdvance("MMMM")


def test_putting_the_theme_on_a_full_window_takes_linear_time(look: Theme, qtbot) -> None:
    def put_on(size: int) -> None:
        window = QWidget()
        column = QVBoxLayout(window)
        for number in range(size):
            column.addWidget(Button(f"Button {number}"))
            column.addWidget(Label(f"Label {number}", role="ink_2"))
            column.addWidget(QLineEdit())
        window.show()
        look.choose("dark")
        look.choose("light")
        shiboken6.delete(window)

    assert_linear(put_on, int, 40)


def test_there_is_one_theme_an_application(look: Theme) -> None:
    assert theme() is theme() is look


def test_what_stands_for_a_kind_is_said_in_one_place() -> None:
    package = Path(icons.__file__).parent
    sources = [path for path in package.rglob("*.py") if re.search(r"^KIND_ICONS\b.*=", path.read_text("utf-8"), re.M)]
    assert sources == [Path(icons.__file__)]


def test_every_kind_has_an_icon_that_can_be_drawn(look: Theme) -> None:
    assert set(KIND_ICONS) == set(Kind)
    for name in KIND_ICONS.values():
        drawn = pixmap(name, "ink_2", 16, 2.0)
        assert drawn.size() == QSize(32, 32)
        assert drawn.devicePixelRatio() == 2.0
        assert _ink(drawn.toImage()) == LIGHT.ink_2
    assert not app_icon().isNull()


def test_an_icon_takes_the_colour_of_the_theme_when_it_is_drawn(look: Theme) -> None:
    mark = icon("file-text", "accent")
    assert _ink(mark.pixmap(QSize(64, 64), 1.0).toImage()) == LIGHT.accent
    look.choose("dark")
    assert _ink(mark.pixmap(QSize(64, 64), 1.0).toImage()) == DARK.accent


def test_a_disabled_icon_is_fainter(look: Theme) -> None:
    mark = icon("file-text")
    usual = mark.pixmap(QSize(32, 32), 1.0, QIcon.Mode.Normal).toImage()
    faint = mark.pixmap(QSize(32, 32), 1.0, QIcon.Mode.Disabled).toImage()
    assert _most_opaque(faint).alpha() < _most_opaque(usual).alpha()


def test_icons_are_shared(look: Theme) -> None:
    assert icon("plus") is icon("plus")
    assert pixmap("plus").cacheKey() == pixmap("plus").cacheKey()


def test_a_menu_made_by_anyone_is_in_the_themes_colours(look: Theme, qtbot) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    menu.addAction("Rename")
    menu.adjustSize()
    assert menu.grab().toImage().pixelColor(2, 2) == color("raised")
    look.choose("dark")
    assert menu.grab().toImage().pixelColor(2, 2) == QColor(DARK.raised)


def _most_opaque(image: QImage) -> QColor:
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return max(pixels, key=QColor.alpha)


def _ink(image: QImage) -> str:
    return _most_opaque(image).name()
