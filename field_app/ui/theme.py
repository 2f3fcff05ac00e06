"""Colours, text styles and spacing of the app. Nothing else names a colour, a font or a size.

Screens use colour *roles* (`ACTION`, `INK`, `SOON`), so light, dark and high contrast switch without a
screen knowing. Every pair that carries words is listed in `TEXT_PAIRS` and measured by a test.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

import flet as ft

# -- spacing: an 8 dp grid with one half step --------------------------------------------------------
HALF, ONE, TWO, THREE, FOUR = 4, 8, 16, 24, 32
EDGE = TWO
"""Distance of content from the screen's edge."""
TARGET = 56
"""The smallest height of anything a gloved thumb hits inside a form."""
LEAST_TARGET = 48
"""The smallest height or width of anything touchable at all."""
MEASURE = 640
"""The widest a column of reading gets on a tablet: about sixty characters."""
RADIUS = 10
HAIR, RULE = 1, 2

# -- colour roles ------------------------------------------------------------------------------------
PAPER = ft.Colors.SURFACE  # behind everything
CARD = ft.Colors.SURFACE_CONTAINER_LOWEST  # cards, controls, bars
INK = ft.Colors.ON_SURFACE
QUIET = ft.Colors.ON_SURFACE_VARIANT  # second in rank, still 7:1
LINE = ft.Colors.OUTLINE_VARIANT  # divides
EDGE_LINE = ft.Colors.OUTLINE  # edge of what can be touched, 3:1
ACTION, ON_ACTION = ft.Colors.PRIMARY, ft.Colors.ON_PRIMARY
ACTION_SOFT = ft.Colors.PRIMARY_CONTAINER  # chosen, or a second action
SOFT_LINE = ft.Colors.INVERSE_PRIMARY  # edge of a soft surface: seen only where softness is not
RECEIVED, RECEIVED_SOFT = ft.Colors.SECONDARY, ft.Colors.SECONDARY_CONTAINER
SOON, SOON_SOFT = ft.Colors.TERTIARY, ft.Colors.TERTIARY_CONTAINER
LATE, LATE_SOFT = ft.Colors.ERROR, ft.Colors.ERROR_CONTAINER


@dataclass(frozen=True, slots=True)
class Palette:
    """One look: a colour for each role."""

    paper: str
    card: str
    ink: str
    quiet: str
    line: str
    edge: str
    action: str
    on_action: str
    action_soft: str
    soft_line: str
    received: str
    received_soft: str
    soon: str
    soon_soft: str
    late: str
    late_soft: str


LIGHT = Palette(
    paper="#F1F3F6",
    card="#FFFFFF",
    ink="#10151C",
    quiet="#3F4856",
    line="#D5DAE2",
    edge="#747D8B",
    action="#0B3C7A",
    on_action="#FFFFFF",
    action_soft="#E3ECF8",
    soft_line="#E3ECF8",
    received="#0B5130",
    received_soft="#E1F2E8",
    soon="#643D00",
    soon_soft="#FDEFD3",
    late="#960F18",
    late_soft="#FCE8E7",
)
DARK = Palette(
    paper="#0C0F14",
    card="#161B23",
    ink="#EBEEF3",
    quiet="#B6BFCC",
    line="#2B333E",
    edge="#7A8595",
    action="#A6C8FB",
    on_action="#071D3B",
    action_soft="#182B47",
    soft_line="#182B47",
    received="#8EDBAD",
    received_soft="#102D1D",
    soon="#FFCE85",
    soon_soft="#33250C",
    late="#FFB4AD",
    late_soft="#3B1517",
)
CONTRAST_LIGHT = Palette(
    paper="#FFFFFF",
    card="#FFFFFF",
    ink="#000000",
    quiet="#000000",
    line="#000000",
    edge="#000000",
    action="#00245C",
    on_action="#FFFFFF",
    action_soft="#FFFFFF",
    soft_line="#00245C",
    received="#003A1B",
    received_soft="#FFFFFF",
    soon="#4A2C00",
    soon_soft="#FFFFFF",
    late="#7A0009",
    late_soft="#FFFFFF",
)
CONTRAST_DARK = Palette(
    paper="#000000",
    card="#000000",
    ink="#FFFFFF",
    quiet="#FFFFFF",
    line="#FFFFFF",
    edge="#FFFFFF",
    action="#CFE2FF",
    on_action="#000000",
    action_soft="#000000",
    soft_line="#CFE2FF",
    received="#B6F5CE",
    received_soft="#000000",
    soon="#FFE2B0",
    soon_soft="#000000",
    late="#FFD6D2",
    late_soft="#000000",
)
PALETTES = {
    "light": LIGHT,
    "dark": DARK,
    "high contrast, light": CONTRAST_LIGHT,
    "high contrast, dark": CONTRAST_DARK,
}

TEXT_PAIRS = (
    ("ink", "paper"),
    ("ink", "card"),
    ("ink", "action_soft"),
    ("ink", "soon_soft"),
    ("ink", "late_soft"),
    ("ink", "received_soft"),
    ("quiet", "paper"),
    ("quiet", "card"),
    ("quiet", "action_soft"),
    ("action", "card"),
    ("action", "paper"),
    ("action", "action_soft"),
    ("on_action", "action"),
    ("received", "card"),
    ("received", "paper"),
    ("received", "received_soft"),
    ("soon", "card"),
    ("soon", "paper"),
    ("soon", "soon_soft"),
    ("late", "card"),
    ("late", "paper"),
    ("late", "late_soft"),
    ("paper", "ink"),
)
EDGE_PAIRS = (("edge", "paper"), ("edge", "card"))
LEAST_TEXT, LEAST_EDGE = 7.0, 3.0
DARK_KNEE = 0.04045  # below it sRGB is a straight line


def contrast(one: str, other: str) -> float:
    """How far two `#RRGGBB` colours stand apart, as WCAG 2.2 measures it: 1 to 21."""

    def luminance(colour: str) -> float:
        parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        red, green, blue = (p / 12.92 if p <= DARK_KNEE else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def too_faint(palette: Palette) -> list[str]:
    """The pairs of a palette that are hard to read or to find, in words; an empty list is a good look."""

    def faint(pairs: tuple[tuple[str, str], ...], least: float) -> Iterator[str]:
        for front, back in pairs:
            ratio = contrast(getattr(palette, front), getattr(palette, back))
            if ratio < least:
                yield f"{front} on {back}: {ratio:.2f} < {least:g}"

    return [*faint(TEXT_PAIRS, LEAST_TEXT), *faint(EDGE_PAIRS, LEAST_EDGE)]


# -- text: three weights, each a font file of its own ------------------------------------------------
REGULAR, STRONG_FACE, BOLD = "Homeward", "Homeward SemiBold", "Homeward Bold"
FONTS = {
    REGULAR: "fonts/AtkinsonHyperlegibleNext-Regular.ttf",
    STRONG_FACE: "fonts/AtkinsonHyperlegibleNext-SemiBold.ttf",
    BOLD: "fonts/AtkinsonHyperlegibleNext-Bold.ttf",
}
"""Family -> file in `assets/`. A family per weight: Flet registers one file under one name."""


def _style(
    size: int, face: str, height: float = 1.35, decoration: ft.TextDecoration | None = None
) -> ft.TextStyle:
    weight = {
        REGULAR: ft.FontWeight.W_400,
        STRONG_FACE: ft.FontWeight.W_600,
        BOLD: ft.FontWeight.W_700,
    }[face]
    return ft.TextStyle(
        size=size,
        weight=weight,
        height=height,
        font_family=face,
        font_family_fallback=["Roboto"],
        letter_spacing=0,
        decoration=decoration,
    )


DISPLAY = _style(28, BOLD, 1.2)
TITLE = _style(22, BOLD, 1.25)
STRONG = _style(18, STRONG_FACE)
BODY = _style(18, REGULAR, 1.4)
NOTE = _style(16, REGULAR)
NOTE_STRONG = _style(16, STRONG_FACE)
CAPTION = _style(15, STRONG_FACE, 1.3)
WAY_OUT = _style(16, REGULAR, decoration=ft.TextDecoration.UNDERLINE)
FIGURE = _style(28, REGULAR, 1.2)


def coloured(style: ft.TextStyle, colour: str) -> ft.TextStyle:
    """The same style in a colour role, for spans, which take no colour of their own."""
    return dataclasses.replace(style, color=colour)


def enlarged(style: ft.TextStyle, times: float) -> ft.TextStyle:
    """The same style with larger letters."""
    return dataclasses.replace(style, size=round((style.size or 0) * times))


def theme(palette: Palette) -> ft.Theme:
    """A palette as Flutter wants it. The roles above are the only names screens may use."""
    p = palette
    return ft.Theme(
        font_family=REGULAR,
        scaffold_bgcolor=p.paper,
        visual_density=ft.VisualDensity.STANDARD,  # desktops would shrink what a thumb must hit
        color_scheme=ft.ColorScheme(
            surface=p.paper,
            surface_container_lowest=p.card,
            surface_container_high=p.card,
            on_surface=p.ink,
            on_surface_variant=p.quiet,
            outline=p.edge,
            outline_variant=p.line,
            primary=p.action,
            on_primary=p.on_action,
            primary_container=p.action_soft,
            on_primary_container=p.ink,
            inverse_primary=p.soft_line,
            secondary=p.received,
            secondary_container=p.received_soft,
            on_secondary_container=p.ink,
            tertiary=p.soon,
            tertiary_container=p.soon_soft,
            error=p.late,
            error_container=p.late_soft,
            inverse_surface=p.ink,
            on_inverse_surface=p.paper,
        ),
    )


def dress(page: ft.Page, *, high_contrast: bool = False) -> None:
    """Give the page its fonts and looks. Light or dark follows the phone's own setting."""
    page.fonts = dict(FONTS)
    page.theme = theme(CONTRAST_LIGHT if high_contrast else LIGHT)
    page.dark_theme = theme(CONTRAST_DARK if high_contrast else DARK)
    page.theme_mode = ft.ThemeMode.SYSTEM
    british = ft.Locale("en", "GB")  # weeks begin on Monday, days come before months
    page.locale_configuration = ft.LocaleConfiguration(supported_locales=[british], current_locale=british)
