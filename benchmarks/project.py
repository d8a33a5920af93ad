"""Made-up project files for the benchmarks of editing, kept until their maker changes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import shapely
from pyproj import CRS

from benchmarks.data import made_by
from benchmarks.generate import generate, outlines_mm
from benchmarks.measure import OUT
from benchmarks.partition import EPSG, LEVELS, Partition
from gridadmin.app.creation import code_periods, settings
from gridadmin.base.ids import OUTSIDE, UidMaker, oid_of, seeded_uids
from gridadmin.base.progress import SILENT
from gridadmin.domain.model import Area, BorderRow, Building, Land, ReferenceOutline, Setting
from gridadmin.domain.scheme_loader import load_scheme
from gridadmin.edit.document import lands_of
from gridadmin.exchange.import_source import Plane
from gridadmin.partition.base import arrays_of
from gridadmin.partition.overlay import border_changes, overlay
from gridadmin.partition.planar import Partition as Borders
from gridadmin.partition.rewire import BorderIds
from gridadmin.partition.snapshot import Snapshot
from gridadmin.store.project_file import create_project

DAY = "2025-01-01"
HOUSEHOLDS = 50
_MAKERS = ("project", "partition", "lattice", "generate")
_CODE_FORMS = {
    "district": "990101",
    "street": "{parent}{seq:03}",
    "community": "{parent}{seq:03}",
    "grid": "{parent}{seq:03}",
    "micro_grid": "{parent}{seq:02}",
}
_NAMES = {
    "district": "虚构区",
    "street": "虚构{number}街道",
    "community": "虚构{number}社区",
    "grid": "第{seq}网格",
    "micro_grid": "第{seq}微网格",
}
"""As such areas are called: the fine ones by their number within the area above."""


def project_file(areas: int) -> Path:
    """Return a project of *areas* micro-grids in four levels above them, each with one building."""
    folder = OUT / "data"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{areas}-project-{made_by(_MAKERS)}.gpkg"
    if not path.exists():
        part = folder / f"{path.stem}.part.gpkg"
        part.unlink(missing_ok=True)
        _make(part, generate(areas))
        part.replace(path)
    return path


def _make(path: Path, partition: Partition) -> None:
    uid = seeded_uids(1)
    areas = _areas(partition, uid)
    leaves = areas[LEVELS[-1]]
    rings = partition.leaves.polygons_m()
    middle = np.rint(np.mean(partition.leaves.coords, axis=0) / 1e6).astype(int) * 1_000_000
    origin = int(middle[0]), int(middle[1])
    borders = _borders(rings, leaves, origin)
    frame = shapely.transform(outlines_mm(partition, "district")[0], lambda xy: xy / 1000)
    root = areas["district"][0]
    blob = shapely.to_wkb(frame, byte_order=1)
    outline = ReferenceOutline(uid(), root.uid, blob, "made up", hashlib.sha256(blob).hexdigest())
    points = shapely.get_coordinates(shapely.point_on_surface(rings))
    buildings = [
        Building(uid(), round(x * 1000), round(y * 1000), HOUSEHOLDS) for x, y in points.tolist()
    ]
    values = settings(load_scheme("default"), root.name) | {
        "plane": Plane(CRS.from_epsg(EPSG)).as_setting(),
        "origin": json.dumps(origin),
        "frame": "true",
    }
    everybody = [area for level in LEVELS for area in areas[level]]
    records = {
        "area": everybody,
        "code_period": code_periods(everybody, uid, DAY),
        "reference_outline": [outline],
        "building": buildings,
        "setting": [Setting(key, value) for key, value in values.items()],
    }
    snapshot = Snapshot.of(0, records, arrays_of(borders))
    lands = lands_of(snapshot, [oid_of(area.uid) for area in everybody])
    del records["setting"]
    create_project(
        path,
        values,
        [*(row for rows in records.values() for row in rows), *borders],
        "benchmark",
        lands={oid: blob for oid, blob in lands.items() if blob is not None},
    )


def _areas(partition: Partition, uid: UidMaker) -> dict[str, list[Area]]:
    made: dict[str, list[Area]] = {}
    for place, level in enumerate(LEVELS):
        above = [] if place == 0 else made[LEVELS[place - 1]]
        count = [0] * len(above)
        made[level] = []
        for number in range(partition.count(level)):
            parent = None if place == 0 else int(partition.parent[level][number])
            if parent is not None:
                count[parent] += 1
            seq = 0 if parent is None else count[parent]
            made[level].append(
                Area(
                    uid(),
                    _CODE_FORMS[level].format(
                        parent="" if parent is None else above[parent].code, seq=seq
                    ),
                    _NAMES[level].format(number=number + 1, seq=seq),
                    level,
                    None if parent is None else above[parent].uid,
                    land=Land.DRAWN,
                    is_divided=level != LEVELS[-1],
                    valid_from=DAY,
                )
            )
    return made


def _borders(rings: np.ndarray, leaves: list[Area], origin: tuple[int, int]) -> list[BorderRow]:
    empty = Borders.of([], {})
    overlaid = overlay(
        empty, rings, [0] * len(leaves), origin_mm=origin, snap_m=0.001, progress=SILENT
    )
    oids = [oid_of(leaf.uid) for leaf in leaves]
    owner = np.array(
        [oids[min(c)] if c else OUTSIDE for c in overlaid.arrangement.claims], dtype=np.int64
    )
    changes = border_changes(empty, overlaid, owner, BorderIds("benchmark"), has_frame=False)
    return [after for _, after in changes if after is not None]
