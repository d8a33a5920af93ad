"""Where names may stand on land that has several parts."""

from __future__ import annotations

import shapely

from gridadmin.base.ids import oid_of, seeded_uids
from gridadmin.chart.choice import ChartChoice
from gridadmin.chart.land_source import LandSource
from gridadmin.chart.template_reading import load_template
from gridadmin.domain.model import Area, Land
from gridadmin.partition.snapshot import Snapshot
from tests.helpers.charts import pages_of
from tests.helpers.projects import MemoryStore, borders_of, box_m, settings_rows

PARTS = ((0, 0, 150, 90), (4000, 800, 20, 20))
"""A town of 1500 × 900 m and its island 40 km off."""


def island_town() -> Snapshot:
    """A community with one grid on the mainland and on an island far off."""
    uid = seeded_uids(7)
    root = Area(uid(), "990101", "虚构区", "district", None, land=Land.DRAWN, is_divided=True)
    town = Area(
        uid(), "990101001001", "虚构海社区", "community", root.uid, land=Land.DRAWN, is_divided=True
    )
    grid = Area(uid(), "990101001001001", "虚构海网格", "grid", town.uid, land=Land.DRAWN)
    borders = borders_of([(oid_of(grid.uid), box_m(*part)) for part in PARTS])
    records = [root, town, grid, *borders, *settings_rows()]
    return MemoryStore(records).snapshot()


def test_each_part_of_an_area_has_places_for_its_name_the_largest_first() -> None:
    land = LandSource(island_town())

    ((_, (places, room)),) = land.places("grid").items()

    near, far = shapely.box(0, 0, 1500, 900), shapely.box(40000, 8000, 40200, 8200)
    points = shapely.points(places)
    assert near.contains(points).tolist() == [True] * 9 + [False] * 9
    assert far.contains(points).tolist() == [False] * 9 + [True] * 9
    assert room[0] > room[9] > 0


def test_the_name_stands_inside_the_mainland_and_inside_its_island() -> None:
    snapshot = island_town()
    (town,) = [area for area in snapshot.areas() if area.level == "community"]

    (page,) = pages_of(snapshot, load_template("community-a3"), town, ChartChoice())

    blocks = dict(page.blocks)
    names = [one.frame for one in page.drawing.all_words() if one.text == "虚构海网格"]
    on_map = [frame for frame in names if blocks["map"].holds(frame)]
    assert len(on_map) == 2
    assert [blocks["inset1"].holds(frame) for frame in on_map].count(True) == 1
    assert "引线" not in "".join(one.text for one in page.drawing.all_words())
