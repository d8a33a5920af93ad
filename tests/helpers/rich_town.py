"""The small town with everything that checks look at: footprints, roads, a river, compounds…"""

from __future__ import annotations

import json
from dataclasses import replace

import shapely

from gridadmin.domain.check_kinds import CHECK_KINDS
from gridadmin.domain.model import (
    Compound,
    Grouping,
    GroupingMember,
    LineObject,
    ReferenceOutline,
    Setting,
)
from gridadmin.domain.scheme_copy import to_json
from gridadmin.domain.scheme_loader import load_scheme
from tests.helpers.projects import MemoryStore, box_m, named, place, small_town

SMALL = {
    "border_off_line": {"reach_m": 6.0, "beside_m": 1.0, "length_m": 5.0},
    "compound_cut": {"depth_m": 0.5},
    "sliver": {"width_m": 4.0},
    "spike": {"angle_deg": 30.0, "length_m": 0.5},
    "household_balance": {"ratio": 1.5},
}
"""Numbers that fit a town whose grids are twenty metres wide."""


def rich_town(*, all_on: bool = True) -> MemoryStore:
    """Return the small town with every check on, and something on the ground for each."""
    store = small_town()
    scheme = to_json(load_scheme("longgang"))
    store.rows["setting"]["scheme"] = Setting("scheme", json.dumps({"copy": scheme}))
    if all_on:
        own = {kind: {"on": True, "params": SMALL.get(kind, {})} for kind in CHECK_KINDS}
        store.rows["setting"]["checks"] = Setting("checks", json.dumps(own))
        store.rows["setting"]["check_set"] = Setting("check_set", '"full"')
    snapshot = store.snapshot()
    for uid, building in list(store.rows["building"].items()):
        x, y = building.x_mm / 1000, building.y_mm / 1000
        blob = shapely.to_wkb(shapely.box(x - 3, y - 2, x + 3, y + 2))
        store.rows["building"][uid] = replace(building, footprint=blob)
    _lines(store)
    store.rows["compound"]["c1"] = Compound("c1", "虚构小区", outline=_blob(box_m(1.2, 1, 2, 0.8)))
    store.rows["compound"]["c2"] = Compound("c2", "虚构小苑", outline=_blob(box_m(4.2, 0.2, 1, 1)))
    store.rows["grouping"]["g"] = Grouping("g", "cluster", "虚构片区")
    store.rows["grouping"]["k"] = Grouping("k", "campus", "虚构医院")
    store.rows["grouping"]["n"] = Grouping("n", "police", "虚构警务网")
    members = (
        GroupingMember("m1", "g", "area", named(snapshot, "A").uid, "centre"),
        GroupingMember("m2", "g", "area", named(snapshot, "B").uid),
        GroupingMember("m3", "n", "area", named(snapshot, "A2").uid),
        GroupingMember("k1", "k", "area", named(snapshot, "A2").uid),
        GroupingMember("k2", "k", "area", named(snapshot, "B2").uid),
    )
    store.rows["grouping_member"] |= {row.uid: row for row in members}
    store.rows["reference_outline"]["net"] = ReferenceOutline(
        "net", "m3", _blob(box_m(2, 0, 2, 2.4)), "虚构文件", "0"
    )
    published = json.dumps({named(snapshot, "A").uid: 1600, named(snapshot, "B").uid: 1000})
    store.rows["setting"]["published_land_m2"] = Setting("published_land_m2", published)
    return store


def _lines(store: MemoryStore) -> None:
    ways: dict[str, list[tuple[float, float]]] = {
        "road": [(2.2, 0), (2.2, 4)],
        "river": [(0, 3.3), (3, 3.3), (8, 2.8)],
        "railway": [(5.2, 0), (5.4, 4)],
    }
    for kind, way in ways.items():
        line = shapely.LineString([place(x, y) for x, y in way])
        store.rows["line_object"][kind] = LineObject(kind, kind, f"虚构{kind}", line=_blob(line))


def _blob(shape: shapely.Geometry) -> bytes:
    blob: bytes = shapely.to_wkb(shape)
    return blob
