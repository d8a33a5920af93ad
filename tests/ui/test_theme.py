import re
from collections.abc import Iterator
from dataclasses import fields

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QPushButton, QSlider
from pytestqt.qtbot import QtBot

from gridadmin.base.paths import RESOURCES
from ui.menus.table import TABLE
from ui.theme import DARK, LIGHT, Colours, apply_theme, colours, icon, style_sheet

THEMES = [LIGHT, DARK]
NAMES = [theme.name for theme in THEMES]

TEXT_ON_GROUND = [
    *((text, ground) for text in ("text", "quiet") for ground in ("ground", "panel", "raised")),
    *((text, "accent_ground") for text in ("text", "quiet", "accent")),
    ("accent", "panel"),
    ("accent", "ground"),
    ("on_accent", "accent"),
    *((f"{state}_text", "panel") for state in ("good", "warning", "error")),
    *((f"{state}_text", "raised") for state in ("good", "warning", "error")),
    ("warning_text", "accent_ground"),
    ("error_text", "accent_ground"),
    *((text, "error_ground") for text in ("text", "quiet", "error_text")),
    *((text, "warning_ground") for text in ("text", "quiet", "warning_text")),
    ("hint_text", "hint_ground"),
]


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb``. Source: WCAG 2.1."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.fixture(autouse=True)
def light_again(qapp: QApplication) -> Iterator[None]:
    yield
    apply_theme(qapp, "light")
    qapp.setStyleSheet("")


@pytest.mark.parametrize("theme", THEMES, ids=NAMES)
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_text_stands_out_from_its_ground(theme: Colours, text: str, ground: str) -> None:
    assert contrast(getattr(theme, text), getattr(theme, ground)) >= 4.5


@pytest.mark.parametrize("theme", THEMES, ids=NAMES)
def test_signs_and_the_focus_ring_stand_out(theme: Colours) -> None:
    for sign in ("accent", "quiet", "error"):
        assert contrast(getattr(theme, sign), theme.panel) >= 3.0
        assert contrast(getattr(theme, sign), theme.ground) >= 3.0


def test_contrast_is_measured_as_the_standard_does() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES, ids=NAMES)
def test_the_style_sheet_has_all_its_colours_and_pictures(theme: Colours) -> None:
    sheet = style_sheet(theme)
    assert "@" not in sheet
    pictures = re.findall(r'url\("([^"]+)"\)', sheet)
    assert pictures
    for picture in pictures:
        assert picture.startswith((RESOURCES / "styles" / theme.name).as_posix())
        assert (RESOURCES / picture).is_file()


@pytest.mark.parametrize("theme", THEMES, ids=NAMES)
def test_pictures_of_the_style_sheet_have_the_colours_of_the_theme(theme: Colours) -> None:
    known = {getattr(theme, field.name) for field in fields(theme)}
    for path in (RESOURCES / "styles" / theme.name).glob("*.svg"):
        used = set(re.findall(r"#[0-9A-F]{6}", path.read_text(encoding="utf-8")))
        assert used
        assert used <= known, path.name


@pytest.mark.parametrize("theme", THEMES, ids=NAMES)
def test_qt_takes_the_whole_style_sheet(qtbot: QtBot, qapp: QApplication, theme: Colours) -> None:
    # A line that Qt doesn't understand is a warning, and a warning fails the test.
    apply_theme(qapp, theme.name)
    button, box = QPushButton("示例"), QCheckBox("示例")
    for widget in (button, box):
        qtbot.addWidget(widget)
        widget.show()
        assert not widget.grab().isNull()
    assert colours() is theme


def test_every_action_with_an_icon_has_one() -> None:
    for spec in TABLE:
        if spec.icon:
            assert (RESOURCES / "icons" / f"{spec.icon}.svg").is_file(), spec.icon


def test_icons_are_of_one_family() -> None:
    paths = sorted((RESOURCES / "icons").glob("*.svg"))
    assert len(paths) >= 60
    for path in paths:
        text = path.read_text(encoding="utf-8")
        head = text.split(">", 1)[0]
        for wanted in (
            'viewBox="0 0 24 24"',
            'fill="none"',
            'stroke="currentColor"',
            'stroke-width="1.75"',
            'stroke-linecap="round"',
        ):
            assert wanted in head, path.name
        assert "#" not in text, path.name


def test_icons_are_drawn_in_the_colour_that_was_asked_for(qapp: QApplication) -> None:
    for theme in THEMES:
        apply_theme(qapp, theme.name)
        picture = icon("minus", "error").pixmap(QSize(24, 24)).toImage()
        assert picture.pixelColor(12, 12).name().upper() == theme.error


@pytest.mark.usefixtures("qapp")
def test_every_icon_leaves_a_mark_at_the_smallest_size() -> None:
    for path in (RESOURCES / "icons").glob("*.svg"):
        picture = icon(path.stem).pixmap(QSize(16, 16)).toImage()
        inked = sum(picture.pixelColor(x, y).alpha() > 100 for x in range(16) for y in range(16))
        assert inked >= 8, path.stem


@pytest.mark.parametrize("name", NAMES)
def test_slider_that_cannot_be_moved_looks_otherwise(qapp: QApplication, name: str) -> None:
    apply_theme(qapp, name)
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.resize(160, 24)
    slider.setValue(99)

    def has_accent() -> bool:
        image = slider.grab().toImage()
        every = [(x, y) for x in range(image.width()) for y in range(image.height())]
        return any(image.pixelColor(x, y).saturation() > 90 for x, y in every)

    assert has_accent()
    slider.setEnabled(False)
    assert not has_accent()
