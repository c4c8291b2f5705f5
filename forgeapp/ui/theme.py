"""The look: colour roles for light and dark, the type scale, and what puts both on the whole application.

`roles()` gives the colours in force. Who paints by hand reads them while painting; everything else gets them from the
palette and the style sheet. No colour literal stands outside this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from forgeapp.paths import resource
from forgeapp.ui.stylesheet import build_stylesheet

Choice = Literal["system", "light", "dark"]

CAPTION: Final = 11
LABEL: Final = 12
BODY: Final = 13
TITLE: Final = 15
PAGE: Final = 19
DISPLAY: Final = 24

ROW: Final = 28
CONTROL: Final = 32
TOOLBAR: Final = 40
RADIUS: Final = 6
CARD_RADIUS: Final = 10

_FONT_FILES: Final = (
    "Inter-Regular.otf",
    "Inter-Medium.otf",
    "Inter-SemiBold.otf",
    "Inter-Italic.otf",
    "Inter-SemiBoldItalic.otf",
    "NotoSansMono-Regular.ttf",
    "NotoSansMono-Bold.ttf",
    # Scripts and signs Inter has not; on a desktop without them they would be boxes.
    "NotoSans-Regular.ttf",
    "NotoSansArabic-Regular.ttf",
    "NotoSansHebrew-Regular.ttf",
    "NotoSansDevanagari-Regular.ttf",
    "NotoSansSymbols-Regular.ttf",
    "NotoSansSymbols2-Regular.ttf",
    "NotoSansMath-Regular.ttf",
)
_SCRIPTS: Final = (
    "Noto Sans",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Devanagari",
    "Noto Sans Symbols",
    "Noto Sans Symbols2",
    "Noto Sans Math",
)
_FAMILIES: Final = ("Inter", *_SCRIPTS, "Segoe UI", "Helvetica Neue", "sans-serif")
_MONO_FAMILIES: Final = ("Noto Sans Mono", "Consolas", "Menlo", *_SCRIPTS, "monospace")


@dataclass(frozen=True, slots=True)
class Roles:
    """The colours by what they are for, each '#rrggbb'."""

    ink: str
    ink_2: str
    ink_3: str
    line: str
    line_2: str
    ground: str
    surface: str
    raised: str
    sunken: str
    hover: str
    selected: str
    accent: str
    accent_ink: str
    accent_soft: str
    good: str
    good_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    formula: str

    @property
    def is_dark(self) -> bool:
        return QColor(self.ground).lightness() < 128


# ink_3 is a shade stronger than in the drawings, so that captions can be read on hovered and selected rows, too.
LIGHT: Final = Roles(
    ink="#1b1d22",
    ink_2="#565b66",
    ink_3="#656a74",
    line="#e3e5ea",
    line_2="#eef0f3",
    ground="#f6f7f9",
    surface="#ffffff",
    raised="#ffffff",
    sunken="#f0f2f5",
    hover="#eceef2",
    selected="#e6eefc",
    accent="#2f5fd7",
    accent_ink="#ffffff",
    accent_soft="#e8effd",
    good="#177245",
    good_soft="#e3f4ea",
    warn="#8a5a00",
    warn_soft="#fdf1d8",
    bad="#b3261e",
    bad_soft="#fbe7e5",
    formula="#6b3fb8",
)
DARK: Final = Roles(
    ink="#e8eaee",
    ink_2="#a9afba",
    ink_3="#959ba6",
    line="#2c3038",
    line_2="#24272e",
    ground="#15171b",
    surface="#1b1e23",
    raised="#22262c",
    sunken="#121417",
    hover="#272b32",
    selected="#24324d",
    accent="#86a8ff",
    accent_ink="#0f1630",
    accent_soft="#222d47",
    good="#6bd09a",
    good_soft="#17301f",
    warn="#f0c060",
    warn_soft="#352a12",
    bad="#ff9a90",
    bad_soft="#3a1c1a",
    formula="#c3a6ff",
)
_SHADOW: Final = "#141821"

_roles = LIGHT
_scale = 1.0
_theme: Theme | None = None


def roles() -> Roles:
    """The colours in force; light before there is a theme."""
    return _roles


def color(role: str, alpha: float = 1.0) -> QColor:
    """The QColor of a role, or of 'shadow'; `alpha` 0 (unseen) to 1."""
    value = QColor(_SHADOW if role == "shadow" else getattr(_roles, role))
    if alpha < 1.0:
        value.setAlphaF(alpha)
    return value


def px(size: int) -> int:
    """A size of text, or of something that must hold text, in pixels at the text size chosen."""
    return round(size * _scale)


def font(size: int = BODY, weight: int = 400, mono: bool = False) -> QFont:
    """The window's type at `size` pixels (before the text size chosen) and `weight` 400, 500 or 600."""
    return QFont(_font(px(size), weight, mono))


@lru_cache(maxsize=64)
def _font(size: int, weight: int, mono: bool) -> QFont:
    _load_fonts()
    made = QFont()
    made.setFamilies(list(_MONO_FAMILIES if mono else _FAMILIES))
    made.setPixelSize(size)
    made.setWeight(QFont.Weight(weight))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.clearFeatures()
    if mono:
        made.setStyleHint(QFont.StyleHint.Monospace)
        made.setFixedPitch(True)
    else:
        made.setStyleHint(QFont.StyleHint.SansSerif)
        made.setFeature(QFont.Tag("tnum"), 1)
        made.setFeature(QFont.Tag("cv11"), 1)
    return made


@lru_cache(maxsize=1)
def _load_fonts() -> None:
    for name in _FONT_FILES:
        path = resource("fonts", name)
        if path.is_file():
            QFontDatabase.addApplicationFont(str(path))


def theme() -> Theme:
    """The one theme of the running application, made on the first call."""
    return _theme or Theme()


class Theme(QObject):
    """Puts colours and type on the application. Made once per QApplication; `theme()` finds it again."""

    changed = Signal()

    def __init__(self, choice: Choice = "system") -> None:
        global _theme
        super().__init__(_application())
        _theme = self
        self._choice: Choice = choice
        self._shown: tuple[Roles, float] | None = None
        _application().setStyle("Fusion")
        _application().styleHints().colorSchemeChanged.connect(self._on_color_scheme_changed)
        self.destroyed.connect(_forget)
        self._apply()

    @property
    def choice(self) -> Choice:
        return self._choice

    @property
    def is_dark(self) -> bool:
        return _roles is DARK

    @property
    def text_scale(self) -> float:
        return _scale

    def choose(self, choice: Choice) -> None:
        """'system' follows the desktop, also when it changes later."""
        self._choice = choice
        hints = _application().styleHints()
        if choice == "system":
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(Qt.ColorScheme.Dark if choice == "dark" else Qt.ColorScheme.Light)
        self._apply()

    def scale_text(self, scale: float) -> None:
        """1.0 is the drawn size of text; kept between 0.8 and 2."""
        global _scale
        _scale = min(max(scale, 0.8), 2.0)
        self._apply()

    @Slot()
    def _on_color_scheme_changed(self) -> None:
        self._apply()

    def _apply(self) -> None:
        global _roles
        app = _application()
        dark = self._choice == "dark" or (
            self._choice == "system" and app.styleHints().colorScheme() is Qt.ColorScheme.Dark
        )
        wanted = (DARK if dark else LIGHT, _scale)
        if wanted == self._shown:
            return
        self._shown = wanted
        _roles = wanted[0]
        app.setFont(font())
        app.setPalette(build_palette(_roles))
        app.setStyleSheet(build_stylesheet(_roles, px))
        self.changed.emit()


def build_palette(colours: Roles) -> QPalette:
    """The palette for what Qt paints without the style sheet: text editors, placeholders, links."""
    role = QPalette.ColorRole
    palette = QPalette()
    named = {
        role.Window: colours.ground,
        role.WindowText: colours.ink,
        role.Base: colours.surface,
        role.AlternateBase: colours.ground,
        role.Text: colours.ink,
        role.Button: colours.surface,
        role.ButtonText: colours.ink,
        role.BrightText: colours.bad,
        role.ToolTipBase: colours.raised,
        role.ToolTipText: colours.ink,
        role.PlaceholderText: colours.ink_3,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.accent_ink,
        role.Accent: colours.accent,
        role.Link: colours.accent,
        role.LinkVisited: colours.formula,
        role.Light: colours.raised,
        role.Midlight: colours.hover,
        role.Mid: colours.line,
        role.Dark: colours.ink_3,
        role.Shadow: colours.ink,
    }
    for name, value in named.items():
        palette.setColor(name, QColor(value))
    for name in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(colours.ink_3))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(colours.line))
    return palette


def _application() -> QApplication:
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise RuntimeError("the theme needs a QApplication")
    return app


def _forget() -> None:
    global _theme
    _theme = None
