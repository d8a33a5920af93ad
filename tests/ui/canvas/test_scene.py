"""What is painted at which scale, and how a scene follows the project."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from gridadmin.base.errors import Cancelled
from gridadmin.domain.change import Change, RowChange
from gridadmin.edit.area_commands import Create, Delete, SetField
from gridadmin.edit.document import Document, Done
from gridadmin.edit.land_commands import Give, InsertLine
from gridadmin.partition.snapshot import Snapshot
from tests.helpers.projects import document_on, named, place, small_town
from ui.canvas.picture import paint_picture
from ui.canvas.scene import MapScene, drawn_ranks
from ui.canvas.style import FillTheme, MapStyle
from ui.canvas.viewport import Viewport

VIEW = Viewport(40.0, 20.0, 0.1, 900, 500)
BARE = MapStyle(has_labels=False)

pytestmark = pytest.mark.usefixtures("qapp")


def at_scale(metres_per_px: float) -> Viewport:
    return replace(VIEW, metres_per_px=metres_per_px)


def looks(scene: MapScene) -> list[str]:
    """The colours of the land, away from its borders."""
    picture = paint_picture(scene, VIEW, BARE)
    assert picture is not None
    places = [(x / 4, y / 4) for y in range(1, 160) for x in range(1, 320) if x % 8 and y % 8]
    pixels = [VIEW.px_of(place) for place in places]
    return [picture.pixelColor(int(x), int(y)).name() for x, y in pixels]


def same_picture(scene: MapScene, snapshot: Snapshot) -> bool:
    """Whether a scene looks as if it were made anew with the same colours."""
    return looks(scene) == looks(MapScene.of(snapshot, like=scene))


@pytest.mark.parametrize(
    ("metres_per_px", "level"),
    [(0.1, "micro_grid"), (0.11, "micro_grid"), (0.12, "grid"), (0.22, "grid"),
     (0.3, "community"), (1.0, "community"), (1.5, "community"), (1.7, "district"),
     (10.0, "district")],
)  # fmt: skip
def test_the_deepest_level_whose_areas_are_wide_enough_is_filled(
    metres_per_px: float, level: str
) -> None:
    scene = MapScene.of(small_town().snapshot())

    assert scene.fill_level(at_scale(metres_per_px)) == level


def test_a_level_that_is_not_shown_is_neither_filled_nor_drawn() -> None:
    scene = MapScene.of(small_town().snapshot())
    style = MapStyle(levels=frozenset({"district", "community", "grid"}))

    assert scene.fill_level(at_scale(0.1), style) == "grid"
    assert scene.drawn_borders(at_scale(0.1), style) == {"frame", "district", "community", "grid"}


@pytest.mark.parametrize(
    ("metres_per_px", "levels"),
    [(0.1, {"district", "community", "grid", "micro_grid", "cell"}),
     (1.2, {"district", "community", "grid", "micro_grid", "cell"}),
     (1.3, {"district", "community", "grid"}),
     (2.6, {"district", "community"})],
)  # fmt: skip
def test_borders_of_levels_with_tiny_areas_are_left_out(
    metres_per_px: float, levels: set[str]
) -> None:
    scene = MapScene.of(small_town().snapshot())

    assert scene.drawn_borders(at_scale(metres_per_px)) == levels | {"frame"}


def test_a_project_without_land_has_nothing_to_fill() -> None:
    store = small_town()
    store.rows["border"].clear()
    scene = MapScene.of(store.snapshot())

    assert scene.bounds() is None
    assert scene.fill_level(VIEW) == ""
    picture = paint_picture(scene, VIEW)
    assert picture is not None
    assert picture.pixelColor(450, 250).name() == "#f4f2ec"


def test_bounds_are_those_of_all_land_in_local_metres() -> None:
    assert MapScene.of(small_town().snapshot()).bounds() == (0, 0, 80, 40)


def test_making_a_scene_can_be_cancelled() -> None:
    class Impatient:
        def step(self, what: str, done: int, total: int) -> None: ...

        def is_cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        MapScene.of(small_town().snapshot(), Impatient())


class Window:
    """What the window does: keeps a scene of a document."""

    def __init__(self) -> None:
        self.document: Document = document_on(small_town())
        self.scene = MapScene.of(self.document.snapshot)
        self.document.on_change(self._follow)

    def _follow(self, done: Done) -> None:
        self.scene = self.scene.after(done)

    def give(self, x: float, y: float, key: str) -> None:
        self.document.execute(Give(place(x, y), named(self.document.snapshot, key).uid))

    def cut(self, x: float) -> None:
        line = [place(x, -1), place(x + 0.01, 0.4), place(x + 0.2, 2.5)]
        self.document.execute(InsertLine(line, "new", "keep"))


def test_a_scene_shows_the_edits_it_was_told_of() -> None:
    window = Window()
    paint_picture(window.scene, VIEW, BARE)

    window.give(7.5, 2.5, "B4")
    window.cut(0.3)

    assert same_picture(window.scene, window.document.snapshot)


def test_a_scene_that_was_not_painted_for_many_edits_catches_up() -> None:
    window = Window()
    paint_picture(window.scene, VIEW, BARE)

    for _ in range(110):
        window.give(7.5, 2.5, "B4")
        window.document.undo()
    window.give(7.5, 2.5, "B4")

    assert same_picture(window.scene, window.document.snapshot)


def test_an_earlier_scene_that_is_painted_late_shows_a_later_state() -> None:
    window = Window()
    early = window.scene
    window.give(7.5, 2.5, "B4")
    late = paint_picture(window.scene, VIEW, BARE)

    assert paint_picture(early, VIEW, BARE) == late


def test_colours_stay_when_a_scene_is_made_anew() -> None:
    window = Window()
    window.give(7.5, 2.5, "B4")
    with window.scene.prepared() as prepared:
        before = prepared.level_map(4).colours

    scene = MapScene.of(window.document.snapshot, like=window.scene)

    with scene.prepared() as prepared:
        assert prepared.level_map(4).colours == before


def test_a_change_of_many_borders_is_prepared_anew_with_the_same_colours() -> None:
    window = Window()
    paint_picture(window.scene, VIEW, BARE)
    with window.scene.prepared() as prepared:
        colours = dict(prepared.level_map(5).colours)
        first = prepared
    before = window.document.snapshot
    borders = list(before.partition)
    rows = tuple(RowChange("border", b, replace(b, revision=1)) for b in borders) * 100
    after = before.applied(Change("import", rows), before.revision + 1)

    scene = window.scene.after(Done(Change("import", rows), before, after, frozenset()))

    with scene.prepared() as prepared:
        assert prepared is not first
        assert prepared.level_map(5).colours == colours


def test_the_first_area_of_a_level_brings_the_level_onto_the_map() -> None:
    document = document_on(small_town())
    lowest = [a for a in document.snapshot.areas() if a.level in ("micro_grid", "cell")]
    for area in sorted(lowest, key=lambda area: area.land != "stacked"):
        document.execute(Delete(area.uid))
    scene = MapScene.of(document.snapshot)
    assert scene.fill_level(at_scale(0.01)) == "grid"
    parent = named(document.snapshot, "B3").uid

    scene = scene.after(document.execute(Create("micro_grid", parent, "虚构新")))
    new = named(document.snapshot, "新").uid
    scene = scene.after(document.execute(Give(place(4.5, 2.5), new)))

    with scene.prepared() as prepared:
        assert prepared.ground().ranks == (1, 3, 4, 5)
    assert scene.fill_level(at_scale(0.01)) == "micro_grid"


def test_a_new_figure_of_households_shows_in_the_theme_of_households() -> None:
    store = small_town()
    store.rows["building"].clear()
    document = document_on(store)
    scene = MapScene.of(document.snapshot)
    style = MapStyle(fills=FillTheme.HOUSEHOLDS, has_labels=False)
    view = replace(VIEW, metres_per_px=0.2)
    before = paint_picture(scene, view, style)
    done = document.execute(SetField(named(document.snapshot, "B3").uid, "households", 9))

    after = paint_picture(scene.after(done), view, style)

    middle = (int(450 + (50 - 40) / 0.2), int(250 - (30 - 20) / 0.2))
    assert before is not None
    assert after is not None
    assert before.pixelColor(*middle) != after.pixelColor(*middle)
    assert after == paint_picture(MapScene.of(document.snapshot), view, style)


def test_a_new_count_of_buildings_shows_in_the_theme_of_households() -> None:
    before = small_town().snapshot()
    assert before.counts is not None
    scene = MapScene.of(before)
    style = MapStyle(fills=FillTheme.HOUSEHOLDS, has_labels=False)
    view = replace(VIEW, metres_per_px=0.2)
    first = paint_picture(scene, view, style)
    (building,) = [b for b in before.rows("building").values() if (b.x_mm, b.y_mm) == HOUSE_IN_B3]
    rows = (RowChange("building", building, replace(building, households=350, revision=1)),)
    change = Change("import", rows)
    after = before.applied(change, 1)

    picture = paint_picture(scene.after(Done(change, before, after, frozenset())), view, style)

    assert picture != first
    assert picture == paint_picture(MapScene.of(after), view, style)


HOUSE_IN_B3 = (1_000_000 + 45_000, 2_000_000 + 25_000)


def test_painting_goes_on_while_the_project_is_edited() -> None:
    window = Window()
    is_over = threading.Event()
    faults: list[BaseException] = []

    def paint() -> None:
        try:
            while not is_over.is_set():
                assert paint_picture(window.scene, VIEW, BARE) is not None
        except BaseException as fault:  # noqa: BLE001 - told to the test
            faults.append(fault)

    painter = threading.Thread(target=paint)
    painter.start()
    for _ in range(25):
        window.give(7.5, 2.5, "B4")
        window.document.undo()
    window.give(7.5, 2.5, "B4")
    is_over.set()
    painter.join()

    assert faults == []
    assert same_picture(window.scene, window.document.snapshot)


def test_ranks_are_drawn_from_the_top_down() -> None:
    scene = MapScene.of(small_town().snapshot())

    with scene.prepared() as prepared:
        assert drawn_ranks(prepared.ground(), 0.1, MapStyle()) == [1, 3, 4, 5]


def test_all_levels_can_be_prepared_before_anyone_looks_at_them() -> None:
    scene = MapScene.of(small_town().snapshot())

    scene.prepare_all(lambda: False)

    with scene.prepared() as prepared:
        assert sorted(prepared.colours()) == [1, 3, 4, 5]
        assert all(prepared.colours().values())


def test_preparing_all_levels_can_be_stopped() -> None:
    scene = MapScene.of(small_town().snapshot())

    scene.prepare_all(lambda: True)

    with scene.prepared() as prepared:
        assert 5 not in prepared.colours()


def test_of_too_many_drawings_those_not_asked_for_longest_are_dropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scene = MapScene.of(small_town().snapshot())
    chunk_of = []
    with scene.prepared() as prepared:
        chunk = prepared.level_map(prepared.ground().ranks[-1]).chunk(0)
        chunk_of.append(chunk)
        for octave in (-3, -2, -1):
            chunk.drawing(octave)
        chunk.drawing(-3)
        points = len(chunk.drawing(-1).xy)
        monkeypatch.setattr("ui.canvas.scene._MOST_POINTS", int(points * 1.5))
        prepared.tidy()
        left = [octave for octave, _ in chunk.drawings()]

    assert left == [-1]
