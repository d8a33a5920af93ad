"""Colours, fonts and icons of the window, light and dark."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QIcon,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from gridadmin.base.paths import RESOURCES

BASE_PX = 13


@dataclass(frozen=True)
class Colours:
    """The colours of one theme, as ``#rrggbb``. Text has a contrast of 4.5 to its ground."""

    name: str
    ground: str
    panel: str
    raised: str
    line: str
    text: str
    quiet: str
    accent: str
    accent_ground: str
    on_accent: str
    good: str
    warning: str
    error: str
    good_text: str
    warning_text: str
    error_text: str
    error_ground: str
    warning_ground: str
    hint_ground: str
    hint_text: str
    map_ground: str


LIGHT = Colours(
    name="light",
    ground="#F6F7F9",
    panel="#FFFFFF",
    raised="#FFFFFF",
    line="#DDE2E8",
    text="#1F2933",
    quiet="#52606D",
    accent="#0B5CAD",
    accent_ground="#E3EDF8",
    on_accent="#FFFFFF",
    good="#2D9D5F",
    warning="#E9A23B",
    error="#D64545",
    good_text="#1B7A45",
    warning_text="#8A5A00",
    error_text="#B42318",
    error_ground="#FDECEC",
    warning_ground="#FDF3E1",
    hint_ground="#13294B",
    hint_text="#FFFFFF",
    map_ground="#F4F2EC",
)

DARK = Colours(
    name="dark",
    ground="#16191D",
    panel="#1E2227",
    raised="#262B31",
    line="#363D45",
    text="#E6EAEE",
    quiet="#A4AFBA",
    accent="#6CB0F5",
    accent_ground="#233A54",
    on_accent="#0B1A2B",
    good="#4CC38A",
    warning="#F0B24F",
    error="#F2706B",
    good_text="#6FD6A3",
    warning_text="#F5C67A",
    error_text="#FF9C97",
    error_ground="#3D2424",
    warning_ground="#3B301C",
    hint_ground="#E6EAEE",
    hint_text="#16191D",
    map_ground="#20242A",
)

_chosen: list[Colours] = [LIGHT]


def colours() -> Colours:
    """Return the colours in use."""
    return _chosen[0]


def is_dark_system() -> bool:
    """Return whether the system asks for a dark theme."""
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def apply_theme(application: QApplication, theme: str, font_scale: int = 100) -> None:
    """Give the whole program the theme ``light``, ``dark`` or ``system``."""
    is_dark = theme == "dark" or (theme == "system" and is_dark_system())
    _chosen[0] = DARK if is_dark else LIGHT
    icon.cache_clear()
    application.setStyle("Fusion")
    application.setFont(base_font(font_scale))
    application.setPalette(_palette(colours()))
    application.setStyleSheet(style_sheet(colours(), font_scale))


def base_font(font_scale: int = 100) -> QFont:
    """Return the font of the window: the first of the usual Chinese ones that is here."""
    font = QFont()
    font.setFamilies([*_families()])
    font.setPixelSize(max(round(BASE_PX * font_scale / 100), 8))
    return font


@cache
def _families() -> tuple[str, ...]:
    wanted = (
        "Microsoft YaHei UI",
        "Microsoft YaHei",
        "PingFang SC",
        "Noto Sans CJK SC",
        "Source Han Sans SC",
        "WenQuanYi Micro Hei",
    )
    here = set(QFontDatabase.families())
    found = tuple(name for name in wanted if name in here)
    return found or (QFont().family(),)


def style_sheet(of: Colours, font_scale: int = 100) -> str:
    """Return the style sheet of the window in the colours of a theme, letters scaled in percent."""
    text = (RESOURCES / "styles" / "window.qss").read_text(encoding="utf-8")
    images = (RESOURCES / "styles" / of.name).as_posix()
    text = text.replace("@images;", images)
    for colour in fields(of):
        text = text.replace(f"@{colour.name};", f"{getattr(of, colour.name)};")
    return _FONT_SIZE.sub(
        lambda size: f"font-size: {round(int(size[1]) * font_scale / 100)}px", text
    )


_FONT_SIZE = re.compile(r"font-size: (\d+)px")


def _palette(of: Colours) -> QPalette:
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, colour in (
        (roles.Window, of.ground),
        (roles.WindowText, of.text),
        (roles.Base, of.panel),
        (roles.AlternateBase, of.ground),
        (roles.Text, of.text),
        (roles.Button, of.raised),
        (roles.ButtonText, of.text),
        (roles.ToolTipBase, of.hint_ground),
        (roles.ToolTipText, of.hint_text),
        (roles.PlaceholderText, of.quiet),
        (roles.Highlight, of.accent),
        (roles.HighlightedText, of.on_accent),
        (roles.Link, of.accent),
        (roles.BrightText, of.error),
        (roles.Mid, of.line),
        (roles.Dark, of.line),
        (roles.Light, of.raised),
    ):
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        faded = QColor(of.quiet)
        faded.setAlpha(150)
        palette.setColor(QPalette.ColorGroup.Disabled, role, faded)
    # A slider that can't be moved must not look like one that can.
    palette.setColor(QPalette.ColorGroup.Disabled, roles.Highlight, QColor(of.line))
    return palette


@cache
def icon(name: str, colour: str = "") -> QIcon:
    """Return a line icon of ``resources/icons`` in a colour of the theme (a field of Colours).

    Disabled icons are fainter. An icon that doesn't exist is an error of the program: KeyError.
    """
    path = RESOURCES / "icons" / f"{name}.svg"
    if not path.is_file():
        raise KeyError(name)
    source = path.read_text(encoding="utf-8")
    made = QIcon()
    plain = getattr(colours(), colour or "text")
    for mode, ink, strength in (
        (QIcon.Mode.Normal, plain, 1.0),
        (QIcon.Mode.Disabled, colours().quiet, 0.45),
    ):
        renderer = QSvgRenderer(QByteArray(source.replace("currentColor", ink).encode()))
        for size in (16, 20, 24, 32, 48, 64):
            pixmap = QPixmap(QSize(size, size))
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            painter.setOpacity(strength)
            renderer.render(painter, QRectF(0, 0, size, size))
            painter.end()
            made.addPixmap(pixmap, mode)
    return made
