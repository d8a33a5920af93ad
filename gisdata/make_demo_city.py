"""Makes the files of the demo city anew: ``python -m gisdata.make_demo_city [FOLDER]``.

Everything comes from one seed and hand-drawn outlines, so the files are the same at every run.
"""

from __future__ import annotations

import random
import sys
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import shapely

from gisdata.city import areas, files, households, people, placing, roads, truth
from gisdata.city.buildings import Builder, Building, shops
from gisdata.city.faults import Planter
from gisdata.city.numbering import Register, Registrar
from gisdata.city.roads import NamedRoad

SEED = 9_900_012
FOLDER = Path(__file__).resolve().parent / "demo_city"
_START_MS = 1_735_689_600_000
_ROADS_WITHOUT_SHOPS = ("左岸路", "右岸路", "环湖路")


def make(folder: Path) -> None:
    """Write all files of the demo city into *folder*."""
    rng = random.Random(SEED)
    tree = areas.grow(rng)
    streets, water = roads.named_roads(tree), roads.water(tree)
    towers = households.cells(tree)
    builder = Builder(placing.OpenLand(streets, water), towers)
    builder.build(tree, rng)
    register = Registrar(towers, builder.tower_buildings).register(tree)
    closed = [*_borders(register), water.river, water.lake]
    closed += [building.footprint for building in builder.buildings]
    with_shops = [road for road in streets if not road.name.endswith(_ROADS_WITHOUT_SHOPS)]
    built = builder.buildings + shops(with_shops, closed, rng)
    uids = list(_uids(rng, len(built)))
    ids = {id(building): uid for building, uid in zip(built, uids, strict=True)}
    folder.mkdir(parents=True, exist_ok=True)
    files.write(
        folder / "areas.json",
        files.areas_text(tree.frame, tree.lake, register, builder.compounds, ids),
    )
    rows = zip(uids, _addresses(built, streets), built, strict=True)
    files.write(folder / "buildings.geojson", files.buildings_text(rows))
    files.write(folder / "roads.geojson", files.roads_text(streets))
    files.write(folder / "water.geojson", files.water_text(water))
    files.write(folder / "roster.json", files.roster_text(people.roster(register.areas, rng)))
    planter = Planter(register.areas, rng)
    planter.plant_all()
    files.write(folder / "dirty.json", files.dirty_text(truth.dirty_rows(planter)))
    files.write(folder / "truth.json", files.truth_text(truth.truth(planter, register.areas)))


def _borders(register: Register) -> Iterator[shapely.LineString]:
    """Yield the edges of the finest drawn areas."""
    for area in register.areas:
        for ring in area.rings if area.level in ("grid", "micro_grid", "cell") else ():
            places = np.array(ring, dtype=np.float64) / 1000
            yield from shapely.linestrings(np.stack([places, np.roll(places, -1, axis=0)], axis=1))


def _addresses(built: Sequence[Building], streets: Sequence[NamedRoad]) -> Iterator[str]:
    """Yield road and house number, odd numbers counted along the nearest road."""
    lines = shapely.STRtree([road.line for road in streets])
    for building in built:
        place = building.footprint.centroid
        road = streets[int(lines.nearest(place))]
        yield f"{road.name}{2 * int(road.line.project(place) / 8) + 1}号"


def _uids(rng: random.Random, count: int) -> Iterator[str]:
    """Yield seeded ids of the form UUIDv7, none of which holds a run of digits like a telephone."""
    for number in range(count):
        entropy = rng.getrandbits(74)
        high = (_START_MS + number) << 16 | 0x7000 | entropy >> 62
        low = 0x8000_0000_0000_0000 | entropy & 0x3FFF_FFFF_FFFF_FFFF
        text = str(uuid.UUID(int=high << 64 | low))
        yield text[:-6] + "f" + text[-5:]


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
