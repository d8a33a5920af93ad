"""A small made-up project in memory, and a store that keeps what a project file would keep."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import shapely

from gridadmin.base.ids import NOBODY, OUTSIDE, oid_of, seeded_uids
from gridadmin.base.progress import SILENT, Progress
from gridadmin.domain.change import LASTING, TABLES, Change, LogEntry
from gridadmin.domain.model import (
    Area,
    BorderRow,
    Building,
    CodePeriod,
    Dispute,
    Entrance,
    Exempt,
    Land,
    LineObject,
    ReferenceOutline,
    Setting,
    StackedPart,
)
from gridadmin.domain.scheme_copy import to_json
from gridadmin.domain.scheme_loader import load_scheme
from gridadmin.edit.document import Document
from gridadmin.partition.base import arrays_of
from gridadmin.partition.overlay import border_changes, overlay
from gridadmin.partition.planar import Partition
from gridadmin.partition.rewire import BorderIds
from gridadmin.partition.snapshot import Snapshot
from gridadmin.store.change_log import history_of

ORIGIN_MM = (1_000_000, 2_000_000)
TODAY = "2026-01-05"
NOW = f"{TODAY}T08:00:00.000+00:00"
SIDE_M = 10.0
"""Width of the smallest cell of the small town."""


class MemoryStore:
    """What a project file does, in dictionaries."""

    def __init__(self, records: Sequence[Any]) -> None:
        table_of = {record: table for table, record in TABLES.items()}
        self.rows: dict[str, dict[str | int, Any]] = {table: {} for table in TABLES}
        for record in records:
            key = record.id if isinstance(record, BorderRow) else record.uid
            self.rows[table_of[type(record)]][key] = record
        self.lands: dict[int, bytes] = {}
        self.changes: list[Change] = []
        self.fails = False

    def write(
        self,
        change: Change,
        *,
        gesture: str,
        lands: Mapping[int, bytes | None],
        author: str,
        time: str,
        progress: Progress = SILENT,
    ) -> int:
        if self.fails:
            raise OSError("full")
        for row in change.rows:
            records = self.rows[row.table]
            assert records.get(row.key) == row.before, (row, records.get(row.key))
            if row.after is None:
                del records[row.key]
            else:
                assert row.after.revision == len(self.changes) + 1
                records[row.key] = row.after
        for oid, blob in lands.items():
            if blob is None:
                self.lands.pop(oid, None)
            else:
                self.lands[oid] = blob
        self.changes.append(change)
        return len(self.changes)

    def change_at(self, revision: int) -> Change:
        return self.changes[revision - 1]

    def history_state(self) -> tuple[list[int], list[int]]:
        passing = ((n, c) for n, c in enumerate(self.changes, start=1) if c.kind not in LASTING)
        return history_of((n, (c.undid, c.redid)) for n, c in passing)

    def log(self, limit: int | None = None) -> list[LogEntry]:
        entries = [
            LogEntry(number, "", change.kind, "", NOW, change.note, change.undid, change.redid)
            for number, change in enumerate(self.changes, start=1)
        ]
        return entries[::-1][:limit]

    def log_entry(self, revision: int) -> LogEntry | None:
        return next((entry for entry in self.log() if entry.revision == revision), None)

    @contextmanager
    def one_state(self) -> Iterator[None]:
        yield

    def snapshot(self) -> Snapshot:
        """Return the state as it would be read from a file."""
        records = {table: list(rows.values()) for table, rows in self.rows.items()}
        return Snapshot.of(len(self.changes), records, arrays_of(records.pop("border")))


def document_on(store: MemoryStore, seed: int = 1) -> Document:
    """Return a document on the present state of *store*."""
    start = 1_735_689_600_000 + 1_000_000 * (len(store.changes) + 1)
    make_uid = seeded_uids(seed, start)
    return Document(store, store.snapshot(), "虚构用户", make_uid=make_uid, now=lambda: NOW)


def settings_rows(*, has_frame: bool = True, scheme: str = "default") -> list[Setting]:
    """Return the settings of a made-up project."""
    copy = {"key": scheme, "version": 1, "sha256": "", "copy": to_json(load_scheme(scheme))}
    values = {"scheme": copy, "origin": ORIGIN_MM, "frame": has_frame, "name": "虚构"}
    return [Setting(key, json.dumps(value)) for key, value in values.items()]


def box_m(x: float, y: float, width: float, height: float) -> shapely.Polygon:
    """Return a rectangle in metres of the plane, measured from the town's corner in cells."""
    x0, y0 = ORIGIN_MM[0] / 1000, ORIGIN_MM[1] / 1000
    return shapely.box(
        x0 + x * SIDE_M, y0 + y * SIDE_M, x0 + (x + width) * SIDE_M, y0 + (y + height) * SIDE_M
    )


def place(x: float, y: float) -> tuple[float, float]:
    """Return a place in metres of the plane, given in cells from the town's corner."""
    return ORIGIN_MM[0] / 1000 + x * SIDE_M, ORIGIN_MM[1] / 1000 + y * SIDE_M


def borders_of(
    shapes: Sequence[tuple[int, shapely.Geometry]], *, has_frame: bool = True
) -> list[BorderRow]:
    """Return the borders of owners' polygons that don't overlap."""
    empty = Partition.of([], {})
    polygons = np.array([shape for _, shape in shapes], dtype=object)
    overlaid = overlay(
        empty, polygons, [0] * len(shapes), origin_mm=ORIGIN_MM, snap_m=0.001, progress=SILENT
    )
    owners = [oid for oid, _ in shapes]
    owner = np.array(
        [owners[min(c)] if c else OUTSIDE for c in overlaid.arrangement.claims], dtype=np.int64
    )
    changes = border_changes(empty, overlaid, owner, BorderIds("made up"), has_frame=has_frame)
    return [after for _, after in changes if after is not None]


def small_town(*, has_frame: bool = True) -> MemoryStore:
    """Return a town of 8 × 4 cells: two communities of 4 × 4, four grids of 2 × 2 cells in each.

    In community A (99010001…) grids 1 to 3 are divided into micro-grids, one of which is the cell
    of two stacked ones; of grid 4 a quarter is no child's. In community B grids are not divided;
    a lake is exempt, a cell belongs to nobody, one is disputed by grids 1 and 2 of B. A main road
    runs by the border of B's grids, a lane by that of grids 1 and 2 of A.
    """
    uid = seeded_uids(7)
    areas: dict[str, Area] = {}

    def area(key: str, code: str, level: str, parent: str | None, **more: Any) -> str:
        above = None if parent is None else areas[parent].uid
        areas[key] = Area(
            uid(), code, f"虚构{key}", level, above, land=more.pop("land", Land.DRAWN), **more
        )
        return key

    area("root", "990101", "district", None, is_divided=True)
    shapes: list[tuple[int, shapely.Geometry]] = []
    for letter, number in (("A", 1), ("B", 2)):
        community = area(letter, f"99010100100{number}", "community", "root", is_divided=True)
        for grid in range(4):
            code = f"99010100100{number}{grid + 1:03}"
            name = area(f"{letter}{grid + 1}", code, "grid", community, households_typed=400)
            x, y = (number - 1) * 4 + grid % 2 * 2, grid // 2 * 2
            if letter == "B":
                shapes += _quarters_of_b(areas, name, x, y)
                continue
            for quarter in range(4):
                leaf = areas[name].uid
                if (grid, quarter) != (3, 3):
                    micro = f"{name}-{quarter + 1}"
                    level = "cell" if (grid, quarter) == (0, 3) else "micro_grid"
                    area(micro, f"{code}{quarter + 1:02}", level, name)
                    leaf = areas[micro].uid
                shapes.append((oid_of(leaf), box_m(x + quarter % 2, y + quarter // 2, 1, 1)))
    for number in (5, 6):
        stacked = area(
            f"A1-{number}",
            f"990101001001001{number:02}",
            "micro_grid",
            "A1",
            land=Land.STACKED,
            cell=areas["A1-4"].uid,
        )
        assert stacked
    lake = Exempt(uid(), "水面", "虚构审批人", name="虚构湖", since=TODAY)
    claims = " ".join(sorted((areas["B1"].uid, areas["B2"].uid)))
    dispute = Dispute(uid(), claims, "overlap")
    shapes += [
        (oid_of(lake.uid), box_m(6, 2, 1, 1)),
        (NOBODY, box_m(7, 2, 1, 1)),
        (oid_of(dispute.uid), box_m(5, 0, 1, 1)),
    ]
    outline = shapely.to_wkb(box_m(4, 2, 2, 2), byte_order=1)
    tower = Building(uid(), *_mm(1.5, 1.5), 30, floors=10, name="虚构楼")
    records: list[Any] = [
        *areas.values(), lake, dispute, tower,
        *borders_of(shapes, has_frame=has_frame),
        *settings_rows(has_frame=has_frame),
        *(CodePeriod(uid(), a.uid, a.code, TODAY) for a in areas.values() if a.code),
        ReferenceOutline(uid(), areas["B3"].uid, outline, "虚构文件", "0"),
        *(Building(uid(), *_mm(x + 0.5, y + 0.5), x + y) for x in range(8) for y in range(4)),
        Building(uid(), *_mm(1, 1), 9, name="在边界上"),
        *(Entrance(uid(), tower.uid, f"{n}单元", 15) for n in (1, 2)),
        StackedPart(uid(), areas["A1-5"].uid, tower.uid, "1单元"),
        StackedPart(uid(), areas["A1-6"].uid, tower.uid, "2单元", 1, 5),
    ]  # fmt: skip
    if has_frame:
        frame = shapely.to_wkb(box_m(0, 0, 8, 4), byte_order=1)
        records.append(ReferenceOutline(uid(), areas["root"].uid, frame, "虚构外框", "0"))
    records += [
        LineObject(uid(), "road", "虚构大路", line=line_blob((3.7, 2.1), (5, 2.3), (7.9, 2.05))),
        LineObject(uid(), "road", "虚构小路", line=line_blob((1.9, 0.2), (2.1, 0.5), (1.9, 1.1))),
    ]
    return MemoryStore(records)


def line_blob(*places: tuple[float, float]) -> bytes:
    """Return a line through places in cells from the town's corner, as it is stored."""
    blob: bytes = shapely.to_wkb(shapely.linestrings([place(x, y) for x, y in places]))
    return blob


def _quarters_of_b(
    areas: Mapping[str, Area], name: str, x: int, y: int
) -> list[tuple[int, shapely.Geometry]]:
    taken = {(6, 2), (7, 2), (5, 0)}
    return [
        (oid_of(areas[name].uid), box_m(x + dx, y + dy, 1, 1))
        for dx in range(2)
        for dy in range(2)
        if (x + dx, y + dy) not in taken
    ]


def _mm(x: float, y: float) -> tuple[int, int]:
    return (
        ORIGIN_MM[0] + round(x * SIDE_M * 1000),
        ORIGIN_MM[1] + round(y * SIDE_M * 1000),
    )


def named(snapshot: Snapshot, key: str) -> Area:
    """Return the area of the small town of that key, such as ``A1-2``."""
    (found,) = [a for a in snapshot.rows("area").values() if a.name == f"虚构{key}"]
    area: Area = found
    return area
