"""Reference objects on the picture: what is shown at which scale, in what colour and words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import pytest
import shapely
from PySide6.QtGui import QImage

from gridadmin.domain.model import Building, Compound, LineObject
from gridadmin.partition.snapshot import Snapshot
from tests.helpers.projects import ORIGIN_MM, box_m, place, small_town
from tests.ui.canvas.test_picture import colour_at, painted
from ui.canvas.label_candidates import Occupied
from ui.canvas.lettering import Letterer
from ui.canvas.object_style import LAYERS, OBJECTS
from ui.canvas.object_words import paint_object_words
from ui.canvas.picture import paint_picture
from ui.canvas.scene import MapScene
from ui.canvas.sheet import Sheet
from ui.canvas.style import MapStyle
from ui.canvas.viewport import Viewport

VIEW = Viewport(40.0, 20.0, 0.1, 900, 500)
BARE = MapStyle(has_labels=False, has_fills=False, has_borders=False, has_marks=False)

pytestmark = pytest.mark.usefixtures("qapp")


def line(*points: tuple[float, float]) -> bytes:
    blob: bytes = shapely.to_wkb(shapely.LineString([place(x, y) for x, y in points]))
    return blob


def box(x: float, y: float, width: float, height: float) -> bytes:
    blob: bytes = shapely.to_wkb(box_m(x, y, width, height))
    return blob


def house(uid: str, x: float, y: float, households: int = 12) -> Building:
    """Return a house of 4 × 4 m in the middle of a cell."""
    return Building(
        uid,
        ORIGIN_MM[0] + round(x * 10_000),
        ORIGIN_MM[1] + round(y * 10_000),
        households,
        footprint=box(x - 0.2, y - 0.2, 0.4, 0.4),
    )


RECORDS: dict[str, tuple[Any, ...]] = {
    "line_object": (
        LineObject("main", "road", "人民路", "main", line((0, 1.5), (8, 1.5))),
        LineObject("path", "road", None, "path", line((2.5, 0), (2.5, 1))),
        LineObject("rail", "railway", "虚构铁路", None, line((0, 3.5), (8, 3.5))),
        LineObject("lake", "lake", "虚构湖", None, box(5, 0.2, 0.8, 0.6)),
        LineObject("river", "river", "虚构河", None, line((6.5, 0), (6.5, 1))),
    ),
    "building": (house("h1", 1.5, 0.5), house("h2", 0.5, 0.5, 0)),
    "compound": (Compound("c1", "虚构花园", "old", None, box(3, 2.1, 2, 1)),),
}


@pytest.fixture
def town() -> Snapshot:
    store = small_town()
    for table in ("building", "entrance", "stacked_part"):
        store.rows[table].clear()
    for table, records in RECORDS.items():
        store.rows[table].update({record.uid: record for record in records})
    return store.snapshot()


@pytest.fixture
def scene(town: Snapshot) -> MapScene:
    return MapScene.of(town)


def with_layers(*layers: str, theme: Literal["light", "dark"] = "light") -> MapStyle:
    return replace(BARE, objects=frozenset(layers), theme=theme)


def pixels(picture: QImage) -> bytes:
    return bytes(picture.constBits())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_main_road_has_the_colour_of_its_class(
    scene: MapScene, theme: Literal["light", "dark"]
) -> None:
    picture = painted(scene, VIEW, with_layers("roads", theme=theme))

    assert colour_at(picture, VIEW, 14, 15).name().upper() == OBJECTS[theme].roads["main"].colour


def test_bent_roads_have_whole_corners() -> None:
    bent = LineObject("bent", "road", None, "side", line((1, 0.5), (2, 0.5), (2, 1.4)))
    store = small_town()
    store.rows["line_object"] = {"bent": bent}
    # Five pixels wide at this scale, and drawn segment by segment.
    view = Viewport(40.0, 20.0, 0.6, 900, 500)

    picture = painted(MapScene.of(store.snapshot()), view, with_layers("roads"))

    road = OBJECTS["light"].roads["side"].colour
    assert colour_at(picture, view, 20, 5).name().upper() == road
    # Just outside of where the middle lines meet, in the corner between the two segments.
    assert colour_at(picture, view, 20.6, 4.4).name().upper() == road
    assert colour_at(picture, view, 22.5, 2.5).name().upper() != road


def test_house_has_its_fill_and_the_courtyard_has_none(scene: MapScene) -> None:
    nothing = painted(scene, VIEW, with_layers())
    picture = painted(scene, VIEW, with_layers("buildings"))

    assert colour_at(picture, VIEW, 15, 5) != colour_at(nothing, VIEW, 15, 5)
    assert colour_at(picture, VIEW, 18, 5) == colour_at(nothing, VIEW, 18, 5)


def test_lake_is_filled_and_river_is_a_line(scene: MapScene) -> None:
    nothing = painted(scene, VIEW, with_layers())
    picture = painted(scene, VIEW, with_layers("water"))

    for x, y in ((54, 5), (65, 5)):
        assert colour_at(picture, VIEW, x, y) != colour_at(nothing, VIEW, x, y)
        assert colour_at(picture, VIEW, x, y).blue() > colour_at(picture, VIEW, x, y).red()


def test_railway_is_dark_with_light_sleepers(scene: MapScene) -> None:
    picture = painted(scene, VIEW, with_layers("railways"))
    along = {colour_at(picture, VIEW, 10 + step / 10, 35).lightness() // 64 for step in range(60)}

    assert len(along) > 1


@pytest.mark.parametrize("layer", LAYERS)
def test_each_layer_is_shown_alone_and_hidden_alone(scene: MapScene, layer: str) -> None:
    nothing = pixels(painted(scene, VIEW, with_layers()))
    everything = pixels(painted(scene, VIEW, with_layers(*LAYERS)))

    assert pixels(painted(scene, VIEW, with_layers(layer))) != nothing
    others = tuple(other for other in LAYERS if other != layer)
    assert pixels(painted(scene, VIEW, with_layers(*others))) != everything


def test_small_things_are_left_out_at_a_small_scale(scene: MapScene) -> None:
    far = replace(VIEW, metres_per_px=2.0)

    for layer in ("buildings",):
        assert pixels(painted(scene, far, with_layers(layer))) == pixels(
            painted(scene, far, with_layers())
        )
    assert pixels(painted(scene, far, with_layers("roads"))) != pixels(
        painted(scene, far, with_layers())
    )


def test_roads_far_beyond_the_view_are_cut(town: Snapshot) -> None:
    near = replace(VIEW, metres_per_px=0.0005, centre_x=14.0, centre_y=15.0)
    picture = painted(MapScene.of(town), near, with_layers("roads"))

    assert colour_at(picture, near, 14, 15).name().upper() == OBJECTS["light"].roads["main"].colour


def test_borders_lie_over_the_objects(scene: MapScene) -> None:
    style = replace(with_layers("roads", "compounds"), has_borders=True)
    with_road = painted(scene, VIEW, style)
    without = painted(scene, VIEW, replace(style, objects=frozenset()))

    # The border of the two communities, where the road crosses it.
    assert colour_at(with_road, VIEW, 40, 15) == colour_at(without, VIEW, 40, 15)


def words_at(town: Snapshot, view: Viewport, *layers: str) -> list[str]:
    from PySide6.QtGui import QPainter

    image = QImage(view.width_px, view.height_px, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    sheet = Sheet(painter, view, with_layers(*layers), lambda: False)
    occupied = Occupied(view.width_px, view.height_px, view.px_of((0.0, 0.0)))
    words = paint_object_words(sheet, town, occupied, Letterer())
    painter.end()
    return words


def test_houses_tell_their_households_at_close_zoom(town: Snapshot) -> None:
    close = replace(VIEW, metres_per_px=0.05, centre_x=15.0, centre_y=8.0)

    assert words_at(town, close, "buildings") == ["12 户"]
    assert words_at(town, close, "roads") == []
    assert words_at(town, replace(VIEW, metres_per_px=0.5), "buildings") == []


def test_compounds_tell_name_and_type_at_close_zoom(town: Snapshot) -> None:
    assert words_at(town, VIEW, "compounds") == ["虚构花园", "老旧小区"]


def test_objects_show_where_no_area_has_land() -> None:
    store = small_town()
    store.rows["area"] = {
        uid: replace(row, land="listed")
        for uid, row in store.rows["area"].items()
        if row.parent is None
    }
    store.rows["border"].clear()
    store.rows["line_object"].update({row.uid: row for row in RECORDS["line_object"]})
    scene = MapScene.of(store.snapshot())
    picture = paint_picture(scene, VIEW, with_layers("roads"))

    assert picture is not None
    assert colour_at(picture, VIEW, 14, 15).name().upper() == OBJECTS["light"].roads["main"].colour
