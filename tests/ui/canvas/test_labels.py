"""Names stand inside their areas, never on top of each other, and stay while the map moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import pytest
import shapely
from PySide6.QtGui import QImage, QPainter

from gridadmin.app.demo import write_demo
from gridadmin.app.session import Session
from gridadmin.base.ids import oid_of
from gridadmin.base.progress import SILENT
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import land_parts, to_polygon
from tests.helpers.projects import named, small_town
from ui import texts
from ui.canvas.label_candidates import Occupied
from ui.canvas.labels import Label, figure, paint_labels
from ui.canvas.lettering import Letterer, Lettering
from ui.canvas.picking import areas_in
from ui.canvas.scene import MapScene
from ui.canvas.sheet import Sheet
from ui.canvas.style import MapStyle
from ui.canvas.viewport import Viewport

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder = tmp_path_factory.mktemp("示例 城市")
    write_demo(folder, SILENT)
    with Session.open(folder / "demo.gpkg", write=False) as session:
        return session.snapshot


@pytest.fixture(scope="module")
def city_scene(city: Snapshot) -> MapScene:
    return MapScene.of(city)


@pytest.fixture
def english() -> Iterator[None]:
    texts.set_language("en")
    yield
    texts.set_language("zh")


def written(scene: MapScene, view: Viewport, rank: int, above: int | None = None) -> list[Label]:
    """The labels on a picture of one level, with those of the parents' level."""
    size = round(view.width_px * view.ratio), round(view.height_px * view.ratio)
    image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(view.ratio)
    image.fill(0)
    painter = QPainter(image)
    with scene.prepared() as prepared:
        sheet = Sheet(painter, view, MapStyle(), lambda: False)
        parents = None if above is None else prepared.level_map(above)
        labels = paint_labels(sheet, prepared, prepared.level_map(rank), parents, Letterer())
    painter.end()
    return labels


def view_of(scene: MapScene, zoom: float = 1.0) -> Viewport:
    box = scene.bounds()
    assert box is not None
    return Viewport(width_px=1400, height_px=860).fitted(box).zoomed(zoom)


@pytest.mark.parametrize(("zoom", "rank"), [(1, 3), (2, 4), (4, 4), (8, 5), (20, 5), (80, 5)])
def test_labels_never_lie_on_top_of_each_other(
    city_scene: MapScene, zoom: float, rank: int
) -> None:
    view = view_of(city_scene, zoom)

    labels = written(city_scene, view, rank, rank - 1)

    boxes = [shapely.box(*label.box_px) for label in labels]
    assert len(boxes) >= 4
    assert [1 for one, other in combinations(boxes, 2) if one.intersects(other)] == []
    picture = shapely.box(0, 0, view.width_px, view.height_px)
    assert all(picture.contains(box) for box in boxes)


def test_each_community_of_the_demo_city_is_named_at_first_sight(
    city: Snapshot, city_scene: MapScene
) -> None:
    labels = written(city_scene, view_of(city_scene), 3, 2)

    names = {label.lines[0] for label in labels}
    communities = {area.name for area in city.areas() if area.level == "community"}
    streets = {area.name for area in city.areas() if area.level == "street"}
    assert names == communities | streets


@pytest.mark.parametrize(("zoom", "rank"), [(1, 3), (2, 4), (8, 5)])
def test_a_name_stands_in_the_land_of_its_area(
    city: Snapshot, city_scene: MapScene, zoom: float, rank: int
) -> None:
    view = view_of(city_scene, zoom)

    for label in written(city_scene, view, rank):
        x0, y0, x1, y1 = label.box_px
        middle = view.place_of(((x0 + x1) / 2, (y0 + y1) / 2))
        parts = land_parts(city.partition, oid_of(label.uid))
        assert to_polygon(parts, lambda xy: xy / 1000).contains(shapely.Point(middle))


def test_names_of_areas_that_are_wholly_seen_stay_put_while_the_map_is_dragged(
    city_scene: MapScene,
) -> None:
    view = view_of(city_scene, 0.8)
    here = {label.uid: label.box_px for label in written(city_scene, view, 3)}

    for dx, dy in ((1.0, 0.0), (0.3, 0.7), (13.6, -7.25)):
        there = {label.uid: label.box_px for label in written(city_scene, view.panned(dx, dy), 3)}
        assert there.keys() == here.keys()
        for uid, (x0, y0, _, _) in here.items():
            assert there[uid][:2] == pytest.approx((x0 + dx, y0 + dy))


def test_the_same_view_has_the_same_labels(city_scene: MapScene) -> None:
    view = view_of(city_scene, 3.7)

    assert written(city_scene, view, 4, 3) == written(city_scene, view, 4, 3)


def test_a_name_that_does_not_fit_is_left_out(city_scene: MapScene) -> None:
    view = view_of(city_scene, 1)
    shown = areas_in(city_scene.snapshot, view.bounds(), "micro_grid")

    labels = written(city_scene, view, 5)

    # How many fit depends on the font.
    assert 0 < len(labels) < len(shown) / 10


def test_land_that_a_parent_keeps_bears_no_name() -> None:
    scene = MapScene.of(small_town().snapshot())
    kept = named(scene.snapshot, "A4").uid

    labels = written(scene, Viewport(40.0, 20.0, 0.08, 1100, 600), 5)

    assert kept not in {label.uid for label in labels}
    assert named(scene.snapshot, "B3").uid in {label.uid for label in labels}


def test_only_a_part_that_is_seen_is_named_inside_the_picture() -> None:
    scene = MapScene.of(small_town().snapshot())
    # The upper right quarter of B3, which reaches from 40 to 60 and from 20 to 40 metres.
    view = Viewport(60.0, 40.0, 0.05, 400, 400)

    labels = {label.uid: label for label in written(scene, view, 4)}

    x0, y0, x1, y1 = labels[named(scene.snapshot, "B3").uid].box_px
    assert 0 <= x0 < x1 <= 200
    assert 200 <= y0 < y1 <= 400


def test_households_stand_below_the_name() -> None:
    scene = MapScene.of(small_town().snapshot())

    labels = written(scene, Viewport(40.0, 20.0, 0.08, 1100, 600), 4)

    by_uid = {label.uid: label.lines for label in labels}
    a2 = named(scene.snapshot, "A2")
    assert by_uid[a2.uid] == ("虚构A2", "12 户")


def test_a_stale_figure_has_a_star() -> None:
    store = small_town()
    store.rows["building"].clear()
    area = named(store.snapshot(), "B3")
    store.rows["area"][area.uid] = replace(area, is_stale=True)
    snapshot = store.snapshot()

    assert figure(snapshot, snapshot.area(area.uid)) == "400 户*"
    assert figure(snapshot, named(snapshot, "B2")) == "400 户"
    assert figure(snapshot, named(snapshot, "A1-1")) == ""


@pytest.mark.usefixtures("english")
def test_households_are_told_in_the_language_of_the_window() -> None:
    snapshot = small_town().snapshot()

    assert figure(snapshot, named(snapshot, "A2")) == "12 households"


def test_a_taken_place_is_taken() -> None:
    occupied = Occupied(200, 100)

    assert occupied.take((10, 10, 60, 30))
    assert not occupied.take((55, 25, 90, 40))
    assert occupied.take((70, 10, 90, 30))


@pytest.mark.parametrize("drag", [0.0, 0.5, 1.0, 2.0, 3.3, 17.0])
def test_what_is_free_does_not_depend_on_how_far_the_map_was_dragged(drag: float) -> None:
    occupied = Occupied(400, 400, (drag, drag))
    gaps = (1, 2, 3, 4, 5, 6)

    found = []
    for row, gap in enumerate(gaps):
        y = 10 + 40 * row + drag
        assert occupied.take((20 + drag, y, 50 + drag, y + 10))
        found.append(occupied.take((50 + gap + drag, y, 90 + drag, y + 10)))

    # Cells are 4 pixels wide; 50 lies in the one from 48 to 52.
    assert found == [False, True, True, True, True, True]


def test_nothing_is_written_beyond_the_edge() -> None:
    occupied = Occupied(200, 100)

    assert not occupied.take((-1, 10, 60, 30))
    assert not occupied.take((10, 10, 201, 30))
    assert not occupied.take((10, 90, 60, 101))
    assert occupied.take((0, 0, 200, 100))


def letters(text: str, **more: object) -> Lettering:
    plain = Lettering(text, 14, False, "#000000", "#ffffffff", ())
    return replace(plain, **more)  # type: ignore[arg-type]


def test_letters_have_a_halo_around_them() -> None:
    word = Letterer().word(letters("网格"), 1.0)

    colours = {
        word.image.pixelColor(x, y).name()
        for x in range(word.image.width())
        for y in range(word.image.height())
        if word.image.pixelColor(x, y).alpha() == 255
    }
    assert {"#000000", "#ffffff"} <= colours
    assert word.image.pixelColor(0, 0).alpha() == 0


def test_words_are_as_sharp_as_the_screen() -> None:
    pen = Letterer()

    one, two = pen.word(letters("网格"), 1.0), pen.word(letters("网格"), 2.0)

    assert two.width_px == one.width_px
    assert two.image.width() == pytest.approx(2 * one.image.width(), abs=2)
    assert two.image.devicePixelRatio() == 2
    assert pen.word(letters("网格"), 1.0) is one


def test_spaced_letters_are_wider_by_the_room_between_them() -> None:
    pen = Letterer()

    extra = pen.width_px(letters("三个字", spacing_px=4)) - pen.width_px(letters("三个字"))

    assert extra == pytest.approx(8, abs=0.5)
