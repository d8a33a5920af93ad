"""What the picture shows, pixel by pixel, of a town whose every metre is known."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import Literal

import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from gridadmin.base.ids import oid_of
from tests.helpers.projects import MemoryStore, named, small_town
from ui.canvas.picture import paint_picture
from ui.canvas.scene import MapScene
from ui.canvas.style import FillTheme, MapStyle, SpecialKind
from ui.canvas.viewport import Viewport

VIEW = Viewport(40.0, 20.0, 0.1, 900, 500)
BARE = MapStyle(has_labels=False)
GROUND = "#f4f2ec"

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def scene() -> MapScene:
    return MapScene.of(small_town().snapshot())


def painted(scene: MapScene, viewport: Viewport = VIEW, style: MapStyle = BARE) -> QImage:
    picture = paint_picture(scene, viewport, style)
    assert picture is not None
    return picture


def rgb(colour: QColor) -> list[int]:
    return [colour.red(), colour.green(), colour.blue()]


def colour_at(picture: QImage, viewport: Viewport, x: float, y: float) -> QColor:
    """The colour at a place in local metres."""
    at_x, at_y = viewport.px_of((x, y))
    return picture.pixelColor(int(at_x * viewport.ratio), int(at_y * viewport.ratio))


def colours_in(
    picture: QImage, viewport: Viewport, x0: float, y0: float, x1: float, y1: float
) -> Counter[str]:
    """How often each colour is in a box of local metres."""
    left, bottom = viewport.px_of((x0, y0))
    right, top = viewport.px_of((x1, y1))
    ratio = viewport.ratio
    return Counter(
        picture.pixelColor(x, y).name()
        for x in range(round(left * ratio), round(right * ratio))
        for y in range(round(top * ratio), round(bottom * ratio))
    )


def test_beyond_the_land_is_ground(scene: MapScene) -> None:
    picture = painted(scene)

    assert (picture.width(), picture.height()) == (900, 500)
    assert colour_at(picture, VIEW, -4, 20).name() == GROUND
    assert colour_at(picture, VIEW, 84, 44).name() == GROUND


def test_a_high_resolution_screen_gets_all_its_pixels(scene: MapScene) -> None:
    view = replace(VIEW, ratio=2.0)

    picture = painted(scene, view)

    assert (picture.width(), picture.height()) == (1800, 1000)
    assert picture.devicePixelRatio() == 2
    assert colour_at(picture, view, 5, 5) == colour_at(painted(scene), VIEW, 5, 5)


def test_areas_have_fills_of_the_palette_that_differ_from_their_neighbours(
    scene: MapScene,
) -> None:
    picture = painted(scene)
    with scene.prepared() as prepared:
        number = prepared.level_map(5).colours[oid_of(named(scene.snapshot, "A1-1").uid)]
    fill, ground = QColor(BARE.palette.fills[number]), QColor(GROUND)
    half = [(a + b) / 2 for a, b in zip(rgb(fill), rgb(ground), strict=True)]

    shown = colour_at(picture, VIEW, 5, 5)

    assert rgb(shown) == pytest.approx(half, abs=1.5)
    assert colour_at(picture, VIEW, 15, 5) != shown
    assert colour_at(picture, VIEW, 5, 15) != shown


def test_a_dark_map_is_dark(scene: MapScene) -> None:
    picture = painted(scene, style=replace(BARE, theme="dark"))

    assert colour_at(picture, VIEW, -4, 20).name() == "#20242a"
    assert colour_at(picture, VIEW, 5, 5).lightness() < 110


def is_red(colour: QColor) -> bool:
    return colour.hsvHue() in (*range(12), *range(345, 360))


def test_a_gap_is_hatched_in_red(scene: MapScene) -> None:
    colours = colours_in(painted(scene), VIEW, 71, 21, 79, 29)

    red = sum(n for name, n in colours.items() if is_red(QColor(name)))
    strokes = sum(n for name, n in colours.items() if QColor(name).hsvSaturation() > 150)
    assert red > 0.95 * colours.total()
    assert 0.1 * colours.total() < strokes < 0.5 * colours.total()


def test_a_dispute_is_crossed_in_purple(scene: MapScene) -> None:
    colours = colours_in(painted(scene), VIEW, 51, 1, 59, 9)

    purple = sum(n for name, n in colours.items() if QColor(name).hsvHue() in range(260, 300))
    assert purple > 0.95 * colours.total()
    assert len(colours) > 5


def test_exempt_land_is_grey_with_dots(scene: MapScene) -> None:
    colours = colours_in(painted(scene), VIEW, 61, 21, 69, 29)

    assert all(QColor(name).hsvSaturation() < 40 for name in colours)
    assert 0.6 < colours.most_common(1)[0][1] / colours.total() < 0.98


def test_land_that_a_parent_keeps_has_a_light_hatch_over_its_fill(scene: MapScene) -> None:
    kept = colours_in(painted(scene), VIEW, 31, 31, 39, 39)
    other = colours_in(painted(scene), VIEW, 1, 1, 9, 9)

    assert len(other) == 1
    assert 0.5 < kept.most_common(1)[0][1] / kept.total() < 0.95


def test_a_gap_too_small_to_be_seen_is_marked(scene: MapScene) -> None:
    # At 2 m per pixel the gap is 5 pixels wide; the mark is 8.
    view = replace(VIEW, metres_per_px=2.0)

    marked = colours_in(painted(scene, view), view, 68, 18, 84, 32)
    bare = colours_in(painted(scene, view, replace(BARE, has_marks=False)), view, 68, 18, 84, 32)

    assert marked["#b3121d"] > 5
    assert marked["#b3121d"] > bare["#b3121d"] + 3


def test_patterns_stay_with_the_land_when_the_map_is_dragged(scene: MapScene) -> None:
    view = VIEW.panned(37, -21)
    here, there = painted(scene), painted(scene, view)

    x, y = (round(value) for value in VIEW.px_of((71, 29)))
    assert here.copy(x, y, 80, 80) == there.copy(x + 37, y - 21, 80, 80)


def test_patterns_are_as_coarse_on_a_high_resolution_screen(scene: MapScene) -> None:
    def strokes(ratio: float) -> int:
        view = replace(VIEW, ratio=ratio)
        picture = painted(scene, view)
        y = int(view.px_of((75, 25))[1] * ratio)
        xs = range(int(view.px_of((71, 0))[0] * ratio), int(view.px_of((79, 0))[0] * ratio))
        row = [picture.pixelColor(x, y).hsvSaturation() > 130 for x in xs]
        return sum(b and not a for a, b in pairwise(row))

    assert strokes(1.0) == pytest.approx(strokes(2.0), abs=1)
    assert strokes(1.0) > 5


def blue(colour: QColor) -> bool:
    return colour.hsvHue() in range(205, 225) and colour.hsvSaturation() > 120


def test_borders_of_grids_are_stronger_than_those_of_micro_grids(scene: MapScene) -> None:
    picture = painted(scene)

    def ink(x: float, y: float) -> int:
        """How much darker than the fills beside it the border is, over its width."""
        at_x, at_y = (round(value) for value in VIEW.px_of((x, y)))
        row = [picture.pixelColor(at_x + dx, at_y).lightness() for dx in range(-6, 7)]
        return sum(max(min(row[0], row[-1]) - light, 0) for light in row)

    assert ink(20, 5) > 2 * ink(10, 5) > 60


def test_borders_are_as_wide_on_a_high_resolution_screen(scene: MapScene) -> None:
    def dark_px(ratio: float) -> int:
        view = replace(VIEW, ratio=ratio)
        picture = painted(scene, view)
        x, y = (round(value * ratio) for value in view.px_of((20, 5)))
        return sum(blue(picture.pixelColor(x + dx, y)) for dx in range(-10, 11))

    assert dark_px(2.0) == pytest.approx(2 * dark_px(1.0), abs=1)


@pytest.mark.parametrize("metres_per_px", [12.0, 40.0])
def test_a_gap_is_marked_however_far_away_one_looks(scene: MapScene, metres_per_px: float) -> None:
    view = replace(VIEW, metres_per_px=metres_per_px)

    picture = painted(scene, view)

    x, y = (int(value) for value in view.px_of((75, 25)))
    near = [picture.pixelColor(x + dx, y + dy) for dx in range(-5, 6) for dy in range(-5, 6)]
    assert any(is_red(c) and c.hsvSaturation() > 150 for c in near)


def test_the_border_of_communities_is_dashed_and_dark_red(scene: MapScene) -> None:
    picture = painted(scene)
    x, _ = (round(value) for value in VIEW.px_of((40, 0)))
    column = [picture.pixelColor(x, y) for y in range(60, 440)]
    strong = [c.hsvHue() in (*range(15), *range(345, 361)) and c.value() < 160 for c in column]

    begins = sum(b and not a for a, b in pairwise(strong))
    assert 0.4 < sum(strong) / len(strong) < 0.9
    assert begins > 15


def test_only_levels_that_are_shown_are_drawn(scene: MapScene) -> None:
    style = replace(BARE, levels=frozenset({"district", "community"}))

    picture = painted(scene, style=style)

    assert colour_at(picture, VIEW, 20, 5) == colour_at(picture, VIEW, 5, 5)


def test_parts_can_be_left_out(scene: MapScene) -> None:
    style = replace(BARE, has_fills=False, has_borders=False)

    picture = painted(scene, style=style)

    assert colour_at(picture, VIEW, 5, 5).name() == GROUND
    assert colour_at(picture, VIEW, 20, 5).name() == GROUND
    assert colour_at(picture, VIEW, 75, 25).name() != GROUND


@pytest.mark.parametrize("ratio", [1.0, 2.0, 4.0])
@pytest.mark.parametrize("metres_per_px", [0.0021, 0.01])
def test_the_closest_view_shows_what_is_there(
    scene: MapScene, metres_per_px: float, ratio: float
) -> None:
    # At the corner of four micro-grids; the map is far wider than Qt can paint.
    view = Viewport(10.0, 10.0, metres_per_px, 300, 200, ratio)
    picture, overview = painted(scene, view), painted(scene)

    for dx, dy in ((-1, -1), (1, -1), (-1, 1), (1, 1)):
        near = 10 + dx * 80 * metres_per_px, 10 + dy * 80 * metres_per_px
        far = 10 + dx * 5, 10 + dy * 5
        assert colour_at(picture, view, *near) == colour_at(overview, VIEW, *far)
    assert blue(picture.pixelColor(int(150 * ratio), int(40 * ratio)))


def with_households(**households: int) -> MemoryStore:
    store = small_town()
    store.rows["building"].clear()
    for key, count in households.items():
        area = named(store.snapshot(), key)
        store.rows["area"][area.uid] = replace(area, households_typed=count)
    return store


def test_households_below_inside_and_above_the_band_look_different() -> None:
    # The band of grids is 300 to 500 in the general scheme.
    scene = MapScene.of(with_households(B1=200, B2=400, B3=600).snapshot())
    view = replace(VIEW, metres_per_px=0.2)
    style = replace(BARE, fills=FillTheme.HOUSEHOLDS)
    picture = painted(scene, view, style)

    below = colours_in(picture, view, 42, 12, 48, 18)
    inside = colours_in(picture, view, 62, 2, 78, 18)
    above = colours_in(picture, view, 42, 22, 58, 38)

    mains = [colours.most_common(1)[0][0] for colours in (below, inside, above)]
    assert len(set(mains)) == 3
    # Whoever can't tell the colours sees a pattern where something is amiss.
    assert len(inside) == 1
    assert len(below) > 1
    assert len(above) > 1


class Chessboard:
    """A base map of one colour."""

    def __init__(self) -> None:
        self.viewport: Viewport | None = None

    def paint(self, painter: QPainter, viewport: Viewport, should_stop: object) -> object:
        self.viewport = viewport
        painter.fillRect(0, 0, viewport.width_px // 2, viewport.height_px, QColor("#0000ff"))
        return None


def test_a_base_map_lies_below_everything(scene: MapScene) -> None:
    tiles = Chessboard()
    style = replace(BARE, dimming=0.0)

    picture = paint_picture(scene, VIEW, style, tiles=tiles)

    assert picture is not None
    assert tiles.viewport == VIEW
    assert colour_at(picture, VIEW, -4, 20).name() == "#0000ff"
    assert colour_at(picture, VIEW, 84, 20).name() == GROUND
    assert colour_at(picture, VIEW, 5, 5).blue() > 200


def test_a_base_map_fades_into_the_ground(scene: MapScene) -> None:
    picture = paint_picture(scene, VIEW, replace(BARE, dimming=0.5), tiles=Chessboard())

    assert picture is not None
    shown = colour_at(picture, VIEW, -4, 20)
    assert rgb(shown) == pytest.approx([122, 121, 245], abs=2)


def test_nobody_waits_for_a_picture_that_is_stopped(scene: MapScene) -> None:
    asked = []

    def should_stop() -> bool:
        asked.append(True)
        return len(asked) == 12

    assert paint_picture(scene, VIEW, MapStyle(), should_stop=should_stop) is None
    assert len(asked) == 12
    assert paint_picture(scene, VIEW, MapStyle()) is not None


def test_special_land_of_every_kind_has_a_look_in_every_theme() -> None:
    themes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for theme in themes:
        style = MapStyle(theme=theme)
        assert set(style.palette.lands) == set(SpecialKind)
        patterns = {land.pattern.kind for land in style.palette.lands.values()}
        assert len(patterns) == len(SpecialKind)
